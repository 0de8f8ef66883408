"""Moving the date of an evaluation: only by a motivated request that somebody else approves before the old date passes.

Until it is approved, who asked or the lead can withdraw it. The first date stays visible in `first_due_at` and in the
request itself; how far a date can move is in `bounds`.
"""

from dataclasses import dataclass
from datetime import date, time
from typing import Final

from pdca import extensions, methods
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.evaluation_status import in_every_language
from pdca.evaluations import bounds
from pdca.evaluations.find import find
from pdca.notify.outbox import Notice
from pdca.plans import reminders, reminding
from pdca.plans.advance import lock_plan
from pdca.plans.rights import APPROVERS, GROUP
from pdca.plans.roles import present
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations, schedules
from pdca.store.reads import reminding as reads
from pdca.store.rows import Change, update
from workflows.guards import N_, Need, given_motive
from workflows.instants import from_text, to_text
from workflows.schedule import due_instant

TABLE: Final = "extension"


@dataclass(frozen=True, slots=True)
class RequestExtension:
    """Ask to move a planned evaluation to a later local date, with the reason."""

    evaluation_id: str
    to_date: date
    reason: str

    def perform(self, desk: Desk) -> Outcome:
        """Keep the request for somebody else to approve, or log the refusal."""
        evaluation = find(desk.connection, self.evaluation_id)
        plan = lock_plan(desk, evaluation["plan_id"])
        evaluation = find(desk.connection, self.evaluation_id)
        to_date, due = self.to_date.isoformat(), evaluation["due_date"]
        extensions.check_later(self.evaluation_id, to_date, due, later=to_date > due)
        asked = desk.connection.all(evaluations.EXTENSIONS, evaluation_id=self.evaluation_id)
        needs = (
            *_still_planned(desk, evaluation),
            *_lead_or_member(desk, plan),
            *_none_waiting(desk, plan, evaluation, asked),
            *bounds.overstepped(desk.connection, plan, evaluation, self.to_date),
            *given_motive(self.reason),
        )
        if needs:
            return _refuse(desk, plan, self.evaluation_id, "extend", self.reason, needs)
        row = extensions.requested(TABLE, self.evaluation_id, asked, (due, to_date), self.reason, desk)
        notice = _notice("evaluation.extension_asked", plan, evaluation, to_date, desk)
        desk.record(
            Stream.of_plan(plan),
            Draft(
                kind="evaluation.extension_requested",
                changes=[row],
                notices=[notice],
                evaluation=self.evaluation_id,
                reason=self.reason,
            ),
        )
        return desk.done(plan=plan["plan_id"], evaluation=self.evaluation_id, to_date=to_date)


@dataclass(frozen=True, slots=True)
class ApproveExtension:
    """Approve the waiting request, by somebody other than the one who asked, before the old date passes."""

    evaluation_id: str
    reason: str

    def perform(self, desk: Desk) -> Outcome:
        """Move the date and its deadline, or log the refusal."""
        plan = lock_plan(desk, find(desk.connection, self.evaluation_id)["plan_id"])
        evaluation = find(desk.connection, self.evaluation_id)
        waiting = _asked(desk, self.evaluation_id)
        to_date = date.fromisoformat(waiting["to_date"])
        needs = (
            *_still_planned(desk, evaluation),
            *extensions.another_person(desk, waiting),
            *_approver(desk, plan),
            *bounds.overstepped(desk.connection, plan, evaluation, to_date),
            *given_motive(self.reason),
        )
        if needs:
            return _refuse(desk, plan, self.evaluation_id, "approve_extension", self.reason, needs)
        due_at = to_text(due_instant(to_date, *_clock(desk, plan, evaluation)))
        key = {"evaluation_id": self.evaluation_id}
        desk.record(
            Stream.of_plan(plan),
            Draft(
                kind="evaluation.extended",
                changes=[
                    extensions.approved(TABLE, waiting, desk),
                    update("evaluation", key, due_date=waiting["to_date"], due_at=due_at),
                    update("deadline", {"deadline_id": self.evaluation_id}, since=due_at, due_at=due_at),
                    *_reminders(desk, plan, {**evaluation, "due_date": waiting["to_date"], "due_at": due_at}),
                ],
                notices=[_notice("evaluation.extended", plan, evaluation, waiting["to_date"], desk)],
                evaluation=self.evaluation_id,
                reason=self.reason,
            ),
        )
        return desk.done(plan=plan["plan_id"], evaluation=self.evaluation_id, to_date=waiting["to_date"])


def _reminders(desk: Desk, plan: Row, evaluation: Row) -> list[Change]:
    name = reminders.name_of(plan["plan_id"], evaluation["evaluation_id"])
    row = desk.connection.one(reads.REMINDER, deadline_id=name)
    method = reminding.in_force(desk.connection, plan).method
    return reminders.armed(evaluation, plan, method, desk.uow.now, row)


