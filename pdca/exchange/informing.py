"""The moments of a plan at which others are told of the progress made.

One that follows from a decision of the group comes in with a plan that is new; later it is never written, for it goes
with the decision. One that a file states without a decision is enforced too, where its day is to come and its method is
one by which reports go. One that lies before the import is kept as such, and no report is prepared for it.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from pdca.engine import Desk
from pdca.exchange import plan_rows
from pdca.exchange.as_rows import Wanted
from pdca.exchange.document import PlacedPlan
from pdca.exchange.moment_records import InformingDecision
from pdca.exchange.moments import by_kind
from pdca.exchange.plan_records import Information
from pdca.exchange.problems import Problem
from pdca.exchange.stored import Stored, different
from pdca.i18n import _
from pdca.plans import deadlines
from pdca.store.driver import Row
from pdca.store.reads import information
from pdca.store.rows import Change, insert, update
from workflows.instants import to_text
from workflows.method import WorkflowDefinition
from workflows.schedule import due_instant

_NOT_STATED: Final = frozenset({"due_date"})
"""Where a day moved to follows from the working days of the body."""


class Informing:
    """The moments at which parties are told, of one plan; `problems` are what an edit may not do."""

    def __init__(
        self,
        desk: Desk,
        stored: Stored,
        definition: WorkflowDefinition,
        plan: Row,
        problems: list[Problem],
        *,
        exact: bool,
    ) -> None:
        self._desk = desk
        self._stored = stored
        self._definition = definition
        self._plan = plan
        self._plan_id = plan["plan_id"]
        self._problems = problems
        self._exact = exact
        self._new_plan = "version" not in plan

    def changes(self, placed: PlacedPlan) -> Iterator[Change]:
        """Give the changes to the moments of information."""
        rows = self._stored.of("information_moment", "plan_id", self._plan_id)
        there = {_key(row): row for row in rows}
        said = [
            (moment, plan_rows.information(moment, placed.plan.information_schedules))
            for moment in placed.plan.information
        ]
        moments = {_key(values): (moment, values) for moment, values in said}
        gone = [row for key, row in there.items() if key not in moments] if self._exact else []
        movable = by_kind([row for row in gone if _is_free(row)], lambda row: row["party_id"])
        if any(not _is_free(row) for row in gone):
            self._problem(placed, ("information",))
        for key, (moment, values) in moments.items():
            row = there.get(key)
            if moment.schedule is not None or (row is not None and row["schedule_number"] is not None):
                yield from self._decided(moment, values, row, placed)
                continue
            free = movable[values["party_id"]]
            row = row or (free.pop(0) if free else None)
            if row is None:
                yield from self._stated(moment, values)
            elif different(row, values):
                yield from self._restated(moment, values, row, placed)
        for left in movable.values():
            for row in left:
                yield from self._rests(row, {"information_id": None})
                yield Change("delete", "information_moment", {"information_id": row["information_id"]})

    def _stated(self, moment: Information, values: dict[str, Any]) -> Iterator[Change]:
        made = self._new({**values, **self._due(moment)})
        yield made
        if "due_at" in made.set:
            yield self._deadline({**made.key, **made.set})

    def _restated(self, moment: Information, values: dict[str, Any], row: Row, placed: PlacedPlan) -> Iterator[Change]:
        """Change what a file states of a moment, and its deadline with it; what was prepared for it stays."""
        if not _is_free(row):
            self._problem(placed, ("information", placed.plan.information.index(moment)))
            return
        own = {"information_id": row["information_id"]}
        due = self._due(moment)
        wanted = {**values, "due_at": None, "status": None, **due}
        yield from self._stored.differences([Wanted("information_moment", own, wanted)])
        there = self._desk.connection.one(information.DEADLINE, **own)
        if not due:
            yield from self._rests(row, {})
        elif there is None:
            yield self._deadline({**row, **wanted})
        elif there["due_at"] != due["due_at"] or there["status"] == "void":
            again = dict(self._deadline({**row, **wanted}).set)
            columns = {name: again[name] for name in ("since", "due_at", "status")}
            yield update("deadline", {"deadline_id": there["deadline_id"]}, **columns, done_at=None)

    def _due(self, moment: Information) -> dict[str, Any]:
        """Say when the report is prepared; nothing where none is: for another method, a day past, a plan that ended."""
        due = due_instant(moment.date.date, self._definition.evaluation.time, self._plan["zone"])
        ended = self._definition.state_by_id[self._plan["state"]].ended
        if plan_rows.word_of_method(moment) is None or due <= self._desk.uow.now or ended:
            return {}
        return {"due_at": to_text(due), "status": "planned"}

    def _deadline(self, row: dict[str, Any]) -> Change:
        return deadlines.resting(deadlines.of_information(row), self._plan, self._definition)

    def _rests(self, row: Row, values: dict[str, Any]) -> Iterator[Change]:
        """Void the deadline of a moment, if it has one; its number is never given out again."""
        own = {"information_id": row["information_id"]}
        if there := self._desk.connection.one(information.DEADLINE, **own):
            ended = {"status": "void", "done_at": self._desk.uow.now_text}
            yield update("deadline", {"deadline_id": there["deadline_id"]}, **values, **ended)

    def _decided(
        self, moment: Information, values: dict[str, Any], row: Row | None, placed: PlacedPlan
    ) -> Iterator[Change]:
        if row is None and self._new_plan:
            yield from self._scheduled(moment, values, placed.plan.information_schedules)
            return
        said = {name: value for name, value in values.items() if name not in _NOT_STATED}
        cancelled = row is not None and row["status"] == "cancelled"
        if row is None or different(row, said) or (self._exact and moment.cancelled != cancelled):
            self._problem(placed, ("information", placed.plan.information.index(moment)))

    def _scheduled(
        self, moment: Information, values: dict[str, Any], decisions: Sequence[InformingDecision]
    ) -> Iterator[Change]:
        decision = decisions[int(moment.schedule or 1) - 1].schedule
        due = due_instant((moment.falls or moment.date).date, decision.time, decision.zone)
        status = "planned" if due > self._desk.uow.now else "before_import"
        made = self._new({**values, "due_at": to_text(due), "status": "cancelled" if moment.cancelled else status})
        yield made
        if made.set["status"] == "planned":
            yield self._deadline({**made.key, **made.set})

    def _new(self, values: dict[str, Any]) -> Change:
        own = {"information_id": self._stored.next_id("information_moment")}
        return insert("information_moment", own, plan_id=self._plan_id, **values)

    def _problem(self, placed: PlacedPlan, path: tuple[str | int, ...]) -> None:
        message = _("When others are informed follows from a decision of the project group, and is not written.")
        hint = _("Leave it as it is; `pdca information set` decides anew.")
        self._problems.append(Problem("edit-information-decided", message, placed.place((*placed.path, *path)), hint))


def _is_free(row: Row) -> bool:
    """Tell whether a file may still say otherwise: no decision made the moment, and nothing was prepared for it."""
    return row["schedule_number"] is None and row["status"] in (None, "planned")


def _key(row: Row) -> tuple[str, str, str]:
    return row["party_id"], row["stated_date"], row["method"]
