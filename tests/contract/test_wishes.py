"""People are told by the channels, on the days and in the digests that they wish, on either database."""

import email
import email.policy
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final

import pytest

from pdca.audit.verify import verify
from pdca.delivery import ChooseChannels
from pdca.errors import NoRight, Usage
from pdca.notify.mail import plain_text
from pdca.notify.wishes import wishes_of
from pdca.people.wishes import SetWishes
from pdca.plans.ask_approval import AskApproval
from pdca.store.driver import Row, Statement
from pdca.store.reads import people
from pdca.store.verifying import StoredLog
from scheduler.channels.file import FileChannel
from scheduler.deliver import DeliveryCounts, run_until_done
from tests import seed
from tests.contract import edits
from tests.contract.world import MOMENTS, MOTIVE, PLAN, World, codes, morning
from workflows.instants import from_text, to_text

NOTIFICATIONS: Final = Statement(
    "every_notification",
    "SELECT n.*, r.handle FROM notification n JOIN person r ON r.person_id = n.person_id "
    "ORDER BY n.created_at, n.stream, n.seq, length(n.notification_id), n.notification_id",
)
OF_THE_BODY: Final = Statement(
    "events_of_the_body", "SELECT kind FROM event WHERE stream = 'installation' ORDER BY event_id"
)
MONDAY: Final = 0
HOUR: Final = timedelta(hours=1)


def wish(world: World, handle: str, by: str | None = None, **changed: object) -> None:
    world.by(by or handle, SetWishes(handle, changed))


def rows(world: World, handle: str) -> list[Row]:
    return [row for row in world.rows(NOTIFICATIONS) if row["handle"] == handle]


def delivered(world: World, folder: Path, handle: str) -> list[EmailMessage]:
    """Deliver what is due, and give what one person was sent by that."""
    before = set(folder.glob("*"))
    run_until_done(world.house, lambda _name: FileChannel(folder))
    found = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in sorted(set(folder.glob("*")) - before)
    ]
    return [one for one in found if handle in str(one["To"])]


def change_title(world: World, *titles: str) -> None:
    """Tell lead and approver something: what was approved is so no more."""
    for title in titles:
        world.by_administrator(edits.plan(title=title))
        world.approve("start", by="karel")


def ids(found: Sequence[Row]) -> list[str]:
    return [row["notification_id"] for row in found]


def test_a_digest_puts_together_all_that_came_since_the_last_one(world: World, tmp_path: Path) -> None:
    wish(world, "sofie", digest="daily", at=time(18))
    delivered(world, tmp_path, "sofie")
    change_title(world, '{"nl":"Een"}', '{"nl":"Twee"}')
    assert delivered(world, tmp_path, "sofie") == []
    waiting = rows(world, "sofie")
    assert len(waiting) == 4
    assert {row["not_before"] for row in waiting} == {to_text(seed.START.replace(hour=17))}
    world.go_to(seed.START.replace(hour=17))
    [letter] = delivered(world, tmp_path, "sofie")
    assert "4 berichten over P-001; het laatste is van 8 januari 2024" in str(letter["Subject"])
    text = plain_text(letter)[1]
    assert all(row["notification_id"] in " ".join(text.split()) for row in waiting)
    assert {(row["status"], row["digest"]) for row in rows(world, "sofie")} == {("sent", ids(waiting)[0])}
    change_title(world, '{"nl":"Drie"}')
    world.go_to(seed.START.replace(hour=17) + timedelta(days=1))
    [another] = delivered(world, tmp_path, "sofie")
    assert str(another["Message-ID"]) != str(letter["Message-ID"])
    assert verify(StoredLog(world.reading)).ok


def test_the_others_are_told_at_once(world: World, tmp_path: Path) -> None:
    wish(world, "karel", digest="weekly")
    world.by_administrator(edits.plan(title=edits.TITLE))
    world.take("start")
    assert delivered(world, tmp_path, "marc")
    assert {row["status"] for row in world.rows(NOTIFICATIONS) if row["handle"] != "karel"} == {"sent"}


def test_what_is_overdue_waits_for_no_digest_and_an_approval_that_is_asked_neither(
    world: World, tmp_path: Path
) -> None:
    for handle in ("sofie", "karel"):
        wish(world, handle, digest="weekly", by="sofie" if handle == "sofie" else "karel")
    world.by_administrator(edits.plan(title=edits.TITLE))
    world.by("sofie", AskApproval(PLAN, "start", MOTIVE))
    [asked] = delivered(world, tmp_path, "karel")
    assert "wacht op goedkeuring" in str(asked["Subject"])
    world.approve("start", by="karel")
    world.take("start")
    world.sweep_on(MOMENTS[0])
    for days in range(1, 40):
        world.sweep_on(morning(MOMENTS[0]) + timedelta(days=days))
    late = [row for row in rows(world, "sofie") if row["kind"] == "evaluation.overdue"]
    assert late
    assert all(row["not_before"] == row["created_at"] for row in late)


def test_a_quiet_day_holds_what_comes_until_the_next_that_is_not(world: World, tmp_path: Path) -> None:
    wish(world, "marc", quiet=frozenset({MONDAY}))
    world.take("start")
    assert delivered(world, tmp_path, "marc") == []
    world.go_to(datetime.fromisoformat("2024-01-09T06:29:00+00:00"))
    assert delivered(world, tmp_path, "marc") == []
    world.go_to(datetime.fromisoformat("2024-01-09T06:30:00+00:00"))
    assert len(delivered(world, tmp_path, "marc")) == 1


