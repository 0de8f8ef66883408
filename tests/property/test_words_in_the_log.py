"""Whatever words a document has, they stand in the events as commitments, but for what something is called."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Annotated, Any, Final, get_args, get_origin

import pytest
from hypothesis import HealthCheck, given, settings
from pydantic import AfterValidator, PlainValidator

from pdca.exchange.document import Document, read_document
from pdca.exchange.exporter import plan_document, programme_document
from pdca.exchange.importer import ImportDocument
from pdca.exchange.records import Record
from pdca.exchange.values import check_label, check_local_label, check_local_text, check_text
from pdca.exchange.writing import yaml_text
from pdca.house import House
from pdca.replay import Rows
from pdca.report.plans import whole
from pdca.store.reads import log
from tests import seed
from tests.columns import CALLED, IN_THE_CLEAR
from tests.property.exchange_documents import documents
from tests.property.exchange_values import Data
from tests.property.test_exchange_round_trip import folder, fresh, template

__all__ = ["folder", "template"]
pytestmark = pytest.mark.usefixtures("methods")

WORDS: Final = (check_text, check_label, check_local_text, check_local_label)
KEYED_BY_WORDS: Final = ("by_area", "of_which", "parts")
MARK: Final = re.compile(r"Woord \d+")


class Marking:
    """Puts a mark of its own in the place of every text of a document, and leaves ids, dates, figures and rules."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def of(self, record: Record) -> Record:
        marked = {}
        for name in record.model_fields_set:
            field = type(record).model_fields[name]
            said = name != "rules" and any(holds_words(field.annotation, field.metadata))
            marked[name] = self._inside(name, getattr(record, name), said=said)
        return record.model_copy(update=marked)

    def _inside(self, name: str, value: Any, *, said: bool) -> Any:  # noqa: ANN401 - whatever a field holds
        if isinstance(value, Record):
            return self.of(value)
        if name == "geojson" and value:
            return {**value, "name": self._mark(), "properties": {"type": self._mark()}}
        if name == "moved" and value:
            return {**value, "reasons": [{"kind": "closing-day", "name": {"nl": self._mark()}}]}
        if type(value) is tuple:  # and none with names, as a date is
            return tuple(self._inside(name, one, said=said) for one in value)
        if isinstance(value, Mapping):
            return {
                self._mark() if name in KEYED_BY_WORDS else key: self._inside(name, one, said=said)
                for key, one in value.items()
            }
        return self._mark() if said and isinstance(value, str) else value

    def _mark(self) -> str:
        return f"Woord {next(self._numbers)}"


def holds_words(annotation: object, metadata: Iterable[object] = ()) -> Iterator[bool]:
    """Tell of each type in an annotation whether it is a text that is held to nothing but its length."""
    metadata = tuple(metadata)
    if get_origin(annotation) is Annotated:
        annotation, *inner = get_args(annotation)
        metadata = (*metadata, *inner)
    free = not any(isinstance(one, AfterValidator) for one in metadata)
    yield free and any(isinstance(one, PlainValidator) and one.func in WORDS for one in metadata)
    for inside in get_args(annotation):
        yield from holds_words(inside)


def in_the_clear(body: Mapping[str, Any]) -> set[str]:
    """Where in an event a mark stands as it was written."""
    found = {name for name, value in body.items() if name != "changes" and MARK.search(json.dumps(value))}
    for change in body["changes"]:
        written = {**change["key"], **(change["set"] or {})}
        found |= {f"{change['table']}.{name}" for name, value in written.items() if MARK.search(json.dumps(value))}
    return found


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(document=documents())
def test_no_words_of_a_document_stand_in_the_log_in_the_clear(document: Data, template: House, folder: Path) -> None:
    marked = Marking().of(read_document(yaml_text(document, "made for a test")))
    assert isinstance(marked, Document)
    house = fresh(template, folder)
    house.apply(ImportDocument(marked))
    with house.reading() as connection:
        events = connection.all(log.EVENTS)
    assert any(MARK.search(event["payload"] or "") for event in events)
    found = {place for event in events for place in in_the_clear(json.loads(event["body"]))}
    assert found <= IN_THE_CLEAR[CALLED]


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(document=documents())
def test_a_day_of_which_everything_was_erased_since_can_still_be_looked_at(
    document: Data, template: House, folder: Path
) -> None:
    house = fresh(template, folder)
    house.apply(ImportDocument(read_document(yaml_text(document, "made for a test"))))
    rows = Rows()
    with house.reading() as connection:
        rows.take([{**event, "payload": "{}"} for event in connection.all(log.EVENTS)], lambda _event: False)
        with rows.database(connection) as then:
            for plan in rows.of("plan"):
                assert whole(then, str(plan["plan_id"]), seed.START)["title"]
                assert plan_document(then, str(plan["plan_id"]))["plan"]["title"]
            assert programme_document(then)["programme"]["title"]
