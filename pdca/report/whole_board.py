"""The board as facts: the plans that an audience sees, by the state that they are in."""

from datetime import datetime
from typing import Any

from pdca.house import installation
from pdca.report.board import piles
from pdca.report.checkpoint import checkpoint
from pdca.report.plan_lines import lines
from pdca.report.progress import content_hash
from pdca.standing import local_day
from pdca.store.driver import Connection
from pdca.store.jsontext import from_json
from workflows.instants import to_text


def whole_board(connection: Connection, *, audience: str, now: datetime) -> dict[str, Any]:
    """Give every state with the plans that are in it, and every plan in a line; raises Usage for no such audience."""
    plans, _parts = lines(connection, audience=audience, now=now)
    body = installation(connection)
    facts: dict[str, Any] = {
        "audience": audience,
        "made_at": to_text(now),
        "today": local_day(connection, now).isoformat(),
        "body": {"name": from_json(body["name"]), "simulated": bool(body["simulated"])},
        "states": [
            {
                "state": pile.state,
                "label": pile.label,
                "phase": pile.phase,
                "plans": [one["plan_id"] for one in pile.plans],
            }
            for pile in piles(connection, plans)
        ],
        "plans": plans,
    }
    return {**facts, "content_sha256": content_hash(facts), "checkpoint": checkpoint(connection)}
