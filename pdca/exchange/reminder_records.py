"""The records of the import format about what a project group decided on reminders, days of grace and ladder."""

from decimal import Decimal
from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import PlainValidator, WithJsonSchema, model_validator

from pdca.exchange.fields import FirstDay, Key, Many, PlaceInList, Text
from pdca.exchange.records import Record
from pdca.exchange.values import check_amount, refusal
from pdca.i18n import _, gettext
from pdca.plans.reminding import LONGEST_GRACE, Terms, faults
from workflows.method import LadderStep
from workflows.problem import Path
from workflows.reminders import FURTHEST

_KEYS: Final = {"lead_days": "days", "grace_days": "grace", "ladder": "ladder", "after_days": "after"}
"""What a part of a decision is called in a file."""


def check_days(value: object) -> Decimal:
    """Check a whole number of days."""
    number = check_amount(value)
    if number != number.to_integral_value():
        message = _("%(number)s is no number of days.") % {"number": number}
        raise refusal("import-bad-value", message, _("Write a whole number."))
    return number


def _days(least: int, most: int | None = None) -> WithJsonSchema:
    return WithJsonSchema({"type": "number", "minimum": least, **({} if most is None else {"maximum": most})})


LeadDays: TypeAlias = Annotated[Decimal, PlainValidator(check_days), _days(1, FURTHEST)]
GraceDays: TypeAlias = Annotated[Decimal, PlainValidator(check_days), _days(0, LONGEST_GRACE)]
AfterDays: TypeAlias = Annotated[Decimal, PlainValidator(check_days), _days(0)]


class Grace(Record):
    """How many days a plan has for what it must do, where the method's own days do not hold."""

    start: GraceDays | None = None
    record: GraceDays | None = None
    decide: GraceDays | None = None


class Rung(Record):
    """Who is told of what is overdue, after so many days."""

    after: AfterDays
    to: Literal["lead", "group", "chief", "authority"]


class Reminding(Record):
    """What a project group decided about being reminded and being late, whole; the last in the list is in force.

    What it does not say is as the method has it; that nobody is reminded is said by `no_reminders`.
    """

    number: PlaceInList
    decided: FirstDay
    by: Key | None = None
    reason: Text
    days: Many[LeadDays] = ()
    no_reminders: bool = False
    grace: Grace | None = None
    ladder: Many[Rung] = ()

    @property
    def terms(self) -> Terms:
        """What it says in the place of the method."""
        grace = {kind: int(days) for kind, days in (self.grace or Grace()) if days is not None}
        return Terms(
            tuple(map(int, self.days)) if self.days or self.no_reminders else None,
            grace or None,
            tuple(LadderStep(int(rung.after), rung.to) for rung in self.ladder) or None,
        )

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.days and self.no_reminders:
            message = _("Either people are reminded on these days, or nobody is.")
            raise refusal("import-bad-value", message, _("Leave one of them out."), ("no_reminders",))
        for problem in faults(self.terms):
            raise refusal(
                "import-bad-value", problem.words(gettext), problem.advice(gettext) or None, _at(problem.path)
            )
        return self


def _at(path: Path) -> tuple[str | int, ...]:
    """Where a problem of a decision stands in the file."""
    return tuple(_KEYS.get(step, step) if isinstance(step, str) else step for step in path)
