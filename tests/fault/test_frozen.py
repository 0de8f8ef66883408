"""A daemon that was frozen, with its machine or alone: no date that passed meanwhile is lost, and no message waits."""

import signal
import time
from collections import Counter
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Final

import pytest

from pdca.audit.event import read_body
from pdca.clock import SystemClock
from pdca.store.postgres import IDLE_SECONDS
from scheduler.lease import SILENT_SECONDS
from tests.fault.processes import PATIENCE_SECONDS, daemon, until
from tests.fault.test_daemon import by_mail, no_traceback, settings, swept_once
from tests.fault.zone import EVENTS_OF_KIND, running_zone
from tests.unit.notify.mail_server import mail_server

LONG_AFTER: Final = timedelta(seconds=2)
"""Later than APScheduler forgives a job by default."""


def test_a_daemon_that_was_frozen_over_a_date_enforces_it_as_soon_as_it_wakes(tmp_path: Path) -> None:
    zone = running_zone(f"sqlite:///{tmp_path / 'pdca.db'}")
    due = zone.fall_due_in(8)
    seldom = settings(zone.house.database.url, PDCA_SCHEDULER_INTERVAL_SECONDS="600")
    with daemon(tmp_path, seldom) as one:
        one.waits_for("scheduler_started")
        swept_once(zone)
        one.freeze()
        until("the date to have passed", lambda: SystemClock().now() > due + LONG_AFTER)
        assert not zone.all_enforced()
        one.process.send_signal(signal.SIGCONT)
        until("the enforcement", zone.all_enforced)
        assert one.end(signal.SIGTERM) == 0
    zone.assert_sound()


@pytest.mark.postgres
def test_of_a_deliverer_that_is_frozen_while_it_sends_another_takes_over_and_awake_it_sends_nothing_more(
    postgres_url: str, tmp_path: Path
) -> None:
    zone = running_zone(postgres_url, 4)
    waiting = len(zone.notices())
    with mail_server() as server:
        server.holds_after = 2
        variables = by_mail(postgres_url, server.port)
        with daemon(tmp_path, variables, name="frozen") as frozen:
            assert server.holding.wait(PATIENCE_SECONDS)
            frozen.freeze()
            since = time.monotonic()
            server.let_go()
            with daemon(tmp_path, variables, name="beside") as beside:
                until(
                    "the messages",
                    lambda: all(row["status"] == "sent" for row in zone.notices()),
                    seconds=2 * IDLE_SECONDS,
                )
                took = time.monotonic() - since
                beside.waits_for("delivered", sent=waiting)
                lines = len(frozen.lines())
                frozen.process.send_signal(signal.SIGCONT)
                frozen.waits_for("delivered", after=lines, sent=3, elsewhere=True)
                assert [one.end(signal.SIGTERM) for one in (frozen, beside)] == [0, 0]
                no_traceback(beside)
            no_traceback(frozen)
        print(f"{waiting} messages taken over {took:.1f} s after the deliverer was frozen")  # noqa: T201 - the record
        identities = [message_from_bytes(received.content)["Message-ID"] for received in server.inbox]
        contents = {received.content for received in server.inbox}
    assert took < SILENT_SECONDS + IDLE_SECONDS
    # What had gone out before nobody could note it down is repeated as it was, and nothing else is.
    assert sorted(Counter(identities).values()) == [1] * (waiting - 3) + [2] * 3
    assert len(contents) == waiting
    with zone.house.reading() as connection:
        delivered = [read_body(row["body"]) for row in connection.all(EVENTS_OF_KIND, kind="notification.delivered")]
    noted = Counter(str(change.key["notification_id"]) for event in delivered for change in event.changes)
    assert sorted(noted) == sorted(row["notification_id"] for row in zone.notices())
    assert set(noted.values()) == {1}
    zone.assert_sound()
