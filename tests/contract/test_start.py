"""From an empty plan to one that is started, by doing what each need says (DOMAIN, `start`)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from pdca.engine import Command
from pdca.plans.approve import Approve
from pdca.programme.retain import Retain
from pdca.report.completeness import Gap, gaps
from pdca.report.considered import considered
from pdca.store.jsontext import to_json
from pdca.store.rows import insert, update
from tests import seed
from tests.contract import edits
from tests.contract.world import BARE, MOTIVE, PLAN, World, bare, codes
from workflows.guards import Need

WHAT: Final = {"en": "As agreed."}
PARQUET: Final = insert(
    "party", {"party_id": "parquet"}, kind="partner", name='{"nl":"Parket"}', assumed=0, discipline_assumed=0
)


def _of_activity(column: str, value: str) -> Callable[[Need], Command]:
    return lambda need: edits.Edit(
        [update("activity", {"activity_id": need.params["activity"]}, **{column: value})], BARE
    )


def _baseline(need: Need) -> Command:
    key = {"plan_id": BARE, "indicator_id": need.params["indicator"]}
    return edits.Edit([update("plan_indicator", key, baseline_missing='{"nl":"Nooit gemeten."}')], BARE)


def _indicator(_need: Need) -> Command:
    key = {"plan_id": BARE, "indicator_id": "thefts"}
    return edits.Edit([insert("plan_indicator", key, position=1, baseline_assumed=0)], BARE)


def _information(_need: Need) -> Command:
    columns = {"stated_date": "2024-06-03", "due_date": "2024-06-03", "method": '{"nl":"nota"}', "assumed": 0}
    row = insert("information_moment", {"information_id": "I-900"}, plan_id=BARE, party_id="transport", **columns)
    return edits.Edit([row], BARE)


def _rubric(need: Need) -> Command:
    name = str(need.params["id"])
    why = {"not_applicable": to_json({"en": "No victims."})} if name == "slachtoffers" else {"text": to_json(WHAT)}
    return edits.rubric(name, BARE, **why)


# What answers the command that each need names.
ANSWERS: Final[dict[str, Callable[[Need], Command]]] = {
    "objective-not-retained": lambda need: Retain(
        str(need.params["objective"]), "retained", MOTIVE, None, "2024-01-08", "council"
    ),
    "rubric-empty": _rubric,
    "rubric-without-activity": lambda need: edits.Edit(
        [update("activity", {"activity_id": f"{BARE}/A1"}, rubric_id=need.params["id"])], BARE
    ),
    "group-without-lead": lambda _need: edits.plan(BARE, lead_id="prevention"),
    "group-too-few-disciplines": lambda _need: edits.member("investigation", BARE),
    "no-activity": lambda _need: edits.activity(1, None, BARE, start_date=None, end_date=None),
    "activity-without-owner": _of_activity("owner_id", "investigation"),
    "activity-without-start": _of_activity("start_date", "2024-03"),
    "activity-without-end": _of_activity("end_date", "2024-02-01"),
    "activity-ends-before-start": _of_activity("end_date", "2024-12"),
    "activity-without-means": lambda need: edits.means(str(need.params["activity"]), "money", planned="1500"),
    "no-indicator": _indicator,
    "indicator-without-baseline": _baseline,
    "no-evaluation-moment": lambda _need: seed.Moment(BARE, "E-900", seed.START.date().replace(month=9)),
    "no-information-schedule": _information,
    "mmm-without-perimeter": lambda _need: edits.plan(BARE, perimeter=to_json({"places": ["Zuidstation"]})),
    "mmm-too-few-phenomena": lambda _need: edits.plan(
        BARE, phenomena=to_json([{"phenomenon": "drugs"}, {"text": {"nl": "Overlast"}}])
    ),
    "mmm-too-few-partners": lambda need: edits.member("parquet" if need.params["found"] else "transport", BARE),
    "not-approved": lambda _need: Approve(BARE, "start", MOTIVE),
}
BY: Final = {"objective-not-retained": "karel", "not-approved": "lea"}


def missing(world: World, plan_id: str = BARE) -> list[Need]:
    actor = replace(world.house, as_person="sofie").actor(world.reading)
    [start] = [one for one in considered(world.reading, plan_id, world.clock.now(), actor) if one.trigger == "start"]
    return [need for need in start.needs if need.code != "not-allowed"]


def test_doing_what_each_need_says_one_by_one_ends_in_a_start_that_is_accepted(world: World) -> None:
    bare(world)
    world.by_administrator(seed.Plant([PARQUET]))
    done: list[str] = []
    while needs := missing(world):
        need = needs[0]
        command: Any = need.command_line()
        assert command.startswith("pdca ")
        assert "%" not in command
        who = BY.get(need.code)
        answer = ANSWERS[need.code](need)
        outcome = world.by(who, answer) if who else world.by_administrator(answer)
        assert outcome.refusal == (), need.code
        done.append(need.code)
        assert len(done) < 40, done
    assert set(done) == set(ANSWERS)
    assert done[-1] == "not-approved"
    assert world.advance("start", plan_id=BARE).refusal == ()
    assert world.plan(BARE)["state"] == "do"


def test_means_count_when_they_are_more_than_none_and_in_a_year_of_the_activity(world: World) -> None:
    key = {"activity_id": "P-001/A1", "year": 2024, "kind": "hours"}
    world.by_administrator(edits.Edit([update("means", key, planned="0")]))
    assert _codes(world) == ["activity-means-unusable", "not-approved"]
    world.by_administrator(edits.means("P-001/A1", "money", 2029, planned="100"))
    assert _codes(world) == ["activity-means-unusable", "not-approved"]
    assert ("activity-without-means", "P-001/A1") in {(one.code, one.subject) for one in _gaps(world)}
    world.by_administrator(edits.means("P-001/A1", "money", 2025, planned="0.5"))
    assert _codes(world) == ["not-approved"]
    assert ("activity-without-means", "P-001/A1") not in {(one.code, one.subject) for one in _gaps(world)}


def test_a_schedule_informs_when_somebody_outside_the_body_still_hears_of_it(world: World) -> None:
    moment = {"information_id": "I-001"}
    world.by_administrator(edits.Edit([update("information_moment", moment, party_id="chief")]))
    assert _codes(world) == ["information-inside-only", "not-approved"]
    past = {"stated_date": "2024-01-07", "due_date": "2024-01-07"}
    world.by_administrator(edits.Edit([update("information_moment", moment, party_id="council", **past)]))
    assert _codes(world) == ["information-moments-past", "not-approved"]
    month = {"stated_date": "2024-01", "due_date": "2024-01-31"}
    world.by_administrator(edits.Edit([update("information_moment", moment, **month)]))
    assert _codes(world) == ["not-approved"]


def _gaps(world: World) -> list[Gap]:
    return gaps(world.reading, world.clock.now())


def _codes(world: World) -> list[str]:
    return [need.code for need in missing(world, PLAN)]


def test_a_plan_whose_only_activity_was_dropped_has_none(world: World) -> None:
    dropped = update("activity", {"activity_id": "P-001/A1"}, status="dropped")
    world.by_administrator(edits.Edit([dropped]))
    world.approve("start")
    assert codes(world.advance("start")) == ["no-activity"]


def test_an_activity_that_was_dropped_asks_for_nothing_more(world: World) -> None:
    world.by_administrator(edits.activity(2, None, start_date=None, end_date=None))
    assert set(_codes(world)) >= {"activity-without-owner", "activity-without-start", "activity-without-means"}
    world.by_administrator(edits.Edit([update("activity", {"activity_id": "P-001/A2"}, status="dropped")]))
    assert _codes(world) == ["not-approved"]
    world.approve("start")
    assert world.advance("start").refusal == ()
