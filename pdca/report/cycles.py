"""The cycles of a plan: predicted, evaluated, decided, and what each left to be followed up."""

from collections import defaultdict
from typing import Any

from pdca import methods
from pdca.plans.facts import undecided
from pdca.report.plans import opened
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import cycles, evaluations, plans

View = dict[str, Any]


def listed(connection: Connection, plan_id: str) -> list[View]:
    """List the cycles of a plan, the first one first.

    `started_at` is when it first went to Do in the cycle. `evaluations` are all that it opened, also ad hoc; the
    `evaluation_id` is the one recorded last, or opened last when it recorded none. `decision` is the trigger that left
    Adjust, with its motive; None while it is not taken.
    """
    plan = connection.one(plans.PLAN, plan_id=plan_id) or {}
    predicted = {row["cycle"]: row["text"] for row in connection.all(cycles.PREDICTIONS, plan_id=plan_id)}
    decided = defaultdict(list)
    for row in connection.all(cycles.DECISIONS, plan_id=plan_id):
        decided[row["cycle"]].append({**row, "title": from_json(row["title"])})
    left = defaultdict(list)
    for row in connection.all(cycles.FOLLOW_UPS, plan_id=plan_id):
        left[row["raised_in"]].append(row)
    steps = _steps(connection, plan)
    return [
        {
            "plan_id": plan_id,
            "cycle": number,
            "current": number == plan["cycle"],
            "zone": plan["zone"],
            "prediction": predicted.get(number),
            "started_at": steps[number].get("started_at"),
            **_evaluated(connection, plan_id, number),
            "decision": steps[number].get("decision"),
            "decision_label": steps[number].get("decision_label"),
            "decided_at": steps[number].get("decided_at"),
            "motive": steps[number].get("motive"),
            "activities": decided[number],
            "follow_ups": left[number],
        }
        for number in range(1, plan["cycle"] + 1)
    ]


def standing(connection: Connection, plan: Row) -> View:
    """Give what the page of a plan tells of its cycle: the prediction, open follow-ups, and in Adjust the activities
    of which it is not decided what becomes of them.
    """
    predicted = connection.one(cycles.PREDICTION, plan_id=plan["plan_id"], cycle=plan["cycle"])
    in_adjust = methods.state_of(connection, plan).phase == "adjust"
    return {
        "prediction": predicted["text"] if predicted else None,
        "follow_ups": connection.all(cycles.OPEN_FOLLOW_UPS, plan_id=plan["plan_id"]),
        "undecided": [row["activity_id"] for row in undecided(connection, plan)] if in_adjust else [],
    }


def follow_ups(connection: Connection) -> list[View]:
    """List every follow-up, by date; a title is in the words of whoever raised it."""
    return [
        {
            **opened({name: value for name, value in row.items() if name != "title"}),
            "title": row["title"],
            "plan_title": from_json(row["plan_title"]),
            "owner_name": from_json(row["owner_name"]),
            "owner_assumed": bool(row["owner_assumed"]),
        }
        for row in connection.all(cycles.EVERY_FOLLOW_UP)
    ]


def _evaluated(connection: Connection, plan_id: str, number: int) -> View:
    moments = [
        row
        for row in connection.all(evaluations.OF_PLAN, plan_id=plan_id)
        if row["cycle"] == number and row["status"] in ("open", "recorded")
    ]
    moments.sort(key=lambda row: (row["status"] == "recorded", row["opened_at"]))
    last = moments[-1] if moments else None
    names = ("evaluation_id", "recorded_at", "verdict", "lessons")
    return {
        **{name: last[name] if last else None for name in names},
        "evaluations": [{name: row[name] for name in ("kind", *names)} for row in moments],
    }


def _steps(connection: Connection, plan: Row) -> dict[int, View]:
    """Read from the log, per cycle, when it began and how it was left."""
    definition = methods.of_plan(connection, plan)
    states = definition.state_by_id
    found: dict[int, View] = defaultdict(dict)
    number = 1
    # Imported here: how a plan stands in its cycles is told without the log.
    from pdca.report.log import events_of_plan

    for event in events_of_plan(connection, plan["plan_id"]):
        if event["kind"] != "plan.advanced" or event["refused"] is not None:
            continue
        before, after = states.get(event["from"]), states.get(event["to"])
        if before is None or after is None or "suspended" in (before.phase, after.phase):
            continue
        way = definition.routes[before.id].get(event["trigger"])
        if before.phase == "adjust":
            found[number] |= {
                "decision": event["trigger"],
                "decision_label": dict(way.label) if way else None,
                "decided_at": event["at"],
                "motive": event["reason"],
            }
        number += bool(way and "next_cycle" in way.effects)
        if after.phase == "do":
            found[number].setdefault("started_at", event["at"])
    return found
