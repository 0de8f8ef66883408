"""What happened to a plan since its last progress report, from the log and from the plan as it stood then."""

from collections.abc import Container, Mapping
from datetime import date, datetime
from typing import Any, Final

from pdca import methods
from pdca.errors import NotFound
from pdca.plans.roles import local_date
from pdca.report import evaluation
from pdca.report.log import events_of_plan
from pdca.report.then import as_of, end_of_day
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import cycles, plans
from workflows.instants import from_text, to_text
from workflows.method import WorkflowDefinition

View = dict[str, Any]

OF_PARTNERS: Final = ("partner.involved", "partner.reacted", "partner.answered")
OF_ACTIVITIES: Final = ("activity.decided",)
TOLD: Final = (
    *("plan.created", "plan.advanced", "plan.approved", "plan.group_complete", "plan.migrated", "plan.rebased"),
    *("plan.overdue", "plan.watched", "schedule.set", *OF_ACTIVITIES, "followup.raised", "followup.answered"),
    *("evaluation.recorded", "evaluation.missed", "evaluation.overdue", "evaluation.extended"),
    *OF_PARTNERS,
)
"""The kinds of events that make progress, or show that it lacks; others are work behind it."""

_INTERNAL: Final = frozenset({"plan.approved", "plan.migrated", "followup.raised", "followup.answered"})
"""What of these only concerns who works on the plan."""


def happened(
    connection: Connection,
    plan: Row,
    audience: str,
    since: date | None,
    now: datetime,
    shown: Container[str],
    *,
    untold: Container[str],
) -> View:
    """Tell what happened after a local day; of activities only those that are `shown`, and nothing of a kind `untold`.

    `events` come from the log, oldest first; several of a kind on one day count once, in `times`, with the `reasons`
    that only who works on the plan is told. `activities` are those whose status became another, and `means` what was
    deployed then and is now.
    """
    return {
        "events": [one for one in _events(connection, plan, audience, since, now) if one["kind"] not in untold],
        **_changed(connection, plan, since, shown),
    }


def _events(connection: Connection, plan: Row, audience: str, since: date | None, now: datetime) -> list[View]:
    after, until = to_text(end_of_day(connection, plan["plan_id"], since)) if since else "", to_text(now)
    kinds = [kind for kind in TOLD if audience == "internal" or kind not in _INTERNAL]
    definition = methods.of_plan(connection, plan)
    found: dict[tuple[object, ...], View] = {}
    for event in events_of_plan(connection, plan["plan_id"]):
        if event["kind"] not in kinds or event["refused"] is not None or not after <= event["at"] <= until:
            continue
        on = local_date(from_text(event["at"]), plan["zone"]).isoformat()
        key = (event["kind"], on, event["evaluation"], event["from"], event["to"])
        one = found.setdefault(key, {**_event(event, audience, definition), "on": on, "times": 0, "reasons": []})
        one["times"] += 1
        if audience == "internal" and event["reason"] and event["reason"] not in one["reasons"]:
            one["reasons"].append(event["reason"])
    return list(found.values())


def _event(event: Mapping[str, Any], audience: str, definition: WorkflowDefinition) -> View:
    names = ("kind", "trigger", "from", "to", "evaluation")
    internal = ("actor_name", "actor_assumed") if audience == "internal" else ()
    labels = {state.id: dict(state.label) for state in definition.states}
    return {
        **{name: event[name] for name in (*names, *internal)},
        "from_label": labels.get(event["from"]),
        "to_label": labels.get(event["to"]),
    }


def _changed(connection: Connection, plan: Row, since: date | None, shown: Container[str]) -> View:
    """Compare activities and deployed means with those of the end of a day; with nothing when that was before all."""
    plan_id = plan["plan_id"]
    then: dict[str, str] = {}
    deployed: dict[tuple[int, str], str | None] = {}
    if since is not None:
        try:
            with as_of(connection, plan_id, end_of_day(connection, plan_id, since)) as before:
                then = {row["activity_id"]: row["status"] for row in before.all(plans.ACTIVITIES, plan_id=plan_id)}
                deployed = _deployed(before, plan_id, shown)
        except NotFound:
            then = {}
    activities = [row for row in connection.all(plans.ACTIVITIES, plan_id=plan_id) if row["activity_id"] in shown]
    return {
        "activities": [
            {
                "activity_id": row["activity_id"],
                "title": from_json(row["title"]),
                "before": then.get(row["activity_id"]),
                "after": row["status"],
            }
            for row in activities
            if since is not None and then.get(row["activity_id"]) != row["status"]
        ],
        "means": [
            {"year": year, "kind": kind, "before": deployed.get((year, kind)), "after": after}
            for (year, kind), after in _deployed(connection, plan_id, shown).items()
            if since is not None and deployed.get((year, kind)) != after
        ],
    }


def _deployed(connection: Connection, plan_id: str, shown: Container[str]) -> dict[tuple[int, str], str | None]:
    rows = [row for row in connection.all(cycles.MEANS_OF_PLAN, plan_id=plan_id) if row["activity_id"] in shown]
    return {(one["year"], one["kind"]): one["deployed"] for one in evaluation.capacity(rows)}
