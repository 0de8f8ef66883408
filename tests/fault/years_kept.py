"""What must hold of a database whose time is over: every date was kept once, at its instant, and the log fits."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pdca.audit.verify import verify
from pdca.store.driver import Connection, Statement
from pdca.store.reads import evaluations
from pdca.store.verifying import StoredLog
from workflows.instants import from_text

BODIES = Statement("test_bodies", "SELECT body FROM event ORDER BY event_id")
PLAN_ROWS = Statement("test_plan_states", "SELECT * FROM plan ORDER BY plan_id")
MOMENTS = Statement("test_moments", "SELECT * FROM evaluation ORDER BY evaluation_id")


def assert_sound(connection: Connection, now: str, wanted: Mapping[str, datetime]) -> int:
    """Look at everything there is, and give how much was enforced; `wanted` maps evaluations to their instants."""
    assert connection.value(evaluations.COUNT_DUE, now=now) == 0
    # What the bodies of the log say was done, whatever key they bear.
    bodies = [json.loads(bytes(row["body"])) for row in connection.all(BODIES)]
    enforced = [body for body in bodies if body["due_at"] is not None]
    _assert_once(connection, bodies, now)
    _assert_climbed(enforced)
    _assert_instants(connection, wanted)
    report = verify(StoredLog(connection))
    assert report.ok, report.findings[:5]
    return len(enforced)


def _assert_once(connection: Connection, bodies: Sequence[Mapping[str, Any]], now: str) -> None:
    ends = Counter(name for body in bodies for name in _ended(body))
    resting = {row["plan_id"] for row in connection.all(PLAN_ROWS) if row["state"] == "suspended"}
    for row in connection.all(MOMENTS):
        times = ends[row["evaluation_id"]]
        over = row["due_at"] <= now
        assert times == over or (times == 0 and row["plan_id"] in resting), f"{row['evaluation_id']}: {times} times"


def _assert_climbed(enforced: Sequence[Mapping[str, Any]]) -> None:
    rungs: dict[str, list[int]] = {}
    for body in enforced:
        assert body["at"] >= body["due_at"], f"{body['key']} was enforced before it was due"
        deadline, _, rung = body["key"].rpartition("#")
        # A reminder is on no rung: its key has the instant in its place, and a key stands in the log once.
        if rung.isdigit():
            rungs.setdefault(deadline, []).append(int(rung))
    for deadline, climbed in rungs.items():
        assert climbed == list(range(climbed[0], climbed[0] + len(climbed))), f"{deadline}: {climbed}"


def _assert_instants(connection: Connection, wanted: Mapping[str, datetime]) -> None:
    for row in connection.all(MOMENTS):
        if due := wanted.get(row["evaluation_id"]):
            assert from_text(row["due_at"]) == due, row


def _ended(body: Mapping[str, Any]) -> list[str]:
    return [
        change["key"]["evaluation_id"]
        for change in body["changes"]
        if change["table"] == "evaluation" and change["set"].get("status") in ("open", "missed", "cancelled")
    ]
