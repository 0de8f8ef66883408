"""The kinds of values say of the tables what the tables are, and what stands in the place of an erased value."""

import pytest

from pdca.cli.retention import AFTER
from pdca.cli.retention import KINDS as SHOWN
from pdca.erasure.kinds import COPIES, KINDS, each_text, emptied, texts_in
from pdca.errors import Failed
from pdca.failure import Failure, in_words
from pdca.store.catalogue import FOLDED
from pdca.store.tables import KINDS_OF_VALUE, Record

PLACES = [
    (name, table, column)
    for name, kind in (*((name, kind.columns) for name, kind in KINDS.items()), ("copies", COPIES))
    for table, columns in kind.items()
    for column in sorted(columns)
]
KEPT = {
    *("evaluation.published", "plan.details", "activity.steps", "deadline.error"),
    "information_receipt.reference",
}
"""Of the tables of plans: figures, what outside sources published, structure, technical errors, numbers of letters."""


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


def test_whatever_is_written_about_a_plan_is_of_a_kind_or_named_as_kept() -> None:
    of_plans = {table for kind in KINDS.values() if kind.of_plan for table in kind.columns}
    covered = {(table, column) for _kind, table, column in PLACES}
    missing = {
        f"{table}.{column}"
        for table in of_plans
        for column in FOLDED[table].committed
        if (table, column) not in covered
    }
    assert missing <= KEPT, missing - KEPT


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
