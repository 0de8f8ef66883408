"""Every way a file can be wrong: the code, the line and the field that the one who wrote it is told."""

import tomllib
from pathlib import Path

import pytest

from pdca.errors import Place
from pdca.exchange.document import read_document
from pdca.exchange.known import Known
from pdca.exchange.problems import ImportRefused, Problem
from tests.unit.exchange.wrong import CASES, COMPLETE, PLAN, SERIES

BAD_INPUT = Path(__file__).parents[2] / "acceptance" / "bad_input"
EXPECTED = tomllib.loads((BAD_INPUT / "expected.toml").read_text(encoding="utf-8"))


def problems(text: str) -> ImportRefused:
    with pytest.raises(ImportRefused) as refused:
        read_document(text, "zone.yaml")
    return refused.value


def line_of(old: str) -> int:
    assert COMPLETE.count(old) >= 1, old
    return COMPLETE[: COMPLETE.index(old)].count("\n") + 1


@pytest.mark.parametrize(("old", "new", "code", "field"), CASES, ids=[f"{case[2]}:{case[1]}" for case in CASES])
def test_a_wrong_document_is_refused_at_its_line_and_field(old: str, new: str, code: str, field: str) -> None:
    error = problems(COMPLETE.replace(old, new, 1))
    at = [(problem.code, problem.place.field) for problem in error.problems]
    assert (code, field) in at
    problem = error.problems[at.index((code, field))]
    if code not in {"import-duplicate-id", "import-missing-key"}:
        assert problem.place.line == line_of(old)
    assert problem.place.file == "zone.yaml"
    assert problem.place.column is not None
    assert error.exit_status == 1


@pytest.mark.parametrize(("old", "new", "code", "field"), CASES, ids=[f"{case[2]}:{case[1]}" for case in CASES])
def test_no_message_uses_the_words_of_a_library(old: str, new: str, code: str, field: str) -> None:
    del code, field
    for problem in problems(COMPLETE.replace(old, new, 1)).problems:
        words = f"{problem.message} {problem.hint}".lower()
        assert not any(
            jargon in words for jargon in ("input should", "pydantic", "valid dict", "tuple", "libyaml", "{")
        )


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ("language: nl\n", "langage: nl\n", "language"),
        ("title: Drugs", "titel: Drugs", "title"),
        ("lead: pilot", "lead: piloot", "pilot"),
        ("zone: Europe/Brussels", "zone: Europe/Brussel", "Europe/Brussels"),
        ("analyse: kort", "analise: kort", "analyse"),
        ("kind: objective\n", "kind: objectiv\n", "objective"),
        ("{by_area", "{by_areas", "by_area"),
        ("method: zvp", "method: zpv", "zvp"),
    ],
)
def test_the_nearest_known_word_is_named(old: str, new: str, hint: str) -> None:
    found = {problem.hint for problem in problems(COMPLETE.replace(old, new, 1)).problems}
    assert f"Did you mean “{hint}”?" in found


def test_a_duplicate_id_names_both_places() -> None:
    (problem,) = problems(COMPLETE.replace("- id: AP-2", "- id: AP-1").replace("follows: AP-1", "note: x")).problems
    first, second = line_of("- id: AP-1"), line_of("- id: AP-2")
    assert problem.place.line == second
    assert problem.other is not None
    assert problem.other.line == first
    assert str(first) in problem.message


def test_a_duplicate_key_names_both_lines() -> None:
    (problem,) = problems(COMPLETE.replace("country: BE", "zone: Europe/Paris")).problems
    assert (problem.code, problem.place.line) == ("import-duplicate-key", line_of("country: BE"))
    assert problem.other is not None
    assert problem.other.line == line_of("zone: Europe/Brussels")


@pytest.mark.parametrize("key", ["organisation", "programme"])
def test_a_missing_part_is_named(key: str) -> None:
    error = problems(COMPLETE.replace(f"\n{key}:\n", f"\nx-{key}:\n"))
    assert ("import-missing-key", key, line_of("pdca: 1")) in [
        (p.code, p.place.field, p.place.line) for p in error.problems
    ]


def test_a_missing_key_is_placed_at_its_record() -> None:
    (problem,) = problems(COMPLETE.replace("    title: Drugs\n", "")).problems
    assert (problem.code, problem.place.field) == ("import-missing-key", "objectives[0].title")
    assert problem.place.line == line_of("- id: SD1")


def test_an_objective_deeper_than_the_method_has_levels_is_refused() -> None:
    deeper = "        objectives: [{id: T1, title: dieper}]\n        plans:\n          - id: AP-1\n"
    (problem,) = problems(COMPLETE.replace("        plans:\n          - id: AP-1\n", deeper)).problems
    assert problem.code == "import-too-many-levels"
    assert problem.place.field == "objectives[0].objectives[0].objectives[0]"


