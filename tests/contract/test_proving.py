"""What is taken out of the log proves itself elsewhere: one event, its growth, one plan without any other."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pdca.audit.checkpoint import Checkpoint
from pdca.audit.dossier import Dossier
from pdca.audit.kept import Shown, check_kept
from pdca.audit.notes import LOG_SIGNATURE, NoteError, SigningKey, VerifierKey, text_of
from pdca.checkpoints import sign_state
from pdca.cli.consulting import Hashed
from pdca.cli.exporting import events, write
from pdca.errors import Failed, NotFound, Refused
from pdca.key_change import change_key
from pdca.keys import KeyFile
from pdca.log_folder import fill
from pdca.proving import Dossiers, latest_note, note_of_size, prove_event, prove_growth
from pdca.store import append_only
from pdca.store.driver import Connection, Statement
from pdca.store.reads.checkpoints import KEYS
from pdca.store.verifying import StoredLog
from scheduler import seal
from tests import standalone
from tests.contract.counting import Counting
from tests.contract.world import MOTIVE, PLAN, World


@pytest.fixture
def file(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "apart" / "log.key")


@pytest.fixture
def signed(world: World, file: KeyFile) -> World:
    """An installation in which a plan was worked on, signed before and after."""
    change_key(world.house, file.path, {}, "Het eerste.")
    world.take("start", "evaluate")
    sign(world, file)
    return world


def sign(world: World, file: KeyFile) -> str:
    with world.house.writing() as uow:
        return sign_state(uow, file).note


def keys(world: World) -> list[VerifierKey]:
    return [VerifierKey.parse(row["vkey"]) for row in world.rows(KEYS)]


def shown(world: World, *texts: str) -> Shown:
    """What the last of several texts shows to somebody who has the key of the log."""
    return check_kept([(str(place), text) for place, text in enumerate(texts)], keys(world))[-1]


def size_of(note: str) -> int:
    return Checkpoint.parse(text_of(note)).size


@pytest.fixture
def reading(signed: World) -> Iterator[Connection]:
    with signed.house.reading() as connection:
        yield connection


def test_every_event_is_proven_by_the_last_checkpoint_and_shown_by_its_proof(
    signed: World, reading: Connection
) -> None:
    note = latest_note(reading)
    bodies = {row["event_id"]: row["body"] for row in signed.dump()["event"]}
    assert len(bodies) == size_of(note)
    for event_id, body in bodies.items():
        proof = prove_event(reading, event_id, note)
        assert proof.extra == bytes(body)
        found = shown(signed, proof.text())
        assert found.error is None
        assert (found.events[0].stream, found.events[0].seq) == (json.loads(body)["stream"], json.loads(body)["seq"])


def test_a_proof_reads_a_few_nodes_and_never_the_log(reading: Connection) -> None:
    counting = Counting(reading)
    note = latest_note(counting)
    prove_event(counting, 3, note)
    assert counting.counted["read"] <= 2 + 2 * size_of(note).bit_length()
    assert set(counting.names) <= {"latest_checkpoint", "leaf_of_event", "tree_leaf", "tree_node"}
    assert counting.counted["write"] == 0


def test_an_event_is_proven_by_an_earlier_checkpoint_that_somebody_kept(signed: World, file: KeyFile) -> None:
    with signed.house.reading() as connection:
        kept = latest_note(connection)
    signed.take("record")
    sign(signed, file)
    with signed.house.reading() as connection:
        last = size_of(latest_note(connection))
        assert shown(signed, prove_event(connection, 2, kept).text()).error is None
        with pytest.raises(Refused) as later:
            prove_event(connection, last, kept)
        with pytest.raises(NotFound) as unknown:
            prove_event(connection, last + 1, kept)
    assert (later.value.code, unknown.value.code) == ("event-later", "event-unknown")


def test_nothing_is_proven_before_anything_was_signed(world: World) -> None:
    with world.house.reading() as connection, pytest.raises(Failed) as refused:
        latest_note(connection)
    assert refused.value.code == "no-checkpoint"


def test_that_the_log_only_grew_is_proven_between_two_checkpoints(signed: World, file: KeyFile) -> None:
    with signed.house.reading() as connection:
        old = latest_note(connection)
    signed.take("record", "conclude")
    new = sign(signed, file)
    with signed.house.reading() as connection:
        grown = prove_growth(connection, note_of_size(connection, size_of(old)), new)
        with pytest.raises(Refused):
            prove_growth(connection, new, old)
        with pytest.raises(NotFound):
            note_of_size(connection, size_of(new) + 1)
    assert shown(signed, old, grown.text()).old == size_of(old)
    lacking = shown(signed, grown.text()).error
    assert lacking is not None
    assert lacking.code == "checkpoint-lacking"


def test_a_checkpoint_of_another_log_proves_nothing(signed: World, reading: Connection) -> None:
    note = latest_note(reading)
    root = note.split("\n")[2]
    other = note.replace(root, "A" * 43 + "=")
    for refused in (
        lambda: prove_event(reading, 2, other),
        lambda: Dossiers(reading, other).of(PLAN),
        lambda: prove_growth(reading, note, other.replace(f"\n{size_of(note)}\n", f"\n{size_of(note)}0\n")),
    ):
        with pytest.raises(Failed) as failed:
            refused()
        assert failed.value.code == "log-differs"
    assert signed.dump()["event"]


def test_a_dossier_holds_every_event_of_its_plan_and_nothing_of_another(signed: World, reading: Connection) -> None:
    text = Dossiers(reading, latest_note(reading)).of(PLAN).text()
    found = shown(signed, text)
    assert found.error is None
    own = [row for row in signed.dump()["event"] if row["stream"] == PLAN]
    assert [(event.seq, event.kind) for event in found.events] == [(row["seq"], row["kind"]) for row in own]
    assert set(re.findall(r"\bP-\d{3}\b", text)) == {PLAN}
    for row in signed.dump()["event"]:
        assert (bytes(row["body"]).decode() in text) == (row["stream"] == PLAN)


def test_a_dossier_says_texts_when_it_is_opened_and_only_then(signed: World, reading: Connection) -> None:
    dossiers = Dossiers(reading, latest_note(reading))
    closed, opened = dossiers.of(PLAN).text(), dossiers.of(PLAN, opened=True).text()
    assert MOTIVE not in closed
    assert MOTIVE in opened
    found = shown(signed, opened)
    reasons = {found.opened[event.reason.digest] for event in found.events if event.reason}
    assert json.dumps(MOTIVE, ensure_ascii=False) in reasons


def test_what_was_erased_stays_a_commitment_in_a_dossier_that_is_opened(signed: World) -> None:
    with signed.house.database.connect(writing=True) as connection:
        connection.begin()
        of_table = " ON event_private" if connection.dialect == "postgresql" else ""
        for name in append_only.triggers(connection.dialect):
            if name.startswith("event_private"):
                connection.run(Statement(f"drop {name}", f"DROP TRIGGER {name}{of_table}"))
        connection.run(Statement("erase_all", "DELETE FROM event_private"))
        dossier = Dossiers(connection, latest_note(connection)).of(PLAN, opened=True)
        connection.rollback()
    assert "\nopen " not in dossier.text()
    assert shown(signed, dossier.text()).error is None


def shortened(dossier: Dossier) -> Dossier:
    return Dossier(dossier.stream, dossier.place, dossier.path, dossier.entries[:-1], dossier.note)


def without_one(dossier: Dossier) -> Dossier:
    entries = dossier.entries[:1] + dossier.entries[2:]
    return Dossier(dossier.stream, dossier.place, dossier.path, entries, dossier.note)


def empty_of(dossier: Dossier) -> Dossier:
    return Dossier(dossier.stream, dossier.place, dossier.path, (), dossier.note)


@pytest.mark.parametrize("alter", [shortened, without_one, empty_of])
def test_a_dossier_from_which_something_was_left_out_is_found_out(
    signed: World, reading: Connection, alter: Callable[[Dossier], Dossier]
) -> None:
    text = alter(Dossiers(reading, latest_note(reading)).of(PLAN)).text()
    error = shown(signed, text).error
    assert isinstance(error, NoteError)
    verify = standalone.load()
    with pytest.raises(verify.Misfit):
        verify.read_piece(text.encode())


def test_a_stream_without_events_by_then_has_no_dossier(reading: Connection) -> None:
    with pytest.raises(Refused) as refused:
        Dossiers(reading, latest_note(reading)).of("P-999")
    assert refused.value.code == "nothing-by-then"


def exported(world: World, folder: Path) -> Path:
    folder.mkdir()
    with world.house.reading() as connection:
        log = StoredLog(connection)

        def write_events(path: Path) -> int:
            with closing(events(log)) as rows, path.open("x", encoding="utf-8", newline="") as file:
                return write(Hashed(file), rows, "jsonl")

        filled = fill(connection, folder, write_events)
    assert filled.failed == ()
    return folder


def test_an_export_passes_the_verifier_that_lies_in_it_and_no_altered_one_does(
    signed: World, file: KeyFile, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change_key(signed.house, file.path, {}, "Gezien door een ander.")
    signed.take("record")
    sign(signed, file)
    folder = exported(signed, tmp_path / "export")
    verify = standalone.load()
    key = ["--key", signed.rows(KEYS)[-1]["vkey"]]
    assert verify.main([str(folder), *key]) == 0, capsys.readouterr().out
    assert verify.main([str(folder)]) == 3
    stranger = SigningKey(file.read().name, LOG_SIGNATURE, bytes(32)).verifier
    assert verify.main([str(folder), "--key", str(stranger)]) == 1
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".py", ".md")):
        before = path.read_bytes()
        middle = len(before) // 2
        path.write_bytes(before[:middle] + bytes([before[middle] ^ 1]) + before[middle + 1 :])
        assert verify.main([str(folder), *key]) == 1, path
        path.write_bytes(before)
    assert verify.main([str(folder), *key]) == 0


def test_events_that_nobody_signed_are_told_apart(
    signed: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signed.take("record")
    seal.run_once(signed.house)
    folder = exported(signed, tmp_path / "export")
    key = signed.rows(KEYS)[-1]["vkey"]
    assert standalone.load().main([str(folder), "--key", key]) == 3
    assert "1 events that no signature vouches for" in capsys.readouterr().out
