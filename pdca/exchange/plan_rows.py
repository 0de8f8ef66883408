"""A plan of an import document as the rows it wants."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from pdca.exchange import plan_records
from pdca.exchange.as_rows import Wanted, plain, rest, sourced
from pdca.exchange.moment_records import Decision, InformingDecision
from pdca.exchange.partner_records import Reaction, Session
from pdca.exchange.reminder_records import Reminding
from pdca.schedules.stored import columns
from pdca.store.jsontext import optional_json, to_json
from pdca.words import INFORMATION_METHODS
from workflows.instants import from_text
from workflows.schedule import StatedDate, parse_stated


def plan(wanted: plan_records.Plan, objective: str | None, plan_id: str, numbers: Mapping[str, str]) -> Wanted:
    """The plan's own row, without its state; `numbers` gives the plan id of each slug."""
    return Wanted(
        "plan",
        {"plan_id": plan_id},
        {
            "slug": wanted.id,
            "objective_id": objective,
            "title": to_json(wanted.title),
            "lead_id": wanted.lead,
            "period_start": wanted.period.first_day.isoformat(),
            "period_end": wanted.period.last_day.isoformat(),
            "restricted": int(wanted.restricted),
            "evaluations_withheld": _withheld(wanted.evaluations_withheld),
            "mmm": int(wanted.mmm),
            "group_due_date": _text(wanted.group_by),
            "perimeter": _perimeter(wanted.perimeter),
            "phenomena": optional_json([plain(phenomenon) for phenomenon in wanted.phenomena]),
            "axes": optional_json([plain(axis) for axis in wanted.axes]),
            "details": optional_json(rest(wanted, "handovers")),
            "follows_id": numbers[wanted.follows] if wanted.follows else None,
            **sourced(wanted),
        },
    )


def _withheld(withheld: plan_records.EvaluationsWithheld | None) -> str | None:
    return optional_json(withheld.by_part) if withheld else None


def rubrics(wanted: plan_records.Plan, plan_id: str) -> Iterator[Wanted]:
    """The rubrics, without the number of their revision."""
    for rubric_id, rubric in wanted.rubrics.items():
        yield Wanted(
            "rubric",
            {"plan_id": plan_id, "rubric_id": rubric_id},
            {
                "text": optional_json(rubric.text),
                "not_applicable": optional_json(rubric.not_applicable),
                "withheld_from": optional_json(sorted(rubric.withheld_from)),
                **sourced(rubric),
            },
        )


def members(wanted: plan_records.Plan, plan_id: str) -> Iterator[Wanted]:
    """The project group besides its leader."""
    for position, member in enumerate(wanted.group):
        yield Wanted(
            "group_member",
            {"plan_id": plan_id, "party_id": member.party},
            {
                "position": position,
                "role": member.role,
                "from_date": _text(member.start),
                "until_date": _text(member.until),
            },
        )


def indicators(wanted: plan_records.Plan, plan_id: str) -> Iterator[Wanted]:
    """The indicators of the plan with their baselines."""
    for position, indicator in enumerate(wanted.indicators):
        baseline = indicator.baseline or plan_records.Baseline.model_construct()
        yield Wanted(
            "plan_indicator",
            {"plan_id": plan_id, "indicator_id": indicator.id},
            {
                "position": position,
                "baseline": None if baseline.value is None else str(baseline.value),
                "baseline_period": baseline.period.text if baseline.period else None,
                "baseline_missing": baseline.missing,
                "baseline_assumed": int(baseline.assumed),
            },
        )


def objectives(wanted: plan_records.Plan, plan_id: str) -> Iterator[Wanted]:
    """The objectives under the plan."""
    for position, objective in enumerate(wanted.objectives):
        yield Wanted(
            "plan_objective",
            {"objective_id": own_id(plan_id, objective.id)},
            {"plan_id": plan_id, "position": position, "title": to_json(objective.title), **sourced(objective)},
        )


def activities(wanted: plan_records.Plan, plan_id: str) -> Iterator[Wanted]:
    """The activities."""
    for position, activity in enumerate(wanted.activities):
        yield Wanted(
            "activity",
            {"activity_id": own_id(plan_id, activity.id)},
            {
                "plan_id": plan_id,
                "position": position,
                "title": to_json(activity.title),
                "objective_id": own_id(plan_id, activity.objective) if activity.objective else None,
                "owner_id": activity.owner,
                "start_date": _text(activity.start),
                "end_date": _text(activity.end),
                "status": activity.status,
                "axis": activity.axis,
                "indicator_id": activity.indicator,
                "result": None if activity.result is None else str(activity.result),
                "rubric_id": activity.rubric,
                "depends_on": optional_json([own_id(plan_id, one) for one in activity.after]),
                "steps": optional_json([plain(step) for step in activity.steps]),
                **sourced(activity),
            },
        )


