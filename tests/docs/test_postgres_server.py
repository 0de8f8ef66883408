"""The throw-away server of the tests is what the tests believe it is."""

import psycopg
import pytest

pytestmark = pytest.mark.postgres


def test_the_server_keeps_what_it_acknowledged_and_is_unlike_the_byte_order_and_the_zone_of_developers(
    postgres_url: str,
) -> None:
    with psycopg.connect(postgres_url) as connection:
        row = connection.execute(
            "SELECT current_setting('fsync'), current_setting('TimeZone'), current_setting('listen_addresses')"
        ).fetchone()
    assert row == ("on", "Asia/Kathmandu", "127.0.0.1")


def test_nobody_enters_without_the_password(postgres_url: str) -> None:
    head, tail = postgres_url.split("@")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"{head.rpartition(':')[0]}:wrong@{tail}")


@pytest.mark.parametrize("run", [1, 2])
def test_every_test_has_a_database_of_its_own(postgres_url: str, run: int) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE mine (run integer)")
        connection.execute("INSERT INTO mine VALUES (%s)", (run,))
        rows = connection.execute("SELECT run FROM mine").fetchall()
    assert rows == [(run,)]
