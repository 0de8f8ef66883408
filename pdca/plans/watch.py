"""Looking again at a plan that went to daily operations: all is well, and it is looked at again later (clause 32)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from pdca import methods
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import NoRight
from pdca.i18n import _
from pdca.plans import deadlines
from pdca.plans.advance import lock_plan
from pdca.plans.roles import present
from pdca.store.driver import Row
from pdca.store.reads import evaluations
from pdca.store.rows import update
from workflows import guards
from workflows.facts import Facts
from workflows.guards import N_, Need, given_motive
from workflows.instants import to_text
from workflows.schedule import due_instant

_LOOK: Final = "pdca plan watch %(plan)s --again DATE --found …"


@dataclass(frozen=True, slots=True)
class LookAgain:
    """Say what was found when a plan in daily operations was looked at, and on which local date it is again."""

    plan_id: str
    again: date
    found: str

    def perform(self, desk: Desk) -> Outcome:
        """Set the next day in the place of the last one; raises NoRight for others than who leads the plan, and logs
        the refusal where nothing is watched, nothing is said or the day is not after today.
        """
        plan = lock_plan(desk, self.plan_id)
        stands = present(desk.connection, plan, desk.actor, desk.uow.now)
        if "lead" not in stands.roles:
            raise NoRight(
                "not-the-lead",
                _("Only the project leader of %(plan)s does this.") % {"plan": self.plan_id},
                hint=_("Ask the project leader."),
                actor=desk.actor,
            )
        desk.act_for(stands.in_whose_stead(("lead",)))
        definition = methods.of_plan(desk.connection, plan)
        needs = _nothing_watched(plan)
        if not needs:
            facts = Facts(
                plan=self.plan_id,
                state=plan["state"],
                now=desk.uow.now,
                zone=plan["zone"],
                watch=plan["watch"],
                watch_again=self.again,
            )
            needs = tuple(
                need._replace(params={**need.params, "plan": self.plan_id}, command=_LOOK)
                for need in (*guards.watch(facts, definition), *given_motive(self.found))
            )
        if needs:
            draft = Draft(kind="plan.refused", trigger="watch", from_state=plan["state"], reason=self.found or None)
            return desk.refuse(Stream.of_plan(plan), draft, needs)
        live = desk.connection.all(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=self.plan_id)
        due = to_text(due_instant(self.again, definition.evaluation.time, plan["zone"]))
        desk.record(
            Stream.of_plan(plan),
            Draft(
                kind="plan.watched",
                changes=[
                    update("plan", {"plan_id": self.plan_id}, watch_again=self.again.isoformat()),
                    *(deadlines.ended(row, desk.uow.now_text) for row in deadlines.of_kinds(live, ("watch",))),
                    deadlines.of_phase(self.plan_id, "watch", due, plan["version"] + 1),
                ],
                reason=self.found,
            ),
        )
        return desk.done(plan=self.plan_id, again=self.again.isoformat())


def _nothing_watched(plan: Row) -> tuple[Need, ...]:
    if plan["watch"] is not None:
        return ()
    return (
        Need(
            "nothing-watched",
            N_("%(plan)s is not in daily operations, and nothing of it is watched."),
            {"plan": plan["plan_id"]},
            N_("What is watched is stated when a plan is embedded."),
            "pdca plan why-not %(plan)s",
        ),
    )
