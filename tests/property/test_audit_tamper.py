"""Whatever single thing in a stored log is changed, the verifier says so and names it."""

from collections.abc import Iterable, Iterator
from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from pdca.audit import stretch
from pdca.audit.reader import EventRow, Reader
from pdca.audit.stretch import Stretch
from pdca.audit.verify import verify
from tests.unit.audit.memory_log import KEYS, MemoryLog, sample_log, update

EVENTS = st.integers(0, 10)
FLIPS = st.integers(1, 255)
ANYTHING = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.binary(max_size=40)
    | st.text(st.characters(exclude_categories=()), max_size=40)
)
REPEATED = ("stream", "seq", "kind", "plan", "at", "actor", "source", "event_key")
ROWS = [(table, place) for table, rows in sample_log().stored_rows.items() for place in range(len(rows))]


def flipped(data: st.DataObject, stored: bytes) -> bytes:
    place = data.draw(st.integers(0, len(stored) - 1), label="byte")
    return stored[:place] + bytes([stored[place] ^ data.draw(FLIPS, label="flip")]) + stored[place + 1 :]


def same(left: object, right: object) -> bool:
    return type(left) is type(right) and left == right


def stored(log: MemoryLog, place: int, column: str) -> Any:  # noqa: ANN401 - columns of every type
    return getattr(log.stored_events[place], column)


@given(st.data(), EVENTS)
def test_any_byte_of_a_body_changed_names_the_event_first(data: st.DataObject, place: int) -> None:
    log = sample_log()
    log.change_event(place, body=flipped(data, stored(log, place, "body")))
    first = verify(log).first
    assert first is not None
    assert first.event_id == place + 1
    assert first.code in {"body-unreadable", "body-not-an-event", "leaf-differs"}


@given(st.data(), EVENTS)
def test_any_byte_of_a_leaf_changed_names_the_leaf_alone(data: st.DataObject, place: int) -> None:
    log = sample_log()
    log.change_event(place, leaf_hash=flipped(data, stored(log, place, "leaf_hash")))
    assert [(found.code, found.where) for found in verify(log).findings] == [("leaf-differs", f"leaf {place}")]


@given(st.data(), st.integers(0, 7))
def test_any_byte_of_a_node_changed_names_the_node_alone(data: st.DataObject, place: int) -> None:
    log = sample_log()
    level, idx, digest = log.stored_nodes[place]
    log.stored_nodes[place] = (level, idx, flipped(data, digest))
    assert [(found.code, found.where) for found in verify(log).findings] == [("node-differs", f"node {level}/{idx}")]


@given(EVENTS, st.sampled_from(REPEATED), ANYTHING)
def test_any_column_of_an_event_changed_is_named_alone(place: int, column: str, value: object) -> None:
    log = sample_log()
    changed = not same(stored(log, place, column), value)
    log.change_event(place, **{column: value})
    found = [(finding.code, finding.where) for finding in verify(log).findings]
    assert found == ([("column-differs", f"event {place + 1}: {column}")] if changed else [])


@given(st.data(), st.sampled_from([1, 2, 3, 4, 7, 10]))
def test_any_byte_of_an_erasable_part_changed_names_the_event(data: st.DataObject, place: int) -> None:
    log = sample_log()
    payload = flipped(data, stored(log, place, "private").encode())
    log.change_event(place, private=payload.decode("utf-8", "surrogateescape"))
    report = verify(log)
    assert report.first is not None
    assert report.first.event_id == place + 1
    assert report.first.code in {"private-unreadable", "commitment-differs", "private-missing"}


@given(st.data(), st.sampled_from(ROWS), ANYTHING)
def test_any_value_of_a_row_changed_is_named_alone(data: st.DataObject, place: tuple[str, int], value: object) -> None:
    log = sample_log()
    table, number = place
    row = log.stored_rows[table][number]
    column = data.draw(st.sampled_from(sorted(row.keys() - set(KEYS[table]))), label="column")
    changed = not same(row[column], value)
    row[column] = value
    key = "/".join(str(row[name]) for name in KEYS[table])
    found = [(finding.code, finding.where) for finding in verify(log).findings]
    assert found == ([("value-differs", f"{table} {key}: {column}")] if changed else [])


