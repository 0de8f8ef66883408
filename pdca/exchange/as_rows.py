"""An import document as the rows it wants: what each record above the plans is in the tables."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pdca.exchange import records
from pdca.exchange.document import Document, PlacedObjective
from pdca.exchange.plan_records import Disposition, Origin
from pdca.exchange.programme_records import Approval, PreviousProgramme, Programme, ProgrammeEvaluation, Version
from pdca.programme.predecessor import evaluation_id
from pdca.store.jsontext import optional_json, to_json
from pdca.working_days import working_days
from workflows.method import WorkflowDefinition
from workflows.schedule import StatedDate


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row that the file asks for."""

    table: str
    key: Mapping[str, Any]
    values: Mapping[str, Any]


def organisation(document: Document, before: Mapping[str, Any]) -> dict[str, Any]:
    """The body itself, as columns of the installation; the language of the file is kept to write it out again.

    Of the details that were there `before` those stay that the file does not name.
    """
    wanted = document.organisation
    if wanted is None:
        return {}
    names = ("code", "address", "areas", "bodies", "remarks", "languages", "assumed", "basis", "source", "note")
    kept = {name: before[name] for name in names if name in before and name not in wanted.model_fields_set}
    return {
        "organisation_id": wanted.id,
        "name": to_json(wanted.name),
        "zone": wanted.zone,
        "details": to_json({**kept, **rest(wanted, *names), "language": document.language}),
        # What commands said of the working days and holidays is not taken away by a file that says nothing of them.
        **({"country": wanted.country} if wanted.country else {}),
        **({"subdivision": wanted.subdivision} if wanted.subdivision else {}),
        **({"working_days": working_days(wanted.working_days)} if wanted.working_days else {}),
    }


def closing_days(document: Document) -> Iterator[Wanted]:
    """The days on which the body is closed besides public holidays; an import takes none away."""
    for one in document.organisation.closing_days if document.organisation else ():
        yield Wanted("closing_day", {"day": one.day.text}, {"name": optional_json(one.name)})


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
                "details": optional_json(rest(party, "address", "members", "task", "report")),
                **sourced(party),
            },
        )


def programme(
    wanted: Programme, sources: Mapping[str, object], definition: WorkflowDefinition, *, steps_to_come: bool
) -> Wanted:
    """The programme with its sources and how it came to be, without its approval unless its steps are to come."""
    steps = ("approvals",) if steps_to_come else ()
    details = rest(wanted, "drafted", "integrates", "reviews", "remarks", *steps)
    described = [_described(one) for one in wanted.previous if not one.in_database]
    return Wanted(
        "programme",
        {"programme_id": wanted.id},
        {
            "title": to_json(wanted.title),
            "period_start": wanted.period.first_day.isoformat(),
            "period_end": wanted.period.last_day.isoformat(),
            "definition": definition.id,
            "definition_version": definition.version,
            "previous_id": wanted.follows,
            "legal_deadline": wanted.legal_deadline.text if wanted.legal_deadline else None,
            "sources": optional_json({key: plain(source) for key, source in sources.items()}),
            "details": optional_json({**details, **({"previous": described} if described else {})}),
            **sourced(wanted),
        },
    )


def evaluation(programme_id: str, wanted: ProgrammeEvaluation) -> Wanted:
    """An evaluation of a programme, without whether and by whom it is recorded."""
    return Wanted(
        "programme_evaluation",
        {"evaluation_id": evaluation_id(programme_id, wanted.id)},
        {
            "programme_id": programme_id,
            "kind": wanted.kind,
            "period": wanted.period.text if wanted.period else None,
            "due_on": wanted.due.text if wanted.due else None,
            "held_on": wanted.held.text if wanted.held else None,
            "held_by": wanted.by,
            "lessons": optional_json(wanted.lessons),
            **sourced(wanted),
        },
    )


def themes(programme_id: str, wanted: ProgrammeEvaluation) -> Iterator[Wanted]:
    """The themes of an evaluation, in the order of the file."""
    number = evaluation_id(programme_id, wanted.id)
    for position, theme in enumerate(wanted.themes, start=1):
        texts = ("title", "finding", "attribution", "evidence", "lessons")
        yield Wanted(
            "programme_theme",
            {"evaluation_id": number, "theme_id": theme.id},
            {
                "position": position,
                "phenomenon_id": theme.phenomenon,
                "objective_id": theme.objective,
                "decision": theme.decision,
                **{name: optional_json(getattr(theme, name)) for name in texts},
                **sourced(theme),
            },
        )


def origin(objective_id: str, wanted: Origin) -> Wanted:
    """The finding that an objective comes from."""
    number = evaluation_id(wanted.programme, wanted.evaluation)
    return Wanted(
        "objective_origin", {"objective_id": objective_id}, {"evaluation_id": number, "theme_id": wanted.theme}
    )


def approval(programme_id: str, version: int, step: int, wanted: Approval) -> Wanted:
    """A step of the approval of a version of the programme."""
    return Wanted(
        "authority_approval",
        {"programme_id": programme_id, "version_number": version, "step": step},
        {
            "party_id": wanted.party,
            "authority": to_json(wanted.by),
            "act": to_json(wanted.act),
            "decision": wanted.decision,
            "decided_on": wanted.date.text if wanted.date else None,
            "effective_on": wanted.effective.text if wanted.effective else None,
            **sourced(wanted),
        },
    )


