"""A programme is made and changed by commands, until authorities have it before them."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest

from pdca.engine import Command
from pdca.errors import NoRight, NotFound, PdcaError, Usage
from pdca.programme.make import AddProgramme, SetProgramme
from pdca.programme.objective import AddObjective
from pdca.programme.retain import Retain
from pdca.programme.submit import AuthorityStep, Submit
from tests.contract.edits import evaluated
from tests.contract.world import World, changed_rows, codes, nothing_but_the_refusal
from workflows.definition import DefinitionError

NEXT: Final = AddProgramme(
    "zvp-2026", {"nl": "Veiligheidsplan"}, date(2026, 1, 1), date(2031, 12, 31), "zvp", "zvp-test"
)


def row(world: World, programme: str = NEXT.programme_id) -> dict[str, Any]:
    return next(one for one in world.dump()["programme"] if one["programme_id"] == programme)


def test_clause_1_a_programme_has_a_period_of_whole_days_and_follows_another(world: World) -> None:
    outcome = world.by_administrator(replace(NEXT, note="Ontwerp."))
    assert (outcome.summary["method"], outcome.summary["previous"]) == ("zvp", "zvp-test")
    made = row(world)
    assert (made["period_start"], made["period_end"], made["status"]) == ("2026-01-01", "2031-12-31", "draft")
    assert (made["definition"], made["definition_version"], made["previous_id"]) == ("zvp", 1, "zvp-test")
    assert (made["note"], made["submitted_at"], made["assumed"]) == ("Ontwerp.", None, 0)


def test_a_method_that_the_installation_does_not_have_yet_is_taken_over_with_its_first_programme(world: World) -> None:
    before = world.dump()
    world.by_administrator(replace(NEXT, method="pdsa"))
    new = changed_rows(before, world.dump())
    assert [one["definition_id"] for one in new["definition"]] == ["pdsa"]
    before = world.dump()
    world.by_administrator(replace(NEXT, programme_id="another", method="pdsa"))
    assert "definition" not in changed_rows(before, world.dump())
    # Its objectives stand on the one level that this method has for them.
    added = world.by_administrator(AddObjective("another", {"en": "Fewer falls"}))
    assert added.summary["level"] == "quality_priority"
    with pytest.raises(Usage) as failure:
        world.by_administrator(AddObjective("another", {"en": "Deeper"}, added.summary["objective"]))
    assert failure.value.code == "objective-too-deep"


def test_what_is_said_of_a_draft_changes_field_by_field(world: World) -> None:
    world.by_administrator(NEXT)
    values = {"title": {"fr": "Plan de sécurité"}, "last_day": date(2030, 12, 31), "previous": None, "note": "Kort."}
    outcome = world.by_administrator(SetProgramme(NEXT.programme_id, values))
    assert outcome.summary["changed"] == ["note", "period_end", "previous_id", "title"]
    now = row(world)
    assert (now["title"], now["period_end"]) == ('{"fr":"Plan de sécurité","nl":"Veiligheidsplan"}', "2030-12-31")
    assert (now["previous_id"], now["note"]) == (None, "Kort.")
    before = world.dump()
    assert world.by_administrator(SetProgramme(NEXT.programme_id, values)).events == ()
    assert world.dump() == before


def test_what_was_handed_in_keeps_its_period_and_changes_its_title_with_a_motive_only(world: World) -> None:
    world.by_administrator(NEXT)
    world.by_administrator(AddObjective(NEXT.programme_id, {"nl": "Rust"}, objective_id="S1"))
    evaluated(world)
    world.by_administrator(Retain("S1", "retained", "Prioriteit.", None, "2024-01-08", "council"))
    world.by_administrator(Submit(NEXT.programme_id, [AuthorityStep({"nl": "Raad"}, {"nl": "goedkeuring"})]))
    both = SetProgramme(NEXT.programme_id, {"last_day": date(2030, 12, 31), "title": {"nl": "Ander plan"}})
    before = world.dump()
    refused = world.by_administrator(both)
    assert [(need.code, need.command_line()) for need in refused.refusal] == [
        (
            "programme-period-fixed",
            'pdca programme prolong zvp-2026 --until DATE --text … --step "AUTHORITY: ACT"',
        ),
        ("handed-in-without-motive", "pdca programme set zvp-2026 FIELD=VALUE --reason …"),
    ]
    assert nothing_but_the_refusal(before, world.dump())
    assert codes(world.by_administrator(replace(both, reason="Schrijffout."))) == ["programme-period-fixed"]
    assert world.by_administrator(SetProgramme(NEXT.programme_id, {"note": "Ingediend."})).refusal == ()
    title = SetProgramme(NEXT.programme_id, {"title": {"nl": "Ander plan"}}, "Schrijffout.")
    assert world.by_administrator(title).summary["changed"] == ["title"]


@pytest.mark.parametrize(
    ("command", "error", "code"),
    [
        (replace(NEXT, programme_id="ZVP-test"), Usage, "programme-exists"),
        (replace(NEXT, programme_id="a b"), Usage, "bad-id"),
        (replace(NEXT, title={"nl": " "}), Usage, "programme-title-missing"),
        (replace(NEXT, last_day=date(2025, 12, 31)), Usage, "period-backwards"),
        (replace(NEXT, previous="nowhere"), NotFound, "programme-unknown"),
        (replace(NEXT, method="nowhere"), DefinitionError, "method-unknown"),
        (SetProgramme("nowhere", {"note": "x"}), NotFound, "programme-unknown"),
        (replace(NEXT, first_day=date(2020, 1, 1)), Usage, "previous-begins-later"),
        (SetProgramme("zvp-test", {"previous": "first"}), Usage, "previous-begins-later"),
        (SetProgramme("second", {"first_day": date(2026, 1, 1)}), Usage, "previous-begins-later"),
        (SetProgramme("first", {"previous": "second"}), Usage, "programme-before-itself"),
        (SetProgramme("first", {"previous": "first"}), Usage, "programme-before-itself"),
        (SetProgramme("first", {"first_day": date(2032, 1, 1)}), Usage, "period-backwards"),
        (SetProgramme("first", {"title": {"nl": ""}}), Usage, "programme-title-missing"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_does_not_fit_is_no_command_and_changes_nothing(
    world: World, command: Command, error: type[PdcaError | DefinitionError], code: str
) -> None:
    world.by_administrator(replace(NEXT, programme_id="first", previous=None))
    world.by_administrator(replace(NEXT, programme_id="second", first_day=date(2030, 1, 1), previous="first"))
    before = world.dump()
    with pytest.raises(error) as failure:
        world.by_administrator(command)
    assert getattr(failure.value, "code", None) == code
    assert world.dump() == before


@pytest.mark.parametrize("command", [NEXT, SetProgramme("zvp-test", {"note": "x"})], ids=["new", "set"])
def test_programmes_are_written_by_administrators_and_whoever_heads_the_body(world: World, command: Command) -> None:
    before = world.dump()
    with pytest.raises(NoRight) as failure:
        world.by("sofie", command)
    assert failure.value.code == "not-in-charge"
    assert nothing_but_the_refusal(before, world.dump())
    assert world.by("karel", command, dry_run=True).refusal == ()
    assert world.by("karel", command).refusal == ()
