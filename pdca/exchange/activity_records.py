"""The records of the import format about what is done under a plan: its activities, their steps and their means."""

from decimal import Decimal
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from pdca.exchange.fields import (
    Amount,
    Key,
    LocalLabel,
    LocalText,
    Many,
    Number,
    Stated,
    Text,
    Year,
)
from pdca.exchange.records import Alone, Sourced, check_order
from pdca.exchange.values import refusal
from pdca.i18n import _

MEANS = ("money", "fte", "hours", "headcount")


class Step(Alone):
    """A step of an activity. In the file it may be its text alone."""

    alone: ClassVar = "text"

    text: LocalText
    done: bool = False


class Means(Sourced):
    """Means or capacity of an activity in a year: how much was planned of which kind, and how much was deployed.

    `money` is in euro; the amount planned is null where only what was deployed is known.
    """

    year: Year
    money: Amount | None = None
    fte: Amount | None = None
    hours: Amount | None = None
    headcount: Amount | None = None
    deployed: Amount | None = None
    shortfall: Text | None = None

    @property
    def kind(self) -> str:
        """The one kind that the file names."""
        return next(kind for kind in MEANS if kind in self.model_fields_set)

    @property
    def planned(self) -> Decimal | None:
        """The amount planned of its kind."""
        amount: Decimal | None = getattr(self, self.kind)
        return amount

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [kind for kind in MEANS if kind in self.model_fields_set]
        if len(kinds) != 1:
            message = _("Means are of one kind: money, fte, hours or headcount.")
            raise refusal("import-incomplete", message, _("Write one line for each kind."))
        if self.planned is None and self.deployed is None:
            message = _("This says neither what was planned nor what was deployed.")
            raise refusal("import-incomplete", message, _("Write the amount, or leave the line out."), (kinds[0],))
        if kinds == ["headcount"]:
            _whole_people(self.headcount, "headcount")
            _whole_people(self.deployed, "deployed")
        if kinds == ["money"]:
            _whole_cents(self.money, "money")
            _whole_cents(self.deployed, "deployed")
        return self

    @model_validator(mode="after")
    def _shortfall_explained(self) -> Self:
        if self.deployed is None and self.shortfall is not None:
            message = _("This says why less was deployed, and not how much.")
            raise refusal("import-incomplete", message, _("Give the amount deployed, 0 for nothing."), ("shortfall",))
        if self.planned is None or self.deployed is None:
            return self
        if self.deployed < self.planned and self.shortfall is None:
            message = _("Only %(deployed)s of %(planned)s was deployed, and this does not say why.")
            message %= {"deployed": self.deployed, "planned": self.planned}
            raise refusal("import-incomplete", message, _("Give the reason under “shortfall”."), ("deployed",))
        if self.deployed >= self.planned and self.shortfall is not None:
            message = _("Nothing falls short here: as much was deployed as was planned.")
            raise refusal(
                "import-bad-value", message, _("Leave “shortfall” out, or correct the amounts."), ("shortfall",)
            )
        return self


class Activity(Sourced):
    """One activity of a plan; `owner` is a party, `objective` one under the plan, `after` are those that come first."""

    id: Key
    title: LocalLabel
    owner: Key | None = None
    start: Stated | None = None
    end: Stated | None = None
    status: Literal["planned", "running", "done", "dropped"] = "planned"
    rubric: Key | None = None
    after: Many[Key] = ()
    axis: Key | None = None
    indicator: Key | None = None
    result: Number | None = None
    objective: Key | None = None
    steps: Many[Step] = ()
    means: Many[Means] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start is not None and self.end is not None:
            check_order(self.start.first_day, self.end.date, "end")
        return self


def _whole_cents(number: Decimal | None, at: str) -> None:
    if number is not None and number * 100 != (number * 100).to_integral_value():
        message = _("%(number)s is not an amount in euro: it has parts of a cent.") % {"number": number}
        raise refusal("import-bad-value", message, _("Write at most two decimals."), (at,))


def _whole_people(number: Decimal | None, at: str) -> None:
    if number is not None and number != number.to_integral_value():
        message = _("%(number)s is not a number of people.") % {"number": number}
        raise refusal("import-bad-value", message, _("Use fte for parts of a person."), (at,))
