"""The limit of who writes much at once: the same rows in batches, each statement with all of its rows, each durable."""

import pickle
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.worker import Work, serve

Batch = list[tuple[str, list[dict[str, object]]]]


def prepare(task: dict[str, Any]) -> Work:
    """Take the database at `url`, and the batches of each round from its file in the folder `recorded`."""
    write = (_on_postgresql if task["url"].startswith("postgres") else _on_sqlite)(task["url"])

    def work(number: int) -> Callable[[], None]:
        content = (Path(task["recorded"]) / f"{number}.pickle").read_bytes()
        batches: list[Batch] = pickle.loads(content)  # noqa: S301 - written by the bench itself

        def written() -> None:
            for batch in batches:
                write(batch)

        return written

    return work


def _on_sqlite(url: str) -> Callable[[Batch], None]:
    raw = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    raw.execute("PRAGMA synchronous=FULL")
    assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)  # noqa: S101 - as ours

    def write(batch: Batch) -> None:
        raw.execute("BEGIN IMMEDIATE")
        for text, rows in batch:
            raw.executemany(text, rows)
        raw.execute("COMMIT")

    return write


def _on_postgresql(url: str) -> Callable[[Batch], None]:
    import psycopg

    raw = psycopg.connect(url, autocommit=True)

    def write(batch: Batch) -> None:
        with raw.transaction(), raw.cursor() as cursor:
            for text, rows in batch:
                cursor.executemany(text, rows)

    return write


if __name__ == "__main__":
    serve(prepare)
