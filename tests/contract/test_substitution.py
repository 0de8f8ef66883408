"""Substitution between two dates: the substitute acts on behalf of the absent person, and the log says so."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest

from pdca.engine import Command, Outcome
from pdca.errors import NotFound, PdcaError, Refused, Usage
from pdca.people.commands import AddPerson
from pdca.people.substitution import EndSubstitution, Substitute
from pdca.plans.advance import Advance
from pdca.plans.facts import Attempt
from pdca.store.jsontext import from_json
from tests import seed
from tests.contract import edits
from tests.contract.world import MOTIVE, PLAN, World, codes, nothing_but_the_refusal, untouched

FIRST: Final = date(2024, 1, 22)
LAST: Final = date(2024, 1, 26)
START: Final = Advance(PLAN, "start", attempt=Attempt(MOTIVE))
NOON: Final = datetime(2024, 1, 24, 12, tzinfo=UTC)


def substitute(
    world: World, absent: str = "sofie", by: str = "anna", first: date = FIRST, last: date = LAST
) -> Outcome:
    return world.by_administrator(Substitute(absent, by, first, last, "Verlof."))


def people(world: World) -> Mapping[str, str]:
    return {row["handle"]: row["person_id"] for row in world.dump()["person"]}


def for_somebody(world: World, handle: str, absent: str, command: Command) -> Outcome:
    return replace(world.house, as_person=handle, on_behalf_of=absent).apply(command)


def test_a_substitution_keeps_who_for_whom_when_and_why(world: World) -> None:
    assert substitute(world).summary == {
        "substitution": "S-001",
        "absent": people(world)["sofie"],
        "substitute": people(world)["anna"],
    }
    [row] = world.dump()["substitution"]
    assert (row["from_date"], row["until_date"], row["reason"]) == ("2024-01-22", "2024-01-26", "Verlof.")
    assert row["recorded_by"] == "U-001"


@pytest.mark.parametrize(
    ("instant", "allowed"),
    [
        (datetime(2024, 1, 21, 22, 59, tzinfo=UTC), False),
        (datetime(2024, 1, 21, 23, 0, tzinfo=UTC), True),
        (datetime(2024, 1, 26, 22, 59, tzinfo=UTC), True),
        (datetime(2024, 1, 26, 23, 0, tzinfo=UTC), False),
    ],
)
def test_the_substitute_has_the_roles_of_the_absent_from_the_first_local_day_through_the_last(
    world: World, instant: datetime, allowed: bool
) -> None:
    substitute(world)
    world.go_to(instant)
    assert (codes(world.by("anna", START)) == []) is allowed
    event = world.last_event()
    assert event["actor"] == people(world)["anna"]
    assert event["on_behalf_of"] == (people(world)["sofie"] if allowed else None)


def test_the_absent_person_may_still_act_and_then_acts_for_nobody_else(world: World) -> None:
    substitute(world)
    world.go_to(NOON)
    assert codes(world.by("sofie", START)) == []
    assert world.last_event()["on_behalf_of"] is None


def test_who_has_the_role_already_acts_in_his_own_right(world: World) -> None:
    world.by_administrator(seed.adding(seed.Somebody("pia", "Pia", party="prevention"), seed.START.date()))
    substitute(world, by="pia")
    world.go_to(NOON)
    assert codes(world.by("pia", START)) == []
    assert world.last_event()["on_behalf_of"] is None


def test_a_substitute_of_a_substitute_has_nothing_of_the_first(world: World) -> None:
    substitute(world)
    substitute(world, absent="anna", by="marc")
    world.go_to(NOON)
    assert codes(world.by("marc", START)) == ["not-allowed"]


def test_with_several_absent_people_it_has_to_be_said_for_whom(world: World) -> None:
    world.by_administrator(seed.adding(seed.Somebody("pia", "Pia", party="prevention"), seed.START.date()))
    substitute(world)
    substitute(world, absent="pia")
    substitute(world, absent="karel")
    world.go_to(NOON)
    with pytest.raises(Usage) as failure:
        world.by("anna", START)
    assert failure.value.code == "several-absent"
    assert all(people(world)[name] in failure.value.message for name in ("sofie", "pia"))
    assert codes(for_somebody(world, "anna", "karel", START)) == ["not-allowed"]
    assert world.last_event()["on_behalf_of"] == people(world)["karel"]
    assert codes(for_somebody(world, "anna", "pia", START)) == []
    assert world.last_event()["on_behalf_of"] == people(world)["pia"]


def test_nobody_acts_for_somebody_without_a_substitution(world: World) -> None:
    substitute(world)
    with untouched(world, Refused, "no-substitution"):
        for_somebody(world, "anna", "sofie", START)
    world.go_to(NOON)
    for handle, absent in (("marc", "sofie"), ("anna", "karel")):
        before = world.dump()
        with pytest.raises(Refused):
            for_somebody(world, handle, absent, START)
        assert nothing_but_the_refusal(before, world.dump())


def test_on_behalf_of_a_member_one_is_no_administrator(world: World) -> None:
    today = seed.START.date()
    world.by_administrator(Substitute("marc", "U-001", today, today, "Verlof."))
    as_marc = replace(world.house, on_behalf_of="marc")
    assert codes(as_marc.apply(START)) == ["not-allowed"]
    assert world.last_event()["on_behalf_of"] == people(world)["marc"]


def test_the_substitute_is_told_what_the_absent_person_is(world: World) -> None:
    world.by_administrator(seed.adding(seed.Somebody("nora", "Nora", party="council"), seed.START.date()))
    substitute(world, absent="sofie", by="nora")
    substitute(world, absent="marc", by="nora", first=LAST + timedelta(days=1), last=LAST + timedelta(days=1))
    world.by("marc", edits.plan(title='{"en":"Other"}'))
    assert world.told(world.last_event()["seq"]) == {"lea": "approver", "sofie": "lead"}
    world.go_to(NOON)
    world.take("start")
    assert world.told(world.last_event()["seq"]) == {"nora": "lead", "marc": "group"}
    world.go_to(datetime(2024, 1, 27, 12, tzinfo=UTC))
    world.take("suspend")
    assert world.told(world.last_event()["seq"]) == {"marc": "group", "nora": "group"}
    world.go_to(datetime(2024, 1, 28, 12, tzinfo=UTC))
    world.take("resume")
    assert world.told(world.last_event()["seq"]) == {"marc": "group"}


def test_the_message_tells_a_substitute_that_it_comes_in_the_place_of_somebody_else(world: World) -> None:
    world.by_administrator(seed.adding(seed.Somebody("nora", "Nora", party="council"), seed.START.date()))
    substitute(world, absent="sofie", by="nora")
    world.go_to(NOON)
    world.take("start")
    seq = world.last_event()["seq"]
    instead = {
        row["person_id"]: from_json(row["parameters"]).get("instead", False)
        for row in world.dump()["notification"]
        if row["plan_id"] == PLAN and row["seq"] == seq
    }
    assert instead == {people(world)["nora"]: True, people(world)["marc"]: False}


def test_who_acts_for_the_owner_does_not_record_the_evaluation(world: World) -> None:
    world.take("start", "evaluate")
    substitute(world)
    world.go_to(NOON)
    assert codes(world.record("E-101", by="anna")) == ["evaluator-owns-plan"]
    world.go_to(datetime(2024, 1, 27, 12, tzinfo=UTC))
    assert codes(world.record("E-101", by="anna")) == []


@pytest.mark.parametrize(
    ("command", "kind", "code"),
    [
        (Substitute("sofie", "sofie", FIRST, LAST, "x"), Usage, "substitutes-self"),
        (Substitute("sofie", "anna", LAST, FIRST, "x"), Usage, "substitution-backwards"),
        (Substitute("sofie", "anna", date(2024, 1, 1), date(2024, 1, 7), "x"), Usage, "substitution-past"),
        (Substitute("sofie", "anna", FIRST, LAST, " "), Usage, "reason-missing"),
        (Substitute("sofie", "audrey", FIRST, LAST, "x"), Usage, "substitute-may-not-write"),
        (Substitute("nobody", "anna", FIRST, LAST, "x"), NotFound, "person-unknown"),
        (Substitute("sofie", "karel", FIRST, LAST, "x"), Usage, "substitution-exists"),
        (EndSubstitution("S-009", FIRST, "x"), NotFound, "substitution-unknown"),
        (EndSubstitution("S-001", LAST, "x"), Usage, "substitution-end"),
        (EndSubstitution("S-001", date(2024, 1, 21), "x"), Usage, "substitution-end"),
        (EndSubstitution("S-001", FIRST, ""), Usage, "reason-missing"),
    ],
)
def test_a_substitution_that_does_not_fit_is_refused_and_leaves_no_trace(
    world: World, command: Command, kind: type[PdcaError], code: str
) -> None:
    substitute(world, by="karel")
    auditor = AddPerson("audrey", "Audrey", None, None, "en", "auditor", (), seed.START.date())
    world.by_administrator(auditor)
    with untouched(world, kind, code):
        world.by_administrator(command)


def test_only_the_absent_person_and_administrators_record_a_substitution(world: World) -> None:
    for handle in ("anna", "karel"):
        with pytest.raises(Refused) as failure:
            world.by(handle, Substitute("sofie", "anna", FIRST, LAST, "x"))
        assert failure.value.code == "not-your-absence"
    world.by("sofie", Substitute("sofie", "anna", FIRST, LAST, "x"))
    with pytest.raises(Refused):
        world.by("anna", EndSubstitution("S-001", FIRST, "x"))
    world.by("sofie", EndSubstitution("S-001", FIRST, "Terug."))
    assert world.dump()["substitution"][0]["until_date"] == "2024-01-22"
    world.go_to(datetime(2024, 1, 23, 12, tzinfo=UTC))
    assert codes(world.by("anna", START)) == ["not-allowed"]
