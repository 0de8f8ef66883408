"""The moments of evaluation as the project group decided them: dates and rules, worked out into definite days.

An occurrence is known by the day that was stated, before it moved: whatever becomes of holidays and closing days, it
stays the same one.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, groupby, islice
from typing import Final

from workflows import recurrence, workdays
from workflows.need import N_
from workflows.problem import Path, Problem, unknown
from workflows.recurrence import Rule
from workflows.rolling import ROLLS, Rolled, roll
from workflows.schedule import ScheduleError, StatedDate, due_instant, named_zone
from workflows.workdays import Reason, WorkingCalendar

SERIES: Final = "series"
COMPLETION: Final = "completion"
ANCHORS: Final = (SERIES, COMPLETION)

FIRST_DAY: Final = dt.date(1901, 1, 1)
LAST_DAY: Final = dt.date(2100, 12, 31)
"""Public holidays are not known before the first and after the last day."""

MOST: Final = 500
"""Weekly for nine years: what gives more than that is a mistake."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """What a project group decided about its moments.

    `dates` are stated one by one; `rules` are of RFC 5545 and count from `start`; both together are one series.
    `exceptions` are stated days on which a rule would fall and does not. No day before `start` or after `until` is
    stated; `until` may be None when every rule ends by itself. With the anchor "completion" the one rule says how long
    after the last evaluation the next one is. `time` is the wall time in the IANA `zone`; `roll` one of `ROLLS`.
    """

    start: dt.date
    time: dt.time
    zone: str
    until: dt.date | None = None
    dates: tuple[StatedDate, ...] = ()
    rules: tuple[str, ...] = ()
    exceptions: tuple[dt.date, ...] = ()
    anchor: str = SERIES
    roll: str = "none"
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)

    @property
    def last(self) -> dt.date:
        """The last day that can be stated."""
        return self.until or LAST_DAY


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A moment: the day that was `stated`, the definite local `date`, why it moved, and the UTC instant it is due.

    `also` are later stated days that moved, or had already been put, onto the same day: that is one evaluation.
    """

    stated: dt.date
    date: dt.date
    at: dt.datetime
    reasons: tuple[Reason, ...] = ()
    also: tuple[Rolled, ...] = ()

    @property
    def key(self) -> str:
        """What it is known by, among the occurrences of its schedule; holidays and closing days do not change it."""
        return self.stated.isoformat()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all that this moment stands for, its own first."""
        return (self.key, *(one.stated.isoformat() for one in self.also))


class Unsound(ValueError):
    """A schedule that cannot be worked out, with everything that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(problem.words() for problem in problems))
        self.problems = problems


def validate(schedule: Schedule) -> tuple[Problem, ...]:
    """Everything that is wrong with a schedule; () when it can be worked out."""
    found = [*_frame(schedule), *_dates(schedule)]
    rules = _rules(schedule, found)
    if not found:
        found += _too_many(schedule, rules)
    if not found:
        found += _exceptions(schedule, rules)
    return tuple(found)


def occurrences(
    schedule: Schedule, completed: dt.date | None = None, not_before: dt.date | None = None
) -> tuple[Occurrence, ...]:
    """Every moment that is definite, in order of its day.

    A fixed series is definite as a whole. With the anchor "completion" the dates are, and the one moment that follows
    the local day `completed` of the last evaluation, or the start when there was none.

    No date moves to before the start of the schedule, nor to before `not_before`, the day on which closing days or the
    decision changed, when it was stated for that day or later. A moment whose instant has passed stays what it was:
    do not move what is kept of it.

    Raises Unsound for what `validate` finds, ScheduleError when a date cannot be moved to a working day within a year.
    """
    problems = validate(schedule)
    if problems:
        raise Unsound(problems)
    rules = _rules(schedule, [])
    stated = {date.date: date for date in schedule.dates}
    for day in _by_rule(schedule, rules, completed):
        stated.setdefault(day, StatedDate(day.isoformat(), day, "day"))
    rolled = [
        roll(date, schedule.roll, schedule.calendar, _earliest(schedule, date.date, completed, not_before))
        for date in stated.values()
    ]
    rolled.sort(key=lambda one: (one.date, one.stated))
    return tuple(_one_moment(schedule, list(same)) for _day, same in groupby(rolled, key=lambda one: one.date))


