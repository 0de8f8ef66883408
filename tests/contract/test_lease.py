"""Each message by one deliverer at a time, whatever becomes of another, on either database."""

import email
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final, LiteralString

import psycopg
import pytest

from pdca.house import House
from pdca.store.database import Database
from scheduler import heartbeat
from scheduler.channels.answer import Answer, Later
from scheduler.channels.file import FileChannel
from scheduler.deliver import LEASE, DeliveryCounts, run_once, run_until_done
from scheduler.lease import Lease, _OfSession, lease
from tests import seed
from tests.contract.delivering import advance_clock, outbox, waiting_house

ROOT: Final = Path(__file__).parents[2]
HOLDERS: Final = """
    SELECT pg_terminate_backend(pid, 10000) FROM (SELECT DISTINCT pid FROM pg_locks WHERE locktype = 'advisory') held
"""
LOCKS: Final = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory'"
LAST_WORDS: Final = """
    SELECT a.query_start FROM pg_stat_activity a JOIN pg_locks l USING (pid), pg_sleep(0.05)
        WHERE l.locktype = 'advisory'
"""


@contextmanager
def second_process(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A real second process, killed at the end of the block if it has not been before."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.contract.holder", *arguments],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


class Asking(FileChannel):
    """Asks the server something by another session while each message is sent, and keeps the answers."""

    def __init__(self, folder: Path, url: str, question: LiteralString) -> None:
        super().__init__(folder)
        self._url, self._question = url, question
        self.answers: list[list[tuple[Any, ...]]] = []

    def send(self, message: EmailMessage) -> Answer:
        with psycopg.connect(self._url, autocommit=True) as admin:
            self.answers.append(admin.execute(self._question).fetchall())
        return super().send(message)


