"""Several at once: two people with the same plan, and a hundred who write to one database."""

from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from pdca.audit.verify import verify
from pdca.house import House
from pdca.people.commands import Appoint
from pdca.store.driver import Statement
from pdca.store.reads import people
from pdca.store.verifying import StoredLog
from scheduler import seal
from tests import seed
from tests.fault.processes import ForkServer

ROUNDS: Final = 20
WRITERS: Final = 100
OF_KIND: Final = Statement("of_kind", "SELECT stream, seq, actor FROM event WHERE kind = :kind ORDER BY event_id")
STREAMS: Final = Statement("streams", "SELECT stream, seq FROM event ORDER BY stream, seq")


def zone(database_url: str, plans: int) -> House:
    """Make a real installation whose administrator leads so many plans that are ready to start."""
    house = seed.house(database_url, simulated=False)
    for number in range(1, plans + 1):
        seed.plan(house, f"P-{number:03d}", people=() if number > 1 else seed.PEOPLE)
    with house.reading() as connection:
        today = house.now(connection).date()
    seed.by_hand(house, Appoint("U-001", ("prevention",), today))
    return house


def sound(house: House) -> None:
    seal.run_once(house)
    with house.reading() as connection:
        report = verify(StoredLog(connection))
        assert report.ok, report.findings


def test_of_two_who_start_the_same_plan_at_once_one_does_and_the_other_is_told_of_a_conflict(
    database_url: str, forked: ForkServer, tmp_path: Path
) -> None:
    house = zone(database_url, ROUNDS)
    for number in range(1, ROUNDS + 1):
        line = ("plan", "advance", f"P-{number:03d}", "--trigger", "start", "--json")
        ended = forked.together([line, line], environment={"PDCA_DATABASE": database_url}, folder=tmp_path)
        assert sorted(one.status for one in ended) == [0, 5], [(one.status, one.err) for one in ended]
        loser = next(one for one in ended if one.status == 5)
        assert '"changed-meanwhile"' in loser.err
        assert loser.out == ""
    with house.reading() as connection:
        started = Counter(row["stream"] for row in connection.all(OF_KIND, kind="plan.advanced"))
        assert connection.all(OF_KIND, kind="plan.refused") == []
    assert started == {f"P-{number:03d}": 1 for number in range(1, ROUNDS + 1)}
    sound(house)


@pytest.mark.parametrize("pretended", [{}, {"PDCA_NOW": "2024-02-01T08:00:00Z"}], ids=["standing still", "pretended"])
def test_in_a_simulation_too_the_second_of_two_is_told_of_a_conflict(
    pretended: dict[str, str], forked: ForkServer, tmp_path: Path
) -> None:
    database_url = f"sqlite:///{tmp_path / 'pdca.db'}"
    house = seed.house(database_url)
    for number in range(1, ROUNDS + 1):
        seed.plan(house, f"P-{number:03d}", people=() if number > 1 else seed.PEOPLE)
    environment = {"PDCA_DATABASE": database_url, **pretended}
    for number in range(1, ROUNDS + 1):
        line = ("plan", "advance", f"P-{number:03d}", "--to", "do", "--as", "sofie")
        ended = forked.together([line, line], environment=environment, folder=tmp_path)
        assert sorted(one.status for one in ended) == [0, 5], [(one.status, one.err) for one in ended]
    again = forked.run(
        "plan", "advance", "P-001", "--to", "do", "--as", "sofie", environment=environment, folder=tmp_path
    )
    assert again.status == 3


def test_a_hundred_writers_at_once_lose_nothing(forked: ForkServer, tmp_path: Path) -> None:
    database_url = f"sqlite:///{tmp_path / 'pdca.db'}"
    house = zone(database_url, WRITERS // 5)
    with house.reading() as connection:
        before = len(connection.all(people.PEOPLE))
    lines: list[tuple[str, ...]] = [
        ("plan", "advance", f"P-{number // 5:03d}", "--trigger", "start")
        if number % 5 == 0
        else ("person", "add", "--name", f"Writer {number}", "--handle", f"writer-{number}")
        for number in range(1, WRITERS + 1)
    ]
    waiting = lines
    while waiting:
        ended = forked.together(waiting, environment={"PDCA_DATABASE": database_url}, folder=tmp_path)
        assert {one.status for one in ended} <= {0, 75}, [one.err for one in ended if one.status not in (0, 75)]
        # Whoever found the database busy was told that nothing was changed, and repeats.
        waiting = [line for line, one in zip(waiting, ended, strict=True) if one.status == 75]
        waiting += [("whoami",)] if len(waiting) == 1 else []
    with house.reading() as connection:
        assert len(connection.all(people.PEOPLE)) == before + WRITERS - WRITERS // 5
        assert len(connection.all(OF_KIND, kind="plan.advanced")) == WRITERS // 5
        numbers: dict[str, list[int]] = {}
        for row in connection.all(STREAMS):
            numbers.setdefault(row["stream"], []).append(row["seq"])
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())
    sound(house)
