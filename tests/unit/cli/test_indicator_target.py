"""`pdca indicator target`: what it takes, what it refuses in its own options, and what its figures are held against."""

import pytest

from tests.unit.cli.indicators import done, failed
from tests.unit.cli.running import run

pytestmark = pytest.mark.usefixtures("zone_at_start")


@pytest.mark.parametrize(("op", "direction"), [(">=", "down"), (">", "down"), ("<=", "up"), ("<", "up")])
def test_a_direction_against_its_operator_is_refused(op: str, direction: str) -> None:
    before = run("indicator", "show", "drug", "--json").json["targets"]
    target = ("target", "drug", "--period", "2027", "--op", op, "--value", "10")
    assert failed(*target, "--direction", direction) == (2, "import-target-both-ways")
    assert run("indicator", "show", "drug", "--json").json["targets"] == before
    done(*target, "--direction", "hold")


@pytest.mark.parametrize(
    ("given", "option"),
    [
        (("--value", "10"), "--op"),
        (("--period", "2027"), "--words"),
        (("--period", "2027", "--by", "2027", "--op", "<", "--value", "1"), "--period"),
        (("--op", "<", "--value", "1", "--adjusts", "1"), "--reason"),
        (("--op", "<"), "--note"),
        (("--from", "1"), "--upto"),
        (("--upto", "1"), "--from"),
        (("--from", "3", "--upto", "1"), "--from"),
        (("--op", "<", "--value", "1", "--determine-by", "2030"), "--determine-by"),
        (("--op", "<", "--value", "1", "--adjusts", "1", "--corrects", "1", "--reason", "x"), "--corrects"),
    ],
)
def test_what_a_target_lacks_is_told_in_the_options_of_the_command(given: tuple[str, ...], option: str) -> None:
    error = run("indicator", "target", "drug", *given, "--json").error
    assert error["code"] == "import-incomplete"
    assert option in error["hint"]


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        (("target", "drug", "--period", "2027", "--op", "<", "--value", "1", "--direction", "up"), "--direction"),
        (("target", "drug", "--by", "2027-13", "--op", "<", "--value", "1"), "--by"),
        (("target", "drug", "--determine-by", "soon"), "--determine-by"),
        (("target", "drug", "--words", " "), "--words"),
        (("add", "b c", "--title", "x", "--unit", "x", "--kind", "objective"), "ID"),
        (("add", "b", "--title", "x", "--unit", " ", "--kind", "objective"), "--unit"),
        (("tie", "P-001", "drug", "--baseline", "1", "--period", "soon"), "--period"),
        (("rebase", "P-001", "drug", "--baseline", "1", "--period", "soon", "--reason", "x"), "--period"),
        (("rebase", "P-001", "drug", "--no-baseline", " ", "--reason", "x"), "--no-baseline"),
        (("record", "drug", "2027-13", "1"), "PERIOD"),
        (("record", "drug", "2026", "1", "--published", "soon"), "--published"),
        (("record", "drug", "2026", "1", "--according-to", " "), "--according-to"),
        (("break", "drug", "--from", "soon", "--reason", "x"), "--from"),
    ],
)
def test_a_mistake_is_placed_at_the_option_where_it_stands(arguments: tuple[str, ...], place: str) -> None:
    ran = run("indicator", *arguments)
    assert (ran.status, f"\n  at {place}\n" in ran.err) == (2, True), ran.err


@pytest.mark.parametrize("given", [("--value", "1"), ("--op", "<"), ("--op", "<", "--value", "1")])
def test_a_range_is_no_number_as_well(given: tuple[str, ...]) -> None:
    assert failed("target", "drug", "--upto", "3", *given) == (2, "range-or-number")


def test_a_target_of_a_year_is_not_said_to_be_met_by_the_figures_of_months() -> None:
    add = ("indicator", "add", "complaints", "--title", "Complaints", "--unit", "complaints", "--kind", "objective")
    assert run(*add).status == 0
    for month in range(1, 13):
        assert run("indicator", "record", "complaints", f"2023-{month:02}", str(20 + month % 3)).status == 0
    assert (
        "less than was reached"
        not in run("indicator", "target", "complaints", "--period", "2024", "--op", "<=", "--value", "240").out
    )
    page = run("indicator", "show", "complaints").out
    assert "Assurance: cannot be told: the target is for a period of another length" in page
    assert "No figure is held against target 1: <= 240 (2024)" in page
    run("indicator", "target", "complaints", "--by", "2024", "--op", "<=", "--value", "30")
    page = run("indicator", "show", "complaints").out
    assert "Assurance: the target is consistently met" in page
    assert "All figures are held against target 2: <= 30 (by 2024)" in page
