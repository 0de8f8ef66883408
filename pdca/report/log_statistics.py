"""Counts over the log, per plan and altogether: time per phase, evaluations in time, put off, exceptions, refusals."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from pdca import methods
from pdca.audit.event import REFUSED
from pdca.erasure.naming import ERASED
from pdca.report.lifecycle import KINDS as OF_STATES
from pdca.report.lifecycle import Life, bodies
from pdca.report.log import EARLIEST, LATEST
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json, to_json
from pdca.store.reads import log, plans
from workflows.instants import from_text

View = dict[str, Any]

PHASES: Final = ("plan", "do", "check", "adjust", "suspended")
EXCEPTIONS: Final = ("deadline.acknowledged", "plan.rebased")
"""What was allowed for a reason: the ladder stopped for something overdue, another baseline to measure from."""
_INFORMING: Final = "information.set"
"""It is an exception too when a party is told of a plan although that is restricted."""

_METHOD: Final = ("definition", "definition_version")
_EVALUATIONS: Final = ("evaluation.recorded", "evaluation.missed", "evaluation.extended", "evaluation.overdue")


@dataclass(slots=True)
class _Counts:
    """What is counted of a plan, or of what belongs to none.

    `methods` are the definitions that it ran on when each of its stays began, `method` the present one.
    """

    life: Life = field(default_factory=Life)
    method: dict[str, Any] = field(default_factory=dict)
    methods: list[Mapping[str, Any]] = field(default_factory=list)
    overdue: set[str] = field(default_factory=set)
    transitions: int = 0
    in_time: int = 0
    late: int = 0
    missed: int = 0
    extensions: dict[str, int] = field(default_factory=dict)
    exceptions: list[View] = field(default_factory=list)
    refused: int = 0


def statistics(
    connection: Connection, now: datetime, since: str | None, until: str | None, plan_id: str | None = None
) -> list[View]:
    """Count what happened in a period, per plan, and in the last row altogether (`plan` None); of one plan only that.

    The log is read once, up to the end of the period; what came before it tells in which state a plan stood when it
    began, and which evaluations were overdue by then. A stay that lasts at the end of the period is counted until then,
    and no further than now; `in_phase` says which one that is.
    """
    end = min(now, from_text(until)) if until else now
    begin = from_text(since) if since else None
    rows = {row["plan_id"]: row for row in connection.all(plans.PLANS) if plan_id in (None, row["plan_id"])}
    counts: dict[str | None, _Counts] = defaultdict(_Counts)
    for body in _relevant(connection, until or LATEST, plan_id):
        _count(counts[body["plan"]], body, inside=since is None or body["at"] >= since)
    views = [_view(connection, row, counts[name], begin, end) for name, row in rows.items()]
    return views if plan_id else [*views, _altogether(views, counts[None])]


def _relevant(connection: Connection, until: str, plan_id: str | None) -> Iterator[Mapping[str, Any]]:
    refused = [row["kind"] for row in connection.all(log.KINDS) if row["kind"].endswith(REFUSED)]
    kinds = (*OF_STATES, *_EVALUATIONS, *EXCEPTIONS, _INFORMING, *refused)
    asked: dict[str, object] = {"kinds": to_json(dict.fromkeys(kinds)), "since": EARLIEST, "until": until}
    names = {"kinds", "period"}
    if plan_id is not None:
        asked["plan_id"] = plan_id
        names.add("plan")
    yield from bodies(connection.stream(log.CHOSEN[frozenset(names)], **asked))


def _count(of: _Counts, body: Mapping[str, Any], *, inside: bool) -> None:
    kind, evaluation = body["kind"], body["evaluation"]
    if kind in _EVALUATIONS and _is_overdue(body):
        of.overdue.add(evaluation)
    if kind in OF_STATES:
        _take_state(of, body)
    if not inside:
        return
    if kind.endswith(REFUSED):
        of.refused += 1
    elif kind == "plan.advanced":
        of.transitions += 1
    elif kind == "evaluation.recorded":
        of.late += evaluation in of.overdue
        of.in_time += evaluation not in of.overdue
    elif kind == "evaluation.missed":
        of.missed += 1
    elif kind == "evaluation.extended":
        of.extensions[evaluation] = of.extensions.get(evaluation, 0) + 1
    elif kind in EXCEPTIONS or (kind == _INFORMING and _although_restricted(body)):
        of.exceptions.append(_exception(body))


def _take_state(of: _Counts, body: Mapping[str, Any]) -> None:
    for change in body["changes"]:
        if change["table"] == "plan":
            of.method = of.method | {name: change["set"][name] for name in _METHOD if name in change["set"]}
    of.life.take(body)
    of.methods += [of.method] * (len(of.life.stays) - len(of.methods))


def _is_overdue(body: Mapping[str, Any]) -> bool:
    """Tell whether an event says that its evaluation is overdue: the recording itself where no scheduler said so."""
    return any(change["table"] == "evaluation" and change["set"].get("overdue_at") for change in body["changes"])


def _although_restricted(body: Mapping[str, Any]) -> bool:
    return any(change["set"].get("although_restricted") == 1 for change in body["changes"])


def _exception(body: Mapping[str, Any]) -> View:
    reason = None
    if body["reason"] is not None:
        (digest,) = body["reason"].values()
        reason = (from_json(body["payload"]) or {}).get(digest, [None, ERASED])[1]
    return {"event": body["event"], "at": body["at"], "kind": body["kind"], "plan": body["plan"], "reason": reason}


def _view(connection: Connection, plan: Row, of: _Counts, begin: datetime | None, end: datetime) -> View:
    spent = dict.fromkeys(PHASES, timedelta())
    present = None
    for stay, method in zip(of.life.stays, of.methods, strict=True):
        # Another method may call the state otherwise, or have none such.
        state = methods.of_plan(connection, {**plan, **method}).state_by_id.get(stay.state)
        present = state and state.phase
        if present in spent:
            spent[present] += stay.lasted(begin, end)
    return {
        "plan": plan["plan_id"],
        "title": from_json(plan["title"]),
        "restricted": bool(plan["restricted"]),
        "assumed": bool(plan["assumed"]),
        **{f"{phase}_seconds": int(duration.total_seconds()) for phase, duration in spent.items()},
        "in_phase": present if present in spent else None,
        **_of_events(of),
    }


def _of_events(of: _Counts) -> View:
    return {
        "transitions": of.transitions,
        "in_time": of.in_time,
        "late": of.late,
        "missed": of.missed,
        "extended": len(of.extensions),
        "extensions": sum(of.extensions.values()),
        "exceptions": len(of.exceptions),
        "reasons": of.exceptions,
        "refused": of.refused,
    }


def _altogether(views: Sequence[View], of_none: _Counts) -> View:
    """Add up every plan, and what belongs to none of them: attempts that were refused to do something for the body."""
    every = [*views, _of_events(of_none)]
    summed = [f"{phase}_seconds" for phase in PHASES] + [name for name in _of_events(of_none) if name != "reasons"]
    return {
        "plan": None,
        "title": None,
        "restricted": False,
        "assumed": any(view["assumed"] for view in views),
        "in_phase": None,
        **{name: sum(view.get(name, 0) for view in every) for name in summed},
        "reasons": [one for view in every for one in view["reasons"]],
    }
