"""What is read of a plan, read of several plans at once.

Each such statement picks by `:plans` (see `asked`) where the other has `:plan_id`, and its rows say in `of_plan` whose
they are.
"""

import re
from typing import Final

from pdca.store.driver import Statement
from pdca.store.reads import approvals, content, cycles, evaluations, log, partners, people, plans
from pdca.store.reads.asked import ASKED

_PICKED: Final = re.compile(r"((?:\w+\.)?plan_id) = :plan_id")


def _of_plans(statement: Statement) -> Statement:
    """Widen a statement that picks its rows by one column that is that of the plan."""
    (column,) = _PICKED.findall(statement.sqlite)
    chosen = _PICKED.sub(f"{column} IN {ASKED}", statement.sqlite)
    text = re.sub(r"SELECT( DISTINCT)?", rf"SELECT\1 {column} AS of_plan,", chosen, count=1)
    return Statement(f"{statement.name.removesuffix('_of_plan')}_of_plans", text)


OF_PLANS: Final[dict[str, Statement]] = {
    plans.LEAD_PARTY.name: plans.LEAD_PARTIES,
    people.STANDINGS_TOWARDS.name: people.STANDINGS_TOWARDS_PLANS,
    **{content.ROWS[table].name: statement for table, statement in content.ROWS_OF_PLANS.items()},
    **{
        statement.name: _of_plans(statement)
        for statement in (
            *(plans.PLAN, plans.GROUP, plans.RUBRICS, plans.ACTIVITIES, plans.ACTIVITY_FACTS, plans.PLAN_INDICATORS),
            *(plans.FIGURES, plans.INFORMED, evaluations.OF_PLAN, approvals.LIVE, partners.TRAINED, log.EVENTS_OF_PLAN),
            *(plans.ACTIVITY_PLACES, cycles.DECISIONS, cycles.OPEN_FOLLOW_UPS, cycles.STEPS_TAKEN),
        )
    },
}
"""By the name of the statement about one plan."""
