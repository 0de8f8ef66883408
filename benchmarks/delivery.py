"""Messages prepared and handed to the file channel: ours, by one deliverer and by several, and two job queues.

The queues only hand over: their jobs write as many bytes as durably, and neither make a mail nor record it in a log.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.contest import Contestant, Result, contest
from benchmarks.figures import Bound, Figure
from benchmarks.transition import copied
from pdca.store.database import locate
from pdca.store.reads import notifications
from tests import postgres, seed
from tests.contract.delivering import waiting_house
from tests.crowds import multiply_messages
from workflows.instants import to_text

PROMISED: Final = 1_000
"""Messages a second."""

LENGTH: Final = 4_600
"""Bytes of one of our messages, within a few: so many the others write."""

OURS: Final = "pdca"
LIMIT: Final = "bare files, as durable"
TWO: Final = "pdca, 2 deliverers at once"
FOUR: Final = "pdca, 4 deliverers at once"
DELIVERERS: Final = {OURS: 1, TWO: 2, FOUR: 4}
SCALING: Final = Bound(2.5)
"""That several deliverers scale to four was promised without a figure; this is the one promised of transitions."""

QUEUES: Final = {"procrastinate": "procrastinate_jobs", "PgQueuer": "pgqueuer_jobs"}


def run(rounds: int, messages: int) -> list[Figure]:
    """Measure on SQLite, and on PostgreSQL if it is there."""
    figures = on_sqlite(rounds, messages)
    if postgres.programs() is None:
        sys.stderr.write("PostgreSQL: its server programs are not on this machine\n")
        return figures
    return figures + on_postgresql(rounds, messages)


def on_sqlite(rounds: int, messages: int) -> list[Figure]:
    """Measure one deliverer beside the limit."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        template = place / "template.db"
        an_outbox(f"sqlite:///{template}", messages)
        urls = [copied(template, place / f"{number}.db") for number in range(rounds + 1)]
        result = contest([delivering(OURS, urls, place), _limit(place)], messages, rounds)
        assert_handed_over(place, messages, rounds)
    bench = f"{messages:,} messages, SQLite"
    return [_promised(bench, result), _figure(bench, result, OURS, LIMIT)]


def on_postgresql(rounds: int, messages: int) -> list[Figure]:
    """Measure one deliverer, several at once, and the queues."""
    with (
        postgres.running() as server,
        tempfile.TemporaryDirectory() as folder,
        several(server, Path(folder), rounds, messages) as ours,
        ExitStack() as databases,
    ):
        peers = [
            Contestant(name, "peer", f"benchmarks.peers.{module}", {**_handing_over(Path(folder), name), "url": url})
            for name, module in QUEUES.items()
            for url in [server.url(databases.enter_context(server.fresh_database()))]
        ]
        result = contest([*ours, *peers], messages, rounds)
        assert_handed_over(Path(folder), messages, rounds)
    bench = f"{messages:,} messages, PostgreSQL"
    return [
        _promised(bench, result),
        _figure(bench, result, TWO, OURS),
        _figure(bench, result, FOUR, OURS, SCALING),
        *(_figure(bench, result, OURS, name) for name in QUEUES),
    ]


@contextmanager
def several(server: postgres.Server, place: Path, rounds: int, messages: int) -> Iterator[list[Contestant]]:
    """Give one deliverer, and several at once; each has a copy of one outbox for each round."""
    with server.fresh_database() as template, ExitStack() as copies:
        an_outbox(server.url(template), messages)
        yield [
            delivering(
                name,
                [server.url(copies.enter_context(server.fresh_database(template))) for _ in range(rounds + 1)],
                place,
                at_once,
            )
            for name, at_once in DELIVERERS.items()
        ]


def an_outbox(url: str, messages: int) -> None:
    """Make a body in which so many messages wait, each for somebody else."""
    waiting_house(url)
    with locate(url).connect(writing=True) as connection:
        multiply_messages(connection, messages - connection.value(notifications.WAITING))


def delivering(name: str, urls: Sequence[str], place: Path, at_once: int = 1) -> Contestant:
    """Make the contestant of ours, with its database for each round; so many processes deliver at once."""
    task: dict[str, Any] = {"urls": urls, "folder": str(place / "out" / name), "at": to_text(seed.START)}
    return Contestant(name, "ours", "benchmarks.contestants.deliver", task, at_once=at_once)


def assert_handed_over(place: Path, messages: int, rounds: int) -> None:
    """See that every contestant has handed over every message of every round."""
    found = {folder.relative_to(place): sum(1 for _ in folder.glob("*.eml")) for folder in (place / "out").glob("*/*")}
    if set(found.values()) != {messages} or len(found) % (rounds + 1):
        raise AssertionError(found)


def _limit(place: Path) -> Contestant:
    return Contestant(LIMIT, "limit", "benchmarks.contestants.files", _handing_over(place, LIMIT))


def _handing_over(place: Path, name: str) -> dict[str, Any]:
    return {"folder": str(place / "out" / name), "length": LENGTH}


def _promised(bench: str, result: Result) -> Figure:
    ratio = result.rate(OURS) / PROMISED
    return Figure(bench, OURS, f"{PROMISED:,} a second", ratio, Bound(1), PROMISED)


def _figure(bench: str, result: Result, one: str, other: str, bound: Bound | None = None) -> Figure:
    return Figure(bench, one, other, result.ratio(one, other), bound, result.rate(other))
