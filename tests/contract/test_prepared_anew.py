"""A report that was handed over and has not arrived is replaced when it is prepared anew, and awaited no longer."""

from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Self

import pytest

from pdca.information.approve import ApproveReport
from pdca.information.prepare import PrepareReport
from pdca.information.receive import RecordReceipt
from pdca.report.health_check import OK
from pdca.report.information import report as report_view
from pdca.report.informed_in_time import informed_in_time
from pdca.store.reads import information
from scheduler import deliver, inform
from scheduler.channels import Channel
from scheduler.channels.answer import Answer, Never
from scheduler.channels.file import FileChannel
from tests.contract.informing import DAY, decided, kept_back_by, receipts, report, reports
from tests.contract.world import PLAN, World, codes


class Refusing(FileChannel):
    """A server that takes no mail with a report."""

    def send(self, message: EmailMessage) -> Answer:
        if any(message.iter_attachments()):
            return Never("550 no such user")
        return super().send(message)


@pytest.fixture
def started(world: World) -> World:
    world.take("start")
    return world


def sent(world: World, method: str, folder: Path) -> str:
    """Approve a report that goes by a method, hand it over, and name it."""
    decided(world, DAY.isoformat(), method=method)
    world.sweep_on(DAY)
    name = str(report(world)["report_id"])
    assert codes(world.by("sofie", ApproveReport(name))) == []
    inform.run_once(world.house, folder, lambda _name: FileChannel(folder))
    assert report(world)["status"] == "sent"
    return name


def anew(world: World) -> list[str]:
    return codes(world.by("marc", PrepareReport(str(report(world)["information_id"]))))


def still_open(world: World) -> list[str]:
    return [row["report_id"] for row in world.rows(information.OPEN)]


def mail(world: World, channel: Channel) -> None:
    assert deliver.run_until_done(world.house, lambda _name: channel).done


def statuses(world: World) -> list[str]:
    return sorted(row["status"] for row in world.rows(information.MESSAGES, plan_id=PLAN))


def test_a_letter_that_was_not_posted_is_replaced_and_awaited_no_longer(started: World, tmp_path: Path) -> None:
    first = sent(started, "letter", tmp_path)
    assert first in informed_in_time(started.reading, started.clock.now())[1]
    assert anew(started) == []
    second = str(report(started)["report_id"])
    assert [(row["report_id"], row["status"]) for row in reports(started)] == [
        (first, "replaced"),
        (second, "prepared"),
    ]
    assert still_open(started) == [second]
    status, words, _hint = informed_in_time(started.reading, started.clock.now())
    assert (status, first in words) == (OK, False)
    assert codes(started.by("sofie", RecordReceipt(first, DAY, "RR 1", "Anna Smith"))) == ["report-replaced"]
    # That it was written stays on record.
    assert [row["kind"] for row in receipts(started, first)] == ["written"]
    assert {"information.sent", "information.prepared"} <= {event["kind"] for event in started.events()}
    assert list(started.verified().findings) == []


def test_a_letter_that_was_posted_is_not_prepared_anew(started: World, tmp_path: Path) -> None:
    first = sent(started, "letter", tmp_path)
    assert codes(started.by("sofie", RecordReceipt(first, DAY, "RR 1", "Anna Smith"))) == []
    assert anew(started) == ["moment-not-open"]
    assert [row["status"] for row in reports(started)] == ["informed"]


def test_a_mail_that_was_given_up_is_let_go_and_the_one_made_anew_goes(started: World, tmp_path: Path) -> None:
    first = sent(started, "mail", tmp_path)
    mail(started, Refusing(tmp_path))
    assert statuses(started) == ["dead"]
    assert anew(started) == []
    assert still_open(started) == [report(started)["report_id"]]
    mail(started, FileChannel(tmp_path))
    assert statuses(started) == ["lapsed"]
    assert codes(started.by("sofie", ApproveReport(str(report(started)["report_id"])))) == []
    mail(started, FileChannel(tmp_path))
    assert statuses(started) == ["lapsed", "sent"]
    assert inform.confirm(started.house) == 1
    view = report_view(started.reading, first, started.clock.now())
    assert view is not None
    assert (view["status"], report(started)["status"], still_open(started)) == ("replaced", "informed", [])


def test_a_mail_that_still_waits_when_its_report_is_prepared_anew_does_not_leave(
    started: World, tmp_path: Path
) -> None:
    sent(started, "mail", tmp_path)
    assert anew(started) == []
    mail(started, FileChannel(tmp_path))
    assert statuses(started) == ["lapsed"]
    assert not any(b"attachment" in path.read_bytes() for path in tmp_path.glob("*.eml"))


def test_nor_does_one_that_is_being_sent_at_that_moment(started: World, tmp_path: Path) -> None:
    sent(started, "mail", tmp_path)

    class Meanwhile(FileChannel):
        """Somebody prepares the report anew after the mails to send were chosen and before the first of them goes."""

        def __enter__(self) -> Self:
            assert anew(started) == []
            super().__enter__()
            return self

    deliver.run_once(started.house, Meanwhile(tmp_path))
    [row] = started.rows(information.MESSAGES, plan_id=PLAN)
    assert kept_back_by(row) == "report-replaced"


def test_a_report_whose_mails_have_all_left_is_not_replaced_before_that_is_noted(
    started: World, tmp_path: Path
) -> None:
    sent(started, "mail", tmp_path)
    mail(started, FileChannel(tmp_path))
    assert anew(started) == ["report-mailed"]
    assert [row["status"] for row in reports(started)] == ["sent"]
    assert inform.confirm(started.house) == 1
    assert anew(started) == ["moment-not-open"]


def test_what_is_prepared_anew_is_late_by_its_own_day(started: World, tmp_path: Path) -> None:
    sent(started, "letter", tmp_path)
    started.sweep_on(DAY + timedelta(days=10))
    assert anew(started) == []
    status, words, _hint = informed_in_time(started.reading, started.clock.now())
    assert (status, words) == (OK, "Everybody is informed in time.")
