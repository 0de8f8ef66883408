"""The records of the import format that make up a plan, and the objectives above and under it."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from pdca.exchange.activity_records import Activity
from pdca.exchange.fields import (
    Figures,
    FirstDay,
    Key,
    Label,
    LastDay,
    LocalLabel,
    LocalText,
    Many,
    Number,
    PlaceInList,
    PlanKey,
    Stated,
    Text,
    Word,
)
from pdca.exchange.geojson import GeoJson
from pdca.exchange.moment_records import Decision, InformingDecision, Moved
from pdca.exchange.partner_records import Reaction, Session
from pdca.exchange.records import Alone, Record, Sourced, Span, Statement, check_either, check_until
from pdca.exchange.reminder_records import Reminding
from pdca.exchange.values import refusal
from pdca.i18n import _


class Perimeter(Alone, Sourced):
    """Where a plan works: places, places by area, or areas on a map. In the file it may be the list of places alone."""

    alone: ClassVar = "places"

    places: Many[Label] = ()
    by_area: dict[Label, Many[Label]] = Field(default_factory=dict)
    geojson: GeoJson | None = None

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if not (self.places or self.by_area or self.geojson):
            raise refusal("import-blank", _("This perimeter names no place."), _("Name one, or leave the key out."))
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """All places, those of an area as `Area: place`."""
        within = (f"{area}: {place}" for area, places in self.by_area.items() for place in places)
        return (*self.places, *within)


class PlanPhenomenon(Alone, Sourced):
    """What a plan works on: a phenomenon of the tree, or free words. In the file it may be the words alone."""

    alone: ClassVar = "text"

    phenomenon: Key | None = None
    text: LocalText | None = None

    @model_validator(mode="after")
    def _either(self) -> Self:
        message = _("This names either a phenomenon of the tree or, under “text”, free words.")
        check_either(self.phenomenon, self.text, message, _("Keep one of the two."))
        return self


class Rubric(Alone, Sourced):
    """A rubric of a plan: its text, or why it does not apply. In the file it may be the text alone."""

    alone: ClassVar = "text"

    text: LocalText | None = None
    not_applicable: LocalText | None = None
    withheld_from: Many[Literal["partners", "public"]] = ()

    @model_validator(mode="after")
    def _either(self) -> Self:
        message = _("A rubric has either a text or, under “not_applicable”, the reason why it does not apply.")
        check_either(self.text, self.not_applicable, message, _("Keep one of the two."))
        return self


class EvaluationsWithheld(Record):
    """What of the evaluations of a plan partners or the public never see: for each part, who does not."""

    findings: Many[Literal["partners", "public"]] = ()
    attribution: Many[Literal["partners", "public"]] = ()
    evidence: Many[Literal["partners", "public"]] = ()
    deployed: Many[Literal["partners", "public"]] = ()
    lessons: Many[Literal["partners", "public"]] = ()

    @property
    def by_part(self) -> dict[str, list[str]]:
        """From whom each part is withheld that is withheld from anybody."""
        parts = ((name, getattr(self, name)) for name in type(self).model_fields)
        return {name: sorted(whom) for name, whom in parts if whom}


class Member(Alone):
    """A party in the project group, from a day on until before another. In the file it may be the id alone."""

    alone: ClassVar = "party"

    party: Key
    role: Literal["member", "deputy"] = "member"
    start: Annotated[FirstDay | None, Field(alias="from")] = None
    until: FirstDay | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        check_until(self.start, self.until)
        return self


class Axis(Sourced):
    """A line of work inside a plan, led by one or more parties or by the organisation."""

    id: Key
    title: LocalLabel
    leads: Many[Key] = ()


class PlanObjective(Sourced):
    """An objective under a plan, where the method has a level of objectives there."""

    id: Key
    title: LocalLabel


class Baseline(Record):
    """Where an indicator stood before the plan: a value and the period it is about, or why there is none."""

    value: Number | None = None
    period: Figures | None = None
    missing: Text | None = None
    assumed: bool = False

    @model_validator(mode="after")
    def _value_or_reason(self) -> Self:
        message = _("A baseline has either a value or, under “missing”, the reason why there is none.")
        check_either(self.value, self.missing, message, _("Missing is not zero: say why."))
        if (self.value is None) != (self.period is None):
            message = _("The value of a baseline and the period it is about go together.")
            raise refusal(
                "import-incomplete", message, _("Add “period: 2023”, or leave it out when there is no value.")
            )
        return self


class PlanIndicator(Alone):
    """An indicator by which a plan is measured, and its baseline. In the file it may be the id alone."""

    alone: ClassVar = "id"

    id: Key
    baseline: Baseline | None = None


class Evaluation(Sourced):
    """A moment of evaluation and what was published about it. `planned`: only the intention was seen.

    Of one that was decided on, `schedule` is the number of the decision by which it stands; `falls` the day on which it
    falls where that is not the stated one, and `moved` why. `cancelled`: it was given up before its day.
    """

    date: Stated
    kind: Word
    schedule: PlaceInList | None = None
    falls: FirstDay | None = None
    moved: Moved | None = None
    cancelled: bool = False
    planned: bool = False
    findings: Many[Statement] = ()
    adjust: Many[Statement] = ()


class Information(Sourced):
    """When and how a party is told of the progress made; the rest is as of an evaluation that was decided on."""

    to: Key
    date: Stated
    method: LocalLabel
    schedule: PlaceInList | None = None
    falls: FirstDay | None = None
    moved: Moved | None = None
    cancelled: bool = False


class Handover(Sourced):
    """The lead of a plan passed to another party."""

    to: Key
    date: Stated


class Plan(Sourced):
    """An action plan; `id` is its slug, the number is given by the program."""

    id: PlanKey
    title: LocalLabel
    period: Span
    lead: Key | None = None
    handovers: Many[Handover] = ()
    group: Many[Member] = ()
    group_by: LastDay | None = None
    perimeter: Perimeter | None = None
    phenomena: Many[PlanPhenomenon] = ()
    mmm: bool = False
    restricted: bool = False
    evaluations_withheld: EvaluationsWithheld | None = None
    follows: Key | None = None
    axes: Many[Axis] = ()
    rubrics: dict[Key, Rubric] = Field(default_factory=dict)
    objectives: Many[PlanObjective] = ()
    activities: Many[Activity] = ()
    indicators: Many[PlanIndicator] = ()
    prediction: Text | None = None
    schedules: Many[Decision] = ()
    reminders: Many[Reminding] = ()
    evaluations: Many[Evaluation] = ()
    information_schedules: Many[InformingDecision] = ()
    information: Many[Information] = ()
    sessions: Many[Session] = ()
    reactions: Many[Reaction] = ()

    @model_validator(mode="after")
    def _decided_one_after_the_other(self) -> Self:
        for key in ("schedules", "reminders", "information_schedules"):
            _numbered(key, getattr(self, key))
        for index, moment in enumerate(self.evaluations):
            if moment.schedule is not None and moment.schedule > len(self.schedules):
                message = _("There is no decision %(number)s of this plan.") % {"number": moment.schedule}
                hint = _("Name one of those under “schedules”.")
                raise refusal("import-unknown-reference", message, hint, ("evaluations", index, "schedule"))
        for index, told in enumerate(self.information):
            decided = self.information_schedules
            if told.schedule is not None and (
                told.schedule > len(decided) or decided[int(told.schedule) - 1].party != told.to
            ):
                message = _("There is no decision %(number)s of this plan about “%(party)s”.")
                message %= {"number": told.schedule, "party": told.to}
                hint = _("Name one of those under “information_schedules”.")
                raise refusal("import-unknown-reference", message, hint, ("information", index, "schedule"))
        return self


def _numbered(key: str, decisions: Sequence[Decision | Reminding | InformingDecision]) -> None:
    for index, decision in enumerate(decisions):
        if decision.number != index + 1:
            message = _("This is decision %(number)s of the list.") % {"number": index + 1}
            hint = _("Number the decisions from 1, in the order in which they were taken.")
            raise refusal("import-out-of-order", message, hint, (key, index, "number"))


class Disposition(Sourced):
    """What was decided about a candidate objective, why, on what evidence, and what is still watched."""

    what: Annotated[
        Literal["retained", "daily_operations", "point_of_attention", "dropped"],
        Field(alias="as"),
    ]
    motive: Text
    evidence: Text | None = None
    decided: Stated
    by: Label
    watch: Text | None = None


class Origin(Record):
    """The theme, of the evaluation of an earlier programme, that an objective comes from."""

    programme: Key
    evaluation: Key
    theme: Key


class Objective(Sourced):
    """An objective: of the first level, or inside another. Without `disposition` it is a candidate."""

    id: Key
    title: LocalLabel
    internal: bool = False
    phenomenon: Key | None = None
    origin: Origin | None = None
    disposition: Disposition | None = None
    earlier_dispositions: Many[Disposition] = ()
    objectives: Many["Objective"] = ()
    plans: Many[Plan] = ()

    @property
    def decisions(self) -> tuple[Disposition, ...]:
        """What was decided about it, one after the other; the last holds."""
        return self.earlier_dispositions if self.disposition is None else (*self.earlier_dispositions, self.disposition)

    @model_validator(mode="after")
    def _decided_in_sequence(self) -> Self:
        if self.earlier_dispositions and self.disposition is None:
            message = _("An objective that was decided about has a disposition, the last.")
            raise refusal("import-incomplete", message, _("Write it under “disposition”."), ("earlier_dispositions",))
        for index, (before, after) in enumerate(pairwise(self.decisions)):
            if after.decided.date < before.decided.first_day:
                message = _("This was decided in %(date)s, after the next one in the list, in %(after)s.")
                message %= {"date": before.decided.text, "after": after.decided.text}
                at = ("earlier_dispositions", index, "decided")
                raise refusal("import-out-of-order", message, _("Put the decisions in their order."), at)
        return self
