"""What every trigger of a plan would do now, and what stands in its way."""

from dataclasses import dataclass
from datetime import datetime

from pdca import methods
from pdca.actor import Actor
from pdca.plans.facts import Attempt, gather
from pdca.store.driver import Connection
from pdca.store.reads import plans
from pdca.unknown import unknown_plan
from workflows import machine
from workflows.guards import Need


@dataclass(frozen=True, slots=True)
class Considered:
    """One trigger, the state it would lead to (None when that depends), and every unmet need."""

    trigger: str
    target: str | None
    needs: tuple[Need, ...]


def considered(connection: Connection, plan_id: str, now: datetime, actor: Actor) -> list[Considered]:
    """Consider every trigger that leaves the plan's state, for the actor, without a motive given; raises NotFound.

    Every unmet need comes with the command that mends it (`Need.command_line`).
    """
    plan = connection.one(plans.PLAN, plan_id=plan_id)
    if plan is None:
        raise unknown_plan(plan_id)
    definition = methods.of_plan(connection, plan)
    facts = gather(connection, plan, now, actor, Attempt())
    found = []
    for trigger, step in machine.consider(definition, facts).items():
        if isinstance(step, machine.Outcome):
            found.append(Considered(trigger, step.target, ()))
            continue
        way = definition.routes[plan["state"]][trigger]
        target = way.target if way.target in definition.state_by_id else plan["resume_state"]
        found.append(Considered(trigger, target, step.needs))
    return found
