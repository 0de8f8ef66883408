"""The day by which a programme is to be evaluated is set to another one, with a motive, before it has passed."""

from dataclasses import dataclass

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Usage
from pdca.i18n import N_, _
from pdca.people.commands import lock_installation
from pdca.programme import moments
from pdca.programme.common import must_be_in_charge, stated
from pdca.programme.evaluation import EVALUATE, find_evaluation, recorded_already
from pdca.store.driver import Row
from pdca.store.rows import update
from workflows.guards import given_motive
from workflows.need import Need


@dataclass(frozen=True, slots=True)
class SetEvaluationDay:
    """Have an evaluation of a programme held by another day; `due_on` is a date as stated ("2025-06" is allowed)."""

    evaluation_id: str
    due_on: str
    reason: str

    def perform(self, desk: Desk) -> Outcome:
        """Set the day and its deadline, or log the refusal; raises NotFound, and Usage for a day that has passed."""
        installation = lock_installation(desk)
        must_be_in_charge(desk, EVALUATE)
        evaluation = find_evaluation(desk.connection, self.evaluation_id)
        if refusal := recorded_already(desk, installation, evaluation):
            return refusal
        stated(self.due_on, desk.uow.now, desk.connection, past=False)
        due_at = moments.instant(desk.connection, {**evaluation, "due_on": self.due_on})
        if due_at is not None and due_at <= desk.uow.now:
            raise Usage(
                "programme-evaluation-day-passed",
                _("%(date)s has passed.") % {"date": self.due_on},
                hint=_("Give a day that is still to come."),
            )
        summary = {"evaluation": self.evaluation_id, "due": self.due_on, "before": evaluation["due_on"]}
        if evaluation["due_on"] == self.due_on:
            return desk.done(**summary)
        if needs := (*_still_to_come(desk, evaluation), *given_motive(self.reason)):
            draft = Draft(
                kind="programme.refused", trigger="evaluate", evaluation=self.evaluation_id, reason=self.reason
            )
            return desk.refuse(Stream.of_installation(installation), draft, needs)
        change = update("programme_evaluation", {"evaluation_id": self.evaluation_id}, due_on=self.due_on)
        now = {**evaluation, **change.set}
        desk.record(
            Stream.of_installation(installation),
            Draft(
                kind="programme.evaluation_moved",
                changes=[change, *moments.kept(desk.connection, now, desk.uow.now, installation["version"] + 1)],
                evaluation=self.evaluation_id,
                reason=self.reason,
            ),
        )
        return desk.done(**summary)


def _still_to_come(desk: Desk, evaluation: Row) -> tuple[Need, ...]:
    due_at = moments.instant(desk.connection, evaluation)
    if due_at is None or due_at > desk.uow.now:
        return ()
    return (
        Need(
            "programme-evaluation-overdue",
            N_("%(evaluation)s was to be held by %(due)s; only a day that is still to come can be moved."),
            {"evaluation": evaluation["evaluation_id"], "due": evaluation["due_on"]},
            N_("Hold the evaluation, and record it."),
            "pdca programme evaluation record %(evaluation)s --held DATE --by …",
        ),
    )
