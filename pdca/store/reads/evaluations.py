"""Reading evaluations, extensions and deadlines."""

from pdca.store.driver import Statement

EVALUATION = Statement("evaluation", "SELECT * FROM evaluation WHERE evaluation_id = :evaluation_id")
OF_PLAN = Statement(
    "evaluations_of_plan", "SELECT * FROM evaluation WHERE plan_id = :plan_id ORDER BY due_at, evaluation_id"
)
ALL = Statement(
    "evaluations",
    """
    SELECT e.*, p.slug, p.title AS plan_title, p.assumed AS plan_assumed, p.restricted, p.state AS plan_state, p.zone,
        (SELECT count(*) FROM extension x WHERE x.evaluation_id = e.evaluation_id AND x.approved_at IS NOT NULL)
            AS extensions
        FROM evaluation e JOIN plan p ON p.plan_id = e.plan_id ORDER BY e.due_at, e.evaluation_id
    """,
)
# Those that were opened, recorded or missed, as far as a line of the board tells of them.
BEGUN = Statement(
    "evaluations_begun",
    """
    SELECT e.evaluation_id, e.plan_id, e.kind, e.due_date, e.due_at, e.status, e.overdue_at, e.verdict,
        (SELECT count(*) FROM extension x WHERE x.evaluation_id = e.evaluation_id AND x.approved_at IS NOT NULL)
            AS extensions
        FROM evaluation e WHERE e.status IN ('open', 'recorded', 'missed') ORDER BY e.due_at, e.evaluation_id
    """,
)
EXTENSIONS_OF_PLAN = Statement(
    "extensions_of_plan",
    "SELECT e.evaluation_id, count(*) AS extensions FROM evaluation e JOIN extension x "
    "ON x.evaluation_id = e.evaluation_id AND x.approved_at IS NOT NULL WHERE e.plan_id = :plan_id "
    "GROUP BY e.evaluation_id ORDER BY e.evaluation_id",
)
EXTENSIONS = Statement(
    "extensions_of_evaluation", "SELECT * FROM extension WHERE evaluation_id = :evaluation_id ORDER BY number"
)
LIVE_DEADLINES_OF_PLAN = Statement(
    "live_deadlines_of_plan",
    "SELECT * FROM deadline WHERE plan_id = :plan_id "
    "AND status IN ('pending', 'held', 'overdue', 'set_aside') "
    "ORDER BY due_at, deadline_id",
)
PENDING_DEADLINE = Statement(
    "pending_deadline",
    "SELECT * FROM deadline WHERE deadline_id = :deadline_id AND status = 'pending' AND due_at <= :now",
)
DUE = Statement(
    "due_deadlines",
    "SELECT deadline_id, plan_id, programme_id, kind, due_at FROM deadline WHERE status = 'pending' AND due_at <= :now "
    "ORDER BY due_at, deadline_id LIMIT :limit",
)
NEXT_DUE = Statement(
    "next_due", "SELECT min(due_at) AS due_at FROM deadline WHERE status = 'pending' AND due_at > :after"
)
SET_ASIDE = Statement(
    "set_aside_deadlines",
    "SELECT d.*, coalesce(p.zone, i.zone) AS zone FROM deadline d LEFT JOIN plan p ON p.plan_id = d.plan_id "
    "JOIN installation i ON i.installation_id = 1 WHERE d.status = 'set_aside' "
    "ORDER BY d.due_at, d.deadline_id",
)
SET_ASIDE_DEADLINE = Statement(
    "set_aside_deadline", "SELECT * FROM deadline WHERE deadline_id = :deadline_id AND status = 'set_aside'"
)
LIVE = Statement(
    "live_deadlines",
    """
    SELECT d.*, p.title AS plan_title, p.slug, p.state AS plan_state, p.lead_id, p.assumed, p.restricted, p.zone,
        p.definition, p.definition_version, k.person_id, k.at, k.until, k.reason, r.name AS person_name,
        r.assumed AS person_assumed, v.first_due_at
        FROM deadline d JOIN plan p ON p.plan_id = d.plan_id
        LEFT JOIN evaluation v ON v.evaluation_id = d.evaluation_id AND d.kind = 'evaluation'
        LEFT JOIN acknowledgement k ON k.deadline_id = d.deadline_id AND k.number = (
            SELECT max(l.number) FROM acknowledgement l WHERE l.deadline_id = d.deadline_id)
        LEFT JOIN person r ON r.person_id = k.person_id
        WHERE d.status IN ('pending', 'held', 'overdue', 'set_aside') AND d.kind <> 'reminder'
        ORDER BY d.due_at, d.deadline_id
    """,
)
# What a plan is to do next; to inform or remind somebody is not its own.
NEXT_OF_PLANS = Statement(
    "next_deadlines_of_plans",
    """
    SELECT d.plan_id, d.kind, d.since, d.due_at, d.step, d.status, v.first_due_at FROM deadline d
        LEFT JOIN evaluation v ON v.evaluation_id = d.evaluation_id AND d.kind = 'evaluation'
        WHERE d.plan_id IS NOT NULL AND d.status IN ('pending', 'held', 'overdue', 'set_aside')
            AND d.kind NOT IN ('reminder', 'information', 'follow_up')
        ORDER BY d.due_at, d.deadline_id
    """,
)
LIVE_OF_PROGRAMME = Statement(
    "live_deadlines_of_programme",
    "SELECT * FROM deadline WHERE programme_id = :programme_id "
    "AND status IN ('pending', 'held', 'overdue', 'set_aside') ORDER BY due_at, deadline_id",
)
LIVE_OF_PROGRAMMES = Statement(
    "live_deadlines_of_programmes",
    """
    SELECT d.*, g.title, g.status AS programme_status, e.assumed, e.due_on, e.first_due_on, i.zone
        FROM deadline d JOIN programme_evaluation e ON e.evaluation_id = d.programme_evaluation_id
        LEFT JOIN programme g ON g.programme_id = d.programme_id JOIN installation i ON i.installation_id = 1
        WHERE d.programme_id IS NOT NULL AND d.status IN ('pending', 'held', 'overdue', 'set_aside')
        ORDER BY d.due_at, d.deadline_id
    """,
)
PARTIES_OF_PLANS = Statement(
    "parties_of_plans",
    "SELECT plan_id, party_id FROM group_member UNION SELECT plan_id, lead_id FROM plan WHERE lead_id IS NOT NULL",
)
COUNT_DUE = Statement("count_due", "SELECT count(*) AS due FROM deadline WHERE status = 'pending' AND due_at <= :now")
