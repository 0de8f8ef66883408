"""A small zone that was taken in from a file, with somebody who leads a plan, somebody of its group, and a stranger."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pdca.clock import VirtualClock
from pdca.engine import Outcome
from pdca.exchange.document import PlacedPlan, read_document
from pdca.exchange.editing import EditPlan
from pdca.exchange.exporter import plan_document
from pdca.exchange.importer import ImportDocument
from pdca.exchange.known import known_in
from pdca.exchange.plan_file import read_plan
from pdca.exchange.writing import yaml_text
from pdca.house import House
from pdca.plans.advance import Seen
from pdca.store.driver import Row, Statement
from pdca.store.reads.exchange import ROWS
from tests import seed
from workflows import definition as definitions

TEXT: Final = (
    (Path(__file__).parent / "complete.yaml")
    .read_text(encoding="utf-8")
    .replace(
        "  - {id: bo, name: Bo Smets, login: bos}\n",
        "  - {id: bo, name: Bo Smets, login: bos, appointments: [{party: pilot, from: 2020-01-01}]}\n"
        "  - {id: cas, name: Cas Maes, login: casm, appointments: [{party: town, from: 2020-01-01}]}\n"
        "  - {id: dee, name: Dee Wouters, login: deew}\n",
    )
)
_STEPS: Final = """  approvals:
    - {by: minister, act: keurt goed, party: council, date: 2020-03, effective: 2020-01-01}
    - {by: justitie, act: keurt mee goed, decision: approved}
    - {by: koning, act: bekrachtigt}
"""
DRAFT: Final = TEXT.replace(_STEPS, "")
"""The same, before anybody was asked to approve the programme."""

APPROVED: Final = TEXT.replace("{by: koning, act: bekrachtigt}", "{by: koning, act: bekrachtigt, date: 2020-04-02}")
"""The same, with the last step of the approval taken."""

NOW: Final = datetime(2023, 6, 1, 8, tzinfo=UTC)
ZVP: Final = definitions.load("zvp")

Data = dict[str, Any]


def empty(database_url: str, now: datetime = NOW) -> House:
    """An installation without anything in it."""
    return seed.house(database_url, clock=VirtualClock(now))


def taken_in(database_url: str, text: str = TEXT, now: datetime = NOW) -> House:
    """An installation with what the text says."""
    house = empty(database_url, now)
    house.apply(ImportDocument(read_document(text)))
    return house


def take_in(house: House, text: str) -> Outcome:
    """Import a text."""
    return house.apply(ImportDocument(read_document(text)))


def rows(house: House, table: str, **values: object) -> list[Row]:
    """The rows of a table that hold these values."""
    with house.reading() as connection:
        found = connection.all(ROWS[table])
    return [row for row in found if values.items() <= row.items()]


def row(house: House, table: str, **values: object) -> Row:
    """The one row of a table that holds these values."""
    (found,) = rows(house, table, **values)
    return found


def events(house: House) -> list[str]:
    """The kinds of the events, the oldest first."""
    with house.reading() as connection:
        return [one["kind"] for one in connection.all(Statement("kinds", "SELECT kind FROM event ORDER BY event_id"))]


def version(house: House, plan_id: str = "P-001") -> int:
    """The version of a plan."""
    return int(row(house, "plan", plan_id=plan_id)["version"])


def written(house: House, plan_id: str = "P-001") -> Data:
    """A plan as it is written out for editing."""
    with house.reading() as connection:
        return plan_document(connection, plan_id)


def placed(house: House, data: Data) -> PlacedPlan:
    """A plan that was written out, changed and read again."""
    with house.reading() as connection:
        known = known_in(connection)
    return read_plan(yaml_text(data, "changed"), "plan.yaml", known=known, definition=ZVP)


def edit(
    house: House,
    change: Callable[[Data], object],
    person: str | None = "bo",
    seen: Seen | None = None,
    plan_id: str = "P-001",
) -> Outcome:
    """Edit a plan as somebody: write it out, change it, and hand it in."""
    data = written(house, plan_id)
    change(data["plan"])
    return replace(house, as_person=person).apply(EditPlan(plan_id, placed(house, data), seen))
