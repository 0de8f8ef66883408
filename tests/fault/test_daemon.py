"""The real `pdca scheduler run`: punctual, told to stop, two at once, and what happens when things fail around it."""

import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from email import message_from_bytes
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import psycopg
import pytest

from pdca.audit.event import read_body
from pdca.store.driver import Row
from pdca.store.rows import update
from tests import postgres, seed
from tests.fault.disk import small_disk
from tests.fault.processes import PATIENCE_SECONDS, DaemonProcess, daemon, heeding_rights, until
from tests.fault.relay import relay
from tests.fault.zone import EVENTS_OF_KIND, TryNow, Zone, running_zone
from tests.unit.notify.mail_server import SENDER, mail_server
from workflows.instants import from_text

EVERY_SECOND: Final = {"PDCA_SCHEDULER_INTERVAL_SECONDS": "1"}
PLANS: Final = 8


def settings(database_url: str, **more: str) -> dict[str, str]:
    return {"PDCA_DATABASE": database_url, **EVERY_SECOND, **more}


def swept_once(zone: Zone) -> None:
    until("the first sweep", lambda: [row for row in zone.heartbeats() if row["swept_at"]])


def own_heartbeat(zone: Zone, one: DaemonProcess) -> Row | None:
    return next((row for row in zone.heartbeats() if row["process"] == one.pid), None)


def no_traceback(one: DaemonProcess) -> None:
    assert "Traceback" not in one.text(), one.text()


@pytest.fixture
def zone(tmp_path: Path) -> Zone:
    return running_zone(f"sqlite:///{tmp_path / 'pdca.db'}")


@pytest.fixture
def path(zone: Zone) -> Path:
    assert zone.house.database.path is not None
    return Path(zone.house.database.path)


def test_an_evaluation_is_enforced_within_a_second_of_its_due_instant(zone: Zone, tmp_path: Path) -> None:
    due = zone.fall_due_in(4)
    seldom = settings(zone.house.database.url, PDCA_SCHEDULER_INTERVAL_SECONDS="600")
    with daemon(tmp_path, seldom) as one:
        started = from_text(one.waits_for("scheduler_started")["at"])
        event = until("the enforcement", lambda: zone.enforcement(zone.evaluations[0]))
        assert one.end(signal.SIGTERM) == 0
        late = (from_text(event["at"]) - max(due, started)).total_seconds()
        print(f"enforced {late * 1000:.0f} ms after it was due")  # noqa: T201 - part of the record
        assert 0 <= late < 1
        no_traceback(one)


def test_told_to_stop_it_ends_with_0_and_says_so_in_the_log_and_the_heartbeat(zone: Zone, tmp_path: Path) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        with daemon(tmp_path, settings(zone.house.database.url), name=number.name) as one:
            one.waits_for("scheduler_started")
            until("its heartbeat", partial(own_heartbeat, zone, one))
            assert one.end(number) == 0
            one.waits_for("scheduler_stopped")
            row = own_heartbeat(zone, one)
            assert row is not None
            assert row["stopped_at"] >= row["started_at"]
            assert row["error"] is None
            no_traceback(one)


