"""A real installation, not a simulated one, whose plans run and whose evaluations fall due in a moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pdca.audit.verify import verify
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.house import House
from pdca.people.commands import lock_installation
from pdca.plans.advance import Advance, lock_plan
from pdca.store.driver import Row, Statement
from pdca.store.jsontext import to_json
from pdca.store.reads import evaluations
from pdca.store.rows import update
from pdca.store.verifying import StoredLog
from scheduler import seal
from tests import seed
from workflows.instants import to_text

ENFORCED: Final = Statement("enforced", "SELECT * FROM event WHERE event_key = :key")
EVENTS_OF_KIND: Final = Statement("of_kind", "SELECT * FROM event WHERE kind = :kind ORDER BY event_id")
NOTICES: Final = Statement("notices", "SELECT * FROM notification ORDER BY notification_id")
HEARTBEATS: Final = Statement("beats", "SELECT * FROM heartbeat ORDER BY worker")


@dataclass(frozen=True, slots=True)
class FallDue:
    """Let a planned evaluation fall due at an instant, not at nine o'clock of its day."""

    evaluation_id: str
    at: datetime

    def perform(self, desk: Desk) -> Outcome:
        evaluation = desk.connection.one(evaluations.EVALUATION, evaluation_id=self.evaluation_id)
        assert evaluation is not None
        plan = lock_plan(desk, evaluation["plan_id"])
        changes = [
            update("evaluation", {"evaluation_id": self.evaluation_id}, due_at=to_text(self.at)),
            update("deadline", {"deadline_id": self.evaluation_id}, due_at=to_text(self.at)),
        ]
        desk.record(Stream.of_plan(plan), Draft(kind="test.planted", changes=changes))
        return desk.done()


@dataclass(frozen=True, slots=True)
class TryNow:
    """Let every message that waits be tried at once, not after its pause."""

    def perform(self, desk: Desk) -> Outcome:
        changes = [
            update("notification", {"notification_id": row["notification_id"]}, next_attempt_at=desk.uow.now_text)
            for row in desk.connection.all(NOTICES)
            if row["status"] == "pending"
        ]
        desk.record(Stream.of_installation(lock_installation(desk)), Draft(kind="test.planted", changes=changes))
        return desk.done()


@dataclass(frozen=True, slots=True)
class Zone:
    """The installation, its evaluations, and its people by their handles."""

    house: House
    evaluations: tuple[str, ...]
    people: Mapping[str, str]

    def fall_due_in(self, seconds: float) -> datetime:
        """Let all evaluations fall due in so many seconds; gives the instant."""
        with self.house.reading() as connection:
            at = self.house.now(connection) + timedelta(seconds=seconds)
        for evaluation_id in self.evaluations:
            seed.by_hand(self.house, FallDue(evaluation_id, at))
        return at

    def enforcement(self, evaluation_id: str) -> Row | None:
        """Give the event by which the evaluation was enforced, once there is one."""
        with self.house.reading() as connection:
            return connection.one(ENFORCED, key=f"{evaluation_id}#0")

    def all_enforced(self) -> bool:
        """Tell whether every evaluation was enforced."""
        return all(self.enforcement(evaluation_id) for evaluation_id in self.evaluations)

    def notices(self) -> list[Row]:
        """Give every message of the outbox."""
        with self.house.reading() as connection:
            return connection.all(NOTICES)

    def heartbeats(self) -> list[Row]:
        """Give what the daemons last said of themselves."""
        with self.house.reading() as connection:
            return connection.all(HEARTBEATS)

    def assert_sound(self) -> None:
        """Verify the log and all tables."""
        seal.run_once(self.house)
        with self.house.reading() as connection:
            report = verify(StoredLog(connection))
        assert report.ok, report.findings


def running_zone(database_url: str, plans: int = 1) -> Zone:
    """Make the installation with so many plans in state `do`."""
    house = seed.house(database_url, simulated=False, name=to_json({"nl": "Politiezone Test"}))
    made = [
        seed.plan(house, f"P-{number:03d}", people=() if number > 1 else seed.PEOPLE) for number in range(1, plans + 1)
    ]
    for one in made:
        seed.by(house, made[0].people["sofie"], Advance(one.plan_id, "start"))
    return Zone(house, tuple(name for one in made for name in one.evaluations), made[0].people)
