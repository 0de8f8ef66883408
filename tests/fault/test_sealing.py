"""Two processes that write and two that seal, on PostgreSQL at once: every event is sealed once, without a gap."""

from collections import Counter
from itertools import pairwise
from typing import Final

import pytest

from pdca.audit import tree
from pdca.audit.findings import Report
from pdca.audit.verify import verify
from pdca.house import House
from pdca.store.driver import Statement
from pdca.store.verifying import StoredLog
from scheduler import seal
from tests import seed
from tests.fault.sealing import Work, at_work

pytestmark = pytest.mark.postgres

PLANS: Final = 4
SHARED: Final = "P-004"
"""A plan in which both writers write; each has others of its own."""

GROUPS: Final = (("P-001", "P-002", SHARED), ("P-003", SHARED))
EVENTS: Final = 60
A_MINUTE: Final = 60
LEAVES: Final = Statement("leaves", "SELECT leaf_index, event_id, hash FROM tree_leaf ORDER BY leaf_index")
EVENTS_STORED: Final = Statement("events_stored", "SELECT event_id, body FROM event ORDER BY event_id")


def checked(house: House) -> Report:
    """Verify the log as it is now, whoever is at work."""
    with house.database.connect() as connection:
        report = verify(StoredLog(connection))
    assert report.ok, report.findings[:5]
    return report


def written_and_sealed(url: str, **until: float) -> list[int]:
    """Let two write and two seal, look on, and hold what there is in the end to what they say of it.

    Gives how many events each of the two sealed.
    """
    house = seed.house(url, simulated=False)
    for number in range(1, PLANS + 1):
        seed.plan(house, f"P-{number:03d}", people=() if number > 1 else seed.PEOPLE)
    seal.run_once(house)
    before = checked(house).events
    looks = 0
    with at_work(url, GROUPS, sealers=2, **until) as work:
        while work.writing:
            checked(house)
            looks += 1
    written, sealed = said(work)
    last = seal.run_once(house).sealed
    assert sum(map(sum, sealed)) + last == len(written) == len(set(written))
    with house.reading() as connection:
        leaves, events = connection.all(LEAVES), connection.all(EVENTS_STORED)
    assert [row["leaf_index"] for row in leaves] == list(range(before + len(written)))
    assert Counter(row["event_id"] for row in leaves) == Counter(row["event_id"] for row in events)
    assert set(written) <= {row["event_id"] for row in events}
    bodies = {row["event_id"]: bytes(row["body"]) for row in events}
    assert all(bytes(row["hash"]) == tree.leaf_hash(bodies[row["event_id"]]) for row in leaves)
    report = checked(house)
    assert (report.leaves, report.unsealed) == (before + len(written), 0)
    order = [row["event_id"] for row in leaves]
    overtaken = sum(one > other for one, other in pairwise(order))
    by_each = [sum(one) for one in sealed]
    print(  # noqa: T201 - part of the record
        f"{len(written)} events by two writers, sealed by two: {by_each}, {last} afterwards; "
        f"{overtaken} overtaken by a later one, {looks} verifications meanwhile"
    )
    return by_each


def said(work: Work) -> tuple[list[int], list[list[int]]]:
    """Give the ids that the writers were told, and what the sealers sealed."""
    return [one for writer in work.writers for one in writer.result()], [one.result() for one in work.sealers]


def test_two_writers_and_two_sealers_leave_every_event_sealed_once_and_no_gap(postgres_url: str) -> None:
    assert sum(written_and_sealed(postgres_url, events=EVENTS))


@pytest.mark.soak
def test_two_writers_and_two_sealers_for_a_minute_leave_every_event_sealed_once_and_no_gap(postgres_url: str) -> None:
    assert all(written_and_sealed(postgres_url, seconds=A_MINUTE))
