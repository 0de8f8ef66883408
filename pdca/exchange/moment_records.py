"""The records of the import format about moments: what a project group decided, and why a moment moved."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from pdca.exchange.fields import (
    FirstDay,
    Key,
    Label,
    LastDay,
    LocalLabel,
    Many,
    PlaceInList,
    Text,
    WholeDays,
    Word,
    Zone,
)
from pdca.exchange.records import Record
from pdca.exchange.values import (
    check_first_day,
    check_label,
    check_matching,
    check_stated,
    refusal,
    wrong_type,
)
from pdca.i18n import N_, _, gettext
from workflows.moments import Schedule, validate
from workflows.problem import Path
from workflows.schedule import parse_stated

_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_MOVED: Final = frozenset({"reasons", "also"})
_KINDS: Final = ("weekend", "holiday", "closing-day")
_KEYS: Final = {"start": "from", "until": "to"}
"""What a part of a schedule is called in a file, where that is another word."""


def _stated_text(value: object) -> str:
    return check_stated(value).text


def _day_text(value: object) -> str:
    return check_first_day(value).text


def check_moved(value: object) -> dict[str, Any]:
    """Check why a moment moved, and of which other stated days it is the evaluation."""
    if not isinstance(value, Mapping):
        raise wrong_type("mapping", value)
    reasons, also = value.get("reasons", ()), value.get("also", ())
    if value.keys() - _MOVED or not isinstance(reasons, list | tuple) or not isinstance(also, list | tuple):
        raise _no_reason()
    found: dict[str, Any] = {}
    if also:
        found["also"] = [_day_text(day) for day in also]
    if reasons:
        found["reasons"] = [_reason(one) for one in reasons]
    return found


def _reason(value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping) or value.get("kind") not in _KINDS or value.keys() - {"kind", "name"}:
        raise _no_reason()
    name = value.get("name")
    if name is None:
        return {"kind": value["kind"]}
    if not isinstance(name, Mapping) or not all(isinstance(text, str) for text in name.values()):
        raise _no_reason()
    return {"kind": value["kind"], "name": dict(name)}


def _no_reason() -> PydanticCustomError:
    hint = _("Write reasons, each with a kind and perhaps a name, and under “also” stated days.")
    return refusal("import-bad-value", _("This does not say why a moment moved."), hint)


StatedText: TypeAlias = Annotated[
    str,
    PlainValidator(_stated_text),
    WithJsonSchema(
        {
            "type": ["string", "integer"],
            "description": N_("A date as precisely as it is known: 2024-10-31, 2024-10, 2024."),
        }
    ),
]
DayText: TypeAlias = Annotated[
    str, PlainValidator(_day_text), WithJsonSchema({"type": "string", "description": N_("A day.")})
]
Clock: TypeAlias = Annotated[
    str,
    PlainValidator(check_label),
    check_matching(_CLOCK, N_("“%(text)s” is no time of day."), N_("Write it like 09:30.")),
    WithJsonSchema({"type": "string", "pattern": f"^(?:{_CLOCK.pattern})$"}),
]
Moved: TypeAlias = Annotated[
    dict[str, Any],
    PlainValidator(check_moved),
    WithJsonSchema(
        {
            "type": "object",
            "properties": {"reasons": {"type": "array"}, "also": {"type": "array"}},
            "additionalProperties": False,
        }
    ),
]


class Decision(Record):
    """What a project group decided about the moments of its plan; the last in the list is in force."""

    number: PlaceInList
    decided: FirstDay
    by: Key | None = None
    reason: Text
    kind: Word
    start: Annotated[FirstDay, Field(alias="from")]
    end: Annotated[LastDay | None, Field(alias="to")] = None
    time: Clock
    zone: Zone
    dates: Many[StatedText] = ()
    rules: Many[Label] = ()
    exceptions: Many[DayText] = ()
    anchor: Literal["series", "completion"] = "series"
    roll: Literal["none", "next", "previous", "nearest"] = "none"

    @property
    def schedule(self) -> Schedule:
        """What it says, without the working days of the body."""
        return replace(_schedule(self), anchor=self.anchor)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        _check_sound(self.schedule)
        return self


class InformingDecision(Record):
    """What a project group decided about informing a party; the last in the list of each party is in force.

    Without `dates` and `rules` the party is informed no longer.
    """

    number: PlaceInList
    party: Key
    method: Literal["mail", "letter", "meeting", "web", "webhook"]
    by_itself: bool = False
    although_restricted: bool = False
    grace_days: WholeDays = Decimal(7)
    decided: FirstDay
    by: Key | None = None
    reason: Text
    start: Annotated[FirstDay, Field(alias="from")]
    end: Annotated[LastDay | None, Field(alias="to")] = None
    time: Clock
    zone: Zone
    dates: Many[StatedText] = ()
    rules: Many[Label] = ()
    exceptions: Many[DayText] = ()
    roll: Literal["none", "next", "previous", "nearest"] = "none"

    @property
    def schedule(self) -> Schedule:
        """What it says of the moments, without the working days of the body."""
        return _schedule(self)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.dates or self.rules:
            _check_sound(self.schedule)
        return self


class ClosingDay(Record):
    """A day on which the body is closed besides public holidays, and what it is called."""

    day: FirstDay
    name: LocalLabel | None = None


def _schedule(decision: Decision | InformingDecision) -> Schedule:
    return Schedule(
        start=decision.start.date,
        until=decision.end.date if decision.end else None,
        time=dt.time.fromisoformat(decision.time),
        zone=decision.zone,
        dates=tuple(map(parse_stated, decision.dates)),
        rules=decision.rules,
        exceptions=tuple(map(dt.date.fromisoformat, decision.exceptions)),
        roll=decision.roll,
    )


def _check_sound(schedule: Schedule) -> None:
    for problem in validate(schedule):
        raise refusal("import-bad-value", problem.words(gettext), problem.advice(gettext) or None, _at(problem.path))


def _at(path: Path) -> tuple[str | int, ...]:
    """Where a problem of a schedule stands in the file."""
    if not path:
        return ()
    first = _KEYS.get(str(path[0]), str(path[0]))
    return (first, *(step for step in path[1:] if isinstance(step, int)))
