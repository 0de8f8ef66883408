"""The kinds of values for which an installation decides how long it keeps them, and where each of them stands.

A kind runs from one thing: for people that the last function ended, for an absence that it is over, for a message that
it was sent or given up, for everything that belongs to a plan that the plan ended for good. What is in no kind is kept:
figures, dates, titles, places, what a plan works on, how a party was informed, and what was decided about programmes,
objectives and indicators. Where that stands in the log as a commitment, a name in it goes when the person is erased.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pdca.erasure.naming import ERASED

Columns = Mapping[str, frozenset[str]]
"""Columns by their table."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of values: the columns it stands in, and whether the reasons of events belong to it."""

    columns: Columns
    of_plan: bool = False
    reasons: bool = False


def _of(**columns: str) -> Columns:
    return {table: frozenset(names.split()) for table, names in columns.items()}


PEOPLE: Final = "people"
"""The kind that is erased person by person (`pdca.erasure.person`), and therefore names no columns."""

KINDS: Final[Mapping[str, Kind]] = {
    PEOPLE: Kind({}),
    "absences": Kind(_of(substitution="reason"), reasons=True),
    "messages": Kind(_of(notification="parameters last_error")),
    "reactions": Kind(
        _of(
            information_receipt="received_by",
            involvement="content attendees basis note",
            reaction="text answer",
        ),
        of_plan=True,
    ),
    "findings": Kind(
        _of(
            evaluation="attribution basis deployed effect_findings evidence lessons note process_findings "
            "published results",
            follow_up="title answer",
            prediction="text",
        ),
        of_plan=True,
    ),
    "reasons": Kind(
        _of(
            acknowledgement="reason",
            activity_decision="reason",
            approval="reason",
            extension="reason withdrawn_reason",
            information_report="approved_reason failure",
            information_schedule="reason",
            means="shortfall_reason",
            plan_baseline="baseline_missing reason",
            plan_indicator="baseline_missing",
            reminding="reason",
            schedule="reason",
        ),
        of_plan=True,
        reasons=True,
    ),
    "descriptions": Kind(
        _of(
            activity="basis note steps",
            information_moment="basis note",
            means="basis note",
            plan="axes basis details note perimeter phenomena watch",
            plan_objective="basis note",
            rubric="basis not_applicable note text",
            rubric_revision="not_applicable text",
        ),
        of_plan=True,
    ),
}

COPIES: Final = _of(information_report="contents facts", notification="parameters", snapshot="text")
"""What is made of the texts of a plan: where one of them is erased, it goes from these as well."""

_EMPTY: Final[Mapping[tuple[str, str], str]] = {("information_moment", "method"): json.dumps(ERASED)}

_STAYS: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    ("evaluation", "published"): frozenset({"source"}),
    ("evaluation", "results"): frozenset({"figure", "period", "value"}),
    ("information_report", "failure"): frozenset({"code", "folder", "place", "report", "text"}),
    ("plan", "axes"): frozenset({"id", "leads", "source", "title"}),
    ("plan", "details"): frozenset({"date", "source", "to"}),
    ("plan", "perimeter"): frozenset({"by_area", "crs", "places", "source", "type"}),
    ("plan", "phenomena"): frozenset({"phenomenon", "source", "text"}),
}
"""Of structured values that are more than texts: the keys under which no more is said than an id, a figure, a title, a
place, what a plan works on, what makes a map readable, or words of the program.
"""

_LEFT_OF_MESSAGE: Final = "report"
"""The one thing that a message keeps: which report it was to bring, so that it is known what became of that."""

SAID: Final = "properties"
"""Under this key of a map anything may be said, whatever the keys inside."""

_BY_ID: Final = frozenset({("evaluation", "results")})
"""Structured values whose outermost keys are ids, whatever word such an id is."""


def emptied(table: str, column: str, text: str) -> str | None:
    """Give what stands in the place of an erased value: the mark, inside of what is structured too."""
    if table == "notification":
        return left_of_message(text) if column == "parameters" else None
    if (table, column) in _EMPTY:
        return _EMPTY[table, column]
    return _each_said((table, column), text, lambda _text: ERASED)


def left_of_message(parameters: str) -> str:
    """Give what is left of the parameters of a message once it is erased."""
    told = _read(parameters)
    left = {name: told[name] for name in told if name == _LEFT_OF_MESSAGE} if isinstance(told, dict) else {}
    return json.dumps(left, separators=(",", ":"))


def texts_in(table: str, column: str, text: str) -> list[str]:
    """Give what is said in a value: the text, or those inside of what is structured."""
    found: list[str] = []

    def note(one: str) -> str:
        found.append(one)
        return one

    _each_said((table, column), text, note)
    return found


def each_text(value: str, change: Callable[[str], str]) -> str:
    """Change a text, or every text in a JSON object or array; keys stay."""
    return _read_and_written(value, change, lambda read: _changed(read, change, frozenset()))


def _each_said(place: tuple[str, str], value: str, change: Callable[[str], str]) -> str:
    stays = _STAYS.get(place, frozenset())

    def changed(read: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
        if place in _BY_ID:
            return {name: _changed(inside, change, stays) for name, inside in read.items()}
        return _changed(read, change, stays)

    return _read_and_written(value, change, changed)


def _read_and_written(value: str, change: Callable[[str], str], changed: Callable[[Any], Any]) -> str:
    read = _read(value)
    if not isinstance(read, dict | list):
        return change(value)
    return json.dumps(changed(read), separators=(",", ":"), ensure_ascii=False)


def _read(value: str) -> Any:  # noqa: ANN401 - whatever JSON holds, or the text that is none
    try:
        return json.loads(value)
    except ValueError:
        return value


def _changed(value: Any, change: Callable[[str], str], stays: frozenset[str]) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, dict):
        return {
            name: inside if name in stays else _changed(inside, change, frozenset() if name == SAID else stays)
            for name, inside in value.items()
        }
    if isinstance(value, list):
        return [_changed(inside, change, stays) for inside in value]
    return change(value) if isinstance(value, str) else value
