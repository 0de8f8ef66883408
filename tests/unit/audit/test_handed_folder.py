"""The program and `verify.py` say the same of a folder with a whole log, of its keys, and of all that lies in it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from pdca.audit.notes import LOG_SIGNATURE, SigningKey, sign
from pdca.handed_folder import check_folder
from tests.unit.audit.exports import LOG, NEXT, Built, event, lay, line, naming, said, verify

FITS, DIFFERS, NOT_ALL_CHECKED = 0, 1, 3
FIRST: Final = naming(LOG, 1)
SECOND: Final = event("P-001")
THIRD: Final = event("P-001", 2, SECOND)
CHANGE: Final = naming(NEXT, 2, FIRST)
AFTER: Final = event("installation", 3, CHANGE)
PLAIN: Final = Built((FIRST, SECOND, THIRD))
CHANGED: Final = Built((FIRST, SECOND, CHANGE, AFTER))


# --- Who vouches for a key --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("log", "signed", "waiting", "status", "trusted"),
    [
        (CHANGED, [(2, [LOG]), (3, [LOG, NEXT]), (4, [NEXT])], (), FITS, True),
        (CHANGED, [(2, [LOG]), (4, [LOG])], (), FITS, True),
        (Built((FIRST, SECOND)), [(2, [LOG])], (CHANGE,), NOT_ALL_CHECKED, False),
        (Built((FIRST, SECOND)), [(2, [LOG]), (2, [NEXT])], (CHANGE,), DIFFERS, False),
        (Built((FIRST, SECOND)), [(2, [LOG, NEXT])], (CHANGE,), NOT_ALL_CHECKED, False),
        (CHANGED, [(2, [LOG]), (3, [NEXT])], (), DIFFERS, False),
        (CHANGED, [(2, [LOG])], (), NOT_ALL_CHECKED, False),
        (CHANGED, [], (), NOT_ALL_CHECKED, False),
    ],
    ids=[
        "by both keys",
        "by the old key",
        "waiting",
        "waiting, and it signed",
        "waiting, and both signed",
        "by itself only",
        "sealed later than what was signed",
        "nothing signed",
    ],
)
def test_a_key_is_trusted_only_where_a_trusted_one_signed_what_covers_its_naming(
    tmp_path: Path,
    log: Built,
    signed: list[tuple[int, list[SigningKey]]],
    waiting: tuple[bytes, ...],
    status: int,
    *,
    trusted: bool,
) -> None:
    found = said(lay(tmp_path / "export", log, signed, waiting))
    assert found.status == status
    assert found.untrusted == (frozenset() if trusted else {str(NEXT.verifier)})


def test_an_auditor_who_holds_the_later_key_trusts_the_earlier_one_that_it_vouches_for(tmp_path: Path) -> None:
    folder = lay(tmp_path / "export", CHANGED, [(2, [LOG]), (3, [NEXT]), (4, [NEXT])])
    assert said(folder, key=NEXT).status == FITS
    assert said(folder).status == DIFFERS


def test_without_a_key_that_was_kept_none_that_waits_for_a_leaf_is_taken_from_the_export_either(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two = Built((FIRST, SECOND))
    assert verify.main([str(lay(tmp_path / "right", two, [(2, [LOG])]))]) == NOT_ALL_CHECKED
    assert "NOT TRUSTED" not in capsys.readouterr().out
    assert verify.main([str(lay(tmp_path / "waits", two, [(2, [LOG])], (CHANGE,)))]) == NOT_ALL_CHECKED
    assert f"NOT TRUSTED  {NEXT.verifier}" in capsys.readouterr().out
    assert verify.main([str(lay(tmp_path / "signed", two, [(2, [LOG]), (2, [NEXT])], (CHANGE,)))]) == DIFFERS
    assert verify.main([str(lay(tmp_path / "covered", CHANGED, [(2, [LOG]), (3, [NEXT])]))]) == NOT_ALL_CHECKED
    assert verify.main([str(lay(tmp_path / "not yet", CHANGED, [(2, [LOG]), (2, [NEXT])]))]) == DIFFERS


# --- What lies beside -------------------------------------------------------------------------------------------------


OTHER: Final = Built((FIRST, SECOND, event("P-001", 2, SECOND, reason={"~": "0" * 64})))
STRANGE: Final = SigningKey("example.org/log", LOG_SIGNATURE, bytes(32))
LATER: Final = Built((*PLAIN.bodies, event("P-002")))


def taken(log: Built, size: int, key: SigningKey) -> dict[str, str]:
    """All that can be taken out of a log at a size, by its ending."""
    note = log.note(size, key)
    return {
        "checkpoint": note,
        "tlog-proof": log.proof(1, note),
        "dossier": log.dossier("P-001", note),
        "consistency": log.growth(2, note),
    }


def whole(folder: Path) -> Path:
    return lay(folder, PLAIN, [(2, [LOG]), (3, [LOG])])


@pytest.mark.parametrize("place", ["{}", "sub/{}", "sub/deeper/{}", "no-ending"])
@pytest.mark.parametrize("ending", taken(PLAIN, 3, LOG))
def test_what_lies_in_the_folder_of_its_log_fits(tmp_path: Path, ending: str, place: str) -> None:
    folder = whole(tmp_path / "export")
    path = folder / place.format(f"mine.{ending}")
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(taken(PLAIN, 3, LOG)[ending], encoding="utf-8")
    found = said(folder)
    assert found.status == FITS
    assert f"ok           {path}: " in found.by_verifier
    assert str(path) in {one.name for one in found.by_program.found}


@pytest.mark.parametrize(
    ("log", "size", "key", "code", "words"),
    [
        (OTHER, 3, LOG, "not-of-this-log", "not of this log"),
        (PLAIN, 3, STRANGE, "not-of-this-log", "not of this log, but of example.org/log"),
        (LATER, 4, LOG, "log-shorter", "it speaks of 4 events, and here are 3"),
        (PLAIN, 3, NEXT, "note-not-signed", "did not sign it with a key that you trust"),
    ],
    ids=["fork", "another name", "later", "another key"],
)
@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize("ending", taken(PLAIN, 3, LOG))
def test_what_is_of_another_log_is_named_whether_it_lies_in_the_folder_or_is_given_beside_it(
    tmp_path: Path, ending: str, log: Built, size: int, key: SigningKey, code: str, words: str, *, beside: bool
) -> None:
    folder = whole(tmp_path / "export")
    path = tmp_path / f"mine.{ending}" if beside else folder / f"mine.{ending}"
    path.write_text(taken(log, size, key)[ending], encoding="utf-8")
    found = said(folder, *[path] * beside)
    assert found.status == DIFFERS
    [error] = [one.error for one in (*found.by_program.given, *found.by_program.found) if one.error]
    assert error.code == code
    assert words in found.by_verifier


def test_a_proof_of_growth_that_leads_from_another_log_is_refused_though_its_checkpoint_fits(tmp_path: Path) -> None:
    folder = whole(tmp_path / "export")
    note = PLAIN.note(3, LOG)
    (folder / "mine.consistency").write_text(Built((FIRST, THIRD, THIRD)).growth(2, note), encoding="utf-8")
    assert said(folder).status == FITS  # the leaf of the third is all that such a proof has
    (folder / "mine.consistency").write_text(Built((FIRST, SECOND, SECOND)).growth(2, note), encoding="utf-8")
    assert said(folder).status == DIFFERS


def test_what_is_given_beside_a_folder_is_told_whole_and_needs_no_checkpoint_but_the_log(tmp_path: Path) -> None:
    folder = lay(tmp_path / "export", PLAIN, [(3, [LOG])])
    for ending, text in taken(PLAIN, 3, LOG).items():
        path = tmp_path / f"mine.{ending}"
        path.write_text(text, encoding="utf-8")
        found = said(folder, path)
        assert found.status == FITS
        assert ("P-001 #1" in found.by_verifier) == (ending in {"tlog-proof", "dossier"})


def test_what_asks_no_belief_lies_there_unremarked(tmp_path: Path) -> None:
    folder = whole(tmp_path / "export")
    (folder / "notes.txt").write_text("Seen on Monday.\n", encoding="utf-8")
    (folder / "page.html").write_bytes(b"\xff\xfe")
    (folder / "log-format.md").write_text(PLAIN.note(3, NEXT), encoding="utf-8")
    assert said(folder).status == FITS
    (folder / "notes.txt").write_text("Seen on Monday.\n\n— somebody AAAAAAAA\n", encoding="utf-8")
    assert said(folder).status == DIFFERS


# --- The folder itself ------------------------------------------------------------------------------------------------


def altered_line(number: int, **members: object) -> Callable[[Path], object]:
    def alter(folder: Path) -> None:
        path = folder / "pdca-log.jsonl"
        lines = [json.loads(one) for one in path.read_text(encoding="utf-8").splitlines()]
        lines[number] = {**lines[number], **members}
        path.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")

    return alter


def renamed(old: str, new: str) -> Callable[[Path], object]:
    return lambda folder: (folder / old).rename(folder / new)


@pytest.mark.parametrize(
    "alter",
    [
        altered_line(1, actor="U-002"),
        altered_line(1, leaf_hash="0" * 64),
        altered_line(1, leaf_index=2),
        altered_line(1, leaf_index=None),
        altered_line(1, leaf_index=None, leaf_hash=None),
        altered_line(1, more=1),
        altered_line(1, body="{}"),
        altered_line(1, body=1),
        altered_line(1, body=THIRD.decode()),
        altered_line(1, **line(1, THIRD)),
        altered_line(2, **line(2, SECOND)),
        altered_line(0, **line(0, event("installation", changes=[]))),
        lambda folder: (folder / "pdca-log.jsonl").write_text("[\n", encoding="utf-8"),
        lambda folder: (folder / "pdca-log.jsonl").unlink(),
        lambda folder: (folder / "keys.txt").write_text("", encoding="utf-8"),
        lambda folder: (folder / "keys.txt").unlink(),
        lambda folder: (folder / "checkpoints" / "000001.checkpoint").unlink(),
        lambda folder: (folder / "checkpoints" / "000003.checkpoint").mkdir(),
        lambda folder: (folder / "checkpoints" / "note").write_bytes(b"\xff"),
        renamed("checkpoints/000002.checkpoint", "checkpoints/2.checkpoint"),
        renamed("consistency/000001-000002.consistency", "consistency/000001-000003.consistency"),
        renamed("consistency/000001-000002.consistency", "checkpoints/000003.checkpoint"),
        renamed("dossiers/P-001.dossier", "dossiers/P-002.dossier"),
        renamed("dossiers/P-001.dossier", "consistency/P-001.dossier"),
        lambda folder: (folder / "dossiers" / "P-001.dossier").write_text(
            PLAIN.dossier("P-001", PLAIN.note(2, LOG)), encoding="utf-8"
        ),
        lambda folder: (folder / "dossiers" / "P-001.dossier").unlink(),
    ],
)
def test_both_find_what_was_altered_in_a_folder(tmp_path: Path, alter: Callable[[Path], object]) -> None:
    folder = whole(tmp_path / "export")
    assert said(folder).status == FITS
    alter(folder)
    assert said(folder).status == DIFFERS


@pytest.mark.parametrize("ending", taken(PLAIN, 3, LOG))
def test_what_has_the_name_of_a_proof_and_is_cut_off_does_not_fit(tmp_path: Path, ending: str) -> None:
    folder = whole(tmp_path / "export")
    text = taken(PLAIN, 3, LOG)[ending]
    (folder / f"mine.{ending}").write_text(text[: len(text) // 2], encoding="utf-8")
    assert said(folder).status == DIFFERS


def test_a_note_without_a_name_asks_belief_by_its_last_line(tmp_path: Path) -> None:
    folder = whole(tmp_path / "export")
    (folder / "kept").write_text(sign("Anything.\n", LOG), encoding="utf-8")
    assert said(folder).status == DIFFERS


# --- What a house that lies can lay -----------------------------------------------------------------------------------


def test_a_file_of_the_folder_that_is_named_beside_it_keeps_its_place(tmp_path: Path) -> None:
    folder = whole(tmp_path / "export")
    for path in sorted(folder.glob("*/*")):
        assert said(folder, path).status == FITS, path


def test_a_checkpoint_of_as_many_events_as_there_are_before_a_line_that_does_not_fit(tmp_path: Path) -> None:
    change = {"op": "insert", "table": "log_key", "key": {"number": 1}, "set": {"vkey": "nonsense"}}
    log = Built((SECOND, event("installation", changes=[change])))
    assert said(lay(tmp_path / "export", log, [(1, [LOG]), (2, [LOG])])).status == DIFFERS


def test_half_a_character_is_named(tmp_path: Path) -> None:
    folder = whole(tmp_path / "export")
    body = SECOND.decode().replace("plan.edited", "\ud800")
    altered_line(1, body=body, kind="\ud800")(folder)
    found = said(folder)
    assert found.status == DIFFERS
    assert "line 2: a text has half a character" in found.by_verifier


def test_a_dossier_that_no_file_can_be_called_by_is_missing(tmp_path: Path) -> None:
    long = "x" * 300
    folder = lay(tmp_path / "export", Built((FIRST,)), [])
    lines = [line(index, body) for index, body in enumerate((FIRST, event(long)))]
    (folder / "pdca-log.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    note = Built((FIRST, event(long))).note(2, LOG)
    (folder / "checkpoints" / "000001.checkpoint").write_text(note, encoding="utf-8")
    assert f"{long}.dossier: it is missing" in said(folder).by_verifier


@pytest.mark.parametrize(("growth", "fits"), [(PLAIN.growth(2, PLAIN.note(3, LOG)), True), (None, False)])
def test_a_proof_of_growth_is_held_to_the_checkpoints_where_the_events_cannot_be_read(
    tmp_path: Path, growth: str | None, *, fits: bool
) -> None:
    folder = whole(tmp_path / "export")
    path = folder / "consistency" / "000001-000002.consistency"
    forged = Built((FIRST, SECOND, SECOND)).growth(2, PLAIN.note(3, LOG))
    path.write_text(growth or forged, encoding="utf-8")
    (folder / "pdca-log.jsonl").unlink()
    found = said(folder)
    assert found.status == DIFFERS
    assert (str(path) in {one.name for one in found.by_program.found if one.error}) != fits


def test_checkpoints_that_contradict_each_other_are_told_where_the_events_cannot_be_read(tmp_path: Path) -> None:
    folder = lay(tmp_path / "export", PLAIN, [(3, [LOG])])
    (folder / "checkpoints" / "000002.checkpoint").write_text(OTHER.note(3, LOG), encoding="utf-8")
    (folder / "pdca-log.jsonl").unlink()
    found = check_folder(folder, [], [LOG.verifier])
    codes = {Path(one.name).name: one.error.code for one in found.found if one.error}
    assert codes["000002.checkpoint"] == "checkpoints-contradict"
    assert "000001.checkpoint" not in codes


def test_a_file_that_cannot_be_read_to_its_end_is_named(tmp_path: Path) -> None:
    folder = whole(tmp_path / "export")
    (folder / "pdca-log.jsonl").unlink()
    # Memory of this process is opened like any file, and reading it from its beginning fails.
    (folder / "pdca-log.jsonl").symlink_to("/proc/self/mem")
    found = check_folder(folder, [], [LOG.verifier])
    assert (str(folder / "pdca-log.jsonl"), "file-unreadable") in {(one.where, one.error.code) for one in found.faults}
