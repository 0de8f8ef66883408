"""Every way a file can be wrong: the code, the line and the field that the one who wrote it is told."""

import tomllib
from pathlib import Path

import pytest

from pdca.exchange.document import read_document
from pdca.exchange.problems import ImportRefused

COMPLETE = (Path(__file__).parent / "complete.yaml").read_text(encoding="utf-8")
BAD_INPUT = Path(__file__).parents[2] / "acceptance" / "bad_input"
EXPECTED = tomllib.loads((BAD_INPUT / "expected.toml").read_text(encoding="utf-8"))
PLAN = "objectives[0].objectives[0].plans[0]"
SECOND = "objectives[0].objectives[0].plans[1]"
SERIES = "indicators[0].series"

# What stands in the complete file, what is put in its place, the code, and the field. The line is that of the change.
CASES = [
    ("pdca: 1", "pdca: 2", "import-version", "pdca"),
    ("pdca: 1", "pdca: true", "import-version", "pdca"),
    ("pdca: 1", 'pdca: "1"', "import-version", "pdca"),
    ("language: nl\n", "language: n\n", "import-bad-language", "language"),
    ("language: nl\n", "langage: nl\n", "import-unknown-key", "langage"),
    ("seed: {url", "se ed: {url", "import-bad-id", "sources.se ed"),
    ('"https://zone.example/plan"', '"javascript:alert(1)"', "import-bad-value", "sources.seed.url"),
    ("what: page", "what: 5", "import-wrong-type", "sources.seed.what"),
    ("name: {nl: Zone, fr: Zone de police}", "name: {}", "import-blank", "organisation.name"),
    ("name: {nl: Zone, fr", "name: {nl: Zone, NL", "import-bad-language", "organisation.name.NL"),
    ("name: {nl: Zone, fr", "name: {nl: 5, fr", "import-wrong-type", "organisation.name.nl"),
    ("zone: Europe/Brussels", "zone: Europe/Brussel", "import-bad-value", "organisation.zone"),
    ("languages: [nl, fr]", "languages: []", "import-blank", "organisation.languages"),
    ("languages: [nl, fr]", "languages: nl", "import-wrong-type", "organisation.languages"),
    ("country: BE", "country: Belgium", "import-bad-value", "organisation.country"),
    ("{id: chief,", "{id: the chief,", "import-bad-id", "functions[0].id"),
    ("{id: chief,", "{id: 5,", "import-wrong-type", "functions[0].id"),
    ("name: korpschef", "name: '  '", "import-blank", "functions[0].name"),
    ("name: korpschef", "name: true", "import-wrong-type", "functions[0].name"),
    ("name: korpschef", 'name: "twee\\nregels"', "import-not-one-line", "functions[0].name"),
    ("discipline: leiding", 'discipline: "?"', "import-bad-value", "functions[0].discipline"),
    ("escalation: chief}", "escalation: chef}", "import-unknown-word", "functions[0].escalation"),
    ("discipline_assumed: true", "discipline_assumed: ja", "import-wrong-type", "functions[1].discipline_assumed"),
    ("{id: pilot, name", "{id: chief, name", "import-duplicate-id", "functions[1].id"),
    ("{id: town, name", "{id: Council, name", "import-duplicate-id", "stakeholders[1].id"),
    ("kind: authority", "kind: authorities", "import-unknown-word", "stakeholders[0].kind"),
    ("kind: authority", "kind: 5", "import-wrong-type", "stakeholders[0].kind"),
    ("kind: partner", "note: a partner", "import-missing-key", "stakeholders[1].kind"),
    (
        "report: {rhythm: half-yearly",
        "report: {often: half-yearly",
        "import-unknown-key",
        "stakeholders[0].report.often",
    ),
    ("  - id: an\n", "  - id: BO\n", "import-duplicate-id", "people[1].id"),
    ("email: an@zone.example", "email: an at zone", "import-bad-value", "people[0].email"),
    ("access: administrator", "access: boss", "import-unknown-word", "people[0].access"),
    ("{party: chief, from", "{party: chef, from", "import-unknown-reference", "people[0].appointments[0].party"),
    ("until: 2025-06-30", "until: 2019-06-30", "import-ends-before-start", "people[0].appointments[0].until"),
    ("login: bos", "login: anp", "import-duplicate-id", "people[1].login"),
    ("method: zvp", "method: zpv", "import-unknown-reference", "programme.method"),
    ("to: 2025-12-31", "to: 2019-12-31", "import-ends-before-start", "programme.period.to"),
    ("to: 2025-12-31", "to: 2025-02-29", "import-bad-date", "programme.period.to"),
    ("party: council", "party: counsil", "import-unknown-reference", "programme.approvals[0].party"),
    ("extended_to: ", "extended: ", "import-unknown-key", "programme.previous[0].extended"),
    ('from: "2021", to: "2025"', 'from: "2025", to: "2021"', "import-ends-before-start", "programme.reviews[0].to"),
    ("kind: objective\n", "kind: objectiv\n", "import-unknown-word", "indicators[0].kind"),
    ("direction: down", "direction: [down]", "import-wrong-type", "indicators[0].direction"),
    ('op: "<="', 'op: "=<"', "import-unknown-word", "indicators[0].targets[0].op"),
    ('op: "<=", ', "", "import-incomplete", "indicators[0].targets[0]"),
    ("value: 10.50, by", "by", "import-incomplete", "indicators[0].targets[0]"),
    ('op: "<="', "op: range", "import-incomplete", "indicators[0].targets[0]"),
    ('op: "<="', "op: range, upto: 9", "import-incomplete", "indicators[0].targets[0].upto"),
    ("value: 12.50", 'value: "12,50"', "import-wrong-type", f"{SERIES}[0].value"),
    ("value: 12.50", "value: true", "import-wrong-type", f"{SERIES}[0].value"),
    ("period: 2018-T1", "period: 2018-T4", "import-bad-date", f"{SERIES}[0].period"),
    ("period: 2018-T1", "period: 2018/2017", "import-bad-date", f"{SERIES}[0].period"),
    ("parts: {Vorst: 10", "parts: {Vorst: tien", "import-wrong-type", f"{SERIES}[0].parts.Vorst"),
    ("missing: niet geteld", "note: niet geteld", "import-incomplete", f"{SERIES}[1]"),
    ("missing: niet geteld", "missing: x, value: 0", "import-incomplete", f"{SERIES}[1]"),
    ("  - id: SD1\n    title", "  - id: OD1\n    title", "import-duplicate-id", "objectives[0].objectives[0].id"),
    ("title: Drugs", "titel: Drugs", "import-unknown-key", "objectives[0].titel"),
    ("- id: AP-1", "- id: P-001", "import-reserved-id", f"{PLAN}.id"),
    ("- id: AP-2", "- id: ap-1", "import-duplicate-id", f"{SECOND}.id"),
    ("{from: 2023-06-15,", "{from: 2021-02-30,", "import-bad-date", f"{PLAN}.period.from"),
    ("{from: 2023-06-15,", "{from: 1523-06-15,", "import-bad-date", f"{PLAN}.period.from"),
    ("{from: 2023-06-15,", "{from: 15/06/2023,", "import-bad-date", f"{PLAN}.period.from"),
    ("{from: 2023-06-15,", "{from: 15.5,", "import-wrong-type", f"{PLAN}.period.from"),
    (", to: 2023-09-15}", ", to: 2023-05}", "import-ends-before-start", f"{PLAN}.period.to"),
    (", to: 2023-09-15}", "}", "import-missing-key", f"{PLAN}.period.to"),
    ("lead: pilot", "lead: piloot", "import-unknown-reference", f"{PLAN}.lead"),
    ("handovers: [{to: town", "handovers: [{to: twon", "import-unknown-reference", f"{PLAN}.handovers[0].to"),
    ("group: [chief, town]", "group: [chief, chief]", "import-duplicate-entry", f"{PLAN}.group[1]"),
    ("group: [chief, town]", "group: [chief, nobody]", "import-unknown-reference", f"{PLAN}.group[1]"),
    ("group: [chief, town]", "group: chief", "import-wrong-type", f"{PLAN}.group"),
    ("group: [chief, town]", "group: null", "import-wrong-type", f"{PLAN}.group"),
    ("perimeter: {by_area", "perimeter: {by_place", "import-unknown-key", f"{PLAN}.perimeter.by_place"),
    ("perimeter: [Kuregem]", "perimeter: [5]", "import-wrong-type", f"{SECOND}.perimeter[0]"),
    ("perimeter: [Kuregem]", "perimeter: Kuregem", "import-wrong-type", f"{SECOND}.perimeter"),
    ("phenomena: [lawaai,", "phenomena: [5,", "import-wrong-type", f"{PLAN}.phenomena[0]"),
    ("{fr: bruit}", "{texte: bruit, assumed: true}", "import-unknown-key", f"{PLAN}.phenomena[1].texte"),
    ("mmm: true", "mmm: yes", "import-wrong-type", f"{PLAN}.mmm"),
    ("leads: [zone, chief]", "leads: [zon, chief]", "import-unknown-reference", f"{PLAN}.axes[0].leads[0]"),
    ("definitie: {text", "definition: {text", "import-unknown-rubric", f"{PLAN}.rubrics.definition"),
    ("source: [seed]", "source: [seeds]", "import-unknown-reference", f"{PLAN}.rubrics.definitie.source[0]"),
    ("analyse: kort", "analyse: {en: 5}", "import-wrong-type", f"{PLAN}.rubrics.analyse.en"),
    ("analyse: kort", "analyse: ''", "import-blank", f"{PLAN}.rubrics.analyse"),
    ("owner: pilot", "owner: nobody", "import-unknown-reference", f"{PLAN}.activities[0].owner"),
    ("indicator: facts", "indicator: fact", "import-unknown-reference", f"{PLAN}.activities[0].indicator"),
    ("axis: X1", "axis: X2", "import-unknown-reference", f"{PLAN}.activities[0].axis"),
    ("{id: A2,", "{id: A1,", "import-duplicate-id", f"{PLAN}.activities[1].id"),
    ("end: 2023-08-31", "end: 2023-06-30", "import-ends-before-start", f"{PLAN}.activities[1].end"),
    ("status: done", "status: finished", "import-unknown-word", f"{PLAN}.activities[1].status"),
    ("indicators: [facts]", "indicators: [fact]", "import-unknown-reference", f"{PLAN}.indicators[0]"),
    ("date: 2024-10, kind", "date: 2024-13, kind", "import-bad-date", f"{PLAN}.evaluations[1].date"),
    ("date: 2024-10, kind", "date: 9999-12-31, kind", "import-bad-date", f"{PLAN}.evaluations[1].date"),
    ("date: 2024-10, kind: final", "date: 2023-08, kind: interim", "import-duplicate-entry", f"{PLAN}.evaluations[1]"),
    ("findings: [goed]", "findings: goed", "import-wrong-type", f"{PLAN}.evaluations[0].findings"),
    ("{to: council,", "{to: counsel,", "import-unknown-reference", f"{PLAN}.information[0].to"),
    ("follows: AP-1", "follows: AP-0", "import-unknown-reference", f"{SECOND}.follows"),
    ("follows: AP-1", "follows: AP-2", "import-circle", f"{SECOND}.follows"),
    ("restricted: true", "restricted: 1", "import-wrong-type", f"{SECOND}.restricted"),
    ("restricted: true", "<<: {restricted: true}", "import-unknown-key", f"{SECOND}.<<"),
    ("follows: AP-1", "id: AP-3", "import-duplicate-key", f"{SECOND}.id"),
    ("follows: AP-1", "follows: &a AP-1", "import-alias", f"{SECOND}.follows"),
    ("follows: AP-1", "follows: *a", "import-alias", f"{SECOND}.follows"),
    ("follows: AP-1", "follows: !!str AP-1", "import-tag", f"{SECOND}.follows"),
    ("follows: AP-1", "5: AP-1", "import-key-type", SECOND),
    ("follows: AP-1", '"follows\\0": AP-1', "import-control-character", SECOND),
    ("follows: AP-1", "follows: 1e999999", "import-number", f"{SECOND}.follows"),
]


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
        ("{id: A2,", "{id: A1,"),
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
