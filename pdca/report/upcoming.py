"""What falls due and by when: the live deadlines, for a person, a plan, or everybody."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import partial
from operator import attrgetter, itemgetter
from typing import Any, Final, NamedTuple

from pdca import methods
from pdca.actor import Actor
from pdca.plans import acknowledgements
from pdca.plans.roles import local_date
from pdca.standing import local_day
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations, information, people, plans, programme
from workflows.instants import from_text, to_text
from workflows.method import Transition, WorkflowDefinition
from workflows.need import Need

_NOT_THE_PLANS: Final = frozenset({"not-allowed", "no-motive", "approved-by-self"})
"""Needs of whoever takes the step, which do not keep the plan from it."""


View = Callable[[], dict[str, Any]]
"""What tells all there is to tell of what falls due."""


class Due(NamedTuple):
    """What falls due: of which plan (None: of a programme), by which instant, whether that is past, and whether it is
    held while its plan rests.
    """

    what: str
    plan: str | None
    by: str
    late: bool
    held: bool


def upcoming(connection: Connection, now: datetime, actor: Actor | None, plan_id: str | None) -> list[dict[str, Any]]:
    """List the live deadlines, the oldest first; with an actor only of the plans it leads or is in the group of.

    What is to be followed up is not among them; days of programmes, without a plan, are for who is in charge.
    `command` does what is to be done, or shows the steps where there is a choice. `trigger` is the one step that it
    takes, None when it takes none; `weighed` tells what still stands in its way. `first_by` is the instant before the
    day was put off, None when it was not. Of information whose report was prepared, `waits_for` is approval, sending,
    delivery, posting or meeting; otherwise None. Of an evaluation that was missed, `following` is the local day of the
    next one of its plan; None when none is to come.
    """
    return [view() for _due, view in falling_due(connection, now, actor, plan_id)]


def falling_due(
    connection: Connection, now: datetime, actor: Actor | None, plan_id: str | None
) -> list[tuple[Due, View]]:
    """List the same, for who tells of some and counts the others."""
    at = to_text(now)
    of_plans = [
        row
        for row in connection.all(evaluations.LIVE)
        if plan_id in (None, row["plan_id"]) and row["kind"] != "follow_up"
    ]
    prepared = {row["information_id"]: row for row in connection.all(information.OPEN)}
    parties = set() if actor is None else parties_of(connection, actor, now)
    if actor is not None:
        mine = plans_of(connection, parties)
        of_plans = [row for row in of_plans if row["plan_id"] in mine]
    following = _following(of_plans, at)
    found: list[tuple[Due, View]] = [
        (_due(row, at), partial(_view, connection, row, at, following.get(row["plan_id"]), prepared))
        for row in of_plans
    ]
    if plan_id is None and (actor is None or is_in_charge(connection, actor, parties)):
        found += _of_programmes(connection, at)
    return sorted(found, key=_soonest)


def due_of_programmes(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    """List those of them that are of programmes."""
    return [view() for _due, view in sorted(_of_programmes(connection, to_text(now)), key=_soonest)]


def next_of_plans(connection: Connection, now: datetime) -> list[Due]:
    """List what every plan is to do next, soonest first, without whom it is to inform or remind."""
    at = to_text(now)
    return sorted((_due(row, at) for row in connection.all(evaluations.NEXT_OF_PLANS)), key=attrgetter("by"))


def _soonest(found: tuple[Due, View]) -> str:
    return found[0].by


def _due(row: Row, now: str) -> Due:
    return Due(row["kind"], row["plan_id"], _by(row), _is_late(row, now), row["status"] == "held")


def _of_programmes(connection: Connection, at: str) -> list[tuple[Due, View]]:
    return [
        (
            Due(row["kind"], None, row["since"], row["since"] <= at, held=False),
            partial(_of_programme, connection, row, at),
        )
        for row in connection.all(evaluations.LIVE_OF_PROGRAMMES)
    ]


def _by(row: Row) -> str:
    postponed = row["first_due_at"] not in (None, row["due_at"])
    return str(row["due_at"] if postponed else row["since"])


def _is_late(row: Row, now: str) -> bool:
    if row["kind"] == "evaluation":
        return bool(row["step"] > 0 or row["due_at"] <= now)
    return bool(row["step"] > 0 or row["since"] <= now)


def _following(rows: Collection[Row], now: str) -> dict[str, str]:
    """Give by plan of which one was missed the local day of its first evaluation that is still to come."""
    missed = {row["plan_id"] for row in rows if row["kind"] == "missed"}
    ahead = [row for row in rows if row["plan_id"] in missed and row["kind"] == "evaluation" and row["due_at"] > now]
    ahead.sort(key=itemgetter("due_at"), reverse=True)
    return {row["plan_id"]: local_date(from_text(row["due_at"]), row["zone"]).isoformat() for row in ahead}


def is_in_charge(connection: Connection, actor: Actor, parties: set[str]) -> bool:
    """Tell whether somebody, who holds these parties, heads the body, answers for it, or administers."""
    in_charge = {row["party_id"] for row in connection.all(programme.IN_CHARGE)}
    return actor.access == "administrator" or not in_charge.isdisjoint(parties)


def parties_of(connection: Connection, actor: Actor, now: datetime) -> set[str]:
    """Name the parties that somebody holds or represents today, those of whom he or she acts for included."""
    today = local_day(connection, now).isoformat()
    return {row["party_id"] for row in connection.all(people.STANDINGS, person_id=actor.person_id, today=today)}


def plans_of(connection: Connection, parties: set[str]) -> set[str]:
    """Name the plans that one of the parties leads or is in the group of."""
    return {row["plan_id"] for row in connection.all(evaluations.PARTIES_OF_PLANS) if row["party_id"] in parties}


def weighed(connection: Connection, row: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Say of what falls due how many `needs` its step still has; while it has any, its command shows them.

    `not_gone` says in words what keeps a report from going.
    """
    if row["trigger"] is None:
        return held_back(connection, row, now)
    plan = connection.one(plans.PLAN, plan_id=row["plan"]) or {}
    needs = len(lacking(connection, plan, row["trigger"], now))
    command = f"pdca plan why-not {row['plan']} --trigger {row['trigger']}" if needs else row["command"]
    return {**row, "needs": needs, "not_gone": [], "command": command}