def test_everything_wrong_is_named_at_once_in_the_order_of_the_file() -> None:
    text = COMPLETE
    changes = [
        ("country: BE", "country: 5"),
        ("lead: pilot", "lead: x"),
        ("{id: noise,", "{id: pick,"),
        ("title: Drugs", "t: x"),
    ]
    for old, new in changes:
        text = text.replace(old, new, 1)
    error = problems(text)
    lines = [problem.place.line for problem in error.problems]
    codes = {problem.code for problem in error.problems}
    assert error.code == "import-refused"
    assert lines == sorted(lines, key=lambda line: line or 0)
    assert codes == {
        "import-wrong-type",
        "import-unknown-reference",
        "import-duplicate-id",
        "import-missing-key",
        "import-unknown-key",
    }
    assert all(problem.line() in error.message for problem in error.problems)
    assert error.total == len(error.problems) == 5
    assert error.as_dict()["problems"] == [problem.as_dict() for problem in error.problems]


def test_one_problem_speaks_for_itself() -> None:
    error = problems(COMPLETE.replace("lead: pilot", "lead: piloot"))
    assert error.code == "import-unknown-reference"
    assert error.hint == "Did you mean “pilot”?"
    assert error.place is not None
    assert error.place.line == line_of("lead: pilot")


def test_at_most_fifty_problems_are_listed_and_all_are_counted() -> None:
    people = "\n".join(f"  - {{id: p{number}, nam: x}}" for number in range(500))
    error = problems(f"pdca: 1\npeople:\n{people}\n")
    assert len(error.problems) == 50
    assert error.total == 1000
    assert "and 950 more" in error.message


@pytest.mark.parametrize("text", ["[]", "text", "5", "- pdca: 1"])
def test_a_document_that_is_no_mapping_is_refused(text: str) -> None:
    (problem,) = problems(text).problems
    assert (problem.code, problem.place.line, problem.place.field) == ("import-wrong-type", 1, None)


@pytest.mark.parametrize("value", ["0", "-3", "18.5"])
def test_a_rank_is_a_whole_number_from_1_on(value: str) -> None:
    of_ranks = COMPLETE.replace('unit: "%"', "unit: rank", 1)
    [problem] = problems(of_ranks.replace("value: 12.50,", f"value: {value},", 1)).problems
    assert (problem.code, problem.place.field) == ("rank-none", f"{SERIES}[0].value")
    read_document(of_ranks.replace("value: 12.50,", "value: 18,", 1))


def test_a_circle_of_plans_is_found_through_others() -> None:
    text = COMPLETE.replace("            lead: pilot\n", "            lead: pilot\n            follows: AP-2\n")
    assert [problem.code for problem in problems(text).problems] == ["import-circle", "import-circle"]


@pytest.mark.parametrize("name", [path.stem for path in sorted(BAD_INPUT.glob("*.yaml"))])
def test_every_file_of_bad_input_is_refused_for_what_is_expected(name: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        read_document(BAD_INPUT / f"{name}.yaml")
    place = refused.value.problems[0].place
    found = {"code": refused.value.code, "line": place.line, "field": place.field}
    assert {key: value for key, value in found.items() if value is not None} == EXPECTED[name]


@pytest.mark.parametrize("first", ["", ", decision: awaited", ", decision: rejected, date: 2020-03"])
def test_a_step_of_the_approval_is_not_decided_before_the_one_above_it(first: str) -> None:
    text = COMPLETE.replace(", date: 2020-03, effective: 2020-01-01", first)
    (problem,) = problems(text).problems
    assert (problem.code, problem.place.field) == ("import-out-of-order", "programme.approvals[1]")
    assert problem.place.line == line_of("{by: justitie")


def test_every_activity_of_a_circle_is_named() -> None:
    text = COMPLETE.replace("indicator: facts, axis", "after: [A2], indicator: facts, axis")
    found = {(problem.code, problem.place.field) for problem in problems(text).problems}
    assert found == {("import-circle", f"{PLAN}.activities[{index}].after") for index in (0, 1)}


def test_a_previous_programme_that_the_database_does_not_hold_is_refused_when_somebody_looked() -> None:
    text = COMPLETE.replace("previous: [{id", "previous: [before, {id")
    read_document(text)
    read_document(text, known=Known(programmes=frozenset({"before"})))
    with pytest.raises(ImportRefused) as refused:
        read_document(text, known=Known(programmes=frozenset({"befor"})))
    (problem,) = refused.value.problems
    assert (problem.code, problem.hint) == ("import-unknown-reference", "Did you mean “befor”?")
    assert problem.place.field == "programme.previous[0]"


def test_a_phenomenon_of_the_database_may_be_named() -> None:
    text = COMPLETE.replace("phenomenon: street", "phenomenon: older")
    assert problems(text).code == "import-unknown-reference"
    read_document(text, known=Known(phenomena=frozenset({"older"})))


def test_what_a_map_says_of_itself_names_no_source() -> None:
    read_document(COMPLETE.replace("{naam: plein}", "{naam: plein, source: [osm]}"))


def test_problems_on_several_sheets_are_those_of_the_workbook() -> None:
    places = [Place("zone.xlsx#Plans", 2, 1), Place("zone.xlsx#Means", 3, 1)]
    found = [Problem("import-blank", "This is empty.", place) for place in places]
    assert "zone.xlsx has 2 problems" in ImportRefused(found).message
    assert "zone.xlsx#Plans has 2 problems" in ImportRefused([found[0], found[0]]).message
