"""`pdca information set | stop | show | preview | list`: whom a project group informs, when and how (clauses 21-23)."""

from typing import Final

import pytest

from tests.unit.cli.informing import done, events, information
from tests.unit.cli.running import run

pytestmark = pytest.mark.usefixtures("zone_at_start")

LEAD: Final = ("--as", "ijsbrand")
OUTSIDER: Final = ("--as", "theophile")
PLAN: Final = "AP-HOTSPOT"
BY_LETTER: Final = ("--for", "huisvesting", "--method", "letter", "--reason", "Ze vragen erom.")
DECISION: Final = ("set", PLAN, *BY_LETTER, "--date", "2024-11-04", "--date", "2024-12-02")


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDCA_NOW", "2024-10-15T10:00:00Z")


def refused(*arguments: str) -> list[str]:
    """The code of every need, of what was refused and noted."""
    before = len(events())
    ran = information(*arguments, "--json")
    assert ran.status == 3, ran.err
    codes = [need["code"] for need in ran.error["needs"]]
    assert all(need["need"] for need in ran.error["needs"])
    assert len(events()) == before + 1
    return codes


def test_a_decision_makes_its_moments_and_is_shown_with_who_decided_it_and_why() -> None:
    told = done(*DECISION, "--grace", "10", *LEAD)
    assert (told["schema"], told["plan"], told["party"], told["number"]) == (
        *("pdca.information-set/1", "P-004", "huisvesting", 1),
    )
    assert [(one["what"], one["date"]) for one in told["moments"]] == [("made", "2024-11-04"), ("made", "2024-12-02")]
    decision = told["decision"]
    assert (decision["method"], decision["grace_days"], decision["reason"]) == ("letter", 10, "Ze vragen erom.")
    assert (decision["decided_on"], decision["decided_by_name"]) == ("2024-10-15", "IJsbrand Sprookje")
    shown = done("show", "P-004")
    assert shown["decisions"] == [decision]
    assert [one["date"] for one in shown["moments"] if one["decision"] == 1] == ["2024-11-04", "2024-12-02"]
    [listed] = done("list", "--plan", PLAN)["information"]
    assert (listed["party_id"], listed["next_date"]) == ("huisvesting", "2024-11-04")


def test_for_people_it_is_said_in_words() -> None:
    told = information(*DECISION, *LEAD)
    assert (told.status, told.err) == (0, "")
    assert told.out.startswith("P-004: decision 1 is in force.\n")
    assert "letter: waits for approval, at most 7 days" in told.out
    shown = information("show", PLAN).out
    assert "Decision 1 of 2024-10-15, in force" in shown
    assert "decided by IJsbrand Sprookje" in shown
    assert "reason: Ze vragen erom." in shown
    assert "goes by itself" in information(*DECISION, "--by-itself", *LEAD).out
    assert "letter" in information("list", "--format", "table").out


def test_a_dry_run_shows_the_same_and_leaves_nothing_behind() -> None:
    before = events()
    tried = done(*DECISION, "--dry-run", *LEAD)
    assert (tried["dry_run"], tried["event"], len(tried["moments"])) == (True, None, 2)
    assert (events(), done("list")["information"]) == (before, [])
    assert "Nothing was changed" in information(*DECISION, "--dry-run", *LEAD).out


def test_another_decision_stands_beside_the_one_before_and_the_same_one_changes_nothing() -> None:
    done(*DECISION, *LEAD)
    before = events()
    assert done(*DECISION, *LEAD)["moments"] == []
    assert events() == before
    again = done(*DECISION[:-2], *LEAD)
    assert (again["number"], [one["what"] for one in again["moments"]]) == (2, ["kept", "cancelled"])
    assert [one["in_force"] for one in done("show", PLAN)["decisions"]] == [False, True]


