"""Setting the target of a period, adjusting it with a reason, and correcting one that was wrong."""

from dataclasses import dataclass

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import NotFound, Refused, Usage
from pdca.exchange import as_rows
from pdca.exchange.import_indicators import Adding, Held
from pdca.exchange.records import Target
from pdca.i18n import _
from pdca.indicators.find import find_row
from pdca.indicators.held import held_of
from pdca.indicators.judging import exceeded, replaced
from pdca.indicators.known import read_held
from pdca.indicators.rights import must_measure
from pdca.people.commands import lock_installation
from pdca.store.driver import Row
from pdca.targets import NO_TIME, determines, replaceable, still_open, time_of


@dataclass(frozen=True, slots=True)
class SetTarget:
    """Set a target. One that adjusts or corrects another gives its number; the other stays visible beside it."""

    indicator_id: str
    target: Target

    def perform(self, desk: Desk) -> Outcome:
        """Write it, and say when it asks for less than was reached already.

        Raises NotFound for no target of that number, Refused for one that was replaced before, Usage for a second
        target of the same time that does not say that it replaces the first.
        """
        installation = lock_installation(desk)
        find_row(desk.connection, self.indicator_id)
        must_measure(desk, self.indicator_id)
        held = held_of(desk, self.indicator_id)
        self._check(held)
        numbers = list(range(1, max((row["number"] for row in held.targets), default=0) + 1))
        adding = Adding(desk, self.indicator_id, held, installation["zone"], now=True)
        changes = list(adding.targets([self.target], numbers))
        if changes:
            desk.record(Stream.of_installation(installation), Draft(kind="indicator.target_set", changes=changes))
        series = read_held(desk.connection, self.indicator_id, desk.uow.now_text)
        last = exceeded(as_rows.target(self.target), series)
        return desk.done(
            indicator=self.indicator_id,
            number=changes[0].key["number"] if changes else None,
            replaces=self.target.replaces,
            worse_than={"period": last.period.text, "value": last.figure["value"]} if last else None,
        )

    def _check(self, held: Held) -> None:
        target, gone = self.target, replaced(held.targets)
        if target.replaces is not None:
            known = {row["number"]: row for row in held.targets}
            if target.replaces not in known:
                raise NotFound(
                    "target-unknown",
                    _("%(indicator)s has no target %(number)d.")
                    % {"indicator": self.indicator_id, "number": target.replaces},
                    hint=_("`pdca indicator show %(indicator)s` shows them all.") % {"indicator": self.indicator_id},
                )
            if target.replaces in gone:
                raise Refused(
                    "target-replaced-already",
                    _("Target %(number)d was replaced by target %(other)d already.")
                    % {"number": target.replaces, "other": gone[target.replaces]["number"]},
                    hint=_("Adjust or correct that one."),
                )
            self._check_time(known[target.replaces])
            return
        if target.reason is not None:
            raise Usage(
                "reason-without-target",
                _("A reason belongs to a target that adjusts or corrects another."),
                hint=_("Say which, with --adjusts NUMBER or --corrects NUMBER."),
            )
        wanted = as_rows.target(target)
        same = [
            row
            for row in held.targets
            if row["number"] not in gone and time_of(row) == target.time and not determines(wanted, row)
        ]
        # A target without any time is no year's; several may stand beside one another.
        if same and target.time != NO_TIME:
            raise Usage(
                "target-exists",
                _("Target %(number)d of %(indicator)s is for the same time.")
                % {"number": same[0]["number"], "indicator": self.indicator_id},
                hint=_("Say --adjusts %(number)d, or --corrects %(number)d when it was a mistake, with --reason.")
                % {"number": same[0]["number"]},
            )

    def _check_time(self, was: Row) -> None:
        if replaceable(self.target.time, time_of(was), was_open=still_open(was)):
            return
        raise Usage(
            "target-other-time",
            _("Target %(number)d is for another time (%(time)s); one that replaces it keeps that.")
            % {"number": was["number"], "time": was["period"] or was["by_date"] or _("none")},
            hint=_("Give the same --period or --by; without --adjusts and --corrects this is a target of its own."),
        )
