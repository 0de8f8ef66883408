"""Recording an evaluation: by somebody else than the owner, whole or not at all, and never edited."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import NotFound, PdcaError, Usage
from pdca.evaluation_status import in_every_language
from pdca.exchange.importer import ImportDocument
from pdca.exchange.one_record import record_of
from pdca.exchange.records import Measurement
from pdca.indicators.figures import RecordFigures
from pdca.people.commands import lock_installation
from pdca.plans.advance import Advance, Seen
from pdca.plans.facts import Attempt
from pdca.report.evaluation import whole
from pdca.store.jsontext import from_json, to_json
from pdca.store.reads import plans
from pdca.store.rows import insert
from tests import seed
from tests.contract.world import World, codes, morning, nothing_but_the_refusal, recording, untouched
from workflows.instants import to_text

RECORDED = date(2024, 1, 15)
WORDS = ("process_findings", "effect_findings", "attributed_to", "attribution", "evidence", "deployed")
COMPLETE = recording("E-101")
FOUND = [
    *(COMPLETE.process, COMPLETE.effect, COMPLETE.attributed_to, COMPLETE.attribution),
    *(COMPLETE.evidence, COMPLETE.deployed),
]


@dataclass(frozen=True, slots=True)
class Party:
    """Add a stakeholder, and let a plan inform it, as an import does."""

    party_id: str
    kind: str
    informed_of: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        name = to_json({"en": self.party_id.capitalize()})
        row = {"kind": self.kind, "name": name, "discipline_assumed": 0, "assumed": 0}
        changes = [insert("party", {"party_id": self.party_id}, **row)]
        if self.informed_of:
            moment = {"stated_date": "2025-06-30", "due_date": "2025-06-30", "method": to_json({"en": "mail"})}
            key = {"information_id": f"I-{self.party_id}"}
            changes.append(
                insert("information_moment", key, plan_id=self.informed_of, party_id=self.party_id, assumed=0, **moment)
            )
        desk.record(Stream.of_installation(lock_installation(desk)), Draft(kind="test.known", changes=changes))
        return desk.done()


@pytest.fixture
def checking(world: World) -> World:
    """The plan in Check, its first evaluation open."""
    world.take("start", "evaluate")
    return world


def test_what_was_found_is_kept_and_from_then_on_the_lead_has_to_conclude(checking: World) -> None:
    world = checking
    world.go_to(RECORDED)
    outcome = world.record()
    now = to_text(morning(RECORDED))
    row = world.evaluation("E-101")
    assert (row["status"], row["verdict"], row["recorded_at"]) == ("recorded", "effective", now)
    assert row["recorded_by"] == world.person_id("marc")
    assert [row[name] for name in WORDS] == FOUND
    assert from_json(row["results"]) == {"thefts": {"value": "12"}}
    event = world.last_event()
    assert (event["kind"], event["evaluation"], event["actor"]) == ("evaluation.recorded", "E-101", row["recorded_by"])
    assert (event["trigger"], event["refused"], event["key"]) == (None, None, None)
    assert world.told(event["seq"]) == {"sofie": "lead"}
    assert world.plan()["state"] == "check"
    assert world.deadlines()["P-001/record/3"] == "void"
    assert world.waiting() == {
        "decide": morning(date(2024, 2, 14)),
        "E-102": morning(date(2024, 10, 8)),
        "E-103": morning(date(2025, 4, 8)),
    }
    expected = {"plan": "P-001", "evaluation": "E-101", "verdict": "effective", "next": "conclude", "taken": {}}
    assert {name: value for name, value in outcome.summary.items() if name != "snapshot"} == expected


def test_free_text_of_an_evaluation_stands_in_the_log_as_commitments_only(checking: World) -> None:
    checking.record()
    bodies = b"".join(row["body"] for row in checking.dump()["event"])
    for text in (*(text for text in FOUND if text != "plan"), '"12"'):
        assert text.encode() not in bodies


def test_an_indicator_without_a_figure_says_why(checking: World) -> None:
    missing = recording("E-101", results={"thefts": {"missing": "niet geteld"}})
    assert checking.by("marc", missing).refusal == ()
    checking.take("conclude")


# --- Figures that are known need not be repeated


def measure(world: World, period: str, value: str | None) -> None:
    """Record a figure of the plan's indicator, or with None that it is missing."""
    given = {"missing": "Niet geteld."} if value is None else {"value": int(value)}
    figure = record_of(Measurement, {"period": period, **given}, "nl", "a test")
    world.by("marc", RecordFigures({"thefts": [figure]}))


