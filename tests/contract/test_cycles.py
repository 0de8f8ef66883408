"""Adjust with consequences: predictions, decisions over activities, follow-ups, and what each cycle came to."""

from dataclasses import replace
from datetime import date

import pytest

from pdca import methods
from pdca.cycles.decide import DecideActivity
from pdca.cycles.follow_up import AnswerFollowUp, RaiseFollowUp
from pdca.cycles.predict import Predict
from pdca.errors import NoRight, PdcaError, Refused
from pdca.exchange.exporter import plan_document
from pdca.exchange.problems import EditRefused
from pdca.house import installation
from pdca.plans.advance import Advance
from pdca.plans.facts import Attempt, gather
from pdca.plans.watch import LookAgain
from pdca.report.agenda import agenda
from pdca.report.cycles import listed, standing
from pdca.report.evaluation import whole
from pdca.report.status import status
from pdca.store.reads import cycles, plans
from pdca.store.rows import update
from tests.contract import edits
from tests.contract.world import MOTIVE, PLAN, WATCH_DAY, WATCHED, World, codes, nothing_but_the_refusal
from workflows import machine
from workflows.method import Transition

PATROLS = "P-001/A1"
EXPECTED = "Een kwart minder diefstal tegen april."
DUE = date(2024, 5, 1)


def raised(world: World, due: date = DUE) -> str:
    """Leave something to the next cycle."""
    outcome = world.by("sofie", RaiseFollowUp(PLAN, "De winkeliers bevragen.", "investigation", due))
    return str(outcome.summary["follow_up"])


def to_adjust(world: World) -> None:
    world.take("start", "evaluate", "record", "conclude")


# --- Predictions


def test_a_prediction_is_written_before_the_cycle_begins_and_locked_from_then_on(world: World) -> None:
    assert codes(world.by("sofie", Predict(PLAN, "Iets."))) == []
    assert world.by("marc", Predict(PLAN, EXPECTED)).summary["cycle"] == 1
    world.take("start")
    before = world.dump()
    assert codes(world.by("sofie", Predict(PLAN, "Achteraf gezien minder."))) == ["prediction-locked"]
    assert nothing_but_the_refusal(before, world.dump())
    world.take("evaluate")
    assert codes(world.by("sofie", Predict(PLAN, "Achteraf."))) == ["prediction-locked"]
    world.take("record")
    assert whole(world.reading, "E-101")["prediction"] == EXPECTED


def test_a_prediction_voids_an_approval_because_it_is_part_of_what_was_approved(world: World) -> None:
    world.approve("start")
    world.by("sofie", Predict(PLAN, EXPECTED))
    assert codes(world.advance("start")) == ["not-approved"]


def test_the_next_cycle_is_predicted_in_adjust_and_the_earlier_one_stays(world: World) -> None:
    world.by("sofie", Predict(PLAN, EXPECTED))
    to_adjust(world)
    assert world.by("sofie", Predict(PLAN, "Nog een tiende minder.")).summary["cycle"] == 2
    world.take("continue", "evaluate", "record")
    assert whole(world.reading, "E-101")["prediction"] == EXPECTED
    assert whole(world.reading, "E-102")["prediction"] == "Nog een tiende minder."


def test_without_a_prediction_the_plan_starts_and_the_record_says_that_there_was_none(world: World) -> None:
    to_adjust(world)
    assert whole(world.reading, "E-101")["prediction"] is None


def test_saying_the_same_again_changes_nothing(world: World) -> None:
    world.by("sofie", Predict(PLAN, EXPECTED))
    assert world.by("sofie", Predict(PLAN, EXPECTED)).events == ()


def test_only_the_project_group_predicts(world: World) -> None:
    with pytest.raises(NoRight):
        world.by("lea", Predict(PLAN, EXPECTED))


# --- Activities


