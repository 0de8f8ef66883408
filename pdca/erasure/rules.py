"""How long values of a kind are kept: decided by an administrator for the body, each decision beside those before it.

Without a decision nothing is ever erased by itself.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from pdca.engine import Desk, Draft, Outcome, Stream, must_administer
from pdca.erasure.kinds import KINDS
from pdca.erasure.past_term import subjects
from pdca.errors import NotFound, Usage
from pdca.i18n import N_, _
from pdca.people.commands import lock_installation
from pdca.people.find import find_person
from pdca.shapes import check_reason
from pdca.standing import local_day
from pdca.store.reads import erasing
from pdca.store.rows import insert
from workflows.recurrence import later

LONGEST: Final = 1200
"""The most months that something is kept by a rule: a hundred years."""


@dataclass(frozen=True, slots=True)
class DecideTerm:
    """Decide how long values of a `kind` are kept: `months`, on what `legal_basis`; without months as long as the log.

    `decided_on` is the local day of the decision, today unless said; `decided_by` a person, the actor unless said.
    """

    kind: str
    months: int | None
    legal_basis: str | None
    reason: str
    decided_on: date | None = None
    decided_by: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Keep the decision beside those before it; raises Usage for one that cannot be or that holds already."""
        must_administer(desk.actor, N_("decide how long something is kept"))
        check_reason(self.reason)
        self._check()
        installation = lock_installation(desk)
        before = [row for row in desk.connection.all(erasing.RULES) if row["kind"] == self.kind]
        now = (before[-1]["months"], before[-1]["legal_basis"]) if before else (None, None)
        if now == (self.months, self.legal_basis):
            raise Usage(
                "term-same",
                _("That is how long it is kept already."),
                hint=_("`pdca retention show` shows what holds."),
            )
        today = local_day(desk.connection, desk.uow.now)
        day = self.decided_on or today
        if day > today:
            raise Usage(
                "date-to-come", _("%(day)s is still to come.") % {"day": day}, hint=_("Record it once it has been.")
            )
        by = find_person(desk.connection, self.decided_by)["person_id"] if self.decided_by else desk.actor.person_id
        decided = insert(
            "erasure_rule",
            {"kind": self.kind, "number": len(before) + 1},
            months=self.months,
            legal_basis=self.legal_basis,
            decided_on=day.isoformat(),
            decided_by=by,
            recorded_at=desk.uow.now_text,
            reason=self.reason,
        )
        desk.record(
            Stream.of_installation(installation),
            Draft(kind="retention.decided", changes=[decided], reason=self.reason),
        )
        past = subjects(desk.connection, self.kind, later(today, months=-self.months)) if self.months else {}
        return desk.done(kind=self.kind, decision=len(before) + 1, months=self.months, past_term=len(past))

    def _check(self) -> None:
        check_kind(self.kind)
        if self.months is not None and not 1 <= self.months <= LONGEST:
            raise Usage(
                "term-impossible",
                _("A term of %(months)s months cannot be.") % {"months": self.months},
                hint=_("Use 1 to %(most)s months.") % {"most": LONGEST},
            )
        if (self.months is None) != (self.legal_basis is None):
            raise Usage(
                "legal-basis-missing",
                _("A term needs a legal basis, and without a term there is none to give."),
                hint=_("Say by what law or decision it may be kept so long: --legal-basis."),
            )


def check_kind(kind: str) -> None:
    """Refuse what is no kind of values; raises NotFound."""
    if kind not in KINDS:
        raise NotFound(
            "kind-unknown",
            _("There is no kind of values “%(kind)s”.") % {"kind": kind},
            hint=_("Use one of: %(known)s.") % {"known": ", ".join(KINDS)},
        )
