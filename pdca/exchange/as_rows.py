"""An import document as the rows it wants: what each record of the file is in the tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pdca.exchange import records
from pdca.exchange.document import Document, PlacedObjective, PlacedPlan
from pdca.store.jsontext import optional_json, to_json
from workflows.method import WorkflowDefinition
from workflows.schedule import StatedDate


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row that the file asks for."""

    table: str
    key: Mapping[str, Any]
    values: Mapping[str, Any]


def parties(document: Document) -> Iterator[Wanted]:
    """Functions and stakeholders."""
    for party in document.parties:
        yield Wanted(
            "party",
            {"party_id": party.id},
            {
                "kind": party.kind,
                "name": to_json(party.name),
                "discipline": party.discipline,
                "discipline_assumed": int(party.discipline_assumed),
                "escalation": party.escalation,
                "details": optional_json(rest(party, "members", "task", "report")),
                **_sourced(party),
            },
        )


def programme(document: Document, definition: WorkflowDefinition) -> Iterator[Wanted]:
    """The programme with its sources and how it came to be."""
    wanted = document.programme
    if wanted is None:
        return
    yield Wanted(
        "programme",
        {"programme_id": wanted.id},
        {
            "title": to_json(wanted.title),
            "period_start": wanted.period.first_day.isoformat(),
            "period_end": wanted.period.last_day.isoformat(),
            "definition": definition.id,
            "definition_version": definition.version,
            "sources": optional_json({key: _plain(source) for key, source in document.sources.items()}),
            "details": optional_json(
                rest(wanted, "drafted", "integrates", "approvals", "previous", "reviews", "remarks")
            ),
            **_sourced(wanted),
        },
    )


def indicators(document: Document) -> Iterator[Wanted]:
    """Indicators and their series; figures about one period are numbered in the order of the file."""
    for indicator in document.indicators:
        yield Wanted(
            "indicator",
            {"indicator_id": indicator.id},
            {
                "title": to_json(indicator.title),
                "unit": to_json(indicator.unit),
                "kind": indicator.kind,
                "direction": indicator.direction,
                "system": indicator.system,
                "frequency": optional_json(indicator.frequency),
                "targets": optional_json([_plain(target) for target in indicator.targets]),
                **_sourced(indicator),
            },
        )
        numbers: dict[str, int] = {}
        for figure in indicator.series:
            number = numbers[figure.period.text] = numbers.get(figure.period.text, 0) + 1
            yield _measurement(indicator.id, number, figure)


def objectives(document: Document, definition: WorkflowDefinition) -> Iterator[Wanted]:
    """Objectives, a parent before its children, on the levels of the definition."""
    if document.programme is None:
        return
    for position, placed in enumerate(document.all_objectives()):
        yield _objective(placed, position, document.programme.id, definition)


def plan(placed: PlacedPlan, plan_id: str, numbers: Mapping[str, str]) -> Iterator[Wanted]:
    """A plan and all that belongs to it except its moments; `numbers` gives the plan id of each slug."""
    wanted = placed.plan
    yield Wanted(
        "plan",
        {"plan_id": plan_id},
        {
            "slug": wanted.id,
            "objective_id": placed.objective,
            "title": to_json(wanted.title),
            "lead_id": wanted.lead,
            "period_start": wanted.period.first_day.isoformat(),
            "period_end": wanted.period.last_day.isoformat(),
            "restricted": int(wanted.restricted),
            "mmm": int(wanted.mmm),
            "perimeter": optional_json(_plain(wanted.perimeter)) if wanted.perimeter else None,
            "phenomena": optional_json([_plain(phenomenon) for phenomenon in wanted.phenomena]),
            "axes": optional_json([_plain(axis) for axis in wanted.axes]),
            "details": optional_json(rest(wanted, "handovers")),
            "follows_id": numbers[wanted.follows] if wanted.follows else None,
            **_sourced(wanted),
        },
    )
    for rubric_id, rubric in wanted.rubrics.items():
        key = {"plan_id": plan_id, "rubric_id": rubric_id}
        yield Wanted("rubric", key, {"text": to_json(rubric.text), **_sourced(rubric)})
    for position, party in enumerate(wanted.group):
        yield Wanted("group_member", {"plan_id": plan_id, "party_id": party}, {"position": position})
    for position, indicator in enumerate(wanted.indicators):
        yield Wanted("plan_indicator", {"plan_id": plan_id, "indicator_id": indicator}, {"position": position})
    for position, activity in enumerate(wanted.activities):
        yield _activity(activity, plan_id, position)


