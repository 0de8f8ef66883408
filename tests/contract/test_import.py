"""Importing: everything of a file, only what differs, never what is past, and all of it or nothing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from pdca.engine import Outcome
from pdca.errors import Failed, Refused
from pdca.exchange.activity_records import Means
from pdca.exchange.document import Document, read_document
from pdca.exchange.importer import ImportDocument
from pdca.exchange.plan_records import PlanIndicator
from pdca.exchange.problems import EditRefused
from pdca.report.agenda import agenda
from pdca.store.driver import Row
from pdca.store.reads import people
from scheduler import amend
from tests import seed
from tests.contract import edits
from tests.contract.world import World, changed_rows, morning, nothing_but_the_refusal, untouched
from workflows import definition as definitions
from workflows.instants import to_text

EXAMPLES: Final = Path(__file__).parents[2] / "examples"
ZONE_ZUID: Final = EXAMPLES / "zone-zuid.yaml"
HALFWAY: Final = datetime(2022, 6, 1, 8, tzinfo=UTC)


def take_in(world: World, document: Document) -> Outcome:
    return replace(world.house, source="import").apply(ImportDocument(document))


# --- The example


def everything_in(path: Path) -> Counter[str]:
    """Count what a file says, per table, without the program's own reader."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    objectives = list(walk(document["objectives"]))
    plans = [plan for objective in objectives for plan in objective.get("plans", ())]
    parts = {
        "rubric": "rubrics",
        "activity": "activities",
        "group_member": "group",
        "plan_indicator": "indicators",
        "evaluation": "evaluations",
        "information_moment": "information",
    }
    return Counter(
        party=len(document["functions"]) + len(document["stakeholders"]),
        programme=1,
        indicator=len(document["indicators"]),
        measurement=sum(len(one.get("series", ())) for one in document["indicators"]),
        objective=len(objectives),
        plan=len(plans),
        **{table: sum(len(plan.get(name, ())) for plan in plans) for table, name in parts.items()},
    )