def test_in_adjust_it_is_decided_what_becomes_of_each_activity(world: World) -> None:
    to_adjust(world)
    plan = world.plan()
    assert standing(world.reading, plan)["undecided"] == [PATROLS]
    assert codes(world.by("sofie", DecideActivity(PLAN, PATROLS, "adapt", MOTIVE))) == []
    assert codes(world.by("sofie", DecideActivity(PLAN, PATROLS, "adopt", MOTIVE))) == []
    assert standing(world.reading, plan)["undecided"] == []
    [decision] = world.rows(cycles.DECISIONS, plan_id=PLAN)
    assert (decision["decision"], decision["cycle"], decision["reason"]) == ("adopt", 1, MOTIVE)
    [kept, again] = [event for event in world.events() if event["kind"] == "activity.decided"]
    assert kept["reason"] == again["reason"] == MOTIVE


def test_what_is_abandoned_is_dropped(world: World) -> None:
    to_adjust(world)
    world.by("sofie", DecideActivity(PLAN, PATROLS, "abandon", MOTIVE))
    [activity] = world.rows(plans.ACTIVITIES, plan_id=PLAN)
    assert activity["status"] == "dropped"


@pytest.mark.parametrize("status", ["planned", "running"])
def test_what_is_decided_otherwise_in_the_same_adjust_is_not_dropped(world: World, status: str) -> None:
    world.take("start")
    if status == "running":
        world.by("sofie", edits.Edit([update("activity", {"activity_id": PATROLS}, status=status)]))
    world.take("evaluate", "record", "conclude")
    for decision, after in (("abandon", "dropped"), ("abandon", "dropped"), ("adapt", status), ("adopt", status)):
        world.by("sofie", DecideActivity(PLAN, PATROLS, decision, MOTIVE))
        [activity] = world.rows(plans.ACTIVITIES, plan_id=PLAN)
        assert activity["status"] == after


def test_what_is_done_is_not_abandoned_any_more(world: World) -> None:
    world.take("start")
    world.by("sofie", edits.Edit([update("activity", {"activity_id": PATROLS}, status="done")]))
    world.take("evaluate", "record", "conclude")
    before = world.dump()
    assert codes(world.by("sofie", DecideActivity(PLAN, PATROLS, "abandon", MOTIVE))) == ["activity-done"]
    assert nothing_but_the_refusal(before, world.dump())
    assert codes(world.by("sofie", DecideActivity(PLAN, PATROLS, "adopt", MOTIVE))) == []
    [activity] = world.rows(plans.ACTIVITIES, plan_id=PLAN)
    assert activity["status"] == "done"


def test_nothing_is_decided_over_an_activity_outside_adjust_or_without_a_motive(world: World) -> None:
    world.take("start")
    assert codes(world.by("sofie", DecideActivity(PLAN, PATROLS, "adopt", MOTIVE))) == ["not-in-adjust"]
    world.take("evaluate", "record", "conclude")
    refused = world.by("sofie", DecideActivity(PLAN, PATROLS, "adopt", " "))
    assert codes(refused) == ["no-motive"]
    assert refused.refusal[0].command_line() == "pdca activity decide P-001/A1 adopt --reason …"
    assert world.rows(cycles.DECISIONS, plan_id=PLAN) == []


def test_the_shipped_method_continues_without_a_decision_over_each_and_another_can_ask_for_it(world: World) -> None:
    to_adjust(world)
    shipped = methods.of_plan(world.reading, world.plan())
    strict = replace(shipped, transitions=tuple(_strict(way) for way in shipped.transitions))

    def lacking() -> set[str]:
        actor = replace(world.house, as_person="sofie").actor(world.reading)
        now = world.house.now(world.reading)
        facts = gather(world.reading, world.plan(), now, actor, Attempt(MOTIVE), strict)
        step = machine.step(strict, facts, "continue")
        return {need.code for need in step.needs} if isinstance(step, machine.Refusal) else set()

    assert lacking() == {"activity-undecided"}
    world.by("sofie", DecideActivity(PLAN, PATROLS, "adopt", MOTIVE))
    assert lacking() == set()
    world.take("continue")


