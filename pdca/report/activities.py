"""Views of activities as plain JSON values: what is to be done, by whom, by when, and with which means."""

from datetime import datetime
from typing import Any

from pdca.plans.roles import local_date
from pdca.report.plans import opened
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import activities
from workflows.schedule import parse_stated

View = dict[str, Any]

ENDED = ("done", "dropped")


def listed(connection: Connection, now: datetime) -> list[View]:
    """List the activities of every plan in their order; late is what has ended and is neither done nor dropped."""
    return [_view(row, now) for row in connection.all(activities.ALL)]


def whole(connection: Connection, activity_id: str, now: datetime) -> View | None:
    """Give one activity with its steps and means, and what comes before and after it; None for no such activity."""
    every = listed(connection, now)
    found = next((one for one in every if one["activity_id"] == activity_id), None)
    if found is None:
        return None
    same = [one for one in every if one["plan_id"] == found["plan_id"]]
    return {
        **found,
        "before_it": [_short(one) for one in same if one["activity_id"] in found["after"]],
        "after_it": [_short(one) for one in same if activity_id in one["after"]],
        "means": [opened(row) for row in connection.all(activities.MEANS, activity_id=activity_id)],
    }


def _view(row: Row, now: datetime) -> View:
    end = row["end_date"]
    passed = end is not None and parse_stated(end).date < local_date(now, row["zone"])
    owner = {"party_id": row["owner_id"], "name": from_json(row["owner_name"]), "kind": row["owner_kind"]}
    hidden = {"depends_on", "owner_name", "owner_kind", "steps", "position"}
    return {
        **{name: value for name, value in opened(row).items() if name not in hidden},
        "plan_title": from_json(row["plan_title"]),
        "owner": owner if row["owner_id"] else None,
        "after": from_json(row["depends_on"]) or [],
        "steps": from_json(row["steps"]) or [],
        "late": passed and row["status"] not in ENDED,
    }


def _short(one: View) -> View:
    return {name: one[name] for name in ("activity_id", "title", "status")}
