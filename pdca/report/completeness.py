"""What of a programme has not been worked out yet, and how its means planned compare with those deployed."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from pdca import methods
from pdca.actor import Actor
from pdca.plans.facts import gather
from pdca.programme.predecessor import previous_to, without_final_evaluation
from pdca.programme.words import HANDED_IN
from pdca.standing import local_day
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reading_ahead import ReadingAhead
from pdca.store.reads import completeness as statements
from pdca.store.reads import plans
from workflows.method import WorkflowDefinition
from workflows.need import Need
from workflows.schedule import StatedDate, parse_stated
from workflows.worked_out import lost

ADDED_OVER_YEARS: Final = frozenset({"money", "hours"})
"""Kinds of means that add up over years; the same officers, FTE or heads, are counted again in every year."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is not worked out: a stable `code`, what it concerns, the programme or plan it belongs to.

    What a plan had to hold to be started, and lost since, has the code and the words of that `need`.

    Codes: objective-undecided, objective-without-operational, objective-without-plan, plan-not-retained,
    plan-without-objective, plan-outside-programme, plan-without-owner, owner-departed, measured-objectively-only,
    measured-subjectively-only, measured-by-own-work-only, activity-without-means, activity-owner-departed,
    activity-ends-after-plan, activity-starts-too-early, programme-without-approval, programme-without-previous,
    programme-overlaps, final-evaluation-missing, partner-not-trained, reaction-unanswered.
    """

    code: str
    subject: str
    belongs_to: str
    need: Need | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """Means of one kind of a plan or programme, in a year (None: in all, for what adds up over years).

    Money is in EUR, the others in hours, FTE and heads.
    `deployed` is None when nothing is stated about any of it; `unstated` counts the rows of which it is not.
    `shortfall` adds up what each row fell short of where both figures are known; too much of one thing makes up for
    nothing else. `reasons` are pairs of activity and reason.
    """

    of: str
    kind: str
    year: int | None
    planned: Decimal
    deployed: Decimal | None
    unstated: int
    shortfall: Decimal
    reasons: tuple[tuple[str, str], ...]


def gaps(connection: Connection, now: datetime) -> list[Gap]:
    """List everything that is not worked out, on the local day of `now`: programmes, objectives, plans, activities."""
    today = local_day(connection, now).isoformat()
    every_plan = connection.all(statements.PLANS)
    running = [row for row in every_plan if _at_work(connection, row)]
    held = {row["party_id"] for row in connection.all(statements.HELD, today=today)}
    return [
        *_programmes(connection),
        *of_objectives(connection, every_plan),
        *_under_plans(connection, running),
        *_outside(connection, running),
        *_owners(running, held),
        *_lost(connection, running, now),
        *_one_sided(connection, running),
        *_activities(connection, {row["plan_id"]: row for row in running}, held, today),
        *(
            Gap("reaction-unanswered", row["reaction_id"], row["plan_id"])
            for row in connection.all(statements.UNANSWERED)
        ),
    ]


def sums_of_plans(connection: Connection) -> list[Sum]:
    """Add up the means of every plan, per kind: of each year, then of all where that says something."""
    return list(_sums(connection.all(statements.MEANS), "plan_id"))


def sums_of_programmes(connection: Connection) -> list[Sum]:
    """Add up the means of every programme, per kind: of each year, then of all where that says something."""
    return list(_sums(connection.all(statements.MEANS), "programme_id"))


def means(connection: Connection) -> dict[str, Any]:
    """Give the sums of plans and programmes as plain JSON values, decimals as text."""
    return {
        "plans": [_view(one) for one in sums_of_plans(connection)],
        "programmes": [_view(one) for one in sums_of_programmes(connection)],
    }


def _at_work(connection: Connection, plan: Row) -> bool:
    return not methods.state_of(connection, plan).ended


def _programmes(connection: Connection) -> Iterator[Gap]:
    every = connection.all(plans.PROGRAMMES)
    for row in every:
        if previous_to(row) is None and gone_before(row, every):
            yield Gap("programme-without-previous", row["programme_id"], row["programme_id"])
        if overlapped(row, every):
            yield Gap("programme-overlaps", row["programme_id"], row["programme_id"])
        if row["status"] != "approved":
            yield Gap("programme-without-approval", row["programme_id"], row["programme_id"])
        if without_final_evaluation(connection, row):
            yield Gap("final-evaluation-missing", row["programme_id"], row["programme_id"])


def gone_before(programme: Row, every: Iterable[Row]) -> list[Row]:
    """List the programmes of the same method that began before one, the latest last."""
    earlier = [row for row in every if row["period_start"] < programme["period_start"]]
    return [row for row in earlier if row["definition"] == programme["definition"]]


def overlapped(programme: Row, every: Iterable[Row]) -> list[Row]:
    """List the programmes of the same method that one begins in the midst of, the latest last (clause 1).

    Over the period of one that was handed in the authorities decide, and a prolongation may run into the next one.
    """
    if programme["status"] in HANDED_IN:
        return []
    begins = programme["period_start"], programme["programme_id"]
    return [
        row
        for row in every
        if row["definition"] == programme["definition"]
        and (row["period_start"], row["programme_id"]) < begins
        and row["period_end"] >= programme["period_start"]
    ]


def of_objectives(connection: Connection, every_plan: Sequence[Row]) -> Iterator[Gap]:
    """Find the objectives that no one decided over, or that were retained and not worked out by any of these plans."""
    objectives = {row["objective_id"]: row for row in connection.all(plans.OBJECTIVES)}
    levels = {row["programme_id"]: _levels(connection, row) for row in connection.all(plans.PROGRAMMES)}
    below: dict[str | None, list[Row]] = defaultdict(list)
    for row in objectives.values():
        below[row["parent_id"]].append(row)
    planned = {row["objective_id"] for row in every_plan}
    for name, row in objectives.items():
        if row["disposition"] == "candidate" and row["parent_id"] is None:
            yield Gap("objective-undecided", name, row["programme_id"])
        if not _retained(row, objectives):
            continue
        if not below[name] and row["level"] in levels[row["programme_id"]]:
            yield Gap("objective-without-operational", name, row["programme_id"])
        if not _any_planned(row, below, planned):
            yield Gap("objective-without-plan", name, row["programme_id"])
    for one in every_plan:
        served = one["objective_id"]
        if served is not None and _at_work(connection, one) and not _retained(objectives[served], objectives):
            yield Gap("plan-not-retained", one["plan_id"], one["plan_id"])


def _levels(connection: Connection, programme: Row) -> set[str]:
    """Name the levels of objectives that have another level of objectives right under them."""
    return {level.id for level in methods.of_plan(connection, programme).above_plan[:-1]}


def _outside(connection: Connection, running: Iterable[Row]) -> Iterator[Gap]:
    programmes = {row["programme_id"]: row for row in connection.all(plans.PROGRAMMES)}
    for row in running:
        if apart(row, programmes[row["programme_id"]]):
            yield Gap("plan-outside-programme", row["plan_id"], row["plan_id"])


def apart(plan: Row, programme: Row) -> bool:
    """Tell whether no day of a plan lies in the period of its programme; it may begin late in it, and outlive it."""
    return bool(plan["period_end"] < programme["period_start"] or plan["period_start"] > programme["period_end"])


def _under_plans(connection: Connection, running: Iterable[Row]) -> Iterator[Gap]:
    """Find the plans without an objective under them, of methods that have a level of objectives there."""
    worked_out = {row["plan_id"] for row in connection.all(plans.EVERY_PLAN_OBJECTIVE)}
    for row in running:
        if methods.of_plan(connection, row).under_plan is not None and row["plan_id"] not in worked_out:
            yield Gap("plan-without-objective", row["plan_id"], row["plan_id"])


def _retained(row: Row, objectives: dict[str, Row]) -> bool:
    """Tell whether an objective is retained, itself or with the one above it where nothing was decided over it."""
    decided: Row | None = row
    while decided is not None and decided["disposition"] == "candidate":
        decided = objectives.get(decided["parent_id"])
    return decided is not None and decided["disposition"] == "retained"


def held_back(connection: Connection, objective_id: str) -> list[str]:
    """List the plans under an objective that cannot start, because what they serve is not retained (clause 6)."""
    objectives = {row["objective_id"]: row for row in connection.all(plans.OBJECTIVES)}

    def serves(name: str | None) -> bool:
        while name is not None and name != objective_id:
            name = objectives[name]["parent_id"]
        return name is not None

    return [
        row["plan_id"]
        for row in connection.all(statements.PLANS)
        if serves(row["objective_id"])
        and not _retained(objectives[row["objective_id"]], objectives)
        and _to_start(row, methods.of_plan(connection, row))
    ]


def _to_start(plan: Row, method: WorkflowDefinition) -> bool:
    """Tell whether a plan has not been started, and its method asks for a retained objective first."""
    state = plan["resume_state"] or plan["state"]
    ways = (way for way in method.transitions if method.initial in way.sources)
    return state == method.initial and any("objective_retained" in way.guards for way in ways)


def _any_planned(row: Row, below: dict[str | None, list[Row]], planned: set[str]) -> bool:
    return row["objective_id"] in planned or any(
        _any_planned(child, below, planned) for child in below[row["objective_id"]]
    )


def _owners(running: Iterable[Row], held: set[str]) -> Iterator[Gap]:
    for row in running:
        if row["lead_id"] is None:
            yield Gap("plan-without-owner", row["plan_id"], row["plan_id"])
        elif row["lead_id"] not in held:
            yield Gap("owner-departed", row["lead_id"], row["plan_id"])


def _lost(connection: Connection, running: Iterable[Row], now: datetime) -> Iterator[Gap]:
    """Find what the plans that were started had to hold for that and lost since; what is named anyway is left out."""
    methods_of = ((row, methods.of_plan(connection, row)) for row in running)
    started = {
        row["plan_id"]: method
        for row, method in methods_of
        if method.initial not in (row["state"], row["resume_state"])
    }
    ahead = ReadingAhead(connection, started)
    for name, definition in started.items():
        plan = ahead.one(plans.PLAN, plan_id=name) or {}
        for need in lost(gather(ahead, plan, now, Actor(None, "", "cli"), None, definition), definition):
            if need.code not in _NAMED_ANYWAY:
                yield Gap(need.code, str(need.params.get("activity", name)), name, need)


_NAMED_ANYWAY: Final = frozenset({"group-without-lead", "activity-without-means", "activity-means-unusable"})


def _one_sided(connection: Connection, running: Iterable[Row]) -> Iterator[Gap]:
    """Find the plans that are measured by what is registered alone, or by what people say alone (clause 10).

    One that is measured by its own work alone says nothing of what that brings about (clause 36).
    """
    sides: dict[str, set[str]] = defaultdict(set)
    for row in connection.all(statements.SIDES):
        sides[row["plan_id"]].add(row["kind"])
    for row in running:
        outcomes = sides[row["plan_id"]] - {"activity"}
        if len(outcomes) == 1:
            code = "measured-objectively-only" if "objective" in outcomes else "measured-subjectively-only"
            yield Gap(code, row["plan_id"], row["plan_id"])
        elif sides[row["plan_id"]] and not outcomes:
            yield Gap("measured-by-own-work-only", row["plan_id"], row["plan_id"])


def before_its_end(activity: Row, others: Mapping[str, Row]) -> list[str]:
    """Name those that an activity comes after and begins before the end of, as far as the dates stated are sure."""
    starts = _stated(activity["start_date"])
    return [
        name
        for name in from_json(activity["depends_on"]) or []
        if name in others
        and starts is not None
        and (ends := _stated(others[name]["end_date"])) is not None
        and starts.date < ends.first_day
    ]


def _stated(text: str | None) -> StatedDate | None:
    return parse_stated(text) if text else None


def dates_amiss(activity: Row, others: Mapping[str, Row], plan: Row) -> Iterator[Gap]:
    """Find what of the dates of an activity does not fit those of its plan or of what it comes after."""
    ends, last = _stated(activity["end_date"]), _stated(plan["period_end"])
    if ends is not None and last is not None and ends.first_day > last.date:
        yield Gap("activity-ends-after-plan", activity["activity_id"], plan["plan_id"])
    if before_its_end(activity, others):
        yield Gap("activity-starts-too-early", activity["activity_id"], plan["plan_id"])


def _activities(connection: Connection, running: Mapping[str, Row], held: Container[str], today: str) -> Iterator[Gap]:
    trained = {(row["plan_id"], row["party_id"]) for row in connection.all(statements.TRAINED, today=today)}
    relied_on: dict[tuple[str, str], None] = {}
    every = {row["activity_id"]: row for row in connection.all(statements.ACTIVITIES)}
    for row in every.values():
        if row["plan_id"] not in running:
            continue
        if not row["means"]:
            yield Gap("activity-without-means", row["activity_id"], row["plan_id"])
        yield from dates_amiss(row, every, running[row["plan_id"]])
        if _left(row, held) and row["owner_id"] != running[row["plan_id"]]["lead_id"]:
            yield Gap("activity-owner-departed", row["activity_id"], row["plan_id"])
        if row["owner_kind"] not in (None, "function"):
            relied_on[row["plan_id"], row["owner_id"]] = None
    for plan_id, party in relied_on:
        if (plan_id, party) not in trained:
            yield Gap("partner-not-trained", party, plan_id)


def _left(activity: Row, held: Container[str]) -> bool:
    """Tell whether an activity that is still to be done is left to a function that nobody holds."""
    to_do = activity["status"] in {"planned", "running"}
    return to_do and activity["owner_kind"] == "function" and activity["owner_id"] not in held


def _sums(rows: Sequence[Row], of: str) -> Iterator[Sum]:
    def of_kind(row: Row) -> tuple[str, str]:
        return row[of], row["kind"]

    for (subject, kind), found in groupby(sorted(rows, key=of_kind), of_kind):
        every = list(found)
        for year in sorted({row["year"] for row in every}):
            yield _sum(subject, kind, year, [row for row in every if row["year"] == year])
        if kind in ADDED_OVER_YEARS:
            yield _sum(subject, kind, None, every)


def _sum(subject: str, kind: str, year: int | None, rows: Sequence[Row]) -> Sum:
    deployed = [Decimal(row["deployed"]) for row in rows if row["deployed"] is not None]
    return Sum(
        subject,
        kind,
        year,
        planned=sum((Decimal(row["planned"]) for row in rows if row["planned"] is not None), Decimal(0)),
        deployed=sum(deployed, Decimal(0)) if deployed else None,
        unstated=len(rows) - len(deployed),
        shortfall=sum((_shortfall(row) for row in rows), Decimal(0)),
        reasons=tuple((row["activity_id"], row["shortfall_reason"]) for row in rows if row["shortfall_reason"]),
    )


def _shortfall(row: Row) -> Decimal:
    if row["planned"] is None or row["deployed"] is None:
        return Decimal(0)
    return max(Decimal(row["planned"]) - Decimal(row["deployed"]), Decimal(0))


def _view(one: Sum) -> dict[str, Any]:
    return {
        "of": one.of,
        "kind": one.kind,
        "year": one.year,
        "planned": f"{one.planned:f}",
        "deployed": None if one.deployed is None else f"{one.deployed:f}",
        "unstated": one.unstated,
        "shortfall": f"{one.shortfall:f}",
        "reasons": [{"activity": activity, "reason": reason} for activity, reason in one.reasons],
    }
