"""The decisions about moments in the document of a plan: they come in with a plan that is new, and never change."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pdca.engine import Desk
from pdca.exchange import plan_rows
from pdca.exchange.document import PlacedPlan
from pdca.exchange.problems import Problem
from pdca.exchange.stored import Stored, different
from pdca.i18n import _
from pdca.store.driver import Row
from pdca.store.reads import people
from pdca.store.rows import Change, insert


@dataclass(frozen=True, slots=True)
class Kind:
    """Decisions of one kind: the key under which a file lists them, their table, their columns, and who takes one."""

    key: str
    table: str
    columns: Callable[[Any], dict[str, Any]]
    command: str


EVALUATING: Final = Kind("schedules", "schedule", plan_rows.decision, "pdca schedule set")
INFORMING: Final = Kind(
    "information_schedules", "information_schedule", plan_rows.informing_decision, "pdca information set"
)


def changes(
    kind: Kind,
    desk: Desk,
    stored: Stored,
    placed: PlacedPlan,
    row: Row | None,
    plan_id: str,
    problems: list[Problem],
    *,
    exact: bool,
) -> Iterator[Change]:
    """Give the decisions of a plan that is new (`row` None); of one that is there, any other decision is a problem."""
    decisions = getattr(placed.plan, kind.key)
    named = any(one.by for one in decisions)
    handles = {one["handle"]: one["person_id"] for one in desk.connection.all(people.PEOPLE)} if named else {}
    there = stored.of(kind.table, "plan_id", plan_id)
    for index, wanted in enumerate(decisions):
        path = (*placed.path, kind.key, index)
        if wanted.by is not None and wanted.by not in handles:
            message = _("There is no person “%(name)s”.") % {"name": wanted.by}
            hint = _("`pdca person list` shows them all; leave the key out where nobody knows.")
            problems.append(Problem("import-unknown-reference", message, placed.place((*path, "by")), hint))
        elif row is None:
            key = {"plan_id": plan_id, "number": index + 1}
            values = _values(kind, wanted, handles)
            yield insert(kind.table, key, **values, recorded_at=desk.uow.now_text)
        elif index >= len(there) or different(there[index], _values(kind, wanted, handles, there[index]["decided_by"])):
            problems.append(_by_decision(kind, placed, path))
    if exact and len(decisions) < len(there):
        problems.append(_by_decision(kind, placed, (*placed.path, kind.key)))


def _values(kind: Kind, wanted: Any, handles: Mapping[str, str], otherwise: str | None = None) -> dict[str, object]:  # noqa: ANN401 - a decision of either kind
    return {**kind.columns(wanted), "decided_by": handles[wanted.by] if wanted.by else otherwise}


def _by_decision(kind: Kind, placed: PlacedPlan, path: tuple[str | int, ...]) -> Problem:
    message = _("What a project group decided about its moments stays as it was decided.")
    hint = _("Write it again as it was. Another decision is taken with `%(command)s`.") % {"command": kind.command}
    return Problem("edit-decision-fixed", message, placed.place(path), hint)
