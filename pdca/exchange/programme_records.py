"""The records of the import format that stand above the plans: the body, its parties and people, the programme."""

from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, field_validator, model_validator

from pdca.exchange.fields import (
    Country,
    Day,
    Email,
    FirstDay,
    Key,
    Label,
    Language,
    LastDay,
    LocalLabel,
    LocalText,
    Many,
    Stated,
    Text,
    VersionNumber,
    Word,
    Zone,
)
from pdca.exchange.moment_records import Clock, ClosingDay
from pdca.exchange.records import Alone, Record, Sourced, Span, StatedSpan, Statement, check_order, check_until
from pdca.exchange.values import refusal
from pdca.i18n import _
from workflows.recurrence import WEEKDAYS

Weekday: TypeAlias = Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


class Organisation(Sourced):
    """The body that runs the plans; `zone` is the IANA time zone in which its dates are meant."""

    id: Key
    name: LocalLabel
    zone: Zone
    languages: Annotated[Many[Language], Field(min_length=1)]
    code: Label | None = None
    country: Country | None = None
    subdivision: Label | None = None
    working_days: Many[Weekday] = ()
    closing_days: Many[ClosingDay] = ()
    address: LocalText | None = None
    areas: Many[LocalLabel] = ()
    bodies: Many[LocalLabel] = ()
    remarks: Many[Statement] = ()


class Party(Sourced):
    """Whoever can own, be a member of a project group, or be told."""

    id: Key
    name: LocalLabel
    discipline: Word | None = None
    discipline_assumed: bool = False
    escalation: Literal["chief", "authority"] | None = None


class Function(Party):
    """A function of the body, never a person."""

    @property
    def kind(self) -> str:
        """The kind of party."""
        return "function"


class Report(Sourced):
    """How often and by what channel a stakeholder is usually told."""

    rhythm: Word
    channel: LocalLabel


class Stakeholder(Party):
    """Somebody outside the functions of the body: a partner, an authority, the public, or the staff."""

    kind: Literal["partner", "authority", "public", "internal"]
    address: LocalText | None = None
    members: Many[LocalLabel] = ()
    task: LocalText | None = None
    report: Report | None = None


class Appointment(Record):
    """A person holds a function, or represents a stakeholder, from a day on until before another."""

    party: Key
    start: Annotated[FirstDay | None, Field(alias="from")] = None
    until: FirstDay | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        check_until(self.start, self.until)
        return self


class Substitution(Record):
    """Another person, `by`, acts for this one while it is absent, between two days that are both included."""

    by: Key
    start: FirstDay = Field(alias="from")
    until: LastDay
    reason: Text

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        check_until(self.start, self.until)
        return self


class QuietDates(Record):
    """Days on which somebody wants no messages, both included."""

    start: FirstDay = Field(alias="from")
    until: LastDay

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        check_until(self.start, self.until)
        return self


class Person(Sourced):
    """Somebody who acts or is told; `id` is a short handle, `login` the name on the operating system.

    From `channels` on: how and when he or she wants to be told, as `pdca.notify.wishes` has it; `invitations` whether
    to be invited to evaluations, None for what stands already.
    """

    id: Key
    name: Label
    email: Email | None = None
    language: Language | None = None
    login: Label | None = None
    access: Literal["administrator", "member", "auditor", "service"] = "member"
    channels: Many[Literal["mail", "webhook", "chat"]] = ()
    digest: Literal["none", "daily", "weekly"] | None = None
    digest_at: Clock | None = None
    digest_on: Weekday | None = None
    quiet_weekdays: Many[Weekday] = ()
    quiet_closed: bool = False
    quiet_dates: Many[QuietDates] = ()
    invitations: bool | None = None
    appointments: Many[Appointment] = ()
    substitutions: Many[Substitution] = ()

    @model_validator(mode="after")
    def _a_day_left(self) -> Self:
        if len(set(self.quiet_weekdays)) == len(WEEKDAYS):
            message = _("Every day of the week would be quiet.")
            hint = _("Leave at least one day on which you can be told.")
            raise refusal("import-no-day-left", message, hint, ("quiet_weekdays",))
        return self

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.invitations and self.email is None:
            message = _("Without an e-mail address nobody can be invited.")
            hint = _("Give the address, or leave out the invitations.")
            raise refusal("import-no-address-to-invite", message, hint, ("invitations",))
        return self

    @model_validator(mode="after")
    def _by_another(self) -> Self:
        for index, one in enumerate(self.substitutions):
            if one.by == self.id:
                message, hint = _("Nobody is his or her own substitute."), _("Name somebody else.")
                raise refusal("import-circle", message, hint, ("substitutions", index, "by"))
        return self

    @model_validator(mode="after")
    def _one_substitution(self) -> Self:
        said = [(one.by, one.start.text, one.until.text) for one in self.substitutions]
        for index, one in enumerate(said):
            if one in said[:index]:
                message = _("This substitution stands in the list already.")
                raise refusal("import-duplicate-entry", message, _("Say it once."), ("substitutions", index))
        return self


