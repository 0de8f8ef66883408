"""Every plan in a line: where it is, its marks, its last evaluation and its next date, as an audience may see them.

What is read of one plan is read of all at once: two hundred plans take as many statements as two.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from pdca import methods
from pdca.indicators.assurance import assurance
from pdca.indicators.reading import read_course, variation
from pdca.plans.roles import local_date
from pdca.report.audiences import Shown, check_audience, hidden_from, knows_people, shown
from pdca.report.conclusion import date_chip, last_of
from pdca.report.holders import holders_of
from pdca.report.plans import listed, rows_by
from pdca.report.readings import judged_of_every
from pdca.report.upcoming import Due, falling_due
from pdca.restricted import kept_from
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reading_ahead import ReadingAhead
from pdca.store.reads import evaluations, people, plans
from workflows.instants import from_text

View = dict[str, Any]

_LISTED: Final = (
    *("definition", "definition_version"),
    *("plan_id", "slug", "title", "programme_id", "objective_id", "state", "state_label", "cycle", "period_start"),
    *("period_end", "restricted", "mmm", "assumed", "extensions"),
)


def lines(connection: Connection, *, audience: str, now: datetime) -> tuple[list[View], dict[str, Shown]]:
    """Give a line for every plan that an audience sees, and by plan what of it the audience is shown.

    `indicators` has the judgements of each, `last` the evaluation that was opened, recorded or missed last, `next` what
    falls due first.
    """
    check_audience(audience)
    rows = [row for row in listed(connection) if not kept_from(row, audience)]
    ahead = ReadingAhead(connection, (row["plan_id"] for row in rows))
    withheld = rows_by("plan_id", connection.all(plans.RUBRICS_WITHHELD))
    parts = {row["plan_id"]: _shown(ahead, row, withheld[row["plan_id"]], audience) for row in rows}
    every = _Every(connection, rows, audience, now)
    return [_line(ahead, row, parts[row["plan_id"]], every) for row in rows], parts


class _Every:
    """What is read once, for all plans."""

    def __init__(self, connection: Connection, rows: Sequence[View], audience: str, now: datetime) -> None:
        self.now = now
        self.judged = judged_of_every(connection, now)
        self.evaluations = rows_by("plan_id", connection.all(evaluations.ALL))
        self.coming: dict[str | None, list[Due]] = defaultdict(list)
        for due in falling_due(connection, now, None, None):
            self.coming[due.plan].append(due)
        self.parties = {row["party_id"]: row for row in connection.all(people.PARTIES)}
        days = {local_date(now, row["zone"]).isoformat() for row in rows} if knows_people(audience) else set()
        self.holders = {day: holders_of(connection, day) for day in days}


def _shown(ahead: Connection, plan: View, withheld: Iterable[Row], audience: str) -> Shown:
    name = plan["plan_id"]
    whole = ahead.one(plans.PLAN, plan_id=name) or {}
    rubrics = ({"rubric_id": one["rubric_id"], "withheld_from": from_json(one["withheld_from"])} for one in withheld)
    hidden = hidden_from(audience, {"evaluations_withheld": from_json(whole.get("evaluations_withheld"))}, rubrics)
    return shown(methods.of_plan(ahead, plan), hidden, ahead.all(plans.ACTIVITY_PLACES, plan_id=name))


def _line(ahead: Connection, plan: View, part: Shown, every: _Every) -> View:
    name, zone = plan["plan_id"], plan["zone"]
    row = ahead.one(plans.PLAN, plan_id=name) or {}
    state = methods.state_of(ahead, plan)
    held = [one for one in every.evaluations[name] if one["status"] != "cancelled"]
    due = [one for one in every.coming[name] if one.what not in ("reminder", "information")]
    coming = [{"what": one.what, "late": one.late, "held": one.held} for one in due]
    measured_by = ahead.all(plans.PLAN_INDICATORS, plan_id=name)
    last = last_of(held)
    return {
        **{one: plan[one] for one in _LISTED},
        "phase": state.phase,
        "ended": state.ended,
        "since": day_of(plan["state_since"], zone),
        "lead": _lead(plan, every),
        "date": date_chip(last, coming),
        "indicators": [_judged(one, every) for one in measured_by if one["indicator_id"] not in part.unmeasured],
        "last": last and {one: last[one] for one in ("evaluation_id", "kind", "due_date", "status", "verdict")},
        "next": {**coming[0], "by": day_of(due[0].by, zone)} if due else None,
        "late": any(one["late"] and not one["held"] for one in coming),
        "watch": row.get("watch"),
        "watch_again": row.get("watch_again"),
    }


def _judged(row: Row, every: _Every) -> View:
    course, target, _stated = every.judged[row["indicator_id"]]
    reading = read_course(course) if course.ends else None
    return {
        "indicator_id": row["indicator_id"],
        "title": from_json(row["title"]),
        "variation": reading and variation(reading, target).value,
        "assurance": reading and assurance(reading, target).judgement.value,
    }


def _lead(plan: View, every: _Every) -> View | None:
    if plan["lead_id"] is None:
        return None
    today = local_date(every.now, plan["zone"]).isoformat()
    held_by: Iterable[View] = every.holders[today][plan["lead_id"]] if every.holders else ()
    return {"name": from_json(every.parties[plan["lead_id"]]["name"]), "people": list(held_by)}


def day_of(instant: str | None, zone: str) -> str | None:
    """Give the local day of an instant, where there is one."""
    return None if instant is None else local_date(from_text(instant), zone).isoformat()