def _strict(way: Transition) -> Transition:
    return way._replace(guards=(*way.guards, "activities_decided")) if way.trigger == "continue" else way


# --- Follow-ups


def test_the_next_cycle_is_not_concluded_before_it_answers_what_was_left_to_it(world: World) -> None:
    world.take("start", "evaluate", "record")
    name = raised(world)
    world.take("conclude", "continue", "evaluate", "record")
    refusal = world.advance("conclude").refusal
    assert [need.code for need in refusal] == ["follow-up-unanswered"]
    assert refusal[0].command_line() == f"pdca followup answer {name} --done --reason …"
    assert codes(world.by("sofie", AnswerFollowUp(name, "done", "Dertig winkeliers antwoordden."))) == []
    world.take("conclude")
    [row] = world.rows(cycles.FOLLOW_UPS, plan_id=PLAN)
    assert (row["status"], row["answer"]) == ("done", "Dertig winkeliers antwoordden.")


def test_what_is_carried_over_is_asked_of_the_cycle_after(world: World) -> None:
    to_adjust(world)
    name = raised(world)
    world.take("continue", "evaluate", "record")
    world.by("sofie", AnswerFollowUp(name, "carried", "De lijst was er niet.", date(2024, 12, 1)))
    world.take("conclude", "continue", "evaluate", "record")
    assert codes(world.advance("conclude")) == ["follow-up-unanswered"]
    first, second, _third = listed(world.reading, PLAN)
    assert ([one["follow_up_id"] for one in first["follow_ups"]], second["follow_ups"]) == ([name], [])
    world.by("sofie", AnswerFollowUp(name, "dropped", "Het hoeft niet meer."))
    world.take("conclude")


def test_an_answer_is_given_once_and_with_a_reason(world: World) -> None:
    name = raised(world)
    for answer, due, said in (("done", None, "--done"), ("carried", date(2024, 9, 1), "--carried --due DATE")):
        silent = world.by("sofie", AnswerFollowUp(name, answer, " ", due))  # type: ignore[arg-type]
        assert codes(silent) == ["no-motive"]
        assert silent.refusal[0].command_line() == f"pdca followup answer {name} {said} --reason …"
    world.by("sofie", AnswerFollowUp(name, "done", MOTIVE))
    before = world.dump()
    for again, code in (
        (AnswerFollowUp("P-001/F9", "done", MOTIVE), "follow-up-unknown"),
        (RaiseFollowUp(PLAN, " ", "investigation", DUE), "text-missing"),
        (RaiseFollowUp(PLAN, "Iets.", "nobody", DUE), "party-unknown"),
        (RaiseFollowUp(PLAN, "Iets.", "investigation", date(2020, 1, 1)), "date-past"),
    ):
        with pytest.raises(PdcaError) as failure:
            world.by("sofie", again)
        assert failure.value.code == code
    assert world.dump() == before
    with pytest.raises(Refused) as refused:
        world.by("sofie", AnswerFollowUp(name, "dropped", MOTIVE))
    assert refused.value.code == "already-answered"
    assert nothing_but_the_refusal(before, world.dump())


def test_what_is_carried_over_gets_another_day(world: World) -> None:
    name = raised(world)
    with pytest.raises(PdcaError) as failure:
        world.by("sofie", AnswerFollowUp(name, "carried", MOTIVE))
    assert failure.value.code == "due-missing"


def test_nothing_is_left_to_a_cycle_that_does_not_come(world: World) -> None:
    to_adjust(world)
    world.take("close")
    command = RaiseFollowUp(PLAN, "Iets.", "investigation", date(2025, 5, 1))
    assert codes(world.by("sofie", command)) == ["no-next-cycle"]


@pytest.mark.parametrize("ending", ["close", "embed"])
def test_a_plan_does_not_end_while_a_follow_up_is_open(world: World, ending: str) -> None:
    to_adjust(world)
    name = raised(world)
    world.approve(ending)
    assert codes(world.advance(ending)) == ["follow-up-open"]
    world.by("sofie", AnswerFollowUp(name, "dropped", MOTIVE))
    assert codes(world.advance(ending)) == []


