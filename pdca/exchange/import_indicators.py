"""Importing indicators: their definitions are brought to what the file says, their targets and figures only added.

A figure or target is the same as one that is there when it says the same; what a file does not repeat stays. Another
value about the same period is a revision, and both are kept; another target for the same time has to say which it
adjusts or corrects.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from pdca.engine import Desk
from pdca.exchange import as_rows
from pdca.exchange.document import Document
from pdca.exchange.problems import ImportRefused, Problem
from pdca.exchange.records import Indicator
from pdca.exchange.stored import Stored, different
from pdca.i18n import _
from pdca.periods import known_since
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from pdca.store.rows import Change, insert, update

Values = Mapping[str, Any]

_SOURCED: Final = frozenset({"assumed", "basis", "source", "note"})
"""Whence a figure or target comes may be put right; what it says may not."""


def changes(desk: Desk, stored: Stored, document: Document, zone: str) -> Iterator[Change]:
    """Give the changes to the indicators of a document.

    Raises ImportRefused for a target that is another one than was set for the same time.
    """
    yield from stored.differences(as_rows.indicators(document))
    for index, indicator in enumerate(document.indicators):
        one = _Import(desk, stored, indicator, zone)
        yield from one.targets(document, index)
        yield from one.figures()
        yield from one.breaks()


def what_it_says(values: Values) -> tuple[Any, ...]:
    """Give what makes one figure or target another, figures by their value: 14.0 is 14."""
    return tuple(_by_value(name, values[name]) for name in sorted(values.keys() - _SOURCED))


def _by_value(name: str, value: Any) -> Any:  # noqa: ANN401 - any column
    if value is None or name not in ("value", "upto", "parts", "of_which"):
        return value
    if name in ("value", "upto"):
        return Decimal(value)
    return tuple(sorted((part, Decimal(figure)) for part, figure in from_json(value).items()))


class _Import:
    def __init__(self, desk: Desk, stored: Stored, indicator: Indicator, zone: str) -> None:
        self._desk = desk
        self._stored = stored
        self._indicator = indicator
        self._zone = zone
        self._recorded = {"recorded_at": desk.uow.now_text, "recorded_by": desk.actor.person_id}

    def targets(self, document: Document, index: int) -> Iterator[Change]:
        """Targets, numbered in the order in which they came."""
        rows = self._of("target")
        free = list(rows)
        numbers: list[int] = []
        last = max((row["number"] for row in rows), default=0)
        added: list[tuple[int, Values]] = []
        for place, target in enumerate(self._indicator.targets):
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
            known = known_since(target.set_on, None, self._desk.uow.now, self._zone)
            yield insert("target", self._key(number=last), **values, known_at=known, **self._recorded)
        self._check_replaced(added, free, document, index)

    def figures(self) -> Iterator[Change]:
        """Figures, and which of several about one period holds."""
        rows = self._of("measurement")
        free = list(rows)
        last = Counter[str]()
        for one in rows:
            last[one["period"]] = max(last[one["period"]], one["number"])
        choices = {one["period"]: one for one in self._of("retained_figure")}
        for figure in self._indicator.series:
            period = figure.period
            values: dict[str, Any] = {"period": period.text, **as_rows.figure(figure)}
            row = _take(free, values)
            known = known_since(figure.published, period.last_day, self._desk.uow.now, self._zone)
            if row:
                number = row["number"]
                yield from _sourced("measurement", ("indicator_id", "period", "number"), row, values)
            else:
                number = last[period.text] = last[period.text] + 1
                key = self._key(period=period.text, number=number)
                del values["period"]
                yield insert("measurement", key, **values, known_at=known, **self._recorded)
            chosen = choices.get(period.text)
            if figure.retained and (chosen is None or chosen["number"] != number):
                key = self._key(period=period.text, choice=(chosen["choice"] if chosen else 0) + 1)
                yield insert("retained_figure", key, number=number, known_at=known, **self._recorded)

    def breaks(self) -> Iterator[Change]:
        """From when on it is counted in another way; the reason of a break that is there is not changed."""
        for one in self._indicator.breaks:
            key = self._key(period=one.period.text)
            values = as_rows.sourced(one)
            row = self._stored.row("series_break", *key.values())
            if row is None:
                known = known_since(None, None, self._desk.uow.now, self._zone)
                yield insert("series_break", key, reason=one.reason, **values, known_at=known, **self._recorded)
            elif changed := different(row, {"reason": one.reason, **values}):
                yield update("series_break", key, **changed)

    def _of(self, table: str) -> Sequence[Row]:
        return self._stored.of(table, "indicator_id", self._indicator.id)

    def _key(self, **more: object) -> dict[str, object]:
        return {"indicator_id": self._indicator.id, **more}

    def _check_replaced(
        self, added: Sequence[tuple[int, Values]], left: Sequence[Row], document: Document, index: int
    ) -> None:
        """Refuse a target that silently takes the place of another which the file does not hold any more."""
        for place, values in added:
            when = (values["period"], values["by_date"])
            if values["change"] is None and any((row["period"], row["by_date"]) == when for row in left):
                message = _("Another target of %(indicator)s was set for this time, and does not stand in the file.")
                hint = _("Keep that one, and say under “adjusts” or “corrects” that this one replaces it, and why.")
                at = document.place(("indicators", index, "targets", place))
                raise ImportRefused([Problem("target-replaced", message % {"indicator": self._indicator.id}, at, hint)])


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
