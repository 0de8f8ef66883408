"""Recording figures: each is added and none is changed, so that what was known once is known for ever."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pdca.choices import chosen
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import NotFound, Refused, Usage
from pdca.exchange.import_indicators import Adding, Held
from pdca.exchange.raw import NO_PLACE, PLACES
from pdca.exchange.records import Measurement, SeriesBreak
from pdca.i18n import N_, _
from pdca.indicators.find import find_row
from pdca.indicators.held import held_of
from pdca.indicators.known import holding
from pdca.indicators.rights import must_measure
from pdca.people.commands import lock_installation
from pdca.periods import parse_period
from pdca.plans.roles import local_date
from pdca.programme.common import filled
from pdca.store.jsontext import from_json
from pdca.store.reads import indicators, plans
from pdca.store.rows import Change, insert
from pdca.units import Unit, is_place, is_rank
from workflows.schedule import ScheduleError


@dataclass(frozen=True, slots=True)
class RecordFigures:
    """Add figures, by indicator, all of them or none.

    `from_file`: what does not say when it was published was not known before its period had ended.
    """

    figures: Mapping[str, Sequence[Measurement]]
    from_file: bool = False

    def perform(self, desk: Desk) -> Outcome:
        """Write what is not there yet; raises NotFound, Usage for a publication that is still to come."""
        installation = lock_installation(desk)
        today = local_date(desk.uow.now, installation["zone"])
        changes: list[Change] = []
        for indicator_id, wanted in self.figures.items():
            unit = from_json(find_row(desk.connection, indicator_id)["unit"])
            must_measure(desk, indicator_id)
            held = held_of(desk, indicator_id)
            for one in wanted:
                _check_published(one, today)
                _check_rank(one, unit)
            adding = Adding(desk, indicator_id, held, installation["zone"], now=not self.from_file, revising=True)
            changes += adding.figures(wanted)
        if changes:
            desk.record(Stream.of_installation(installation), Draft(kind="indicator.measured", changes=changes))
        added = [change for change in changes if change.table == "measurement" and change.op == "insert"]
        return desk.done(added=[_told(desk, change) for change in added])


def _check_published(figure: Measurement, today: date) -> None:
    if figure.published is not None and figure.is_published_after(today):
        raise Usage(
            "date-to-come",
            _("%(text)s is still to come.") % {"text": figure.published.text},
            hint=_("Give the day on which it was published."),
        )


def _check_rank(figure: Measurement, unit: Unit) -> None:
    if figure.value is not None and is_rank(unit) and not is_place(figure.value):
        raise Usage("rank-none", _(NO_PLACE) % {"value": figure.value}, hint=_(PLACES))


def _told(desk: Desk, change: Change) -> dict[str, Any]:
    """What was added, and which figure of its period holds now."""
    key = dict(change.key)
    figures = desk.connection.all(plans.MEASUREMENTS, indicator_id=key["indicator_id"])
    choices = desk.connection.all(indicators.CHOICES, indicator_id=key["indicator_id"])
    retained = holding(figures, choices)[key["period"], change.set["scope"]]["number"]
    told = ("value", "missing_reason", "approximate", "parts", "of_which", "scope", "published_on")
    return {**key, **{name: change.set[name] for name in told}, "retained": retained}


@dataclass(frozen=True, slots=True)
class RetainFigure:
    """Say which of several figures about a period holds, and why."""

    indicator_id: str
    period: str
    number: int
    reason: str

    def perform(self, desk: Desk) -> Outcome:
        """Write the choice; raises NotFound for no such figure, Refused when it holds by choice already."""
        installation = lock_installation(desk)
        find_row(desk.connection, self.indicator_id)
        must_measure(desk, self.indicator_id)
        filled("reason-missing", N_("The reason"), self.reason)
        held = held_of(desk, self.indicator_id)
        period = _as_written(self.period, held)
        numbers = [row["number"] for row in held.figures if row["period"] == period]
        if self.number not in numbers:
            raise NotFound(
                "figure-unknown",
                _("%(indicator)s has no figure %(number)d about %(period)s.")
                % {"indicator": self.indicator_id, "number": self.number, "period": self.period},
                hint=_("`pdca indicator show %(indicator)s` shows them all.") % {"indicator": self.indicator_id},
            )
        choices = [row for row in held.choices if row["period"] == period]
        if (period, self.number) in chosen(held.figures, choices):
            raise Refused(
                "figure-retained",
                _("Figure %(number)d about %(period)s is the one that holds.")
                % {"number": self.number, "period": self.period},
            )
        key = {"indicator_id": self.indicator_id, "period": period, "choice": len(choices) + 1}
        change = insert(
            "retained_figure",
            key,
            number=self.number,
            reason=self.reason,
            known_at=desk.uow.now_text,
            recorded_at=desk.uow.now_text,
            recorded_by=desk.actor.person_id,
        )
        desk.record(Stream.of_installation(installation), Draft(kind="indicator.retained", changes=[change]))
        return desk.done(indicator=self.indicator_id, period=period, number=self.number)


def _as_written(period: str, held: Held) -> str:
    """Give a period as the figures about it have it; what is no period stays as it is, and has none."""
    try:
        between = parse_period(period).between
    except ScheduleError:
        return period
    return next((row["period"] for row in held.figures if parse_period(row["period"]).between == between), period)


@dataclass(frozen=True, slots=True)
class MarkBreak:
    """Say from which period on an indicator is counted in another way; nothing before it compares."""

    indicator_id: str
    mark: SeriesBreak

    def perform(self, desk: Desk) -> Outcome:
        """Write the mark; raises NotFound, Refused when there is one at that period."""
        installation = lock_installation(desk)
        find_row(desk.connection, self.indicator_id)
        must_measure(desk, self.indicator_id)
        held = held_of(desk, self.indicator_id)
        begins = self.mark.period.first_day
        if any(parse_period(row["period"]).first_day == begins for row in held.breaks):
            raise Usage(
                "break-exists",
                _("The series of %(indicator)s breaks at %(period)s already.")
                % {"indicator": self.indicator_id, "period": self.mark.period.text},
            )
        changes = list(Adding(desk, self.indicator_id, held, installation["zone"], now=True).breaks([self.mark]))
        desk.record(Stream.of_installation(installation), Draft(kind="indicator.broken", changes=changes))
        return desk.done(indicator=self.indicator_id, period=self.mark.period.text)