def test_who_alone_is_told_of_something_overdue_is_told_on_a_quiet_day_too(world: World) -> None:
    wish(world, "sofie", quiet_dates=((date(2024, 1, 1), date(2026, 1, 1)),))
    world.take("start")
    world.sweep_on(MOMENTS[0])
    for days in range(1, 40):
        world.sweep_on(morning(MOMENTS[0]) + timedelta(days=days))
    first = [row for row in rows(world, "sofie") if row["kind"].endswith("overdue")]
    assert first
    assert all(row["not_before"] == row["created_at"] for row in first)
    others = [row for row in rows(world, "sofie") if row["kind"] == "evaluation.opened"]
    assert all(row["not_before"] > row["created_at"] for row in others)


def test_days_that_are_no_working_days_of_the_body_are_quiet_for_who_wishes_so(world: World) -> None:
    wish(world, "marc", quiet_closed=True)
    world.go_to(datetime.fromisoformat("2024-04-01T08:00:00+00:00"))
    world.take("start")
    [row] = rows(world, "marc")
    closed = bool(world.rows(people.INSTALLATION)[0]["country"])
    assert (row["not_before"] > row["created_at"]) is closed


def test_other_wishes_hold_what_waits_otherwise_and_now_at_the_earliest(world: World, tmp_path: Path) -> None:
    wish(world, "sofie", digest="weekly", weekday=4)
    world.by_administrator(edits.plan(title=edits.TITLE))
    [waiting] = rows(world, "sofie")
    assert waiting["not_before"] == to_text(datetime.fromisoformat("2024-01-12T06:30:00+00:00"))
    wish(world, "sofie", at=time(12))
    assert rows(world, "sofie")[0]["not_before"] == to_text(datetime.fromisoformat("2024-01-12T11:00:00+00:00"))
    world.go_to(seed.START + HOUR)
    wish(world, "sofie", digest="none")
    assert from_text(rows(world, "sofie")[0]["not_before"]) == seed.START + HOUR
    assert len(delivered(world, tmp_path, "sofie")) == 1
    assert verify(StoredLog(world.reading)).ok


def test_a_message_is_given_up_five_days_after_it_might_go_and_not_after_it_came(world: World) -> None:
    wish(world, "sofie", digest="weekly", weekday=4)
    world.by_administrator(edits.plan(title=edits.TITLE))
    [row] = rows(world, "sofie")
    assert from_text(row["not_before"]) - from_text(row["created_at"]) > timedelta(days=3)


def test_somebody_is_told_by_the_channels_wished_as_far_as_they_are_chosen(world: World) -> None:
    world.by_administrator(ChooseChannels(("mail", "chat"), MOTIVE))
    wish(world, "sofie", channels=("chat", "webhook"))
    wish(world, "marc", channels=("webhook",))
    world.by_administrator(edits.plan(title=edits.TITLE))
    world.take("start")
    assert {row["channel"] for row in rows(world, "marc")} == {"mail", "chat"}
    assert {row["channel"] for row in rows(world, "sofie")} == {"chat"}


def test_everybody_sets_his_or_her_own_wishes_and_an_administrator_those_of_others(world: World) -> None:
    with pytest.raises(NoRight) as caught:
        wish(world, "sofie", by="marc", digest="daily")
    assert caught.value.code == "wishes-of-another"
    world.by_administrator(SetWishes("sofie", {"digest": "daily"}, "fr"))
    row = next(row for row in world.rows(people.PEOPLE) if row["handle"] == "sofie")
    assert (wishes_of(row["wishes"]).digest, row["language"]) == ("daily", "fr")
    assert world.rows(OF_THE_BODY)[-1]["kind"] == "person.wishes_set"
    before = world.dump()
    assert world.by("sofie", SetWishes("sofie", {"digest": "daily"})).events == ()
    assert world.dump() == before


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"quiet": frozenset(range(7))}, "no-day-left"),
        ({"quiet_dates": ((date(2024, 2, 2), date(2024, 2, 1)),)}, "quiet-backwards"),
    ],
)
def test_wishes_that_cannot_be_are_refused(world: World, changed: dict[str, Any], code: str) -> None:
    before = world.dump()
    with pytest.raises(Usage) as caught:
        wish(world, "sofie", **changed)
    assert caught.value.code == code
    assert world.dump() == before


def test_approval_is_asked_by_the_group_of_the_chief_and_of_whoever_is_named(world: World) -> None:
    assert codes(world.by("sofie", AskApproval(PLAN, "start", MOTIVE))) == ["already-approved"]
    world.by_administrator(edits.plan(title=edits.TITLE))
    assert codes(world.by("anna", AskApproval(PLAN, "start", MOTIVE))) == ["asks-for-no-plan-of-ones-own"]
    assert codes(world.by("sofie", AskApproval(PLAN, "close", MOTIVE))) == ["approval-not-now"]
    world.by("marc", AskApproval(PLAN, "start", MOTIVE, ("lea",)))
    event = world.last_event()
    assert (event["kind"], event["trigger"], event["reason"]) == ("plan.approval_asked", "start", MOTIVE)
    assert world.told(event["seq"]) == {"karel": "chief", "lea": "asked"}
    assert codes(world.approve("start", by="lea")) == []
    with pytest.raises(Usage) as caught:
        world.by("sofie", AskApproval(PLAN, "evaluate", MOTIVE))
    assert caught.value.code == "purpose-unknown"


def test_nothing_is_sent_twice_when_nothing_new_came(world: World, tmp_path: Path) -> None:
    wish(world, "sofie", digest="daily")
    world.take("start")
    world.go_to(seed.START + timedelta(days=2))
    delivered(world, tmp_path, "sofie")
    assert run_until_done(world.house, lambda _name: FileChannel(tmp_path)) == DeliveryCounts()
