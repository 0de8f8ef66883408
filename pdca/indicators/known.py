"""Which figures were known at an instant, and which of several about one period held then.

A figure is known since the day it was published, where that is said, and otherwise since it was recorded here. Among
several about one period the one that was chosen holds, and without a choice the one known last. So what was known on a
day is found again, whatever was revised since.

Figures about one area or group (their scope) are a series. What is read, drawn and held against targets is the whole:
the figures without a scope. Where all have one, it is the series with the newest figure, after those that ended before
it began to be counted: there the whole was counted over another area, and a break parts them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from operator import lt
from typing import Final, NamedTuple, Self

from pdca.choices import chosen
from pdca.periods import Period, as_long, parse_period
from pdca.store.driver import Connection, Row
from pdca.store.reads import indicators, plans

MONTHS: Final[Mapping[str, int]] = {
    "monthly": 1,
    "quarterly": 3,
    "four-monthly": 4,
    "half-yearly": 6,
    "yearly": 12,
    "two-yearly": 24,
    "three-yearly": 36,
}
"""How many months after the end of a period the next figure is expected to be about; ad hoc has none."""


class HeldFigure(NamedTuple):
    """The figure that holds for a period; `broken` says why it does not compare with the one before it."""

    period: Period
    figure: Row
    broken: str | None = None

    @property
    def value(self) -> Decimal | None:
        """The value, None when it is missing."""
        text = self.figure["value"]
        return None if text is None else Decimal(text)


class Periods(NamedTuple):
    """Periods in order, and the last day of each.

    `alike`: each compares with every other, and ends after the one before it.
    """

    each: tuple[Period, ...]
    ends: tuple[date, ...]
    alike: bool

    @classmethod
    def of(cls, periods: Iterable[Period]) -> Self:
        """Give them with what is known of all of them together."""
        each = tuple(periods)
        ends, days = tuple(one.last_day for one in each), [one.days for one in each]
        return cls(each, ends, not each or (as_long(min(days), max(days)) and all(map(lt, ends, ends[1:]))))


class Columns(NamedTuple):
    """The figures that hold, side by side in the order of their periods.

    Of each its period, its value as it is kept (None when it is missing), and its scope.
    """

    periods: Periods
    values: Sequence[str | None]
    scopes: Sequence[str | None]

    def only(self, kept: Sequence[int]) -> "Columns":
        """Give those at some positions."""
        if len(kept) == len(self.values):
            return self
        (each, _ends, _alike), values, scopes = self
        periods = Periods.of(each[at] for at in kept)
        return Columns(periods, [values[at] for at in kept], [scopes[at] for at in kept])

    def broken(self, breaks: Iterable[Row]) -> dict[int, str]:
        """Say what parts a figure from the one before it here, by position, whatever parted them where there were more.

        That is a break of the series, or that it is about another area or group.
        """
        marks = [(parse_period(row["period"]).first_day, row["reason"]) for row in breaks]
        if not marks and len(set(self.scopes)) <= 1:
            return {}
        found = {}
        each, ends, _alike = self.periods
        for at in range(1, len(each)):
            before, after = each[at - 1].first_day, ends[at]
            reasons = [why for day, why in marks if before < day <= after]
            why = reasons[-1] if reasons else _other_scope(self.scopes[at - 1], self.scopes[at])
            if why is not None:
                found[at] = why
        return found


def last_of(series: Sequence[HeldFigure]) -> HeldFigure | None:
    """Give the newest figure that is not missing."""
    return next((point for point in reversed(series) if point.value is not None), None)


def known_at(rows: Iterable[Row], at: str) -> list[Row]:
    """Pick what was known at an instant."""
    return [row for row in rows if row["known_at"] <= at]


def holding(figures: Sequence[Row], choices: Collection[Row]) -> dict[tuple[str, str | None], Row]:
    """Give, by period and scope, the figure that holds."""
    found: dict[tuple[str, str | None], Row] = {}
    by_choice = chosen(figures, choices)
    for row in sorted(figures, key=lambda row: (row["known_at"], row["number"])):
        held = found.get((row["period"], row["scope"]))
        if held is None or (held["period"], held["number"]) not in by_choice:
            found[row["period"], row["scope"]] = row
    return found


def held_figures(figures: Sequence[Row], choices: Collection[Row], breaks: Iterable[Row]) -> list[HeldFigure]:
    """Give the figures of the whole that hold in the order of their periods, each with what parts it from the one
    before.
    """
    return _parted(_of_the_whole(figures, choices), breaks)


def _of_the_whole(figures: Sequence[Row], choices: Collection[Row]) -> list[HeldFigure]:
    by_scope = _by_scope(figures, choices)
    return _in_order(one for scope in _whole_among(by_scope) for one in by_scope[scope])


def in_columns(held: Sequence[HeldFigure]) -> Columns:
    """Put figures that hold side by side."""
    values, scopes = ([one.figure[name] for one in held] for name in ("value", "scope"))
    return Columns(Periods.of(one.period for one in held), values, scopes)


def columns_of(figures: Sequence[Row], choices: Collection[Row]) -> Columns:
    """Give the same figures as `held_figures` side by side."""
    return in_columns(_of_the_whole(figures, choices))


def held_columns(course: Row) -> Columns | None:
    """Give the figures that hold, of what was known as `indicators.EVERY_COURSE` reads it: all, if there is no choice.

    None where figures were revised or are about parts of the whole, or their periods do not end one after the other:
    then they have to be looked at one by one.
    """
    periods = None if course["number"] > 1 or course["of_parts"] else _one_after_the_other(course["periods"])
    if periods is None:
        return None
    values: list[str | None] = course["figures"].split(",")
    return Columns(periods, [text or None for text in values] if "" in values else values, [None] * len(values))


# What is counted by the month is mostly counted over the same months.
@lru_cache(maxsize=256)
def _one_after_the_other(joined: str) -> Periods | None:
    periods = Periods.of(map(parse_period, joined.split(",")))
    return periods if all(map(lt, periods.ends, periods.ends[1:])) else None


def held_of_parts(
    figures: Sequence[Row], choices: Collection[Row], breaks: Sequence[Row]
) -> dict[str | None, list[HeldFigure]]:
    """Give, by scope, the series of figures that are not of the whole, as `held_figures` gives those that are."""
    by_scope = _by_scope(figures, choices)
    whole = _whole_among(by_scope)
    return {scope: _parted(_in_order(by_scope[scope]), breaks) for scope in by_scope if scope not in whole}


def _by_scope(figures: Sequence[Row], choices: Collection[Row]) -> dict[str | None, list[HeldFigure]]:
    found: dict[str | None, list[HeldFigure]] = {}
    for (period, scope), row in holding(figures, choices).items():
        found.setdefault(scope, []).append(HeldFigure(parse_period(period), row))
    return found


def _whole_among(by_scope: Mapping[str | None, Sequence[HeldFigure]]) -> list[str | None]:
    if None in by_scope:
        return [None]

    # Of two that are as new, the one that was counted more often; then the first that was known.
    def newness(scope: str | None) -> tuple[int, int]:
        return max(one.period.last_day for one in by_scope[scope]).toordinal(), len(by_scope[scope])

    taken: list[str | None] = []
    for scope in sorted(by_scope, key=newness, reverse=True):
        periods = [one.period for other in taken for one in by_scope[other]]
        if not any(one.period.overlaps(other) for one in by_scope[scope] for other in periods):
            taken.append(scope)
    return taken


def _in_order(held: Iterable[HeldFigure]) -> list[HeldFigure]:
    return sorted(held, key=lambda one: (one.period.last_day, one.period.first_day))


def _parted(held: Sequence[HeldFigure], breaks: Iterable[Row]) -> list[HeldFigure]:
    """Say of each what parts it from the one before it."""
    broken = in_columns(held).broken(breaks)
    return [HeldFigure(one.period, one.figure, broken.get(at)) for at, one in enumerate(held)]


def _other_scope(before: str | None, after: str | None) -> str | None:
    return None if before == after else f"{before or '…'} → {after or '…'}"


def before(series: Sequence[HeldFigure], at: int) -> tuple[HeldFigure | None, str | None]:
    """Find the point with which the one `at` a position compares, or say why none does.

    It is the last before it that has a value and is about as long a period, with nothing that parts them.
    """
    now = series[at]
    why = now.broken
    for earlier in reversed(series[:at]):
        if why is not None:
            return None, why
        if earlier.value is not None and earlier.period.as_long_as(now.period):
            return earlier, None
        why = earlier.broken
    return None, why


def newest(connection: Connection, indicator_id: str, at: str) -> Row | None:
    """Give the figure that held at an instant for the newest period then known, missing or not; None without any."""
    series = read_held(connection, indicator_id, at)
    return series[-1].figure if series else None


def read_held(connection: Connection, indicator_id: str, at: str) -> list[HeldFigure]:
    """Read the series of an indicator as it was known at an instant."""
    statements = (plans.MEASUREMENTS, indicators.CHOICES, indicators.BREAKS)
    return held_figures(*(known_at(connection.all(one, indicator_id=indicator_id), at) for one in statements))
