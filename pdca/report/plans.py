"""Views of plans as plain JSON values: what `plan list` and `plan show` tell."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pdca import methods
from pdca.plans.roles import in_force, local_date
from pdca.report.holders import holders_of
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations, people, plans, programme
from pdca.unknown import unknown_plan
from workflows.instants import to_text

View = dict[str, Any]

_JSON_COLUMNS = frozenset(
    {"title", "name", "text", "unit", "method", "perimeter", "phenomena", "axes", "source", "words", "details"}
    | {"evaluators", "published", "results", "parts", "of_which", "frequency", "not_applicable", "withheld_from"}
    | {"evaluations_withheld"}
)
_TRUTHS = frozenset(
    {"assumed", "plan_assumed", "restricted", "mmm", "approximate", "discipline_assumed", "internal"} | {"as_published"}
)
_INTERNAL = frozenset({"version", "head"})
_EMPTY_RUBRIC: View = {"text": None, "not_applicable": None, "withheld_from": None, "assumed": False}


def opened(row: Row) -> View:
    """Give a row with its JSON columns read, its truth values as such, and without what only the log needs."""
    return {name: _open(name, value) for name, value in row.items() if name not in _INTERNAL}


def rows_by(column: str, rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    """Put rows together by what they have in a column; there are none by anything else."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return found


def listed(connection: Connection) -> list[View]:
    """List every plan with its state and what is next."""
    return [_with_label(connection, row) for row in connection.all(plans.PLANS)]


def whole(connection: Connection, plan_id: str, now: datetime) -> View:
    """Give one plan with all that belongs to it, and who is in its group on the local day of `now`; raises NotFound."""
    row = connection.one(plans.PLAN, plan_id=plan_id)
    if row is None:
        raise unknown_plan(plan_id)
    names = {party["party_id"]: from_json(party["name"]) for party in connection.all(people.PARTIES)}
    objective = connection.one(plans.OBJECTIVE, objective_id=row["objective_id"])
    activities = connection.all(plans.ACTIVITIES, plan_id=plan_id)
    return {
        **_with_label(connection, row),
        "phenomena": _phenomena(connection, from_json(row["phenomena"]) or []),
        "objective": opened(objective) if objective else None,
        "lead": _lead(connection, names, row, now),
        "group": [
            {**opened(member), "present": bool(in_force([member], local_date(now, row["zone"])))}
            for member in connection.all(plans.GROUP, plan_id=plan_id)
        ],
        "rubrics": _in_order(connection, row, connection.all(plans.RUBRICS, plan_id=plan_id)),
        "objectives": [
            {**opened(one), "activities": _serving(activities, one["objective_id"])}
            for one in connection.all(plans.PLAN_OBJECTIVES, plan_id=plan_id)
        ],
        "activities": [{**opened(activity), "owner": _party(names, activity["owner_id"])} for activity in activities],
        "indicators": [
            _indicator(connection, row, now) for row in connection.all(plans.PLAN_INDICATORS, plan_id=plan_id)
        ],
        "evaluations": _moments(connection, row),
        "information": [
            {**opened(moment), "party": _party(names, moment["party_id"])}
            for moment in connection.all(plans.INFORMATION_GIVEN, plan_id=plan_id)
        ],
        "deadlines": connection.all(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=plan_id),
    }


def _moments(connection: Connection, plan: Row) -> list[View]:
    """The evaluations of a plan, and how often each was moved."""
    plan_id = plan["plan_id"]
    moved = connection.all(evaluations.EXTENSIONS_OF_PLAN, plan_id=plan_id)
    times = {row["evaluation_id"]: row["extensions"] for row in moved}
    rows = connection.all(evaluations.OF_PLAN, plan_id=plan_id)
    return [{**opened(row), "zone": plan["zone"], "extensions": times.get(row["evaluation_id"], 0)} for row in rows]


def _serving(activities: Iterable[Row], objective_id: str) -> list[str]:
    return [row["activity_id"] for row in activities if row["objective_id"] == objective_id]


def _with_label(connection: Connection, row: Row) -> View:
    """Give a plan's row, opened, with what its method calls the state it is in."""
    return {**opened(row), "state_label": dict(methods.state_of(connection, row).label)}


def _phenomena(connection: Connection, named: list[View]) -> list[View]:
    """Give the phenomena of a plan with their words, those of the tree too."""
    titles = {row["phenomenon_id"]: from_json(row["title"]) for row in connection.all(programme.PHENOMENA)}
    return [{"text": titles.get(one.get("phenomenon", "")), **one} for one in named]


def _open(name: str, value: Any) -> Any:  # noqa: ANN401 - a column of any type
    if name in _JSON_COLUMNS:
        return from_json(value)
    return bool(value) if name in _TRUTHS else value


def _party(names: dict[str, Any], party_id: str | None) -> View | None:
    return None if party_id is None else {"party_id": party_id, "name": names[party_id]}


def _lead(connection: Connection, names: dict[str, Any], plan: Row, now: datetime) -> View | None:
    """Give who leads a plan, and the people who hold that function on the local day of `now`."""
    lead = _party(names, plan["lead_id"])
    if lead is None:
        return None
    today = local_date(now, plan["zone"]).isoformat()
    return {**lead, "people": holders_of(connection, today)[plan["lead_id"]]}


def _in_order(connection: Connection, plan: Row, rubrics: Iterable[Row]) -> list[View]:
    """Give every rubric of the method in its fixed order (clause 8); an empty one has no text."""
    written = {row["rubric_id"]: row for row in rubrics}
    definition = methods.of_plan(connection, plan)
    return [
        {
            "rubric_id": rubric.id,
            "label": dict(rubric.label),
            **(opened(written[rubric.id]) if rubric.id in written else _EMPTY_RUBRIC),
        }
        for rubric in definition.rubrics
    ]


def _indicator(connection: Connection, row: Row, now: datetime) -> View:
    """Give an indicator with every figure, and the last one that holds."""
    # Imported here: figures are judged by much, and a list of plans has none.
    from pdca.indicators.known import last_of, read_held

    series = connection.all(plans.MEASUREMENTS, indicator_id=row["indicator_id"])
    held = read_held(connection, row["indicator_id"], to_text(now))
    last = last_of(held)
    return {
        **opened(row),
        "definition": from_json(row["definition"]),
        "series": [opened(measurement) for measurement in series],
        "last": opened(last.figure) if last else None,
    }
