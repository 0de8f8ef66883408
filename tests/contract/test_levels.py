"""The order of the levels is the method's own: objectives above the plan, under it, or none (clauses 4-6)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from pdca.content import content_hash
from pdca.engine import Outcome
from pdca.errors import NotFound
from pdca.exchange.document import Document
from pdca.exchange.editing import CreatePlan, EditPlan
from pdca.exchange.exporter import plan_document, programme_document
from pdca.exchange.importer import ImportDocument
from pdca.exchange.known import known_in
from pdca.exchange.plan_file import plan_of
from pdca.exchange.problems import EditRefused, ImportRefused
from pdca.plans.migrate import Migrate
from pdca.programme.submit import AuthorityStep, Submit
from pdca.report.completeness import gaps
from pdca.report.gaps import told
from pdca.report.plans import whole
from pdca.report.programme import objectives
from pdca.store.reads import exchange
from tests import own_method, seed
from tests.contract import edits
from tests.contract.world import MOTIVE, World, codes
from workflows import definition as definitions
from workflows import shelves

OWN: Final = "P-002"
"""The plan that is worked by a method of the organisation's own."""

PROGRAMME: Final = "zvp-2024"
GOALS: Final = [{"id": "O1", "title": "Minder diefstallen"}, {"id": "O2", "title": "Meer gegraveerde fietsen"}]
GRAVING: Final = {**seed.GRAVING, "objective": "O2"}
UNDER_PLAN: Final[dict[str, Any]] = {"objectives": GOALS, "activities": [GRAVING]}

Shelve = Callable[..., None]


@pytest.fixture
def shelve(tmp_path: Path) -> Iterator[Shelve]:
    """Put versions of the organisation's own method on the shelf, each with these levels."""

    def put(*versions: Sequence[tuple[str, str]]) -> None:
        texts = [own_method.version(number, own_method.with_levels(*one)) for number, one in enumerate(versions, 1)]
        shelves.look_in(own_method.shelved(tmp_path / f"methods-{len(texts)}", *texts))

    yield put
    shelves.look_in()


def document(world: World, **members: Any) -> Document:  # noqa: ANN401 - any member of a plan
    return seed.document(method=own_method.ID, known=known_in(world.reading), **members)


def take_in(world: World, **members: Any) -> Outcome:  # noqa: ANN401 - any member of a plan
    return replace(world.house, source="import").apply(ImportDocument(document(world, **members)))


def found(world: World, *codes: str) -> set[tuple[str, str]]:
    """The gaps of these codes, each with what it concerns; all gaps have their words."""
    every = gaps(world.reading, world.clock.now())
    in_words = list(told(world.reading, world.clock.now()))
    assert [one.gap for one in in_words] == every
    assert all(one.need.words() and "%(" not in (one.need.command_line() or "%(") for one in in_words)
    return {(gap.code, gap.subject) for gap in every if gap.code in codes}


def refused(world: World, **members: Any) -> list[tuple[str, str | None]]:  # noqa: ANN401 - any member of a plan
    with pytest.raises(ImportRefused) as failure:
        document(world, **members)
    return [(problem.code, problem.place.field) for problem in failure.value.problems]


# --- Starting


@pytest.mark.parametrize(
    ("levels", "members"),
    [
        (own_method.THREE, {"above": ("S1", "T1", "O1")}),
        (own_method.UNDER, {"above": ("S1",), **UNDER_PLAN}),
        (own_method.PLAN_AND_ACTIVITY, {"above": ()}),
    ],
    ids=["above", "under", "none"],
)
def test_a_plan_starts_wherever_its_method_puts_objectives(
    world: World, shelve: Shelve, levels: Sequence[tuple[str, str]], members: dict[str, Any]
) -> None:
    shelve(levels)
    take_in(world, **members)
    assert codes(world.advance("start", plan_id=OWN)) == ["not-approved"]
    world.approve("start", plan_id=OWN)
    assert world.advance("start", plan_id=OWN).refusal == ()
    assert world.plan(OWN)["state"] == "do"
    data = programme_document(world.reading, PROGRAMME)
    assert take_in(world, **members).events == ()
    assert programme_document(world.reading, PROGRAMME) == data
    assert found(world, "plan-not-retained", "plan-without-objective", "objective-without-plan") == set()


