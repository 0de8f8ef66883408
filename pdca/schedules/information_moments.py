"""The moments at which one party is informed of a plan, as a decision of the project group makes them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from pdca.plans import deadlines
from pdca.schedules.reconcile import Decided, Kept
from pdca.schedules.stored import as_schedule
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import to_json
from pdca.store.reads import information
from pdca.store.rows import Change
from workflows.method import WorkflowDefinition
from workflows.moments import SERIES, Schedule
from workflows.workdays import WorkingCalendar

_STATED = 0
"""Stands for a decision that there was not: a file states the moment."""


class InformationMoments(Kept):
    """The moments at which a party is informed of a plan, by one `method`, as they are at `now`.

    A decision takes the place of what a file stated for the party: what is to come of that goes as what comes from an
    earlier decision does, and what is not enforced waits for a decision, as one that was cancelled does.
    """

    table, name = "information_moment", "information_id"

    def __init__(
        self,
        connection: Connection,
        plan: Row,
        party_id: str,
        method: str,
        definition: WorkflowDefinition,
        now: dt.datetime,
    ) -> None:
        self._method = to_json(method)
        rows = connection.all(information.MOMENTS, plan_id=plan["plan_id"], party_id=party_id)
        waiting = [
            {**row, "status": row["status"] or "cancelled", "schedule_number": row["schedule_number"] or _STATED}
            for row in rows
        ]
        # Two of one day differ by their method: the decision takes up the one that has it already.
        waiting.sort(key=lambda row: row["method"] != self._method)
        there = connection.all(information.DEADLINES, plan_id=plan["plan_id"])
        super().__init__(plan, definition, now, waiting, there)

    def deadline(self, row: Row) -> Change:
        """Make the deadline at which the report is prepared."""
        return deadlines.of_information(row)

    def changed(self, row: Row, values: Mapping[str, Any]) -> list[Change]:
        """A moment with other values, by the method that was decided."""
        planned = values.get("status") == "planned"
        return super().changed(row, {**values, **({"method": self._method} if planned else {})})


def as_information_schedule(row: Mapping[str, Any], calendar: WorkingCalendar) -> Schedule:
    """Give what a row of `information_schedule` says of the moments."""
    return as_schedule({**row, "anchor": SERIES}, calendar)


def decided_to_inform(number: int, party_id: str, method: str, schedule: Schedule | None) -> Decided:
    """Give a decision as moments of information bear it."""
    texts = {date.date: date.text for date in schedule.dates} if schedule else {}
    return Decided(number, {"party_id": party_id, "method": to_json(method)}, texts)


def ended(row: Mapping[str, Any]) -> bool:
    """Tell whether a decision says that the party is not informed any more."""
    return row["dates"] is None and row["rules"] is None


def last_of_each(rows: Sequence[Row]) -> list[Row]:
    """Pick the decision that is in force for each party; `rows` are all of one plan, the first first."""
    return list({row["party_id"]: row for row in rows}.values())
