"""A report is handed over by each method, and there is proof of it: what, to whom, in which language, when."""

import hashlib
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from pdca.erasure.person import ErasePerson
from pdca.errors import NotFound, Usage
from pdca.information.receive import RecordReceipt
from pdca.people.wishes import SetWishes
from pdca.store.jsontext import from_json
from pdca.store.reads import people
from pdca.store.rows import insert
from scheduler import inform
from scheduler.sweep import SweepCounts
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
)
from tests.contract.world import World, codes, morning, untouched


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


def both_represent(world: World) -> None:
    """Let somebody else represent the partner too."""
    key = {"person_id": world.person_id("karel"), "party_id": PARTNER, "from_date": "2024-01-01"}
    world.by_administrator(edits.Edit([insert("appointment", key, until_date=None)]))


def erase(world: World, who: str) -> None:
    world.by_administrator(ErasePerson(who, "art-17", "Asked for in writing."))


def test_a_mail_that_left_proves_it_also_when_who_got_it_was_erased_before_that_was_recorded(
    prepared: World, tmp_path: Path
) -> None:
    approve(prepared)
    mailed(prepared, tmp_path)
    erase(prepared, "anna")
    assert confirmed(prepared, tmp_path) == inform.InformCounts(confirmed=1)
    [receipt] = receipts(prepared, report(prepared)["report_id"])
    sent = {hashlib.sha256(path.read_bytes()).hexdigest() for path in tmp_path.glob("*.eml")}
    assert receipt["sha256"] in sent
    assert report(prepared)["status"] == "informed"
    assert list(prepared.verified().findings) == []


@pytest.mark.parametrize(("before", "proofs"), [(True, 1), (False, 2)])
def test_of_several_mails_one_whose_recipient_is_erased_is_not_waited_for_and_one_that_left_counts(
    prepared: World, tmp_path: Path, before: bool, proofs: int
) -> None:
    both_represent(prepared)
    approve(prepared)
    if before:
        erase(prepared, "karel")
    mailed(prepared, tmp_path)
    if not before:
        erase(prepared, "karel")
    assert confirmed(prepared, tmp_path) == inform.InformCounts(confirmed=1)
    assert len(receipts(prepared, report(prepared)["report_id"])) == proofs


def test_when_no_mail_of_a_report_is_left_the_ladder_is_climbed(prepared: World, tmp_path: Path) -> None:
    approve(prepared)
    erase(prepared, "anna")
    assert confirmed(prepared, tmp_path) == inform.InformCounts()
    assert prepared.sweep_on(morning(DAY) + GRACE) == SweepCounts(enforced=1)
    assert (prepared.last_event()["kind"], report(prepared)["status"]) == ("information.overdue", "sent")


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