def test_a_plan_under_its_programme_waits_for_no_objective_to_be_retained(world: World, shelve: Shelve) -> None:
    shelve(own_method.PLAN_AND_ACTIVITY)
    take_in(world, above=())
    assert world.plan(OWN)["objective_id"] is None
    assert whole(world.reading, OWN, world.clock.now())["objective"] is None
    data = programme_document(world.reading, PROGRAMME)
    assert ("objectives" in data, [plan["id"] for plan in data["plans"]]) == (False, ["AP-1"])
    assert "objective" not in plan_document(world.reading, OWN)
    submitted = world.by_administrator(Submit(PROGRAMME, (AuthorityStep({"nl": "Raad"}, {"nl": "beslist"}),)))
    assert submitted.summary["steps"] == 1


def test_a_plan_is_made_under_its_programme_where_the_method_has_no_objectives(world: World, shelve: Shelve) -> None:
    shelve(own_method.PLAN_AND_ACTIVITY)
    take_in(world, above=())
    data = plan_document(world.reading, OWN)
    data["plan"] = {name: data["plan"][name] for name in ("title", "period", "lead")} | {"id": "AP-2"}
    definition = definitions.load(own_method.ID)
    placed = plan_of(data, known_in(world.reading), definition)
    world.by("sofie", CreatePlan(placed, PROGRAMME))
    made = world.plan("P-003")
    assert (made["programme_id"], made["objective_id"], made["definition"]) == (PROGRAMME, None, own_method.ID)
    for programme in (None, "zvp-9"):
        with pytest.raises(NotFound):
            world.by("sofie", CreatePlan(placed, programme))


# --- Objectives under a plan


def test_clauses_4_to_6_a_plan_without_an_objective_under_it_is_named_where_the_method_has_them_there(
    world: World, shelve: Shelve
) -> None:
    shelve(own_method.UNDER)
    take_in(world)
    codes = ("plan-without-objective", "objective-without-plan", "objective-without-operational")
    assert found(world, *codes) == {("plan-without-objective", OWN)}
    assert edits.edit(world, "sofie", lambda plan: plan.update(UNDER_PLAN), OWN).refusal == ()
    assert found(world, *codes) == set()


def test_the_lead_changes_objectives_under_the_plan_and_an_approval_falls_with_them(
    world: World, shelve: Shelve
) -> None:
    shelve(own_method.UNDER)
    take_in(world, **UNDER_PLAN)
    world.approve("start", plan_id=OWN)
    before = content_hash(world.reading, OWN)
    assert edits.edit(world, "karel", lambda plan: plan["objectives"].pop(0), OWN).refusal
    outcome = edits.edit(world, "sofie", lambda plan: plan["objectives"][0].update(title="Geen diefstallen"), OWN)
    assert outcome.summary["changed"] == {"plan_objective": 1}
    assert content_hash(world.reading, OWN) != before
    assert codes(world.advance("start", plan_id=OWN)) == ["not-approved"]


def test_which_objective_an_activity_serves_is_part_of_what_is_approved(world: World, shelve: Shelve) -> None:
    shelve(own_method.UNDER)
    take_in(world, **UNDER_PLAN)
    before = content_hash(world.reading, OWN)
    edits.edit(world, "sofie", lambda plan: plan["activities"][0].update(objective="O1"), OWN)
    assert content_hash(world.reading, OWN) != before
    (activity,) = world.rows(exchange.ROWS_OF_PLAN["activity"], plan_id=OWN)
    assert activity["objective_id"] == f"{OWN}/O1"
    edits.edit(world, "sofie", lambda plan: plan["activities"][0].pop("objective"), OWN)
    assert plan_document(world.reading, OWN)["plan"]["activities"][0].get("objective") is None


def test_an_objective_goes_with_the_last_activity_that_names_it_and_not_before(world: World, shelve: Shelve) -> None:
    shelve(own_method.UNDER)
    take_in(world, **UNDER_PLAN)
    with pytest.raises(ImportRefused) as failure:
        edits.edit(world, "sofie", lambda plan: plan["objectives"].pop(1), OWN)
    assert [(one.code, one.place.field) for one in failure.value.problems] == [
        ("import-unknown-reference", "plan.activities[0].objective")
    ]
    kept = {"objectives": GOALS[:1], "activities": [{**GRAVING, "objective": "O1"}]}
    outcome = edits.edit(world, "sofie", lambda plan: plan.update(kept), OWN)
    assert outcome.summary["removed"] == {"plan_objective": 1}
    assert plan_document(world.reading, OWN)["plan"]["objectives"] == GOALS[:1]
    outcome = edits.edit(world, "sofie", lambda plan: [plan.pop("objectives"), plan.pop("activities")], OWN)
    assert outcome.summary["removed"] == {"means": 1, "activity": 1, "plan_objective": 1}


