"""Making proofs from the stored tree: of one event, of the growth between two checkpoints, of one plan's whole log.

Each is verified before it is handed out, by what verifies it elsewhere: a log that does not fit gives no proof.
"""

from functools import lru_cache
from typing import Final

from pdca.audit import proofs
from pdca.audit.canonical import CanonicalError, canonical, open_private
from pdca.audit.checkpoint import Checkpoint
from pdca.audit.dossier import Dossier, Entry, Opened
from pdca.audit.event import read_body
from pdca.audit.heads import prove_head
from pdca.audit.notes import NoteError, text_of
from pdca.audit.proofs import ConsistencyProof, InclusionProof
from pdca.audit.tree import ReadNode, leaf_hash
from pdca.checkpoints import heads_at, latest
from pdca.errors import Failed, NotFound, Refused
from pdca.i18n import _
from pdca.logged import unreadable
from pdca.store import eventlog
from pdca.store.driver import Connection, Row
from pdca.store.reads import checkpoints

EXTENSIONS: Final = {"inclusion": ".tlog-proof", "consistency": ".consistency", "dossier": ".dossier"}
"""How the names of files end."""
NODES_KEPT: Final = 1 << 16
"""Nodes of the tree that are held in memory while several proofs are made."""


def latest_note(connection: Connection) -> str:
    """Give the checkpoint that was signed last; raises Failed when none was."""
    last = latest(connection)
    if last is None:
        raise Failed(
            "no-checkpoint",
            _("Nothing was signed yet, so there is nothing to prove by."),
            hint=_("`pdca audit checkpoint` signs the state of the log."),
        )
    return str(last["note"])


def note_of_size(connection: Connection, size: int) -> str:
    """Give the last stored checkpoint of so many events; raises NotFound when there is none."""
    notes = [str(row["note"]) for row in connection.all(checkpoints.EVERY) if row["size"] == size]
    if not notes:
        raise NotFound(
            "checkpoint-unknown",
            _("No checkpoint of %(size)s events was signed.") % {"size": size},
            hint=_("Name the file of a checkpoint, or the size of one that was signed."),
        )
    return notes[-1]


def prove_event(connection: Connection, event_id: int, note: str) -> InclusionProof:
    """Prove that an event is in the log of a checkpoint; the proof carries the event.

    Raises NotFound for an event that there is none of, Refused for one that is later than the checkpoint, Failed when
    the log does not fit the checkpoint.
    """
    checkpoint = Checkpoint.parse(text_of(note))
    row = connection.one(checkpoints.LEAF_OF_EVENT, event_id=event_id)
    if row is None:
        raise NotFound(
            "event-unknown",
            _("There is no event %(event)s.") % {"event": event_id},
            hint=_("`pdca audit log` lists them all."),
        )
    index, body = row["leaf_index"], bytes(row["body"])
    if index is None or index >= checkpoint.size:
        raise Refused(
            "event-later",
            _("Event %(event)s is later than this checkpoint of %(size)s events.")
            % {"event": event_id, "size": checkpoint.size},
            hint=_("`pdca audit checkpoint` signs the state of the log."),
        )
    try:
        path = tuple(proofs.inclusion(index, checkpoint.size, eventlog.node_reader(connection)))
    except KeyError as error:
        raise _misfit() from error
    if proofs.root_by_inclusion(index, checkpoint.size, leaf_hash(body), path) != checkpoint.root:
        raise _misfit()
    return InclusionProof(index, path, note, body)


def prove_growth(connection: Connection, old_note: str, note: str) -> ConsistencyProof:
    """Prove that the log of one checkpoint begins with that of another.

    Raises Refused for checkpoints that cannot be joined, Failed when the log does not fit them.
    """
    earlier, checkpoint = Checkpoint.parse(text_of(old_note)), Checkpoint.parse(text_of(note))
    if earlier.origin != checkpoint.origin or earlier.size > checkpoint.size:
        raise Refused(
            "checkpoints-unrelated",
            _("The first checkpoint is not an earlier one of the same log."),
            hint=_("Name the earlier one first."),
        )
    try:
        path = tuple(proofs.consistency(earlier.size, checkpoint.size, eventlog.node_reader(connection)))
    except KeyError as error:
        raise _misfit() from error
    if not proofs.is_consistent(earlier.size, checkpoint.size, earlier.root, checkpoint.root, path):
        raise _misfit()
    return ConsistencyProof(earlier.size, path, note)


class Dossiers:
    """Puts dossiers together that all go up to one checkpoint; what they share is read once."""

    def __init__(self, connection: Connection, note: str) -> None:
        self._connection = connection
        self._note = note
        self._checkpoint = Checkpoint.parse(text_of(note))
        self._read_node = lru_cache(NODES_KEPT)(eventlog.node_reader(connection))
        self._heads = {head.stream: head for head in heads_at(connection, self._checkpoint.size)}

    @property
    def streams(self) -> list[str]:
        """The streams that have an event by then."""
        return sorted(self._heads)

    def of(self, stream: str, *, opened: bool = False) -> Dossier:
        """Put together all events of a stream, `opened` with the values behind their commitments.

        Raises Refused when the stream has none by then, Failed when the log does not fit the checkpoint.
        """
        size = self._checkpoint.size
        if stream not in self._heads:
            raise Refused(
                "nothing-by-then",
                _("The log had nothing of %(stream)s at this checkpoint of %(size)s events.")
                % {"stream": stream, "size": size},
                hint=_("`pdca audit checkpoint` signs the state of the log."),
            )
        rows = self._connection.all(checkpoints.LEAVES_OF_STREAM, stream=stream, size=size)
        try:
            head = prove_head(self._heads.values(), stream)
            entries = tuple(_entry(row, size, self._read_node, opened=opened) for row in rows)
            dossier = Dossier(stream, head.index, head.path, entries, self._note)
            dossier.events(self._checkpoint)
        except (KeyError, NoteError) as error:
            raise _misfit() from error
        return dossier


def _entry(row: Row, size: int, read_node: ReadNode, *, opened: bool) -> Entry:
    index = row["leaf_index"]
    values = _opened(row) if opened and row["payload"] else ()
    return Entry(index, _text(row), tuple(proofs.inclusion(index, size, read_node)), values)


def _text(row: Row) -> str:
    try:
        return bytes(row["body"]).decode()
    except (UnicodeDecodeError, TypeError) as error:
        raise unreadable(row["event_id"]) from error


def _opened(row: Row) -> tuple[Opened, ...]:
    """Give what opens the commitments of an event, as far as it was not erased, in the order of its body."""
    try:
        values = open_private(row["payload"])
        digests = read_body(bytes(row["body"])).commitments
    except CanonicalError as error:
        raise unreadable(row["event_id"]) from error
    found = [values[digest] for digest in digests if digest in values]
    return tuple(Opened(salt, canonical(value).decode()) for salt, value in found)


def _misfit() -> Failed:
    return Failed(
        "log-differs",
        _("The log does not fit this checkpoint, so nothing is proven by it."),
        hint=_("`pdca audit verify --checkpoint FILE` says what does not fit."),
    )
