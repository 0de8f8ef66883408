"""Gathering the facts about one plan that the guards may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pdca.actor import Actor
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations, people, plans
from workflows.facts import ActivityFacts, EvaluationFacts, Facts, Member
from workflows.instants import from_text
from workflows.method import pick
from workflows.schedule import parse_stated


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the actor brings to a transition: the motive, and for daily operations what is watched and until when."""

    reason: str | None = None
    watch: str | None = None
    watch_again: date | None = None


def gather(connection: Connection, plan: Row, now: datetime, actor: Actor, attempt: Attempt | None = None) -> Facts:
    """Read everything the guards of any trigger need to know about the plan at `now`."""
    attempt = attempt or Attempt()
    plan_id = plan["plan_id"]
    lead = connection.one(plans.LEAD_PARTY, plan_id=plan_id)
    group = connection.all(plans.GROUP, plan_id=plan_id)
    moments = connection.all(evaluations.OF_PLAN, plan_id=plan_id)
    indicators = tuple(row["indicator_id"] for row in connection.all(plans.PLAN_INDICATORS, plan_id=plan_id))
    following = next((row for row in moments if row["status"] == "planned"), None)
    parties = [*([lead] if lead else []), *group]
    return Facts(
        plan=plan_id,
        state=plan["state"],
        now=now,
        zone=plan["zone"],
        resume_state=plan["resume_state"],
        cycle=plan["cycle"],
        actor_roles=roles_on(connection, plan, group, actor, now),
        reason=attempt.reason,
        rubrics_filled=_filled(connection.all(plans.RUBRICS, plan_id=plan_id)),
        members=_members(lead, group),
        activities=tuple(_activity(row) for row in connection.all(plans.ACTIVITIES, plan_id=plan_id)),
        indicators=indicators,
        next_evaluation=from_text(following["due_at"]) if following else None,
        next_evaluation_id=following["evaluation_id"] if following else None,
        information_moments=len(connection.all(plans.INFORMATION_MOMENTS, plan_id=plan_id)),
        mmm=bool(plan["mmm"]),
        perimeter=_places(from_json(plan["perimeter"]) or {}),
        phenomena=tuple(pick(one["text"], "en") for one in from_json(plan["phenomena"]) or ()),
        partner_organisations=len({row["party_id"] for row in parties if row["kind"] in ("partner", "authority")}),
        evaluation=_evaluation(connection, plan, moments, indicators),
        watch=attempt.watch,
        watch_again=attempt.watch_again,
    )


def roles_on(connection: Connection, plan: Row, group: Sequence[Row], actor: Actor, now: datetime) -> frozenset[str]:
    """Say in which roles the actor stands to the plan on the local day of `now`.

    lead, member and administrator; chief and authority, as those who are told of what climbs the ladder; stakeholder
    for who represents a partner or an authority that the plan informs; and scheduler.
    """
    if actor.person_id is None:
        return frozenset({"scheduler"}) if actor.access == "service" else frozenset()
    today = now.astimezone(ZoneInfo(plan["zone"])).date().isoformat()
    towards = {"person_id": actor.person_id, "plan_id": plan["plan_id"], "today": today}
    rows = connection.all(people.PARTIES_HELD_TOWARDS, **towards)
    held = {row["party_id"] for row in rows}
    roles = {role for row in rows if (role := _role_beyond(row))}
    if plan["lead_id"] in held:
        roles.add("lead")
    if held & {row["party_id"] for row in group}:
        roles.add("member")
    if actor.access == "administrator":
        roles.add("administrator")
    return frozenset(roles)


def present_roles(connection: Connection, plan: Row, actor: Actor, now: datetime) -> frozenset[str]:
    """Say in which roles the actor stands to the plan, where nothing else has to be known of it."""
    return roles_on(connection, plan, connection.all(plans.GROUP, plan_id=plan["plan_id"]), actor, now)


def _role_beyond(row: Row) -> str | None:
    role: str | None = row["role"]
    if role == "stakeholders":
        # The public and the staff are informed as well, and have no say.
        return "stakeholder" if row["kind"] in ("partner", "authority") else None
    return role


def parties_held(connection: Connection, person_id: str, now: datetime, zone: str) -> set[str]:
    """List the functions a person holds, and the stakeholders it represents, on the local day of `now`."""
    today = now.astimezone(ZoneInfo(zone)).date().isoformat()
    return {row["party_id"] for row in connection.all(people.PARTIES_HELD, person_id=person_id, today=today)}


def current_evaluation(plan: Row, moments: Sequence[Row]) -> Row | None:
    """Find the evaluation that this cycle of the plan has opened last, recorded or not."""
    opened = [row for row in moments if row["status"] in ("open", "recorded") and row["cycle"] == plan["cycle"]]
    return max(opened, key=lambda row: row["opened_at"], default=None)


def _filled(rubrics: Sequence[Row]) -> frozenset[str]:
    return frozenset(
        row["rubric_id"] for row in rubrics if any(text.strip() for text in from_json(row["text"]).values())
    )


def _members(lead: Row | None, group: Sequence[Row]) -> tuple[Member, ...]:
    members = [Member(lead["party_id"], lead["discipline"], lead=True)] if lead else []
    others = [row for row in group if lead is None or row["party_id"] != lead["party_id"]]
    return (*members, *(Member(row["party_id"], row["discipline"]) for row in others))


def _places(perimeter: Mapping[str, Any]) -> tuple[str, ...]:
    by_area = perimeter.get("by_area", {})
    return (*perimeter.get("places", ()), *(f"{area}: {place}" for area in by_area for place in by_area[area]))


def _activity(row: Row) -> ActivityFacts:
    start, end = row["start_date"], row["end_date"]
    return ActivityFacts(
        row["activity_id"],
        from_json(row["title"]),
        row["owner_id"],
        parse_stated(start).first_day if start else None,
        parse_stated(end).date if end else None,
    )


def _evaluation(
    connection: Connection, plan: Row, moments: Sequence[Row], indicators: Sequence[str]
) -> EvaluationFacts | None:
    row = current_evaluation(plan, moments)
    if row is None:
        return None
    by_owner = False
    if row["recorded_by"] and plan["lead_id"]:
        at = from_text(row["recorded_at"])
        by_owner = plan["lead_id"] in parties_held(connection, row["recorded_by"], at, plan["zone"])
    return EvaluationFacts(
        evaluation=row["evaluation_id"],
        verdict=row["verdict"],
        findings=bool(row["findings"]),
        attribution=bool(row["attribution"]),
        deployed=bool(row["deployed"]),
        recorded_by=row["recorded_by"],
        recorded_by_owner=by_owner,
        # A record is whole when it is made; an indicator that the plan got afterwards is for the next evaluation.
        indicators_unaccounted=() if row["recorded_at"] else tuple(indicators),
    )
