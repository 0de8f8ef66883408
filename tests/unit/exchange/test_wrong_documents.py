"""Every way a file can be wrong: the code, the line and the field that the one who wrote it is told."""

import tomllib
from pathlib import Path

import pytest

from pdca.errors import Place
from pdca.exchange.document import read_document
from pdca.exchange.known import Known
from pdca.exchange.problems import ImportRefused, Problem

COMPLETE = (Path(__file__).parent / "complete.yaml").read_text(encoding="utf-8")
BAD_INPUT = Path(__file__).parents[2] / "acceptance" / "bad_input"
EXPECTED = tomllib.loads((BAD_INPUT / "expected.toml").read_text(encoding="utf-8"))
PLAN = "objectives[0].objectives[0].plans[0]"
SECOND = "objectives[0].objectives[0].plans[1]"
THIRD = "objectives[0].objectives[0].plans[2]"
ACTIVITY = f"{PLAN}.activities[1]"
RING = f"{PLAN}.perimeter.geojson.coordinates[0]"
GEOMETRY = f"{THIRD}.perimeter.geojson.features[0].geometry"
APPROVAL = "programme.approvals"
BASELINE = f"{SECOND}.indicators[0].baseline"
DECIDED = "objectives[0].disposition"
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
    ("value: 12.50,", "value: 12.50, published: 2017-12,", "published-before", f"{SERIES}[0].published"),
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
    ("- id: A2\n", "- id: A1\n", "import-duplicate-id", f"{PLAN}.activities[1].id"),
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


