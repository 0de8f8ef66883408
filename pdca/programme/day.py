"""The day by which a programme is to be evaluated is decided on, with a motive: a first one, or an earlier one.

To put it off takes an extension that somebody else approves (`pdca.programme.extend`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pdca import extensions
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Usage
from pdca.i18n import N_, _
from pdca.people.commands import lock_installation
from pdca.programme import moments
from pdca.programme.common import must_be_in_charge, stated
from pdca.programme.evaluation import EVALUATE, find_evaluation, recorded_already
from pdca.programme.telling import notice
from pdca.store.driver import Row
from pdca.store.reads import programme_evaluations
from pdca.store.rows import update
from workflows.guards import given_motive
from workflows.need import Need


@dataclass(frozen=True, slots=True)
class SetEvaluationDay:
    """Have an evaluation of a programme held by a day; `due_on` is a date as stated ("2025-06" is allowed)."""

    evaluation_id: str
    due_on: str
    reason: str

    def perform(self, desk: Desk) -> Outcome:
        """Set the day and its deadline, or log the refusal; raises NotFound, and Usage for a day that has passed.

        A request to move the day it had is taken back with it.
        """
        installation = lock_installation(desk)
        must_be_in_charge(desk, EVALUATE)
        evaluation = find_evaluation(desk.connection, self.evaluation_id)
        if refusal := recorded_already(desk, installation, evaluation):
            return refusal
        due = stated(self.due_on, desk.uow.now, desk.connection, past=False).date
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
        needs = (
            *still_to_come(desk, evaluation),
            *put_off(evaluation, self.due_on),
            *given_motive(self.reason),
        )
        if needs:
            draft = Draft(
                kind="programme.refused", trigger="evaluate", evaluation=self.evaluation_id, reason=self.reason
            )
            return desk.refuse(Stream.of_installation(installation), draft, needs)
        decided = moments.decided(evaluation, self.due_on)
        change = update("programme_evaluation", {"evaluation_id": self.evaluation_id}, **decided)
        now = {**evaluation, **change.set}
        asked = desk.connection.all(programme_evaluations.EXTENSIONS, evaluation_id=self.evaluation_id)
        kind = "programme.evaluation_moved"
        desk.record(
            Stream.of_installation(installation),
            Draft(
                kind=kind,
                changes=[
                    change,
                    *(
                        extensions.withdrawn("programme_extension", row, self.reason, desk)
                        for row in asked
                        if extensions.waits(row)
                    ),
                    *moments.kept(desk.connection, now, desk.uow.now, installation["version"] + 1),
                ],
                notices=[notice(kind, desk, evaluation, self.reason, due=due.isoformat())],
                evaluation=self.evaluation_id,
                reason=self.reason,
            ),
        )
        return desk.done(**summary)


def still_to_come(desk: Desk, evaluation: Row) -> tuple[Need, ...]:
    """Refuse to move a day that has come."""
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


def put_off(evaluation: Mapping[str, Any], due_on: str) -> tuple[Need, ...]:
    """Refuse a decision for a later day: that takes somebody else's approval."""
    if not moments.puts_off(evaluation, due_on):
        return ()
    return (
        Need(
            "programme-evaluation-put-off",
            N_("%(evaluation)s is to be held by %(due)s; it is put off by an approved extension only."),
            {"evaluation": evaluation["evaluation_id"], "due": evaluation["due_on"]},
            N_("Ask for it; somebody else approves it."),
            "pdca programme evaluation extend %(evaluation)s --to DATE --reason …",
        ),
    )
