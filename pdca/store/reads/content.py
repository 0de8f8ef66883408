"""Reading what one plan says, row by row: what an approval is bound to."""

from typing import Final

from pdca.store.catalogue import FOLDED
from pdca.store.driver import Statement
from pdca.store.reads.asked import ASKED

_SOURCED: Final = ("assumed", "basis", "source", "note")

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "plan": (
        "slug",
        "programme_id",
        "objective_id",
        "title",
        "lead_id",
        "period_start",
        "period_end",
        "zone",
        "definition",
        "definition_version",
        "restricted",
        "evaluations_withheld",
        "mmm",
        "group_due_date",
        "perimeter",
        "phenomena",
        "axes",
        "details",
        "follows_id",
        *_SOURCED,
    ),
    "rubric": ("text", "not_applicable", "withheld_from", *_SOURCED),
    "group_member": ("position", "role", "from_date", "until_date"),
    "activity": (
        "plan_id",
        "position",
        "title",
        "objective_id",
        "owner_id",
        "start_date",
        "end_date",
        "status",
        "axis",
        "indicator_id",
        "result",
        "rubric_id",
        "depends_on",
        "steps",
        *_SOURCED,
    ),
    "plan_objective": ("plan_id", "position", "title", *_SOURCED),
    "means": ("planned", "deployed", "shortfall_reason", *_SOURCED),
    "prediction": ("text",),
    "plan_indicator": ("position", "baseline", "baseline_period", "baseline_missing", "baseline_assumed"),
    "evaluation": ("plan_id", "kind", "stated_date", *_SOURCED),
    "schedule": ("start", "until", "time", "zone", "dates", "rules", "exceptions", "anchor", "roll"),
    "information_schedule": (
        *("party_id", "method", "by_itself", "although_restricted"),
        *("start", "until", "time", "zone", "dates", "rules", "exceptions", "roll"),
    ),
    "information_moment": ("plan_id", "party_id", "stated_date", "method", *_SOURCED),
}
"""The columns besides the key.

Not among them is what happens to a plan instead of being written: its state, and how its evaluations went. The day on
which an evaluation falls due is not either: it follows from what was decided, or moves by an extension, which has an
approval of its own.
"""

USED: Final[dict[str, tuple[str, ...]]] = {
    "indicator": ("title", "unit", "kind", "definition", "system", "rhythm", "frequency", *_SOURCED),
    "target": (
        *("period", "by_date", "op", "value", "upto", "words", "direction", "determined_by"),
        *("replaces", "change", "reason", "set_on", *_SOURCED),
    ),
    "party": ("kind", "discipline"),
}
"""What a plan says by naming something that belongs to the body: by what it is measured, and which disciplines and
kinds of organisation work on it. The figures themselves are what happens, and are not among it.
"""

_MEASURING: Final = (
    "indicator_id IN (SELECT indicator_id FROM plan_indicator WHERE plan_id = :plan_id "
    "UNION SELECT indicator_id FROM activity WHERE plan_id = :plan_id)"
)
_OF_PLAN: Final = {
    "means": "activity_id IN (SELECT activity_id FROM activity WHERE plan_id = :plan_id)",
    "indicator": _MEASURING,
    "target": _MEASURING,
    "party": "party_id IN (SELECT party_id FROM group_member WHERE plan_id = :plan_id "
    "UNION SELECT lead_id FROM plan WHERE plan_id = :plan_id)",
}

_NAMING_INDICATOR: Final = Statement(
    "plans_naming_indicator",
    "SELECT plan_id FROM plan_indicator WHERE indicator_id = :indicator_id "
    "UNION SELECT plan_id FROM activity WHERE indicator_id = :indicator_id",
)
NAMED_BY: Final = {
    "indicator": _NAMING_INDICATOR,
    "target": _NAMING_INDICATOR,
    "party": Statement(
        "plans_naming_party",
        "SELECT plan_id FROM group_member WHERE party_id = :party_id "
        "UNION SELECT plan_id FROM plan WHERE lead_id = :party_id",
    ),
}
"""The plans whose content the row of a table in `USED` is part of."""

_SAID: Final = {
    table: (", ".join(dict.fromkeys((*FOLDED[table].key, *columns))), _OF_PLAN.get(table, "plan_id = :plan_id"))
    for table, columns in (COLUMNS | USED).items()
}
ROWS: Final = {
    table: Statement(f"content_of_{table}", f"SELECT {columns} FROM {table} WHERE {condition}")
    for table, (columns, condition) in _SAID.items()
}
ROWS_OF_PLANS: Final = {
    table: Statement(
        f"content_of_{table}_of_plans",
        f"SELECT of_plan, {columns} FROM (SELECT plan_id AS of_plan FROM plan WHERE plan_id IN {ASKED}) AS asked "
        f"JOIN {table} ON {condition.replace(':plan_id', 'asked.of_plan')}",
    )
    for table, (columns, condition) in _SAID.items()
}
