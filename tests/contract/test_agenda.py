"""What is to be done first: deadlines and all else that waits, for whom it waits, with the command that does it."""

from datetime import date
from typing import Any, Final

import pytest

from pdca.actor import Actor
from pdca.evaluations.extend import ApproveExtension, RequestExtension
from pdca.house import installation
from pdca.partners.reaction import Answer, React
from pdca.people.substitution import Substitute
from pdca.report.agenda import agenda
from pdca.report.status import status
from pdca.store.jsontext import to_json
from pdca.store.reads import people
from pdca.store.rows import update
from tests import seed
from tests.contract import edits
from tests.contract.world import MOMENTS, MOTIVE, PLAN, World, morning
from workflows.instants import to_text

TODAY: Final = seed.START.date()


def waiting(world: World, who: str | None = None, plan_id: str | None = None) -> dict[str, dict[str, Any]]:
    """What waits, by its kind."""
    actor = None
    if who is not None:
        row = next(row for row in world.rows(people.PEOPLE) if row["handle"] == who)
        actor = Actor(row["person_id"], row["access"], "cli")
    rows = agenda(world.reading, world.clock.now(), actor, plan_id)
    assert [row["by"] or "~" for row in rows] == sorted(row["by"] or "~" for row in rows)
    return {row["what"]: row for row in rows}


def rewritten(world: World) -> None:
    """Void the approval that the seeded plan comes with."""
    world.by_administrator(edits.plan(title=to_json({"en": "Street crime, again"})))


def test_what_waits_in_the_plan_is_named_with_the_command_that_does_it(world: World) -> None:
    found = waiting(world, plan_id=PLAN)
    assert found["start"]["command"] == "pdca plan advance P-001 --trigger start"
    assert found["evaluation"]["subject"] == "E-103"
    world.take("start")
    assert waiting(world, plan_id=PLAN)["evaluation"]["command"] == "pdca plan advance P-001 --trigger evaluate"
    world.sweep_on(date(2024, 4, 8))
    assert waiting(world, plan_id=PLAN)["record"]["command"] == "pdca evaluation record E-101"
    world.take("record", "conclude")
    assert waiting(world, plan_id=PLAN)["decide"]["command"] == "pdca plan why-not P-001"
    world.take("suspend")
    assert waiting(world, plan_id=PLAN)["decide"]["command"] == "pdca plan advance P-001 --trigger resume --reason …"


def test_a_plan_that_lacks_nothing_but_approval_waits_for_who_may_give_it(world: World) -> None:
    assert "approve" not in waiting(world)
    rewritten(world)
    one = waiting(world)["approve"]
    assert one["command"] == "pdca plan approve P-001 --for start --reason …"
    assert one["by"] == waiting(world, "sofie")["start"]["by"]
    assert "start" not in waiting(world)
    assert "start" not in waiting(world, "marc")
    assert {who for who in ("sofie", "marc", "anna", "karel", "lea") if "approve" in waiting(world, who)} == {
        "marc",
        "karel",
        "lea",
    }
    world.approve("start")
    assert "approve" not in waiting(world)


def test_a_missed_evaluation_stays_to_be_seen_while_the_plan_waits_for_approval(world: World) -> None:
    rewritten(world)
    world.sweep_on(MOMENTS[0])
    found = waiting(world)
    assert (found["missed"]["subject"], found["missed"]["late"]) == ("E-101", True)
    assert "start" not in found
    assert "approve" in found


def test_a_step_that_would_be_refused_is_not_advised_but_shown_with_how_much_it_lacks(world: World) -> None:
    row = waiting(world, "sofie")["start"]
    assert (row["command"], row["needs"]) == ("pdca plan advance P-001 --trigger start", 0)
    rewritten(world)
    row = waiting(world, "sofie")["start"]
    assert (row["command"], row["needs"]) == ("pdca plan why-not P-001 --trigger start", 1)
    world.by_administrator(edits.without_member("investigation"))
    row = waiting(world)["start"]
    assert (row["command"], row["needs"]) == ("pdca plan why-not P-001 --trigger start", 2)
    refusal = world.advance("start").refusal
    assert len(refusal) == row["needs"]


def test_the_status_advises_no_step_that_would_be_refused(world: World) -> None:
    rewritten(world)
    world.go_to(date(2024, 3, 8))
    body = installation(world.reading)
    [row] = [one for one in status(world.reading, body, world.clock.now())["overdue"] if one["what"] == "start"]
    assert row["command"] == "pdca plan why-not P-001 --trigger start"


def test_a_partner_in_the_group_may_not_approve_and_is_not_asked_to(world: World) -> None:
    world.by_administrator(edits.member("transport"))
    assert "approve" in waiting(world, "karel")
    assert "approve" not in waiting(world, "anna")


def test_a_plan_that_lacks_more_is_not_put_before_who_approves(world: World) -> None:
    world.by_administrator(edits.without_member("investigation"))
    assert "approve" not in waiting(world)


