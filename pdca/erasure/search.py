"""Looking in the log for all that is to be erased together: of some people, and of what is past its term.

To read the whole log takes its time, and on SQLite nobody else writes meanwhile when it is read inside of the writing
transaction. So it is read before, as it stood at one moment, and inside only what has come since. What is found is the
same. When what is to be erased is something else by then, all has to be read anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pdca.erasure.belongings import Belongings, Called, EverCalled
from pdca.erasure.message_files import MessageFiles
from pdca.erasure.past_term import Due
from pdca.erasure.so_far import LogSoFar
from pdca.erasure.taking import Taking
from pdca.erasure.trace import Logged, logged
from pdca.store.catalogue import INSTALLATION_STREAM
from pdca.store.driver import Connection
from pdca.store.reads import log, people


class ReadAnew(Exception):
    """What is to be erased is no longer what was looked for before the transaction."""


@dataclass(slots=True)
class Search:
    """Looks in one pass for everything of some people, in the order in which they go, and for what is past its term."""

    people: Sequence[str]
    taking: Taking
    _ever: EverCalled
    _called: dict[str, Called]
    _belongings: dict[str, Belongings] = field(default_factory=dict)
    _so_far: LogSoFar = field(default_factory=LogSoFar)
    _is_read: bool = False

    @classmethod
    def of(cls, connection: Connection, wanted: Sequence[str], due: Sequence[Due] = ()) -> "Search":
        """Begin it: of people only what they were ever called is read yet."""
        ever, called = EverCalled(), {}
        if wanted:
            for event in logged(connection.stream(log.EVENTS_OF_INSTALLATION)):
                ever.take(event)
            present = connection.all(people.PEOPLE)
            called = {one: ever.of(one, present, gone=wanted[:place]) for place, one in enumerate(wanted)}
        return cls(wanted, Taking(due), ever, called)

    def called(self, person_id: str) -> Called:
        """Tell what a person was ever called."""
        return self._called[person_id]

    def read_before(self, connection: Connection) -> "Search":
        """Read all there is, in a transaction that sees one state of it, and give the search."""
        self._read(connection)
        self.taking.look_for_copies(connection)
        return self

    def having_read(self, files: MessageFiles, connection: Connection) -> MessageFiles:
        """Give the files with every message read for the people that are looked for."""
        return files.having_read(connection, {one: self._called[one].naming for one in self.people})

    def must_be_for(self, wanted: Sequence[str], due: Sequence[Due] = ()) -> None:
        """Raise ReadAnew when it looked for other people, or for something else that is past its term."""
        if (self.people, self.taking.due) != (wanted, due):
            raise ReadAnew

    def belongings(self, connection: Connection, person_id: str) -> Belongings:
        """Give what is of a person now; raises ReadAnew when he or she has to be looked for by other names."""
        self._follow(connection)
        if self._ever.of(person_id, connection.all(people.PEOPLE)) != self._called[person_id]:
            raise ReadAnew
        return self._belongings.pop(person_id)

    def past_term(self, connection: Connection) -> Taking:
        """Give what is past its term now."""
        if self.taking.any_due:
            self._follow(connection)
            self.taking.look_for_copies(connection)
        return self.taking

    def _follow(self, connection: Connection) -> None:
        if not self._is_read:
            self._read(connection)
            return
        for event in self._so_far.rest(connection):
            if self._called and event.view.stream == INSTALLATION_STREAM:
                self._ever.take(event)
            self._take(event)

    def _read(self, connection: Connection) -> None:
        self._belongings = {one: Belongings(one, self._called[one]) for one in self.people}
        if self.people or self.taking.any_due:
            for event in self._so_far.whole(connection):
                self._take(event)
        self._is_read = True

    def _take(self, event: Logged) -> None:
        for one in self._belongings.values():
            one.take(event)
        if self.taking.any_due:
            self.taking.take(event)
