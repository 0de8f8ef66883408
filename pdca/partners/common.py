"""What involving partners and hearing them have in common: who may record it, and whom it concerns."""

from collections.abc import Iterable
from datetime import date

from pdca.engine import Desk
from pdca.errors import NoRight, NotFound, Usage
from pdca.i18n import _
from pdca.plans.roles import local_date, standing
from pdca.store.driver import Row
from pdca.store.reads import partners, people, plans


def must_be_of_group(desk: Desk, plan: Row) -> None:
    """Refuse anybody but the project group of the plan, or who acts for one of it."""
    group = desk.connection.all(plans.GROUP, plan_id=plan["plan_id"])
    stands = standing(desk.connection, plan, group, desk.actor, desk.uow.now)
    if stands.roles.isdisjoint(("lead", "member")):
        raise NoRight(
            "not-in-project-group",
            _("Only the project group of %(plan)s does this.") % {"plan": plan["plan_id"]},
            hint=_("Ask the project leader."),
            actor=desk.actor,
        )
    desk.act_for(stands.in_whose_stead(("lead", "member")))


def represents(desk: Desk, plan: Row, party: str) -> bool:
    """Tell whether the actor represents the party in his or her own right."""
    today = local_date(desk.uow.now, plan["zone"]).isoformat()
    held = desk.connection.all(people.PARTIES_HELD, person_id=desk.actor.person_id, today=today)
    return party in {row["party_id"] for row in held}


def find_partner(desk: Desk, party: str) -> Row:
    """Load a party that is no function of the body itself; raises NotFound or Usage."""
    row = desk.connection.one(partners.PARTY, party_id=party)
    if row is None:
        raise NotFound(
            "party-unknown",
            _("There is no function or stakeholder “%(party)s”.") % {"party": party},
            hint=_("`pdca partner list` shows those outside the body."),
        )
    if row["kind"] == "function":
        raise Usage(
            "party-not-outside",
            _("“%(party)s” is a function of the body itself, not a partner.") % {"party": party},
            hint=_("Name a partner, an authority, or the public."),
        )
    return row


def next_name(plan_id: str, letter: str, taken: Iterable[str]) -> str:
    """Give the next id of what is numbered inside its plan, such as P-001/S3; numbers that a file left out stay so."""
    numbers = (int(name.removeprefix(f"{plan_id}/{letter}")) for name in taken)
    return f"{plan_id}/{letter}{max(numbers, default=0) + 1}"


def not_to_come(desk: Desk, plan: Row, day: date) -> str:
    """Give a local date as text; raises Usage when it lies after today."""
    if day > local_date(desk.uow.now, plan["zone"]):
        raise Usage(
            "date-to-come", _("%(day)s is still to come.") % {"day": day}, hint=_("Record it once it has been.")
        )
    return day.isoformat()