def means(wanted: plan_records.Plan, plan_id: str) -> Iterator[Wanted]:
    """The means of its activities."""
    for activity in wanted.activities:
        for line in activity.means:
            yield Wanted(
                "means",
                {"activity_id": own_id(plan_id, activity.id), "year": line.year, "kind": line.kind},
                {
                    "planned": None if line.planned is None else str(line.planned),
                    "deployed": None if line.deployed is None else str(line.deployed),
                    "shortfall_reason": line.shortfall,
                    **sourced(line),
                },
            )


def decision(wanted: Decision) -> dict[str, Any]:
    """What the file says of a decision about moments besides who took it."""
    return {
        "decided_on": wanted.decided.text,
        "reason": wanted.reason,
        "kind": wanted.kind,
        **columns(wanted.schedule),
    }


def reminding(wanted: Reminding) -> dict[str, Any]:
    """What the file says of a decision about reminders, grace and ladder besides who took it."""
    return {"decided_on": wanted.decided.text, "reason": wanted.reason, **wanted.terms.columns()}


def informing_decision(wanted: InformingDecision) -> dict[str, Any]:
    """What the file says of a decision about informing a party besides who took it."""
    when = {"dates": None, "rules": None, "exceptions": None, **columns(wanted.schedule)}
    del when["anchor"]
    return {
        "decided_on": wanted.decided.text,
        "reason": wanted.reason,
        "party_id": wanted.party,
        "method": wanted.method,
        "by_itself": int(wanted.by_itself),
        "although_restricted": int(wanted.although_restricted),
        "grace_days": int(wanted.grace_days),
        **when,
    }


def decided(moment: plan_records.Evaluation | plan_records.Information) -> dict[str, Any]:
    """What the file says of a moment that follows from a decision."""
    return {
        "schedule_number": None if moment.schedule is None else int(moment.schedule),
        "moved": optional_json(moment.moved),
    }


def falls(row: Mapping[str, Any], zone: str) -> str | None:
    """Give the day on which a stored moment falls before any extension; None for the stated one."""
    day = from_text(row.get("first_due_at") or row["due_at"]).astimezone(ZoneInfo(zone)).date()
    return None if day == parse_stated(row["stated_date"]).date else day.isoformat()


def evaluation(moment: plan_records.Evaluation) -> dict[str, Any]:
    """What the file says about an evaluation besides its date and kind."""
    published = rest(moment, "findings", "adjust", "planned")
    return {"published": optional_json(published), **sourced(moment)}


def word_of_method(moment: plan_records.Information) -> str | None:
    """Give the word of a method by which reports go; None for what a file says in other words."""
    said = set(moment.method.values())
    word = said.pop() if len(said) == 1 else None
    return word if word in INFORMATION_METHODS else None


def information(moment: plan_records.Information, decisions: Sequence[InformingDecision]) -> dict[str, Any]:
    """What the file says about a moment of information; one that was decided on has the method of its decision."""
    method: object = word_of_method(moment) or moment.method
    if moment.schedule is not None:
        method = decisions[int(moment.schedule) - 1].method
    return {
        "party_id": moment.to,
        "stated_date": moment.date.text,
        "due_date": (moment.falls or moment.date).date.isoformat(),
        "method": to_json(method),
        **decided(moment),
        **sourced(moment),
    }


def session(plan_id: str, wanted: Session) -> Wanted:
    """A session with a partner."""
    return Wanted(
        "involvement",
        {"involvement_id": own_id(plan_id, wanted.id)},
        {
            "plan_id": plan_id,
            "party_id": wanted.party,
            "mode": wanted.mode,
            "held_on": wanted.date.text,
            "content": wanted.content,
            "attendees": to_json(list(wanted.attendees)),
            **sourced(wanted),
        },
    )


def reaction(plan_id: str, wanted: Reaction) -> Wanted:
    """What a partner said, without its answer and by whom it is recorded."""
    return Wanted(
        "reaction",
        {"reaction_id": own_id(plan_id, wanted.id)},
        {"plan_id": plan_id, "party_id": wanted.party, "received_on": wanted.received.text, "text": wanted.text},
    )


def own_id(plan_id: str, own: str) -> str:
    """Give the id among all of what is called so inside its plan, such as the activity P-001/A1."""
    return f"{plan_id}/{own}"


def _text(day: StatedDate | None) -> str | None:
    return day.text if day else None


def _perimeter(perimeter: plan_records.Perimeter | None) -> str | None:
    if perimeter is None:
        return None
    # Coordinates stay numbers: that is what makes it GeoJSON.
    drawn = {"geojson": perimeter.geojson} if perimeter.geojson else {}
    return to_json({**plain(perimeter.model_copy(update={"geojson": None})), **drawn})