def test_objectives_under_plans_are_listed_with_their_plan_and_level_and_follow_it(
    world: World, shelve: Shelve
) -> None:
    shelve(own_method.UNDER)
    take_in(world, **UNDER_PLAN)
    listed = {row["objective_id"]: row for row in objectives(world.reading)}
    assert list(listed)[-2:] == [f"{OWN}/O1", f"{OWN}/O2"]
    row = listed[f"{OWN}/O2"]
    assert (row["plan_id"], row["parent_id"], row["programme_id"]) == (OWN, None, PROGRAMME)
    assert (row["level"], row["disposition"], row["title"]) == ("operational", None, {"nl": GOALS[1]["title"]})
    assert listed["SD9"].keys() <= row.keys()
    shown = whole(world.reading, OWN, world.clock.now())["objectives"]
    assert [(one["objective_id"], one["activities"]) for one in shown] == [
        (f"{OWN}/O1", []),
        (f"{OWN}/O2", [f"{OWN}/A1"]),
    ]


# --- Levels that the method does not have


def test_what_stands_where_the_method_has_no_level_is_refused_at_its_place(world: World, shelve: Shelve) -> None:
    shelve(own_method.PLAN_AND_ACTIVITY)
    assert refused(world, above=("S1",)) == [("import-no-such-level", "objectives")]
    assert refused(world, above=(), objectives=GOALS) == [("import-no-such-level", "plans[0].objectives")]
    shelve(own_method.PLAN_AND_ACTIVITY, own_method.UNDER)
    assert refused(world, above=()) == [("import-no-such-level", "plans[0]")]
    assert refused(world, above=("S1", "S2")) == [("import-too-many-levels", "objectives[0].objectives[0]")]


def test_a_plan_keeps_its_place_among_the_objectives_when_it_is_edited(world: World, shelve: Shelve) -> None:
    shelve(own_method.PLAN_AND_ACTIVITY)
    take_in(world, above=())
    own = plan_document(world.reading, OWN)
    method = definitions.load(own_method.ID)
    for data, definition, code in (
        ({**own, "objective": "SD1"}, method, "import-no-such-level"),
        (own, definitions.load("zvp"), "import-missing-key"),
    ):
        with pytest.raises(ImportRefused) as failure:
            plan_of(data, known_in(world.reading), definition)
        assert [(one.code, one.place.field) for one in failure.value.problems] == [(code, "objective")]


def test_three_levels_of_objectives_are_kept_each_on_its_own(world: World, shelve: Shelve) -> None:
    shelve(own_method.THREE)
    take_in(world, above=("S1", "T1", "O1"))
    listed = {row["objective_id"]: row for row in objectives(world.reading) if row["programme_id"] == PROGRAMME}
    assert {name: (row["level"], row["parent_id"]) for name, row in listed.items()} == {
        "S1": ("strategic", None),
        "T1": ("tactical", "S1"),
        "O1": ("operational", "T1"),
    }
    assert found(world, "objective-without-operational", "plan-not-retained") == set()
    take_in(world, above=("S1", "T2"))
    assert found(world, "objective-without-operational") == {("objective-without-operational", "T2")}
    assert refused(world, above=("S1", "T1", "O1", "X1")) == [
        ("import-too-many-levels", "objectives[0].objectives[0].objectives[0].objectives[0]")
    ]


def test_a_version_without_the_level_takes_no_plan_that_has_objectives_there(world: World, shelve: Shelve) -> None:
    above = (own_method.UNDER[0], *own_method.PLAN_AND_ACTIVITY)
    shelve(own_method.UNDER)
    take_in(world, **UNDER_PLAN)
    shelve(own_method.UNDER, above)
    outcome = world.by("sofie", Migrate(OWN, None, MOTIVE))
    assert codes(outcome) == ["objectives-not-in-version"]
    edits.edit(world, "sofie", lambda plan: [plan.pop("objectives"), plan["activities"][0].pop("objective")], OWN)
    assert world.by("sofie", Migrate(OWN, None, MOTIVE)).refusal == ()
    shelve(own_method.UNDER, above, own_method.PLAN_AND_ACTIVITY)
    outcome = world.by("sofie", Migrate(OWN, None, MOTIVE))
    assert codes(outcome) == ["plan-elsewhere-in-version"]


def test_an_edit_cannot_bring_a_plan_under_an_objective_of_another_programme(world: World, shelve: Shelve) -> None:
    shelve(own_method.UNDER)
    take_in(world)
    data = plan_document(world.reading, OWN)
    placed = plan_of({**data, "objective": "SD1"}, known_in(world.reading), definitions.load(own_method.ID))
    with pytest.raises(EditRefused):
        world.by("sofie", EditPlan(OWN, placed, reason=MOTIVE))
