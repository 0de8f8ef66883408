"""What the benchmark's limit writes is what our transitions write, row by row, whether or not it asks what they ask."""

import pickle
from pathlib import Path

import pytest

from benchmarks.contest import contest
from benchmarks.contestants.replay import prepare
from benchmarks.transition import copied, plans_that_run, recorded
from benchmarks.transition_postgresql import contestants
from pdca.store.database import locate
from tests.contract.world import EVERY_ROW, Dump
from tests.postgres import Server


def rows(path: Path) -> Dump:
    return rows_at(f"sqlite:///{path}")


def rows_at(url: str) -> Dump:
    with locate(url).connect() as connection:
        return {table: connection.all(statement) for table, statement in EVERY_ROW.items()}


@pytest.mark.parametrize("which", ["rows", "whole"])
def test_the_replayed_transitions_leave_the_rows_that_ours_left(tmp_path: Path, which: str) -> None:
    template, ours, limit = (tmp_path / name for name in ("t.db", "ours.db", "limit.db"))
    plans = plans_that_run(f"sqlite:///{template}", rounds=2, count=2)
    file = getattr(recorded(copied(template, ours), plans, tmp_path), which)
    work = prepare({"url": copied(template, limit), "recorded": str(file), "share": 0, "of": 1})
    before = rows(limit)
    work(0)
    assert rows(limit) not in (before, rows(ours))
    work(1)
    assert rows(limit) == rows(ours)


def test_the_questions_of_a_transition_stand_among_what_it_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = tmp_path / "t.db"
    plans = plans_that_run(f"sqlite:///{template}", rounds=1, count=2)
    files = recorded(copied(template, tmp_path / "ours.db"), plans, tmp_path)
    [written], [whole] = (
        pickle.loads(file.read_bytes())  # noqa: S301 - written by the bench itself
        for file in (files.rows, files.whole)
    )
    asked = 0
    for rows_of_one, all_of_one in zip(written, whole, strict=True):
        questions = [text for text, _parameters in all_of_one if text.lstrip().startswith(("SELECT", "WITH"))]
        assert [one for one in all_of_one if one[0] not in questions] == rows_of_one
        asked += len(questions)
    assert f"reads {asked / 2:.1f} times" in capsys.readouterr().err


@pytest.mark.postgres
def test_several_connections_at_once_leave_what_one_leaves(postgres_server: Server, tmp_path: Path) -> None:
    count, rounds = 8, 1
    with contestants(postgres_server, tmp_path, rounds, count) as (ours, limits):
        contest([*ours, *limits], count, rounds)
        by_one, *others = (rows_at(one.task["url"]) for one in limits)
        assert others == [by_one, by_one]
        for one in ours:
            left = rows_at(one.task["url"])
            assert {row["state"] for row in left["plan"]} == {"check"}
            # What differs is who wrote first.
            assert {name: len(found) for name, found in left.items()} == {
                name: len(found) for name, found in by_one.items()
            }
