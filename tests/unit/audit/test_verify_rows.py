"""One intrusion per test into the rows, the changes that wrote them, and what can be erased of an event."""

from typing import Any

import pytest

from pdca.audit.canonical import parse, private_text
from pdca.audit.verify import verify
from tests.unit.audit.memory_log import KEYS, PLAN, MemoryLog, body_of, delete, insert, sample_log, update
from tests.unit.audit.reported import codes, only


def test_rows_are_held_to_events_without_leaf_too() -> None:
    log = MemoryLog(sealed_in_transaction=False)
    log.record("P-009", insert("plan", PLAN, state="plan"), sealed=False)
    log.stored_rows["plan"][0]["state"] = "do"
    assert codes(verify(log)) == ["value-differs"]


@pytest.mark.parametrize(
    ("table", "place", "column", "value", "expected", "shown", "event_id"),
    [
        ("plan", 0, "state", "closed", "'adjust'", "'closed'", 9),
        ("plan", 0, "cycle", "2", "2", "'2'", 9),
        ("plan", 0, "cycle", 2.0, "2", "2.0", 9),
        ("plan", 0, "note", "Iets anders", "'Rappel\xe9'", "'Iets anders'", 9),
        ("plan", 1, "title", None, "'Fietsdiefstal, v\xe9los'", "null", 3),
        ("rubric", 0, "text", b"\xff", "'Het probleem'", "ff", 2),
        ("rubric", 1, "text", "", "null", "''", 2),
        ("plan", 1, "extra_column", "x", "null", "'x'", 3),
    ],
)
def test_a_changed_value_is_named_with_table_key_and_column(
    table: str, place: int, column: str, value: object, expected: str, shown: str, event_id: int
) -> None:
    log = sample_log()
    row = log.stored_rows[table][place]
    row[column] = value
    finding = only(verify(log))
    key = "/".join(row[name] for name in KEYS[table])
    assert (finding.code, finding.where) == ("value-differs", f"{table} {key}: {column}")
    assert (finding.expected, finding.found, finding.event_id) == (expected, shown, event_id)


def test_a_column_taken_away_is_named() -> None:
    log = sample_log()
    del log.stored_rows["plan"][0]["state"]
    finding = only(verify(log))
    assert (finding.where, finding.expected, finding.found) == ("plan P-001: state", "'adjust'", "absent")


def test_a_column_that_no_event_set_holds_null() -> None:
    log = sample_log()
    log.stored_rows["plan"][0]["watch"] = None
    assert verify(log).ok


def test_version_and_head_are_compared_as_heads_and_not_as_values() -> None:
    log = sample_log()
    log.stored_rows["plan"][0] |= {"version": 6, "head": "ab"}
    assert verify(log).ok


def test_a_row_taken_away_is_named_with_the_event_that_wrote_it() -> None:
    log = sample_log()
    del log.stored_rows["plan"][1]
    finding = only(verify(log))
    assert (finding.code, finding.where, finding.event_id) == ("row-missing", "plan P-002", 3)


@pytest.mark.parametrize("key", ["P-003", None, 1, True, b"P-001", 1.5])
def test_a_row_that_the_log_does_not_have_is_named(key: object) -> None:
    log = sample_log()
    log.stored_rows["plan"].append({"plan_id": key, "state": "do"})
    assert only(verify(log)).code == "row-extra"


def test_a_row_whose_integer_key_became_a_truth_value_is_not_taken_for_it() -> None:
    log = sample_log()
    log.stored_rows["installation"][0]["installation_id"] = True
    assert codes(verify(log)) == ["row-extra", "row-missing"]


def test_a_row_stored_twice_is_named() -> None:
    log = sample_log()
    log.stored_rows["plan"].append(log.stored_rows["plan"][0])
    assert only(verify(log)).code == "row-extra"


def test_a_row_without_its_key_is_named() -> None:
    log = sample_log()
    log.stored_rows["plan"].append({"state": "do"})
    assert (only(verify(log)).code, only(verify(log)).where) == ("row-extra", "plan absent")


def test_an_insert_of_a_row_that_is_there_is_named() -> None:
    log = MemoryLog()
    log.record("P-009", insert("plan", PLAN, state="plan"))
    log.record("P-009", insert("plan", PLAN, state="plan"))
    del log.stored_rows["plan"][1]
    finding = only(verify(log))
    assert (finding.code, finding.event_id, finding.where) == ("insert-of-existing", 2, "event 2: plan P-009")