def walk(objectives: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for objective in objectives:
        yield objective
        yield from walk(objective.get("objectives", []))


def test_the_example_comes_in_completely(empty: World) -> None:
    outcome = take_in(empty, read_document(ZONE_ZUID))
    rows = empty.dump()
    expected = everything_in(ZONE_ZUID)
    assert {table: len(rows[table]) for table in expected} == expected
    levels = Counter(row["level"] for row in rows["objective"])
    assert (levels["strategic_objective"], levels["operational_objective"], len(rows["plan"])) == (8, 9, 12)
    assert len(rows["rubric"]) == 12 * 8
    added = dict(outcome.summary["added"])
    assert {table: added[table] for table in expected} == expected
    assert list(outcome.summary["plans"].values()) == [f"P-{number:03d}" for number in range(1, 13)]
    assert {row["state"] for row in rows["plan"]} == {"plan"}
    assert {(row["definition"], row["definition_version"]) for row in rows["plan"]} == {("zvp", 1)}
    assert [row["name"] for row in rows["installation"]] == [
        '{"fr":"Zone de police Bruxelles-Midi","nl":"Politiezone Zuid"}'
    ]


def test_every_moment_to_come_has_its_deadline_and_every_plan_a_day_to_start_by(empty: World) -> None:
    take_in(empty, read_document(ZONE_ZUID))
    rows = empty.dump()
    assert {row["status"] for row in rows["evaluation"]} == {"planned"}
    waiting = {row["deadline_id"]: row["due_at"] for row in rows["deadline"] if row["kind"] == "evaluation"}
    assert waiting == {row["evaluation_id"]: row["due_at"] for row in rows["evaluation"]}
    assert {row["plan_id"] for row in rows["deadline"] if row["kind"] == "start"} == {
        row["plan_id"] for row in rows["plan"]
    }
    month = next(row for row in rows["evaluation"] if row["stated_date"] == "2024-10")
    assert (month["due_date"], month["due_at"]) == ("2024-10-31", to_text(morning(date(2024, 10, 31))))


def test_the_same_file_a_second_time_is_no_event(empty: World) -> None:
    document = read_document(ZONE_ZUID)
    take_in(empty, document)
    cast(empty)
    before = empty.dump()
    outcomes = [take_in(empty, document), cast(empty)]
    assert [(outcome.events, outcome.summary["added"], outcome.summary["changed"]) for outcome in outcomes] == [
        ((), {}, {}),
        ((), {}, {}),
    ]
    assert empty.dump() == before


def cast(world: World) -> Outcome:
    known = {row["party_id"] for row in world.rows(people.PARTIES)}
    return take_in(world, read_document(EXAMPLES / "zone-zuid-people.yaml", known_parties=known))


def test_a_file_of_people_only_adds_them_and_their_functions(empty: World) -> None:
    take_in(empty, read_document(ZONE_ZUID))
    before = empty.dump()
    cast(empty)
    after = empty.dump()
    written = yaml.safe_load((EXAMPLES / "zone-zuid-people.yaml").read_text(encoding="utf-8"))["people"]
    new = changed_rows(before, after)
    assert sorted(new) == ["appointment", "installation", "person"]
    assert [row["handle"] for row in new["person"]] == [person["id"] for person in written]
    assert len(new["appointment"]) == sum(len(person.get("appointments", ())) for person in written)
    assert {row["assumed"] for row in new["person"]} == {1}


def test_what_lay_before_the_import_is_kept_and_never_enforced(empty: World) -> None:
    empty.go_to(HALFWAY)
    take_in(empty, read_document(ZONE_ZUID))
    rows = empty.dump()
    past = {row["evaluation_id"] for row in rows["evaluation"] if row["due_at"] <= to_text(HALFWAY)}
    assert len(past) >= 5
    assert {row["evaluation_id"] for row in rows["evaluation"] if row["status"] == "before_import"} == past
    assert not past & {row["evaluation_id"] for row in rows["deadline"]}
    empty.sweep_on(date(2026, 6, 1))
    rows = empty.dump()
    assert {row["evaluation_id"] for row in rows["evaluation"] if row["status"] == "before_import"} == past
    enforced = {row["event_key"].partition("#")[0] for row in rows["event"] if row["event_key"]}
    assert enforced
    assert not enforced & past


def test_a_plan_that_should_have_begun_and_ended_is_late_from_its_first_moment(empty: World) -> None:
    empty.go_to(HALFWAY)
    take_in(empty, read_document(ZONE_ZUID))
    over = {row["plan_id"] for row in empty.dump()["plan"] if row["period_end"] < "2022-06-01"}
    assert over
    waiting = [row for row in empty.dump()["deadline"] if row["plan_id"] in over]
    assert {(row["plan_id"], row["kind"], row["since"]) for row in waiting} == {
        (plan_id, "start", to_text(HALFWAY)) for plan_id in over
    }
    assert {row["plan"] for row in agenda(empty.reading, HALFWAY, None, None) if row["late"]} >= over
    empty.sweep()
    late = {row["plan_id"] for row in empty.dump()["event"] if row["kind"] == "plan.overdue"}
    assert late >= over
    empty.sweep()
    assert [row["kind"] for row in empty.dump()["event"]].count("plan.overdue") == len(late)


def test_a_plan_of_a_programme_that_is_over_is_history(empty: World) -> None:
    empty.go_to(date(2026, 6, 1))
    take_in(empty, read_document(ZONE_ZUID))
    assert empty.dump()["deadline"] == []


# --- Differences


def plan_of(world: World, slug: str = "AP-1") -> Row:
    return next(row for row in world.dump()["plan"] if row["slug"] == slug)


def test_a_changed_file_writes_only_what_differs(world: World) -> None:
    take_in(world, seed.document())
    plan_id = plan_of(world)["plan_id"]
    before = world.dump()
    outcome = take_in(
        world,
        seed.document(
            title="Fietsen",
            restricted=True,
            rubrics={**RUBRICS, "analyse": "Anders."},
            group=["investigation", "transport"],
        ),
    )
    assert outcome.summary["added"] == {"group_member": 1, "rubric_revision": 1}
    assert outcome.summary["changed"] == {"plan": 1, "rubric": 1}
    new = changed_rows(before, world.dump())
    assert sorted(new) == ["group_member", "plan", "rubric", "rubric_revision"]
    event = world.last_event(plan_id)
    assert (event["kind"], event["source"], len(outcome.events)) == ("plan.updated", "import", 1)
    sets = {change["table"]: change["set"] for change in event["changes"]}
    assert sets["plan"] == {"title": '{"nl":"Fietsen"}', "restricted": 1}
    assert set(sets["rubric"]) == {"text", "revision"}


RUBRICS: Final = {rubric.id: "Zoals afgesproken." for rubric in definitions.load("zvp").rubrics}


def test_a_figure_without_its_zeros_is_no_change_and_the_approval_stands(world: World) -> None:
    """A spreadsheet shows 14.0 and hands in 14."""

    def measured(value: str) -> Document:
        baseline = {"value": Decimal(value), "period": "2023"}
        plan = next(seed.document().all_plans()).plan
        indicator = PlanIndicator.model_validate({"id": "thefts", "baseline": baseline})
        means = Means.model_validate({"year": 2024, "hours": Decimal(value)})
        activities = tuple(one.model_copy(update={"means": (means,)}) for one in plan.activities)
        amended = plan.model_copy(update={"indicators": (indicator,), "activities": activities})
        return amend.one_plan(seed.document(), "AP-1", lambda _plan: amended)

    take_in(world, measured("14.0"))
    plan_id = plan_of(world)["plan_id"]
    world.approve("start", plan_id=plan_id)
    before = world.dump()
    assert take_in(world, measured("14")).events == ()
    assert world.dump() == before
    world.advance("start", plan_id=plan_id)
    before = world.dump()
    assert take_in(world, measured("14.000")).events == ()
    assert world.dump() == before
    with pytest.raises(EditRefused):
        take_in(world, measured("14.01"))


def test_an_import_moves_no_plan_to_another_state(world: World) -> None:
    take_in(world, seed.document())
    plan_id = plan_of(world)["plan_id"]
    world.approve("start", plan_id=plan_id)
    assert world.advance("start", plan_id=plan_id).refusal == ()
    before = plan_of(world)
    take_in(world, seed.document(title="Fietsen"))
    after = plan_of(world)
    assert [after[name] for name in ("state", "state_since", "cycle")] == [
        before[name] for name in ("state", "state_since", "cycle")
    ]
    assert world.deadlines(plan_id)[f"{plan_id}/start/1"] == "void"


def test_what_a_file_leaves_out_stays(world: World) -> None:
    take_in(world, seed.document(evaluations=["2024-04-08", "2024-10-08"]))
    before = world.dump()
    assert take_in(world, seed.document(evaluations=["2024-04-08"], activities=[])).events == ()
    assert world.dump() == before


def test_a_new_moment_of_a_running_plan_is_enforced(world: World) -> None:
    take_in(world, seed.document())
    plan_id = plan_of(world)["plan_id"]
    world.approve("start", plan_id=plan_id)
    world.advance("start", plan_id=plan_id)
    new = {"date": "2024-02-12", "kind": "yearly"}
    assert edits.edit(world, "sofie", lambda plan: plan["evaluations"].append(new), plan_id).refusal == ()
    assert len([name for name in world.waiting(plan_id) if name.startswith("E-")]) == 2
    # The file changed the indicator by which the seeded plan is measured too.
    world.approve("start")
    world.take("start")
    # Its reminder lapsed on the way.
    assert world.sweep_on(date(2024, 2, 12)).enforced == 2
    assert plan_of(world)["state"] == "check"
    opened = world.evaluation(world.open_evaluation(plan_id))
    assert (opened["stated_date"], opened["kind"]) == ("2024-02-12", "yearly")


def test_what_was_published_about_a_moment_is_added_to_it(world: World) -> None:
    take_in(world, seed.document(lead=None))
    before = world.dump()
    published = [{"date": "2024-04-08", "findings": ["Minder fietsen gestolen."]}]
    take_in(world, seed.document(lead=None, evaluations=published))
    new = changed_rows(before, world.dump())
    assert sorted(new) == ["evaluation", "plan"]
    [row] = new["evaluation"]
    assert "Minder fietsen gestolen." in row["published"]
    assert row["status"] == "planned"


# --- All of it or nothing


def test_a_plan_of_another_programme_keeps_the_whole_file_out(world: World) -> None:
    take_in(world, seed.document())
    before = world.dump()
    other = seed.document(title="Anders")
    programme = other.programme
    assert programme is not None
    objective = other.objectives[0].model_copy(update={"id": "SD30"})
    stolen = other.model_copy(
        update={"programme": programme.model_copy(update={"id": "zvp-2030"}), "objectives": (objective,)}
    )
    with pytest.raises(Refused) as failure:
        take_in(world, stolen)
    assert failure.value.code == "plan-of-another-programme"
    assert failure.value.place is not None
    assert nothing_but_the_refusal(before, world.dump())


@pytest.mark.parametrize(
    "person",
    [
        {"id": "newcomer", "name": "Nora", "login": "taken"},
        {"id": "sofie-2", "name": "Nora", "login": "taken"},
    ],
)
def test_a_login_that_is_somebody_elses_keeps_the_whole_file_out(world: World, person: dict[str, str]) -> None:
    take_in(world, people_file({"id": "first", "name": "Eerst", "login": "taken"}))
    with untouched(world, Failed, "person-exists"):
        take_in(world, people_file({"id": "innocent", "name": "Ines"}, person))


def people_file(*persons: dict[str, Any]) -> Document:
    return read_document(yaml.safe_dump({"pdca": 1, "language": "nl", "people": list(persons)}))


def test_two_newcomers_at_once_do_not_share_a_login(world: World) -> None:
    """A file that says so is refused when it is read; this is a document made in another way."""
    one, two = ({"id": name, "name": name, "login": "shared"} for name in ("a", "b"))
    both = people_file(one).model_copy(update={"people": (*people_file(one).people, *people_file(two).people)})
    with untouched(world, Failed, "person-exists"):
        take_in(world, both)


def test_a_dry_run_counts_what_would_come_in_and_leaves_everything(world: World) -> None:
    before = world.dump()
    tried = world.house.apply(ImportDocument(seed.document()), dry_run=True)
    assert world.dump() == before
    assert tried.summary == take_in(world, seed.document()).summary


@pytest.mark.parametrize("handle", ["sofie", "karel"])
def test_only_an_administrator_imports(world: World, handle: str) -> None:
    with untouched(world, Refused, "administrator-only"):
        world.by(handle, ImportDocument(seed.document()))


# --- People of a file


def test_a_person_of_the_file_who_is_there_already_is_brought_up_to_date(world: World) -> None:
    take_in(world, people_file({"id": "nora", "name": "Nora", "email": "nora@zone.example"}))
    before = world.dump()
    take_in(world, people_file({"id": "nora", "name": "Nora Nieuw", "email": "nora@zone.example", "language": "fr"}))
    [row] = changed_rows(before, world.dump())["person"]
    assert (row["name"], row["language"], row["email"]) == ("Nora Nieuw", "fr", "nora@zone.example")


def test_an_appointment_of_the_file_can_end_and_begin_again(world: World) -> None:
    def nora(*appointments: dict[str, str]) -> Document:
        return people_file({"id": "nora", "name": "Nora", "appointments": list(appointments)})

    first = {"party": "chief", "from": "2023-01-01"}
    take_in(world, nora(first))
    take_in(world, nora({**first, "until": "2024-01-31"}))
    take_in(world, nora({**first, "until": "2024-01-31"}, {"party": "chief", "from": "2025-01-01"}))
    person = next(row["person_id"] for row in world.dump()["person"] if row["handle"] == "nora")
    held = [row for row in world.dump()["appointment"] if row["person_id"] == person]
    assert [(row["from_date"], row["until_date"]) for row in held] == [
        ("2023-01-01", "2024-01-31"),
        ("2025-01-01", None),
    ]
    before = world.dump()
    take_in(world, nora({"party": "chief"}))
    assert world.dump() == before


def test_an_appointment_from_or_until_a_year_is_from_or_until_its_first_day(world: World) -> None:
    years = {"party": "chief", "from": "2023", "until": "2025"}
    take_in(world, people_file({"id": "nora", "name": "Nora", "appointments": [years]}))
    [row] = [row for row in world.dump()["appointment"] if row["until_date"] is not None]
    assert (row["from_date"], row["until_date"]) == ("2023-01-01", "2025-01-01")


# --- Order


def test_a_plan_may_follow_one_that_stands_later_in_the_file(world: World) -> None:
    document = seed.document()
    plan = next(document.all_plans()).plan
    later = plan.model_copy(update={"id": "AP-2", "evaluations": ()})
    first = plan.model_copy(update={"follows": "AP-2"})
    objective = document.objectives[0].model_copy(update={"plans": (first, later)})
    take_in(world, document.model_copy(update={"objectives": (objective,)}))
    assert plan_of(world)["follows_id"] == plan_of(world, "AP-2")["plan_id"] == "P-003"
