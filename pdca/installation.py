"""Making an installation: the first event of a log."""

from dataclasses import dataclass

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Conflict
from pdca.store.catalogue import INSTALLATION_STREAM
from pdca.store.reads import people
from pdca.store.rows import insert


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
            {"person_id": "U-001"},
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
        return desk.done(installation=self.name, administrator="U-001", simulated=self.simulated)
