"""One durable transition on PostgreSQL: ours and the bare driver's, by one connection and by four at once, and DBOS.

There a transition gives its event no place in the tree: the sealer does that for many events at once. So neither ours
nor the limit does it here.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.contest import Contestant, contest
from benchmarks.figures import Bound, Figure
from benchmarks.transition import DURABLE, NOW, PEERS, plans_that_run, recorded
from tests import postgres, seed
from workflows.instants import to_text

COUNT: Final = 80
"""Transitions in a round, of all connections together."""

AT_ONCE: Final = 4
BENCH: Final = "a transition without its place in the tree, PostgreSQL"
OURS: Final = "pdca"
LIMIT: Final = "bare psycopg, the same rows"
OURS_AT_ONCE: Final = f"pdca, {AT_ONCE} connections at once"
ASKING: Final = "bare psycopg, the same rows and questions"
LIMIT_AT_ONCE: Final = f"bare psycopg, the same rows, {AT_ONCE} connections at once"
FIGURES: Final = (
    (OURS, LIMIT, Bound(0.6)),
    (OURS, ASKING, None),
    (ASKING, LIMIT, None),
    (OURS_AT_ONCE, OURS, Bound(2.5)),
    (OURS_AT_ONCE, LIMIT_AT_ONCE, None),
    (LIMIT_AT_ONCE, LIMIT, None),
    (OURS, DURABLE, Bound(10)),
)


def run(rounds: int) -> list[Figure]:
    """Measure on a server of its own, if its programs are there."""
    if postgres.programs() is None:
        sys.stderr.write("PostgreSQL: its server programs are not on this machine\n")
        return []
    with (
        postgres.running() as server,
        tempfile.TemporaryDirectory() as place,
        contestants(server, Path(place), rounds, COUNT) as (ours, limits),
        server.fresh_database() as name,
    ):
        peer = Contestant(DURABLE, "peer", f"benchmarks.peers.{PEERS[DURABLE]}", {"url": server.url(name)})
        result = contest([*ours, *limits, peer], COUNT, rounds)
    return [
        Figure(BENCH, one, other, result.ratio(one, other), bound, result.rate(other)) for one, other, bound in FIGURES
    ]


@contextmanager
def contestants(
    server: postgres.Server, place: Path, rounds: int, count: int
) -> Iterator[tuple[Sequence[Contestant], Sequence[Contestant]]]:
    """Give ours and those that set the limit, one connection first; each has a copy of one database."""
    with server.fresh_database() as template, ExitStack() as copies:

        def copy() -> str:
            return server.url(copies.enter_context(server.fresh_database(template)))

        plans = plans_that_run(server.url(template), rounds + 1, count)
        files = recorded(copy(), plans, place)
        ours: dict[str, Any] = {"plans": plans, "leader": seed.LEAD.handle, "at": to_text(NOW)}
        yield (
            [
                Contestant(name, "ours", "benchmarks.contestants.advance", {**ours, "url": copy()}, at_once=at_once)
                for name, at_once in ((OURS, 1), (OURS_AT_ONCE, AT_ONCE))
            ],
            [
                Contestant(
                    name,
                    "limit",
                    "benchmarks.contestants.replay",
                    {"recorded": str(file), "url": copy()},
                    at_once=at_once,
                )
                for name, file, at_once in (
                    (LIMIT, files.rows, 1),
                    (LIMIT_AT_ONCE, files.rows, AT_ONCE),
                    (ASKING, files.whole, 1),
                )
            ],
        )
