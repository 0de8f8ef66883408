"""Reading what groups decided about reminders, grace and ladder, and who took up what is overdue."""

from pdca.store.driver import Statement

IN_FORCE = Statement(
    "reminding_in_force", "SELECT * FROM reminding WHERE plan_id = :plan_id ORDER BY number DESC LIMIT 1"
)
DECISIONS = Statement(
    "reminding_decisions",
    """
    SELECT g.*, r.name AS person_name, r.assumed AS person_assumed
        FROM reminding g LEFT JOIN person r ON r.person_id = g.decided_by
        WHERE g.plan_id = :plan_id ORDER BY g.number
    """,
)
OF_PLAN = Statement("reminders_of_plan", "SELECT * FROM deadline WHERE plan_id = :plan_id AND kind = 'reminder'")
REMINDER = Statement("reminder_deadline", "SELECT * FROM deadline WHERE deadline_id = :deadline_id")
ACKNOWLEDGEMENTS = Statement(
    "acknowledgements_of_plan",
    """
    SELECT k.*, d.evaluation_id, d.kind, r.name AS person_name, r.assumed AS person_assumed
        FROM deadline d JOIN acknowledgement k ON k.deadline_id = d.deadline_id
        JOIN person r ON r.person_id = k.person_id
        WHERE d.plan_id = :plan_id ORDER BY k.at, k.deadline_id, k.number
    """,
)
TOLD_OF_LADDER = Statement(
    "told_of_ladder",
    "SELECT DISTINCT person_id FROM notification WHERE plan_id = :plan_id "
    "AND kind IN ('evaluation.missed', 'evaluation.overdue', 'followup.due', 'followup.overdue', 'plan.overdue', "
    "'plan.watch_due') "
    "AND created_at >= :since",
)
ACKNOWLEDGED_EVALUATIONS = Statement(
    "acknowledged_evaluations",
    """
    SELECT d.evaluation_id, k.person_id, k.at, k.until, k.reason, r.name AS person_name, r.assumed AS person_assumed
        FROM deadline d JOIN acknowledgement k ON k.deadline_id = d.deadline_id
        JOIN person r ON r.person_id = k.person_id
        WHERE d.status IN ('pending', 'overdue', 'set_aside', 'held') AND d.kind IN ('record', 'missed')
        AND k.number = (SELECT max(l.number) FROM acknowledgement l WHERE l.deadline_id = d.deadline_id)
        ORDER BY d.deadline_id
    """,
)
