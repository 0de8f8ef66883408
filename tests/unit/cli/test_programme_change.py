"""`pdca programme new` and `set`: a programme without a file."""

from typing import Any

import pytest

from tests.unit.cli.running import run

pytestmark = pytest.mark.usefixtures("zone_at_start")

NEW = (
    *("programme", "new", "--title", "nl=Veiligheidsplan 2026", "--title", "fr=Plan de sécurité 2026"),
    *("--from", "2026", "--to", "2031-06"),
)


def rows() -> dict[str, dict[str, Any]]:
    return {row["programme_id"]: row for row in run("programme", "list", "--json").json["programmes"]}


def test_a_programme_is_made_as_a_draft_called_after_its_title() -> None:
    ran = run(*NEW, "--previous", "zvp-2020")
    assert ran.out.splitlines() == [
        "veiligheidsplan-2026 is made, from 2026-01-01 to 2031-06-30, by the method zvp.",
        "Next: `pdca objective add --programme veiligheidsplan-2026 --title …`.",
    ]
    made = rows()["veiligheidsplan-2026"]
    assert (made["status"], made["previous_id"], made["definition"]) == ("draft", "zvp-2020-2025", "zvp")
    assert made["title"] == {"nl": "Veiligheidsplan 2026", "fr": "Plan de sécurité 2026"}
    assert run(*NEW, "--json").json["programme"] == "veiligheidsplan-2026-2"


def test_a_programme_is_worked_by_another_method() -> None:
    view = run(*NEW, "--method", "pdsa", "--id", "quality", "--json").json
    assert (view["schema"], view["programme"], view["method"]) == ("pdca.programme-new/1", "quality", "pdsa")
    assert rows()["quality"]["definition"] == "pdsa"


def test_fields_are_set_and_taken_away() -> None:
    run(*NEW, "--id", "later", "--previous", "zvp-2020", "--note", "Ontwerp.")
    changed = run("programme", "set", "later", "title=en=Safety", "to=2031", "previous=", "note=", "--json").json
    assert (changed["schema"], changed["changed"]) == (
        "pdca.programme-changed/1",
        ["note", "period_end", "previous_id", "title"],
    )
    now = rows()["later"]
    assert (now["period_end"], now["previous_id"], now["title"]["en"]) == ("2031-12-31", None, "Safety")
    assert run("programme", "set", "later", "to=2031").out == "later: nothing was changed.\n"


def test_a_programme_that_begins_while_the_one_before_runs_is_made_and_that_is_said() -> None:
    made = run(*NEW, "--id", "later", "--from", "2024")
    assert made.status == 0
    assert "2024-01-01, while zvp-2020-2025 “Zonaal Veiligheidsplan 2020-2025”" in made.err
    assert "pdca programme set later from=DATE" in made.err
    set_ = run("programme", "set", "later", "from=2025", "--dry-run", "--json").json
    assert [one["code"] for one in set_["warnings"]] == ["programme-overlaps"]
    assert "warnings" not in run("programme", "set", "later", "from=2026", "--json").json


def test_the_period_of_an_approved_programme_is_refused_with_the_command_that_prolongs_it() -> None:
    refused = run("programme", "set", "zvp-2020", "to=2027", "--json")
    (need,) = refused.error["needs"]
    assert (refused.status, need["code"]) == (3, "programme-period-fixed")
    assert need["command"].startswith("pdca programme prolong zvp-2020-2025 --until")
    assert run("audit", "log", "--kind", "programme.refused", "--json").json["events"]


@pytest.mark.parametrize("command", [NEW, ("programme", "set", "zvp-2020", "note=x")], ids=["new", "set"])
def test_a_dry_run_changes_nothing(command: tuple[str, ...]) -> None:
    before = rows()
    view = run(*command, "--dry-run", "--json").json
    assert (view["dry_run"], view["event"]) == (True, None)
    assert rows() == before
