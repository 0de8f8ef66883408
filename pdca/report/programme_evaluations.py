"""Views of the evaluations of programmes: theme by theme what was found, what is decided, and what came of it."""

from collections import defaultdict
from typing import Any

from pdca.programme.predecessor import programmes_known
from pdca.report.plans import opened
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations as deadlines
from pdca.store.reads import people, plans, programme, programme_evaluations

View = dict[str, Any]

_TEXTS = ("finding", "attribution", "evidence", "lessons")


def evaluations(connection: Connection) -> list[View]:
    """List the evaluations in the order of their programmes, and of the dates to which they belong.

    `extensions` is how often the day of each was put off.
    """
    themes: dict[str, list[View]] = defaultdict(list)
    for theme in _themes(connection):
        themes[theme["evaluation_id"]].append(theme)
    names = {row["party_id"]: from_json(row["name"]) for row in connection.all(people.PARTIES)}
    begun = programmes_known(connection)
    overdue, extended = _overdue(connection), _extended(connection)
    views = [
        {
            **opened(row),
            "status": _status(row),
            "overdue_since": overdue.get(row["evaluation_id"]),
            "extensions": extended.get(row["evaluation_id"], 0),
            "held_by_name": names.get(row["held_by"]),
            "lessons": from_json(row["lessons"]),
            "themes": themes[row["evaluation_id"]],
        }
        for row in connection.all(programme_evaluations.EVERY)
    ]
    return sorted(views, key=lambda view: (begun.get(view["programme_id"], ""), view["programme_id"], *_dated(view)))


def one(connection: Connection, evaluation_id: str) -> View:
    """Give one evaluation; its `extensions` are the requests to put off its day, each with what became of it."""
    view = next(view for view in evaluations(connection) if view["evaluation_id"] == evaluation_id)
    return {**view, "extensions": connection.all(programme_evaluations.EXTENSIONS, evaluation_id=evaluation_id)}


def of_programme(connection: Connection, programme_id: str) -> list[View]:
    """List the evaluations of one programme in a few words: which, of what kind, and whether it is recorded."""
    rows = connection.all(programme_evaluations.OF_PROGRAMME, programme_id=programme_id)
    names = ("evaluation_id", "kind", "period", "due_on", "first_due_on", "held_on", "held_by", "assumed")
    overdue, extended = _overdue(connection), _extended(connection)
    found = [
        {
            **{name: row[name] for name in names},
            "status": _status(row),
            "overdue_since": overdue.get(row["evaluation_id"]),
            "extensions": extended.get(row["evaluation_id"], 0),
        }
        for row in rows
    ]
    return sorted(({**view, "assumed": bool(view["assumed"])} for view in found), key=_dated)


def origin(connection: Connection, objective_id: str) -> View | None:
    """Give the theme that a candidate objective comes from, None when it comes from none."""
    rows = connection.all(programme_evaluations.ORIGINS)
    found = next((row for row in rows if row["objective_id"] == objective_id), None)
    if found is None:
        return None
    wanted = (found["evaluation_id"], found["theme_id"])
    return next(one for one in _themes(connection) if (one["evaluation_id"], one["theme_id"]) == wanted)


def _themes(connection: Connection) -> list[View]:
    phenomena = {row["phenomenon_id"]: row["title"] for row in connection.all(programme.PHENOMENA)}
    objectives = {row["objective_id"]: row["title"] for row in connection.all(plans.OBJECTIVES)}
    came: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in connection.all(programme_evaluations.ORIGINS):
        came[row["evaluation_id"], row["theme_id"]].append(row["objective_id"])
    return [
        {
            **opened(row),
            **{name: from_json(row[name]) for name in _TEXTS},
            "title": from_json(
                row["title"] or phenomena.get(row["phenomenon_id"]) or objectives.get(row["objective_id"])
            ),
            "objectives": came[row["evaluation_id"], row["theme_id"]],
        }
        for row in connection.all(programme_evaluations.EVERY_THEME)
    ]


def _overdue(connection: Connection) -> dict[str, str]:
    """Since when the evaluations are overdue of which somebody was told, or could not be."""
    return {
        row["programme_evaluation_id"]: row["since"]
        for row in connection.all(deadlines.LIVE_OF_PROGRAMMES)
        if row["step"] > 0 or row["status"] == "set_aside"
    }


def _extended(connection: Connection) -> dict[str, int]:
    """How often the day of an evaluation was put off, for those that were."""
    return {row["evaluation_id"]: row["extensions"] for row in connection.all(programme_evaluations.EXTENDED)}


def _status(row: Row) -> str:
    return "recorded" if row["recorded_at"] else "planned"


def _dated(view: View) -> tuple[str, str]:
    return (view["held_on"] or view["due_on"] or view["period"] or "", view["evaluation_id"])
