"""The working days of the body: which weekdays, whose public holidays, and the days it is closed besides.

Every plan reckons with them: when they change, the moments to come move in the same transaction.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pdca.engine import Desk, Draft, Outcome, Stream, must_administer
from pdca.errors import NotFound, Usage
from pdca.i18n import N_, _, gettext
from pdca.people.commands import lock_installation
from pdca.schedules.reroll import reroll
from pdca.store.driver import Row
from pdca.store.jsontext import optional_json
from pdca.store.reads import schedules
from pdca.store.rows import Change, insert, update
from pdca.working_days import calendar_of, working_days
from workflows import workdays

_WHAT: Final = N_("change the working days")


@dataclass(frozen=True, slots=True)
class SetWorkingDays:
    """Say whose public holidays the body has, and on which weekdays it works; None leaves it as it is, "" takes away.

    `weekdays` are as RFC 5545 writes them: MO to SU.
    """

    country: str | None = None
    subdivision: str | None = None
    weekdays: tuple[str, ...] | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Change them and move the moments to come; raises Usage for a calendar that is not known."""
        must_administer(desk.actor, _WHAT)
        installation = lock_installation(desk)
        wanted = {
            "country": _kept(self.country, installation["country"]),
            "subdivision": _kept(self.subdivision, installation["subdivision"]),
            "working_days": installation["working_days"] if self.weekdays is None else working_days(self.weekdays),
        }
        check({**installation, **wanted}, desk.connection.all(schedules.CLOSING_DAYS))
        changed = {name: value for name, value in wanted.items() if installation[name] != value}
        changes = [update("installation", {"installation_id": 1}, **changed)] if changed else []
        return _record(desk, installation, "calendar.set", changes)


@dataclass(frozen=True, slots=True)
class Close:
    """Close the body on days, for a reason that has a name in some languages ({}: none)."""

    days: tuple[dt.date, ...]
    name: Mapping[str, str]

    def perform(self, desk: Desk) -> Outcome:
        """Close it and move the moments to come; a day that is closed already gets this name."""
        must_administer(desk.actor, _WHAT)
        installation = lock_installation(desk)
        there = {row["day"]: row for row in desk.connection.all(schedules.CLOSING_DAYS)}
        name = optional_json(dict(self.name))
        changes: list[Change] = []
        for day in sorted({day.isoformat() for day in self.days}):
            if day not in there:
                changes.append(insert("closing_day", {"day": day}, name=name))
            elif there[day]["name"] != name:
                changes.append(update("closing_day", {"day": day}, name=name))
        return _record(desk, installation, "calendar.closed", changes)


@dataclass(frozen=True, slots=True)
class Reopen:
    """Let the body be closed on days no longer."""

    days: tuple[dt.date, ...]

    def perform(self, desk: Desk) -> Outcome:
        """Open it and move the moments to come; raises NotFound for a day that is no closing day."""
        must_administer(desk.actor, _WHAT)
        installation = lock_installation(desk)
        there = {row["day"] for row in desk.connection.all(schedules.CLOSING_DAYS)}
        days = sorted({day.isoformat() for day in self.days})
        if unknown := [day for day in days if day not in there]:
            raise NotFound(
                "closing-day-unknown",
                _("No closing day: %(days)s.") % {"days": ", ".join(unknown)},
                hint=_("`pdca workdays list` shows them all."),
            )
        changes = [Change("delete", "closing_day", {"day": day}) for day in days]
        return _record(desk, installation, "calendar.reopened", changes)


def check(installation: Mapping[str, object], closing_days: Iterable[Row]) -> None:
    """Raise Usage for working days that nobody can reckon with."""
    problems = list(workdays.faults(calendar_of(installation, closing_days)))
    if problems:
        first = problems[0]
        message = "\n".join(problem.words(gettext) for problem in problems)
        raise Usage(first.code, message, hint=first.advice(gettext))


def _record(desk: Desk, installation: Row, kind: str, changes: Sequence[Change]) -> Outcome:
    if not changes:
        return desk.done(plans={}, failed=[])
    desk.record(Stream.of_installation(installation), Draft(kind=kind, changes=changes))
    done = reroll(desk)
    return desk.done(
        plans={
            plan: [
                {
                    "evaluation": one.moment_id,
                    "what": one.what,
                    "date": one.date,
                    "before": one.before,
                    "withdrawn": one.withdrawn,
                }
                for one in effects
            ]
            for plan, effects in done.moved.items()
        },
        failed=done.failed,
    )


def _kept(given: str | None, stored: str | None) -> str | None:
    return stored if given is None else given or None
