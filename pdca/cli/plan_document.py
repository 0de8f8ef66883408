"""Changing what a plan itself says: its document is written out, changed, and handed in, all in one event."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pdca import methods
from pdca.cli.context import Context
from pdca.cli.house import check, find_plan
from pdca.cli.output import emit_object
from pdca.cli.words import DRY_RUN
from pdca.errors import Usage
from pdca.house import House
from pdca.i18n import _, localized
from pdca.plans.roles import local_date
from pdca.store.driver import Connection
from pdca.store.reads import approvals, plans
from workflows.method import Localized, WorkflowDefinition

if TYPE_CHECKING:
    from pdca.engine import Outcome
    from pdca.exchange.known import Known


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What became of a plan: the outcome, and the steps whose approval is void by it, as its method calls them."""

    outcome: "Outcome"
    voided: dict[str, Localized]


@dataclass(frozen=True, slots=True)
class Written:
    """A plan as its document says it, to be changed in place; `today` is the local day of the plan.

    `language` is that of the texts in `plan` that do not name theirs.
    """

    plan_id: str
    plan: dict[str, Any]
    language: str
    today: date
    definition: WorkflowDefinition
    known: "Known"
    connection: Connection


@contextmanager
def on_the_command_line() -> Iterator[None]:
    """Tell what is wrong with a document that was made from a command line as a mistake of that, and of no file."""
    from pdca.exchange.problems import ImportRefused

    try:
        yield
    except ImportRefused as refused:
        first = refused.problems[0]
        message = "\n".join(problem.message for problem in refused.problems)
        raise Usage(first.code, message, hint=first.hint, place=first.place) from refused


def rewrite_plan(
    house: House,
    word: str,
    change: Callable[[Written], None],
    *,
    reason: str | None = None,
    dry_run: bool = False,
) -> Rewritten:
    """Write the document of a plan out, let it be changed, and hand it in.

    Raises Conflict when somebody else changed the plan meanwhile, Refused when the rules forbid the change, Usage when
    the document does not fit together any more. Without any difference there is no event.
    """
    from pdca.exchange.editing import EditPlan
    from pdca.exchange.exporter import plan_document
    from pdca.exchange.known import known_in
    from pdca.exchange.plan_file import plan_of
    from pdca.plans.advance import Seen

    with house.reading() as connection:
        plan_id = find_plan(connection, word)
        # Before the document: what changes in between is noticed when it is handed in.
        row = connection.one(plans.PLAN, plan_id=plan_id) or {}
        data = plan_document(connection, plan_id)
        definition = methods.of_plan(connection, row)
        known = known_in(connection)
        today = local_date(house.now(connection), row["zone"])
        approved = connection.all(approvals.LIVE, plan_id=plan_id)
        change(Written(plan_id, data["plan"], data["language"], today, definition, known, connection))
    with on_the_command_line():
        placed = plan_of(data, known, definition, plan_id)
    command = EditPlan(plan_id, placed, Seen(row["version"]), reason)
    with house.performing(command, dry_run=dry_run) as (uow, outcome):
        live = {one["number"] for one in uow.connection.all(approvals.LIVE, plan_id=plan_id)}
    check(outcome, plan_id, dry_run=dry_run)
    labels = {way.trigger: way.label for way in definition.transitions}
    voided = {one["purpose"]: labels[one["purpose"]] for one in approved if one["number"] not in live}
    return Rewritten(outcome, voided)


def emit_rewritten(
    context: Context, schema: str, found: Rewritten, view: dict[str, Any], line: str, *, dry_run: bool
) -> None:
    """Tell what became of a plan: `line` for people, or that everything was so already."""
    outcome = found.outcome
    event = outcome.events[-1] if outcome.events and not dry_run else None
    payload = {"plan": outcome.summary["plan"], **view, "voided": list(found.voided), "event": event}
    words = [line if outcome.events else _("Everything was so already; nothing was changed.")]
    words += [
        _("The approval of “%(step)s” is void: it was for the plan as it was.") % {"step": localized(label)}
        for label in found.voided.values()
    ]
    if dry_run:
        words.append(_(DRY_RUN))
    emit_object(context, schema, {**payload, "dry_run": dry_run}, human=lambda: words)
