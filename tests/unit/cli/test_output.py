"""The forms of an answer: JSON, JSON lines, CSV, TSV, and words that fit the screen."""

import contextlib
import csv
import io
import json
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdca.cli.cells import Column, escaped, harmless
from pdca.cli.table import Screen, Table, show
from tests.unit.cli.running import run, run_on_terminal, run_process
from tests.unit.cli.sample import ROWS

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
KEYS = ["plan", "title", "state", "late", "members", "days"]


def test_json_is_one_object_with_schema_and_the_plural_noun() -> None:
    assert run("sample", "list", "--json").json == {"schema": "pdca.plans/1", "total": 2, "plans": list(ROWS)}


def test_json_of_no_rows_is_an_empty_list() -> None:
    assert run("sample", "list", "--none", "--json").json["plans"] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--json", "sample", "list"],
        ["sample", "--json", "list"],
        ["sample", "list", "--format", "json"],
        ["--format=json", "sample", "list"],
        ["--format", "csv", "sample", "list", "--format", "json"],
    ],
)
def test_shared_options_are_understood_at_every_level_and_the_last_word_holds(arguments: list[str]) -> None:
    assert run(*arguments).json["schema"] == "pdca.plans/1"


def test_json_lines_are_the_rows() -> None:
    ran = run("sample", "list", "--format", "jsonl")
    assert [json.loads(line) for line in ran.out.splitlines()] == list(ROWS)


def test_json_keys_are_english_in_every_language() -> None:
    assert run("sample", "list", "--json", "--lang", "nl").json == run("sample", "list", "--json").json


def test_off_a_terminal_a_list_is_tab_separated_with_a_heading_and_the_id_first() -> None:
    ran = run("sample", "list")
    lines = ran.out.split("\n")
    assert lines[0].split("\t") == KEYS
    assert lines[1].split("\t")[0] == "P-001"
    assert [line.count("\t") for line in lines[:-1]] == [5, 5, 5]
    assert lines[2].split("\t")[1] == r'a\ttab, a\nline, a \\ and "quotes" \x1b]0;x\x07 [red]'
    assert lines[2].split("\t")[2:] == ["check", "true", "", ""]
    assert lines[3] == ""


def test_localized_texts_are_shown_in_the_language_spoken() -> None:
    for language in ("nl", "fr"):
        cells = run("sample", "list", "--lang", language).out.splitlines()[1].split("\t")
        assert cells[1] == ROWS[0]["title"][language]


def test_csv_gives_every_value_back() -> None:
    ran = run("sample", "list", "--format", "csv", "--lang", "nl")
    assert ran.out.split("\r\n")[0] == ",".join(KEYS)
    rows = list(csv.reader(io.StringIO(ran.out, newline="")))
    assert rows[2] == ["P-002", ROWS[1]["title"], "check", "true", "", ""]


def test_a_table_off_a_terminal_is_aligned_and_neither_coloured_nor_cut() -> None:
    ran = run_process("sample", "list", "--format", "table", COLUMNS="30")
    lines = ran.out.splitlines()
    assert len(lines) == 3
    assert lines[0].index("State") == lines[1].index("DO")
    assert "Réduire les vols de vélos à la gare" in lines[1] or "Fietsdiefstal terugdringen" in lines[1]
    assert "\x1b" not in ran.out


def test_an_empty_list_off_a_terminal_is_only_its_heading() -> None:
    ran = run("sample", "list", "--none")
    assert (ran.out, ran.err) == ("\t".join(KEYS) + "\n", "")


def test_an_empty_list_on_a_terminal_is_said_in_words() -> None:
    assert run_on_terminal("sample", "list", "--none").out == "There are no plans.\n"


@pytest.mark.parametrize("columns", [30, 40, 60, 80, 120])
def test_a_list_on_a_terminal_fits_its_width_and_cuts_nothing(columns: int) -> None:
    shown = ESCAPE.sub("", run_on_terminal("sample", "list", columns=columns, changes={"PDCA_LANG": "nl"}).out)
    assert max(map(len, shown.splitlines())) <= columns
    assert re.search(r"\bP-001\b", shown)
    letters = re.sub(r"[^a-z]", "", shown.lower())
    for word in ("fietsdiefstal", "stationsbuurt", "quotes", "check"):
        assert word in letters or columns > 40
    assert "…" not in shown


def test_a_wide_terminal_shows_a_table_and_a_narrow_one_row_by_row() -> None:
    wide = ESCAPE.sub("", run_on_terminal("sample", "list", columns=100).out)
    narrow = ESCAPE.sub("", run_on_terminal("sample", "list", columns=40).out)
    assert wide.splitlines()[0].split() == ["Plan", "Title", "State", "Late", "Members", "Days"]
    assert narrow.splitlines()[0].rstrip() == "P-001"
    assert "  State: DO" in narrow


