"""A small real installation for tests: the body, its people, and a plan that is ready to start. All by the engine."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final

from pdca.actor import Actor
from pdca.clock import Clock, VirtualClock
from pdca.content import content_hash
from pdca.engine import Command, Desk, Draft, Outcome, Stream, apply
from pdca.exchange.document import Document, read_document
from pdca.exchange.known import NOTHING, Known
from pdca.house import House, installation
from pdca.installation import CreateInstallation
from pdca.people.commands import AddPerson, lock_installation
from pdca.plans.advance import lock_plan
from pdca.store.database import locate
from pdca.store.jsontext import to_json
from pdca.store.reads import people as people_reads
from pdca.store.rows import Change, insert, write
from pdca.store.schema import upgrade
from tests import seed_rows
from workflows import definition as definitions

ZONE: Final = "Europe/Brussels"
START: Final = datetime(2024, 1, 8, 8, tzinfo=UTC)
"""Where simulated time begins when no clock is given."""

SERVICE: Final = Actor(None, "service", "scheduler")


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person to be: handle, name, language, e-mail address, and the party he or she is appointed to."""

    handle: str
    name: str
    language: str = "en"
    email: str | None = None
    party: str = "investigation"


LEAD: Final = Somebody("sofie", "Sofie Peeters", "nl", "sofie@zone.example", "prevention")
MEMBER: Final = Somebody("marc", "Marc Dubois", "fr", "marc@zone.example", "investigation")
PARTNER: Final = Somebody("anna", "Anna Smith", "en", "anna@transport.example", "transport")
CHIEF: Final = Somebody("karel", "Karel Claes", "nl", "karel@zone.example", "chief")
MAYOR: Final = Somebody("lea", "Léa Lambert", "fr", "lea@town.example", "council")
PEOPLE: Final = (LEAD, MEMBER, PARTNER, CHIEF, MAYOR)


