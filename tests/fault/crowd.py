"""A simulated installation in which very much has fallen due at once, and what a sweep over it has to come to."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from pdca.audit.verify import verify
from pdca.clock import VirtualClock
from pdca.engine import Command
from pdca.evaluations.record import RecordEvaluation
from pdca.house import House
from pdca.plans.advance import Advance
from pdca.plans.approve import Approve
from pdca.plans.facts import Attempt
from pdca.store.driver import Connection, Row, Statement
from pdca.store.verifying import StoredLog
from scheduler import seal, sweep
from tests import seed
from workflows.instants import to_text

PLANS: Final = 36
EARLY: Final = date(2024, 1, 15)
FIRST, SECOND = date(2024, 3, 4), date(2024, 3, 18)
LOOKED_AT_AGAIN: Final = date(2024, 4, 2)
ALL_DUE: Final = datetime(2024, 9, 2, 7, 30, tzinfo=UTC)
"""An instant at which every date above, and every rung of the ladder for it, has passed."""

AS_IT_FELL_DUE: Final = {"PDCA_NOW": to_text(ALL_DUE)}

DUE = Statement("test_due", "SELECT * FROM deadline WHERE status = 'pending' AND due_at <= :now")
EVENTS = Statement("test_events", "SELECT event_id, stream, seq, kind, event_key FROM event ORDER BY event_id")
NOTICES = Statement("test_notices", "SELECT * FROM notification ORDER BY notification_id")
EVALUATIONS = Statement("test_evaluations", "SELECT * FROM evaluation ORDER BY evaluation_id")
DEADLINES = Statement("test_deadlines", "SELECT * FROM deadline ORDER BY deadline_id")
PLAN_ROWS = Statement("test_plans", "SELECT * FROM plan ORDER BY plan_id")
ENFORCEMENTS = Statement(
    "test_enforcements",
    "SELECT count(*) AS times FROM event WHERE event_key = :key AND kind IN ('plan.advanced', 'evaluation.missed')",
)

_NUMBER = re.compile(r"(?<=/)\d+(?=#|$)")


def gather_crowd(database_url: str, plans: int = PLANS) -> House:
    """Make plans of six kinds, so that every kind of deadline, and each way of missing one, falls due."""
    clock = VirtualClock(seed.START)
    here = seed.house(database_url, clock=clock)
    kinds: dict[str, int] = {}
    people: Mapping[str, str] = {}
    for number in range(1, plans + 1):
        plan_id, kind = f"P-{number:03d}", number % 6
        days = {1: (FIRST,), 2: (FIRST, SECOND)}.get(kind, (EARLY, FIRST))
        made = seed.plan(here, plan_id, evaluations=days, people=() if people else seed.PEOPLE)
        people = people or made.people
        kinds[plan_id] = kind
    lead, member = people["sofie"], people["marc"]
    _each(here, lead, (Advance(plan_id, "start") for plan_id, kind in kinds.items() if kind))
    clock.advance_to(datetime(2024, 1, 16, 8, tzinfo=UTC))
    sweep.run_once(here)
    evaluated = {plan_id: kind for plan_id, kind in kinds.items() if kind >= 4}
    _each(here, member, (_record(plan_id) for plan_id in evaluated))
    _each(here, lead, (Advance(plan_id, "conclude") for plan_id in evaluated))
    ending = Attempt("It has become routine.", "Thefts", LOOKED_AT_AGAIN)
    _each(here, people["lea"], (Approve(plan_id, "embed", "Routine.") for plan_id, kind in kinds.items() if kind == 5))
    _each(here, lead, (Advance(plan_id, "embed", attempt=ending) for plan_id, kind in kinds.items() if kind == 5))
    seal.run_once(here)
    return here


def _each(here: House, person_id: str, commands: Iterable[Command]) -> None:
    for command in commands:
        outcome = seed.by(here, person_id, command)
        assert not outcome.refusal, [need.code for need in outcome.refusal]


def _record(plan_id: str) -> RecordEvaluation:
    number = int(plan_id.removeprefix("P-"))
    results = {"thefts": {"value": "12"}}
    name = f"E-{number * 100 + 1:03d}"
    return RecordEvaluation(name, "effective", "Done.", "Fewer.", "plan", "Patrols.", "Seen.", "Two.", results)


@dataclass(frozen=True, slots=True)
class Result:
    """What a sweep has come to, without what depends on the order in which plans were taken."""

    enforced: Mapping[str, tuple[Any, ...]]
    evaluations: tuple[Row, ...]
    deadlines: tuple[tuple[Any, ...], ...]
    states: Mapping[str, str]


def result_of(connection: Connection) -> Result:
    """Read what was enforced, each under its key: kind, and who was told, in which role."""
    told: dict[tuple[str, int], list[tuple[str, str, str]]] = {}
    for row in connection.all(NOTICES):
        told.setdefault((row["stream"], row["seq"]), []).append((row["person_id"], row["kind"], row["why"]))
    enforced: dict[str, tuple[Any, ...]] = {}
    for row in connection.all(EVENTS):
        if row["event_key"] is None:
            continue
        key = _NUMBER.sub("n", row["event_key"])
        assert key not in enforced, f"{key} was enforced twice"
        enforced[key] = (row["kind"], tuple(sorted(told.get((row["stream"], row["seq"]), []))))
    deadlines = sorted(
        (_NUMBER.sub("n", row["deadline_id"]), row["kind"], row["status"], row["step"], row["due_at"])
        for row in connection.all(DEADLINES)
    )
    states = {row["plan_id"]: row["state"] for row in connection.all(PLAN_ROWS)}
    return Result(enforced, tuple(connection.all(EVALUATIONS)), tuple(deadlines), states)


def assert_sound(connection: Connection) -> None:
    """Hold a database after a sweep of `ALL_DUE` to what does not depend on how the sweep went."""
    assert not connection.all(DUE, now=to_text(ALL_DUE)), "something due was left"
    opened = {row["evaluation_id"]: row for row in connection.all(EVALUATIONS) if row["due_at"] <= to_text(ALL_DUE)}
    assert {row["status"] for row in opened.values()} <= {"open", "missed", "recorded", "cancelled"}
    for evaluation_id, row in opened.items():
        times = connection.value(ENFORCEMENTS, key=f"{evaluation_id}#0")
        assert times == (row["status"] != "cancelled"), f"{evaluation_id} was enforced {times} times"
    report = verify(StoredLog(connection))
    assert report.ok, report.findings
    connection.rollback()
