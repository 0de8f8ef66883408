"""Views of programmes, objectives and phenomena as plain JSON values; what was not retained stays among them."""

from collections import defaultdict
from typing import Any

from pdca import methods
from pdca.report.plans import opened
from pdca.report.programme_evaluations import of_programme
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import plans, programme

View = dict[str, Any]


def programmes(connection: Connection) -> list[View]:
    """List the programmes in the order of their periods, each with its versions and what the authorities decided."""
    return [_programme(connection, row) for row in connection.all(plans.PROGRAMMES)]


def next_step(view: View) -> View | None:
    """Give the step that a programme, as `programmes` gives it, waits for; None when it waits for none."""
    for version in view["versions"]:
        if version["status"] == "proposed":
            return next((step for step in version["approvals"] if step["decision"] == "awaited"), None)
    return None


def objectives(connection: Connection) -> list[View]:
    """List every objective: with its level, its disposition and all decisions over it, the last one last.

    After those above plans come those under them (`plan_id`), over which nothing is decided: they follow their plan.
    """
    decisions: dict[str, list[View]] = defaultdict(list)
    for row in connection.all(programme.EVERY_RETENTION):
        decisions[row["objective_id"]].append(opened(row))
    levels = {
        row["programme_id"]: {level.id: dict(level.label) for level in methods.of_plan(connection, row).levels}
        for row in connection.all(plans.PROGRAMMES)
    }
    above = [
        {
            **opened(row),
            "plan_id": None,
            "level_label": levels[row["programme_id"]][row["level"]],
            "decisions": decisions[row["objective_id"]],
        }
        for row in connection.all(plans.OBJECTIVES)
    ]
    return [*above, *(_under_plan(connection, row) for row in connection.all(plans.EVERY_PLAN_OBJECTIVE))]


def _under_plan(connection: Connection, row: Row) -> View:
    """Give an objective under a plan with the fields of one above; `row` has the method of its plan too."""
    level = methods.of_plan(connection, row).under_plan
    view = {name: value for name, value in opened(row).items() if name not in {"definition", "definition_version"}}
    return {
        **view,
        "parent_id": None,
        "level": level.id if level else None,
        "level_label": dict(level.label) if level else {},
        "internal": False,
        "disposition": None,
        "phenomenon_id": None,
        "decisions": [],
    }


def phenomena(connection: Connection) -> list[View]:
    """Give the phenomena as a tree: each with those under it."""
    below: dict[str | None, list[Row]] = defaultdict(list)
    for row in connection.all(programme.PHENOMENA):
        below[row["parent_id"]].append(row)

    def under(parent: str | None) -> list[View]:
        return [{**opened(row), "phenomena": under(row["phenomenon_id"])} for row in below[parent]]

    return under(None)


def _programme(connection: Connection, row: Row) -> View:
    steps = connection.all(programme.STEPS, programme_id=row["programme_id"])
    return {
        **opened(row),
        "versions": [
            {**version, "approvals": [_step(step) for step in steps if step["version_number"] == version["number"]]}
            for version in connection.all(programme.VERSIONS, programme_id=row["programme_id"])
        ],
        "evaluations": of_programme(connection, row["programme_id"]),
    }


def _step(row: Row) -> View:
    return {**opened(row), "authority": from_json(row["authority"]), "act": from_json(row["act"])}
