"""Transactions on SQLite as the program has them, not as Python's driver has them by default."""

from pathlib import Path

import pytest

from pdca.errors import TryAgain
from pdca.store.database import locate
from pdca.store.driver import Connection, Statement
from tests import seed

IMPATIENT = Statement("impatient", "PRAGMA busy_timeout = 0")
RENAME = Statement("rename", "UPDATE installation SET organisation_id = :name")
NAME = Statement("name", "SELECT organisation_id FROM installation")


@pytest.fixture
def two(tmp_path: Path) -> tuple[Connection, Connection]:
    """Two connections that may write; the second does not wait."""
    url = f"sqlite:///{tmp_path / 'pdca.db'}"
    seed.house(url)
    one, other = (locate(url).connect(writing=True) for _ in range(2))
    other.all(IMPATIENT)
    return one, other


def test_who_begins_has_the_lock_before_anything_is_read(two: tuple[Connection, Connection]) -> None:
    one, other = two
    one.begin()
    with pytest.raises(TryAgain):
        other.begin()
    one.rollback()
    other.begin()
    other.rollback()


def test_outside_a_transaction_every_statement_stands_alone(two: tuple[Connection, Connection]) -> None:
    one, other = two
    one.run(RENAME, name="renamed")
    assert other.value(NAME) == "renamed"
    other.run(RENAME, name="again")
    assert one.value(NAME) == "again"