def test_a_follow_up_whose_day_has_passed_is_overdue_in_the_status(world: World) -> None:
    name = raised(world)
    body = world.house.now(world.reading)
    installed = installation(world.reading)
    assert status(world.reading, installed, body)["follow_ups_overdue"] == []
    world.go_to(date(2024, 5, 2))
    [late] = status(world.reading, installed, world.clock.now())["follow_ups_overdue"]
    assert (late["follow_up_id"], late["due_date"]) == (name, DUE.isoformat())


def test_the_agenda_tells_who_answers_for_it(world: World) -> None:
    name = raised(world)
    actor = replace(world.house, as_person="marc").actor(world.reading)
    rows = agenda(world.reading, world.house.now(world.reading), actor, None)
    [row] = [row for row in rows if row["what"] == "follow_up"]
    assert (row["subject"], row["late"]) == (name, False)
    world.go_to(date(2024, 5, 2))
    [row] = [row for row in agenda(world.reading, world.clock.now(), None, PLAN) if row["what"] == "follow_up"]
    assert row["late"] is True
    world.by("sofie", AnswerFollowUp(name, "done", MOTIVE))
    assert [row for row in agenda(world.reading, world.clock.now(), None, PLAN) if row["what"] == "follow_up"] == []


# --- The cycles


def test_every_cycle_tells_what_it_predicted_found_and_decided(world: World) -> None:
    world.by("sofie", Predict(PLAN, EXPECTED))
    to_adjust(world)
    world.by("sofie", DecideActivity(PLAN, PATROLS, "adopt", MOTIVE))
    name = raised(world)
    world.take("continue", "evaluate")
    first, second = listed(world.reading, PLAN)
    assert (first["cycle"], first["prediction"], first["verdict"]) == (1, EXPECTED, "effective")
    assert (first["evaluation_id"], first["decision"], first["motive"]) == ("E-101", "continue", MOTIVE)
    assert [one["decision"] for one in first["activities"]] == ["adopt"]
    assert [one["follow_up_id"] for one in first["follow_ups"]] == [name]
    assert (second["cycle"], second["evaluation_id"], second["verdict"]) == (2, "E-102", None)
    assert (second["decision"], second["current"]) == (None, True)
    assert second["started_at"] is not None


def test_a_plan_that_was_suspended_stays_in_its_cycle(world: World) -> None:
    world.take("start", "suspend", "resume", "evaluate", "record", "conclude")
    [only] = listed(world.reading, PLAN)
    assert (only["cycle"], only["decision"]) == (1, None)


def test_a_plan_that_is_reopened_begins_another_cycle_and_keeps_what_the_one_before_found(world: World) -> None:
    to_adjust(world)
    world.take("embed")
    assert world.plan()["watch"] == WATCHED
    world.take("reopen")
    plan = world.plan()
    assert (plan["state"], plan["cycle"]) == ("plan", 2)
    assert (plan["watch"], plan["watch_again"], plan["watch_indicator_id"]) == (None, None, None)
    first, second = listed(world.reading, PLAN)
    assert (first["decision"], first["verdict"], first["evaluation_id"]) == ("embed", "effective", "E-101")
    assert (second["evaluation_id"], second["decision"]) == (None, None)
    assert world.by("sofie", Predict(PLAN, EXPECTED)).summary["cycle"] == 2


def test_every_evaluation_of_a_cycle_is_kept(world: World) -> None:
    to_adjust(world)
    [cycle] = listed(world.reading, PLAN)
    assert [(one["evaluation_id"], one["verdict"]) for one in cycle["evaluations"]] == [("E-101", "effective")]


def test_what_is_embedded_is_watched_by_an_indicator_and_falls_due(world: World) -> None:
    to_adjust(world)
    world.approve("embed")
    watching = Attempt(MOTIVE, WATCHED, WATCH_DAY, "thefts")
    assert codes(world.by("sofie", Advance(PLAN, "embed", attempt=watching))) == []
    assert world.plan()["watch_indicator_id"] == "thefts"
    assert world.sweep_on(WATCH_DAY).enforced == 1
    assert world.last_event()["kind"] == "plan.watch_due"
    world.take("reopen")
    assert world.plan()["state"] == "plan"


