"""Recording what an outside authority decided about a programme, in the order in which they decide (clause 2)."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import NotFound, Refused, Usage
from pdca.i18n import N_, _
from pdca.people.commands import lock_installation
from pdca.programme import words
from pdca.programme.common import find_programme, must_be_in_charge, stated
from pdca.shapes import check_among
from pdca.store.driver import Row
from pdca.store.reads import programme
from pdca.store.rows import Change, update
from workflows.schedule import parse_stated

DECISIONS = ("approved", "rejected")


@dataclass(frozen=True, slots=True)
class Decide:
    """Record the decision of step `step` (from 1) about version `version` (from 0) of a programme.

    `decided_on` and `effective_on` are dates as stated ("2020-03" is allowed); they can differ, and a decision can
    take effect before it was made.
    """

    programme_id: str
    version: int
    step: int
    decision: str
    decided_on: str
    effective_on: str | None = None
    note: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Keep the decision and what follows from it.

        Raises NotFound, Usage for dates and words, Refused for what was decided already or before its turn.
        """
        installation = lock_installation(desk)
        must_be_in_charge(desk, N_("record what an authority decided"))
        row = find_programme(desk.connection, self.programme_id)
        versions = desk.connection.all(programme.VERSIONS, programme_id=self.programme_id)
        steps = [
            one
            for one in desk.connection.all(programme.STEPS, programme_id=self.programme_id)
            if one["version_number"] == self.version
        ]
        self._check(desk, steps)
        following = self._following(self._version(versions), steps)
        changes = [self._decided(desk), *following]
        desk.record(Stream.of_installation(installation), Draft(kind="programme.decided", changes=changes))
        status = next((change.set["status"] for change in following if _settles(change)), row["status"])
        return desk.done(
            programme=self.programme_id, version=self.version, step=self.step, decision=self.decision, status=status
        )

    def _check(self, desk: Desk, steps: Sequence[Row]) -> None:
        check_among("decision-unknown", N_("“%(word)s” is no decision."), self.decision, DECISIONS)
        this = next((one for one in steps if one["step"] == self.step), None)
        if this is None:
            raise NotFound(
                "step-unknown",
                _("Version %(version)s of %(programme)s has no step %(step)s.")
                % {"version": self.version, "programme": self.programme_id, "step": self.step},
                hint=_("It has: %(steps)s.")
                % {"steps": ", ".join(str(one["step"]) for one in steps) or _("none; it was not submitted")},
            )
        if this["decision"] != "awaited":
            raise Refused(
                "already-decided",
                (
                    _("Step %(step)s was decided on %(day)s: %(decision)s.")
                    if this["decided_on"]
                    else _("Step %(step)s was decided, on a day that is not known: %(decision)s.")
                )
                % {"step": self.step, "day": this["decided_on"], "decision": words.decision(this["decision"])},
                hint=_("A decision is not changed, only followed by another version."),
            )
        decided = stated(self.decided_on, desk.uow.now, desk.connection)
        if self.effective_on is not None:
            stated(self.effective_on, desk.uow.now, desk.connection, past=False)
        for earlier in steps[: steps.index(this)]:
            if earlier["decision"] != "approved":
                raise Refused(
                    "earlier-step-open",
                    _("Step %(step)s comes before step %(later)s and is “%(decision)s”.")
                    % {"step": earlier["step"], "later": self.step, "decision": words.decision(earlier["decision"])},
                    hint=_("Record the decisions in their order."),
                )
            if earlier["decided_on"] and parse_stated(earlier["decided_on"]).first_day > decided.date:
                raise Usage(
                    "decided-before-earlier-step",
                    _("%(day)s lies before %(earlier)s, when step %(step)s was decided.")
                    % {
                        "day": self.decided_on,
                        "earlier": earlier["decided_on"],
                        "step": earlier["step"],
                    },
                    hint=_("Correct the date."),
                )

    def _version(self, versions: Sequence[Row]) -> Row:
        found = next((one for one in versions if one["number"] == self.version), None)
        if found is None:
            raise NotFound(
                "version-unknown",
                _("%(programme)s has no version %(version)s.")
                % {"programme": self.programme_id, "version": self.version},
                hint=_("Submit the programme first."),
            )
        return found

    def _decided(self, desk: Desk) -> Change:
        return update(
            "authority_approval",
            {"programme_id": self.programme_id, "version_number": self.version, "step": self.step},
            decision=self.decision,
            decided_on=self.decided_on,
            effective_on=self.effective_on,
            note=self.note,
            recorded_by=desk.actor.person_id,
            recorded_at=desk.uow.now_text,
        )

    def _following(self, version: Row, steps: Sequence[Row]) -> list[Change]:
        """List what a last decision or a rejection settles: the version, and with it the programme."""
        if self.decision == "approved" and self.step != steps[-1]["step"]:
            return []
        key = {"programme_id": self.programme_id}
        changes = [update("programme_version", {**key, "number": self.version}, status=self.decision)]
        if version["kind"] == "programme":
            changes.append(update("programme", key, status=self.decision))
        elif version["period_end"] is not None and self.decision == "approved":
            changes.append(update("programme", key, period_end=version["period_end"]))
        return changes


def _settles(change: Change) -> bool:
    return change.table == "programme" and "status" in change.set
