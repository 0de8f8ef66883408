"""The records of the import format: what each may hold; `programme_records` has those above the plans,
`plan_records` those of a plan.

`docs/import-format.md` describes the format for people.

Every record is frozen. Keys that are Python words or dates have another name here: `from` is `start`, `to` is `end`.
Texts in several languages are dict language -> text; a plain string got the language of the document.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pdca.exchange.fields import (
    Figures,
    FirstDay,
    Key,
    Label,
    LastDay,
    LocalLabel,
    LocalText,
    MadeFrom,
    Many,
    Number,
    Stated,
    Text,
    Url,
)
from pdca.exchange.values import refusal, wrong_type
from pdca.i18n import _

_ALONE: Final = {"text": (str, "text"), "places": (list, "list")}

Direction = Literal["up", "down", "hold", "range", "none"]


class Record(BaseModel):
    """Base of all records: no unknown keys, no conversions, no changes afterwards."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @classmethod
    def keys(cls) -> frozenset[str]:
        """The keys under which its fields stand in a file."""
        return frozenset(field.alias or name for name, field in cls.model_fields.items())


class Sourced(Record):
    """Whence a record comes: `source` are keys of the document's sources; `assumed` marks what nobody published."""

    assumed: bool = False
    basis: Text | None = None
    source: Many[Key] = ()
    note: Text | None = None


class Alone(Record):
    """Base of the records that a file may give as the value of one of their keys alone; `alone` is that key."""

    alone: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _whole(cls, value: Any) -> Any:  # noqa: ANN401 - whatever the file holds
        kind, called = _ALONE.get(cls.alone, (str, "id"))
        if isinstance(value, kind):
            return {cls.alone: value}
        if not isinstance(value, Mapping):
            raise wrong_type(called, value)
        per_language = cls.alone == "text" and value and not value.keys() & cls.keys()
        return {cls.alone: value} if per_language else value


class Statement(Alone, Sourced):
    """A text with where it comes from. In the file it may be the text alone."""

    alone: ClassVar = "text"

    text: LocalText


class Base(Alone):
    """What a file was made from: the number of an event in its stream, and the beginning of that event's leaf hash."""

    alone: ClassVar = "at"

    at: MadeFrom


class StatedSpan(Record):
    """A period as it was stated, from the first day of `start` to the last day of `end`, both included."""

    start: Stated = Field(alias="from")
    end: Stated = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        check_order(self.first_day, self.last_day, "to")
        return self

    @property
    def first_day(self) -> dt.date:
        """The first day of the period."""
        return self.start.first_day

    @property
    def last_day(self) -> dt.date:
        """The last day of the period."""
        return self.end.date


class Span(StatedSpan):
    """A period of whole days, both included."""

    start: FirstDay = Field(alias="from")
    end: LastDay = Field(alias="to")


class Source(Record):
    """Something that was read: where it is and what it is."""

    what: Text
    url: Url | None = None


class Target(Sourced):
    """What an indicator should become: a number, a range (`value` up to `upto`), or words."""

    op: Literal["<", "<=", "=", ">=", ">", "range"] | None = None
    value: Number | None = None
    upto: Number | None = None
    words: LocalLabel | None = None
    by: Stated | None = None
    direction: Direction | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.op is None and self.words is None:
            hint = _("Write op and value (op: “<=”, value: 10), or words.")
            raise refusal("import-incomplete", _("This target says neither a number nor words."), hint)
        if self.op is None and self.value is not None:
            raise refusal("import-incomplete", _("This target has a value but no op."), _("Add op, such as “<=”."))
        if (self.op == "range") != (self.upto is not None):
            raise refusal(
                "import-incomplete", _("“op: range” and “upto” go together."), _("Give value and upto for a range.")
            )
        if self.upto is not None and (self.value is None or self.value > self.upto):
            raise refusal("import-incomplete", _("This range does not go up from value to upto."), at=("upto",))
        if self.op is not None and self.value is None and self.note is None:
            message = _("This target has no value and does not say why.")
            raise refusal("import-incomplete", message, _("Add the value, or a note that says when it follows."))
        return self


class Measurement(Sourced):
    """A figure about a period; without a value it says why, for missing is not zero."""

    period: Figures
    value: Number | None = None
    missing: Text | None = None
    approx: bool = False
    parts: dict[Label, Number] = Field(default_factory=dict)
    of_which: dict[Label, Number] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _value_or_reason(self) -> Self:
        message = _("A figure has either a value or, under “missing”, the reason why there is none.")
        check_either(self.value, self.missing, message, _("Missing is not zero: say why."))
        return self


class Indicator(Sourced):
    """Something that is counted or asked. `kind`: objective (registered), subjective (asked), activity (own work)."""

    id: Key
    title: LocalLabel
    unit: LocalLabel
    kind: Literal["objective", "subjective", "activity"]
    direction: Direction = "none"
    system: Label | None = None
    frequency: LocalLabel | None = None
    targets: Many[Target] = ()
    series: Many[Measurement] = ()


class Phenomenon(Sourced):
    """A phenomenon in a tree that outlives programmes."""

    id: Key
    title: LocalLabel
    phenomena: Many["Phenomenon"] = ()


def check_either(one: object, other: object, message: str, hint: str) -> None:
    """Refuse a record that has both or neither of two values of which it has one."""
    if (one is None) == (other is None):
        raise refusal("import-incomplete", message, hint)


def check_order(first: dt.date, last: dt.date, at: str) -> None:
    """Refuse a record that ends before it begins; `at` is the key of its end."""
    if first > last:
        message = _("This ends on %(last)s, before it begins on %(first)s.") % {"last": last, "first": first}
        raise refusal("import-ends-before-start", message, _("Exchange the two dates, or correct one."), (at,))
