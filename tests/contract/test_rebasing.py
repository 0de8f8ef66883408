"""An import of a file that was made from an earlier state: nobody's later change is undone by it."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest

from pdca.engine import Outcome
from pdca.exchange.bases import bases, with_base
from pdca.exchange.document import Document, read_document
from pdca.exchange.exporter import programme_document
from pdca.exchange.importer import ImportDocument
from pdca.exchange.known import known_in
from pdca.exchange.problems import EditRefused, ImportClash, ImportRefused
from pdca.exchange.writing import json_text
from pdca.partners.involvement import Involve
from pdca.partners.reaction import Answer, React
from pdca.store.reads import plans
from pdca.store.rows import insert
from tests import seed
from tests.contract import edits
from tests.contract.world import World

PLAN: Final = "P-002"
"""The plan AP-1 that came in from a file."""

Data = dict[str, Any]
Change = Callable[[Data], object]


@pytest.fixture
def taken(world: World) -> World:
    """The installation after a file was taken in."""
    take_in(world, seed.document(known=known_in(world.reading)))
    return world


def take_in(world: World, document: Document) -> Outcome:
    return replace(world.house, source="import").apply(ImportDocument(document))


def exported(world: World) -> Data:
    numbers = {row["slug"]: row["plan_id"] for row in world.reading.all(plans.PLAN_NAMES)}
    found = bases(world.reading)
    return with_base(programme_document(world.reading, "zvp-2024"), found, numbers)


def again(world: World, data: Data) -> Outcome:
    return take_in(world, read_document(json_text(data), "zone.json", known=known_in(world.reading)))


def the_plan(data: Data) -> Data:
    objective = next(one for one in data["objectives"] if one["id"] == "SD9")
    plan: Data = next(one for one in objective["plans"] if one["id"] == "AP-1")
    return plan


def activity(plan: Data, name: str = "A1") -> Data:
    found: Data = next(one for one in plan["activities"] if one["id"] == name)
    return found


def as_now(world: World) -> Data:
    return the_plan(programme_document(world.reading, "zvp-2024"))


def one_more(plan: Data, name: str) -> None:
    plan["activities"].append({**deepcopy(activity(plan)), "id": name, "title": f"Activiteit {name}"})


def test_what_is_exported_and_taken_in_again_changes_nothing_and_has_the_same_base(taken: World) -> None:
    data = exported(taken)
    assert set(data["base"]) == {"installation", PLAN}
    assert again(taken, data).events == ()
    assert exported(taken) == data


def test_what_others_changed_since_stays_when_the_file_leaves_it_as_it_was(taken: World) -> None:
    data = exported(taken)
    edits.edit(taken, "sofie", lambda plan: plan.update(title="Fietsen", restricted=True), PLAN)
    edits.edit(taken, "sofie", lambda plan: activity(plan).update(end="2024-11-30"), PLAN)
    edits.edit(taken, "sofie", lambda plan: one_more(plan, "A2"), PLAN)
    before = taken.dump()
    assert again(taken, data).events == ()
    assert taken.dump() == before


def test_what_only_the_file_changed_is_taken_beside_what_only_others_changed(taken: World) -> None:
    data = exported(taken)
    activity(the_plan(data))["title"] = "Graveren en registreren"
    one_more(the_plan(data), "A3")
    edits.edit(taken, "sofie", lambda plan: activity(plan).update(end="2024-11-30"), PLAN)
    edits.edit(taken, "sofie", lambda plan: one_more(plan, "A2"), PLAN)
    summary = again(taken, data).summary
    assert summary["removed"] == {}
    now = as_now(taken)
    assert [one["id"] for one in now["activities"]] == ["A1", "A2", "A3"]
    assert (activity(now)["title"], activity(now)["end"]) == ("Graveren en registreren", "2024-11-30")


BODY: Final = {
    "code": "5341",
    "areas": ["Vorst", "Anderlecht"],
    "bodies": ["Zonale veiligheidsraad"],
    "remarks": [{"text": "Drie zones werden er een.", "source": ["seed"]}],
    "note": "Zoals gepubliceerd.",
}
SEED: Final = {"seed": {"what": "kadernota"}}


def described(world: World) -> Data:
    """Let the body be described in full, and give what a file without a base says of it and of its programme alone."""
    data = exported(world)
    del data["base"]
    short = {key: data[key] for key in ("pdca", "language", "organisation", "programme")}
    data["organisation"] = {**short["organisation"], **BODY}
    data["sources"] = SEED
    again(world, data)
    assert of_the_body(world) == BODY
    return short


def of_the_body(world: World) -> Data:
    organisation = programme_document(world.reading, "zvp-2024")["organisation"]
    return {key: organisation[key] for key in BODY if key in organisation}


def test_what_a_file_without_a_base_does_not_name_of_the_body_stays(taken: World) -> None:
    short = described(taken)
    before = taken.dump()
    assert again(taken, short).events == ()
    assert taken.dump() == before
    short["organisation"] |= {"areas": ["Vorst"], "code": None}
    again(taken, short)
    assert of_the_body(taken) == {key: BODY[key] for key in BODY if key != "code"} | {"areas": ["Vorst"]}
    assert programme_document(taken.reading, "zvp-2024")["sources"] == SEED
    # What stays names a source that stays, so that what is written out is a whole file.
    assert again(taken, exported(taken)).events == ()


def test_what_others_changed_of_the_body_stays_and_what_was_taken_out_of_the_file_goes(taken: World) -> None:
    short = described(taken)
    data = exported(taken)
    short["organisation"] |= {"code": "5342", "areas": ["Vorst", "Anderlecht", "Elsene"]}
    again(taken, short)
    data["organisation"]["areas"].append("Ukkel")
    data["organisation"]["bodies"] = ["Zonale raad"]
    del data["organisation"]["remarks"], data["sources"]
    again(taken, data)
    found = of_the_body(taken)
    assert sorted(found.pop("areas")) == ["Anderlecht", "Elsene", "Ukkel", "Vorst"]
    assert found == {"code": "5342", "bodies": ["Zonale raad"], "note": BODY["note"]}
    assert "sources" not in programme_document(taken.reading, "zvp-2024")


def test_each_language_of_a_text_is_a_field_of_its_own(taken: World) -> None:
    data = exported(taken)
    the_plan(data)["title"] = {"nl": "Fietsdiefstal", "fr": "Vol de vélos"}
    edits.edit(taken, "sofie", lambda plan: plan.update(title="Fietsen"), PLAN)
    again(taken, data)
    assert as_now(taken)["title"] == {"nl": "Fietsen", "fr": "Vol de vélos"}


def test_what_both_changed_is_refused_with_its_place_and_who_changed_it(taken: World) -> None:
    data = exported(taken)
    activity(the_plan(data))["end"] = "2024-10-31"
    the_plan(data)["title"] = "Fietsen weg"
    edits.edit(taken, "sofie", lambda plan: activity(plan).update(end="2024-11-30"), PLAN)
    edits.edit(taken, "marc", lambda plan: plan.update(title="Fietsen"), PLAN)
    before = taken.dump()
    with pytest.raises(ImportClash) as raised:
        again(taken, data)
    error = raised.value
    assert (error.exit_status, error.code, error.total) == (5, "changed-meanwhile", 2)
    places = [one.place.field or "" for one in error.problems]
    assert [place.partition("plans[0].")[2] for place in places] == ["title.nl", "activities[0].end"]
    assert all(one.place.line for one in error.problems)
    assert "2024-12-31" in error.message
    assert "2024-11-30" in error.message
    assert "2024-10-31" in error.message
    assert {(one["stream"], one["name"]) for one in error.changed} == {(PLAN, "Sofie Peeters"), (PLAN, "Marc Dubois")}
    assert taken.dump() == before


def test_what_others_recorded_of_partners_since_stays_beside_what_the_file_adds(taken: World) -> None:
    by_the_group(taken)
    data = exported(taken)
    of_file = {
        "party": "transport",
        "mode": "information",
        "date": "2024-01-05",
        "content": "Stand.",
        "attendees": ["an"],
    }
    the_plan(data)["sessions"] = [{"id": "S2", **of_file}]
    taken.by("marc", Involve(PLAN, "transport", "training", date(2024, 1, 8), "Hoe melden.", ("anna",)))
    taken.by("marc", React(PLAN, "transport", date(2024, 1, 8), "Te druk."))
    again(taken, data)
    now = as_now(taken)
    assert [(one["id"], one["mode"]) for one in now["sessions"]] == [("S1", "training"), ("S2", "information")]
    assert [one["text"] for one in now["reactions"]] == ["Te druk."]


def test_two_reactions_under_one_id_are_a_clash_and_so_are_two_answers(taken: World) -> None:
    by_the_group(taken)
    taken.by("marc", React(PLAN, "transport", date(2024, 1, 8), "Te druk."))
    data = exported(taken)
    added = {"party": "transport", "received": "2024-01-05", "text": "Te ver."}
    the_plan(data)["reactions"][0]["answer"] = "Er komt een lijn bij."
    the_plan(data)["reactions"].append({"id": "R2", **added})
    taken.by("marc", Answer(f"{PLAN}/R1", "Dank."))
    taken.by("marc", React(PLAN, "transport", date(2024, 1, 8), "Te laat."))
    before = taken.dump()
    with pytest.raises(ImportClash) as raised:
        again(taken, data)
    places = [(one.place.field or "").partition("plans[0].")[2] for one in raised.value.problems]
    assert places == ["reactions[0].answer", "reactions[1].received", "reactions[1].text"]
    assert taken.dump() == before


def test_a_session_that_was_taken_out_of_the_file_stays_on_record(taken: World) -> None:
    taken.by("marc", Involve(PLAN, "transport", "training", date(2024, 1, 8), "Hoe melden.", ("anna",)))
    data = exported(taken)
    del the_plan(data)["sessions"]
    with pytest.raises(EditRefused) as raised:
        again(taken, data)
    assert [(one.code, one.place.field) for one in raised.value.problems] == [
        ("edit-session-fixed", "objectives[0].plans[0].sessions")
    ]


def by_the_group(world: World) -> None:
    """Make whoever imports one of the group of the plan as well."""
    key = {"party_id": "investigation", "person_id": world.dump()["person"][0]["person_id"], "from_date": "2024-01-01"}
    world.by_administrator(seed.Plant([insert("appointment", key)]))


def test_the_same_change_made_by_both_is_no_clash(taken: World) -> None:
    data = exported(taken)
    activity(the_plan(data))["end"] = "2024-11-30"
    edits.edit(taken, "sofie", lambda plan: activity(plan).update(end="2024-11-30"), PLAN)
    assert again(taken, data).events == ()


def test_steps_that_a_plan_took_since_are_no_change_of_what_it_says(taken: World) -> None:
    data = exported(taken)
    the_plan(data)["note"] = "Nagelezen."
    assert taken.advance("suspend", plan_id=PLAN).refusal == ()
    assert again(taken, data).events
    assert as_now(taken)["note"] == "Nagelezen."


# --- Taking away


def test_what_the_file_holds_no_more_is_taken_away_from_the_plan(taken: World) -> None:
    edits.edit(taken, "sofie", lambda plan: one_more(plan, "A2"), PLAN)
    whoever = {"party_id": "investigation", "person_id": taken.dump()["person"][0]["person_id"]}
    taken.by_administrator(seed.Plant([insert("appointment", {**whoever, "from_date": "2024-01-01"})]))
    data = exported(taken)
    plan = the_plan(data)
    plan["activities"] = [activity(plan)]
    del plan["information"]
    del plan["rubrics"]["partners"]
    summary = again(taken, data).summary
    assert summary["removed"] == {"activity": 1, "means": 1, "information_moment": 1}
    now = as_now(taken)
    assert [one["id"] for one in now["activities"]] == ["A1"]
    assert "partners" not in now["rubrics"]
    assert "information" not in now


def test_without_a_base_nothing_is_taken_away(taken: World) -> None:
    edits.edit(taken, "sofie", lambda plan: one_more(plan, "A2"), PLAN)
    data = exported(taken)
    del data["base"]
    plan = the_plan(data)
    plan["activities"] = [activity(plan)]
    assert again(taken, data).events == ()


def test_what_others_added_since_is_not_taken_away(taken: World) -> None:
    data = exported(taken)
    edits.edit(taken, "sofie", lambda plan: one_more(plan, "A2"), PLAN)
    the_plan(data)["title"] = "Fietsen"
    again(taken, data)
    assert [one["id"] for one in as_now(taken)["activities"]] == ["A1", "A2"]


def test_what_was_taken_away_by_one_and_changed_by_the_other_is_refused(taken: World) -> None:
    edits.edit(taken, "sofie", lambda plan: one_more(plan, "A2"), PLAN)
    data = exported(taken)
    plan = the_plan(data)
    plan["activities"] = [activity(plan)]
    edits.edit(taken, "sofie", lambda plan: activity(plan, "A2").update(end="2024-11-30"), PLAN)
    with pytest.raises(ImportClash, match=r"A2 was removed from the file, and others changed of it since: end\."):
        again(taken, data)
    changed = exported(taken)
    activity(the_plan(changed), "A2")["end"] = "2024-10-31"
    edits.edit(taken, "sofie", lambda plan: plan.update(activities=[activity(plan)]), PLAN)
    with pytest.raises(ImportClash, match=r"A2 was removed by others since, and the file changes of it: end\."):
        again(taken, changed)


def test_what_something_hangs_on_is_not_taken_away(taken: World) -> None:
    edits.edit(taken, "sofie", lambda plan: one_more(plan, "A2"), PLAN)
    edits.edit(taken, "sofie", lambda plan: activity(plan, "A2").update(after=["A1"]), PLAN)
    data = exported(taken)
    plan = the_plan(data)
    plan["activities"] = [activity(plan, "A2")]
    with pytest.raises(ImportRefused, match="A1"):
        again(taken, data)


def test_an_evaluation_of_a_plan_that_began_is_not_taken_away(taken: World) -> None:
    taken.approve("start", plan_id=PLAN)
    assert taken.advance("start", plan_id=PLAN).refusal == ()
    data = exported(taken)
    del the_plan(data)["evaluations"]
    with pytest.raises(EditRefused) as raised:
        again(taken, data)
    assert raised.value.code == "edit-evaluation-fixed" or "edit-evaluation-fixed" in {
        one.code for one in raised.value.problems
    }


def test_a_plan_left_out_of_the_file_stays_and_is_told_of(taken: World) -> None:
    data = exported(taken)
    for objective in data["objectives"]:
        objective.pop("plans", None)
    outcome = again(taken, data)
    assert (outcome.events, outcome.summary["left_out"]) == ((), (PLAN,))
    assert taken.plan(PLAN)


# --- What stands above the plans


def test_what_stands_above_the_plans_is_compared_too(taken: World) -> None:
    data = exported(taken)
    data["indicators"][0]["title"] = "Aangegeven diefstallen"
    theirs = exported(taken)
    theirs["indicators"][0]["unit"] = "aangiften"
    theirs["stakeholders"][0]["name"] = "Vervoersmaatschappij"
    again(taken, theirs)
    again(taken, data)
    now = programme_document(taken.reading, "zvp-2024")
    assert (now["indicators"][0]["title"], now["indicators"][0]["unit"]) == ("Aangegeven diefstallen", "aangiften")
    assert now["stakeholders"][0]["name"] == "Vervoersmaatschappij"
    with pytest.raises(ImportClash) as raised:
        again(taken, {**data, "indicators": [{**data["indicators"][0], "unit": "feiten per jaar"}]})
    assert [one["stream"] for one in raised.value.changed] == ["installation"]


def test_parties_that_the_file_leaves_out_stay(taken: World) -> None:
    data = exported(taken)
    data["stakeholders"] = [one for one in data["stakeholders"] if one["id"] != "council"]
    before = taken.dump()
    assert again(taken, data).events == ()
    assert taken.dump() == before


# --- Bases of another log


def test_a_base_that_this_log_does_not_have_is_told_and_the_file_is_taken_as_it_stands(taken: World) -> None:
    data = exported(taken)
    data["base"] = {stream: f"{base.partition('-')[0]}-{'0' * 16}" for stream, base in data["base"].items()}
    edits.edit(taken, "sofie", lambda plan: plan.update(title="Fietsen"), PLAN)
    outcome = again(taken, data)
    assert outcome.summary["unknown"] == ("installation", PLAN)
    assert as_now(taken)["title"] == "Fietsdiefstal"


def test_a_base_that_no_export_wrote_is_refused_with_its_place(taken: World) -> None:
    data = exported(taken)
    data["base"][PLAN] = "gisteren"
    with pytest.raises(ImportRefused) as raised:
        again(taken, data)
    assert raised.value.problems[0].place.field == f"base.{PLAN}"