@dataclass(frozen=True, slots=True)
class WithdrawExtension:
    """Take back the request that waits for approval; the date stays as it was, and the request stays on record."""

    evaluation_id: str
    reason: str

    def perform(self, desk: Desk) -> Outcome:
        """Mark it withdrawn, or log the refusal of whoever neither asked nor leads the plan."""
        plan = lock_plan(desk, find(desk.connection, self.evaluation_id)["plan_id"])
        evaluation = find(desk.connection, self.evaluation_id)
        waiting = _asked(desk, self.evaluation_id)
        needs = (*_asker_or_lead(desk, plan, waiting), *given_motive(self.reason))
        if needs:
            return _refuse(desk, plan, self.evaluation_id, "withdraw_extension", self.reason, needs)
        change = extensions.withdrawn(TABLE, waiting, self.reason, desk)
        kind = "evaluation.extension_withdrawn"
        notice = _notice(kind, plan, evaluation, waiting["to_date"], desk)
        draft = Draft(kind=kind, changes=[change], notices=[notice], evaluation=self.evaluation_id, reason=self.reason)
        desk.record(Stream.of_plan(plan), draft)
        return desk.done(plan=plan["plan_id"], evaluation=self.evaluation_id, to_date=waiting["to_date"])


def _asked(desk: Desk, evaluation_id: str) -> Row:
    """The request that waits for approval; raises Refused when there is none."""
    asked = desk.connection.all(evaluations.EXTENSIONS, evaluation_id=evaluation_id)
    return extensions.must_wait(evaluation_id, asked, "pdca evaluation extend")


def _clock(desk: Desk, plan: Row, evaluation: Row) -> tuple[time, str]:
    """Give the time of day and the zone of an evaluation: those that its group decided on, otherwise the usual ones."""
    decisions = desk.connection.all(schedules.OF_PLAN, plan_id=plan["plan_id"])
    row = next((one for one in decisions if one["number"] == evaluation["schedule_number"]), None)
    if row is not None:
        return time.fromisoformat(row["time"]), row["zone"]
    return methods.of_plan(desk.connection, plan).evaluation.time, plan["zone"]


def _notice(kind: str, plan: Row, evaluation: Row, to_date: str, desk: Desk) -> Notice:
    parameters = {
        "plan": plan["plan_id"],
        "title": from_json(plan["title"]),
        "evaluation": evaluation["evaluation_id"],
        "due": evaluation["due_date"],
        "to_date": to_date,
    }
    audiences = ("lead", "group", "stakeholders") if kind == "evaluation.extended" else ("lead", "group", "chief")
    return Notice(kind, audiences, parameters, evaluation["evaluation_id"], desk.actor.person_id)


def _refuse(desk: Desk, plan: Row, evaluation_id: str, trigger: str, reason: str, needs: tuple[Need, ...]) -> Outcome:
    draft = Draft(kind="evaluation.refused", trigger=trigger, evaluation=evaluation_id, reason=reason)
    return desk.refuse(Stream.of_plan(plan), draft, needs)


def _still_planned(desk: Desk, evaluation: Row) -> tuple[Need, ...]:
    if evaluation["status"] == "planned" and from_text(evaluation["due_at"]) > desk.uow.now:
        return ()
    return (
        Need(
            "evaluation-date-passed",
            N_("%(evaluation)s was due on %(due)s and is “%(status)s”; only a date still to come can be moved."),
            {
                "evaluation": evaluation["evaluation_id"],
                "due": evaluation["due_date"],
                "status": in_every_language(evaluation["status"]),
            },
            N_("Record the evaluation, or wait for the next one."),
        ),
    )


def _lead_or_member(desk: Desk, plan: Row) -> tuple[Need, ...]:
    stands = present(desk.connection, plan, desk.actor, desk.uow.now)
    if not stands.roles.isdisjoint(GROUP):
        desk.act_for(stands.in_whose_stead(GROUP))
        return ()
    return (
        Need(
            "not-in-project-group",
            N_("Only the project group of %(plan)s asks to move its evaluations."),
            {"plan": plan["plan_id"]},
            N_("Ask the project leader."),
        ),
    )


def _asker_or_lead(desk: Desk, plan: Row, waiting: Row) -> tuple[Need, ...]:
    if extensions.asked_by(desk, waiting):
        return ()
    stands = present(desk.connection, plan, desk.actor, desk.uow.now)
    if "lead" in stands.roles:
        desk.act_for(stands.in_whose_stead({"lead"}))
        return ()
    return (
        Need(
            "withdrawal-not-allowed",
            N_("A request to move %(evaluation)s is withdrawn by who asked for it, or by the project leader."),
            {"evaluation": waiting["evaluation_id"]},
            N_("Ask one of them."),
        ),
    )


def _none_waiting(desk: Desk, plan: Row, evaluation: Row, asked: list[Row]) -> tuple[Need, ...]:
    waiting = extensions.waiting_among(asked)
    # Since it was asked another evaluation may have been planned in its way: what nobody can approve holds nobody up.
    if waiting is None or bounds.overstepped(desk.connection, plan, evaluation, date.fromisoformat(waiting["to_date"])):
        return ()
    return extensions.still_waiting(waiting, "pdca evaluation extend %(evaluation)s --withdraw --reason …")


def _approver(desk: Desk, plan: Row) -> tuple[Need, ...]:
    stands = present(desk.connection, plan, desk.actor, desk.uow.now)
    if stands.roles & APPROVERS:
        desk.act_for(stands.in_whose_stead(APPROVERS))
        return ()
    return (
        Need(
            "approver-not-concerned",
            N_(
                "An extension is approved by the project leader, a member of the project group, the head of the "
                "organisation, an authority or an administrator."
            ),
            {},
            N_("Ask one of them to approve it."),
        ),
    )
