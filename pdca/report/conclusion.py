"""What a progress report comes down to: what the last evaluation found, whether its date was kept, and what is next.

It is worked out from the facts and says no more than they do. The judgements of the indicators and of the dates stand
beside one another; they are never put together into one.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

View = dict[str, Any]

_DONE: Final = ("recorded", "missed")


def conclusion(
    plan: Mapping[str, Any], evaluations: Sequence[View], coming: Sequence[View], today: date, *, ended: bool
) -> list[View]:
    """Give the clauses of the one sentence in their order, each as its `code` and what it names.

    The first says what was found: evaluated, awaiting (open), missed, not-evaluated. The next how the date of that was
    kept: date-kept, date-late, date-moved, date-open, overdue; of one that is open also what the one before it found.
    The last is what comes next, or that nothing does.
    """
    last = last_of(evaluations)
    following = _next(plan, coming, ended=ended)
    if last and last["status"] == "open":
        record = next(
            (one for one in coming if one["what"] == "record" and one["evaluation"] == last["evaluation_id"]), None
        )
        by = {"by": record["by"]} if record else {"by": None}
        said = [*_found(last, evaluations, today)]
        # That it is to be recorded is said with its date already.
        rest = [] if following.get("what") == "record" else [following]
        return [said[0], {"code": date_kept(last), **_dates(last), **by}, *said[1:], *rest]
    dates = [{"code": date_kept(last), **_dates(last)}] if last and last["status"] != "missed" else []
    return [*_found(last, evaluations, today), *dates, following]


def chips(evaluations: Sequence[View], indicators: Sequence[View], coming: Sequence[View]) -> list[View]:
    """Give the marks on top: of every indicator its variation and its assurance, and how dates are kept."""
    last = last_of(evaluations)
    judged = [
        {"about": about, "indicator_id": one["indicator_id"], "code": one["reading"][about]}
        for one in indicators
        if one["reading"]
        for about in ("variation", "assurance")
    ]
    dates = date_chip(last, planned=any(one["what"] == "evaluation" for one in coming))
    return [*judged, {"about": "evaluation-date", "indicator_id": None, "code": dates}]


def last_of(evaluations: Sequence[View]) -> View | None:
    """Give the evaluation that was opened, recorded or missed last; None while there was none."""
    begun = [one for one in evaluations if one["status"] in (*_DONE, "open")]
    return max(begun, key=lambda one: (one["due_at"], one["evaluation_id"]), default=None)


def date_chip(last: View | None, *, planned: bool) -> str:
    """Say in a code how evaluation dates are kept: none, planned, missed, or that of the last evaluation."""
    if last is None:
        return "planned" if planned else "none"
    return "missed" if last["status"] == "missed" else date_kept(last)


def date_kept(one: View) -> str:
    """Say in a code whether an evaluation came at its date: one that was moved was not, however well it went after."""
    if one["overdue_at"] is not None:
        return "overdue" if one["status"] == "open" else "date-late"
    if one["extensions"]:
        return "date-moved"
    return "date-open" if one["status"] == "open" else "date-kept"


def _found(last: View | None, evaluations: Sequence[View], today: date) -> Iterator[View]:
    if last is None:
        yield {"code": "not-evaluated"}
        return
    words = _named(last)
    if last["status"] == "open":
        days = (today - date.fromisoformat(last["due_date"])).days
        yield {"code": "awaiting", **words, "days": days}
        before = [one for one in evaluations if one["status"] == "recorded"]
        if before:
            yield {**_recorded(before[-1]), "code": "evaluated-before"}
    elif last["status"] == "missed":
        yield {"code": "missed", **words, "because": last["missed_because"]}
    else:
        yield _recorded(last)


def _recorded(one: View) -> View:
    return {
        "code": "evaluated",
        **_named(one),
        "verdict": one["verdict"],
    }


def _named(one: View) -> View:
    return {
        "kind": one["kind"],
        "evaluation_id": one["evaluation_id"],
        "on": one["due_date"],
        "assumed": one["assumed"],
    }


def _dates(one: View) -> View:
    return {
        "first_date": one["first_date"],
        "due_date": one["due_date"],
        "recorded_on": one["recorded_on"],
        "times": len(one["extensions"]),
    }


def _next(plan: Mapping[str, Any], coming: Sequence[View], *, ended: bool) -> View:
    if ended:
        return {"code": "watched" if plan["watch_again"] else "ended", "on": plan["watch_again"]}
    running = [one for one in coming if one["what"] != "reminder"]
    if not running:
        return {"code": "nothing-next"}
    first = running[0]
    code = "held" if first["held"] else "next-late" if first["late"] else "next"
    return {"code": code, "what": first["what"], "by": first["by"]}