def _earliest(schedule: Schedule, day: dt.date, completed: dt.date | None, not_before: dt.date | None) -> dt.date:
    """The first day that a stated day can move to."""
    bounds = [schedule.start]
    if not_before is not None and day >= not_before:
        bounds.append(not_before)
    if schedule.anchor == COMPLETION and completed is not None and day > completed:
        bounds.append(completed + dt.timedelta(days=1))
    return max(bounds)


def _one_moment(schedule: Schedule, rolled: list[Rolled]) -> Occurrence:
    first, *others = rolled
    at = due_instant(first.date, schedule.time, schedule.zone)
    return Occurrence(first.stated, first.date, at, first.reasons, tuple(others))


def _by_rule(schedule: Schedule, rules: list[Rule], completed: dt.date | None) -> Iterator[dt.date]:
    skipped = frozenset(schedule.exceptions)
    if schedule.anchor == COMPLETION:
        days = (day for rule in rules for day in rule.after(completed or schedule.start, schedule.last))
        yield from islice((day for day in days if day not in skipped), 1)
        return
    for rule in rules:
        yield from (day for day in rule.dates(schedule.start, schedule.last) if day not in skipped)


def _frame(schedule: Schedule) -> Iterator[Problem]:
    """What is wrong with everything but the dates and the rules."""
    try:
        named_zone(schedule.zone)
    except ScheduleError as error:
        yield Problem("unknown-zone", ("zone",), error.text, error.hint, error.params)
    if schedule.anchor not in ANCHORS:
        yield unknown("anchor", ("anchor",), schedule.anchor, ANCHORS)
    if schedule.roll not in ROLLS:
        yield unknown("roll", ("roll",), schedule.roll, ROLLS)
    if not FIRST_DAY <= schedule.start <= LAST_DAY:
        text, hint = N_("The start lies outside %(first)s to %(last)s."), N_("Choose a day between these two.")
        bounds = {"first": FIRST_DAY.isoformat(), "last": LAST_DAY.isoformat()}
        yield Problem("start", ("start",), text, hint, bounds)
    elif not _has_horizon(schedule):
        text, hint = N_("The horizon lies outside %(first)s to %(last)s."), N_("Choose a day between these two.")
        bounds = {"first": schedule.start.isoformat(), "last": LAST_DAY.isoformat()}
        yield Problem("horizon", ("until",), text, hint, bounds)
    for problem in workdays.faults(schedule.calendar):
        yield problem._replace(path=("calendar", *problem.path))


def _has_horizon(schedule: Schedule) -> bool:
    return FIRST_DAY <= schedule.start <= schedule.last <= LAST_DAY


def _dates(schedule: Schedule) -> Iterator[Problem]:
    if not schedule.dates and not schedule.rules:
        text, hint = N_("The schedule has no moment."), N_("Give it a date or a rule.")
        yield Problem("empty-schedule", (), text, hint)
    seen: dict[dt.date, int] = {}
    for number, stated in enumerate(schedule.dates):
        path: Path = ("dates", number)
        if _has_horizon(schedule) and not schedule.start <= stated.date <= schedule.last:
            text = N_("%(date)s lies outside the schedule, which runs from %(first)s to %(last)s.")
            hint = N_("Correct the date, or the start or the horizon of the schedule.")
            bounds = {"first": schedule.start.isoformat(), "last": schedule.last.isoformat()}
            yield Problem("date-outside", path, text, hint, {"date": stated.text, **bounds})
        if stated.date in seen:
            text, hint = N_("%(date)s stands there twice."), N_("Leave one of them out.")
            yield Problem("date-twice", path, text, hint, {"date": stated.text}, other=("dates", seen[stated.date]))
        seen[stated.date] = number


