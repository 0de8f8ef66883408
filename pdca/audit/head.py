"""The head of an event: what its body says but for the rows that were changed."""

import json
from typing import Any


def head_of(body: bytes) -> dict[str, Any]:
    """Return the members of a stored body but for its changes, which are most of it; a ValueError for what is no JSON.

    What canonical JSON (RFC 8785) puts between the members before and after them is passed over: no text holds a bare
    quote, and behind the changes stand no other lists of rows. A body that is written otherwise is read whole.
    """
    before, begun, rest = body.partition(b',"changes":[')
    _changes, ended, after = rest.rpartition(b'],"due_at":')
    members: dict[str, Any] = json.loads(before + b',"due_at":' + after if begun and ended else body)
    return members
