"""A progress report tells what the records and the log say, and nothing that its readers are not to see."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from pdca.cycles.decide import DecideActivity
from pdca.errors import NotFound, Refused, Usage
from pdca.partners.involvement import Involve
from pdca.partners.reaction import Answer, React
from pdca.report.progress import content_hash, progress
from scheduler import seal
from tests.contract import edits
from tests.contract.test_cycles import PATROLS
from tests.contract.test_readings import measured
from tests.contract.world import MOMENTS, PLAN, World

SECRET = "Vrijdag om zes uur in de Bergstraat"  # noqa: S105 - a text that only some may read
AUDIENCES = ("internal", "partner", "authority", "public")


def told(world: World, audience: str = "internal", since: date | None = None) -> dict[str, Any]:
    return progress(world.reading, PLAN, audience=audience, since=since, now=world.clock.now())


def codes(world: World) -> list[str]:
    return [clause["code"] for clause in told(world)["conclusion"]]


def change(world: World, how: Callable[[dict[str, Any]], object]) -> None:
    """Let the lead change the document of the plan, whose seeded baseline lacks its period."""
    world.by_administrator(edits.complete_baseline())
    edits.edit(world, "sofie", how)


def withhold(world: World, rubric: str, *whom: str) -> None:
    said = {"text": {"nl": SECRET}, "withheld_from": list(whom)}
    change(world, lambda plan: plan["rubrics"].update({rubric: said}))


def date_of(report: dict[str, Any]) -> str:
    return next(str(one["code"]) for one in report["chips"] if one["about"] == "evaluation-date")


def test_the_conclusion_follows_the_plan_through_its_cycle(world: World) -> None:
    assert codes(world) == ["not-evaluated", "next"]
    assert date_of(told(world)) == "planned"
    world.take("start")
    world.sweep_on(MOMENTS[0])
    assert codes(world) == ["awaiting", "date-open"]
    world.go_to(MOMENTS[0] + timedelta(days=3))
    assert told(world)["conclusion"][0]["days"] == 3
    world.take("record")
    assert codes(world) == ["evaluated", "date-kept", "next"]
    assert told(world)["conclusion"][0]["verdict"] == "effective"
    world.take("conclude", "continue")
    assert told(world)["conclusion"][-1] == {"code": "next", "what": "evaluation", "by": MOMENTS[1].isoformat()}
    world.sweep_on(MOMENTS[1])
    assert codes(world) == ["awaiting", "date-open", "evaluated-before"]


def test_an_evaluation_that_is_recorded_after_its_time_was_not_kept(world: World) -> None:
    world.take("start")
    world.sweep_on(MOMENTS[0])
    world.sweep_on(MOMENTS[0] + timedelta(days=40))
    assert codes(world)[:2] == ["awaiting", "overdue"]
    assert date_of(told(world)) == "overdue"
    world.take("record")
    assert codes(world)[:2] == ["evaluated", "date-late"]
    assert date_of(told(world)) == "date-late"


def test_nor_was_one_that_was_recorded_after_its_time_while_no_scheduler_ran(world: World) -> None:
    world.take("start")
    world.sweep_on(MOMENTS[0])
    world.go_to(MOMENTS[0] + timedelta(days=40))
    world.take("record")
    assert codes(world)[:2] == ["evaluated", "date-late"]


def test_what_is_over_has_nothing_next(world: World) -> None:
    world.take("start")
    world.sweep_on(MOMENTS[0])
    world.take("record", "conclude", "close")
    assert codes(world)[-1] == "ended"


def test_a_plan_that_missed_its_evaluation_says_so(world: World) -> None:
    world.sweep_on(MOMENTS[0])
    assert codes(world)[0] == "missed"
    assert date_of(told(world)) == "missed"


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_withheld_rubric_its_activities_and_their_means_are_absent(world: World, audience: str) -> None:
    withhold(world, "repressief", "partners", "public")
    report = told(world, audience)
    there = audience in ("internal", "authority")
    assert (SECRET in json.dumps(report)) == there
    assert ("repressief" in [one["rubric_id"] for one in report["rubrics"]]) == there
    assert bool(report["activities"]) == there
    assert bool(report["means"]) == there
    assert "analyse" in [one["rubric_id"] for one in report["rubrics"]]


def test_what_the_method_puts_under_a_rubric_is_withheld_with_it(world: World) -> None:
    world.take("start")
    world.sweep_on(MOMENTS[0])
    world.take("record")
    assert told(world, "public")["means"]
    assert told(world, "public")["evaluations"][0]["deployed"] == "Twee ploegen."
    withhold(world, "middelen", "public")
    public = told(world, "public", since=date(2024, 1, 8))
    assert (public["means"], public["happened"]["means"], public["evaluations"][0]["deployed"]) == ([], [], None)
    assert public["activities"]
    assert told(world, "partner")["means"]


def test_sessions_and_reactions_are_withheld_with_their_rubric(world: World) -> None:
    session = Involve(PLAN, "transport", "training", date(2024, 1, 8), "Hoe men een diefstal meldt.", ("anna",))
    assert world.by("sofie", session).refusal == ()
    assert [one["mode"] for one in told(world, "partner")["involved"]] == ["training"]
    said = world.by("anna", React(PLAN, "transport", date(2024, 1, 8), "Wij zien het ook aan de haltes."))
    world.by("sofie", Answer(said.summary["reaction"], "Dank u."))
    assert told(world, "partner")["reactions"]["received"] == 1
    withhold(world, "partners", "partners")
    partner, authority = told(world, "partner"), told(world, "authority")
    assert (partner["involved"], partner["reactions"]["received"]) == ([], 0)
    kinds = {"partner.involved", "partner.reacted", "partner.answered"}
    assert not kinds & {one["kind"] for one in partner["happened"]["events"]}
    assert kinds <= {one["kind"] for one in authority["happened"]["events"]}
    assert authority["involved"]
    assert authority["reactions"]["received"] == 1


def test_that_activities_were_decided_on_is_not_told_where_some_are_withheld(world: World) -> None:
    decided = DecideActivity(PLAN, PATROLS, "adopt", "Het werkt.")
    world.take("start")
    world.sweep_on(MOMENTS[0])
    world.take("record", "conclude")
    assert world.by("sofie", decided).refusal == ()
    withhold(world, "repressief", "public")
    kinds = {name: {one["kind"] for one in told(world, name)["happened"]["events"]} for name in AUDIENCES}
    assert [name for name in AUDIENCES if "activity.decided" in kinds[name]] == ["internal", "partner", "authority"]


def test_what_is_withheld_from_the_public_alone_is_told_to_partners(world: World) -> None:
    withhold(world, "analyse", "public")
    assert SECRET in json.dumps(told(world, "partner"))
    assert SECRET not in json.dumps(told(world, "public"))


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_restricted_plan_is_no_report_for_partners_or_the_public(world: World, audience: str) -> None:
    world.by_administrator(edits.plan(restricted=1))
    if audience in ("internal", "authority"):
        assert told(world, audience)["plan"]["restricted"]
        return
    with pytest.raises(Refused) as refused:
        told(world, audience)
    assert refused.value.code == "report-restricted"


def test_the_public_is_told_functions_and_no_names(world: World) -> None:
    world.take("start")
    world.sweep_on(MOMENTS[0])
    world.take("record", "conclude", "continue")
    names = [row["name"] for row in world.dump()["person"] if row["handle"] in ("sofie", "marc", "karel", "lea")]
    assert any(name in json.dumps(told(world, "internal"), ensure_ascii=False) for name in names)
    public = json.dumps(told(world, "public"), ensure_ascii=False)
    assert [name for name in names if name in public] == []
    assert told(world, "public")["plan"]["lead"]["name"] == told(world, "internal")["plan"]["lead"]["name"]


def test_only_what_happened_after_the_last_report_is_news(world: World) -> None:
    measured(world, {"2021": 48})
    world.take("start")
    world.sweep_on(MOMENTS[0])
    world.go_to(MOMENTS[0] + timedelta(days=2))
    world.take("record")
    measured(world, {"2022": 52})
    kinds = [one["kind"] for one in told(world, since=MOMENTS[0])["happened"]["events"]]
    assert kinds == ["evaluation.recorded"]
    assert [one["period"] for one in told(world, since=MOMENTS[0])["indicators"][0]["news"]] == ["2022"]
    whole = [one["kind"] for one in told(world)["happened"]["events"]]
    assert whole.count("plan.advanced") == 2
    assert told(world, since=world.clock.now().date())["happened"]["events"] == []


def test_an_activity_that_was_done_since_and_what_was_deployed_are_told(world: World) -> None:
    before = world.clock.now().date()
    world.go_to(before + timedelta(days=3))

    def done(plan: dict[str, Any]) -> None:
        plan["activities"][0]["status"] = "done"
        plan["activities"][0]["means"][0]["deployed"] = 120

    change(world, done)
    happened = told(world, since=before)["happened"]
    assert [(one["before"], one["after"]) for one in happened["activities"]] == [("planned", "done")]
    assert [(one["before"], one["after"]) for one in happened["means"]] == [(None, "120")]


def test_the_steps_of_other_plans_that_an_indicator_measures_are_not_told(world: World) -> None:
    measured(world, {"2022": 48, "2023": 52, "2024": 50})
    world.take("start")
    [indicator] = told(world)["indicators"]
    assert [(one["from"], one["to"]) for one in indicator["steps"]] == [("plan", "do")]
    assert "steps" not in indicator["reading"]


def test_the_same_facts_have_the_same_hash_and_others_another(world: World) -> None:
    first = told(world)
    assert first["content_sha256"] == content_hash(first)
    world.go_to(world.clock.now() + timedelta(minutes=5))
    assert told(world)["content_sha256"] == first["content_sha256"]
    withhold(world, "analyse", "public")
    assert told(world)["content_sha256"] != first["content_sha256"]


def test_the_checkpoint_is_the_tree_that_the_auditor_finds(world: World) -> None:
    world.take("start")
    seal.run_once(world.house)
    report, found = told(world), world.verified()
    assert report["checkpoint"] == {"size": found.leaves, "root": found.root, "note": None}


def test_who_is_no_audience_and_what_is_no_plan_are_refused(world: World) -> None:
    with pytest.raises(Usage):
        told(world, "press")
    with pytest.raises(NotFound):
        progress(world.reading, "P-999", audience="public", since=None, now=world.clock.now())
