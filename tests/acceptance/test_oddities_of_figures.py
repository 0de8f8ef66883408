"""Oddities of figures, targets and indicators, each by the number it was filed under.

`docs/reference/oddities.md` says of each what it is and what the program does; a test holds that table to these tests.
"""

import pytest

from tests.acceptance.oddities import CHIEF, SINGLE, add, aim, done, judged, keys, record, view
from tests.unit.cli.running import run

pytestmark = pytest.mark.usefixtures("example")


def test_e01_the_direction_turns_from_one_target_to_the_next() -> None:
    aim("--period", "2018", "--op", "<", "--value", "800")
    aim("--period", "2019", "--op", ">", "--value", "900")
    record("2018", "790")
    record("2019", "950")
    assert [one["direction"] for one in view()["targets"]] == ["down", "up"]
    assert judged() == ["met", "met"]
    assert "direction" not in view()


def test_e02_a_figure_carries_its_scope_and_no_trend_goes_over_another() -> None:
    record("2017", "70", "--scope", "region")
    record("2018", "39", "--scope", "city")
    [_, later] = view()["series"]
    assert (later["change"], later["not_compared"]) == (None, "region → city")
    record("2017", "28", "--scope", "city")
    assert view()["series"][1]["change"]["difference"] == "11"


def test_e03_a_revised_figure_keeps_the_first_with_both_dates() -> None:
    record("2017", "907", "--published", "2018-05-01")
    record("2017", "956", "--published", "2019-05-01")
    assert view("--as-of", "2018-06-01")["series"][0]["value"] == "907"
    [period] = view()["series"]
    assert [(one["value"], one["published_on"]) for one in period["figures"]] == [
        ("907", "2018-05-01"),
        ("956", "2019-05-01"),
    ]


def test_e04_the_first_target_stays_beside_the_adjusted_one() -> None:
    aim("--period", "2017", "--op", ">=", "--value", "1150")
    aim("--period", "2017", "--op", ">=", "--value", "953", "--adjusts", "1", "--reason", "Minder volk.")
    record("2017", "953")
    first, adjusted = view()["targets"]
    assert (first["value"], first["replaced_by"], first["judgement"]) == (
        "1150",
        {"number": 2, "change": "adjusted", "on": "2024-11-02", "result_known": False},
        "not_met",
    )
    assert (adjusted["reason"], adjusted["judgement"]) == ("Minder volk.", "met")


def test_e05_a_target_that_is_raised_needs_a_reason() -> None:
    aim("--period", "2022", "--op", "<=", "--value", "2")
    raised = ("--period", "2022", "--op", "<=", "--value", "3")
    assert run("indicator", "target", "x", *raised, "--json").error["code"] == "target-exists"
    assert run("indicator", "target", "x", *raised, "--adjusts", "1", "--json").error["code"] == "import-incomplete"
    aim(*raised, "--adjusts", "1", "--reason", "Een groep meer.")


def test_e06_what_is_missing_is_missing_with_its_reason_and_never_zero() -> None:
    ran = run("indicator", "record", "x", "2018", "--missing", "Eens in twee jaar gemeten.")
    assert ran.status == 0
    record("2017", "7")
    record("2019", "8")
    series = view()["series"]
    assert [one["value"] for one in series] == ["7", None, "8"]
    assert series[2]["change"] == {"since": "2017", "difference": "1", "percent": "14.3", "approximate": False}


def test_e07_a_target_may_be_words() -> None:
    record("2015", "98916")
    record("2016", "94220")
    aim("--period", "2016", "--words", "fr=en baisse", "--direction", "down")
    aim("--period", "2017", "--words", "fr=suivi", "--direction", "none")
    aim("--period", "2020", "--words", "fr=suivi")
    record("2017", "90000")
    record("2020", "80000")
    assert judged() == ["met", "renders_account", "in_words"]