def word(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_second_process_that_delivers_keeps_this_one_from_it_until_it_is_killed(
    database_url: str, tmp_path: Path
) -> None:
    here = waiting_house(database_url)
    channel = FileChannel(tmp_path / "outbox")
    with second_process("deliver", database_url, str(tmp_path / "theirs")) as other:
        assert word(other) == "sent"
        assert run_once(here, channel) == DeliveryCounts(waiting=3, elsewhere=True)
        assert not (tmp_path / "outbox").exists()
        with second_process("lease", database_url, outbox(here)[0]["notification_id"]) as third:
            assert word(third) == "refused"
    assert gone(here, channel) == DeliveryCounts(sent=3)


def test_what_is_taken_is_held_by_one_until_its_lease_ends_and_is_then_free_at_once(database_url: str) -> None:
    database = seed.house(database_url).database
    with lease(database, "deliver") as mine:
        assert mine is not None
        assert (mine.held(), mine.take(["one"]), mine.take(["one"])) == (True, {"one"}, {"one"})
        with lease(database, "deliver") as theirs:
            assert not (theirs and theirs.take(["one"]))
        with lease(database, "another") as theirs:
            assert theirs is not None
            assert theirs.take(["one"]) == {"one"}
    with lease(database, "deliver") as theirs:
        assert theirs is not None
        assert theirs.take(["one"]) == {"one"}


@pytest.mark.postgres
def test_deliverers_on_a_server_share_what_is_due_and_each_message_goes_to_one_of_them(
    postgres_url: str, tmp_path: Path
) -> None:
    here = waiting_house(postgres_url)
    first, *rest = [row["notification_id"] for row in outbox(here)]
    with second_process("lease", postgres_url, first) as other:
        assert word(other) == "held"
        assert run_once(here, FileChannel(tmp_path / "outbox"), limit=1) == DeliveryCounts(
            sent=1, waiting=2, elsewhere=True
        )
        assert run_until_done(here, lambda _name: FileChannel(tmp_path / "outbox")) == DeliveryCounts(
            sent=1, waiting=1, elsewhere=True
        )
    assert {path.stem for path in (tmp_path / "outbox").iterdir()} == set(rest)
    assert gone(here, FileChannel(tmp_path / "outbox")) == DeliveryCounts(sent=1)


@pytest.mark.postgres
def test_what_another_deliverer_sent_just_before_it_is_taken_is_not_sent_again(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = waiting_house(postgres_url)
    take = _OfSession.take
    theirs: list[DeliveryCounts] = []

    def after_another(self: _OfSession, pieces: Collection[str]) -> set[str]:
        if not theirs:
            theirs.append(DeliveryCounts())
            theirs.append(run_once(here, FileChannel(tmp_path / "theirs"), limit=2))
        return take(self, pieces)

    monkeypatch.setattr(_OfSession, "take", after_another)
    assert run_once(here, FileChannel(tmp_path / "ours"), limit=2) == DeliveryCounts(sent=1)
    assert theirs[1] == DeliveryCounts(sent=2, waiting=1)


def test_a_deliverer_killed_between_sending_and_recording_has_its_messages_repeated_unchanged(
    database_url: str, tmp_path: Path
) -> None:
    here = waiting_house(database_url)
    folder = tmp_path / "outbox"
    with second_process("deliver", database_url, str(folder)) as other:
        assert word(other) == "sent"
    sent = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert len(sent) == 3
    assert {(row["status"], row["attempts"]) for row in outbox(here)} == {("pending", 0)}
    advance_clock(here, timedelta(days=1))
    assert gone(here, FileChannel(folder)) == DeliveryCounts(sent=3)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == sent
    identities = [email.message_from_bytes(content)["Message-ID"] for content in sent.values()]
    assert len(set(identities)) == 3


@pytest.mark.postgres
def test_a_deliverer_that_lost_its_lease_sends_nothing_more_and_records_only_what_went_out(
    postgres_url: str, tmp_path: Path
) -> None:
    here = waiting_house(postgres_url)
    folder = tmp_path / "outbox"

    class Losing(Asking):
        """Puts the first message off, sends the second, and loses the lease while it does."""

        def send(self, message: EmailMessage) -> Answer:
            if not folder.exists():
                folder.mkdir()
                return Later("not now")
            return super().send(message)

    losing = Losing(folder, postgres_url, HOLDERS)
    assert run_once(here, losing) == DeliveryCounts(sent=1, waiting=2, elsewhere=True)
    assert losing.answers == [[(True,)]]
    assert sorted((row["status"], row["attempts"]) for row in outbox(here)) == [
        ("pending", 0),
        ("pending", 0),
        ("sent", 1),
    ]
    assert run_once(here, FileChannel(folder)) == DeliveryCounts(sent=2)


@pytest.mark.postgres
def test_who_lost_its_lease_begins_no_further_batch(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = waiting_house(postgres_url)
    monkeypatch.setattr("scheduler.deliver.BATCH", 1)
    losing = Asking(tmp_path / "outbox", postgres_url, HOLDERS)
    assert run_until_done(here, lambda _name: losing) == DeliveryCounts(sent=1, waiting=2, elsewhere=True)
    assert losing.answers == [[(True,)]]


@pytest.mark.postgres
def test_what_was_recorded_is_given_back_before_the_next_batch(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = waiting_house(postgres_url)
    monkeypatch.setattr("scheduler.deliver.BATCH", 1)
    looking = Asking(tmp_path / "outbox", postgres_url, LOCKS)
    assert run_until_done(here, lambda _name: looking) == DeliveryCounts(sent=3)
    assert list(map(len, looking.answers)) == [1, 1, 1]


def test_all_batches_of_a_run_share_one_lease_and_try_once_whether_the_database_can_be_written(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = waiting_house(database_url)
    monkeypatch.setattr("scheduler.deliver.BATCH", 1)
    begun: list[str] = []
    trial = heartbeat.try_to_write

    def noted(database: Database, name: str) -> AbstractContextManager[Lease | None]:
        begun.append(name)
        return lease(database, name)

    def tried(house: House) -> None:
        begun.append("trial")
        trial(house)

    monkeypatch.setattr("scheduler.deliver.lease", noted)
    monkeypatch.setattr(heartbeat, "try_to_write", tried)
    assert run_until_done(here, lambda _name: FileChannel(tmp_path / "outbox")) == DeliveryCounts(sent=3)
    assert begun == [LEASE, "trial"]


@pytest.mark.postgres
def test_a_deliverer_that_lives_keeps_its_lease_however_long_a_message_takes(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = seed.house(postgres_url).database
    monkeypatch.setattr("scheduler.lease.SILENT_SECONDS", 2)
    monkeypatch.setattr("scheduler.lease.WORD_SECONDS", 0.5)
    with psycopg.connect(postgres_url, autocommit=True) as admin, lease(database, "deliver") as mine:
        assert mine is not None
        assert mine.take(["one"])
        words: set[object] = set()
        # Six words are more than two seconds, in which nobody asks anything of the lease.
        while len(words) < 6:
            [word] = admin.execute(LAST_WORDS).fetchall()
            words.add(word)
        assert mine.held()


def gone(here: House, channel: FileChannel) -> DeliveryCounts:
    """Deliver once the lease of a killed process is free: PostgreSQL needs a moment to see a broken connection."""
    attempts = (run_once(here, channel) for _ in range(2_000))
    return next(counts for counts in attempts if not counts.elsewhere)
