"""A hospital by the method `pdsa`, from its file to the end, through the same code as a police zone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final

import pytest

from pdca.audit.verify import verify
from pdca.clock import VirtualClock
from pdca.cycles.follow_up import AnswerFollowUp, RaiseFollowUp
from pdca.engine import Command, Outcome
from pdca.evaluations.record import RecordEvaluation
from pdca.exchange.document import read_document
from pdca.exchange.importer import ImportDocument
from pdca.house import House
from pdca.notify import texts
from pdca.plans.advance import Advance
from pdca.plans.facts import Attempt
from pdca.report.board import piles
from pdca.report.plans import listed, whole
from pdca.report.readiness import shortcomings
from pdca.store.driver import Connection, Row
from pdca.store.reads import evaluations, notifications, people, plans
from pdca.store.verifying import StoredLog
from scheduler.sweep import run_once
from tests import seed
from workflows.instants import to_text
from workflows.schedule import due_instant

FILE: Final = Path(__file__).with_name("hospital.yaml")
ROUNDS: Final = "P-001"
SOCKS: Final = "P-002"
REVIEW: Final = "E-001"
SECOND_REVIEW: Final = "E-002"
MOTIVE: Final = "The team decided so."


@dataclass(frozen=True)
class Hospital:
    """The hospital with its clock; Nina leads both tests of change, Paul is in the team of the first."""

    house: House
    clock: VirtualClock
    reading: Connection

    def by(self, handle: str, command: Command) -> Outcome:
        return replace(self.house, as_person=handle).apply(command)

    def take(self, trigger: str, by: str = "nina", plan_id: str = ROUNDS) -> list[str]:
        """Try a trigger: the codes of what is missing, none when it was taken."""
        attempt = Attempt(MOTIVE, "falls at night", date(2024, 12, 2))
        return [need.code for need in self.by(by, Advance(plan_id, trigger, attempt=attempt)).refusal]

    def record(self, evaluation_id: str) -> Outcome:
        found = RecordEvaluation(
            evaluation_id,
            "effective",
            "Every round was walked.",
            "Fewer falls.",
            "plan",
            "The rounds.",
            "Wards without them fell more.",
            "No extra hands.",
            {"falls": {"value": "3"}},
        )
        return self.by("paul", found)

    def sweep_on(self, day: date, hour: int = 12) -> None:
        self.clock.advance_to(due_instant(day, time(hour), seed.ZONE))
        run_once(self.house)

    def plan(self, plan_id: str = ROUNDS) -> Row:
        [row] = self.reading.all(plans.PLAN, plan_id=plan_id)
        return row

    def evaluation(self, evaluation_id: str) -> Row:
        [row] = self.reading.all(evaluations.EVALUATION, evaluation_id=evaluation_id)
        return row

    def waiting(self, plan_id: str = ROUNDS) -> dict[str, str]:
        """What falls due: kind -> the instant, of what is no evaluation and no reminder of one."""
        rows = self.reading.all(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=plan_id)
        return {row["kind"]: row["due_at"] for row in rows if row["kind"] not in ("evaluation", "reminder")}


@pytest.fixture
def hospital(database_url: str) -> Iterator[Hospital]:
    here = seed.house(database_url, name="To be replaced")
    clock = here.clock
    assert isinstance(clock, VirtualClock)
    here.apply(ImportDocument(read_document(FILE, known_parties=())))
    with here.database.connect() as reading:
        yield Hospital(here, clock, reading)
        with here.database.connect() as connection:
            report = verify(StoredLog(connection))
        assert report.ok, report.findings[:5]


def instant(day: date, at: time = time(12)) -> str:
    return to_text(due_instant(day, at, seed.ZONE))


def test_a_test_of_change_goes_from_plan_to_adopted_in_two_cycles(hospital: Hospital) -> None:
    assert hospital.plan()["definition"] == "pdsa"
    assert hospital.waiting() == {"start": instant(date(2024, 1, 29))}
    assert hospital.take("test") == []
    assert (hospital.plan()["state"], hospital.waiting()) == ("do", {})
    hospital.sweep_on(date(2024, 2, 26), hour=11)
    assert hospital.plan()["state"] == "do"
    hospital.sweep_on(date(2024, 2, 26))
    assert (hospital.plan()["state"], hospital.evaluation(REVIEW)["status"]) == ("study", "open")
    assert hospital.waiting() == {"record": instant(date(2024, 3, 4))}
    assert "evaluation-not-recorded" in hospital.take("learn")
    assert hospital.record(REVIEW).summary["next"] == "learn"
    assert hospital.waiting() == {"decide": instant(date(2024, 3, 7))}
    assert hospital.take("learn") == []
    assert hospital.plan()["state"] == "act"
    assert hospital.take("scale_up") == []
    assert (hospital.plan()["state"], hospital.plan()["cycle"]) == ("do", 2)
    hospital.sweep_on(date(2024, 4, 15))
    assert hospital.evaluation(SECOND_REVIEW)["cycle"] == 2
    assert hospital.record(SECOND_REVIEW).refusal == ()
    assert hospital.take("learn") == []
    assert hospital.take("adopt") == []
    assert (hospital.plan()["state"], hospital.waiting()) == ("adopted", {})
    hospital.sweep_on(date(2024, 12, 20))
    assert hospital.plan()["state"] == "adopted"


def test_what_became_standard_work_is_watched_and_can_be_tested_again(hospital: Hospital) -> None:
    hospital.take("test")
    hospital.sweep_on(date(2024, 2, 26))
    hospital.record(REVIEW)
    hospital.take("learn")
    assert hospital.take("standardise") == []
    assert hospital.waiting() == {"watch": instant(date(2024, 12, 2))}
    hospital.sweep_on(date(2024, 12, 2))
    assert hospital.take("retest") == []
    assert hospital.plan()["state"] == "plan"


@pytest.mark.parametrize("ending", ["adopt", "standardise", "abandon"])
def test_no_change_ends_with_something_left_to_follow_up(hospital: Hospital, ending: str) -> None:
    hospital.take("test")
    hospital.sweep_on(date(2024, 2, 26))
    hospital.record(REVIEW)
    hospital.take("learn")
    owner = hospital.plan()["lead_id"]
    left = RaiseFollowUp(ROUNDS, "Ask the night shift.", owner, date(2024, 4, 1))
    assert hospital.by("paul", left).refusal == ()
    assert hospital.take(ending) == ["follow-up-open"]
    answered = AnswerFollowUp(f"{ROUNDS}/F1", "done", "They were asked.")
    assert hospital.by("paul", answered).refusal == ()
    assert hospital.take(ending) == []


def test_a_pause_holds_the_review_and_the_resumption_catches_up(hospital: Hospital) -> None:
    hospital.take("test")
    assert hospital.take("pause") == []
    hospital.sweep_on(date(2024, 3, 1))
    assert (hospital.plan()["state"], hospital.evaluation(REVIEW)["status"]) == ("on_hold", "planned")
    assert hospital.take("resume") == []
    hospital.sweep_on(date(2024, 3, 2))
    assert hospital.plan()["state"] == "study"


def test_what_is_missing_is_named_in_the_words_of_the_method(hospital: Hospital) -> None:
    outcome = hospital.by("nina", Advance(SOCKS, "test"))
    rubrics = [need.words() for need in outcome.refusal if need.code == "rubric-empty"]
    assert len(rubrics) == 8
    assert rubrics[0] == "Rubric “Aim: what are we trying to accomplish, for whom and by when?” is empty."
    codes = {need.code for need in outcome.refusal}
    assert "no-information-schedule" not in codes, "pdsa does not ask for it"
    assert {"no-activity", "no-indicator", "group-too-few-disciplines"} <= codes
    (need,) = hospital.by("paul", Advance(ROUNDS, "test")).refusal
    assert need.words() == "“Start the test” is reserved to: improvement lead."


def test_a_review_that_finds_no_test_is_missed_and_climbs_the_ladder_of_the_method(hospital: Hospital) -> None:
    hospital.sweep_on(date(2024, 2, 12))
    missed = hospital.reading.all(evaluations.OF_PLAN, plan_id=SOCKS)[0]
    assert (missed["status"], missed["missed_because"]) == ("missed", "not_started")
    assert hospital.waiting(SOCKS)["missed"] == instant(date(2024, 2, 14))
    hospital.sweep_on(date(2024, 2, 14))
    assert hospital.waiting(SOCKS)["missed"] == instant(date(2024, 2, 17))
    hospital.sweep_on(date(2024, 2, 17))
    told = {(row["handle"], row["kind"]) for row in _messages(hospital)}
    assert ("dora", "evaluation.overdue") in told


def test_the_pages_and_messages_speak_of_the_states_of_the_method(hospital: Hospital) -> None:
    hospital.take("test")
    hospital.sweep_on(date(2024, 2, 26))
    hospital.record(REVIEW)
    found = listed(hospital.reading)
    assert [(pile.state, len(pile.plans)) for pile in piles(hospital.reading, found) if pile.plans] == [
        ("plan", 1),
        ("study", 1),
    ]
    assert [rubric["rubric_id"] for rubric in _rubrics(hospital)][:2] == ["aim", "measures"]
    lacking = {one.code: one.subjects for one in shortcomings(hospital.reading, hospital.clock.now())}
    assert SOCKS in lacking["no-evaluation"]
    [installation] = hospital.reading.all(people.INSTALLATION)
    written = [texts.write(row, installation) for row in _due(hospital)]
    assert any("--trigger learn" in text.body for text in written)


def _rubrics(hospital: Hospital) -> list[dict[str, Any]]:
    view = whole(hospital.reading, ROUNDS, hospital.clock.now())
    found: list[dict[str, Any]] = view["rubrics"]
    return found


def _due(hospital: Hospital) -> list[Row]:
    return hospital.reading.all(notifications.DUE, now=to_text(datetime(2025, 1, 1, tzinfo=UTC)), limit=100)


def _messages(hospital: Hospital) -> list[dict[str, Any]]:
    handles = {row["person_id"]: row["handle"] for row in hospital.reading.all(people.PEOPLE)}
    return [{"handle": handles[row["person_id"]], "kind": row["kind"]} for row in _due(hospital)]
