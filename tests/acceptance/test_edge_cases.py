"""Oddities seen in published plans, budgets and reports, each by the number it was filed under.

`docs/reference/oddities.md` says of each what it is and what the program does; a test holds that table to these tests.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from pdca import i18n
from tests import seed
from tests.contract.world import MOMENTS, furnish, opened
from tests.own_method import version
from tests.unit.cli import zone
from tests.unit.cli.running import run
from tests.unit.exchange import large

NOW: Final = "2024-11-02T09:00:00+01:00"
DAY_BEFORE: Final = "2024-11-01"
DAY_AFTER: Final = "2024-11-03T09:00:00+01:00"
CHIEF: Final = ("--as", "adelheid")


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example zone with its people, simulated."""
    return zone.imported(tmp_path_factory.mktemp("imported"))


@pytest.fixture(autouse=True)
def subject(imported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The zone as the database of an empty folder, on a day in 2024, with an indicator `x` without anything."""
    shutil.copyfile(imported, tmp_path / "pdca.db")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PDCA_NOW", NOW)
    add("x", "feiten")
    yield
    i18n.use(i18n.SOURCE)
    i18n.at_home_in(i18n.SOURCE)


def done(*arguments: str) -> Any:  # noqa: ANN401 - what the command says
    """Run a command that must succeed; gives its JSON."""
    ran = run(*arguments, "--json")
    assert ran.status == 0, ran.err
    return ran.json


def keys(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Every key in a JSON value, at any depth."""
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from keys(one)


def add(name: str, unit: str, kind: str = "objective") -> None:
    done("indicator", "add", name, "--title", f"nl={name}", "--unit", unit, "--kind", kind)


def record(period: str, value: str, *more: str, of: str = "x") -> dict[str, Any]:
    ran = run("indicator", "record", of, period, value, *more, "--json")
    assert ran.status == 0, ran.err
    view: dict[str, Any] = ran.json
    return view


def aim(*said: str, of: str = "x") -> dict[str, Any]:
    ran = run("indicator", "target", of, *said, "--json")
    assert ran.status == 0, ran.err
    view: dict[str, Any] = ran.json
    return view


def view(*options: str, of: str = "x") -> dict[str, Any]:
    shown: dict[str, Any] = run("indicator", "show", of, "--json", *options).json
    return shown


def judged(of: str = "x") -> list[str]:
    return [one["judgement"] for one in view(of=of)["targets"]]


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


SINGLE: Final = {"colour", "color", "light", "traffic_light", "rag", "health", "score", "overall", "rank", "ranking"}
"""How a view would call one judgement over everything, or a place among others."""


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


def test_e21_the_last_day_of_a_plan_moves_and_the_one_before_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    first = done("plan", "show", "AP-ZP2023")["period_end"]
    done("plan", "set", "AP-ZP2023", "period.to=2024-12-31", "--reason", "Een jaar verlengd.", *CHIEF)
    monkeypatch.setenv("PDCA_NOW", DAY_AFTER)
    assert done("plan", "show", "AP-ZP2023")["period_end"] == "2024-12-31"
    assert run("plan", "show", "AP-ZP2023", "--as-of", DAY_BEFORE, "--json").json["period_end"] == first
    [moved] = done("plan", "diff", "AP-ZP2023", "--from", DAY_BEFORE)["changes"]
    assert (moved["before"], moved["after"]) == (first, "2024-12-31")
    assert "Een jaar verlengd." in {event["reason"] for event in done("plan", "history", "AP-ZP2023")["events"]}
    programme, step = "zvp-2020-2025", "zonale veiligheidsraad: goedkeuring"
    said = ("--text", "De nota komt een jaar later.", "--step", step)
    done("programme", "prolong", programme, "--until", "2026-12-31", *said)
    assert done("programme", "show", programme)["period_end"] == "2025-12-31"
    done("programme", "decide", programme, "--step", "1", "--approve", "--on", "2024-11-01")
    shown = done("programme", "show", programme)
    assert (shown["period_end"], shown["versions"][-1]["kind"]) == ("2026-12-31", "prolongation")
    assert shown["versions"][0]["period_end"] == "2025-12-31"


def test_e22_an_addendum_is_a_version_with_an_approval_of_its_own() -> None:
    programme, step = "zvp-2020-2025", "zonale veiligheidsraad: goedkeuring"
    before = done("programme", "show", programme)["versions"]
    done("programme", "addendum", programme, "--text", "Afgestemd op het nationale plan.", "--step", step)
    waiting = done("programme", "show", programme)
    assert (waiting["status"], waiting["versions"][-1]["status"]) == ("approved", "proposed")
    done("programme", "decide", programme, "--step", "1", "--approve", "--on", "2024-11-01")
    *earlier, added = done("programme", "show", programme)["versions"]
    assert (earlier, added["kind"], added["status"]) == (before, "addendum", "approved")
    [decision] = added["approvals"]
    assert decision["decided_on"] == "2024-11-01"


def test_e23_the_lead_passes_to_another_and_each_has_his_time(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = "AP-ZUIDSTATION"
    done("group", "lead", plan, "safe", "--reason", "Het crisiscentrum geeft de leiding over.")
    done("person", "appoint", "adelheid", "pijler_nabijheid", "--from", "2024-12-01")
    done("group", "add", plan, "communicatie", "--from", "2024-11-01", "--until", "2025-01-01")
    monkeypatch.setenv("PDCA_NOW", DAY_AFTER)
    assert done("plan", "show", plan)["lead_id"] == "safe"
    assert done("plan", "show", plan, "--as-of", DAY_BEFORE)["lead_id"] == "nccn"
    members = {row["party_id"]: row for row in done("group", "show", plan)["members"]}
    assert members["safe"]["role"] == "lead"
    assert (members["communicatie"]["from_date"], members["communicatie"]["until_date"]) == ("2024-11-01", "2025-01-01")
    assert {"date": "2024-11-02", "to": "safe"} in done("plan", "show", plan)["details"]["handovers"]
    reasons = [one["reason"] for one in done("plan", "history", plan)["events"]]
    assert "Het crisiscentrum geeft de leiding over." in reasons
    held = [one["name"] for one in done("function", "show", "pijler_nabijheid")["holders"]]
    monkeypatch.setenv("PDCA_NOW", "2024-12-01T09:00:00+01:00")
    joined = [one["name"] for one in done("function", "show", "pijler_nabijheid")["holders"]]
    assert (len(held), len(joined)) == (1, 2)


def test_e24_levels_and_the_rhythm_of_each_are_settings(tmp_path: Path) -> None:
    levels = "".join(
        f'[[levels]]\nid = "{name}"\nkind = "objective"\norder = {order}\nrhythm = "FREQ=YEARLY;INTERVAL={years}"\n'
        f'label = {{ nl = "{name}", fr = "{name}", en = "{name}" }}\n\n'
        for order, (name, years) in enumerate((("strategisch", 4), ("tactisch", 2), ("operationeel", 1)), 1)
    ) + "".join(
        f'[[levels]]\nid = "{name}"\nkind = "{kind}"\norder = {order}\n'
        f'label = {{ nl = "{name}", fr = "{name}", en = "{name}" }}\n\n'
        for order, (name, kind) in ((4, ("plan", "plan")), (5, ("activiteit", "activity")))
    )
    shipped = version(1)
    start, end = shipped.index("[[levels]]"), shipped.index("# --- Escalation")
    file = tmp_path / "eigen.toml"
    file.write_text(shipped[:start] + levels + shipped[end:], encoding="utf-8")
    done("workflow", "check", str(file))
    shown = done("workflow", "show", str(file))["levels"]
    assert [(one["id"], one["rhythm"]) for one in shown] == [
        ("strategisch", "FREQ=YEARLY;INTERVAL=4"),
        ("tactisch", "FREQ=YEARLY;INTERVAL=2"),
        ("operationeel", "FREQ=YEARLY;INTERVAL=1"),
        ("plan", None),
        ("activiteit", None),
    ]


def test_e25_an_objective_without_a_plan_is_no_error_and_its_plan_may_come_later() -> None:
    programme = "zvp-2020-2025"
    drugs = done("objective", "add", "--title", "nl=Drugs", "--programme", programme, "--parent", "SD1")["objective"]
    gaps = done("completeness", "--programme", programme)["gaps"]
    assert "objective-without-plan" in {one["code"] for one in gaps if one["subject"] == drugs}
    done("plan", "new", "--title", "nl=Actieplan drugs", "--objective", drugs, "--period", "2025-01-01/2025-12-31")
    gaps = done("completeness", "--programme", programme)["gaps"]
    assert "objective-without-plan" not in {one["code"] for one in gaps if one["subject"] == drugs}


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


def test_e30_a_body_hands_its_plans_to_another_with_the_figures_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("plan", "advance", "AP-ZP2023", "--trigger", "suspend", "--reason", "De zones zijn samengevoegd.", *CHIEF)
    assert run("export", "--out", "over.yaml").status == 0
    text = (tmp_path / "over.yaml").read_text(encoding="utf-8")
    for old, new in (("pz-zuid-5341", "pz-brussel"), ("Politiezone Zuid", "Politiezone Brussel")):
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "over.yaml").write_text(text, encoding="utf-8")
    before = view(of="minderjarigen")["series"]
    plans = {row["slug"] for row in done("plan", "list")["plans"]}

    monkeypatch.setenv("PDCA_NOW", "2025-01-02T09:00:00+01:00")
    monkeypatch.setenv("PDCA_DATABASE", f"sqlite:///{tmp_path / 'merged.db'}")
    done("init", "--simulated", "--lang", "nl", "--zone", "Europe/Brussels")
    done("import", "over.yaml")
    assert {row["slug"] for row in done("plan", "list")["plans"]} == plans
    assert {row["state"] for row in done("plan", "list")["plans"]} == {"plan"}
    assert done("status")["installation"]["name"]["nl"] == "Politiezone Brussel"
    done("indicator", "break", "minderjarigen", "--from", "2025", "--reason", "Zes zones werden er een.")
    record("2025-06-15/2025-09-15", "12.1", of="minderjarigen")
    *kept, after = view(of="minderjarigen")["series"]
    values = [(one["period"], one["value"], one["change"]) for one in before]
    assert [(one["period"], one["value"], one["change"]) for one in kept] == values
    assert (after["change"], after["not_compared"]) == (None, "Zes zones werden er een.")


def test_e31_lists_show_two_hundred_plans_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = 200
    monkeypatch.setenv("PDCA_DATABASE", f"sqlite:///{tmp_path / 'large.db'}")
    monkeypatch.setenv("PDCA_NOW", "2024-01-02T09:00:00+01:00")
    done("init", "--simulated", "--lang", "nl", "--zone", "Europe/Brussels")
    (tmp_path / "large.yaml").write_text(large.programme(number), encoding="utf-8")
    done("import", "large.yaml")
    assert len(done("plan", "list")["plans"]) == number
    assert len(done("activity", "list")["activities"]) == number * large.ACTIVITIES
    assert len(done("evaluation", "list")["evaluations"]) == number * 2
    assert done("status")["plans"]["plan"] == number
    for shown in (("plan", "list"), ("board",), ("plan", "next", "--all")):
        out = run(*shown, "--format", "table").out
        assert all(f"P-{one:03}" in out for one in range(1, number + 1)), shown


def test_e32_nothing_is_divided_by_zero() -> None:
    record("2022", "0")
    record("2023", "0")
    aim("--period", "2023", "--op", "<", "--value", "5")
    assert view()["series"][1]["change"] == {"since": "2022", "difference": "0", "percent": None, "approximate": False}
    assert judged() == ["met"]


def test_e33_partners_and_the_public_are_not_told_of_a_restricted_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'restricted.db'}"
    furnish(url)
    monkeypatch.setenv("PDCA_DATABASE", url)
    monkeypatch.delenv("PDCA_NOW")
    with opened(url) as here:
        seed.plan(here.house, "P-002", people=(), evaluations=MOMENTS[:1], restricted=True)
        for plan in ("P-001", "P-002"):
            here.advance("start", plan_id=plan)
            here.advance("evaluate", plan_id=plan)
    why = {
        plan: {(row["kind"], row["why"]) for row in done("notify", "list", "--plan", plan)["notifications"]}
        for plan in ("P-001", "P-002")
    }
    assert ("evaluation.opened", "stakeholders") in why["P-001"]
    assert ("evaluation.opened", "group") in why["P-002"]
    assert "stakeholders" not in {role for _kind, role in why["P-002"]}
    assert [row["restricted"] for row in done("plan", "list")["plans"]] == [False, True]
    assert "[restricted]" in run("plan", "list", "--format", "table").out
    hidden = ("evaluation", "record", "E-201", "--as", "anna", "--verdict", "effective", "--process", "x", "--effect")
    ran = run(*hidden, "x", "--due-to", "unclear", "--attribution", "x", "--deployed", "x", "--json")
    assert "evaluator-not-concerned" in {need["code"] for need in ran.error["needs"]}
