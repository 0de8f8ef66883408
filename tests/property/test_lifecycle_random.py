"""Whatever people try, whenever, and however the sweeps fall: no plan is forgotten, and the log is what happened.

Random people give random commands to two plans of one installation while time moves on in random steps; after every
step the invariants hold, and in the end the verifier finds nothing.
"""

import shutil
import tempfile
from contextlib import ExitStack, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from pdca import methods
from pdca.errors import Refused, Usage
from pdca.evaluations.acknowledge import Acknowledge
from pdca.evaluations.decide_reminding import DecideReminding
from pdca.evaluations.extend import ApproveExtension, RequestExtension
from pdca.exchange.importer import ImportDocument
from pdca.exchange.problems import EditRefused
from pdca.plans.advance import Advance
from pdca.plans.approve import Approve
from pdca.plans.facts import Attempt
from pdca.plans.reminding import Terms
from pdca.store.driver import Row
from tests import seed
from tests.contract.world import MOTIVE, PLAN, WATCHED, World, furnish, opened, recording
from workflows import definition as definitions
from workflows.instants import from_text, to_text
from workflows.method import LadderStep

ZVP = definitions.load("zvp")
LONGEST = ZVP.evaluation.extension_days or 0
PLANS = (PLAN, "P-002")
PEOPLE = st.sampled_from(["sofie", "sofie", "sofie", "sofie", "marc", "anna", "karel"])
APPROVED = methods.purposes(ZVP)
TRIGGERS = tuple(dict.fromkeys(way.trigger for way in ZVP.transitions))
LIVE = ("pending", "held", "overdue")
PHASE_OF = {"start": "plan", "record": "check", "decide": "adjust", "watch": "daily_operations"}
DAYS = st.integers(0, 4) | st.integers(5, 60)


