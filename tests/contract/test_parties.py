"""Functions and organisations outside are added and changed by commands."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest

from pdca.engine import Command
from pdca.errors import NoRight, NotFound, PdcaError, Usage
from pdca.people.commands import Appoint
from pdca.people.party import AddParty, SetParty
from pdca.programme.submit import SetLegalDeadline
from tests.contract.world import World, changed_rows, codes, nothing_but_the_refusal, untouched

RAIL: Final = AddParty("rail", "partner", {"nl": "Het spoor", "fr": "Les chemins de fer"})
DIRECTOR: Final = AddParty("director", "function", {"nl": "Directeur"}, " beheer ", "chief", "Sinds 2024.")


def row(world: World, party: str) -> dict[str, Any]:
    return next(one for one in world.dump()["party"] if one["party_id"] == party)


def test_a_function_is_added_with_its_discipline_and_its_place_on_the_ladder(world: World) -> None:
    before = world.dump()
    assert dict(world.by_administrator(DIRECTOR).summary) == {"party": "director", "kind": "function"}
    assert sorted(changed_rows(before, world.dump())) == ["installation", "party"]
    assert row(world, "director") == {
        "party_id": "director",
        "kind": "function",
        "name": '{"nl":"Directeur"}',
        "discipline": "beheer",
        "discipline_assumed": 0,
        "escalation": "chief",
        "details": None,
        "assumed": 0,
        "basis": None,
        "source": None,
        "note": "Sinds 2024.",
    }


def test_whoever_holds_a_new_function_at_the_head_is_in_charge_of_programmes(world: World) -> None:
    world.by_administrator(DIRECTOR)
    deadline = SetLegalDeadline("zvp-test", date(2024, 3, 1))
    with pytest.raises(NoRight):
        world.by("marc", deadline)
    world.by_administrator(Appoint("marc", ("director",), date(2024, 1, 8)))
    with pytest.raises(PdcaError) as failure:
        world.by("marc", replace(deadline, programme_id="nowhere"))
    assert failure.value.code == "programme-unknown"
    world.by_administrator(SetParty("director", {"escalation": None}))
    with pytest.raises(NoRight):
        world.by("marc", deadline)


def test_what_is_said_of_a_party_changes_field_by_field(world: World) -> None:
    world.by_administrator(RAIL)
    values = {"name": {"fr": "Le rail"}, "kind": "authority", "discipline": "vervoer", "note": "Nieuw."}
    assert world.by_administrator(SetParty("rail", values)).summary["changed"] == ["discipline", "kind", "name", "note"]
    now = row(world, "rail")
    assert (now["name"], now["kind"]) == ('{"fr":"Le rail","nl":"Het spoor"}', "authority")
    assert (now["discipline"], now["note"]) == ("vervoer", "Nieuw.")
    before = world.dump()
    assert world.by_administrator(SetParty("rail", values)).events == ()
    assert world.dump() == before
    world.by_administrator(SetParty("rail", {"discipline": None, "note": None}))
    assert (row(world, "rail")["discipline"], row(world, "rail")["note"]) == (None, None)


def test_a_discipline_that_a_group_loses_holds_its_plan_back(world: World) -> None:
    world.by_administrator(SetParty("investigation", {"discipline": None}))
    assert codes(world.advance("start")) == ["group-too-few-disciplines", "not-approved"]
    world.by_administrator(SetParty("investigation", {"discipline": "investigation"}))
    world.approve("start")
    assert world.advance("start").refusal == ()


@pytest.mark.parametrize(
    ("command", "error", "code"),
    [
        (replace(RAIL, party_id="Transport"), Usage, "party-exists"),
        (replace(RAIL, party_id="a b"), Usage, "bad-id"),
        (replace(RAIL, kind="stranger"), Usage, "kind-unknown"),
        (replace(RAIL, escalation="king"), Usage, "escalation-unknown"),
        (replace(RAIL, name={}), Usage, "name-missing"),
        (replace(RAIL, name={"nl": "Het spoor", "fr": " "}), Usage, "name-missing"),
        (replace(RAIL, name={"nl": "a\nb"}), Usage, "not-one-line"),
        (replace(RAIL, discipline=" "), Usage, "text-missing"),
        (replace(RAIL, discipline="!"), Usage, "discipline-unusable"),
        (SetParty("nowhere", {"note": "x"}), NotFound, "party-unknown"),
        (SetParty("transport", {"kind": "function"}), Usage, "kind-unknown"),
        (SetParty("prevention", {"kind": "partner"}), Usage, "kind-unknown"),
        (SetParty("transport", {"escalation": "king"}), Usage, "escalation-unknown"),
        (SetParty("transport", {"name": {"nl": ""}}), Usage, "name-missing"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_does_not_fit_is_no_command_and_changes_nothing(
    world: World, command: Command, error: type[PdcaError], code: str
) -> None:
    with untouched(world, error, code):
        world.by_administrator(command)


@pytest.mark.parametrize("command", [RAIL, SetParty("transport", {"note": "x"})], ids=["add", "set"])
def test_only_an_administrator_changes_functions_and_partners(world: World, command: Command) -> None:
    before = world.dump()
    with pytest.raises(NoRight) as failure:
        world.by("karel", command)
    assert failure.value.code == "administrator-only"
    assert nothing_but_the_refusal(before, world.dump())
