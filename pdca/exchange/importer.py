"""Importing a document: the rows it wants, compared with the rows there are, as events of the one write path.

An import adds and updates; it removes nothing and moves no plan to another state. A moment that lies before the import
is kept as such and never enforced: enforcement begins with the import. Importing the same file again changes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from pdca.engine import Desk, Draft, Outcome, Stream, must_administer
from pdca.errors import Conflict, Failed
from pdca.exchange import as_rows
from pdca.exchange.as_rows import Wanted
from pdca.exchange.document import Document, PlacedPlan
from pdca.people.commands import lock_installation, next_person_id, person_row, refuse_taken
from pdca.plans import deadlines
from pdca.store.catalogue import FOLDED
from pdca.store.driver import Row
from pdca.store.jsontext import optional_json, to_json
from pdca.store.reads import exchange, people
from pdca.store.rows import Change, insert, update
from workflows import definition as definitions
from workflows.instants import to_text
from workflows.method import WorkflowDefinition
from workflows.schedule import due_instant


@dataclass(slots=True)
class Tally:
    """How many rows of each table were added and changed."""

    added: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)

    def count(self, changes: Iterable[Change]) -> None:
        """Count the changes of one event."""
        for change in changes:
            counts = self.added if change.op == "insert" else self.changed
            counts[change.table] = counts.get(change.table, 0) + 1


@dataclass(frozen=True, slots=True)
class ImportDocument:
    """Take a checked document in."""

    document: Document

    def perform(self, desk: Desk) -> Outcome:
        """Write what is new or different; raises Conflict for a login or a plan that is somebody else's already."""
        must_administer(desk.actor, "import")
        return _Import(desk, self.document).run()


