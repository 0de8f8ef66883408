"""A plan keeps the version of the method it started on, until somebody moves it; nothing is lost without a word."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from pdca.engine import Outcome
from pdca.errors import Conflict, NotFound, Refused, Usage
from pdca.exchange.importer import ImportDocument
from pdca.exchange.known import known_in
from pdca.notify.texts import write
from pdca.plans.advance import Seen
from pdca.plans.migrate import Migrate
from pdca.programme.migrate import MigrateProgramme
from pdca.store.reads import approvals, evaluations, notifications, people
from pdca.store.rows import update
from tests import own_method, seed
from tests.contract import edits
from tests.contract.world import MOTIVE, World, codes, nothing_but_the_refusal
from tests.own_method import version, with_rubric, without_rubric
from workflows import shelves
from workflows.definition import DefinitionError
from workflows.instants import to_text

OWN: Final = "P-002"
"""The plan that is worked by the method of the organisation's own."""

RENAMED: Final = (
    ('"plan"', '"voorbereiding"'),
    ('phase = "voorbereiding"', 'phase = "plan"'),
    ('kind = "voorbereiding"', 'kind = "plan"'),
)
"""The changes that call the first state otherwise."""

Shelve = Callable[..., None]


@pytest.fixture
def shelve(tmp_path: Path) -> Any:  # noqa: ANN401 - a generator of a function
    """Put the versions of the organisation's own method on the shelf."""

    def put(*texts: str) -> None:
        shelves.look_in(own_method.shelved(tmp_path / f"methods-{len(texts)}", *texts))

    yield put
    shelves.look_in()


@pytest.fixture
def at_first(world: World, shelve: Shelve) -> World:
    """The installation with a plan that began on the first version of the organisation's own method."""
    shelve(version(1))
    take_in(world)
    return world


def take_in(world: World, **members: object) -> Outcome:
    """Import the plan, once more if it is there already."""
    document = seed.document(method=own_method.ID, known=known_in(world.reading), **members)  # type: ignore[arg-type]
    return replace(world.house, source="import").apply(ImportDocument(document))


def migrate(world: World, by: str = "sofie", reason: str | None = MOTIVE, to: int | None = None) -> Outcome:
    return world.by(by, Migrate(OWN, to, reason))


def worked_by(world: World) -> tuple[str, int]:
    row = world.plan(OWN)
    return row["definition"], row["definition_version"]


# --- Keeping


def test_a_plan_keeps_its_version_when_there_is_a_newer_one_and_its_file_comes_in_again(
    at_first: World, shelve: Shelve
) -> None:
    written = {"definitie": "Fietsen.", "partners": "Scholen."}
    take_in(at_first, rubrics=written)
    shelve(version(1), version(2, without_rubric("definitie"), with_rubric("werkwijze")))
    before = at_first.dump()
    assert take_in(at_first, rubrics=written).events == ()
    assert at_first.dump() == before
    assert take_in(at_first, title="Fietsen", rubrics=written).events
    assert worked_by(at_first) == (own_method.ID, 1)
    assert [row["version"] for row in at_first.dump()["definition"] if row["definition_id"] == own_method.ID] == [1]


def test_a_file_that_was_made_for_the_newest_version_is_held_to_the_one_the_plan_has(
    at_first: World, shelve: Shelve
) -> None:
    shelve(version(1), version(2, with_rubric("werkwijze")))
    with pytest.raises(Exception, match="has no rubric “werkwijze”"):
        take_in(at_first, rubrics={"werkwijze": "Zoals afgesproken."})


def test_a_plan_that_joins_a_programme_is_worked_by_the_version_of_the_programme(
    at_first: World, shelve: Shelve
) -> None:
    shelve(version(1), version(2, with_rubric("werkwijze")))
    take_in(at_first, id="AP-2", rubrics={"definitie": "Fietsen."})
    assert {row["definition_version"] for row in at_first.dump()["plan"] if row["definition"] == own_method.ID} == {1}
    assert {row["definition_version"] for row in at_first.dump()["programme"]} == {1}


