"""What a group decided, in the document of its plan: it comes in with a plan that is new, and never changes.

It decides about its moments of evaluation, about those of information, and about reminders, days of grace and ladder.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pdca.engine import Desk
from pdca.exchange import plan_rows
from pdca.exchange.document import PlacedPlan
from pdca.exchange.located import Path
from pdca.exchange.problems import Problem
from pdca.exchange.stored import Stored, different
from pdca.i18n import N_, _
from pdca.store.driver import Row
from pdca.store.reads import people
from pdca.store.rows import Change, insert

_MOMENTS: Final = N_("What a project group decided about its moments stays as it was decided.")
_REMINDERS: Final = N_("What a project group decided about its reminders stays as it was decided.")


@dataclass(frozen=True, slots=True)
class Kind:
    """Decisions of one kind: their key in a file, their table, its columns, and the command that takes one.

    `fixed` is said of one that is not the same as before.
    """

    key: str
    table: str
    columns: Callable[[Any], dict[str, Any]]
    command: str
    fixed: str


KINDS: Final = (
    Kind("schedules", "schedule", plan_rows.decision, "pdca schedule set", _MOMENTS),
    Kind("reminders", "reminding", plan_rows.reminding, "pdca reminder set", _REMINDERS),
    Kind(
        "information_schedules",
        "information_schedule",
        plan_rows.informing_decision,
        "pdca information set",
        _MOMENTS,
    ),
)


def changes(
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
    decided = {kind: getattr(placed.plan, kind.key) for kind in KINDS}
    named = any(one.by for decisions in decided.values() for one in decisions)
    handles = {one["handle"]: one["person_id"] for one in desk.connection.all(people.PEOPLE)} if named else {}
    for kind, decisions in decided.items():
        there = stored.of(kind.table, "plan_id", plan_id)
        for index, wanted in enumerate(decisions):
            path = (*placed.path, kind.key, index)
            if wanted.by is not None and wanted.by not in handles:
                message = _("There is no person “%(name)s”.") % {"name": wanted.by}
                hint = _("`pdca person list` shows them all; leave the key out where nobody knows.")
                problems.append(Problem("import-unknown-reference", message, placed.place((*path, "by")), hint))
            elif row is None:
                key = {"plan_id": plan_id, "number": index + 1}
                yield insert(kind.table, key, **_values(kind, wanted, handles), recorded_at=desk.uow.now_text)
            elif index >= len(there) or different(
                there[index], _values(kind, wanted, handles, there[index]["decided_by"])
            ):
                problems.append(_fixed(kind, placed, path))
        if exact and len(decisions) < len(there):
            problems.append(_fixed(kind, placed, (*placed.path, kind.key)))


def _values(kind: Kind, wanted: Any, handles: Mapping[str, str], otherwise: str | None = None) -> dict[str, Any]:  # noqa: ANN401 - a decision of any kind
    return {**kind.columns(wanted), "decided_by": handles[wanted.by] if wanted.by else otherwise}


def _fixed(kind: Kind, placed: PlacedPlan, path: Path) -> Problem:
    hint = _("Write it again as it was. Another decision is taken with `%(command)s`.") % {"command": kind.command}
    return Problem("edit-decision-fixed", _(kind.fixed), placed.place(path), hint)
