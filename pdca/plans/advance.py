"""Advancing a plan: the transition core that a project lead's command and the scheduler share."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from pdca import content, methods
from pdca.actor import Actor
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Conflict, NotFound, Usage
from pdca.i18n import _, localized
from pdca.notify.outbox import Notice
from pdca.plans import acknowledgements, deadlines, reminding
from pdca.plans.asked_ahead import ask_ahead
from pdca.plans.facts import Attempt, Gathered, current_evaluation, gathered
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations, plans
from pdca.store.rows import Change, update
from pdca.unknown import unknown_plan
from workflows import machine
from workflows.facts import Facts
from workflows.guards import Need
from workflows.instants import from_text
from workflows.method import WorkflowDefinition


@dataclass(frozen=True, slots=True)
class Seen:
    """What the actor had in view when giving the command: the plan's version, and when the command was given.

    Where the database's time is pretended, no instant of it can be compared with `at`; then `disturbed` tells whether
    anybody wrote to the database since.
    """

    version: int
    at: datetime | None = None
    disturbed: bool = False


@dataclass(frozen=True, slots=True)
class Advance:
    """Move a plan by a `trigger`, or `to` a state that exactly one trigger leads to."""

    plan_id: str
    trigger: str | None = None
    to: str | None = None
    attempt: Attempt = field(default_factory=Attempt)
    seen: Seen | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Take the step, or log the refusal with every unmet need.

        Raises NotFound for no such plan, Conflict when it changed since it was seen, Usage for an unknown trigger.
        """
        plan = lock_plan(desk, self.plan_id)
        check_unchanged(desk.connection, plan, self.seen)
        definition = methods.of_plan(desk.connection, plan)
        trigger = self._trigger(definition, plan)
        _check_indicator(desk.connection, self.attempt.watch_indicator)
        asked = None if isinstance(trigger, Need) else trigger
        ask_ahead(desk, plan, definition.routes.get(plan["state"], {}).get(asked or ""))
        found = gathered(desk.connection, plan, desk.uow.now, desk.actor, definition, asked, self.attempt)
        if isinstance(trigger, Need) or trigger not in machine.possible(definition, plan["state"]):
            self._not_taken_by_another(desk.connection, plan)
        if isinstance(trigger, Need):
            return refuse(desk, plan, None, (trigger,), self.attempt.reason, to_state=self.to)
        step = machine.step(definition, found.facts, trigger)
        if isinstance(step, machine.Refusal):
            return refuse(desk, plan, trigger, step.needs, self.attempt.reason)
        desk.act_for(found.stands.in_whose_stead(definition.routes[plan["state"]][trigger].who))
        return transition(desk, plan, found, definition, step)

    def _not_taken_by_another(self, connection: Connection, plan: Row) -> None:
        """A step that is not possible any more, while somebody wrote since it was asked for, was taken by somebody."""
        if self.seen is not None and self.seen.disturbed:
            raise changed_meanwhile(connection, plan)

    def _trigger(self, definition: WorkflowDefinition, plan: Row) -> str | Need:
        known = list(dict.fromkeys(way.trigger for way in definition.transitions))
        if self.trigger is not None:
            if self.trigger not in known:
                raise Usage(
                    "trigger-unknown",
                    _("“%(trigger)s” is no trigger of the method “%(method)s”.")
                    % {"trigger": self.trigger, "method": definition.id},
                    hint=_("Its triggers are: %(triggers)s.") % {"triggers": ", ".join(known)},
                )
            return self.trigger
        if self.to not in definition.state_by_id:
            raise Usage(
                "state-unknown",
                _("“%(state)s” is no state of the method “%(method)s”.") % {"state": self.to, "method": definition.id},
                hint=_("Its states are: %(states)s.") % {"states": ", ".join(definition.state_by_id)},
            )
        return machine.trigger_for(definition, plan["state"], str(self.to), plan["resume_state"])


def lock_plan(desk: Desk, plan_id: str) -> Row:
    """Load the plan and keep others from changing it until the transaction ends."""
    plan = desk.connection.one(plans.LOCK_PLAN, plan_id=plan_id)
    if plan is None:
        raise unknown_plan(plan_id)
    return plan


def _check_indicator(connection: Connection, indicator: str | None) -> None:
    known = [row["indicator_id"] for row in connection.all(plans.INDICATORS)] if indicator is not None else []
    if indicator is not None and indicator not in known:
        raise NotFound(
            "indicator-unknown",
            _("There is no indicator “%(indicator)s”.") % {"indicator": indicator},
            hint=_("The indicators are: %(indicators)s.") % {"indicators": ", ".join(known)} if known else None,
        )


def check_unchanged(connection: Connection, plan: Row, seen: Seen | None) -> None:
    """Raise Conflict when the plan is not any more what the actor saw when giving the command.

    The version tells what changed between reading and locking, the instant what changed while the command started.
    """
    if seen is None:
        return
    moved_while_starting = seen.at is not None and from_text(plan["state_since"]) >= seen.at
    if plan["version"] != seen.version or moved_while_starting:
        raise changed_meanwhile(connection, plan)


def changed_meanwhile(connection: Connection, plan: Row) -> Conflict:
    """Say that somebody else changed the plan, and in which state it is now."""
    state = methods.state_of(connection, plan)
    return Conflict(
        "changed-meanwhile",
        _("%(plan)s was changed by somebody else at the same moment; it is in “%(state)s” now.")
        % {"plan": plan["plan_id"], "state": localized(state.label)},
        hint=_("Nothing was changed. Look at it with `pdca plan show %(plan)s`, then decide again.")
        % {"plan": plan["plan_id"]},
    )


