"""Whatever a document says comes back from the database, and taking it in again changes nothing."""

import shutil
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from pdca.exchange.document import read_document
from pdca.exchange.editing import EditPlan
from pdca.exchange.exporter import plan_document, programme_document
from pdca.exchange.importer import ImportDocument
from pdca.exchange.json_schema import document_schema
from pdca.exchange.known import known_in
from pdca.exchange.plan_file import read_plan
from pdca.exchange.plan_records import Plan
from pdca.exchange.plan_text import opened, plan_text
from pdca.exchange.writing import json_text, yaml_text
from pdca.exchange.yaml_reader import read
from pdca.house import House
from pdca.store.database import locate
from pdca.store.reads import plans
from tests import seed
from tests.property.exchange_documents import NOWHERE, documents, edits, plans_of
from tests.property.exchange_meaning import meaning, said
from tests.property.exchange_values import Data, labels, numbers, texts
from tests.property.nested import nested
from workflows import definition as definitions

pytestmark = pytest.mark.usefixtures("methods")


@cache
def schema() -> Draft202012Validator:
    """Made when it is first asked for: then the methods are on the shelf."""
    return Draft202012Validator(document_schema())


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> House:
    return seed.house(f"sqlite:///{tmp_path_factory.mktemp('template') / 'empty.db'}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("copies")


def fresh(template: House, folder: Path) -> House:
    """An empty installation in a copy of the template."""
    assert template.database.path is not None
    copy = folder / "copy.db"
    for old in folder.glob("copy.db*"):
        old.unlink()
    shutil.copy(template.database.path, copy)
    return replace(template, database=locate(f"sqlite:///{copy}"))


def exported(house: House) -> Data:
    with house.reading() as connection:
        return programme_document(connection)


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(document=documents())
def test_a_document_comes_back_as_it_was_and_changes_nothing_again(
    document: Data, template: House, folder: Path
) -> None:
    house = fresh(template, folder)
    wanted = read_document(yaml_text(document, "made for a test"))
    house.apply(ImportDocument(wanted))
    found = exported(house)
    for text in (yaml_text(found, "exported"), json_text(found)):
        again = read_document(text)
        assert meaning(again) == meaning(wanted)
        outcome = house.apply(ImportDocument(again))
        assert (outcome.events, outcome.summary["added"], outcome.summary["changed"]) == ((), {}, {})
    assert house.apply(ImportDocument(wanted)).events == ()
    assert exported(house) == found


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(document=documents(), zeros=st.integers(0, 4))
def test_a_figure_written_in_another_form_is_no_change_and_stays_as_it_was_written(
    document: Data, zeros: int, template: House, folder: Path
) -> None:
    house = fresh(template, folder)
    house.apply(ImportDocument(read_document(yaml_text(document, "made for a test"))))
    found = exported(house)
    again = read_document(yaml_text(_otherwise(found, zeros), "in another form"))
    assert house.apply(ImportDocument(again)).events == ()
    assert _exact(exported(house)) == _exact(found)


def _otherwise(value: Any, zeros: int) -> Any:  # noqa: ANN401 - any plain data
    """Write every figure with as many zeros after its last digit, or with none; shapes on a map stay as drawn."""
    if isinstance(value, dict):
        return {key: member if key == "geojson" else _otherwise(member, zeros) for key, member in value.items()}
    if isinstance(value, list):
        return [_otherwise(member, zeros) for member in value]
    if not isinstance(value, Decimal):
        return value
    plain = f"{value:f}"
    bare = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return Decimal(f"{bare}{'' if '.' in bare else '.'}{'0' * zeros}" if zeros else bare)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(edited=edits())
def test_editing_brings_each_plan_exactly_to_any_other_document(
    edited: tuple[Data, list[Data]], template: House, folder: Path
) -> None:
    before, after = edited
    house = fresh(template, folder)
    definition = definitions.load(before["programme"]["method"])
    served = {} if definition.id == NOWHERE else {"objective": "S1"}
    # The evaluations and the decisions about them are kept as they are: which of them may go is another rule. So is who
    # may fix moments once a plan has a leader, and whoever runs the tests is none. What is on record of partners stays,
    # and who is not of the group adds nothing to it.
    kept = {plan["id"]: plan for plan in plans_of(before)}
    for plan in kept.values():
        plan.pop("lead", None)
    house.apply(ImportDocument(read_document(yaml_text(before, "before"))))
    for plan in after:
        if plan["id"] not in kept:
            continue
        plan.pop("follows", None)
        for held in ("schedules", "reminders", "evaluations", "sessions", "reactions"):
            plan[held] = kept[plan["id"]].get(held, [])
        with house.reading() as connection:
            number = next(row["plan_id"] for row in connection.all(plans.PLAN_NAMES) if row["slug"] == plan["id"])
            known = known_in(connection)
        file = {"pdca": 1, "language": before["language"], **served, "plan": plan}
        placed = read_plan(yaml_text(file, "after"), known=known, definition=definition)
        assert not house.apply(EditPlan(number, placed)).refusal
        with house.reading() as connection:
            shown = plan_text(connection, opened(connection, number))
            text = yaml_text(plan_document(connection, number), "found")
        found = read_plan(text, known=known, definition=definition)
        assert read_plan(shown, known=known, definition=definition).plan == found.plan
        assert _meaning_of_plan(found.plan) == _meaning_of_plan(placed.plan)
        assert house.apply(EditPlan(number, found)).events == ()


def _meaning_of_plan(plan: Plan) -> Any:  # noqa: ANN401 - any plain data
    return {**said(plan), "indicators": [said(one) for one in plan.indicators]}


_VALUES = nested(texts | labels | numbers | st.none() | st.booleans() | st.integers(-(10**9), 10**9), texts, size=4)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(texts, _VALUES, min_size=1, max_size=5))
def test_whatever_is_written_is_read_back_exactly(data: Data) -> None:
    for text in (yaml_text(data, "a comment\nof two lines"), json_text(data)):
        found = read(text).value
        assert _exact(found) == _exact(data)


def _exact(value: object) -> object:
    """Numbers by how they are written: 12.50 is not 12.5."""
    if isinstance(value, dict):
        return {key: _exact(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_exact(member) for member in value]
    return value if value is None or isinstance(value, str | bool) else f"number {value}"


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(document=documents())
def test_the_json_schema_takes_whatever_can_be_imported(document: Data) -> None:
    read_document(yaml_text(document, "made for a test"))
    assert [error.json_path for error in schema().iter_errors(document)] == []
