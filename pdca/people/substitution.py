"""Substitution: somebody acts for somebody who is absent, between two local dates, and the log says so."""

from dataclasses import dataclass
from datetime import date

from pdca.actor import READERS
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import NoRight, NotFound, Usage
from pdca.i18n import _
from pdca.people.commands import lock_installation
from pdca.people.find import find_person
from pdca.shapes import check_reason
from pdca.standing import local_day
from pdca.store.driver import Row
from pdca.store.reads import people
from pdca.store.rows import insert, update


@dataclass(frozen=True, slots=True)
class Substitute:
    """Let a person act for an absent one from a local date until another, both inclusive."""

    absent: str
    substitute: str
    from_date: date
    until_date: date
    reason: str

    def perform(self, desk: Desk) -> Outcome:
        """Record it; only the absent person and administrators may.

        Raises NotFound for a person who does not exist, Usage for dates or people that do not fit, or when the
        same substitution stands already.
        """
        installation = lock_installation(desk)
        absent, substitute = (find_person(desk.connection, name) for name in (self.absent, self.substitute))
        _own_or_administrator(desk, absent["person_id"])
        self._check(desk, absent, substitute)
        known = desk.connection.all(people.SUBSTITUTIONS)
        values = {
            "absent_id": absent["person_id"],
            "substitute_id": substitute["person_id"],
            "from_date": self.from_date.isoformat(),
            "until_date": self.until_date.isoformat(),
        }
        if any(values.items() <= row.items() for row in known):
            raise Usage("substitution-exists", _("That substitution stands already."))
        name = next_substitution_id(len(known))
        change = insert(
            "substitution",
            {"substitution_id": name},
            **values,
            reason=self.reason,
            recorded_by=desk.actor.person_id,
            recorded_at=desk.uow.now_text,
        )
        draft = Draft(kind="person.substituted", changes=[change], reason=self.reason)
        desk.record(Stream.of_installation(installation), draft)
        return desk.done(substitution=name, absent=values["absent_id"], substitute=values["substitute_id"])

    def _check(self, desk: Desk, absent: Row, substitute: Row) -> None:
        if absent["person_id"] == substitute["person_id"]:
            raise Usage("substitutes-self", _("Nobody is his or her own substitute."), hint=_("Name somebody else."))
        if self.until_date < self.from_date:
            raise Usage(
                "substitution-backwards",
                _("%(until)s lies before %(from)s.") % {"until": self.until_date, "from": self.from_date},
                hint=_("Give the first and the last day."),
            )
        if self.until_date < local_day(desk.connection, desk.uow.now):
            raise Usage(
                "substitution-past",
                _("%(until)s is over: what was done then cannot be done on behalf of somebody any more.")
                % {"until": self.until_date},
                hint=_("Give a last day that is still to come."),
            )
        if substitute["access"] in READERS:
            raise Usage(
                "substitute-may-not-write",
                _("%(name)s has the access “%(access)s”, which does not change plans.")
                % {"name": substitute["name"], "access": substitute["access"]},
                hint=_("Name somebody who works on plans."),
            )
        check_reason(self.reason)


@dataclass(frozen=True, slots=True)
class EndSubstitution:
    """Let a substitution end earlier: `last_day` is the last local date on which it holds."""

    substitution_id: str
    last_day: date
    reason: str

    def perform(self, desk: Desk) -> Outcome:
        """Record the new end; raises NotFound for no such substitution, Usage for a day that does not fit."""
        installation = lock_installation(desk)
        row = desk.connection.one(people.SUBSTITUTION, substitution_id=self.substitution_id)
        if row is None:
            raise NotFound(
                "substitution-unknown",
                _("There is no substitution %(substitution)s.") % {"substitution": self.substitution_id},
                hint=_("`pdca person substitutions` shows them all."),
            )
        _own_or_administrator(desk, row["absent_id"])
        today = local_day(desk.connection, desk.uow.now)
        first_end = max(today.isoformat(), row["from_date"])
        if not first_end <= self.last_day.isoformat() < row["until_date"]:
            raise Usage(
                "substitution-end",
                _("%(day)s does not lie from %(first)s until before %(until)s.")
                % {"day": self.last_day, "first": first_end, "until": row["until_date"]},
                hint=_("A substitution can only be made shorter, and not by days that are over."),
            )
        check_reason(self.reason)
        change = update("substitution", {"substitution_id": self.substitution_id}, until_date=self.last_day.isoformat())
        draft = Draft(kind="person.substitution_ended", changes=[change], reason=self.reason)
        desk.record(Stream.of_installation(installation), draft)
        return desk.done(substitution=self.substitution_id, until=self.last_day.isoformat())


def next_substitution_id(held: int) -> str:
    """Give the number of the next substitution where so many are held: none is ever taken away."""
    return f"S-{held + 1:03d}"


def _own_or_administrator(desk: Desk, absent_id: str) -> None:
    if desk.actor.access != "administrator" and desk.actor.person_id != absent_id:
        raise NoRight(
            "not-your-absence",
            _("A substitution is recorded by the absent person or by an administrator."),
            hint=_("Ask one of them."),
            actor=desk.actor,
        )
