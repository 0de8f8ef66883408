"""The day of a programme's evaluation is put off as that of a plan: asked for, approved by another, the first kept."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest

from pdca.engine import Outcome
from pdca.errors import PdcaError, Refused, Usage
from pdca.house import installation
from pdca.people.substitution import Substitute
from pdca.programme.day import SetEvaluationDay
from pdca.programme.evaluation import AddEvaluation, RecordProgrammeEvaluation
from pdca.programme.extend import (
    ApproveProgrammeExtension,
    RequestProgrammeExtension,
    WithdrawProgrammeExtension,
)
from pdca.programme.theme import SetTheme
from pdca.report.agenda import agenda
from pdca.report.programme import programmes
from pdca.report.programme_evaluations import evaluations, one
from pdca.report.status import status
from pdca.store.driver import Row
from pdca.store.reads import evaluations as moments
from pdca.store.reads import programme_evaluations
from pdca.store.rows import update, write
from pdca.store.unit_of_work import unit_of_work
from scheduler.sweep import SweepCounts
from tests.contract.world import World, codes, morning, nothing_but_the_refusal, untouched
from workflows.instants import to_text

YEARLY: Final = "zvp-test/yearly-2024"
BY: Final = date(2025, 2, 28)
LATER: Final = date(2025, 4, 30)
WHY: Final = "De raad komt pas in april samen."
ASKED: Final = datetime(2025, 2, 1, 10, tzinfo=UTC)
STREAM: Final = "installation"


@pytest.fixture
def prepared(world: World) -> World:
    """A programme whose yearly evaluation is to be held by the end of February; its plan rests."""
    world.take("suspend")
    world.by_administrator(AddEvaluation("zvp-test", "yearly", "2024", "2025-02"))
    world.go_to(ASKED)
    return world


def ask(world: World, by: str = "karel", to: str = "2025-04") -> Outcome:
    return world.by(by, RequestProgrammeExtension(YEARLY, to, WHY))


def approve(world: World, by: str = "lea") -> Outcome:
    return world.by(by, ApproveProgrammeExtension(YEARLY, "Akkoord."))


def row_of(world: World) -> Row:
    [row] = world.rows(programme_evaluations.EVALUATION, evaluation_id=YEARLY)
    return row


def last_event(world: World) -> dict[str, Any]:
    rows = [row for row in world.dump()["event"] if row["stream"] == STREAM]
    body: dict[str, Any] = json.loads(rows[-1]["body"])
    return body


def waiting(world: World, by: str | None = None) -> list[dict[str, Any]]:
    actor = replace(world.house, as_person=by).actor(world.reading) if by else None
    rows = agenda(world.reading, world.clock.now(), actor, None)
    return [row for row in rows if row["what"] == "approve_extension"]


def test_who_is_in_charge_asks_and_the_others_are_told_and_nothing_moves_yet(prepared: World) -> None:
    [deadline] = prepared.rows(moments.LIVE_OF_PROGRAMMES)
    ask(prepared)
    [row] = prepared.dump()["programme_extension"]
    assert row == {
        "evaluation_id": YEARLY,
        "number": 1,
        "from_date": "2025-02",
        "to_date": "2025-04",
        "reason": WHY,
        "requested_by": prepared.person_id("karel"),
        "requested_at": to_text(ASKED),
        "approved_by": None,
        "approved_at": None,
        "withdrawn_by": None,
        "withdrawn_at": None,
        "withdrawn_reason": None,
    }
    assert (row_of(prepared)["due_on"], row_of(prepared)["first_due_on"]) == ("2025-02", "2025-02")
    assert prepared.rows(moments.LIVE_OF_PROGRAMMES) == [deadline]
    event = last_event(prepared)
    assert (event["kind"], event["evaluation"]) == ("programme.evaluation_extension_requested", YEARLY)
    assert prepared.told(event["seq"], STREAM) == {"lea": "authority"}


def test_once_another_approves_the_day_and_its_deadline_move_and_the_first_stays_visible_everywhere(
    prepared: World,
) -> None:
    ask(prepared)
    prepared.go_to(ASKED + timedelta(days=1))
    approve(prepared)
    assert (row_of(prepared)["due_on"], row_of(prepared)["first_due_on"]) == ("2025-04", "2025-02")
    [asked] = prepared.dump()["programme_extension"]
    assert (asked["approved_by"], asked["approved_at"]) == (
        prepared.person_id("lea"),
        to_text(ASKED + timedelta(days=1)),
    )
    event = last_event(prepared)
    assert (event["kind"], event["evaluation"]) == ("programme.evaluation_extended", YEARLY)
    assert prepared.told(event["seq"], STREAM) == {"karel": "chief"}
    [view] = evaluations(prepared.reading)
    [short] = programmes(prepared.reading)[0]["evaluations"]
    for shown in (view, short):
        assert (shown["due_on"], shown["first_due_on"], shown["extensions"]) == ("2025-04", "2025-02", 1)
    [request] = one(prepared.reading, YEARLY)["extensions"]
    assert (request["from_date"], request["to_date"], request["reason"]) == ("2025-02", "2025-04", WHY)
    now = prepared.clock.now()
    [due] = [row for row in agenda(prepared.reading, now, None, None) if row["what"] == "programme_evaluation"]
    assert (due["by"], due["first_by"]) == (to_text(morning(LATER)), to_text(morning(BY)))
    assert prepared.sweep_on(BY) == SweepCounts()
    assert prepared.sweep_on(LATER) == SweepCounts(enforced=1)
    body = installation(prepared.reading)
    [late] = [
        row for row in status(prepared.reading, body, prepared.clock.now())["overdue"] if row["subject"] == YEARLY
    ]
    assert (late["by"], late["first_by"]) == (to_text(morning(LATER)), to_text(morning(BY)))
    assert prepared.verified().ok


@pytest.mark.parametrize("by", ["sofie", "anna"])
def test_whoever_is_not_in_charge_neither_asks_nor_approves(prepared: World, by: str) -> None:
    with untouched(prepared, Refused, "not-in-charge"):
        ask(prepared, by)
    ask(prepared)
    with untouched(prepared, Refused, "not-in-charge"):
        approve(prepared, by)


def test_nobody_approves_a_request_of_his_own_nor_does_a_substitute_of_who_asked(prepared: World) -> None:
    ask(prepared)
    before = prepared.dump()
    assert codes(approve(prepared, "karel")) == ["extension-own-request"]
    assert nothing_but_the_refusal(before, prepared.dump())
    event = last_event(prepared)
    assert (event["kind"], event["trigger"], event["refused"]) == (
        "programme.refused",
        "approve_extension",
        ["extension-own-request"],
    )
    prepared.by_administrator(Substitute("karel", "sofie", date(2025, 1, 1), date(2025, 12, 31), "Verlof."))
    assert codes(approve(prepared, "sofie")) == ["extension-own-request"]
    assert prepared.by_administrator(ApproveProgrammeExtension(YEARLY, "Akkoord.")).refusal == ()


def test_the_database_too_refuses_one_person_who_asks_and_approves(prepared: World) -> None:
    ask(prepared)
    key = {"evaluation_id": YEARLY, "number": 1}
    forged = update("programme_extension", key, approved_by=prepared.person_id("karel"))
    with (
        prepared.house.database.connect(writing=True) as connection,
        pytest.raises(PdcaError) as failure,
        unit_of_work(connection, prepared.clock) as uow,
    ):
        write(uow.connection, forged)
    assert failure.value.code == "integrity"


def test_no_decision_puts_the_day_off(prepared: World) -> None:
    before = prepared.dump()
    [need] = prepared.by("karel", SetEvaluationDay(YEARLY, "2025-03-01", WHY)).refusal
    assert need.code == "programme-evaluation-put-off"
    assert need.command_line() == f"pdca programme evaluation extend {YEARLY} --to DATE --reason …"
    assert nothing_but_the_refusal(before, prepared.dump())


def test_a_decision_brings_the_day_forward_tells_the_others_and_takes_the_request_back(prepared: World) -> None:
    ask(prepared)
    prepared.by("lea", SetEvaluationDay(YEARLY, "2025-02-14", "De raad wil het vroeger."))
    event = last_event(prepared)
    assert event["kind"] == "programme.evaluation_moved"
    assert prepared.told(event["seq"], STREAM) == {"karel": "chief"}
    assert (row_of(prepared)["due_on"], row_of(prepared)["first_due_on"]) == ("2025-02-14", "2025-02-14")
    [request] = prepared.dump()["programme_extension"]
    assert request["withdrawn_reason"] == "De raad wil het vroeger."
    with untouched(prepared, Refused, "no-extension-asked"):
        approve(prepared)
    assert prepared.verified().ok


def test_bringing_it_forward_after_an_extension_keeps_the_first_day(prepared: World) -> None:
    ask(prepared)
    approve(prepared)
    prepared.by("karel", SetEvaluationDay(YEARLY, "2025-03-31", WHY))
    assert (row_of(prepared)["due_on"], row_of(prepared)["first_due_on"]) == ("2025-03-31", "2025-02")


def test_a_first_day_is_a_decision_and_without_one_there_is_nothing_to_put_off(prepared: World) -> None:
    prepared.by_administrator(AddEvaluation("zvp-test", "final"))
    final = "zvp-test/final"
    with untouched(prepared, Refused, "programme-evaluation-without-day"):
        prepared.by("karel", RequestProgrammeExtension(final, "2025-12", WHY))
    assert prepared.by("karel", SetEvaluationDay(final, "2025-12", WHY)).refusal == ()
    [row] = prepared.rows(programme_evaluations.EVALUATION, evaluation_id=final)
    assert (row["due_on"], row["first_due_on"]) == ("2025-12", "2025-12")


def test_it_stays_before_the_next_evaluation_and_within_what_the_method_allows_from_the_first_day(
    prepared: World,
) -> None:
    last = BY + timedelta(days=180)
    prepared.by_administrator(AddEvaluation("zvp-test", "final", due_on=(last + timedelta(days=1)).isoformat()))
    assert codes(ask(prepared, to="2026-01")) == ["extension-reaches-next", "extension-too-long"]
    ask(prepared)
    approve(prepared)
    [need] = ask(prepared, to=(last + timedelta(days=1)).isoformat()).refusal[1:]
    assert (need.code, need.params["first"], need.params["last"]) == (
        "extension-too-long",
        BY.isoformat(),
        last.isoformat(),
    )
    ask(prepared, to=last.isoformat())
    assert approve(prepared).refusal == ()
    assert evaluations(prepared.reading)[0]["extensions"] == 2


@pytest.mark.parametrize("day", ["2025-02-28", "2025-02-27", "2025-02"])
def test_an_extension_moves_the_day_forward_only(prepared: World, day: str) -> None:
    with untouched(prepared, Usage, "extension-not-later"):
        ask(prepared, to=day)


def test_one_request_waits_at_a_time_and_both_have_a_reason(prepared: World) -> None:
    assert codes(prepared.by("karel", RequestProgrammeExtension(YEARLY, "2025-04", " "))) == ["no-motive"]
    ask(prepared)
    assert codes(ask(prepared, "lea", "2025-05")) == ["extension-waiting"]
    assert codes(prepared.by("lea", ApproveProgrammeExtension(YEARLY, ""))) == ["no-motive"]


def test_a_request_is_void_once_the_day_has_passed(prepared: World) -> None:
    ask(prepared)
    assert waiting(prepared)
    prepared.go_to(BY)
    assert waiting(prepared) == []
    assert codes(approve(prepared)) == ["programme-evaluation-overdue"]
    assert row_of(prepared)["due_on"] == "2025-02"


def test_a_request_is_void_once_the_evaluation_is_recorded(prepared: World) -> None:
    ask(prepared)
    prepared.by("karel", SetTheme(YEARLY, "SD1", decision="continue", texts={"finding": {"nl": "Rustig jaar."}}))
    prepared.by("karel", RecordProgrammeEvaluation(YEARLY, "2025-02-01", "council"))
    assert waiting(prepared) == []
    assert codes(approve(prepared)) == ["programme-evaluation-recorded"]
    assert codes(ask(prepared, to="2025-05")) == ["programme-evaluation-recorded"]


@pytest.mark.parametrize(("asked_by", "by", "told"), [("lea", "lea", {"karel": "chief"}), ("lea", "karel", None)])
def test_who_asked_or_who_heads_the_body_withdraws_it(
    prepared: World, asked_by: str, by: str, told: dict[str, str] | None
) -> None:
    ask(prepared, asked_by)
    prepared.by(by, WithdrawProgrammeExtension(YEARLY, "Het lukt toch."))
    [row] = prepared.dump()["programme_extension"]
    assert (row["withdrawn_by"], row["withdrawn_reason"]) == (prepared.person_id(by), "Het lukt toch.")
    event = last_event(prepared)
    assert event["kind"] == "programme.evaluation_extension_withdrawn"
    assert prepared.told(event["seq"], STREAM) == (told or {"lea": "authority"})
    assert (row_of(prepared)["due_on"], waiting(prepared)) == ("2025-02", [])
    ask(prepared, asked_by)
    assert [row["number"] for row in prepared.dump()["programme_extension"]] == [1, 2]


@pytest.mark.parametrize("by", ["sofie", "lea"])
def test_nobody_else_withdraws_it(prepared: World, by: str) -> None:
    ask(prepared)
    before = prepared.dump()
    assert codes(prepared.by(by, WithdrawProgrammeExtension(YEARLY, WHY))) == ["withdrawal-not-allowed"]
    assert nothing_but_the_refusal(before, prepared.dump())
    assert last_event(prepared)["trigger"] == "withdraw_extension"


def test_it_waits_for_whoever_may_approve_it_and_not_for_who_asked(prepared: World) -> None:
    ask(prepared)
    [row] = waiting(prepared, "lea")
    assert (row["plan"], row["subject"], row["by"]) == (None, YEARLY, to_text(morning(BY)))
    assert row["command"] == f"pdca programme evaluation extend {YEARLY} --approve --reason …"
    assert [who for who in ("karel", "sofie", "anna") if waiting(prepared, who)] == []
