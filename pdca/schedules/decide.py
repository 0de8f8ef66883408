"""Setting the moments of a plan: a decision of its project group, with who decided it, when and why (clause 18).

Each is another decision; those before stay. Once a plan has left Plan a decision can add moments and bring them
forward; it neither drops nor delays one, for that takes an extension that somebody else approves.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from pdca import methods
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Usage
from pdca.i18n import N_, _
from pdca.numbers import Numbers
from pdca.people.commands import lock_installation
from pdca.plans import rights
from pdca.plans.advance import lock_plan
from pdca.plans.roles import local_date, present
from pdca.schedules import telling
from pdca.schedules.reconcile import Effect, Kept, Moments, Reconciled
from pdca.schedules.requests import without_requests
from pdca.schedules.reroll import decided_of
from pdca.schedules.stored import columns
from pdca.schedules.working_out import Wish, kind_of, last_over, worked_out
from pdca.store.driver import Row
from pdca.store.reads import schedules
from pdca.store.rows import insert
from pdca.working_days import working_calendar
from workflows.guards import Need, given_motive
from workflows.method import WorkflowDefinition
from workflows.moments import Occurrence, Schedule
from workflows.schedule import parse_stated


@dataclass(frozen=True, slots=True)
class SetSchedule:
    """Decide on the moments of a plan; `decided_on` is the local day of the decision, today when None."""

    plan_id: str
    wish: Wish
    reason: str
    decided_on: dt.date | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Keep the decision and bring the evaluations of the plan to it, or log the refusal.

        Raises Usage for a schedule that cannot be worked out. A decision that is in force already changes nothing.
        """
        # Closing days that change at the same time would miss a decision that is not there yet.
        lock_installation(desk)
        plan = lock_plan(desk, self.plan_id)
        definition = methods.of_plan(desk.connection, plan)
        now = desk.uow.now
        schedule = self.wish.of_plan(plan, definition, working_calendar(desk.connection), now)
        moments = Moments(desk.connection, plan, definition, now)
        found = worked_out(schedule, now, last_over(moments.rows, schedule))
        check_ahead(schedule, found, moments, now)
        day = decided_on(plan, self.decided_on, now)
        earlier = desk.connection.all(schedules.OF_PLAN, plan_id=self.plan_id)
        values = {"kind": self.wish.kind or kind_of(schedule), **columns(schedule)}
        number = len(earlier) + 1
        decision = insert(
            "schedule",
            {"plan_id": self.plan_id, "number": number},
            decided_on=day.isoformat(),
            decided_by=desk.actor.person_id,
            recorded_at=desk.uow.now_text,
            reason=self.reason,
            **values,
        )
        decided = decided_of(number, values["kind"], schedule)
        result = without_requests(
            desk,
            moments.reconciled(decided, found, partial(Numbers(desk.connection).next_id, "evaluation")),
            self.reason,
        )
        if (
            earlier
            and says_the_same(earlier[-1], values, start_given=self.wish.start is not None)
            and all(effect.what == "kept" for effect in result.effects)
        ):
            return desk.done(plan=self.plan_id, number=earlier[-1]["number"], moments=[])
        stands = present(desk.connection, plan, desk.actor, now)
        needs = (
            *rights.ended(plan, definition),
            *rights.editing(plan, stands, [decision]),
            *given_motive(self.reason),
            *_held(plan, definition, schedule, result),
        )
        if needs:
            draft = Draft(kind="schedule.refused", trigger="schedule", reason=self.reason)
            return desk.refuse(Stream.of_plan(plan), draft, needs)
        desk.act_for(rights.acting([decision], stands))
        desk.record(
            Stream.of_plan(plan),
            Draft(
                kind="schedule.set",
                changes=[decision, *result.changes],
                notices=[telling.decided("schedule.set", plan, result.effects, desk, self.reason)],
                reason=self.reason,
            ),
        )
        return desk.done(plan=self.plan_id, number=number, moments=[effect.told() for effect in result.effects])


def decided_on(plan: Row, given: dt.date | None, now: dt.datetime) -> dt.date:
    """Give the local day of a decision, today when it is not `given`; raises Usage for one that is still to come."""
    today = local_date(now, plan["zone"])
    if given is not None and given > today:
        raise Usage(
            "decided-in-future",
            _("%(date)s, the day of the decision, is still to come.") % {"date": given},
            hint=_("Give the day on which the project group decided."),
        )
    return given or today


def says_the_same(row: Row, values: dict[str, Any], *, start_given: bool) -> bool:
    """Tell whether a decision says what another says already."""
    # Without a start it counts from today: that alone makes no other decision of dates, for which there is no counting.
    counted = start_given or values["rules"] is not None
    return all(row[name] == value for name, value in values.items() if counted or name != "start")


def check_ahead(schedule: Schedule, found: tuple[Occurrence, ...], moments: Kept, now: dt.datetime) -> None:
    """Refuse a date of its own that lies in the past and was never a moment, and a schedule with nothing ahead."""
    there = moments.accounted | {row["stated_date"] for row in moments.rows}
    by_day = {key: one for one in found for key in one.keys}
    for stated in schedule.dates:
        key = stated.date.isoformat()
        if by_day[key].at <= now and key not in there and stated.text not in there:
            raise Usage(
                "date-passed",
                _("%(date)s has passed, and was no moment of the plan.") % {"date": stated.text},
                hint=_("Give dates that are still to come; what took place stays without being named."),
            )
    if all(one.at <= now for one in found):
        raise Usage(
            "nothing-ahead",
            _("No moment of it is still to come."),
            hint=_("Choose a later date or horizon, or another rule."),
        )


def _held(plan: Row, definition: WorkflowDefinition, schedule: Schedule, result: Reconciled) -> Iterator[Need]:
    """Name each evaluation to come that would come later, or not at all, in a plan that has left Plan."""
    state = plan["resume_state"] or plan["state"]
    if definition.state_by_id[state].phase == "plan":
        return
    for one in result.delayed:
        held = Need(
            "moment-held",
            N_("%(evaluation)s of %(date)s would come later, or not at all, and the plan has left Plan."),
            {"evaluation": one.moment_id, "date": one.before or ""},
            N_("Keep a moment on or before that day; an evaluation moves to a later day by an approved extension."),
            "pdca evaluation extend %(evaluation)s --to DATE --reason …",
        )
        yield held._replace(hint=_by_another_roll(one, schedule) or held.hint)


def _by_another_roll(one: Effect, schedule: Schedule) -> str | None:
    """What to do about a moment that comes later only because it moves off a day on which nobody works."""
    before = one.before or ""
    if one.what == "moved" and one.date > before and schedule.roll != "none":
        if parse_stated(one.stated_date).date.isoformat() <= before:
            return N_(
                "It moves off a day on which nobody works; with --roll none it does not. An evaluation moves to a "
                "later day by an approved extension."
            )
        return N_(
            "It moves off a day on which nobody works; with --roll previous it goes to the working day before. An "
            "evaluation moves to a later day by an approved extension."
        )
    return None
