"""The benchmark of delivery hands over all that waits, by one deliverer and by several at once."""

from pathlib import Path
from typing import Final

import pytest

from benchmarks.contest import Contestant, contest
from benchmarks.delivery import DELIVERERS, LENGTH, OURS, an_outbox, assert_handed_over, delivering, several
from benchmarks.transition import copied
from pdca.store.database import locate
from pdca.store.driver import Row, Statement
from tests.postgres import Server

MESSAGES: Final = 7
ROUNDS: Final = 1
OUTBOX: Final = Statement(
    "outbox", "SELECT status, count(*) AS many, count(sha256) AS hashed FROM notification GROUP BY status"
)
ALL_SENT: Final = [{"status": "sent", "many": MESSAGES, "hashed": MESSAGES}]


def outbox(url: str) -> list[Row]:
    with locate(url).connect() as connection:
        return connection.all(OUTBOX)


def test_each_round_delivers_all_of_its_outbox_and_the_limit_writes_as_many_bytes(tmp_path: Path) -> None:
    an_outbox(f"sqlite:///{tmp_path / 'template.db'}", MESSAGES)
    urls = [copied(tmp_path / "template.db", tmp_path / f"{number}.db") for number in range(ROUNDS + 1)]
    limit = {"folder": str(tmp_path / "out" / "limit"), "length": LENGTH}
    contest(
        [delivering(OURS, urls, tmp_path), Contestant("limit", "limit", "benchmarks.contestants.files", limit)],
        MESSAGES,
        ROUNDS,
    )
    assert_handed_over(tmp_path, MESSAGES, ROUNDS)
    assert [outbox(url) for url in urls] == [ALL_SENT] * (ROUNDS + 1)
    ours, theirs = (
        sum(file.stat().st_size for file in (tmp_path / "out" / name / "0").iterdir()) / MESSAGES
        for name in (OURS, "limit")
    )
    assert ours == pytest.approx(theirs, rel=0.02)


@pytest.mark.postgres
def test_several_deliverers_at_once_hand_over_each_message(postgres_server: Server, tmp_path: Path) -> None:
    with several(postgres_server, tmp_path, ROUNDS, MESSAGES) as contestants:
        assert [one.at_once for one in contestants] == list(DELIVERERS.values())
        contest(contestants, MESSAGES, ROUNDS)
        assert_handed_over(tmp_path, MESSAGES, ROUNDS)
        assert [outbox(url) for one in contestants for url in one.task["urls"]] == [ALL_SENT] * 6


def test_a_message_that_was_not_handed_over_is_missed(tmp_path: Path) -> None:
    for number in range(ROUNDS + 1):
        (tmp_path / "out" / OURS / str(number)).mkdir(parents=True)
        (tmp_path / "out" / OURS / str(number) / "one.eml").touch()
    assert_handed_over(tmp_path, 1, ROUNDS)
    (tmp_path / "out" / OURS / "1" / "one.eml").unlink()
    with pytest.raises(AssertionError, match=OURS):
        assert_handed_over(tmp_path, 1, ROUNDS)
