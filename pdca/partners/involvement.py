"""Sessions by which a partner is involved competently: training, information, consultation (clause 26)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Usage
from pdca.i18n import N_, _
from pdca.partners.common import find_partner, must_be_of_group, next_name, not_to_come
from pdca.plans.advance import lock_plan
from pdca.shapes import check_among, check_one_line
from pdca.store.jsontext import to_json
from pdca.store.reads import partners
from pdca.store.rows import insert

MODES = ("training", "information", "consultation")


@dataclass(frozen=True, slots=True)
class Involve:
    """Record a session with a partner: its mode, the local date, what it was about, and who attended."""

    plan_id: str
    party: str
    mode: str
    held_on: date
    content: str
    attendees: Sequence[str]

    def perform(self, desk: Desk) -> Outcome:
        """Keep it; raises NotFound, Usage for what is missing, Refused for who is not of the project group."""
        plan = lock_plan(desk, self.plan_id)
        must_be_of_group(desk, plan)
        find_partner(desk, self.party)
        attendees = self._check()
        there = desk.connection.all(partners.INVOLVEMENTS, plan_id=self.plan_id)
        name = next_name(self.plan_id, "S", (row["involvement_id"] for row in there))
        change = insert(
            "involvement",
            {"involvement_id": name},
            plan_id=self.plan_id,
            party_id=self.party,
            mode=self.mode,
            held_on=not_to_come(desk, plan, self.held_on),
            content=self.content,
            attendees=to_json(attendees),
            assumed=0,
        )
        desk.record(Stream.of_plan(plan), Draft(kind="partner.involved", changes=[change]))
        return desk.done(plan=self.plan_id, involvement=name, party=self.party, mode=self.mode)

    def _check(self) -> list[str]:
        """Give who attended, each on one line."""
        check_among("mode-unknown", N_("“%(word)s” is no mode."), self.mode, MODES)
        if not self.content.strip():
            raise Usage("content-missing", _("It is not said what the session was about."), hint=_("State it."))
        named = [name for one in self.attendees if (name := check_one_line(_("Who attended"), one))]
        if not named:
            raise Usage("nobody-attended", _("It is not said who attended."), hint=_("Name them, or say how many."))
        return named