def held_back(connection: Connection, row: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Say of what falls due what keeps its report from going (`not_gone`), and nothing of the needs of a step."""
    if row["trigger"] is not None or not row["report"]:
        return {**row, "needs": None, "not_gone": []}
    # What decides about informing is much to load, and mostly nothing waits.
    from pdca.report.kept_back import not_gone

    kept = not_gone(connection, now, row["plan"]).get(row["report"], [])
    shown = {"command": f"pdca information report {row['report']}"} if kept else {}
    return {**row, "needs": len(kept) or None, "not_gone": kept, **shown}


def lacking(connection: Connection, plan: Row, trigger: str, now: datetime) -> list[Need]:
    """List what a plan lacks for a step, whoever takes it and whatever the motive."""
    # Imported here: the machine is much to load, and mostly no step falls due.
    from pdca.plans.facts import gather
    from workflows import machine

    definition = methods.of_plan(connection, plan)
    step = machine.step(definition, gather(connection, plan, now, Actor(None, "", "cli"), None, definition), trigger)
    needs = step.needs if isinstance(step, machine.Refusal) else ()
    return [need for need in needs if need.code not in _NOT_THE_PLANS]


def _view(
    connection: Connection, row: Row, now: str, following: str | None, prepared: Mapping[str, Row]
) -> dict[str, Any]:
    instead, ways = _does(methods.of_plan(connection, row), row, prepared)
    first = row["first_due_at"] if row["first_due_at"] != row["due_at"] else None
    return {
        "plan": row["plan_id"],
        "slug": row["slug"],
        "title": from_json(row["plan_title"]),
        "state": row["plan_state"],
        "what": row["kind"],
        "evaluation": row["evaluation_id"],
        "subject": row["evaluation_id"] or row["information_id"],
        "by": _by(row),
        "first_by": first,
        "zone": row["zone"],
        "late": _is_late(row, now),
        "held": row["status"] == "held",
        "following": following if row["kind"] == "missed" else None,
        "waits_for": waits_for(prepared.get(row["information_id"])),
        "report": prepared[row["information_id"]]["report_id"] if row["information_id"] in prepared else None,
        **acknowledgements.in_force(row, now),
        "trigger": ways[0].trigger if len(ways) == 1 else None,
        "command": instead or methods.advancing(row["plan_id"], ways),
        "assumed": bool(row["assumed"]),
        "restricted": bool(row["restricted"]),
    }


def _of_programme(connection: Connection, row: Row, now: str) -> dict[str, Any]:
    name = row["programme_evaluation_id"]
    first = None
    if row["due_on"] != row["first_due_on"]:
        # Imported here: with it comes what sets deadlines, and a day of a programme is seldom put off.
        from pdca.programme import moments

        first = moments.instant(connection, {**row, "due_on": row["first_due_on"]})
    return {
        "plan": None,
        "slug": None,
        "title": from_json(row["title"]) or {"en": row["programme_id"]},
        "state": row["programme_status"],
        "what": row["kind"],
        "evaluation": name,
        "subject": name,
        "by": row["since"],
        "first_by": to_text(first) if first else None,
        "zone": row["zone"],
        "late": row["since"] <= now,
        "held": False,
        "following": None,
        "waits_for": None,
        "report": None,
        **acknowledgements.in_force(None, now),
        "trigger": None,
        "command": f"pdca programme evaluation show {name}",
        "assumed": bool(row["assumed"]),
        "restricted": False,
    }


def waits_for(report: Row | None) -> str | None:
    """Name what is still to be done about a report that is not received; None when there is none."""
    if report is None:
        return None
    if report["status"] == "prepared":
        return "approval"
    if report["method"] == "meeting":
        return "meeting"
    if report["status"] == "approved":
        return "sending"
    return "delivery" if report["method"] == "mail" else "posting"


def _informs(row: Row, report: Row | None) -> str:
    if report is None:
        return f"pdca information show {row['plan_id']}"
    name = report["report_id"]
    return {
        "approval": f"pdca information approve {name}",
        "sending": f"pdca information send {name}",
        "delivery": "pdca notify deliver",
    }.get(str(waits_for(report)), f"pdca information receipt {name} --on DATE --received-by WHO --reference …")


def _does(definition: WorkflowDefinition, row: Row, prepared: Mapping[str, Row]) -> tuple[str | None, list[Transition]]:
    """Give the command of its own that does what falls due, or the steps of the plan that do."""
    plan, kind = row["plan_id"], row["kind"]
    if row["status"] != "held":
        if kind == "watch":
            return f"pdca plan watch {plan} --again DATE --found …", []
        if kind == "group":
            return f"pdca group add {plan} PARTY", []
        if kind == "record" and row["evaluation_id"]:
            return f"pdca evaluation record {row['evaluation_id']}", []
    if kind == "information":
        return _informs(row, prepared.get(row["information_id"])), []
    if kind == "evaluation" and row["status"] != "held":
        # It is opened from one phase only; what has to come before that is for the plan to say.
        ways = definition.routes.get(row["plan_state"], {}).values()
        return None, [way for way in ways if "lead" in way.who and "open_evaluation" in way.effects]
    return None, methods.onward(definition, row["plan_state"])
