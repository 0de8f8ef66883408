"""Reading what shows whether a programme has been worked out: whole tables, narrowed to what is asked."""

from pdca.store.driver import Statement
from pdca.store.reads.plans import COUNTED_MEANS

PLANS = Statement(
    "plans_for_completeness",
    "SELECT plan_id, programme_id, objective_id, lead_id, period_start, period_end, state, resume_state, definition, "
    "definition_version FROM plan ORDER BY length(plan_id), plan_id",
)
HELD = Statement(
    "parties_somebody_holds",
    "SELECT DISTINCT party_id FROM appointment WHERE from_date <= :today "
    "AND (until_date IS NULL OR until_date > :today) ORDER BY party_id",
)
# An activity, and whether any means are planned for it while it runs.
ACTIVITIES = Statement(
    "activities_for_completeness",
    f"""
    SELECT a.activity_id, a.plan_id, a.title, a.owner_id, a.status, a.start_date, a.end_date,
        a.depends_on, y.kind AS owner_kind, {COUNTED_MEANS}
        FROM activity a LEFT JOIN party y ON y.party_id = a.owner_id
        WHERE a.status <> 'dropped' ORDER BY a.activity_id
    """,
)
TRAINED = Statement(
    "trainings",
    "SELECT DISTINCT plan_id, party_id FROM involvement WHERE mode = 'training' AND held_on <= :today "
    "ORDER BY plan_id, party_id",
)
# The sides from which each plan is measured: what is registered, what people are asked, its own work.
SIDES = Statement(
    "sides_measured",
    "SELECT DISTINCT l.plan_id, i.kind FROM plan_indicator l JOIN indicator i ON i.indicator_id = l.indicator_id "
    "ORDER BY l.plan_id, i.kind",
)
UNANSWERED = Statement(
    "unanswered_reactions",
    "SELECT reaction_id, plan_id, party_id FROM reaction WHERE answered_at IS NULL ORDER BY received_on, reaction_id",
)
MEANS = Statement(
    "means_with_plan",
    """
    SELECT m.activity_id, m.year, m.kind, m.planned, m.deployed, m.shortfall_reason, m.assumed, a.plan_id,
        p.programme_id
        FROM means m JOIN activity a ON a.activity_id = m.activity_id JOIN plan p ON p.plan_id = a.plan_id
        ORDER BY m.activity_id, m.year, m.kind
    """,
)
