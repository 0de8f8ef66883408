"""A rule in words: the common ones as people say them, any other by its next dates."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final

from workflows.day_words import MONTHS, WEEKDAYS, Say, day
from workflows.need import N_
from workflows.recurrence import Rule

SHOWN: Final = 5
"""How many dates stand for a rule that nobody has words for."""

_EVERY: Final = {"YEARLY": N_("every year"), "MONTHLY": N_("every month"), "WEEKLY": N_("every week")}
_EVERY_SO_MANY: Final = {
    "YEARLY": N_("every %(count)s years"),
    "MONTHLY": N_("every %(count)s months"),
    "WEEKLY": N_("every %(count)s weeks"),
}
_ONE_AFTER: Final = {
    "YEARLY": N_("one year after the last evaluation"),
    "MONTHLY": N_("one month after the last evaluation"),
    "WEEKLY": N_("one week after the last evaluation"),
    "DAILY": N_("one day after the last evaluation"),
}
_SO_MANY_AFTER: Final = {
    "YEARLY": N_("%(count)s years after the last evaluation"),
    "MONTHLY": N_("%(count)s months after the last evaluation"),
    "WEEKLY": N_("%(count)s weeks after the last evaluation"),
    "DAILY": N_("%(count)s days after the last evaluation"),
}
_COUNTS: Final = (
    N_("two"),
    N_("three"),
    N_("four"),
    N_("five"),
    N_("six"),
    N_("seven"),
    N_("eight"),
    N_("nine"),
    N_("ten"),
    N_("eleven"),
    N_("twelve"),
)
_OF_MONTH: Final = (
    N_("of January"),
    N_("of February"),
    N_("of March"),
    N_("of April"),
    N_("of May"),
    N_("of June"),
    N_("of July"),
    N_("of August"),
    N_("of September"),
    N_("of October"),
    N_("of November"),
    N_("of December"),
)
_WHICH: Final = {
    1: N_("on the first %(weekday)s %(of)s"),
    2: N_("on the second %(weekday)s %(of)s"),
    3: N_("on the third %(weekday)s %(of)s"),
    4: N_("on the fourth %(weekday)s %(of)s"),
    -1: N_("on the last %(weekday)s %(of)s"),
}
_FROM_MONDAY_TO_FRIDAY: Final = {
    1: N_("on the first weekday (Monday to Friday) %(of)s"),
    -1: N_("on the last weekday (Monday to Friday) %(of)s"),
}
_WEEK: Final = ("MO", "TU", "WE", "TH", "FR")


def in_words(rule: Rule, start: dt.date, say: Say, *, from_completion: bool = False) -> str | None:
    """What a rule says, such as “every year, on the first Monday of March and of September”; None for an uncommon one.

    `start` is the day that the rule counts from; `from_completion` says that it counts from the last evaluation.
    """
    if from_completion:
        return _ended(rule, _how_often(rule, _ONE_AFTER, _SO_MANY_AFTER, say), say) if rule.plain else None
    if rule.frequency == "DAILY":
        return None
    # Every month in March and in September is every year.
    by_year = "BYMONTH" in rule.parts and rule.interval == 1
    every = say(_EVERY["YEARLY"]) if by_year else _how_often(rule, _EVERY, _EVERY_SO_MANY, say)
    from_start = {"day": day(start, say)}
    if rule.plain and rule.interval > 1:
        return _ended(rule, say(N_("%(every)s, from %(day)s")) % {"every": every, **from_start}, say)
    on = _on(rule, start, say)
    if on is None:
        return None
    phrase = say(N_("%(every)s, %(on)s")) % {"every": every, "on": on}
    if rule.interval > 1:
        phrase = say(N_("%(every)s, from %(day)s")) % {"every": phrase, **from_start}
    return _ended(rule, phrase, say)


def by_dates(dates: Sequence[dt.date], say: Say) -> str:
    """The first dates of a rule, for one that has no words."""
    shown = [day(one, say) for one in islice(dates, SHOWN)]
    if len(dates) > SHOWN:
        return say(N_("%(days)s and so on")) % {"days": ", ".join(shown)}
    return _joined(shown, say)


def said(rule: Rule, start: dt.date, last: dt.date, say: Say) -> str:
    """A rule of a fixed series in words, or by its first dates from `start` to `last` when it has none."""
    return in_words(rule, start, say) or by_dates(list(islice(rule.dates(start, last), SHOWN + 1)), say)


def _how_often(rule: Rule, once: dict[str, str], often: dict[str, str], say: Say) -> str:
    if rule.interval == 1:
        return say(once[rule.frequency])
    number = rule.interval - 2
    count = say(_COUNTS[number]) if number < len(_COUNTS) else str(rule.interval)
    return say(often[rule.frequency]) % {"count": count}


def _ended(rule: Rule, phrase: str, say: Say) -> str:
    if rule.until is not None:
        return say(N_("%(rule)s, until %(day)s")) % {"rule": phrase, "day": day(rule.until, say)}
    if rule.count is not None:
        return say(N_("%(rule)s, %(count)d in all")) % {"rule": phrase, "count": rule.count}
    return phrase


def _on(rule: Rule, start: dt.date, say: Say) -> str | None:
    """On which days a rule falls; None when there are no words for it."""
    names = {name for name in rule.parts if name.startswith("BY")}
    if rule.frequency == "WEEKLY":
        return _weekdays(rule, start, say) if names <= {"BYDAY"} else None
    months = rule.numbers("BYMONTH")
    if months and rule.interval > 1 and rule.frequency == "MONTHLY":
        return None
    if rule.frequency == "YEARLY" and not months:
        # Without a month, a day or a weekday is one of every month, or of the year.
        return _days(say, (start.month,), (start.day,)) if not names else None
    shown: dict[frozenset[str], Callable[[], str | None]] = {
        frozenset(): lambda: _days(say, months, (start.day,)),
        frozenset({"BYMONTHDAY"}): lambda: _days(say, months, rule.numbers("BYMONTHDAY")),
        frozenset({"BYDAY"}): lambda: _which(rule, months, say),
        frozenset({"BYDAY", "BYSETPOS"}): lambda: _which_weekday(rule, months, say),
    }
    words = shown.get(frozenset(names - {"BYMONTH"}))
    return words() if words else None


def _weekdays(rule: Rule, start: dt.date, say: Say) -> str:
    days = sorted(number for number, _which in rule.days) or [start.weekday()]
    return _joined([say(N_("on %(weekday)s")) % {"weekday": say(WEEKDAYS[number])} for number in days], say)


def _days(say: Say, months: Sequence[int], days: Sequence[int]) -> str | None:
    """Days of the month, by their numbers."""
    if days == (-1,):
        return say(N_("on the last day %(of)s")) % {"of": _of(months, say)}
    if any(number < 1 for number in days):
        return None
    return _joined(list(_each_day(say, months, days)), say)


def _each_day(say: Say, months: Sequence[int], days: Sequence[int]) -> Iterator[str]:
    for month in sorted(months):
        for number in sorted(days):
            template = N_("on 1 %(month)s") if number == 1 else N_("on %(day)d %(month)s")
            yield say(template) % {"day": number, "month": say(MONTHS[month - 1])}
    if not months:
        for number in sorted(days):
            yield say(N_("on day 1 of the month") if number == 1 else N_("on day %(day)d of the month")) % {
                "day": number
            }


def _which(rule: Rule, months: Sequence[int], say: Say) -> str | None:
    """The first Monday, the last Friday."""
    if any(which not in _WHICH for _number, which in rule.days):
        return None
    of = _of(months, say)
    return _joined(
        [say(_WHICH[which]) % {"weekday": say(WEEKDAYS[number]), "of": of} for number, which in rule.days], say
    )


def _which_weekday(rule: Rule, months: Sequence[int], say: Say) -> str | None:
    """The first or the last of Monday to Friday, whatever day that is."""
    position = rule.numbers("BYSETPOS")
    monthly = rule.frequency == "MONTHLY" or len(months) == 1
    if not monthly or sorted(rule.parts["BYDAY"]) != sorted(_WEEK) or position not in {(1,), (-1,)}:
        return None
    return say(_FROM_MONDAY_TO_FRIDAY[position[0]]) % {"of": _of(months, say)}


def _of(months: Sequence[int], say: Say) -> str:
    return _joined([say(_OF_MONTH[month - 1]) for month in sorted(months)], say) if months else say(N_("of the month"))


def _joined(items: Sequence[str], say: Say) -> str:
    if len(items) == 1:
        return items[0]
    return say(N_("%(items)s and %(last)s")) % {"items": ", ".join(items[:-1]), "last": items[-1]}
