"""Ten thousand messages through a real SMTP server that refuses, hangs and breaks off, sent by one that is killed."""

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from pdca.audit.verify import verify
from pdca.clock import VirtualClock
from pdca.house import House
from pdca.store.database import locate
from pdca.store.driver import Row, Statement
from pdca.store.reads import notifications
from pdca.store.rows import insert
from pdca.store.verifying import StoredLog
from scheduler import seal
from tests import seed
from tests.fault.chance import dice
from tests.fault.mail_process import NEVER
from tests.unit.notify.rows import row as facts
from workflows.instants import to_text

ROOT: Final = Path(__file__).parents[2]
MANY: Final = 10_000
KILLS: Final = 100
FEW: Final = 300
FEW_KILLS: Final = 6
OF_TWENTY_NEVER: Final = 1
AT_ONCE: Final = 1_000
"""So many messages are put into the outbox by one event."""

STEP: Final = timedelta(hours=1)
LONGEST_LIFE_SECONDS: Final = 0.8
OUTBOX: Final = Statement(
    "whole_outbox", "SELECT n.*, r.email FROM notification n JOIN person r ON r.person_id = n.person_id"
)
RESULTS: Final = Statement("delivery_events", "SELECT body FROM event WHERE kind = 'notification.delivered'")


@dataclass
class Course:
    """How it went: processes killed amid the work, those that came to an end, and the time that passed."""

    killed: int = 0
    ended: int = 0
    now: datetime = seed.START


def filled(url: str, many: int) -> House:
    """An installation in whose outbox so many messages wait, each for somebody else; one in twenty has no mailbox."""
    here = seed.house(url, clock=VirtualClock(seed.START))
    seed.plan(here)
    of_each = {
        name: value
        for name, value in facts("plan.advanced", plan_id="P-001", parameters={"plan": "P-001"}).items()
        if name in {"kind", "plan_id", "why", "parameters", "status", "attempts"}
    }
    at = to_text(seed.START)
    for first in range(0, many, AT_ONCE):
        changes = []
        for number in range(first, min(first + AT_ONCE, many)):
            person = {"person_id": f"X-{number}"}
            box = f"{NEVER}-{number // 20 % 10}-{number}" if number % 20 < OF_TWENTY_NEVER else f"box-{number}"
            changes += [
                insert(
                    "person",
                    person,
                    handle=f"x-{number}",
                    name=f"Somebody {number}",
                    email=f"{box}@zone.example",
                    language=("en", "nl", "fr")[number % 3],
                    access="member",
                    assumed=0,
                ),
                insert(
                    "notification",
                    {"notification_id": f"P-001.{1000 + number}.1"},
                    **{**of_each, "stream": "P-001", "seq": 1000 + number, **person},
                    channel="mail",
                    created_at=at,
                    not_before=at,
                    together=0,
                    next_attempt_at=at,
                ),
            ]
        seed.by_hand(here, seed.Plant(changes))
    return here


@contextmanager
def server(journal: Path, number: int) -> Iterator[str]:
    """The mail server in its process; gives its port."""
    command = [sys.executable, "-m", "tests.fault.mail_process", str(journal), str(number)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def delivered(url: str, port: str, course: Course, life: float | None) -> bool:
    """Run a deliverer to its end, or kill it after so many seconds of work; tell whether anything may be left due."""
    command = [sys.executable, "-m", "tests.fault.deliverer", url, port, to_text(course.now)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        try:
            process.wait(life)
        except subprocess.TimeoutExpired:
            process.kill()
            course.killed += 1
            return True
        assert process.returncode == 0
        course.ended += 1
        # On PostgreSQL the lease of one that was killed is free a moment later.
        return process.stdout.read() == "elsewhere\n"


def play(url: str, port: str, kills: int, chance: random.Random) -> Course:
    """Deliver until nothing waits: killed at random as often as wanted, and with time passing between the rounds."""
    course = Course()
    house = House(locate(url))
    while True:
        with house.reading() as connection:
            following = connection.value(notifications.NEXT_ATTEMPT)
        if following is None:
            return course
        course.now = max(course.now, seed.START)
        while following > to_text(course.now):
            course.now += STEP
        life = chance.uniform(0, LONGEST_LIFE_SECONDS) if course.killed < kills else None
        while delivered(url, port, course, life):
            life = chance.uniform(0, LONGEST_LIFE_SECONDS) if course.killed < kills else None


def given_up(bodies: list[Row]) -> Counter[str]:
    """Count how often each message was given up, as the log has it."""
    changes = [change for row in bodies for change in json.loads(bytes(row["body"]))["changes"]]
    return Counter(
        change["key"]["notification_id"]
        for change in changes
        if change["table"] == "notification" and change["set"].get("status") == "dead"
    )


def nothing_is_lost(url: str, journal: Path, many: int, kills: int) -> None:
    """Send them all, and hold what the server took and what the log says to what was promised."""
    chance = dice("messages")
    here = filled(url, many)
    with server(journal, chance.getrandbits(32)) as port:
        course = play(url, port, kills, chance)
    lines = [line.split("\t") for line in journal.read_text(encoding="utf-8").splitlines()]
    seal.run_once(here)
    with here.reading() as connection:
        rows = connection.all(OUTBOX)
        dead = given_up(connection.all(RESULTS))
        report = verify(StoredLog(connection))
    taken: dict[str, list[tuple[str, str]]] = {}
    for recipient, identity, digest in lines:
        taken.setdefault(recipient, []).append((identity, digest))
    assert report.ok, report.findings
    assert len(rows) == many
    refused = {row["email"] for row in rows if row["email"].startswith(NEVER)}
    for row in rows:
        if row["email"] in refused:
            assert (row["status"], row["last_error"][:3] in {"550", "554"}) == ("dead", True)
            assert row["email"] not in taken
        else:
            # Once or more, and each time the same message: under the same Message-ID, to the byte.
            assert row["status"] == "sent", row
            assert len(set(taken[row["email"]])) == 1
            assert row["sha256"] == taken[row["email"]][0][1]
    assert dead == {row["notification_id"]: 1 for row in rows if row["email"] in refused}
    assert len({copies[0][0] for copies in taken.values()}) == many - len(refused) == len(taken)
    attempts = sum(row["attempts"] for row in rows)
    print(  # noqa: T201 - the record
        f"{many} messages: {len(taken)} delivered, {sum(len(copies) > 1 for copies in taken.values())} of them more "
        f"than once ({len(lines) - len(taken)} repeats), {len(refused)} given up at once, {attempts} attempts noted; "
        f"the deliverer was killed {course.killed} times and ended {course.ended} times, over "
        f"{course.now - seed.START} of its time."
    )
    assert course.killed >= kills


def test_of_some_messages_none_is_lost_and_every_repeat_is_the_same(database_url: str, tmp_path: Path) -> None:
    nothing_is_lost(database_url, tmp_path / "journal", FEW, FEW_KILLS)


@pytest.mark.soak
def test_of_ten_thousand_messages_none_is_lost_and_every_repeat_is_the_same(tmp_path: Path) -> None:
    nothing_is_lost(f"sqlite:///{tmp_path / 'pdca.db'}", tmp_path / "journal", MANY, KILLS)
