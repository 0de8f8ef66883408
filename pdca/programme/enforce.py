"""Enforcing the day by which a programme is to be evaluated: who is in charge is told, until it is recorded.

As with a plan, each enforcement has a key in the log (deadline and rung): it happens exactly once, and what comes late
because nothing ran comes once, with both instants.
"""

from dataclasses import dataclass

from pdca.engine import Desk, Draft, HeldByAnother, Outcome, Stream
from pdca.notify.outbox import Notice
from pdca.plans import rungs
from pdca.programme import moments
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations, people, programme, programme_evaluations
from pdca.store.rows import update
from workflows.escalation import rung_after
from workflows.instants import from_text
from workflows.schedule import parse_stated


@dataclass(frozen=True, slots=True)
class EnforceProgrammeDeadline:
    """Enforce a deadline of a programme if it is still pending and due; otherwise nothing happens."""

    deadline_id: str
    programme_id: str

    def perform(self, desk: Desk) -> Outcome:
        """Tell whoever heads the body on the day, and climb the ladder from there.

        Raises HeldByAnother when another worker has the installation.
        """
        installation = desk.connection.one(people.LOCK_INSTALLATION_IF_FREE)
        if installation is None:
            raise HeldByAnother
        due = desk.connection.one(evaluations.PENDING_DEADLINE, deadline_id=self.deadline_id, now=desk.uow.now_text)
        if due is None:
            return Outcome()
        name, step = due["programme_evaluation_id"], due["step"]
        evaluation = desk.connection.one(programme_evaluations.EVALUATION, evaluation_id=name) or {}
        row = desk.connection.one(programme.PROGRAMME, programme_id=self.programme_id)
        ladder = moments.ladder(moments.method_of(desk.connection, self.programme_id))
        following = rung_after(ladder, step, from_text(due["due_at"]), desk.uow.now)
        kind = "programme.evaluation_overdue" if step else "programme.evaluation_due"
        parameters = {
            "programme": self.programme_id,
            "title": from_json(row["title"]) if row else {"en": self.programme_id},
            "evaluation": name,
            "due": parse_stated(evaluation["due_on"]).date.isoformat(),
            "assumed": bool(evaluation["assumed"]),
            **rungs.announced(step + 1, following),
        }
        desk.record(
            Stream.of_installation(installation),
            Draft(
                kind=kind,
                changes=[
                    update("deadline", {"deadline_id": self.deadline_id}, step=step + 1, **rungs.until(following))
                ],
                notices=[Notice(kind, rungs.audience(ladder, step), parameters)],
                evaluation=name,
                key=rungs.key(due),
                due_at=due["due_at"],
            ),
        )
        return desk.done(overdue=self.deadline_id, step=step + 1)
