"""What the words of a unit say about its figures: whether they are shares, or places in a list."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

_SHARE: Final = "%"
_RANK: Final = "rank"

Unit = Mapping[str, str]
"""A unit, by language."""


def is_share(unit: Unit) -> bool:
    """Tell whether figures are so many in a hundred; these differ by points."""
    return any(words.startswith(_SHARE) for words in unit.values())


def is_part(unit: Unit) -> bool:
    """Tell whether they are parts of a whole, and not a change from last year or the like."""
    return any(words == _SHARE for words in unit.values())


def is_rank(unit: Unit) -> bool:
    """Tell whether figures are places in a list, which others move too; these differ by places."""
    return any(words.startswith(_RANK) for words in unit.values())


def is_place(value: Decimal) -> bool:
    """Tell whether a figure can be a place in a list: a whole number, from 1 on."""
    return value >= 1 and not value % 1
