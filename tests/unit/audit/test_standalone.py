"""The verifier that is handed out refuses events by a house that lies, though every hash of them is right."""

import base64
import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from pdca.audit.canonical import CanonicalError
from pdca.audit.checkpoint import Checkpoint
from pdca.audit.event import build_body, read_body
from pdca.audit.heads import Head, root_of_heads
from pdca.audit.kept import check_kept
from pdca.audit.notes import LOG_SIGNATURE, SigningKey, sign
from pdca.audit.reader import EventRow
from pdca.audit.tree import TreeBuilder, leaf_hash
from pdca.store.auditors_copy import Contents, write_copy
from tests import standalone

FITS, DIFFERS, NOT_ALL_CHECKED = 0, 1, 3
REPEATED: Final = ("stream", "seq", "at", "kind", "plan", "trigger", "from", "to", "actor", "source")
LOG: Final = SigningKey("example.com/log", LOG_SIGNATURE, bytes(32))
KEY: Final = str(LOG.verifier)
AT: Final = "2024-01-08T08:00:01.000000Z"
verify = standalone.load()


def line(index: int, body: bytes, **altered: object) -> dict[str, Any]:
    """A line of the log as it is exported, or altered."""
    event = json.loads(body)
    repeated = {name: event[name] for name in REPEATED}
    place = {"event": index + 1, "leaf_index": index, "leaf_hash": leaf_hash(body).hex()}
    return {**place, **repeated, "body": body.decode(), **altered}


def event(stream: str, seq: int = 1, prev: bytes | None = None, **members: Any) -> bytes:  # noqa: ANN401 - any member
    named = {"kind": "plan.edited", "at": AT, "actor": "U-001", "source": "cli", **members}
    return build_body(stream=stream, seq=seq, prev=leaf_hash(prev).hex() if prev else None, **named)


def named(vkey: object) -> bytes:
    """The event by which a log names its key."""
    change = {"op": "insert", "table": "log_key", "key": {"number": 1}, "set": {"vkey": vkey}}
    return event("installation", changes=[change])


FIRST: Final = named(KEY)
SECOND: Final = event("P-001", key="P-001/start#0")
THIRD: Final = event("P-001", 2, SECOND)


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([line(0, FIRST), line(1, SECOND), line(2, THIRD)], NOT_ALL_CHECKED),
        ([line(0, FIRST), line(1, SECOND), line(2, THIRD, leaf_index=None, leaf_hash=None)], NOT_ALL_CHECKED),
        ([line(0, FIRST), line(1, SECOND), line(2, event("P-002", key="P-001/start#0"))], DIFFERS),
        ([line(0, FIRST), line(1, SECOND, leaf_index=None, leaf_hash=None), line(1, THIRD)], DIFFERS),
        ([line(0, FIRST), line(1, SECOND, leaf_index=None)], DIFFERS),
        ([line(0, FIRST), line(2, SECOND)], DIFFERS),
        ([line(0, FIRST), line(1, SECOND, leaf_hash=leaf_hash(FIRST).hex())], DIFFERS),
        ([line(0, FIRST), line(1, SECOND, actor="U-002")], DIFFERS),
        ([line(0, FIRST), line(1, SECOND, more=1)], DIFFERS),
        ([line(0, FIRST), line(1, THIRD)], DIFFERS),
        ([line(0, FIRST), line(1, SECOND), line(2, SECOND)], DIFFERS),
        ([line(0, FIRST), line(1, SECOND), line(2, event("P-001", 3, SECOND))], DIFFERS),
        ([line(0, named(KEY.replace("example.com", "example.org")))], DIFFERS),
        ([line(0, event("installation"))], DIFFERS),
        ([line(0, named(1))], DIFFERS),
        ([line(0, named({"~": "0" * 64}))], DIFFERS),
        ([{**line(0, FIRST), "body": "[" * 100_000}], DIFFERS),
    ],
    ids=[
        "right",
        "one that waits",
        "key twice",
        "leaf after none",
        "hash without leaf",
        "leaf left out",
        "another hash",
        "another actor",
        "more members",
        "no first",
        "event twice",
        "gap",
        "no key",
        "another key",
        "number for a key",
        "commitment for a key",
        "nested",
    ],
)
def test_events_that_do_not_fit_each_other_are_found(tmp_path: Path, lines: list[dict[str, Any]], status: int) -> None:
    assert checked(tmp_path, "".join(json.dumps(one) + "\n" for one in lines)) == status


