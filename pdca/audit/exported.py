"""The events of an export, as a folder of them holds them: read line by line, and held to what is said of them.

Of the whole log nothing is kept but how far each stream has come, and what the events had come to at some sizes.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn

from pdca.audit.canonical import CanonicalError
from pdca.audit.checkpoint import Checkpoint
from pdca.audit.event import EXPORTED, REPEATED, EventView, read_body
from pdca.audit.heads import Head, root_of_heads
from pdca.audit.notes import NoteError
from pdca.audit.proofs import ConsistencyProof, is_consistent
from pdca.audit.tree import TreeBuilder, leaf_hash
from pdca.audit.trust import KEYS, key_of
from pdca.i18n import _

_CALLED: Final = {"from": "from_state", "to": "to_state"}
"""What is called otherwise when a body was read."""

_State = tuple[bytes, tuple[int, bytes]]
_NONE: Final[_State] = (b"", (0, b""))
"""What the events had come to at a size that the reading broke off at: nothing that a checkpoint can say."""


class ExportedLog:
    """What the events of an export come to, noted at each of some sizes.

    `named` are the keys that they name, each with the number of events up to the first that does, None where that has
    no leaf yet. `waiting` counts the events without a leaf; `begun` has of each stream at which leaf it begins.
    """

    def __init__(self, sizes: Iterable[int]) -> None:
        self.named: dict[str, int | None] = {}
        self.begun: dict[str, int] = {}
        self.waiting = 0
        self.whole = True
        self._tree = TreeBuilder()
        self._heads: dict[str, Head] = {}
        self._once: set[str] = set()
        self._sizes = frozenset(sizes)
        self._states: dict[int, _State] = {}
        self._note_state()

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return self._tree.size

    @property
    def root(self) -> bytes:
        """The root of their tree."""
        return self._tree.root()

    def read(self, lines: Iterable[bytes]) -> None:
        """Read all events; raises NoteError for the first that does not fit, and reads no further."""
        for number, line in enumerate(lines, start=1):
            try:
                self._take(_row_of(line))
            except CanonicalError as error:
                self.whole = False
                raise _misfit(number, _("its body cannot be read")) from error
            except _MisfitError as error:
                self.whole = False
                raise _misfit(number, error.what) from error
            self._note_state()

    def hold(self, checkpoint: Checkpoint) -> None:
        """Check that a checkpoint says of this log what its events come to; raises NoteError otherwise."""
        origins = {key.name for vkey in self.named if (key := key_of(vkey))}
        if origins and checkpoint.origin not in origins:
            raise _another(_("It is not of this log, but of %(origin)s.") % {"origin": checkpoint.origin})
        if checkpoint.size > self.size:
            raise NoteError(
                _("It speaks of %(said)s events, and the log here has %(found)s.")
                % {"said": checkpoint.size, "found": self.size},
                code="log-shorter",
            )
        root, heads = self._states.get(checkpoint.size, _NONE)
        if checkpoint.root != root:
            raise _another(
                _("It is not of this log, whose first %(size)s events make another root.") % {"size": checkpoint.size}
            )
        if (checkpoint.streams, checkpoint.heads) != heads:
            raise _another(
                _("It is not of this log: after %(size)s events its streams had come elsewhere.")
                % {"size": checkpoint.size}
            )

    def hold_growth(self, proof: ConsistencyProof, checkpoint: Checkpoint) -> None:
        """Check that a proof of growth leads from what the events had come to by then; raises NoteError otherwise."""
        root, _heads = self._states.get(proof.old, _NONE)
        if not is_consistent(proof.old, checkpoint.size, root, checkpoint.root, proof.path):
            raise NoteError(_("The log does not go on from the earlier checkpoint."), code="proof-differs")

    def _take(self, row: Mapping[str, Any]) -> None:
        body = row["body"].encode()
        view, leaf = read_body(body), leaf_hash(body)
        said = {name: getattr(view, _CALLED.get(name, name)) for name in REPEATED}
        if any(type(row[name]) is not type(said[name]) or row[name] != said[name] for name in REPEATED):
            raise _MisfitError(_("a column does not repeat its body"))
        before = self._heads.get(view.stream)
        expected = (before.seq + 1, before.digest.hex()) if before else (1, None)
        if (view.seq, view.prev) != expected:
            raise _MisfitError(_("it does not follow the event before it"))
        self._heads[view.stream] = Head(view.stream, view.seq, leaf)
        self.begun.setdefault(view.stream, self.size)
        if view.key in self._once:
            raise _MisfitError(_("its key is that of an earlier event"))
        if view.key is not None:
            self._once.add(view.key)
        self._seal(row, leaf)
        self._note_keys(view)

    def _seal(self, row: Mapping[str, Any], leaf: bytes) -> None:
        if row["leaf_index"] is None and row["leaf_hash"] is None:
            self.waiting += 1
            return
        if self.waiting or type(row["leaf_index"]) is not int or row["leaf_index"] != self.size:
            raise _MisfitError(_("it is not at its place in the tree"))
        if row["leaf_hash"] != leaf.hex():
            raise _MisfitError(_("its hash is not that of its body"))
        self._tree.add(leaf)

    def _note_keys(self, view: EventView) -> None:
        for change in view.changes:
            if change.table == KEYS and "vkey" in change.values:
                vkey = change.values["vkey"]
                if not isinstance(vkey, str) or str(key_of(vkey)) != vkey:
                    raise _MisfitError(_("it names a key that is none"))
                self.named.setdefault(vkey, None if self.waiting else self.size)

    def _note_state(self) -> None:
        if self.size in self._sizes and not self.waiting:
            self._states[self.size] = self.root, root_of_heads(self._heads.values())


class _MisfitError(Exception):
    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def _row_of(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line.decode(), object_pairs_hook=_once, parse_float=_never, parse_constant=_never)
    except (ValueError, RecursionError) as error:
        raise _MisfitError(_("it is not a line of an export")) from error
    if not isinstance(row, dict) or row.keys() != set(EXPORTED) or not isinstance(row["body"], str):
        raise _MisfitError(_("it is not a line of an export"))
    try:
        row["body"].encode()
    except UnicodeEncodeError as error:
        raise _MisfitError(_("its body cannot be read")) from error
    return row


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _never(_number: str) -> NoReturn:
    raise ValueError


def _misfit(number: int, what: str) -> NoteError:
    return NoteError(_("Line %(line)s does not fit: %(what)s.") % {"line": number, "what": what}, code="export-differs")


def _another(message: str) -> NoteError:
    return NoteError(message, code="not-of-this-log")
