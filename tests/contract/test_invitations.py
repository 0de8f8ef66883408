"""Invitations to evaluations: for who wants them, sent again when the date moves and taken back; on either database."""

import email
import email.policy
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from pdca.errors import NoRight, Usage
from pdca.evaluations.extend import ApproveExtension, RequestExtension
from pdca.people.commands import EndAppointment
from pdca.people.invitations import SetInvitations
from pdca.people.substitution import Substitute
from pdca.store.driver import Row, Statement
from pdca.store.rows import Change
from scheduler.channels.file import FileChannel
from scheduler.deliver import run_once
from tests import calendars
from tests.calendars import Seen
from tests.contract import edits
from tests.contract.world import MOMENTS, MOTIVE, PLAN, World, morning, untouched

if TYPE_CHECKING:
    from collections.abc import Mapping

OUTBOX: Final = Statement(
    "invitations_in_outbox",
    "SELECT n.*, r.handle FROM notification n JOIN person r ON r.person_id = n.person_id "
    "WHERE n.kind = 'evaluation.invited' ORDER BY n.created_at, n.stream, n.seq, r.handle",
)
LATER: Final = date(2024, 5, 13)


@dataclass(frozen=True, slots=True)
class Mail:
    """A message as it was sent, with the one event of its calendar."""

    message: EmailMessage
    method: str
    event: Seen
    raw: Any

    @property
    def attendees(self) -> list[str]:
        return [one.value for one in self.raw.contents["attendee"]]


def sent(world: World, folder: Path) -> list[Mail]:
    """Deliver what waits, and read the messages with calendars in the order in which they were made."""
    run_once(world.house, FileChannel(folder), limit=1_000)
    return [read(folder / f"{row['notification_id']}.eml") for row in world.rows(OUTBOX)]


def read(path: Path) -> Mail:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert message.get_content_type() == "multipart/alternative"
    [part] = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    written = part.get_content()
    parsed = calendars.parsed(written)
    method = part.get_param("method")
    assert parsed.method.value == method
    [seen] = calendars.events(written).values()
    return Mail(message, str(method), seen, parsed.vevent)


def wants(world: World, *handles: str) -> None:
    for handle in handles:
        world.by(handle, SetInvitations(handle, wanted=True))


def rows(world: World) -> list[Row]:
    return world.rows(OUTBOX)


def told(world: World) -> list[tuple[str, str]]:
    return [(row["handle"], row["evaluation_id"]) for row in rows(world)]


def extend(world: World) -> None:
    world.by("sofie", RequestExtension("E-101", LATER, MOTIVE))
    world.by("karel", ApproveExtension("E-101", MOTIVE))


def test_nobody_is_invited_who_did_not_ask_for_it(world: World) -> None:
    assert world.sweep().invited == 0
    assert rows(world) == []


def test_who_asks_for_it_is_invited_once_to_every_evaluation_to_come(world: World, tmp_path: Path) -> None:
    wants(world, "sofie", "marc")
    assert world.sweep().invited == 3
    assert world.sweep().invited == 0
    assert sorted(told(world)) == [(handle, f"E-10{number}") for handle in ("marc", "sofie") for number in (1, 2, 3)]
    first, *_others = sent(world, tmp_path / "outbox")
    assert (first.method, first.event.start, first.event.sequence) == ("REQUEST", morning(MOMENTS[0]), 0)
    assert first.event.uid == "E-101@pz-test.simulation.pdca"
    assert first.event.status == "CONFIRMED"


def test_each_message_is_to_one_person_and_its_calendar_names_no_other(world: World, tmp_path: Path) -> None:
    wants(world, "sofie", "marc")
    world.sweep()
    mails = sent(world, tmp_path / "outbox")
    assert len(mails) == 6
    for mail in mails:
        address = mail.message["To"].addresses[0].addr_spec
        assert mail.attendees == [f"mailto:{address}"]
        organizer = mail.message["From"].addresses[0].addr_spec
        assert mail.raw.organizer.value == f"mailto:{organizer}"
        assert mail.raw.attendee.params["RSVP"] == ["FALSE"]
        kinds = [part.get_content_type() for part in mail.message.iter_parts()]
        assert (kinds[0], kinds[-1]) == ("text/plain", "text/calendar")


def test_the_words_around_it_are_in_the_language_of_the_person(world: World, tmp_path: Path) -> None:
    wants(world, "marc", "sofie")
    world.sweep()
    subjects = {
        mail.message["To"].addresses[0].addr_spec: mail.message["Subject"]
        for mail in sent(world, tmp_path / "outbox")
        if mail.event.uid.startswith("E-101")
    }
    assert "uitnodiging" in subjects["sofie@zone.example"]
    assert "invitation à l\u2019évaluation" in subjects["marc@zone.example"]


