"""Any document, of any form that the import format allows, comes back from a workbook as it was."""

import datetime as dt
import shutil
import unicodedata
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from pdca.exchange.activity_records import MEANS, Means
from pdca.exchange.document import Document, check_document, read_document
from pdca.exchange.exporter import programme_document
from pdca.exchange.importer import ImportDocument
from pdca.exchange.plan_records import Evaluation
from pdca.exchange.problems import ImportRefused
from pdca.exchange.programme_records import Version
from pdca.exchange.reminder_records import Reminding
from pdca.exchange.workbook_cells import Unfit, armed, cell_of, checked_text, decimals_of, disarmed, pieces, value_of
from pdca.exchange.workbook_in import read_workbook
from pdca.exchange.workbook_kinds import Kind, Leaf, Nested, Record, Rows, fields_of
from pdca.exchange.workbook_out import write_workbook
from pdca.exchange.workbook_tidy import ALONE, tidied
from pdca.exchange.writing import yaml_text
from pdca.house import House
from pdca.store.database import locate
from tests import seed
from tests.property import exchange_documents
from tests.property.nested import nested
from tests.unit.exchange.workbook_maker import good_rows, workbook

pytestmark = pytest.mark.usefixtures("methods")

LANGUAGES = ("nl", "fr", "en", "pt-BR")
MOST_ITEMS = 3
DEEPEST = 5

characters = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\ufffe\uffff")
strange = st.sampled_from(
    ["=", "+", "-", "@", "'", "''=", "\t", "\r", "\r\n", "\n", "_x0041_", "_x005F_", "_x000D", "😀"]
)
texts = (
    st.lists(strange | st.text(characters, max_size=8), min_size=1, max_size=6)
    .map(lambda parts: unicodedata.normalize("NFC", "".join(parts)))
    .filter(str.strip)
)
labels = texts.map(lambda text: text.replace("\n", "").replace("\t", "")).filter(str.strip)
keys = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,8}", fullmatch=True)
days = st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31)).map(dt.date.isoformat)
dates = days | days.map(lambda day: day[:7]) | days.map(lambda day: day[:4]) | st.integers(1900, 2200)
periods = dates | st.sampled_from(["2018-T1", "2018-H2", "2020-01/2020-06"])
numbers: st.SearchStrategy[int | Decimal] = st.integers(-(10**18), 10**18) | st.decimals(
    allow_nan=False, allow_infinity=False, places=None, min_value=-(10**12), max_value=10**12
).filter(lambda number: abs(number.adjusted()) < 60 and len(number.as_tuple().digits) < 35)
json_values = nested(st.booleans() | st.none() | numbers | texts, texts, size=3, depth=2)


class Maker:
    """Makes a document of all that the format has. Hypothesis gives the values, and chance what is there of them."""

    def __init__(self, chance: Random, values: dict[str, list[Any]]) -> None:
        self.chance = chance
        self.values = values
        self.ids = count()

    def document(self) -> dict[str, Any]:
        language = self.chance.choice(LANGUAGES)
        return {**self.record(Document, 0), "pdca": 1, "language": language}

    def record(self, record: Record, depth: int) -> Any:  # noqa: ANN401 - a value of a document
        """Any record, without what may be left out, or written alone where that can be."""
        fields = {field.key: field for field in fields_of(record)}
        alone = ALONE.get(record)
        if alone is not None and self.maybe():
            return self.value("id") if alone == "id" else self.member(alone, fields[alone].of, depth)
        found: dict[str, Any] = {}
        for key, field in fields.items():
            if field.required or self.maybe():
                found[key] = self.member(key, field.of, depth)
            elif self.maybe():
                found[key] = None
        if record is Means:
            found = {key: value for key, value in found.items() if key not in MEANS}
            found[self.chance.choice(MEANS)] = self.chance.choice([None, self.value("number")])
        if record is Evaluation:
            found["kind"] = f"kind {next(self.ids)}"
        if record in (Version, Reminding):
            found["number"] = next(self.ids)
        return found

    def member(self, key: str, of: Leaf | Nested | Rows, depth: int) -> Any:  # noqa: ANN401 - a value of a document
        if isinstance(of, Leaf):
            return self.value("id") if key == "id" else self.leaf(of)
        if isinstance(of, Nested):
            return self.record(of.record, depth)
        if of.shape == "texts":
            return [self.local("label") for _ in self.some()]
        if of.shape == "lists":
            return {self.value("label"): [self.value("label") for _ in self.some()] for _ in self.some()}
        assert of.record is not None
        some = self.some() if depth < DEEPEST else range(0)
        if of.shape == "map":
            return {self.value("key"): self.record(of.record, depth + 1) for _ in some}
        return [self.record(of.record, depth + 1) for _ in some]

    def leaf(self, of: Leaf) -> Any:  # noqa: ANN401 - a value of a document
        if of.kind is Kind.WORD:
            return self.chance.choice(of.words)
        if of.kind is Kind.KEYS:
            return [self.chance.choice(of.words) if of.words else self.value("key") for _ in self.some()]
        if of.kind is Kind.LOCAL:
            return self.local("text" if of.long else "label")
        if of.kind in (Kind.LINES, Kind.NUMBERS):
            return [self.value("label" if of.kind is Kind.LINES else "number") for _ in self.some()]
        if of.kind is Kind.AMOUNTS:
            return {self.value("label"): self.value("number") for _ in self.some()}
        names = {
            Kind.TEXT: "text" if of.long else "label",
            Kind.KEY: "key",
        }
        return self.value(names.get(of.kind, of.kind.value))

    def value(self, name: str) -> Any:  # noqa: ANN401 - a value of a document
        return f"i{next(self.ids)}" if name == "id" else self.chance.choice(self.values[name])

    def local(self, name: str) -> Any:  # noqa: ANN401 - a value of a document
        if self.maybe():
            return self.value(name)
        return {language: self.value(name) for language in self.chance.sample(LANGUAGES, self.chance.randint(1, 3))}

    def maybe(self) -> bool:
        return self.chance.random() < 0.5

    def some(self) -> range:
        return range(self.chance.randint(0, MOST_ITEMS))


