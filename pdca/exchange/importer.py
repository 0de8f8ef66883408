"""Importing a document: the rows it wants, compared with the rows there are, as events of the one write path.

An import adds and updates; it removes nothing and moves no plan to another state. A moment that lies before the import
is kept as such and never enforced: enforcement begins with the import. Importing the same file again changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from pdca import methods
from pdca.engine import Desk, Draft, Outcome, Stream, must_administer
from pdca.errors import Conflict
from pdca.exchange import as_rows
from pdca.exchange.document import Document, PlacedPlan
from pdca.exchange.import_people import PeopleImport
from pdca.exchange.import_plan import PlanImport
from pdca.exchange.import_programme import ProgrammeImport
from pdca.exchange.problems import EditRefused
from pdca.exchange.programme_records import Programme
from pdca.exchange.stored import Stored, different
from pdca.i18n import N_, _
from pdca.people.commands import lock_installation
from pdca.plans.take_over import take_over
from pdca.store.driver import Row
from pdca.store.rows import Change, update
from workflows import definition as definitions
from workflows.method import WorkflowDefinition


@dataclass(slots=True)
class Tally:
    """How many rows of each table were added, changed and removed."""

    added: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)

    def count(self, changes: Iterable[Change]) -> None:
        """Count the changes of one event."""
        for change in changes:
            counts = {"insert": self.added, "update": self.changed, "delete": self.removed}[change.op]
            counts[change.table] = counts.get(change.table, 0) + 1


@dataclass(frozen=True, slots=True)
class ImportDocument:
    """Take a checked document in."""

    document: Document

    def perform(self, desk: Desk) -> Outcome:
        """Write what is new or different; raises Conflict for a login or a plan that is somebody else's already."""
        must_administer(desk.actor, N_("import"))
        return _Import(desk, self.document).run()


class _Import:
    def __init__(self, desk: Desk, document: Document) -> None:
        self.desk = desk
        self.document = document
        self.tally = Tally()
        self.installation = lock_installation(desk)
        self.zone = document.organisation.zone if document.organisation else self.installation["zone"]
        self.stored = Stored(desk.connection)
        self.plans = {row["slug"]: row for row in self.stored.rows("plan")}
        self.numbers = {slug: str(row["plan_id"]) for slug, row in self.plans.items()}

    def run(self) -> Outcome:
        common = [*self._organisation(), *self.stored.differences(as_rows.parties(self.document)), *self._people()]
        placed = list(self.document.all_plans())
        programme = self.document.programme
        stream = Stream.of_installation(self.installation)
        if programme is None:
            self._record(stream, "people.imported", common)
        else:
            self._programme(stream, programme, common, placed)
        return self.desk.done(
            added=self.tally.added,
            changed=self.tally.changed,
            plans={one.plan.id: self.numbers[one.plan.id] for one in placed},
        )

    def _programme(
        self, stream: Stream, programme: Programme, common: list[Change], placed: Sequence[PlacedPlan]
    ) -> None:
        definition = self._method(programme)
        method = take_over(self.desk.connection, definition)
        above = ProgrammeImport(self.desk, self.stored, self.document, definition)
        self._record(stream, "programme.imported", [*method, *common, *above.changes()])
        self._number(placed)
        disciplines = {row["party_id"]: row["discipline"] for row in self.stored.rows("party")}
        disciplines |= {party.id: party.discipline for party in self.document.parties}
        importing = PlanImport(self.desk, self.stored, definition, programme.id, self.zone, disciplines)
        for one in placed:
            row = self._own(one, programme)
            changes = importing.changes(one, row, self.numbers)
            if importing.problems:
                raise EditRefused(importing.problems)
            stream = Stream.of_plan(row) if row else Stream(self.numbers[one.plan.id], 0, None)
            self._record(stream, "plan.updated" if row else "plan.created", changes)

    def _method(self, programme: Programme) -> WorkflowDefinition:
        """A programme that is there already keeps the version of its method; plans that join it are worked by that."""
        row = self.stored.row("programme", programme.id)
        if row is not None and row["definition"] == programme.method:
            return methods.of_plan(self.desk.connection, row)
        return definitions.load(programme.method)

    def _record(self, stream: Stream, kind: str, changes: Sequence[Change]) -> None:
        if changes:
            self.tally.count(changes)
            self.desk.record(stream, Draft(kind=kind, changes=changes))

    def _organisation(self) -> list[Change]:
        changed = different(self.installation, as_rows.organisation(self.document))
        return [update("installation", {"installation_id": 1}, **changed)] if changed else []

    def _people(self) -> list[Change]:
        today = self.desk.uow.now.astimezone(ZoneInfo(self.zone)).date().isoformat()
        importing = PeopleImport(self.desk, self.stored, self.installation["language"], today)
        return [change for person in self.document.people for change in importing.changes(person)]

    def _number(self, placed: Sequence[PlacedPlan]) -> None:
        for one in placed:
            if one.plan.id not in self.numbers:
                self.numbers[one.plan.id] = self.stored.next_id("plan")

    def _own(self, placed: PlacedPlan, programme: Programme) -> Row | None:
        row = self.plans.get(placed.plan.id)
        if row is not None and row["programme_id"] != programme.id:
            raise Conflict(
                "plan-of-another-programme",
                _("%(slug)s is %(plan)s of the programme %(programme)s.")
                % {"slug": placed.plan.id, "plan": row["plan_id"], "programme": row["programme_id"]},
                hint=_("Give the plan another id in the file."),
                place=self.document.place((*placed.path, "id")),
            )
        return row
