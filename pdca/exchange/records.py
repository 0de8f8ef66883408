"""The records of the import format: what each may hold; `programme_records` has those above the plans,
`plan_records` those of a plan, `activity_records` those of what is done under it.

`docs/import-format.md` describes the format for people.

Every record is frozen. Keys that are Python words or dates have another name here: `from` is `start`, `to` is `end`.
Texts in several languages are dict language -> text; a plain string got the language of the document.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
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
    PlaceInList,
    Stated,
    Text,
    Url,
)
from pdca.exchange.raw import NO_PLACE, PLACES, PUBLISHED
from pdca.exchange.values import refusal, wrong_type
from pdca.i18n import _
from pdca.targets import Time, lacks_aim, replaceable, time_stated
from pdca.units import is_place, is_rank

_ALONE: Final = {"text": (str, "text"), "places": (list, "list")}

Direction = Literal["up", "down", "hold", "range", "none"]
Rhythm = Literal[
    "monthly", "quarterly", "four-monthly", "half-yearly", "yearly", "two-yearly", "three-yearly", "ad-hoc"
]


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
    """What an indicator should become, over a period or until a date: a number, a range (`value` up to `upto`), words,
    a direction alone, or still to be determined.

    One that adjusts or corrects another names its place in the list, from 1, and says why; the other stays.
    """

    period: Figures | None = None
    op: Literal["<", "<=", "=", ">=", ">", "range"] | None = None
    value: Number | None = None
    upto: Number | None = None
    words: LocalLabel | None = None
    by: Stated | None = None
    direction: Direction | None = None
    to_be_determined: Stated | None = None
    adjusts: PlaceInList | None = None
    corrects: PlaceInList | None = None
    reason: Text | None = None
    set_on: Stated | None = None

    @property
    def replaces(self) -> int | None:
        """The place in the list of the target that it adjusts or corrects."""
        place = self.adjusts or self.corrects
        return None if place is None else int(place)

    @property
    def time(self) -> Time:
        """What it is for."""
        return time_stated(self.period, self.by)

    def can_replace(self, other: "Target") -> bool:
        """Tell whether it is for the time of another, or gives it one."""
        other_open = lacks_aim(other.op, other.value, other.to_be_determined)
        return replaceable(self.time, other.time, was_open=other_open)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not any((self.op, self.words, self.direction, self.to_be_determined)):
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
        if self.op is not None and self.value is None and self.note is None and self.to_be_determined is None:
            message = _("This target has no value and does not say why.")
            raise refusal("import-incomplete", message, _("Add the value, or a note that says when it follows."))
        return self

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        self.check_direction(self.direction, ("direction",))
        return self

    def check_direction(self, direction: Direction | None, at: tuple[str | int, ...]) -> None:
        """Refuse a direction that is the opposite of what the operator asks for."""
        better = {"<": "down", "<=": "down", ">": "up", ">=": "up"}.get(self.op or "")
        if better is not None and direction in ("up", "down") and direction != better:
            message = _("This target asks for %(op)s, and its direction says the opposite: %(direction)s.")
            message %= {"op": self.op, "direction": direction}
            hint = _("“<” and “<=” go with down, “>” and “>=” with up; leave the direction out.")
            raise refusal("import-target-both-ways", message, hint, at)

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        if self.period is not None and self.by is not None:
            message = _("A target belongs to a period or to a date, not to both.")
            raise refusal("import-incomplete", message, _("Keep “period” or “by”."), ("by",))
        if self.value is not None and self.to_be_determined is not None:
            message = _("This target has a value, so it is not to be determined any more.")
            raise refusal("import-incomplete", message, _("Keep one of the two."), ("to_be_determined",))
        return self

    @model_validator(mode="after")
    def _explained(self) -> Self:
        if self.adjusts is not None and self.corrects is not None:
            message = _("A target is either adjusted, because another aim was set, or corrected, because it was wrong.")
            raise refusal("import-incomplete", message, _("Keep one of the two."), ("corrects",))
        if self.replaces is not None and self.reason is None:
            message = _("This target replaces another and does not say why.")
            raise refusal("import-incomplete", message, _("Give the reason under “reason”."))
        return self


class Measurement(Sourced):
    """A figure about a period; without a value it says why, for missing is not zero.

    Several may be about one period and scope; then the one that is `retained` holds, for the reason `retained_because`,
    and otherwise the one known last.
    """

    period: Figures
    value: Number | None = None
    missing: Text | None = None
    approx: bool = False
    parts: dict[Label, Number] = Field(default_factory=dict)
    of_which: dict[Label, Number] = Field(default_factory=dict)
    scope: Label | None = None
    according_to: Label | None = None
    published: Stated | None = None
    retained: bool = False
    retained_because: Text | None = None

    @model_validator(mode="after")
    def _retained_for_a_reason(self) -> Self:
        if self.retained_because is not None and not self.retained:
            message = _("This figure is not retained, and says why it was.")
            raise refusal("import-incomplete", message, _("Add “retained: true”."), ("retained_because",))
        return self

    def is_published_after(self, today: dt.date) -> bool:
        """Tell whether all of what is said of the day of its publication is still to come."""
        return self.published is not None and self.published.first_day > today

    @model_validator(mode="after")
    def _value_or_reason(self) -> Self:
        message = _("A figure has either a value or, under “missing”, the reason why there is none.")
        check_either(self.value, self.missing, message, _("Missing is not zero: say why."))
        return self

    @model_validator(mode="after")
    def _published_when_it_could_be_known(self) -> Self:
        if self.published is not None and self.published.date < self.period.first_day:
            message = _("%(text)s is before %(period)s begins: nobody could know the figure then.")
            message %= {"text": self.published.text, "period": self.period.text}
            raise refusal("published-before", message, _(PUBLISHED), ("published",))
        return self


def check_one_retained(key: str, figures: Sequence[Measurement], of: Sequence[str] = ()) -> None:
    """Refuse that two figures about one period and scope, and of one indicator where `of` names them, are retained."""
    seen: set[tuple[Any, ...]] = set()
    for index, figure in enumerate(figures):
        what = (figure.period.first_day, figure.period.last_day, figure.scope, *of[index : index + 1])
        if figure.retained and what in seen:
            message = _("Another figure of %(period)s is retained already.") % {"period": figure.period.text}
            raise refusal("import-duplicate-entry", message, _("One figure holds."), (key, index, "retained"))
        if figure.retained:
            seen.add(what)


class SeriesBreak(Sourced):
    """From a period on it is counted in another way; nothing before compares with what follows."""

    period: Figures
    reason: Text


class Indicator(Sourced):
    """Something that is counted or asked. `kind`: objective (registered), subjective (asked), activity (own work).

    Direction belongs to a target. A file may give it for the indicator: then it is that of its targets which do not
    say their own, and without any target it is one that says nothing else.
    """

    id: Key
    title: LocalLabel
    unit: LocalLabel
    kind: Literal["objective", "subjective", "activity"]
    definition: LocalText | None = None
    direction: Direction | None = None
    system: Label | None = None
    rhythm: Rhythm | None = None
    frequency: LocalLabel | None = None
    targets: Many[Target] = ()
    series: Many[Measurement] = ()
    breaks: Many[SeriesBreak] = ()

    @model_validator(mode="after")
    def _replacing_what_is_there(self) -> Self:
        for index, target in enumerate(self.targets):
            if target.replaces is not None and target.replaces > index:
                message = _("There is no target %(number)s above this one.") % {"number": target.replaces}
                key = "adjusts" if target.adjusts is not None else "corrects"
                hint = _("Name the place in the list, from 1, of an earlier one.")
                raise refusal("import-unknown-reference", message, hint, ("targets", index, key))
            if target.replaces is not None and not target.can_replace(self.targets[target.replaces - 1]):
                message = _("This target replaces number %(number)s, which is for another time.")
                message %= {"number": target.replaces}
                hint = _("Give both the same “period” or “by”; one for another time is a target of its own.")
                raise refusal("import-other-time", message, hint, ("targets", index))
        return self

    @model_validator(mode="after")
    def _one_retained(self) -> Self:
        check_one_retained("series", self.series)
        return self

    @model_validator(mode="after")
    def _places_of_a_rank(self) -> Self:
        if is_rank(self.unit):
            for index, figure in enumerate(self.series):
                if figure.value is not None and not is_place(figure.value):
                    message = _(NO_PLACE) % {"value": figure.value}
                    raise refusal("rank-none", message, _(PLACES), ("series", index, "value"))
        return self

    @model_validator(mode="after")
    def _one_break(self) -> Self:
        periods = [one.period.text for one in self.breaks]
        for index, period in enumerate(periods):
            if period in periods[:index]:
                message = _("The series breaks at %(period)s already.") % {"period": period}
                raise refusal("import-duplicate-entry", message, _("Say it once."), ("breaks", index, "period"))
        return self

    @model_validator(mode="after")
    def _direction_of_targets(self) -> Self:
        if self.direction is None:
            return self
        for index, one in enumerate(self.targets):
            if one.direction is None:
                one.check_direction(self.direction, ("targets", index, "op"))
        given = {"direction": self.direction}
        targets = tuple(one if one.direction else one.model_copy(update=given) for one in self.targets)
        return self.model_copy(update={"direction": None, "targets": targets or (Target.model_validate(given),)})


class Phenomenon(Sourced):
    """A phenomenon in a tree that outlives programmes."""

    id: Key
    title: LocalLabel
    phenomena: Many["Phenomenon"] = ()


def check_either(one: object, other: object, message: str, hint: str) -> None:
    """Refuse a record that has both or neither of two values of which it has one."""
    if (one is None) == (other is None):
        raise refusal("import-incomplete", message, hint)


def check_until(start: Stated | None, until: Stated | None) -> None:
    """Refuse a record that ends, with `until`, before it begins; either may be open."""
    if start is not None and until is not None:
        check_order(start.date, until.date, "until")


def check_order(first: dt.date, last: dt.date, at: str) -> None:
    """Refuse a record that ends before it begins; `at` is the key of its end."""
    if first > last:
        message = _("This ends on %(last)s, before it begins on %(first)s.") % {"last": last, "first": first}
        raise refusal("import-ends-before-start", message, _("Exchange the two dates, or correct one."), (at,))
