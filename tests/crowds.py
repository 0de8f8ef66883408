"""Very many plans or messages at once, made by the database from one that the engine made: for what has to hold at any
size.

Their rows are no more than a sweep looks at, and the log does not know of them.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from pdca.plans.advance import Advance
from pdca.store.driver import Connection, Statement
from tests import seed
from workflows.instants import to_text

ONE: Final = "P-001"
FIRST_NUMBER: Final = 1_000
"""So that no copy has the number of the plan that it is made from."""

EVALUATED: Final = date(2024, 4, 8)
_NUMBERS: Final = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many) "
_ONE_AFTER_ANOTHER: Final = """
    UPDATE %s SET due_at = :second || substr(CAST(1000000 + (CAST(substr(plan_id, 3) AS INTEGER) - :first) %% :groups
        AS TEXT), 2) || 'Z' WHERE plan_id <> :one AND due_at = :at
    """
_SELECT: Final = "SELECT %s %s WHERE %s"
_INSERT: Final = "INSERT INTO %s (%s) %s"
OF_A_PLAN: Final = ("plan", "group_member", "plan_indicator", "evaluation", "deadline")


def one_that_runs(url: str) -> None:
    """Make the plan: it runs, and is evaluated once."""
    here = seed.house(url)
    made = seed.plan(here, ONE, evaluations=(EVALUATED,))
    assert not seed.by(here, made.people["sofie"], Advance(ONE, "start")).refusal


def multiply(connection: Connection, many: int, tables: tuple[str, ...] = OF_A_PLAN) -> None:
    """Copy the plan so many times, with its evaluation and what is pending for it."""
    connection.begin()
    for table in tables:
        which = f"FROM {table} o"
        where = f"o.plan_id = '{ONE}'" + ("" if table != "deadline" else " AND o.status = 'pending'")
        rows = connection.all(Statement("one", _SELECT % ("o.*", which, where)))
        copied = {name: _copied(name, [row[name] for row in rows]) for name in rows[0]}
        _insert(connection, table, copied, f"{which}, n", where, many)
    connection.commit()
    connection.run(Statement("look", "ANALYZE"))


def multiply_messages(connection: Connection, many: int) -> None:
    """Copy a message that waits so many times, each for somebody else with a mailbox, in three languages by turns."""
    message = connection.all(Statement("one", "SELECT * FROM notification WHERE status = 'pending'"))[0]
    [person] = connection.all(
        Statement("one", "SELECT * FROM person WHERE person_id = :name"), name=message["person_id"]
    )
    of_the_person = {
        "person_id": "'X-' || n.i",
        "handle": "'x-' || n.i",
        "email": "'x-' || n.i || '@zone.example'",
        "language": "CASE n.i % 3 WHEN 0 THEN 'nl' WHEN 1 THEN 'fr' ELSE 'en' END",
    }
    of_the_message = {
        "notification_id": f"'{ONE}.' || (n.i + {FIRST_NUMBER}) || '.1'",
        "seq": f"n.i + {FIRST_NUMBER}",
        "person_id": "'X-' || n.i",
    }
    connection.begin()
    for table, row, key, others in (
        ("person", person, "person_id", of_the_person),
        ("notification", message, "notification_id", of_the_message),
    ):
        copied = {name: f"o.{name}" for name in row} | others
        _insert(connection, table, copied, f"FROM {table} o, n", f"o.{key} = '{row[key]}'", many)
    connection.commit()
    connection.run(Statement("look", "ANALYZE"))


def one_after_another(connection: Connection, at: datetime, groups: int) -> None:
    """Let what falls due at an instant do so in so many groups, each a microsecond after the one before it.

    The groups are alike in number and scattered over all plans: a sweep at a moment in between finds one of them due.
    """
    text = to_text(at)
    second = text.removesuffix("000000Z")
    connection.begin()
    for table in ("evaluation", "deadline"):
        statement = Statement("one_after_another", _ONE_AFTER_ANOTHER % table)
        connection.run(statement, second=second, first=FIRST_NUMBER, groups=groups, one=ONE, at=text)
    connection.commit()


def _insert(connection: Connection, table: str, copied: Mapping[str, str], source: str, where: str, many: int) -> None:
    """Insert, so many times, what each column is to hold."""
    text = _NUMBERS + _SELECT % (", ".join(copied.values()), source, where)
    connection.run(Statement("multiply", _INSERT % (table, ", ".join(copied), text)), many=many)


def _copied(column: str, values: list[object]) -> str:
    text = f"o.{column}"
    number = f"(n.i + {FIRST_NUMBER})"
    for found, of_the_copy in ((ONE, "P-"), (ONE.lower(), "p-"), ("E-101", "E-")):
        if any(isinstance(value, str) and found in value for value in values):
            text = f"replace({text}, '{found}', '{of_the_copy}' || {number})"
    return text
