"""Indicators as they come in: definitions are brought to what is said, targets and figures are only added.

A figure or target is the same as one that is there when it says the same; what a file does not repeat stays. Another
value about the same period is a revision, and both are kept; another target for the same time has to say which it
adjusts or corrects.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

from pdca.choices import chosen, reasons
from pdca.engine import Desk
from pdca.errors import Place
from pdca.exchange import as_rows
from pdca.exchange.document import Document
from pdca.exchange.problems import ImportRefused, Problem
from pdca.exchange.raw import PUBLISHED, TO_COME
from pdca.exchange.records import Measurement, SeriesBreak, Target
from pdca.exchange.stored import Stored, different
from pdca.i18n import _
from pdca.periods import known_since, parse_period
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from pdca.store.rows import Change, insert, update
from pdca.targets import determines, time_of

Values = Mapping[str, Any]

_SOURCED: Final = frozenset({"assumed", "basis", "source", "note"})
"""Whence a figure or target comes may be put right; what it says may not."""


@dataclass(frozen=True, slots=True)
class Held:
    """What there is of an indicator: rows in the order of their keys."""

    targets: Sequence[Row] = ()
    figures: Sequence[Row] = ()
    choices: Sequence[Row] = ()
    breaks: Sequence[Row] = ()

    @classmethod
    def of(cls, stored: Stored, indicator_id: str) -> Self:
        """Pick what belongs to one indicator."""
        tables = ("target", "measurement", "retained_figure", "series_break")
        return cls(*(stored.of(table, "indicator_id", indicator_id) for table in tables))


def changes(desk: Desk, stored: Stored, document: Document, zone: str) -> Iterator[Change]:
    """Give the changes to the indicators of a document.

    Raises ImportRefused for a target that is another one than was set for the same time, and for a publication that is
    still to come.
    """
    today = desk.uow.now.astimezone(ZoneInfo(zone)).date()
    yield from stored.differences(as_rows.indicators(document))
    for index, indicator in enumerate(document.indicators):
        path = ("indicators", index)
        adding = Adding(desk, indicator.id, Held.of(stored, indicator.id), zone)
        yield from adding.targets(indicator.targets)
        if adding.silent is not None:
            place = document.place((*path, "targets", adding.silent))
            raise ImportRefused([_replaced(indicator.id, place)])
        for at, figure in enumerate(indicator.series):
            if figure.is_published_after(today):
                raise ImportRefused([_to_come(figure, document.place((*path, "series", at, "published")))])
        yield from adding.figures(indicator.series)
        yield from adding.breaks(indicator.breaks)


def _replaced(indicator_id: str, place: Place) -> Problem:
    message = _("Another target of %(indicator)s was set for this time, and does not stand in the file.")
    hint = _("Keep that one, and say under “adjusts” or “corrects” that this one replaces it, and why.")
    return Problem("target-replaced", message % {"indicator": indicator_id}, place, hint)


def _to_come(figure: Measurement, place: Place) -> Problem:
    stated = figure.published.text if figure.published else ""
    return Problem("date-to-come", _(TO_COME) % {"text": stated}, place, _(PUBLISHED))


def what_it_says(values: Values) -> tuple[Any, ...]:
    """Give what makes one figure or target another, figures by their value: 14.0 is 14."""
    return tuple(_by_value(name, values[name]) for name in sorted(values.keys() - _SOURCED))


def _by_value(name: str, value: Any) -> Any:  # noqa: ANN401 - any column
    if value is None or name not in ("value", "upto", "parts", "of_which"):
        return value
    if name in ("value", "upto"):
        return Decimal(value)
    return tuple(sorted((part, Decimal(figure)) for part, figure in from_json(value).items()))


@dataclass(slots=True)
class Adding:
    """Adds to an indicator what it does not hold yet.

    It was known since it was published or set, where that is said. Otherwise what is recorded `now` is known since now;
    what comes with a file is too, unless the period it is about has not ended. `silent` is the place of the first
    target that takes the place of another without saying so, None while there is none.

    `revising`: the last figure about a period, when it does not say when it was published, is what is known now; so an
    earlier figure that came back is a revision. Otherwise what is there already says nothing new.
    """

    desk: Desk
    indicator_id: str
    held: Held
    zone: str
    now: bool = False
    revising: bool = False
    silent: int | None = field(default=None, init=False)

    def targets(self, wanted: Sequence[Target], before: Sequence[int] = ()) -> Iterator[Change]:
        """Targets, numbered in the order in which they came; `before` are the numbers of those that stand above."""
        free = list(self.held.targets)
        numbers = list(before)
        last = max((row["number"] for row in free), default=0)
        added: list[tuple[int, Values]] = []
        for place, target in enumerate(wanted):
            replaces = numbers[target.replaces - 1] if target.replaces else None
            change = "adjusted" if target.adjusts else "corrected" if target.corrects else None
            values = {**as_rows.target(target), "replaces": replaces, "change": change}
            if row := _take(free, values):
                numbers.append(row["number"])
                yield from _sourced("target", ("indicator_id", "number"), row, values)
                continue
            last += 1
            numbers.append(last)
            added.append((place, values))
            known = known_since(target.set_on, None, self.desk.uow.now, self.zone)
            yield insert("target", self._key(number=last), **values, **self._recorded(known))
        self.silent = next((place for place, values in added if _stands_for(values, free)), None)

    def figures(self, wanted: Sequence[Measurement]) -> Iterator[Change]:
        """Figures, and which of several about one period holds."""
        wanted = list(_each_once(wanted))
        free = list(self.held.figures)
        last = Counter[str]()
        for one in free:
            last[one["period"]] = max(last[one["period"]], one["number"])
        by_choice = reasons(self.held.figures, self.held.choices)
        choices = {one["period"]: one["choice"] for one in self.held.choices}
        written = {parse_period(one["period"]).between: one["period"] for one in free}
        ends = {(one.period.between, one.scope): place for place, one in enumerate(wanted)}
        for place, figure in enumerate(wanted):
            # One period written in two ways is one period: it stays as it was written first.
            period = written.setdefault(figure.period.between, figure.period.text)
            values: dict[str, Any] = {"period": period, **as_rows.figure(figure)}
            row = _take(free, values)
            if (
                self.revising
                and row
                and ends[figure.period.between, figure.scope] == place
                and self._came_back(row, values)
            ):
                row = None
            about = None if self.now else figure.period.last_day
            known = known_since(figure.published, about, self.desk.uow.now, self.zone)
            if row:
                number = row["number"]
                yield from _sourced("measurement", ("indicator_id", "period", "number"), row, values)
            else:
                number = last[period] = last[period] + 1
                key = self._key(period=period, number=number)
                del values["period"]
                yield insert("measurement", key, **values, **self._recorded(known))
            if figure.retained and _chosen_anew(figure, by_choice, (period, number)):
                choices[period] = choices.get(period, 0) + 1
                key = self._key(period=period, choice=choices[period])
                why = figure.retained_because
                yield insert("retained_figure", key, number=number, reason=why, **self._recorded(known))

    def _came_back(self, row: Row, values: Values) -> bool:
        """Tell whether a figure that is known, of no said date, is another than what holds and what was known last."""
        if row["published_on"] is not None:
            return False
        alike = [one for one in self.held.figures if (one["period"], one["scope"]) == (row["period"], row["scope"])]
        newest = max(alike, key=lambda one: (one["known_at"], one["number"]))
        by_choice = chosen(alike, self.held.choices)
        standing = [newest, *(one for one in alike if (one["period"], one["number"]) in by_choice)]
        return all(what_it_says({name: one[name] for name in values}) != what_it_says(values) for one in standing)

    def breaks(self, wanted: Sequence[SeriesBreak]) -> Iterator[Change]:
        """From when on it is counted in another way."""
        stored = {row["period"]: row for row in self.held.breaks}
        for one in wanted:
            key = self._key(period=one.period.text)
            values = {"reason": one.reason, **as_rows.sourced(one)}
            row = stored.get(one.period.text)
            if row is None:
                known = known_since(None, None, self.desk.uow.now, self.zone)
                yield insert("series_break", key, **values, **self._recorded(known))
            elif changed := different(row, values):
                yield update("series_break", key, **changed)

    def _key(self, **more: object) -> dict[str, object]:
        return {"indicator_id": self.indicator_id, **more}

    def _recorded(self, known: str) -> dict[str, str | None]:
        who = self.desk.actor.person_id
        return {"known_at": known, "recorded_at": self.desk.uow.now_text, "recorded_by": who}


def _chosen_anew(figure: Measurement, held: Mapping[tuple[str, int], str | None], one: tuple[str, int]) -> bool:
    """Tell whether a figure that is retained does not hold by choice yet, or for another reason than is said now."""
    return one not in held or figure.retained_because not in (None, held[one])


def _stands_for(values: Values, left: Sequence[Row]) -> bool:
    """Tell whether a target that replaces none is for the same time as one that is not mentioned any more."""
    return values["change"] is None and any(
        time_of(row) == time_of(values) and not determines(values, row) for row in left
    )


def _each_once(figures: Iterable[Measurement]) -> Iterator[Measurement]:
    """Leave out a figure that repeats the one before it about its period: a line twice in a file is no revision."""
    said: dict[tuple[object, ...], tuple[object, ...]] = {}
    for figure in figures:
        about = (figure.period.between, figure.scope)
        says = (what_it_says(as_rows.figure(figure)), as_rows.sourced(figure), figure.retained)
        if said.get(about) != says:
            yield figure
        said[about] = says


def _take(free: list[Row], values: Values) -> Row | None:
    """Take the first of the rows that says the same out of those that are left."""
    wanted = what_it_says(values)
    for row in free:
        if what_it_says({name: row[name] for name in values}) == wanted:
            free.remove(row)
            return row
    return None


def _sourced(table: str, key: Sequence[str], row: Row, values: Values) -> Iterator[Change]:
    if changed := different(row, {name: values[name] for name in sorted(_SOURCED)}):
        yield update(table, {name: row[name] for name in key}, **changed)
