"""What a plan is expected to bring about: written before its cycle begins, and locked from then on."""

from dataclasses import dataclass

from pdca import methods
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.partners.common import must_be_of_group
from pdca.plans.advance import lock_plan
from pdca.plans.facts import cycle_to_begin
from pdca.shapes import check_text
from pdca.store.driver import Connection, Row
from pdca.store.reads import cycles, evaluations
from pdca.store.rows import insert, update
from workflows.guards import N_, Need


@dataclass(frozen=True, slots=True)
class Predict:
    """Write what the cycle that is still to begin is expected to bring about."""

    plan_id: str
    text: str

    def perform(self, desk: Desk) -> Outcome:
        """Keep it, in the place of what was written before; a refusal is logged when the cycle runs already."""
        plan = lock_plan(desk, self.plan_id)
        must_be_of_group(desk, plan)
        check_text(self.text)
        moments = desk.connection.all(evaluations.OF_PLAN, plan_id=self.plan_id)
        cycle = cycle_to_begin(methods.state_of(desk.connection, plan).phase, plan, moments)
        if cycle is None:
            draft = Draft(kind="plan.refused", trigger="predict", from_state=plan["state"])
            return desk.refuse(Stream.of_plan(plan), draft, (_locked(desk.connection, plan),))
        key = {"plan_id": self.plan_id, "cycle": cycle}
        values = {"text": self.text, "written_by": desk.actor.person_id, "written_at": desk.uow.now_text}
        before = desk.connection.one(cycles.PREDICTION, **key)
        if before is not None and before["text"] == self.text:
            return desk.done(plan=self.plan_id, cycle=cycle)
        change = update("prediction", key, **values) if before else insert("prediction", key, **values)
        desk.record(Stream.of_plan(plan), Draft(kind="plan.predicted", changes=[change]))
        return desk.done(plan=self.plan_id, cycle=cycle)


def _locked(connection: Connection, plan: Row) -> Need:
    return Need(
        "prediction-locked",
        N_("Cycle %(cycle)s of %(plan)s has begun (“%(state)s”), and what was predicted for it is locked."),
        {"plan": plan["plan_id"], "cycle": plan["cycle"], "state": methods.state_of(connection, plan).label},
        N_("Write the next prediction in Adjust, or when the plan is in Plan again."),
        "pdca plan cycles %(plan)s",
    )
