"""In what manner a party is informed (clauses 14 and 21-23)."""

from dataclasses import dataclass
from typing import Any, Final

from pdca.i18n import N_
from pdca.store.driver import Row
from workflows.need import Need

GRACE_DAYS: Final = 7
"""So long after a moment its report may wait to be approved and sent, unless the group decides otherwise."""


def audience_of(party: Row, method: str) -> str:
    """Name the audience of a report: what stands on the web is for everybody, whoever it is meant for."""
    return "public" if method == "web" else str(party["kind"])


def restricted(plan: Row) -> Need:
    """Say that a plan is kept from a party, and how the group decides otherwise."""
    return Need(
        "plan-restricted",
        N_("%(plan)s is restricted: partners and the public are not informed of it."),
        {"plan": plan["plan_id"]},
        N_("If the project group wants this party to be informed all the same, say so: --although-restricted."),
        "pdca information set %(plan)s --for PARTY --method … --date … --although-restricted --reason …",
    )


@dataclass(frozen=True, slots=True)
class Manner:
    """How a party is informed: the method, whether without approval, whether of a restricted plan, and how late."""

    method: str
    by_itself: bool = False
    although_restricted: bool = False
    grace_days: int = GRACE_DAYS

    def columns(self) -> dict[str, Any]:
        """Give it as columns of a decision."""
        return {
            "method": self.method,
            "by_itself": int(self.by_itself),
            "although_restricted": int(self.although_restricted),
            "grace_days": self.grace_days,
        }
