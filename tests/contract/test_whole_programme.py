"""The report of a programme and the board tell what the records say, and nothing that their readers are not to see."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pdca.errors import NotFound, Usage
from pdca.information.receive import RecordReceipt
from pdca.report.progress import progress
from pdca.report.whole_board import whole_board
from pdca.report.whole_programme import whole_programme
from pdca.store.jsontext import from_json
from pdca.store.reads import partners
from tests import seed
from tests.contract import edits, informing
from tests.contract.counting import Counting
from tests.contract.informing import by_method, confirmed
from tests.contract.test_progress import withhold
from tests.contract.test_readings import measured
from tests.contract.world import MOMENTS, PLAN, World

SECOND = "P-002"


def told(world: World, audience: str = "internal") -> dict[str, Any]:
    name = world.plan()["programme_id"]
    return whole_programme(world.reading, name, audience=audience, now=world.clock.now())


def board(world: World, audience: str = "internal") -> dict[str, Any]:
    return whole_board(world.reading, audience=audience, now=world.clock.now())


def line(world: World, audience: str = "internal") -> dict[str, Any]:
    return next(one for one in told(world, audience)["plans"] if one["plan_id"] == PLAN)


def clauses(world: World, audience: str = "internal") -> dict[str, Any]:
    return {one["code"]: one.get("count") for one in told(world, audience)["conclusion"]}


def test_the_conclusion_counts_the_plans_at_work_what_was_found_and_what_is_late(world: World) -> None:
    assert clauses(world) == {"at-work": 0, "prepared": 1, "late": 0}
    world.take("start")
    assert clauses(world) == {"at-work": 1, "late": 0}
    world.sweep_on(MOMENTS[0])
    world.sweep_on(MOMENTS[0] + timedelta(days=40))
    assert clauses(world)["late"] == 1
    world.take("record", "conclude")
    assert clauses(world)["effective"] == 1
    world.take("close")
    assert clauses(world) == {"at-work": 0, "effective": 1, "late": 0}
    assert told(world)["conclusion"][0]["plans"] == 1


def test_a_plan_is_told_with_its_step_its_last_evaluation_and_what_is_next(world: World) -> None:
    world.take("start")
    one = line(world)
    assert (one["phase"], one["cycle"], one["last"]) == ("do", 1, None)
    assert one["next"] == {"what": "evaluation", "late": False, "held": False, "by": MOMENTS[0].isoformat()}
    world.sweep_on(MOMENTS[0])
    world.take("record", "conclude", "continue")
    one = line(world)
    assert (one["phase"], one["cycle"]) == ("do", 2)
    assert (one["last"]["evaluation_id"], one["last"]["verdict"]) == ("E-101", "effective")
    assert one["next"]["by"] == MOMENTS[1].isoformat()


def test_a_plan_is_judged_as_in_its_own_report(world: World) -> None:
    measured(world, {f"{2022 + at // 12}-{at % 12 + 1:02d}": 200 + at * 37 % 29 for at in range(24)})
    world.take("start")
    world.sweep_on(MOMENTS[0])
    own = progress(world.reading, PLAN, audience="internal", since=None, now=world.clock.now())
    of_own = {(one["about"], one["indicator_id"]): one["code"] for one in own["chips"]}
    mine = line(world)
    assert mine["date"] == of_own["evaluation-date", None]
    for one in mine["indicators"]:
        if one["variation"]:
            assert one["variation"] == of_own["variation", one["indicator_id"]]
            assert one["assurance"] == of_own["assurance", one["indicator_id"]]
    assert any(one["variation"] for one in mine["indicators"])


@pytest.mark.parametrize(("audience", "there"), [("internal", 2), ("authority", 2), ("partner", 1), ("public", 1)])
def test_a_restricted_plan_is_nowhere_in_what_partners_and_the_public_read(
    world: World, audience: str, there: int
) -> None:
    seed.plan(world.house, SECOND, people=(), restricted=True)
    for view in (told(world, audience), board(world, audience)):
        assert len(view["plans"]) == there
        assert (SECOND in json.dumps(view)) == (there == 2)


def test_the_means_of_what_is_withheld_are_not_added_up(world: World) -> None:
    assert [one["planned"] for one in told(world, "public")["means"]] == ["120"]
    withhold(world, "repressief", "public")
    assert told(world, "public")["means"] == []
    assert told(world, "partner")["means"]
    withhold(world, "middelen", "partners")
    assert told(world, "partner")["means"] == []


def test_activities_are_read_only_of_plans_that_withhold_a_rubric(world: World) -> None:
    def asked() -> list[str]:
        counting = Counting(world.reading)
        board(replace(world, reading=counting), "public")
        return counting.names

    assert "activity_places_of_plans" not in asked()
    withhold(world, "repressief", "public")
    assert "activity_places_of_plans" in asked()


def test_for_the_report_of_a_programme_nothing_is_read_twice(world: World) -> None:
    counting = Counting(world.reading)
    told(replace(world, reading=counting))
    names = [name for name in counting.names if name not in ("tree_leaf", "tree_node")]
    assert sorted(names) == sorted(set(names))


def test_the_indicators_of_activities_that_are_withheld_are_not_judged(world: World) -> None:
    def of_activity(plan: dict[str, Any]) -> None:
        plan["activities"][0]["indicator"] = plan["indicators"][0]["id"]

    world.by_administrator(edits.complete_baseline())
    edits.edit(world, "sofie", of_activity)
    assert line(world, "public")["indicators"]
    withhold(world, "repressief", "public")
    assert line(world, "public")["indicators"] == []
    assert line(world, "internal")["indicators"]


def test_who_is_informed_is_told_by_party(world: World) -> None:
    before = {json.dumps(one["recipient"]): one for one in told(world)["informed"]}
    informing.decided(world, "2024-03-04", "2024-06-03")
    after = {json.dumps(one["recipient"]): one for one in told(world)["informed"]}
    (name,) = [name for name, one in after.items() if one != before.get(name)]
    assert (after[name]["sent"], after[name]["next"]) == (0, "2024-03-04")
    assert "mail" in after[name]["methods"]


def test_a_letter_counts_as_sent_once_it_was_posted_and_on_the_day_it_was_here(world: World, tmp_path: Path) -> None:
    world.take("start")
    by_method(world, "letter")
    name = world.rows(partners.PARTY, party_id=informing.PARTNER)[0]["name"]
    world.go_to(datetime(2024, 3, 6, 23, 30, tzinfo=UTC))
    confirmed(world, tmp_path)
    found = [next(one for one in told(world)["informed"] if one["recipient"] == from_json(name))]
    world.by("sofie", RecordReceipt(informing.report(world)["report_id"], date(2024, 3, 7), "RR 1", "het onthaal"))
    found.append(next(one for one in told(world)["informed"] if one["recipient"] == from_json(name)))
    assert [(one["sent"], one["last"]) for one in found] == [(0, None), (1, "2024-03-07")]


def test_the_board_has_every_state_and_every_plan_once(world: World) -> None:
    seed.plan(world.house, SECOND, people=())
    world.take("start")
    view = board(world)
    where = {one["phase"]: one["plans"] for one in view["states"] if one["plans"]}
    assert where == {"plan": [SECOND], "do": [PLAN]}
    assert [one["phase"] for one in view["states"]][:4] == ["plan", "do", "check", "adjust"]


def test_the_same_facts_have_the_same_hash_and_others_another(world: World) -> None:
    first, second = told(world), told(world)
    assert first == second
    world.go_to(world.clock.now() + timedelta(hours=1))
    assert told(world)["content_sha256"] == first["content_sha256"]
    world.take("start")
    assert told(world)["content_sha256"] != first["content_sha256"]


def test_what_is_not_there_is_said(world: World) -> None:
    with pytest.raises(NotFound):
        whole_programme(world.reading, "none", audience="public", now=world.clock.now())
    with pytest.raises(Usage):
        board(world, "press")
