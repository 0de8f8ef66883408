"""Partners: involved by training, information and consultation, and heard (clauses 20, 26)."""

from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from pdca.engine import Command
from pdca.errors import NotFound, PdcaError, Refused, Usage
from pdca.partners.involvement import Involve
from pdca.partners.reaction import Answer, React
from pdca.people.substitution import Substitute
from pdca.plans.facts import Attempt, gather
from pdca.report.completeness import gaps
from pdca.report.gaps import told
from pdca.store.jsontext import to_json
from tests.contract import edits
from tests.contract.world import PLAN, World, codes, nothing_but_the_refusal
from workflows.definition import load
from workflows.machine import Refusal, step
from workflows.method import WorkflowDefinition

ZVP: Final = load("zvp")

TODAY: Final = date(2024, 1, 8)
TRAINING: Final = Involve(PLAN, "transport", "training", TODAY, "Hoe melden.", ("anna", "twee stewards"))
REACTION: Final = React(PLAN, "transport", TODAY, "De meldlijn is te druk.")


def ids(world: World) -> dict[str, str]:
    return {row["handle"]: row["person_id"] for row in world.dump()["person"]}


@pytest.mark.parametrize("mode", ["training", "information", "consultation"])
def test_clause_26_a_session_keeps_its_mode_day_content_and_who_attended(world: World, mode: str) -> None:
    outcome = world.by("marc", replace(TRAINING, mode=mode))
    assert outcome.summary == {"plan": PLAN, "involvement": "P-001/S1", "party": "transport", "mode": mode}
    [row] = world.dump()["involvement"]
    assert (row["mode"], row["held_on"], row["content"]) == (mode, "2024-01-08", "Hoe melden.")
    assert row["attendees"] == to_json(["anna", "twee stewards"])
    assert world.last_event()["kind"] == "partner.involved"
    assert world.by("sofie", TRAINING).summary["involvement"] == "P-001/S2"


def test_involving_a_partner_does_not_void_what_was_approved(world: World) -> None:
    world.by("marc", TRAINING)
    assert codes(world.advance("start")) == []


STRICT: Final = replace(
    ZVP,
    transitions=tuple(
        way._replace(guards=(*way.guards, "partners_trained")) if way.trigger == "start" else way
        for way in ZVP.transitions
    ),
)
"""A method that relies on partners only after their training."""


def test_a_method_may_ask_that_a_partner_was_trained_before_it_is_relied_on(world: World) -> None:
    world.by_administrator(
        edits.Edit([*edits.activity(2, "transport").changes, *edits.means("P-001/A2", planned="8").changes])
    )
    world.approve("start")
    actor = replace(world.house, as_person="sofie").actor(world.reading)

    def needs(definition: WorkflowDefinition) -> list[str]:
        facts = gather(world.reading, world.plan(), world.clock.now(), actor, Attempt(), definition)
        result = step(definition, facts, "start")
        return [need.code for need in result.needs] if isinstance(result, Refusal) else []

    assert needs(ZVP) == []
    assert needs(STRICT) == ["partner-not-trained"]
    world.by("marc", replace(TRAINING, mode="information"))
    assert needs(STRICT) == ["partner-not-trained"]
    world.by("marc", TRAINING)
    assert needs(STRICT) == []


def test_a_partner_that_is_relied_on_without_training_is_reported(world: World) -> None:
    def untrained() -> list[tuple[str, str]]:
        found = gaps(world.reading, world.clock.now())
        return [(gap.subject, gap.belongs_to) for gap in found if gap.code == "partner-not-trained"]

    assert untrained() == []
    world.by_administrator(edits.activity(2, "transport"))
    assert untrained() == [("transport", PLAN)]
    world.by("marc", TRAINING)
    assert untrained() == []


def test_clause_20_a_reaction_is_kept_until_it_is_answered(world: World) -> None:
    assert world.by("anna", REACTION).summary["reaction"] == "P-001/R1"

    def unanswered() -> list[str]:
        return [gap.subject for gap in gaps(world.reading, world.clock.now()) if gap.code == "reaction-unanswered"]

    [row] = world.dump()["reaction"]
    assert (row["text"], row["received_on"], row["answered_at"]) == (REACTION.text, "2024-01-08", None)
    assert row["recorded_by"] == ids(world)["anna"]
    assert unanswered() == ["P-001/R1"]
    assert "pdca partner answer P-001/R1 --text …" in {
        one.need.command_line() for one in told(world.reading, world.clock.now())
    }
    world.by("marc", Answer("P-001/R1", "Er komt een tweede lijn."))
    [row] = world.dump()["reaction"]
    assert (row["answer"], row["answered_by"]) == ("Er komt een tweede lijn.", ids(world)["marc"])
    assert unanswered() == []


@pytest.mark.parametrize("command", [TRAINING, REACTION, Answer("P-001/R1", "Dank.")])
def test_only_the_project_group_or_who_acts_for_it_does_this(world: World, command: Command) -> None:
    world.by("anna", REACTION)
    with pytest.raises(Refused) as failure:
        world.by("karel", command)
    assert failure.value.code == "not-in-project-group"
    world.by_administrator(Substitute("marc", "karel", TODAY, TODAY, "Verlof."))
    world.by("karel", command)
    assert world.last_event()["on_behalf_of"] == ids(world)["marc"]


@pytest.mark.parametrize(
    ("command", "kind", "code"),
    [
        (replace(TRAINING, plan_id="P-009"), NotFound, "plan-unknown"),
        (replace(TRAINING, party="nobody"), NotFound, "party-unknown"),
        (replace(TRAINING, party="chief"), Usage, "party-not-outside"),
        (replace(TRAINING, mode="lunch"), Usage, "mode-unknown"),
        (replace(TRAINING, held_on=date(2024, 1, 9)), Usage, "date-to-come"),
        (replace(TRAINING, content=" "), Usage, "content-missing"),
        (replace(TRAINING, attendees=()), Usage, "nobody-attended"),
        (replace(TRAINING, attendees=(" ",)), Usage, "nobody-attended"),
        (replace(REACTION, party="chief"), Usage, "party-not-outside"),
        (replace(REACTION, received_on=date(2024, 1, 9)), Usage, "date-to-come"),
        (replace(REACTION, text="\n"), Usage, "text-missing"),
        (Answer("P-001/R9", "Dank."), NotFound, "reaction-unknown"),
        (Answer("P-001/R2", " "), Usage, "text-missing"),
        (Answer("P-001/R1", "Nog eens."), Refused, "already-answered"),
    ],
)
def test_what_does_not_fit_is_an_error_and_nothing_is_changed(
    world: World, command: Command, kind: type[PdcaError], code: str
) -> None:
    world.by("marc", REACTION)
    world.by("marc", REACTION)
    world.by("marc", Answer("P-001/R1", "Dank."))
    before = world.dump()
    with pytest.raises(kind) as failure:
        world.by("marc", command)
    assert failure.value.code == code
    assert nothing_but_the_refusal(before, world.dump()) if kind is Refused else world.dump() == before
