"""What an installation lacks before its plans can be worked and its people told."""

from dataclasses import dataclass
from datetime import datetime

from pdca import methods
from pdca.report.completeness import apart
from pdca.standing import local_day
from pdca.store.driver import Connection, Row
from pdca.store.reads import evaluations, people, plans
from workflows.instants import to_text
from workflows.method import State


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """Something that is missing, and for what: ids of parties, people, plans or evaluations, or the name of a file.

    `code` is nobody-represents, no-lead, no-evaluation, plan-outside-programme, no-address or before-import; after an
    import also end-not-marked, base-unknown or plan-left-out.
    """

    code: str
    subjects: tuple[str, ...]


def shortcomings(connection: Connection, now: datetime) -> list[Shortcoming]:
    """List what is missing; what lacks nothing is left out."""
    today = local_day(connection, now).isoformat()
    running = [row for row in connection.all(plans.PLANS) if not _state(connection, row).ended]
    at_work = {row["plan_id"] for row in running}
    moments = [row for row in connection.all(evaluations.ALL) if row["plan_id"] in at_work]
    coming = {row["plan_id"] for row in moments if row["status"] == "planned" and row["due_at"] > to_text(now)}
    waiting = [row["plan_id"] for row in running if _state(connection, row).phase == "plan"]
    programmes = {row["programme_id"]: row for row in connection.all(plans.PROGRAMMES)}
    found = {
        "nobody-represents": [row["party_id"] for row in connection.all(people.UNREACHABLE_PARTIES, today=today)],
        "no-address": [row["person_id"] for row in connection.all(people.WITHOUT_ADDRESS, today=today)],
        "no-lead": [row["plan_id"] for row in running if row["lead_id"] is None],
        "no-evaluation": [plan_id for plan_id in waiting if plan_id not in coming],
        "plan-outside-programme": [row["plan_id"] for row in running if apart(row, programmes[row["programme_id"]])],
        "before-import": [row["evaluation_id"] for row in moments if row["status"] == "before_import"],
    }
    return [Shortcoming(code, tuple(subjects)) for code, subjects in found.items() if subjects]


def _state(connection: Connection, row: Row) -> State:
    return methods.state_of(connection, row)
