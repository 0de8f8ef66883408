"""What falls due and by when: the live deadlines, for a person, a plan, or everybody."""

from datetime import datetime
from typing import Any

from pdca import methods
from pdca.actor import Actor
from pdca.standing import local_day
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations, people
from workflows.instants import to_text
from workflows.method import Transition, WorkflowDefinition


def upcoming(connection: Connection, now: datetime, actor: Actor | None, plan_id: str | None) -> list[dict[str, Any]]:
    """List the live deadlines, soonest first; with an actor only of the plans it leads or is in the group of.

    `command` does what is to be done, or shows the steps where there is a choice.
    """
    rows = [row for row in connection.all(evaluations.LIVE) if plan_id in (None, row["plan_id"])]
    if actor is not None:
        mine = plans_of(connection, parties_of(connection, actor, now))
        rows = [row for row in rows if row["plan_id"] in mine]
    return [_view(connection, row, to_text(now)) for row in rows]


def parties_of(connection: Connection, actor: Actor, now: datetime) -> set[str]:
    """Name the parties that somebody holds or represents today, those of whom he or she acts for included."""
    today = local_day(connection, now).isoformat()
    return {row["party_id"] for row in connection.all(people.STANDINGS, person_id=actor.person_id, today=today)}


def plans_of(connection: Connection, parties: set[str]) -> set[str]:
    """Name the plans that one of the parties leads or is in the group of."""
    return {row["plan_id"] for row in connection.all(evaluations.PARTIES_OF_PLANS) if row["party_id"] in parties}


def _view(connection: Connection, row: Row, now: str) -> dict[str, Any]:
    overdue = row["step"] > 0 or (row["kind"] != "evaluation" and row["since"] <= now)
    return {
        "plan": row["plan_id"],
        "slug": row["slug"],
        "title": from_json(row["plan_title"]),
        "state": row["plan_state"],
        "what": row["kind"],
        "evaluation": row["evaluation_id"],
        "subject": row["evaluation_id"],
        "by": row["since"],
        "zone": row["zone"],
        "late": overdue or (row["kind"] == "evaluation" and row["due_at"] <= now),
        "held": row["status"] == "held",
        "command": _command(methods.of_plan(connection, row), row),
        "assumed": bool(row["assumed"]),
        "restricted": bool(row["restricted"]),
    }


def _command(definition: WorkflowDefinition, row: Row) -> str:
    plan, kind = row["plan_id"], row["kind"]
    if kind == "watch" and row["status"] != "held":
        return f"pdca plan watch {plan} --again DATE --found …"
    if kind == "group" and row["status"] != "held":
        return f"pdca group add {plan} PARTY"
    if kind == "record" and row["evaluation_id"] and row["status"] != "held":
        return f"pdca evaluation record {row['evaluation_id']}"
    ways = [way for way in definition.routes.get(row["plan_state"], {}).values() if "lead" in way.who]
    if kind == "evaluation" and row["status"] != "held":
        # It is opened from one phase only; what has to come before that is for the plan to say.
        return advancing(plan, [way for way in ways if "open_evaluation" in way.effects])
    return advancing(plan, [way for way in ways if "hold_deadlines" not in way.effects])


def advancing(plan: str, ways: list[Transition]) -> str:
    """Give the command that takes the one step there is; where there is a choice, the one that shows all."""
    if len(ways) != 1:
        return f"pdca plan why-not {plan}"
    motive = " --reason …" if "motive" in ways[0].guards else ""
    return f"pdca plan advance {plan} --trigger {ways[0].trigger}{motive}"