def evaluation(moment: records.Evaluation) -> dict[str, Any]:
    """What the file says about an evaluation besides its date and kind."""
    published = {name: value for name, value in rest(moment, "findings", "adjust").items() if value}
    if moment.planned:
        published["planned"] = True
    return {"published": optional_json(published), **_sourced(moment)}


def information(moment: records.Information) -> dict[str, Any]:
    """What the file says about a moment of information."""
    return {
        "party_id": moment.to,
        "stated_date": moment.date.text,
        "due_date": moment.date.date.isoformat(),
        "method": to_json(moment.method),
        **_sourced(moment),
    }


def _objective(placed: PlacedObjective, position: int, programme_id: str, definition: WorkflowDefinition) -> Wanted:
    levels = definition.levels
    return Wanted(
        "objective",
        {"objective_id": placed.objective.id},
        {
            "programme_id": programme_id,
            "parent_id": placed.parent,
            "level": levels[min(placed.depth, len(levels) - 1)].id,
            "position": position,
            "title": to_json(placed.objective.title),
            "internal": int(placed.objective.internal),
            **_sourced(placed.objective),
        },
    )


def _measurement(indicator_id: str, number: int, figure: records.Measurement) -> Wanted:
    return Wanted(
        "measurement",
        {"indicator_id": indicator_id, "period": figure.period.text, "number": number},
        {
            "value": None if figure.value is None else str(figure.value),
            "missing_reason": figure.missing,
            "approximate": int(figure.approx),
            "parts": optional_json({name: str(value) for name, value in figure.parts.items()}),
            "of_which": optional_json({name: str(value) for name, value in figure.of_which.items()}),
            **_sourced(figure),
        },
    )


def _activity(activity: records.Activity, plan_id: str, position: int) -> Wanted:
    return Wanted(
        "activity",
        {"activity_id": f"{plan_id}/{activity.id}"},
        {
            "plan_id": plan_id,
            "position": position,
            "title": to_json(activity.title),
            "owner_id": activity.owner,
            "start_date": activity.start.text if activity.start else None,
            "end_date": activity.end.text if activity.end else None,
            "status": activity.status,
            "axis": activity.axis,
            "indicator_id": activity.indicator,
            "result": None if activity.result is None else str(activity.result),
            **_sourced(activity),
        },
    )


def _sourced(record: records.Sourced) -> dict[str, Any]:
    return {
        "assumed": int(record.assumed),
        "basis": record.basis,
        "source": optional_json(list(record.source)),
        "note": record.note,
    }


def rest(record: records.Record, *names: str) -> dict[str, Any]:
    """Give the named fields that hold something, as plain JSON values."""
    found = {name: getattr(record, name, None) for name in names}
    return {name: _plain(value) for name, value in found.items() if value}


def _plain(value: object) -> Any:  # noqa: ANN401 - any JSON value
    """Turn a record, date or number into plain JSON; numbers become texts, for the log knows no fractions."""
    if isinstance(value, records.Record):
        fields = {field.alias or name: getattr(value, name) for name, field in type(value).model_fields.items()}
        return {name: _plain(member) for name, member in fields.items() if member not in (None, (), {}, False)}
    if isinstance(value, StatedDate):
        return value.text
    if isinstance(value, Mapping):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    if value is None or isinstance(value, str | bool):
        return value
    return str(value)
