"""Gathering the facts about one plan that the guards may see."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from pdca import methods
from pdca.actor import Actor
from pdca.plans.cycle_days import unmeasured
from pdca.plans.roles import NOBODY, Standing, in_force, local_date, owns, standing
from pdca.standing import acts_for
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import approvals, cycles, evaluations, partners, people, plans
from workflows.facts import ActivityFacts, ApprovalFacts, EvaluationFacts, Facts, FollowUpFacts, Member
from workflows.guards import looked_at
from workflows.instants import from_text
from workflows.method import WorkflowDefinition, pick
from workflows.schedule import parse_stated


class Attempt(NamedTuple):
    """What the actor brings to a transition: the motive, and for daily operations what is watched, by which indicator,
    and when it is looked at again.
    """

    reason: str | None = None
    watch: str | None = None
    watch_again: date | None = None
    watch_indicator: str | None = None


class Gathered(NamedTuple):
    """The facts, how the actor stands to the plan (whose roles they are), and the rows that carrying out a step takes:
    the evaluations of the plan, and its approvals that wait to be used.
    """

    facts: Facts
    stands: Standing
    moments: Sequence[Row]
    approvals: Sequence[Row]


def gather(
    connection: Connection,
    plan: Row,
    now: datetime,
    actor: Actor,
    attempt: Attempt | None = None,
    definition: WorkflowDefinition | None = None,
) -> Facts:
    """Read everything the guards of any trigger need to know about the plan at `now`.

    `definition` is the plan's own unless another is tried.
    """
    definition = definition or methods.of_plan(connection, plan)
    return _Reader(connection, plan, now, actor, definition).facts(attempt or Attempt(), _READ)


def gathered(
    connection: Connection,
    plan: Row,
    now: datetime,
    actor: Actor,
    definition: WorkflowDefinition,
    trigger: str | None,
    attempt: Attempt | None = None,
) -> Gathered:
    """Read what the guards of one trigger look at, and keep what was read for them and is needed again.

    None, or a trigger that does not leave the state of the plan, has no guards.
    """
    way = definition.routes.get(plan["state"], {}).get(trigger or "")
    reader = _Reader(connection, plan, now, actor, definition)
    facts = reader.facts(attempt or Attempt(), looked_at([way] if way else []))
    return Gathered(facts, reader.stands, reader.moments, reader.live)


class _Reader:
    """Reads about one plan what is asked for, each table once at most."""

    def __init__(
        self, connection: Connection, plan: Row, now: datetime, actor: Actor, definition: WorkflowDefinition
    ) -> None:
        self.connection = connection
        self.plan = plan
        self.plan_id = plan["plan_id"]
        self.now = now
        self.actor = actor
        self.definition = definition
        self.today = local_date(now, plan["zone"])

    def facts(self, attempt: Attempt, names: Iterable[str]) -> Facts:
        """Give the facts that place a step and what the actor brings to it, and of the others those named."""
        plan = self.plan
        return Facts(
            plan=self.plan_id,
            state=plan["state"],
            now=self.now,
            zone=plan["zone"],
            resume_state=plan["resume_state"],
            cycle=plan["cycle"],
            actor_roles=self.stands.roles,
            reason=attempt.reason,
            watch=attempt.watch,
            watch_again=attempt.watch_again,
            watch_indicator=attempt.watch_indicator,
            **{name: _READ[name](self) for name in names if name in _READ},
        )

    @cached_property
    def stands(self) -> Standing:
        """How the actor stands to the plan."""
        nobody = self.actor.person_id is None
        return standing(self.connection, self.plan, [] if nobody else self.everybody, self.actor, self.now)

    @cached_property
    def moments(self) -> list[Row]:
        """The evaluations of the plan."""
        return self.connection.all(evaluations.OF_PLAN, plan_id=self.plan_id)

    @cached_property
    def live(self) -> list[Row]:
        """The approvals that wait to be used."""
        return self.connection.all(approvals.LIVE, plan_id=self.plan_id)

    @cached_property
    def lead(self) -> Row:
        """The party that leads the plan."""
        found = self.connection.one(plans.LEAD_PARTY, plan_id=self.plan_id)
        return found or {"party_id": None, "retained": 0}

    @cached_property
    def everybody(self) -> list[Row]:
        """Whoever is in the project group at any time."""
        return self.connection.all(plans.GROUP, plan_id=self.plan_id)

    @cached_property
    def group(self) -> list[Row]:
        """Whoever is in it today."""
        return in_force(self.everybody, self.today)

    @cached_property
    def following(self) -> Row | None:
        """The evaluation that is planned next."""
        return next((row for row in self.moments if row["status"] == "planned"), None)

    @cached_property
    def written(self) -> list[Row]:
        """The rubrics."""
        return self.connection.all(plans.RUBRICS, plan_id=self.plan_id)

    @cached_property
    def informed(self) -> list[Row]:
        """The moments of the information schedule."""
        return self.connection.all(plans.INFORMED, plan_id=self.plan_id)

    @cached_property
    def measured_by(self) -> list[Row]:
        """The indicators of the plan."""
        return self.connection.all(plans.PLAN_INDICATORS, plan_id=self.plan_id)

    @cached_property
    def indicators(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(row["indicator_id"] for row in self.measured_by)

    def informed_last(self) -> date | None:
        """Give the last day on which somebody outside the body is informed."""
        outside = [date.fromisoformat(row["due_date"]) for row in self.informed if row["kind"] != "function"]
        return max(outside, default=None)

    def partner_organisations(self) -> int:
        """Count the organisations beside the body that take part."""
        parties = [*([self.lead] if self.lead["party_id"] else []), *self.group]
        return len({row["party_id"] for row in parties if row["kind"] in ("partner", "authority")})


_READ: Final[Mapping[str, Callable[[_Reader], Any]]] = {
    "objective": lambda its: its.plan["objective_id"],
    "retained": lambda its: bool(its.lead["retained"]),
    "rubrics_filled": lambda its: _filled(its.written),
    "rubrics_not_applicable": lambda its: frozenset(
        row["rubric_id"] for row in its.written if says(row["not_applicable"])
    ),
    "members": lambda its: _members(its.lead, its.group, its.today),
    "activities": lambda its: _activities(its.connection, its.plan, its.definition),
    "indicators": lambda its: its.indicators,
    "indicators_unbased": lambda its: tuple(row["indicator_id"] for row in its.measured_by if not _based(row)),
    "next_evaluation": lambda its: from_text(its.following["due_at"]) if its.following else None,
    "next_evaluation_id": lambda its: its.following["evaluation_id"] if its.following else None,
    "information_moments": lambda its: len(its.informed),
    "informed_last": _Reader.informed_last,
    "mmm": lambda its: bool(its.plan["mmm"]),
    "perimeter": lambda its: _places(from_json(its.plan["perimeter"]) or {}),
    "phenomena": lambda its: tuple(_phenomenon(one) for one in from_json(its.plan["phenomena"]) or ()),
    "partner_organisations": _Reader.partner_organisations,
    "trained": lambda its: _trained(its.connection, its.plan, its.now, its.definition),
    "approvals": lambda its: _approvals(its.connection, its.plan, its.live, its.everybody, its.actor, its.now),
    "evaluation": lambda its: _evaluation(
        its.connection, its.plan, its.everybody, its.moments, its.indicators, its.now
    ),
    "follow_ups_unanswered": lambda its: _unanswered(its.connection, its.plan, its.definition),
}
"""How each fact is read that not every step needs."""


def parties_held(connection: Connection, person_id: str, now: datetime, zone: str) -> set[str]:
    """List the functions a person holds, and the stakeholders it represents, on the local day of `now`."""
    today = now.astimezone(ZoneInfo(zone)).date().isoformat()
    return {row["party_id"] for row in connection.all(people.PARTIES_HELD, person_id=person_id, today=today)}


def current_evaluation(plan: Row, moments: Sequence[Row]) -> Row | None:
    """Find the evaluation that this cycle of the plan has opened last, recorded or not."""
    opened = [row for row in moments if row["status"] in ("open", "recorded") and row["cycle"] == plan["cycle"]]
    return max(opened, key=lambda row: row["opened_at"], default=None)


def cycle_to_begin(phase: str, plan: Row, moments: Sequence[Row]) -> int | None:
    """Give the cycle that a prediction can still be written for; None while one runs.

    In Plan it is the cycle of the plan, unless that was evaluated already; in Adjust the one that follows.
    """
    if phase == "adjust":
        return int(plan["cycle"]) + 1
    return int(plan["cycle"]) if phase == "plan" and current_evaluation(plan, moments) is None else None


def _filled(rubrics: Sequence[Row]) -> frozenset[str]:
    return frozenset(row["rubric_id"] for row in rubrics if says(row["text"]) or says(row["not_applicable"]))


def says(stored: str | None) -> bool:
    """Tell whether a stored text, in one language or several, says anything."""
    texts = from_json(stored) if stored and stored.startswith("{") else {"": stored or ""}
    return any(text.strip() for text in texts.values())


def _based(row: Row) -> bool:
    return row["baseline"] is not None or says(row["baseline_missing"])


def _trained(connection: Connection, plan: Row, now: datetime, definition: WorkflowDefinition) -> frozenset[str]:
    # Only a method that asks for it lets this be read at every step.
    if not any("partners_trained" in way.guards for way in definition.transitions):
        return NOBODY
    today = local_date(now, plan["zone"]).isoformat()
    return frozenset(row["party_id"] for row in connection.all(partners.TRAINED, plan_id=plan["plan_id"], today=today))


def _approvals(
    connection: Connection, plan: Row, live: Sequence[Row], group: Sequence[Row], actor: Actor, now: datetime
) -> tuple[ApprovalFacts, ...]:
    if not live:
        return ()
    # Imported here: what is approved is hashed only when something was.
    from pdca.content import content_hash

    present = content_hash(connection, plan["plan_id"])
    acts_as = {actor.person_id, *acts_for(connection, actor.person_id, now, plan["zone"])}
    return tuple(
        ApprovalFacts(
            row["purpose"],
            fits=row["content_sha256"] == present,
            own=row["approved_by"] in acts_as,
            by_owner=owns(connection, plan, row["approved_by"], now, group),
        )
        for row in live
    )


def _members(lead: Row, group: Sequence[Row], today: date) -> tuple[Member, ...]:
    members = [Member(lead["party_id"], _discipline(lead, today), lead=True)] if lead["party_id"] else []
    others = [row for row in group if row["party_id"] != lead["party_id"]]
    return (*members, *(Member(row["party_id"], _discipline(row, today)) for row in others))


def _discipline(party: Row, today: date) -> str | None:
    """Give what a party brings in: a function of the body that was held, and is not any more, brings nothing."""
    left = party["kind"] == "function" and (party["held_until"] or "9999") <= today.isoformat()
    return None if left else party["discipline"]


def _places(perimeter: Mapping[str, Any]) -> tuple[str, ...]:
    by_area = perimeter.get("by_area", {})
    drawn = ("geojson",) if perimeter.get("geojson") else ()
    return (*perimeter.get("places", ()), *(f"{area}: {place}" for area in by_area for place in by_area[area]), *drawn)


def _phenomenon(one: Mapping[str, Any]) -> str:
    return str(one.get("phenomenon") or pick(one.get("text") or {}, "en"))


def _activities(connection: Connection, plan: Row, definition: WorkflowDefinition) -> tuple[ActivityFacts, ...]:
    rows = connection.all(plans.ACTIVITY_FACTS, plan_id=plan["plan_id"])
    if not any("activities_decided" in way.guards for way in definition.transitions):
        return tuple(_activity(row, decided=True) for row in rows)
    open_ones = {row["activity_id"] for row in undecided(connection, plan)}
    return tuple(_activity(row, decided=row["activity_id"] not in open_ones) for row in rows)


def undecided(connection: Connection, plan: Row) -> list[Row]:
    """List the activities that go on and of which this cycle has not decided what becomes of them."""
    rows = connection.all(cycles.DECISIONS, plan_id=plan["plan_id"])
    decided = {row["activity_id"] for row in rows if row["cycle"] == plan["cycle"]}
    return [
        row
        for row in connection.all(plans.ACTIVITIES, plan_id=plan["plan_id"])
        if row["status"] in ("planned", "running") and row["activity_id"] not in decided
    ]


def _unanswered(connection: Connection, plan: Row, definition: WorkflowDefinition) -> tuple[FollowUpFacts, ...]:
    ways = definition.routes.get(plan["state"], {}).values()
    if not any("followups_answered" in way.guards for way in ways):
        return ()
    return tuple(
        FollowUpFacts(row["follow_up_id"], row["title"], date.fromisoformat(row["due_date"]), row["cycle"])
        for row in connection.all(cycles.OPEN_FOLLOW_UPS, plan_id=plan["plan_id"])
    )


def _activity(row: Row, *, decided: bool) -> ActivityFacts:
    start, end = row["start_date"], row["end_date"]
    return ActivityFacts(
        row["activity_id"],
        from_json(row["title"]),
        row["owner_id"],
        parse_stated(start).first_day if start else None,
        parse_stated(end).date if end else None,
        means=bool(row["means"]),
        means_stated=bool(row["means_stated"]),
        by_partner=row["owner_kind"] not in (None, "function"),
        decided=decided,
        rubric=row["rubric_id"],
    )


def _evaluation(
    connection: Connection,
    plan: Row,
    group: Sequence[Row],
    moments: Sequence[Row],
    indicators: Sequence[str],
    now: datetime,
) -> EvaluationFacts | None:
    row = current_evaluation(plan, moments)
    if row is None:
        return None
    recorder = row["recorded_by"]
    by_owner = bool(recorder) and owns(connection, plan, recorder, from_text(row["recorded_at"]), group)
    return EvaluationFacts(
        evaluation=row["evaluation_id"],
        verdict=row["verdict"],
        process=bool(row["process_findings"]),
        effect=bool(row["effect_findings"]),
        attribution=bool(row["attribution"]),
        evidence=bool(row["evidence"]) or row["attributed_to"] == "unclear",
        deployed=bool(row["deployed"]),
        recorded_by=row["recorded_by"],
        recorded_by_owner=by_owner,
        # A record is whole when it is made; an indicator that the plan got afterwards is for the next evaluation.
        indicators_unaccounted=() if row["recorded_at"] else unmeasured(connection, plan, indicators, now),
    )