@given(st.sampled_from(ROWS))
def test_any_row_taken_away_is_named_alone(place: tuple[str, int]) -> None:
    log = sample_log()
    table, number = place
    del log.stored_rows[table][number]
    assert [finding.code for finding in verify(log).findings] == ["row-missing"]


@given(st.integers(0, 10), st.integers(0, 10))
def test_events_in_another_order_are_found(left: int, right: int) -> None:
    log = sample_log()
    events = log.stored_events
    events[left], events[right] = events[right]._replace(leaf_index=left), events[left]._replace(leaf_index=right)
    assert verify(log).ok == (left == right)


@given(st.integers(1, 8))
def test_events_cut_off_at_the_end_are_found_while_anything_speaks_of_them(number: int) -> None:
    log = sample_log()
    del log.stored_events[-number:]
    assert not verify(log).ok


@given(
    st.lists(st.tuples(EVENTS, st.sampled_from(EventRow._fields), ANYTHING), max_size=8),
    st.lists(st.tuples(ANYTHING, ANYTHING, ANYTHING), max_size=3),
    st.lists(st.dictionaries(st.sampled_from(["plan_id", "state", "x"]), ANYTHING), max_size=3),
    st.dictionaries(st.sampled_from(["P-001", "P-009"]), st.tuples(ANYTHING, ANYTHING)),
)
def test_no_stored_value_whatsoever_stops_the_verifier(
    columns: list[tuple[int, str, object]],
    nodes: list[tuple[Any, Any, Any]],
    rows: list[dict[str, Any]],
    heads: dict[str, tuple[Any, Any]],
) -> None:
    log = sample_log()
    for place, column, value in columns:
        log.change_event(place, **{column: value})
    log.stored_nodes += nodes
    log.stored_rows["plan"] += rows
    log.stored_heads |= heads
    report = verify(log)
    assert report.ok == (report.first is None)
    assert report.summary().isprintable()
    assert report == verify(log, parts=nobody_looked)


def nobody_looked(reader: Reader, cut: Iterable[Stretch]) -> Iterator[None]:
    """Say nothing of any stretch, so that the verifier looks at every event itself."""
    del reader
    return (None for _ in cut)


@given(
    st.sampled_from([2, 4, 8]),
    st.lists(st.tuples(EVENTS, st.sampled_from(EventRow._fields), ANYTHING | EVENTS), max_size=2),
    st.lists(st.tuples(EVENTS, EVENTS), max_size=1),
    st.lists(st.tuples(st.integers(0, 7), ANYTHING | EVENTS), max_size=2),
    st.lists(EVENTS, max_size=1),
    st.booleans(),
)
def test_what_is_found_and_in_which_order_does_not_depend_on_how_the_work_is_divided(
    length: int,
    columns: list[tuple[int, str, object]],
    swaps: list[tuple[int, int]],
    nodes: list[tuple[int, object]],
    gone: list[int],
    again: bool,
) -> None:
    # A second time, streams begin again, and rows are added that are there.
    log = sample_log(sample_log() if again else None)
    for place, column, value in columns:
        log.change_event(place, **{column: value})
    events = log.stored_events
    for one, other in swaps:
        events[one], events[other] = events[other], events[one]
    for place in gone:
        del events[place]
    for place, idx in nodes:
        level, _, digest = log.stored_nodes[place]
        log.stored_nodes[place] = (level, idx, digest)
    whole = verify(log, parts=nobody_looked)
    assert verify(log) == whole
    with patch.object(stretch, "STRETCH", length):
        assert verify(log) == whole
        assert verify(log, parts=nobody_looked) == whole


@given(st.lists(st.tuples(st.sampled_from(["P-001", "P-002"]), st.sampled_from(["do", "check"])), max_size=40))
def test_a_log_that_grew_as_it_should_always_fits(steps: list[tuple[str, str]]) -> None:
    log = sample_log()
    for plan, state in steps:
        log.record(plan, update("plan", {"plan_id": plan}, state=state, note=state), reason="omdat")
    assert verify(log).findings == ()