def test_a_figure_about_the_cycle_is_taken_and_shown_with_its_period(checking: World) -> None:
    checking.go_to(date(2024, 3, 4))
    measure(checking, "2024-01", "17")
    measure(checking, "2024-02", "9")
    measure(checking, "2024-02", "11")
    why = checking.by("sofie", Advance("P-001", "conclude", attempt=Attempt("Daarom.")))
    assert "indicator-unaccounted" not in codes(why)
    outcome = checking.by("marc", recording("E-101", results={}))
    assert outcome.refusal == ()
    taken = {"value": "11", "period": "2024-02", "figure": 2}
    assert outcome.summary["taken"] == {"thefts": taken}
    assert from_json(checking.evaluation("E-101")["results"]) == {"thefts": taken}
    [shown] = whole(checking.reading, "E-101")["results"]
    assert (shown["value"], shown["period"], shown["source"]) == ("11", "2024-02", "known_figure")


def test_what_is_known_to_be_missing_is_accounted_for_by_its_reason(checking: World) -> None:
    checking.go_to(date(2024, 3, 4))
    measure(checking, "2024-01", "17")
    measure(checking, "2024-02", None)
    assert checking.by("marc", recording("E-101", results={})).refusal == ()
    [shown] = whole(checking.reading, "E-101")["results"]
    assert (shown["value"], shown["missing"], shown["source"]) == (None, "Niet geteld.", "known_figure")


def test_what_the_evaluators_state_goes_before_what_is_known_and_is_no_measurement(checking: World) -> None:
    checking.go_to(date(2024, 3, 4))
    measure(checking, "2024-02", "11")
    before = checking.rows(plans.MEASUREMENTS, indicator_id="thefts")
    assert checking.by("marc", recording("E-101")).summary["taken"] == {}
    [shown] = whole(checking.reading, "E-101")["results"]
    assert (shown["value"], shown["period"], shown["source"]) == ("12", None, "evaluators")
    assert checking.rows(plans.MEASUREMENTS, indicator_id="thefts") == before


@pytest.mark.parametrize("period", ["2023", "2024"])
def test_a_figure_about_what_ended_before_the_cycle_or_goes_on_is_not_taken(checking: World, period: str) -> None:
    checking.go_to(date(2024, 3, 4))
    measure(checking, period, "40")
    assert codes(checking.by("marc", recording("E-101", results={}))) == ["indicator-unaccounted"]
    concluding = checking.by("sofie", Advance("P-001", "conclude", attempt=Attempt("Daarom.")))
    assert "indicator-unaccounted" in codes(concluding)


def test_a_figure_of_an_earlier_cycle_is_not_taken_in_the_next(checking: World) -> None:
    checking.go_to(date(2024, 3, 4))
    measure(checking, "2024-02", "11")
    checking.take("record", "conclude", "continue", "evaluate")
    assert codes(checking.by("marc", recording("E-102", results={}))) == ["indicator-unaccounted"]
    checking.go_to(date(2024, 4, 2))
    measure(checking, "2024-03", "8")
    assert checking.by("marc", recording("E-102", results={})).summary["taken"]["thefts"]["value"] == "8"


def test_the_owner_of_the_plan_does_not_record_its_evaluation(checking: World) -> None:
    before = checking.dump()
    assert codes(checking.record(by="sofie")) == ["evaluator-owns-plan"]
    assert nothing_but_the_refusal(before, checking.dump())
    event = checking.last_event()
    assert (event["kind"], event["trigger"], event["evaluation"]) == ("evaluation.refused", "record", "E-101")
    assert event["refused"] == ["evaluator-owns-plan"]