def test_the_file_that_the_method_came_from_is_not_needed_any_more(at_first: World) -> None:
    shelves.look_in()
    assert take_in(at_first, title="Fietsen", rubrics={}).events
    assert worked_by(at_first) == (own_method.ID, 1)


# --- Moving


def test_a_plan_is_moved_to_the_newest_version_which_the_installation_takes_over(
    at_first: World, shelve: Shelve
) -> None:
    shelve(version(1), version(2, with_rubric("werkwijze")))
    outcome = migrate(at_first)
    assert outcome.refusal == ()
    assert worked_by(at_first) == (own_method.ID, 2)
    event = at_first.last_event(OWN)
    assert (event["kind"], event["reason"]) == ("plan.migrated", MOTIVE)
    summary = outcome.summary
    assert (summary["from_version"], summary["to_version"]) == (1, 2)
    assert {"section": "rubrics", "id": "werkwijze", "change": "added"}.items() <= summary["changes"][0].items()
    assert summary["rubrics_to_write"] == ["werkwijze"]
    at_first.approve("start", plan_id=OWN)
    assert codes(at_first.advance("start", plan_id=OWN)) == ["rubric-empty"]


def test_moving_says_what_the_same_plan_could_not_do_before(at_first: World, shelve: Shelve) -> None:
    at_first.approve("start", plan_id=OWN)
    assert at_first.advance("start", plan_id=OWN).refusal == ()
    shelve(version(1), version(2, ('who = ["lead", "scheduler"]', 'who = ["lead", "member", "scheduler"]')))
    assert codes(at_first.advance("evaluate", by="marc", plan_id=OWN)) == ["not-allowed"]
    assert migrate(at_first).refusal == ()
    assert at_first.advance("evaluate", by="marc", plan_id=OWN).refusal == ()


def test_moving_voids_what_was_approved_under_the_rules_of_before(at_first: World, shelve: Shelve) -> None:
    at_first.approve("start", plan_id=OWN)
    shelve(version(1), version(2, with_rubric("werkwijze")))
    migrate(at_first)
    [row] = at_first.rows(approvals.OF_PLAN, plan_id=OWN)
    assert (row["voided_because"], row["used_at"]) == ("plan.migrated", None)
    assert codes(at_first.advance("start", plan_id=OWN)) == ["rubric-empty", "not-approved"]


def test_an_administrator_may_move_it_and_lead_and_group_are_told(at_first: World, shelve: Shelve) -> None:
    shelve(version(1), version(2, with_rubric("werkwijze")))
    assert at_first.by_administrator(Migrate(OWN, reason=MOTIVE)).refusal == ()
    assert at_first.told(at_first.plan(OWN)["version"], OWN) == {"sofie": "lead", "marc": "group"}


def test_a_plan_goes_back_to_a_version_that_the_installation_has_without_its_file(
    at_first: World, shelve: Shelve
) -> None:
    shelve(version(1), version(2, with_rubric("werkwijze")))
    migrate(at_first)
    shelves.look_in()
    assert migrate(at_first, to=1).refusal == ()
    assert worked_by(at_first) == (own_method.ID, 1)


def test_a_dry_run_says_the_same_and_changes_nothing(at_first: World, shelve: Shelve) -> None:
    shelve(version(1), version(2, with_rubric("werkwijze")))
    before = at_first.dump()
    tried = at_first.by("sofie", Migrate(OWN, reason=MOTIVE), dry_run=True)
    assert at_first.dump() == before
    assert tried.summary == migrate(at_first).summary


def test_a_message_that_waits_is_still_written_when_the_version_has_not_what_it_is_about(
    at_first: World, shelve: Shelve
) -> None:
    at_first.approve("start", plan_id=OWN)
    at_first.advance("start", plan_id=OWN)
    gone = version(2, *RENAMED, ('trigger = "start"', 'trigger = "lanceren"'))
    shelve(version(1), gone)
    assert migrate(at_first).refusal == ()
    [here] = at_first.rows(people.INSTALLATION)
    due = at_first.rows(notifications.DUE, now=to_text(at_first.clock.now()), limit=100)
    texts = {row["kind"]: write(row, here).subject for row in due if row["stream"] == OWN}
    assert {"plan", "Do"} <= set(texts["plan.advanced"].split())
    assert "start" in texts["plan.approved"]
    assert "2" in texts["plan.migrated"]


