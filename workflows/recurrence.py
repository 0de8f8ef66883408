"""Rules of RFC 5545 for dates: which are understood, what is wrong with the others, and the dates that a rule gives.

Stricter than the standard where a date could get lost without a word: see `passed_over`.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count, islice, takewhile
from types import MappingProxyType
from typing import Final

from workflows.need import N_
from workflows.problem import Path, Problem, unknown

FREQUENCIES: Final = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_WITHIN_A_DAY: Final = frozenset({"HOURLY", "MINUTELY", "SECONDLY", "BYHOUR", "BYMINUTE", "BYSECOND"})
_NUMBERS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        "INTERVAL": (1, 1000),
        "COUNT": (1, 1000),
        "BYMONTH": (1, 12),
        "BYMONTHDAY": (-31, 31),
        "BYYEARDAY": (-366, 366),
        # dateutil takes Sunday 2 January 2022 for one of week 53 (it is one of 52), and counts from the end likewise.
        "BYWEEKNO": (1, 51),
        "BYSETPOS": (-366, 366),
    }
)
"""The parts whose values are numbers, each with the lowest and the highest; 0 is none of them."""

_SINGLE: Final = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"})
_KNOWN: Final = (*sorted(_SINGLE), "BYDAY", *(name for name in _NUMBERS if name not in _SINGLE))
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,4}")
_DAY: Final = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_DATE: Final = re.compile(r"[0-9]{8}")
_CHOOSES_DAYS: Final = ("BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO")

_ROUND: Final = 400
_ONE_DAY: Final = dt.timedelta(days=1)

_NOT_WITH: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "BYMONTHDAY": frozenset({"WEEKLY"}),
        "BYYEARDAY": frozenset({"DAILY", "WEEKLY", "MONTHLY"}),
        "BYWEEKNO": frozenset({"DAILY", "WEEKLY", "MONTHLY"}),
        # Of the week in which a rule begins, dateutil counts only what is left; BYDAY says the same.
        "BYSETPOS": frozenset({"DAILY", "WEEKLY"}),
    }
)
"""Which part does not stand with which frequencies, by the standard for all but the last."""


@dataclass(frozen=True)
class Rule:
    """A rule that is understood: its parts by name, each with its values; made by `read`."""

    text: str
    parts: Mapping[str, tuple[str, ...]]

    @property
    def frequency(self) -> str:
        """YEARLY, MONTHLY, WEEKLY or DAILY."""
        return self.parts["FREQ"][0]

    @property
    def interval(self) -> int:
        """Every how many years, months, weeks or days."""
        return int(self.parts.get("INTERVAL", ("1",))[0])

    @property
    def count(self) -> int | None:
        """How many dates the rule gives, None when it does not say."""
        return int(self.parts["COUNT"][0]) if "COUNT" in self.parts else None

    @property
    def until(self) -> dt.date | None:
        """The last day that the rule can give, None when it does not say."""
        return _day_of(self.parts["UNTIL"][0]) if "UNTIL" in self.parts else None

    @property
    def ends(self) -> bool:
        """Whether the rule itself says when it ends."""
        return "COUNT" in self.parts or "UNTIL" in self.parts

    @property
    def plain(self) -> bool:
        """Whether it is a frequency and an interval only, so that the day is that of its start."""
        return not any(name.startswith("BY") for name in self.parts)

    def numbers(self, name: str) -> tuple[int, ...]:
        """The values of a part that has numbers."""
        return tuple(map(int, self.parts.get(name, ())))

    @cached_property
    def days(self) -> tuple[tuple[int, int], ...]:
        """The values of BYDAY as (weekday, Monday 0; which one of the month or year, 0 for each)."""
        matches = (_DAY.fullmatch(value) for value in self.parts.get("BYDAY", ()))
        return tuple((WEEKDAYS.index(found[2]), int(found[1] or 0)) for found in matches if found)

    def dates(self, start: dt.date, last: dt.date) -> Iterator[dt.date]:
        """The dates from `start`, from which the rule counts, to `last`, in order.

        The start is one of them only when the rule gives it.
        """
        # Imported here: most commands compute no rule.
        from dateutil import rrule

        # The package looks for a date that never comes until the year 9999, which takes it seconds. The calendar comes
        # round every 400 years, weekdays and all: so it is asked about years that end not long before.
        years = (dt.MAXYEAR - last.year) // _ROUND * _ROUND
        until = min(last, self.until or last)
        found = rrule.rrule(
            getattr(rrule, self.frequency),
            dtstart=dt.datetime.combine(start.replace(year=start.year + years), dt.time()),
            until=dt.datetime.combine(until.replace(year=until.year + years), dt.time()),
            interval=self.interval,
            wkst=WEEKDAYS.index(self.parts.get("WKST", ("MO",))[0]),
            bymonth=self.numbers("BYMONTH") or None,
            bymonthday=self.numbers("BYMONTHDAY") or None,
            byyearday=self.numbers("BYYEARDAY") or None,
            byweekno=self.numbers("BYWEEKNO") or None,
            bysetpos=self.numbers("BYSETPOS") or None,
            byweekday=[rrule.weekday(day, which or None) for day, which in self.days] or None,
        )
        # It counts only what has no last day.
        return (moment.date().replace(year=moment.year - years) for moment in islice(found, self.count))

    def after(self, day: dt.date, last: dt.date) -> Iterator[dt.date]:
        """The days one, two, … intervals after `day`, to `last`; in a month that is too short, its last day.

        For a plain rule only: how long after something, and not which day of the calendar.
        """
        last = min(last, self.until or last)
        months = {"YEARLY": 12, "MONTHLY": 1}.get(self.frequency, 0) * self.interval
        days = {"WEEKLY": 7, "DAILY": 1}.get(self.frequency, 0) * self.interval
        moved = (later(day, months=months * number, days=days * number) for number in count(1))
        return takewhile(lambda found: found <= last, moved)


def later(day: dt.date, *, months: int = 0, days: int = 0) -> dt.date:
    """The day so many months, then days, after a day; in a month that is too short, its last day."""
    # Imported here: most commands compute no date.
    from dateutil.relativedelta import relativedelta

    return day + relativedelta(months=months, days=days)


def read(text: str, path: Path, found: list[Problem]) -> Rule | None:
    """Read a rule such as `FREQ=YEARLY;BYMONTH=3,9;BYDAY=1MO`; None when it cannot be, and the problems go to `found`.

    `RRULE:` may stand before it. `path` is where the rule stands; the name of the part is added to it.
    """
    before = len(found)
    parts: dict[str, tuple[str, ...]] = {}
    for piece in text.strip().upper().removeprefix("RRULE:").rstrip(";").split(";"):
        name, equals, value = (side.strip() for side in piece.partition("="))
        if not equals or not value:
            example = N_("Write it as FREQ=MONTHLY;INTERVAL=4 or FREQ=YEARLY;BYMONTH=3,9;BYDAY=1MO.")
            found.append(Problem("rule-not-read", path, N_("“%(rule)s” is not a rule."), example, {"rule": text}))
            return None
        if name in parts:
            hint = N_("Write it once, its values with commas between them.")
            found.append(Problem("part-twice", (*path, name), N_("%(part)s stands there twice."), hint, {"part": name}))
        parts[name] = tuple(value.split(","))
    rule = Rule(text, MappingProxyType(parts))
    found += _parts(rule, path)
    if len(found) == before:
        found += _together(rule, path)
    return rule if len(found) == before else None


def _parts(rule: Rule, path: Path) -> Iterator[Problem]:
    """Each part by itself."""
    if "FREQ" not in rule.parts:
        text, hint = N_("The rule does not say how often."), N_("Begin with FREQ=YEARLY, MONTHLY, WEEKLY or DAILY.")
        yield Problem("rule-without-frequency", path, text, hint)
    for name, values in rule.parts.items():
        place = (*path, name)
        if name in _WITHIN_A_DAY or (name == "FREQ" and values[0] in _WITHIN_A_DAY):
            text = N_("A rule gives days; hours, minutes and seconds are not for it.")
            hint = N_("The time of day is set once, for the whole plan.")
            yield Problem("rule-within-a-day", place, text, hint)
        elif name not in _KNOWN:
            yield unknown("part", place, name, _KNOWN, at_key=True)
        elif name in _SINGLE and len(values) > 1:
            hint = N_("Leave one of them.")
            yield Problem("part-twice", place, N_("%(part)s can have one value only."), hint, {"part": name})
        else:
            yield from (_bad_value(name, value, place) for value in values if not _fits(name, value))


def _fits(name: str, value: str) -> bool:
    if name in _NUMBERS:
        low, high = _NUMBERS[name]
        return bool(_NUMBER.fullmatch(value)) and int(value) != 0 and low <= int(value) <= high
    if name == "BYDAY":
        day = _DAY.fullmatch(value)
        return day is not None and (day[1] is None or 1 <= abs(int(day[1])) <= 53)  # noqa: PLR2004 - weeks of a year
    if name == "UNTIL":
        return _day_of(value) is not None
    return value in {"FREQ": FREQUENCIES, "WKST": WEEKDAYS}[name]


def _day_of(value: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if _DATE.fullmatch(value) else None
    except ValueError:
        return None


def _bad_value(name: str, value: str, place: Path) -> Problem:
    hint = {
        "FREQ": N_("Use YEARLY, MONTHLY, WEEKLY or DAILY."),
        "UNTIL": N_("Write the last day as 20301231, without a time."),
        "WKST": N_("Use MO, TU, WE, TH, FR, SA or SU."),
        "BYDAY": N_(
            "Use MO to SU, with a number before it for which one: 1MO is the first Monday, -1FR the last Friday."
        ),
    }.get(name, N_("Use a whole number from %(low)s to %(high)s, and not 0."))
    low, high = _NUMBERS.get(name, (0, 0))
    params: dict[str, str | int] = {"part": name, "value": value, "low": low, "high": high}
    return Problem("part-value", place, N_("“%(value)s” cannot stand after %(part)s."), hint, params)


def _together(rule: Rule, path: Path) -> Iterator[Problem]:
    """What parts do not go together; see RFC 5545 §3.3.10."""
    hint = N_("Leave one of them out.")
    pairs = [("COUNT", "UNTIL")] if {"COUNT", "UNTIL"} <= set(rule.parts) else []
    pairs += [(name, "FREQ") for name, barred in _NOT_WITH.items() if name in rule.parts and rule.frequency in barred]
    if any(which for _day, which in rule.days):
        if rule.frequency in {"WEEKLY", "DAILY"}:
            pairs.append(("BYDAY", "FREQ"))
        elif "BYWEEKNO" in rule.parts:
            pairs.append(("BYDAY", "BYWEEKNO"))
    for name, other in pairs:
        params = {"part": f"{name}={','.join(rule.parts[name])}", "other": f"{other}={','.join(rule.parts[other])}"}
        text = N_("%(part)s and %(other)s do not go together.")
        yield Problem("parts-together", (*path, name), text, hint, params)
    if "BYWEEKNO" in rule.parts and "BYDAY" not in rule.parts:
        text, hint = N_("A week has seven days, and the rule names none of them."), N_("Add BYDAY, such as BYDAY=MO.")
        yield Problem("week-without-day", (*path, "BYWEEKNO"), text, hint)
    if "BYSETPOS" in rule.parts and not any(name in rule.parts for name in (*_CHOOSES_DAYS, "BYMONTH")):
        text = N_("BYSETPOS chooses among days, and the rule names none.")
        yield Problem("parts-together", (*path, "BYSETPOS"), text, N_("Add BYDAY or BYMONTHDAY, or leave it out."))


def passed_over(rule: Rule, start: dt.date, last: dt.date, given: Sequence[dt.date]) -> str | None:
    """The first month (`2025-02`) or year in which a date is expected and the rule gives none; None when there is none.

    By the standard a month that is too short for the rule is passed over: the thirty-first of every month gives seven
    dates a year. `given` are the dates that the rule gives from `start` to `last`.
    """
    if rule.frequency not in {"YEARLY", "MONTHLY"}:
        return None
    end = given[-1] if rule.count is not None and given else min(last, rule.until or last)
    # Months and years that are there in part only may well be empty.
    before, beyond = start - _ONE_DAY, end + _ONE_DAY
    by_month = rule.frequency == "MONTHLY" or (
        "BYSETPOS" not in rule.parts and {"BYMONTH", "BYMONTHDAY"} & set(rule.parts)
    )
    if not by_month:
        years = range(start.year, beyond.year, rule.interval)
        filled = {day.year for day in given}
        return next((f"{year:04}" for year in years if year > before.year and year not in filled), None)
    within = ((before.year, before.month), (beyond.year, beyond.month))
    months = {(day.year, day.month) for day in given}
    expected = (month for month in _months(rule, start, end) if within[0] < month < within[1])
    return next((f"{year:04}-{month:02}" for year, month in expected if (year, month) not in months), None)


def _months(rule: Rule, start: dt.date, end: dt.date) -> Iterator[tuple[int, int]]:
    """Yield the months that a rule is about, as (year, month)."""
    chosen = sorted(rule.numbers("BYMONTH")) or range(1, 13)
    if rule.frequency == "YEARLY":
        yield from ((year, month) for year in range(start.year, end.year + 1, rule.interval) for month in chosen)
        return
    first, last = start.year * 12 + start.month - 1, end.year * 12 + end.month - 1
    for number in range(first, last + 1, rule.interval):
        if number % 12 + 1 in chosen:
            yield number // 12, number % 12 + 1
