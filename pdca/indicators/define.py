"""Adding an indicator, and changing what is meant by one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pdca.engine import Desk, Draft, Outcome, Stream, must_administer
from pdca.errors import Usage
from pdca.exchange import as_rows
from pdca.exchange.raw import NO_PLACE, PLACES
from pdca.exchange.records import Indicator
from pdca.exchange.stored import different
from pdca.i18n import N_, _
from pdca.indicators.find import find_row
from pdca.indicators.rights import must_measure
from pdca.people.commands import lock_installation
from pdca.store.jsontext import from_json
from pdca.store.reads import indicators, plans
from pdca.store.rows import insert, update
from pdca.units import is_place, is_rank


@dataclass(frozen=True, slots=True)
class AddIndicator:
    """Add an indicator."""

    indicator: Indicator

    def perform(self, desk: Desk) -> Outcome:
        """Write it; raises Usage when the id is taken."""
        stream = Stream.of_installation(lock_installation(desk))
        # It measures no plan yet, so there is no group that it belongs to.
        must_administer(desk.actor, N_("add indicators"))
        known = {"indicator_id": self.indicator.id}
        if desk.connection.one(indicators.INDICATOR, **known):
            raise Usage(
                "indicator-exists",
                _("There is an indicator “%(indicator)s” already.") % {"indicator": self.indicator.id},
                hint=_("Change it with `pdca indicator set %(indicator)s`.") % {"indicator": self.indicator.id},
            )
        values = {**as_rows.indicator(self.indicator), **as_rows.sourced(self.indicator)}
        desk.record(stream, Draft(kind="indicator.added", changes=[insert("indicator", known, **values)]))
        return desk.done(indicator=self.indicator.id)


@dataclass(frozen=True, slots=True)
class SetIndicator:
    """Change what an indicator is; `values` are columns. Its targets and figures have commands of their own."""

    indicator_id: str
    values: Mapping[str, Any]
    reason: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Write what is different, if anything is; raises Usage for a rank where a figure is no place in a list.

        `reread` counts the figures that are read in another unit or by another definition from here on.
        """
        stream = Stream.of_installation(lock_installation(desk))
        row = find_row(desk.connection, self.indicator_id)
        must_measure(desk, self.indicator_id)
        changed = different(row, self.values)
        figures = [one["value"] for one in desk.connection.all(plans.MEASUREMENTS, indicator_id=self.indicator_id)]
        if "unit" in changed and is_rank(from_json(changed["unit"])):
            _check_places(figures)
        if changed:
            change = update("indicator", {"indicator_id": self.indicator_id}, **changed)
            desk.record(stream, Draft(kind="indicator.changed", changes=[change], reason=self.reason))
        reread = len(figures) if changed.keys() & {"unit", "definition"} else 0
        return desk.done(indicator=self.indicator_id, changed=sorted(changed), reread=reread)


def _check_places(figures: Iterable[str | None]) -> None:
    for value in figures:
        if value is not None and not is_place(Decimal(value)):
            raise Usage("rank-none", _(NO_PLACE) % {"value": value}, hint=_(PLACES))
