"""An evaluation is evidence: its capacity, who evaluated, and the snapshot that is frozen with it."""

import json
from datetime import date
from typing import Any

import pytest

from pdca.errors import PdcaError, Usage
from pdca.evaluations.capacity import Stated
from pdca.evaluations.snapshot import hash_of, verified, verified_one
from pdca.exchange.one_record import record_of
from pdca.exchange.records import Measurement, SeriesBreak, Target
from pdca.indicators.aims import SetTarget
from pdca.indicators.figures import MarkBreak, RecordFigures, RetainFigure
from pdca.report.evaluation import whole
from pdca.store.driver import Statement
from pdca.store.jsontext import from_json, to_json
from pdca.store.reads import cycles
from pdca.store.rows import insert, update
from tests.contract import edits
from tests.contract.edits import Edit
from tests.contract.world import PLAN, World, codes, nothing_but_the_refusal, recording
from workflows.instants import to_text

PATROLS = "P-001/A1"
REWRITE = Statement("rewrite", "UPDATE snapshot SET text = :text, sha256 = :sha256")
DELETE = Statement("delete", "DELETE FROM snapshot")
PUT_BACK = Statement("put_back", "INSERT INTO snapshot VALUES (:evaluation_id, :sha256, :text)")
LENT = "De ploeg was uitgeleend."


@pytest.fixture
def checking(world: World) -> World:
    """The plan in Check, its first evaluation open."""
    world.take("start", "evaluate")
    return world


def snapshot(world: World, evaluation_id: str = "E-101") -> dict[str, Any]:
    """What was frozen with an evaluation."""
    [row] = world.rows(cycles.SNAPSHOT, evaluation_id=evaluation_id)
    frozen: dict[str, Any] = json.loads(row["text"])
    return frozen


def by_hand(world: World, statement: Statement, **parameters: object) -> None:
    """Write behind the back of the log."""
    with world.house.database.connect(writing=True) as connection:
        connection.begin()
        connection.run(statement, **parameters)
        connection.commit()


def measured(world: World, period: str, value: int) -> None:
    """Record a figure of the plan's indicator."""
    figure = record_of(Measurement, {"period": period, "value": value}, "nl", "a test")
    world.by("marc", RecordFigures({"thefts": [figure]}))


def aimed(world: World, **said: object) -> None:
    """Set a target for it."""
    world.by("sofie", SetTarget("thefts", record_of(Target, said, "nl", "a test")))


# --- The snapshot


def test_what_was_known_is_frozen_and_its_hash_is_in_the_event(checking: World) -> None:
    deployed = [Stated(PATROLS, 2024, "hours", "100", LENT)]
    outcome = checking.by("marc", recording("E-101", means=deployed))
    [row] = checking.rows(cycles.SNAPSHOT, evaluation_id="E-101")
    assert hash_of(row["text"]) == row["sha256"] == outcome.summary["snapshot"]
    body = json.loads(checking.dump()["event"][-1]["body"])
    [logged] = [change["set"] for change in body["changes"] if change["table"] == "snapshot"]
    assert logged["sha256"] == row["sha256"]
    assert set(logged["text"]) == {"~"}
    frozen = snapshot(checking)
    assert {one["rubric_id"] for one in frozen["plan"]["rubric"]} >= {"definitie", "slachtoffers"}
    assert [one["indicator_id"] for one in frozen["indicators"]] == ["thefts"]
    [means] = [one for one in frozen["plan"]["means"] if one["activity_id"] == PATROLS]
    assert (means["deployed"], means["shortfall_reason"]) == ("100", LENT)
    assert frozen["evaluation"]["effect_findings"] == "Minder diefstal."
    assert frozen["state"] == {"state": "check", "cycle": 1}


def test_a_snapshot_holds_targets_in_force_and_the_figures_as_they_were_known(checking: World) -> None:
    checking.go_to(date(2024, 3, 4))
    figures = [("2023", 40), ("2024-01", 17), ("2024-01", 19), ("2024-02", 9)]
    for period, value in figures:
        measured(checking, period, value)
    when = {"known_at": "2025-01-01T00:00:00.000000Z", "recorded_at": to_text(checking.clock.now())}
    figure = {"indicator_id": "thefts", "period": "2024", "number": 1}
    checking.by_administrator(Edit([insert("measurement", figure, value="100", approximate=0, assumed=0, **when)]))
    checking.by("marc", RetainFigure("thefts", "2024-01", 1, "Nageteld."))
    aimed(checking, period="2024", op="<=", value=30)
    aimed(checking, period="2024", op="<=", value=35, adjusts=2, reason="Minder ploegen.")
    checking.record()
    before = snapshot(checking)
    [known] = before["indicators"]
    held = {one["period"]: one["value"] for one in known["series"]}
    assert held == {"2023": "40", "2024-01": "17", "2024-02": "9"}
    assert [(one["number"], one["value"]) for one in known["targets"]] == [(1, None), (3, "35")]
    checking.take("conclude", "continue")
    checking.sweep_on(date(2024, 10, 8))
    checking.go_to(date(2025, 3, 3))
    measured(checking, "2024-02", 90)
    checking.by("marc", RetainFigure("thefts", "2024-01", 2, "Toch niet."))
    aimed(checking, period="2024", op="<=", value=50, adjusts=3, reason="Nog minder ploegen.")
    assert snapshot(checking) == before
    checking.record("E-102")
    assert all(one.ok for one in verified(checking.reading))
    [later] = snapshot(checking, "E-102")["indicators"]
    held = {one["period"]: one["value"] for one in later["series"]}
    assert held == {"2023": "40", "2024-01": "19", "2024-02": "90", "2024": "100"}
    assert [one["value"] for one in later["targets"]] == [None, "50"]