def test_the_scheduler_records_nothing(checking: World) -> None:
    assert codes(seed.by_scheduler(checking.house, recording("E-101"))) == ["evaluator-not-concerned"]


@pytest.mark.parametrize("by", ["marc", "karel", "anna"])
def test_a_member_the_chief_or_a_partner_who_is_informed_records_it(checking: World, by: str) -> None:
    assert checking.record(by=by).refusal == ()
    assert checking.evaluation("E-101")["recorded_by"] == checking.person_id(by)


def test_who_has_nothing_to_do_with_the_plan_does_not_record_its_evaluation(checking: World) -> None:
    stranger = seed.Somebody("nora", "Nora Nobody", party="press")
    checking.by_administrator(Party("press", "public"))
    checking.by_administrator(seed.adding(stranger, date(2024, 1, 1)))
    before = checking.dump()
    outcome = checking.record(by="nora")
    assert codes(outcome) == ["evaluator-not-concerned"]
    assert nothing_but_the_refusal(before, checking.dump())
    event = checking.last_event()
    assert (event["kind"], event["trigger"], event["refused"]) == (
        "evaluation.refused",
        "record",
        ["evaluator-not-concerned"],
    )


def test_the_administrator_as_such_has_nothing_to_do_with_the_plan(checking: World) -> None:
    assert codes(checking.by_administrator(recording("E-101"))) == ["evaluator-not-concerned"]


@pytest.mark.parametrize(("kind", "says"), [("authority", []), ("public", ["evaluator-not-concerned"])])
def test_of_the_informed_only_partners_and_authorities_have_a_say(checking: World, kind: str, says: list[str]) -> None:
    checking.by_administrator(Party("press", kind, informed_of="P-001"))
    checking.by_administrator(seed.adding(seed.Somebody("nora", "Nora", party="press"), date(2024, 1, 1)))
    assert codes(checking.record(by="nora")) == says


def test_an_appointment_that_is_over_gives_no_say(checking: World) -> None:
    checking.by_administrator(seed.adding(seed.Somebody("nora", "Nora", party="council"), date(2024, 1, 1)))
    ended = seed.Appointed(checking.person_id("nora"), "investigation", date(2023, 1, 1), date(2024, 1, 8))
    checking.by_administrator(ended)
    assert codes(checking.record(by="nora")) == ["evaluator-not-concerned"]


def test_a_partner_does_not_judge_a_restricted_plan(world: World) -> None:
    seed.plan(world.house, "P-002", evaluations=[date(2024, 4, 8)], people=(), restricted=True)
    world.advance("start", plan_id="P-002")
    world.advance("evaluate", plan_id="P-002")
    record = recording("E-201")
    assert codes(world.by("anna", record)) == ["evaluator-not-concerned"]
    assert codes(world.by("karel", record)) == []


@pytest.mark.parametrize("blank", ["", " \n"])
def test_an_evaluation_is_recorded_whole_or_not_at_all_and_all_that_lacks_is_named(checking: World, blank: str) -> None:
    """It cannot be edited afterwards, so that a plan would never leave Check with half of one."""
    before = checking.dump()
    half = recording(
        "E-101", **dict.fromkeys(("process", "effect", "attribution", "evidence", "deployed"), blank), results={}
    )
    assert codes(checking.by("sofie", half)) == [
        "evaluator-owns-plan",
        "no-process-findings",
        "no-effect-findings",
        "no-attribution",
        "no-evidence",
        "no-deployed-capacity",
        "indicator-unaccounted",
    ]
    assert nothing_but_the_refusal(before, checking.dump())
    checking.take("record", "conclude")


