"""Every plan in a line: where it is, its marks, its last evaluation and its next date, as an audience may see them.

What is read of one plan is read of all at once: two hundred plans take as many statements as two.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from pdca import methods
from pdca.indicators.assurance import assurance
from pdca.indicators.reading import read_course, variation
from pdca.plans.roles import local_date
from pdca.report.audiences import Shown, check_audience, hidden_from, knows_people, shown
from pdca.report.conclusion import date_chip, last_of
from pdca.report.holders import holders_of
from pdca.report.plans import rows_by
from pdca.report.readings import judged_of_every
from pdca.report.upcoming import Due, next_of_plans
from pdca.restricted import kept_from
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reading_ahead import ReadingAhead
from pdca.store.reads import evaluations, indicators, people, plans
from workflows.instants import from_text

View = dict[str, Any]

_LISTED: Final = (
    *("definition", "definition_version"),
    *("plan_id", "slug", "title", "programme_id", "objective_id", "state", "state_label", "cycle", "period_start"),
    *("period_end", "restricted", "mmm", "assumed", "extensions"),
)
_TRUTHS: Final = frozenset({"restricted", "mmm", "assumed"})


def lines(connection: Connection, *, audience: str, now: datetime) -> tuple[list[View], dict[str, Shown]]:
    """Give a line for every plan that an audience sees, and by plan what of it the audience is shown.

    `indicators` has the judgements of each, `last` the evaluation that was opened, recorded or missed last, `next` what
    falls due first.
    """
    check_audience(audience)
    rows = [row for row in connection.all(plans.LINES) if not kept_from(row, audience)]
    parts = _parts(connection, rows, audience)
    every = _Every(connection, rows, audience, now)
    return [_line(connection, row, parts[row["plan_id"]], every) for row in rows], parts


def _parts(connection: Connection, rows: Sequence[Row], audience: str) -> dict[str, Shown]:
    withheld = rows_by("plan_id", connection.all(plans.RUBRICS_WITHHELD))
    hidden = {}
    for row in rows:
        rubrics = [
            {"rubric_id": one["rubric_id"], "withheld_from": from_json(one["withheld_from"])}
            for one in withheld[row["plan_id"]]
        ]
        whole = {"evaluations_withheld": from_json(row["evaluations_withheld"])}
        hidden[row["plan_id"]] = hidden_from(audience, whole, rubrics)
    # Activities go with a rubric that is hidden, so only of such plans it is asked which they have.
    ahead = ReadingAhead(connection, (name for name, one in hidden.items() if one.rubrics))
    return {
        row["plan_id"]: shown(
            methods.of_plan(connection, row),
            one,
            ahead.all(plans.ACTIVITY_PLACES, plan_id=row["plan_id"]) if one.rubrics else (),
        )
        for row in rows
        for one in [hidden[row["plan_id"]]]
    }


class _Every:
    """What is read once, for all plans."""

    def __init__(self, connection: Connection, rows: Sequence[Row], audience: str, now: datetime) -> None:
        self.judged = judged_of_every(connection, now)
        self.measured_by = rows_by("plan_id", connection.all(indicators.MEASURED_BY))
        self.evaluations = rows_by("plan_id", connection.all(evaluations.BEGUN))
        self.coming: dict[str | None, list[Due]] = {}
        for due in next_of_plans(connection, now):
            self.coming.setdefault(due.plan, []).append(due)
        self.names = {row["party_id"]: from_json(row["name"]) for row in connection.all(people.PARTIES)}
        self.today = {zone: local_date(now, zone).isoformat() for zone in {row["zone"] for row in rows}}
        days = self.today.values() if knows_people(audience) else ()
        self.holders = {day: holders_of(connection, day) for day in set(days)}


def _line(connection: Connection, plan: Row, part: Shown, every: _Every) -> View:
    name, zone = plan["plan_id"], plan["zone"]
    state = methods.state_of(connection, plan)
    last, coming = last_of(every.evaluations[name]), every.coming.get(name, ())
    read = {**plan, "title": from_json(plan["title"]), "state_label": dict(state.label)}
    return {
        **{one: bool(read[one]) if one in _TRUTHS else read[one] for one in _LISTED},
        "phase": state.phase,
        "ended": state.ended,
        "since": day_of(plan["state_since"], zone),
        "lead": _lead(plan, every),
        "date": date_chip(last, planned=any(one.what == "evaluation" for one in coming)),
        "indicators": [
            _judged(one, every) for one in every.measured_by[name] if one["indicator_id"] not in part.unmeasured
        ],
        "last": last and {one: last[one] for one in ("evaluation_id", "kind", "due_date", "status", "verdict")},
        "next": _next(coming[0], zone) if coming else None,
        "late": any(one.late and not one.held for one in coming),
        "watch": plan["watch"],
        "watch_again": plan["watch_again"],
    }


def _next(due: Due, zone: str) -> View:
    return {"what": due.what, "late": due.late, "held": due.held, "by": day_of(due.by, zone)}


def _judged(row: Row, every: _Every) -> View:
    course, target, _stated = every.judged[row["indicator_id"]]
    reading = read_course(course) if course.ends else None
    return {
        "indicator_id": row["indicator_id"],
        "title": from_json(row["title"]),
        "variation": reading and variation(reading, target).value,
        "assurance": reading and assurance(reading, target).judgement.value,
    }


def _lead(plan: Row, every: _Every) -> View | None:
    if plan["lead_id"] is None:
        return None
    held_by: Iterable[View] = every.holders[every.today[plan["zone"]]][plan["lead_id"]] if every.holders else ()
    return {"name": every.names[plan["lead_id"]], "people": list(held_by)}


# Plans have dates in common.
@lru_cache(maxsize=1_024)
def day_of(instant: str | None, zone: str) -> str | None:
    """Give the local day of an instant, where there is one."""
    return None if instant is None else local_date(from_text(instant), zone).isoformat()
