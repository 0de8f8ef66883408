"""A daemon when the machine's clock is set, when the calendar is awkward, and when what wakes it has died."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from functools import partial
from pathlib import Path
from typing import Final

import pytest
import time_machine

from scheduler.channels.file import FileChannel
from scheduler.daemon import Daemon
from tests import seed
from tests.fault.processes import daemon, until
from tests.fault.test_daemon import settings, swept_once
from tests.fault.zone import EVENTS_OF_KIND, FallDue, Zone, running_zone
from workflows.instants import from_text
from workflows.schedule import due_instant

SELDOM: Final = 600
"""Seconds between two sweeps: whatever is enforced sooner was not waited for by that."""

TWO_HOURS: Final = timedelta(hours=2)
FEW_SECONDS: Final = 10.0
SOME_DAY: Final = datetime(2026, 6, 10, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The clock of this process, for all its threads; it goes on, and can be set."""
    with time_machine.travel(SOME_DAY, tick=True) as traveller:
        yield traveller


@contextmanager
def running(zone: Zone, folder: Path, interval: int = SELDOM) -> Iterator[Daemon]:
    """Run a daemon in this process, so that it has the clock of this process; it has swept once."""
    one = Daemon(zone.house, lambda _name: FileChannel(folder / "outbox"), interval)
    thread = threading.Thread(target=one.run)
    before = len(zone.heartbeats())
    thread.start()
    try:
        until("the first sweep", lambda: len(zone.heartbeats()) > before)
        yield one
    finally:
        one.stop()
        thread.join()


def enforced(zone: Zone) -> tuple[datetime, float]:
    """Wait for the enforcement of the one evaluation; give its instant, and how many seconds it was waited for."""
    began = time.monotonic()
    event = until("the enforcement", lambda: zone.enforcement(zone.evaluations[0]), seconds=FEW_SECONDS)
    return from_text(event["at"]), time.monotonic() - began


def swept_at(zone: Zone) -> datetime:
    (row,) = zone.heartbeats()
    return from_text(row["swept_at"])


def swept_far_from(zone: Zone, instant: datetime) -> bool:
    return abs(swept_at(zone) - instant) >= timedelta(minutes=59)


@pytest.fixture
def zone(clock: time_machine.Traveller, tmp_path: Path) -> Zone:  # noqa: ARG001 - it is made in that time
    return running_zone(f"sqlite:///{tmp_path / 'pdca.db'}")


