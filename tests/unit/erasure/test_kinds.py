"""The kinds of values say of the tables what the tables are, and what stands in the place of an erased value."""

import json
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import CheckConstraint, Table
from sqlmodel import AutoString

from pdca.cli.retention import AFTER
from pdca.cli.retention import KINDS as SHOWN
from pdca.erasure.kinds import COPIES, KINDS, each_text, emptied, texts_in
from pdca.errors import Failed
from pdca.failure import Failure, in_words
from pdca.store.catalogue import FOLDED
from pdca.store.tables import KINDS_OF_VALUE, Record
from tests.columns import DAYS, IN_THE_CLEAR, KEPT

PLACES = [
    (name, table, column)
    for name, kind in (*((name, kind.columns) for name, kind in KINDS.items()), ("copies", COPIES))
    for table, columns in kind.items()
    for column in sorted(columns)
]


def held_to_words(table: Table) -> set[str]:
    """The columns that may hold nothing but the words that the schema lists."""
    checks = [one for one in table.constraints if isinstance(one, CheckConstraint)]
    return {match[1] for one in checks if (match := re.fullmatch(r"(\w+) IN \('.*'\)", str(one.sqltext)))}


def plain_texts() -> Iterator[str]:
    """The columns whose text stands in the log as it is, without those that are an id or a word of the schema."""
    for name, known in FOLDED.items():
        table = Record.metadata.tables[name]
        for column in table.columns:
            limited = column.name in known.committed | known.derived | held_to_words(table)
            of_key = column.primary_key and column.name.endswith("_id")
            if isinstance(column.type, AutoString) and not limited and not column.foreign_keys and not of_key:
                yield f"{name}.{column.name}"


def test_command_line_and_tables_have_the_same_kinds() -> None:
    assert tuple(KINDS) == KINDS_OF_VALUE == tuple(SHOWN) == tuple(AFTER)


@pytest.mark.parametrize(("kind", "table", "column"), PLACES)
def test_every_column_of_a_kind_can_be_erased(kind: str, table: str, column: str) -> None:
    assert column in FOLDED[table].committed, kind


@pytest.mark.parametrize(("kind", "table", "column"), PLACES)
def test_a_column_without_its_value_still_holds_what_its_table_asks_for(kind: str, table: str, column: str) -> None:
    if kind != "copies":
        left = emptied(table, column, "Iets.")
        assert left is not None or Record.metadata.tables[table].columns[column].nullable


def test_no_column_belongs_to_two_kinds() -> None:
    places = [(table, column) for kind, table, column in PLACES if kind != "copies"]
    assert len(places) == len(set(places))


def test_whatever_is_written_as_a_commitment_is_of_a_kind_or_named_as_kept() -> None:
    covered = {f"{table}.{column}" for _kind, table, column in PLACES}
    committed = {f"{name}.{column}" for name, table in FOLDED.items() for column in table.committed}
    kept = [column for columns in KEPT.values() for column in columns]
    assert sorted(kept) == sorted(committed - covered)


def test_whatever_stands_in_the_log_in_the_clear_is_named_by_what_it_is() -> None:
    named = [column for columns in IN_THE_CLEAR.values() for column in columns]
    plain = {column for column in plain_texts() if not DAYS.search(column)}
    assert sorted(named) == sorted(plain)


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ("Iets.", "[erased]"),
        ('{"nl":"Iets.","fr":"Chose."}', '{"nl":"[erased]","fr":"[erased]"}'),
        ('[{"a":["x",1,null,true]}]', '[{"a":["[erased]",1,null,true]}]'),
        ("12", "[erased]"),
        ("{niet", "[erased]"),
    ],
)
def test_every_text_inside_gives_way_to_the_mark_and_nothing_else(value: str, left: str) -> None:
    assert emptied("evaluation", "lessons", value) == left


def test_of_the_results_of_an_evaluation_why_one_is_missing_goes_and_the_figures_stay() -> None:
    results = '{"calls":{"missing":"Anna was ziek."},"thefts":{"value":"1234"}}'
    assert emptied("evaluation", "results", results) == '{"calls":{"missing":"[erased]"},"thefts":{"value":"1234"}}'
    assert texts_in("evaluation", "results", results) == ["Anna was ziek."]


def test_why_a_figure_is_missing_goes_whatever_word_its_indicator_is_called_by() -> None:
    results = '{"period":{"missing":"Anna was ziek."},"value":{"value":"12"}}'
    assert emptied("evaluation", "results", results) == '{"period":{"missing":"[erased]"},"value":{"value":"12"}}'


def test_of_a_map_its_shapes_stay_and_whatever_is_said_about_them_goes() -> None:
    def drawn(said: str) -> str:
        shape = {"type": "Polygon", "coordinates": [[[4, 50], [5, 50], [4, 51], [4, 50]]]}
        feature = {"type": "Feature", "properties": {"type": said, "nr": 1, "source": [said]}, "geometry": shape}
        return json.dumps({"geojson": feature, "places": ["Plein"], "note": said}, separators=(",", ":"))

    assert emptied("plan", "perimeter", drawn("Bij Anna.")) == drawn("[erased]")


def test_a_method_of_informing_that_is_erased_can_be_read_as_one() -> None:
    assert json.loads(emptied("information_moment", "method", '"mail"') or "") == "[erased]"


def test_a_change_that_changes_nothing_leaves_a_text_as_it_was() -> None:
    assert each_text('{"a": "b"}', str) == '{"a":"b"}'
    assert each_text("Iets.", str) == "Iets."


def test_of_why_a_report_did_not_go_the_reason_is_erased_and_the_words_of_the_program_stay() -> None:
    stored = Failure.of(
        Failed("webhook-refused", "%(report)s: %(reason)s", filling={"report": "R-1", "reason": "Sofie"})
    )
    assert texts_in("information_report", "failure", stored.stored()) == ["Sofie"]
    left = emptied("information_report", "failure", stored.stored())
    assert left is not None
    assert in_words(left) == "R-1: [erased]"


def test_of_a_message_that_is_erased_it_is_known_which_report_it_brought() -> None:
    assert emptied("notification", "parameters", '{"report":"R-001","title":{"nl":"Buurt"}}') == '{"report":"R-001"}'
    assert emptied("notification", "parameters", '{"title":{"nl":"Buurt"}}') == "{}"