def test_who_wrote_any_of_it_is_not_asked_to_approve(world: World) -> None:
    world.by("karel", edits.plan(title=to_json({"en": "Street crime, again"})))
    assert "approve" not in waiting(world, "karel")
    assert "approve" in waiting(world, "lea")


def test_a_date_that_was_moved_is_shown_with_the_first_one(world: World) -> None:
    world.by("sofie", RequestExtension("E-101", date(2024, 5, 13), "De cijfers komen pas in mei."))
    world.by("karel", ApproveExtension("E-101", "Akkoord."))
    now = world.clock.now()
    rows = agenda(world.reading, now, None, PLAN)
    shown = {row["subject"]: (row["by"], row["first_by"]) for row in rows if row["what"] == "evaluation"}
    assert shown["E-101"] == (to_text(morning(date(2024, 5, 13))), to_text(morning(date(2024, 4, 8))))
    assert shown["E-102"][1] is None


def test_another_date_waits_for_somebody_other_than_who_asked(world: World) -> None:
    world.by("marc", RequestExtension("E-101", date(2024, 5, 8), MOTIVE))
    one = waiting(world)["approve_extension"]
    assert (one["subject"], one["command"]) == ("E-101", "pdca evaluation extend E-101 --approve --reason …")
    assert one["by"][:10] == "2024-04-08"
    asked = {who for who in ("sofie", "marc", "anna", "karel") if "approve_extension" in waiting(world, who)}
    assert asked == {"sofie", "karel"}
    world.by("sofie", ApproveExtension("E-101", MOTIVE))
    assert "approve_extension" not in waiting(world)


def test_a_partner_waits_for_an_answer_of_the_group(world: World) -> None:
    world.by("sofie", React(PLAN, "transport", TODAY, "Te weinig bussen."))
    one = waiting(world)["answer"]
    assert (one["subject"], one["by"], one["late"]) == (f"{PLAN}/R1", None, False)
    assert one["command"] == f"pdca partner answer {PLAN}/R1 --text …"
    assert {who for who in ("sofie", "marc", "karel") if "answer" in waiting(world, who)} == {"sofie", "marc"}
    world.by("sofie", Answer(f"{PLAN}/R1", "Er komen er bij."))
    assert "answer" not in waiting(world)


@pytest.mark.parametrize(
    ("end", "late"), [("2024-01-07", True), ("2024-01-08", False), ("2024-01", False), ("2023-12", True)]
)
def test_an_activity_whose_end_is_past_waits_for_its_owner_and_the_group(world: World, end: str, late: bool) -> None:
    world.by_administrator(edits.activity(2, "transport", end_date=end))
    assert ("activity" in waiting(world)) == late
    if late:
        assert waiting(world)["activity"]["command"] == f"pdca activity done {PLAN}/A2"
        assert waiting(world)["activity"]["late"]
        asked = {who for who in ("sofie", "marc", "anna", "karel") if "activity" in waiting(world, who)}
        assert asked == {"sofie", "marc", "anna"}
        world.by_administrator(edits.Edit([update("activity", {"activity_id": f"{PLAN}/A2"}, status="done")]))
        assert "activity" not in waiting(world)


def test_a_programme_waits_for_who_is_in_charge_until_it_is_handed_in(world: World) -> None:
    key = {"programme_id": "zvp-test"}
    assert "submit" not in waiting(world)
    draft = {"status": "draft", "legal_deadline": "2024-02-29"}
    world.by_administrator(seed.Plant([update("programme", key, **draft)]))
    one = waiting(world)["submit"]
    assert (one["plan"], one["subject"], one["by"][:10], one["late"]) == (None, "zvp-test", "2024-02-28", False)
    assert one["command"] == 'pdca programme submit zvp-test --step "AUTHORITY: ACT"'
    assert {who for who in ("sofie", "karel", "lea") if "submit" in waiting(world, who)} == {"karel", "lea"}
    assert "submit" not in waiting(world, plan_id=PLAN)
    world.by_administrator(seed.Plant([update("programme", key, status="submitted")]))
    assert "submit" not in waiting(world)


def test_a_substitute_sees_what_waits_for_who_is_absent(world: World) -> None:
    assert "start" not in waiting(world, "karel")
    ids = {row["handle"]: row["person_id"] for row in world.rows(people.PEOPLE)}
    world.by_administrator(Substitute(ids["sofie"], ids["karel"], TODAY, TODAY, MOTIVE))
    assert "start" in waiting(world, "karel")


def test_a_plan_that_has_ended_asks_nothing_but_to_be_looked_at_again(world: World) -> None:
    world.by("sofie", React(PLAN, "transport", TODAY, "Te weinig bussen."))
    world.take("start", "evaluate", "record", "conclude", "embed")
    found = waiting(world)
    assert set(found) == {"watch"}
    assert found["watch"]["command"] == "pdca plan watch P-001 --again DATE --found …"
