"""Importing one plan: its rows, its moments of evaluation and information, and the deadlines that follow."""

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from pdca.engine import Desk
from pdca.exchange import as_rows
from pdca.exchange.as_rows import Wanted
from pdca.exchange.document import PlacedPlan
from pdca.exchange.records import Evaluation
from pdca.exchange.stored import Stored
from pdca.plans import deadlines
from pdca.store.driver import Row
from pdca.store.rows import Change, insert
from workflows.instants import to_text
from workflows.method import WorkflowDefinition
from workflows.schedule import due_instant


class PlanImport:
    """The plans of a document beside those there are. `zone` is where the dates of new plans are meant."""

    def __init__(
        self, desk: Desk, stored: Stored, definition: WorkflowDefinition, programme_id: str, zone: str
    ) -> None:
        self._desk = desk
        self._stored = stored
        self._definition = definition
        self._programme_id = programme_id
        self._zone = zone
        self._evaluations = stored.by_plan("evaluation")
        self._information = stored.by_plan("information_moment")

    def changes(self, placed: PlacedPlan, row: Row | None, numbers: Mapping[str, str]) -> list[Change]:
        """Give the changes that bring a plan (`row`, None for a new one) to what the document says."""
        plan_id = numbers[placed.plan.id]
        wanted = list(as_rows.plan(placed, plan_id, numbers))
        if row is None:
            wanted[0] = Wanted("plan", wanted[0].key, {**wanted[0].values, **self._beginning()})
        plan = {**(row or {}), **wanted[0].key, **wanted[0].values}
        return [
            *self._stored.differences(wanted),
            *(self._start_deadline(plan) if row is None else ()),
            *self._moments(placed, plan),
            *self._informing(placed, plan_id),
        ]

    def _beginning(self) -> dict[str, Any]:
        return {
            "programme_id": self._programme_id,
            "author_id": self._desk.actor.person_id,
            "state": self._definition.initial,
            "state_since": self._desk.uow.now_text,
            "cycle": 1,
            "zone": self._zone,
            "definition": self._definition.id,
            "definition_version": self._definition.version,
        }

    def _start_deadline(self, plan: Row) -> list[Change]:
        # The planned start of a plan whose whole period lies before the import is history, not a deadline.
        now = self._desk.uow.now
        if plan["period_end"] < now.astimezone(ZoneInfo(plan["zone"])).date().isoformat():
            return []
        return deadlines.of_state(plan, self._definition, self._definition.initial, now, 1)

    def _moments(self, placed: PlacedPlan, plan: Row) -> Iterator[Change]:
        there = {(row["kind"], row["stated_date"]): row for row in self._evaluations.get(plan["plan_id"], ())}
        for moment in placed.plan.evaluations:
            row = there.get((moment.kind, moment.date.text))
            if row is None:
                yield from self._new_moment(moment, plan)
            else:
                key = {"evaluation_id": row["evaluation_id"]}
                yield from self._stored.differences([Wanted("evaluation", key, as_rows.evaluation(moment))])

    def _new_moment(self, moment: Evaluation, plan: Row) -> Iterator[Change]:
        due = due_instant(moment.date.date, self._definition.evaluation.time, plan["zone"])
        planned = due > self._desk.uow.now
        key = {"evaluation_id": self._stored.next_id("evaluation", "E")}
        values = {
            "plan_id": plan["plan_id"],
            "kind": moment.kind,
            "stated_date": moment.date.text,
            "due_date": moment.date.date.isoformat(),
            "due_at": to_text(due),
            "first_due_at": to_text(due),
            "status": "planned" if planned else "before_import",
            **as_rows.evaluation(moment),
        }
        yield insert("evaluation", key, **values)
        if planned:
            yield deadlines.resting(deadlines.of_evaluation({**key, **values}), plan, self._definition)

    def _informing(self, placed: PlacedPlan, plan_id: str) -> Iterator[Change]:
        there = {
            (row["party_id"], row["stated_date"], row["method"]): row for row in self._information.get(plan_id, ())
        }
        for moment in placed.plan.information:
            values = as_rows.information(moment)
            row = there.get((values["party_id"], values["stated_date"], values["method"]))
            if row is None:
                key = {"information_id": self._stored.next_id("information_moment", "I")}
                yield insert("information_moment", key, plan_id=plan_id, **values)
            else:
                key = {"information_id": row["information_id"]}
                yield from self._stored.differences([Wanted("information_moment", key, values)])
