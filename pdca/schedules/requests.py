"""Requests to move an evaluation that nobody approved yet: what was decided anew takes them back."""

from collections.abc import Iterable
from dataclasses import replace

from pdca import extensions
from pdca.engine import Desk
from pdca.schedules.reconcile import Effect, Reconciled
from pdca.store.driver import Row
from pdca.store.reads import evaluations


def without_requests(desk: Desk, result: Reconciled, reason: str | None = None) -> Reconciled:
    """Take back with the changes every request to move an evaluation that they move or cancel.

    `reason` is that of a decision. Without one the moments move by themselves, and a request stays as long as it asks
    for a later day than the one they move to.
    """
    changes, effects = list(result.changes), []
    for effect in result.effects:
        waiting = [row for row in _waiting(desk, effect) if reason is not None or _pointless(effect, row)]
        changes += [extensions.withdrawn("extension", row, reason, desk) for row in waiting]
        effects.append(replace(effect, withdrawn=waiting[-1]["to_date"]) if waiting else effect)
    return Reconciled(changes, effects)


def _waiting(desk: Desk, effect: Effect) -> Iterable[Row]:
    if effect.what in ("made", "kept"):
        return []
    asked = desk.connection.all(evaluations.EXTENSIONS, evaluation_id=effect.moment_id)
    return [row for row in asked if extensions.waits(row)]


def _pointless(effect: Effect, row: Row) -> bool:
    return effect.what == "cancelled" or str(row["to_date"]) <= effect.date
