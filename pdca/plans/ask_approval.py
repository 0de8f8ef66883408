"""Asking that a step of a plan be approved, of the chief and of whoever is named."""

from dataclasses import dataclass

from pdca import methods
from pdca.content import content_hash
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.notify.outbox import Notice
from pdca.people.find import find_person
from pdca.plans.advance import lock_plan
from pdca.plans.approve import check_purpose, counting, not_yet, now_or_later
from pdca.plans.roles import present
from pdca.store.jsontext import from_json
from pdca.store.reads import approvals
from workflows.guards import N_, Need, given_motive

_OF_THE_PLAN = frozenset({"lead", "member"})


@dataclass(frozen=True, slots=True)
class AskApproval:
    """Ask that a plan be approved for a trigger (`purpose`): who heads the body is told, and each of `people`."""

    plan_id: str
    purpose: str
    reason: str
    people: tuple[str, ...] = ()

    def perform(self, desk: Desk) -> Outcome:
        """Tell them, or log the refusal.

        Raises NotFound for no such plan or person, Usage for a trigger that needs no approval.
        """
        plan = lock_plan(desk, self.plan_id)
        definition = methods.of_plan(desk.connection, plan)
        check_purpose(definition, self.purpose)
        asked = [find_person(desk.connection, name)["person_id"] for name in self.people]
        stands = present(desk.connection, plan, desk.actor, desk.uow.now)
        given = desk.connection.all(approvals.OF_PLAN, plan_id=self.plan_id)
        digest = content_hash(desk.connection, self.plan_id)
        needs = (
            *_works_on_it(self.plan_id, stands.roles),
            *now_or_later(definition, plan, self.purpose),
            *not_yet(definition, counting(desk, plan, given), self.purpose, digest),
            *given_motive(self.reason),
        )
        stream = Stream.of_plan(plan)
        if needs:
            draft = Draft(kind="approval.refused", trigger=self.purpose, from_state=plan["state"], reason=self.reason)
            return desk.refuse(stream, draft, needs)
        desk.act_for(stands.in_whose_stead(_OF_THE_PLAN))
        notice = Notice(
            "plan.approval_asked",
            ("chief",),
            {
                "plan": self.plan_id,
                "title": from_json(plan["title"]),
                "purpose": self.purpose,
                "reason": self.reason,
            },
            leave_out=desk.actor.person_id,
            people=dict.fromkeys(asked, "asked"),
        )
        draft = Draft(kind="plan.approval_asked", notices=[notice], trigger=self.purpose, reason=self.reason)
        desk.record(stream, draft)
        return desk.done(plan=self.plan_id, purpose=self.purpose, content_sha256=digest, asked=asked)


def _works_on_it(plan_id: str, roles: frozenset[str]) -> tuple[Need, ...]:
    if not roles.isdisjoint(_OF_THE_PLAN):
        return ()
    return (
        Need(
            "asks-for-no-plan-of-ones-own",
            N_("Approval is asked by who leads the plan or belongs to its project group."),
            {"plan": plan_id},
            N_("Ask one of them to ask for it."),
            "pdca group show %(plan)s",
        ),
    )