def test_a_snapshot_says_where_a_series_breaks(checking: World) -> None:
    measured(checking, "2022", 40)
    measured(checking, "2023", 20)
    mark = record_of(SeriesBreak, {"period": "2023", "reason": "Ander systeem."}, "nl", "a test")
    checking.by("marc", MarkBreak("thefts", mark))
    checking.record()
    [known] = snapshot(checking)["indicators"]
    assert [one["not_compared"] for one in known["series"]] == [None, "Ander systeem."]


def test_a_snapshot_names_nobody(checking: World) -> None:
    checking.record()
    [row] = checking.rows(cycles.SNAPSHOT, evaluation_id="E-101")
    for name in ("Marc Dubois", "Sofie Peeters", "marc@zone.example"):
        assert name not in row["text"]


def test_a_snapshot_verifies_after_years_of_changes(checking: World) -> None:
    checking.record()
    before = snapshot(checking)
    checking.take("conclude", "continue")
    for year in (2025, 2026, 2027):
        checking.go_to(date(year, 3, 2))
        checking.by_administrator(edits.activity(year, "prevention"))
        checking.by_administrator(edits.means(f"P-001/A{year}", planned="5", deployed="1"))
        key = {"plan_id": PLAN, "rubric_id": "definitie"}
        checking.by_administrator(Edit([update("rubric", key, text=to_json({"nl": f"Anders in {year}."}))]))
        measured(checking, str(year - 1), year)
        measured(checking, "2023", year)
        aimed(checking, period=str(year), op="<=", value=3)
    [held] = verified(checking.reading)
    assert (held.evaluation_id, held.ok) == ("E-101", True)
    assert snapshot(checking) == before


@pytest.mark.parametrize("hash_too", [False, True])
def test_a_snapshot_changed_behind_the_back_of_the_log_is_found(checking: World, hash_too: bool) -> None:
    checking.record()
    [row] = checking.rows(cycles.SNAPSHOT, evaluation_id="E-101")
    changed = row["text"].replace("Minder diefstal.", "Veel minder diefstal.")
    written = {"text": changed, "sha256": hash_of(changed) if hash_too else row["sha256"]}
    by_hand(checking, REWRITE, **written)
    held = verified_one(checking.reading, checking.evaluation("E-101"))
    assert (held.ok, held.logged, held.computed) == (False, row["sha256"], hash_of(changed))
    assert whole(checking.reading, "E-101")["snapshot"]["ok"] is False
    assert "value-differs" in {finding.code for finding in checking.verified().findings}
    by_hand(checking, REWRITE, text=row["text"], sha256=row["sha256"])


def test_a_snapshot_that_is_taken_away_is_found(checking: World) -> None:
    checking.record()
    [row] = checking.rows(cycles.SNAPSHOT, evaluation_id="E-101")
    by_hand(checking, DELETE)
    [held] = verified(checking.reading)
    assert (held.ok, held.computed) == (False, None)
    by_hand(checking, PUT_BACK, **row)


def test_the_same_record_is_frozen_under_another_hash_each_time(checking: World) -> None:
    """So the hash tells nothing of a text that was erased."""
    checking.record()
    first = snapshot(checking)
    assert len(first["salt"]) == 32
    checking.take("conclude", "continue", "evaluate")
    checking.record("E-102")
    assert snapshot(checking, "E-102")["salt"] != first["salt"]


# --- Capacity


def test_what_was_deployed_goes_to_the_means_of_the_activity(checking: World) -> None:
    checking.by("marc", recording("E-101", means=[Stated(PATROLS, 2024, "hours", "130")]))
    [means] = checking.rows(cycles.MEANS_OF_PLAN, plan_id=PLAN)
    assert (means["planned"], means["deployed"], means["shortfall_reason"]) == ("120", "130", None)


def test_capacity_that_nobody_planned_is_stated_all_the_same(checking: World) -> None:
    checking.by("marc", recording("E-101", means=[Stated(PATROLS, 2024, "fte", "0.5")]))
    found = {row["kind"]: row for row in checking.rows(cycles.MEANS_OF_PLAN, plan_id=PLAN)}
    assert (found["fte"]["planned"], found["fte"]["deployed"]) == (None, "0.5")


