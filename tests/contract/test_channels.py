"""By which channels people are told, and sending again what was given up, on either database."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from pdca.delivery import ChooseChannels, Delivered, GatherMessages, RecordDelivery, SendAgain
from pdca.engine import Command
from pdca.errors import Failed, NoRight, NotFound, Refused, Usage
from pdca.house import House
from pdca.plans.advance import Advance
from pdca.store.rows import insert
from scheduler.channels import Channel
from scheduler.channels.answer import Answer, Later, Sent
from scheduler.channels.file import FileChannel
from scheduler.deliver import LONGEST_PAUSE, DeliveryCounts, run_once, run_until_done
from tests import seed
from tests.contract.delivering import GROUP, advance_clock, outbox
from workflows.instants import from_text, to_text


@dataclass
class Standing:
    """A channel that gives one answer, once it is let; it keeps the ids of what it was given."""

    answer: Answer = field(default_factory=lambda: Sent("0" * 64))
    begin: Callable[[], object] = lambda: None
    outward: bool = False
    sender: str | None = None
    given: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to do."""

    def send(self, message: EmailMessage) -> Answer:
        self.given.append(str(message["X-PDCA-Notification"]))
        return self.answer

    def keep(self, answers: list[Answer]) -> list[Answer]:
        return answers


def told_by(url: str, *channels: str) -> House:
    """An installation that tells by these channels, in which three people are to be told that a plan started."""
    here = seed.house(url)
    plan = seed.plan(here, people=GROUP)
    here.apply(ChooseChannels(channels, "As decided."))
    seed.by(here, plan.people["sofie"], Advance(plan.plan_id, trigger="start"))
    return here


def test_without_a_choice_people_are_told_by_mail(database_url: str) -> None:
    here = seed.house(database_url)
    plan = seed.plan(here)
    seed.by(here, plan.people["sofie"], Advance(plan.plan_id, trigger="start"))
    assert {row["channel"] for row in outbox(here)} == {"mail"}


def test_each_channel_chosen_has_a_message_of_its_own_for_each_person(database_url: str) -> None:
    rows = outbox(told_by(database_url, "chat", "mail"))
    assert {row["channel"] for row in rows} == {"mail", "chat"}
    by_channel = {
        channel: {row["person_id"] for row in rows if row["channel"] == channel} for channel in ("mail", "chat")
    }
    assert by_channel["mail"] == by_channel["chat"] != set()
    assert len({row["notification_id"] for row in rows}) == len(rows)


def test_each_message_goes_by_its_own_channel(database_url: str) -> None:
    here = told_by(database_url, "mail", "webhook", "chat")
    channels = {name: Standing() for name in ("mail", "webhook", "chat")}
    counts = run_until_done(here, channels.__getitem__)
    rows = outbox(here)
    assert counts == DeliveryCounts(sent=len(rows))
    for name, channel in channels.items():
        assert sorted(channel.given) == sorted(row["notification_id"] for row in rows if row["channel"] == name)
        assert channel.given


def test_a_channel_that_hangs_keeps_nothing_of_another_back(database_url: str) -> None:
    here = told_by(database_url, "mail", "webhook")
    others_sent = threading.Event()

    def seen() -> None:
        assert others_sent.wait(30)

    class Telling(Standing):
        def send(self, message: EmailMessage) -> Answer:
            others_sent.set()
            return super().send(message)

    channels: dict[str, Channel] = {"mail": Standing(Later("it hangs"), begin=seen), "webhook": Telling()}
    counts = run_until_done(here, channels.__getitem__)
    assert (counts.sent > 0, counts.later) == (True, counts.sent)
    assert {(row["channel"], row["status"]) for row in outbox(here)} == {("mail", "pending"), ("webhook", "sent")}


def test_a_channel_that_is_not_set_up_keeps_nothing_of_another_back_and_costs_no_message(database_url: str) -> None:
    here = told_by(database_url, "mail", "webhook")

    def channel(name: str) -> Channel:
        if name == "mail":
            raise Failed("mail-not-set-up", "There is no mail server.")
        return Standing()

    with pytest.raises(Failed) as caught:
        run_until_done(here, channel)
    assert caught.value.code == "mail-not-set-up"
    assert {(row["channel"], row["status"], row["attempts"]) for row in outbox(here)} == {
        ("mail", "pending", 0),
        ("webhook", "sent", 1),
    }


def test_a_simulated_installation_posts_nothing(database_url: str) -> None:
    here = told_by(database_url, "webhook")
    channel = Standing(outward=True)
    with pytest.raises(Refused) as caught:
        run_until_done(here, lambda _name: channel)
    assert (caught.value.code, channel.given) == ("simulated-no-smtp", [])


def test_who_asks_to_wait_is_given_that_time_but_never_longer_than_any_message_waits(database_url: str) -> None:
    here = told_by(database_url, "webhook")
    for asked, least, most in (
        (timedelta(minutes=30), timedelta(minutes=30), timedelta(minutes=30)),
        (timedelta(days=30), LONGEST_PAUSE, LONGEST_PAUSE),
    ):
        now = here.clock.now() if here.clock else seed.START
        run_once(here, Standing(Later("not now", asked)), name="webhook")
        waits = [from_text(row["next_attempt_at"]) - now for row in outbox(here)]
        assert all(least <= one <= most for one in waits)
        advance_clock(here, LONGEST_PAUSE)