def refuse(
    desk: Desk, plan: Row, trigger: str | None, needs: tuple[Need, ...], reason: str | None, to_state: str | None = None
) -> Outcome:
    """Log that the step was refused and why; `to_state` is the state that was asked for when no trigger was."""
    draft = Draft(kind="plan.refused", trigger=trigger, from_state=plan["state"], to_state=to_state, reason=reason)
    return desk.refuse(Stream.of_plan(plan), draft, needs)


def transition(
    desk: Desk,
    plan: Row,
    found: Gathered,
    definition: WorkflowDefinition,
    step: machine.Outcome,
    *,
    opened: Row | None = None,
    key: str | None = None,
    due_at: str | None = None,
) -> Outcome:
    """Carry out a step that the rules allow: state, evaluation, deadlines, notices, all in one event.

    `found` is what the rules were asked with. `opened` is the evaluation to open when the step opens one (the next
    planned one unless given); `key` and `due_at` are set by the scheduler.
    """
    stream, facts = Stream.of_plan(plan), found.facts
    if "open_evaluation" in step.effects and opened is None:
        opened = next((row for row in found.moments if row["status"] == "planned"), None)
    concerned = opened or current_evaluation(plan, found.moments)
    evaluation_id = concerned["evaluation_id"] if concerned else None
    changes = [
        _plan_change(plan, facts, step, desk.uow.now_text),
        *_evaluation_changes(plan, step, found.moments, opened, desk.uow.now_text),
        *_information_changes(desk, plan, step),
        *_approval_changes(step, found.approvals, desk.uow.now_text),
        *_deadline_changes(desk, plan, definition, step, opened, facts.watch_again),
    ]
    desk.record(
        stream,
        Draft(
            kind="plan.advanced",
            changes=changes,
            notices=_notices(desk.actor, plan, step, opened, facts.reason),
            trigger=step.trigger,
            from_state=step.source,
            to_state=step.target,
            evaluation=evaluation_id,
            reason=facts.reason,
            key=key,
            due_at=due_at,
        ),
    )
    return desk.done(
        plan=plan["plan_id"],
        trigger=step.trigger,
        from_state=step.source,
        to_state=step.target,
        cycle=step.cycle,
        evaluation=evaluation_id,
    )


def _plan_change(plan: Row, facts: Facts, step: machine.Outcome, now: str) -> Change:
    values: dict[str, object] = {"state": step.target, "state_since": now}
    if step.cycle != plan["cycle"]:
        values["cycle"] = step.cycle
    if "hold_deadlines" in step.effects:
        values["resume_state"] = step.source
    if "release_deadlines" in step.effects:
        values["resume_state"] = None
    if "set_watch" in step.effects:
        values |= {
            "watch": facts.watch,
            "watch_again": facts.watch_again.isoformat() if facts.watch_again else None,
            "watch_indicator_id": facts.watch_indicator,
        }
    elif plan["watch"] is not None:
        values |= {"watch": None, "watch_again": None, "watch_indicator_id": None}
    return update("plan", {"plan_id": plan["plan_id"]}, **values)


def _evaluation_changes(
    plan: Row, step: machine.Outcome, moments: Sequence[Row], opened: Row | None, now: str
) -> list[Change]:
    if opened is not None:
        key = {"evaluation_id": opened["evaluation_id"]}
        return [update("evaluation", key, status="open", cycle=plan["cycle"], opened_at=now)]
    if "end" in step.effects:
        return [
            update("evaluation", {"evaluation_id": row["evaluation_id"]}, status="cancelled")
            for row in moments
            if row["status"] == "planned"
        ]
    return []


def _information_changes(desk: Desk, plan: Row, step: machine.Outcome) -> list[Change]:
    """Nobody is informed of the progress of a plan that has ended; what was prepared before can still be sent."""
    if "end" not in step.effects:
        return []
    return [
        update("information_moment", {"information_id": row["information_id"]}, status="cancelled")
        for row in desk.connection.all(plans.INFORMATION_MOMENTS, plan_id=plan["plan_id"])
        if row["status"] == "planned"
    ]


def _deadline_changes(
    desk: Desk,
    plan: Row,
    definition: WorkflowDefinition,
    step: machine.Outcome,
    opened: Row | None,
    watch_again: date | None,
) -> list[Change]:
    live = desk.connection.all(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=plan["plan_id"])
    again = "release_deadlines" in step.effects
    if again or definition.state_by_id[step.target].deadline is not None:
        definition = reminding.in_force(desk.connection, plan, definition).method
    if again:
        return deadlines.released(definition, live, acknowledgements.stopped(desk.connection, plan))
    return deadlines.after_step(plan, definition, step, live, opened, desk.uow.now, watch_again, plan["version"] + 1)


def _approval_changes(step: machine.Outcome, live: Sequence[Row], now: str) -> list[Change]:
    """Use up what was approved for this step; what was approved for another way out of the state lapses."""
    if "hold_deadlines" in step.effects or "release_deadlines" in step.effects:
        return []
    return [
        content.used(row, now) if row["purpose"] == step.trigger else content.voided(row, "plan.advanced", now)
        for row in live
    ]


def _notices(
    actor: Actor, plan: Row, step: machine.Outcome, opened: Row | None, reason: str | None
) -> Sequence[Notice]:
    parameters = {"plan": plan["plan_id"], "title": from_json(plan["title"]), "from": step.source, "to": step.target}
    if opened is not None:
        parameters |= {"evaluation": opened["evaluation_id"], "due": opened["due_date"], "zone": plan["zone"]}
        audiences: tuple[str, ...] = ("lead", "group", "stakeholders")
        return (Notice("evaluation.opened", audiences, parameters, opened["evaluation_id"], actor.person_id),)
    if reason:
        parameters["reason"] = reason
    return (Notice("plan.advanced", ("lead", "group"), parameters, leave_out=actor.person_id),)
