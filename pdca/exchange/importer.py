"""Importing a document: the rows it wants, compared with the rows there are, as events of the one write path.

An import adds and updates, and moves no plan to another state. What a plan held when the file was made from it and the
file holds no more is taken away; a file that does not say what it was made from takes nothing away (`rebasing`).
A moment that lies before the import is kept as such and never enforced: enforcement begins with the import. Importing
the same file again changes nothing. What an edit may not do to a plan, an import may not do either: not to one that has
ended, not to the moments of one that has a group to fix them, nor to what is on record of its partners (`rights`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from pdca import methods
from pdca.engine import Desk, Draft, Outcome, Stream, must_administer
from pdca.errors import Place, Refused
from pdca.exchange import as_rows, exporter, import_substitutions, plan_rows
from pdca.exchange.document import Document, PlacedPlan
from pdca.exchange.import_people import PeopleImport
from pdca.exchange.import_plan import PlanImport
from pdca.exchange.import_programme import ProgrammeImport
from pdca.exchange.located import Path
from pdca.exchange.problems import EditRefused, ImportRefused, Problem
from pdca.exchange.programme_records import Programme
from pdca.exchange.rebasing import Rebased, rebased
from pdca.exchange.stored import Stored, different
from pdca.i18n import N_, _, gettext, language
from pdca.people.commands import lock_installation
from pdca.plans import rights
from pdca.plans.roles import present
from pdca.plans.take_over import take_over
from pdca.schedules.reroll import reroll
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from pdca.store.rows import Change, update
from pdca.working_days import calendar_of
from workflows import definition as definitions
from workflows import workdays
from workflows.method import WorkflowDefinition
from workflows.need import Need

_CALENDAR: Final = frozenset({"country", "subdivision", "working_days"})


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
        """Write what is new or different.

        Raises Conflict for a login that is somebody else's already, Refused for a plan or objective of another
        programme and for what was fixed, ImportClash for what others changed since the file was made.
        """
        must_administer(desk.actor, N_("import"))
        installation = lock_installation(desk)
        return _Import(desk, installation, rebased(desk.connection, self.document)).run()


class _Import:
    def __init__(self, desk: Desk, installation: Row, taken: Rebased) -> None:
        document = taken.document
        self.desk = desk
        self.document = document
        self.taken = taken
        self.tally = Tally()
        self.installation = installation
        self.zone = document.organisation.zone if document.organisation else self.installation["zone"]
        self.stored = Stored(desk.connection)
        self.plans: dict[str, Row] = {}
        self.numbers: dict[str, str] = {}

    def run(self) -> Outcome:
        common = [
            *self._organisation(),
            *self._closing_days(),
            *self.stored.differences(as_rows.parties(self.document)),
            *self._people(),
        ]
        placed = list(self.document.all_plans())
        programme = self.document.programme
        stream = Stream.of_installation(self.installation)
        if programme is None:
            self._record(stream, "people.imported", common)
        else:
            self._programme(stream, programme, common, placed)
        if any(change.table == "closing_day" or not _CALENDAR.isdisjoint(change.set) for change in common):
            # Plans that came with the file have their moments as it says them.
            reroll(self.desk, but=[self.numbers[one.plan.id] for one in placed if one.plan.id not in self.plans])
        return self.desk.done(
            added=self.tally.added,
            changed=self.tally.changed,
            removed=self.tally.removed,
            unknown=self.taken.unknown,
            left_out=self.taken.left_out,
            plans={one.plan.id: self.numbers[one.plan.id] for one in placed},
        )

    def _programme(
        self, stream: Stream, programme: Programme, common: list[Change], placed: Sequence[PlacedPlan]
    ) -> None:
        definition = self._method(programme)
        method = take_over(self.desk.connection, definition)
        above = ProgrammeImport(self.desk, self.stored, self.document, definition, self.zone, exact=self.taken.compared)
        self._record(stream, "programme.imported", [*method, *common, *above.changes()])
        # Only now, for that event moved plans on when it voided what was approved of them.
        self.plans = {row["slug"]: row for row in self.stored.rows("plan")}
        self._number(placed)
        disciplines = {row["party_id"]: row["discipline"] for row in self.stored.rows("party")}
        disciplines |= {party.id: party.discipline for party in self.document.parties}
        importers = {
            exact: PlanImport(self.desk, self.stored, definition, programme.id, self.zone, disciplines, exact=exact)
            for exact in (False, True)
        }
        problems: list[Problem] = []
        for one in placed:
            row = self._own(one, programme)
            importing = importers[one.plan.id in self.taken.exact]
            changes = importing.changes(one, row, self.numbers)
            if row is not None and changes:
                problems += self._not_allowed(one, row, changes)
            stream = Stream.of_plan(row) if row else Stream(self.numbers[one.plan.id], 0, None)
            self._record(stream, "plan.updated" if row else "plan.created", changes)
        problems += [problem for importing in importers.values() for problem in importing.problems]
        if problems:
            raise EditRefused(problems)

    def _not_allowed(self, placed: PlacedPlan, row: Row, changes: Sequence[Change]) -> Iterator[Problem]:
        """What may not be done to a plan that is there, at its places in the file."""
        definition = methods.of_plan(self.desk.connection, row)
        if needs := rights.ended(row, definition):
            yield from (_as_problem(need, placed.place(placed.path)) for need in needs)
            return
        # What a group agreed on before comes in with the file that makes its plan; of a plan that is there, it says so
        # itself.
        fixed = [change for change in changes if change.table in rights.MOMENTS]
        stands = present(self.desk.connection, row, self.desk.actor, self.desk.uow.now)
        for need in rights.moments(row, stands, fixed):
            yield from (_as_problem(need, placed.place(self._moment(placed, change))) for change in fixed)
        heard = [change for change in changes if change.table in rights.PARTNERS]
        for need in rights.partners(row, stands, heard):
            yield from (_as_problem(need, placed.place(_said(placed, change))) for change in heard)

    def _moment(self, placed: PlacedPlan, change: Change) -> Path:
        """Find where the file says a moment that an import adds, changes or takes away."""
        row = {**(self.stored.row(change.table, *change.key.values()) or {}), **change.set}
        if change.table == "evaluation":
            dates = [(moment.kind, moment.date.text) for moment in placed.plan.evaluations]
            stated = (row["kind"], row["stated_date"])
            return (*placed.path, "evaluations", *((dates.index(stated),) if stated in dates else ()))
        if change.table in ("schedule", "information_schedule"):
            return (*placed.path, "schedules" if change.table == "schedule" else "information_schedules")
        decisions = placed.plan.information_schedules
        told = [plan_rows.information(moment, decisions) for moment in placed.plan.information]
        # What is taken away stands nowhere in the file but in its list.
        places = [at for at, one in enumerate(told) if one.items() <= row.items()]
        return (*placed.path, "information", *places[:1])

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
        # In a file that was compared with what is there, what is missing was taken out of it.
        before = {} if self.taken.compared else from_json(self.installation["details"]) or {}
        wanted = as_rows.organisation(self.document, before)
        if wanted and from_json(wanted["details"]) == exporter.details_of(self.installation):
            # Whoever was set up by a command has said no more than one language, and a file says that in full.
            del wanted["details"]
        if self.document.organisation is not None:
            self._check_working_days(wanted)
        changed = different(self.installation, wanted)
        return [update("installation", {"installation_id": 1}, **changed)] if changed else []

    def _check_working_days(self, wanted: Row) -> None:
        """Working days that nobody can reckon with are refused where the file says them."""
        path = ("organisation", "subdivision")
        for problem in workdays.faults(calendar_of({**self.installation, **wanted}, ())):
            if problem.code != "unknown-country":
                place = self.document.place(path)
                raise ImportRefused(
                    [Problem("import-bad-value", problem.words(gettext), place, problem.advice(gettext) or None)]
                )

    def _closing_days(self) -> Iterator[Change]:
        return self.stored.differences(as_rows.closing_days(self.document))

    def _people(self) -> list[Change]:
        today = self.desk.uow.now.astimezone(ZoneInfo(self.zone)).date().isoformat()
        importing = PeopleImport(self.desk, self.stored, self.installation["language"], today)
        persons = [change for person in self.document.people for change in importing.changes(person)]
        return [*persons, *import_substitutions.changes(self.desk, self.document, importing.by_handle)]

    def _number(self, placed: Sequence[PlacedPlan]) -> None:
        self.numbers = {slug: str(row["plan_id"]) for slug, row in self.plans.items()}
        for one in placed:
            if one.plan.id not in self.numbers:
                self.numbers[one.plan.id] = self.stored.next_id("plan")

    def _own(self, placed: PlacedPlan, programme: Programme) -> Row | None:
        row = self.plans.get(placed.plan.id)
        if row is not None and row["programme_id"] != programme.id:
            raise Refused(
                "plan-of-another-programme",
                _("%(slug)s is %(plan)s of the programme %(programme)s.")
                % {"slug": placed.plan.id, "plan": row["plan_id"], "programme": row["programme_id"]},
                hint=_("Give the plan another id in the file."),
                place=self.document.place((*placed.path, "id")),
            )
        return row


def _said(placed: PlacedPlan, change: Change) -> Path:
    """Find where the file says a session or reaction that an import adds or answers."""
    sessions, reactions = placed.plan.sessions, placed.plan.reactions
    key, records = ("sessions", sessions) if change.table == "involvement" else ("reactions", reactions)
    (name,) = change.key.values()
    return (*placed.path, key, [one.id for one in records].index(name.partition("/")[2]))


def _as_problem(need: Need, place: Place) -> Problem:
    command = need.command_line()
    hint = gettext(need.hint) + (f" `{command}`" if command else "")
    return Problem(need.code, need.words(language(), gettext), place, hint)