def test_e08_a_target_of_the_year_stands_beside_the_ambition() -> None:
    record("2018", "8.2")
    aim("--period", "2019", "--op", "<=", "--value", "7.0")
    aim("--by", "2022", "--op", "<=", "--value", "6.5")
    record("2019", "5.1")
    assert judged() == ["met", "met"]
    assert [one["result"] for one in view()["targets"]] == [{"period": "2019", "value": "5.1"}] * 2


def test_e09_no_single_judgement_hides_that_what_people_experience_gets_worse() -> None:
    add("incidenten", "per 1000")
    add("overlast", "%", kind="subjective")
    for name, before, after in (("incidenten", "5.9", "4.9"), ("overlast", "7.3", "9.0")):
        done("indicator", "tie", "AP-ZP2023", name, "--baseline", before, "--period", "2018", *CHIEF)
        record("2018", before, of=name)
        record("2019", after, of=name)
        aim("--period", "2019", "--op", "<=", "--value", "5.0", of=name)
    assert (judged("incidenten"), judged("overlast")) == (["met"], ["not_met"])
    page = run("plan", "show", "AP-ZP2023").out
    kinds = ("objective: registered", "subjective: asked", "activity: own work")
    registered, asked, own = (page.index(f"\n  {words}") for words in kinds)
    assert registered < page.index("\nincidenten") < asked < page.index("\noverlast") < own
    views = [("plan", "show", "AP-ZP2023"), ("board",), ("status",), ("indicator", "list"), ("plan", "list")]
    views += [("indicator", "show", "incidenten"), ("evaluation", "show", "E-001"), ("plan", "cycles", "AP-ZP2023")]
    for shown in views:
        assert SINGLE.isdisjoint(keys(done(*shown))), shown


def test_e10_a_rank_has_places_and_no_percentage_and_hold_is_a_target() -> None:
    add("position", "rank")
    record("2021", "18", of="position")
    record("2022", "19", of="position")
    aim("--period", "2022", "--op", ">=", "--value", "19", "--direction", "up", of="position")
    aim("--direction", "hold", of="position")
    change = view(of="position")["series"][1]["change"]
    assert (change["difference"], change["percent"]) == ("1", None)
    assert [one["direction"] for one in view(of="position")["targets"]] == ["up", "hold"]
    assert judged(of="position") == ["met", "in_words"]


def test_e11_above_a_range_is_not_good_by_itself() -> None:
    aim("--period", "2023", "--from", "80", "--upto", "85")
    record("2023", "90")
    assert judged() == ["not_met"]


def test_e12_a_correction_is_no_adjustment() -> None:
    aim("--period", "2023", "--op", ">=", "--value", "1000")
    aim("--period", "2023", "--op", ">=", "--value", "100", "--corrects", "1", "--reason", "Drukfout.")
    assert [(one["change"], (one["replaced_by"] or {}).get("change")) for one in view()["targets"]] == [
        (None, "corrected"),
        ("corrected", None),
    ]
    assert "corrected by target 2" in run("indicator", "show", "x").out


def test_e13_the_sign_says_nothing_about_better_or_worse() -> None:
    record("2022", "10")
    record("2023", "8")
    aim("--period", "2023", "--direction", "down")
    aim("--by", "2023", "--direction", "up")
    assert view()["series"][1]["change"]["difference"] == "-2"
    assert judged() == ["met", "not_met"]


def test_e14_parts_that_do_not_add_up_are_told_and_not_refused() -> None:
    told = record("2024-06-15/2024-09-15", "661", "--part", "Anderlecht=220", "--part", "Vorst=106", "--part", "SG=230")
    assert told["warnings"] == [{"code": "parts-differ", "sum": "556"}]
    [warning] = view()["warnings"]
    assert (warning["code"], warning["sum"]) == ("parts-differ", "556")


def test_e15_the_definition_stands_on_the_indicator_and_the_source_on_the_figure() -> None:
    run("indicator", "set", "x", "definition=Processen-verbaal en sancties samen")
    record("2023", "4833", "--source", "bruzz2310", "--according-to", "de krant")
    shown = view()
    assert shown["definition"] == {"nl": "Processen-verbaal en sancties samen"}
    [figure] = shown["series"][0]["figures"]
    assert (figure["source"], figure["according_to"]) == (["bruzz2310"], "de krant")


