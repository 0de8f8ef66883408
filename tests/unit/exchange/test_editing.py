"""Editing a plan brings it exactly to its document, in one event, or says at which place it may not."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from pdca.audit.verify import verify
from pdca.clock import VirtualClock
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Conflict, NotFound, Refused, Usage
from pdca.evaluations.extend import RequestExtension
from pdca.exchange.editing import CreatePlan, EditPlan
from pdca.exchange.known import known_in
from pdca.exchange.plan_file import read_plan
from pdca.exchange.problems import EditRefused, ImportRefused
from pdca.exchange.writing import yaml_text
from pdca.house import House
from pdca.plans.advance import Seen, lock_plan
from pdca.store.rows import update
from pdca.store.verifying import StoredLog
from scheduler import sweep
from tests.unit.exchange import zone
from tests.unit.exchange.zone import Data, edit, events, placed, row, rows, version, written


@pytest.fixture
def house(tmp_path: Path) -> House:
    return zone.taken_in(f"sqlite:///{tmp_path / 'zone.db'}")


@dataclass(frozen=True)
class Moved:
    """Put a plan in a state, as a transition does; the rules of getting there are another matter."""

    plan_id: str
    state: str

    def perform(self, desk: Desk) -> Outcome:
        stream = Stream.of_plan(lock_plan(desk, self.plan_id))
        change = update("plan", {"plan_id": self.plan_id}, state=self.state, state_since=desk.uow.now_text)
        desk.record(stream, Draft(kind="plan.advanced", changes=[change]))
        return desk.done()


def moved_to(house: House, state: str, plan_id: str = "P-001") -> None:
    house.apply(Moved(plan_id, state))


def refusal(house: House, change: Callable[[Data], object]) -> EditRefused:
    before = events(house)
    with pytest.raises(EditRefused) as refused:
        edit(house, change)
    assert events(house) == [*before, "command.refused"]
    return refused.value


def test_editing_without_a_change_leaves_no_event(house: House) -> None:
    before = events(house)
    assert edit(house, lambda _plan: None).summary["changed"] == {}
    assert events(house) == before


def test_everything_that_is_gone_from_the_document_is_gone_from_the_plan_in_one_event(database_url: str) -> None:
    house = zone.taken_in(database_url)
    before = events(house)

    def emptied(plan: Data) -> None:
        for key in ("group", "activities", "indicators", "evaluations", "information", "perimeter", "axes", "mmm"):
            plan.pop(key)

    outcome = edit(house, emptied)
    assert events(house)[len(before) :] == ["plan.edited"]
    assert outcome.summary["removed"] == {
        "group_member": 2,
        "plan_indicator": 1,
        "activity": 2,
        "means": 4,
        "evaluation": 2,
        "information_moment": 1,
    }
    for table in ("group_member", "plan_indicator", "evaluation", "information_moment", "activity"):
        assert rows(house, table, plan_id="P-001") == []
    assert rows(house, "means") == []
    assert row(house, "plan", plan_id="P-001")["perimeter"] is None
    assert written(house)["plan"].keys().isdisjoint({"group", "activities", "evaluations"})
    with house.reading() as connection:
        assert verify(StoredLog(connection)).ok


def test_one_row_is_written_for_one_word_that_changed(house: House) -> None:
    outcome = edit(house, lambda plan: plan["activities"][1].update(title="een ander woord"))
    assert (outcome.summary["added"], outcome.summary["changed"], outcome.summary["removed"]) == (
        {},
        {"activity": 1},
        {},
    )


def test_means_alone_can_go(house: House) -> None:
    outcome = edit(house, lambda plan: plan["activities"][1]["means"].pop(0))
    assert outcome.summary["removed"] == {"means": 1}
    assert len(rows(house, "means", activity_id="P-001/A2")) == 3


def test_every_revision_of_a_rubric_is_kept_and_only_words_make_one(house: House) -> None:
    edit(house, lambda plan: plan["rubrics"].update(analyse="langer"))
    edit(house, lambda plan: plan["rubrics"].update(analyse={"text": "langer", "withheld_from": ["public"]}))
    edit(house, lambda plan: plan["rubrics"].pop("analyse"))
    found = row(house, "rubric", plan_id="P-001", rubric_id="analyse")
    assert (found["text"], found["not_applicable"], found["withheld_from"], found["revision"]) == (None, None, None, 3)
    revisions = rows(house, "rubric_revision", plan_id="P-001", rubric_id="analyse")
    assert [one["text"] for one in revisions] == ['{"nl":"kort"}', '{"nl":"langer"}', None]
    lead = row(house, "person", handle="bo")["person_id"]
    assert [one["revised_by"] for one in revisions] == ["U-001", lead, lead]
    assert "analyse" not in written(house)["plan"]["rubrics"]
    edit(house, lambda plan: plan["rubrics"].update(analyse="kort"))
    assert row(house, "rubric", plan_id="P-001", rubric_id="analyse")["revision"] == 4


def test_in_plan_an_evaluation_moves_with_its_deadline_and_keeps_its_number(house: House) -> None:
    number = row(house, "evaluation", plan_id="P-001", kind="interim")["evaluation_id"]
    edit(house, lambda plan: plan["evaluations"][0].update(date="2023-09-01"))
    found = row(house, "evaluation", plan_id="P-001", kind="interim")
    assert (found["evaluation_id"], found["stated_date"], found["due_date"]) == (number, "2023-09-01", "2023-09-01")
    assert found["due_at"] == found["first_due_at"] == "2023-09-01T07:00:00.000000Z"
    assert row(house, "deadline", deadline_id=number)["due_at"] == found["due_at"]


def test_in_plan_an_evaluation_can_go_its_deadline_is_void_and_its_number_is_never_given_out_again(
    house: House,
) -> None:
    last = max(one["evaluation_id"] for one in rows(house, "evaluation"))
    assert row(house, "evaluation", evaluation_id=last)["kind"] == "final"
    edit(house, lambda plan: plan["evaluations"].pop())
    assert rows(house, "evaluation", evaluation_id=last) == []
    assert row(house, "deadline", deadline_id=last)["status"] == "void"
    edit(house, lambda plan: plan["evaluations"].append({"date": "2024-11-30", "kind": "final"}))
    assert row(house, "evaluation", kind="final")["evaluation_id"] > last


@pytest.mark.parametrize(
    "change",
    [
        lambda plan: plan["evaluations"][1].update(date="2024-12"),
        lambda plan: plan["evaluations"].pop(1),
        lambda plan: plan["evaluations"][1].update(kind="yearly"),
    ],
    ids=["moved", "dropped", "another kind"],
)
def test_once_a_plan_has_left_plan_its_dates_move_by_extension_only(
    house: House, change: Callable[[Data], object]
) -> None:
    moved_to(house, "do")
    error = refusal(house, change)
    (problem,) = error.problems
    number = row(house, "evaluation", plan_id="P-001", kind="final")["evaluation_id"]
    assert (problem.code, error.exit_status) == ("edit-evaluation-fixed", 3)
    assert problem.place.file == "plan.yaml"
    assert problem.place.field == "plan.evaluations"
    assert problem.place.line is not None
    assert f"pdca evaluation extend {number}" in (problem.hint or "")


def test_once_a_plan_has_left_plan_an_evaluation_can_still_be_added_and_described(house: House) -> None:
    moved_to(house, "do")

    def more(plan: Data) -> None:
        plan["evaluations"].append({"date": "2024-02", "kind": "extra"})
        plan["evaluations"][1]["note"] = "in het najaar"

    edit(house, more)
    assert row(house, "evaluation", kind="extra")["status"] == "planned"
    assert row(house, "evaluation", kind="final")["note"] == "in het najaar"


def test_an_evaluation_that_was_opened_stays(house: House) -> None:
    moved_to(house, "do")
    later = replace(house, clock=VirtualClock(zone.NOW + timedelta(days=100)))
    sweep.run_once(later)
    assert row(later, "evaluation", plan_id="P-001", kind="interim")["status"] == "open"
    (problem,) = refusal(later, lambda plan: plan["evaluations"].pop(0)).problems
    assert problem.code == "edit-evaluation-fixed"
    assert "“open”" in problem.message


def test_an_evaluation_that_lies_before_the_import_stays(tmp_path: Path) -> None:
    house = zone.taken_in(f"sqlite:///{tmp_path / 'late.db'}", now=zone.NOW + timedelta(days=365))
    (problem,) = refusal(house, lambda plan: plan["evaluations"].pop(0)).problems
    assert problem.code == "edit-evaluation-fixed"
    assert "before the plan was taken in" in problem.message
    assert "date: 2023-08, kind: interim" in (problem.hint or "")


@pytest.mark.parametrize("alone", [False, True], ids=["others were told", "nobody else there is"])
def test_an_evaluation_that_somebody_asked_to_move_stays(tmp_path: Path, alone: bool) -> None:
    text = zone.TEXT.replace("group: [chief, town]", "group: []").replace(", escalation: chief", "")
    house = zone.taken_in(f"sqlite:///{tmp_path / 'zone.db'}", text if alone else zone.TEXT)
    number = row(house, "evaluation", plan_id="P-001", kind="final")["evaluation_id"]
    replace(house, as_person="bo").apply(RequestExtension(number, date(2024, 12, 31), "de cijfers komen later"))
    assert bool(rows(house, "notification")) is not alone
    (problem,) = refusal(house, lambda plan: plan["evaluations"].pop(1)).problems
    assert problem.code == "edit-evaluation-fixed"


def test_the_baseline_is_locked_once_the_plan_has_started(house: House) -> None:
    moved_to(house, "do", "P-002")

    def other(plan: Data) -> None:
        plan["indicators"][0]["baseline"]["value"] = 13

    for change in (other, lambda plan: plan.pop("indicators")):
        with pytest.raises(EditRefused) as refused:
            edit(house, change, "an", plan_id="P-002")
        (problem,) = refused.value.problems
        assert problem.code == "edit-baseline-locked"
        assert "12.50 over 2018-T1" in (problem.hint or "")
    text = zone.TEXT.replace("baseline: {value: 12.50", "baseline: {value: 13")
    with pytest.raises(EditRefused):
        zone.take_in(house, text)


def test_before_the_plan_starts_the_baseline_can_change(house: House) -> None:
    edit(house, lambda plan: plan["indicators"][0]["baseline"].update(value=13), "an", plan_id="P-002")
    assert row(house, "plan_indicator", plan_id="P-002")["baseline"] == "13"


def test_a_moment_of_information_that_moves_keeps_its_number(house: House) -> None:
    number = row(house, "information_moment", plan_id="P-001")["information_id"]
    edit(house, lambda plan: plan["information"][0].update(date="2024-11"))
    found = row(house, "information_moment", plan_id="P-001")
    assert (found["information_id"], found["due_date"]) == (number, "2024-11-30")


def test_whoever_edits_what_somebody_changed_meanwhile_is_told(house: House) -> None:
    seen = Seen(version(house))
    edit(house, lambda plan: plan.update(note="eerst"), "cas")
    before = events(house)
    with pytest.raises(Conflict):
        edit(house, lambda plan: plan.update(note="dan"), "bo", seen)
    assert events(house) == before
    edit(house, lambda plan: plan.update(note="dan"), "bo", Seen(version(house)))


@pytest.mark.parametrize(("person", "codes"), [("bo", []), ("cas", []), ("dee", ["not-in-project-group"])])
def test_the_project_group_edits_its_plan_and_nobody_else(house: House, person: str, codes: list[str]) -> None:
    outcome = edit(house, lambda plan: plan.update(note="anders"), person)
    assert [need.code for need in outcome.refusal] == codes
    assert events(house)[-1] == ("plan.refused" if codes else "plan.edited")


def test_an_administrator_edits_all_but_the_moments_that_the_group_fixes(house: House) -> None:
    assert not edit(house, lambda plan: plan.update(note="anders"), None).refusal
    outcome = edit(house, lambda plan: plan["evaluations"].append({"date": "2024-02", "kind": "extra"}), None)
    assert [need.code for need in outcome.refusal] == ["moments-by-group"]
    assert not rows(house, "evaluation", kind="extra")
    # Nobody leads the third plan yet, so there is no group to fix anything.
    moments = [{"date": "2025-08", "kind": "extra"}]
    assert not edit(house, lambda plan: plan.update(evaluations=moments), None, plan_id="P-003").refusal


def test_a_plan_that_has_ended_stays_as_it_was(house: House) -> None:
    moved_to(house, "closed")
    outcome = edit(house, lambda plan: plan.update(note="achteraf"))
    assert [need.code for need in outcome.refusal] == ["plan-ended"]


def test_the_document_of_another_plan_is_refused(house: House) -> None:
    with pytest.raises(ImportRefused) as refused:
        replace(house, as_person="bo").apply(EditPlan("P-001", placed(house, written(house, "P-002"))))
    (problem,) = refused.value.problems
    assert (problem.code, problem.place.field) == ("edit-other-plan", "plan.id")


def test_a_plan_can_serve_another_objective_of_its_programme_only(house: House) -> None:
    data = written(house)
    data["objective"] = "SD1"
    replace(house, as_person="bo").apply(EditPlan("P-001", placed(house, data)))
    assert row(house, "plan", plan_id="P-001")["objective_id"] == "SD1"
    other = zone.TEXT.replace("zvp-2020", "zvp-2026").replace("SD1", "SD2").replace("OD1", "OD2").replace("AP-", "BP-")
    zone.take_in(house, other)
    data["objective"] = "SD2"
    with pytest.raises(EditRefused) as refused:
        replace(house, as_person="bo").apply(EditPlan("P-001", placed(house, data)))
    assert refused.value.code == "edit-other-programme"


def test_there_is_no_editing_of_a_plan_that_is_not_there(house: House) -> None:
    with pytest.raises(NotFound):
        house.apply(EditPlan("P-099", placed(house, written(house))))


@pytest.mark.parametrize(
    ("old", "new", "code", "field"),
    [
        ("lead: pilot", "lead: pilto", "import-unknown-reference", "plan.lead"),
        ("objective: OD1", "objective: OD9", "import-unknown-reference", "objective"),
        ("objective: OD1", "objectif: OD1", "import-unknown-key", "objectif"),
        ("source: [seed]", "source: [sead]", "import-unknown-reference", "plan.rubrics.definitie.source[0]"),
        ("analyse: kort", "analyze: kort", "import-unknown-rubric", "plan.rubrics.analyze"),
        ("  group_by: 2023-07-31\n", "  follows: AP-1\n", "import-circle", "plan.follows"),
        ("after: [A1]", "after: [A9]", "import-unknown-reference", "plan.activities[1].after[0]"),
        ("id: AP-1", "id: P-001", "import-reserved-id", "plan.id"),
        ("- phenomenon: pick", "- phenomenon: pack", "import-unknown-reference", "plan.phenomena[3].phenomenon"),
        ("indicators: [facts]", "indicators: [fact]", "import-unknown-reference", "plan.indicators[0]"),
        ("pdca: 1", "pdca: 2", "import-version", "pdca"),
        ("language: nl\n", "", "import-missing-key", "language"),
    ],
)
def test_a_wrong_plan_is_refused_at_its_line_and_field(house: House, old: str, new: str, code: str, field: str) -> None:
    text = yaml_text(written(house), "changed").replace("{phenomenon: pick}", "phenomenon: pick")
    assert old in text, text
    with house.reading() as connection:
        known = known_in(connection)
    with pytest.raises(ImportRefused) as refused:
        read_plan(text.replace(old, new, 1), "plan.yaml", known=known, definition=zone.ZVP)
    at = [(problem.code, problem.place.field) for problem in refused.value.problems]
    assert (code, field) in at
    place = refused.value.problems[at.index((code, field))].place
    assert place.file == "plan.yaml"
    if code != "import-missing-key":
        assert place.line == text[: text.index(old)].count("\n") + 1


def test_a_new_plan_gets_the_next_number_and_begins_in_plan(house: House) -> None:
    data = written(house)
    data["plan"] |= {"id": "AP-NEW", "evaluations": [{"date": "2024-05", "kind": "yearly"}]}
    outcome = replace(house, as_person="bo").apply(CreatePlan(placed(house, data)))
    assert outcome.summary == {"plan": "P-004", "slug": "AP-NEW"}
    found = row(house, "plan", plan_id="P-004")
    assert (found["state"], found["cycle"], found["author_id"]) == (
        "plan",
        1,
        row(house, "person", handle="bo")["person_id"],
    )
    assert {one["kind"] for one in rows(house, "deadline", plan_id="P-004")} == {"start", "evaluation", "reminder"}
    assert events(house)[-1] == "plan.created"
    assert written(house, "P-004")["plan"]["id"] == "AP-NEW"


def test_a_new_plan_is_made_by_an_administrator_or_by_who_will_lead_it(house: House) -> None:
    data = written(house)
    data["plan"]["id"] = "AP-NEW"
    for person in ("cas", "dee"):
        with pytest.raises(Refused):
            replace(house, as_person=person).apply(CreatePlan(placed(house, data)))
    house.apply(CreatePlan(placed(house, data)))
    with pytest.raises(Usage) as refused:
        house.apply(CreatePlan(placed(house, data)))
    assert refused.value.place is not None
    assert refused.value.place.field == "plan.id"


def test_the_group_has_a_deadline_until_it_is_complete(house: House) -> None:
    # In the first plan the leader's discipline and the chief's make it complete; nobody else counts without one.
    assert rows(house, "deadline", plan_id="P-001", kind="group") == []
    edit(house, lambda plan: plan.update(group=["town"]))
    deadline = row(house, "deadline", plan_id="P-001", kind="group")
    assert (deadline["status"], deadline["due_at"]) == ("pending", "2023-07-31T07:00:00.000000Z")
    edit(house, lambda plan: plan.update(group_by="2023-08-15"))
    assert row(house, "deadline", plan_id="P-001", kind="group")["due_at"] == "2023-08-15T07:00:00.000000Z"
    edit(house, lambda plan: plan.update(group=["town", "chief"]))
    assert row(house, "deadline", plan_id="P-001", kind="group")["status"] == "void"


def test_members_whose_time_has_not_come_do_not_make_the_group_complete(house: House) -> None:
    edit(house, lambda plan: plan.update(group=[{"party": "chief", "from": "2023-06-02"}]))
    assert row(house, "deadline", plan_id="P-001", kind="group")["status"] == "pending"


def test_an_import_sets_the_deadline_of_the_group_too(tmp_path: Path) -> None:
    text = zone.TEXT.replace("group: [chief, town]", "group: [town]")
    house = zone.taken_in(f"sqlite:///{tmp_path / 'zone.db'}", text)
    assert row(house, "deadline", plan_id="P-001", kind="group")["status"] == "pending"
    zone.take_in(house, zone.TEXT)
    assert row(house, "deadline", plan_id="P-001", kind="group")["status"] == "void"


def test_an_import_still_removes_nothing(house: House) -> None:
    text = zone.TEXT.replace("group: [chief, town]", "group: [town]").replace("              analyse: kort\n", "")
    text = text.replace("              - {date: 2024-10, kind: final, planned: true}\n", "")
    zone.take_in(house, text)
    assert len(rows(house, "group_member", plan_id="P-001")) == 2
    assert len(rows(house, "evaluation", plan_id="P-001")) == 2
    assert row(house, "rubric", plan_id="P-001", rubric_id="analyse")["text"] is not None
