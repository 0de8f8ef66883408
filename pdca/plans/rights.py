"""What keeps somebody from changing a plan, by whatever way the change comes: an edit or an import."""

from collections.abc import Iterable, Sequence
from typing import Final

from pdca.plans.roles import Standing
from pdca.store.driver import Row
from pdca.store.rows import Change
from workflows.method import WorkflowDefinition
from workflows.need import N_, Need

GROUP: Final = ("lead", "member")
"""The project group, which writes what the plan says and decides on it; a deputy stands as the lead does."""

APPROVERS: Final = frozenset({*GROUP, "chief", "authority", "administrator"})
"""The roles that settle a request to move an evaluation."""

LEADING: Final = ("lead", "chief")
"""Who, besides an administrator, says who leads the plan, who is in its group, and who may see it."""

MOMENTS: Final = frozenset({"evaluation", "information_moment", "information_schedule", "schedule"})

PARTNERS: Final = frozenset({"involvement", "reaction"})

_LEADING_COLUMNS: Final = {"lead_id": "lead", "restricted": "restricted", "mmm": "mmm"}
# The deadline of the group follows from who is in it.
_OF_LEADING: Final = frozenset({"group_member", "deadline"})


def ended(plan: Row, definition: WorkflowDefinition) -> tuple[Need, ...]:
    """What a plan was when it ended is evidence."""
    if not definition.state_by_id[plan["state"]].ended:
        return ()
    return (
        Need(
            "plan-ended",
            N_("The plan has ended (“%(state)s”), and stays as it was then."),
            {"plan": plan["plan_id"], "state": definition.state_by_id[plan["state"]].label},
            N_("A plan that went to daily operations can be reopened."),
            "pdca plan why-not %(plan)s",
        ),
    )


def in_preparation(plan: Row, definition: WorkflowDefinition, evaluations: Iterable[Row]) -> bool:
    """Tell whether a plan was never started; `evaluations` are its own.

    One that is in Plan again has been evaluated, also where its method does not count that as another cycle.
    """
    in_plan = definition.state_by_id[plan["state"]].phase == "plan"
    return in_plan and plan["cycle"] == 1 and not any(row["opened_at"] for row in evaluations)


def moments(plan: Row, stands: Standing, changes: Iterable[Change]) -> tuple[Need, ...]:
    """When a plan is evaluated and others are informed, its project group fixes: no administrator (clause 18)."""
    if plan["lead_id"] is None or stands.roles & set(GROUP):
        return ()
    if not any(change.table in MOMENTS for change in changes):
        return ()
    return (
        Need(
            "moments-by-group",
            N_("When %(plan)s is evaluated, and when others are informed, the project group fixes itself."),
            {"plan": plan["plan_id"]},
            N_("Ask the project leader, or a member of the project group, to set the moments."),
            "pdca evaluation add %(plan)s --date … --reason …",
        ),
    )


def partners(plan: Row, stands: Standing, changes: Iterable[Change]) -> tuple[Need, ...]:
    """That partners were involved, and what they said and were answered, the project group says itself."""
    if stands.roles & set(GROUP) or not any(change.table in PARTNERS for change in changes):
        return ()
    return (
        Need(
            "not-in-project-group",
            N_("Only the project group of %(plan)s records sessions with partners, their reactions and the answers."),
            {"plan": plan["plan_id"]},
            N_("Ask the project leader."),
            "pdca group show %(plan)s",
        ),
    )


def editing(plan: Row, stands: Standing, changes: Sequence[Change]) -> tuple[Need, ...]:
    """The project group writes its plan, whoever leads it says who that is, and an administrator helps."""
    roles = stands.roles
    if "administrator" in roles:
        return (*moments(plan, stands, changes), *partners(plan, stands, changes))
    fields = _of_who_leads(changes)
    if roles & set(GROUP):
        return () if not fields or roles & set(LEADING) else (_lead_only(plan, fields),)
    if "chief" in roles and all(_is_of_who_leads(change) for change in changes):
        return ()
    return (
        Need(
            "not-in-project-group",
            N_("Only the project group of %(plan)s changes what it says."),
            {"plan": plan["plan_id"]},
            N_("Ask the project leader."),
        ),
    )


def acting(changes: Iterable[Change], stands: Standing) -> str | None:
    """Name the absent person by whom somebody may make these changes; None when it is in his or her own right."""
    if not _of_who_leads(changes):
        return stands.in_whose_stead(GROUP)
    return stands.in_whose_stead((*LEADING, "administrator"))


def _lead_only(plan: Row, fields: Sequence[str]) -> Need:
    return Need(
        "lead-only",
        N_("Only the project leader of %(plan)s, the chief or an administrator changes this: %(fields)s."),
        {"plan": plan["plan_id"], "fields": ", ".join(fields)},
        N_("Ask the project leader."),
        "pdca group show %(plan)s",
    )


def _of_who_leads(changes: Iterable[Change]) -> list[str]:
    """Name the fields of the document that the group itself does not change."""
    found = []
    for change in changes:
        if change.table == "plan":
            found += [field for column, field in _LEADING_COLUMNS.items() if column in change.set]
        elif change.table == "group_member":
            found.append("group")
    return list(dict.fromkeys(found))


def _is_of_who_leads(change: Change) -> bool:
    if change.table == "plan":
        return change.set.keys() <= _LEADING_COLUMNS.keys()
    return change.table in _OF_LEADING
