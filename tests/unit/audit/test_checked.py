"""A log is held to every checkpoint: those stored beside it, and those that somebody kept elsewhere."""

from typing import Any

import pytest

from pdca.audit.checked import Held
from pdca.audit.checkpoint import Checkpoint
from pdca.audit.heads import Head, root_of_heads
from pdca.audit.notes import LOG_SIGNATURE, SigningKey, VerifierKey, sign, text_of
from pdca.audit.tree import TreeBuilder
from pdca.audit.verify import verify
from tests.unit.audit import memory_log
from tests.unit.audit.memory_log import PLAN, MemoryLog, insert, sample_log
from tests.unit.audit.reported import codes, found, only

KEY = SigningKey("example.com/log", LOG_SIGNATURE, bytes(range(32)))
OTHER = SigningKey("example.com/log", LOG_SIGNATURE, bytes(range(1, 33)))
KEPT = "kept.checkpoint"
NAMES_OTHER = insert("log_key", {"number": 2}, vkey=str(OTHER.verifier))


@pytest.fixture(autouse=True)
def _with_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(memory_log.KEYS, "log_key", ("number",))


def keyed_log() -> MemoryLog:
    """The key that signs it, and the sample."""
    log = MemoryLog()
    log.stored_rows.setdefault("log_key", [])
    log.record("installation", insert("log_key", {"number": 1}, vkey=str(KEY.verifier)))
    return sample_log(log)


def signed(log: MemoryLog, size: int | None = None, key: SigningKey = KEY, **changes: Any) -> str:  # noqa: ANN401 - the fields of a checkpoint
    """Sign the state of a log as it was with its first `size` events."""
    events = log.stored_events[:size]
    builder = TreeBuilder()
    heads: dict[str, Head] = {}
    for row in events:
        builder.add(row.leaf_hash)  # type: ignore[arg-type]
        heads[str(row.stream)] = Head(str(row.stream), int(str(row.seq)), row.leaf_hash)  # type: ignore[arg-type]
    streams, root = root_of_heads(heads.values())
    fields: dict[str, Any] = {"size": len(events), "root": builder.root(), "streams": streams, "heads": root} | changes
    return sign(Checkpoint(key.name, **fields).text(), key)


@pytest.mark.parametrize("size", [0, 1, 6, 11, 12])
def test_a_checkpoint_of_any_size_fits_its_log_and_says_how_much_is_proven(size: int) -> None:
    log = keyed_log()
    report = verify(log, held=[Held(KEPT, signed(log, size), (KEY.verifier,))])
    assert report.findings == ()
    assert report.proven == size


@pytest.mark.parametrize(("size", "fits"), [(0, False), (1, True), (6, True)])
def test_without_a_key_of_ones_own_that_of_the_log_counts_where_a_checkpoint_covers_its_naming(
    size: int, *, fits: bool
) -> None:
    log = keyed_log()
    report = verify(log, held=[Held(KEPT, signed(log, size))])
    assert codes(report) == ([] if fits else ["checkpoint-not-signed"])
    assert report.untrusted_keys == ()


def test_where_nobody_kept_a_key_the_first_of_the_log_is_not_named_though_nothing_was_signed_yet() -> None:
    log = keyed_log()
    assert verify(log).untrusted_keys == ()
    log.record("installation", NAMES_OTHER)
    assert verify(log).untrusted_keys == (str(OTHER.verifier),)


def test_nothing_is_said_to_be_proven_where_nobody_kept_anything() -> None:
    log = keyed_log()
    log.stored_checkpoints.append((1, 12, signed(log)))
    report = verify(log)
    assert report.ok
    assert report.proven is None


def test_the_largest_checkpoint_that_fits_says_how_much_is_proven() -> None:
    log = keyed_log()
    held = [Held("one", signed(log, 4)), Held("two", signed(log, 9)), Held("three", signed(log, 7))]
    assert verify(log, held=held).proven == 9


def test_a_log_that_was_rewritten_from_beginning_to_end_differs_from_what_was_kept() -> None:
    kept = signed(keyed_log(), 6)
    log = MemoryLog()
    log.stored_rows.setdefault("log_key", [])
    for place in range(8):
        log.record("installation", insert("plan", {"plan_id": f"P-{place}"}, title="Invented"))
    log.record("installation", insert("log_key", {"number": 1}, vkey=str(KEY.verifier)))
    assert verify(log).ok
    report = verify(log, held=[Held(KEPT, kept)])
    finding = only(report)
    assert (finding.code, finding.where) == ("checkpoint-differs", KEPT)
    assert report.proven == 0


def test_a_log_that_was_cut_off_is_shorter_than_what_was_kept() -> None:
    whole = keyed_log()
    kept = signed(whole)
    log = sample_log()
    log.stored_rows.setdefault("log_key", [])
    finding = only(verify(log, held=[Held(KEPT, kept, (KEY.verifier,))]))
    assert (finding.code, finding.expected, finding.found) == ("log-shorter", "12", "11")


def test_what_somebody_else_signed_proves_nothing() -> None:
    log = keyed_log()
    report = verify(log, held=[Held(KEPT, signed(log, 5, OTHER))])
    assert only(report).code == "checkpoint-not-signed"
    assert report.proven == 0
    assert verify(log, held=[Held(KEPT, signed(log, 5, OTHER), (OTHER.verifier,))]).proven == 5


def test_whoever_names_a_key_trusts_no_other_not_even_one_of_the_log() -> None:
    log = keyed_log()
    report = verify(log, held=[Held(KEPT, signed(log, 5), (OTHER.verifier,))])
    assert only(report).code == "checkpoint-not-signed"


