"""Bringing a plan to a changed document and telling what that changed: what `plan edit` and `plan set` share."""

from typing import TYPE_CHECKING, Any, Final

from pdca.cli.cells import flat
from pdca.cli.context import Context
from pdca.cli.house import check
from pdca.cli.output import Block, Column, Row, Table, emit_object
from pdca.cli.words import DRY_RUN
from pdca.house import House
from pdca.i18n import N_, _, localized
from pdca.store.reads import approvals

if TYPE_CHECKING:
    from pdca.exchange.document import PlacedPlan
    from pdca.exchange.plan_text import Opened

_LONGEST: Final = 300


def change_plan(
    context: Context,
    house: House,
    opened: "Opened",
    placed: "PlacedPlan",
    *,
    reason: str | None,
    dry_run: bool,
) -> None:
    """Bring a plan to what a document says, and tell every field that differs.

    Raises what `EditPlan` does, and Refused with every need when the rules forbid it.
    """
    from pdca.exchange.differences import differences
    from pdca.exchange.editing import EditPlan
    from pdca.exchange.exporter import plan_document
    from pdca.plans.advance import Seen

    plan_id = opened.plan_id
    with house.reading() as connection:
        approved = {row["number"]: row["purpose"] for row in connection.all(approvals.LIVE, plan_id=plan_id)}
    command = EditPlan(plan_id, placed, Seen(opened.version), reason)
    with house.performing(command, dry_run=dry_run) as (uow, outcome):
        after = opened.document if outcome.refusal else plan_document(uow.connection, plan_id)
        live = {row["number"] for row in uow.connection.all(approvals.LIVE, plan_id=plan_id)}
    check(outcome, plan_id, dry_run=dry_run)
    view: dict[str, Any] = {
        "plan": plan_id,
        "changed": [
            {"field": one.field, "before": one.before, "after": one.after}
            for one in differences(opened.document, after)
        ],
        "voided": [purpose for number, purpose in approved.items() if number not in live],
        "event": outcome.events[-1] if outcome.events and not dry_run else None,
        "dry_run": dry_run,
    }
    labels = {way.trigger: localized(way.label) for way in opened.definition.transitions}
    emit_object(context, "pdca.edit/1", view, human=lambda: told(view, labels))


def unchanged(context: Context, plan_id: str, *, dry_run: bool) -> None:
    """Tell that there was nothing to change."""
    view: dict[str, Any] = {"plan": plan_id, "changed": [], "voided": [], "event": None, "dry_run": dry_run}
    emit_object(context, "pdca.edit/1", view, human=lambda: told(view, {}))


def told(view: Row, labels: Row) -> list[Block]:
    """Lay out what an edit changed."""
    if not view["changed"]:
        return [_("%(plan)s: nothing was changed.") % view]
    heading = _("%(plan)s would be changed:") if view["dry_run"] else _("%(plan)s is changed:")
    blocks: list[Block] = [heading % view, Table(COLUMNS, view["changed"])]
    blocks += [
        _("The approval of “%(step)s” is void: it was for the plan as it was.") % {"step": labels.get(one, one)}
        for one in view["voided"]
    ]
    if view["dry_run"]:
        blocks.append(_(DRY_RUN))
    return blocks


def _said(value: object) -> str:
    if value is None:
        return "-"
    text = flat(value, words=True)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


COLUMNS: Final = (
    Column("field", N_("Field"), whole=True),
    Column("before", N_("Before"), show=lambda row: _said(row["before"])),
    Column("after", N_("After"), show=lambda row: _said(row["after"])),
)
