"""Measuring a plan from another baseline: a decision of Adjust, with its reason, and the first stays on record."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdca import methods
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import NotFound
from pdca.exchange.plan_records import Baseline
from pdca.i18n import N_, _
from pdca.plans import rights
from pdca.plans.advance import lock_plan
from pdca.plans.roles import present
from pdca.programme.common import filled
from pdca.store.driver import Row
from pdca.store.reads import indicators, plans
from pdca.store.rows import insert, update
from workflows.need import Need


@dataclass(frozen=True, slots=True)
class Rebase:
    """Measure a plan from another baseline on one of its indicators."""

    plan_id: str
    indicator_id: str
    baseline: Baseline
    reason: str

    def perform(self, desk: Desk) -> Outcome:
        """Write it as an event of the plan, or log the refusal; raises NotFound."""
        plan = lock_plan(desk, self.plan_id)
        filled("reason-missing", N_("The reason"), self.reason)
        measured = desk.connection.all(plans.PLAN_INDICATORS, plan_id=self.plan_id)
        row = next((one for one in measured if one["indicator_id"] == self.indicator_id), None)
        if row is None:
            raise NotFound(
                "indicator-not-of-plan",
                _("%(plan)s is not measured by “%(indicator)s”.")
                % {"plan": self.plan_id, "indicator": self.indicator_id},
                hint=_("`pdca plan show %(plan)s` names its indicators.") % {"plan": self.plan_id},
            )
        earlier = desk.connection.all(
            indicators.EARLIER_BASELINES, plan_id=self.plan_id, indicator_id=self.indicator_id
        )
        key = {"plan_id": self.plan_id, "indicator_id": self.indicator_id}
        kept = {name: row[name] for name in ("baseline", "baseline_period", "baseline_missing", "baseline_assumed")}
        changes = [
            insert(
                "plan_baseline",
                {**key, "number": len(earlier) + 1},
                **kept,
                cycle=plan["cycle"],
                reason=self.reason,
                replaced_at=desk.uow.now_text,
                replaced_by=desk.actor.person_id,
            ),
            update(
                "plan_indicator",
                key,
                baseline=None if self.baseline.value is None else str(self.baseline.value),
                baseline_period=self.baseline.period.text if self.baseline.period else None,
                baseline_missing=self.baseline.missing,
                baseline_assumed=int(self.baseline.assumed),
            ),
        ]
        stands = present(desk.connection, plan, desk.actor, desk.uow.now)
        needs = (*self._needs(desk, plan), *rights.editing(plan, stands, changes))
        if needs:
            draft = Draft(kind="plan.refused", trigger="rebase", from_state=plan["state"], reason=self.reason)
            return desk.refuse(Stream.of_plan(plan), draft, needs)
        desk.act_for(rights.acting(changes, stands))
        desk.record(Stream.of_plan(plan), Draft(kind="plan.rebased", changes=changes, reason=self.reason))
        return desk.done(
            plan=self.plan_id,
            indicator=self.indicator_id,
            before={"value": kept["baseline"], "period": kept["baseline_period"], "missing": kept["baseline_missing"]},
            after={
                "value": changes[1].set["baseline"],
                "period": changes[1].set["baseline_period"],
                "missing": changes[1].set["baseline_missing"],
            },
        )

    def _needs(self, desk: Desk, plan: Row) -> Sequence[Need]:
        definition = methods.of_plan(desk.connection, plan)
        if ended := rights.ended(plan, definition):
            return ended
        state = definition.state_by_id[plan["state"]]
        if state.phase == "adjust":
            return ()
        return (
            Need(
                "rebase-outside-adjust",
                N_("%(plan)s is in “%(state)s”; another baseline is a decision of Adjust."),
                {"plan": self.plan_id, "state": state.label},
                N_("Decide on it after the next evaluation is concluded."),
                "pdca plan why-not %(plan)s",
            ),
        )