def pool(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(values, min_size=1, max_size=8)


documents = st.builds(
    lambda seed, values: Maker(Random(seed), values).document(),  # noqa: S311 - no secret hangs on it
    st.integers(0, 2**32),
    st.fixed_dictionaries(
        {
            "text": pool(texts),
            "label": pool(labels),
            "key": pool(keys),
            "date": pool(dates),
            "period": pool(periods),
            "number": pool(numbers),
            "yes or no": pool(st.booleans()),
            "year": pool(st.integers(1900, 2200) | st.integers(1900, 2200).map(str)),
            "JSON": pool(st.dictionaries(texts, json_values, min_size=1, max_size=3)),
        }
    ),
)


def exactly(value: Any) -> str:  # noqa: ANN401 - any value of a document
    """Write a value so that 1.0 and 1.00, and 1 and true, differ, in whatever order its keys stand."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {exactly(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(exactly(item) for item in value) + "]"
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else repr(value)


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


def as_written(value: Any) -> Any:  # noqa: ANN401 - any value of a document
    """Plain data with the coordinates of maps, which the database keeps as floating point, as decimals."""
    if isinstance(value, dict):
        return {key: as_written(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [as_written(item) for item in value]
    return Decimal(str(value)) if isinstance(value, float) else value


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.reuse, Phase.generate))
@given(document=exchange_documents.documents())
def test_what_is_exported_comes_back_from_a_workbook_and_changes_nothing(
    document: dict[str, Any], template: House, folder: Path
) -> None:
    house = fresh(template, folder)
    house.apply(ImportDocument(read_document(yaml_text(document, "made for a test"))))
    with house.reading() as connection:
        exported = programme_document(connection)
    written = exactly(as_written(exported))
    assume(written == exactly(tidied(as_written(exported))[0]))  # no row stands for a record that says nothing
    write_workbook(exported, folder / "book.xlsx", overwrite=True)
    located = read_workbook(folder / "book.xlsx")
    assert exactly(located.value) == written
    outcome = house.apply(ImportDocument(check_document(located)))
    assert (outcome.events, outcome.summary["added"], outcome.summary["changed"]) == ((), {}, {})


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents)
def test_any_document_comes_back_from_a_workbook(document: dict[str, Any]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        write_workbook(document, path)
        located = read_workbook(path)
    assert exactly(located.value) == exactly(tidied(document)[0])


@settings(max_examples=100)
@given(documents)
def test_the_tidy_form_is_a_fixed_point(document: dict[str, Any]) -> None:
    tidy = tidied(document)[0]
    assert exactly(tidied(tidy)[0]) == exactly(tidy)


@given(texts)
def test_a_disarmed_text_begins_no_formula_and_comes_back(text: str) -> None:
    assert not disarmed(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert armed(disarmed(text)) == text
    assert "".join(armed(disarmed(piece)) for piece in pieces(text)) == text


@given(numbers)
def test_a_number_is_itself_again_to_the_last_zero(number: int | Decimal) -> None:
    cell = cell_of(Leaf(Kind.NUMBER), number)
    written = cell if isinstance(cell, str) else float(str(cell))
    assert str(value_of(Leaf(Kind.NUMBER), written, decimals_of(number))) == str(number)


cells = (
    st.text()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.timedeltas()
)


@settings(max_examples=1000)
@given(st.sampled_from(Kind), cells)
def test_whatever_a_cell_holds_is_read_or_refused(kind: Kind, cell: object) -> None:
    with suppress(Unfit):
        value = value_of(Leaf(kind), checked_text(cell) if isinstance(cell, str) else cell)
        assert isinstance(value, str | bool | int | Decimal | list | dict | None)


junk = st.sampled_from(
    [
        None,
        "",
        5,
        -1,
        2.5,
        1e300,
        "x",
        "=1",
        "AP-1",
        "A1",
        "yes",
        True,
        dt.date(2024, 1, 1),
        dt.time(1, 2),
        "\x01",
        "[]",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6), junk), max_size=6))
def test_whatever_somebody_makes_of_a_workbook_is_read_or_refused(changes: list[tuple[int, int, int, Any]]) -> None:
    rows = good_rows()
    for sheet, row, column, written in changes:
        cells = list(rows.values())[sheet % len(rows)]
        line = cells[row % len(cells)]
        line[column % len(line)] = written
    try:
        document = check_document(read_workbook(workbook(rows), "book.xlsx"))
    except ImportRefused as refused:
        places = {problem.place.file for problem in refused.problems}
        assert places <= {f"book.xlsx#{title}" for title in rows}
    else:
        assert document.pdca == 1
