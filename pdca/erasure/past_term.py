"""Whose term is over: the people, absences, messages and plans of which values of a kind may be kept no longer."""

from collections.abc import Iterator
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from pdca import methods
from pdca.erasure.kinds import KINDS, PEOPLE
from pdca.house import installation
from pdca.store.driver import Connection
from pdca.store.reads import erasing, people, plans
from workflows.instants import from_text

Subjects = dict[str, date]
"""By id, the local day on which the term began: of a person, an absence, a message, or a plan."""

TABLES: Final = {"absences": "substitution", "messages": "notification"}
"""Of the kinds whose subjects are rows of their own: in which table."""


def subjects(connection: Connection, kind: str, up_to: date) -> Subjects:
    """Give those of a kind whose term began on that local day or before."""
    found = _SUBJECTS["plans" if KINDS[kind].of_plan else kind](connection)
    return {name: day for name, day in found if day <= up_to}


def _people(connection: Connection) -> Iterator[tuple[str, date]]:
    """Yield members who left: each of their functions has ended, on the last of those days.

    Whoever has another access, or never held a function, has not left, and is erased by name; so nobody who applies
    the rules erases himself or herself.
    """
    ends: dict[str, list[str | None]] = {}
    for row in connection.all(people.APPOINTMENTS):
        ends.setdefault(row["person_id"], []).append(row["until_date"])
    for row in connection.all(people.PEOPLE):
        until = ends.get(row["person_id"], [None])
        if row["erased_at"] is None and row["access"] == "member" and None not in until:
            yield row["person_id"], date.fromisoformat(max(day for day in until if day))


def _absences(connection: Connection) -> Iterator[tuple[str, date]]:
    for row in connection.all(people.SUBSTITUTIONS):
        yield row["substitution_id"], date.fromisoformat(row["until_date"])


def _messages(connection: Connection) -> Iterator[tuple[str, date]]:
    zone = ZoneInfo(installation(connection)["zone"])
    for row in connection.stream(erasing.SETTLED):
        yield row["notification_id"], from_text(row["at"]).astimezone(zone).date()


def _plans(connection: Connection) -> Iterator[tuple[str, date]]:
    """Yield plans that ended for good: no step leads on from where they are."""
    for row in connection.all(plans.PLANS):
        state = methods.state_of(connection, row)
        if state.ended and not methods.of_plan(connection, row).routes.get(state.id):
            yield row["plan_id"], from_text(row["state_since"]).astimezone(ZoneInfo(row["zone"])).date()


_SUBJECTS: Final = {PEOPLE: _people, "absences": _absences, "messages": _messages, "plans": _plans}
