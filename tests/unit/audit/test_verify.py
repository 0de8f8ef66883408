"""One intrusion per test into events, tree and heads: the verifier says which, where, and what was expected."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import pytest

from pdca.audit import stretch
from pdca.audit.canonical import canonical
from pdca.audit.findings import Finding
from pdca.audit.reader import HIGHEST, LOWEST, EventRow
from pdca.audit.tree import leaf_hash
from pdca.audit.verify import verify
from tests.unit.audit.memory_log import PLAN, MemoryLog, body_of, insert, sample_log, update
from tests.unit.audit.reported import codes, found, only


def rewrite(log: MemoryLog, place: int, **members: object) -> None:
    """Change members of a body and its leaf hash with it."""
    body = canonical(body_of(log, place) | members)
    log.change_event(place, body=body, leaf_hash=leaf_hash(body))


def test_an_untouched_log_fits() -> None:
    report = verify(sample_log())
    assert report.findings == ()
    assert report.ok
    assert (report.events, report.leaves, report.unsealed) == (11, 11, 0)
    assert report.summary() == (
        "11 events read, 11 in the tree, 0 waiting for a leaf. Every body, leaf, node, sequence and row fits."
    )


def test_the_root_is_that_of_the_tree_over_the_bodies() -> None:
    log = sample_log()
    assert verify(log).root == log.tree.root().hex()


def test_an_empty_log_fits() -> None:
    report = verify(MemoryLog())
    assert report.ok
    assert report.root == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_body_changed_by_one_byte_is_named_first() -> None:
    log = sample_log()
    body = log.stored_events[3].body
    assert isinstance(body, bytes)
    log.change_event(3, body=body.replace(b'"do"', b'"dx"'))
    report = verify(log)
    assert report.first == Finding(
        "leaf-differs",
        "The stored leaf is not the hash of the event's body.",
        4,
        "leaf 3",
        leaf_hash(body.replace(b'"do"', b'"dx"')).hex(),
        leaf_hash(body).hex(),
    )
    assert "seq-not-next" not in codes(report)
    assert "prev-differs" not in codes(report)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"\x00\xff", "body-unreadable"),
        (b'{"v": 1}', "body-unreadable"),
        (b"[" * 100_000, "body-unreadable"),
        ("text", "body-unreadable"),
        (7, "body-unreadable"),
        (b"{}", "body-not-an-event"),
        (None, "event-missing"),
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_a_body_that_is_no_event_is_named_and_the_following_are_not_blamed(body: object, code: str) -> None:
    log = sample_log()
    log.change_event(7, body=body)
    report = verify(log)
    assert report.first is not None
    assert (report.first.code, report.first.event_id, report.first.where) == (code, 8, "event 8")
    assert {"seq-not-next", "prev-differs"}.isdisjoint(codes(report))


def test_an_event_that_is_gone_leaves_no_root_and_no_blame_on_the_nodes() -> None:
    log = sample_log()
    log.change_event(8, body=None)
    report = verify(log)
    assert report.root is None
    assert (report.events, report.leaves) == (10, 11)
    assert "node-differs" not in codes(report)


def test_a_wrong_number_beside_an_unreadable_body_is_not_believed() -> None:
    log = sample_log()
    log.change_event(4, body=b"?", seq=99)
    assert codes(verify(log)).count("seq-not-next") == 1


def test_a_body_changed_with_its_leaf_is_found_by_the_next_event_and_the_nodes() -> None:
    log = sample_log()
    rewrite(log, 3, actor="xy")
    log.change_event(3, actor="xy")
    report = verify(log)
    assert report.first is not None
    assert (report.first.code, report.first.event_id) == ("prev-differs", 5)
    assert "(event 4)" in report.first.message
    assert [finding.where for finding in found(report, "node-differs")] == ["node 1/1", "node 2/0", "node 3/0"]


@pytest.mark.parametrize(
    ("column", "value", "expected", "shown"),
    [
        ("stream", "P-002", "'P-001'", "'P-002'"),
        ("seq", 3, "2", "3"),
        ("seq", "2", "2", "'2'"),
        ("seq", 2.0, "2", "2.0"),
        ("kind", "plan.added", "'plan.changed'", "'plan.added'"),
        ("plan", None, "'P-001'", "null"),
        ("at", "2026-03-01T08:00:00.000000Z", "'2025-03-01T08:00:00.000000Z'", "'2026-03-01T08:00:00.000000Z'"),
        ("actor", "j\udcffd", "'jd'", "'j\\udcffd'"),
        ("actor", b"jd", "'jd'", "6a64"),
        ("source", "import", "'cli'", "'import'"),
        ("event_key", None, "'P-001/2'", "null"),
    ],
)
def test_a_column_that_does_not_repeat_the_body_is_named(column: str, value: object, expected: str, shown: str) -> None:
    log = sample_log()
    log.change_event(3, **{column: value})
    finding = only(verify(log))
    assert (finding.code, finding.event_id, finding.where) == ("column-differs", 4, f"event 4: {column}")
    assert (finding.expected, finding.found) == (expected, shown)


def test_a_number_too_long_to_write_is_described() -> None:
    log = sample_log()
    log.change_event(3, seq=2**20_000)
    assert only(verify(log)).found == "an integer of 20001 bits"


@pytest.mark.parametrize("value", [b"", bytes(32), None, "ab" * 32, 5])
def test_a_leaf_that_is_not_the_hash_of_its_body_is_named(value: object) -> None:
    log = sample_log()
    log.change_event(10, leaf_hash=value)
    finding = only(verify(log))
    assert (finding.code, finding.event_id, finding.where) == ("leaf-differs", 11, "leaf 10")


@pytest.mark.parametrize("index", [3, 5])
def test_a_leaf_index_that_is_not_the_next_breaks_the_tree_once(index: object) -> None:
    log = sample_log()
    log.change_event(4, leaf_index=index)
    report = verify(log)
    finding = only(report)
    assert (finding.code, finding.event_id, finding.expected) == ("leaf-not-next", 5, "4")
    assert report.root is None


@pytest.mark.parametrize("index", ["4", 4.0, 4.5, -1, 2**80])
def test_a_leaf_whose_index_is_between_no_others_is_read_and_found(index: object) -> None:
    log = sample_log()
    log.change_event(4, leaf_index=index)
    report = verify(log)
    assert (report.events, report.leaves, report.root) == (11, 11, None)
    assert codes(report)[0] == "leaf-not-next"


def test_a_leaf_taken_out_with_its_event_is_a_hole_in_tree_and_stream() -> None:
    log = sample_log()
    del log.stored_events[7]
    report = verify(log)
    assert codes(report) == ["leaf-not-next", "seq-not-next"]
    assert [(finding.expected, finding.found) for finding in report.findings] == [("7", "8"), ("5", "6")]
    assert report.root is None


def test_an_event_without_leaf_counts_as_waiting_where_a_sealer_follows() -> None:
    log = MemoryLog(sealed_in_transaction=False)
    log.record("P-009", insert("plan", PLAN, state="plan"))
    log.record("P-009", update("plan", PLAN, state="do"), sealed=False)
    report = verify(log)
    assert report.ok
    assert (report.events, report.leaves, report.unsealed) == (2, 1, 1)


def test_an_event_without_leaf_is_a_finding_where_it_is_sealed_at_once() -> None:
    log = MemoryLog()
    log.record("P-009", insert("plan", PLAN, state="plan"), sealed=False)
    finding = only(verify(log))
    assert (finding.code, finding.event_id) == ("event-unsealed", 1)


def test_an_event_left_out_of_a_stream_is_named_once() -> None:
    log = MemoryLog(sealed_in_transaction=False)
    for _ in range(5):
        log.record("P-009", sealed=False)
    del log.stored_events[2]
    finding = only(verify(log))
    assert (finding.code, finding.event_id, finding.expected, finding.found) == ("seq-not-next", 4, "3", "4")


def test_an_event_repeated_in_a_stream_is_named_once() -> None:
    log = MemoryLog(sealed_in_transaction=False)
    for _ in range(4):
        log.record("P-009", sealed=False)
    log.stored_events.insert(3, log.stored_events[1]._replace(event_id=9))
    finding = only(verify(log))
    assert (finding.code, finding.event_id, finding.expected, finding.found) == ("seq-not-next", 9, "4", "2")


@pytest.mark.parametrize("stored", [bytes(32), None, "x", b""])
def test_a_node_that_is_not_the_hash_of_its_leaves_is_named(stored: object) -> None:
    log = sample_log()
    place = next(place for place, node in enumerate(log.stored_nodes) if node[:2] == (2, 1))
    log.stored_nodes[place] = (2, 1, stored)
    finding = only(verify(log))
    assert (finding.code, finding.where) == ("node-differs", "node 2/1")
    assert "leaves 4 to 7" in finding.message


def test_missing_nodes_are_named_as_a_range() -> None:
    log = sample_log()
    log.stored_nodes = [node for node in log.stored_nodes if node[:2] not in {(1, 1), (1, 2), (1, 4), (3, 0)}]
    report = verify(log)
    assert [(finding.code, finding.where) for finding in report.findings] == [
        ("node-missing", "nodes 1/1 to 1/2"),
        ("node-missing", "node 1/4"),
        ("node-missing", "node 3/0"),
    ]


@pytest.mark.parametrize(
    "place", [(0, 0), (1, 5), (2, -1), (4, 0), (10**12, 0), (1, 2**70), ("1", 0), (1.0, 0), (None, None)]
)
def test_a_node_that_the_log_does_not_have_is_named(place: tuple[object, object]) -> None:
    log = sample_log()
    log.stored_nodes.append((*place, bytes(32)))
    assert only(verify(log)).code == "node-extra"


def test_a_node_stored_twice_is_named() -> None:
    log = sample_log()
    log.stored_nodes.insert(1, log.stored_nodes[0])
    assert (only(verify(log)).code, only(verify(log)).where) == ("node-extra", "node 1/0")


def test_nodes_before_a_hole_are_still_compared() -> None:
    log = sample_log()
    log.change_event(9, leaf_index=99)
    log.stored_nodes[0] = (1, 0, bytes(32))
    assert codes(verify(log)) == ["leaf-not-next", "node-differs"]


def test_a_node_beyond_a_hole_with_an_impossible_place_is_named() -> None:
    log = sample_log()
    log.change_event(4, leaf_index=5)
    log.stored_nodes.append((-1, 0, bytes(32)))
    assert codes(verify(log)) == ["leaf-not-next", "node-extra"]


@pytest.mark.parametrize(
    ("head", "expected", "shown"),
    [
        ((7, None), "6", "7"),
        ((6.0, None), "6", "6.0"),
        (("6", None), "6", "'6'"),
        ((6, "ab" * 32), None, repr("ab" * 32)),
        ((6, None), None, "null"),
    ],
)
def test_a_head_that_is_not_the_last_event_is_named(head: tuple[Any, Any], expected: str | None, shown: str) -> None:
    log = sample_log()
    true_head = repr(log.stored_heads["P-001"][1])
    log.stored_heads["P-001"] = head
    finding = only(verify(log))
    assert (finding.code, finding.where) == ("head-differs", "stream P-001")
    assert (finding.expected, finding.found) == (expected or true_head, shown)


def test_a_head_for_no_stream_and_a_stream_without_head_are_named() -> None:
    log = sample_log()
    log.stored_heads["P-003"] = log.stored_heads.pop("P-002")
    report = verify(log)
    assert [(finding.code, finding.where) for finding in report.findings] == [
        ("head-unknown", "stream P-003"),
        ("head-missing", "stream P-002"),
    ]


@pytest.mark.parametrize("head", [None, ""])
def test_a_stream_without_events_has_version_zero_and_no_head(head: str | None) -> None:
    log = sample_log()
    log.stored_heads["P-003"] = (0, head)
    assert verify(log).ok


@pytest.mark.parametrize("head", [(0, "ab"), (1, None), ("0", None), (False, None)])
def test_any_other_head_of_a_stream_without_events_is_named(head: tuple[Any, Any]) -> None:
    log = sample_log()
    log.stored_heads["P-003"] = head
    assert only(verify(log)).code == "head-unknown"


def test_damage_that_the_database_finds_itself_is_passed_on() -> None:
    log = sample_log()
    log.stored_damage.append("row 3 missing from index ix_deadline_pending_due_at")
    assert only(verify(log)).code == "storage-damaged"
    assert "ix_deadline_pending_due_at" in only(verify(log)).message


def test_a_trigger_that_is_gone_is_named() -> None:
    log = sample_log()
    log.stored_triggers.remove("event_no_update")
    assert (only(verify(log)).code, only(verify(log)).where) == ("trigger-missing", "trigger event_no_update")


def test_findings_beyond_the_limit_are_counted() -> None:
    log = sample_log()
    for place in range(11):
        log.change_event(place, actor="xy")
    report = verify(log, findings_kept=2)
    assert [finding.event_id for finding in report.findings] == [1, 2]
    assert report.total == 11
    assert not report.ok
    assert "11 findings; the first: event 1: actor: Column actor does not repeat the body." in report.summary()


def test_a_finding_is_safe_to_print_and_short() -> None:
    log = sample_log()
    log.change_event(3, event_id="\x1b[2J", actor="\x1b]0;x\u202e" * 100)
    finding = only(verify(log))
    assert finding.event_id is None
    for text in asdict(finding).values():
        assert text is None or (text.isprintable() and len(text) <= 250)


def test_progress_tells_how_many_events_were_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretch, "STRETCH", 256)
    log = MemoryLog(sealed_in_transaction=False)
    for number in range(514):
        log.record("P-009", sealed=number < 513)
    told: list[int] = []
    assert verify(log, told.append).ok
    assert told == [256, 512, 513, 514]


@pytest.mark.parametrize("length", [2, 4, 8, 16])
def test_stretches_in_which_nothing_is_amiss_are_not_looked_at_event_by_event(
    length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretch, "STRETCH", length)
    log = sample_log()
    one_by_one = verify(log, parts=lambda _reader, cut: (None for _ in cut))
    looked = MemoryLog.sealed
    asked: list[tuple[int, int]] = []

    def sealed(self: MemoryLog, low: int, high: int) -> Iterable[EventRow]:
        asked.append((low, high))
        return looked(self, low, high)

    monkeypatch.setattr(MemoryLog, "sealed", sealed)
    assert verify(log) == one_by_one
    # Each stretch was read once, with all of its columns: from below all to above all, without a gap.
    firsts = [low for low, _high in asked]
    assert firsts == [LOWEST, *range(length, 11, length)]
    assert [high + 1 for _low, high in asked] == [*firsts[1:], HIGHEST + 1]


@pytest.mark.parametrize("length", [2, 4, 16])
@pytest.mark.parametrize(
    ("head", "code"),
    [((4, "ab" * 32), "prev-differs"), ((5, "ab" * 32), "seq-not-next"), ((3, "ab" * 32), "seq-not-next")],
)
def test_an_event_that_does_not_go_on_from_an_earlier_stretch_is_named(
    length: int, head: tuple[int, str], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretch, "STRETCH", length)
    log = MemoryLog()
    for place in range(8):
        if place == 4:
            log.stored_heads["P-009"] = head
        log.record("P-009" if place < 6 else "P-010")
    # Its leaf and the nodes above it are right.
    finding = found(verify(log), code)[0]
    assert (finding.event_id, finding.where) == (5, "event 5")
