"""Who may change what an indicator says: an administrator, or the project group of a plan that it measures."""

from pdca.engine import Desk
from pdca.errors import NoRight
from pdca.i18n import _
from pdca.plans.rights import GROUP
from pdca.plans.roles import present
from pdca.store.reads import indicators


def must_measure(desk: Desk, indicator_id: str) -> None:
    """Refuse anybody else; who acts for an absent member does so in the log."""
    if desk.actor.access == "administrator" and desk.actor.on_behalf_of is None:
        return
    for plan in desk.connection.all(indicators.MEASURED, indicator_id=indicator_id):
        stands = present(desk.connection, plan, desk.actor, desk.uow.now)
        if not stands.roles.isdisjoint(GROUP):
            desk.act_for(stands.in_whose_stead(GROUP))
            return
    raise NoRight(
        "no-plan-of-yours",
        _("Only an administrator, or the project group of a plan that is measured by %(indicator)s, changes it.")
        % {"indicator": indicator_id},
        hint=_("`pdca indicator show %(indicator)s` names the plans.") % {"indicator": indicator_id},
        actor=desk.actor,
    )
