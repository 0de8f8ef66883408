"""The moments of a plan at which it is evaluated.

A definite date, once the plan has left Plan, moves by an approved extension only (DESIGN §3), so an edit neither moves
nor drops it. One that follows from a decision of the group is never written: it goes with the decision. A moment that
lies before the import is kept as such and never enforced.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from pdca.engine import Desk
from pdca.evaluation_status import STATUS
from pdca.exchange import plan_rows
from pdca.exchange.as_rows import Wanted
from pdca.exchange.document import PlacedPlan
from pdca.exchange.moment_records import Decision
from pdca.exchange.plan_records import Evaluation
from pdca.exchange.problems import Problem
from pdca.exchange.stored import Stored
from pdca.i18n import _
from pdca.plans import deadlines, reminders
from pdca.store.driver import Row
from pdca.store.reads import evaluations
from pdca.store.reads.exchange import TOLD_OF_EVALUATION
from pdca.store.reads.reminding import REMINDER
from pdca.store.rows import Change, insert, update
from workflows.instants import from_text, to_text
from workflows.method import WorkflowDefinition
from workflows.schedule import due_instant


class Evaluations:
    """The evaluations of one plan; `method` is what holds for its reminders, `problems` what an edit may not do."""

    def __init__(
        self,
        desk: Desk,
        stored: Stored,
        definition: WorkflowDefinition,
        plan: Row,
        method: WorkflowDefinition,
        problems: list[Problem],
        *,
        exact: bool,
    ) -> None:
        self._desk = desk
        self._stored = stored
        self._definition = definition
        self._plan = plan
        self._method = method
        self._problems = problems
        self._exact = exact
        self._new_plan = "version" not in plan

    def changes(self, placed: PlacedPlan) -> Iterator[Change]:
        """Give the changes to the evaluations and their deadlines."""
        rows = self._stored.of("evaluation", "plan_id", self._plan["plan_id"])
        there = {(row["kind"], row["stated_date"]): row for row in rows}
        wanted = {(moment.kind, moment.date.text): moment for moment in placed.plan.evaluations}
        gone = [row for key, row in there.items() if key not in wanted] if self._exact else []
        movable = by_kind(self._free(gone, placed), lambda row: row["kind"])
        for key, moment in wanted.items():
            if row := there.get(key):
                self._keeps_its_day(row, moment, placed)
                own = {"evaluation_id": row["evaluation_id"]}
                yield from self._stored.differences([Wanted("evaluation", own, plan_rows.evaluation(moment))])
            elif moment.schedule is not None and not self._new_plan:
                self._follows(moment, placed)
            elif movable[moment.kind]:
                yield from self._moved(movable[moment.kind].pop(0), moment, placed.plan.schedules)
            else:
                yield from self._new(moment, placed.plan.schedules)
        for left in movable.values():
            for row in left:
                yield from self._dropped(row)

    def _free(self, gone: Iterable[Row], placed: PlacedPlan) -> list[Row]:
        """Pick the evaluations that nothing has happened to; the others are problems."""
        found = []
        for row in gone:
            if because := self._holds(row):
                reason, hint = because
                words = {"evaluation": row["evaluation_id"], "kind": row["kind"], "date": row["stated_date"]}
                message = _("%(evaluation)s (%(kind)s, %(date)s) has to stay: %(reason)s.")
                place = placed.place((*placed.path, "evaluations"))
                problem = Problem("edit-evaluation-fixed", message % {**words, "reason": reason}, place, hint)
                self._problems.append(problem)
            else:
                found.append(row)
        return found

    def _holds(self, row: Row) -> tuple[str, str] | None:
        back = _("Write it again: date: %(date)s, kind: %(kind)s.")
        back %= {"date": row["stated_date"], "kind": row["kind"]}
        if row["status"] == "before_import":
            return _("it lies before the plan was taken in"), back
        if row["status"] != "planned":
            status = STATUS[row["status"]]
            return _("it is “%(status)s”") % {"status": _(status)}, back
        if from_text(row["due_at"]) <= self._desk.uow.now:
            return _("its date has come"), back
        if found := self._moved_otherwise(row):
            reason, command = found
            return reason, f"{back} " + _("To move it: `%(command)s`.") % {"command": command}
        return None

    def _moved_otherwise(self, row: Row) -> tuple[str, str] | None:
        """Why an evaluation to come does not move by an edit, and the command by which it does."""
        number = row["evaluation_id"]
        if row["schedule_number"] is not None:
            reason = _("it follows from a decision of the project group")
            return reason, f"pdca schedule set {row['plan_id']} --reason …"
        if self._definition.state_by_id[self._plan["state"]].phase != "plan":
            reason = _("the plan has left Plan, so its dates move by an approved extension only")
            return reason, f"pdca evaluation extend {number} --to DATE --reason …"
        told = {"plan_id": row["plan_id"], "evaluation_id": number}
        if self._stored.of("extension", "evaluation_id", number) or self._desk.connection.one(
            TOLD_OF_EVALUATION, **told
        ):
            return _("people were told of it"), f"pdca evaluation extend {number} --to DATE"
        return None

    def _keeps_its_day(self, row: Row, moment: Evaluation, placed: PlacedPlan) -> None:
        """What follows from a decision is no writing: a file that says it otherwise is a problem."""
        wanted = {**plan_rows.decided(moment), "falls": moment.falls.text if moment.falls else None}
        known = {**row, "falls": plan_rows.falls(row, self._zone_of(row))}
        if not self._exact:
            wanted = {name: value for name, value in wanted.items() if value is not None}
        if any(known[name] != value for name, value in wanted.items()) or (
            self._exact and moment.cancelled != (row["status"] == "cancelled")
        ):
            self._follows(moment, placed)

    def _follows(self, moment: Evaluation, placed: PlacedPlan) -> None:
        message = _("The evaluation of %(date)s follows from a decision of the project group, and is not written.")
        message %= {"date": moment.date.text}
        hint = _("Leave schedule, falls, moved and cancelled as they are; `pdca schedule set` decides anew.")
        index = placed.plan.evaluations.index(moment)
        place = placed.place((*placed.path, "evaluations", index))
        self._problems.append(Problem("edit-evaluation-decided", message, place, hint))

    def _zone_of(self, row: Row) -> str:
        decision = self._stored.row("schedule", row["plan_id"], row["schedule_number"])
        return str((decision or self._plan)["zone"])

    def _dates(self, moment: Evaluation, decisions: Sequence[Decision] = ()) -> dict[str, Any]:
        time, zone = self._definition.evaluation.time, self._plan["zone"]
        if moment.schedule is not None:
            decision = decisions[int(moment.schedule) - 1].schedule
            time, zone = decision.time, decision.zone
        day = (moment.falls or moment.date).date
        due = due_instant(day, time, zone)
        status = "planned" if due > self._desk.uow.now else "before_import"
        return {
            "stated_date": moment.date.text,
            "due_date": day.isoformat(),
            "due_at": to_text(due),
            "first_due_at": to_text(due),
            "status": "cancelled" if moment.cancelled else status,
            **plan_rows.decided(moment),
        }

    def _new(self, moment: Evaluation, decisions: Sequence[Decision]) -> Iterator[Change]:
        key = {"evaluation_id": self._stored.next_id("evaluation")}
        values = {
            "plan_id": self._plan["plan_id"],
            "kind": moment.kind,
            **self._dates(moment, decisions),
            **plan_rows.evaluation(moment),
        }
        yield insert("evaluation", key, **values)
        if values["status"] == "planned":
            yield deadlines.resting(deadlines.of_evaluation({**key, **values}), self._plan, self._definition)
            yield from self._reminded({**key, **values}, None)

    def _reminded(self, evaluation: Row, row: Row | None) -> list[Change]:
        return reminders.armed(evaluation, self._plan, self._method, self._desk.uow.now, row)

    def _moved(self, row: Row, moment: Evaluation, decisions: Sequence[Decision]) -> Iterator[Change]:
        dates = self._dates(moment, decisions)
        if dates["status"] != "planned":
            yield from self._dropped(row)
            yield from self._new(moment, decisions)
            return
        key = {"evaluation_id": row["evaluation_id"]}
        yield from self._stored.differences([Wanted("evaluation", key, {**dates, **plan_rows.evaluation(moment)})])
        for deadline in self._live(row):
            if deadline["kind"] != reminders.KIND:
                own = {"deadline_id": deadline["deadline_id"]}
                yield update("deadline", own, since=dates["due_at"], due_at=dates["due_at"])
        yield from self._reminded({**row, **dates}, self._reminder(row))

    def _dropped(self, row: Row) -> Iterator[Change]:
        """Take an evaluation away; its deadline stays, void, so that its number is never given out again."""
        reminder = self._reminder(row)
        ended = [reminder] if reminder is not None and reminder["status"] in ("done", "void") else []
        for deadline in (*self._live(row), *ended):
            own = {"deadline_id": deadline["deadline_id"]}
            yield update("deadline", own, evaluation_id=None, status="void", done_at=self._desk.uow.now_text)
        yield Change("delete", "evaluation", {"evaluation_id": row["evaluation_id"]})

    def _reminder(self, row: Row) -> Row | None:
        name = reminders.name_of(row["plan_id"], row["evaluation_id"])
        return self._desk.connection.one(REMINDER, deadline_id=name)

    def _live(self, row: Row) -> list[Row]:
        live = self._desk.connection.all(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=row["plan_id"])
        return [one for one in live if one["evaluation_id"] == row["evaluation_id"]]


def by_kind(rows: Iterable[Row], kind: Callable[[Row], str]) -> defaultdict[str, list[Row]]:
    """Put rows together by what tells of which kind they are."""
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[kind(row)].append(row)
    return grouped
