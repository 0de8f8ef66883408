"""The rules in force, and whose term is over by them: of whom values of a kind may be kept no longer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from pdca import methods
from pdca.erasure.kinds import KINDS, PEOPLE
from pdca.house import installation
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import to_json
from pdca.store.reads import erasing, people, plans
from workflows.instants import from_text
from workflows.recurrence import later

Subjects = dict[str, date]
"""By id, the local day on which the term began: of a person, an absence, a message, or a plan."""

TABLES: Final = {"absences": "substitution", "messages": "notification"}
"""Of the kinds whose subjects are rows of their own: in which table."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A decision with a term, in force: values of the kind go so many `months` after what they run from."""

    kind: str
    number: int
    months: int

    @property
    def name(self) -> str:
        """What it is called in the log, the same in every language."""
        return f"{self.kind}/{self.number}"

    def up_to(self, today: date) -> date:
        """The last day on which a term can have begun that is over today."""
        return later(today, months=-self.months)


@dataclass(frozen=True, slots=True)
class Due:
    """A rule, the last day on which a term can have begun that is over, and all whose term is."""

    rule: Rule
    up_to: date
    subjects: Subjects


def latest(rows: Sequence[Row]) -> dict[str, Row]:
    """Give, by kind, the last decision among rows in the order of their numbers."""
    return {row["kind"]: row for row in rows}


def in_force(connection: Connection) -> list[Rule]:
    """List the rules that say that something is erased, in the order of the kinds."""
    found = latest(connection.all(erasing.RULES))
    return [
        Rule(kind, found[kind]["number"], found[kind]["months"])
        for kind in KINDS
        if kind in found and found[kind]["months"] is not None
    ]


def due_now(connection: Connection, today: date) -> list[Due]:
    """Give every rule in force with those whose term is over on a local day."""
    found = []
    for rule in in_force(connection):
        up_to = rule.up_to(today)
        found.append(Due(rule, up_to, subjects(connection, rule.kind, up_to)))
    return found


def fresh(connection: Connection, due: Due, runs: Sequence[Row]) -> int:
    """Count those whose term ended, or of whom something came in, since the last time that the kind was erased."""
    if due.rule.kind == PEOPLE:
        # A person is there no more among them once erased, so whoever is has to go.
        return len(due.subjects)
    before = [row for row in runs if row["kind"] == due.rule.kind]
    last = max((row["up_to"] for row in before), default="")
    left = {name for name, day in due.subjects.items() if day.isoformat() > last}
    if before and KINDS[due.rule.kind].of_plan:
        asked = {"plans": to_json(dict.fromkeys(due.subjects)), "at": max(row["at"] for row in before)}
        left.update(row["plan_id"] for row in connection.all(erasing.SAID_SINCE, **asked))
    return len(left)


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
