"""Reading what project groups decided about their moments, and the days on which the body is closed."""

from pdca.store.driver import Statement

OF_PLAN = Statement("schedules_of_plan", "SELECT * FROM schedule WHERE plan_id = :plan_id ORDER BY number")
IN_FORCE = Statement(
    "schedule_in_force", "SELECT * FROM schedule WHERE plan_id = :plan_id ORDER BY number DESC LIMIT 1"
)
PLANS = Statement("plans_with_schedule", "SELECT DISTINCT plan_id FROM schedule ORDER BY plan_id")
ALL = Statement(
    "schedules_in_force",
    """
    SELECT s.*, p.title AS plan_title, p.slug, p.assumed, p.restricted,
        (SELECT min(CASE WHEN e.status = 'planned' THEN e.due_date END) FROM evaluation e
            WHERE e.plan_id = s.plan_id) AS next_date
        FROM schedule s JOIN plan p ON p.plan_id = s.plan_id
        WHERE s.number = (SELECT max(t.number) FROM schedule t WHERE t.plan_id = s.plan_id) ORDER BY s.plan_id
    """,
)
CLOSING_DAYS = Statement("closing_days", "SELECT * FROM closing_day ORDER BY day")
DEADLINES = Statement(
    "deadlines_of_moments",
    "SELECT deadline_id, due_at, status, error FROM deadline WHERE plan_id = :plan_id "
    "AND kind IN ('evaluation', 'reminder') ORDER BY deadline_id",
)
