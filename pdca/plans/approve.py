"""Approving a step of a plan: by somebody other than who wrote and who owns it, for exactly the plan as it is."""

import re
from dataclasses import dataclass
from typing import Final

from pdca import methods
from pdca.content import content_hash
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Conflict, Usage
from pdca.i18n import _
from pdca.notify.outbox import Notice
from pdca.plans.advance import Seen, check_unchanged, lock_plan
from pdca.plans.approvers import OF_THE_BODY, other_eyes
from pdca.plans.roles import kinds_held, owns
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from pdca.store.reads import approvals
from pdca.store.rows import insert
from workflows.guards import N_, Need, given_motive
from workflows.method import WorkflowDefinition
from workflows.need import Param

_BEGINNING: Final = re.compile(r"[0-9a-f]{8,64}")


@dataclass(frozen=True, slots=True)
class Approve:
    """Approve a plan for a trigger (`purpose`) that its method lets nobody take without a second pair of eyes.

    The approval is good for one such step, as long as nothing that is written about the plan changes. `content` is the
    beginning of the hash of what the approver read.
    """

    plan_id: str
    purpose: str
    reason: str
    seen: Seen | None = None
    content: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Keep the approval with the hash of what was approved, or log the refusal.

        Raises NotFound for no such plan, Conflict when it changed since it was seen or is not what was read, Usage for
        a trigger that needs no approval or what begins no hash.
        """
        plan = lock_plan(desk, self.plan_id)
        check_unchanged(desk.connection, plan, self.seen)
        definition = methods.of_plan(desk.connection, plan)
        check_purpose(definition, self.purpose)
        given = desk.connection.all(approvals.OF_PLAN, plan_id=self.plan_id)
        digest = content_hash(desk.connection, self.plan_id)
        self._check_content(digest)
        needs = (
            *now_or_later(definition, plan, self.purpose),
            *other_eyes(desk.connection, plan, desk.actor, desk.uow.now),
            *not_yet(definition, counting(desk, plan, given), self.purpose, digest),
            *given_motive(self.reason),
        )
        stream = Stream.of_plan(plan)
        if needs:
            draft = Draft(kind="approval.refused", trigger=self.purpose, from_state=plan["state"], reason=self.reason)
            return desk.refuse(stream, draft, needs)
        desk.act_for(kinds_held(desk.connection, plan, desk.actor, desk.uow.now).in_whose_stead(OF_THE_BODY))
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

    def _check_content(self, digest: str) -> None:
        if self.content is None:
            return
        beginning = self.content.lower()
        if not _BEGINNING.fullmatch(beginning):
            raise Usage(
                "content-unusable",
                _("“%(content)s” is no beginning of the hash of a content.") % {"content": self.content},
                hint=_("Give at least the first 8 characters, as `pdca plan show %(plan)s` prints them.")
                % {"plan": self.plan_id},
            )
        if not digest.startswith(beginning):
            raise Conflict(
                "content-changed",
                _("%(plan)s is not what you read: its content is %(present)s now, and not %(content)s.")
                % {"plan": self.plan_id, "present": digest[: len(beginning)], "content": self.content},
                hint=_("Nothing was approved. Read it again with `pdca plan show %(plan)s`, then decide.")
                % {"plan": self.plan_id},
            )


def check_purpose(definition: WorkflowDefinition, purpose: str) -> None:
    """Raise Usage for a trigger that needs no approval."""
    known = methods.purposes(definition)
    if purpose not in known:
        raise Usage(
            "purpose-unknown",
            _("“%(purpose)s” needs no approval in the method “%(method)s”.")
            % {"purpose": purpose, "method": definition.id},
            hint=_("Approval is asked for: %(choices)s.") % {"choices": ", ".join(known) or _("nothing")},
        )


def counting(desk: Desk, plan: Row, given: list[Row]) -> list[Row]:
    """Leave out what was approved by somebody who owns the plan by now."""
    return [row for row in given if not owns(desk.connection, plan, row["approved_by"], desk.uow.now)]


def now_or_later(definition: WorkflowDefinition, plan: Row, purpose: str) -> tuple[Need, ...]:
    """Say why a step cannot be approved in the present state."""
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


def _label(definition: WorkflowDefinition, purpose: str) -> Param:
    """What a method calls the step that a trigger takes."""
    return next(way.label for way in definition.transitions if way.trigger == purpose)


def not_yet(definition: WorkflowDefinition, given: list[Row], purpose: str, digest: str) -> tuple[Need, ...]:
    """Say that the plan as it is was approved for the step already."""
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
