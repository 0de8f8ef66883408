"""How a programme fared: counts over its log and its evaluations."""

from collections import Counter
from typing import Any

from pdca.report.log import events
from pdca.report.partners import reactions
from pdca.store.driver import Connection
from pdca.store.reads import evaluations, information, plans


def figures(connection: Connection) -> dict[str, Any]:
    """Count transitions, refusals, evaluations by how they went, and reports by which others were informed.

    Evaluations `in_time` were never overdue; `extended` were moved, in `extensions` steps altogether. A report is
    `late` when it was not approved or sent in time, and `sent` when there is proof of that.
    """
    kinds = Counter(event["kind"] for event in events(connection))
    reports = connection.all(information.EVERY_REPORT)
    late = [
        row
        for plan in connection.all(information.PLANS)
        for row in connection.all(information.DEADLINES, **plan)
        if row["step"] > 0
    ]
    said = reactions(connection)
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
        "information": {
            "prepared": sum(row["status"] not in ("replaced", "cancelled") for row in reports),
            "sent": sum(row["status"] == "informed" for row in reports),
            "late": len(late),
            "reactions": len(said),
            "answered": sum(not one["open"] for one in said),
        },
        "states": dict(Counter(row["state"] for row in connection.all(plans.PLANS))),
    }
