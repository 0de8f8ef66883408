"""The evaluation of a whole programme, theme by theme; the last one feeds the programme that follows (clause 27).

It is prepared, theme after theme, and then recorded in one event. From then on it is not edited, only followed by
another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Conflict, Usage
from pdca.i18n import N_, _
from pdca.people.commands import lock_installation
from pdca.programme import moments, words
from pdca.programme.common import filled, must_be_in_charge, stated
from pdca.programme.gaps import gaps
from pdca.programme.predecessor import evaluation_id, programmes_known
from pdca.shapes import check_among, check_one_line
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import optional_json
from pdca.store.reads import programme, programme_evaluations
from pdca.store.rows import insert, update
from pdca.unknown import unknown_programme, unknown_programme_evaluation
from workflows.need import Need

EVALUATE: Final = N_("evaluate a programme")


@dataclass(frozen=True, slots=True)
class AddEvaluation:
    """Prepare an evaluation of a programme, of one in the database or of one that is described as having gone before.

    `period` is what it looks back on, which a yearly one has to say, `due_on` by when it is to be held: dates as
    stated ("2023" is allowed).
    """

    programme_id: str
    kind: str
    period: str | None = None
    due_on: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Add it; raises NotFound, Usage for a kind or date that is none and for a yearly one of no year."""
        installation = lock_installation(desk)
        must_be_in_charge(desk, EVALUATE)
        if self.programme_id not in programmes_known(desk.connection):
            raise unknown_programme(self.programme_id)
        kinds = words.EVALUATION_KIND
        check_among("programme-evaluation-kind-unknown", N_("“%(word)s” is no kind of evaluation."), self.kind, kinds)
        about, _due = (
            None if date is None else stated(date, desk.uow.now, desk.connection, past=False)
            for date in (self.period, self.due_on)
        )
        if self.kind == "yearly" and (about is None or about.precision != "year"):
            raise Usage(
                "evaluation-without-year",
                _("A yearly evaluation looks back on a year, and none is stated."),
                hint=_("Say which with --period, such as --period 2023."),
            )
        self._check_period(desk.connection)
        there = desk.connection.all(programme_evaluations.OF_PROGRAMME, programme_id=self.programme_id)
        self._check_none_open(there)
        number = self._number(there)
        change = insert(
            "programme_evaluation",
            {"evaluation_id": number},
            programme_id=self.programme_id,
            kind=self.kind,
            period=self.period,
            due_on=self.due_on,
            first_due_on=self.due_on,
            as_published=0,
            assumed=0,
        )
        added = {**change.key, **change.set}
        changes = [change, *moments.kept(desk.connection, added, desk.uow.now, installation["version"] + 1)]
        desk.record(Stream.of_installation(installation), Draft(kind="programme.evaluation_added", changes=changes))
        return desk.done(evaluation=number, programme=self.programme_id, kind=self.kind)

    def _check_period(self, connection: Connection) -> None:
        """A yearly evaluation is of a year of the programme; of one that is only described the years are not asked."""
        row = connection.one(programme.PROGRAMME, programme_id=self.programme_id)
        if row is None or self.kind != "yearly" or self.period is None:
            return
        first, last = row["period_start"][:4], row["period_end"][:4]
        if not first <= self.period[:4] <= last:
            raise Usage(
                "year-outside-programme",
                _("%(period)s is no year of %(programme)s.") % {"period": self.period, "programme": self.programme_id},
                hint=_("Its years are %(first)s to %(last)s.") % {"first": first, "last": last},
            )

    def _check_none_open(self, there: Sequence[Row]) -> None:
        """What is prepared already is recorded first."""
        for row in there:
            if (row["kind"], row["period"]) == (self.kind, self.period) and row["held_on"] is None:
                raise Conflict(
                    "evaluation-prepared",
                    _("%(evaluation)s is prepared already, and is not recorded yet.")
                    % {"evaluation": row["evaluation_id"]},
                    hint=_("Go on with it: `pdca programme evaluation show %(evaluation)s`.")
                    % {"evaluation": row["evaluation_id"]},
                )

    def _number(self, there: Sequence[Row]) -> str:
        name = self.kind.replace("_", "-")
        if self.kind == "yearly":
            name += f"-{self.period}"
        taken = {row["evaluation_id"] for row in there}
        names = (name if count == 1 else f"{name}-{count}" for count in range(1, len(taken) + 2))
        return next(free for one in names if (free := evaluation_id(self.programme_id, one)) not in taken)


@dataclass(frozen=True, slots=True)
class RecordProgrammeEvaluation:
    """Record an evaluation as it was held, on `held_on` (a date as stated) by `held_by`, a party or words."""

    evaluation_id: str
    held_on: str
    held_by: str
    lessons: Mapping[str, str] = field(default_factory=dict)

    def perform(self, desk: Desk) -> Outcome:
        """Record it, or log the refusal with everything that is missing; it cannot be edited afterwards."""
        installation = lock_installation(desk)
        must_be_in_charge(desk, EVALUATE)
        evaluation = find_evaluation(desk.connection, self.evaluation_id)
        if refusal := recorded_already(desk, installation, evaluation):
            return refusal
        check_one_line(_("Who held it"), filled("held-by-missing", N_("Who held it"), self.held_by))
        stated(self.held_on, desk.uow.now, desk.connection)
        if needs := gaps(desk.connection, evaluation, self.held_on):
            return _refuse(desk, installation, self.evaluation_id, needs)
        change = update(
            "programme_evaluation",
            {"evaluation_id": self.evaluation_id},
            held_on=self.held_on,
            held_by=self.held_by,
            lessons=optional_json(dict(self.lessons)),
            recorded_by=desk.actor.person_id,
            recorded_at=desk.uow.now_text,
        )
        now = {**evaluation, **change.set}
        changes = [change, *moments.kept(desk.connection, now, desk.uow.now, installation["version"] + 1)]
        desk.record(Stream.of_installation(installation), Draft(kind="programme.evaluated", changes=changes))
        return desk.done(evaluation=self.evaluation_id, programme=evaluation["programme_id"], kind=evaluation["kind"])


_ADD: Final = "pdca programme evaluation add %(programme)s --kind %(kind)s"
_ADD_YEARLY: Final = "pdca programme evaluation add %(programme)s --kind %(kind)s --period YEAR"


def recorded_already(desk: Desk, installation: Row, evaluation: Row) -> Outcome | None:
    """Log the refusal of what cannot be done any more once an evaluation is recorded; None when it is not."""
    if evaluation["recorded_at"] is None:
        return None
    need = Need(
        "programme-evaluation-recorded",
        N_("%(evaluation)s is recorded already."),
        {
            "evaluation": evaluation["evaluation_id"],
            "programme": evaluation["programme_id"],
            "kind": evaluation["kind"].replace("_", "-"),
        },
        N_("A recorded evaluation is not edited, only followed by another."),
        _ADD_YEARLY if evaluation["kind"] == "yearly" else _ADD,
    )
    return _refuse(desk, installation, evaluation["evaluation_id"], (need,))


def _refuse(desk: Desk, installation: Row, evaluation: str, needs: tuple[Need, ...]) -> Outcome:
    draft = Draft(kind="programme.refused", trigger="evaluate", evaluation=evaluation)
    return desk.refuse(Stream.of_installation(installation), draft, needs)


def find_evaluation(connection: Connection, evaluation: str) -> Row:
    """Load the evaluation of a programme; raises NotFound."""
    found = connection.one(programme_evaluations.EVALUATION, evaluation_id=evaluation)
    if found is None:
        raise unknown_programme_evaluation(evaluation)
    return found
