"""The state of the log as it is printed under what leaves the house."""

from typing import Any

from pdca.audit import tree
from pdca.store import eventlog
from pdca.store.driver import Connection
from pdca.store.reads import checkpoints


def checkpoint(connection: Connection) -> dict[str, Any]:
    """Give how many events the tree of the log holds, its root in hex, and the note that was signed last, or None."""
    size = eventlog.tree_size(connection)
    signed = connection.one(checkpoints.LATEST)
    root = tree.root(size, eventlog.node_reader(connection)).hex()
    return {"size": size, "root": root, "note": signed and signed["note"]}
