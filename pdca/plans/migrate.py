"""Moving a plan to another version of its method, or to another method: only when said, and never with a silent loss.

What was fixed stays fixed: a deadline that runs goes on as it is, and the version's own deadlines and reminders hold
from here on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from pdca import methods
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Usage
from pdca.i18n import _
from pdca.notify.outbox import Notice
from pdca.people.commands import lock_installation
from pdca.plans import deadlines, reminders, reminding
from pdca.plans.advance import Seen, check_unchanged, lock_plan
from pdca.plans.facts import says
from pdca.plans.move import Move
from pdca.plans.roles import Standing, present
from pdca.plans.take_over import take_over
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations, plans
from pdca.store.rows import Change, update
from workflows.difference import differences
from workflows.guards import N_, Need, given_motive
from workflows.method import WorkflowDefinition

MOVERS: Final = ("lead", "administrator")


@dataclass(frozen=True, slots=True)
class Migrate:
    """Move a plan to a version of its method, the newest unless `to_version` names one, or to that of another `method`.

    `states` says which state of the method takes the place of one that is called otherwise there.
    """

    plan_id: str
    to_version: int | None = None
    reason: str | None = None
    seen: Seen | None = None
    method: str | None = None
    states: Mapping[str, str] = field(default_factory=dict)

    def perform(self, desk: Desk) -> Outcome:
        """Move it, taking the version over when no plan was worked by it before, or log the refusal.

        Raises NotFound for no such plan, Conflict when it changed since it was seen, Usage when it is on that version
        already or `states` names one that is not there, DefinitionError when there is no such version.
        """
        # In the order of an import, which locks the installation first, so that neither waits for the other.
        installation = lock_installation(desk)
        plan = lock_plan(desk, self.plan_id)
        check_unchanged(desk.connection, plan, self.seen)
        old = methods.of_plan(desk.connection, plan)
        new = self._wanted(desk.connection, old)
        self._check_states(old, new)
        stands = present(desk.connection, plan, desk.actor, desk.uow.now)
        stream = Stream.of_plan(plan)
        move = Move(desk.connection, plan, old, new, self.states)
        if needs := (*_allowed(plan, stands), *move.losses(), *given_motive(self.reason)):
            draft = Draft(kind="plan.refused", trigger="migrate", from_state=plan["state"], reason=self.reason)
            return desk.refuse(stream, draft, needs)
        desk.act_for(stands.in_whose_stead(MOVERS))
        if method := take_over(desk.connection, new):
            desk.record(Stream.of_installation(installation), Draft(kind="method.taken_over", changes=method))
        live = desk.connection.all(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=self.plan_id)
        arrived = {**plan, **move.columns}
        holds = reminding.in_force(desk.connection, arrived, new).method
        added = _deadline(desk, arrived, holds, live, stream.version + 1)
        moved = update("plan", {"plan_id": self.plan_id}, **move.columns)
        reminded = reminders.rearmed(desk.connection, arrived, holds, desk.uow.now)
        parameters = {"plan": self.plan_id, "title": from_json(plan["title"]), "version": new.version}
        if new.id != old.id:
            parameters |= {"because": "method", "method": f"{new.id}@{new.version}"}
        notice = Notice(
            "plan.migrated", ("lead", "group"), {**parameters, "reason": self.reason}, leave_out=desk.actor.person_id
        )
        changed = move.columns.get("state")
        desk.record(
            stream,
            Draft(
                kind="plan.migrated",
                changes=[moved, *added, *reminded],
                notices=[notice],
                from_state=plan["state"] if changed else None,
                to_state=changed,
                reason=self.reason,
            ),
        )
        return desk.done(
            plan=self.plan_id,
            method=new.id,
            from_method=old.id,
            states={
                one: move.state(one)
                for one in (plan["state"], plan["resume_state"])
                if one is not None and move.state(one) != one
            },
            from_version=old.version,
            to_version=new.version,
            changes=[asdict(one) for one in differences(old, new) if move.elsewhere or one.section != "levels"],
            rubrics_to_write=_to_write(desk.connection, plan, new),
            deadlines_kept=[_told(row) for row in live if row["kind"] in deadlines.OF_A_PHASE],
            deadlines_set=[_told(change.set) for change in added],
        )

    def _wanted(self, connection: Connection, old: WorkflowDefinition) -> WorkflowDefinition:
        new = methods.wanted(connection, self.method or old.id, self.to_version)
        if (new.id, new.version) == (old.id, old.version):
            raise Usage(
                "version-same",
                _("%(plan)s is worked by version %(version)s of “%(method)s” already.")
                % {"plan": self.plan_id, "version": old.version, "method": old.id},
                hint=_("`pdca workflow list` shows which versions there are."),
            )
        return new

    def _check_states(self, old: WorkflowDefinition, new: WorkflowDefinition) -> None:
        for before, after in self.states.items():
            for definition, state in ((old, before), (new, after)):
                if state not in definition.state_by_id:
                    raise Usage(
                        "state-unknown",
                        _("%(method)s has no state “%(state)s”.")
                        % {"method": f"{definition.id}@{definition.version}", "state": state},
                        hint=_("Its states are: %(states)s.") % {"states": ", ".join(definition.state_by_id)},
                    )


def _allowed(plan: Row, stands: Standing) -> tuple[Need, ...]:
    if not stands.roles.isdisjoint(MOVERS):
        return ()
    return (
        Need(
            "migration-not-allowed",
            N_("Only the project leader of %(plan)s, or an administrator, moves it to another method or version."),
            {"plan": plan["plan_id"]},
            N_("Ask one of them."),
            "pdca plan show %(plan)s",
        ),
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