def test_a_day_to_look_again_that_passed_is_not_forgotten(world: World) -> None:
    to_adjust(world)
    world.take("embed")
    world.climb(WATCH_DAY)
    [row] = [row for row in agenda(world.reading, world.clock.now(), None, PLAN) if row["what"] == "watch"]
    assert row["late"]
    found = "Nog altijd weinig meldingen."
    before = world.dump()
    for again, said, code in ((WATCH_DAY, found, "watch-date-past"), (date(2027, 1, 4), " ", "no-motive")):
        refused = world.by("sofie", LookAgain(PLAN, again, said))
        assert codes(refused) == [code]
        assert [one.command_line() for one in refused.refusal] == [
            "pdca plan watch P-001 --again DATE --found …",
        ]
    with pytest.raises(NoRight):
        world.by("marc", LookAgain(PLAN, date(2027, 1, 4), found))
    assert before["plan"][0]["watch_again"] == world.plan()["watch_again"]
    assert codes(world.by("sofie", LookAgain(PLAN, date(2027, 1, 4), found))) == []
    assert (world.last_event()["kind"], world.last_event()["reason"]) == ("plan.watched", found)
    [row] = [row for row in agenda(world.reading, world.clock.now(), None, PLAN) if row["what"] == "watch"]
    assert (row["late"], row["by"][:10]) == (False, "2027-01-04")
    assert world.sweep_on(date(2027, 1, 4)).enforced == 1
    assert world.last_event()["kind"] == "plan.watch_due"
    world.take("reopen")
    assert codes(world.by("sofie", LookAgain(PLAN, date(2028, 1, 3), found))) == ["nothing-watched"]
    assert not [row for row in agenda(world.reading, world.clock.now(), None, PLAN) if row["what"] == "watch"]


def test_an_indicator_that_is_not_there_is_not_watched(world: World) -> None:
    to_adjust(world)
    with pytest.raises(PdcaError) as failure:
        world.by("sofie", Advance(PLAN, "embed", attempt=Attempt(MOTIVE, WATCHED, WATCH_DAY, "nothing")))
    assert failure.value.code == "indicator-unknown"


# --- In the document of a plan


def test_the_document_of_a_plan_holds_the_prediction_and_changes_it_until_the_cycle_begins(world: World) -> None:
    world.by_administrator(edits.complete_baseline())
    assert codes(edits.edit(world, "sofie", lambda plan: plan.update(prediction=EXPECTED))) == []
    assert plan_document(world.reading, PLAN)["plan"]["prediction"] == EXPECTED
    assert codes(edits.edit(world, "sofie", lambda plan: plan.pop("prediction"))) == []
    assert world.rows(cycles.PREDICTIONS, plan_id=PLAN) == []
    edits.edit(world, "sofie", lambda plan: plan.update(prediction=EXPECTED))
    world.take("start")
    for change in ({"prediction": "Minder."}, {"prediction": None}):
        with pytest.raises(EditRefused) as failure:
            edits.edit(world, "sofie", lambda plan, change=change: plan.update(change))  # type: ignore[misc]
        assert [problem.code for problem in failure.value.problems] == ["edit-prediction-locked"]
    assert plan_document(world.reading, PLAN)["plan"]["prediction"] == EXPECTED


def test_an_activity_over_which_was_decided_stays_in_the_document(world: World) -> None:
    world.by_administrator(edits.complete_baseline())
    to_adjust(world)
    world.by("sofie", DecideActivity(PLAN, PATROLS, "adopt", MOTIVE))
    with pytest.raises(EditRefused) as failure:
        edits.edit(world, "sofie", lambda plan: plan.pop("activities"))
    assert [problem.code for problem in failure.value.problems] == ["edit-activity-decided"]
