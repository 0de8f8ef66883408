"""Partners on the command line: involved, heard and answered (clauses 20 and 26)."""

from typing import Any

import pytest

from tests.unit.cli.running import run

pytestmark = pytest.mark.usefixtures("zone_at_start")

LEAD = ("--as", "ijsbrand")
TRAINING = (
    *("involve", "P-004", "--party", "federale_politie", "--mode", "training", "--on", "2024-10-01"),
    *("--content", "Hoe melden.", "--attended", "Zacharie", "--attended", "twaalf agenten"),
)
REACTION = ("react", "AP-HOTSPOT", "--party", "huisvesting", "--text", "Te weinig aanwezig.")


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDCA_NOW", "2024-10-15T10:00:00Z")


def partner(*arguments: str) -> dict[str, Any]:
    ran = run("partner", *arguments, "--json")
    assert ran.status == 0, ran.err
    view: dict[str, Any] = ran.json
    return view


def listed(party: str) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in partner("list")["partners"] if row["party_id"] == party)
    return found


def test_the_list_shows_organisations_with_their_plans_and_no_functions_of_the_body() -> None:
    kinds = {row["kind"] for row in partner("list")["partners"]}
    assert kinds == {"partner", "authority", "public", "internal"}
    assert "P-004" in listed("huisvesting")["plans"]
    assert "P-004" in listed("cores")["plans"], "it is informed"
    assert (listed("huisvesting")["sessions"], listed("huisvesting")["open_reactions"]) == (0, 0)


def test_clause_26_a_session_is_recorded_and_listed_with_what_it_was_about_and_who_attended() -> None:
    assert partner(*TRAINING, *LEAD)["involvement"] == "P-004/S1"
    [row] = partner("sessions", "--plan", "P-004")["sessions"]
    assert (row["mode"], row["party_id"], row["held_on"]) == ("training", "federale_politie", "2024-10-01")
    assert (row["content"], row["attendees"]) == ("Hoe melden.", ["Zacharie", "twaalf agenten"])
    assert (listed("federale_politie")["sessions"], listed("federale_politie")["trained"]) == (1, True)
    assert partner("sessions", "--plan", "P-005")["sessions"] == []


def test_clause_20_a_reaction_is_open_until_it_is_answered() -> None:
    # Diederik represents the partner itself.
    view = partner(*REACTION, "--as", "diederik")
    assert (view["reaction"], view["received_on"]) == ("P-004/R1", "2024-10-15")
    [row] = partner("reactions", "--open")["reactions"]
    assert (row["text"], row["party_id"], row["answer"]) == ("Te weinig aanwezig.", "huisvesting", None)
    assert listed("huisvesting")["open_reactions"] == 1
    assert partner("answer", "ap-hotspot/r1", "--text", "Er komt een ronde bij.", *LEAD)["reaction"] == "P-004/R1"
    assert partner("reactions", "--open")["reactions"] == []
    [row] = partner("reactions")["reactions"]
    assert (row["answer"], row["open"]) == ("Er komt een ronde bij.", False)
    assert listed("huisvesting")["open_reactions"] == 0


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        ((*TRAINING[:3], "pijler_nabijheid", *TRAINING[4:]), 2, "party-not-outside"),
        ((*TRAINING[:3], "nobody", *TRAINING[4:]), 4, "party-unknown"),
        ((*TRAINING, "--on", "2024-10-16"), 2, "date-to-come"),
        ((*TRAINING, "--on", "soon"), 2, "date-unknown"),
        ((*TRAINING, "--content", " "), 2, "content-missing"),
        ((*TRAINING, "--mode", "lunch"), 2, "bad-value"),
        ((*TRAINING, "--as", "kaatje"), 3, "not-in-project-group"),
        ((*REACTION, "--text", " "), 2, "text-missing"),
        ((*REACTION, "--as", "amelberga"), 3, "not-in-project-group"),
        (("answer", "R1", "--text", "Dank."), 4, "reaction-unknown"),
        (("answer", "P-004/R9", "--text", "Dank."), 4, "reaction-unknown"),
    ],
)
def test_what_does_not_fit_is_refused_and_not_kept(arguments: tuple[str, ...], status: int, code: str) -> None:
    who = () if "--as" in arguments else LEAD
    ran = run("partner", *arguments, *who, "--json")
    assert (ran.status, ran.error["code"]) == (status, code)
    assert partner("sessions")["sessions"] == []
    assert partner("reactions")["reactions"] == []


def test_a_reaction_is_answered_once() -> None:
    partner(*REACTION, *LEAD)
    partner("answer", "P-004/R1", "--text", "Dank.", *LEAD)
    ran = run("partner", "answer", "P-004/R1", "--text", "Nog eens.", *LEAD, "--json")
    assert (ran.status, ran.error["code"]) == (3, "already-answered")


def test_a_dry_run_keeps_nothing() -> None:
    assert partner(*TRAINING, *LEAD, "--dry-run")["event"] is None
    assert partner(*REACTION, *LEAD, "--dry-run")["event"] is None
    assert partner("sessions")["sessions"] == partner("reactions")["reactions"] == []


def test_the_command_that_the_need_names_is_understood() -> None:
    help_ = run("partner", "involve", "--help").out
    assert all(option in help_ for option in ("--party", "--mode", "--on", "--content", "--attended"))
