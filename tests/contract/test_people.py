"""Adding people and appointing them; what they hold decides what they may do and what they are told."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pdca.engine import Command
from pdca.errors import NotFound, PdcaError, Refused, Usage
from pdca.people.commands import AddPerson, Appoint, EndAppointment
from pdca.people.discipline import StateDiscipline
from pdca.people.find import find_person
from pdca.plans.advance import Advance
from pdca.plans.facts import Attempt
from pdca.report.completeness import gaps
from tests import seed
from tests.contract.world import MOTIVE, PLAN, World, changed_rows, codes, nothing_but_the_refusal, untouched

TODAY = date(2024, 1, 8)


def somebody(**different: Any) -> AddPerson:  # noqa: ANN401 - any field of the command
    whole = {
        "handle": "nora",
        "name": "Nora Nieuw",
        "login": "nnieuw",
        "email": "nora@zone.example",
        "language": "nl",
        "access": "member",
        "parties": ("chief", "investigation"),
        "from_date": TODAY,
    }
    return AddPerson(**{**whole, **different})


def test_a_person_is_added_with_its_functions_in_one_event(world: World) -> None:
    before = world.dump()
    outcome = world.by_administrator(somebody())
    after = world.dump()
    new = changed_rows(before, after)
    assert sorted(new) == ["appointment", "installation", "person"]
    [person] = new["person"]
    assert person == {
        "person_id": "U-007",
        "handle": "nora",
        "name": "Nora Nieuw",
        "login": "nnieuw",
        "email": "nora@zone.example",
        "language": "nl",
        "access": "member",
        "wishes": None,
        "assumed": 0,
        "basis": None,
        "source": None,
        "note": None,
    }
    assert {(row["person_id"], row["party_id"], row["from_date"], row["until_date"]) for row in new["appointment"]} == {
        ("U-007", "chief", "2024-01-08", None),
        ("U-007", "investigation", "2024-01-08", None),
    }
    assert outcome.summary == {"person": "U-007", "handle": "nora", "parties": ["chief", "investigation"]}
    event = after["event"][-1]
    assert (event["stream"], event["kind"], event["plan_id"]) == ("installation", "person.added", None)
    assert b"Nora" not in event["body"]
    assert b"nora" not in event["body"]


@pytest.mark.parametrize(
    ("different", "kind", "code"),
    [
        ({"handle": "sofie"}, Usage, "person-exists"),
        ({"access": "king"}, Usage, "access-unknown"),
        ({"parties": ("chief", "nobody")}, NotFound, "party-unknown"),
        ({"parties": ("chief", "chief")}, Usage, "already-appointed"),
    ],
)
def test_what_cannot_be_added_leaves_no_trace(
    world: World, different: dict[str, Any], kind: type[PdcaError], code: str
) -> None:
    with untouched(world, kind, code):
        world.by_administrator(somebody(**different))


def test_a_login_belongs_to_one_person(world: World) -> None:
    world.by_administrator(somebody())
    with pytest.raises(Usage) as failure:
        world.by_administrator(somebody(handle="other"))
    assert failure.value.code == "person-exists"
    assert "nnieuw" in failure.value.message
    world.by_administrator(somebody(handle="one", login=None))
    world.by_administrator(somebody(handle="two", login=None))


@pytest.mark.parametrize("command", [somebody(), Appoint("sofie", ("chief",), TODAY)])
def test_only_an_administrator_adds_and_appoints(world: World, command: AddPerson | Appoint) -> None:
    for handle in ("sofie", "karel"):
        before = world.dump()
        with pytest.raises(Refused) as failure:
            world.by(handle, command)
        assert failure.value.code == "administrator-only"
        assert nothing_but_the_refusal(before, world.dump())


@pytest.mark.parametrize("who", ["marc", "U-003"])
def test_somebody_is_appointed_by_handle_or_id_and_may_then_do_what_belongs_to_the_function(
    world: World, who: str
) -> None:
    assert codes(world.advance("start", by="marc")) == ["not-allowed"]
    world.by_administrator(Appoint(who, ("prevention",), TODAY))
    assert world.advance("start", by="marc").refusal == ()
    assert world.told(world.last_event()["seq"]) == {"sofie": "lead"}


def test_an_appointment_counts_from_its_first_day_in_the_zone(world: World) -> None:
    world.by_administrator(Appoint("marc", ("prevention",), date(2024, 1, 21)))
    world.go_to(seed.START.replace(day=20, hour=22, minute=59))
    assert codes(world.advance("start", by="marc")) == ["not-allowed"]
    world.go_to(seed.START.replace(day=20, hour=23, minute=0))
    assert world.advance("start", by="marc").refusal == ()


@pytest.mark.parametrize(
    ("command", "kind", "code"),
    [
        (Appoint("nobody", ("chief",), TODAY), NotFound, "person-unknown"),
        (Appoint("sofie", ("nothing",), TODAY), NotFound, "party-unknown"),
        (Appoint("sofie", ("prevention",), TODAY), Usage, "already-appointed"),
        (Appoint("sofie", ("chief", "chief"), TODAY), Usage, "already-appointed"),
    ],
)
def test_an_appointment_that_cannot_be_leaves_no_trace(
    world: World, command: Appoint, kind: type[PdcaError], code: str
) -> None:
    with untouched(world, kind, code):
        world.by_administrator(command)


def test_somebody_whose_appointment_ends_can_be_appointed_again_from_then_on(world: World) -> None:
    ended = seed.Appointed("U-003", "chief", date(2024, 1, 8), date(2024, 6, 1))
    world.by_administrator(ended)
    with pytest.raises(Usage):
        world.by_administrator(Appoint("marc", ("chief",), date(2024, 5, 31)))
    world.by_administrator(Appoint("marc", ("chief",), date(2024, 6, 1)))
    assert len([row for row in world.dump()["appointment"] if row["party_id"] == "chief"]) == 3


def test_somebody_with_two_functions_in_a_plan_is_told_once_in_the_first_of_them(world: World) -> None:
    world.by_administrator(Appoint("anna", ("prevention", "investigation"), TODAY))
    world.take("start", "evaluate")
    assert world.told(world.last_event()["seq"]) == {"anna": "lead", "marc": "group"}
    told = [row for row in world.dump()["notification"] if row["seq"] == world.last_event()["seq"]]
    assert len(told) == 2


def test_a_person_is_found_by_id_handle_or_login(world: World) -> None:
    world.by_administrator(somebody())
    found = {find_person(world.reading, wanted)["person_id"] for wanted in ("U-007", "nora", "nnieuw")}
    assert found == {world.person_id("nora")}


def test_an_id_of_a_person_is_never_given_twice(world: World) -> None:
    ids = [world.by_administrator(somebody(handle=f"h{number}", login=None)).summary["person"] for number in range(4)]
    assert ids == ["U-007", "U-008", "U-009", "U-010"]


def test_who_leaves_a_function_holds_it_until_before_that_day_and_the_plan_is_reported_without_owner(
    world: World,
) -> None:
    def departed() -> list[tuple[str, str]]:
        found = gaps(world.reading, world.clock.now())
        return [(gap.subject, gap.belongs_to) for gap in found if gap.code == "owner-departed"]

    before = world.dump()
    outcome = world.by_administrator(EndAppointment("sofie", "prevention", date(2024, 1, 10), "Pensioen."))
    assert outcome.summary["until"] == "2024-01-10"
    assert sorted(changed_rows(before, world.dump())) == ["appointment", "installation"]
    assert world.dump()["event"][-1]["kind"] == "person.appointment_ended"
    world.go_to(datetime(2024, 1, 9, 22, 59, tzinfo=UTC))
    assert departed() == []
    world.go_to(datetime(2024, 1, 9, 23, 0, tzinfo=UTC))
    assert departed() == [("prevention", PLAN)]
    assert "not-allowed" in codes(world.by("sofie", Advance(PLAN, "start", attempt=Attempt(MOTIVE))))


@pytest.mark.parametrize(
    ("command", "kind", "code"),
    [
        (EndAppointment("sofie", "chief", TODAY), NotFound, "not-appointed"),
        (EndAppointment("nobody", "chief", TODAY), NotFound, "person-unknown"),
        (EndAppointment("sofie", "prevention", date(1990, 1, 1)), Usage, "appointment-to-come"),
        (StateDiscipline("nobody", "law"), NotFound, "party-unknown"),
        (StateDiscipline("chief", " "), Usage, "text-missing"),
    ],
)
def test_an_end_or_a_discipline_that_does_not_fit_leaves_no_trace(
    world: World, command: Command, kind: type[PdcaError], code: str
) -> None:
    with untouched(world, kind, code):
        world.by_administrator(command)


@pytest.mark.parametrize("command", [EndAppointment("sofie", "prevention", TODAY), StateDiscipline("chief", "law")])
def test_only_an_administrator_ends_appointments_and_states_disciplines(world: World, command: Command) -> None:
    with untouched(world, Refused, "administrator-only"):
        world.by("sofie", command)


def test_a_discipline_that_is_stated_is_no_assumption_any_more_and_stating_it_again_is_no_event(world: World) -> None:
    world.by_administrator(StateDiscipline("chief", "recht"))
    row = next(one for one in world.dump()["party"] if one["party_id"] == "chief")
    assert (row["discipline"], row["discipline_assumed"]) == ("recht", 0)
    events = len(world.dump()["event"])
    world.by_administrator(StateDiscipline("chief", " recht "))
    assert len(world.dump()["event"]) == events
