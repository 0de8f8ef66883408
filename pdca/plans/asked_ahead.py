"""What taking a step asks of a plan, so that a server can be asked for all of it in one statement.

It is a foresight and no second way of reading: who takes the step asks as ever, and finds the answer there. What is not
foreseen is asked when it is needed.
"""

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from pdca.engine import Desk
from pdca.plans.roles import local_date
from pdca.store.driver import Question, Row, Statement
from pdca.store.reads import approvals, content, cycles, evaluations, people, plans, reminding
from workflows.guards import looked_at
from workflows.method import Transition

BY_EVERY_STEP: Final[tuple[Statement, ...]] = (
    approvals.LIVE,
    evaluations.OF_PLAN,
    evaluations.LIVE_DEADLINES_OF_PLAN,
    reminding.IN_FORCE,
    people.RECIPIENTS,
)
FOR_FACTS: Final[Mapping[str, tuple[Statement, ...]]] = MappingProxyType(
    {
        "activities": (plans.ACTIVITY_FACTS,),
        "approvals": tuple(content.ROWS.values()),
        "evaluation": (plans.PLAN_INDICATORS,),
        "follow_ups_unanswered": (cycles.OPEN_FOLLOW_UPS,),
        "indicators": (plans.PLAN_INDICATORS,),
        "indicators_unbased": (plans.PLAN_INDICATORS,),
        "information_moments": (plans.INFORMED,),
        "informed_last": (plans.INFORMED,),
        "members": (plans.LEAD_PARTY, plans.GROUP),
        "partner_organisations": (plans.LEAD_PARTY, plans.GROUP),
        "retained": (plans.LEAD_PARTY,),
        "rubrics_filled": (plans.RUBRICS,),
        "rubrics_not_applicable": (plans.RUBRICS,),
    }
)
"""By the facts that the guards of a step look at: whatever is asked for them with nothing but the plan."""


def ask_ahead(desk: Desk, plan: Row, way: Transition | None) -> None:
    """Ask for what a plan is asked when somebody takes this way, or one that there is not, and is refused."""
    desk.connection.ask_ahead(_questions(desk, plan, looked_at([way] if way else [])))


def _questions(desk: Desk, plan: Row, names: Collection[str]) -> Iterator[Question]:
    of_the_plan, person_id = {"plan_id": plan["plan_id"]}, desk.actor.person_id
    foreseen = [*BY_EVERY_STEP, *(statement for name in sorted(names) for statement in FOR_FACTS.get(name, ()))]
    if person_id is not None:
        foreseen.append(plans.GROUP)
        today = local_date(desk.uow.now, plan["zone"]).isoformat()
        yield Question(people.STANDINGS_TOWARDS, {"person_id": person_id, **of_the_plan, "today": today})
    for statement in dict.fromkeys(foreseen):
        yield Question(statement, of_the_plan)
