"""Making an installation: the schema and the first event of a log, both or neither."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from pdca.clock import Clock
from pdca.engine import Actor, Desk, Draft, Outcome, Stream, apply
from pdca.errors import Conflict, Failed
from pdca.store.catalogue import INSTALLATION_STREAM
from pdca.store.database import Database
from pdca.store.reads import people
from pdca.store.rows import insert
from pdca.store.unit_of_work import unit_of_work

FIRST_PERSON = "U-001"
"""The id of the administrator that every installation begins with."""


@dataclass(frozen=True, slots=True)
class CreateInstallation:
    """Found the installation of a body, with its first administrator.

    `simulated` marks the database for good: only such a one accepts a virtual clock or `--as`, and its log says so.
    """

    organisation_id: str
    name: str
    zone: str
    language: str
    country: str | None
    simulated: bool
    administrator_login: str
    administrator_name: str

    def perform(self, desk: Desk) -> Outcome:
        """Write the installation and its administrator; raises Conflict when there is one already."""
        if desk.connection.one(people.INSTALLATION) is not None:
            raise Conflict("already-initialised", "This database already holds an installation.")
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
            Draft(kind="installation.created", changes=[installation, administrator]),
        )
        return desk.done(installation=self.name, administrator=FIRST_PERSON, simulated=self.simulated)


def found(database: Database, command: CreateInstallation, clock: Clock) -> Outcome:
    """Make the schema and the installation in a place where there is nothing yet.

    A SQLite file is made under another name and given its own only when it is whole, so that neither a full disk nor
    a kill leaves half of one. Raises Conflict when something is there already, Failed when it cannot be written.
    """
    if database.path is None:
        return _found_in(database, command, clock)
    if database.path.exists():
        raise _already(str(database.path))
    new = database.path.with_name(f".{database.path.name}.{os.getpid()}.new")
    try:
        outcome = _found_in(replace(database, path=new, url=f"sqlite:///{new}"), command, clock)
        # A link, unlike a rename, does not replace a file that somebody else has made meanwhile.
        os.link(new, database.path)
    except FileExistsError as error:
        raise _already(str(database.path)) from error
    except OSError as error:
        raise Failed(
            "database-not-made",
            f"{database.path} cannot be made: {error.strerror}.",
            hint="Check that the folder exists, that it may be written, and that there is room.",
        ) from error
    finally:
        for name in (new, Path(f"{new}-wal"), Path(f"{new}-shm"), Path(f"{new}-journal")):
            name.unlink(missing_ok=True)
    return outcome


def _found_in(database: Database, command: CreateInstallation, clock: Clock) -> Outcome:
    from pdca.store.schema import make

    make(database)
    actor = Actor(FIRST_PERSON, "administrator", "cli", command.administrator_login)
    with database.connect(writing=True) as connection, unit_of_work(connection, clock) as uow:
        return apply(uow, command, actor)


def _already(where: str) -> Conflict:
    return Conflict(
        "already-exists",
        f"There is something at {where} already; it was left as it is.",
        hint="Choose another place with --database, or `pdca init --upgrade` for an older database of this program.",
    )