class Approval(Sourced):
    """A step by which the programme comes into force; `date` is that of the decision, `effective` when it takes effect.

    Without `decision` a step that has a date was approved, and one without is awaited.
    """

    by: LocalLabel
    act: LocalText
    party: Key | None = None
    decision: Literal["awaited", "approved", "rejected"]
    date: Stated | None = None
    effective: Stated | None = None

    @model_validator(mode="before")
    @classmethod
    def _decided_when_dated(cls, value: Any) -> Any:  # noqa: ANN401 - whatever the file holds
        if not isinstance(value, Mapping) or "decision" in value:
            return value
        return {**value, "decision": "awaited" if value.get("date") is None else "approved"}

    @model_validator(mode="after")
    def _dated_when_decided(self) -> Self:
        for key in ("date", "effective"):
            if self.decision == "awaited" and getattr(self, key) is not None:
                message = _("A step that is still awaited has no date.")
                raise refusal(
                    "import-incomplete", message, _("Write “decision: approved”, or leave the date out."), (key,)
                )
        return self


Steps = tuple[Approval, ...]


def in_sequence(steps: Steps) -> Steps:
    """Refuse steps of an approval of which one was decided before the one above it."""
    for index, (before, step) in enumerate(pairwise(steps), start=1):
        if before.decision != "approved" and step.decision != "awaited":
            message = _("This step was decided before the one above it was approved.")
            raise refusal("import-out-of-order", message, _("Put the steps in their order."), (index,))
    dated = [(index, step.date) for index, step in enumerate(steps) if step.date is not None]
    for (_before, first), (index, second) in pairwise(dated):
        if second.date < first.first_day:
            message = _("This step was decided in %(date)s, before the one above it in %(before)s.")
            message %= {"date": second.text, "before": first.text}
            raise refusal("import-out-of-order", message, _("Put the steps in their order."), (index, "date"))
    return steps


class Version(Record):
    """A version of a programme that was handed in: the programme itself, an addendum, or a prolongation until `end`.

    Without `proposed` it is not known when that was.
    """

    number: VersionNumber
    kind: Literal["programme", "addendum", "prolongation"]
    text: Text | None = None
    end: Annotated[LastDay | None, Field(alias="to")] = None
    proposed: Day | None = None
    approvals: Annotated[Many[Approval], AfterValidator(in_sequence), Field(min_length=1)]

    @property
    def status(self) -> str:
        """What became of it."""
        status = status_of([approval.decision for approval in self.approvals])
        return "proposed" if status in {"draft", "submitted"} else status

    @model_validator(mode="after")
    def _with_its_end(self) -> Self:
        if (self.end is None) != (self.kind == "addendum"):
            message = _("The programme itself and a prolongation have a last day, under “to”; an addendum has none.")
            raise refusal("import-incomplete", message, _("Add the day, or leave it out."), ("to",))
        if (self.text is None) != (self.kind == "programme"):
            message = _("An addendum or a prolongation says what changes, under “text”.")
            raise refusal("import-incomplete", message, _("Only the programme itself says nothing."), ("text",))
        return self


class Theme(Sourced):
    """What the evaluation of a programme says about one of its themes: of what was not published, nothing."""

    id: Key
    title: LocalLabel | None = None
    phenomenon: Key | None = None
    objective: Key | None = None
    finding: LocalText | None = None
    decision: Literal["retained", "daily_operations", "point_of_attention", "dropped", "continue"] | None = None
    attribution: LocalText | None = None
    evidence: LocalText | None = None
    lessons: LocalText | None = None

    @model_validator(mode="after")
    def _about_something(self) -> Self:
        if self.title is None and self.phenomenon is None and self.objective is None:
            message = _("This theme does not say what it is about.")
            raise refusal("import-incomplete", message, _("Add a title, a phenomenon or an objective."))
        return self


class ProgrammeEvaluation(Sourced):
    """The evaluation of a whole programme: with the date on which it was `held`, it is recorded."""

    id: Key
    kind: Literal["yearly", "mid_term", "final"]
    period: Stated | None = None
    due: Stated | None = None
    held: Stated | None = None
    by: Label | None = None
    lessons: LocalText | None = None
    themes: Many[Theme] = ()

    @model_validator(mode="after")
    def _of_a_year(self) -> Self:
        if self.kind == "yearly" and (self.period is None or self.period.precision != "year"):
            message = _("A yearly evaluation looks back on a year, and none is stated.")
            raise refusal("import-incomplete", message, _("Add the year as “period”."), ("period",))
        return self


class PreviousProgramme(Alone, Sourced):
    """A programme that went before: described, or the id alone of one that is in the database."""

    alone: ClassVar = "id"

    id: Key
    period: StatedSpan | None = None
    extended_to: Stated | None = None
    evaluations: Many[ProgrammeEvaluation] = ()

    @property
    def in_database(self) -> bool:
        """Whether the file gives no more than the id."""
        return self.period is None

    @model_validator(mode="after")
    def _described(self) -> Self:
        if self.period is None and self.model_fields_set != {"id"}:
            message = _("A programme that is described needs its period.")
            raise refusal("import-missing-key", message, _("Add “period”, or write its id alone."), ("period",))
        return self


