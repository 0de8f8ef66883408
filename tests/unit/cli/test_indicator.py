"""`pdca indicator`: every figure as it was published, and nothing that nobody gave."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import pytest

from pdca.exchange.document import read_document
from pdca.exchange.records import Indicator
from pdca.words import amount
from tests.unit.cli.indicators import done, failed, shown
from tests.unit.cli.running import run, run_on_terminal
from tests.unit.cli.zone import EXAMPLE

pytestmark = pytest.mark.usefixtures("zone_at_start", "figures_published")

INDICATORS: Final[Mapping[str, Indicator]] = {one.id: one for one in read_document(EXAMPLE).indicators}


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