def test_a_shortfall_needs_a_reason(checking: World) -> None:
    before = checking.dump()
    short = recording("E-101", means=[Stated(PATROLS, 2024, "hours", "9.5")])
    outcome = checking.by("marc", short)
    assert codes(outcome) == ["shortfall-unexplained"]
    assert nothing_but_the_refusal(before, checking.dump())
    assert codes(checking.by("marc", recording("E-101", means=[Stated(PATROLS, 2024, "hours", "9.5", LENT)]))) == []


def test_capacity_planned_deployed_and_effect_stand_on_one_page_as_they_were_frozen(checking: World) -> None:
    checking.by("marc", recording("E-101", means=[Stated(PATROLS, 2024, "hours", "9.5", LENT)]))
    key = {"activity_id": PATROLS, "year": 2024, "kind": "hours"}
    checking.by_administrator(Edit([update("means", key, planned="1", deployed="1", shortfall_reason=None)]))
    view = whole(checking.reading, "E-101")
    [line] = view["capacity"]
    assert (line["planned"], line["deployed"], line["shortfall_reasons"]) == ("120", "9.5", [LENT])
    assert (view["verdict"], view["results"][0]["value"]) == ("effective", "12")


def test_means_of_another_plan_are_not_stated_here(checking: World) -> None:
    with pytest.raises(Usage) as failure:
        checking.by("marc", recording("E-101", means=[Stated("P-002/A1", 2024, "hours", "1")]))
    assert failure.value.code == "activity-of-another-plan"


# --- Attribution and evaluators


def test_what_is_unclear_needs_no_evidence_and_everything_else_does(checking: World) -> None:
    for due_to in ("plan", "daily_work", "others"):
        assert codes(checking.by("marc", recording("E-101", attributed_to=due_to, evidence=" "))) == ["no-evidence"]
    assert codes(checking.by("marc", recording("E-101", attributed_to="unclear", evidence=""))) == []
    checking.take("conclude")


def test_without_others_it_is_the_recorder_who_evaluated(checking: World) -> None:
    checking.record()
    assert from_json(checking.evaluation("E-101")["evaluators"]) == [{"person": checking.person_id("marc")}]


def test_the_owner_never_evaluates_alone(checking: World) -> None:
    sofie = {"person": checking.person_id("sofie")}
    for alone in ([{"party": "prevention"}], [sofie], [sofie, {"party": "prevention"}]):
        assert codes(checking.by("marc", recording("E-101", evaluators=alone))) == ["evaluators-own-plan"]
    together = recording("E-101", evaluators=[sofie, {"party": "chief"}])
    assert codes(checking.by("marc", together)) == []
    named = whole(checking.reading, "E-101")["evaluators"]
    assert [one["name"] for one in named] == ["Sofie Peeters", {"en": "Chief"}]


# --- Never edited, only followed


def test_a_recorded_evaluation_is_followed_by_another_and_stays(checking: World) -> None:
    checking.record()
    first = checking.evaluation("E-101")
    assert codes(checking.by("marc", recording("E-101", effect="Toch niet."))) == ["evaluation-not-open"]
    checking.by_administrator(edits.complete_baseline())

    def moment(plan: dict[str, Any]) -> None:
        plan["evaluations"].append({"date": "2024-02-20", "kind": "ad_hoc"})

    assert codes(edits.edit(checking, "sofie", moment)) == []
    checking.take("conclude", "continue")
    checking.sweep_on(date(2024, 2, 20))
    another = checking.open_evaluation()
    assert codes(checking.record(another)) == []
    assert checking.evaluation("E-101") == first
    assert [one.ok for one in verified(checking.reading)] == [True, True]


def test_an_evaluation_that_is_not_there_is_an_error(world: World) -> None:
    with pytest.raises(PdcaError) as failure:
        whole(world.reading, "E-999")
    assert failure.value.code == "evaluation-unknown"
    assert whole(world.reading, "e-101")["snapshot"] is None


def test_who_states_what_was_deployed_has_not_written_the_plan_and_may_approve_its_end(checking: World) -> None:
    checking.by("karel", recording("E-101", means=[Stated(PATROLS, 2024, "hours", "130")]))
    checking.take("conclude")
    assert codes(checking.approve("close", by="karel")) == []


# --- The record beside what was frozen


@pytest.mark.parametrize("column", ["verdict", "lessons", "evidence", "results"])
def test_a_record_that_was_changed_behind_the_log_does_not_fit_what_was_frozen(checking: World, column: str) -> None:
    checking.by("marc", recording("E-101", lessons="Vroeger bijsturen."))
    row = checking.evaluation("E-101")
    assert [one.ok for one in verified(checking.reading)] == [True]
    text = f"UPDATE evaluation SET {column} = :value WHERE evaluation_id = 'E-101'"  # noqa: S608 - a column named above
    change = Statement("forge", text)
    by_hand(checking, change, value="ineffective" if column == "verdict" else "Iets anders.")
    assert [(one.ok, one.differs) for one in verified(checking.reading)] == [(False, (column,))]
    assert verified_one(checking.reading, checking.evaluation("E-101")).differs == (column,)
    by_hand(checking, change, value=row[column])
    assert verified_one(checking.reading, checking.evaluation("E-101")).ok
