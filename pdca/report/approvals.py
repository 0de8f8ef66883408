"""What was approved of a plan, by whom, and what became of each approval."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pdca import methods
from pdca.content import content_hash
from pdca.plans.roles import owns
from pdca.store.driver import Connection, Row
from pdca.store.reads import approvals, people


def approvals_of(
    connection: Connection, plan: Row, now: datetime, log: Connection | None = None
) -> list[dict[str, Any]]:
    """List the approvals of a plan as plain JSON values, the first first.

    `status`: holds (the step can be taken), used (it was taken, `since`), void (the plan changed, `since`), outdated
    (the plan is not what it was, though no event says so), or owner (who gave it owns the plan at `now`). `fits` is
    whether the plan is what was approved. Of the first change after an approval, used or not: `changed_at`,
    `changed_event`, its number, and `voided_because`, its kind. `log` holds the events when `connection` does not.
    """
    given = connection.all(approvals.OF_PLAN, plan_id=plan["plan_id"])
    if not given:
        return []
    # Imported here: most plans wait for their first approval.
    from pdca.report.log import events_of_plan

    events = list(events_of_plan(log or connection, plan["plan_id"]))
    # In the order of the log: in the same instant the same step can be approved, changed, and approved again.
    approved: dict[tuple[str, str, str], deque[dict[str, Any]]] = defaultdict(deque)
    for event in events:
        if event["kind"] == "plan.approved":
            approved[event["at"], event["actor"], event["trigger"]].append(event)
    names = {row["person_id"]: row for row in connection.all(people.PEOPLE)}
    present = content_hash(connection, plan["plan_id"])
    ways = methods.of_plan(connection, plan).transitions
    steps = {way.trigger: dict(way.label) for way in ways}
    owners = {by for by in {row["approved_by"] for row in given} if owns(connection, plan, by, now)}
    views = []
    for row in given:
        same = approved[row["approved_at"], row["approved_by"], row["purpose"]]
        event = same.popleft() if same else {}
        views.append(
            {
                **_view(row, names[row["approved_by"]], present, by_owner=row["approved_by"] in owners),
                "changed_event": _changed_by(row, event, events),
                **_behalf(event),
                "step": steps.get(row["purpose"]),
                "zone": plan["zone"],
            }
        )
    return views


def _behalf(event: Mapping[str, Any]) -> dict[str, Any]:
    """For whom it was approved, as the log has it."""
    return {name: event.get(name) for name in ("on_behalf_of", "on_behalf_of_name")}


def _changed_by(row: Row, given: Mapping[str, Any], events: Iterable[Mapping[str, Any]]) -> int | None:
    """Find the first event of the plan that changed it after the approval was `given`, in the order of the log.

    What a plan names is changed by an event of the body's, which one of the plan's follows.
    """
    kinds = (row["voided_because"], "approval.voided")
    later = (event for event in events if event["event"] > given.get("event", 0))
    return next((event["event"] for event in later if event["at"] == row["voided_at"] and event["kind"] in kinds), None)


def _view(row: Row, person: Row, present: str, *, by_owner: bool) -> dict[str, Any]:
    status, since = "holds", row["approved_at"]
    if row["used_at"]:
        status, since = "used", row["used_at"]
    elif row["voided_at"]:
        status, since = "void", row["voided_at"]
    elif row["content_sha256"] != present:
        status = "outdated"
    elif by_owner:
        status = "owner"
    return {
        "number": row["number"],
        "plan": row["plan_id"],
        "purpose": row["purpose"],
        "status": status,
        "since": since,
        "changed_at": row["voided_at"],
        "voided_because": row["voided_because"],
        "approved_at": row["approved_at"],
        "approved_by": row["approved_by"],
        "approved_by_name": person["name"],
        "approver_assumed": bool(person["assumed"]),
        "reason": row["reason"],
        "content_sha256": row["content_sha256"],
        "fits": row["content_sha256"] == present,
    }
