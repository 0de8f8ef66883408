"""`pdca indicator`: every figure as it was published, and nothing that nobody gave."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
import xlsxwriter

from pdca.cli.words import amount
from pdca.exchange.document import read_document
from pdca.exchange.records import Indicator
from tests.unit.cli.running import ROOT, Ran, run, run_on_terminal
from tests.unit.cli.zone import EXAMPLE

pytestmark = pytest.mark.usefixtures("zone_at_start")

NOW: Final = "2026-11-02T09:00:00+01:00"
INDICATORS: Final[Mapping[str, Indicator]] = {one.id: one for one in read_document(EXAMPLE).indicators}


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """All periods of the published figures have ended."""
    monkeypatch.setenv("PDCA_NOW", NOW)


def shown(indicator: str, *options: str) -> dict[str, Any]:
    view: dict[str, Any] = run("indicator", "show", indicator, "--json", *options).json
    return view


def done(*arguments: str) -> Ran:
    ran = run("indicator", *arguments)
    assert ran.status == 0, ran.err
    return ran


def failed(*arguments: str) -> tuple[int, str]:
    ran = run("indicator", *arguments, "--json")
    return ran.status, ran.error["code"]


def decimals(values: Mapping[str, Any] | None) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in (values or {}).items()}


@pytest.mark.parametrize("name", INDICATORS)
def test_the_whole_series_of_the_example_is_shown_and_nothing_is_invented(name: str) -> None:
    view = shown(name)
    published = sorted(INDICATORS[name].series, key=lambda one: one.period.last_day)
    figures = [figure for period in view["series"] for figure in period["figures"]]
    assert [
        (one["period"], None if one["value"] is None else Decimal(one["value"]), one["missing_reason"])
        for one in figures
    ] == [(one.period.text, one.value, one.missing) for one in published]
    assert [decimals(one["parts"]) for one in figures] == [one.parts for one in published]
    assert [decimals(one["of_which"]) for one in figures] == [one.of_which for one in published]
    assert [one["approximate"] for one in figures] == [one.approx for one in published]
    page = run("indicator", "show", name).out
    assert all("missing" in page if one.value is None else amount(str(one.value)) in page for one in published)
    if not published:
        assert "No figure was recorded." in page
        assert view["stale"] is (INDICATORS[name].rhythm is not None)


def test_what_was_published_and_what_is_computed_stand_apart() -> None:
    page = run("indicator", "show", "zp_acties").out
    assert "+59 (+9.8 %)" in page
    assert "they add up to 556, not to 661" in page
    assert ">= 600 ~" in page
    shares = run("indicator", "show", "minderjarigen").out
    assert "-6.9" in shares
    assert "-6.9 (" not in shares


def test_a_break_of_the_example_parts_what_does_not_compare() -> None:
    last = shown("zp_pv_gas")["series"][-1]
    assert (last["change"], last["not_compared"]) == (None, "municipal sanctions only")


def test_what_is_assumed_is_marked_and_explained() -> None:
    page = run("indicator", "show", "zp_acties").out
    assert page.splitlines()[-1].startswith("~ assumed")
    assert "~" in run_on_terminal("indicator", "list", columns=150).out


def test_an_indicator_is_found_by_the_beginning_of_its_name() -> None:
    assert shown("minder")["indicator_id"] == "minderjarigen"
    assert failed("show", "zp_") == (4, "indicator-ambiguous")
    assert failed("show", "nothing") == (4, "indicator-not-there")


def test_the_list_is_narrowed_to_a_plan_and_to_what_is_out_of_date() -> None:
    rows = run("indicator", "list", "--plan", "P-004", "--json").json["indicators"]
    assert {"drug_feiten", "gestolen_voertuigen"} <= {one["indicator_id"] for one in rows}
    [stale] = run("indicator", "list", "--stale", "--json").json["indicators"]
    assert (stale["indicator_id"], stale["last"]) == ("onveiligheidsgevoel", None)


ADD: Final = ("add", "burglary", "--title", "nl=Inbraak", "--title", "fr=Cambriolage", "--unit", "feiten")
ADDED: Final = (*ADD, "--kind", "objective", "--rhythm", "yearly", "--definition", "nl=Pogingen inbegrepen")


def test_an_indicator_lives_by_commands_alone() -> None:
    done(*ADDED, "--dry-run")
    assert failed("show", "burglary") == (4, "indicator-not-there")
    done(*ADDED)
    assert failed(*ADDED) == (2, "indicator-exists")
    done("set", "burglary", "title=fr=Vols", "system=ANG", "rhythm=")
    view = shown("burglary")
    assert view["title"] == {"nl": "Inbraak", "fr": "Vols"}
    assert (view["system"], view["rhythm"], view["definition"]) == ("ANG", None, {"nl": "Pogingen inbegrepen"})
    assert failed("set", "burglary", "rhythm=weekly") == (2, "import-unknown-word")
    assert failed("set", "burglary", "direction=up") == (2, "field-unknown")
    tied = done("tie", "P-006", "burglary", "--baseline", "907", "--period", "2017", "--json").json
    assert (tied["plan"], tied["indicator"]) == ("P-006", "burglary")
    done("tie", "P-006", "burglary", "--no-baseline", "Nooit geteld.")
    [plan] = shown("burglary")["plans"]
    assert (plan["plan_id"], plan["baseline"], plan["baseline_missing"]) == ("P-006", None, "Nooit geteld.")
    assert failed("tie", "P-006", "burglary", "--baseline", "907") == (2, "baseline-or-reason")
    rebase = ("rebase", "P-006", "burglary", "--baseline", "9", "--period", "2017", "--reason", "x")
    assert failed(*rebase) == (3, "refused")


def test_a_figure_is_recorded_or_said_to_be_missing() -> None:
    view = done("record", "drug", "2025", "2410", "--according-to", "jaarverslag", "--published", "2026-03", "--json")
    assert view.json["figure"]["number"] == 1
    done("record", "drug", "2023", "--missing", "Niet geteld.", "--dry-run")
    assert [one["period"] for one in shown("drug")["series"]] == ["2024", "2025"]
    done("record", "drug", "2023", "--missing", "Niet geteld.")
    assert "missing: Niet geteld." in run("indicator", "show", "drug").out
    told = done("record", "drug", "2022", "10", "--part", "a=4", "--part", "b=5", "--json").json
    assert told["warnings"] == [{"code": "parts-differ", "sum": "9"}]
    assert "they add up to 9, not to 10" in run("indicator", "show", "drug").out


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("2025", "12,5"), 2, "bad-value"),
        (("25", "12"), 2, "import-bad-date"),
        (("2025",), 2, "import-incomplete"),
        (("2025", "1", "--missing", "x"), 2, "import-incomplete"),
        (("2025", "1", "--source", "nothing"), 4, "source-unknown"),
        (("2025", "1", "--part", "a"), 2, "part-unreadable"),
        (("2025", "1", "--published", "2030"), 2, "date-to-come"),
        (("2025", "1", "--published", "2024-12-31"), 2, "published-before"),
        (("2021-Q5", "1"), 2, "import-bad-date"),
        (("2021-Q0", "1"), 2, "import-bad-date"),
    ],
)
def test_a_figure_that_is_none_is_refused_and_nothing_is_kept(
    arguments: tuple[str, ...], status: int, code: str
) -> None:
    before = shown("drug_feiten")
    assert failed("record", "drug_feiten", *arguments) == (status, code)
    assert shown("drug_feiten") == before


def test_what_was_known_on_a_day_is_shown_again() -> None:
    done("record", "drug", "2017", "907", "--published", "2018-03-01")
    done("record", "drug", "2017", "956", "--published", "2019-03-01")
    [then] = shown("drug", "--as-of", "2018-12-31")["series"]
    assert (then["value"], len(then["figures"])) == ("907", 1)
    now = shown("drug")["series"][0]
    assert (now["value"], [one["value"] for one in now["figures"]]) == ("956", ["907", "956"])
    done("retain", "drug", "2017", "1", "--reason", "Nagekeken.")
    assert shown("drug")["series"][0]["value"] == "907"
    assert failed("show", "drug", "--as-of", "2030-01-01") == (2, "date-to-come")


def test_a_change_that_passes_over_a_period_says_since_when() -> None:
    done("record", "drug", "2025", "--missing", "Niet geteld.")
    done("record", "drug", "2026", "2300")
    done("record", "drug", "2027", "2310")
    page = run("indicator", "show", "drug").out
    assert "+18 (+0.8 %) since 2024" in page
    assert "since 2026" not in page


@pytest.mark.parametrize("value", ["0", "3.5"])
def test_a_rank_is_a_whole_number_from_1_on(value: str) -> None:
    done("add", "place", "--title", "Plaats", "--unit", "rank", "--kind", "objective")
    assert failed("record", "place", "2025", value) == (2, "rank-none")
    done("record", "place", "2025", "3")


def test_what_is_read_in_another_unit_from_here_on_is_told() -> None:
    assert "pdca indicator break drug_feiten --from PERIOD" in done("set", "drug_feiten", "unit=feiten").out
    assert "indicator break" not in done("set", "drug_feiten", "note=x").out
    done("add", "place", "--title", "Plaats", "--unit", "punten", "--kind", "objective")
    assert "indicator break" not in done("set", "place", "unit=plaatsen").out
    done("record", "place", "2025", "3.5")
    assert failed("set", "place", "unit=rank") == (2, "rank-none")
    assert shown("place")["unit"] == {"nl": "plaatsen"}


def test_every_form_of_a_period_is_named_when_it_is_none() -> None:
    told = run("indicator", "record", "drug", "foo", "1").err
    assert "“foo” is no period." in told
    assert all(form in told for form in ("2024-10", "2018-T1", "2018-Q1", "2018-H2", "/"))


def test_a_figure_about_a_period_that_is_to_come_is_kept_and_told() -> None:
    told = done("record", "drug", "2028", "10", "--json").json
    assert told["warnings"] == [{"code": "period-to-come", "period": "2028"}]
    assert done("record", "drug", "2026", "10", "--json").json["warnings"] == []


def test_a_period_has_begun_when_it_has_where_the_body_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDCA_NOW", "2027-12-31T23:30:00Z")
    assert done("record", "drug", "2028", "10", "--json").json["warnings"] == []


def test_the_last_figure_has_columns_of_its_own_where_there_are_only_cells() -> None:
    head, *lines = run("indicator", "list", "--format", "tsv").out.splitlines()
    rows = [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines]
    [acts] = [row for row in rows if row["indicator_id"] == "zp_acties"]
    assert (acts["last_period"], acts["last_value"]) == ("2024-06-15/2024-09-15", "661")
    assert "last" not in acts


def test_a_figure_below_zero_is_written_last() -> None:
    refused = run("indicator", "record", "drug", "2026", "-5")
    assert (refused.status, "-- -5" in refused.err) == (2, True)
    done("record", "drug", "2026", "--note", "x", "--", "-5")
    assert shown("drug")["series"][-1]["value"] == "-5"


def test_a_figure_about_a_part_stands_beneath_those_of_the_whole() -> None:
    done("record", "drug", "2025", "120")
    done("record", "drug", "2025", "30", "--scope", "Vorst")
    done("target", "drug", "--period", "2025", "--op", "<=", "--value", "50")
    page = run("indicator", "show", "drug").out
    whole, _heading, part = page.partition("Of which Vorst, a series of its own:")
    assert ": 120" in whole
    assert "30" in part


def csv(tmp_path: Path, *lines: str) -> str:
    file = tmp_path / "figures.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(file)


def test_the_example_of_a_file_of_figures_is_taken_in_once() -> None:
    file = str(ROOT / "examples" / "figures.csv")
    dry = done("import", file, "--dry-run", "--json").json
    assert (len(dry["added"]), dry["event"]) == (4, None)
    assert "Would be taken in from" in done("import", file, "--dry-run").out
    assert shown("ongevallen_letsel")["series"] == []
    assert done("import", file, "--json").json["added"] == dry["added"]
    assert done("import", file, "--json").json["added"] == []
    [period] = shown("onveiligheidsgevoel")["series"]
    assert (period["figures"][0]["scope"], period["figures"][0]["according_to"]) == (
        "Anderlecht",
        "safety monitor 2024",
    )
    assert shown("gauwdiefstal")["series"][-1]["missing_reason"] == "the counts of 2020 do not compare"


def test_a_semicolon_goes_with_a_comma_before_the_decimals(tmp_path: Path) -> None:
    file = csv(tmp_path, "indicator;period;value;parts", 'drug_feiten;2025;12,5;"a=4,5; b=8"')
    done("import", file)
    last = shown("drug_feiten")["series"][-1]
    assert (last["value"], last["figures"][0]["parts"]) == ("12.5", {"a": "4.5", "b": "8"})
    beyond = csv(tmp_path, "indicator;period;value", "drug_feiten;2025;12;5")
    assert failed("import", beyond) == (1, "figures-no-heading")


def test_a_workbook_and_yaml_hold_the_same_figures(tmp_path: Path) -> None:
    book = tmp_path / "figures.xlsx"
    with xlsxwriter.Workbook(str(book)) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["indicator", "period", "value", "missing", "retained", "retained_because"])
        sheet.write_row(1, 0, ["drug_feiten", 2025, 12.5, "", "yes", "Nageteld."])
        sheet.write_row(2, 0, ["drug_feiten", "2023-Q1", None, "Niet geteld."])
    added = done("import", str(book), "--json").json["added"]
    assert [(one["period"], one["value"], one["missing_reason"]) for one in added] == [
        ("2025", "12.5", None),
        ("2023-Q1", None, "Niet geteld."),
    ]
    text = tmp_path / "figures.yaml"
    text.write_text(
        "figures:\n"
        "  - {indicator: drug_feiten, period: 2025, value: 12.5, retained: true, retained_because: Nageteld.}\n"
        "  - {indicator: drug_feiten, period: 2023-Q1, missing: Niet geteld.}\n",
        encoding="utf-8",
    )
    last = run("audit", "log", "--last", "1", "--json").json
    assert done("import", str(text), "--json").json["added"] == []
    assert run("audit", "log", "--last", "1", "--json").json == last


def test_a_period_that_a_spreadsheet_made_a_date_of_is_refused_at_its_cell(tmp_path: Path) -> None:
    book = tmp_path / "figures.xlsx"
    with xlsxwriter.Workbook(str(book)) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["period", "indicator", "value", "published"])
        sheet.write_datetime(1, 0, datetime(2024, 4, 1), workbook.add_format({"num_format": "mmm yyyy"}))  # noqa: DTZ001 - a cell has no zone
        sheet.write_row(1, 1, ["drug_feiten", 12])
    problems = run("indicator", "import", str(book), "--json").error
    places = [
        (one["code"], one["place"]["line"], one["place"]["column"]) for one in [problems, *problems.get("problems", ())]
    ]
    assert ("import-period-as-date", 2, 1) in places
    assert [one["period"] for one in shown("drug_feiten")["series"]] == ["2024"]


def test_a_number_of_a_workbook_is_the_one_that_was_typed(tmp_path: Path) -> None:
    book = tmp_path / "figures.xlsx"
    with xlsxwriter.Workbook(str(book)) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["indicator", "period", "value"])
        for line, value in enumerate((0.1 + 0.2, 1234567.0, -0.5, 1e15), 1):
            sheet.write_row(line, 0, ["drug_feiten", 2025 + line, value])
    added = done("import", str(book), "--json").json["added"]
    assert [one["value"] for one in added] == ["0.3", "1234567", "-0.5", "1000000000000000"]


def test_everything_wrong_with_a_file_of_figures_is_named_with_its_row_and_column(tmp_path: Path) -> None:
    file = csv(
        tmp_path,
        "indicator,period,value,missing,source",
        "drug_feiten,2025,12,,",
        "drug_feitn,2025,12,,",
        "drug_feiten,20x5,12,,",
        "drug_feiten,2025,many,,",
        "drug_feiten,2025,,,",
        "drug_feiten,2025,1,,nowhere",
    )
    error = run("indicator", "import", file, "--json").error
    assert (error["code"], error["total"]) == ("import-refused", 5)
    places = [(one["place"]["line"], one["place"]["column"], one["code"]) for one in error["problems"]]
    assert places == [
        (3, 1, "import-unknown-reference"),
        (4, 2, "import-bad-date"),
        (5, 3, "import-wrong-type"),
        (6, 1, "import-incomplete"),
        (7, 5, "import-unknown-reference"),
    ]
    assert [one["period"] for one in shown("drug_feiten")["series"]] == ["2024"]


def test_what_no_figure_can_be_is_named_with_its_row_and_column(tmp_path: Path) -> None:
    done("add", "place", "--title", "Plaats", "--unit", "rank", "--kind", "objective")
    file = csv(
        tmp_path,
        "indicator,period,value,published",
        "place,2024,3,2025",
        "place,2023,3.5,2024",
        "place,2022,0,",
        "place,2021,1,2020-12",
        "place,2020,1,2030",
    )
    problems = run("indicator", "import", file, "--json").error["problems"]
    assert [(one["place"]["line"], one["place"]["column"], one["code"]) for one in problems] == [
        (3, 3, "rank-none"),
        (4, 3, "rank-none"),
        (5, 4, "published-before"),
        (6, 4, "date-to-come"),
    ]
    assert shown("place")["series"] == []


def test_two_figures_that_are_retained_for_one_period_are_refused_with_row_and_column(tmp_path: Path) -> None:
    file = csv(
        tmp_path,
        "indicator,period,value,retained,scope",
        "drug_feiten,2025,12,yes,",
        "gauwdiefstal,2025,12,yes,",
        "drug_feiten,2025,12,yes,Vorst",
        "drug_feiten,2025-01/2025-12,13,yes,",
    )
    ran = run("indicator", "import", file, "--json")
    [problem] = ran.error["problems"]
    assert (ran.status, problem["code"]) == (1, "import-duplicate-entry")
    assert (problem["place"]["line"], problem["place"]["column"]) == (5, 4)


def test_a_change_is_computed_and_never_taken_in(tmp_path: Path) -> None:
    file = csv(tmp_path, "indicator,period,value,percent", "drug_feiten,2025,12,7.5")
    assert failed("import", file) == (1, "figures-computed")
    assert failed("import", csv(tmp_path, "indicator,period,worth", "drug_feiten,2025,1")) == (
        1,
        "import-unknown-column",
    )
    assert failed("import", csv(tmp_path, "indicator,value", "drug_feiten,1")) == (1, "import-missing-column")
    assert failed("import", "figures.pdf") == (1, "figures-format")
    assert failed("import", "none.csv") == (1, "import-unreadable")


COUNTED: Final = (52, 48, 55, 50, 47, 53, 51, 49, 54, 50, 52, 48, 51, None, 20)


def counted_every_month() -> None:
    """Record more than a year of months, of which one is missing, beside the year that is there."""
    for at, value in enumerate(COUNTED):
        period = f"{2025 + at // 12}-{at % 12 + 1:02d}"
        done("record", "drug_feiten", period, *(("--missing", "broken") if value is None else (f"{value}000",)))


def test_a_series_is_read_in_words_and_drawn_with_the_separators_of_the_language() -> None:
    counted_every_month()
    page = run("indicator", "show", "drug_feiten").out
    assert "Variation: special cause, lower\n  below the lower limit: 2026-03\n" in page
    assert "Assurance: cannot be told: the target names no figure that limits could be held against" in page
    assert "All figures are held against target 1: no direction is better" in page
    assert "Left out, as their periods are not as long as those of most: 2024" in page
    assert "XmR chart: mean 48,571.4" in page
    assert "48,571.4┤" in page
    assert "─ mean  ╌ limit  ● figure  ◆ signal" in page
    dutch = run("indicator", "show", "drug_feiten", "--lang", "nl").out
    assert "48.571,4┤" in dutch
    assert "─ gemiddelde  ╌ grens  ● cijfer  ◆ signaal" in dutch
    reading = shown("drug_feiten")["reading"]
    assert (reading["variation"], reading["target"], reading["left_out"]) == ("lower", 1, ["2024"])
    assert reading["stretches"][0]["figures"] == 14


def test_a_series_is_read_as_it_was_known() -> None:
    counted_every_month()
    assert shown("drug_feiten", "--as-of", "2026-11-01")["reading"]["left_out"] == []
    assert "XmR" not in run("indicator", "show", "drug_feiten", "--as-of", "2026-11-01").out


def test_without_a_figure_nothing_is_read_and_of_few_nothing_is_drawn() -> None:
    assert shown("ifg_feiten")["reading"] is None
    assert "What the figures say" not in run("indicator", "show", "ifg_feiten").out
    two = run("indicator", "show", "zp_acties").out
    assert "Variation: too few figures to say" in two
    assert "┤" not in two
    assert "median" not in run("indicator", "show", "zp_horeca").out


def test_a_chart_fits_its_terminal_and_is_written_in_what_that_can_show() -> None:
    counted_every_month()
    narrow = run_on_terminal("indicator", "show", "drug_feiten", columns=40).out
    chart = [line for line in narrow.splitlines() if "┤" in line]
    assert len(chart) == 9
    assert max(map(len, chart)) <= 40
    plain = run_on_terminal("indicator", "show", "drug_feiten", columns=40, changes={"LC_ALL": "C"}).out
    assert "48,571.4|" in plain
    assert plain.isascii()


def test_a_list_for_people_has_the_shape_of_each_series_and_no_other_form_has() -> None:
    table = run("indicator", "list", "--format", "table").out
    assert next(line for line in table.splitlines() if line.startswith("zp_acties")).count("▁█") == 1
    assert "█┆▁" in next(line for line in table.splitlines() if line.startswith("zp_pv_gas"))
    assert "▁" not in run("indicator", "list").out
    assert all("shape" not in row for row in run("indicator", "list", "--json").json["indicators"])


def test_a_plan_has_a_line_for_each_of_its_indicators() -> None:
    page = run("plan", "show", "P-002").out
    line = next(line for line in page.splitlines() if line.startswith("zp_acties"))
    assert re.split(r" {2,}", line)[2:] == ["▁█", "661 acties (2024-06-15/2024-09-15)", ">= 600 ~: met"]
    view = run("plan", "show", "P-002", "--json").json
    targets = {one["indicator_id"]: one["target"] for one in view["indicators"]}
    assert (targets["zp_acties"]["number"], targets["zp_acties"]["judgement"]) == (1, "met")