# The same, of what a plan must hold before it starts, and of the programme's approval.
CASES += [
    ("legal_deadline: 2019-12-31", "legal_deadline: soon", "import-bad-date", "programme.legal_deadline"),
    ("legal_deadline: 2019-12-31", "legal_dedline: 2019", "import-unknown-key", "programme.legal_dedline"),
    ("date: 2020-03, effective", "date: 2020-13, effective", "import-bad-date", f"{APPROVAL}[0].date"),
    ("decision: approved", "decision: agreed", "import-unknown-word", f"{APPROVAL}[1].decision"),
    ("decision: approved", "date: 2019-05", "import-out-of-order", f"{APPROVAL}[1].date"),
    ("act: bekrachtigt}", "act: bekrachtigt, date: 2019}", "import-out-of-order", f"{APPROVAL}[2].date"),
    ("date: 2020-03, effective: 2020-01-01", "effective: 2020-01-01", "import-incomplete", f"{APPROVAL}[0].effective"),
    (
        "previous: [{id: zvp-2014, period",
        "previous: [{id: zvp-2020, period",
        "import-circle",
        "programme.previous[0].id",
    ),
    ("previous: [{id", "previous: [before, earlier, {id", "import-incomplete", "programme.previous[1]"),
    ("previous: [{id", "previous: [5, {id", "import-wrong-type", "programme.previous[0]"),
    ('period: {from: "2014", to: "2017"}, ', "", "import-missing-key", "programme.previous[0].period"),
    ("{id: pick,", "{id: street,", "import-duplicate-id", "phenomena[0].phenomena[0].id"),
    ("{id: pick, title: gauwdiefstal}", "{id: pick}", "import-missing-key", "phenomena[0].phenomena[0].title"),
    ("{id: noise,", "{id: het lawaai,", "import-bad-id", "phenomena[0].phenomena[1].id"),
    ("{id: noise,", "{ids: noise,", "import-unknown-key", "phenomena[0].phenomena[1].ids"),
    ("phenomenon: street", "phenomenon: streat", "import-unknown-reference", "objectives[0].phenomenon"),
    ("{phenomenon: pick}", "{phenomenon: peck}", "import-unknown-reference", f"{PLAN}.phenomena[3].phenomenon"),
    ("{phenomenon: pick}", "{phenomenon: pick, text: x}", "import-incomplete", f"{PLAN}.phenomena[3]"),
    ("{phenomenon: pick}", "{assumed: true}", "import-incomplete", f"{PLAN}.phenomena[3]"),
    ("as: retained", "as: retain", "import-unknown-word", f"{DECIDED}.as"),
    ("as: retained", "as: candidate", "import-unknown-word", f"{DECIDED}.as"),
    ("as: retained", "what: retained", "import-unknown-key", f"{DECIDED}.what"),
    ("motive: prioriteit van de zone", "motive: ' '", "import-blank", f"{DECIDED}.motive"),
    ("motive: prioriteit van de zone", "note: x", "import-missing-key", f"{DECIDED}.motive"),
    ("decided: 2019-11", "decided: 2019-11-31", "import-bad-date", f"{DECIDED}.decided"),
    ("by: veiligheidsraad", "by: [raad]", "import-wrong-type", f"{DECIDED}.by"),
    ("group_by: 2023-07", "group_by: 2023-02-30", "import-bad-date", f"{PLAN}.group_by"),
    ("group_by: 2023-07", "group_until: 2023-07", "import-unknown-key", f"{PLAN}.group_until"),
    ("group: [{party: town", "group: [{party: twon", "import-unknown-reference", f"{SECOND}.group[0].party"),
    ("group: [{party: town", "group: [{partij: town", "import-unknown-key", f"{SECOND}.group[0].partij"),
    ("group: [{party: town", "group: [town, {party: town", "import-duplicate-entry", f"{SECOND}.group[1].party"),
    ("group: [chief, town]", "group: [chief, 5]", "import-wrong-type", f"{PLAN}.group[1]"),
    ("role: deputy", "role: boss", "import-unknown-word", f"{SECOND}.group[0].role"),
    ("{party: town, role", "{party: chief, role", "import-bad-value", f"{SECOND}.group[0].role"),
    ("until: 2024-09-01", "until: 2024-05", "import-ends-before-start", f"{SECOND}.group[0].until"),
    ("from: 2024-06,", "from: june,", "import-bad-date", f"{SECOND}.group[0].from"),
    (
        "{not_applicable: louter",
        "{text: ook, not_applicable: louter",
        "import-incomplete",
        f"{PLAN}.rubrics.preventief",
    ),
    ("not_applicable: louter intern, ", "", "import-incomplete", f"{PLAN}.rubrics.preventief"),
    (
        "not_applicable: louter intern",
        "not_applicable: true",
        "import-wrong-type",
        f"{PLAN}.rubrics.preventief.not_applicable",
    ),
    (
        "withheld_from: [public]",
        "withheld_from: [press]",
        "import-unknown-word",
        f"{PLAN}.rubrics.preventief.withheld_from[0]",
    ),
    (
        "withheld_from: [public]",
        "withheld_from: public",
        "import-wrong-type",
        f"{PLAN}.rubrics.preventief.withheld_from",
    ),
    (
        "withheld_from: [public]",
        "withheld_from: [public, public]",
        "import-duplicate-entry",
        f"{PLAN}.rubrics.preventief.withheld_from[1]",
    ),
    ("rubric: preventief", "rubric: prevention", "import-unknown-rubric", f"{ACTIVITY}.rubric"),
    ("after: [A1]", "after: [A3]", "import-unknown-reference", f"{ACTIVITY}.after[0]"),
    ("after: [A1]", "after: [A2]", "import-circle", f"{ACTIVITY}.after"),
    ("after: [A1]", "after: [A1, A1]", "import-duplicate-entry", f"{ACTIVITY}.after[1]"),
    ("after: [A1]", "after: A1", "import-wrong-type", f"{ACTIVITY}.after"),
    ("steps: [eerst dit,", "steps: [5,", "import-wrong-type", f"{ACTIVITY}.steps[0]"),
    ("done: true", "done: ja", "import-wrong-type", f"{ACTIVITY}.steps[1].done"),
    ("{text: dan dat, done", "{done", "import-missing-key", f"{ACTIVITY}.steps[1].text"),
    ("money: 100.50,", "", "import-incomplete", f"{ACTIVITY}.means[0]"),
    ("money: 100.50,", "money: 100.50, fte: 1,", "import-incomplete", f"{ACTIVITY}.means[0]"),
    ("money: 100.50,", "money: -100.50,", "import-bad-value", f"{ACTIVITY}.means[0].money"),
    ("money: 100.50,", 'money: "100,50",', "import-wrong-type", f"{ACTIVITY}.means[0].money"),
    ("money: 100.50,", "euro: 100.50,", "import-unknown-key", f"{ACTIVITY}.means[0].euro"),
    ("{year: 2023, money", "{year: 23, money", "import-bad-date", f"{ACTIVITY}.means[0].year"),
    ("{year: 2023, money", "{year: 2023-01, money", "import-wrong-type", f"{ACTIVITY}.means[0].year"),
    (", shortfall: te weinig volk", "", "import-incomplete", f"{ACTIVITY}.means[0].deployed"),
    ("deployed: 80", "deployed: 101", "import-bad-value", f"{ACTIVITY}.means[0].shortfall"),
    ("fte: 0.5,", "money: 1,", "import-duplicate-entry", f"{ACTIVITY}.means[1]"),
    ("headcount: 3", "headcount: 2.5", "import-bad-value", f"{ACTIVITY}.means[2].headcount"),
    ("hours: null, deployed: 12", "hours: null", "import-incomplete", f"{ACTIVITY}.means[3].hours"),
    ("{value: 12.50, period: 2018-T1}}", "{value: 12.50}}", "import-incomplete", BASELINE),
    ("{value: 12.50, period: 2018-T1}}", "{period: 2018-T1}}", "import-incomplete", BASELINE),
    ("{value: 12.50, period: 2018-T1}}", "{}}", "import-incomplete", BASELINE),
    ("{value: 12.50, period: 2018-T1}}", "12.50}", "import-wrong-type", BASELINE),
    ("period: 2018-T1}}", "period: 2018-T5}}", "import-bad-date", f"{BASELINE}.period"),
    (
        "{missing: nooit geteld, assumed: true}",
        "{missing: '', assumed: true}",
        "import-blank",
        f"{THIRD}.indicators[0].baseline.missing",
    ),
    (
        "- {id: facts, baseline: {value",
        "- {id: fact, baseline: {value",
        "import-unknown-reference",
        f"{SECOND}.indicators[0].id",
    ),
    ("- {id: facts, baseline: {value", "- {baseline: {value", "import-missing-key", f"{SECOND}.indicators[0].id"),
    ("perimeter: [Kuregem]", "perimeter: []", "import-blank", f"{SECOND}.perimeter"),
    ("geojson: {type: Polygon", "geojson: {type: Point", "import-bad-geometry", f"{PLAN}.perimeter.geojson.type"),
    (
        "geojson: {type: Polygon, coord",
        "geojson: {type: Polygon, crs: {name: 'EPSG:31370'}, coord",
        "import-bad-geometry",
        f"{PLAN}.perimeter.geojson.crs",
    ),
    (
        "[[[4.3, 50.8], [4.4, 50.8], [4.4, 50.9], [4.3, 50.8]]]}",
        "[]}",
        "import-bad-geometry",
        f"{PLAN}.perimeter.geojson.coordinates",
    ),
    ("[4.4, 50.9], [4.3, 50.8]]]}", "[4.4, 50.9], [4.3, 50.9]]]}", "import-bad-geometry", RING),
    ("[4.4, 50.8], [4.4, 50.9], [4.3, 50.8]]]}", "[4.4, 50.8], [4.3, 50.8]]]}", "import-bad-geometry", RING),
    (
        "[[[4.3, 50.8], [4.4, 50.8], [4.4, 50.9]",
        "[[[148000, 50.8], [4.4, 50.8], [4.4, 50.9]",
        "import-bad-geometry",
        f"{RING}[0][0]",
    ),
    (
        "[[[4.3, 50.8], [4.4, 50.8], [4.4, 50.9]",
        "[[[50.8, 168000], [4.4, 50.8], [4.4, 50.9]",
        "import-bad-geometry",
        f"{RING}[0][1]",
    ),
    (
        "[[[4.3, 50.8], [4.4, 50.8], [4.4, 50.9]",
        "[[[4.3, '50'], [4.4, 50.8], [4.4, 50.9]",
        "import-wrong-type",
        f"{RING}[0][1]",
    ),
    ("[[[4.3, 50.8], [4.4, 50.8], [4.4, 50.9]", "[[4.3, [4.4, 50.8], [4.4, 50.9]", "import-bad-geometry", f"{RING}[0]"),
    (
        "[[[4.3, 50.8], [4.4, 50.8], [4.4, 50.9], [4.3, 50.8]]]}",
        "[[[[4.3, 50.8], [4.4, 50.8]]]]}",
        "import-wrong-type",
        f"{RING}[0][0]",
    ),
    (
        "{type: Feature, prop",
        "{type: Features, prop",
        "import-bad-geometry",
        f"{THIRD}.perimeter.geojson.features[0].type",
    ),
    ("geometry: {type: MultiPolygon", "geometry: {type: LineString", "import-bad-geometry", f"{GEOMETRY}.type"),
    ("[4.4, 50.8, 12]", "[4.4, 50.8, 12, 1]", "import-bad-geometry", f"{GEOMETRY}.coordinates[0][0][1]"),
    (
        "geometry: {type: MultiPolygon, coordinates",
        "geometri: {coordinates",
        "import-wrong-type",
        f"{THIRD}.perimeter.geojson.features[0].geometry",
    ),
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
