"""What is aimed at in one period, as far as figures can be held against it.

The direction belongs to the target and not to the indicator: what had to fall one year may have to rise the next.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, inf
from typing import Final, Literal, NamedTuple, Self

from pdca.indicators.limits import exact

Direction = Literal["up", "down", "hold", "range", "none"]
Operator = Literal["<", "<=", "=", ">=", ">"]
Kind = Literal["number", "rank", "words", "undetermined", "other_length"]

OPERATORS: Final[tuple[Operator, ...]] = ("<", "<=", "=", ">=", ">")


class Between(NamedTuple):
    """The whole numbers from one up to another, both included; infinite where there is no end."""

    low: float
    high: float


class Aimed(NamedTuple):
    """The figures that meet a target: those between two ends, each with whether it belongs to them; None is no end."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_included: bool = True
    high_included: bool = True

    @classmethod
    def by(cls, operator: Operator, value: Decimal) -> Self:
        """Give the figures that stand in this way to a value."""
        end = Fraction(value)
        included = operator in ("<=", "=", ">=")
        return cls(
            low=end if operator in ("=", ">=", ">") else None,
            high=end if operator in ("=", "<=", "<") else None,
            low_included=included,
            high_included=included,
        )

    def __contains__(self, value: Fraction) -> bool:  # type: ignore[override]
        above = self.low is None or value > self.low or (self.low_included and value == self.low)
        below = self.high is None or value < self.high or (self.high_included and value == self.high)
        return above and below

    def whole(self, measure: int) -> Between:
        """Give the figures that meet it as whole numbers of a measure, of which so many make 1."""
        low: float = -inf
        high: float = inf
        if self.low is not None:
            low = ceil(self.low * measure) if self.low_included else floor(self.low * measure) + 1
        if self.high is not None:
            high = floor(self.high * measure) if self.high_included else ceil(self.high * measure) - 1
        return Between(low, high)

    def distance(self, value: Fraction) -> Fraction:
        """Give how far a figure lies from them; 0 within."""
        if self.low is not None and value < self.low:
            return self.low - value
        if self.high is not None and value > self.high:
            return value - self.high
        return Fraction()


@dataclass(frozen=True, slots=True)
class Target:
    """The target of one period: an operator with a value, or a range from `low` to `high`, both included.

    `words` ("falling", "followed"), what is still `undetermined`, and a number for a period of `other_length` than the
    figures are about, have neither; a `rank` is a place in a list that others move too. A ValueError says what is
    wrong.
    """

    direction: Direction
    kind: Kind = "number"
    operator: Operator | None = None
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None

    def __post_init__(self) -> None:
        single = self.operator is not None and self.value is not None
        ranged = self.low is not None or self.high is not None
        figures = self.kind in ("number", "rank")
        half = (self.operator is None) != (self.value is None)
        if (
            half
            or (single and ranged)
            or (figures and not single and not ranged)
            or (not figures and (single or ranged))
        ):
            message = "a target has an operator with a value, or a range, and in words neither"
            raise ValueError(message)
        if self.low is not None and self.high is not None and self.low > self.high:
            message = f"a range from {self.low} to {self.high} has nothing in it"
            raise ValueError(message)

    def aimed(self) -> Aimed | None:
        """Give the figures that meet it; None for one that no figure can be held against."""
        if self.operator is not None and self.value is not None:
            return Aimed.by(self.operator, self.value)
        return None if self.low is None and self.high is None else Aimed(exact(self.low), exact(self.high))