# --- Deadlines


def waiting(world: World) -> dict[str, str]:
    rows = world.rows(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=OWN)
    return {row["kind"]: row["due_at"] for row in rows}


def test_a_deadline_that_runs_goes_on_as_it_is(at_first: World, shelve: Shelve) -> None:
    shelve(version(1), version(2, ('deadline = { kind = "start", anchor = "period_start", days = 30 }\n', "")))
    before = waiting(at_first)
    outcome = migrate(at_first)
    assert waiting(at_first) == before
    assert [one["kind"] for one in outcome.summary["deadlines_kept"]] == ["start"]
    assert outcome.summary["deadlines_set"] == []


def test_a_deadline_that_only_the_version_sets_counts_from_the_day_of_moving(world: World, shelve: Shelve) -> None:
    free = ('deadline = { kind = "start", anchor = "period_start", days = 30 }\n', "")
    shelve(version(1, free))
    take_in(world)
    assert "start" not in waiting(world)
    shelve(version(1, free), version(2))
    world.go_to(seed.START.replace(month=3))
    outcome = migrate(world)
    [one] = outcome.summary["deadlines_set"]
    assert one["since"] == waiting(world)["start"] == "2024-04-07T07:00:00.000000Z"


# --- Refusing


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (RENAMED, "state-not-in-version"),
        ((without_rubric("definitie"),), "rubric-not-in-version"),
    ],
)
def test_what_would_be_lost_is_named_and_the_plan_stays(
    at_first: World, shelve: Shelve, changes: Sequence[tuple[str, str]], code: str
) -> None:
    shelve(version(1), version(2, *changes))
    before = at_first.dump()
    outcome = migrate(at_first)
    assert codes(outcome) == [code]
    assert nothing_but_the_refusal(before, at_first.dump())
    assert at_first.last_event(OWN)["refused"] == [code]
    assert worked_by(at_first) == (own_method.ID, 1)


def test_an_activity_is_not_left_with_a_rubric_that_is_gone(at_first: World, shelve: Shelve) -> None:
    at_first.by("sofie", edits.activity(9, "prevention", OWN, rubric_id="definitie"))
    at_first.by("sofie", edits.Edit([update("rubric", {"plan_id": OWN, "rubric_id": "definitie"}, text=None)], OWN))
    shelve(version(1), version(2, without_rubric("definitie")))
    assert codes(migrate(at_first)) == ["activity-rubric-not-in-version"]


def test_the_state_to_which_a_suspended_plan_goes_back_has_to_be_there_too(at_first: World, shelve: Shelve) -> None:
    assert at_first.advance("suspend", plan_id=OWN).refusal == ()
    shelve(version(1), version(2, *RENAMED))
    assert codes(migrate(at_first)) == ["state-not-in-version"]


def test_a_state_that_means_something_else_is_not_the_same_state(at_first: World, shelve: Shelve) -> None:
    at_first.approve("start", plan_id=OWN)
    assert at_first.advance("start", plan_id=OWN).refusal == ()
    swapped = version(2, ('id = "do"\nphase = "do"', 'id = "do"\nphase = "plan"'))
    shelve(version(1), swapped)
    assert codes(migrate(at_first)) == ["state-in-other-phase"]


# --- To another method


@pytest.fixture
def shipped(world: World, shelve: Shelve) -> World:
    """The installation with a plan on the shipped method, and one of the organisation's own on the shelf."""
    document = seed.document(known=known_in(world.reading))
    replace(world.house, source="import").apply(ImportDocument(document))
    shelve(version(1))
    return world


def move(world: World, by: str = "sofie", **states: str) -> Outcome:
    return world.by(by, Migrate(OWN, None, MOTIVE, method=own_method.ID, states=states))