def version(programme_id: str, wanted: Version) -> Wanted:
    """A version of the programme, without when it was proposed."""
    return Wanted(
        "programme_version",
        {"programme_id": programme_id, "number": int(wanted.number)},
        {
            "kind": wanted.kind,
            "text": wanted.text,
            "period_end": wanted.end.text if wanted.end else None,
            "status": wanted.status,
        },
    )


def phenomena(found: Iterable[records.Phenomenon], parent: str | None = None) -> Iterator[Wanted]:
    """The tree of phenomena, a parent before its children."""
    for phenomenon in found:
        values = {"parent_id": parent, "title": to_json(phenomenon.title), **sourced(phenomenon)}
        yield Wanted("phenomenon", {"phenomenon_id": phenomenon.id}, values)
        yield from phenomena(phenomenon.phenomena, phenomenon.id)


def indicators(document: Document) -> Iterator[Wanted]:
    """The indicators; their targets and figures are added and never changed, so they are no such rows."""
    return (
        Wanted("indicator", {"indicator_id": one.id}, {**indicator(one), **sourced(one)}) for one in document.indicators
    )


def indicator(wanted: records.Indicator) -> dict[str, Any]:
    """What an indicator is, as columns."""
    return {
        "title": to_json(wanted.title),
        "unit": to_json(wanted.unit),
        "kind": wanted.kind,
        "definition": optional_json(wanted.definition),
        "system": wanted.system,
        "rhythm": wanted.rhythm,
        "frequency": optional_json(wanted.frequency),
    }


def target(wanted: records.Target) -> dict[str, Any]:
    """A target, as columns; what it replaces is left to who knows its number."""
    return {
        "period": wanted.period.text if wanted.period else None,
        "by_date": wanted.by.text if wanted.by else None,
        "op": wanted.op,
        "value": decimal(wanted.value),
        "upto": decimal(wanted.upto),
        "words": optional_json(wanted.words),
        "direction": wanted.direction,
        "determined_by": wanted.to_be_determined.text if wanted.to_be_determined else None,
        "reason": wanted.reason,
        "set_on": wanted.set_on.text if wanted.set_on else None,
        **sourced(wanted),
    }


def figure(wanted: records.Measurement) -> dict[str, Any]:
    """A figure, as columns."""
    return {
        "value": decimal(wanted.value),
        "missing_reason": wanted.missing,
        "approximate": int(wanted.approx),
        "parts": optional_json({name: str(value) for name, value in wanted.parts.items()}),
        "of_which": optional_json({name: str(value) for name, value in wanted.of_which.items()}),
        "scope": wanted.scope,
        "according_to": wanted.according_to,
        "published_on": wanted.published.text if wanted.published else None,
        **sourced(wanted),
    }


def decimal(value: Decimal | None) -> str | None:
    """A number as it is kept."""
    return None if value is None else str(value)


def objective(placed: PlacedObjective, position: int, programme_id: str, definition: WorkflowDefinition) -> Wanted:
    """An objective on its level of the definition; what was decided about it is `disposition`."""
    return Wanted(
        "objective",
        {"objective_id": placed.objective.id},
        {
            "programme_id": programme_id,
            "parent_id": placed.parent,
            "level": definition.above_plan[placed.depth].id,
            "position": position,
            "title": to_json(placed.objective.title),
            "internal": int(placed.objective.internal),
            "phenomenon_id": placed.objective.phenomenon,
            **sourced(placed.objective),
        },
    )


def disposition(wanted: Disposition) -> dict[str, Any]:
    """What was decided about an objective, as columns of a retention."""
    return {
        "disposition": wanted.what,
        "motive": wanted.motive,
        "evidence": wanted.evidence,
        "decided_on": wanted.decided.text,
        "decided_by": wanted.by,
        "watch": wanted.watch,
        **sourced(wanted),
    }


def _described(previous: PreviousProgramme) -> dict[str, Any]:
    """Give what is said of a programme that is only described; its evaluations are rows of their own."""
    found: dict[str, Any] = plain(previous)
    return {name: value for name, value in found.items() if name != "evaluations"}


def sourced(record: records.Sourced) -> dict[str, Any]:
    """Whence a record comes, as columns."""
    return {
        "assumed": int(record.assumed),
        "basis": record.basis,
        "source": optional_json(list(record.source)),
        "note": record.note,
    }


def rest(record: records.Record, *names: str) -> dict[str, Any]:
    """Give the named fields that hold something, as plain JSON values."""
    found = {name: getattr(record, name, None) for name in names}
    return {name: plain(value) for name, value in found.items() if _says_something(value)}


def plain(value: object) -> Any:  # noqa: ANN401 - any JSON value
    """Turn a record, date or number into plain JSON; numbers become texts, for the log knows no fractions."""
    if isinstance(value, records.Record):
        fields = {field.alias or name: getattr(value, name) for name, field in type(value).model_fields.items()}
        return {name: plain(member) for name, member in fields.items() if _says_something(member)}
    if isinstance(value, StatedDate):
        return value.text
    if isinstance(value, Mapping):
        return {key: plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [plain(member) for member in value]
    if value is None or isinstance(value, str | bool):
        return value
    return str(value)


def _says_something(value: object) -> bool:
    # Not by truth alone: a target of 0 is a target.
    return value is not None and value is not False and not (isinstance(value, str | tuple | Mapping) and not value)
