"""Handing in the changed document of a plan, and learning which approvals are void by it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pdca.cli.house import check
from pdca.house import House
from pdca.i18n import N_, _, localized
from pdca.store.driver import Connection
from pdca.store.reads import approvals
from workflows.method import Localized
from workflows.need import Need

if TYPE_CHECKING:
    from pdca.engine import Outcome
    from pdca.exchange.document import PlacedPlan
    from pdca.exchange.plan_text import Opened


STILL_SHOWN: Final = N_(
    "What was written before still shows it: the scheduler takes it out of its folder; a site that stands elsewhere is "
    "to be written anew with `pdca report site`."
)

Look = Callable[[Connection, datetime], Sequence[Need]]


class HandedIn(NamedTuple):
    """What became of a plan: the outcome, its document now, and the steps whose approval is void, with their names.

    `warnings` are what does not fit, though it was taken in; `hides` tells whether partners or the public see less.
    """

    outcome: "Outcome"
    document: dict[str, Any]
    voided: dict[str, Localized]
    warnings: tuple[Need, ...] = ()
    hides: bool = False


def hand_in(
    house: House,
    opened: "Opened",
    placed: "PlacedPlan",
    *,
    reason: str | None = None,
    dry_run: bool = False,
    look: Look | None = None,
) -> HandedIn:
    """Bring a plan, as it was opened, to what a document says.

    Raises what `EditPlan` does, and Refused with every need when the rules forbid it. Without any difference there is
    no event. `look` looks at what became of it for warnings, also in a dry run.
    """
    from pdca.exchange.editing import EditPlan
    from pdca.exchange.exporter import plan_document
    from pdca.plans.advance import Seen
    from pdca.report.withheld import withheld_of

    plan_id = opened.plan_id
    with house.reading() as connection:
        approved = connection.all(approvals.LIVE, plan_id=plan_id)
        hidden = withheld_of(connection, plan_id)
    command = EditPlan(plan_id, placed, Seen(opened.version), reason)
    with house.performing(command, dry_run=dry_run) as (uow, outcome):
        document = opened.document if outcome.refusal else plan_document(uow.connection, plan_id)
        warnings = () if outcome.refusal or look is None else tuple(look(uow.connection, uow.now))
        hides = not withheld_of(uow.connection, plan_id) <= hidden
        live = {row["number"] for row in uow.connection.all(approvals.LIVE, plan_id=plan_id)}
    check(outcome, plan_id, dry_run=dry_run)
    labels = {way.trigger: way.label for way in opened.definition.transitions}
    voided = {row["purpose"]: labels[row["purpose"]] for row in approved if row["number"] not in live}
    return HandedIn(outcome, document, voided, warnings, hides)


def told_void(voided: Mapping[str, Localized]) -> list[str]:
    """Say of each step that its approval is void."""
    return [
        _("The approval of “%(step)s” is void: it was for the plan as it was.") % {"step": localized(label)}
        for label in voided.values()
    ]


def told_hidden(*, hides: bool) -> list[str]:
    """Say what becomes of that which was written before some of it was hidden."""
    return [_(STILL_SHOWN)] if hides else []
