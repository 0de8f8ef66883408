"""The composition root: which database, which clock, which actor."""

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from pdca import i18n
from pdca.actor import Actor
from pdca.clock import Clock, FixedClock, SystemClock
from pdca.errors import NoRight, NotFound, PdcaError, Refused, Usage
from pdca.i18n import _
from pdca.people.find import find_person
from pdca.store.database import Database
from pdca.store.driver import Connection, Row, Statement
from pdca.store.jsontext import from_json
from pdca.store.reads import people
from pdca.store.unit_of_work import UnitOfWork, current_instant, unit_of_work
from workflows.instants import from_text

if TYPE_CHECKING:
    from pdca.engine import Command, Outcome

_LAST_INSTANT = Statement("last_instant", "SELECT at FROM event ORDER BY event_id DESC LIMIT 1")
_SESSION_USER = Statement("session_user", "SELECT session_user AS login")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class House:
    """An installation as one process sees it.

    `as_person` and `pretended_now` are accepted by a simulated database only. `source` is the entry point that the
    log names. `on_behalf_of` is the absent person for whom the present one acts, when that has to be said. `opened` are
    connections for reading that are open already: whoever reads next has the last of them.
    """

    database: Database
    source: str = "cli"
    as_person: str | None = None
    on_behalf_of: str | None = None
    pretended_now: datetime | None = None
    clock: Clock | None = None
    opened: list[Connection] = field(default_factory=list)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a connection that cannot change anything; texts are shown in the body's languages where others lack."""
        with self.opened.pop() if self.opened else self.database.connect() as connection:
            if found := connection.one(people.INSTALLATION):
                listed = (from_json(found["details"]) or {}).get("languages", ())
                i18n.at_home_in(found["language"], *listed)
            yield connection

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        """Open one transaction; it is committed at the end, or undone by any error."""
        with (
            self.database.connect(writing=True) as connection,
            unit_of_work(connection, self.clock_of(connection)) as uow,
        ):
            yield uow

    def apply(self, command: "Command", *, dry_run: bool = False) -> "Outcome":
        """Perform one command as the present actor in a transaction of its own; a dry run undoes it again.

        A refusal by the rules is in the outcome and in the log; any error leaves the database as it was, but for the
        note of an attempt that was refused.
        """
        with self.performing(command, dry_run=dry_run) as (_uow, outcome):
            return outcome

    @contextmanager
    def performing(self, command: "Command", *, dry_run: bool = False) -> "Iterator[tuple[UnitOfWork, Outcome]]":
        """Perform one command like `apply`, and look at what it did before the transaction ends."""
        # The write path is only loaded by those who write: a reading command has to be quick.
        from pdca.engine import apply

        with self.noting_refusals(command, dry_run=dry_run), self.writing() as uow:
            uow.keep = not dry_run
            yield uow, apply(uow, command, self.actor(uow.connection))

    @contextmanager
    def noting_refusals(self, tried: "Command | str", *, dry_run: bool = False) -> Iterator[None]:
        """Keep in the log what is refused inside with an error, in a transaction of its own; the error goes on.

        `tried` is the command, or the name of a service of the scheduler: of that only the lack of a right is kept, for
        it tries again by itself. Whatever opens a transaction has to stand inside.
        """
        try:
            yield
        except PdcaError as refusal:
            by_a_rule = refusal.exit_status == Refused.exit_status and not isinstance(tried, str)
            if not dry_run and (by_a_rule or isinstance(refusal, NoRight)):
                self._note(refusal, tried)
            raise

    def _note(self, refusal: PdcaError, tried: "Command | str") -> None:
        from pdca.access import note

        # Where nothing can be written, the refusal is still what there is to tell.
        with suppress(Exception), self.writing() as uow:
            actor = refusal.actor if isinstance(refusal, NoRight) else self.actor(uow.connection)
            note(uow, refusal, actor, tried)

    def written_since(self, instant: datetime) -> bool:
        """Tell whether anybody wrote to the database's file since an instant of this machine's own clock.

        Says no for a database on a server, which has no file to look at. Ask before the last connection is closed:
        closing may write too.
        """
        path = self.database.path
        if path is None:
            return False
        found = [os.stat(file) for file in (path, f"{path}-wal") if os.path.exists(file)]
        # Who only reads makes an empty write-ahead log.
        return any(one.st_size and one.st_mtime >= instant.timestamp() for one in found)

    def now(self, connection: Connection) -> datetime:
        """Tell the time as this installation has it."""
        return current_instant(connection, self.clock_of(connection))

    def actor(self, connection: Connection) -> Actor:
        """Say who acts: the operating system's user (the session's on PostgreSQL), or `--as` in a simulation."""
        actor = self._actor(connection)
        if self.on_behalf_of is None:
            return actor
        return actor._replace(on_behalf_of=find_person(connection, self.on_behalf_of)["person_id"])

    def _actor(self, connection: Connection) -> Actor:
        if self.as_person is not None:
            if not installation(connection)["simulated"]:
                raise NoRight(
                    "not-simulated",
                    _("Only a simulated database accepts --as."),
                    hint=_("On a real one you act under your own login."),
                    actor=replace(self, as_person=None).actor(connection),
                )
            person = find_person(connection, self.as_person)
            return Actor(person["person_id"], person["access"], self.source, person["login"])
        login = self.login(connection)
        found = connection.one(people.PERSON_BY_LOGIN, login=login)
        if found is None:
            return Actor(None, "", self.source, login)
        return Actor(found["person_id"], found["access"], self.source, login)

    def scheduler(self, connection: Connection) -> Actor:
        """Say that the background scheduler acts, once the login that runs it may: a service or an administrator."""
        person = self._actor(connection)
        if person.access not in ("service", "administrator"):
            raise NoRight(
                "scheduler-not-allowed",
                _("“%(login)s” may not run the scheduler.") % {"login": person.login or person.person_id},
                hint=_("An administrator registers it with `pdca person add --login … --access service`."),
                actor=person,
            )
        return Actor(None, "service", self.source, person.login)

    def login(self, connection: Connection) -> str:
        """Tell the login: never what an environment variable claims."""
        if connection.dialect == "postgresql":
            return str(connection.value(_SESSION_USER))
        return self.operating_system_login()

    @staticmethod
    def operating_system_login() -> str:
        """Tell the login of the operating system's user who runs this process."""
        try:
            return pwd.getpwuid(os.getuid()).pw_name
        except KeyError:
            return f"uid-{os.getuid()}"

    def clock_of(self, connection: Connection) -> Clock:
        """Choose the clock: the machine's, or in a simulated database a virtual one, PDCA_NOW, or where it stood still.

        Raises Usage for a pretended time on a real database, or one before the last event.
        """
        simulated = bool((connection.one(people.INSTALLATION) or {"simulated": self.clock is not None})["simulated"])
        pretends = self.clock is not None or self.pretended_now is not None
        if pretends and not simulated:
            raise Usage(
                "not-simulated",
                _("Only a simulated database accepts PDCA_NOW or a virtual clock."),
                hint=_("Unset PDCA_NOW, or make a simulated database with `pdca init --simulated`."),
            )
        if not simulated:
            return SystemClock()
        if self.clock is not None:
            return self.clock
        last = connection.value(_LAST_INSTANT)
        stands_at = from_text(last) if last else None
        if self.pretended_now is None:
            # Simulated time stands still where the last event left it.
            return FixedClock(stands_at) if stands_at else SystemClock()
        if stands_at is not None and self.pretended_now < stands_at:
            raise Usage(
                "time-runs-back",
                _("PDCA_NOW (%(now)s) lies before the last event (%(last)s).")
                % {"now": self.pretended_now.isoformat(), "last": last},
                hint=_("Choose a later instant; a log does not run back."),
            )
        return FixedClock(self.pretended_now)


def installation(connection: Connection) -> Row:
    """Load the installation's row; raises NotFound when the database holds none."""
    found = connection.one(people.INSTALLATION)
    if found is None:
        raise NotFound(
            "no-installation", _("This database holds no installation."), hint=_("Make one with `pdca init`.")
        )
    return found
