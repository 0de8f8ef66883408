"""How a programme fared: counts over its log and its evaluations."""

from collections import Counter
from typing import Any

from pdca.report.log import events
from pdca.store.driver import Connection
from pdca.store.reads import evaluations, plans


def figures(connection: Connection) -> dict[str, Any]:
    """Count transitions, refusals, and evaluations by how they went.

    Those `in_time` were never overdue; `extended` were moved, in `extensions` steps altogether.
    """
    kinds = Counter(event["kind"] for event in events(connection))
    moments = connection.all(evaluations.ALL)
    recorded = [row for row in moments if row["status"] == "recorded"]
    return {
        "events": kinds.total(),
        "transitions": kinds["plan.advanced"],
        "refused": kinds["plan.refused"] + kinds["evaluation.refused"],
        "evaluations": {
            "recorded": len(recorded),
            "in_time": sum(row["overdue_at"] is None for row in recorded),
            "late": sum(row["overdue_at"] is not None for row in recorded),
            "missed": sum(row["status"] == "missed" for row in moments),
            "open": sum(row["status"] == "open" for row in moments),
            "extended": sum(row["extensions"] > 0 for row in moments),
            "extensions": sum(row["extensions"] for row in moments),
        },
        "states": dict(Counter(row["state"] for row in connection.all(plans.PLANS))),
    }
