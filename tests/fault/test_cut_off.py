"""Schedulers on one PostgreSQL of which one is frozen, cut off or loses its server: the others take over in time.

A worker is halted inside a transaction that holds a plan, and then something happens to it. What the plan's deadline
wants is done within twice the idle timeout, once, and nobody waits for longer than ten seconds for anything.
"""

import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import psycopg
import pytest

from pdca.errors import TryAgain
from pdca.store.postgres import IDLE_SECONDS
from tests import postgres, seed
from tests.fault.cable import NEAR, Cable
from tests.fault.processes import DaemonProcess, Ended, ForkServer, daemon, until
from tests.fault.relay import Relay, relay
from tests.fault.test_daemon import no_traceback, settings, swept_once
from tests.fault.zone import EVENTS_OF_KIND, FallDue, Zone, running_zone
from workflows.instants import from_text

pytestmark = pytest.mark.postgres

PLANS: Final = 12
LONGEST_WAIT_SECONDS: Final = 10.0
A_MOMENT_SECONDS: Final = 2.0
"""What a machine under load takes besides."""

OTHERS: Final = b"""
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


@dataclass(frozen=True, slots=True)
class Halted:
    """A sweep that stands still while it holds a plan, a daemon beside it, and how and when the sweep ended then."""

    zone: Zone
    due: datetime
    since: float
    beside: DaemonProcess
    ended: list[Ended]
    ended_at: list[float]


@dataclass(frozen=True, slots=True)
class Line:
    """Two ways to one database: `url`, and one that can be cut, `url_by_line` for who is started with `prefix`.

    `words` are what somebody who is cut off says of it, so that it shows who noticed.
    """

    url: str
    url_by_line: str
    network: Relay | Cable
    forked: ForkServer
    prefix: Sequence[str]
    words: str


@pytest.fixture(params=["relay", "cable"])
def line(request: pytest.FixtureRequest) -> Iterator[Line]:
    """A relay that takes what is sent and hands nothing on, and a cable on which it is lost."""
    if request.param == "cable":
        ends = request.getfixturevalue("at_the_cable")
        with ends.server.fresh_database() as name:
            url = ends.server.url(name)
            far = url.replace("127.0.0.1", NEAR)
            yield Line(url, far, ends.cable, ends.forked, ends.cable.far_prefix, "timed out")
        return
    url = request.getfixturevalue("postgres_url")
    port = urlsplit(url).port
    assert port is not None
    with relay(port) as network:
        by_relay = url.replace(f":{port}/", f":{network.port}/")
        yield Line(url, by_relay, network, request.getfixturevalue("forked"), (), "no answer from the server")


@contextmanager
def halted_in_a_transaction(
    url: str, forked: ForkServer, folder: Path, url_by_line: str | None = None
) -> Iterator[Halted]:
    """Halt a sweep in the middle of its transaction, start a daemon beside it; the sweep goes on after the block."""
    zone = running_zone(url)
    due = zone.fall_due_in(0)
    environment = {"PDCA_DATABASE": url_by_line or url}
    ended_at: list[float] = []
    with ExitStack() as daemons:
        with forked.halted("scheduler", "sweep", phase="event", environment=environment, folder=folder) as ended:
            since = time.monotonic()
            beside = daemons.enter_context(daemon(folder, settings(url), name="beside"))
            beside.waits_for("scheduler_started")
            swept_once(zone)
            assert not zone.all_enforced()
            yield Halted(zone, due, since, beside, ended, ended_at)
        ended_at.append(time.monotonic())
        until("the take-over", zone.all_enforced, seconds=2 * IDLE_SECONDS)
        assert beside.end(signal.SIGTERM) == 0
        no_traceback(beside)


def taken_over(case: Halted, since: float, seconds: float) -> float:
    """Wait until the other worker has enforced what the halted one held; tell after how long."""
    until("the take-over", case.zone.all_enforced, seconds=seconds)
    case.beside.waits_for("swept", enforced=1)
    return time.monotonic() - since


def once(zone: Zone) -> None:
    with zone.house.reading() as connection:
        advanced = connection.all(EVENTS_OF_KIND, kind="plan.advanced")
        assert connection.all(EVENTS_OF_KIND, kind="deadline.set_aside") == []
    opened = [row for row in advanced if row["event_key"]]
    assert [row["event_key"] for row in opened] == [f"{name}#0" for name in zone.evaluations]
    zone.assert_sound()


def test_three_daemons_and_sweeps_by_hand_enforce_each_deadline_once(
    postgres_url: str, forked: ForkServer, tmp_path: Path
) -> None:
    zone = running_zone(postgres_url, PLANS)
    due = zone.fall_due_in(4)
    by_hand = 0
    with ExitStack() as stack:
        names = ("one", "two", "three")
        daemons = [stack.enter_context(daemon(tmp_path, settings(postgres_url), name=name)) for name in names]
        for each in daemons:
            each.waits_for("scheduler_started")
        line = ("scheduler", "sweep", "--json")
        while not zone.all_enforced():
            ended = forked.together([line] * 3, environment={"PDCA_DATABASE": postgres_url}, folder=tmp_path)
            assert [one.status for one in ended] == [0, 0, 0], ended
            by_hand += sum(one.json["enforced"] for one in ended)
        assert [each.end(signal.SIGTERM) for each in daemons] == [0, 0, 0]
        swept = [line["enforced"] for each in daemons for line in each.lines() if line["event"] == "swept"]
    assert sum(swept) + by_hand == PLANS
    rows = [row for row in zone.notices() if row["kind"] == "evaluation.opened"]
    assert len({(row["plan_id"], row["person_id"]) for row in rows}) == len(rows) == PLANS * 3
    instants = [from_text(row["at"]) for name in zone.evaluations if (row := zone.enforcement(name))]
    print(f"the last of {PLANS} {(max(instants) - due).total_seconds():.2f} s after it was due")  # noqa: T201 - the record
    zone.assert_sound()


def test_of_a_worker_that_is_frozen_in_a_transaction_others_take_over_and_nobody_hangs(
    postgres_url: str, forked: ForkServer, tmp_path: Path
) -> None:
    with halted_in_a_transaction(postgres_url, forked, tmp_path) as case:
        # Somebody who writes to the same plan is told to try again, unless it is free before.
        asked, busy = time.monotonic(), False
        try:
            seed.by_hand(case.zone.house, FallDue(case.zone.evaluations[0], case.due))
        except TryAgain:
            busy = True
        waited = time.monotonic() - asked
        took = taken_over(case, case.since, 2 * IDLE_SECONDS)
    words = f"a person waited {waited:.1f} s ({'told to try again' if busy else 'and could write'})"
    print(f"{words}, the plan was taken over after {took:.1f} s")  # noqa: T201 - the record
    assert waited < LONGEST_WAIT_SECONDS
    assert took < 2 * IDLE_SECONDS
    # Thawed, it finds its transaction gone, sets nothing aside for that, and says so.
    assert (case.ended[0].status, case.ended[0].err.partition(":")[0]) == (75, "error[database-away]")
    once(case.zone)


@pytest.mark.parametrize("answers_only", [False, True], ids=["both ways", "answers only"])
def test_of_a_worker_that_is_cut_off_in_a_transaction_others_take_over_and_it_gives_up(
    line: Line, tmp_path: Path, answers_only: bool
) -> None:
    with halted_in_a_transaction(line.url, line.forked, tmp_path, line.url_by_line) as case:
        line.network.swallow(answers_only=answers_only)
        cut = time.monotonic()
    took = time.monotonic() - cut
    gave_up = case.ended_at[0] - cut
    [ended] = case.ended
    print(f"given up after {gave_up:.1f} s, taken over after {took:.1f} s: {ended.err.strip()}")  # noqa: T201 - the record
    assert gave_up < LONGEST_WAIT_SECONDS + A_MOMENT_SECONDS
    assert took < 2 * IDLE_SECONDS
    assert (ended.status, ended.err.partition(":")[0]) == (75, "error[database-away]")
    assert line.words in ended.err
    once(case.zone)


def test_the_plan_of_a_worker_whose_backend_is_killed_is_taken_over_at_once(
    postgres_url: str, forked: ForkServer, tmp_path: Path
) -> None:
    with halted_in_a_transaction(postgres_url, forked, tmp_path) as case:
        killed = time.monotonic()
        with psycopg.connect(postgres_url, autocommit=True) as admin:
            admin.execute(OTHERS)
        took = taken_over(case, killed, LONGEST_WAIT_SECONDS)
    print(f"taken over {took:.1f} s after the backend was killed")  # noqa: T201 - part of the record
    assert (case.ended[0].status, case.ended[0].err.partition(":")[0]) == (75, "error[database-away]")
    once(case.zone)


def test_daemons_whose_backends_are_killed_again_and_again_enforce_each_deadline_once(
    postgres_url: str, tmp_path: Path
) -> None:
    zone = running_zone(postgres_url, PLANS)
    with ExitStack() as stack:
        daemons = [stack.enter_context(daemon(tmp_path, settings(postgres_url), name=name)) for name in ("one", "two")]
        for each in daemons:
            each.waits_for("scheduler_started")
        killer = stack.enter_context(psycopg.connect(postgres_url, autocommit=True))
        zone.fall_due_in(1)
        kills = 0
        end = time.monotonic() + 4
        while time.monotonic() < end:
            kills += len(killer.execute(OTHERS).fetchall())
            killer.execute(b"SELECT pg_sleep(0.05)")
        until("all enforcements", zone.all_enforced)
        assert [each.end(signal.SIGTERM) for each in daemons] == [0, 0]
        for each in daemons:
            no_traceback(each)
    print(f"{kills} backends killed")  # noqa: T201 - part of the record
    assert kills > PLANS
    zone.assert_sound()


def test_a_restart_of_the_server_loses_nothing_and_daemons_go_on(forked: ForkServer, tmp_path: Path) -> None:
    with postgres.running(in_memory=True) as server, server.fresh_database() as name:
        url = server.url(name)
        with halted_in_a_transaction(url, forked, tmp_path) as case:
            began = time.monotonic()
            server.restart()
            back = time.monotonic()
            took = taken_over(case, back, 2 * IDLE_SECONDS)
        print(f"{back - began:.1f} s away, taken over {took:.1f} s later")  # noqa: T201 - part of the record
        assert (case.ended[0].status, case.ended[0].err.partition(":")[0]) == (75, "error[database-away]")
        once(case.zone)


@pytest.mark.parametrize("answers_only", [False, True], ids=["both ways", "answers only"])
def test_a_daemon_that_is_cut_off_says_so_while_the_other_works_and_goes_on_when_it_is_back(
    line: Line, tmp_path: Path, answers_only: bool
) -> None:
    zone = running_zone(line.url, 2)
    first, second = zone.evaluations
    with ExitStack() as stack:
        cut = stack.enter_context(daemon(tmp_path, settings(line.url_by_line), name="cut", prefix=line.prefix))
        cut.waits_for("scheduler_started")
        beside = stack.enter_context(daemon(tmp_path, settings(line.url), name="beside"))
        beside.waits_for("scheduler_started")
        until("their first sweeps", lambda: sum(bool(row["swept_at"]) for row in zone.heartbeats()) == 2)
        line.network.swallow(answers_only=answers_only)
        since = time.monotonic()
        due = _falls_due(zone, first)
        until("the enforcement", lambda: zone.enforcement(first))
        late = (from_text((zone.enforcement(first) or {})["at"]) - due).total_seconds()
        until("word of it", lambda: [line for line in cut.lines() if line.get("code") == "database-away"])
        told = time.monotonic() - since
        print(f"enforced {late:.2f} s after it was due; the other said so after {told:.1f} s")  # noqa: T201 - the record
        assert told < LONGEST_WAIT_SECONDS + A_MOMENT_SECONDS
        assert beside.end(signal.SIGTERM) == 0
        line.network.let_through()
        _falls_due(zone, second)
        until("the enforcement", lambda: zone.enforcement(second), seconds=2 * LONGEST_WAIT_SECONDS)
        assert cut.end(signal.SIGTERM) == 0
        no_traceback(cut)
    once(zone)


def _falls_due(zone: Zone, evaluation_id: str) -> datetime:
    with zone.house.reading() as connection:
        at = zone.house.now(connection)
    seed.by_hand(zone.house, FallDue(evaluation_id, at))
    return at