def test_a_terminal_is_not_commanded_by_a_value() -> None:
    for command in ("list", "show"):
        shown = run_on_terminal("sample", command, changes={"NO_COLOR": "1"}).out
        assert "\x1b" not in shown
        assert "\x07" not in shown
    assert r"\x1b]0;x" in run_on_terminal("sample", "list", columns=200).out


@pytest.mark.parametrize("variable", ["NO_COLOR=1", "TERM=dumb"])
def test_colour_can_be_declined(variable: str) -> None:
    changes = dict([variable.split("=")])
    assert "\x1b[" in run_on_terminal("sample", "list").out
    assert "\x1b[" not in run_on_terminal("sample", "list", changes=changes).out
    assert "\x1b[" not in run_on_terminal("sample", "show", changes=changes).out


def test_an_object_is_words_for_people_and_one_json_object_for_programs() -> None:
    ran = run("sample", "show")
    assert ran.out.splitlines()[0] == "P-001 Fietsdiefstal"
    assert "too long for a narrow screen of forty cells, with P-001 in it." in ran.out.splitlines()[1]
    assert run("sample", "show", "--json").json == {
        "schema": "pdca.plan/1",
        "plan": "P-001",
        "title": {"nl": "Fiets", "en": "Bicycle"},
    }


@pytest.mark.parametrize("arguments", [["show", "--format", "json"], ["show", "--json"], ["--format", "json", "show"]])
def test_json_is_asked_of_an_object_as_of_a_list(arguments: list[str]) -> None:
    assert run("sample", *arguments).json["schema"] == "pdca.plan/1"


def test_words_are_wrapped_on_a_terminal_under_their_indent_and_ids_stay_whole() -> None:
    lines = ESCAPE.sub("", run_on_terminal("sample", "show", columns=40).out).splitlines()
    assert max(map(len, lines)) <= 40
    sentence = lines[1 : next(place for place, line in enumerate(lines) if "\\x1b" in line) + 1]
    assert len(sentence) == 3
    assert all(line.startswith("  ") for line in sentence)
    assert any("P-001" in line for line in sentence)


def test_an_object_without_words_shows_its_fields() -> None:
    assert run("sample", "change", "--dry-run").out == "changed: false\n"


WORDS = st.text("abcdefgh [-", min_size=1, max_size=30)
LINES = st.lists(
    st.tuples(st.from_regex(r"P-[0-9]{3}(/A[0-9])?", fullmatch=True), WORDS, WORDS), min_size=1, max_size=4
)


def shown(block: str | Table, width: int) -> list[str]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        show([block], Screen(terminal=True, width=width, colour=False))
    return out.getvalue().splitlines()


@given(LINES, st.integers(min_value=14, max_value=90))
def test_no_table_is_wider_than_its_screen_or_cuts_a_value(lines: list[tuple[str, str, str]], width: int) -> None:
    columns = (Column("plan", "Plan", whole=True), Column("title", "Title"), Column("motive", "Motive"))
    keys = [column.key for column in columns]
    printed = shown(Table(columns, [dict(zip(keys, line, strict=True)) for line in lines]), width)
    assert max(map(len, printed)) <= width
    letters = Counter("".join(printed))
    for plan, title, motive in lines:
        assert any(re.search(rf"(^|\s){re.escape(plan)}(\s|$)", line) for line in printed)
        assert Counter((title + motive).replace(" ", "")) <= letters


@pytest.mark.parametrize("width", range(12, 60))
def test_an_id_in_a_sentence_is_not_broken(width: int) -> None:
    printed = shown("  The plan P-001 follows bike-theft, and E-003 is about bike-theft too.", width)
    assert [sum(line.count(name) for line in printed) for name in ("P-001", "bike-theft", "E-003")] == [1, 2, 1]


def test_whole_values_keep_their_line_on_the_narrowest_screen_that_shows_a_table() -> None:
    columns = (Column("plan", "Plan", whole=True), Column("due", "Due", whole=True), Column("title", "Title"))
    row = {"plan": "P-001", "due": "2025-03-01", "title": "word " * 20}
    table = Table(columns, [row])
    narrowest = next(width for width in range(10, 80) if shown(table, width)[0].split() == ["Plan", "Due", "Title"])
    assert narrowest == len("P-001  2025-03-01  Title")
    assert shown(table, narrowest)[2].split()[:2] == ["P-001", "2025-03-01"]


@given(st.text())
def test_an_escaped_text_stands_on_one_line_and_can_be_read_back(text: str) -> None:
    line = escaped(text)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", line)
    names = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
    back = re.sub(
        r"\\(x[0-9a-f]{2}|u[0-9a-f]{4}|[tnr\\])",
        lambda found: names.get(found[1]) or chr(int(found[1][1:], 16)),
        line,
    )
    assert back == text


@given(st.text())
def test_a_harmless_text_holds_no_control_but_the_line_end(text: str) -> None:
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", harmless(text))
