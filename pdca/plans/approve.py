"""Approving a step of a plan: by somebody other than who wrote and who owns it, for exactly the plan as it is."""

from dataclasses import dataclass

from pdca import methods
from pdca.audit.event import read_body
from pdca.content import content_hash, touches
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Usage
from pdca.i18n import _
from pdca.notify.outbox import Notice
from pdca.plans.advance import Seen, check_unchanged, lock_plan
from pdca.plans.roles import owns
from pdca.standing import acts_for
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import approvals, log
from pdca.store.rows import insert
from workflows.guards import N_, Need, given_motive
from workflows.method import WorkflowDefinition
from workflows.need import Param


@dataclass(frozen=True, slots=True)
class Approve:
    """Approve a plan for a trigger (`purpose`) that its method lets nobody take without a second pair of eyes.

    The approval is good for one such step, as long as nothing that is written about the plan changes.
    """

    plan_id: str
    purpose: str
    reason: str
    seen: Seen | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Keep the approval with the hash of what was approved, or log the refusal.

        Raises NotFound for no such plan, Conflict when it changed since it was seen, Usage for a trigger that needs no
        approval.
        """
        plan = lock_plan(desk, self.plan_id)
        check_unchanged(desk.connection, plan, self.seen)
        definition = methods.of_plan(desk.connection, plan)
        self._check_purpose(definition)
        given = desk.connection.all(approvals.OF_PLAN, plan_id=self.plan_id)
        digest = content_hash(desk.connection, self.plan_id)
        needs = (
            *_now_or_later(definition, plan, self.purpose),
            *_other_eyes(desk, plan),
            *_not_yet(definition, given, self.purpose, digest),
            *given_motive(self.reason),
        )
        stream = Stream.of_plan(plan)
        if needs:
            draft = Draft(kind="approval.refused", trigger=self.purpose, from_state=plan["state"], reason=self.reason)
            return desk.refuse(stream, draft, needs)
        approval = insert(
            "approval",
            {"plan_id": self.plan_id, "number": len(given) + 1},
            purpose=self.purpose,
            content_sha256=digest,
            reason=self.reason,
            approved_by=desk.actor.person_id,
            approved_at=desk.uow.now_text,
        )
        parameters = {"plan": self.plan_id, "title": from_json(plan["title"]), "purpose": self.purpose}
        notice = Notice("plan.approved", ("lead",), {**parameters, "reason": self.reason})
        desk.record(
            stream,
            Draft(kind="plan.approved", changes=[approval], notices=[notice], trigger=self.purpose, reason=self.reason),
        )
        return desk.done(plan=self.plan_id, purpose=self.purpose, content_sha256=digest)

    def _check_purpose(self, definition: WorkflowDefinition) -> None:
        known = purposes(definition)
        if self.purpose not in known:
            raise Usage(
                "purpose-unknown",
                _("“%(purpose)s” needs no approval in the method “%(method)s”.")
                % {"purpose": self.purpose, "method": definition.id},
                hint=_("Approval is asked for: %(choices)s.") % {"choices": ", ".join(known) or _("nothing")},
            )


def purposes(definition: WorkflowDefinition) -> list[str]:
    """Name the triggers that a method lets nobody take without approval."""
    return list(dict.fromkeys(way.trigger for way in definition.transitions if "approved" in way.guards))


def authors(connection: Connection, plan: Row) -> frozenset[str]:
    """Name everybody who wrote anything of the plan, and on whose behalf, as the log has it."""
    found = {plan["author_id"]}
    for row in connection.all(log.EVENTS_OF_PLAN, plan_id=plan["plan_id"]):
        event = read_body(row["body"])
        if any(touches(change.op, change.table, change.values) for change in event.changes):
            found |= {event.actor, event.on_behalf_of}
    return frozenset(person for person in found if person is not None)


def _now_or_later(definition: WorkflowDefinition, plan: Row, purpose: str) -> tuple[Need, ...]:
    if purpose in definition.routes.get(plan["state"], {}):
        return ()
    return (
        Need(
            "approval-not-now",
            N_("“%(trigger)s” is not possible in state “%(state)s”, so it cannot be approved now."),
            {
                "plan": plan["plan_id"],
                "trigger": _label(definition, purpose),
                "state": definition.state_by_id[plan["state"]].label,
            },
            N_("Approve it when the plan has come to the state in which it is possible."),
            "pdca plan why-not %(plan)s",
        ),
    )


def _other_eyes(desk: Desk, plan: Row) -> tuple[Need, ...]:
    """Refuse who owns or wrote the plan, and whoever acts for them; nobody is exempt."""
    person, now = desk.actor.person_id, desk.uow.now
    wrote = authors(desk.connection, plan)
    which = {"plan": plan["plan_id"]}
    needs = []
    if person is None or owns(desk.connection, plan, person, now):
        needs.append(
            Need(
                "approver-owns-plan",
                N_("A plan is approved by somebody other than who leads it, deputises, or acts for either."),
                which,
                N_("Ask somebody else to approve it."),
            )
        )
    if person is not None and not wrote.isdisjoint({person, *acts_for(desk.connection, person, now, plan["zone"])}):
        needs.append(
            Need(
                "approver-is-author",
                N_("A plan is approved by somebody other than who wrote any of it, or acts for who did."),
                which,
                N_("Ask somebody else to approve it."),
            )
        )
    return tuple(needs)


def _label(definition: WorkflowDefinition, purpose: str) -> Param:
    """What a method calls the step that a trigger takes."""
    return next(way.label for way in definition.transitions if way.trigger == purpose)


def _not_yet(definition: WorkflowDefinition, given: list[Row], purpose: str, digest: str) -> tuple[Need, ...]:
    same = {"purpose": purpose, "content_sha256": digest, "used_at": None, "voided_at": None}
    if not any(same.items() <= row.items() for row in given):
        return ()
    return (
        Need(
            "already-approved",
            N_("The plan as it is now was approved for “%(trigger)s” already."),
            {"trigger": _label(definition, purpose)},
            N_("The project leader can take the step."),
        ),
    )
