"""Moving a plan to another version of its method: only when somebody says so, and never with a silent loss.

What was fixed stays fixed: a deadline that runs goes on as it is, and the version's own deadlines hold from here on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from pdca import methods
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Usage
from pdca.i18n import _
from pdca.notify.outbox import Notice
from pdca.people.commands import lock_installation
from pdca.plans import deadlines
from pdca.plans.advance import Seen, check_unchanged, lock_plan
from pdca.plans.facts import says
from pdca.plans.roles import Standing, present
from pdca.plans.take_over import take_over
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations, plans
from pdca.store.rows import Change, update
from workflows import definition as definitions
from workflows.difference import differences
from workflows.guards import N_, Need, given_motive
from workflows.method import Localized, WorkflowDefinition
from workflows.need import EDIT, Param

MOVERS: Final = ("lead", "administrator")
_COMPARE: Final = "pdca workflow diff %(method)s %(before)s %(after)s"


@dataclass(frozen=True, slots=True)
class Migrate:
    """Move a plan to a version of its method, the newest unless `to_version` names one."""

    plan_id: str
    to_version: int | None = None
    reason: str | None = None
    seen: Seen | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Move it, taking the version over when no plan was worked by it before, or log the refusal.

        Raises NotFound for no such plan, Conflict when it changed since it was seen, Usage when it is on that version
        already, DefinitionError when there is no such version.
        """
        # In the order of an import, which locks the installation first, so that neither waits for the other.
        installation = lock_installation(desk)
        plan = lock_plan(desk, self.plan_id)
        check_unchanged(desk.connection, plan, self.seen)
        old = methods.of_plan(desk.connection, plan)
        new = self._wanted(desk.connection, old)
        stands = present(desk.connection, plan, desk.actor, desk.uow.now)
        stream = Stream.of_plan(plan)
        if needs := (*_allowed(plan, stands), *_losses(desk.connection, plan, old, new), *given_motive(self.reason)):
            draft = Draft(kind="plan.refused", trigger="migrate", from_state=plan["state"], reason=self.reason)
            return desk.refuse(stream, draft, needs)
        desk.act_for(stands.in_whose_stead(MOVERS))
        if method := take_over(desk.connection, new):
            desk.record(Stream.of_installation(installation), Draft(kind="method.taken_over", changes=method))
        live = desk.connection.all(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=self.plan_id)
        added = _deadline(desk, plan, new, live, stream.version + 1)
        moved = update("plan", {"plan_id": self.plan_id}, definition_version=new.version)
        parameters = {"plan": self.plan_id, "title": from_json(plan["title"]), "version": new.version}
        notice = Notice(
            "plan.migrated", ("lead", "group"), {**parameters, "reason": self.reason}, leave_out=desk.actor.person_id
        )
        desk.record(stream, Draft(kind="plan.migrated", changes=[moved, *added], notices=[notice], reason=self.reason))
        return desk.done(
            plan=self.plan_id,
            method=new.id,
            from_version=old.version,
            to_version=new.version,
            changes=[asdict(one) for one in differences(old, new) if one.section != "levels"],
            rubrics_to_write=_to_write(desk.connection, plan, new),
            deadlines_kept=[_told(row) for row in live if row["kind"] in deadlines.OF_A_PHASE],
            deadlines_set=[_told(change.set) for change in added],
        )

    def _wanted(self, connection: Connection, old: WorkflowDefinition) -> WorkflowDefinition:
        known = self.to_version is not None and connection.one(
            plans.DEFINITION, definition_id=old.id, version=self.to_version
        )
        new = (
            methods.taken_over(connection, old.id, self.to_version)
            if known and self.to_version is not None
            else definitions.load(old.id, self.to_version)
        )
        if new.version == old.version:
            raise Usage(
                "version-same",
                _("%(plan)s is worked by version %(version)s of “%(method)s” already.")
                % {"plan": self.plan_id, "version": old.version, "method": old.id},
                hint=_("`pdca workflow list` shows which versions there are."),
            )
        return new


def _allowed(plan: Row, stands: Standing) -> tuple[Need, ...]:
    if not stands.roles.isdisjoint(MOVERS):
        return ()
    return (
        Need(
            "migration-not-allowed",
            N_("Only the project leader of %(plan)s, or an administrator, moves it to another version of its method."),
            {"plan": plan["plan_id"]},
            N_("Ask one of them."),
            "pdca plan show %(plan)s",
        ),
    )


def _losses(connection: Connection, plan: Row, old: WorkflowDefinition, new: WorkflowDefinition) -> tuple[Need, ...]:
    """Name everything that the plan has and that the version has no place for."""
    return (*_states(plan, old, new), *_rubrics(connection, plan, old, new), *_levels(connection, plan, old, new))


