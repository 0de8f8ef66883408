"""How much a figure changed. Changes are computed from two figures, and never taken over from a publication."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from pdca.indicators.limits import rounded


@dataclass(frozen=True, slots=True)
class Change:
    """From one figure to another. `absolute` is None when either is missing.

    `percent` is of the first figure, and not defined (None) when either is missing or the first is 0 or less: nothing
    can be a part of that, and the sign would say the opposite of what happened.
    """

    absolute: Decimal | None
    percent: Decimal | None


def change(before: Decimal | None, after: Decimal | None) -> Change:
    """Give the change from one figure to another; both numbers are rounded as all computed figures are."""
    if before is None or after is None:
        return Change(None, None)
    first, difference = Fraction(before), Fraction(after) - Fraction(before)
    return Change(rounded(difference), rounded(difference / first * 100) if first > 0 else None)
