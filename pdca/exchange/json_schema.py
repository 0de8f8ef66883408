"""The JSON Schema (2020-12) of the import format, for editors that complete and check while somebody writes.

Made from the records themselves. It holds what can be said of one value or record alone; whether references lead
somewhere and dates exist, the import tells.
"""

from collections.abc import Iterator
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from pdca.exchange.activity_records import MEANS
from pdca.exchange.document import Document
from pdca.exchange.field_words import OF_A_FIELD, OF_A_RECORD
from pdca.exchange.plan_file import PlanFile
from pdca.exchange.records import Alone
from pdca.i18n import _
from workflows.definition import available

Schema = dict[str, Any]

_ALONE: Final = {record.__name__: record.alone for record in Alone.__subclasses__()}
_ONE_OF_TWO: Final = {
    "Rubric": ("text", "not_applicable"),
    "PlanPhenomenon": ("phenomenon", "text"),
    "Baseline": ("value", "missing"),
    "Measurement": ("value", "missing"),
}
# Keys that the program fills in where a file leaves them out.
_FILLED_IN: Final = {"Approval": "decision", "Document": "language"}


def document_schema() -> Schema:
    """Give the schema of a whole file."""
    schema = _schema_of(Document, _("Import format of pdca"))
    schema["anyOf"] = [{"required": ["organisation", "programme"]}, {"required": ["people"]}]
    schema["$defs"]["Programme"]["properties"]["method"]["enum"] = list(available())
    return schema


def plan_schema() -> Schema:
    """Give the schema of a file of one plan, as `plan edit` shows it."""
    schema = _schema_of(PlanFile, _("A plan of pdca"))
    # A rubric that is still to be written stands in this file with nothing after its key.
    schema["$defs"]["Rubric"]["anyOf"].append({"type": "null"})
    return schema


def _schema_of(model: type[BaseModel], title: str) -> Schema:
    schema = model.model_json_schema(by_alias=True)
    records = {model.__name__: schema, **schema["$defs"]}
    for name, record in records.items():
        _describe(name, record)
    for name in records.keys() & _FILLED_IN.keys():
        records[name]["required"].remove(_FILLED_IN[name])
    for name in records.keys() & _ONE_OF_TWO.keys():
        records[name]["anyOf"] = [{"required": [key]} for key in _ONE_OF_TWO[name]]
    records["Means"]["oneOf"] = [{"required": [kind]} for kind in MEANS]
    schema["$defs"] = {name: _with_short_form(name, record) for name, record in schema["$defs"].items()}
    return {"$schema": GenerateJsonSchema.schema_dialect, **schema, "title": title}


def _describe(name: str, record: Schema) -> None:
    """Take out what says nothing to a writer, and say what each key means."""
    record["description"] = _(OF_A_RECORD[name])
    for key, field in record.get("properties", {}).items():
        for inner in _all(field):
            inner.pop("default", None)
            inner.pop("title", None)
            if "patternProperties" in inner:
                inner["additionalProperties"] = False
        field["description"] = _meaning(name, key, field)


def _meaning(name: str, key: str, field: Schema) -> str:
    words = _(OF_A_FIELD.get(f"{name}.{key}") or OF_A_FIELD[key])
    written = [inner["description"] for inner in _all(field) if "description" in inner]
    return f"{words} {_(written[0])}" if written else words


def _with_short_form(name: str, record: Schema) -> Schema:
    if name not in _ALONE:
        return record
    value = record["properties"][_ALONE[name]]
    shapes = [value]
    if _ALONE[name] == "text":
        shapes = value["anyOf"][0]["anyOf"] if "anyOf" in value["anyOf"][0] else value["anyOf"]
    return {"description": record["description"], "anyOf": [record, *shapes]}


def _all(schema: Any) -> Iterator[Schema]:  # noqa: ANN401 - any part of a schema
    if isinstance(schema, dict):
        yield schema
        for member in schema.values():
            yield from _all(member)
    elif isinstance(schema, list):
        for member in schema:
            yield from _all(member)
