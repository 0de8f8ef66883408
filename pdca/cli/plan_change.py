"""Bringing a plan to a changed document and telling what that changed: what `plan edit` and `plan set` share."""

from typing import TYPE_CHECKING, Any, Final

from pdca.cli.context import Context
from pdca.cli.field_labels import Labels, labels_for
from pdca.cli.given import dry_run_told, note, what_came
from pdca.cli.handing_in import HandedIn, hand_in, told_hidden, told_void
from pdca.cli.output import Block, Column, Row, Table, emit_object
from pdca.house import House
from pdca.i18n import N_, _
from pdca.report.gaps import outside
from pdca.words import need_fields

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
    """Bring a plan to what a document says, and tell every field that differs; raises what `hand_in` does."""
    from pdca.exchange.differences import differences

    found = hand_in(
        house,
        opened,
        placed,
        reason=reason,
        dry_run=dry_run,
        look=lambda connection, _now: outside(connection, opened.plan_id),
    )
    moved = found.document["plan"]["period"] != opened.document["plan"]["period"]
    warnings = [need_fields(need) for need in found.warnings if moved]
    with house.reading() as connection:
        labels = labels_for(connection, opened.plan_id)
    view: dict[str, Any] = {
        "plan": opened.plan_id,
        "changed": [
            {"field": one.field, "before": one.before, "after": one.after}
            for one in differences(opened.document, found.document)
        ],
        "voided": list(found.voided),
        **({"warnings": warnings} if warnings else {}),
        **what_came(found.outcome, dry_run=dry_run),
    }
    emit_object(context, "pdca.edit/1", view, human=lambda: _told(view, found, labels))
    note(context, warnings)


def unchanged(context: Context, plan_id: str, *, dry_run: bool) -> None:
    """Tell that there was nothing to change."""
    view: dict[str, Any] = {"plan": plan_id, "changed": [], "voided": [], "event": None, "dry_run": dry_run}
    emit_object(context, "pdca.edit/1", view, human=lambda: [_nothing(view)])


def _nothing(view: Row) -> str:
    return _("%(plan)s: nothing was changed.") % view


def _told(view: Row, found: HandedIn, labels: Labels) -> list[Block]:
    if not view["changed"]:
        return [_nothing(view)]
    heading = _("%(plan)s would be changed:") if view["dry_run"] else _("%(plan)s is changed:")
    told = (
        *told_void(found.voided),
        *told_hidden(hides=found.hides),
        *dry_run_told(dry_run=view["dry_run"]),
    )
    return [heading % view, Table(_columns(labels), view["changed"]), *told]


def _columns(labels: Labels) -> tuple[Column, ...]:
    """The columns of what changed, in the words in which `plan diff` tells it."""

    def said(row: Row, when: str) -> str:
        text = labels.value(row["field"], row[when])
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

    return (
        Column("field", N_("Field"), whole=True, show=lambda row: labels.field(row["field"])),
        Column("before", N_("Before"), show=lambda row: said(row, "before")),
        Column("after", N_("After"), show=lambda row: said(row, "after")),
    )