@pytest.mark.parametrize("sealed", [True, False])
def test_a_copy_for_an_auditor_has_each_line_as_it_is_exported_also_without_a_leaf(
    tmp_path: Path, *, sealed: bool
) -> None:
    last = {} if sealed else {"leaf_index": None, "leaf_hash": None}
    lines = [line(0, FIRST), line(1, SECOND, **last)]
    write_copy(tmp_path / "copy.db", Contents(map(stored, lines), (), (), {}))
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        copied = [text for (text,) in copy.execute("SELECT line FROM pdca_log")]
    assert [json.loads(text) for text in copied] == lines
    assert checked(tmp_path, "".join(text + "\n" for text in copied)) == NOT_ALL_CHECKED


def stored(exported: dict[str, Any]) -> tuple[EventRow, dict[str, Any]]:
    """An event as a database has it, with its body as it is read."""
    body = json.loads(exported["body"])
    columns = {name: body[name] for name in ("stream", "seq", "kind", "plan", "at", "actor", "source")}
    leaf = bytes.fromhex(exported["leaf_hash"]) if exported["leaf_hash"] else None
    place = {"leaf_index": exported["leaf_index"], "event_id": exported["event"], "leaf_hash": leaf}
    return EventRow(**columns, **place, event_key=body["key"], body=exported["body"].encode(), private=None), body


def checked(folder: Path, text: str, keys: str = f"{KEY}\n") -> int:
    """The exit status for an export of these events, which nobody signed."""
    export = folder / "export"
    export.mkdir(exist_ok=True)
    (export / "pdca-log.jsonl").write_text(text, encoding="utf-8")
    (export / "keys.txt").write_text(keys, encoding="utf-8")
    status: int = verify.main([str(export), "--key", KEY])
    return status


@pytest.mark.parametrize("text", ["", "1\n", "[]\n", "{\n", "\n", json.dumps(line(0, FIRST))[:-1] + ', "event": 1}\n'])
def test_what_is_no_line_of_a_log_is_found(tmp_path: Path, text: str) -> None:
    assert checked(tmp_path, json.dumps(line(0, FIRST)) + "\n") == NOT_ALL_CHECKED
    assert checked(tmp_path, text) == DIFFERS


@pytest.mark.parametrize("keys", ["", KEY, f"{KEY}\n\n", f"{KEY}\n{KEY}\n", f"{KEY} \n", f"{KEY}\nmore", "key\n"])
def test_other_keys_than_the_log_names_are_found(tmp_path: Path, keys: str) -> None:
    assert checked(tmp_path, json.dumps(line(0, FIRST)) + "\n", keys) == DIFFERS


