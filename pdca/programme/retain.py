"""Deciding over candidate objectives: what is retained, what goes elsewhere, and why (clauses 3, 32).

Every decision is kept and the latest holds: none is recorded that is dated before another. What was not retained stays
listed and can return. Nothing is retained before the programme that went before was evaluated as a whole (clause 27).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Failed, Place, Usage
from pdca.i18n import N_, _
from pdca.people.commands import lock_installation
from pdca.programme.common import filled, find_objective, find_programme, must_be_in_charge, stated
from pdca.programme.predecessor import without_final_evaluation
from pdca.programme.words import DECIDED
from pdca.shapes import check_among, check_one_line
from pdca.store.driver import Row
from pdca.store.reads import programme
from pdca.store.rows import insert, update
from workflows.schedule import StatedDate, parse_stated


@dataclass(frozen=True, slots=True)
class Retain:
    """Give an objective a disposition.

    `decided_on` is the date as stated ("2020-03" is allowed), `decided_by` who decided: a party, or words for a body
    that is none here. `evidence` is what the decision rests on, `watch` what is still watched.
    """

    objective: str
    disposition: str
    motive: str
    evidence: str | None
    decided_on: str
    decided_by: str
    watch: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Keep the decision, or log the refusal while the programme before waits for its final evaluation.

        Raises NotFound, Usage for what is missing, unreadable or dated before a decision that is on record, Refused for
        who may not.
        """
        installation = lock_installation(desk)
        must_be_in_charge(desk, N_("decide over objectives"))
        row = find_objective(desk.connection, self.objective)
        known = desk.connection.all(programme.RETENTIONS, objective_id=self.objective)
        check_latest(self.objective, self._check(desk), known)
        if self.disposition == "retained":
            unmet = without_final_evaluation(desk.connection, find_programme(desk.connection, row["programme_id"]))
            if unmet is not None:
                draft = Draft(kind="objective.refused", trigger="retain", reason=self.motive)
                return desk.refuse(Stream.of_installation(installation), draft, (unmet,))
        number = len(known) + 1
        key = {"objective_id": self.objective}
        decision = insert(
            "retention",
            {**key, "number": number},
            disposition=self.disposition,
            motive=self.motive,
            evidence=self.evidence,
            decided_on=self.decided_on,
            decided_by=self.decided_by,
            watch=self.watch,
            recorded_by=desk.actor.person_id,
            recorded_at=desk.uow.now_text,
            assumed=0,
        )
        changes = [decision]
        if row["disposition"] != self.disposition:
            changes.append(update("objective", key, disposition=self.disposition))
        desk.record(
            Stream.of_installation(installation),
            Draft(kind="objective.decided", changes=changes, reason=self.motive),
        )
        return desk.done(
            objective=self.objective, before=row["disposition"], disposition=self.disposition, number=number
        )

    def _check(self, desk: Desk) -> StatedDate:
        check_among("disposition-unknown", N_("“%(word)s” is no disposition."), self.disposition, DECIDED)
        filled("motive-missing", N_("The motive"), self.motive)
        check_one_line(_("Who decided"), filled("decided-by-missing", N_("Who decided"), self.decided_by))
        decided = stated(self.decided_on, desk.uow.now, desk.connection)
        if self.disposition == "daily_operations":
            what = N_("What is still watched in daily operations")
            filled("watch-missing", what, self.watch or "", N_("State it with --watch TEXT."))
        return decided


def check_latest(objective: str, decided: StatedDate, known: Sequence[Row], place: Place | None = None) -> None:
    """Raise Usage, for a `place` in a file Failed, when a decision lies wholly before one on record (`known`)."""
    kind = Failed if place else Usage
    for row in known:
        if decided.date < parse_stated(row["decided_on"]).first_day:
            raise kind(
                "decision-before-last",
                _("A decision over %(objective)s is on record that is dated %(last)s, after %(decided)s.")
                % {"objective": objective, "last": row["decided_on"], "decided": decided.text},
                hint=_("The latest decision holds; `pdca objective show %(objective)s` shows them all.")
                % {"objective": objective},
                place=place,
            )
