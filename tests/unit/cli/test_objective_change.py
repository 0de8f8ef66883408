"""`pdca objective add`, `set` and `remove`: what is told to people and to programs."""

from typing import Any

import pytest

from tests.unit.cli.running import run

ADD = ("objective", "add", "--programme", "zvp-2026", "--title", "nl=Rust", "--title", "fr=Calme")


def rows() -> dict[str, dict[str, Any]]:
    return {row["objective_id"]: row for row in run("objective", "list", "--json").json["objectives"]}


@pytest.fixture(autouse=True)
def _drafted(next_programme: str) -> None:
    assert next_programme == "zvp-2026-2031"


def test_an_objective_is_added_as_a_candidate_and_people_are_told_what_comes_next() -> None:
    ran = run(*ADD)
    assert (ran.status, ran.out.splitlines()) == (
        0,
        [
            "L3 is added to zvp-2026-2031.",
            "It is a candidate. To record what is decided over it:",
            "  pdca objective decide L3 --disposition … --motive … --by … --on DATE",
        ],
    )
    assert rows()["L3"]["title"] == {"nl": "Rust", "fr": "Calme"}
    view = run("objective", "add", "--parent", "L3", "--title", "Stil", "--phenomenon", "nacht", "--json").json
    assert (view["schema"], view["objective"], view["parent"]) == ("pdca.objective-added/1", "L3.1", "L3")
    assert (view["level"], view["event"] > 0, view["dry_run"]) == ("operational_objective", True, False)
    assert rows()["L3.1"]["title"] == {"nl": "Stil"}
    assert rows()["L3.1"]["phenomenon_id"] == "nachtlawaai"


def test_the_command_that_completeness_names_adds_what_was_missing() -> None:
    run("objective", "retain", "L1", "--motive", "Ja.", "--by", "zvr", "--on", "2019-12")

    def missing() -> list[str]:
        found = run("completeness", "--programme", "zvp-2026", "--json").json["gaps"]
        return [one["command"] for one in found if one["code"] == "objective-without-operational"]

    (command,) = missing()
    _pdca, *words = command.split()
    assert run(*[word.replace("…", "Phishing") for word in words]).status == 0
    assert missing() == []


def test_fields_are_set_and_taken_away() -> None:
    run(*ADD)
    view = run("objective", "set", "L3", "title.en=Quiet", "phenomenon=drugs", "internal=yes", "note=x", "--json").json
    assert (view["schema"], view["changed"]) == (
        "pdca.objective-changed/1",
        ["internal", "note", "phenomenon_id", "title"],
    )
    assert rows()["L3"]["title"] == {"nl": "Rust", "fr": "Calme", "en": "Quiet"}
    ran = run("objective", "set", "L3", "phenomenon=", "note=", "internal=no")
    assert ran.out == "L3 is changed.\n"
    assert (rows()["L3"]["phenomenon_id"], rows()["L3"]["note"], rows()["L3"]["internal"]) == (None, None, False)
    again = run("objective", "set", "L3", "internal=no")
    assert again.out == "L3: nothing was changed.\n"


def test_an_objective_goes_under_another_to_the_top_and_to_another_place() -> None:
    run("objective", "add", "--parent", "L1", "--title", "Phishing")
    assert run("objective", "set", "L1.1", "parent=L2").status == 0
    assert (rows()["L1.1"]["parent_id"], rows()["L1.1"]["level"]) == ("L2", "operational_objective")
    view = run("objective", "set", "L1.1", "parent=", "position=1", "--json").json
    assert view["changed"] == ["level", "parent_id", "position"]
    assert [name for name, row in rows().items() if row["programme_id"] == "zvp-2026-2031"] == ["L1.1", "L1", "L2"]


def test_what_the_authorities_approved_changes_with_a_motive_and_people_are_told_of_the_addendum() -> None:
    refused = run("objective", "set", "SD1", "title=fr=Autre", "--json")
    assert (refused.status, [need["code"] for need in refused.error["needs"]]) == (3, ["handed-in-without-motive"])
    ran = run("objective", "set", "SD1", "title=fr=Autre", "--reason", "Een schrijffout.")
    assert ran.out.splitlines() == [
        "SD1 is changed.",
        "zvp-2020-2025 is “approved”. A change of substance is decided by the authorities, as an addendum:",
        '  pdca programme addendum zvp-2020-2025 --text … --step "AUTHORITY: ACT"',
    ]
    event = run("audit", "log", "--kind", "objective.changed", "--json").json["events"][-1]
    assert event["reason"] == "Een schrijffout."


def test_an_objective_is_removed_or_every_reason_why_not_is_told() -> None:
    run(*ADD)
    assert run("objective", "remove", "L3", "--reason", "Dubbel.").out == "L3 is removed.\n"
    assert "L3" not in rows()
    refused = run("objective", "remove", "OD1.1")
    assert refused.status == 3
    assert "pdca plan edit P-0" in refused.err
    assert "pdca objective decide OD1.1 --disposition dropped" in refused.err


@pytest.mark.parametrize(
    "command",
    [ADD, ("objective", "set", "L1", "note=x"), ("objective", "remove", "L1")],
    ids=lambda command: command[1],
)
def test_a_dry_run_changes_nothing(command: tuple[str, ...]) -> None:
    before = rows()
    view = run(*command, "--dry-run", "--json").json
    assert (view["dry_run"], view["event"]) == (True, None)
    assert rows() == before
    assert run(*command, "--dry-run").out.endswith("Nothing was changed: this was a dry run.\n")
