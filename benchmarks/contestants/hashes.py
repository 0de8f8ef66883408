"""The limit of an audit: hashlib alone over the same bodies, which lie in memory, and the tree over their hashes."""

import sqlite3
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from benchmarks.worker import Work, serve


def root(bodies: Sequence[bytes]) -> bytes:
    """Give the root of RFC 6962 over the bodies, level by level."""
    level = [sha256(b"\x00" + body).digest() for body in bodies]
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        level = [
            sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)
        ] + odd
    return level[0]


def bodies(url: str) -> list[bytes]:
    """Read the bodies of a log on SQLite in the order of the tree."""
    raw = sqlite3.connect(url.removeprefix("sqlite:///"))
    found = raw.execute("SELECT e.body FROM tree_leaf l JOIN event e USING (event_id) ORDER BY l.leaf_index")
    return [body for (body,) in found]


def prepare(task: dict[str, Any]) -> Work:
    """Take the bodies of the database at `url` into memory."""
    kept = bodies(task["url"])
    assert len(kept) == task["count"]  # noqa: S101 - otherwise less was done

    def work(number: int) -> None:
        del number
        root(kept)

    return work


if __name__ == "__main__":
    serve(prepare)
