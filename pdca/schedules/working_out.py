"""From a decision to its moments, as they are at an instant."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pdca.errors import Usage
from pdca.i18n import _, gettext
from pdca.plans.roles import local_date
from pdca.schedules.stored import also_in
from pdca.store.driver import Row
from workflows import recurrence
from workflows.instants import from_text
from workflows.method import WorkflowDefinition
from workflows.moments import COMPLETION, SERIES, Occurrence, Schedule, Unsound, occurrences
from workflows.problem import Problem
from workflows.schedule import ScheduleError, StatedDate, due_instant, parse_stated
from workflows.workdays import WorkingCalendar

DEFAULT_ROLL: Final = "next"
INTERIM: Final = "interim"

_KINDS: Final = {
    ("YEARLY", 1): "yearly",
    ("MONTHLY", 12): "yearly",
    ("MONTHLY", 6): "half_yearly",
    ("MONTHLY", 3): "quarterly",
    ("MONTHLY", 1): "monthly",
}
_OPTIONS: Final = {
    "dates": "--date",
    "rules": "--rule",
    "exceptions": "--except",
    "until": "--until",
    "start": "--from",
    "zone": "--zone",
    "anchor": "--anchor",
    "roll": "--roll",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody says of the moments of a plan; what is left open follows from the plan and its method.

    With `rhythm`, and without dates and rules, the rhythm that plans have by their method is one of the rules.
    """

    dates: tuple[StatedDate, ...] = ()
    rules: tuple[str, ...] = ()
    exceptions: tuple[dt.date, ...] = ()
    kind: str | None = None
    start: dt.date | None = None
    until: dt.date | None = None
    time: dt.time | None = None
    zone: str | None = None
    anchor: str = SERIES
    roll: str = DEFAULT_ROLL
    rhythm: bool = False

    def of_plan(
        self, plan: Row, definition: WorkflowDefinition, calendar: WorkingCalendar, now: dt.datetime
    ) -> Schedule:
        """Give the schedule that is meant for a plan.

        Raises Usage when it is left open and no rhythm is known, or up to when, and the period of the plan is over.
        """
        today = local_date(now, plan["zone"])
        by_rhythm = self.rhythm or not (self.dates or self.rules)
        # Nothing is counted from where dates alone begin: those that have passed may stand among them.
        dates_alone = [one.date for one in self.dates] if not (self.rules or by_rhythm) else []
        start = self.start or min([today, *dates_alone])
        if self.until is None and plan["period_end"] < start.isoformat():
            raise Usage(
                "plan-period-over",
                _("The period of %(plan)s ended on %(date)s.") % {"plan": plan["plan_id"], "date": plan["period_end"]},
                hint=_("Say with --until how far the schedule goes."),
            )
        return Schedule(
            start=start,
            time=self.time or definition.evaluation.time,
            zone=self.zone or plan["zone"],
            until=self.until or dt.date.fromisoformat(plan["period_end"]),
            dates=self.dates,
            rules=(*self.rules, usual(plan, definition)) if by_rhythm else self.rules,
            exceptions=self.exceptions,
            anchor=self.anchor,
            roll=self.roll,
            calendar=calendar,
        )


def rhythm(definition: WorkflowDefinition) -> str | None:
    """Give the rule by which plans are usually evaluated, None when the method leaves that free.

    It is that of the level on which plans stand, otherwise of the nearest level above that has one.
    """
    of_plans = [level for level in definition.levels if level.kind == "plan"]
    nearest_first = (*of_plans, *reversed(definition.above_plan))
    return next((level.rhythm for level in nearest_first if level.rhythm), None)


def usual(plan: Row, definition: WorkflowDefinition) -> str:
    """Give the rule by which a plan is usually evaluated; raises Usage when its method leaves that free."""
    found = rhythm(definition)
    if found is None:
        raise Usage(
            "no-rhythm",
            _("The method of %(plan)s does not say how often plans are evaluated.") % {"plan": plan["plan_id"]},
            hint=_("Give dates (--date) or a rule (--rule)."),
        )
    return found


def kind_of(schedule: Schedule) -> str:
    """Give what the evaluations of a schedule are called unless the group calls them otherwise."""
    if len(schedule.rules) != 1 or schedule.dates:
        return INTERIM
    rule = recurrence.read(schedule.rules[0], (), [])
    return _KINDS.get((rule.frequency, rule.interval), INTERIM) if rule and rule.plain else INTERIM


