"""`pdca objective`: every candidate with what was decided over it, and deciding."""

from typing import Any

import pytest

from pdca.programme.words import DECIDED
from pdca.store.tables import DISPOSITIONS
from tests.unit.cli.running import run, run_on_terminal

pytestmark = pytest.mark.usefixtures("next_programme")

SAID = ("--motive", "Stijgt elk jaar.", "--by", "zvr", "--on", "2019-12")


def rows(*options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run("objective", "list", "--json", *options).json["objectives"]
    return found


def names(*options: str) -> list[str]:
    return [row["objective_id"] for row in rows(*options)]


def test_every_disposition_that_is_kept_can_be_chosen() -> None:
    assert ("candidate", *DECIDED) == DISPOSITIONS


def test_what_was_not_retained_stays_listed_with_its_motive() -> None:
    assert names("--disposition", "daily_operations") == ["SC"]
    (row,) = rows("--disposition", "daily_operations")
    assert row["motive"].startswith("Behoort tot de corebusiness")
    assert (row["decided_on"], row["decided_by"]) == ("2019-11", "politiezone Zuid")
    assert row["level_label"]["fr"] == "Objectif stratégique"
    assert {"SD1", "OD1.1", "SC", "L1", "L2"} <= set(names())


def test_objectives_are_listed_by_programme_and_by_disposition() -> None:
    assert names("--programme", "zvp-2026") == ["L1", "L2"]
    assert names("--programme", "zvp-2026", "--disposition", "retained") == []
    assert run("objective", "list", "--programme", "zvp", "--json").error["code"] == "programme-ambiguous"


def test_people_see_the_level_and_that_an_objective_follows_the_one_above_it() -> None:
    table = run("objective", "list", "--format", "table", "--lang", "nl").out.splitlines()
    line = next(line for line in table if line.startswith("OD1.1"))
    assert "Operationele doelstelling" in line
    assert "volgt SD1" in line
    assert "nog niet beslist" in next(line for line in table if line.startswith("L1"))


def test_an_objective_is_retained_with_motive_evidence_date_and_who_decided() -> None:
    view = run("objective", "retain", "L1", *SAID, "--evidence", "Cijfers 2019.", "--json").json
    assert (view["schema"], view["before"], view["disposition"]) == (
        "pdca.objective-decided/1",
        "candidate",
        "retained",
    )
    (decision,) = run("objective", "show", "L1", "--json").json["decisions"]
    assert (decision["motive"], decision["evidence"], decision["decided_on"], decision["decided_by"]) == (
        "Stijgt elk jaar.",
        "Cijfers 2019.",
        "2019-12",
        "zvr",
    )


def test_the_plans_that_cannot_start_any_more_are_named_and_no_others() -> None:
    every = run("plan", "list", "--json").json["plans"]
    under = [row["plan_id"] for row in every if row["objective_id"] == "OD1.1" and row["state"] == "plan"]
    assert under
    drop = ("objective", "decide", "SD1", "--disposition", "dropped", *SAID[:-1], "2020-01-02")
    told = run(*drop, "--dry-run").out
    assert "These plans cannot start unless what they serve is retained: " in told
    held = run(*drop, "--json").json["plans_held_back"]
    assert set(under) <= set(held)
    assert set(held) < {row["plan_id"] for row in every}
    back = run("objective", "retain", "SD1", *SAID[:-1], "2020-01-02", "--json").json
    assert back["plans_held_back"] == []


def test_a_decision_dated_before_the_last_one_is_refused() -> None:
    run("objective", "retain", "L1", *SAID)
    earlier = run("objective", "retain", "L1", *SAID[:-1], "2019-03", "--json")
    assert (earlier.status, earlier.error["code"]) == (2, "decision-before-last")
    assert "pdca objective show L1" in earlier.error["hint"]


def test_daily_operations_say_what_is_still_watched() -> None:
    decide = ("objective", "decide", "L2", "--disposition", "daily_operations", *SAID, "--json")
    refused = run(*decide)
    assert (refused.status, refused.error["code"]) == (2, "watch-missing")
    assert "--watch" in refused.error["hint"]
    assert run(*decide, "--watch", "Maandcijfers.").status == 0
    assert rows("--disposition", "daily_operations")[-1]["watch"] == "Maandcijfers."


def test_an_objective_returns_and_every_decision_over_it_is_shown() -> None:
    run("objective", "decide", "L2", "--disposition", "dropped", *SAID)
    run("objective", "retain", "L2", "--motive", "Toch.", "--by", "Burgemeesters", "--on", "2020-01-02")
    page = run("objective", "show", "L2").out
    first = page.index("2019-12: dropped from the programme, decided by zonale veiligheidsraad")
    assert first < page.index("2020-01-02: retained, decided by Burgemeesters")
    assert "Motive: Stijgt elk jaar." in page
    assert rows("--programme", "zvp-2026", "--disposition", "retained")[0]["motive"] == "Toch."


def test_an_objective_is_shown_with_what_stands_under_it() -> None:
    view = run("objective", "show", "sd1", "--json").json
    assert (view["schema"], view["phenomenon"]["phenomenon_id"]) == ("pdca.objective/1", "drugs")
    assert [one["objective_id"] for one in view["objectives"]] == ["OD1.1", "OD1.2"]
    assert [one["plan_id"] for one in run("objective", "show", "OD1.1", "--json").json["plans"]] == [
        "P-001",
        "P-002",
        "P-003",
    ]
    page = run("objective", "show", "SD1", "--lang", "fr").out
    assert "Phénomène\u00a0: Stupéfiants (drugs)" in page
    assert "OD1.2" in page


def test_a_dry_run_decides_nothing() -> None:
    view = run("objective", "retain", "L1", *SAID, "--dry-run", "--json").json
    assert (view["dry_run"], view["event"]) == (True, None)
    assert run("objective", "show", "L1", "--json").json["decisions"] == []


def test_who_is_not_in_charge_decides_nothing() -> None:
    ran = run("objective", "retain", "L1", *SAID, "--as", "claudine", "--json")
    assert (ran.status, ran.error["code"]) == (3, "not-in-charge")
    assert run("objective", "show", "L1", "--json").json["disposition"] == "candidate"


@pytest.mark.parametrize(
    ("word", "code"), [("SD", "objective-ambiguous"), ("X", "objective-unknown"), ("", "objective-unknown")]
)
def test_an_objective_that_is_not_there_or_not_the_only_one_is_said(word: str, code: str) -> None:
    ran = run("objective", "show", word, "--json")
    assert (ran.status, ran.error["code"]) == (4, code)


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_the_list_fits_a_narrow_terminal(language: str) -> None:
    shown = run_on_terminal("objective", "list", "--lang", language, columns=40, changes={"NO_COLOR": "1"}).out
    assert max(len(line) for line in shown.splitlines() if not line.startswith("~")) <= 40
    assert {"nl": "Strategische doelstelling", "fr": "Objectif stratégique"}[language] in shown
