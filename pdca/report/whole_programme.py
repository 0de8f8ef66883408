"""The report of a whole programme as facts: its objectives with their plans, and what was evaluated, used and told.

Like the progress report of a plan it is told from the records and the log, without what its readers are not to see.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from pdca.house import installation
from pdca.programme.predecessor import previous_to
from pdca.report import evaluation
from pdca.report import programme as programmes
from pdca.report.audiences import Shown
from pdca.report.checkpoint import checkpoint
from pdca.report.completeness import of_objectives
from pdca.report.plan_lines import day_of, lines
from pdca.report.programme_evaluations import evaluations
from pdca.report.progress import content_hash
from pdca.report.upcoming import due_of_programmes
from pdca.restricted import NOT_INFORMED
from pdca.standing import local_day
from pdca.store.driver import Connection
from pdca.store.jsontext import from_json
from pdca.store.reading_ahead import ReadingAhead
from pdca.store.reads import completeness as statements
from pdca.store.reads import information
from pdca.store.reads import plans as plan_reads
from pdca.unknown import unknown_programme
from workflows.instants import to_text

View = dict[str, Any]

_PROGRAMME: Final = ("programme_id", "title", "period_start", "period_end", "status", "previous_id", "assumed")
_OBJECTIVE: Final = (*("objective_id", "parent_id", "title", "level_label", "internal", "disposition", "assumed"),)
_EVALUATION: Final = (
    *("evaluation_id", "programme_id", "kind", "period", "due_on", "first_due_on", "held_on", "held_by_name", "status"),
    *("overdue_since", "extensions", "lessons", "as_published", "assumed"),
)
_THEME: Final = ("title", "finding", "decision", "attribution", "lessons", "assumed")
_AT_WORK: Final = ("do", "check", "adjust")
_BARE: Final = "objective-without-plan"
_GAPS: Final = ("objective-undecided", "objective-without-operational", _BARE)


def whole_programme(connection: Connection, programme_id: str, *, audience: str, now: datetime) -> View:
    """Tell how far a programme is; raises NotFound for none of that id, Usage for no such audience."""
    # Programmes, objectives and the body are asked for here and by what is told of them: nothing is read twice.
    connection = ReadingAhead(connection, ())
    found = next((one for one in programmes.programmes(connection) if one["programme_id"] == programme_id), None)
    if found is None:
        raise unknown_programme(programme_id)
    every, parts = lines(connection, audience=audience, now=now)
    plans = [one for one in every if one["programme_id"] == programme_id]
    body, today = installation(connection), local_day(connection, now)
    objectives = [
        one
        for one in programmes.objectives(connection)
        if one["programme_id"] == programme_id and one["plan_id"] is None
    ]
    without = _without(connection, every, objectives, audience)
    row = next(row for row in connection.all(plan_reads.PROGRAMMES) if row["programme_id"] == programme_id)
    # What the programme before was found to have brought is where this one comes from (clause 27).
    about = (previous_to(row), programme_id)
    held = [one for one in evaluations(connection) if one["programme_id"] in about]
    coming = _coming(connection, now, {one["evaluation_id"] for one in held})
    facts: View = {
        "audience": audience,
        "made_at": to_text(now),
        "today": today.isoformat(),
        "body": {"name": from_json(body["name"]), "simulated": bool(body["simulated"])},
        "programme": {name: found[name] for name in _PROGRAMME},
        "versions": [
            {name: one[name] for name in ("number", "kind", "status", "period_end")} for one in found["versions"]
        ],
        "conclusion": _conclusion(plans, without, coming),
        "objectives": [_objective(one, plans) for one in objectives],
        "plans": plans,
        "without": without,
        "evaluations": [_evaluation(one) for one in held],
        "means": _means(connection, plans, parts),
        "informed": _informed(connection, plans, today),
        "next": coming,
    }
    return {**facts, "content_sha256": content_hash(facts), "checkpoint": checkpoint(connection)}


def _conclusion(plans: Sequence[View], without: Sequence[View], coming: Sequence[View]) -> list[View]:
    """Give the clauses of the one sentence: how many plans are at work, what was found, what is late, what lacks."""
    if not plans:
        return [{"code": "no-plans"}]
    prepared = sum(one["phase"] == "plan" for one in plans)
    verdicts = [one["last"]["verdict"] for one in plans if one["last"] and one["last"]["verdict"]]
    clauses: list[View] = [
        {"code": "at-work", "count": sum(one["phase"] in _AT_WORK for one in plans), "plans": len(plans)},
        *([{"code": "prepared", "count": prepared}] if prepared else []),
        *(
            {"code": verdict, "count": verdicts.count(verdict)}
            for verdict in ("effective", "ineffective", "inconclusive")
            if verdict in verdicts
        ),
        {"code": "late", "count": sum(one["late"] for one in plans)},
    ]
    for code in ("without-plan", "without-shown"):
        bare = sum(one["code"] == f"objective-{code}" for one in without)
        clauses += [{"code": code, "count": bare}] if bare else []
    clauses += [{"code": "programme-next", "what": coming[0]["what"], "by": coming[0]["by"]}] if coming else []
    return clauses


def _objective(one: View, plans: Iterable[View]) -> View:
    last = one["decisions"][-1] if one["decisions"] else None
    return {
        **{name: one[name] for name in _OBJECTIVE},
        "decision": last and {name: last[name] for name in ("decided_on", "motive", "evidence", "watch", "assumed")},
        "plans": [plan["plan_id"] for plan in plans if plan["objective_id"] == one["objective_id"]],
    }


def _without(connection: Connection, every: Sequence[View], objectives: Sequence[View], audience: str) -> list[View]:
    """Name the objectives that are not worked out, by the plans that are seen: one that is restricted tells nothing.

    So it is not said to partners and the public that there is no plan, but that none is shown. What lacks of an
    objective is not said again of those under it.
    """
    found = {(one.subject, one.code) for one in of_objectives(connection, every)}
    return [
        {"code": _as_said(code, audience), "objective_id": one["objective_id"]}
        for one in objectives
        for code in _GAPS
        if (one["objective_id"], code) in found and (one["parent_id"], code) not in found
    ]


def _as_said(code: str, audience: str) -> str:
    return "objective-without-shown" if code == _BARE and audience in NOT_INFORMED else code


def _evaluation(one: View) -> View:
    return {
        **{name: one[name] for name in _EVALUATION},
        "themes": [{name: theme[name] for name in _THEME} for theme in one["themes"]],
    }


def _means(connection: Connection, plans: Iterable[View], parts: Mapping[str, Shown]) -> list[View]:
    # A sum of what was planned, some of it without what was deployed, would tell neither.
    seen = {one["plan_id"]: parts[one["plan_id"]] for one in plans if parts[one["plan_id"]].deployed}
    return evaluation.capacity(
        row
        for row in connection.all(statements.MEANS)
        if (part := seen.get(row["plan_id"])) and row["activity_id"] not in part.untold
    )


def _informed(connection: Connection, plans: Iterable[View], today: date) -> list[View]:
    """Give by party how often it was informed of the plans, when last, how, and when it is informed next."""
    seen = {one["plan_id"] for one in plans}
    sent: dict[str, list[View]] = defaultdict(list)
    for row in connection.all(information.EVERY_REPORT):
        # Of what was handed over only the receipt says that it was sent.
        if row["plan_id"] in seen and row["status"] == "informed":
            sent[row["party_id"]].append(row)
    expected: dict[str, list[View]] = defaultdict(list)
    for row in connection.all(information.EXPECTED):
        if row["plan_id"] in seen and row["status"] not in ("cancelled", "withheld"):
            expected[row["party_id"]].append(row)
    return [_told(rows, sent[party], today.isoformat()) for party, rows in sorted(expected.items())]


def _told(moments: Sequence[View], sent: Sequence[View], today: str) -> View:
    ahead = [one["due_date"] for one in moments if one["due_date"] >= today]
    methods = {str(one["method"]): from_json(one["method"]) for one in moments}
    return {
        "recipient": from_json(moments[0]["party_name"]),
        "assumed": bool(moments[0]["party_assumed"]),
        "methods": [methods[name] for name in sorted(methods)],
        "plans": len({one["plan_id"] for one in moments}),
        "sent": len(sent),
        "last": max((day_of(one["sent_at"], one["zone"]) or "" for one in sent), default=None),
        "passed": sum(one["due_date"] < today for one in moments),
        "next": min(ahead, default=None),
    }


def _coming(connection: Connection, now: datetime, evaluation_ids: Container[str]) -> list[View]:
    """What falls due of the programme itself, soonest first."""
    return [
        {"what": one["what"], "by": day_of(one["by"], one["zone"]), "late": one["late"]}
        for one in due_of_programmes(connection, now)
        if one["evaluation"] in evaluation_ids
    ]