def test_an_indicator_tied_to_the_plan_after_the_recording_is_for_the_next_evaluation(checking: World) -> None:
    checking.record()
    checking.by_administrator(seed.Indicator("P-001", "burglaries"))
    checking.take("conclude", "continue", "evaluate")
    assert codes(checking.record("E-102")) == ["indicator-unaccounted"]


@pytest.mark.parametrize("status", ["planned", "recorded", "missed", "cancelled"])
def test_only_an_open_evaluation_is_recorded(world: World, status: str) -> None:
    evaluation_id = "E-101"
    if status == "recorded":
        world.take("start", "evaluate", "record")
    elif status == "missed":
        world.sweep_on(date(2024, 4, 8))
    elif status == "cancelled":
        world.take("start", "evaluate", "record", "conclude", "close")
        evaluation_id = "E-102"
    assert world.evaluation(evaluation_id)["status"] == status
    before = world.dump()
    outcome = world.record(evaluation_id)
    assert codes(outcome) == ["evaluation-not-open"]
    assert outcome.refusal[0].params["status"] == in_every_language(status)
    # Nobody is sent to record it after all.
    assert "evaluation record" not in (outcome.refusal[0].command_line() or "")
    shown = whole(world.reading, evaluation_id)
    assert shown["cycle"] == (None if status in ("missed", "cancelled") else 1)
    assert nothing_but_the_refusal(before, world.dump())


@pytest.mark.parametrize(
    ("different", "kind", "code"),
    [
        ({"evaluation_id": "E-999"}, NotFound, "evaluation-unknown"),
        ({"results": {"thefts": {"value": "1"}, "unheard-of": {"value": "1"}}}, NotFound, "indicator-unknown"),
        ({"verdict": "splendid"}, Usage, "verdict-unknown"),
        ({"attributed_to": "luck"}, Usage, "attribution-unknown"),
    ],
)
def test_what_does_not_exist_is_an_error_that_leaves_no_trace(
    checking: World, different: dict[str, Any], kind: type[PdcaError], code: str
) -> None:
    with untouched(checking, kind, code):
        checking.by("marc", recording(**{"evaluation_id": "E-101", **different}))


def test_recording_in_a_plan_that_changed_since_it_was_seen_is_a_conflict(checking: World) -> None:
    seen = Seen(checking.plan()["version"])
    checking.by("karel", recording("E-101", effect=""))
    before = checking.dump()
    with pytest.raises(PdcaError) as failure:
        checking.by("marc", recording("E-101", seen=seen))
    assert (failure.value.code, failure.value.exit_status) == ("changed-meanwhile", 5)
    assert checking.dump() == before


def test_a_dry_run_of_a_recording_leaves_everything(checking: World) -> None:
    before = checking.dump()
    assert checking.by("marc", recording("E-101"), dry_run=True).summary["verdict"] == "effective"
    assert checking.dump() == before


def test_an_overdue_evaluation_can_still_be_recorded_and_stays_marked(checking: World) -> None:
    checking.sweep_on(date(2024, 2, 1))
    checking.take("record")
    row = checking.evaluation("E-101")
    assert row["overdue_at"] == to_text(morning(date(2024, 2, 1)))
    assert row["status"] == "recorded"


def test_whoever_recorded_an_evaluation_and_then_came_to_own_the_plan_does_not_conclude_it(world: World) -> None:
    plan_id = world.by_administrator(ImportDocument(seed.document())).summary["plans"]["AP-1"]
    world.approve("start", plan_id=plan_id)
    world.advance("start", plan_id=plan_id)
    world.advance("evaluate", plan_id=plan_id)
    assert world.record(world.open_evaluation(plan_id), by="marc").refusal == ()
    handed_over = seed.document(lead="investigation", group=["prevention", "investigation"])
    world.by_administrator(ImportDocument(handed_over))
    assert codes(world.advance("conclude", by="sofie", plan_id=plan_id)) == [
        "not-allowed",
        "evaluation-recorded-by-owner",
    ]
    assert codes(world.advance("conclude", by="marc", plan_id=plan_id)) == ["evaluation-recorded-by-owner"]
