"""A report is prepared at its moment, approved, handed over and received; what is not done climbs the ladder."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Final

import pytest

from pdca.cli.information_words import report_page
from pdca.erasure.person import ErasePerson
from pdca.errors import NotFound, Usage
from pdca.evaluations.acknowledge import Acknowledge
from pdca.information.approve import ApproveReport
from pdca.information.prepare import PrepareReport
from pdca.information.receive import RecordReceipt
from pdca.partners.reaction import Answer, React
from pdca.people.substitution import Substitute
from pdca.people.wishes import SetWishes
from pdca.report.information import report as report_view
from pdca.report.one_message import message
from pdca.report.progress import progress
from pdca.report.upcoming import upcoming
from pdca.schedules.inform import SetInformation
from pdca.store.jsontext import from_json, to_json
from pdca.store.reads import information, people
from pdca.store.rows import insert, update
from scheduler import deliver, inform
from scheduler.channels.file import FileChannel
from scheduler.sweep import SweepCounts
from tests import seed
from tests.contract import edits
from tests.contract.informing import DAY, PARTNER, decided, moment, receipts, report, reports
from tests.contract.world import MOTIVE, PLAN, World, codes, morning, nothing_but_the_refusal, untouched
from workflows.instants import to_text

GRACE: Final = timedelta(days=7)
HIDDEN: Final = "Onopvallende controles in de Brogniezstraat"


@pytest.fixture
def started(world: World) -> World:
    """A plan in Do, of which a partner is to be informed by mail on a Monday."""
    decided(world, DAY.isoformat())
    world.take("start")
    return world


@pytest.fixture
def prepared(started: World) -> World:
    """The same, on that Monday."""
    assert started.sweep_on(DAY) == SweepCounts(enforced=1)
    return started


def approve(world: World, by: str = "sofie") -> None:
    outcome = world.by(by, ApproveReport(report(world)["report_id"]))
    assert outcome.refusal == (), codes(outcome)


def mailed(world: World, folder: Path) -> None:
    assert deliver.run_until_done(world.house, lambda _name: FileChannel(folder)).done


def confirmed(world: World, folder: Path) -> inform.InformCounts:
    return inform.run_once(world.house, folder, lambda _name: FileChannel(folder))


def by_method(world: World, method: str, **manner: object) -> None:
    """Another decision, by another method, whose moment has come and whose report was approved."""
    decided(world, "2024-03-06", method=method, manner=dict(manner))
    world.sweep_on(date(2024, 3, 6))
    approve(world)


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


def test_the_record_says_which_mail_went_to_whom_and_the_party_counts_as_informed(
    prepared: World, tmp_path: Path
) -> None:
    approve(prepared)
    assert confirmed(prepared, tmp_path) == inform.InformCounts()
    mailed(prepared, tmp_path)
    assert confirmed(prepared, tmp_path) == inform.InformCounts(confirmed=1)
    assert confirmed(prepared, tmp_path) == inform.InformCounts()
    made = report(prepared)
    [receipt] = receipts(prepared, made["report_id"])
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in tmp_path.glob("*.eml")]
    [mail] = [one for one in mails if list(one.iter_attachments())]
    assert (receipt["kind"], receipt["person_id"]) == ("mailed", prepared.person_id("anna"))
    assert receipt["reference"] == mail["Message-ID"]
    [attached] = mail.iter_attachments()
    assert receipt["language"] == str(attached.get_filename()).split(".")[-2]
    sent = {hashlib.sha256(path.read_bytes()).hexdigest() for path in tmp_path.glob("*.eml")}
    assert receipt["sha256"] in sent
    assert (made["status"], moment(prepared, DAY.isoformat())["status"]) == ("informed", "informed")
    assert prepared.deadlines()[made["information_id"]] == "void"
    assert prepared.sweep_on(morning(DAY) + GRACE) == SweepCounts()


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


def test_what_a_letter_told_that_nobody_posted_is_told_again(started: World, tmp_path: Path) -> None:
    by_method(started, "letter")
    confirmed(started, tmp_path)
    unposted = report(started)
    decided(started, "2024-03-08")
    started.sweep_on(date(2024, 3, 8))
    assert (unposted["status"], report(started)["since"]) == ("sent", None)


def test_a_letter_is_written_and_waits_until_somebody_records_that_it_was_posted(
    started: World, tmp_path: Path
) -> None:
    by_method(started, "letter")
    assert confirmed(started, tmp_path) == inform.InformCounts(handed_over=1)
    assert confirmed(started, tmp_path) == inform.InformCounts()
    made = report(started)
    [letter] = (tmp_path / "letters").iterdir()
    [written] = receipts(started, made["report_id"])
    assert letter.read_bytes().startswith(b"%PDF")
    assert written["sha256"] == hashlib.sha256(letter.read_bytes()).hexdigest()
    assert (made["status"], moment(started, "2024-03-06")["status"]) == ("sent", "prepared")
    started.by("sofie", RecordReceipt(made["report_id"], date(2024, 3, 6), "RR 123 456 789 BE", "Lea Claes, onthaal"))
    posted = receipts(started, made["report_id"])[-1]
    assert (posted["kind"], posted["reference"]) == ("posted", "RR 123 456 789 BE")
    assert (report(started)["status"], moment(started, "2024-03-06")["status"]) == ("informed", "informed")
    assert started.deadlines()[made["information_id"]] == "void"


def test_a_meeting_counts_once_it_is_recorded_that_it_was_held(started: World, tmp_path: Path) -> None:
    by_method(started, "meeting")
    assert confirmed(started, tmp_path) == inform.InformCounts()
    made = report(started)
    started.go_to(date(2024, 3, 7))
    started.by("marc", RecordReceipt(made["report_id"], date(2024, 3, 7), "Verslag overleg, punt 4", "de vergadering"))
    [held] = receipts(started, made["report_id"])
    assert (held["kind"], held["happened_on"]) == ("held", "2024-03-07")
    assert report(started)["status"] == "informed"


def test_a_page_on_the_web_is_for_everybody_and_its_hash_is_the_receipt(started: World, tmp_path: Path) -> None:
    by_method(started, "web")
    assert report(started)["audience"] == "public"
    assert confirmed(started, tmp_path) == inform.InformCounts(handed_over=1)
    made = report(started)
    hashes = from_json(made["hashes"])
    found = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (tmp_path / "site").iterdir()}
    assert found == set(hashes.values())
    published = receipts(started, made["report_id"])
    assert {one["kind"] for one in published} == {"published"}
    assert {one["language"]: one["sha256"] for one in published} == hashes
    assert [Path(one["reference"]).exists() for one in published] == [True] * len(hashes)
    assert made["status"] == "informed"


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


def test_a_mail_to_a_party_that_nobody_represents_is_not_approved(started: World) -> None:
    party = {"kind": "authority", "name": '{"nl":"Gouverneur"}', "discipline_assumed": 0, "assumed": 0}
    started.by_administrator(seed.Plant([insert("party", {"party_id": "governor"}, **party)]))
    decided(started, "2024-03-06", party="governor", method="mail", manner={"by_itself": True})
    started.sweep_on(date(2024, 3, 6))
    made = report(started)
    assert made["status"] == "prepared"
    assert codes(started.by("sofie", ApproveReport(made["report_id"]))) == ["nobody-represents"]


def test_a_plan_that_became_restricted_is_kept_from_the_partner(started: World) -> None:
    started.by("sofie", edits.plan(restricted=1))
    assert started.sweep_on(DAY) == SweepCounts(enforced=1)
    assert reports(started) == []
    event = started.last_event()
    assert (event["kind"], started.told(event["seq"])) == ("information.withheld", {"sofie": "lead", "marc": "group"})
    assert moment(started, DAY.isoformat())["status"] == "withheld"
    assert started.deadlines()[moment(started, DAY.isoformat())["information_id"]] == "done"


def test_a_report_that_was_prepared_before_the_plan_became_restricted_does_not_leave(prepared: World) -> None:
    prepared.by("sofie", edits.plan(restricted=1))
    assert codes(prepared.by("sofie", ApproveReport(report(prepared)["report_id"]))) == ["plan-restricted"]


@pytest.mark.parametrize("method", ["web", "letter", "webhook"])
def test_what_was_approved_before_the_plan_became_restricted_is_neither_written_nor_posted(
    started: World, tmp_path: Path, method: str
) -> None:
    by_method(started, method)
    started.by("sofie", edits.plan(restricted=1))
    before = started.last_event()
    folder = tmp_path / "handed-over"
    assert confirmed(started, folder) == inform.InformCounts(failed=1)
    assert not list(folder.rglob("*"))
    assert started.last_event() == before


def test_a_mail_that_waits_when_the_plan_becomes_restricted_does_not_leave(prepared: World, tmp_path: Path) -> None:
    approve(prepared)
    prepared.by("sofie", edits.plan(restricted=1))
    mailed(prepared, tmp_path)
    [mail] = prepared.rows(information.MESSAGES, plan_id=PLAN)
    assert (mail["status"], mail["last_error"]) == ("dead", "the report is kept back: plan-restricted")
    assert not [path for path in tmp_path.glob("*.eml") if b"information.report" in path.read_bytes()]


def no_longer(world: World) -> None:
    """Decide that the partner is informed no longer."""
    assert codes(world.by("sofie", SetInformation(PLAN, PARTNER, None, None, MOTIVE))) == []


def test_a_report_is_not_approved_once_the_party_is_informed_no_longer_and_is_when_decided_anew(
    prepared: World,
) -> None:
    no_longer(prepared)
    name = report(prepared)["report_id"]
    assert codes(prepared.by("sofie", ApproveReport(name))) == ["informed-no-longer"]
    decided(prepared, "2024-03-20")
    assert codes(prepared.by("sofie", ApproveReport(name))) == []


@pytest.mark.parametrize("method", ["web", "letter", "webhook"])
def test_what_was_approved_for_a_party_that_is_informed_no_longer_is_neither_written_nor_posted(
    started: World, tmp_path: Path, method: str
) -> None:
    by_method(started, method)
    no_longer(started)
    folder = tmp_path / "handed-over"
    assert confirmed(started, folder) == inform.InformCounts(failed=1)
    assert not list(folder.rglob("*"))
    assert report(started)["status"] == "approved"


def test_a_mail_that_waits_when_the_party_is_informed_no_longer_does_not_leave(prepared: World, tmp_path: Path) -> None:
    approve(prepared)
    no_longer(prepared)
    mailed(prepared, tmp_path)
    [mail] = prepared.rows(information.MESSAGES, plan_id=PLAN)
    assert (mail["status"], mail["last_error"]) == ("dead", "the report is kept back: informed-no-longer")


def test_a_report_that_makes_the_program_fail_keeps_neither_the_others_back_nor_what_is_known_of_mails(
    started: World, tmp_path: Path
) -> None:
    by_method(started, "web")
    name = report(started)["report_id"]
    started.by("sofie", edits.Edit([update("information_report", {"report_id": name}, facts="{}")]))
    decided(started, "2024-03-08", method="letter")
    started.sweep_on(date(2024, 3, 8))
    approve(started)
    decided(started, "2024-03-12", party="council", manner={"by_itself": True})
    started.sweep_on(date(2024, 3, 12))
    mailed(started, tmp_path)
    assert confirmed(started, tmp_path) == inform.InformCounts(handed_over=1, confirmed=1, failed=1)
    broken, letter, mail = reports(started)
    assert (broken["report_id"], broken["status"], broken["failure"]) == (name, "approved", "KeyError: 'evaluations'")
    assert (letter["status"], mail["status"]) == ("sent", "informed")


def test_a_report_that_names_somebody_who_was_erased_is_prepared_anew(prepared: World) -> None:
    naming = {"text": to_json({"nl": "Vastgesteld door Karel Claes."})}
    prepared.by("sofie", edits.Edit([update("rubric", {"plan_id": PLAN, "rubric_id": "analyse"}, **naming)]))
    first = prepared.by("marc", PrepareReport(report(prepared)["information_id"])).summary["report"]
    prepared.by_administrator(ErasePerson("karel", "art-17", "Asked for in writing."))
    assert codes(prepared.by("sofie", ApproveReport(first))) == ["report-altered"]
    again = prepared.by("marc", PrepareReport(report(prepared)["information_id"])).summary["report"]
    assert codes(prepared.by("sofie", ApproveReport(again))) == []


@pytest.mark.parametrize("audience", ["partners", "public"])
def test_a_report_with_a_rubric_that_was_withheld_since_does_not_leave(
    started: World, tmp_path: Path, audience: str
) -> None:
    by_method(started, "web")
    decided(started, "2024-03-07")
    started.sweep_on(date(2024, 3, 7))
    started.by(
        "sofie",
        edits.Edit([update("rubric", {"plan_id": PLAN, "rubric_id": "repressief"}, withheld_from=f'["{audience}"]')]),
    )
    mail, page = report(started), reports(started)[-2]
    counts = confirmed(started, tmp_path / "handed-over")
    outcome = started.by("sofie", ApproveReport(mail["report_id"]))
    assert (counts.failed, codes(outcome)) == {"public": (1, []), "partners": (0, ["report-tells-withheld"])}[audience]
    withheld = page if audience == "public" else mail
    started.by("marc", PrepareReport(withheld["information_id"]))
    assert codes(started.by("sofie", ApproveReport(report(started)["report_id"]))) == []


def test_a_receipt_says_in_which_language_a_mail_went_whatever_its_reader_speaks_by_now(
    prepared: World, tmp_path: Path
) -> None:
    approve(prepared)
    mailed(prepared, tmp_path)
    [spoken] = [row["language"] for row in prepared.rows(people.PEOPLE) if row["handle"] == "anna"]
    other = next(name for name in from_json(report(prepared)["hashes"]) if name != spoken)
    prepared.by_administrator(SetWishes("anna", language=other))
    confirmed(prepared, tmp_path)
    [receipt] = receipts(prepared, report(prepared)["report_id"])
    assert receipt["language"] == spoken


def test_a_receipt_by_hand_says_who_got_it_in_which_language_and_what_proves_it(started: World, tmp_path: Path) -> None:
    by_method(started, "letter")
    confirmed(started, tmp_path)
    name = report(started)["report_id"]
    day = date(2024, 3, 6)
    for wrong, code in (
        (RecordReceipt(name, day, " ", "Lea"), "line-missing"),
        (RecordReceipt(name, day, "RR 1", ""), "line-missing"),
        (RecordReceipt(name, day, "RR\u200b1", "Lea"), "line-unreadable"),
        (RecordReceipt(name, day, "x" * 501, "Lea"), "not-one-line"),
    ):
        with untouched(started, Usage, code):
            started.by("sofie", wrong)
    with untouched(started, NotFound, "page-unknown"):
        started.by("sofie", RecordReceipt(name, day, "RR 1", "Lea", "de"))
    started.by("sofie", RecordReceipt(name, day, "RR\u00a01", "Lea Claes, onthaal"))
    written, posted = receipts(started, name)
    assert written["language"] == posted["language"] == report(started)["language"]
    assert (posted["received_by"], posted["reference"]) == ("Lea Claes, onthaal", "RR\u00a01")


@pytest.mark.parametrize("method", ["letter", "web", "webhook"])
def test_nobody_says_that_arrived_what_was_not_handed_over(started: World, tmp_path: Path, method: str) -> None:
    by_method(started, method)
    receipt = RecordReceipt(report(started)["report_id"], date(2024, 3, 6), "RR 1", "Lea")
    assert codes(started.by("sofie", receipt)) == ["report-not-handed-over"]
    assert receipts(started, report(started)["report_id"]) == []
    confirmed(started, tmp_path)
    assert codes(started.by("sofie", receipt)) == []


def test_a_letter_was_not_posted_on_a_day_before_it_was_handed_over(started: World, tmp_path: Path) -> None:
    by_method(started, "letter")
    started.go_to(date(2024, 3, 8))
    confirmed(started, tmp_path)
    name = report(started)["report_id"]
    with untouched(started, Usage, "day-impossible"):
        started.by("sofie", RecordReceipt(name, date(2024, 3, 7), "RR 1", "Lea"))
    started.by("sofie", RecordReceipt(name, date(2024, 3, 8), "RR 1", "Lea"))
    assert report(started)["status"] == "informed"


def test_a_receipt_needs_an_approved_report_and_a_day_that_has_been(prepared: World) -> None:
    name = report(prepared)["report_id"]
    assert codes(prepared.by("sofie", RecordReceipt(name, DAY, "x", "y"))) == ["report-prepared"]
    approve(prepared)
    with untouched(prepared, Usage, "day-impossible"):
        prepared.by("sofie", RecordReceipt(name, DAY + timedelta(days=1), "x", "y"))
    with untouched(prepared, NotFound, "report-unknown"):
        prepared.by("sofie", RecordReceipt("R-999", DAY, "x", "y"))


def test_what_goes_by_webhook_is_posted_once_and_its_answer_is_the_receipt(started: World, tmp_path: Path) -> None:
    by_method(started, "webhook")
    assert confirmed(started, tmp_path) == inform.InformCounts(handed_over=1)
    assert confirmed(started, tmp_path) == inform.InformCounts()
    [posted] = tmp_path.glob("*.eml")
    made = report(started)
    [called] = receipts(started, made["report_id"])
    assert (called["kind"], called["sha256"]) == ("called", hashlib.sha256(posted.read_bytes()).hexdigest())
    message = message_from_bytes(posted.read_bytes(), policy=policy.default)
    assert "<html" in message.get_content()
    assert called["reference"] == message["Message-ID"]
    assert datetime.fromisoformat(made["prepared_at"]).strftime("%Y%m%dT%H%M%S") in called["reference"]


def test_a_reaction_is_recorded_against_the_report_and_answered(prepared: World, tmp_path: Path) -> None:
    name = report(prepared)["report_id"]
    with untouched(prepared, NotFound, "report-unknown"):
        prepared.by("sofie", React(PLAN, PARTNER, DAY, "Te vroeg.", name))
    approve(prepared)
    mailed(prepared, tmp_path)
    confirmed(prepared, tmp_path)
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


def test_a_rubric_that_is_withheld_stands_in_no_page_of_a_report_for_the_partner(started: World) -> None:
    hidden = {"text": to_json({"nl": HIDDEN}), "withheld_from": '["partners"]'}
    written = {"plan_id": PLAN, "rubric_id": "repressief"}
    started.by("sofie", edits.Edit([update("rubric", written, **hidden)]))
    decided(started, "2024-03-06", party="council")
    started.sweep_on(date(2024, 3, 6))
    found = {row["audience"]: row["facts"] + row["contents"] for row in reports(started)}
    assert HIDDEN not in found["partner"]
    assert HIDDEN in found["authority"]
