"""Four eyes: a step is approved by somebody else, for exactly the plan as it is (DOMAIN, `start`, `close`, `embed`)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

import pytest

from pdca.content import content_hash
from pdca.errors import Conflict, NotFound, PdcaError, Usage
from pdca.evaluations.extend import ApproveExtension, RequestExtension
from pdca.people.commands import Appoint
from pdca.people.substitution import Substitute
from pdca.plans.advance import Seen
from pdca.plans.approve import Approve
from pdca.report.approvals import approvals_of
from pdca.store.driver import Statement
from pdca.store.rows import Change, insert, update
from tests import seed
from tests.contract import edits
from tests.contract.world import MOTIVE, PLAN, World, codes, nothing_but_the_refusal, untouched
from workflows.instants import to_text


def withdraw(world: World) -> None:
    """Void the approval that the seeded plan comes with."""
    world.by_administrator(edits.plan(title=edits.TITLE))


def test_an_approval_keeps_who_when_why_and_the_hash_of_what_was_approved(world: World) -> None:
    withdraw(world)
    outcome = world.approve("start", by="karel")
    row = world.approvals()[-1]
    assert row["content_sha256"] == content_hash(world.reading, PLAN) == outcome.summary["content_sha256"]
    assert (row["number"], row["purpose"], row["reason"]) == (2, "start", MOTIVE)
    assert (row["approved_by"], row["used_at"], row["voided_at"]) == (world.person_id("karel"), None, None)
    event = world.last_event()
    assert (event["kind"], event["trigger"], event["reason"]) == ("plan.approved", "start", MOTIVE)
    assert world.told(event["seq"]) == {"sofie": "lead"}


@pytest.mark.parametrize("handle", ["sofie", "stand-in", "deputy", "author"])
def test_nobody_approves_what_he_or_she_owns_or_wrote_not_even_for_somebody_else(world: World, handle: str) -> None:
    for name, party in (("stand-in", "chief"), ("deputy", "council"), ("author", "chief")):
        world.by_administrator(seed.adding(seed.Somebody(name, name, party=party), seed.START.date()))
    day = seed.START.date()
    world.by_administrator(Substitute("sofie", "stand-in", day, day, "Verlof."))
    world.by("author", edits.member("council", role="deputy"))
    code = "approver-is-author" if handle == "author" else "approver-owns-plan"
    before = world.dump()
    assert codes(world.approve("start", by=handle)) == [code]
    assert nothing_but_the_refusal(before, world.dump())
    event = world.last_event()
    assert (event["kind"], event["trigger"], event["refused"]) == ("approval.refused", "start", [code])
    assert codes(world.approve("start", by="karel")) == []


def test_a_refusal_calls_the_step_as_the_method_calls_it_in_the_language_of_the_reader(world: World) -> None:
    (later,) = world.approve("close", by="karel").refusal
    assert later.words("nl").startswith("“Afsluiten”")
    world.approve("start", by="karel")
    (again,) = world.approve("start", by="karel").refusal
    assert "“Starten”" in again.words("nl")


def test_the_administrator_is_not_exempt(world: World) -> None:
    withdraw(world)
    nobody = ["approver-not-of-the-body", "approver-is-author"]
    assert codes(world.by_administrator(Approve(PLAN, "start", MOTIVE))) == nobody
    world.by_administrator(Appoint("U-001", ("prevention",), seed.START.date()))
    assert codes(world.by_administrator(Approve(PLAN, "start", MOTIVE))) == ["approver-owns-plan", "approver-is-author"]


def test_who_acts_for_an_author_does_not_approve_nor_does_an_author_on_whose_behalf_somebody_wrote(
    world: World,
) -> None:
    day = seed.START.date()
    world.by_administrator(seed.adding(seed.Somebody("nora", "Nora", party="chief"), day))
    world.by_administrator(Substitute("marc", "nora", day, day, "Verlof."))
    stands_in = replace(world.house, as_person="nora", on_behalf_of="marc")
    stands_in.apply(edits.plan(title=edits.TITLE))
    assert world.last_event()["on_behalf_of"] == world.person_id("marc")
    assert codes(world.approve("start", by="marc")) == ["approver-is-author"]
    assert codes(world.approve("start", by="nora")) == ["approver-is-author"]
    world.by_administrator(Substitute("nora", "karel", day, day, "Ook verlof."))
    assert codes(world.approve("start", by="karel")) == ["approver-is-author"]


@pytest.mark.parametrize(
    "change",
    [
        update("indicator", {"indicator_id": "thefts"}, title='{"en":"Bicycle thefts"}'),
        update("party", {"party_id": "investigation"}, discipline="law"),
        insert(
            "target",
            {"indicator_id": "thefts", "number": 2},
            direction="down",
            known_at=to_text(seed.START),
            recorded_at=to_text(seed.START),
            assumed=0,
        ),
    ],
    ids=lambda change: change.table,
)
def test_who_writes_what_the_plan_is_measured_by_and_worked_with_does_not_approve_it(
    world: World, change: Change
) -> None:
    world.by("karel", seed.Plant([change]))
    assert codes(world.approve("start", by="karel")) == ["approver-is-author"]
    assert codes(world.approve("start", by="lea")) == []


@pytest.mark.parametrize(
    "change",
    [
        update("party", {"party_id": "chief"}, discipline="law"),
        update("party", {"party_id": "prevention"}, name='{"en":"Prevention of crime"}'),
    ],
    ids=["what the plan does not name", "what is not part of it"],
)
def test_who_writes_what_is_no_part_of_the_plan_may_approve_it(world: World, change: Change) -> None:
    withdraw(world)
    world.by("karel", seed.Plant([change]))
    assert codes(world.approve("start", by="karel")) == []


def test_what_was_written_before_the_plan_was_there_is_not_written_of_it(world: World) -> None:
    world.by("karel", seed.Plant([update("indicator", {"indicator_id": "thefts"}, title='{"en":"Bicycle thefts"}')]))
    seed.plan(world.house, "P-002", people=())
    world.by_administrator(edits.plan("P-002", title=edits.TITLE))
    assert codes(world.by("karel", Approve("P-002", "start", MOTIVE))) == []


@pytest.mark.parametrize(
    ("purpose", "reason", "code"), [("close", MOTIVE, "approval-not-now"), ("start", " ", "no-motive")]
)
def test_an_approval_is_for_a_step_that_can_come_now_and_has_a_motive(
    world: World, purpose: str, reason: str, code: str
) -> None:
    withdraw(world)
    assert codes(world.by("karel", Approve(PLAN, purpose, reason))) == [code]


def test_the_same_plan_is_not_approved_twice_for_the_same_step(world: World) -> None:
    assert codes(world.approve("start", by="karel")) == ["already-approved"]


@pytest.mark.parametrize(
    ("command", "kind", "code"),
    [
        (Approve("P-009", "start", MOTIVE), NotFound, "plan-unknown"),
        (Approve(PLAN, "evaluate", MOTIVE), Usage, "purpose-unknown"),
        (Approve(PLAN, "start", MOTIVE, Seen(7)), Conflict, "changed-meanwhile"),
    ],
)
def test_what_does_not_fit_is_an_error_that_leaves_no_trace(
    world: World, command: Approve, kind: type[PdcaError], code: str
) -> None:
    with untouched(world, kind, code):
        world.by("karel", command)


def test_a_change_voids_the_approval_in_the_same_event_and_approver_and_lead_are_told(world: World) -> None:
    world.by("marc", edits.plan(title=edits.TITLE))
    event = world.last_event()
    assert event["kind"] == "plan.edited"
    assert [change["table"] for change in event["changes"]] == ["plan", "approval", "notification", "notification"]
    assert world.told(event["seq"]) == {"lea": "approver", "sofie": "lead"}
    row = world.approvals()[-1]
    assert (row["voided_at"], row["voided_because"]) == (event["at"], "plan.edited")
    assert codes(world.advance("start")) == ["not-approved"]
    world.approve("start", by="karel")
    world.take("start")


def test_who_changes_the_plan_need_not_be_told_that_the_approval_is_void(world: World) -> None:
    world.by("sofie", edits.plan(title=edits.TITLE))
    assert world.told(world.last_event()["seq"]) == {"lea": "approver"}


def test_the_hash_is_compared_too_so_that_a_change_behind_the_back_of_the_program_does_not_slip_through(
    world: World,
) -> None:
    with world.house.database.connect(writing=True) as connection:
        connection.begin()
        connection.run(Statement("by_hand", "UPDATE plan SET mmm = 2 WHERE plan_id = 'P-001'"))
        connection.commit()
    assert world.approvals()[-1]["voided_at"] is None
    assert "approval-outdated" in codes(world.advance("start"))
    with world.house.database.connect(writing=True) as connection:
        connection.begin()
        connection.run(Statement("by_hand", "UPDATE plan SET mmm = 0 WHERE plan_id = 'P-001'"))
        connection.commit()
    world.take("start")


def test_what_happens_to_a_plan_does_not_void_what_was_approved(world: World) -> None:
    world.take("suspend", "resume")
    before = content_hash(world.reading, PLAN)
    world.sweep_on(date(2024, 4, 8))
    assert world.evaluation("E-101")["status"] == "missed"
    assert content_hash(world.reading, PLAN) == before
    assert world.approvals()[-1]["voided_at"] is None
    world.take("start")


def test_an_approval_is_good_for_one_step(world: World) -> None:
    world.take("start")
    assert world.approvals()[-1]["used_at"] == world.last_event()["at"]
    world.take("evaluate", "record", "conclude")
    world.approve("close")
    world.approve("embed")
    world.take("replan")
    assert [(row["purpose"], row["used_at"] is not None, row["voided_because"]) for row in world.approvals()] == [
        ("start", True, None),
        ("close", False, "plan.advanced"),
        ("embed", False, "plan.advanced"),
    ]
    assert world.told(world.last_event()["seq"]) == {"marc": "group"}
    assert codes(world.advance("start")) == ["not-approved"]


@pytest.mark.parametrize("trigger", ["close", "embed"])
def test_the_end_needs_approval_by_another(world: World, trigger: str) -> None:
    world.take("start", "evaluate", "record", "conclude")
    assert codes(world.advance(trigger)) == ["not-approved"]
    assert codes(world.approve(trigger, by="sofie")) == ["approver-owns-plan"]
    world.approve(trigger, by="karel")
    assert codes(world.advance(trigger)) == []


def test_who_approved_does_not_take_the_step_nor_does_who_acts_for_him(world: World) -> None:
    today = seed.START.date()
    world.by_administrator(Appoint("anna", ("prevention",), today))
    world.by_administrator(Substitute("lea", "anna", today, today, "Verlof."))
    assert codes(world.advance("start", by="anna")) == ["approved-by-self"]
    assert codes(world.advance("start", by="sofie")) == []


def _appointed(world: World) -> None:
    world.by_administrator(Appoint("lea", ("prevention",), seed.START.date()))


def _acting(world: World) -> None:
    world.by_administrator(Substitute("sofie", "lea", seed.START.date(), seed.START.date(), "Verlof."))


def test_each_approval_of_one_instant_is_void_by_the_change_that_followed_it(world: World) -> None:
    withdraw(world)
    changes = []
    for title in ("Street crime", "Street crime, once more"):
        world.approve("start", by="karel")
        world.by_administrator(edits.plan(title=f'{{"en":"{title}"}}'))
        changes.append(max(int(row["event_id"]) for row in world.dump()["event"]))
    views = approvals_of(world.reading, world.plan(), world.clock.now())
    assert [view["changed_event"] for view in views if view["approved_by"] == world.person_id("karel")] == changes


@pytest.mark.parametrize("comes_to_own", [_appointed, _acting])
def test_an_approval_by_who_came_to_own_the_plan_does_not_count_and_another_may_approve(
    world: World, comes_to_own: Callable[[World], None]
) -> None:
    comes_to_own(world)
    for handle in ("lea", "sofie"):
        assert codes(world.advance("start", by=handle)) == ["approved-by-owner"]
    [view] = approvals_of(world.reading, world.plan(), world.clock.now())
    assert view["status"] == "owner"
    world.approve("start", by="karel")
    assert codes(world.advance("start", by="sofie")) == []


@pytest.mark.parametrize("restricted", [0, 1])
@pytest.mark.parametrize(
    ("kind", "may"), [("partner", False), ("public", False), ("internal", False), ("authority", True)]
)
def test_who_approves_stands_for_the_body_or_an_authority(world: World, kind: str, may: bool, restricted: int) -> None:
    world.by_administrator(edits.plan(title=edits.TITLE, restricted=restricted))
    world.by_administrator(seed.Plant([update("party", {"party_id": "transport"}, kind=kind)]))
    assert codes(world.approve("start", by="anna")) == ([] if may else ["approver-not-of-the-body"])


def test_a_substitute_approves_in_the_stead_of_who_may_and_the_log_says_so(world: World) -> None:
    withdraw(world)
    day = seed.START.date()
    world.by_administrator(Substitute("karel", "anna", day, day, "Verlof."))
    assert codes(world.approve("start", by="anna")) == []
    assert world.last_event()["on_behalf_of"] == world.person_id("karel")


def test_what_is_approved_is_what_was_read(world: World) -> None:
    withdraw(world)
    read = content_hash(world.reading, PLAN)
    before = world.dump()
    for beginning, kind, code in (
        (read[:7], Usage, "content-unusable"),
        ("not a hash", Usage, "content-unusable"),
        ("0" * 8 if read[:8] != "0" * 8 else "1" * 8, Conflict, "content-changed"),
    ):
        with pytest.raises(kind) as failure:
            world.by("karel", Approve(PLAN, "start", MOTIVE, content=beginning))
        assert failure.value.code == code
    assert world.dump() == before
    assert codes(world.by("karel", Approve(PLAN, "start", MOTIVE, content=read[:8]))) == []


def test_of_a_used_approval_it_is_said_that_the_plan_was_changed_since(world: World) -> None:
    world.take("start")
    [view] = approvals_of(world.reading, world.plan(), world.clock.now())
    assert (view["status"], view["fits"]) == ("used", True)
    world.by("marc", edits.plan(title=edits.TITLE))
    [view] = approvals_of(world.reading, world.plan(), world.clock.now())
    assert (view["status"], view["fits"]) == ("used", False)


def test_an_extension_asked_on_behalf_of_somebody_is_not_approved_by_that_somebody(world: World) -> None:
    today = seed.START.date()
    world.by_administrator(Substitute("sofie", "anna", today, today, "Verlof."))
    world.by("anna", RequestExtension("E-101", date(2024, 5, 6), MOTIVE))
    assert world.last_event()["on_behalf_of"] == world.person_id("sofie")
    approve = ApproveExtension("E-101", MOTIVE)
    assert codes(world.by("sofie", approve)) == ["extension-own-request"]
    assert codes(world.by("anna", approve)) == ["extension-own-request"]
    world.by_administrator(Substitute("anna", "lea", today, today, "Verlof."))
    assert codes(world.by("lea", approve)) == ["extension-own-request"]
    assert codes(world.by("karel", approve)) == []


# --- what the database itself holds

BY_HAND: Final = Statement(
    "approval_by_hand",
    "INSERT INTO approval (plan_id, number, purpose, content_sha256, reason, approved_by, approved_at) "
    "VALUES ('P-001', 9, 'start', 'x', 'x', :person, :at)",
)
CHANGED_BY_HAND: Final = Statement("approval_changed_by_hand", "UPDATE approval SET approved_by = :person")


def refused_by_the_database(world: World, statement: Statement, **parameters: object) -> bool:
    with world.house.database.connect(writing=True) as connection:
        connection.begin()
        try:
            connection.run(statement, **parameters)
        except Exception as error:  # noqa: BLE001 - each driver has its own
            return "other eyes" in str(error)
        finally:
            connection.rollback()
    return False


def test_the_database_refuses_an_approval_by_the_author_or_by_who_leads_the_plan(world: World) -> None:
    at = "2024-02-01T08:00:00.000000Z"
    world.by_administrator(edits.plan(author_id=world.person_id("anna")))
    for handle, refused in (("anna", True), ("sofie", True), ("karel", False)):
        person = world.person_id(handle)
        assert refused_by_the_database(world, BY_HAND, person=person, at=at) is refused
        assert refused_by_the_database(world, CHANGED_BY_HAND, person=person) is (handle == "anna")
    world.go_to(datetime(2024, 2, 1, tzinfo=UTC))
    withdraw(world)
    world.approve("start", by="karel")
    assert refused_by_the_database(world, CHANGED_BY_HAND, person=world.person_id("sofie"))
