"""`pdca indicator import`: figures of a file, all of them or none."""

from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from tests.unit.cli.indicators import done, failed, shown
from tests.unit.cli.running import ROOT, run

pytestmark = pytest.mark.usefixtures("zone_at_start", "figures_published")


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
