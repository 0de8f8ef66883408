"""A moment of information falls due: its report is prepared; later, what was not approved or sent climbs the ladder."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdca import methods
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.evaluations.enforce import NOTHING_DUE, lock
from pdca.information.finding import Matter
from pdca.information.prepare import prepare, told
from pdca.information.receive import confirmed
from pdca.not_arrived import all_mailed, let_go, not_arrived
from pdca.notify.outbox import Notice
from pdca.plans import deadlines, reminding, rungs
from pdca.plans.reminding import InForce
from pdca.report.kept_back import party_and_decision, withheld
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from pdca.store.reads import information
from pdca.store.rows import update
from workflows.escalation import rung_after
from workflows.instants import from_text


@dataclass(frozen=True, slots=True)
class EnforceInformation:
    """Enforce a deadline of information if it is still pending and due; otherwise nothing happens."""

    deadline_id: str
    plan_id: str

    def perform(self, desk: Desk) -> Outcome:
        """Prepare the report, note that its mails have left, or climb the next rung of the ladder.

        Raises HeldByAnother when another worker has the plan.
        """
        found = lock(desk, self.plan_id, self.deadline_id)
        if found is None:
            return NOTHING_DUE
        plan, due = found
        moment = desk.connection.one(information.MOMENT, information_id=due["information_id"]) or {}
        party, decision = party_and_decision(desk.connection, plan, moment, moment["schedule_number"])
        if withheld(plan, party, decision):
            there = not_arrived(desk.connection, plan["plan_id"], moment["information_id"])
            if not all_mailed(desk.connection, plan, there):
                return _withheld(desk, plan, due, moment, party, there)
        if moment["status"] == "planned":
            return _prepared(desk, plan, due, moment, party, decision)
        reports = desk.connection.all(information.REPORTS, plan_id=plan["plan_id"])
        report = [row for row in reports if row["information_id"] == moment["information_id"]][-1]
        matter = Matter(plan, party, decision, moment, report)
        if confirmed(desk, matter):
            return desk.done(received=report["report_id"])
        definition = methods.of_plan(desk.connection, plan)
        return _overdue(desk, matter, due, reminding.in_force(desk.connection, plan, definition))


def _prepared(desk: Desk, plan: Row, due: Row, moment: Row, party: Row, decision: Row) -> Outcome:
    done = prepare(desk, plan, moment, party, decision)
    desk.record(
        Stream.of_plan(plan),
        Draft(
            kind="information.prepared",
            changes=done.changes,
            notices=done.notices,
            key=_key(due),
            due_at=due["due_at"],
        ),
    )
    return desk.done(prepared=done.report["report_id"], status=done.report["status"])


def _withheld(desk: Desk, plan: Row, due: Row, moment: Row, party: Row, there: Sequence[Row]) -> Outcome:
    """Prepare nothing, and let go what was: the plan has become restricted. The project group is told."""
    name = {"information_id": due["information_id"]}
    parameters = {
        "plan": plan["plan_id"],
        "title": from_json(plan["title"]),
        "party": from_json(party["name"]),
        "due": moment["due_date"],
    }
    desk.record(
        Stream.of_plan(plan),
        Draft(
            kind="information.withheld",
            changes=[
                update("information_moment", name, status="withheld"),
                *let_go(desk, plan, there, "cancelled"),
                deadlines.ended(due, desk.uow.now_text, "done"),
            ],
            notices=[Notice("information.withheld", ("lead", "group"), parameters)],
            key=_key(due),
            due_at=due["due_at"],
        ),
    )
    return desk.done(withheld=due["information_id"])


def _overdue(desk: Desk, matter: Matter, due: Row, holds: InForce) -> Outcome:
    ladder, step = holds.method.ladder, due["step"] + 1
    following = rung_after(ladder, due["step"], from_text(due["due_at"]), desk.uow.now)
    parameters = {
        **told(matter),
        "since": due["since"],
        "what": matter.report["status"],
        **rungs.announced(step, following),
    }
    audience = rungs.audience(ladder, due["step"])
    desk.record(
        Stream.of_plan(matter.plan),
        Draft(
            kind="information.overdue",
            changes=[update("deadline", {"deadline_id": due["deadline_id"]}, step=step, **rungs.until(following))],
            notices=[Notice("information.overdue", audience, parameters)] if audience else [],
            key=rungs.key(due, holds.number),
            due_at=due["due_at"],
        ),
    )
    return desk.done(overdue=due["deadline_id"], step=step)


def _key(due: Row) -> str:
    """What makes preparing at the moment unique in the log: it is on no rung, so it is the deadline and its instant."""
    return rungs.key_of_reminder(due)