def moments_of(
    schedule: Schedule, now: dt.datetime, completed: Row | None, *, not_before: dt.date | None = None
) -> tuple[Occurrence, ...]:
    """Work out the moments of a schedule; `completed` is the evaluation of the plan that was over last.

    None moves to before the first day whose instant is still to come, nor to before `not_before`. Raises Unsound for a
    schedule that does not fit together, ScheduleError for a date that cannot be moved to a working day.
    """
    first = max(filter(None, (_first_ahead(schedule, now), not_before)))
    return occurrences(schedule, _counted_from(schedule, completed, now), first)


def last_over(rows: Iterable[Row], schedule: Schedule) -> Row | None:
    """Give the evaluation of a plan that was over last: recorded, or missed on its day; None when none is.

    A missed one counts when it was there by the rule: one on a date of its own does not put the next off.
    """
    over = [row for row in rows if row["recorded_at"] or (row["status"] == "missed" and by_rule(row, schedule))]
    return max(over, key=lambda row: str(row["recorded_at"] or row["due_at"]), default=None)


def by_rule(row: Row, schedule: Schedule) -> bool:
    """Tell whether an evaluation is there by a rule, or stands for one that is, and not by dates alone."""
    return bool(_stated_by_rule(row, schedule))


def _stated_by_rule(row: Row, schedule: Schedule) -> list[str]:
    """The stated days, in their order, that a rule gave to an evaluation, or that it stands for."""
    own = () if row["schedule_number"] is None else (parse_stated(row["stated_date"]).date.isoformat(),)
    return sorted({*own, *also_in(row)} - {stated.date.isoformat() for stated in schedule.dates})


def _first_ahead(schedule: Schedule, now: dt.datetime) -> dt.date:
    try:
        today = local_date(now, schedule.zone)
        passed = due_instant(today, schedule.time, schedule.zone) <= now
    except (ScheduleError, KeyError, ValueError):
        return schedule.start
    return today + dt.timedelta(days=passed)


def _counted_from(schedule: Schedule, completed: Row | None, now: dt.datetime) -> dt.date | None:
    """The local day from which the next moment is counted; None when what follows lies before the start.

    It is that on which the last evaluation was recorded. For a missed one it is the day that was stated, before it
    moved off a day on which nobody works, so that such moves do not add up; or the day to which an extension moved it.
    What would have followed that one and has passed as well, because nothing ran, is passed over.
    """
    if schedule.anchor != COMPLETION or completed is None or len(schedule.rules) != 1:
        return None
    rule = recurrence.read(schedule.rules[0], (), [])
    if rule is None or not rule.plain:
        return None
    if completed["recorded_at"]:
        day = local_date(from_text(completed["recorded_at"]), schedule.zone)
    else:
        day = _not_passed(schedule, rule, _missed_day(completed, schedule), now)
    following = next(iter(rule.after(day, schedule.last)), None)
    return day if following is not None and following >= schedule.start else None


def _missed_day(row: Row, schedule: Schedule) -> dt.date:
    stated = _stated_by_rule(row, schedule)
    extended = row["due_at"] != row["first_due_at"]
    return dt.date.fromisoformat(row["due_date"] if extended or not stated else stated[-1])


def _not_passed(schedule: Schedule, rule: recurrence.Rule, missed: dt.date, now: dt.datetime) -> dt.date:
    """The day from which to count so that the next moment, where it has moved to, is still to come."""
    first = _first_ahead(schedule, now)
    day = missed
    for following in rule.after(missed, min(first, schedule.last)):
        # No day moves further than a year.
        if following + dt.timedelta(days=366) >= first and any(
            following.isoformat() in one.keys and one.at > now for one in occurrences(schedule, day, first)
        ):
            break
        if following < first:
            day = following
    return day


def unsound(problems: Sequence[Problem]) -> Usage:
    """Make the error for a schedule that does not fit together: everything that is wrong with it."""
    first = problems[0]
    message = "\n".join(_named(problem) for problem in problems)
    return Usage(first.code, message, hint=first.advice(gettext))


def not_to_be_moved(error: ScheduleError) -> Usage:
    """Make the error for a date that has no working day near it."""
    return Usage("no-working-day", error.words(gettext), hint=gettext(error.hint))


def worked_out(schedule: Schedule, now: dt.datetime, completed: Row | None) -> tuple[Occurrence, ...]:
    """Work out the moments of a schedule that somebody asks for; raises Usage for what is wrong with it."""
    try:
        return moments_of(schedule, now, completed)
    except Unsound as error:
        raise unsound(error.problems) from error
    except ScheduleError as error:
        raise not_to_be_moved(error) from error


def _named(problem: Problem) -> str:
    option = _OPTIONS.get(str(problem.path[0])) if problem.path else None
    words = problem.words(gettext)
    return f"{option}: {words}" if option else words
