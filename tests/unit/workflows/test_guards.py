"""What each guard misses, one need per missing thing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.unit.workflows.build import NOW, RUBRICS, activity, evaluation, ready
from workflows.definition import load
from workflows.facts import ApprovalFacts, Facts, FollowUpFacts, Member
from workflows.guards import GUARDS, Need
from workflows.machine import step

ZVP = load("zvp")


def needs(guard: str, facts: Facts) -> list[str]:
    return [need.code for need in GUARDS[guard](facts, ZVP)]


@pytest.mark.parametrize("guard", GUARDS)
def test_a_complete_plan_satisfies_the_guard(guard: str) -> None:
    assert GUARDS[guard](ready(), ZVP) == ()


@pytest.mark.parametrize("rubric", RUBRICS)
def test_each_empty_rubric_is_named(rubric: str) -> None:
    found = GUARDS["rubrics"](ready(rubrics_filled=frozenset(RUBRICS) - {rubric}), ZVP)
    assert [(need.code, need.params["id"]) for need in found] == [("rubric-empty", rubric)]


def test_all_empty_rubrics_are_named_in_order() -> None:
    found = GUARDS["rubrics"](ready(rubrics_filled=frozenset()), ZVP)
    assert [need.params["id"] for need in found] == list(RUBRICS)


@pytest.mark.parametrize(
    ("members", "codes"),
    [
        ((), ["group-without-lead", "group-too-few-disciplines"]),
        ((Member("a", "x"), Member("b", "y")), ["group-without-lead"]),
        ((Member("a", "x", lead=True),), ["group-too-few-disciplines"]),
        ((Member("a", "x", lead=True), Member("b", None)), ["group-too-few-disciplines"]),
        ((Member("a", "x", lead=True), Member("b", " ")), ["group-too-few-disciplines"]),
        ((Member("a", "x", lead=True), Member("b", " X ")), ["group-too-few-disciplines"]),
        ((Member("a", None, lead=True), Member("b", "x"), Member("c", "y")), []),
    ],
)
def test_group_needs_a_lead_and_two_disciplines_the_leads_counted(
    members: tuple[Member, ...], codes: list[str]
) -> None:
    assert needs("project_group", ready(members=members)) == codes


def test_plan_without_activities_is_named() -> None:
    assert needs("activities", ready(activities=())) == ["no-activity"]


def test_every_activity_without_owner_or_dates_is_named() -> None:
    bare = activity(activity="P-001/A2", owner=None, start=None, end=None)
    found = GUARDS["activities"](ready(activities=(activity(owner=" "), activity(), bare)), ZVP)
    assert [(need.code, need.params["activity"]) for need in found] == [
        ("activity-without-owner", "P-001/A1"),
        ("activity-without-owner", "P-001/A2"),
        ("activity-without-start", "P-001/A2"),
        ("activity-without-end", "P-001/A2"),
    ]


def test_activity_may_last_one_day_but_not_end_before_it_starts() -> None:
    day = date(2024, 3, 1)
    assert needs("activities", ready(activities=(activity(start=day, end=day),))) == []
    backwards = activity(start=day, end=day - timedelta(days=1))
    assert needs("activities", ready(activities=(backwards,))) == ["activity-ends-before-start"]


def test_an_objective_that_was_not_retained_is_named_with_its_plan() -> None:
    (need,) = GUARDS["objective_retained"](ready(retained=False), ZVP)
    assert need.code == "objective-not-retained"
    assert "OD1.1" in need.words()
    assert need.command_line() == "pdca objective retain OD1.1 --motive … --by … --on DATE"


def test_every_activity_without_means_is_named() -> None:
    found = GUARDS["means"](ready(activities=(activity(), activity(activity="P-001/A2", means=False))), ZVP)
    assert [(need.code, need.params["activity"]) for need in found] == [("activity-without-means", "P-001/A2")]


def test_every_indicator_without_baseline_and_without_reason_is_named() -> None:
    found = GUARDS["baseline"](ready(indicators=("a", "b", "c"), indicators_unbased=("a", "c")), ZVP)
    assert [(need.code, need.params["indicator"]) for need in found] == [
        ("indicator-without-baseline", "a"),
        ("indicator-without-baseline", "c"),
    ]


def test_each_partner_that_is_relied_on_without_training_is_named_once() -> None:
    relied_on = (
        activity(owner="transport", by_partner=True),
        activity(owner="transport", by_partner=True),
        activity(owner="prosecutor", by_partner=True),
        activity(owner="prevention"),
        activity(owner=None, by_partner=True),
    )
    found = GUARDS["partners_trained"](ready(activities=relied_on, trained=frozenset({"prosecutor"})), ZVP)
    assert [(need.code, need.params["party"]) for need in found] == [("partner-not-trained", "transport")]


def test_the_shipped_method_does_not_ask_for_training() -> None:
    assert not any("partners_trained" in way.guards for way in ZVP.transitions)


@pytest.mark.parametrize(
    ("approvals", "codes"),
    [
        ((), ["not-approved"]),
        ((ApprovalFacts("close"),), ["not-approved"]),
        ((ApprovalFacts("start", fits=False),), ["approval-outdated"]),
        ((ApprovalFacts("start", own=True),), ["approved-by-self"]),
        ((ApprovalFacts("start", own=True, by_owner=True),), ["approved-by-owner"]),
        ((ApprovalFacts("start", fits=False), ApprovalFacts("start", by_owner=True)), ["approved-by-owner"]),
        ((ApprovalFacts("start", by_owner=True), ApprovalFacts("start")), []),
        ((ApprovalFacts("start", fits=False), ApprovalFacts("start", own=True)), ["approved-by-self"]),
        ((ApprovalFacts("start", fits=False), ApprovalFacts("start")), []),
    ],
)
def test_a_step_needs_an_approval_of_its_own_that_fits_by_somebody_else(
    approvals: tuple[ApprovalFacts, ...], codes: list[str]
) -> None:
    assert needs("approved", ready(approvals=approvals)) == codes


@pytest.mark.parametrize(("state", "trigger"), [("plan", "start"), ("adjust", "close"), ("adjust", "embed")])
def test_the_need_for_approval_names_the_step_and_the_command(state: str, trigger: str) -> None:
    (need,) = GUARDS["approved"](ready(state, approvals=(), trigger=trigger), ZVP)
    assert f"“{ZVP.routes[state][trigger].label['en']}”" in need.words()
    assert need.command_line() == f"pdca plan approve P-001 --for {trigger} --reason …"


def test_plan_without_indicator_is_named() -> None:
    assert needs("indicators", ready(indicators=())) == ["no-indicator"]


def test_evaluation_moment_must_lie_after_now() -> None:
    assert needs("future_evaluation", ready(next_evaluation=None)) == ["no-evaluation-moment"]
    assert needs("future_evaluation", ready(next_evaluation=NOW)) == ["evaluation-moment-past"]
    assert needs("future_evaluation", ready(next_evaluation=NOW + timedelta(microseconds=1))) == []


def test_past_evaluation_moment_is_shown_in_local_time() -> None:
    facts = ready(next_evaluation=datetime(2024, 2, 1, 8, 0, tzinfo=UTC), zone="Europe/Brussels")
    (need,) = GUARDS["future_evaluation"](facts, ZVP)
    assert "2024-02-01 09:00 (Europe/Brussels)" in need.words()


def test_past_evaluation_moment_can_still_be_opened() -> None:
    assert needs("evaluation_available", ready(next_evaluation=NOW - timedelta(days=9))) == []
    assert needs("evaluation_available", ready(next_evaluation=None)) == ["no-evaluation-moment"]


def test_information_schedule_must_be_set() -> None:
    assert needs("information_schedule", ready(information_moments=0, informed_last=None)) == [
        "no-information-schedule"
    ]


def test_somebody_outside_the_body_is_still_to_be_informed() -> None:
    assert needs("information_schedule", ready(informed_last=None)) == ["information-inside-only"]
    assert needs("information_schedule", ready(informed_last=NOW.date() - timedelta(days=1))) == [
        "information-moments-past"
    ]
    assert needs("information_schedule", ready(informed_last=NOW.date())) == []


def test_a_rubric_of_actions_has_an_activity_of_its_own_or_does_not_apply() -> None:
    (need,) = GUARDS["rubrics"](ready(activities=(activity(rubric="preventief"),)), ZVP)
    assert (need.code, need.params["id"]) == ("rubric-without-activity", "repressief")
    assert need.command_line() == "pdca activity set ACTIVITY rubric=repressief"
    without = ready(activities=(activity(rubric=None),), rubrics_not_applicable=frozenset({"repressief"}))
    assert needs("rubrics", without) == []
    others = replace(ZVP, rubrics=tuple(rubric._replace(actions=False) for rubric in ZVP.rubrics))
    assert GUARDS["rubrics"](ready(activities=(activity(rubric=None),)), others) == ()


def test_means_that_are_zero_or_of_another_year_are_told_apart_from_none() -> None:
    assert needs("means", ready(activities=(activity(means=False),))) == ["activity-without-means"]
    assert needs("means", ready(activities=(activity(means=False, means_stated=True),))) == ["activity-means-unusable"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"perimeter": ()}, "mmm-without-perimeter"),
        ({"perimeter": (" ",)}, "mmm-without-perimeter"),
        ({"phenomena": ("drugs",)}, "mmm-too-few-phenomena"),
        ({"phenomena": ("drugs", "Drugs ")}, "mmm-too-few-phenomena"),
        ({"partner_organisations": 1}, "mmm-too-few-partners"),
    ],
)
def test_mmm_holds_only_with_all_three(change: dict[str, object], code: str) -> None:
    assert needs("mmm", ready(**change)) == [code]
    assert needs("mmm", ready(**change, mmm=False)) == []


@pytest.mark.parametrize("reason", [None, "", " \n\t"])
def test_blank_motive_is_no_motive(reason: str | None) -> None:
    assert needs("motive", ready(reason=reason)) == ["no-motive"]


def test_conclusion_needs_an_open_evaluation() -> None:
    (need,) = GUARDS["evaluation_recorded"](ready(evaluation=None, cycle=3), ZVP)
    assert need.words() == "No evaluation is open in cycle 3."


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"verdict": None}, "no-verdict"),
        ({"verdict": ""}, "no-verdict"),
        ({"process": False}, "no-process-findings"),
        ({"effect": False}, "no-effect-findings"),
        ({"attribution": False}, "no-attribution"),
        ({"evidence": False}, "no-evidence"),
        ({"deployed": False}, "no-deployed-capacity"),
        ({"recorded_by": None}, "evaluation-not-recorded"),
        ({"recorded_by_owner": True}, "evaluation-recorded-by-owner"),
    ],
)
def test_each_part_of_the_evaluation_that_is_missing_is_named(change: dict[str, object], code: str) -> None:
    assert needs("evaluation_recorded", ready(evaluation=evaluation(**change))) == [code]


def test_each_indicator_unaccounted_for_is_named() -> None:
    found = GUARDS["evaluation_recorded"](ready(evaluation=evaluation(indicators_unaccounted=("a", "b"))), ZVP)
    assert [(need.code, need.params["indicator"]) for need in found] == [
        ("indicator-unaccounted", "a"),
        ("indicator-unaccounted", "b"),
    ]


def test_watch_needs_what_and_a_later_day() -> None:
    assert needs("watch", ready(watch=" ", watch_again=None)) == ["no-watch", "no-watch-date"]
    assert needs("watch", ready(watch_again=NOW.date())) == ["watch-date-past"]
    assert needs("watch", ready(watch_again=NOW.date() + timedelta(days=1))) == []


def test_today_is_the_local_day_of_the_plan() -> None:
    late = ready(now=datetime(2024, 3, 1, 23, 30, tzinfo=UTC), watch_again=date(2024, 3, 2))
    assert needs("watch", late) == []
    assert needs("watch", late._replace(zone="Europe/Brussels")) == ["watch-date-past"]


@pytest.mark.parametrize("field", ["now", "next_evaluation"])
def test_naive_moments_are_refused(field: str) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(ValueError, match=field):
        step(ZVP, ready()._replace(**{field: naive}), "start")  # type: ignore[arg-type]


def test_words_are_filled_in_the_readers_language() -> None:
    (need,) = GUARDS["rubrics"](ready(rubrics_filled=frozenset(RUBRICS[1:])), ZVP)
    assert need.words() == "Rubric “Definition of the problem” is empty."
    catalogue = {"Rubric “%(rubric)s” is empty.": "Rubriek “%(rubric)s” is leeg."}
    assert need.words("nl", catalogue.__getitem__) == "Rubriek “Definitie van de problematiek” is leeg."


def test_percent_signs_in_what_people_wrote_are_kept() -> None:
    (need,) = GUARDS["activities"](ready(activities=(activity(title="100 %(x)s", owner=None),)), ZVP)
    assert "“100 %(x)s”" in need.words()


def test_every_need_can_be_said_and_helps() -> None:
    bad = ready(
        retained=False,
        indicators_unbased=("a",),
        approvals=(),
        rubrics_filled=frozenset(),
        members=(),
        activities=(
            activity(owner=None, start=None),
            activity(end=None, means=False),
            activity(start=date(2025, 1, 1), by_partner=True, decided=False),
        ),
        indicators=(),
        next_evaluation=NOW,
        information_moments=0,
        informed_last=None,
        perimeter=(),
        phenomena=(),
        partner_organisations=0,
        reason=None,
        evaluation=evaluation(
            verdict=None,
            process=False,
            effect=False,
            attribution=False,
            evidence=False,
            deployed=False,
            recorded_by=None,
            recorded_by_owner=True,
            indicators_unaccounted=("a",),
        ),
        follow_ups_unanswered=(FollowUpFacts("P-001/F1", "Ask the owners.", NOW.date()),),
        watch=None,
        watch_again=NOW.date(),
    )
    worse = bad._replace(activities=(), next_evaluation=None, evaluation=None, watch_again=None)
    found: list[Need] = [need for facts in (bad, worse) for guard in GUARDS.values() for need in guard(facts, ZVP)]
    assert {need.code for need in found} >= {"no-activity", "no-watch", "watch-date-past", "no-verdict"}
    assert {need.code for need in found} >= {"objective-not-retained", "not-approved", "partner-not-trained"}
    for need in found:
        assert (need.command_line() or "").startswith("pdca ")
        assert "%" not in (need.command_line() or "")
        assert need.words().endswith(".")
        assert "%" not in need.words()
        assert need.hint.endswith(".")
        assert "%" not in need.hint
