"""People who act as soon as there is something to do, for a forecast of what comes when nothing is left lying.

They act through the same commands as everybody, as whoever has the right; what the rules refuse them stays as it is, so
a forecast shows what would hold a plan up. They play in a copy that is thrown away: what they write nobody reads.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from pdca import i18n, methods
from pdca.cycles.decide import DecideActivity
from pdca.engine import Command
from pdca.errors import PdcaError
from pdca.evaluations.known_figures import known_figures
from pdca.house import House
from pdca.i18n import _
from pdca.information.approve import ApproveReport
from pdca.information.receive import RecordHandedOver, RecordReceipt
from pdca.plans.advance import Advance
from pdca.plans.approve import Approve
from pdca.plans.facts import Attempt, undecided
from pdca.plans.watch import LookAgain
from pdca.store.driver import Connection, Row
from pdca.store.reads import approvals, evaluations, information, people, plans
from scheduler import cast_cycle
from workflows.method import Transition, WorkflowDefinition
from workflows.schedule import due_instant

SOON: Final = timedelta(hours=1)
MORNING: Final = time(9)
ASSUMED: Final = "Assumed in a forecast."
AGAIN_AFTER: Final = timedelta(days=365)
PHASES: Final = ("do", "check", "adjust", "ended", "plan")
"""Where people go on to when there is a choice: on with the plan rather than to its end, and to no plan anew."""


@dataclass
class ActsInTime:
    """A cast in which whoever is asked acts within the hour, and a plan starts on its first day.

    `held_up` maps a plan to what the rules still miss, in words by code.
    """

    held_up: dict[str, dict[str, str]] = field(default_factory=dict)
    tried: set[tuple[Any, ...]] = field(default_factory=set)

    def next_act(self, connection: Connection, now: datetime) -> datetime | None:
        """Tell when the first plan has something to be done that was not tried yet."""
        return min((at for _plan, _key, at in self._to_do(connection, now)), default=None)

    def act(self, house: House, now: datetime) -> None:
        """Do what has come up."""
        with house.reading() as connection:
            due = [(plan, key) for plan, key, at in self._to_do(connection, now - SOON) if at <= now]
        for plan, key in due:
            self.tried.add(key)
            acting = _Acting(house, plan, self.held_up)
            if key[0] == "report":
                acting.inform(key[1])
            else:
                acting.act()

    def _to_do(self, connection: Connection, now: datetime) -> Iterable[tuple[Row, tuple[Any, ...], datetime]]:
        for plan in connection.all(plans.PLANS):
            phase = methods.state_of(connection, plan).phase
            key: tuple[Any, ...] = (plan["plan_id"], plan["state_since"], plan["cycle"])
            at = now + SOON
            if phase == "plan":
                at = max(at, due_instant(date.fromisoformat(plan["period_start"]), MORNING, plan["zone"]))
            elif phase == "ended":
                again = (connection.one(plans.PLAN, plan_id=plan["plan_id"]) or {})["watch_again"]
                if again is None:
                    continue
                key, at = (*key, again), max(at, due_instant(date.fromisoformat(again), MORNING, plan["zone"]))
            elif phase not in ("check", "adjust"):
                continue
            if key not in self.tried:
                yield plan, key, at
        for report in connection.all(information.OPEN):
            key = ("report", report["report_id"], report["status"])
            if key not in self.tried:
                yield connection.one(plans.PLAN, plan_id=report["plan_id"]) or {}, key, now + SOON


class _Acting:
    """The people of one plan, at one instant."""

    def __init__(self, house: House, plan: Row, held_up: dict[str, dict[str, str]]) -> None:
        self.house = house
        self.plan = plan
        self.held_up = held_up
        with house.reading() as connection:
            self.definition = methods.of_plan(connection, plan)
            appointed = connection.all(people.APPOINTMENTS)
            group = {row["party_id"] for row in connection.all(plans.GROUP, plan_id=plan["plan_id"])}
        leads = [row["person_id"] for row in appointed if row["party_id"] == plan["lead_id"]]
        others = [row for row in appointed if row["person_id"] not in leads]
        self.leads = _each_once(leads)
        self.others = _each_once(
            row["person_id"] for row in sorted(others, key=lambda row: row["party_id"] not in group)
        )

    def act(self) -> None:
        phase = self.definition.state_by_id[self.plan["state"]].phase
        if phase == "ended":
            self._by(self.leads, LookAgain(self.plan["plan_id"], self._today() + AGAIN_AFTER, ASSUMED))
            return
        if phase == "check" and not self._recorded():
            return
        for way in _onward(self.definition, self.plan["state"]):
            if self._take(way):
                self.held_up.pop(self.plan["plan_id"], None)
                return

    def inform(self, report_id: str) -> None:
        """Approve a report, say that it was handed over, or that it arrived: in a forecast no letter is written."""
        commands = (
            ApproveReport(report_id, ASSUMED),
            RecordHandedOver(report_id, ()),
            RecordReceipt(report_id, self._today(), ASSUMED, ASSUMED),
        )
        next((command for command in commands if self._by(self.leads, command)), None)

    def _take(self, way: Transition) -> bool:
        name = self.plan["plan_id"]
        with self.house.reading() as connection:
            plan = connection.one(plans.PLAN, plan_id=name) or {}
            now = self.house.now(connection)
            first = [
                cast_cycle.prediction(name),
                *cast_cycle.answers(connection, name, now.date()),
                *(DecideActivity(name, one["activity_id"], "adopt", ASSUMED) for one in undecided(connection, plan)),
            ]
        for command in first:
            self._by(self.leads, command)
        if way.trigger in methods.purposes(self.definition) and not self._approved(way.trigger):
            self._by(self.others, Approve(name, way.trigger, ASSUMED))
        attempt = Attempt(ASSUMED, ASSUMED, self._today() + AGAIN_AFTER)
        return self._by(self.leads, Advance(name, way.trigger, attempt=attempt), noting=True)

    def _approved(self, trigger: str) -> bool:
        with self.house.reading() as connection:
            live = connection.all(approvals.LIVE, plan_id=self.plan["plan_id"])
        return trigger in {row["purpose"] for row in live}

    def _recorded(self) -> bool:
        """Record the evaluation that is open, and tell whether none is left open."""
        with self.house.reading() as connection:
            moments = connection.all(evaluations.OF_PLAN, plan_id=self.plan["plan_id"])
            opened = next((row for row in moments if row["status"] == "open"), None)
            if opened is None:
                return True
            taken = known_figures(connection, self.plan, self.house.now(connection))
            record = cast_cycle.recording(connection, self.plan, opened, "", ASSUMED, taken)
        return self._by(self.others, replace(record, evaluators=()), noting=True)

    def _by(self, candidates: Sequence[str], command: Command, *, noting: bool = False) -> bool:
        """Have the first do it who may; a refusal is one when nobody may."""
        missing = {"nobody-may": _("Nobody may do it.")}
        for person in candidates:
            try:
                outcome = replace(self.house, as_person=person).apply(command)
            except PdcaError as refusal:
                missing = {refusal.code: refusal.message}
                continue
            if not outcome.refusal:
                return True
            missing = {need.code: need.words(i18n.language(), i18n.gettext) for need in outcome.refusal}
        if noting:
            self.held_up.setdefault(self.plan["plan_id"], missing)
        return False

    def _today(self) -> date:
        with self.house.reading() as connection:
            return self.house.now(connection).date()


def _onward(definition: WorkflowDefinition, state: str) -> list[Transition]:
    ways = methods.onward(definition, state)
    return sorted(ways, key=lambda way: PHASES.index(definition.state_by_id[way.target].phase))


def _each_once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