def test_a_party_is_informed_no_longer_once_that_is_decided() -> None:
    done(*DECISION, *LEAD)
    stop = ("stop", PLAN, "--for", "huisvesting", "--reason", "Ze zijn gestopt.")
    assert done(*stop, "--dry-run", *LEAD)["dry_run"]
    assert len(done("list")["information"]) == 1
    assert refused(*stop, *OUTSIDER) == ["not-in-project-group"]
    told = done(*stop, *LEAD)
    assert [one["what"] for one in told["moments"]] == ["cancelled", "cancelled"]
    assert told["decision"]["ended"]
    assert done("list")["information"] == []
    assert "is informed no longer" in information("show", PLAN).out


def test_only_the_group_decides_and_every_need_is_named_with_what_mends_it() -> None:
    assert refused(*DECISION, *OUTSIDER) == ["not-in-project-group"]
    assert refused(*DECISION) == ["moments-by-group"], "an administrator who is not of the group"
    ran = information(*DECISION, *OUTSIDER)
    assert "refused, and noted in the log" in ran.err
    assert "Ask the project leader." in ran.err


def test_a_restricted_plan_informs_a_partner_only_when_that_is_decided() -> None:
    assert run("plan", "set", PLAN, "restricted=true", *LEAD).status == 0
    assert refused(*DECISION, *LEAD) == ["plan-restricted"]
    assert set(refused(*DECISION, *OUTSIDER)) == {"not-in-project-group", "plan-restricted"}
    assert done(*DECISION, "--although-restricted", *LEAD)["decision"]["although_restricted"]


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("set", "P-999", *BY_LETTER, "--date", "2024-11-04"), 4, "plan-unknown"),
        (("set", PLAN, *BY_LETTER[2:], "--for", "niemand", "--date", "2024-11-04"), 4, "party-unknown"),
        (("set", PLAN, *BY_LETTER[2:], "--for", "korpschef", "--date", "2024-11-04"), 2, "party-not-outside"),
        (("set", PLAN, *BY_LETTER), 2, "no-moment"),
        (("set", PLAN, *BY_LETTER, "--date", "2024-10-01"), 2, "date-passed"),
        (("set", PLAN, *BY_LETTER, "--date", "2027-10-01"), 2, "date-outside"),
        (("set", PLAN, *BY_LETTER, "--date", "2024-11-04", "--grace", "0"), 2, "bad-value"),
        (("set", PLAN, *BY_LETTER, "--method", "fax", "--date", "2024-11-04"), 2, "bad-value"),
        (("set", PLAN, "--for", "huisvesting", "--method", "mail", "--date", "2024-11-04"), 2, "missing-option"),
        (("stop", PLAN, "--for", "parket", "--reason", "x"), 2, "not-informed"),
        (("show", "P-999"), 4, "plan-unknown"),
        (("preview", PLAN, "--for", "niemand"), 4, "party-unknown"),
        (("preview", PLAN, "--for", "huisvesting", "--rule", "FREQ=NEVER"), 2, "part-value"),
        (("list", "--plan", "P-999"), 4, "plan-unknown"),
    ],
)
def test_what_cannot_be_is_said_with_a_code_and_nothing_is_written(
    arguments: tuple[str, ...], status: int, code: str
) -> None:
    before = events()
    by = LEAD if arguments[0] in ("set", "stop") else ()
    ran = information(*arguments, *by, "--json")
    assert (ran.status, ran.error["code"], ran.out) == (status, code, "")
    assert ran.error["message"]
    assert events() == before


def test_a_preview_shows_the_dates_and_why_one_moves_and_decides_nothing() -> None:
    before = events()
    asked = ("preview", PLAN, "--for", "huisvesting", "--date", "2024-11-02", "--date", "2024-12-02")
    rows = done(*asked)["moments"]
    assert [(one["stated"], one["date"], one["reasons"]) for one in rows] == [
        ("2024-11-02", "2024-11-04", ["weekend"]),
        ("2024-12-02", "2024-12-02", []),
    ]
    assert "weekend" in information(*asked, "--format", "table").out
    assert events() == before
