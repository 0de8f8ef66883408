"""One small installation as a scenario sees it: its people act, its clock is moved, its rows and its log are read."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from pdca.audit.findings import Report
from pdca.audit.verify import verify
from pdca.clock import VirtualClock
from pdca.engine import Command, Outcome
from pdca.errors import PdcaError, Refused
from pdca.evaluations.record import RecordEvaluation
from pdca.house import House
from pdca.plans.advance import Advance, Seen
from pdca.plans.approve import Approve
from pdca.plans.facts import Attempt
from pdca.store.database import locate
from pdca.store.driver import Connection, Row, Statement
from pdca.store.reads import approvals, evaluations, exchange, log, plans
from pdca.store.rows import insert
from pdca.store.verifying import StoredLog
from scheduler import seal
from scheduler.sweep import SweepCounts, run_once
from tests import seed
from workflows.instants import from_text, to_text
from workflows.schedule import due_instant

PLAN: Final = "P-001"
MOMENTS: Final = (date(2024, 4, 8), date(2024, 10, 8), date(2025, 4, 8))
"""The evaluations of the seeded plan: E-101, E-102 and E-103."""

RUNGS: Final = ((0, "sofie", "lead"), (7, "marc", "group"), (14, "karel", "chief"), (28, "lea", "authority"))
"""The ladder of the method: days after the first instant, who of the seeded people is told, and as what."""

MOTIVE: Final = "Zo heeft de projectgroep beslist."
WATCHED: Final = "de meldingen van overlast"
WATCH_DAY: Final = date(2026, 6, 15)
BARE: Final = "P-002"
"""A plan that lacks everything, where `bare` planted it."""

_OF_THE_LOG: Final = {
    "event": Statement("rows_of_event", "SELECT * FROM event ORDER BY event_id"),
    "event_private": Statement("rows_of_event_private", "SELECT * FROM event_private ORDER BY event_id"),
    "tree_leaf": Statement("rows_of_tree_leaf", "SELECT * FROM tree_leaf ORDER BY leaf_index"),
    "tree_node": Statement("rows_of_tree_node", "SELECT * FROM tree_node ORDER BY level, idx"),
    "heartbeat": Statement("rows_of_heartbeat", "SELECT * FROM heartbeat ORDER BY worker"),
}
EVERY_ROW: Final = {**exchange.ROWS, **_OF_THE_LOG}
_KEYS: Final = Statement("event_keys", "SELECT event_key FROM event WHERE event_key IS NOT NULL ORDER BY event_id")
_DEADLINES: Final = Statement("every_deadline", "SELECT * FROM deadline WHERE plan_id = :plan_id ORDER BY deadline_id")
_TOLD: Final = Statement(
    "told",
    "SELECT r.handle, n.why, n.kind, n.seq, n.parameters FROM notification n JOIN person r "
    "ON r.person_id = n.person_id WHERE n.stream = :plan_id ORDER BY n.seq, n.notification_id",
)

WAYS: Final[dict[str, tuple[str, ...]]] = {
    "plan": (),
    "do": ("start",),
    "check": ("start", "evaluate", "record"),
    "adjust": ("start", "evaluate", "record", "conclude"),
    "closed": ("start", "evaluate", "record", "conclude", "close"),
    "daily_operations": ("start", "evaluate", "record", "conclude", "embed"),
    "suspended": ("start", "suspend"),
}
"""How to come to each state by the shortest way."""

Dump = dict[str, list[Row]]


def morning(day: date) -> datetime:
    """Nine o'clock in the zone, when an evaluation or a deadline of that local day falls due."""
    return due_instant(day, time(9), seed.ZONE)