def test_half_a_character_and_the_name_of_a_stream_that_no_file_can_have_are_misfits(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    half = {**line(0, FIRST), "body": FIRST.decode().replace("plan.edited", "\ud800"), "kind": "\ud800"}
    assert checked(tmp_path, json.dumps(half) + "\n") == DIFFERS
    assert "line 1: a text has half a character" in capsys.readouterr().out
    bodies = (FIRST, event("x" * 300))
    builder = TreeBuilder()
    heads = root_of_heads(Head(json.loads(body)["stream"], 1, leaf_hash(body)) for body in bodies)
    for body in bodies:
        builder.add(leaf_hash(body))
    (tmp_path / "export" / "checkpoints").mkdir()
    note = sign(Checkpoint(LOG.name, 2, builder.root(), *heads).text(), LOG)
    (tmp_path / "export" / "checkpoints" / "000001.checkpoint").write_text(note, encoding="utf-8")
    assert checked(tmp_path, "".join(json.dumps(line(*one)) + "\n" for one in enumerate(bodies))) == DIFFERS
    assert f"{'x' * 300}.dossier: it is missing" in capsys.readouterr().out


def test_a_folder_without_any_event_shows_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(tmp_path, "", keys="") == NOT_ALL_CHECKED
    assert "NOT CHECKED  whose log this is" in capsys.readouterr().out


ROOT: Final = leaf_hash(FIRST)
HEADS: Final = root_of_heads([Head("installation", 1, ROOT)])
OTHER: Final = leaf_hash(SECOND)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (Checkpoint(LOG.name, 1, ROOT, *HEADS), FITS),
        (Checkpoint(LOG.name, 1, OTHER, *HEADS), DIFFERS),
        (Checkpoint(LOG.name, 1, ROOT, 1, OTHER), DIFFERS),
        (Checkpoint(LOG.name, 1, ROOT), DIFFERS),
        (Checkpoint(LOG.name, 2, ROOT, *HEADS), DIFFERS),
        (Checkpoint("example.org/log", 1, ROOT, *HEADS), DIFFERS),
    ],
    ids=["right", "another root", "other heads", "no heads", "more events", "another log"],
)
def test_a_checkpoint_that_was_kept_has_to_say_what_the_events_come_to(
    tmp_path: Path, said: Checkpoint, status: int
) -> None:
    kept = tmp_path / "kept"
    kept.write_text(sign(said.text(), LOG), encoding="utf-8")
    assert checked(tmp_path, json.dumps(line(0, FIRST)) + "\n") == NOT_ALL_CHECKED
    assert verify.main([str(tmp_path / "export"), "--key", KEY, "--checkpoint", str(kept)]) == status


NEXT: Final = [SigningKey(LOG.name, LOG_SIGNATURE, bytes([number] * 32)) for number in (1, 2)]


@pytest.mark.parametrize(
    ("signers", "status"),
    [
        ([[LOG], [LOG, NEXT[0]], NEXT, [NEXT[1]]], FITS),
        ([[LOG], [LOG, NEXT[0]], [NEXT[1]], [NEXT[1]]], DIFFERS),
        ([[LOG], [NEXT[0]], NEXT, [NEXT[1]]], DIFFERS),
    ],
    ids=["each change", "not the second change", "not the first change"],
)
def test_a_key_is_believed_after_several_changes_each_of_which_the_key_before_signed(
    tmp_path: Path, signers: list[list[SigningKey]], status: int
) -> None:
    """Each key signed the naming of the next; in the end the last one signs by itself."""
    keys = [LOG, *NEXT]
    bodies = [named(KEY)]
    for number, key in enumerate(NEXT, 2):
        change = {"op": "insert", "table": "log_key", "key": {"number": number}, "set": {"vkey": str(key.verifier)}}
        bodies.append(event("installation", number, bodies[-1], changes=[change]))
    bodies.append(event("installation", 4, bodies[-1]))
    asked = []
    for size, signed_by in enumerate(signers, 1):
        leaves = [leaf_hash(body) for body in bodies[:size]]
        heads = root_of_heads([Head("installation", size, leaves[-1])])
        note = sign(Checkpoint(LOG.name, size, verify.Tree(leaves).root(), *heads).text(), *signed_by)
        (tmp_path / f"kept{size}").write_text(note, encoding="utf-8")
        asked += ["--checkpoint", str(tmp_path / f"kept{size}")]
    lines = "".join(json.dumps(line(index, body)) + "\n" for index, body in enumerate(bodies))
    vkeys = "".join(f"{key.verifier}\n" for key in keys)
    assert checked(tmp_path, lines, vkeys) == NOT_ALL_CHECKED
    assert verify.main([str(tmp_path / "export"), "--key", KEY, *asked]) == status


AFTER: Final = hashlib.sha256(b"\1" + ROOT + OTHER).digest()


