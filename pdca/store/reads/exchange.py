"""Whole tables, for comparing what is stored with what a file asks for and for replaying the log."""

from pdca.store.catalogue import FOLDED
from pdca.store.driver import Statement

ROWS = {
    name: Statement(f"rows_of_{name}", f"SELECT * FROM {name} ORDER BY {', '.join(table.key)}")
    for name, table in FOLDED.items()
}

_OF_ITS_ACTIVITIES = "activity_id IN (SELECT activity_id FROM activity WHERE plan_id = :plan_id)"
_OF_ITS_EVALUATIONS = "evaluation_id IN (SELECT evaluation_id FROM evaluation WHERE plan_id = :plan_id)"

# What belongs to one plan, for writing it out and for editing it.
ROWS_OF_PLAN = {
    name: Statement(
        f"rows_of_{name}_of_plan",
        f"SELECT * FROM {name} WHERE {where} ORDER BY {', '.join(FOLDED[name].key)}",
    )
    for name, where in {
        "plan": "plan_id = :plan_id",
        "rubric": "plan_id = :plan_id",
        "group_member": "plan_id = :plan_id",
        "plan_indicator": "plan_id = :plan_id",
        "plan_objective": "plan_id = :plan_id",
        "prediction": "plan_id = :plan_id",
        "schedule": "plan_id = :plan_id",
        "activity": "plan_id = :plan_id",
        "means": _OF_ITS_ACTIVITIES,
        "evaluation": "plan_id = :plan_id",
        "extension": _OF_ITS_EVALUATIONS,
        "information_moment": "plan_id = :plan_id",
        "information_schedule": "plan_id = :plan_id",
        "involvement": "plan_id = :plan_id",
        "reminding": "plan_id = :plan_id",
        "reaction": "plan_id = :plan_id",
    }.items()
}

# Numbers are given out once: what was taken away keeps its number in the deadline that it had.
HIGHEST = {
    name: Statement(
        f"highest_{name}",
        f"SELECT {text} AS id FROM {name} {where}ORDER BY length({text}) DESC, {text} DESC LIMIT 1",
    )
    for name, text, where in (
        ("plan", "plan_id", ""),
        ("evaluation", "evaluation_id", ""),
        ("information_moment", "information_id", ""),
        ("information_report", "report_id", ""),
        ("deadline", "deadline_id", "WHERE deadline_id LIKE 'E-%' "),
    )
}
TOLD_OF_EVALUATION = Statement(
    "told_of_evaluation",
    "SELECT notification_id FROM notification WHERE plan_id = :plan_id AND evaluation_id = :evaluation_id LIMIT 1",
)
