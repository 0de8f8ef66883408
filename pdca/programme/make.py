"""Making a programme, and changing what of it is not fixed yet (clause 1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Usage
from pdca.i18n import N_, _
from pdca.people.commands import lock_installation
from pdca.plans.take_over import take_over
from pdca.programme.common import check_title, find_programme, must_be_in_charge, without_motive
from pdca.programme.predecessor import out_of_sequence
from pdca.programme.words import HANDED_IN
from pdca.shapes import check_id, taken
from pdca.store.driver import Row
from pdca.store.jsontext import from_json, to_json
from pdca.store.reads import plans
from pdca.store.rows import insert, update
from workflows import definition as definitions
from workflows.need import Need

_COLUMNS = {"first_day": "period_start", "last_day": "period_end", "previous": "previous_id", "note": "note"}


@dataclass(frozen=True, slots=True)
class AddProgramme:
    """Make a programme with its period, both days included, worked by the newest version of a method.

    `title` maps a language to a text; `previous` is the programme that it follows.
    """

    programme_id: str
    title: Mapping[str, str]
    first_day: date
    last_day: date
    method: str
    previous: str | None = None
    note: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Write it, as a draft; its method is taken over when the installation does not have that yet.

        Raises NotFound for a programme before it, DefinitionError for a method that is not there, Usage when the id
        is taken, for a period that ends before it begins, or one that does not begin after that of the one it follows.
        """
        installation = lock_installation(desk)
        must_be_in_charge(desk, N_("make a programme"))
        check_id(self.programme_id)
        known = (row["programme_id"] for row in desk.connection.all(plans.PROGRAMMES))
        if same := taken(self.programme_id, known):
            raise Usage(
                "programme-exists",
                _("There is a programme %(programme)s already.") % {"programme": same},
                hint=_("Change it with `pdca programme set %(programme)s FIELD=VALUE`.") % {"programme": same},
            )
        check_title("programme-title-missing", self.title)
        _check_period(self.first_day.isoformat(), self.last_day.isoformat())
        if self.previous is not None:
            before = find_programme(desk.connection, self.previous)
            _check_sequence(before, self.programme_id, self.first_day.isoformat())
        definition = definitions.load(self.method)
        added = insert(
            "programme",
            {"programme_id": self.programme_id},
            title=to_json(dict(self.title)),
            period_start=self.first_day.isoformat(),
            period_end=self.last_day.isoformat(),
            definition=definition.id,
            definition_version=definition.version,
            previous_id=self.previous,
            status="draft",
            note=self.note or None,
            assumed=0,
        )
        changes = [*take_over(desk.connection, definition), added]
        desk.record(Stream.of_installation(installation), Draft(kind="programme.added", changes=changes))
        return desk.done(
            programme=self.programme_id,
            period_start=self.first_day.isoformat(),
            period_end=self.last_day.isoformat(),
            method=definition.id,
            method_version=definition.version,
            previous=self.previous,
        )


@dataclass(frozen=True, slots=True)
class SetProgramme:
    """Put a programme otherwise: the members of `values` are title, first_day, last_day, previous and note.

    A title changes in the languages that are given. Its period is fixed when it is handed in for approval, and moves
    by an approved prolongation from then on.
    """

    programme_id: str
    values: Mapping[str, Any]
    reason: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Write what differs as one event, or log the refusal; without any difference there is no event.

        Raises NotFound for what is named and is not there, Usage for what does not fit.
        """
        installation = lock_installation(desk)
        must_be_in_charge(desk, N_("change a programme"))
        row = find_programme(desk.connection, self.programme_id)
        changed = self._changed(desk, row)
        stream = Stream.of_installation(installation)
        if needs := self._not_allowed(row, changed):
            draft = Draft(kind="programme.refused", trigger="set", reason=self.reason)
            return desk.refuse(stream, draft, needs)
        if changed:
            change = update("programme", {"programme_id": self.programme_id}, **changed)
            desk.record(stream, Draft(kind="programme.changed", changes=[change], reason=self.reason))
        return desk.done(programme=self.programme_id, changed=sorted(changed), programme_status=row["status"])

    def _changed(self, desk: Desk, row: Row) -> dict[str, Any]:
        wanted: dict[str, Any] = {
            column: _plain(self.values[name]) for name, column in _COLUMNS.items() if name in self.values
        }
        if "title" in self.values:
            check_title("programme-title-missing", self.values["title"])
            wanted["title"] = to_json({**from_json(row["title"]), **self.values["title"]})
        if wanted.get("previous_id") is not None:
            self._check_previous(desk, wanted["previous_id"])
        after = {**row, **wanted}
        _check_period(after["period_start"], after["period_end"])
        if after["previous_id"] is not None and wanted.keys() & {"previous_id", "period_start"}:
            before = find_programme(desk.connection, after["previous_id"])
            _check_sequence(before, self.programme_id, after["period_start"])
        return {column: value for column, value in wanted.items() if row[column] != value}

    def _check_previous(self, desk: Desk, previous: str) -> None:
        before: str | None = previous
        while before is not None:
            if before == self.programme_id:
                raise Usage(
                    "programme-before-itself",
                    _("%(previous)s is %(programme)s itself, or follows it.")
                    % {"previous": previous, "programme": self.programme_id},
                    hint=_("Name the one before it."),
                )
            before = find_programme(desk.connection, before)["previous_id"]

    def _not_allowed(self, row: Row, changed: Mapping[str, Any]) -> tuple[Need, ...]:
        needs: list[Need] = []
        if row["status"] in HANDED_IN and changed.keys() & {"period_start", "period_end"}:
            needs.append(
                Need(
                    "programme-period-fixed",
                    N_("%(programme)s was handed in for approval with the period %(first)s to %(last)s."),
                    {"programme": self.programme_id, "first": row["period_start"], "last": row["period_end"]},
                    N_("Its last day moves by a prolongation, once it is approved."),
                    'pdca programme prolong %(programme)s --until DATE --text … --step "AUTHORITY: ACT"',
                )
            )
        if "title" in changed:
            command = "pdca programme set %(programme)s FIELD=VALUE --reason …"
            needs += without_motive(row, self.reason, {}, command)
        return tuple(needs)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _check_sequence(before: Row, programme_id: str, first: str) -> None:
    if wrong := out_of_sequence(before, programme_id, first):
        raise Usage("previous-begins-later", wrong, hint=_("Name the one before it."))


def _check_period(first: str, last: str) -> None:
    if last < first:
        raise Usage(
            "period-backwards",
            _("The period ends on %(last)s, before it begins on %(first)s.") % {"last": last, "first": first},
            hint=_("Exchange the two dates, or correct one."),
        )
