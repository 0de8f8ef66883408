"""Changing a programme that is in force: an addendum or a prolongation is a version with approvals of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Refused, Usage
from pdca.i18n import N_, _
from pdca.people.commands import lock_installation
from pdca.programme import words
from pdca.programme.common import filled, find_programme, must_be_in_charge
from pdca.programme.submit import AuthorityStep, new_version
from pdca.shapes import check_among
from pdca.store.driver import Row
from pdca.store.reads import programme

KINDS = ("addendum", "prolongation")


@dataclass(frozen=True, slots=True)
class ProposeVersion:
    """Propose an addendum (`text` says what changes) or a prolongation until `period_end`, the new last day.

    Nothing changes until every authority of `steps` has approved it.
    """

    programme_id: str
    kind: str
    text: str
    steps: Sequence[AuthorityStep]
    period_end: date | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Keep the proposal; raises Refused unless the programme is in force and no other one waits."""
        installation = lock_installation(desk)
        must_be_in_charge(desk, N_("change a programme"))
        row = find_programme(desk.connection, self.programme_id)
        self._check(row)
        if row["status"] != "approved":
            raise Refused(
                "programme-not-approved",
                _("%(programme)s is “%(status)s”; only an approved one has an addendum or is prolonged.")
                % {"programme": self.programme_id, "status": words.status(row["status"])},
                hint=_("Change the programme itself, or wait until it is approved."),
            )
        versions = desk.connection.all(programme.VERSIONS, programme_id=self.programme_id)
        waiting = next((one for one in versions if one["status"] == "proposed"), None)
        if waiting is not None:
            raise Refused(
                "version-waiting",
                _("Version %(number)s of %(programme)s still waits for a decision.")
                % {"number": waiting["number"], "programme": self.programme_id},
                hint=_("Record what was decided about it first."),
            )
        end = self.period_end.isoformat() if self.period_end else None
        changes = new_version(desk, row, versions, self.kind, self.text, end, self.steps)
        desk.record(Stream.of_installation(installation), Draft(kind="programme.version_proposed", changes=changes))
        return desk.done(programme=self.programme_id, version=len(versions), kind=self.kind, period_end=end)

    def _check(self, row: Row) -> None:
        check_among("version-kind-unknown", N_("“%(word)s” is no kind of version."), self.kind, KINDS)
        filled("version-text-missing", N_("What changes"), self.text)
        if (self.period_end is not None) != (self.kind == "prolongation"):
            raise Usage(
                "version-end",
                _("A prolongation has a new last day; an addendum has none."),
                hint=_("Correct one of them."),
            )
        if self.period_end is not None and self.period_end.isoformat() <= row["period_end"]:
            raise Usage(
                "prolongation-not-later",
                _("%(day)s is not later than %(last)s, the last day of %(programme)s.")
                % {
                    "day": self.period_end,
                    "last": row["period_end"],
                    "programme": self.programme_id,
                },
                hint=_("A prolongation moves the last day forward."),
            )
