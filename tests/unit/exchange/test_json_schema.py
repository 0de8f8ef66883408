"""The JSON Schema takes what the import takes, and an editor that uses it marks what is plainly wrong."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pdca.exchange.field_words import OF_A_FIELD, OF_A_RECORD
from pdca.exchange.json_schema import document_schema, plan_schema
from pdca.exchange.yaml_reader import read
from pdca.store.jsontext import to_json
from tests.unit.exchange import zone

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "import-format.md").read_text(encoding="utf-8")
GOOD = {
    "zone-zuid.yaml": (ROOT / "examples" / "zone-zuid.yaml").read_text(encoding="utf-8"),
    "zone-zuid-people.yaml": (ROOT / "examples" / "zone-zuid-people.yaml").read_text(encoding="utf-8"),
    "complete.yaml": zone.TEXT,
    **{
        f"example {number} of the page": text
        for number, text in enumerate(re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE))
    },
}


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    return Draft202012Validator(document_schema())


def errors(schema: Draft202012Validator, text: str) -> list[str]:
    return [error.json_path for error in schema.iter_errors(read(text).value)]


def test_the_schemas_are_schemas_of_2020_12() -> None:
    for schema in (document_schema(), plan_schema()):
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        Draft202012Validator.check_schema(schema)
        assert json.loads(to_json(schema)) == schema


@pytest.mark.parametrize("name", GOOD)
def test_what_can_be_imported_is_good(schema: Draft202012Validator, name: str) -> None:
    assert errors(schema, GOOD[name]) == []


def test_a_plan_that_was_written_out_is_good(tmp_path: Path) -> None:
    house = zone.taken_in(f"sqlite:///{tmp_path / 'zone.db'}")
    schema = Draft202012Validator(plan_schema())
    for number in ("P-001", "P-002", "P-003"):
        assert list(schema.iter_errors(zone.written(house, number))) == []
    data = zone.written(house)
    assert list(schema.iter_errors({**data, "language": None}))
    assert list(schema.iter_errors({**data, "plan": {**data["plan"], "leads": "bo"}}))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pdca: 1", "pdca: 2"),
        ("title: Drugs", "titel: Drugs"),
        ("    title: Drugs\n", ""),
        ("language: nl\n", "language: n\n"),
        ("kind: authority", "kind: authorities"),
        ("method: zvp", "method: zpv"),
        ("legal_deadline: 2019-12-31", "legal_deadline: soon"),
        ("decision: approved", "decision: agreed"),
        ("as: retained", "as: candidate"),
        ("role: deputy", "role: boss"),
        ("group: [chief, town]", "group: chief"),
        ("group: [chief, town]", "group: [5]"),
        ("not_applicable: louter intern, ", ""),
        ("withheld_from: [public]", "withheld_from: [press]"),
        ("after: [A1]", "after: A1"),
        ("money: 100.50,", "money: -1,"),
        ("money: 100.50,", "money: 1, fte: 1,"),
        ("money: 100.50,", ""),
        ("{missing: nooit geteld, assumed: true}", "{}"),
        ("analyse: kort", "analyse: ''"),
        ("geojson: {type: Polygon", "geojson: {type: Point"),
        ("done: true", "done: ja"),
        ("status: done", "status: finished"),
        ("name: korpschef", 'name: "twee\\nregels"'),
    ],
)
def test_what_is_plainly_wrong_is_marked(schema: Draft202012Validator, old: str, new: str) -> None:
    assert old in zone.TEXT
    assert errors(schema, zone.TEXT.replace(old, new, 1))


@pytest.mark.parametrize("key", ["organisation", "programme"])
def test_a_file_without_people_needs_its_parts(schema: Draft202012Validator, key: str) -> None:
    value = {name: member for name, member in read(zone.TEXT).value.items() if name not in {key, "people"}}
    assert list(schema.iter_errors(value))


def test_every_record_and_every_key_says_what_it_means() -> None:
    schema = document_schema()
    for name, record in schema["$defs"].items():
        assert record["description"] == OF_A_RECORD[name]
        for key, field in _properties(record).items():
            assert field["description"].startswith(OF_A_FIELD.get(f"{name}.{key}") or OF_A_FIELD[key]), (name, key)
    used = {key for record in schema["$defs"].values() for key in _properties(record)}
    used |= schema["properties"].keys() | plan_schema()["properties"].keys()
    assert {key.rpartition(".")[2] for key in OF_A_FIELD} == used


def _properties(record: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = record.get("properties") or record["anyOf"][0].get("properties", {})
    return found
