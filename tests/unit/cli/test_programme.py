"""`pdca programme`: submitting, deciding, changing, and showing what came of it."""

from typing import Any, Final

import pytest

from pdca.programme import words
from pdca.programme.decide import DECISIONS
from pdca.programme.version import KINDS
from tests.unit.cli.running import run, run_on_terminal

pytestmark = pytest.mark.usefixtures("next_programme")

NEXT: Final = "zvp-2026-2031"
COUNCIL: Final = "zvr=gunstig advies"
MINISTER: Final = "Minister van Binnenlandse Zaken: goedkeuring"


@pytest.fixture(autouse=True)
def retained(next_programme: str) -> None:
    decided = run("objective", "retain", "L1", "--motive", "Stijgt.", "--by", "zvr", "--on", "2019-12")
    assert decided.status == 0, decided.err
    assert next_programme == NEXT


def shown(programme: str = NEXT) -> Any:  # noqa: ANN401 - whatever it is
    return run("programme", "show", programme, "--json").json


def submit(*more: str, steps: tuple[str, ...] = (COUNCIL, MINISTER)) -> Any:  # noqa: ANN401 - whatever it is
    ran = run("programme", "submit", NEXT, *(word for step in steps for word in ("--step", step)), "--json", *more)
    return ran.json if ran.status == 0 else (ran.status, ran.error["code"])


def decide(step: int, *more: str, on: str = "2019-12", how: str = "--approve") -> Any:  # noqa: ANN401 - whatever it is
    ran = run("programme", "decide", NEXT, "--step", str(step), how, "--on", on, "--json", *more)
    return ran.json if ran.status == 0 else (ran.status, ran.error["code"])


def approved() -> None:
    submit()
    decide(1)
    decide(2)


def test_what_is_said_of_programmes_is_what_the_engine_knows() -> None:
    assert set(DECISIONS) < set(words.DECISION)
    assert {"programme", *KINDS} == set(words.VERSION_KIND)


def test_a_date_known_by_its_month_is_shown_as_it_was_stated_beside_the_day_it_counts_from() -> None:
    steps = shown("zvp-2020-2025")["versions"][0]["approvals"]
    assert (steps[3]["decided_on"], steps[3]["effective_on"]) == ("2020-03", "2020-01-01")
    page = run("programme", "show", "zvp-2020").out
    assert "4. minister van Veiligheid en Binnenlandse Zaken" in page
    assert "2020-03  2020-01-01" in page


def test_programmes_are_listed_in_the_order_of_their_periods() -> None:
    rows = run("programme", "list", "--json").json["programmes"]
    assert [(row["programme_id"], row["status"]) for row in rows] == [("zvp-2020-2025", "approved"), (NEXT, "draft")]
    table = run("programme", "list", "--format", "table").out
    assert "2026-2031  draft" in table


def test_a_programme_is_submitted_to_a_party_by_its_name_and_to_an_authority_by_words() -> None:
    view = submit()
    assert (view["schema"], view["version"], view["late"], view["steps"]) == ("pdca.programme-submitted/1", 0, False, 2)
    council, minister = shown()["versions"][0]["approvals"]
    assert (council["party_id"], council["authority"]["fr"]) == ("zvr", "conseil zonal de sécurité")
    assert council["act"] == {"nl": "gunstig advies"}
    assert (minister["party_id"], minister["authority"]) == (None, {"nl": "Minister van Binnenlandse Zaken"})
    assert minister["act"] == {"nl": "goedkeuring"}
    rows = run("programme", "list", "--json").json["programmes"]
    assert rows[1]["waits_for"] == council["authority"]


def test_words_are_in_the_language_that_was_asked_for() -> None:
    submit("--lang", "fr", steps=("Ministre des Finances: approbation",))
    (step,) = shown()["versions"][0]["approvals"]
    assert (step["authority"], step["act"]) == ({"fr": "Ministre des Finances"}, {"fr": "approbation"})


def test_a_step_that_says_no_act_is_not_understood() -> None:
    assert submit(steps=("zvr",)) == (2, "step-unreadable")
    assert submit(steps=("nobody=advies",)) == (4, "party-unknown")


def test_the_deadline_is_stated_until_the_programme_is_submitted_and_then_stays() -> None:
    assert run("programme", "deadline", NEXT, "2020-02", "--json").json["legal_deadline"] == "2020-02-29"
    assert run("programme", "deadline", NEXT, "2019-12-01", "--json").json["legal_deadline"] == "2019-12-01"
    words = run("programme", "submit", NEXT, "--step", COUNCIL, "--dry-run").out
    assert "That is late: the legal deadline was 2019-12-01." in words
    assert "It waits for the decision of: zonale veiligheidsraad." in words
    assert submit()["late"] is True
    late = run("programme", "deadline", NEXT, "2020-06-01", "--json")
    assert (late.status, late.error["code"]) == (3, "legal-deadline-frozen")
    assert shown()["legal_deadline"] == "2019-12-01"
    assert "2019-12-01, frozen at submission" in run("programme", "show", NEXT).out


