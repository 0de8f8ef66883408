"""What is of a person in the log: what he or she was ever called, and which values are his or hers or have the name."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from pdca.actor import login_in_log
from pdca.audit.event import EventView, LoggedChange
from pdca.erasure.mentions import names
from pdca.erasure.naming import ERASED, Naming
from pdca.erasure.trace import Found, Logged, Trace
from pdca.store.driver import Row

_CALLED: Final = ("name", "email")
_LABELS: Final = ("handle", "login")
_ABOUT: Final = ("basis", "note")


@dataclass(frozen=True, slots=True)
class Called:
    """The names and addresses by which a person is looked for, and the handles and logins.

    `shared` tells that somebody else who is here bears a name of his or hers. Such a name is not looked for in texts:
    it may well be the other who is meant.
    """

    names: frozenset[str]
    labels: frozenset[str]
    shared: bool

    @property
    def naming(self) -> Naming:
        """What finds texts that name the person."""
        return Naming(self.names, self.labels)


@dataclass(slots=True)
class EverCalled:
    """What everybody was ever called, by person and column; events of the installation are taken in their order."""

    _ever: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def take(self, event: Logged) -> None:
        """Take an event."""
        Trace().take(event, self._note)

    def of(self, person_id: str, present: Iterable[Row], gone: Collection[str] = ()) -> Called:
        """Tell it of a person, beside the rows of all who are `present`; those of `gone` have no name any more."""
        others = {
            (ERASED if row["person_id"] in gone else row["name"]).casefold()
            for row in present
            if row["person_id"] != person_id
        }
        names, email, handle, login = (
            self._ever.get((person_id, column), set[str]()) for column in (*_CALLED, *_LABELS)
        )
        own = {name for name in names if name.casefold() not in others}
        labels = {*handle, *login, *map(login_in_log, login)}
        return Called(frozenset({*own, *email}), frozenset(labels), own != names)

    def _note(self, found: Found) -> bool:
        change = found.change
        if change is not None and change.table == "person" and found.column in (*_CALLED, *_LABELS):
            self._ever[str(change.key["person_id"]), found.column].add(found.text)
        return False


@dataclass(slots=True)
class Belongings:
    """Decides, event by event in their order, which values are a person's own or name him or her.

    `in_the_clear` are the events in whose body the name stands, where it cannot be erased.
    """

    person_id: str
    called: Called
    naming: Naming = field(init=False)
    trace: Trace = field(default_factory=Trace)
    own: set[tuple[str, str]] = field(default_factory=set)
    in_the_clear: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make what finds the name, once."""
        self.naming = self.called.naming

    def take(self, event: Logged) -> None:
        """Take an event."""
        self.trace.take(event, self._wanted)
        if self.naming.found_in(event.body.decode()):
            self.in_the_clear.append(event.event_id)

    def _wanted(self, found: Found) -> bool:
        """Tell whether the value is to be erased."""
        change = found.change
        if change is None:
            return self._why_about(found.view) or self.naming.found_in(found.text)
        if change.table == "person":
            if _is_row_of(change, self.person_id):
                return True
            return found.column in _ABOUT and self.naming.found_in(found.text)
        return self.is_own(change) or names(change.table, found.column, found.text, self.naming)

    def is_own(self, change: LoggedChange) -> bool:
        """Tell whether a row is a message to the person, or says why he or she was absent."""
        column = {"notification": "person_id", "substitution": "absent_id"}.get(change.table)
        if column is None:
            return False
        (key,) = change.key.values()
        if change.op == "insert" and change.values.get(column) == self.person_id:
            self.own.add((change.table, str(key)))
        return (change.table, str(key)) in self.own

    def _why_about(self, view: EventView) -> bool:
        return view.kind.startswith("person.") and any(
            self.is_own(change) or _is_row_of(change, self.person_id, "person", "appointment")
            for change in view.changes
        )


def _is_row_of(change: LoggedChange | None, person_id: str, *tables: str) -> bool:
    return change is not None and change.table in (tables or ("person",)) and change.key.get("person_id") == person_id
