"""The definition a plan runs on is the one that was taken over, whole and unchanged, or nothing is judged by it."""

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from pdca import methods
from pdca.errors import Refused
from pdca.plans.take_over import as_row, take_over
from pdca.store.driver import Statement
from scheduler.channels.file import FileChannel
from scheduler.deliver import run_once
from tests.contract.world import PLAN, World
from workflows import definition as definitions
from workflows.definition import DefinitionError

TEXT = Statement("text", "SELECT text FROM definition")


def change(world: World, statement: str, **parameters: object) -> None:
    """Change the database as somebody who holds it."""
    with world.house.database.connect(writing=True) as connection:
        connection.run(Statement("change", statement), **parameters)


def test_what_is_taken_over_is_taken_over_once_and_never_as_something_else(world: World) -> None:
    shipped = definitions.load("zvp")
    assert take_over(world.reading, shipped) == []
    with pytest.raises(Refused) as failure:
        take_over(world.reading, replace(shipped, text=shipped.text + "# edited\n"))
    assert failure.value.code == "definition-changed"


def test_accents_are_kept_in_the_form_in_which_they_are_logged() -> None:
    shipped = definitions.load("zvp")
    decomposed = replace(shipped, text=unicodedata.normalize("NFD", shipped.text))
    assert decomposed.text != shipped.text
    assert as_row(decomposed) == as_row(shipped)


def test_rules_that_were_changed_in_the_database_judge_nothing(world: World) -> None:
    [row] = world.rows(TEXT)
    eased = row["text"].replace('who = ["lead"]', 'who = ["lead", "administrator"]')
    change(world, "UPDATE definition SET text = :text", text=eased)
    with pytest.raises(DefinitionError) as failure:
        world.advance("start")
    assert (failure.value.code, "audit verify" in failure.value.advice()) == ("method-damaged", True)
    assert [finding.where for finding in world.verified().findings] == ["definition zvp/1: text"]
    change(world, "UPDATE definition SET text = :text", text=row["text"])
    assert world.advance("start").refusal == ()


def test_a_message_whose_method_is_missing_waits_until_it_is_put_back(sqlite_world: World, tmp_path: Path) -> None:
    world = sqlite_world
    world.take("start", "evaluate")
    [row] = world.rows(Statement("whole", "SELECT * FROM definition"))
    with world.house.database.connect(writing=True) as connection:
        connection.run(Statement("loose", "PRAGMA foreign_keys=OFF"))
        connection.run(Statement("take away", "DELETE FROM definition"))
    counts = run_once(world.house, FileChannel(tmp_path))
    assert (counts.sent, counts.dead, counts.later > 0) == (0, 0, True)
    change(world, "INSERT INTO definition VALUES (:definition_id, :version, :sha256, :text)", **row)
    plan = world.plan(PLAN)
    assert methods.of_plan(world.reading, plan).id == "zvp"
