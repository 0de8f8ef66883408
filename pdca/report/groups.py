"""The project group of a plan as plain JSON values: who is in it, by function, organisation and discipline."""

from datetime import datetime
from typing import Any

from pdca import methods
from pdca.actor import Actor
from pdca.plans import group as deadline
from pdca.plans.facts import gather
from pdca.plans.roles import local_date
from pdca.report.holders import holders_of
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations, people, plans
from workflows.facts import Facts
from workflows.guards import GUARDS, Need
from workflows.instants import to_text
from workflows.method import WorkflowDefinition

View = dict[str, Any]


def of_plan(connection: Connection, plan: Row, now: datetime, actor: Actor) -> tuple[View, tuple[Need, ...]]:
    """Give the group, its leader first, and what it lacks to be the group that the method asks for."""
    today = local_date(now, plan["zone"]).isoformat()
    lead = connection.one(plans.LEAD_PARTY, plan_id=plan["plan_id"]) or {}
    others = connection.all(plans.GROUP, plan_id=plan["plan_id"])
    own = from_json((connection.one(people.INSTALLATION) or {"name": "{}"})["name"])
    holders = holders_of(connection, today)
    others = [row for row in others if row["party_id"] != lead.get("party_id")]
    members = [_member(row, today, own, holders[row["party_id"]]) for row in others]
    if lead.get("party_id"):
        row = {**lead, "role": "lead", "from_date": None, "until_date": None}
        members.insert(0, _member(row, today, own, holders[lead["party_id"]]))
    facts = gather(connection, plan, now, actor)
    definition = methods.of_plan(connection, plan)
    running = _deadline(connection, plan, now)
    due = deadline.due_date(plan, definition) if running else None
    return {
        "plan": plan["plan_id"],
        "slug": plan["slug"],
        "title": from_json(plan["title"]),
        "restricted": bool(plan["restricted"]),
        "assumed": bool(plan["assumed"]),
        "members": members,
        "disciplines": sorted({one.discipline for one in facts.members if one.discipline}),
        "multidisciplinary": not _few(facts, definition),
        "group_by": plan["group_due_date"] or (due.isoformat() if due else None),
        "deadline": running,
    }, GUARDS["project_group"](facts, definition)


def _few(facts: Facts, definition: WorkflowDefinition) -> bool:
    return any(need.code == "group-too-few-disciplines" for need in GUARDS["project_group"](facts, definition))


def _member(row: Row, today: str, own: Any, holders: list[View]) -> View:  # noqa: ANN401 - a text per language
    return {
        "party_id": row["party_id"],
        "name": from_json(row["name"]),
        "kind": row["kind"],
        "organisation": own if row["kind"] == "function" else from_json(row["name"]),
        "discipline": row["discipline"],
        "role": row["role"],
        "from_date": row["from_date"],
        "until_date": row["until_date"],
        "present": (row["from_date"] or today) <= today < (row["until_date"] or "9999"),
        "people": holders,
        "assumed": bool(row["assumed"]),
        "discipline_assumed": bool(row["discipline_assumed"]),
    }


def _deadline(connection: Connection, plan: Row, now: datetime) -> View | None:
    """The deadline by which the group is to be set up, while it is not."""
    live = connection.all(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=plan["plan_id"])
    row = next((one for one in live if one["kind"] == deadline.KIND), None)
    return None if row is None else {"due_at": row["since"], "late": row["since"] <= to_text(now)}
