"""The discipline that a function or stakeholder brings into the project groups it is in (clause 15)."""

from dataclasses import dataclass

from pdca.engine import Desk, Draft, Outcome, Stream, must_administer
from pdca.errors import Usage
from pdca.i18n import N_, _
from pdca.people.commands import lock_installation
from pdca.shapes import WORD, check_text
from pdca.store.reads import people
from pdca.store.rows import update
from pdca.unknown import unknown_party


@dataclass(frozen=True, slots=True)
class StateDiscipline:
    """State which discipline a party brings in; it is the body's own statement, and no assumption any more."""

    party: str
    discipline: str

    def perform(self, desk: Desk) -> Outcome:
        """Keep it; raises NotFound for no such party, Usage for an empty discipline."""
        must_administer(desk.actor, N_("state disciplines"))
        installation = lock_installation(desk)
        known = {one["party_id"]: one for one in desk.connection.all(people.PARTIES)}
        row = known.get(self.party)
        if row is None:
            raise unknown_party(self.party, known)
        discipline = check_discipline(self.discipline)
        if (row["discipline"], row["discipline_assumed"]) != (discipline, 0):
            change = update("party", {"party_id": self.party}, discipline=discipline, discipline_assumed=0)
            desk.record(Stream.of_installation(installation), Draft(kind="party.changed", changes=[change]))
        return desk.done(party=self.party, discipline=discipline)


def check_discipline(text: str) -> str:
    """Give a discipline back without the blanks around it; raises Usage when it is none."""
    check_text(text)
    discipline = text.strip()
    if not WORD.fullmatch(discipline):
        raise Usage(
            "discipline-unusable",
            _("“%(text)s” is no discipline.") % {"text": discipline},
            hint=_("Use a short word: letters, digits, spaces and “-”."),
        )
    return discipline
