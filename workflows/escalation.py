"""The escalation ladder: who is told next about something overdue, and when."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

from workflows.method import RECIPIENTS, LadderStep
from workflows.need import N_
from workflows.problem import Path, Problem, unknown

LATE: Final = timedelta(days=1)
"""A rung told so late moves those after it: whoever it told had no time to act meanwhile."""


class Rung(NamedTuple):
    """One step of the ladder for one overdue thing: its number (from 0), its UTC instant, the recipient role."""

    step: int
    at: datetime
    to: str


class Acknowledgement(NamedTuple):
    """That somebody who was told takes it up: for good, or `until` an instant by which it will be done."""

    until: datetime | None = None


def faults(ladder: Sequence[LadderStep], path: Path) -> Iterator[Problem]:
    """Yield what is wrong with a ladder; `path` is where it stands."""
    for index, step in enumerate(ladder):
        if step.to not in RECIPIENTS:
            yield unknown("recipient", (*path, index, "to"), step.to, RECIPIENTS)
    for index, (before, after) in enumerate(pairwise(ladder), start=1):
        if after.after_days <= before.after_days:
            text = N_("%(after)s days does not come after %(before)s.")
            params = {"after": after.after_days, "before": before.after_days}
            hint = N_("Put the steps in order of their days.")
            yield Problem("ladder-order", (*path, index, "after_days"), text, hint, params)


def rung_after(ladder: Sequence[LadderStep], step: int, due: datetime, told: datetime) -> Rung | None:
    """The rung after step number `step`, which was due at `due` and told at `told`; None when that was the last.

    The rungs keep their distance, in days of 24 hours. One that was told a day late or more, because nothing ran, moves
    the next by as much, so that after a long stop not everybody up to the authority is told at one instant.

    Raises ValueError for an instant without a time zone or a negative `step`.
    """
    if due.utcoffset() is None or told.utcoffset() is None:
        msg = f"an instant has no time zone: {due!r}, {told!r}"
        raise ValueError(msg)
    if step < 0:
        msg = f"steps of the ladder count from 0, not {step}"
        raise ValueError(msg)
    if step + 1 >= len(ladder):
        return None
    here, following = ladder[step], ladder[step + 1]
    since = due if told - due < LATE else told
    at = since.astimezone(UTC) + timedelta(days=following.after_days - here.after_days)
    return Rung(step + 1, at, following.to)


def acknowledged(rung: Rung | None, word: Acknowledgement | None) -> Rung | None:
    """The next rung as an acknowledgement leaves it: None when it stops the ladder.

    One that names an instant only holds the ladder up: who said “done by Friday” and did not is overdue again, and the
    rung is told then. Raises ValueError for an instant without a time zone.
    """
    if rung is None or word is None:
        return rung
    if word.until is None:
        return None
    if word.until.utcoffset() is None:
        msg = f"an instant has no time zone: {word.until!r}"
        raise ValueError(msg)
    return rung._replace(at=max(rung.at, word.until.astimezone(UTC)))


def carried_over(
    old: Sequence[LadderStep], new: Sequence[LadderStep], step: int, due: datetime
) -> tuple[int, Rung | None]:
    """The place on another ladder of what stood after `step` rungs of the old one, whose next was due at `due`.

    Gives how many rungs count as told, and the next one: the first that comes later than the last one told, at the
    distance that it has from that. With nobody left to tell on the old ladder, `due` is when the last one was told.
    """
    if not old:
        return len(new), None
    offset = old[min(step, len(old)) - 1].after_days
    told = due - timedelta(days=old[step].after_days - offset) if step < len(old) else due
    following = next((number for number, rung in enumerate(new) if rung.after_days > offset), None)
    if following is None:
        return len(new), None
    at = told.astimezone(UTC) + timedelta(days=new[following].after_days - offset)
    return following, Rung(following, at, new[following].to)