def test_e16_of_sources_that_contradict_one_figure_holds() -> None:
    record("2023", "100", "--according-to", "a")
    record("2023", "120", "--according-to", "b")
    run("indicator", "retain", "x", "2023", "1", "--reason", "Nageteld.")
    [period] = view()["series"]
    assert (period["value"], period["retained"], len(period["figures"])) == ("100", 1, 2)
    record("2023", "130", "--according-to", "c")
    assert view()["series"][0]["value"] == "100"


def test_e17_a_change_is_computed() -> None:
    record("2022", "100")
    record("2023", "104.7")
    assert view()["series"][1]["change"]["percent"] == "4.7"


def test_e18_a_direction_may_be_none() -> None:
    record("2016", "275")
    aim("--direction", "none")
    [target] = view()["targets"]
    assert (target["direction"], target["judgement"]) == ("none", "renders_account")
    # The example's own indicator of that kind.
    assert view(of="drug_feiten")["targets"][0]["direction"] == "none"


def test_e19_another_definition_breaks_the_series() -> None:
    record("2016", "100")
    record("2017", "120")
    assert view()["series"][1]["change"]["percent"] == "20.0"
    run("indicator", "break", "x", "--from", "2017", "--reason", "Nieuw registratiesysteem.")
    last = view()["series"][1]
    assert (last["change"], last["not_compared"]) == (None, "Nieuw registratiesysteem.")


def test_e20_bodies_are_not_ranked_and_their_figures_are_not_compared() -> None:
    record("2022", "120", "--scope", "zone 5341")
    record("2023", "80", "--scope", "zone 5339")
    [_, other] = view()["series"]
    assert (other["change"], other["not_compared"]) == (None, "zone 5341 → zone 5339")
    listed = [row["indicator_id"] for row in done("indicator", "list")["indicators"]]
    assert listed == sorted(listed)
    for shown in (("indicator", "list"), ("indicator", "show", "x"), ("status",), ("programme", "list")):
        assert SINGLE.isdisjoint(keys(done(*shown))), shown


def test_e26_a_target_may_be_still_to_come() -> None:
    aim("--period", "2026", "--determine-by", "2025-06")
    aim("--period", "2025", "--determine-by", "2024-06")
    assert judged() == ["to_be_determined", "undetermined"]


def test_e27_a_target_that_asks_for_less_than_was_reached_is_told() -> None:
    record("2018", "2.4")
    told = aim("--period", "2019", "--op", "<=", "--value", "3.0")
    assert told["worse_than"] == {"period": "2018", "value": "2.4"}
    assert view()["targets"][0]["worse_than_last"] is True
    assert "asks for less than was reached already" in run("indicator", "show", "x").out


def test_e28_a_target_may_lie_beyond_every_plan() -> None:
    aim("--by", "2130", "--op", "<=", "--value", "1.5")
    assert judged() == ["not_yet"]


def test_e29_a_judgement_is_more_than_met_or_not_met() -> None:
    assert view()["judgement"] == "no_target"
    record("2020", "10")
    record("2021", "9")
    record("2022-03", "1")
    aim("--period", "2021", "--op", "<", "--value", "8")
    aim("--period", "2020", "--op", "<", "--value", "10")
    aim("--period", "2022", "--op", "<", "--value", "8")
    aim("--period", "2023", "--op", "<", "--value", "8")
    aim("--direction", "none")
    assert judged() == ["partly", "too_late", "not_linked", "no_result", "renders_account"]


def test_e32_nothing_is_divided_by_zero() -> None:
    record("2022", "0")
    record("2023", "0")
    aim("--period", "2023", "--op", "<", "--value", "5")
    assert view()["series"][1]["change"] == {"since": "2022", "difference": "0", "percent": None, "approximate": False}
    assert judged() == ["met"]
