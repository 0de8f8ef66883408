"""A daemon that was frozen, with its machine or alone: a date that passed meanwhile is not lost."""

import signal
from datetime import timedelta
from pathlib import Path
from typing import Final

from pdca.clock import SystemClock
from tests.fault.processes import daemon, until
from tests.fault.test_daemon import settings, swept_once
from tests.fault.zone import running_zone

LONG_AFTER: Final = timedelta(seconds=2)
"""Later than APScheduler forgives a job by default."""


def test_a_daemon_that_was_frozen_over_a_date_enforces_it_as_soon_as_it_wakes(tmp_path: Path) -> None:
    zone = running_zone(f"sqlite:///{tmp_path / 'pdca.db'}")
    due = zone.fall_due_in(8)
    seldom = settings(zone.house.database.url, PDCA_SCHEDULER_INTERVAL_SECONDS="600")
    with daemon(tmp_path, seldom) as one:
        one.waits_for("scheduler_started")
        swept_once(zone)
        one.process.send_signal(signal.SIGSTOP)
        until("the date to have passed", lambda: SystemClock().now() > due + LONG_AFTER)
        assert not zone.all_enforced()
        one.process.send_signal(signal.SIGCONT)
        until("the enforcement", zone.all_enforced)
        assert one.end(signal.SIGTERM) == 0
    zone.assert_sound()
