"""The log is signed by its key, and whoever kept what was signed sees every rewriting, restoring and cutting off."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from pdca import checkpoints
from pdca.audit.checked import Held
from pdca.audit.checkpoint import Checkpoint
from pdca.audit.encoded import encode
from pdca.audit.findings import Report
from pdca.audit.heads import root_of_heads
from pdca.audit.notes import VerifierKey, open_note
from pdca.audit.verify import verify
from pdca.checkpoints import Signed, sign_state
from pdca.errors import Failed, NoRight, Refused, Usage
from pdca.house import House
from pdca.key_change import Changed, change_key
from pdca.keys import KeyFile
from pdca.log_keys import ChangeKey
from pdca.settings_groups import Audit
from pdca.store.driver import Statement
from pdca.store.reads.checkpoints import KEYS
from pdca.store.verifying import StoredLog
from scheduler import seal
from scheduler.checkpoints import CheckpointCounts, run_once
from tests.contract.world import World, opened

REASON: Final = "Het eerste."


@pytest.fixture
def file(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "apart" / "log.key")


@pytest.fixture
def keyed(world: World, file: KeyFile) -> World:
    """An installation whose log has a key."""
    changed(world, file)
    return world


def changed(world: World, file: KeyFile, reason: str = REASON, house: House | None = None) -> Changed:
    return change_key(house or world.house, file.path, {}, reason)


def sign(world: World, file: KeyFile) -> Signed:
    with world.house.writing() as uow:
        return sign_state(uow, file)


def held(world: World, *notes: str) -> Report:
    with world.house.database.connect() as connection:
        return verify(StoredLog(connection), held=[Held(f"kept {place}", note) for place, note in enumerate(notes)])


def stored(world: World) -> list[dict[str, object]]:
    return world.rows(Statement("stored_checkpoints", "SELECT number, size, note FROM checkpoint ORDER BY number"))


def test_what_was_signed_says_how_many_events_there_are_and_opens_by_the_key_of_the_log(
    keyed: World, file: KeyFile
) -> None:
    keyed.take("start")
    signed = sign(keyed, file)
    (key,) = keyed.rows(KEYS)
    assert Checkpoint.parse(open_note(signed.note, [VerifierKey.parse(key["vkey"])]).text) == signed.checkpoint
    assert signed.checkpoint.size == len(keyed.dump()["event"])
    assert held(keyed, signed.note).proven == signed.checkpoint.size
    assert file.last_signed() == signed.checkpoint


def test_what_did_not_change_is_not_signed_again(keyed: World, file: KeyFile) -> None:
    first = sign(keyed, file)
    again = sign(keyed, file)
    assert (again.note, again.new) == (first.note, False)
    keyed.take("start")
    assert sign(keyed, file).new
    assert [row["number"] for row in stored(keyed)] == [1, 2]


def test_a_checkpoint_fits_the_log_for_good(keyed: World, file: KeyFile) -> None:
    notes = []
    for step in ("start", "evaluate", "record"):
        keyed.take(step)
        notes.append(sign(keyed, file).note)
    report = held(keyed, *notes)
    assert report.ok
    assert report.proven == Checkpoint.parse(notes[-1].partition("\n\n")[0] + "\n").size


@pytest.mark.parametrize("form", ["UPDATE checkpoint SET note = ''", "DELETE FROM checkpoint"])
def test_stored_checkpoints_are_append_only(keyed: World, file: KeyFile, form: str) -> None:
    sign(keyed, file)
    with pytest.raises(Failed, match="append-only"), keyed.house.writing() as uow:
        uow.connection.run(Statement("tampering", form))
    assert len(stored(keyed)) == 1


def test_another_key_signs_from_now_on_and_the_next_checkpoint_bears_both(keyed: World, file: KeyFile) -> None:
    before = file.read().verifier
    change = changed(keyed, file, "Gezien door een collega.")
    after = VerifierKey.parse(change.vkey)
    assert (after.name, after.public == before.public) == (before.name, False)
    note = str(stored(keyed)[-1]["note"])
    assert {signed.key for signed in open_note(note, [before, after]).signed} == {before, after}
    assert keyed.dump()["event"][-1]["kind"] == "key.changed"
    first, second = keyed.rows(KEYS)
    assert (first["retired_at"], second["retired_at"]) == (second["made_at"], None)
    keyed.take("start")
    assert [one.key for one in open_note(sign(keyed, file).note, [before, after]).signed] == [after]
    assert held(keyed, *(str(row["note"]) for row in stored(keyed))).ok


def test_a_key_that_was_lost_is_replaced_without_it(keyed: World, file: KeyFile) -> None:
    file.forget()
    change = changed(keyed, file, "De schijf is stuk.")
    assert [one.key for one in open_note(str(stored(keyed)[-1]["note"]), [VerifierKey.parse(change.vkey)]).signed]
    assert held(keyed).ok


def test_cut_off_between_the_log_and_the_file_the_next_signature_puts_the_new_key_in_its_place(
    keyed: World, file: KeyFile
) -> None:
    key = replace(file.read(), seed=bytes(range(32)))
    file.prepare(key)
    keyed.house.apply(ChangeKey(str(key.verifier), "Halverwege."))
    assert open_note(sign(keyed, file).note, [key.verifier]).signed
    assert file.read() == key


def test_cut_off_before_the_log_knew_of_it_the_old_key_goes_on(keyed: World, file: KeyFile) -> None:
    before = file.read()
    file.prepare(replace(before, seed=bytes(range(32))))
    assert open_note(sign(keyed, file).note, [before.verifier]).signed
    assert file.read() == before


def test_only_an_administrator_changes_the_key_and_says_why(keyed: World, file: KeyFile) -> None:
    before = file.read()
    lea = replace(keyed.house, as_person="lea")
    with pytest.raises(NoRight):
        changed(keyed, file, "Zomaar.", lea)
    with pytest.raises(Usage):
        changed(keyed, file, " ")
    with pytest.raises(Refused):
        keyed.house.apply(ChangeKey(str(before.verifier), "Nog eens."))
    assert len(keyed.rows(KEYS)) == 1
    assert open_note(sign(keyed, file).note, [before.verifier]).signed


def test_a_dry_run_makes_no_key(world: World, file: KeyFile) -> None:
    change_key(world.house, file.path, {}, REASON, dry_run=True)
    assert not file.path.parent.exists()
    assert world.rows(KEYS) == []


def test_a_log_without_a_key_is_not_signed(world: World, file: KeyFile) -> None:
    file.make("example.com/another")
    with pytest.raises(Failed) as refused:
        sign(world, file)
    assert refused.value.code == "no-log-key"


def test_the_key_of_another_log_signs_nothing(keyed: World, file: KeyFile) -> None:
    file.forget()
    file.make("example.com/another")
    with pytest.raises(Failed) as refused:
        sign(keyed, file)
    assert refused.value.code == "not-the-log-key"
    assert stored(keyed) == stored(keyed)[:1]


def _open(file: KeyFile) -> None:
    file.path.chmod(0o640)


def _spoil(file: KeyFile) -> None:
    file.path.write_text("nothing\n")


def _empty(file: KeyFile) -> None:
    file.path.write_text("")


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_open, "key-open-to-others"),
        (_spoil, "key-unreadable"),
        (_empty, "secret-empty"),
        (KeyFile.forget, "secret-unreadable"),
    ],
)
def test_a_key_that_cannot_be_trusted_or_read_signs_nothing(
    keyed: World, file: KeyFile, spoil: Callable[[KeyFile], None], code: str
) -> None:
    before = stored(keyed)
    secret = file.read().text().split("+", 4)[4]
    spoil(file)
    with pytest.raises(Failed) as refused:
        sign(keyed, file)
    assert refused.value.code == code
    assert secret not in str(refused.value.as_dict())
    assert stored(keyed) == before


def test_after_a_backup_was_put_back_nothing_is_signed_until_somebody_says_why(
    furnished_file_url: str, file: KeyFile, tmp_path: Path
) -> None:
    path, backup = Path(furnished_file_url.removeprefix("sqlite:///")), tmp_path / "backup.db"
    with opened(furnished_file_url) as world:
        changed(world, file)
        world.take("start")
        with world.house.database.connect(writing=True) as connection:
            connection.run(Statement("backup", f"VACUUM INTO '{backup}'"))
        world.take("evaluate")
        kept = sign(world, file)
    shutil.copyfile(backup, path)
    with opened(furnished_file_url) as world:
        with pytest.raises(Failed) as refused:
            sign(world, file)
        assert refused.value.code == "log-forked"
        assert [one.code for one in held(world, kept.note).findings] == ["log-shorter"]
        changed(world, file, "De kopie van gisteren is teruggezet.")
        assert sign(world, file).checkpoint.size == len(world.dump()["event"])


def test_a_log_that_is_not_the_one_that_the_key_signed_last_is_not_signed(keyed: World, file: KeyFile) -> None:
    before = sign(keyed, file)
    file.remember(before.note.replace(before.note.split("\n")[2], encode(bytes(32))))
    with pytest.raises(Failed) as refused:
        sign(keyed, file)
    assert refused.value.code == "log-forked"
    file.remember("nothing")
    with pytest.raises(Failed) as unreadable:
        sign(keyed, file)
    assert unreadable.value.code == "key-memory-unreadable"


def later(world: World) -> None:
    world.clock.advance_to(world.clock.now() + timedelta(minutes=60))


def every(minutes: int, file: KeyFile, folder: Path | None = None) -> Audit:
    return Audit(file.path, minutes, folder)


def test_the_scheduler_signs_what_grew_when_the_last_signature_is_old_enough(
    keyed: World, file: KeyFile, tmp_path: Path
) -> None:
    settings = every(60, file, tmp_path / "kept")
    keyed.take("start")
    seal.run_once(keyed.house)
    assert run_once(keyed.house, settings) == CheckpointCounts(0)
    later(keyed)
    assert run_once(keyed.house, settings) == CheckpointCounts(1)
    later(keyed)
    assert run_once(keyed.house, settings) == CheckpointCounts(0)
    (note,) = (tmp_path / "kept").iterdir()
    assert note.read_text() == stored(keyed)[-1]["note"]
    assert note.name == f"{stored(keyed)[-1]['size']:012}.checkpoint"


def test_the_scheduler_signs_nothing_where_the_key_is_not(keyed: World, file: KeyFile) -> None:
    keyed.take("start")
    seal.run_once(keyed.house)
    later(keyed)
    file.forget()
    assert run_once(keyed.house, every(60, file)) == CheckpointCounts(0)


def test_the_heads_in_a_checkpoint_are_those_of_its_own_size_also_later(keyed: World, file: KeyFile) -> None:
    keyed.take("start")
    then = sign(keyed, file).checkpoint
    keyed.take("evaluate", "record")
    seal.run_once(keyed.house)
    with keyed.house.reading() as connection:
        found = checkpoints.heads_at(connection, then.size)
        now = checkpoints.heads_at(connection, then.size + 2)
    assert root_of_heads(found) == (then.streams, then.heads)
    assert root_of_heads(now) != (then.streams, then.heads)