def test_a_stored_checkpoint_that_does_not_fit_is_named_by_its_number() -> None:
    log = keyed_log()
    log.stored_checkpoints += [
        (1, 3, signed(log, 3)),
        (2, 5, signed(log, 5, root=bytes(32))),
        (3, 6, "nothing"),
        (4, 7, 5),
    ]
    report = verify(log)
    assert [one.where for one in found(report, "checkpoint-differs")] == ["checkpoint 2"]
    assert [one.where for one in found(report, "checkpoint-unreadable")] == ["checkpoint 3", "checkpoint 4"]
    assert report.total == 3


def test_what_a_held_checkpoint_says_of_the_streams_is_compared() -> None:
    log = keyed_log()
    report = verify(log, held=[Held(KEPT, signed(log, 7, heads=bytes(32)))])
    assert only(report).code == "heads-differ"
    assert verify(log, held=[Held(KEPT, signed(log, 7, streams=9))]).total == 1
    assert verify(log, held=[Held(KEPT, signed(log, 7, streams=None, heads=None))]).proven == 7


def test_of_the_stored_ones_only_the_last_is_compared_in_what_it_says_of_the_streams() -> None:
    log = keyed_log()
    log.stored_checkpoints += [(1, 3, signed(log, 3, heads=bytes(32))), (2, 7, signed(log, 7, heads=bytes(32)))]
    assert [one.where for one in verify(log).findings] == ["checkpoint 2"]


def test_a_changed_event_before_it_shows_against_a_checkpoint_even_with_its_leaf_changed_too() -> None:
    log = keyed_log()
    kept = signed(log, 8)
    row = log.stored_events[2]
    log.change_event(2, body=row.body.replace(b"jd", b"xy"))  # type: ignore[attr-defined]
    assert "checkpoint-differs" in codes(verify(log, held=[Held(KEPT, kept)]))


def test_a_key_that_the_log_does_not_name_as_one_signs_nothing() -> None:
    log = keyed_log()
    log.record("installation", insert("log_key", {"number": 2}, vkey="not a key"))
    log.record("P-001", insert("plan", PLAN, title="Another"))
    report = verify(log, held=[Held(KEPT, signed(log))])
    assert report.ok
    assert report.proven == 14


@pytest.mark.parametrize(
    ("stored", "code", "where"),
    [
        (((2, 3), (3, 5)), "checkpoint-missing", "checkpoint 2"),
        (((1, 3), (3, 5)), "checkpoint-missing", "checkpoint 3"),
        (((1, 3), ("2", 5)), "checkpoint-missing", "checkpoint 2"),
        (((1, 3), (2, 6)), "column-differs", "checkpoint 2: size"),
        (((1, 3.0), (2, 5)), "column-differs", "checkpoint 1: size"),
    ],
)
def test_a_row_of_a_checkpoint_that_was_taken_out_or_changed_is_found(
    stored: tuple[tuple[Any, Any], ...], code: str, where: str
) -> None:
    log = keyed_log()
    notes = signed(log, 3), signed(log, 5)
    log.stored_checkpoints += [(number, size, note) for (number, size), note in zip(stored, notes, strict=True)]
    first = verify(log).findings[0]
    assert (first.code, first.where) == (code, where)


@pytest.mark.parametrize(("signers", "fits"), [([KEY, OTHER], True), ([OTHER], False)], ids=["both", "by itself"])
def test_a_key_that_was_kept_counts_with_those_that_it_vouches_for(signers: list[SigningKey], *, fits: bool) -> None:
    log = keyed_log()
    log.record("installation", NAMES_OTHER)
    log.stored_checkpoints.append((1, 13, sign(text_of(signed(log)), *signers)))
    kept = [Held(KEPT, signed(log, 5), (KEY.verifier,)), Held("later", signed(log, 13, OTHER), (KEY.verifier,))]
    report = verify(log, held=kept)
    assert codes(report) == ([] if fits else ["checkpoint-not-signed"])
    assert report.proven == (13 if fits else 5)


@pytest.mark.parametrize("held", [(), (KEY.verifier,)], ids=["first key of the log", "key that was kept"])
@pytest.mark.parametrize(
    ("sealed", "signers", "codes_found", "trusted"),
    [
        (True, [KEY, OTHER], [], True),
        (True, [KEY], [], True),
        (True, [OTHER], [], False),
        (False, [KEY], [], False),
        (False, [OTHER], ["checkpoint-not-signed"], False),
        (False, [KEY, OTHER], [], False),
    ],
    ids=["both", "the old one", "by itself", "waiting", "waiting, and it signed", "waiting, and both signed"],
)
def test_a_key_is_trusted_only_where_a_trusted_one_signed_what_covers_its_naming(
    held: tuple[VerifierKey, ...], signers: list[SigningKey], codes_found: list[str], *, sealed: bool, trusted: bool
) -> None:
    log = keyed_log()
    log.sealed_in_transaction = False
    log.stored_checkpoints.append((1, 12, signed(log)))
    log.record("installation", NAMES_OTHER, sealed=sealed)
    size = 13 if sealed else 12
    text = text_of(signed(log, size))
    log.stored_checkpoints.append((2, size, sign(text, *signers)))
    kept = [Held(KEPT, signed(log, 5), held)] if held else []
    report = verify(log, held=kept)
    assert codes(report) == codes_found
    assert report.untrusted_keys == (() if trusted else (str(OTHER.verifier),))
