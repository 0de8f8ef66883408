"""How approvals are told: what became of each, and the columns of their list."""

from typing import Final

from pdca.cli.cells import Row
from pdca.cli.output import Column
from pdca.cli.words import BEHALF, behalf, day
from pdca.i18n import N_, _, localized
from pdca.words import marked, spoken

STATUS: Final = {
    "holds": N_("holds"),
    "used": N_("used: the step was taken"),
    "void": N_("void: the plan was changed"),
    "outdated": N_("does not fit: the plan is not what was approved"),
    "owner": N_("does not count: who gave it owns the plan now"),
}
BECAUSE: Final = {
    "plan.edited": N_("the plan was edited"),
    "plan.updated": N_("the plan was imported again"),
    "plan.migrated": N_("the plan went to another version of its method"),
    "plan.advanced": N_("another step was taken"),
    **dict.fromkeys(
        ("programme.imported", "people.imported", "party.changed"),
        N_("an indicator, a function or a stakeholder that the plan names was changed"),
    ),
}
"""Why a plan is not what was approved, by the kind of the event that made it so."""


def became(row: Row) -> str:
    """Say what became of an approval, and when and by which event the plan changed."""
    if row["changed_event"] is None:
        changed = row["status"] == "used" and not row["fits"]
        return _("used: the step was taken; changed since") if changed else spoken(STATUS, row["status"])
    how = {
        "why": spoken(BECAUSE, row["voided_because"])
        if row["voided_because"] in BECAUSE
        else _("the plan was changed"),
        "day": day(row["changed_at"], row["zone"]),
        "event": row["changed_event"],
    }
    if row["status"] == "used":
        return _("used: the step was taken; since %(day)s not what was approved: %(why)s (event %(event)s)") % how
    return _("void: %(why)s (event %(event)s)") % how


COLUMNS: Final = (
    Column("number", N_("Nr"), right=True),
    Column("step", N_("Step"), show=lambda row: localized(row["step"]) if row["step"] else row["purpose"]),
    Column("approved_at", N_("Approved"), whole=True, show=lambda row: day(row["approved_at"], row["zone"])),
    Column(
        "approved_by_name",
        N_("By whom"),
        show=lambda row: marked(row["approved_by_name"], row["approver_assumed"]) + behalf(row),
    ),
    Column("reason", N_("Why")),
    Column("status", N_("What became of it"), show=became),
    Column("since", N_("Since"), whole=True, show=lambda row: day(row["since"], row["zone"])),
)
FIELDS: Final = (
    COLUMNS[0],
    Column("purpose", "Trigger"),
    *COLUMNS[2:],
    Column("changed_at", "Changed"),
    Column("changed_event", "Changed by event"),
    Column("voided_because", "Void because"),
    Column("approver_assumed", "Approver is assumed"),
    *BEHALF,
    Column("content_sha256", "SHA-256"),
    Column("fits", "Fits the plan"),
)


SHORT: Final = tuple(column for column in COLUMNS if column.key not in ("number", "reason", "since"))
"""For the page of a plan."""
