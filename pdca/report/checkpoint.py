"""The state of the log as it is printed under what leaves the house."""

from typing import Any

from pdca.store import eventlog
from pdca.store.driver import Connection


def checkpoint(connection: Connection) -> dict[str, Any]:
    """Give how many events the tree of the log holds, and its root in hex."""
    size, root = eventlog.checkpoint(connection)
    return {"size": size, "root": root}
