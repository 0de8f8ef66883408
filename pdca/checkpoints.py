"""Signing the state of the log, so that whoever keeps the note can tell later whether it only grew.

A checkpoint is worth something once it has left the house: it is printed, written to a folder, and stands in the foot
of every message and report.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pdca.audit import tree
from pdca.audit.checkpoint import Checkpoint
from pdca.audit.heads import Head, root_of_heads
from pdca.audit.notes import SigningKey, VerifierKey, sign, text_of
from pdca.errors import Failed
from pdca.files import whole_file
from pdca.i18n import _
from pdca.keys import KeyFile
from pdca.store import eventlog
from pdca.store.driver import Connection, Row
from pdca.store.reads import checkpoints
from pdca.store.unit_of_work import UnitOfWork

SEALED_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint with its note; `new` tells whether it was signed just now."""

    checkpoint: Checkpoint
    note: str
    new: bool


def present_key(connection: Connection) -> Row | None:
    """Give the key that signs now; None when there is none."""
    keys = connection.all(checkpoints.KEYS)
    return keys[-1] if keys else None


def latest(connection: Connection) -> Row | None:
    """Give the last checkpoint that was signed (number, size, at, note); None when there is none."""
    return connection.one(checkpoints.LATEST)


def state(connection: Connection, origin: str) -> Checkpoint:
    """Work out the present state of the log; raises Failed when its tree has holes."""
    size = eventlog.tree_size(connection)
    try:
        root = tree.root(size, eventlog.node_reader(connection))
    except KeyError as error:
        raise _broken() from error
    streams, heads = root_of_heads(heads_at(connection, size))
    return Checkpoint(origin, size, root, streams, heads)


def heads_at(connection: Connection, size: int) -> list[Head]:
    """Give the head of every stream among the first `size` leaves."""
    found = connection.all(checkpoints.HEADS, size=size)
    return [Head(row["stream"], row["seq"], bytes(row["hash"])) for row in found]


def sign_state(uow: UnitOfWork, file: KeyFile, *besides: SigningKey) -> Signed:
    """Sign the state of the log by the key in its file, and by those `besides`; what is signed already stays as it is.

    Raises Failed when the file does not hold the key of this log, and when the log does not go on from what the key
    signed last: somebody put back a backup, or rewrote it.
    """
    key = _key_of(uow.connection, file)
    while uow.connection.dialect == "postgresql" and eventlog.seal(uow.connection, SEALED_AT_ONCE) == SEALED_AT_ONCE:
        pass
    now = state(uow.connection, key.name)
    last = latest(uow.connection)
    stored = Checkpoint.parse(text_of(last["note"])) if last else None
    for earlier in (file.last_signed(), stored):
        if earlier is not None:
            _check_grown(uow.connection, earlier, now)
    if last is not None and stored == now and not besides:
        return Signed(now, last["note"], new=False)
    note = sign(now.text(), key, *besides)
    number = (last["number"] if last else 0) + 1
    uow.connection.run(checkpoints.ADD, number=number, size=now.size, at=uow.now_text, note=note)
    # Before the transaction ends: a note that was kept for nothing does no harm, one that was forgotten does.
    file.remember(note)
    return Signed(now, note, new=True)


def write_to(folder: Path, signed: Signed) -> Path:
    """Write a note to a folder under its size; one that is there already is left, for it says the same."""
    path = folder / f"{signed.checkpoint.size:012}.checkpoint"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as new:
            new.write_text(signed.note, encoding="utf-8")
    return path


def keys_of(rows: Sequence[Row]) -> list[VerifierKey]:
    """Read the public keys of the log."""
    return [VerifierKey.parse(row["vkey"]) for row in rows]


def _key_of(connection: Connection, file: KeyFile) -> SigningKey:
    present = present_key(connection)
    if present is None:
        raise Failed(
            "no-log-key",
            _("This log has no key yet."),
            hint=_("An administrator makes one with `pdca audit key change --reason …`."),
        )
    prepared = file.prepared()
    if prepared is not None and str(prepared.verifier) == present["vkey"]:
        file.take_over()
    key = file.read()
    if str(key.verifier) != present["vkey"]:
        raise Failed(
            "not-the-log-key",
            _("The key in the file is not the one of this log."),
            hint=_("`pdca audit key list` shows its keys. Name the right file in the setting “audit.key_file”."),
        )
    return key


def _check_grown(connection: Connection, earlier: Checkpoint, now: Checkpoint) -> None:
    if earlier.origin != now.origin:
        return
    try:
        same = earlier.size <= now.size and earlier.root == tree.root(earlier.size, eventlog.node_reader(connection))
    except KeyError as error:
        raise _broken() from error
    if not same:
        raise Failed(
            "log-forked",
            _("The log does not go on from what its key signed last, when it had %(size)d events; it has %(now)d now.")
            % {"size": earlier.size, "now": now.size},
            hint=_(
                "A backup was put back, or somebody rewrote it: `pdca audit verify` says more. Whoever goes on from "
                "here says why with `pdca audit key change --reason …`."
            ),
        )


def _broken() -> Failed:
    return Failed(
        "tree-broken",
        _("The tree of the log has holes, so nothing is signed."),
        hint=_("`pdca audit verify` names them."),
    )
