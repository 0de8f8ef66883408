"""Importing the evaluations of programmes: of the one in the file, and of those that went before and are described.

What was recorded elsewhere is taken in as published: nothing is asked of it, for it was decided there. An evaluation
that is recorded here is not changed by a file either.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pdca.engine import Desk
from pdca.errors import Refused
from pdca.exchange import as_rows
from pdca.exchange.document import Document
from pdca.exchange.located import Path
from pdca.exchange.problems import ImportRefused, Problem
from pdca.exchange.programme_records import Programme, ProgrammeEvaluation
from pdca.exchange.stored import Stored, different
from pdca.i18n import _
from pdca.programme import moments
from pdca.programme.predecessor import evaluation_id
from pdca.store.driver import Row
from pdca.store.reads import people
from pdca.store.rows import Change, insert, update
from workflows.method import WorkflowDefinition


class EvaluationImport:
    """The evaluations of a document beside those there are; `definition` is the method of its programme."""

    def __init__(self, desk: Desk, stored: Stored, document: Document, definition: WorkflowDefinition) -> None:
        self._desk = desk
        self._stored = stored
        self._document = document
        self._definition = definition

    def changes(self, programme: Programme) -> Iterator[Change]:
        """Give the changes to evaluations, their themes, and the findings that objectives come from.

        They come after those to objectives. Raises Refused for a recorded evaluation that the file says otherwise,
        ImportRefused for a finding that is not there.
        """
        themes: set[tuple[str, ...]] = set()
        for index, earlier in enumerate(programme.previous):
            path = ("programme", "previous", index, "evaluations")
            for place, one in enumerate(earlier.evaluations):
                # What was found before is history: recorded, whether or not its day is known.
                yield from self._changes(earlier.id, one, (*path, place), recorded=True)
                themes |= {tuple(row.key.values()) for row in as_rows.themes(earlier.id, one)}
        for place, one in enumerate(programme.evaluations):
            here = ("programme", "evaluations", place)
            yield from self._changes(programme.id, one, here, recorded=one.held is not None)
            themes |= {tuple(row.key.values()) for row in as_rows.themes(programme.id, one)}
        yield from self._origins(themes)

    def _origins(self, in_file: Collection[tuple[str, ...]]) -> Iterator[Change]:
        for placed in self._document.all_objectives():
            if placed.objective.origin is None:
                continue
            wanted = as_rows.origin(placed.objective.id, placed.objective.origin)
            theme = tuple(wanted.values.values())
            if theme not in in_file and self._stored.row("programme_theme", *theme) is None:
                message = _("There is no theme “%(theme)s” in the evaluation %(evaluation)s.")
                message %= {"theme": theme[1], "evaluation": theme[0]}
                hint = _("Take in the programme that was evaluated first, or correct the name.")
                place = self._document.place((*placed.path, "origin"))
                raise ImportRefused([Problem("import-unknown-reference", message, place, hint)])
            yield from self._stored.differences([wanted])

    def _changes(self, programme_id: str, one: ProgrammeEvaluation, path: Path, *, recorded: bool) -> Iterator[Change]:
        wanted = as_rows.evaluation(programme_id, one)
        row = self._stored.row("programme_evaluation", *wanted.key.values())
        rows = self._stored.in_order(list(as_rows.themes(programme_id, one)))
        themes = list(self._stored.differences(rows))
        as_recorded = {
            "as_published": 1,
            "recorded_by": self._desk.actor.person_id,
            "recorded_at": self._desk.uow.now_text,
        }
        values = {**wanted.values, **self._day(row, wanted.values["due_on"], path)}
        if row is None:
            state = as_recorded if recorded else {"as_published": 0}
            yield insert("programme_evaluation", wanted.key, **values, **state)
            yield from self._moment({**wanted.key, **values, **state})
        elif row["recorded_at"] is None:
            changed = {**different(row, values), **(as_recorded if recorded else {})}
            if changed:
                yield update("programme_evaluation", wanted.key, **changed)
                yield from self._moment({**row, **changed})
        elif themes or different(row, values):
            raise Refused(
                "programme-evaluation-fixed",
                _("%(evaluation)s is recorded, and something else stands in the file.")
                % {"evaluation": evaluation_id(programme_id, one.id)},
                hint=_("A recorded evaluation is not changed, only followed by another: give that an id of its own."),
                place=self._document.place(path),
            )
        yield from themes

    def _day(self, row: Row | None, due_on: str | None, path: Path) -> Mapping[str, str | None]:
        """By when it is to be held: a file sets a first day or an earlier one, and leaves one that was put off.

        Raises Refused when it would put the day off, or take it away.
        """
        if row is None:
            return {"due_on": due_on, "first_due_on": due_on}
        if due_on in (row["due_on"], row["first_due_on"]):
            return {"due_on": row["due_on"], "first_due_on": row["first_due_on"]}
        if row["recorded_at"] is not None:
            return {"due_on": due_on}
        due_at = moments.instant(self._desk.connection, row, self._definition)
        passed = due_at is not None and due_at <= self._desk.uow.now
        if due_on is None or passed or moments.puts_off(row, due_on):
            raise Refused(
                "programme-evaluation-day-fixed",
                _("%(evaluation)s is to be held by %(due)s; a file neither puts that off nor takes it away.")
                % {"evaluation": row["evaluation_id"], "due": row["due_on"]},
                hint=_("Write that day again. To put it off: `%(command)s`.")
                % {"command": f"pdca programme evaluation extend {row['evaluation_id']} --to DATE --reason …"},
                place=self._document.place((*path, "due")),
            )
        return moments.decided(row, due_on)

    def _moment(self, evaluation: Mapping[str, Any]) -> Iterator[Change]:
        """The deadline by which it is to be held."""
        installation = self._desk.connection.one(people.INSTALLATION) or {"version": 0}
        yield from moments.kept(
            self._desk.connection, evaluation, self._desk.uow.now, installation["version"] + 1, self._definition
        )