def _states(plan: Row, old: WorkflowDefinition, new: WorkflowDefinition) -> Iterator[Need]:
    """The state of a plan, and the one it goes back to, has to be there and mean the same: deadlines hang on it."""
    for state in dict.fromkeys(name for name in (plan["state"], plan["resume_state"]) if name):
        which: dict[str, Param] = {
            "plan": plan["plan_id"],
            "state": old.state_by_id[state].label,
            "method": new.id,
            "before": old.version,
            "after": new.version,
        }
        if state not in new.state_by_id:
            yield Need(
                "state-not-in-version",
                N_("Version %(after)s has no state “%(state)s”, which the plan is in or goes back to."),
                which,
                N_("Move the plan on to a state that both versions have, or choose another version."),
                _COMPARE,
            )
        elif new.state_by_id[state].phase != old.state_by_id[state].phase:
            yield Need(
                "state-in-other-phase",
                N_(
                    "“%(state)s” belongs to another phase in version %(after)s, so the deadlines of the plan would not "
                    "fit."
                ),
                which,
                N_("Move the plan on to a state that means the same in both versions, or choose another version."),
                _COMPARE,
            )


def _rubrics(connection: Connection, plan: Row, old: WorkflowDefinition, new: WorkflowDefinition) -> Iterator[Need]:
    there = {rubric.id for rubric in new.rubrics}
    labels: dict[str, Localized] = {rubric.id: rubric.label for rubric in old.rubrics}
    which: dict[str, Param] = {"plan": plan["plan_id"], "after": new.version}
    for row in connection.all(plans.RUBRICS, plan_id=plan["plan_id"]):
        if row["rubric_id"] not in there and (says(row["text"]) or says(row["not_applicable"])):
            yield Need(
                "rubric-not-in-version",
                N_("Rubric “%(rubric)s” is written, and version %(after)s has no place for it."),
                {**which, "rubric": labels.get(row["rubric_id"]) or row["rubric_id"]},
                N_("Bring its text to another rubric, and take it out of this one."),
                EDIT,
            )
    for row in connection.all(plans.ACTIVITIES, plan_id=plan["plan_id"]):
        if row["rubric_id"] is not None and row["rubric_id"] not in there:
            yield Need(
                "activity-rubric-not-in-version",
                N_("Activity %(activity)s belongs to rubric “%(rubric)s”, which version %(after)s does not have."),
                {
                    **which,
                    "activity": row["activity_id"],
                    "rubric": labels.get(row["rubric_id"]) or row["rubric_id"],
                },
                N_("Bring the activity to another rubric."),
                EDIT,
            )


def _levels(connection: Connection, plan: Row, old: WorkflowDefinition, new: WorkflowDefinition) -> Iterator[Need]:
    """A plan keeps its place among the objectives: above it whether there are any, under it those that it has."""
    which: dict[str, Param] = {"plan": plan["plan_id"], "method": new.id, "before": old.version, "after": new.version}
    if bool(old.above_plan) != bool(new.above_plan):
        yield Need(
            "plan-elsewhere-in-version",
            N_("Plans do not stand under objectives in both versions, so the plan would have no place in the other."),
            which,
            N_("Choose a version in which plans stand where they stand now."),
            _COMPARE,
        )
    if old.under_plan and not new.under_plan and connection.all(plans.PLAN_OBJECTIVES, plan_id=plan["plan_id"]):
        yield Need(
            "objectives-not-in-version",
            N_("The plan has objectives under it, and version %(after)s has no place for them."),
            which,
            N_("Bring what they say to another place, and take them out of the plan."),
            EDIT,
        )


def _deadline(desk: Desk, plan: Row, new: WorkflowDefinition, live: Sequence[Row], number: int) -> list[Change]:
    """The deadline that the version sets on the state of the plan, counted from today, where none of its kind runs."""
    running = {row["kind"] for row in live}
    return [
        change
        for change in deadlines.of_state(plan, new, plan["state"], desk.uow.now, number)
        if change.set["kind"] not in running
    ]


def _to_write(connection: Connection, plan: Row, new: WorkflowDefinition) -> list[str]:
    rows = connection.all(plans.RUBRICS, plan_id=plan["plan_id"])
    filled = {row["rubric_id"] for row in rows if says(row["text"]) or says(row["not_applicable"])}
    return [rubric.id for rubric in new.rubrics if rubric.id not in filled]


def _told(deadline: Mapping[str, Any]) -> dict[str, str]:
    return {"kind": deadline["kind"], "since": deadline["since"]}
