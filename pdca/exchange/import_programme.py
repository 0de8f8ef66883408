"""Importing what stands above the plans: the programme and its approval, phenomena, indicators, objectives.

What was decided since is not undone by an old file: a step that an authority decided stays decided, a disposition that
is on record already is not recorded again, and what was fixed by handing the programme in moves by an approved
prolongation only.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import time

from pdca.engine import Desk
from pdca.errors import Refused
from pdca.exchange import as_rows, import_indicators
from pdca.exchange.as_rows import Wanted
from pdca.exchange.document import Document, PlacedObjective
from pdca.exchange.import_evaluations import EvaluationImport
from pdca.exchange.problems import ImportRefused, Problem
from pdca.exchange.programme_data import handed_in
from pdca.exchange.programme_records import Programme, Version, status_of
from pdca.exchange.stored import Stored, different
from pdca.i18n import _
from pdca.plans.roles import local_date
from pdca.programme.predecessor import out_of_sequence
from pdca.programme.retain import check_latest
from pdca.programme.words import HANDED_IN, decision
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from pdca.store.rows import Change, insert, update
from workflows.instants import to_text
from workflows.method import WorkflowDefinition
from workflows.schedule import due_instant

_PERIOD = (("period_start", ("period", "from")), ("period_end", ("period", "to")))
_DEADLINE = (("legal_deadline", ("legal_deadline",)),)
_VERSION_STATUS = {"submitted": "proposed", "approved": "approved", "rejected": "rejected"}


class ProgrammeImport:
    """The programme of a document beside those there are; unless it is `exact`, sources that it leaves out stay."""

    def __init__(
        self,
        desk: Desk,
        stored: Stored,
        document: Document,
        definition: WorkflowDefinition,
        zone: str,
        *,
        exact: bool,
    ) -> None:
        assert document.programme is not None  # noqa: S101 - the caller looked
        self._desk = desk
        self._stored = stored
        self._document = document
        self._definition = definition
        self._zone = zone
        self._exact = exact
        (installation,) = stored.rows("installation")
        self._zone_now: str = installation["zone"]
        self._wanted: Programme = document.programme

    def changes(self) -> Iterator[Change]:
        """Give the changes to everything above the plans.

        Raises Refused for what was fixed and an objective of another programme, Conflict for a decision before the
        last, ImportRefused for a previous programme or a finding that is not there.
        """
        yield from self._stored.differences(as_rows.phenomena(self._document.phenomena))
        self._check_previous()
        row = self._stored.row("programme", self._wanted.id)
        wanted = as_rows.programme(self._wanted, self._sources(), self._definition, steps_to_come=self._only_planned())
        versions = list(self._versions())
        approvals = versions or list(self._approvals(row))
        yield from self._programme(row, wanted, approvals)
        yield from approvals
        yield from import_indicators.changes(self._desk, self._stored, self._document, self._zone)
        yield from self._objectives()
        yield from EvaluationImport(self._desk, self._stored, self._document, self._definition).changes(self._wanted)

    @property
    def _version(self) -> int:
        """The version that is approved as a whole programme: 0, or a later one that was submitted after a rejection."""
        rows = self._stored.of("programme_version", "programme_id", self._wanted.id)
        return max((row["number"] for row in rows if row["kind"] == "programme"), default=0)

    def _steps(self) -> dict[int, Row]:
        rows = self._stored.of("authority_approval", "programme_id", self._wanted.id)
        return {row["step"]: row for row in rows if row["version_number"] == self._version}

    def _only_planned(self) -> bool:
        """Whether nobody was asked to approve it yet: then the steps are an intention, which submitting makes rows."""
        return self._wanted.status == "draft" and not self._steps()

    def _programme(self, row: Row | None, wanted: Wanted, approvals: list[Change]) -> Iterator[Change]:
        if self._wanted.versions and not self._stored.of("programme_version", "programme_id", self._wanted.id):
            status = self._wanted.status
        else:
            decisions = {step: one["decision"] for step, one in self._steps().items()}
            decisions |= {one.key["step"]: one.set["decision"] for one in approvals if "decision" in one.set}
            status = status_of(decisions.values())
        if row is not None and status == "draft":
            status = row["status"]
        before = row["status"] if row else "draft"
        submitted = {"status": status}
        if before == "draft" != status:
            first = self._wanted.versions[:1]
            submitted["submitted_at"] = (first and self._proposed_at(first[0])) or self._desk.uow.now_text
        if row is None:
            yield insert("programme", wanted.key, **wanted.values, **submitted)
        else:
            _check_fixed(row, wanted, self._document)
            if changed := different(row, {**wanted.values, **submitted}):
                yield update("programme", wanted.key, **changed)
        if status != before and not self._wanted.versions:
            yield self._as_version(status)

    def _as_version(self, status: str) -> Change:
        """Keep, as a version of the programme, what was handed in and what became of it."""
        key = {"programme_id": self._wanted.id, "number": self._version}
        values = {"status": _VERSION_STATUS[status]}
        if self._stored.row("programme_version", *key.values()):
            return update("programme_version", key, **values)
        return insert(
            "programme_version",
            key,
            kind="programme",
            period_end=self._wanted.period.end.text,
            **values,
        )

    def _versions(self) -> Iterator[Change]:
        """Take the versions of a programme in that has none yet; those that were handed in here stay as they are."""
        stored = self._stored.of("programme_version", "programme_id", self._wanted.id)
        for version in self._wanted.versions:
            wanted = as_rows.version(self._wanted.id, version)
            steps = [
                as_rows.approval(self._wanted.id, int(version.number), step, approval)
                for step, approval in enumerate(version.approvals, start=1)
            ]
            if stored:
                self._check_version(version, wanted, steps)
                continue
            yield insert("programme_version", wanted.key, **wanted.values, proposed_at=self._proposed_at(version))
            for one in steps:
                recorded = {"recorded_by": self._desk.actor.person_id, "recorded_at": self._desk.uow.now_text}
                decided = recorded if one.values["decision"] != "awaited" else {}
                yield insert("authority_approval", one.key, **one.values, **decided)

    def _proposed_at(self, version: Version) -> str | None:
        """Give the instant at which the day began on which the file says that a version was handed in."""
        if version.proposed is None:
            return None
        if version.proposed.date > local_date(self._desk.uow.now, self._zone):
            message = _("%(day)s is still to come.") % {"day": version.proposed.text}
            place = self._document.place(("programme", "versions", int(version.number), "proposed"))
            raise ImportRefused([Problem("import-bad-date", message, place, _("Record it once it has been."))])
        return to_text(due_instant(version.proposed.date, time(), self._zone))

    def _check_version(self, version: Version, wanted: Wanted, steps: Sequence[Wanted]) -> None:
        number = wanted.key["number"]
        row = self._stored.row("programme_version", *wanted.key.values())
        rows = self._stored.of("authority_approval", "programme_id", self._wanted.id)
        known = {one["step"]: one for one in rows if one["version_number"] == number}
        # What was decided here since is not undone, nor asked for, by a file that waits for it still.
        settled = [step for step in steps if step.values["decision"] != "awaited"]
        same = (
            row is not None
            and not different(row, {name: wanted.values[name] for name in ("kind", "text", "period_end")})
            and (version.proposed is None or handed_in(row, self._zone_now) == version.proposed.text)
            and known.keys() == {step.key["step"] for step in steps}
            and not any(different(known[step.key["step"]], step.values) for step in settled)
        )
        if not same:
            raise Refused(
                "programme-fixed",
                _("Version %(number)s is not as it is on record for %(programme)s.")
                % {"number": number, "programme": self._wanted.id},
                hint=_(
                    "What was handed in or decided is followed by another version: `pdca programme addendum` or "
                    "`pdca programme prolong`; a decision is recorded by `pdca programme decide`."
                ),
                place=self._document.place(("programme", "versions", number)),
            )

    def _approvals(self, row: Row | None) -> Iterator[Change]:
        if self._only_planned() or self._wanted.versions:
            return
        stored = self._steps()
        recorded = {"recorded_by": self._desk.actor.person_id, "recorded_at": self._desk.uow.now_text}
        for step, approval in enumerate(self._wanted.approvals, start=1):
            wanted = as_rows.approval(self._wanted.id, self._version, step, approval)
            before = stored.get(step)
            if before is None:
                if row is not None and row["status"] in HANDED_IN:
                    raise self._fixed(step, _("%(programme)s was handed in for approval without this step."))
                yield insert(
                    "authority_approval",
                    wanted.key,
                    **wanted.values,
                    **(recorded if approval.decision != "awaited" else {}),
                )
            elif before["decision"] != "awaited" != approval.decision != before["decision"]:
                words = _("%(programme)s has “%(decision)s” on record for this step.")
                raise self._fixed(step, words, decision=decision(before["decision"]))
            elif approval.decision != "awaited" or before["decision"] == "awaited":
                changed = different(before, wanted.values)
                decided = recorded if "decision" in changed else {}
                if changed:
                    yield update("authority_approval", wanted.key, **changed, **decided)

    def _fixed(self, step: int, message: str, **words: str) -> Refused:
        return Refused(
            "programme-fixed",
            message % {"programme": self._wanted.id, **words},
            hint=_("What was decided is followed by another version of the programme, and not changed."),
            place=self._document.place(("programme", "approvals", step - 1)),
        )

    def _sources(self) -> Mapping[str, object]:
        """Leave with another programme the sources that came with it and are no different here."""
        rows = self._stored.rows("programme")
        kept = {row["programme_id"]: from_json(row["sources"]) or {} for row in rows}
        own = kept.pop(self._wanted.id, {})
        # Something that the file leaves out too, and that stays, may come from them.
        left = {} if self._exact else own
        return left | {
            key: source
            for key, source in self._document.sources.items()
            if key in own or not any(others.get(key) == as_rows.plain(source) for others in kept.values())
        }

    def _check_previous(self) -> None:
        for index, one in enumerate(self._wanted.previous):
            if not one.in_database:
                continue
            place = self._document.place(("programme", "previous", index))
            before = self._stored.row("programme", one.id)
            if before is None:
                message = _("There is no programme “%(name)s” in the database.") % {"name": one.id}
                hint = _("Import that programme first, or describe it here: id and period.")
                raise ImportRefused([Problem("import-unknown-reference", message, place, hint)])
            first = self._wanted.period.first_day.isoformat()
            if wrong := out_of_sequence(before, self._wanted.id, first):
                raise ImportRefused([Problem("previous-begins-later", wrong, place, _("Name the one before it."))])

    def _objectives(self) -> Iterator[Change]:
        placed = list(self._document.all_objectives())
        rows = [
            as_rows.objective(one, position, self._wanted.id, self._definition) for position, one in enumerate(placed)
        ]
        for one, wanted in zip(placed, self._stored.in_order(rows), strict=True):
            row = self._stored.row("objective", one.objective.id)
            if row is not None and row["programme_id"] != self._wanted.id:
                raise Refused(
                    "objective-of-another-programme",
                    _("%(objective)s is an objective of the programme %(programme)s.")
                    % {"objective": one.objective.id, "programme": row["programme_id"]},
                    hint=_("Give the objective another id in the file."),
                    place=self._document.place((*one.path, "id")),
                )
            retentions = self._retentions(one)
            decided = {"disposition": retentions[-1].set["disposition"]} if retentions else {}
            if row is None:
                yield insert("objective", wanted.key, **wanted.values, **{"disposition": "candidate", **decided})
            elif changed := different(row, {**wanted.values, **decided}):
                yield update("objective", wanted.key, **changed)
            yield from retentions

    def _retentions(self, placed: PlacedObjective) -> list[Change]:
        """Give the decisions of the file that are not on record: each comes after those that are."""
        known = self._stored.of("retention", "objective_id", placed.objective.id)
        left = list(known)
        recorded = {"recorded_by": self._desk.actor.person_id, "recorded_at": self._desk.uow.now_text}
        found: list[Change] = []
        for index, decided in enumerate(placed.objective.decisions):
            values = as_rows.disposition(decided)
            on_record = next((row for row in left if not different(row, values)), None)
            if on_record is not None:
                left.remove(on_record)
                continue
            earlier = index < len(placed.objective.earlier_dispositions)
            at = ("earlier_dispositions", index, "decided") if earlier else ("disposition", "decided")
            check_latest(placed.objective.id, decided.decided, known, self._document.place((*placed.path, *at)))
            key = {"objective_id": placed.objective.id, "number": len(known) + len(found) + 1}
            found.append(insert("retention", key, **values, **recorded))
        return found


def _check_fixed(row: Row, wanted: Wanted, document: Document) -> None:
    """What was handed in for approval keeps its period, and the legal deadline that held then."""
    fixed = (*(_PERIOD if row["status"] in HANDED_IN else ()), *(_DEADLINE if row["submitted_at"] else ()))
    for column, path in fixed:
        if row[column] != wanted.values[column]:
            raise Refused(
                "programme-fixed",
                _("%(field)s: the programme was submitted with “%(here)s”, and “%(there)s” stands in the file.")
                % {
                    "field": ".".join(path),
                    "here": row[column] or _("none"),
                    "there": wanted.values[column] or _("none"),
                },
                hint=_("A period is prolonged by a version of the programme with its own approval."),
                place=document.place(("programme", *path)),
            )
