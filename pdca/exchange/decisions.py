"""The decisions about moments in the document of a plan: they come in with a plan that is new, and never change."""

from collections.abc import Iterator

from pdca.engine import Desk
from pdca.exchange import plan_rows
from pdca.exchange.document import PlacedPlan
from pdca.exchange.moment_records import Decision
from pdca.exchange.problems import Problem
from pdca.exchange.stored import Stored, different
from pdca.i18n import _
from pdca.store.driver import Row
from pdca.store.reads import people
from pdca.store.rows import Change, insert


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
    named = any(one.by for one in placed.plan.schedules)
    handles = {one["handle"]: one["person_id"] for one in desk.connection.all(people.PEOPLE)} if named else {}
    there = stored.of("schedule", "plan_id", plan_id)
    for index, wanted in enumerate(placed.plan.schedules):
        path = (*placed.path, "schedules", index)
        if wanted.by is not None and wanted.by not in handles:
            message = _("There is no person “%(name)s”.") % {"name": wanted.by}
            hint = _("`pdca person list` shows them all; leave the key out where nobody knows.")
            problems.append(Problem("import-unknown-reference", message, placed.place((*path, "by")), hint))
        elif row is None:
            key = {"plan_id": plan_id, "number": index + 1}
            yield insert("schedule", key, **_values(wanted, handles), recorded_at=desk.uow.now_text)
        elif index >= len(there) or different(there[index], _values(wanted, handles, there[index]["decided_by"])):
            problems.append(_by_decision(placed, path))
    if exact and len(placed.plan.schedules) < len(there):
        problems.append(_by_decision(placed, (*placed.path, "schedules")))


def _values(wanted: Decision, handles: dict[str, str], otherwise: str | None = None) -> dict[str, object]:
    return {**plan_rows.decision(wanted), "decided_by": handles[wanted.by] if wanted.by else otherwise}


def _by_decision(placed: PlacedPlan, path: tuple[str | int, ...]) -> Problem:
    message = _("What a project group decided about its moments stays as it was decided.")
    hint = _("Write it again as it was. Another decision is taken with `pdca schedule set`.")
    return Problem("edit-decision-fixed", message, placed.place(path), hint)
