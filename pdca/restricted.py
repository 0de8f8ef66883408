"""Of whom a restricted plan is kept: decided here and nowhere else, for messages, calendars, reports and pages."""

from collections.abc import Mapping
from typing import Any, Final

OUTSIDE: Final = ("partner", "authority", "public")
"""Kinds of parties outside the body: to whoever stands for one, no message and no calendar of his or her own tells of a
restricted plan, not even of what is theirs; who stands in its project group is told as everybody in it."""

NOT_INFORMED: Final = ("partner", "public")
"""Audiences that are not informed of a restricted plan; authorities are."""


def untold(plan: Mapping[str, Any], kind: str) -> bool:
    """Tell whether who stands for a party of this kind hears nothing of a plan, also of what is theirs."""
    return bool(plan["restricted"]) and kind in OUTSIDE


def kept_from(plan: Mapping[str, Any], audience: str, *, decided: bool = False) -> bool:
    """Tell whether a plan is withheld from an audience; `decided`: the project group decided otherwise for a party."""
    return bool(plan["restricted"]) and audience in NOT_INFORMED and not decided