@dataclass(frozen=True)
class World:
    """The seeded installation: a plan P-001 with three evaluations to come, and somebody in every role."""

    house: House
    clock: VirtualClock
    reading: Connection

    # --- acting

    def by(self, handle: str, command: Command, *, dry_run: bool = False) -> Outcome:
        """Let a person do something."""
        return replace(self.house, as_person=handle).apply(command, dry_run=dry_run)

    def by_administrator(self, command: Command) -> Outcome:
        """Let whoever runs the tests, the administrator, do something."""
        return self.house.apply(command)

    def approve(self, purpose: str, by: str = "lea", plan_id: str = PLAN) -> Outcome:
        """Approve the plan for a trigger."""
        return self.by(by, Approve(plan_id, purpose, MOTIVE))

    def approve_if_needed(self, trigger: str, plan_id: str = PLAN) -> None:
        """Approve the plan for a trigger that needs it, unless that stands already."""
        live = self.rows(approvals.LIVE, plan_id=plan_id)
        if trigger in ("start", "close", "embed") and trigger not in {row["purpose"] for row in live}:
            self.approve(trigger, plan_id=plan_id)

    def advance(self, trigger: str, by: str = "sofie", plan_id: str = PLAN, seen: Seen | None = None) -> Outcome:
        """Try a trigger with everything that any trigger asks of the actor."""
        command = Advance(plan_id, trigger, attempt=Attempt(MOTIVE, WATCHED, WATCH_DAY), seen=seen)
        return self.by(by, command)

    def record(self, evaluation_id: str = "E-101", by: str = "marc") -> Outcome:
        """Record an evaluation completely."""
        return self.by(by, recording(evaluation_id))

    def take(self, *triggers: str) -> None:
        """Take steps that have to succeed; `record` among them records the evaluation that is open."""
        for trigger in triggers:
            self.approve_if_needed(trigger)
            outcome = self.record(self.open_evaluation()) if trigger == "record" else self.advance(trigger)
            assert outcome.refusal == (), f"{trigger}: {[need.code for need in outcome.refusal]}"

    def go_to(self, instant: datetime | date) -> None:
        """Move the clock, to nine o'clock when only a day is given."""
        self.clock.advance_to(instant if isinstance(instant, datetime) else morning(instant))

    def sweep(self) -> SweepCounts:
        """Sweep once."""
        return run_once(self.house)

    def sweep_on(self, when: datetime | date) -> SweepCounts:
        """Move the clock and sweep."""
        self.go_to(when)
        return self.sweep()

    def climb(self, since: date) -> None:
        """Climb a whole ladder that begins on a local day."""
        for days, _handle, _role in RUNGS:
            assert self.sweep_on(morning(since) + timedelta(days=days)).enforced

    # --- looking

    def rows(self, statement: Statement, **parameters: object) -> list[Row]:
        """Read rows."""
        return self.reading.all(statement, **parameters)

    def person_id(self, handle: str) -> str:
        """The id of a person."""
        return next(str(row["person_id"]) for row in self.rows(exchange.ROWS["person"]) if row["handle"] == handle)

    def plan(self, plan_id: str = PLAN) -> Row:
        """The row of a plan."""
        [row] = self.rows(plans.PLAN, plan_id=plan_id)
        return row

    def evaluation(self, evaluation_id: str) -> Row:
        """The row of an evaluation."""
        [row] = self.rows(evaluations.EVALUATION, evaluation_id=evaluation_id)
        return row

    def approvals(self, plan_id: str = PLAN) -> list[Row]:
        """The approvals of a plan, the oldest first."""
        return self.rows(approvals.OF_PLAN, plan_id=plan_id)

    def open_evaluation(self, plan_id: str = PLAN) -> str:
        """The evaluation that is open."""
        rows = self.rows(evaluations.OF_PLAN, plan_id=plan_id)
        return next(str(row["evaluation_id"]) for row in rows if row["status"] == "open")

    def deadlines(self, plan_id: str = PLAN) -> dict[str, str]:
        """Every deadline of a plan: its id -> its status."""
        return {row["deadline_id"]: row["status"] for row in self.rows(_DEADLINES, plan_id=plan_id)}

    def deadline(self, deadline_id: str, plan_id: str = PLAN) -> Row:
        """The row of a deadline."""
        return next(row for row in self.rows(_DEADLINES, plan_id=plan_id) if row["deadline_id"] == deadline_id)

    def waiting(self, plan_id: str = PLAN) -> dict[str, datetime]:
        """The pending deadlines of a plan: kind (the id for an evaluation) -> the instant it falls due."""
        rows = self.rows(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=plan_id)
        return {
            row["deadline_id"] if row["kind"] == "evaluation" else row["kind"]: from_text(row["due_at"])
            for row in rows
            if row["status"] == "pending"
        }

    def events(self, plan_id: str = PLAN) -> list[dict[str, Any]]:
        """The bodies of a plan's events, with the reason opened."""
        return [opened_body(row) for row in self.rows(log.EVENTS_OF_PLAN, plan_id=plan_id)]

    def last_event(self, plan_id: str = PLAN) -> dict[str, Any]:
        """The last event of a plan's stream."""
        return self.events(plan_id)[-1]

    def keys(self) -> list[str]:
        """The keys of what the scheduler enforced, the oldest first."""
        return [row["event_key"] for row in self.rows(_KEYS)]

    def told(self, seq: int, plan_id: str = PLAN) -> dict[str, str]:
        """Who is told of an event of a plan: handle -> as what."""
        return {row["handle"]: row["why"] for row in self.rows(_TOLD, plan_id=plan_id) if row["seq"] == seq}

    def dump(self) -> Dump:
        """Every row of every table."""
        return {name: self.reading.all(statement) for name, statement in EVERY_ROW.items()}

    def verified(self) -> Report:
        """Fold every event and compare with the tables; hashes, tree, sequence and triggers besides."""
        with self.house.database.connect() as connection:
            return verify(StoredLog(connection))