class Lifecycle(RuleBasedStateMachine):
    """Two plans and their people, under an ever advancing clock."""

    furnished: Path

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.path = Path(folder) / "pdca.db"
        self.cycles: dict[str, int] = {}
        self.swept = False

    @initialize()
    def begin(self) -> None:
        shutil.copyfile(self.furnished, self.path)
        self.world: World = self.stack.enter_context(opened(f"sqlite:///{self.path}"))

    def teardown(self) -> None:
        # The verifier has the last word: it runs when the world is closed.
        self.stack.close()

    # --- what people do

    @rule(
        plan=st.sampled_from(PLANS),
        by=PEOPLE,
        trigger=st.sampled_from(TRIGGERS),
        motive=st.sampled_from([MOTIVE, MOTIVE, ""]),
    )
    def tries_a_trigger(self, plan: str, by: str, trigger: str, motive: str) -> None:
        again = self.world.clock.now().date() + timedelta(days=30)
        self.by(by, Advance(plan, trigger, attempt=Attempt(motive or None, WATCHED, again)))

    @rule(plan=st.sampled_from(PLANS), by=st.sampled_from(["lea", "lea", "sofie"]), purpose=st.sampled_from(APPROVED))
    def somebody_approves(self, plan: str, by: str, purpose: str) -> None:
        self.by(by, Approve(plan, purpose, MOTIVE))

    @rule(plan=st.sampled_from(PLANS), choice=st.integers(0, 3))
    def the_lead_takes_a_step_that_is_possible(self, plan: str, choice: int) -> None:
        ways = tuple(ZVP.routes[self.world.plan(plan)["state"]])
        if ways:
            self.tries_a_trigger(plan, "sofie", ways[choice % len(ways)], MOTIVE)

    @rule(
        plan=st.sampled_from(PLANS),
        by=st.sampled_from(["marc", "marc", "karel", "sofie"]),
        whole=st.sampled_from([True, True, False]),
    )
    def records_an_evaluation(self, plan: str, by: str, whole: bool) -> None:
        rows = self.evaluations(plan)
        wanted = next((row for row in rows if row["status"] == "open"), rows[0])
        different = {} if whole else {"effect": ""}
        results = {} if wanted["plan_id"] != plan else {"thefts": {"value": "7"}}
        self.by(by, recording(wanted["evaluation_id"], results=results, **different))

    @rule(plan=st.sampled_from(PLANS), by=PEOPLE, approver=PEOPLE, days=st.integers(1, 90))
    def moves_an_evaluation(self, plan: str, by: str, approver: str, days: int) -> None:
        planned = [row for row in self.evaluations(plan) if row["status"] == "planned"]
        if planned:
            to_date = date.fromisoformat(planned[0]["due_date"]) + timedelta(days=days)
            self.by(by, RequestExtension(planned[0]["evaluation_id"], to_date, MOTIVE))
            self.by(approver, ApproveExtension(planned[0]["evaluation_id"], MOTIVE))

    @rule(plan=st.sampled_from(PLANS), days=st.integers(1, 200))
    def the_group_sets_another_evaluation(self, plan: str, days: int) -> None:
        state = self.world.plan(plan)["state"]
        if state not in ("plan", "do", "adjust"):
            return
        rows = self.world.dump()["evaluation"]
        day = self.world.clock.now().date() + timedelta(days=days)
        if day.isoformat() not in [row["stated_date"] for row in rows if row["plan_id"] == plan]:
            last = max(int(row["evaluation_id"].removeprefix("E-")) for row in rows)
            self.world.by_administrator(seed.Moment(plan, f"E-{last + 1}", day))

    @rule(
        plan=st.sampled_from(PLANS),
        leads=st.none() | st.lists(st.integers(1, 60), max_size=3, unique=True),
        grace=st.none() | st.integers(0, 40),
        rungs=st.lists(st.integers(1, 40), max_size=3, unique=True),
    )
    def the_group_decides_how_it_is_reminded(
        self, plan: str, leads: list[int] | None, grace: int | None, rungs: list[int]
    ) -> None:
        told = [LadderStep(0, "lead"), *(LadderStep(days, "chief") for days in sorted(rungs))]
        terms = Terms(
            None if leads is None else tuple(leads),
            None if grace is None else dict.fromkeys(("start", "record", "decide"), grace),
            tuple(told) if rungs else None,
        )
        self.by("marc", DecideReminding(plan, MOTIVE, terms))

    @rule(plan=st.sampled_from(PLANS), by=PEOPLE, days=st.none() | st.integers(1, 60), whole=st.booleans())
    def somebody_takes_up_what_is_overdue(self, plan: str, by: str, days: int | None, *, whole: bool) -> None:
        until = None if days is None else self.world.clock.now().date() + timedelta(days=days)
        evaluation = None if whole else self.evaluations(plan)[0]["evaluation_id"]
        self.by(by, Acknowledge(plan, MOTIVE, until, evaluation))

    @rule(days=st.lists(st.integers(1, 400), max_size=3))
    def the_administrator_imports(self, days: list[int]) -> None:
        today = self.world.clock.now().date()
        stated = sorted({(today + timedelta(days=each)).isoformat() for each in days})
        # Only the file that makes a plan says when it is evaluated; from then on its group does.
        with suppress(EditRefused):
            self.world.by_administrator(ImportDocument(seed.document(evaluations=stated)))

    def by(self, handle: str, command: Any) -> None:  # noqa: ANN401 - any command
        with suppress(Usage, Refused):  # an extension that nobody asked for, or to an earlier day
            self.world.by(handle, command)
        self.swept = False

    # --- what time does

    @rule(days=DAYS, minutes=st.integers(0, 24 * 60))
    def time_passes(self, days: int, minutes: int) -> None:
        self.world.clock.advance_to(self.world.clock.now() + timedelta(days=days, minutes=minutes))
        self.swept = False

    @rule()
    def the_scheduler_sweeps(self) -> None:
        counts = self.world.sweep()
        assert counts.set_aside == counts.left_to_others == 0
        self.swept = True

    # --- what always holds

    @invariant()
    def a_plan_is_in_a_state_of_its_method_and_its_cycle_never_falls(self) -> None:
        for plan in self.plans():
            assert plan["state"] in ZVP.state_by_id
            assert (plan["state"] == "suspended") == (plan["resume_state"] is not None)
            assert plan["cycle"] >= self.cycles.get(plan["plan_id"], 1)
            self.cycles[plan["plan_id"]] = plan["cycle"]

    @invariant()
    def a_deadline_belongs_to_the_phase_its_plan_is_in(self) -> None:
        states = {plan["plan_id"]: plan for plan in self.plans()}
        for row in self.live():
            plan = states[row["plan_id"]]
            at_rest = not ZVP.state_by_id[plan["state"]].running
            if row["kind"] != "watch":
                assert (row["status"] == "held") == at_rest, (row, plan["state"])
            phase = plan["resume_state"] or plan["state"]
            if row["kind"] == "decide":
                # Once the evaluation is recorded, the days to conclude it run in Check already.
                assert phase in ("check", "adjust")
            elif row["kind"] in PHASE_OF:
                assert phase == PHASE_OF[row["kind"]]
            elif row["kind"] == "missed":
                assert phase in ("plan", "check", "adjust")

    @invariant()
    def no_phase_is_a_place_where_a_plan_can_be_forgotten(self) -> None:
        kinds: dict[str, set[str]] = {}
        for row in self.live():
            kinds.setdefault(row["plan_id"], set()).add(row["kind"])
        for plan in self.plans():
            phase = plan["resume_state"] or plan["state"]
            has = kinds.get(plan["plan_id"], set())
            if phase == "plan":
                assert "start" in has
            elif phase == "check":
                assert has & {"record", "decide"}
            elif phase == "adjust":
                assert "decide" in has

    @invariant()
    def an_evaluation_to_come_has_its_deadline_and_one_that_is_over_has_none(self) -> None:
        waiting = {row["deadline_id"]: row for row in self.live() if row["kind"] == "evaluation"}
        for row in self.world.dump()["evaluation"]:
            deadline = waiting.get(row["evaluation_id"])
            assert (row["status"] == "planned") == (deadline is not None), row
            if deadline is not None:
                assert deadline["due_at"] == row["due_at"] >= row["first_due_at"]
                assert from_text(row["due_at"]) - from_text(row["first_due_at"]) < timedelta(days=LONGEST + 1)

    @invariant()
    def nobody_will_be_reminded_of_what_is_over_or_of_what_falls_due_earlier(self) -> None:
        planned = {row["evaluation_id"]: row for row in self.moments() if row["status"] == "planned"}
        for row in self.live():
            if row["kind"] == "reminder":
                assert row["due_at"] < planned[row["evaluation_id"]]["due_at"]

    @precondition(lambda self: self.swept)
    @invariant()
    def after_a_sweep_nothing_is_due(self) -> None:
        now = to_text(self.world.clock.now())
        assert [row for row in self.live() if row["status"] == "pending" and row["due_at"] <= now] == []
        running = {plan["plan_id"] for plan in self.plans() if ZVP.state_by_id[plan["state"]].running}
        for row in self.world.dump()["evaluation"]:
            if row["plan_id"] in running and row["status"] == "planned":
                assert from_text(row["due_at"]) > self.world.clock.now()

    @invariant()
    def an_evaluation_is_opened_missed_or_cancelled_once_at_most(self) -> None:
        seen: dict[tuple[str, int], int] = {}
        ends: dict[str, int] = {}
        for plan in self.plans():
            for event in self.world.events(plan["plan_id"]):
                for change in event["changes"]:
                    if change["table"] == "evaluation" and change["op"] == "update":
                        name, status = change["key"]["evaluation_id"], change["set"].get("status")
                        ends[name] = ends.get(name, 0) + (status in ("open", "missed", "cancelled"))
                place = event["stream"], event["seq"]
                seen[place] = seen.get(place, 0) + 1
        assert set(ends.values()) <= {0, 1}
        assert set(seen.values()) <= {1}

    def plans(self) -> list[Row]:
        return self.world.dump()["plan"] if hasattr(self, "world") else []

    def live(self) -> list[Row]:
        return [row for row in self.world.dump()["deadline"] if row["status"] in LIVE] if hasattr(self, "world") else []

    def moments(self) -> list[Row]:
        return self.world.dump()["evaluation"] if hasattr(self, "world") else []

    def evaluations(self, plan_id: str) -> list[Row]:
        return [row for row in self.world.dump()["evaluation"] if row["plan_id"] == plan_id]


Machine = TypeVar("Machine", bound=Lifecycle)


def on_two_plans(machine: type[Machine], folder: Path) -> type[Machine]:
    """Give a machine a furnished installation of two plans to begin with, kept in a folder."""
    path = folder / "pdca.db"
    furnish(f"sqlite:///{path}")
    with opened(f"sqlite:///{path}") as world:
        seed.plan(world.house, "P-002", people=())
    machine.furnished = path
    return machine


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> type[Lifecycle]:
    """The machine, ready to begin."""
    return on_two_plans(Lifecycle, tmp_path_factory.mktemp("lifecycle"))


def run(machine: type[Lifecycle], examples: int, steps: int) -> None:
    checked = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(machine, settings=checked)


def test_whatever_happens_no_plan_is_forgotten_and_the_log_holds(machine: type[Lifecycle]) -> None:
    run(machine, 12, 25)


@pytest.mark.soak
def test_whatever_happens_for_long_no_plan_is_forgotten_and_the_log_holds(machine: type[Lifecycle]) -> None:
    run(machine, 1_000, 60)
