"""What a plan said on one day and on another: its document, its state, and what became of its evaluations."""

from typing import Any, Final

from pdca.exchange.differences import Difference, differences
from pdca.exchange.exporter import plan_document
from pdca.store.driver import Connection
from pdca.store.reads import evaluations, plans

_OF_THE_PLAN: Final = (
    "state",
    "cycle",
    "definition",
    "definition_version",
    "watch",
    "watch_again",
    "watch_indicator_id",
)
_OF_A_MOMENT: Final = (
    "due_date",
    "status",
    "verdict",
    "process_findings",
    "effect_findings",
    "attributed_to",
    "attribution",
    "evidence",
    "deployed",
    "lessons",
)


def differences_of_days(old: Connection | None, new: Connection, plan_id: str) -> list[Difference]:
    """List what a plan says otherwise in `new` than in `old`, None for a day on which it was not there yet."""
    before: dict[str, Any] = _said(old, plan_id) if old else {"plan": {}}
    return list(differences(before, _said(new, plan_id)))


def _said(connection: Connection, plan_id: str) -> dict[str, Any]:
    """Give the document of a plan with what happened to it among its fields."""
    document = plan_document(connection, plan_id)
    row = connection.one(plans.PLAN, plan_id=plan_id) or {}
    happened = {name: row[name] for name in _OF_THE_PLAN if row[name] is not None}
    moments = {
        str(moment["evaluation_id"]): {name: moment[name] for name in _OF_A_MOMENT if moment[name] is not None}
        for moment in connection.all(evaluations.OF_PLAN, plan_id=plan_id)
    }
    return {**document, "plan": {**happened, **document["plan"], "held": moments}}
