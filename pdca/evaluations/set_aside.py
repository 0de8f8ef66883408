"""What cannot be enforced is set aside with its error, and taken up again once an administrator has mended it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pdca.engine import Desk, Draft, HeldByAnother, Outcome, Stream, must_administer
from pdca.i18n import N_
from pdca.notify.outbox import Notice
from pdca.people.commands import lock_installation
from pdca.plans.advance import lock_plan
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations, people, plans, programme
from pdca.store.rows import update


@dataclass(frozen=True, slots=True)
class SetAside:
    """Take a deadline that cannot be enforced out of the sweep, with its error, so that it does not stop the others.

    `plan_id` is None for that of a programme.
    """

    deadline_id: str
    plan_id: str | None
    error: str

    def perform(self, desk: Desk) -> Outcome:
        """Keep the error with the deadline, and tell the administrators; nothing happens when it is due no more.

        Raises HeldByAnother when another worker has the plan or the installation.
        """
        plan = installation = None
        if self.plan_id is None:
            installation = desk.connection.one(people.LOCK_INSTALLATION_IF_FREE)
        else:
            plan = desk.connection.one(plans.LOCK_PLAN_IF_FREE, plan_id=self.plan_id)
        if plan is None and installation is None:
            raise HeldByAnother
        due = desk.connection.one(evaluations.PENDING_DEADLINE, deadline_id=self.deadline_id, now=desk.uow.now_text)
        if due is None:
            return Outcome()
        change = update("deadline", {"deadline_id": self.deadline_id}, status="set_aside", error=self.error)
        notice = Notice(
            "deadline.set_aside",
            (),
            {**_of_what(desk, plan, due), "deadline": self.deadline_id, "due_at": due["due_at"], "reason": self.error},
            due["evaluation_id"],
            people={row["person_id"]: "administrator" for row in desk.connection.all(people.ADMINISTRATORS)},
        )
        draft = Draft(
            kind="deadline.set_aside",
            changes=[change],
            notices=[notice],
            evaluation=due["evaluation_id"] or due["programme_evaluation_id"],
            reason=self.error,
        )
        desk.record(Stream.of_plan(plan) if plan else Stream.of_installation(installation or {}), draft)
        return desk.done(set_aside=self.deadline_id)


@dataclass(frozen=True, slots=True)
class TakeUpAgain:
    """Let an administrator make a deadline that was set aside due again, once what stood in its way is mended.

    `plan_id` is None for that of a programme.
    """

    deadline_id: str
    plan_id: str | None
    reason: str

    def perform(self, desk: Desk) -> Outcome:
        """Let the next sweep try it again; nothing happens when it is not set aside any more."""
        must_administer(desk.actor, N_("take up what was set aside"))
        if self.plan_id is None:
            stream = Stream.of_installation(lock_installation(desk))
        else:
            stream = Stream.of_plan(lock_plan(desk, self.plan_id))
        aside = desk.connection.one(evaluations.SET_ASIDE_DEADLINE, deadline_id=self.deadline_id)
        if aside is None:
            return Outcome()
        change = update("deadline", {"deadline_id": self.deadline_id}, status="pending", error=None)
        evaluation = aside["evaluation_id"] or aside["programme_evaluation_id"]
        draft = Draft(kind="deadline.taken_up", changes=[change], evaluation=evaluation, reason=self.reason)
        desk.record(stream, draft)
        return desk.done(taken_up=self.deadline_id)


def _of_what(desk: Desk, plan: Row | None, due: Row) -> Mapping[str, Any]:
    if plan is not None:
        return {"plan": plan["plan_id"], "title": from_json(plan["title"])}
    row = desk.connection.one(programme.PROGRAMME, programme_id=due["programme_id"])
    return {
        "programme": due["programme_id"],
        "title": from_json(row["title"]) if row else {"en": due["programme_id"]},
        "evaluation": due["programme_evaluation_id"],
        "what": due["kind"],
    }
