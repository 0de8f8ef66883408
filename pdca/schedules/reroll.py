"""Moments that move by themselves: when the working days of the body change, and after an evaluation."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from pdca import methods
from pdca.engine import Desk, Draft, Stream
from pdca.numbers import Numbers
from pdca.plans.advance import lock_plan
from pdca.schedules import telling
from pdca.schedules.information_moments import (
    InformationMoments,
    as_information_schedule,
    decided_to_inform,
    ended,
    last_of_each,
)
from pdca.schedules.reconcile import Decided, Effect, Moments, Reconciled
from pdca.schedules.requests import without_requests
from pdca.schedules.stored import as_schedule
from pdca.schedules.working_out import by_rule, last_over, moments_of
from pdca.store.driver import Row
from pdca.store.reads import information, schedules
from pdca.working_days import working_calendar
from workflows.method import WorkflowDefinition
from workflows.moments import COMPLETION, Occurrence, Schedule, Unsound
from workflows.schedule import ScheduleError
from workflows.workdays import WorkingCalendar


@dataclass(slots=True)
class Rerolled:
    """What became of the moments of all plans: by plan those that moved, and the plans that could not be worked out."""

    moved: dict[str, list[Effect]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


def decided_of(number: int, kind: str, schedule: Schedule) -> Decided:
    """Give a decision as evaluations bear it."""
    return Decided(number, {"kind": kind}, {date.date: date.text for date in schedule.dates})


def reroll(desk: Desk, but: Collection[str] = ()) -> Rerolled:
    """Bring the moments to come of all plans to the working days as they are now, one event in the stream of each.

    Those of the plans in `but` are left alone.

    What has passed stays, and so does a moment that an extension moved. A plan that cannot be worked out stays as it
    is, and is named.
    """
    done = Rerolled()
    calendar = working_calendar(desk.connection)
    numbers = Numbers(desk.connection)
    for one in desk.connection.all(schedules.PLANS):
        if one["plan_id"] in but:
            continue
        plan = lock_plan(desk, one["plan_id"])
        definition = methods.of_plan(desk.connection, plan)
        if definition.state_by_id[plan["state"]].ended:
            continue
        try:
            result = _of_plan(desk, plan, definition, calendar, numbers)
        except (Unsound, ScheduleError):
            done.failed.append(plan["plan_id"])
            continue
        if result.changes:
            result = without_requests(desk, result)
            moved = [effect for effect in result.effects if effect.what != "kept"]
            notices = [telling.decided("schedule.rerolled", plan, moved, desk)] if moved else []
            desk.record(Stream.of_plan(plan), Draft(kind="schedule.rerolled", changes=result.changes, notices=notices))
            done.moved[plan["plan_id"]] = moved
    _reroll_information(desk, done, but)
    return done


def _reroll_information(desk: Desk, done: Rerolled, but: Collection[str] = ()) -> None:
    """Bring the moments of information to come to the working days likewise, as far as they stand by a decision."""
    calendar = working_calendar(desk.connection)
    next_id = partial(Numbers(desk.connection).next_id, "information_moment")
    for one in desk.connection.all(information.PLANS):
        if one["plan_id"] in but:
            continue
        plan = lock_plan(desk, one["plan_id"])
        definition = methods.of_plan(desk.connection, plan)
        decisions = last_of_each(desk.connection.all(information.DECISIONS, plan_id=plan["plan_id"]))
        if definition.state_by_id[plan["state"]].ended:
            continue
        found = [_information(desk, plan, definition, calendar, row, next_id, done) for row in decisions]
        changes = [change for one in found for change in one.changes]
        if changes:
            desk.record(Stream.of_plan(plan), Draft(kind="information.rerolled", changes=changes))


def _information(
    desk: Desk,
    plan: Row,
    definition: WorkflowDefinition,
    calendar: WorkingCalendar,
    row: Row,
    next_id: Callable[[], str],
    done: Rerolled,
) -> Reconciled:
    """Bring the moments of one party to the working days."""
    if ended(row):
        return Reconciled()
    schedule = as_information_schedule(row, calendar)
    moments = InformationMoments(desk.connection, plan, row["party_id"], row["method"], definition, desk.uow.now)
    try:
        found = moments_of(schedule, desk.uow.now, None)
    except (Unsound, ScheduleError):
        done.failed.append(plan["plan_id"])
        return Reconciled()
    standing = moments.standing
    decided = decided_to_inform(row["number"], row["party_id"], row["method"], schedule)
    return moments.reconciled(decided, [one for one in found if not standing.isdisjoint(one.keys)], next_id)


def _of_plan(
    desk: Desk, plan: Row, definition: WorkflowDefinition, calendar: WorkingCalendar, numbers: Numbers
) -> Reconciled:
    row = desk.connection.one(schedules.IN_FORCE, plan_id=plan["plan_id"]) or {}
    schedule = as_schedule(row, calendar)
    moments = Moments(desk.connection, plan, definition, desk.uow.now)
    standing = moments.standing
    found = [
        one
        for one in moments_of(schedule, desk.uow.now, last_over(moments.rows, schedule))
        # What was cancelled otherwise than by a decision does not come back by itself.
        if not standing.isdisjoint(one.keys)
    ]
    return moments.reconciled(
        decided_of(row["number"], row["kind"], schedule), found, partial(numbers.next_id, "evaluation")
    )


def after_evaluation(desk: Desk, plan: Row, definition: WorkflowDefinition, missed: Row | None = None) -> Reconciled:
    """Make the moment that follows an evaluation, where the group decided that one does.

    It is being recorded, or was `missed`: then the next one is counted from the day of that one, so that the plan is
    not forgotten.
    """
    row = desk.connection.one(schedules.IN_FORCE, plan_id=plan["plan_id"])
    if row is None or row["anchor"] != COMPLETION:
        return Reconciled()
    schedule = as_schedule(row, working_calendar(desk.connection))
    if missed is not None and not by_rule(missed, schedule):
        return Reconciled()
    moments = Moments(desk.connection, plan, definition, desk.uow.now)
    found = _following(schedule, desk.uow.now, missed or {"recorded_at": desk.uow.now_text})
    decided = decided_of(row["number"], row["kind"], schedule)
    next_id = partial(Numbers(desk.connection).next_id, "evaluation")
    return without_requests(desk, moments.reconciled(decided, found, next_id))


def _following(schedule: Schedule, now: dt.datetime, completed: dict[str, Any]) -> Sequence[Occurrence]:
    try:
        return moments_of(schedule, now, completed)
    except (Unsound, ScheduleError):
        # Working days that nobody can reckon with do not keep an evaluation from being recorded, nor the next from it.
        return moments_of(replace(schedule, roll="none", calendar=WorkingCalendar()), now, completed)
