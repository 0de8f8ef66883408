"""The limit: the same rows written in the same transactions by the bare driver, at the same durability.

Where the questions were recorded as well they are asked, and their answers fetched and dropped.
"""

import pickle
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.recorded import Written
from benchmarks.worker import Work, serve, shared

Rounds = Sequence[Sequence[Written]]


def prepare(task: dict[str, Any]) -> Work:
    """Take the database at `url`, and the transactions that were `recorded` for it."""
    recorded = pickle.loads(Path(task["recorded"]).read_bytes())  # noqa: S301 - written by the bench itself
    rounds = [shared(transactions, task) for transactions in recorded]
    return _on_postgresql(task, rounds) if task["url"].startswith("postgres") else _on_sqlite(task, rounds)


def _on_sqlite(task: dict[str, Any], rounds: Rounds) -> Work:
    raw = sqlite3.connect(task["url"].removeprefix("sqlite:///"), isolation_level=None)
    raw.execute(f"PRAGMA synchronous={'FULL' if task.get('lasting', True) else 'OFF'}")
    assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)  # noqa: S101 - as ours

    def work(number: int) -> None:
        for transaction in rounds[number]:
            raw.execute("BEGIN IMMEDIATE")
            for text, parameters in transaction:
                raw.execute(text, parameters).fetchall()
            raw.execute("COMMIT")

    return work


def _on_postgresql(task: dict[str, Any], rounds: Rounds) -> Work:
    import psycopg

    raw = psycopg.connect(task["url"], autocommit=True)

    def work(number: int) -> None:
        for transaction in rounds[number]:
            raw.execute("BEGIN")
            for text, parameters in transaction:
                answer = raw.execute(text, parameters)
                if answer.description:
                    answer.fetchall()
            raw.execute("COMMIT")

    return work


if __name__ == "__main__":
    serve(prepare)