def test_told_to_stop_in_the_middle_of_its_work_it_finishes_that_and_ends(
    zone: Zone, path: Path, tmp_path: Path
) -> None:
    zone.fall_due_in(0)
    with closing(_raw(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with daemon(tmp_path, settings(zone.house.database.url)) as one:
            one.waits_for("scheduler_started")
            # Sweep and deliverer begin together, and wait at the same lock.
            until("the deliverer", (path.parent / f"{path.name}.deliver.lock").exists)
            one.process.send_signal(signal.SIGTERM)
            one.waits_for("scheduler_stopping")
            other.execute("ROLLBACK")
            assert one.status() == 0
            one.waits_for("scheduler_stopped")
            no_traceback(one)
    assert zone.heartbeats()[0]["stopped_at"]
    zone.assert_sound()


def test_two_daemons_enforce_each_deadline_once_and_send_each_message_once(database_url: str, tmp_path: Path) -> None:
    zone = running_zone(database_url, PLANS)
    zone.fall_due_in(3)
    variables = settings(database_url)
    with daemon(tmp_path, variables, name="one") as one, daemon(tmp_path, variables, name="two") as two:
        for each in (one, two):
            each.waits_for("scheduler_started")
        until("all enforcements", zone.all_enforced)
        until("the messages", lambda: all(row["status"] == "sent" for row in zone.notices()))
        assert [each.end(signal.SIGTERM) for each in (one, two)] == [0, 0]
        lines = [line for each in (one, two) for line in each.lines()]
        swept = [line["enforced"] for line in lines if line["event"] == "swept"]
        sent = [line["sent"] for line in lines if line["event"] == "delivered" and line["sent"]]
        for each in (one, two):
            no_traceback(each)
    rows = zone.notices()
    assert sum(swept) == PLANS
    letters = {row["digest"] or row["notification_id"] for row in rows}
    assert sum(sent) == len(letters) == len(list((tmp_path / "outbox").glob("*.eml")))
    assert len(letters) < len(rows)
    opened = [row for row in rows if row["kind"] == "evaluation.opened"]
    told = {(row["plan_id"], row["person_id"]) for row in opened}
    assert len(told) == len(opened) == PLANS * 3
    with zone.house.reading() as connection:
        delivered = [read_body(row["body"]) for row in connection.all(EVENTS_OF_KIND, kind="notification.delivered")]
    noted = [str(change.key["notification_id"]) for event in delivered for change in event.changes]
    assert sorted(noted) == sorted(row["notification_id"] for row in rows)
    zone.assert_sound()


@pytest.mark.parametrize("how", ["deleted", "moved away"])
def test_without_its_database_it_ends_with_the_reason_and_makes_no_new_one(
    zone: Zone, path: Path, tmp_path: Path, how: str
) -> None:
    with daemon(tmp_path, settings(zone.house.database.url)) as one:
        one.waits_for("scheduler_started")
        swept_once(zone)
        if how == "deleted":
            path.unlink()
        else:
            shutil.move(path, tmp_path / "elsewhere.db")
        assert one.status() == 4
        assert "error[no-database]: " in one.text()
        assert "\nhint: " in one.text()
        no_traceback(one)
    assert not path.exists()


@pytest.mark.postgres
def test_without_its_database_on_a_server_it_ends_with_the_reason(
    postgres_server: postgres.Server, tmp_path: Path
) -> None:
    with postgres_server.fresh_database() as name, psycopg.connect(postgres_server.url("postgres")) as admin:
        admin.autocommit = True
        zone = running_zone(postgres_server.url(name))
        with daemon(tmp_path, settings(postgres_server.url(name))) as one:
            one.waits_for("scheduler_started")
            swept_once(zone)
            until("a moment at which nobody is connected", partial(renamed, admin, name, f"{name}_elsewhere"))
            assert one.status() == 4
            assert "error[no-database]: " in one.text()
            assert "\nhint: " in one.text()
            no_traceback(one)
        until("a moment at which nobody is connected", partial(renamed, admin, f"{name}_elsewhere", name))


def test_once_it_may_not_run_any_more_it_ends_and_does_not_fill_the_log_with_refusals(
    zone: Zone, tmp_path: Path
) -> None:
    with daemon(tmp_path, settings(zone.house.database.url)) as one:
        one.waits_for("scheduler_started")
        swept_once(zone)
        zone.house.apply(seed.Plant([update("person", {"person_id": "U-001"}, access="member")]))
        assert one.status() == 3
        assert "error[scheduler-not-allowed]: " in one.text()
        no_traceback(one)
    with zone.house.reading() as connection:
        refused = connection.all(EVENTS_OF_KIND, kind="access.refused")
    assert 1 <= len(refused) <= len(("sweep", "deliver", "inform", "deliver_now", "inform_now"))


def renamed(admin: "psycopg.Connection[tuple[object, ...]]", name: str, other: str) -> bool:
    with suppress(psycopg.errors.ObjectInUse):
        admin.execute(f"ALTER DATABASE {name} RENAME TO {other}".encode())
        return True
    return False


def recovers(
    zone: Zone, one: DaemonProcess, code: str, mend: Callable[[], Any], *, spoil: Callable[[], Any] = lambda: None
) -> None:
    """Wait until it reports `code`, mend what is wrong, and see that it enforces and delivers after all.

    Until then `spoil` is done again and again.
    """

    def reported() -> bool:
        spoil()
        return any(line.get("code") == code for line in one.lines())

    until(f"a report of {code}", reported)
    assert one.process.poll() is None
    mend()
    until("the enforcement", zone.all_enforced)
    until("the messages", lambda: all(row["status"] == "sent" for row in zone.notices()))
    assert one.end(signal.SIGTERM) == 0
    no_traceback(one)
    zone.assert_sound()


def test_a_database_that_cannot_be_written_is_reported_and_taken_up_again(
    zone: Zone, path: Path, tmp_path: Path
) -> None:
    with daemon(tmp_path, settings(zone.house.database.url), prefix=heeding_rights()) as one:
        one.waits_for("scheduler_started")
        swept_once(zone)
        zone.fall_due_in(1)
        path.chmod(0o444)
        recovers(zone, one, "database-read-only", lambda: path.chmod(0o644))


def test_a_full_disk_is_reported_and_work_goes_on_when_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        zone = running_zone(f"sqlite:///{disk.folder / 'pdca.db'}")
        with daemon(tmp_path, settings(zone.house.database.url)) as one:
            one.waits_for("scheduler_started")
            swept_once(zone)
            zone.fall_due_in(1)
            # SQLite gives room back when it folds its write-ahead log into the database: that is to be full, too.
            full = partial(disk.fill, one.pid)
            code = "disk-full" if disk.own else "database-error"
            recovers(zone, one, code, lambda: disk.empty(one.pid), spoil=full)


def test_a_database_that_another_process_keeps_is_reported_and_taken_up_again(
    zone: Zone, path: Path, tmp_path: Path
) -> None:
    with daemon(tmp_path, settings(zone.house.database.url)) as one, closing(_raw(path)) as other:
        one.waits_for("scheduler_started")
        swept_once(zone)
        zone.fall_due_in(1)
        other.execute("BEGIN IMMEDIATE")
        recovers(zone, one, "database-busy", lambda: other.execute("ROLLBACK"))


@pytest.mark.postgres
def test_a_database_server_that_is_away_is_reported_and_taken_up_again(postgres_url: str, tmp_path: Path) -> None:
    port = urlsplit(postgres_url).port
    assert port is not None
    with relay(port) as network:
        url = postgres_url.replace(f":{port}/", f":{network.port}/")
        zone = running_zone(postgres_url)
        with daemon(tmp_path, settings(url)) as one:
            one.waits_for("scheduler_started")
            swept_once(zone)
            zone.fall_due_in(1)
            network.cut()
            recovers(zone, one, "database-away", network.join)
            assert "error[" not in one.text()


def by_mail(database_url: str, port: int) -> dict[str, str]:
    return settings(
        database_url,
        PDCA_NOTIFY_CHANNEL="smtp",
        PDCA_SMTP_HOST="127.0.0.1",
        PDCA_SMTP_PORT=str(port),
        PDCA_SMTP_SECURITY="none",
        PDCA_SMTP_FROM=SENDER,
    )


def test_told_to_stop_among_its_messages_it_ends_after_the_one_at_hand_and_repeats_none(
    database_url: str, tmp_path: Path
) -> None:
    zone = running_zone(database_url, PLANS)
    waiting = len(zone.notices())
    assert waiting > 4
    with mail_server() as server:
        server.holds_after = 2
        variables = by_mail(database_url, server.port)
        with daemon(tmp_path, variables, name="first") as one:
            assert server.holding.wait(PATIENCE_SECONDS)
            one.process.send_signal(signal.SIGTERM)
            one.waits_for("scheduler_stopping")
            server.let_go()
            assert one.status() == 0
            no_traceback(one)
        assert len(server.inbox) == 3
        rows = zone.notices()
        assert [row["status"] for row in rows].count("sent") == 3
        assert {row["attempts"] for row in rows if row["status"] != "sent"} == {0}
        with daemon(tmp_path, variables, name="second") as other:
            until("the other messages", lambda: all(row["status"] == "sent" for row in zone.notices()))
            assert other.end(signal.SIGTERM) == 0
        identities = {message_from_bytes(received.content)["Message-ID"] for received in server.inbox}
        assert len(identities) == len(server.inbox) == waiting
    zone.assert_sound()


def test_messages_wait_for_a_mail_server_that_is_away_and_go_out_when_it_is_back(zone: Zone, tmp_path: Path) -> None:
    with mail_server() as server, relay(server.port, joined=False) as network:
        variables = by_mail(zone.house.database.url, network.port)
        zone.fall_due_in(1)
        with daemon(tmp_path, variables) as one:
            until("the enforcement", zone.all_enforced)
            until("an attempt of each", lambda: all(row["attempts"] for row in zone.notices()))
            assert {row["status"] for row in zone.notices()} == {"pending"}
            assert all(str(network.port) in row["last_error"] for row in zone.notices())
            network.join()
            seed.by_hand(zone.house, TryNow())
            until("the messages", lambda: all(row["status"] == "sent" for row in zone.notices()))
            assert one.end(signal.SIGTERM) == 0
            no_traceback(one)
        addresses = sorted(address for received in server.inbox for address in received.recipients)
        emails = {zone.people[person.handle]: person.email for person in seed.PEOPLE}
        assert addresses == sorted(str(emails[row["person_id"]]) for row in zone.notices())
    zone.assert_sound()


def _raw(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)