def test_a_plan_on_the_shipped_method_goes_over_to_one_of_the_organisations_own(shipped: World) -> None:
    assert worked_by(shipped) == ("zvp", 1)
    outcome = move(shipped)
    assert outcome.refusal == ()
    assert worked_by(shipped) == (own_method.ID, 1)
    assert (outcome.summary["from_method"], outcome.summary["method"]) == ("zvp", own_method.ID)
    assert {"section": "method", "field": "id", "before": "zvp", "after": own_method.ID}.items() <= outcome.summary[
        "changes"
    ][0].items()
    event = shipped.last_event(OWN)
    assert (event["kind"], event["reason"], event["to"]) == ("plan.migrated", MOTIVE, None)
    [programme] = [row for row in shipped.dump()["programme"] if row["programme_id"] == "zvp-2024"]
    assert programme["definition"] == "zvp"
    shipped.approve("start", plan_id=OWN)
    assert shipped.advance("start", plan_id=OWN).refusal == ()


def test_a_dry_run_of_a_move_to_another_method_says_the_same(shipped: World) -> None:
    before = shipped.dump()
    tried = shipped.by("sofie", Migrate(OWN, None, MOTIVE, method=own_method.ID), dry_run=True)
    assert shipped.dump() == before
    assert tried.summary == move(shipped).summary


def test_lead_and_group_are_told_by_which_method_the_plan_is_worked(shipped: World) -> None:
    assert shipped.by_administrator(Migrate(OWN, None, MOTIVE, method=own_method.ID)).refusal == ()
    assert shipped.told(shipped.plan(OWN)["version"], OWN) == {"sofie": "lead", "marc": "group"}
    [here] = shipped.rows(people.INSTALLATION)
    due = shipped.rows(notifications.DUE, now=to_text(shipped.clock.now()), limit=100)
    texts = [write(row, here).subject for row in due if row["kind"] == "plan.migrated"]
    assert texts
    assert all("eigen@1" in text for text in texts)


def renamed(*changes: tuple[str, str]) -> str:
    """The own method with “begin” for the state “plan”."""
    text = version(1, ('"plan"', '"begin"'), *changes)
    return text.replace('phase = "begin"', 'phase = "plan"').replace('kind = "begin"', 'kind = "plan"')


def test_a_state_that_is_called_otherwise_has_to_be_named(shipped: World, shelve: Shelve) -> None:
    shelve(renamed(), version(2))
    before = shipped.dump()
    refused = shipped.by("sofie", Migrate(OWN, 1, MOTIVE, method=own_method.ID))
    assert codes(refused) == ["state-not-in-version"]
    assert "--state" in refused.refusal[0].hint
    assert nothing_but_the_refusal(before, shipped.dump())
    moved = shipped.by("sofie", Migrate(OWN, 1, MOTIVE, method=own_method.ID, states={"plan": "begin"}))
    assert moved.refusal == ()
    assert moved.summary["states"] == {"plan": "begin"}
    row, event = shipped.plan(OWN), shipped.last_event(OWN)
    assert (row["state"], event["from"], event["to"]) == ("begin", "plan", "begin")
    shipped.approve("start", plan_id=OWN)
    assert shipped.advance("start", plan_id=OWN).refusal == ()


def test_the_state_to_which_a_suspended_plan_goes_back_is_mapped_too(shipped: World, shelve: Shelve) -> None:
    assert shipped.advance("suspend", plan_id=OWN).refusal == ()
    shelve(renamed(), version(2))
    moved = shipped.by("sofie", Migrate(OWN, 1, MOTIVE, method=own_method.ID, states={"plan": "begin"}))
    assert moved.refusal == ()
    assert shipped.plan(OWN)["resume_state"] == "begin"
    assert shipped.advance("resume", plan_id=OWN).refusal == ()
    assert shipped.plan(OWN)["state"] == "begin"


def test_everything_that_another_method_has_no_place_for_is_named_at_once(shipped: World, shelve: Shelve) -> None:
    level = ('id = "strategic_objective"', 'id = "doel"')
    text = version(1, without_rubric("definitie"), level)
    shelve(text, version(2))
    before = shipped.dump()
    outcome = shipped.by("sofie", Migrate(OWN, 1, " ", method=own_method.ID, states={"plan": "do"}))
    assert codes(outcome) == ["state-in-other-phase", "rubric-not-in-version", "level-not-in-method", "no-motive"]
    assert nothing_but_the_refusal(before, shipped.dump())