def test_reminders_go_together_by_each_channel(database_url: str) -> None:
    here = told_by(database_url, "mail", "webhook")
    [first, *_] = outbox(here)
    columns = ("stream", "plan_id", "person_id", "why", "parameters", "created_at", "not_before", "next_attempt_at")
    reminders = [
        insert(
            "notification",
            {"notification_id": f"P-001.{number}.{channel}"},
            **{name: first[name] for name in columns},
            kind="evaluation.reminded",
            channel=channel,
            seq=900 + number,
            status="pending",
            attempts=0,
            together=1,
        )
        for number in (1, 2)
        for channel in ("mail", "webhook")
    ]
    seed.by_hand(here, seed.Plant(reminders))
    seed.by_scheduler(here, GatherMessages(to_text(seed.START), waiting=False))
    digests = {row["notification_id"]: row["digest"] for row in outbox(here) if row["kind"] == "evaluation.reminded"}
    assert digests == {
        f"P-001.{number}.{channel}": f"P-001.1.{channel}" for number in (1, 2) for channel in ("mail", "webhook")
    }


@pytest.mark.parametrize("channels", [(), ("pigeon",)])
def test_nobody_can_choose_that_nobody_is_told(database_url: str, channels: tuple[str, ...]) -> None:
    here = seed.house(database_url)
    with pytest.raises(Usage) as caught:
        here.apply(ChooseChannels(channels, "Peace."))
    assert caught.value.code == "channel-none"


def test_choosing_what_holds_already_leaves_no_event(database_url: str) -> None:
    here = seed.house(database_url)
    assert here.apply(ChooseChannels(("mail",), "As ever.")).events == ()
    assert here.apply(ChooseChannels(("webhook", "mail"), "Also the portal.")).events != ()
    assert here.apply(ChooseChannels(("mail", "webhook"), "The same.")).events == ()


def given_up(here: House) -> list[str]:
    """Give up all but the first message; the ids of those."""
    ids = [row["notification_id"] for row in outbox(here)][1:]
    seed.by_scheduler(here, RecordDelivery([Delivered(one, "dead", error="550 No such user") for one in ids]))
    return ids


def test_what_was_given_up_is_sent_again_as_the_same_message_with_all_attempts_before_it(
    database_url: str, tmp_path: Path
) -> None:
    here = told_by(database_url, "mail")
    ids = given_up(here)
    advance_clock(here, timedelta(days=9))
    outcome = here.apply(SendAgain("The mailbox is there now.", ids[:1]))
    assert outcome.summary["notifications"] == ids[:1]
    found = {row["notification_id"]: row for row in outbox(here)}
    again = found[ids[0]]
    assert (again["status"], again["attempts"], again["last_error"]) == ("pending", 0, "550 No such user")
    # After nine days the first busy server must not end it.
    run_once(here, Standing(Later("not now")))
    assert {row["status"] for row in outbox(here) if row["notification_id"] == ids[0]} == {"pending"}
    advance_clock(here, LONGEST_PAUSE)
    run_once(here, FileChannel(tmp_path))
    assert (tmp_path / f"{ids[0]}.eml").exists()
    assert {row["status"] for row in outbox(here)} == {"sent", "dead"}


def test_all_that_was_given_up_is_sent_again_or_all_of_a_plan(database_url: str) -> None:
    here = told_by(database_url, "mail")
    ids = given_up(here)
    assert here.apply(SendAgain("Mended.", plan_id="P-002")).summary["notifications"] == []
    assert here.apply(SendAgain("Mended.", plan_id="P-001")).summary["notifications"] == ids
    assert here.apply(SendAgain("Mended.")).events == ()


@pytest.mark.parametrize(("name", "error"), [("P-001.99.1", NotFound), ("", NotFound)])
def test_there_has_to_be_such_a_message(database_url: str, name: str, error: type[Exception]) -> None:
    here = told_by(database_url, "mail")
    with pytest.raises(error):
        here.apply(SendAgain("Mended.", [name]))


def test_what_still_waits_is_not_sent_again_and_nothing_else_is(database_url: str) -> None:
    here = told_by(database_url, "mail")
    given_up(here)
    before = outbox(here)
    waiting = next(row["notification_id"] for row in before if row["status"] == "pending")
    with pytest.raises(Refused) as caught:
        here.apply(SendAgain("Mended.", [before[1]["notification_id"], waiting]))
    assert caught.value.code == "notification-not-given-up"
    assert outbox(here) == before


@pytest.mark.parametrize("command", [SendAgain("Mended."), ChooseChannels(("chat",), "Modern.")])
def test_only_an_administrator_decides_on_messages(database_url: str, command: Command) -> None:
    here = told_by(database_url, "mail")
    before = outbox(here)
    with suppress(NoRight):
        seed.by(here, "U-002", command)
        pytest.fail("it was allowed")
    assert outbox(here) == before
