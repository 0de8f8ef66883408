"""What Adjust makes of an activity: adopt it as it is, adapt it, or abandon it."""

from dataclasses import dataclass
from typing import Final

from pdca import methods
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import NotFound
from pdca.i18n import _
from pdca.logged import event_of
from pdca.partners.common import must_be_of_group
from pdca.plans.advance import lock_plan
from pdca.shapes import check_among
from pdca.store.driver import Row
from pdca.store.reads import cycles, log, plans
from pdca.store.rows import Change, insert, update
from workflows.guards import N_, Need, given_motive

DECISIONS = ("adopt", "adapt", "abandon")

_DECIDE: Final = "pdca activity decide %(activity)s %(decision)s --reason …"


@dataclass(frozen=True, slots=True)
class DecideActivity:
    """Decide in Adjust what becomes of an activity, and why; an abandoned one is dropped from here on.

    One that is done is not abandoned any more. What is decided otherwise in the same cycle is not dropped by it.
    """

    plan_id: str
    activity_id: str
    decision: str
    reason: str

    def perform(self, desk: Desk) -> Outcome:
        """Keep the decision, in the place of one taken before in this cycle, or log the refusal."""
        plan = lock_plan(desk, self.plan_id)
        must_be_of_group(desk, plan)
        activity = self._activity(desk)
        unknown = N_("“%(word)s” is no decision over an activity.")
        check_among("decision-unknown", unknown, self.decision, DECISIONS)
        motive = given_motive(self.reason, _DECIDE, activity=self.activity_id, decision=self.decision)
        if needs := (*_in_adjust(desk, plan), *self._not_done(activity), *motive):
            draft = Draft(kind="plan.refused", trigger="decide", from_state=plan["state"], reason=self.reason or None)
            return desk.refuse(Stream.of_plan(plan), draft, needs)
        changes = [self._row(desk, plan), *self._status(desk, plan, activity)]
        desk.record(Stream.of_plan(plan), Draft(kind="activity.decided", changes=changes, reason=self.reason))
        return desk.done(plan=self.plan_id, activity=self.activity_id, cycle=plan["cycle"], decision=self.decision)

    def _activity(self, desk: Desk) -> Row:
        rows = desk.connection.all(plans.ACTIVITIES, plan_id=self.plan_id)
        for row in rows:
            if row["activity_id"] == self.activity_id:
                return row
        raise NotFound(
            "activity-unknown",
            _("There is no activity %(activity)s.") % {"activity": self.activity_id},
            hint=_("`pdca activity list %(plan)s` shows those of the plan.") % {"plan": self.plan_id},
        )

    def _row(self, desk: Desk, plan: Row) -> Change:
        key = {"activity_id": self.activity_id, "cycle": plan["cycle"]}
        values = {
            "decision": self.decision,
            "reason": self.reason,
            "decided_by": desk.actor.person_id,
            "decided_at": desk.uow.now_text,
        }
        if desk.connection.one(cycles.DECISION, **key) is None:
            return insert("activity_decision", key, **values)
        return update("activity_decision", key, **values)

    def _status(self, desk: Desk, plan: Row, activity: Row) -> list[Change]:
        if self.decision == "abandon":
            status = "dropped"
        else:
            status = self._before_it_was_abandoned(desk, plan) or activity["status"]
        if status == activity["status"]:
            return []
        return [update("activity", {"activity_id": self.activity_id}, status=status)]

    def _before_it_was_abandoned(self, desk: Desk, plan: Row) -> str | None:
        """Read from the log what it was when it was abandoned in this cycle; None when that is not why it is so."""
        decided = desk.connection.one(cycles.DECISION, activity_id=self.activity_id, cycle=plan["cycle"])
        if decided is None or decided["decision"] != "abandon":
            return None
        said = [
            (event.kind, str(change.values["status"]))
            for event in (event_of(row) for row in desk.connection.all(log.EVENTS_OF_PLAN, plan_id=self.plan_id))
            for change in event.changes
            if change.table == "activity"
            and change.key == {"activity_id": self.activity_id}
            and "status" in change.values
        ]
        by_a_decision = said and said[-1] == ("activity.decided", "dropped")
        return said[-2][1] if by_a_decision and len(said) > 1 else None

    def _not_done(self, activity: Row) -> tuple[Need, ...]:
        if self.decision != "abandon" or activity["status"] != "done":
            return ()
        return (
            Need(
                "activity-done",
                N_("%(activity)s is done, and is not abandoned any more."),
                {"activity": self.activity_id},
                N_("Decide that it is adopted, or adapted in the next cycle."),
                "pdca activity decide %(activity)s adopt --reason …",
            ),
        )


def _in_adjust(desk: Desk, plan: Row) -> tuple[Need, ...]:
    state = methods.state_of(desk.connection, plan)
    if state.phase == "adjust":
        return ()
    return (
        Need(
            "not-in-adjust",
            N_("What becomes of an activity is decided in Adjust; %(plan)s is in “%(state)s”."),
            {"plan": plan["plan_id"], "state": state.label},
            N_("Evaluate the plan and conclude the evaluation first."),
            "pdca plan why-not %(plan)s",
        ),
    )