def _rules(schedule: Schedule, found: list[Problem]) -> list[Rule]:
    """Read the rules; what is wrong with each goes to `found`."""
    rules = []
    for number, text in enumerate(schedule.rules):
        path: Path = ("rules", number)
        rule = recurrence.read(text, path, found)
        if rule is None:
            continue
        rules.append(rule)
        found += chain(_endless(schedule, rule, path), _after_completion(schedule, rule, path))
    return rules


def _endless(schedule: Schedule, rule: Rule, path: Path) -> Iterator[Problem]:
    if schedule.until is None and not rule.ends:
        text, hint = N_("The rule never ends."), N_("Give the schedule a horizon, or the rule UNTIL or COUNT.")
        yield Problem("endless-rule", path, text, hint)


def _after_completion(schedule: Schedule, rule: Rule, path: Path) -> Iterator[Problem]:
    if schedule.anchor != COMPLETION:
        return
    if not rule.plain or rule.count is not None:
        text = N_("What counts from the last evaluation says how long after it, and not on which day.")
        yield Problem(
            "rule-not-plain", path, text, N_("Write FREQ and INTERVAL only, such as FREQ=MONTHLY;INTERVAL=6.")
        )
    if path[-1] != 0:
        text = N_("There is more than one rule for how long after the last evaluation the next one is.")
        yield Problem("rules-compete", path, text, N_("Leave one of them."))


def _too_many(schedule: Schedule, rules: list[Rule]) -> Iterator[Problem]:
    """What is wrong with the dates that the rules of a series give: none, more than `MOST`, or gaps among them."""
    if schedule.anchor == COMPLETION:
        return
    for number, rule in enumerate(rules):
        path: Path = ("rules", number)
        given = list(islice(rule.dates(schedule.start, schedule.last), MOST + 1))
        if len(given) > MOST:
            text = N_("The rule gives more than %(most)d dates.")
            hint = N_("Choose an earlier horizon, or a longer interval.")
            yield Problem("too-many-dates", path, text, hint, {"most": MOST})
            continue
        gap = recurrence.passed_over(rule, schedule.start, schedule.last, given)
        if gap is not None:
            text = N_("In %(period)s there is no such day, so the rule would pass it over.")
            hint = N_("Use BYMONTHDAY=-1 for the last day of a month, and -1MO for its last Monday.")
            yield Problem("rule-passes-over", path, text, hint, {"period": gap})
        elif not given:
            text, hint = (
                N_("The rule gives no date within the schedule."),
                N_("Check the rule, the start and the horizon."),
            )
            yield Problem("rule-without-dates", path, text, hint)


def _exceptions(schedule: Schedule, rules: list[Rule]) -> Iterator[Problem]:
    dates = {stated.date for stated in schedule.dates}
    given = {day for rule in rules for day in rule.dates(schedule.start, schedule.last)}
    for number, day in enumerate(schedule.exceptions):
        path: Path = ("exceptions", number)
        if day in dates:
            text, hint = N_("%(date)s is a date and an exception at once."), N_("Leave one of them out.")
            yield Problem("date-and-exception", path, text, hint, {"date": day.isoformat()})
        elif schedule.anchor == SERIES and day not in given:
            text = N_("No rule falls on %(date)s, so that it is no exception.")
            hint = N_("An exception is the day that the rule gives, before it moves.")
            yield Problem("exception-of-nothing", path, text, hint, {"date": day.isoformat()})
    if schedule.anchor == SERIES and not dates and given <= set(schedule.exceptions):
        text, hint = N_("The schedule has no moment."), N_("Give it a date or a rule.")
        yield Problem("empty-schedule", (), text, hint)
