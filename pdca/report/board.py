"""The plans by state, in the order in which their method names the states."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pdca import methods

if TYPE_CHECKING:
    from pdca.store.driver import Connection
    from workflows.method import State

PHASES: Final = ("plan", "do", "check", "adjust")
"""The phases whose plans are at work; the others are ended and suspended."""


class Pile(NamedTuple):
    """The plans that are in one state; `label` is the name of the state by language, `phase` what it belongs to."""

    state: str
    label: dict[str, str]
    phase: str
    plans: tuple[dict[str, Any], ...]


def piles(connection: "Connection", plans: Sequence[dict[str, Any]]) -> list[Pile]:
    """Put plans, as `pdca.report.plans.listed` gives them, on a pile per state; also states without plans are given.

    States of several methods that bear the same id are one pile, called as the first method calls it.
    """
    worked_by = dict.fromkeys((row["definition"], row["definition_version"]) for row in plans)
    states: dict[str, State] = {}
    for name, version in worked_by:
        for state in methods.taken_over(connection, name, version).states:
            states.setdefault(state.id, state)
    for row in plans:
        if row["state"] not in states:
            states[row["state"]] = methods.state_of(connection, row)
    return [
        Pile(state.id, dict(state.label), state.phase, tuple(row for row in plans if row["state"] == state.id))
        for state in states.values()
    ]