def test_a_plan_that_nobody_could_move_on_by_the_other_method_is_not_moved(shipped: World, shelve: Shelve) -> None:
    shipped.approve("start", plan_id=OWN)
    assert shipped.advance("start", plan_id=OWN).refusal == ()
    shipped.by("sofie", edits.plan(OWN, lead_id=None))
    shelve(version(1, ('who = ["lead", "scheduler"]', 'who = ["lead"]')), version(2))
    assert codes(shipped.by_administrator(Migrate(OWN, 1, MOTIVE, method=own_method.ID))) == ["nobody-to-act"]
    assert shipped.by_administrator(Migrate(OWN, 2, MOTIVE, method=own_method.ID)).refusal == ()


def test_a_programme_follows_for_the_plans_to_come_and_the_others_stay(shipped: World) -> None:
    outcome = shipped.by_administrator(MigrateProgramme("zvp-2024", own_method.ID, None, MOTIVE))
    assert outcome.summary["plans_staying"] == [OWN]
    assert worked_by(shipped) == ("zvp", 1)
    document = seed.document(id="AP-2", method=own_method.ID, known=known_in(shipped.reading))
    replace(shipped.house, source="import").apply(ImportDocument(document))
    [new] = [row for row in shipped.dump()["plan"] if row["slug"] == "AP-2"]
    assert (new["definition"], new["definition_version"]) == (own_method.ID, 1)


def test_a_programme_whose_objectives_are_on_a_level_that_is_not_there_does_not_follow(
    shipped: World, shelve: Shelve
) -> None:
    shelve(version(1, ('id = "strategic_objective"', 'id = "doel"')), version(2))
    before = shipped.dump()
    with pytest.raises(Refused) as raised:
        shipped.by_administrator(MigrateProgramme("zvp-2024", own_method.ID, 1, MOTIVE))
    assert raised.value.code == "level-not-in-method"
    assert "SD9" in raised.value.message
    assert nothing_but_the_refusal(before, shipped.dump())


@pytest.mark.parametrize("by", ["marc", "sofie"])
def test_a_programme_is_moved_by_who_is_in_charge_alone(shipped: World, by: str) -> None:
    before = shipped.dump()
    with pytest.raises(Refused):
        shipped.by(by, MigrateProgramme("zvp-2024", own_method.ID, None, MOTIVE))
    assert nothing_but_the_refusal(before, shipped.dump())


@pytest.mark.parametrize("by", ["marc", "karel", "lea"])
def test_only_the_lead_or_an_administrator_moves_a_plan(at_first: World, shelve: Shelve, by: str) -> None:
    shelve(version(1), version(2, with_rubric("werkwijze")))
    assert codes(migrate(at_first, by)) == ["migration-not-allowed"]


@pytest.mark.parametrize("reason", [None, " "])
def test_moving_takes_a_motive(at_first: World, shelve: Shelve, reason: str | None) -> None:
    shelve(version(1), version(2, with_rubric("werkwijze")))
    assert codes(migrate(at_first, reason=reason)) == ["no-motive"]


@pytest.mark.parametrize(
    ("command", "error", "code"),
    [
        (Migrate("P-009", reason=MOTIVE), NotFound, "plan-unknown"),
        (Migrate(OWN, 1, MOTIVE), Usage, "version-same"),
        (Migrate(OWN, None, MOTIVE), Usage, "version-same"),
        (Migrate(OWN, 7, MOTIVE), DefinitionError, "method-unknown"),
        (Migrate(OWN, 1, MOTIVE, Seen(0)), Conflict, "changed-meanwhile"),
    ],
)
def test_what_does_not_fit_is_an_error_that_leaves_no_trace(
    at_first: World, command: Migrate, error: type[Exception], code: str
) -> None:
    before = at_first.dump()
    with pytest.raises(error) as raised:
        at_first.by("sofie", command)
    assert getattr(raised.value, "code", None) == code
    assert at_first.dump() == before