def test_decisions_follow_one_another_and_the_last_one_settles_the_programme() -> None:
    submit()
    assert decide(2) == (3, "earlier-step-open")
    assert decide(1, "--note", "Eenparig.")["status"] == "submitted"
    last = decide(2, "--effective", "2026-01-01", on="2020-01")
    assert (last["schema"], last["version"], last["status"]) == ("pdca.programme-decided/1", 0, "approved")
    first, second = shown()["versions"][0]["approvals"]
    assert first["note"] == "Eenparig."
    assert (second["decided_on"], second["effective_on"]) == ("2020-01", "2026-01-01")


def test_a_decision_is_either_an_approval_or_a_rejection() -> None:
    submit()
    assert decide(1, "--reject") == (2, "approved-or-rejected")
    assert decide(1, how="--reject")["status"] == "rejected"


def test_an_addendum_and_a_prolongation_are_versions_with_approvals_of_their_own() -> None:
    approved()
    addendum = run("programme", "addendum", NEXT, "--text", "L3 komt erbij.", "--step", COUNCIL, "--json").json
    assert (addendum["schema"], addendum["version"]) == ("pdca.programme-version/1", 1)
    # Without --version the decision is about the last one.
    assert decide(1)["version"] == 1
    prolong = ("programme", "prolong", NEXT, "--until", "2032-06-30", "--text", "Later.", "--step", MINISTER)
    assert run(*prolong).status == 0
    assert shown()["period_end"] == "2031-12-31"
    decide(1)
    view = shown()
    assert view["period_end"] == "2032-06-30"
    assert [(one["kind"], one["status"], one["text"]) for one in view["versions"]] == [
        ("programme", "approved", None),
        ("addendum", "approved", "L3 komt erbij."),
        ("prolongation", "approved", "Later."),
    ]
    page = run("programme", "show", NEXT, "--lang", "nl").out
    assert "Periode: 2026-01-01 tot 2032-06-30" in page
    assert "Versie 2, verlenging: goedgekeurd" in page
    assert "L3 komt erbij." in page


def test_an_earlier_version_is_named_by_its_number() -> None:
    submit()
    decide(1, how="--reject")
    submit()
    assert decide(1, "--version", "0") == (3, "already-decided")
    assert decide(1)["version"] == 1


@pytest.mark.parametrize(
    "command",
    [
        ("submit", NEXT, "--step", COUNCIL),
        ("deadline", NEXT, "2019-12-31"),
        ("addendum", "zvp-2020-2025", "--text", "Meer.", "--step", COUNCIL),
        ("prolong", "zvp-2020-2025", "--until", "2026-12-31", "--text", "Later.", "--step", COUNCIL),
    ],
)
def test_a_dry_run_changes_nothing(command: tuple[str, ...]) -> None:
    before = run("programme", "list", "--json").out
    view = run("programme", *command, "--dry-run", "--json").json
    assert (view["dry_run"], view["event"]) == (True, None)
    assert "dry run" in run("programme", *command, "--dry-run").out
    assert run("programme", "list", "--json").out == before


def test_a_dry_run_of_a_decision_changes_nothing() -> None:
    submit()
    before = run("programme", "list", "--json").out
    assert decide(1, "--dry-run")["dry_run"] is True
    assert run("programme", "list", "--json").out == before


def test_who_is_not_in_charge_is_refused_and_the_attempt_is_kept() -> None:
    assert submit("--as", "claudine") == (3, "not-in-charge")
    assert shown()["status"] == "draft"
    assert "access.refused" in run("audit", "log").out


def test_a_beginning_names_a_programme_when_no_other_begins_so() -> None:
    assert shown("zvp-2026")["programme_id"] == NEXT
    for word in ("zvp", ""):
        ran = run("programme", "show", *([word] if word else []), "--json")
        assert (ran.status, ran.error["code"]) == (4, "programme-ambiguous")
        assert f"zvp-2020-2025, {NEXT}" in ran.error["message"]
    assert run("programme", "show", "zvp-2027", "--json").error["code"] == "programme-unknown"


@pytest.mark.parametrize(("language", "heading"), [("nl", "Wettelijke termijn"), ("fr", "Délai légal")])
def test_a_programme_is_read_on_a_narrow_terminal_in_the_language_of_the_reader(language: str, heading: str) -> None:
    submit()
    page = run_on_terminal("programme", "show", NEXT, "--lang", language, columns=40, changes={"NO_COLOR": "1"}).out
    assert heading in page
    assert max(len(line) for line in page.splitlines()) <= 40
    title = {"nl": "Zonaal veiligheidsplan", "fr": "Plan zonal de sécurité"}[language]
    assert title in page
