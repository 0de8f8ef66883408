"""Whether a plan may call itself MMM: multidisciplinary, multi-phenomenon and micro-local (clauses 33-35)."""

from datetime import datetime
from typing import Any

from pdca import methods
from pdca.actor import Actor
from pdca.plans.facts import gather
from pdca.plans.roles import in_force, local_date
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import plans
from workflows.guards import GUARDS, Need

_OUTSIDE = ("partner", "authority")


def standing(connection: Connection, plan: Row, now: datetime, actor: Actor) -> tuple[dict[str, Any], tuple[Need, ...]]:
    """Tell whether a plan calls itself MMM, whether it may and by which partners, and what lacks of the three."""
    facts = gather(connection, plan, now, actor)
    lacking = GUARDS["mmm"](facts._replace(mmm=True), methods.of_plan(connection, plan))
    lead = connection.one(plans.LEAD_PARTY, plan_id=plan["plan_id"]) or {"kind": None}
    group = in_force(connection.all(plans.GROUP, plan_id=plan["plan_id"]), local_date(now, plan["zone"]))
    partners = {row["party_id"]: from_json(row["name"]) for row in (lead, *group) if row["kind"] in _OUTSIDE}
    return {
        "called": facts.mmm,
        "possible": not lacking,
        "partners": [{"party_id": party, "name": name} for party, name in partners.items()],
    }, lacking
