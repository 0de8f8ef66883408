"""Objectives are added, put otherwise and removed by commands: what stands where, and what stays as it is."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest

from pdca.engine import Command
from pdca.errors import NoRight, NotFound, PdcaError, Usage
from pdca.exchange.document import read_document
from pdca.exchange.exporter import programme_document
from pdca.exchange.importer import ImportDocument
from pdca.exchange.known import known_in
from pdca.exchange.writing import yaml_text
from pdca.programme.make import AddProgramme, SetProgramme
from pdca.programme.objective import AddObjective, RemoveObjective, SetObjective
from pdca.programme.phenomenon import AddPhenomenon
from pdca.programme.retain import Retain
from pdca.store.reads import log
from tests.contract.edits import evaluated
from tests.contract.world import World, codes, nothing_but_the_refusal, opened_body, untouched

NEXT: Final = "zvp-2026"
QUIET: Final = AddObjective(NEXT, {"nl": "Rust", "fr": "Calme"})
SEEDED: Final = "zvp-test"
"""The programme of the seeded plan, which is approved; SD1 is retained and has OD1.1 under it."""


@pytest.fixture
def drafted(world: World) -> World:
    """A programme that is still a draft, made by the command, without any objective."""
    world.by_administrator(
        AddProgramme(NEXT, {"nl": "Zonaal veiligheidsplan"}, date(2026, 1, 1), date(2031, 12, 31), "zvp", SEEDED)
    )
    return world


def objectives(world: World, programme: str = NEXT) -> dict[str, dict[str, Any]]:
    """The objectives of a programme in their order."""
    rows = [row for row in world.dump()["objective"] if row["programme_id"] == programme]
    return {row["objective_id"]: row for row in sorted(rows, key=lambda row: row["position"])}


def places(world: World, programme: str = NEXT) -> list[tuple[str, str | None, str, int]]:
    return [
        (name, row["parent_id"], row["level"].partition("_")[0], row["position"])
        for name, row in objectives(world, programme).items()
    ]


def add(world: World, *parents: str | None) -> list[str]:
    return [str(world.by_administrator(replace(QUIET, parent=parent)).summary["objective"]) for parent in parents]


def test_clause_3_a_new_objective_is_a_candidate_with_its_title_and_is_logged(drafted: World) -> None:
    outcome = drafted.by_administrator(replace(QUIET, note="Uit de bevraging.", internal=True))
    assert (outcome.summary["objective"], outcome.summary["level"]) == ("O1", "strategic_objective")
    row = objectives(drafted)["O1"]
    assert (row["disposition"], row["title"], row["note"]) == (
        "candidate",
        '{"fr":"Calme","nl":"Rust"}',
        "Uit de bevraging.",
    )
    assert (row["internal"], row["assumed"], row["phenomenon_id"]) == (1, 0, None)
    assert logged(drafted) == ("objective.added", "U-001", ["objective"])
    evaluated(drafted)
    drafted.by_administrator(Retain("O1", "retained", "Prioriteit.", None, "2024-01-08", "council"))
    assert objectives(drafted)["O1"]["disposition"] == "retained"


def test_ids_count_on_from_those_beside_them_and_levels_follow_from_the_place(drafted: World) -> None:
    assert add(drafted, None, None, "O1", "O1", "O2") == ["O1", "O2", "O1.1", "O1.2", "O2.1"]
    assert places(drafted) == [
        ("O1", None, "strategic", 0),
        ("O1.1", "O1", "operational", 1),
        ("O1.2", "O1", "operational", 2),
        ("O2", None, "strategic", 3),
        ("O2.1", "O2", "operational", 4),
    ]
    # Where others are called otherwise, the number goes on in their way.
    assert add(drafted, None) == ["O3"]
    assert drafted.by_administrator(replace(QUIET, programme_id=SEEDED)).summary["objective"] == "SD2"
    assert drafted.by_administrator(replace(QUIET, programme_id=SEEDED, parent="SD1")).summary["objective"] == "OD1.2"


def test_an_objective_is_put_elsewhere_with_all_under_it(drafted: World) -> None:
    add(drafted, None, None, "O1", "O1")
    outcome = drafted.by_administrator(SetObjective("O2", {"position": 1}))
    assert (outcome.summary["changed"], outcome.summary["moved"]) == (["position"], ["O1", "O1.1", "O1.2"])
    assert [name for name, *_ in places(drafted)] == ["O2", "O1", "O1.1", "O1.2"]
    drafted.by_administrator(SetObjective("O1.2", {"parent": None}))
    assert [one[:3] for one in places(drafted)] == [
        ("O2", None, "strategic"),
        ("O1", None, "strategic"),
        ("O1.1", "O1", "operational"),
        ("O1.2", None, "strategic"),
    ]
    drafted.by_administrator(SetObjective("O1.2", {"parent": "O2"}))
    assert [one[:3] for one in places(drafted)][:2] == [("O2", None, "strategic"), ("O1.2", "O2", "operational")]


def test_what_is_said_of_an_objective_changes_field_by_field(drafted: World) -> None:
    drafted.by_administrator(AddPhenomenon("noise", {"nl": "Lawaai"}))
    add(drafted, None)
    values = {"title": {"fr": "Tranquillité"}, "phenomenon": "noise", "note": "Nieuw.", "internal": True}
    assert drafted.by_administrator(SetObjective("O1", values)).summary["changed"] == [
        "internal",
        "note",
        "phenomenon_id",
        "title",
    ]
    row = objectives(drafted)["O1"]
    assert (row["title"], row["phenomenon_id"], row["note"], row["internal"]) == (
        '{"fr":"Tranquillité","nl":"Rust"}',
        "noise",
        "Nieuw.",
        1,
    )
    before = drafted.dump()
    again = drafted.by_administrator(SetObjective("O1", {**values, "position": 1, "parent": None}))
    assert (again.events, again.summary["changed"]) == ((), [])
    assert drafted.dump() == before
    drafted.by_administrator(SetObjective("O1", {"phenomenon": None, "note": None}))
    assert (objectives(drafted)["O1"]["phenomenon_id"], objectives(drafted)["O1"]["note"]) == (None, None)


@pytest.mark.parametrize(
    ("command", "error", "code"),
    [
        (replace(QUIET, programme_id="nowhere"), NotFound, "programme-unknown"),
        (replace(QUIET, parent="nowhere"), NotFound, "objective-unknown"),
        (replace(QUIET, parent="SD1"), Usage, "parent-of-another-programme"),
        (replace(QUIET, parent="O1.1"), Usage, "objective-too-deep"),
        (replace(QUIET, level="operational_objective"), Usage, "level-does-not-fit"),
        (replace(QUIET, parent="O1", level="strategic_objective"), Usage, "level-does-not-fit"),
        (replace(QUIET, phenomenon="nowhere"), NotFound, "phenomenon-unknown"),
        (replace(QUIET, objective_id="sd1"), Usage, "objective-exists"),
        (replace(QUIET, objective_id="a b"), Usage, "bad-id"),
        (replace(QUIET, title={}), Usage, "objective-title-missing"),
        (replace(QUIET, title={"nl": "Rust", "fr": " "}), Usage, "objective-title-missing"),
        (replace(QUIET, title={"nl": "a\nb"}), Usage, "not-one-line"),
        (SetObjective("nowhere", {"note": "x"}), NotFound, "objective-unknown"),
        (SetObjective("O1", {"parent": "O1"}), Usage, "objective-under-itself"),
        (SetObjective("O1", {"parent": "O1.1"}), Usage, "objective-under-itself"),
        (SetObjective("O1", {"parent": "SD1"}), Usage, "parent-of-another-programme"),
        (SetObjective("O1", {"parent": "O2"}), Usage, "objective-too-deep"),
        (SetObjective("O1", {"title": {"nl": ""}}), Usage, "objective-title-missing"),
        (SetObjective("O1", {"phenomenon": "nowhere"}), NotFound, "phenomenon-unknown"),
        (RemoveObjective("nowhere"), NotFound, "objective-unknown"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_does_not_fit_is_no_command_and_changes_nothing(
    drafted: World, command: Command, error: type[PdcaError], code: str
) -> None:
    add(drafted, None, None, "O1")
    with untouched(drafted, error, code):
        drafted.by_administrator(command)


@pytest.mark.parametrize(
    "command", [QUIET, SetObjective("O1", {"note": "x"}), RemoveObjective("O1")], ids=["add", "set", "remove"]
)
def test_objectives_are_written_by_administrators_and_whoever_heads_the_body(drafted: World, command: Command) -> None:
    add(drafted, None)
    before = drafted.dump()
    with pytest.raises(NoRight) as failure:
        drafted.by("marc", command)
    assert failure.value.code == "not-in-charge"
    assert nothing_but_the_refusal(before, drafted.dump())
    assert drafted.by("karel", command).refusal == ()


def test_an_objective_that_nothing_was_done_with_is_removed(drafted: World) -> None:
    add(drafted, None, "O1")
    assert codes(drafted.by_administrator(RemoveObjective("O1"))) == ["objective-has-objectives"]
    for name in ("O1.1", "O1"):
        assert drafted.by_administrator(RemoveObjective(name, "Vergissing.")).refusal == ()
    assert objectives(drafted) == {}


def test_what_hangs_on_an_objective_and_what_was_decided_keeps_it_with_every_reason_at_once(world: World) -> None:
    before = world.dump()
    refused = world.by_administrator(RemoveObjective("SD1"))
    assert codes(refused) == ["objective-has-objectives", "objective-handed-in"]
    assert nothing_but_the_refusal(before, world.dump())
    world.by_administrator(Retain("OD1.1", "retained", "Prioriteit.", None, "2024-01-08", "council"))
    refused = world.by_administrator(RemoveObjective("OD1.1"))
    assert [(need.code, need.command_line()) for need in refused.refusal] == [
        ("objective-has-plans", "pdca plan edit P-001"),
        ("objective-decided", "pdca objective decide OD1.1 --disposition dropped --motive … --by … --on DATE"),
        ("objective-handed-in", "pdca objective decide OD1.1 --disposition dropped --motive … --by … --on DATE"),
    ]


def test_what_was_decided_over_a_draft_stays(drafted: World) -> None:
    add(drafted, None)
    drafted.by_administrator(Retain("O1", "dropped", "Te klein.", None, "2024-01-08", "council"))
    assert codes(drafted.by_administrator(RemoveObjective("O1"))) == ["objective-decided"]


def test_what_was_handed_in_is_worked_out_further_and_put_otherwise_with_a_motive_only(world: World) -> None:
    # Working out what was approved, and saying where it comes from, needs no authority.
    assert world.by_administrator(AddObjective(SEEDED, {"en": "Fewer burglaries"}, "SD1")).summary["objective"] == (
        "OD1.2"
    )
    assert world.by_administrator(SetObjective("SD1", {"note": "Zie de bevraging."})).refusal == ()
    other = SetObjective("SD1", {"title": {"en": "Safer streets"}})
    before = world.dump()
    refused = world.by_administrator(other)
    assert [(need.code, need.command_line()) for need in refused.refusal] == [
        ("handed-in-without-motive", "pdca objective set SD1 FIELD=VALUE --reason …")
    ]
    assert nothing_but_the_refusal(before, world.dump())
    assert codes(world.by_administrator(SetObjective("OD1.2", {"parent": None}))) == ["handed-in-without-motive"]
    assert world.by_administrator(SetObjective("OD1.2", {"parent": None}, "Beslist door de raad.")).refusal == ()
    assert world.by_administrator(replace(other, reason="Schrijffout.")).summary["changed"] == ["title"]
    assert logged(world) == ("objective.changed", "U-001", ["objective"])


def test_a_dry_run_of_each_leaves_everything_as_it_was(drafted: World) -> None:
    add(drafted, None)
    before = drafted.dump()
    for command in (QUIET, SetObjective("O1", {"note": "x"}), RemoveObjective("O1")):
        assert drafted.by("karel", command, dry_run=True).summary["objective"]
    assert drafted.dump() == before


def test_what_commands_made_is_written_out_and_taken_in_again_without_a_difference(drafted: World) -> None:
    drafted.by_administrator(AddPhenomenon("noise", {"nl": "Lawaai"}))
    add(drafted, None, None, "O1")
    drafted.by_administrator(SetObjective("O2", {"position": 1, "phenomenon": "noise", "note": "Nieuw."}))
    drafted.by_administrator(SetProgramme(NEXT, {"note": "Ontwerp."}))
    before = drafted.dump()
    text = yaml_text(programme_document(drafted.reading, NEXT), "")
    drafted.by_administrator(ImportDocument(read_document(text, known=known_in(drafted.reading))))
    after = drafted.dump()
    for table in ("programme", "objective", "phenomenon", "party"):
        assert after[table] == before[table]


def logged(world: World) -> tuple[str, str, list[str]]:
    """The last event of the installation: its kind, who acted, and the tables that it writes."""
    body = opened_body(world.rows(log.EVENTS_OF_INSTALLATION)[-1])
    return body["kind"], body["actor"], [change["table"] for change in body["changes"]]
