"""Taking up what is overdue: it stays overdue, and nobody else is told of it meanwhile."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from pdca import methods
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Usage
from pdca.evaluations.find import find
from pdca.i18n import _
from pdca.plans import acknowledgements
from pdca.plans.advance import lock_plan
from pdca.plans.reminding import in_force
from pdca.plans.rights import GROUP
from pdca.plans.roles import local_date, present
from pdca.standing import acts_for
from pdca.store.driver import Row
from pdca.store.reads import evaluations, reminding
from pdca.store.rows import Change, insert, update
from workflows.escalation import Acknowledgement, Rung, acknowledged
from workflows.guards import N_, Need, given_motive
from workflows.instants import from_text, to_text
from workflows.schedule import due_instant

OF_AN_EVALUATION: Final = ("record", "missed")
"""The kinds of deadlines by which an evaluation is overdue; the others are of the plan itself."""


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Take up what is overdue of a plan, or of one of its evaluations: for good, or until a local day."""

    plan_id: str
    reason: str
    until: date | None = None
    evaluation_id: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Stop the ladder, or hold it up, or log the refusal; raises NotFound, and Usage for a day that is past.

        The summary says of each thing when somebody else is told of it all the same (`next_at`), None for never.
        """
        plan = lock_plan(desk, self.plan_id)
        until = self._until(desk, plan)
        live = desk.connection.all(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=self.plan_id)
        told = [row for row in live if row["step"] > 0 and self._means(row)]
        overdue = [row for row in told if row["status"] != "held"]
        needs = (
            *(() if overdue else (self._at_rest() if told else self._nothing_overdue(),)),
            *(_concerned(desk, plan, overdue) if overdue else ()),
            *given_motive(self.reason),
        )
        if needs:
            kind = "evaluation.refused" if self.evaluation_id else "plan.refused"
            draft = Draft(kind=kind, trigger="acknowledge", evaluation=self.evaluation_id, reason=self.reason or None)
            return desk.refuse(Stream.of_plan(plan), draft, needs)
        ladder = in_force(desk.connection, plan).method.ladder
        words = acknowledgements.last_words(desk.connection, self.plan_id)
        changes: list[Change] = []
        taken_up: list[dict[str, object]] = []
        for row in overdue:
            before = words.get(row["deadline_id"])
            made = insert(
                "acknowledgement",
                {"deadline_id": row["deadline_id"], "number": (before["number"] if before else 0) + 1},
                person_id=desk.actor.person_id,
                at=desk.uow.now_text,
                until=until,
                reason=self.reason,
            )
            rung = None
            if row["step"] < len(ladder):
                rung = Rung(row["step"], from_text(row["due_at"]), ladder[row["step"]].to)
            word = Acknowledgement(from_text(until) if until else None)
            following = acknowledged(rung, word)
            changes += [made, *_held_up(row, following)]
            next_at = to_text(following.at) if following else None
            taken_up.append({"what": row["kind"], "since": row["since"], "next_at": next_at})
        desk.record(
            Stream.of_plan(plan),
            Draft(kind="deadline.acknowledged", changes=changes, evaluation=self.evaluation_id, reason=self.reason),
        )
        return desk.done(
            plan=self.plan_id,
            evaluation=self.evaluation_id,
            until=until,
            acknowledged=taken_up,
        )

    def _means(self, row: Row) -> bool:
        if self.evaluation_id is None:
            return row["kind"] not in OF_AN_EVALUATION
        return row["kind"] in OF_AN_EVALUATION and row["evaluation_id"] == self.evaluation_id

    def _until(self, desk: Desk, plan: Row) -> str | None:
        if self.evaluation_id is not None:
            find(desk.connection, self.evaluation_id)
        if self.until is None:
            return None
        if self.until <= local_date(desk.uow.now, plan["zone"]):
            raise Usage(
                "date-past",
                _("%(day)s is not to come any more.") % {"day": self.until},
                hint=_("Give a day from tomorrow on, by which it will be done."),
            )
        time = methods.of_plan(desk.connection, plan).evaluation.time
        return to_text(due_instant(self.until, time, plan["zone"]))

    def _nothing_overdue(self) -> Need:
        subject = self.evaluation_id or self.plan_id
        return Need(
            "nothing-overdue",
            N_("Nobody was told yet that anything of %(subject)s is overdue."),
            {"subject": subject, "plan": self.plan_id},
            N_("This shows what falls due, and when."),
            "pdca plan next --all",
        )

    def _at_rest(self) -> Need:
        return Need(
            "overdue-at-rest",
            N_("What is overdue is held while %(plan)s is suspended: nobody is told of it."),
            {"plan": self.plan_id},
            N_("Take it up once the plan has been resumed."),
            "pdca plan why-not %(plan)s",
        )


def _held_up(row: Row, rung: Rung | None) -> list[Change]:
    status = "overdue" if rung is None else "pending"
    values = {"status": status} | ({"due_at": to_text(rung.at)} if rung else {})
    changed = {name: value for name, value in values.items() if row[name] != value}
    if row["status"] == "set_aside" or not changed:
        return []
    return [update("deadline", {"deadline_id": row["deadline_id"]}, **changed)]


def _concerned(desk: Desk, plan: Row, overdue: list[Row]) -> tuple[Need, ...]:
    """The project group takes it up, or somebody who was told, or who acts for either."""
    stands = present(desk.connection, plan, desk.actor, desk.uow.now)
    if not stands.roles.isdisjoint(GROUP):
        desk.act_for(stands.in_whose_stead(GROUP))
        return ()
    since = min(row["since"] for row in overdue)
    rows = desk.connection.all(reminding.TOLD_OF_LADDER, plan_id=plan["plan_id"], since=since)
    told = {row["person_id"] for row in rows}
    if desk.actor.on_behalf_of is None and desk.actor.person_id in told:
        return ()
    lenders = told & acts_for(desk.connection, desk.actor.person_id, desk.uow.now, plan["zone"])
    if desk.actor.on_behalf_of is not None:
        lenders &= {desk.actor.on_behalf_of}
    if lenders:
        desk.act_for(min(lenders))
        return ()
    return (
        Need(
            "not-told",
            N_("Who takes this up is in the project group of %(plan)s, or was told of it."),
            {"plan": plan["plan_id"]},
            N_("Ask the project leader."),
            "pdca group show %(plan)s",
        ),
    )