def test_a_moved_evaluation_is_the_same_event_with_the_next_sequence(world: World, tmp_path: Path) -> None:
    wants(world, "sofie")
    world.sweep()
    extend(world)
    assert world.sweep().invited == 1
    first, moved = [mail for mail in sent(world, tmp_path / "outbox") if mail.event.uid.startswith("E-101")]
    assert (moved.method, moved.event.start, moved.event.sequence) == ("REQUEST", morning(LATER), 1)
    assert moved.event.uid == first.event.uid
    assert moved.message["Message-ID"] != first.message["Message-ID"]


def test_a_missed_evaluation_is_taken_out_of_the_calendar(world: World, tmp_path: Path) -> None:
    wants(world, "sofie")
    world.sweep()
    assert world.sweep_on(MOMENTS[0]).invited == 1
    cancelled = sent(world, tmp_path / "outbox")[-1]
    assert (cancelled.method, cancelled.event.status, cancelled.event.sequence) == ("CANCEL", "CANCELLED", 1)
    assert cancelled.event.start == morning(MOMENTS[0])
    assert world.sweep().invited == 0


def test_an_evaluation_that_is_held_is_left_in_the_calendar(world: World) -> None:
    wants(world, "sofie")
    world.take("start")
    world.sweep()
    before = len(rows(world))
    world.sweep_on(MOMENTS[0])
    world.record()
    assert world.sweep().invited == 0
    assert len(rows(world)) == before


def test_who_leaves_or_wants_it_no_more_is_taken_off_and_may_come_back(world: World, tmp_path: Path) -> None:
    wants(world, "sofie", "marc")
    world.sweep()
    world.by_administrator(EndAppointment("marc", "investigation", date(2024, 2, 1)))
    assert world.sweep().invited == 3
    world.by("sofie", SetInvitations("sofie", wanted=False))
    assert world.sweep().invited == 3
    wants(world, "sofie")
    world.sweep()
    last = [mail for mail in sent(world, tmp_path / "outbox") if mail.event.uid.startswith("E-101")]
    assert [(mail.method, mail.event.sequence) for mail in last if "sofie@zone.example" in mail.attendees[0]] == [
        ("REQUEST", 0),
        ("CANCEL", 1),
        ("REQUEST", 2),
    ]


def test_who_stands_in_on_the_day_is_invited_to_what_falls_on_it(world: World) -> None:
    wants(world, "karel")
    world.by_administrator(Substitute("sofie", "karel", MOMENTS[0], MOMENTS[0], MOTIVE))
    world.sweep()
    assert told(world) == [("karel", "E-101")]


def test_a_restricted_plan_is_private_in_the_calendar(world: World, tmp_path: Path) -> None:
    world.by("sofie", edits.plan(restricted=1))
    wants(world, "sofie")
    world.sweep()
    assert all(mail.event.private for mail in sent(world, tmp_path / "outbox"))


def test_a_message_that_is_sent_again_is_the_same_to_the_byte(world: World, tmp_path: Path) -> None:
    wants(world, "sofie")
    world.sweep()
    sent(world, tmp_path / "outbox")
    [first, *_others] = rows(world)
    again: Mapping[str, object] = {"status": "pending", "sent_at": None, "sha256": None}
    key = {"notification_id": first["notification_id"]}
    world.by_administrator(edits.Edit([Change("update", "notification", key, again)]))
    run_once(world.house, FileChannel(tmp_path / "again"))
    name = f"{first['notification_id']}.eml"
    assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "outbox" / name).read_bytes()


def test_only_the_person_and_administrators_say_so(world: World) -> None:
    with pytest.raises(NoRight):
        world.by("marc", SetInvitations("sofie", wanted=True))
    world.by_administrator(SetInvitations("sofie", wanted=True))
    event = world.last_event
    assert world.by_administrator(SetInvitations("sofie", wanted=True)).events == ()
    assert event() == world.last_event()


def test_who_has_no_address_cannot_be_invited(world: World) -> None:
    nobody = world.person_id("sofie")
    world.by_administrator(
        edits.Edit([Change("update", "person", {"person_id": nobody}, {"email": None})], PLAN, "test.unaddressed")
    )
    with untouched(world, Usage, "no-address-to-invite"):
        world.by("sofie", SetInvitations("sofie", wanted=True))