@pytest.mark.parametrize("change", [update("plan", PLAN, state="do"), delete("plan", PLAN)], ids=["update", "delete"])
def test_a_change_of_a_row_that_is_not_there_is_named(change: dict[str, Any]) -> None:
    log = MemoryLog()
    log.record("P-009", change)
    assert only(verify(log)).code == f"{change['op']}-of-missing"


def test_a_row_removed_and_added_again_fits() -> None:
    log = MemoryLog()
    log.record("P-009", insert("plan", PLAN, state="plan"), delete("plan", PLAN), insert("plan", PLAN, state="do"))
    assert verify(log).ok


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (insert("secret", {"id": 1}), "table-unknown"),
        (insert("plan", {"slug": "x"}), "key-misfit"),
        (insert("plan", {"plan_id": "P-1", "slug": "x"}), "key-misfit"),
        (insert("plan", {"plan_id": "P-1"}, version=3), "column-misfit"),
        (insert("plan", {"plan_id": "P-1"}, plan_id="P-2"), "column-misfit"),
    ],
)
def test_a_change_that_does_not_suit_its_table_is_named(change: dict[str, Any], code: str) -> None:
    log = MemoryLog()
    log.stored_rows["secret"] = []
    log.record("P-009", change)
    finding = verify(log).first
    assert finding is not None
    assert (finding.code, finding.event_id) == (code, 1)


def test_values_that_are_gone_are_named_and_nothing_hides_behind_them() -> None:
    log = sample_log()
    log.change_event(4, private=None)
    log.stored_rows["plan"][0]["note"] = "Changed together with what would show it"
    report = verify(log)
    assert [(finding.code, finding.event_id) for finding in report.findings] == [("private-missing", 5)] * 2


def test_an_older_value_that_is_gone_leaves_the_present_one_checked() -> None:
    log = sample_log()
    log.change_event(1, private=None)
    log.stored_rows["plan"][0]["note"] = "Iets anders"
    found = [(finding.code, finding.where) for finding in verify(log).findings]
    assert [code for code, _where in found] == ["private-missing", "private-missing", "value-differs"]
    assert found[-1] == ("value-differs", "plan P-001: note")


def private_of(log: MemoryLog, place: int) -> dict[str, Any]:
    private = log.stored_events[place].private
    assert isinstance(private, str)
    value = parse(private.encode())
    assert isinstance(value, dict)
    return value


def test_one_value_of_an_event_that_is_gone_is_named_and_the_others_stay_proven() -> None:
    log = sample_log()
    private = private_of(log, 4)
    reason = body_of(log, 4)["reason"]["~"]
    del private[reason]
    log.change_event(4, private=private_text(private))
    assert [finding.code for finding in verify(log).findings] == ["private-missing"]


def test_an_erasable_value_that_was_changed_is_named() -> None:
    log = sample_log()
    private = private_of(log, 3)
    ((digest, (salt, _)),) = private.items()
    log.change_event(3, private=private_text({digest: [salt, "Iets anders"]}))
    finding = only(verify(log))
    assert (finding.code, finding.event_id, finding.where) == ("commitment-differs", 4, f"event 4: {digest}")


def test_an_erasable_value_changed_together_with_its_row_is_named() -> None:
    log = sample_log()
    private = private_of(log, 10)
    ((digest, (salt, _)),) = private.items()
    log.change_event(10, private=private_text({digest: [salt, "Iets anders"]}))
    log.stored_rows["rubric"][2]["text"] = "Iets anders"
    assert only(verify(log)).code == "commitment-differs"


@pytest.mark.parametrize("private", ["", "[]", "{} ", "\udcff", b"{}", 3, '{"x":1}', "[" * 100_000])
def test_an_erasable_part_that_cannot_be_read_is_named(private: object) -> None:
    log = sample_log()
    log.change_event(3, private=private)
    finding = only(verify(log))
    assert (finding.code, finding.event_id) == ("private-unreadable", 4)


def test_an_erasable_value_that_the_event_does_not_have_is_named() -> None:
    log = sample_log()
    log.change_event(6, private=log.stored_events[3].private)
    assert "private-unknown" in {finding.code for finding in verify(log).findings if finding.event_id == 7}