def test_what_falls_due_in_the_time_that_a_clock_set_forward_skips_is_enforced_at_once(
    zone: Zone, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    due = zone.fall_due_in(3600)
    with running(zone, tmp_path):
        clock.shift(TWO_HOURS)
        at, waited = enforced(zone)
    print(f"enforced {waited:.2f} s after the clock was set")  # noqa: T201 - part of the record
    assert waited < 2
    assert timedelta(hours=1) <= at - due < timedelta(hours=1, seconds=2)
    zone.assert_sound()


def test_sweeps_go_on_when_the_clock_is_set_back(zone: Zone, clock: time_machine.Traveller, tmp_path: Path) -> None:
    with running(zone, tmp_path, interval=1):
        first = swept_at(zone)
        clock.shift(-TWO_HOURS)
        until("a sweep in the time that comes again", lambda: swept_at(zone) < first - timedelta(hours=1))
        due = zone.fall_due_in(1)
        at, _ = enforced(zone)
    assert timedelta(0) <= at - due < timedelta(seconds=2)
    zone.assert_sound()


def test_what_is_not_due_any_more_when_the_clock_is_set_back_waits_and_is_then_enforced_within_a_second(
    zone: Zone, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    due = zone.fall_due_in(4)
    with running(zone, tmp_path):
        clock.shift(-TWO_HOURS)
        until("a sweep in the time that comes again", lambda: swept_at(zone) < due - timedelta(hours=1))
        assert zone.enforcement(zone.evaluations[0]) is None
        clock.move_to(due - timedelta(seconds=3), tick=True)
        at, _ = enforced(zone)
    assert timedelta(0) <= at - due < timedelta(seconds=1)
    zone.assert_sound()


def test_what_was_enforced_before_the_clock_was_set_back_is_not_enforced_again(
    zone: Zone, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    zone.fall_due_in(0)
    with running(zone, tmp_path, interval=1):
        enforced(zone)
        for jump in (-TWO_HOURS, TWO_HOURS, TWO_HOURS, -TWO_HOURS):
            before = swept_at(zone)
            clock.shift(jump)
            until("a sweep", partial(swept_far_from, zone, before))
    with zone.house.reading() as connection:
        opened = [row for row in connection.all(EVENTS_OF_KIND, kind="plan.advanced") if row["event_key"]]
    assert len(opened) == 1
    zone.assert_sound()


@pytest.mark.postgres
@pytest.mark.parametrize("apart", [TWO_HOURS, -TWO_HOURS], ids=["ahead", "behind"])
def test_a_machine_whose_clock_differs_from_the_server_s_enforces_by_the_server_s_within_a_second(
    postgres_url: str, tmp_path: Path, apart: timedelta
) -> None:
    zone = running_zone(postgres_url)
    with time_machine.travel(datetime.now(UTC) + apart, tick=True):  # noqa: TID251 - this machine's time is the point
        due = zone.fall_due_in(4)
        with running(zone, tmp_path):
            at, _ = enforced(zone)
    print(f"enforced {(at - due).total_seconds():.2f} s after it was due")  # noqa: T201 - part of the record
    assert timedelta(0) <= at - due < timedelta(seconds=1)


AWKWARD: Final = {
    "the hour that spring skips": (date(2026, 3, 29), time_of_day(2, 30), "2026-03-29T01:00"),
    "the hour that comes twice in autumn": (date(2026, 10, 25), time_of_day(2, 30), "2026-10-25T00:30"),
    "a leap day": (date(2028, 2, 29), time_of_day(9), "2028-02-29T08:00"),
    "the last minute of a year": (date(2026, 12, 31), time_of_day(23, 59), "2026-12-31T22:59"),
    "the first instant of a year": (date(2027, 1, 1), time_of_day(0), "2026-12-31T23:00"),
}


@pytest.mark.parametrize("when", AWKWARD)
def test_on_an_awkward_day_in_brussels_it_is_enforced_within_a_second_and_once(
    clock: time_machine.Traveller, tmp_path: Path, when: str
) -> None:
    day, local, utc = AWKWARD[when]
    due = due_instant(day, local, seed.ZONE)
    assert due == datetime.fromisoformat(f"{utc}:00+00:00")
    clock.move_to(due - timedelta(days=3), tick=True)
    zone = running_zone(f"sqlite:///{tmp_path / 'pdca.db'}")
    seed.by_hand(zone.house, FallDue(zone.evaluations[0], due))
    clock.move_to(due - timedelta(seconds=3), tick=True)
    with running(zone, tmp_path):
        at, _ = enforced(zone)
        # The same time of day comes again an hour later, in autumn, and a day later.
        for later in (timedelta(hours=1), timedelta(days=1)):
            clock.move_to(due + later, tick=True)
            until("a sweep", partial(swept_far_from, zone, due + later - timedelta(hours=1)))
    assert timedelta(0) <= at - due < timedelta(seconds=1)
    with zone.house.reading() as connection:
        opened = [row for row in connection.all(EVENTS_OF_KIND, kind="plan.advanced") if row["event_key"]]
    assert len(opened) == 1
    zone.assert_sound()


@pytest.mark.parametrize(("fault", "code"), [("dead-trigger", "scheduler-dead"), ("stuck-sweep", "scheduler-stuck")])
def test_a_daemon_that_does_not_sweep_any_more_ends_and_says_why_and_the_next_one_takes_over(
    tmp_path: Path, fault: str, code: str
) -> None:
    zone = running_zone(f"sqlite:///{tmp_path / 'pdca.db'}")
    with daemon(tmp_path, settings(zone.house.database.url), program=("tests.fault.planted", fault)) as one:
        one.waits_for("scheduler_started")
        swept_once(zone)
        began = time.monotonic()
        assert one.status() == 1
        print(f"it ended {time.monotonic() - began:.1f} s after its first sweep")  # noqa: T201 - part of the record
        one_line = next(line for line in one.lines() if line["event"] == "scheduler_gives_up")
        assert (one_line["code"], bool(one_line["hint"])) == (code, True)
    (row,) = zone.heartbeats()
    assert row["error"].startswith(f"{code}: ")
    zone.fall_due_in(0)
    with daemon(tmp_path, settings(zone.house.database.url), name="sound") as sound:
        until("the enforcement", zone.all_enforced)
        assert sound.end(signal.SIGTERM) == 0
    zone.assert_sound()


@contextmanager
def service_manager(address: str) -> Iterator[Callable[[], list[str]]]:
    """Listen as systemd does; what is given back tells the words that came so far, one a line."""
    said: list[str] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind("\0" + address[1:] if address.startswith("@") else address)
        line.setblocking(False)

        def words() -> list[str]:
            while True:
                try:
                    said.extend(line.recv(4096).decode().splitlines())
                except BlockingIOError:
                    return said

        yield words


@pytest.mark.parametrize("abstract", [False, True], ids=["a file", "an abstract name"])
def test_systemd_is_told_when_it_is_ready_after_every_sweep_and_when_it_stops(tmp_path: Path, abstract: bool) -> None:
    zone = running_zone(f"sqlite:///{tmp_path / 'pdca.db'}")
    zone.fall_due_in(0)
    address = f"@pdca-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with service_manager(address) as words:
        # Its watchdog lets it sweep every second, though its own interval is longer.
        asked = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "3000000"}
        seldom = settings(zone.house.database.url, PDCA_SCHEDULER_INTERVAL_SECONDS="600", **asked)
        with daemon(tmp_path, seldom) as one:
            until("word of three sweeps", lambda: words().count("WATCHDOG=1") >= 3)
            assert one.end(signal.SIGTERM) == 0
        said = words()
    assert said.index("READY=1") < said.index("WATCHDOG=1")
    assert "STATUS=enforced: 1" in said
    assert said.index("STOPPING=1") > len(said) - 1 - said[::-1].index("WATCHDOG=1")


def test_the_watchdog_of_systemd_hears_nothing_while_no_sweep_ends(tmp_path: Path) -> None:
    zone = running_zone(f"sqlite:///{tmp_path / 'pdca.db'}")
    address = str(tmp_path / "notify")
    with ExitStack() as stack:
        words = stack.enter_context(service_manager(address))
        asked = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "3000000", "WATCHDOG_PID": ""}
        variables = settings(zone.house.database.url, **asked)
        one = stack.enter_context(daemon(tmp_path, variables, program=("tests.fault.planted", "stuck-sweep")))
        assert one.status() == 1
        assert words().count("WATCHDOG=1") == 1
