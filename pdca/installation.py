"""Making an installation: the schema and the first event of a log, both or neither."""

import errno
import os
from dataclasses import dataclass, replace
from pathlib import Path

from pdca.actor import Actor
from pdca.clock import Clock
from pdca.engine import Desk, Draft, Outcome, Stream, apply
from pdca.errors import Failed, PdcaError, Refused, Usage
from pdca.files import whole_file
from pdca.i18n import _
from pdca.log_keys import new_key
from pdca.store.catalogue import INSTALLATION_STREAM
from pdca.store.database import Database
from pdca.store.reads import people
from pdca.store.rows import Change, insert
from pdca.store.unit_of_work import unit_of_work

FIRST_PERSON = "U-001"
"""The id of the administrator that every installation begins with."""


@dataclass(frozen=True, slots=True)
class CreateInstallation:
    """Found the installation of a body, with its first administrator.

    `simulated` marks the database for good: only such a one accepts a virtual clock or `--as`, and its log says so.
    `log_key` is the vkey of the key that will sign its checkpoints, None when there is none yet.
    """

    organisation_id: str
    name: str
    zone: str
    language: str
    country: str | None
    simulated: bool
    administrator_login: str
    administrator_name: str
    log_key: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Write the installation and its administrator; raises Refused when there is one already."""
        if desk.connection.one(people.INSTALLATION) is not None:
            raise Refused("already-initialised", _("This database already holds an installation."))
        installation = insert(
            "installation",
            {"installation_id": 1},
            organisation_id=self.organisation_id,
            name=self.name,
            country=self.country,
            zone=self.zone,
            language=self.language,
            simulated=int(self.simulated),
            created_at=desk.uow.now_text,
        )
        administrator = insert(
            "person",
            {"person_id": FIRST_PERSON},
            handle=self.administrator_login,
            name=self.administrator_name,
            login=self.administrator_login,
            email=None,
            language=self.language,
            access="administrator",
            assumed=0,
        )
        desk.record(
            Stream(INSTALLATION_STREAM, 0, None),
            Draft(kind="installation.created", changes=[installation, administrator, *self._key(desk)]),
        )
        return desk.done(installation=self.name, administrator=FIRST_PERSON, simulated=self.simulated)

    def _key(self, desk: Desk) -> list[Change]:
        return [] if self.log_key is None else [new_key(1, self.log_key, FIRST_PERSON, desk.uow.now_text)]


def found(database: Database, command: CreateInstallation, clock: Clock, *, keep: bool = True) -> Outcome:
    """Make the schema and the installation in a place where there is nothing yet; with `keep` false only try it.

    A SQLite file is made in a place of its own and given its name only when it is whole, so that neither a full disk
    nor a kill leaves half of one. A PostgreSQL database must exist and hold nothing; what a founding that was cut off
    left there is completed. Raises Usage when something is there already, Failed when it cannot be written.
    """
    if database.path is None:
        return _found_on_server(database, command, clock, keep=keep)
    target = Path(database.path)
    if os.path.lexists(target):
        raise _already(target)
    with whole_file(target, keep=keep) as new:
        # The records are personal: whoever is neither the owner nor of the group sees nothing, whatever the umask.
        os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o660))
        try:
            outcome = _found_in(replace(database, path=str(new), url=f"sqlite:///{new}"), command, clock)
        except PdcaError as error:
            error.message = error.message.replace(str(new), str(target))
            raise
        # SQLite closes without a word when there was no room to bring its write-ahead log home.
        if new.with_name(f"{new.name}-wal").exists():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return outcome


def _found_on_server(database: Database, command: CreateInstallation, clock: Clock, *, keep: bool) -> Outcome:
    from pdca.store.schema import make

    try:
        with database.connect() as connection:
            founded = connection.one(people.INSTALLATION) is not None
    except Failed as error:
        if error.code != "not-a-pdca-database":
            raise
        make(database, keep=keep)
    else:
        if founded:
            raise _already(None)
    return _create(database, command, clock) if keep else Outcome()


def _found_in(database: Database, command: CreateInstallation, clock: Clock) -> Outcome:
    from pdca.store.schema import make

    make(database)
    return _create(database, command, clock)


def _create(database: Database, command: CreateInstallation, clock: Clock) -> Outcome:
    actor = Actor(FIRST_PERSON, "administrator", "cli", command.administrator_login)
    with database.connect(writing=True) as connection, unit_of_work(connection, clock) as uow:
        return apply(uow, command, actor)


def _already(place: Path | None) -> Usage:
    return Usage(
        "already-exists",
        _("There is something at %(place)s already; it was left as it is.") % {"place": place}
        if place
        else _("There is something at this database already; it was left as it is."),
        hint=_("Choose another place with --database, or `pdca init --upgrade` for an older database of this program."),
    )
