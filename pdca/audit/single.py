"""An event looked at by itself: its body, the columns that repeat it, and its commitments."""

from collections.abc import Mapping
from typing import Final

from pdca.audit.canonical import CanonicalError, Json, commit, open_private
from pdca.audit.event import BodyError, EventView, read_body
from pdca.audit.findings import Findings
from pdca.audit.reader import EventRow, Reader

ERASED: Final = "erased_value"
"""The table of the commitments whose value and salt were erased; like every table it follows from the log."""

# Column of the stored event -> member of the body that it must repeat.
_COLUMNS: Final = (
    ("stream", "stream"),
    ("seq", "seq"),
    ("kind", "kind"),
    ("plan", "plan"),
    ("at", "at"),
    ("actor", "actor"),
    ("source", "source"),
    ("event_key", "key"),
)


def erased_values(reader: Reader) -> frozenset[str]:
    """Give what the table says may be gone; that an event says so too is known only when all were read."""
    rows = reader.rows(ERASED) if ERASED in reader.tables() else ()
    return frozenset(digest for row in rows if type(digest := row.get("digest")) is str)


class SingleEvents:
    """Checks one event after the other, each by itself.

    `gone` has the commitments whose value is gone, as `allowed` says it may be: where that was, and in which event.
    """

    def __init__(self, findings: Findings, allowed: frozenset[str]) -> None:
        self.gone: dict[str, tuple[str, object]] = {}
        self._findings = findings
        self._allowed = allowed

    def read(self, row: EventRow, body: bytes, where: str) -> EventView | None:
        """Read the body; None when it is no event."""
        try:
            return read_body(body)
        except BodyError as error:
            self._findings.add("body-not-an-event", error.message, where, row.event_id)
        except CanonicalError as error:
            self._findings.add("body-unreadable", error.message, where, row.event_id)
        return None

    def compare_columns(self, row: EventRow, view: EventView, where: str) -> None:
        """Compare the columns with what they repeat."""
        for column, member in _COLUMNS:
            expected, found = getattr(view, member), getattr(row, column)
            if type(expected) is not type(found) or expected != found:
                message = f"Column {column} does not repeat the body."
                self._findings.differ("column-differs", message, f"{where}: {column}", expected, found, row.event_id)

    def open(self, row: EventRow, view: EventView, where: str) -> Mapping[str, Json]:
        """Return the values of the event's commitments, each tested; one that is gone is a finding."""
        entries = self._entries(row, where)
        if entries is None:
            return {}
        opened: dict[str, Json] = {}
        for digest in view.commitments:
            if digest not in entries:
                # Whatever is erased, its row stays.
                if digest in self._allowed and row.private is not None:
                    self.gone[digest] = (where, row.event_id)
                else:
                    self.note_missing(digest, where, row.event_id)
                continue
            if digest in self._allowed:
                message = "A value that was erased is there again."
                self._findings.add("private-not-erased", message, f"{where}: {digest}", row.event_id)
            salt, value = entries[digest]
            opened[digest] = value
            if commit(value, salt) != digest:
                message = "A personal or free-text value is not the one that was logged."
                self._findings.add("commitment-differs", message, f"{where}: {digest}", row.event_id)
        for digest in entries.keys() - opened.keys():
            message = "The erasable part holds a value that the event does not have."
            self._findings.add("private-unknown", message, f"{where}: {digest}", row.event_id)
        return opened

    def note_missing(self, digest: str, where: str, event_id: object) -> None:
        """Note that a value is gone and should not be."""
        message = "A personal or free-text value of the event is gone."
        self._findings.add("private-missing", message, f"{where}: {digest}", event_id)

    def _entries(self, row: EventRow, where: str) -> Mapping[str, tuple[bytes, Json]] | None:
        """Return the erasable part, None when it cannot be read: then nothing more is said of what it should hold."""
        try:
            if row.private is None:
                return {}
            if type(row.private) is not str:
                raise CanonicalError("The erasable part is not stored as text.")  # noqa: TRY301 - one place to note it
            return open_private(row.private)
        except CanonicalError as error:
            self._findings.add("private-unreadable", error.message, where, row.event_id)
            return None