@pytest.mark.parametrize(
    ("kept", "proven", "status"),
    [
        (Checkpoint(LOG.name, 1, ROOT), True, FITS),
        (Checkpoint(LOG.name, 1, ROOT), False, NOT_ALL_CHECKED),
        (Checkpoint(LOG.name, 1, OTHER), False, NOT_ALL_CHECKED),
        (Checkpoint(LOG.name, 1, OTHER), True, DIFFERS),
        (Checkpoint(LOG.name, 3, OTHER), True, NOT_ALL_CHECKED),
        (Checkpoint(LOG.name, 2, OTHER), False, DIFFERS),
    ],
    ids=["proven", "not proven", "fork", "fork beside a proof", "later", "fork of the same size"],
)
def test_a_checkpoint_of_another_size_than_was_kept_is_held_to_it_by_a_proof_that_the_log_grew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kept: Checkpoint, *, proven: bool, status: int
) -> None:
    after = sign(Checkpoint(LOG.name, 2, AFTER).text(), LOG)
    files = {"kept": sign(kept.text(), LOG), "after": after}
    if proven:
        files["grown"] = f"old 1\n{base64.b64encode(OTHER).decode()}\n\n{after}"
        files["first"] = files["kept"] if kept.size == 1 else sign(Checkpoint(LOG.name, 1, ROOT).text(), LOG)
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    paths = [str(tmp_path / name) for name in files if name != "kept"]
    assert verify.main([*paths, "--key", KEY, "--checkpoint", str(tmp_path / "kept")]) == status
    first, last = min(kept.size, 2), max(kept.size, 2)
    if status != DIFFERS:
        asked = f"give the proof from {first} to {last} events as well" in capsys.readouterr().out
        assert asked == (status == NOT_ALL_CHECKED)
    of_program = check_kept(files.items(), [LOG.verifier])
    assert any(shown.error for shown in of_program) == (status == DIFFERS)
    if status != DIFFERS:
        assert {shown.apart for shown in of_program} - {None} == ({last} if status == NOT_ALL_CHECKED else set())


def changed(**members: object) -> bytes:
    body = {**json.loads(THIRD), **members}
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


CHANGE: Final = {"op": "update", "table": "plan", "key": {"plan_id": "P-001"}, "set": {"state": "do"}}
COMMITMENT: Final = {"~": "0" * 64}


def test_what_an_event_can_hold_is_read_by_both() -> None:
    for body in (
        changed(),
        changed(changes=[CHANGE, {**CHANGE, "set": {"title": COMMITMENT, "cycle": 1, "note": None}}]),
        changed(changes=[{**CHANGE, "op": "delete", "set": {}}]),
        changed(reason=COMMITMENT, refused=["no-indicator"], due_at=AT, source="import"),
    ):
        assert verify.event_of(body.decode())["seq"] == read_body(body).seq == 2


@pytest.mark.parametrize(
    "members",
    [
        {"v": 2},
        {"stream": ""},
        {"stream": "P-001\n2"},
        {"stream": "P 1"},
        {"seq": 0},
        {"seq": "2"},
        {"seq": 1},
        {"prev": None},
        {"prev": "0" * 63},
        {"prev": "G" * 64},
        {"kind": ""},
        {"at": "2024-01-08"},
        {"due_at": "2024-01-08T08:00:01Z"},
        {"actor": None},
        {"source": "elsewhere"},
        {"plan": 1},
        {"key": ""},
        {"reason": "because"},
        {"reason": {"~": "0"}},
        {"reason": {**COMMITMENT, "salt": "0"}},
        {"refused": "no-indicator"},
        {"refused": [1]},
        {"refused": True},
        {"changes": None},
        {"changes": [{}]},
        {"changes": [{**CHANGE, "op": "replace"}]},
        {"changes": [{**CHANGE, "table": ""}]},
        {"changes": [{**CHANGE, "key": {}}]},
        {"changes": [{**CHANGE, "key": {"plan_id": COMMITMENT}}]},
        {"changes": [{**CHANGE, "set": {"state": ["do"]}}]},
        {"changes": [{**CHANGE, "set": {"étape": "do"}}]},
        {"changes": [{**CHANGE, "set": {"state": "e\u0301"}}]},
        {"changes": [{**CHANGE, "set": {"cycle": 2**53}}]},
        {"changes": [{**CHANGE, "set": {"cycle": 1.5}}]},
        {"changes": [{**CHANGE, "op": "delete"}]},
        {"more": 1},
    ],
    ids=str,
)
def test_what_no_event_can_hold_is_refused_by_both(members: dict[str, object]) -> None:
    body = changed(**members)
    with pytest.raises(verify.Misfit):
        verify.event_of(body.decode())
    with pytest.raises(CanonicalError):
        read_body(body)
