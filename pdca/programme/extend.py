"""Putting off the day by which a programme is to be evaluated: asked for by one in charge, approved by another.

It keeps to the rules of `pdca.extensions`, as the evaluation of a plan does. The first day stays visible in
`first_due_on` and in the request itself; dates are as stated, and count as their last day.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from pdca import extensions
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Refused
from pdca.i18n import N_, _
from pdca.notify.outbox import Notice
from pdca.people.commands import lock_installation
from pdca.programme import moments
from pdca.programme.common import heads_the_body, must_be_in_charge, stated
from pdca.programme.day import still_to_come
from pdca.programme.evaluation import EVALUATE, find_evaluation, recorded_already
from pdca.programme.telling import notice
from pdca.store.driver import Row
from pdca.store.reads import programme_evaluations
from pdca.store.rows import update
from workflows.guards import given_motive
from workflows.need import Need
from workflows.schedule import parse_stated

TABLE: Final = "programme_extension"
_COMMAND: Final = "pdca programme evaluation extend"


@dataclass(frozen=True, slots=True)
class RequestProgrammeExtension:
    """Ask to have an evaluation held by a later day, a date as stated, with the reason."""

    evaluation_id: str
    to_date: str
    reason: str

    def perform(self, desk: Desk) -> Outcome:
        """Keep the request for somebody else to approve, or log the refusal; raises Usage for a day that is no later.

        Raises Refused when the evaluation has no day yet.
        """
        installation = lock_installation(desk)
        must_be_in_charge(desk, EVALUATE)
        evaluation = find_evaluation(desk.connection, self.evaluation_id)
        if refusal := recorded_already(desk, installation, evaluation):
            return refusal
        to_date = stated(self.to_date, desk.uow.now, desk.connection, past=False).date
        due = evaluation["due_on"]
        if due is None:
            raise Refused(
                "programme-evaluation-without-day",
                _("%(evaluation)s has no day by which it is to be held.") % {"evaluation": self.evaluation_id},
                hint=_("Set one: `pdca programme evaluation set %(evaluation)s --due DATE --reason …`.")
                % {"evaluation": self.evaluation_id},
            )
        later = moments.puts_off(evaluation, self.to_date)
        extensions.check_later(self.evaluation_id, self.to_date, due, later=later)
        asked = _asked(desk, self.evaluation_id)
        needs = (
            *still_to_come(desk, evaluation),
            *_none_waiting(desk, evaluation, asked),
            *_overstepped(desk, evaluation, to_date),
            *given_motive(self.reason),
        )
        if needs:
            return _refuse(desk, installation, self.evaluation_id, "extend", self.reason, needs)
        kind = "programme.evaluation_extension_requested"
        draft = Draft(
            kind=kind,
            changes=[extensions.requested(TABLE, self.evaluation_id, asked, (due, self.to_date), self.reason, desk)],
            notices=[_notice("programme.evaluation_extension_asked", desk, evaluation, self.to_date, self.reason)],
            evaluation=self.evaluation_id,
            reason=self.reason,
        )
        desk.record(Stream.of_installation(installation), draft)
        return desk.done(evaluation=self.evaluation_id, to_date=self.to_date)


@dataclass(frozen=True, slots=True)
class ApproveProgrammeExtension:
    """Approve the waiting request, by somebody other than the one who asked, before the old day has passed."""

    evaluation_id: str
    reason: str

    def perform(self, desk: Desk) -> Outcome:
        """Move the day and its deadline, or log the refusal; raises Refused when nobody asked."""
        installation = lock_installation(desk)
        must_be_in_charge(desk, EVALUATE)
        evaluation = find_evaluation(desk.connection, self.evaluation_id)
        if refusal := recorded_already(desk, installation, evaluation):
            return refusal
        waiting = extensions.must_wait(self.evaluation_id, _asked(desk, self.evaluation_id), _COMMAND)
        needs = (
            *still_to_come(desk, evaluation),
            *extensions.another_person(desk, waiting),
            *_overstepped(desk, evaluation, parse_stated(waiting["to_date"]).date),
            *given_motive(self.reason),
        )
        if needs:
            return _refuse(desk, installation, self.evaluation_id, "approve_extension", self.reason, needs)
        change = update("programme_evaluation", {"evaluation_id": self.evaluation_id}, due_on=waiting["to_date"])
        now = {**evaluation, **change.set}
        kind = "programme.evaluation_extended"
        draft = Draft(
            kind=kind,
            changes=[
                extensions.approved(TABLE, waiting, desk),
                change,
                *moments.kept(desk.connection, now, desk.uow.now, installation["version"] + 1),
            ],
            notices=[_notice(kind, desk, evaluation, waiting["to_date"], waiting["reason"])],
            evaluation=self.evaluation_id,
            reason=self.reason,
        )
        desk.record(Stream.of_installation(installation), draft)
        return desk.done(evaluation=self.evaluation_id, to_date=waiting["to_date"])


@dataclass(frozen=True, slots=True)
class WithdrawProgrammeExtension:
    """Take back the request that waits for approval; the day stays as it was, and the request stays on record."""

    evaluation_id: str
    reason: str

    def perform(self, desk: Desk) -> Outcome:
        """Mark it withdrawn, or log the refusal of whoever neither asked nor heads the body."""
        installation = lock_installation(desk)
        evaluation = find_evaluation(desk.connection, self.evaluation_id)
        waiting = extensions.must_wait(self.evaluation_id, _asked(desk, self.evaluation_id), _COMMAND)
        needs = (*_asker_or_head(desk, waiting), *given_motive(self.reason))
        if needs:
            return _refuse(desk, installation, self.evaluation_id, "withdraw_extension", self.reason, needs)
        kind = "programme.evaluation_extension_withdrawn"
        draft = Draft(
            kind=kind,
            changes=[extensions.withdrawn(TABLE, waiting, self.reason, desk)],
            notices=[_notice(kind, desk, evaluation, waiting["to_date"], self.reason)],
            evaluation=self.evaluation_id,
            reason=self.reason,
        )
        desk.record(Stream.of_installation(installation), draft)
        return desk.done(evaluation=self.evaluation_id, to_date=waiting["to_date"])


def _asked(desk: Desk, evaluation_id: str) -> list[Row]:
    return desk.connection.all(programme_evaluations.EXTENSIONS, evaluation_id=evaluation_id)


def _notice(kind: str, desk: Desk, evaluation: Row, to_date: str, reason: str) -> Notice:
    return notice(kind, desk, evaluation, reason, to_date=parse_stated(to_date).date.isoformat())


def _refuse(
    desk: Desk, installation: Row, evaluation_id: str, trigger: str, reason: str, needs: tuple[Need, ...]
) -> Outcome:
    draft = Draft(kind="programme.refused", trigger=trigger, evaluation=evaluation_id, reason=reason)
    return desk.refuse(Stream.of_installation(installation), draft, needs)


def _overstepped(desk: Desk, evaluation: Row, to_date: date) -> tuple[Need, ...]:
    """Name each bound that a later day oversteps: the next evaluation of the programme, and so long after the first."""
    name, programme_id = evaluation["evaluation_id"], evaluation["programme_id"]
    there = desk.connection.all(programme_evaluations.OF_PROGRAMME, programme_id=programme_id)
    ahead = sorted(
        (moments.day(row), row["evaluation_id"])
        for row in there
        if row["recorded_at"] is None and row["due_on"] and moments.day(row) > moments.day(evaluation)
    )
    following = (ahead[0][1], ahead[0][0]) if ahead else None
    days = moments.method_of(desk.connection, programme_id).evaluation.extension_days
    first = parse_stated(evaluation["first_due_on"]).date
    return (*extensions.reaching(name, to_date, following), *extensions.too_long(name, to_date, first, days))


def _none_waiting(desk: Desk, evaluation: Row, asked: list[Row]) -> tuple[Need, ...]:
    waiting = extensions.waiting_among(asked)
    # Since it was asked another evaluation may have come in its way: what nobody can approve holds nobody up.
    if waiting is None or _overstepped(desk, evaluation, parse_stated(waiting["to_date"]).date):
        return ()
    return extensions.still_waiting(waiting, f"{_COMMAND} %(evaluation)s --withdraw --reason …")


def _asker_or_head(desk: Desk, waiting: Row) -> tuple[Need, ...]:
    if extensions.asked_by(desk, waiting) or heads_the_body(desk):
        return ()
    return (
        Need(
            "withdrawal-not-allowed",
            N_("A request to move %(evaluation)s is withdrawn by who asked for it, or by whoever heads the body."),
            {"evaluation": waiting["evaluation_id"]},
            N_("Ask one of them."),
        ),
    )