GRAVING: Final = {
    "id": "A1",
    "title": "Graveren",
    "rubric": "repressief",
    "owner": "prevention",
    "start": "2024-02-01",
    "end": "2024-12-31",
    "means": [{"year": 2024, "hours": 40}],
}
"""The one activity of the plan in a document."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """What a seeded plan consists of; `people` is handle -> person id."""

    plan_id: str
    evaluations: tuple[str, ...]
    people: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Plant:
    """Write rows in one event: of a new plan's stream when there is a `plan_id`, of the installation's otherwise."""

    changes: Sequence[Change]
    plan_id: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        stream = Stream(self.plan_id, 0, None) if self.plan_id else Stream.of_installation(lock_installation(desk))
        desk.record(stream, Draft(kind="test.planted", changes=self.changes))
        return desk.done()


@dataclass(frozen=True, slots=True)
class PlantApproved:
    """Write the rows of a new plan and, in the same event, its approval for `start` by a person."""

    changes: Sequence[Change]
    plan_id: str
    approved_by: str

    def perform(self, desk: Desk) -> Outcome:
        approval = insert(
            "approval",
            {"plan_id": self.plan_id, "number": 1},
            purpose="start",
            content_sha256=self._hash(desk),
            reason="Goed uitgewerkt.",
            approved_by=self.approved_by,
            approved_at=desk.uow.now_text,
        )
        desk.record(Stream(self.plan_id, 0, None), Draft(kind="test.planted", changes=[*self.changes, approval]))
        return desk.done()

    def _hash(self, desk: Desk) -> str:
        # The rows are written, hashed as they are then read, and taken back: the event writes them.
        for change in self.changes:
            derived: dict[str, Any] = {"version": 0, "head": ""} if change.table == "plan" else {}
            write(desk.connection, change, **derived)
        digest = content_hash(desk.connection, self.plan_id)
        for change in reversed(self.changes):
            write(desk.connection, Change("delete", change.table, change.key))
        return digest


@dataclass(frozen=True, slots=True)
class Moment:
    """Add a planned evaluation to a plan that is there, as an import does."""

    plan_id: str
    evaluation_id: str
    day: date

    def perform(self, desk: Desk) -> Outcome:
        changes = seed_rows.of_evaluation(self.plan_id, self.evaluation_id, self.day, ZONE)
        desk.record(Stream.of_plan(lock_plan(desk, self.plan_id)), Draft(kind="test.planned", changes=changes))
        return desk.done()


@dataclass(frozen=True, slots=True)
class Appointed:
    """Appoint a person from one local day until before another, as an import does."""

    person_id: str
    party_id: str
    from_date: date
    until_date: date

    def perform(self, desk: Desk) -> Outcome:
        key = {"person_id": self.person_id, "party_id": self.party_id, "from_date": self.from_date.isoformat()}
        row = insert("appointment", key, until_date=self.until_date.isoformat())
        desk.record(Stream.of_installation(lock_installation(desk)), Draft(kind="test.appointed", changes=[row]))
        return desk.done()


@dataclass(frozen=True, slots=True)
class Indicator:
    """Tie a new indicator to a plan that is there, as an import does."""

    plan_id: str
    indicator_id: str

    def perform(self, desk: Desk) -> Outcome:
        title = to_json({"en": self.indicator_id.capitalize()})
        key = {"indicator_id": self.indicator_id}
        plan_row = lock_plan(desk, self.plan_id)
        changes = [
            insert(
                "indicator",
                key,
                title=title,
                unit=to_json({"en": "facts"}),
                kind="objective",
                assumed=0,
            ),
            insert("plan_indicator", {"plan_id": self.plan_id, **key}, position=9, baseline_assumed=0),
        ]
        desk.record(Stream.of_plan(plan_row), Draft(kind="test.measured", changes=changes))
        return desk.done()


def house(
    database_url: str, *, simulated: bool = True, clock: Clock | None = None, name: str = "Politiezone Test"
) -> House:
    """Make the schema and the installation; whoever runs the tests is its administrator.

    A simulated one gets a virtual clock at START unless another is given; a real one runs on the machine's time.
    """
    database = locate(database_url)
    upgrade(database)
    here = House(database, clock=(clock or VirtualClock(START)) if simulated else None)
    with here.writing() as uow:
        login = here.login(uow.connection)
        founding = CreateInstallation(
            "pz-test", to_json({"nl": name}), ZONE, "nl", "BE", simulated, login, "The Administrator"
        )
        apply(uow, founding, SERVICE)
    return here


def plan(
    here: House,
    plan_id: str = "P-001",
    *,
    title: Mapping[str, str] | None = None,
    evaluations: Sequence[date] | None = None,
    people: Sequence[Somebody] = PEOPLE,
    assumed: bool = False,
    restricted: bool = False,
    approved: bool = True,
) -> Seeded:
    """Make a plan in state `plan` that `start` finds nothing missing in, with its parties and people.

    Without `approved` nobody has approved it for `start` yet.

    `evaluations` are local dates, otherwise one in 90 days. A second plan shares the parties and people of the first
    (give no `people`).
    """
    with here.reading() as connection:
        now = here.now(connection)
        new = installation(connection)["version"] == 1
    if new:
        by_hand(here, Plant(seed_rows.surroundings(now, START)))
    today = now.date()
    ids = {person.handle: _add(here, person, today) for person in people}
    days = tuple(evaluations) if evaluations is not None else (today + timedelta(days=90),)
    number = int(plan_id.removeprefix("P-"))
    names = tuple(f"E-{number * 100 + position:03d}" for position in range(1, len(days) + 1))
    rows = seed_rows.of_plan(plan_id, title or {"nl": "Straatcriminaliteit", "en": "Street crime"}, now, ZONE)
    rows[0] = insert("plan", rows[0].key, **{**rows[0].set, "assumed": int(assumed), "restricted": int(restricted)})
    rows += [
        row for name, day in zip(names, days, strict=True) for row in seed_rows.of_evaluation(plan_id, name, day, ZONE)
    ]
    by_hand(here, PlantApproved(rows, plan_id, _approver(here)) if approved else Plant(rows, plan_id))
    return Seeded(plan_id, names, ids)


def document(
    *,
    evaluations: Sequence[str | Mapping[str, object]] = ("2024-04-08",),
    method: str = "zvp",
    known: Known = NOTHING,
    above: Sequence[str] = ("SD9",),
    **plan_members: object,
) -> Document:
    """Make a document to import, of one plan AP-1 that can be approved and started while an evaluation is to come.

    Its functions are those of a seeded plan, so that the same people hold them. `above` are the objectives that it
    stands under, the highest, which is retained, first; () for a plan under the programme itself. `plan_members`
    replace members of the plan; None leaves one out.
    """
    if "rubrics" not in plan_members:
        rubrics = {rubric.id: "Zoals afgesproken." for rubric in definitions.load(method).rubrics}
        plan_members["rubrics"] = rubrics
    ap_1 = {
        "id": "AP-1",
        "title": "Fietsdiefstal",
        "period": {"from": "2024-01-08", "to": "2025-12-31"},
        "lead": "prevention",
        "group": ["investigation"],
        "activities": [{name: value for name, value in GRAVING.items() if (name, method) != ("rubric", "pdsa")}],
        "indicators": [{"id": "thefts", "baseline": {"missing": "nog niet geteld"}}],
        "evaluations": [{"kind": "yearly", **({"date": one} if isinstance(one, str) else one)} for one in evaluations],
        "information": [{"to": "transport", "date": "2024-12-31", "method": "nota"}],
        **plan_members,
    }
    branch: dict[str, list[dict[str, Any]]] = {
        "plans": [{name: value for name, value in ap_1.items() if value is not None}]
    }
    for name in reversed(above):
        branch = {"objectives": [{"id": name, "title": "Mobiliteit", **branch}]}
    if above:
        retained = {"as": "retained", "motive": "Prioriteit.", "decided": "2024-01-01", "by": "zvr"}
        branch["objectives"][0]["disposition"] = retained
    whole = {
        "pdca": 1,
        "organisation": {"id": "pz-test", "name": "Politiezone Test", "zone": ZONE, "languages": ["nl"]},
        "functions": [
            {"id": "prevention", "name": "Preventie", "discipline": "prevention"},
            {"id": "investigation", "name": "Recherche", "discipline": "investigation"},
        ],
        "stakeholders": [{"id": "transport", "name": "Vervoer", "kind": "partner"}],
        "programme": {
            "id": "zvp-2024",
            "title": "Zonaal veiligheidsplan",
            "period": {"from": "2024", "to": "2025"},
            "method": method,
        },
        "indicators": [{"id": "thefts", "title": "Diefstallen", "unit": "feiten", "kind": "objective"}],
        **branch,
    }
    return read_document(json.dumps(whole), known=known)


def chance(number: int) -> Random:
    """Give chance that falls the same way every time."""
    return Random(number)  # noqa: S311 - it decides nothing that anybody would want to guess


def by_hand(here: House, command: Command) -> Outcome:
    """Perform a command as whoever runs the tests, the administrator."""
    with here.writing() as uow:
        return apply(uow, command, here.actor(uow.connection))


def by(here: House, person_id: str, command: Command) -> Outcome:
    """Perform a command as a member, also in a real installation, where nobody may claim to be another."""
    with here.writing() as uow:
        return apply(uow, command, Actor(person_id, "member", "cli"))


def by_scheduler(here: House, command: Command) -> Outcome:
    """Perform a command as the scheduler does."""
    with here.writing() as uow:
        return apply(uow, command, here.scheduler(uow.connection))


def adding(person: Somebody, first_day: date) -> AddPerson:
    """Make the command that adds a person, appointed from a local day on."""
    return AddPerson(
        person.handle, person.name, None, person.email, person.language, "member", (person.party,), first_day
    )


def _add(here: House, person: Somebody, today: date) -> str:
    return str(by_hand(here, adding(person, today)).summary["person"])


def _approver(here: House) -> str:
    """Somebody who neither leads nor works on the plan: the mayor when there is one, else the administrator."""
    with here.reading() as connection:
        ids = {row["handle"]: row["person_id"] for row in connection.all(people_reads.PEOPLE)}
    return str(ids.get(MAYOR.handle, next(iter(ids.values()))))
