"""Whichever way a change of a plan comes, by an edit or by an import, the same rules hold for it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from pdca.engine import Outcome
from pdca.exchange.importer import ImportDocument
from pdca.exchange.problems import EditRefused
from pdca.store.rows import insert, update
from tests import seed
from tests.contract import edits
from tests.contract.world import PLAN, WAYS, World, codes, nothing_but_the_refusal

INFORMED: Final = {"to": "transport", "date": "2024-12-31", "method": "nota"}
LATER: Final = {"to": "transport", "date": "2025-06-30", "method": "nota"}


def take_in(world: World, **members: Any) -> Outcome:  # noqa: ANN401 - members of the plan
    return replace(world.house, source="import").apply(ImportDocument(seed.document(**members)))


def in_state(world: World, state: str) -> str:
    """Take the plan in that the file holds, and bring it to a state."""
    plan_id = str(take_in(world).summary["plans"]["AP-1"])
    for trigger in WAYS[state]:
        if trigger == "record":
            world.record(world.open_evaluation(plan_id))
        else:
            world.approve_if_needed(trigger, plan_id)
            assert world.advance(trigger, plan_id=plan_id).refusal == ()
    assert world.plan(plan_id)["state"] == state
    return plan_id


def refused(world: World, **members: Any) -> list[tuple[str, str | None]]:  # noqa: ANN401 - members of the plan
    """Give the codes and fields for which nothing of a file was taken in."""
    before = world.dump()
    with pytest.raises(EditRefused) as failure:
        take_in(world, **members)
    assert nothing_but_the_refusal(before, world.dump())
    assert failure.value.exit_status == 3
    assert all(problem.place.line and problem.hint for problem in failure.value.problems)
    return [(problem.code, problem.place.field) for problem in failure.value.problems]


# --- A plan that has ended


@pytest.mark.parametrize("state", ["closed", "daily_operations"])
def test_an_import_does_not_change_a_plan_that_has_ended(world: World, state: str) -> None:
    in_state(world, state)
    assert take_in(world).events == ()
    assert refused(world, title="Achteraf") == [("plan-ended", "objectives[0].plans[0]")]
    assert refused(world, evaluations=["2024-04-08", "2025-04-08"]) == [("plan-ended", "objectives[0].plans[0]")]


def test_a_plan_that_ended_can_be_changed_once_it_is_reopened(world: World) -> None:
    plan_id = in_state(world, "daily_operations")
    assert world.advance("reopen", plan_id=plan_id).refusal == ()
    assert take_in(world, title="Opnieuw").events
    assert refused(world, information=[INFORMED, LATER])


# --- Moments


@pytest.mark.parametrize(
    ("members", "fields"),
    [
        ({"evaluations": ["2024-04-08", "2024-10-08"]}, ["evaluations[1]"]),
        ({"evaluations": [{"date": "2024-04-08", "note": "met de gemeente"}]}, ["evaluations[0]"]),
        ({"information": [INFORMED, LATER]}, ["information[1]"]),
        ({"information": [LATER]}, ["information[0]"]),
        ({"information": [{**INFORMED, "note": "per post"}]}, ["information[0]"]),
        (
            {"evaluations": ["2024-10-08", "2024-04-08"], "information": [LATER, INFORMED]},
            ["evaluations[0]", "information[0]"],
        ),
    ],
)
def test_an_import_sets_no_moment_of_a_plan_that_began(
    world: World, members: Mapping[str, Any], fields: list[str]
) -> None:
    in_state(world, "do")
    places = [("moments-by-group", f"objectives[0].plans[0].{field}") for field in fields]
    assert refused(world, **members) == places
    assert take_in(world, title="Fietsen").events


def test_an_import_sets_the_moments_of_the_plan_that_it_makes_and_of_none_that_is_there(world: World) -> None:
    assert take_in(world).summary["added"]["evaluation"] == 1
    moments = {"evaluations": ["2024-04-08", "2024-10-08"], "information": [INFORMED, LATER]}
    fields = ["evaluations[1]", "information[1]"]
    assert refused(world, **moments) == [("moments-by-group", f"objectives[0].plans[0].{field}") for field in fields]


def test_an_import_sets_the_moments_of_a_plan_that_nobody_leads_yet(world: World) -> None:
    take_in(world, lead=None)
    assert take_in(world, evaluations=["2024-04-08", "2024-10-08"]).summary["added"]["evaluation"] == 1


def test_whoever_works_on_a_plan_and_administers_may_import_its_moments(world: World) -> None:
    in_state(world, "do")
    key = {"party_id": "investigation", "person_id": world.dump()["person"][0]["person_id"], "from_date": "2024-01-01"}
    world.by_administrator(seed.Plant([insert("appointment", key)]))
    assert take_in(world, information=[INFORMED, LATER]).summary["added"] == {"information_moment": 1}


# --- What only whoever leads changes


def lead(plan: dict[str, Any]) -> None:
    plan["lead"] = "transport"


def shown(plan: dict[str, Any]) -> None:
    plan["restricted"] = True


def micro_local(plan: dict[str, Any]) -> None:
    plan["mmm"] = True


def deputy(plan: dict[str, Any]) -> None:
    plan["group"] = ["investigation", {"party": "transport", "role": "deputy"}]


def alone(plan: dict[str, Any]) -> None:
    plan["group"] = ["transport"]


OF_WHO_LEADS: Final = (lead, shown, micro_local, deputy, alone)
Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def partnered(world: World) -> World:
    """The seeded plan with a partner in its group."""
    world.by_administrator(edits.member("transport"))
    world.by_administrator(edits.complete_baseline())
    return world


@pytest.mark.parametrize("change", OF_WHO_LEADS)
@pytest.mark.parametrize("by", ["anna", "marc"])
def test_nobody_of_the_group_makes_himself_lead_nor_says_who_is_in_it(
    partnered: World, by: str, change: Change
) -> None:
    before = partnered.dump()
    outcome = edits.edit(partnered, by, change)
    assert codes(outcome) == ["lead-only"]
    assert outcome.refusal[0].command_line() == f"pdca group show {PLAN}"
    assert nothing_but_the_refusal(before, partnered.dump())
    assert edits.edit(partnered, by, lambda plan: plan.update(note="anders")).refusal == ()


@pytest.mark.parametrize("change", OF_WHO_LEADS)
@pytest.mark.parametrize("by", ["sofie", "karel", None])
def test_who_leads_the_chief_and_an_administrator_say_who_works_on_a_plan(
    partnered: World, by: str | None, change: Change
) -> None:
    person = by or partnered.dump()["person"][0]["handle"]
    assert edits.edit(partnered, person, change).refusal == ()
    assert partnered.last_event()["kind"] == "plan.edited"


def test_a_deputy_says_so_too(partnered: World) -> None:
    member = {"plan_id": PLAN, "party_id": "transport"}
    partnered.by_administrator(edits.Edit([update("group_member", member, role="deputy")]))
    assert edits.edit(partnered, "anna", shown).refusal == ()


def test_the_chief_does_not_write_the_plan(partnered: World) -> None:
    outcome = edits.edit(partnered, "karel", lambda plan: plan.update(restricted=True, note="anders"))
    assert codes(outcome) == ["not-in-project-group"]
