"""A report is prepared at its moment and approved; what is not done in time climbs the ladder."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from pdca.cli.information_words import report_page
from pdca.errors import NotFound, Refused
from pdca.evaluations.acknowledge import Acknowledge
from pdca.information.approve import ApproveReport
from pdca.information.prepare import PrepareReport
from pdca.partners.reaction import Answer, React
from pdca.people.substitution import Substitute
from pdca.report.information import report as report_view
from pdca.report.one_message import message
from pdca.report.progress import progress
from pdca.report.upcoming import upcoming
from pdca.store.jsontext import from_json
from pdca.store.rows import update
from scheduler import inform
from scheduler.sweep import SweepCounts
from tests import seed
from tests.contract import edits
from tests.contract.informing import (
    DAY,
    GRACE,
    PARTNER,
    approve,
    by_method,
    confirmed,
    decided,
    mailed,
    moment,
    receipts,
    report,
    reports,
)
from tests.contract.world import MOTIVE, PLAN, World, codes, morning, nothing_but_the_refusal, untouched
from workflows.instants import to_text


def test_the_report_is_prepared_at_its_moment_and_waits_for_approval(prepared: World) -> None:
    made = report(prepared)
    assert (made["status"], made["method"], made["audience"], made["since"]) == ("prepared", "mail", "partner", None)
    pages, hashes = from_json(made["contents"]), from_json(made["hashes"])
    assert pages.keys() == hashes.keys() >= {"nl"}
    assert {name: hashlib.sha256(page.encode()).hexdigest() for name, page in pages.items()} == hashes
    assert PLAN in made["facts"]
    event = prepared.last_event()
    assert (event["kind"], event["due_at"]) == ("information.prepared", to_text(morning(DAY)))
    assert prepared.told(event["seq"]) == {"sofie": "lead", "marc": "group"}
    assert moment(prepared, DAY.isoformat())["status"] == "prepared"
    assert prepared.waiting()["information"] == morning(DAY) + GRACE


def test_it_is_prepared_once_however_often_is_swept(prepared: World) -> None:
    before = prepared.dump()
    assert prepared.sweep() == SweepCounts()
    assert prepared.dump() == before


def test_what_was_prepared_stays_what_it_was_while_the_plan_goes_on(prepared: World) -> None:
    before = report(prepared)
    prepared.by("sofie", edits.plan(title=edits.TITLE))
    assert report(prepared) == before


def test_nothing_leaves_before_somebody_approves(prepared: World, tmp_path: Path) -> None:
    mailed(prepared, tmp_path)
    assert confirmed(prepared, tmp_path) == inform.InformCounts()
    assert not [event for event in prepared.events() if event["kind"] == "information.approved"]
    assert report(prepared)["sent_at"] is None


def test_once_approved_it_is_mailed_to_who_represents_the_party_with_the_page_that_was_prepared(
    prepared: World, tmp_path: Path
) -> None:
    prepared.by_administrator(Substitute("anna", "lea", date(2024, 3, 1), date(2024, 3, 31), "Verlof."))
    approve(prepared)
    event = prepared.last_event()
    assert event["kind"] == "information.approved"
    assert prepared.told(event["seq"]) == {"anna": "informed", "lea": "informed"}
    assert report(prepared)["approved_by"] == prepared.person_id("sofie")
    mailed(prepared, tmp_path)
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(tmp_path.glob("*.eml"))]
    brought = [mail for mail in mails if list(mail.iter_attachments())]
    assert len(brought) == 2
    hashes = set(from_json(report(prepared)["hashes"]).values())
    for mail in brought:
        [attached] = mail.iter_attachments()
        page = attached.get_payload(decode=True)
        assert isinstance(page, bytes)
        fingerprint = hashlib.sha256(page).hexdigest()
        assert fingerprint in hashes
        text = mail.get_body(("plain",))
        assert text is not None
        assert fingerprint in text.get_content()


def test_a_mail_that_brought_a_report_is_shown_as_what_was_sent(prepared: World, tmp_path: Path) -> None:
    approve(prepared)
    mailed(prepared, tmp_path)
    [row] = [one for one in prepared.dump()["notification"] if one["kind"] == "information.report"]
    shown = message(prepared.reading, row["notification_id"], None)
    assert (shown["status"], shown["as_sent"]) == ("sent", True)


def test_a_message_that_cannot_be_made_is_shown_with_the_reason(prepared: World) -> None:
    row = prepared.dump()["notification"][0]
    strange = update("notification", {"notification_id": row["notification_id"]}, kind="plan.unheard_of")
    seed.by_hand(prepared.house, seed.Plant([strange]))
    shown = message(prepared.reading, row["notification_id"], None)
    assert (shown["as_sent"], "plan.unheard_of" in shown["text"]) == (None, True)


def test_who_had_a_report_by_mail_before_it_was_prepared_anew_stays_on_record(prepared: World, tmp_path: Path) -> None:
    prepared.by_administrator(Substitute("anna", "lea", date(2024, 3, 1), date(2024, 3, 31), "Verlof."))
    approve(prepared)
    mails = [row for row in prepared.dump()["notification"] if row["kind"] == "information.report"]
    [to_lea] = [row["notification_id"] for row in mails if row["person_id"] == prepared.person_id("lea")]
    seed.by_hand(prepared.house, seed.Plant([update("notification", {"notification_id": to_lea}, status="dead")]))
    mailed(prepared, tmp_path)
    first = report(prepared)
    assert codes(prepared.by("marc", PrepareReport(first["information_id"]))) == []
    [receipt] = receipts(prepared, first["report_id"])
    assert (receipt["kind"], receipt["person_id"]) == ("mailed", prepared.person_id("anna"))
    assert reports(prepared)[0]["status"] == "replaced"


def test_a_report_is_shown_with_the_days_as_they_were_here(prepared: World) -> None:
    prepared.go_to(datetime(2024, 3, 4, 23, 30, tzinfo=UTC))
    approve(prepared)
    view = report_view(prepared.reading, report(prepared)["report_id"], prepared.clock.now())
    assert view is not None
    lines = [str(line) for line in report_page(view)]
    assert "  Prepared: 2024-03-04" in lines
    assert "  Approved: 2024-03-05, Sofie Peeters" in lines


def test_where_the_group_decided_so_it_goes_by_itself(started: World, tmp_path: Path) -> None:
    decided(started, "2024-03-06", manner={"by_itself": True})
    started.sweep_on(date(2024, 3, 6))
    made = report(started)
    assert (made["status"], made["approved_by"], made["approved_at"]) == ("sent", None, made["prepared_at"])
    assert started.told(started.last_event()["seq"]) == {"anna": "informed"}
    mailed(started, tmp_path)
    assert confirmed(started, tmp_path) == inform.InformCounts(confirmed=1)


def test_the_next_report_tells_of_the_progress_since_the_last(started: World, tmp_path: Path) -> None:
    decided(started, "2024-03-06", "2024-03-20", manner={"by_itself": True})
    started.sweep_on(date(2024, 3, 6))
    mailed(started, tmp_path)
    confirmed(started, tmp_path)
    started.sweep_on(date(2024, 3, 20))
    first, second = reports(started)
    assert second["since"] == first["prepared_at"]
    assert from_json(second["facts"])["since"] == "2024-03-06"


def test_what_nobody_approves_in_time_climbs_the_ladder_until_somebody_does(prepared: World) -> None:
    for days, handle, role in ((7, "sofie", "lead"), (14, "marc", "group"), (21, "karel", "chief")):
        assert prepared.sweep_on(morning(DAY) + timedelta(days=days)).enforced == 1
        event = prepared.last_event()
        assert (event["kind"], prepared.told(event["seq"])) == ("information.overdue", {handle: role})
    assert prepared.sweep() == SweepCounts()
    [late] = [
        one for one in upcoming(prepared.reading, prepared.clock.now(), None, PLAN) if one["what"] == "information"
    ]
    assert late["late"]
    assert late["command"] == f"pdca information approve {report(prepared)['report_id']}"


def test_a_letter_that_nobody_posts_is_overdue_as_well(started: World, tmp_path: Path) -> None:
    by_method(started, "letter")
    confirmed(started, tmp_path)
    assert started.sweep_on(morning(date(2024, 3, 6)) + GRACE).enforced == 1
    assert started.last_event()["kind"] == "information.overdue"


def test_a_mail_that_left_is_not_overdue_although_nobody_noted_it(prepared: World, tmp_path: Path) -> None:
    approve(prepared)
    mailed(prepared, tmp_path)
    assert prepared.sweep_on(morning(DAY) + GRACE) == SweepCounts(enforced=1)
    assert prepared.last_event()["kind"] == "information.received"
    assert report(prepared)["status"] == "informed"


def test_somebody_can_take_up_what_is_overdue(prepared: World) -> None:
    prepared.sweep_on(morning(DAY) + GRACE)
    prepared.by("marc", Acknowledge(PLAN, MOTIVE))
    assert prepared.sweep_on(morning(DAY) + GRACE + timedelta(days=30)).enforced == 1
    assert prepared.deadlines()[report(prepared)["information_id"]] == "overdue"
    assert sum(event["kind"] == "information.overdue" for event in prepared.events()) == 1


def test_a_suspended_plan_informs_nobody_until_it_runs_again(started: World) -> None:
    started.take("suspend")
    assert started.sweep_on(DAY) == SweepCounts()
    started.go_to(DAY + timedelta(days=1))
    started.take("resume")
    assert started.sweep() == SweepCounts(enforced=1)
    assert report(started)["status"] == "prepared"
    assert started.waiting()["information"] == started.clock.now() + GRACE


def test_who_prepared_it_by_hand_does_not_approve_it(started: World) -> None:
    name = moment(started, DAY.isoformat())["information_id"]
    started.by("sofie", PrepareReport(name))
    made = report(started)
    outcome = started.by("sofie", ApproveReport(made["report_id"]))
    assert codes(outcome) == ["prepared-by-self"]
    approve(started, "marc")
    assert started.sweep_on(DAY) == SweepCounts()


def test_one_prepared_anew_takes_the_place_of_the_last(prepared: World) -> None:
    first = report(prepared)
    prepared.by("marc", PrepareReport(first["information_id"]))
    old, fresh = reports(prepared)
    assert (old["status"], fresh["status"]) == ("replaced", "prepared")
    assert codes(prepared.by("sofie", ApproveReport(first["report_id"]))) == ["report-replaced"]
    approve(prepared)
    assert report(prepared)["report_id"] == fresh["report_id"]


@pytest.mark.parametrize("by", ["lea", "karel", "anna"])
def test_only_the_project_group_approves(prepared: World, by: str) -> None:
    before = prepared.dump()
    assert codes(prepared.by(by, ApproveReport(report(prepared)["report_id"]))) == ["not-in-project-group"]
    assert nothing_but_the_refusal(before, prepared.dump())


def test_a_report_is_approved_once(prepared: World) -> None:
    approve(prepared)
    assert codes(prepared.by("marc", ApproveReport(report(prepared)["report_id"]))) == ["report-sent"]


def test_a_reaction_is_recorded_against_the_report_and_answered(prepared: World, tmp_path: Path) -> None:
    name = report(prepared)["report_id"]
    with untouched(prepared, NotFound, "report-unknown"):
        prepared.by("sofie", React(PLAN, PARTNER, DAY, "Te vroeg.", name))
    approve(prepared)
    mailed(prepared, tmp_path)
    confirmed(prepared, tmp_path)
    with untouched(prepared, Refused, "report-to-another"):
        prepared.by("sofie", React(PLAN, "council", DAY, "Niet aan ons.", name))
    outcome = prepared.by("anna", React(PLAN, PARTNER, DAY, "Wij zien het ook aan de haltes.", name))
    prepared.by("sofie", Answer(outcome.summary["reaction"], "Dank u."))
    view = report_view(prepared.reading, name, prepared.clock.now())
    assert view is not None
    assert [(one["text"], one["answer"]) for one in view["reactions"]] == [
        ("Wij zien het ook aan de haltes.", "Dank u.")
    ]
    facts = progress(prepared.reading, PLAN, audience="authority", since=None, now=prepared.clock.now())
    assert facts["reactions"]["answered"] == 1
    [told] = [one for one in facts["informed"] if one["proof"]]
    assert told["proof"]["report"] == name
    assert told["proof"]["receipts"][0]["kind"] == "mailed"