class _Import:
    def __init__(self, desk: Desk, document: Document) -> None:
        self.desk = desk
        self.document = document
        self.tally = Tally()
        self.last: dict[str, int] = {}
        self.installation = lock_installation(desk)
        self.stream = Stream.of_installation(self.installation)
        self.stored = {name: self._load(name) for name in FOLDED if name in exchange.ROWS}
        self.plans = {row["slug"]: row for row in self.stored["plan"].values()}
        self.numbers = {slug: str(row["plan_id"]) for slug, row in self.plans.items()}

    def run(self) -> Outcome:
        common = [*self._organisation(), *self._differences(as_rows.parties(self.document)), *self._people()]
        definition = self._definition()
        if definition is not None:
            common += self._differences(as_rows.programme(self.document, definition))
            common += self._differences(as_rows.indicators(self.document))
            common += self._differences(as_rows.objectives(self.document, definition))
        self._record(self.stream, "programme.imported" if definition else "people.imported", common)
        placed = list(self.document.all_plans())
        self._number(placed)
        if definition is not None:
            for one in placed:
                self._plan(one, definition)
        return self.desk.done(
            added=self.tally.added,
            changed=self.tally.changed,
            plans={one.plan.id: self.numbers[one.plan.id] for one in placed},
        )

    def _record(self, stream: Stream, kind: str, changes: Sequence[Change]) -> None:
        if changes:
            self.tally.count(changes)
            self.desk.record(stream, Draft(kind=kind, changes=changes))

    def _definition(self) -> WorkflowDefinition | None:
        programme = self.document.programme
        return None if programme is None else definitions.load(programme.method)

    def _load(self, table: str) -> dict[tuple[Any, ...], Row]:
        key = FOLDED[table].key
        return {tuple(row[column] for column in key): row for row in self.desk.connection.all(exchange.ROWS[table])}

    def _differences(self, wanted: Iterable[Wanted]) -> list[Change]:
        return [change for one in wanted if (change := self._difference(one)) is not None]

    def _difference(self, wanted: Wanted) -> Change | None:
        row = self.stored[wanted.table].get(tuple(wanted.key.values()))
        if row is None:
            return insert(wanted.table, wanted.key, **wanted.values)
        different = {name: value for name, value in wanted.values.items() if row[name] != value}
        return update(wanted.table, wanted.key, **different) if different else None

    def _organisation(self) -> list[Change]:
        organisation = self.document.organisation
        if organisation is None:
            return []
        texts = as_rows.rest(organisation, "code", "areas", "bodies", "remarks")
        values = {
            "organisation_id": organisation.id,
            "name": to_json(organisation.name),
            "zone": organisation.zone,
            "country": organisation.country,
            "details": optional_json(texts),
        }
        different = {name: value for name, value in values.items() if self.installation[name] != value}
        return [update("installation", {"installation_id": 1}, **different)] if different else []

    def _people(self) -> list[Change]:
        known = list(self.stored["person"].values())
        by_handle = {row["handle"]: row for row in known}
        held = {(row["person_id"], row["party_id"]) for row in self.desk.connection.all(people.APPOINTMENTS)}
        today = self.desk.uow.now.astimezone(ZoneInfo(self._zone())).date().isoformat()
        changes: list[Change] = []
        new = 0
        for person in self.document.people:
            row = by_handle.get(person.id)
            language = person.language or self.installation["language"]
            if row is None:
                new += 1
                refuse_taken(known, person.id, person.login)
                person_id = next_person_id(self.desk.connection, new)
                changes.append(
                    person_row(
                        person_id,
                        person.id,
                        person.name,
                        person.login,
                        person.email,
                        language,
                        person.access,
                        person.assumed,
                    )
                )
                known.append({"person_id": person_id, "handle": person.id, "login": person.login, "name": person.name})
            else:
                person_id = row["person_id"]
                changes += self._differences(
                    [
                        Wanted(
                            "person",
                            {"person_id": person_id},
                            {"name": person.name, "email": person.email, "language": language},
                        )
                    ]
                )
            for appointment in person.appointments:
                if (person_id, appointment.party) in held:
                    continue
                start = appointment.start.date.isoformat() if appointment.start else today
                key = {"person_id": person_id, "party_id": appointment.party, "from_date": start}
                until = appointment.until.date.isoformat() if appointment.until else None
                changes.append(insert("appointment", key, until_date=until))
        return changes

    def _zone(self) -> str:
        return self.document.organisation.zone if self.document.organisation else self.installation["zone"]

    def _number(self, placed: Sequence[PlacedPlan]) -> None:
        last = max((int(number.removeprefix("P-")) for number in self.numbers.values()), default=0)
        for one in placed:
            if one.plan.id not in self.numbers:
                last += 1
                self.numbers[one.plan.id] = f"P-{last:03d}"

    def _plan(self, placed: PlacedPlan, definition: WorkflowDefinition) -> None:
        plan_id = self.numbers[placed.plan.id]
        row = self.plans.get(placed.plan.id)
        programme = self.document.programme
        if row is not None and programme is not None and row["programme_id"] != programme.id:
            raise Conflict(
                "plan-of-another-programme",
                f"{placed.plan.id} is {plan_id} of the programme {row['programme_id']}.",
                hint="Give the plan another id in the file.",
                place=self.document.place((*placed.path, "id")),
            )
        wanted = list(as_rows.plan(placed, plan_id, self.numbers))
        current = dict(wanted[0].values) | {"plan_id": plan_id, "zone": row["zone"] if row else self._zone()}
        changes = self._differences(wanted)
        if row is None:
            changes[0] = self._new_plan(changes[0], definition)
            changes += self._start_deadline(current, definition)
        changes += self._evaluations(placed, current, definition)
        changes += self._information(placed, plan_id)
        stream = Stream.of_plan(row) if row else Stream(plan_id, 0, None)
        self._record(stream, "plan.updated" if row else "plan.created", changes)

    def _new_plan(self, change: Change, definition: WorkflowDefinition) -> Change:
        values = {
            **change.set,
            "programme_id": self.document.programme.id if self.document.programme else None,
            "author_id": self.desk.actor.person_id,
            "state": definition.initial,
            "state_since": self.desk.uow.now_text,
            "cycle": 1,
            "zone": self._zone(),
            "definition": definition.id,
            "definition_version": definition.version,
        }
        return insert("plan", change.key, **values)

    def _start_deadline(self, plan: Row, definition: WorkflowDefinition) -> list[Change]:
        # The planned start of a plan whose whole period lies before the import is history, not a deadline.
        if plan["period_end"] < self.desk.uow.now.astimezone(ZoneInfo(plan["zone"])).date().isoformat():
            return []
        return deadlines.of_state(plan, definition, definition.initial, self.desk.uow.now, 1)

    def _evaluations(self, placed: PlacedPlan, plan: Row, definition: WorkflowDefinition) -> list[Change]:
        there = {
            (row["kind"], row["stated_date"]): row
            for row in self.stored["evaluation"].values()
            if row["plan_id"] == plan["plan_id"]
        }
        changes: list[Change] = []
        for index, moment in enumerate(placed.plan.evaluations):
            path = (*placed.path, "evaluations", index)
            values = as_rows.evaluation(moment)
            known = there.get((moment.kind, moment.date.text))
            if known is not None and known["evaluation_id"] is None:
                raise Failed(
                    "import-duplicate",
                    f"{placed.plan.id} has two “{moment.kind}” evaluations on {moment.date.text}.",
                    hint="Leave one out, or give it another kind.",
                    place=self.document.place(path),
                )
            if known is not None:
                key = {"evaluation_id": known["evaluation_id"]}
                changes += self._differences([Wanted("evaluation", key, values)])
                continue
            there[moment.kind, moment.date.text] = {"evaluation_id": None}
            changes += self._new_evaluation(moment.kind, moment.date, plan, definition.evaluation.time, values)
        return changes

    def _new_evaluation(
        self,
        kind: str,
        stated: Any,
        plan: Row,
        at: time,
        values: Mapping[str, Any],  # noqa: ANN401
    ) -> list[Change]:
        due: datetime = due_instant(stated.date, at, plan["zone"])
        planned = due > self.desk.uow.now
        row = {
            "evaluation_id": self._next("evaluation", "E"),
            "plan_id": plan["plan_id"],
            "kind": kind,
            "stated_date": stated.text,
            "due_date": stated.date.isoformat(),
            "due_at": to_text(due),
            "first_due_at": to_text(due),
            "status": "planned" if planned else "before_import",
            **values,
        }
        key = {"evaluation_id": row.pop("evaluation_id")}
        change = insert("evaluation", key, **row)
        return [change, deadlines.of_evaluation({**key, **row})] if planned else [change]

    def _information(self, placed: PlacedPlan, plan_id: str) -> list[Change]:
        there = {
            (row["party_id"], row["stated_date"], row["method"]): row
            for row in self.stored["information_moment"].values()
            if row["plan_id"] == plan_id
        }
        changes: list[Change] = []
        for index, moment in enumerate(placed.plan.information):
            values = as_rows.information(moment)
            identity = (values["party_id"], values["stated_date"], values["method"])
            if identity in there:
                row = there[identity]
                if row["information_id"] is None:
                    raise Failed(
                        "import-duplicate",
                        f"{placed.plan.id} tells {moment.to} twice on {moment.date.text} in the same way.",
                        hint="Leave one out.",
                        place=self.document.place((*placed.path, "information", index)),
                    )
                key = {"information_id": row["information_id"]}
                changes += self._differences([Wanted("information_moment", key, values)])
                continue
            there[identity] = {"information_id": None}
            key = {"information_id": self._next("information_moment", "I")}
            changes.append(insert("information_moment", key, plan_id=plan_id, **values))
        return changes

    def _next(self, table: str, letter: str) -> str:
        """Give the next free id of evaluations (E) or moments of information (I)."""
        if table not in self.last:
            numbers = (int(str(key[0]).removeprefix(f"{letter}-")) for key in self.stored[table])
            self.last[table] = max(numbers, default=0)
        self.last[table] += 1
        return f"{letter}-{self.last[table]:03d}"
