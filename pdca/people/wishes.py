"""What a person wishes about being told: everybody says it for himself or herself, an administrator for others."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import NoRight, Usage
from pdca.i18n import _
from pdca.notify.outbox import days_of
from pdca.notify.wishes import Wishes, held, wishes_of
from pdca.people.commands import lock_installation
from pdca.people.find import find_person
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from pdca.store.reads import notifications
from pdca.store.rows import Change, update
from workflows.instants import from_text, to_text

EVERY_WEEKDAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class SetWishes:
    """Change what a person wishes: `changed` are fields of `Wishes` and their values, `language` that of messages."""

    person: str
    changed: Mapping[str, Any] = field(default_factory=dict)
    language: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Write it, and let what waits for this person wait as is wished now; without a change there is no event.

        Raises NotFound for nobody, NoRight for somebody else's wishes, Usage for days that leave none.
        """
        installation = lock_installation(desk)
        person = find_person(desk.connection, self.person)
        if desk.actor.access != "administrator" and desk.actor.person_id != person["person_id"]:
            raise NoRight(
                "wishes-of-another",
                _("Only %(name)s or an administrator may say how %(name)s is told.") % {"name": person["name"]},
                hint=_("`pdca whoami` says who you are here."),
                actor=desk.actor,
            )
        wishes = replace(wishes_of(person["wishes"]), **self.changed)
        check_wishes(wishes)
        values = {"wishes": wishes.text(), "language": self.language or person["language"]}
        differing = {name: value for name, value in values.items() if value != person[name]}
        if differing:
            changes = [
                update("person", {"person_id": person["person_id"]}, **differing),
                *_held_anew(desk, person["person_id"], wishes, installation["zone"]),
            ]
            desk.record(Stream.of_installation(installation), Draft(kind="person.wishes_set", changes=changes))
        return desk.done(**told(person | values))


def told(person: Row) -> dict[str, Any]:
    """Say what a person wishes, as plain data."""
    view = wishes_of(person["wishes"]).view()
    named = {name: person[name] for name in ("name", "language")}
    return {"person": person["person_id"], **named, "invited": person["invited_since"] is not None, **view}


def check_wishes(wishes: Wishes) -> None:
    """Refuse wishes that leave no day to be told on, and dates that run backwards; raises Usage."""
    if wishes.quiet >= EVERY_WEEKDAY:
        raise Usage(
            "no-day-left",
            _("Every day of the week would be quiet."),
            hint=_("Leave at least one day on which you can be told."),
        )
    for first, last in wishes.quiet_dates:
        if last < first:
            raise Usage(
                "quiet-backwards",
                _("%(until)s lies before %(from)s.") % {"until": last, "from": first},
                hint=_("Give the first and the last day."),
            )


def _held_anew(desk: Desk, person_id: str, wishes: Wishes, zone: str) -> list[Change]:
    """Let what is held go when it would have gone under these wishes, now at the earliest."""
    days = days_of(desk.connection, zone)
    changes = []
    for row in desk.connection.all(notifications.HELD, person_id=person_id, now=desk.uow.now_text):
        waits = held(wishes, row["kind"], from_json(row["parameters"]) or {}, from_text(row["created_at"]), days)
        until = to_text(max(waits.until, desk.uow.now))
        changes.append(
            update("notification", {"notification_id": row["notification_id"]}, not_before=until, next_attempt_at=until)
        )
    return changes
