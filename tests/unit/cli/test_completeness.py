"""`pdca completeness` and `pdca means`: what is not worked out, with what mends it, and the sums of the means."""

from typing import Any

import pytest

from pdca.report import gaps
from pdca.report.completeness import Gap
from tests.unit.cli.running import run, run_on_terminal

pytestmark = pytest.mark.usefixtures("next_programme")

RETAIN = ("objective", "retain", "L1", "--motive", "Stijgt.", "--by", "zvr", "--on", "2019-12")


def found(*options: str) -> list[dict[str, Any]]:
    ran = run("completeness", "--json", *options)
    assert ran.status == 0, ran.err
    rows: list[dict[str, Any]] = ran.json["gaps"]
    return rows


def commands() -> dict[tuple[str, str], str]:
    return {(row["code"], row["subject"]): row["command"] for row in found("--programme", "zvp-2026")}


def test_every_code_that_the_report_can_give_has_its_words() -> None:
    listed = (Gap.__doc__ or "").partition("Codes:")[2].replace(".", "").split(",")
    assert {code.strip() for code in listed} == set(gaps._WORDS)  # noqa: SLF001 - the words are a table of one room


def test_each_gap_comes_with_the_command_that_mends_it() -> None:
    decide = "pdca objective decide {} --disposition … --motive … --by … --on DATE"
    submit = 'pdca programme submit zvp-2026-2031 --step "AUTHORITY: ACT"'
    follows = {
        ("programme-without-previous", "zvp-2026-2031"): "pdca programme set zvp-2026-2031 previous=zvp-2020-2025"
    }
    assert commands() == {
        **follows,
        ("programme-without-approval", "zvp-2026-2031"): submit,
        ("objective-undecided", "L1"): decide.format("L1"),
        ("objective-undecided", "L2"): decide.format("L2"),
    }
    run(*RETAIN)
    run("programme", "submit", "zvp-2026", "--step", "zvr=advies", "--step", "Minister: besluit")
    run("programme", "decide", "zvp-2026", "--step", "1", "--approve", "--on", "2019-12")
    assert commands() == {
        **follows,
        ("programme-without-approval", "zvp-2026-2031"): (
            "pdca programme decide zvp-2026-2031 --step 2 --approve --on DATE"
        ),
        ("objective-undecided", "L2"): decide.format("L2"),
        ("objective-without-operational", "L1"): "pdca objective add --parent L1 --title …",
        ("objective-without-plan", "L1"): "pdca plan new --objective L1 --title …",
    }


def test_the_plans_of_a_programme_belong_to_it() -> None:
    rows = found("--programme", "zvp-2020")
    assert {row["programme_id"] for row in rows} == {"zvp-2020-2025"}
    train = next(row for row in rows if row["code"] == "partner-not-trained")
    assert train["command"].startswith(f"pdca partner involve {train['belongs_to']} --party {train['subject']} ")
    assert len(found()) > len(rows)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Nothing was decided over objective L1 “Cybercriminaliteit”."),
        ("nl", "Over doelstelling L1 “Cybercriminaliteit” is niets beslist."),
        ("fr", "objectif L1 «\u00a0Cybercriminalité\u00a0»."),
    ],
)
def test_a_gap_is_told_in_the_language_of_the_reader(language: str, words: str) -> None:
    assert any(row["need"].endswith(words) for row in found("--lang", language))
    table = run("completeness", "--format", "table", "--lang", language).out
    assert words in table
    assert "\nzvp-2026-2031  " in table


def test_a_programme_without_gaps_says_so() -> None:
    run("objective", "decide", "L1", "--disposition", "dropped", *RETAIN[3:])
    run("objective", "decide", "L2", "--disposition", "dropped", *RETAIN[3:])
    assert [row["code"] for row in found("--programme", "zvp-2026")] == [
        "programme-without-previous",
        "programme-without-approval",
    ]
    table = run("completeness", "--programme", "zvp-2020", "--format", "table").out
    assert "zvp-2026" not in table


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_the_report_fits_a_narrow_terminal(language: str) -> None:
    shown = run_on_terminal("completeness", "--lang", language, columns=40, changes={"NO_COLOR": "1"}).out
    assert max(len(line) for line in shown.splitlines()) <= 40


# --- Means ----------------------------------------------------------------------------------------------------------


def sums(*arguments: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = run("means", "--json", *arguments).json["means"]
    return rows


def test_means_are_added_up_per_plan_and_programme_of_each_year_and_of_all() -> None:
    rows = sums()
    assert {row["scope"] for row in rows} == {"programme", "plan"}
    assert rows[0]["of"] == "zvp-2020-2025"
    (heads,) = [row for row in sums("P-006") if row["kind"] == "headcount" and row["year"] == 2021]
    assert (heads["planned"], heads["deployed"], heads["shortfall"]) == ("6", "4", "2")
    assert heads["reasons"][0]["activity"] == "P-006/A1"
    assert [row["year"] for row in sums("P-001") if row["kind"] == "hours"] == [2023, None]
    assert {row["of"] for row in sums("P-001")} == {"P-001"}


def test_what_nobody_stated_is_no_zero() -> None:
    table = run("means", "P-006", "--format", "table", "--lang", "nl")
    assert "handhaving van de coronamaatregelen" in table.out
    assert "? = een cijfer dat niemand vermeldde" in table.err
    (year, *_later) = [row for row in sums("P-006") if row["unstated"]]
    assert year["deployed"] is None


def test_people_have_no_total_over_the_years() -> None:
    assert not [row for row in sums() if row["year"] is None and row["kind"] in {"headcount", "fte"}]