def codes(outcome: Outcome) -> list[str]:
    """By what an attempt is refused: the code of each need."""
    return [need.code for need in outcome.refusal]


def recording(evaluation_id: str, **different: Any) -> RecordEvaluation:  # noqa: ANN401 - any field of the command
    """A complete record of an evaluation."""
    whole = RecordEvaluation(
        evaluation_id,
        "effective",
        "Zoals gepland.",
        "Minder diefstal.",
        "plan",
        "Meer toezicht.",
        "In de straten zonder ploegen bleef het gelijk.",
        "Twee ploegen.",
        {"thefts": {"value": "12"}},
    )
    return replace(whole, **different)


def furnish(url: str) -> None:
    """Make the installation that a `World` opens."""
    here = seed.house(url)
    seed.plan(here, PLAN, evaluations=MOMENTS)


def crowd(world: World, number: int) -> list[str]:
    """Plant more plans with an evaluation on the same day as the first."""
    names = [f"P-{position:03d}" for position in range(2, number + 2)]
    for name in names:
        seed.plan(world.house, name, people=(), evaluations=MOMENTS[:1])
    return names


def bare(world: World) -> None:
    """Plant a plan that has nothing but a name and says of itself that it is MMM, under a candidate."""
    objective = insert(
        "objective",
        {"objective_id": "SD2"},
        programme_id="zvp-test",
        level="strategic_objective",
        position=2,
        title='{"nl":"Verkeer"}',
        disposition="candidate",
        internal=0,
        assumed=0,
    )
    plan = insert(
        "plan",
        {"plan_id": BARE},
        slug="bare",
        programme_id="zvp-test",
        objective_id="SD2",
        title='{"en":"Bare"}',
        state="plan",
        state_since=to_text(seed.START),
        cycle=1,
        period_start="2024-01-08",
        period_end="2025-12-31",
        zone=seed.ZONE,
        definition="zvp",
        definition_version=1,
        restricted=0,
        mmm=1,
        assumed=0,
    )
    world.by_administrator(seed.Plant([objective]))
    world.by_administrator(seed.Plant([plan], BARE))


def nothing_but_the_refusal(before: Dump, after: Dump) -> bool:
    """Tell whether only the plan's version and head and the log have moved on."""

    def without_head(dump: Dump) -> dict[str, list[dict[str, Any]]]:
        return {
            name: [{key: value for key, value in row.items() if key not in ("version", "head")} for row in dump[name]]
            for name in dump
            if name not in _OF_THE_LOG
        }

    return without_head(before) == without_head(after) and len(after["event"]) == len(before["event"]) + 1


@contextmanager
def untouched(world: World, kind: type[PdcaError], code: str) -> Iterator[None]:
    """What is tried is an error of that kind and code: a mistake leaves no trace, what a rule refuses only that."""
    before = world.dump()
    with pytest.raises(kind) as failure:
        yield
    assert failure.value.code == code
    after = world.dump()
    assert nothing_but_the_refusal(before, after) if kind is Refused else after == before


def changed_rows(before: Dump, after: Dump) -> dict[str, list[Mapping[str, Any]]]:
    """The rows that are new or different, per table of the log's fold."""
    return {
        name: [row for row in after[name] if row not in before[name]]
        for name in exchange.ROWS
        if after[name] != before[name]
    }


@contextmanager
def proven(world: World) -> Iterator[World]:
    """Give the world, and prove in the end that its tables are what its log says."""
    yield world
    seal.run_once(world.house)
    report = world.verified()
    assert report.ok, report.findings[:5]
    assert report.unsealed == 0


@contextmanager
def opened(url: str) -> Iterator[World]:
    """Open the installation that `furnish` made; its time stands at `seed.START`."""
    database, clock = locate(url), VirtualClock(seed.START)
    with database.connect() as reading, proven(World(House(database, clock=clock), clock, reading)) as world:
        yield world


@contextmanager
def opened_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Open an installation of the test's own as the database of the command line, which stands in that folder."""
    url = f"sqlite:///{folder / 'pdca.db'}"
    furnish(url)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PDCA_DATABASE", url)
    with opened(url) as here:
        yield here


def opened_body(row: Row) -> dict[str, Any]:
    """The body of an event, with the reason opened."""
    body: dict[str, Any] = json.loads(row["body"])
    if body["reason"] is not None:
        private = json.loads(row["payload"])
        body["reason"] = private[body["reason"]["~"]][1]
    return body