class Review(Sourced):
    """When the programme as a whole is looked at."""

    what: LocalText
    rhythm: Word
    start: Stated = Field(alias="from")
    end: Annotated[Stated | None, Field(alias="to")] = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end is not None:
            check_order(self.start.first_day, self.end.date, "to")
        return self


class Programme(Sourced):
    """The programme: a period, the method by which its plans are worked, and how it came to be."""

    id: Key
    title: LocalLabel
    period: Span
    method: Key
    previous: Many[PreviousProgramme] = ()
    legal_deadline: LastDay | None = None
    drafted: Stated | None = None
    integrates: Many[Statement] = ()
    approvals: Annotated[Many[Approval], AfterValidator(in_sequence)] = ()
    versions: Many[Version] = ()
    reviews: Many[Review] = ()
    evaluations: Many[ProgrammeEvaluation] = ()
    remarks: Many[Statement] = ()

    @property
    def follows(self) -> str | None:
        """The programme of the database that it follows."""
        return next((one.id for one in self.previous if one.in_database), None)

    @property
    def status(self) -> str:
        """Where its approval stands."""
        handed_in = [version.approvals for version in self.versions if version.kind == "programme"]
        status = status_of([approval.decision for approval in (handed_in or [self.approvals])[-1]])
        # A version was handed in, even when nobody decided yet.
        return "submitted" if handed_in and status == "draft" else status

    @field_validator("previous", mode="after")
    @classmethod
    def _one_in_database(cls, value: tuple[PreviousProgramme, ...]) -> tuple[PreviousProgramme, ...]:
        found = [index for index, one in enumerate(value) if one.in_database]
        if len(found) > 1:
            message = _("A programme follows one other directly, and this is the second.")
            raise refusal("import-incomplete", message, _("Describe the earlier ones: id and period."), (found[1],))
        return tuple(sorted(value, key=lambda one: not one.in_database))

    @field_validator("versions", mode="after")
    @classmethod
    def _one_after_the_other(cls, value: tuple[Version, ...]) -> tuple[Version, ...]:
        for index, version in enumerate(value):
            if version.number != index:
                message = _("This is version %(place)s in the list, and says %(number)s.")
                message %= {"place": index, "number": version.number}
                raise refusal("import-out-of-order", message, _("Number the versions from 0."), (index, "number"))
        for index, (before, version) in enumerate(pairwise(value), start=1):
            wanted = "rejected" if version.kind == "programme" else "approved"
            last = before if version.kind == "programme" else _in_force(value[:index])
            if before.status == "proposed" or last is None or last.status != wanted:
                message = _("This version does not follow from what was decided about the ones above it.")
                hint = _("A programme follows one that was rejected, any other version a programme that was approved.")
                raise refusal("import-out-of-order", message, hint, (index, "kind"))
        known = [(index, version.proposed) for index, version in enumerate(value) if version.proposed is not None]
        for (_before, first), (index, second) in pairwise(known):
            if second.date < first.date:
                message = _("This version was handed in on %(date)s, before the one above it on %(before)s.")
                message %= {"date": second.text, "before": first.text}
                raise refusal("import-out-of-order", message, _("Correct one of the two."), (index, "proposed"))
        if value and value[0].kind != "programme":
            message = _("The first version is the programme itself.")
            raise refusal("import-out-of-order", message, _("Begin with what was handed in first."), (0, "kind"))
        return value

    @model_validator(mode="after")
    def _as_in_its_versions(self) -> Self:
        if self.versions and self.approvals:
            message = _("The approval stands with the versions already.")
            raise refusal("import-incomplete", message, _("Keep “approvals” or “versions”."), ("approvals",))
        kept = [one for one in self.versions if one.kind == "programme"][-1:]
        kept += [one for one in self.versions if one.kind == "prolongation" and one.status == "approved"]
        if kept and kept[-1].status == "rejected":
            return self  # and may have got another period since
        if kept and kept[-1].end is not None and kept[-1].end.date != self.period.last_day:
            message = _("The period ends on %(here)s, and by its versions on %(there)s.")
            message %= {"here": self.period.last_day, "there": kept[-1].end.date}
            raise refusal("import-incomplete", message, _("Correct one of the two."), ("period", "to"))
        return self


def _in_force(versions: tuple[Version, ...]) -> Version | None:
    return next((one for one in reversed(versions) if one.kind == "programme"), None)


def status_of(decisions: Collection[str]) -> str:
    """Tell where an approval in steps stands: nobody decided yet, some did, all approved, or one rejected it."""
    if "rejected" in decisions:
        return "rejected"
    if "approved" not in decisions:
        return "draft"
    return "submitted" if "awaited" in decisions else "approved"
