"""Sessions with partners and their reactions in files: added as their commands would, and never taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest

from pdca.content import content_hash
from pdca.engine import Outcome
from pdca.errors import PdcaError
from pdca.exchange.document import Document
from pdca.exchange.editing import EditPlan
from pdca.exchange.exporter import plan_document
from pdca.exchange.importer import ImportDocument
from pdca.exchange.known import known_in
from pdca.exchange.plan_file import plan_of
from pdca.exchange.problems import EditRefused, ImportRefused
from pdca.partners.involvement import Involve
from pdca.partners.reaction import Answer, React
from pdca.people.substitution import Substitute
from pdca.report.completeness import gaps
from pdca.store.jsontext import to_json
from pdca.store.rows import insert
from tests import seed
from tests.contract import edits
from tests.contract.world import PLAN, World, changed_rows, nothing_but_the_refusal
from workflows.definition import load

ZVP: Final = load("zvp")
TODAY: Final = date(2024, 1, 8)
TAKEN: Final = "P-002"
"""The plan AP-1 that comes in from a file, beside the one that is there."""

Data = dict[str, Any]

TRAINING: Final[Data] = {
    "id": "S1",
    "party": "transport",
    "mode": "training",
    "date": "2023-12-01",
    "content": "Hoe melden.",
    "attendees": ["anna", "twee stewards"],
}
LATER: Final[Data] = {**TRAINING, "id": "S7", "mode": "consultation", "date": "2024-01-05", "note": "Kort."}
OPEN: Final[Data] = {"id": "R2", "party": "transport", "received": "2024-01-02", "text": "De meldlijn is te druk."}
HEARD: Final[Data] = {**OPEN, "id": "R1", "received": "2023-12-02", "answer": "Er komt een tweede lijn."}


def take_in(world: World, document: Document) -> Outcome:
    return replace(world.house, source="import").apply(ImportDocument(document))


def file(world: World, *, sessions: list[Data], reactions: list[Data]) -> Document:
    return seed.document(known=known_in(world.reading), sessions=sessions, reactions=reactions)


@pytest.fixture
def taken(world: World) -> World:
    """The installation after a plan with two sessions and two reactions was taken in; the second is open."""
    take_in(world, file(world, sessions=[TRAINING, LATER], reactions=[HEARD, OPEN]))
    return world


def ids(world: World) -> dict[str, str]:
    return {row["handle"]: row["person_id"] for row in world.dump()["person"]}


def found(world: World) -> set[tuple[str, str]]:
    return {(gap.code, gap.subject) for gap in gaps(world.reading, world.clock.now())}


def row(world: World, table: str, name: str) -> dict[str, Any]:
    [one] = [one for one in world.dump()[table] if one[f"{table}_id"] == name]
    return dict(one)


def test_a_file_that_makes_a_plan_brings_its_sessions_and_reactions(taken: World) -> None:
    session = row(taken, "involvement", f"{TAKEN}/S1")
    assert (session["party_id"], session["mode"], session["held_on"]) == ("transport", "training", "2023-12-01")
    assert (session["content"], session["attendees"]) == ("Hoe melden.", to_json(["anna", "twee stewards"]))
    assert row(taken, "involvement", f"{TAKEN}/S7")["note"] == "Kort."
    [importer] = {one["person_id"] for one in taken.dump()["person"] if one["access"] == "administrator"}
    heard, waiting = (row(taken, "reaction", f"{TAKEN}/{own}") for own in ("R1", "R2"))
    now = taken.plan(TAKEN)["state_since"]
    assert (heard["answer"], heard["answered_by"], heard["answered_at"]) == (HEARD["answer"], importer, now)
    assert (waiting["answer"], waiting["answered_by"], waiting["answered_at"]) == (None, None, None)
    assert {(one["recorded_by"], one["recorded_at"]) for one in (heard, waiting)} == {(importer, now)}


def test_what_is_written_out_again_has_the_same_ids_and_the_same_words(taken: World) -> None:
    plan = plan_document(taken.reading, TAKEN)["plan"]
    assert (plan["sessions"], plan["reactions"]) == ([TRAINING, LATER], [HEARD, OPEN])
    again = take_in(taken, file(taken, sessions=[TRAINING, LATER], reactions=[HEARD, OPEN]))
    assert again.events == ()


def test_plans_number_each_their_own_and_go_on_after_the_highest_number_of_a_file(taken: World) -> None:
    assert taken.by("marc", Involve(PLAN, "transport", "training", TODAY, "Hoe melden.", ("anna",))).summary[
        "involvement"
    ] == (f"{PLAN}/S1")
    session = Involve(TAKEN, "transport", "training", TODAY, "Hoe melden.", ("anna",))
    assert taken.by("marc", session).summary["involvement"] == f"{TAKEN}/S8"
    assert taken.by("marc", React(TAKEN, "transport", TODAY, "Nog eens.")).summary["reaction"] == f"{TAKEN}/R3"


def test_what_is_not_complete_follows_from_what_came_in(world: World) -> None:
    relied_on = [{"id": "A1", "title": "Melden", "owner": "transport", "means": [{"year": 2024, "hours": 4}]}]
    take_in(world, seed.document(known=known_in(world.reading), activities=relied_on, reactions=[HEARD, OPEN]))
    assert {("partner-not-trained", "transport"), ("reaction-unanswered", f"{TAKEN}/R2")} <= found(world)
    assert ("reaction-unanswered", f"{TAKEN}/R1") not in found(world)
    edits.edit(world, "marc", lambda plan: plan.update(sessions=[TRAINING]), TAKEN)
    edits.edit(world, "marc", lambda plan: plan["reactions"][1].update(answer="Dank."), TAKEN)
    assert not {"partner-not-trained", "reaction-unanswered"} & {code for code, _subject in found(world)}


def test_the_group_adds_sessions_and_answers_by_an_edit_and_nothing_approved_is_void(taken: World) -> None:
    taken.approve("start", plan_id=TAKEN)
    approved = content_hash(taken.reading, TAKEN)

    def more(plan: Data) -> None:
        plan["sessions"].append({**LATER, "id": "S8"})
        plan["reactions"].append({**OPEN, "id": "R3"})
        plan["reactions"][1]["answer"] = "Dank."

    assert edits.edit(taken, "marc", more, TAKEN).refusal == ()
    assert row(taken, "involvement", f"{TAKEN}/S8")["mode"] == "consultation"
    assert row(taken, "reaction", f"{TAKEN}/R3")["recorded_by"] == ids(taken)["marc"]
    answered = row(taken, "reaction", f"{TAKEN}/R2")
    assert (answered["answer"], answered["answered_by"]) == ("Dank.", ids(taken)["marc"])
    assert content_hash(taken.reading, TAKEN) == approved
    assert [one["voided_at"] for one in taken.dump()["approval"] if one["plan_id"] == TAKEN] == [None]


def test_who_acts_for_one_of_the_group_adds_on_his_behalf(taken: World) -> None:
    taken.by_administrator(Substitute("marc", "karel", TODAY, TODAY, "Verlof."))
    edits.edit(taken, "karel", lambda plan: plan["reactions"][1].update(answer="Dank."), TAKEN)
    assert taken.last_event(TAKEN)["on_behalf_of"] == ids(taken)["marc"]


FIXED: Final[dict[str, tuple[Callable[[Data], object], str]]] = {
    "another day": (lambda plan: plan["sessions"][0].update(date="2023-12-03"), "sessions"),
    "another attendee": (lambda plan: plan["sessions"][0]["attendees"].append("karel"), "sessions"),
    "a session less": (lambda plan: plan["sessions"].pop(), "sessions"),
    "no session": (lambda plan: plan.pop("sessions"), "sessions"),
    "other words": (lambda plan: plan["reactions"][1].update(text="Toch niet."), "reactions"),
    "another answer": (lambda plan: plan["reactions"][0].update(answer="Toch niet."), "reactions"),
    "no answer": (lambda plan: plan["reactions"][0].pop("answer"), "reactions"),
    "a reaction less": (lambda plan: plan["reactions"].pop(), "reactions"),
}


@pytest.mark.parametrize("name", FIXED)
def test_what_is_on_record_stays_as_it_is(taken: World, name: str) -> None:
    change, key = FIXED[name]
    before = taken.dump()
    with pytest.raises(EditRefused) as failure:
        edits.edit(taken, "marc", change, TAKEN)
    refused = failure.value
    assert {problem.code for problem in refused.problems} == {f"edit-{key.removesuffix('s')}-fixed"}
    assert (refused.exit_status, key in str(refused.problems[0].place.field)) == (3, True)
    assert nothing_but_the_refusal(before, taken.dump())


@pytest.mark.parametrize(
    ("sessions", "reactions", "code"),
    [
        ([{**TRAINING, "content": "Iets anders."}], [], "edit-session-fixed"),
        ([], [{**OPEN, "party": "council"}], "edit-reaction-fixed"),
        ([], [{**HEARD, "answer": "Iets anders."}], "edit-reaction-fixed"),
    ],
)
def test_a_file_cannot_say_it_otherwise(taken: World, sessions: list[Data], reactions: list[Data], code: str) -> None:
    before = taken.dump()
    with pytest.raises(EditRefused) as failure:
        take_in(taken, file(taken, sessions=sessions, reactions=reactions))
    assert code in {problem.code for problem in failure.value.problems}
    assert nothing_but_the_refusal(before, taken.dump())


def test_a_file_that_leaves_out_what_is_on_record_takes_nothing_away(taken: World) -> None:
    unanswered = {key: value for key, value in HEARD.items() if key != "answer"}
    assert take_in(taken, file(taken, sessions=[], reactions=[unanswered])).events == ()


@pytest.mark.parametrize(
    ("sessions", "reactions", "place"),
    [
        ([{**LATER, "id": "S8"}], [], "sessions[0]"),
        ([], [{**OPEN, "id": "R3"}], "reactions[0]"),
        ([], [{**OPEN, "answer": "Dank."}], "reactions[0]"),
    ],
)
def test_of_a_plan_that_is_there_only_its_group_takes_them_in(
    taken: World, sessions: list[Data], reactions: list[Data], place: str
) -> None:
    before = taken.dump()
    more = file(taken, sessions=sessions, reactions=reactions)
    with pytest.raises(EditRefused) as failure:
        take_in(taken, more)
    [problem] = failure.value.problems
    assert (problem.code, failure.value.exit_status) == ("not-in-project-group", 3)
    assert str(problem.place.field).endswith(f".{place}")
    assert nothing_but_the_refusal(before, taken.dump())
    administrator = taken.dump()["person"][0]["person_id"]
    key = {"party_id": "investigation", "person_id": administrator, "from_date": "2024-01-01"}
    taken.by_administrator(seed.Plant([insert("appointment", key)]))
    before = taken.dump()
    take_in(taken, more)
    assert set(changed_rows(before, taken.dump())) == {"plan", "involvement" if sessions else "reaction"}


def test_an_administrator_who_is_not_of_the_group_adds_none_by_an_edit_either(taken: World) -> None:
    data = plan_document(taken.reading, TAKEN)
    data["plan"]["reactions"][1]["answer"] = "Dank."
    outcome = taken.by_administrator(EditPlan(TAKEN, plan_of(data, known_in(taken.reading), ZVP)))
    assert [need.code for need in outcome.refusal] == ["not-in-project-group"]
    assert row(taken, "reaction", f"{TAKEN}/R2")["answer"] is None


@pytest.mark.parametrize(
    ("sessions", "reactions", "place"),
    [
        ([{**TRAINING, "date": "2024-01-09"}], [], "sessions[0].date"),
        ([], [{**OPEN, "received": "2024-01-09"}], "reactions[0].received"),
    ],
)
def test_what_is_still_to_come_is_not_taken_in(
    world: World, sessions: list[Data], reactions: list[Data], place: str
) -> None:
    before = world.dump()
    with pytest.raises(ImportRefused) as failure:
        take_in(world, file(world, sessions=sessions, reactions=reactions))
    assert (failure.value.code, failure.value.exit_status) == ("import-bad-date", 1)
    assert failure.value.place is not None
    assert str(failure.value.place.field).endswith(f".{place}")
    assert world.dump() == before


def test_an_answer_of_a_file_is_given_once_like_any_other(taken: World) -> None:
    with pytest.raises(PdcaError) as failure:
        taken.by("marc", Answer(f"{TAKEN}/R1", "Nog eens."))
    assert failure.value.code == "already-answered"
