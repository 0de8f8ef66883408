"""Delivering the outbox, on either database."""

import email
import email.policy
import hashlib
from dataclasses import replace
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from shutil import rmtree
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdca.clock import VirtualClock
from pdca.cycles.follow_up import RaiseFollowUp
from pdca.delivery import Delivered, RecordDelivery
from pdca.engine import apply
from pdca.errors import Failed, Refused
from pdca.evaluations.extend import ApproveExtension, RequestExtension, WithdrawExtension
from pdca.evaluations.record import RecordEvaluation
from pdca.evaluations.set_aside import SetAside
from pdca.failure import in_words
from pdca.house import House
from pdca.notify.frame import WHY
from pdca.notify.phrases import PHRASES
from pdca.people.invitations import SetInvitations
from pdca.plans.advance import Advance
from pdca.plans.approve import Approve
from pdca.plans.ask_approval import AskApproval
from pdca.plans.facts import Attempt
from pdca.programme.day import SetEvaluationDay
from pdca.programme.evaluation import AddEvaluation
from pdca.programme.extend import ApproveProgrammeExtension, RequestProgrammeExtension, WithdrawProgrammeExtension
from pdca.schedules.calendar import Close
from pdca.schedules.decide import SetSchedule
from pdca.schedules.inform import SetInformation
from pdca.schedules.manner import Manner
from pdca.schedules.working_out import Wish
from pdca.store.driver import Row, Statement
from pdca.store.reads import evaluations
from pdca.store.rows import insert, update
from scheduler import sweep
from scheduler.channels.answer import Answer
from scheduler.channels.file import FileChannel
from scheduler.channels.smtp import SmtpChannel
from scheduler.deliver import (
    FEWEST_ATTEMPTS,
    FIRST_PAUSE,
    GIVE_UP_AFTER,
    LONGEST_PAUSE,
    DeliveryCounts,
    pause,
    run_once,
    run_until_done,
)
from tests import seed
from tests.contract import edits
from tests.contract.counting import Counting
from tests.contract.delivering import advance_clock, outbox, waiting_house
from tests.unit.notify.mail_server import mail_server
from workflows.instants import from_text
from workflows.moments import COMPLETION
from workflows.schedule import parse_stated

EVENTS: Final = Statement(
    "delivery_events", "SELECT * FROM event WHERE kind = 'notification.delivered' ORDER BY event_id"
)


def events(here: House) -> list[Row]:
    with here.reading() as connection:
        return connection.all(EVENTS)


def test_what_waits_is_sent_once_and_the_log_keeps_the_hash_of_what_was_sent(database_url: str, tmp_path: Path) -> None:
    here = waiting_house(database_url)
    channel = FileChannel(tmp_path / "outbox")
    assert run_once(here, channel) == DeliveryCounts(sent=3)
    assert run_once(here, channel) == DeliveryCounts()
    rows = outbox(here)
    assert [(row["status"], row["attempts"], row["last_error"]) for row in rows] == [("sent", 1, None)] * 3
    for row in rows:
        content = (tmp_path / "outbox" / f"{row['notification_id']}.eml").read_bytes()
        assert row["sha256"] == hashlib.sha256(content).hexdigest()
        assert from_text(row["sent_at"]) == seed.START
    [event] = events(here)
    assert (event["stream"], event["actor"]) == ("installation", "scheduler")
    assert all(row["sha256"].encode() in bytes(event["body"]) for row in rows)


def test_every_message_is_to_one_person_in_that_persons_language(database_url: str, tmp_path: Path) -> None:
    people = (seed.LEAD, seed.MEMBER, seed.Somebody("joke", "Joke Maes", "nl", "joke@zone.example"))
    run_once(waiting_house(database_url, people), FileChannel(tmp_path / "outbox"))
    messages = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in sorted((tmp_path / "outbox").iterdir())
    ]
    told = [
        (str(message["To"]), "passage de" in message["Subject"], " naar " in message["Subject"]) for message in messages
    ]
    assert told == [("Marc Dubois <marc@zone.example>", True, False), ("Joke Maes <joke@zone.example>", False, True)]


def put_off_the_programme(here: House, chief: str) -> None:
    seed.by(here, chief, AddEvaluation("zvp-test", "yearly", "2024", "2025-02"))
    yearly = "zvp-test/yearly-2024"
    seed.by(here, chief, SetEvaluationDay(yearly, "2025-01", "The council meets earlier."))
    seed.by(here, chief, RequestProgrammeExtension(yearly, "2025-03", "It is not ready."))
    seed.by(here, chief, WithdrawProgrammeExtension(yearly, "It is ready after all."))
    seed.by(here, chief, RequestProgrammeExtension(yearly, "2025-03", "It is not."))
    here.apply(ApproveProgrammeExtension(yearly, "Agreed."))


def test_every_kind_of_notice_that_a_plan_gives_rise_to_has_words_for_everybody_told(
    database_url: str, tmp_path: Path
) -> None:
    here = seed.house(database_url)
    dates = [date(2024, 4, 8), date(2024, 6, 3), date(2024, 12, 2)]
    plan = seed.plan(here, evaluations=dates)
    seed.plan(here, "P-002", evaluations=dates[:1], people=())
    first = plan.evaluations[0]
    lead, member, chief = (plan.people[name] for name in ("sofie", "marc", "karel"))
    seed.by(here, lead, SetInvitations(lead, wanted=True))
    seed.by(here, lead, RequestExtension(first, date(2024, 5, 1), "The yearly report is late."))
    seed.by(here, lead, WithdrawExtension(first, "It is there after all."))
    seed.by(here, lead, RequestExtension(first, date(2024, 5, 1), "The yearly report is late."))
    seed.by(here, member, ApproveExtension(first, "Agreed."))
    seed.by(here, lead, RaiseFollowUp("P-002", "Ask the neighbours", "chief", date(2024, 5, 6)))
    seed.by(here, chief, AddEvaluation("zvp-test", "mid_term", due_on="2023-12"))
    with here.reading() as connection:
        [aside] = connection.all(evaluations.LIVE_OF_PROGRAMMES)
    seed.by_scheduler(here, SetAside(aside["deadline_id"], None, "An error"))
    seed.by(here, chief, AddEvaluation("zvp-test", "final", due_on="2023-12"))
    put_off_the_programme(here, chief)
    seed.by(here, lead, Advance("P-001", trigger="start"))
    seed.by(here, lead, SetSchedule("P-001", Wish(dates=(parse_stated("2024-12-16"),), roll="next"), "Also in winter."))
    counted = Wish(rules=("FREQ=MONTHLY;INTERVAL=6",), anchor=COMPLETION)
    seed.by(here, lead, SetSchedule("P-002", counted, "Half a year after the last one."))
    for party, days, manner in (
        ("transport", ("2024-06-10", "2024-09-02"), Manner("mail", by_itself=True)),
        ("council", ("2024-06-10",), Manner("mail")),
    ):
        told = Wish(dates=tuple(map(parse_stated, days)))
        seed.by(here, lead, SetInformation("P-001", party, manner, told, "They take part."))
    here.apply(Close((date(2024, 12, 16),), {}))
    let_time_pass(here, date(2024, 6, 13))
    seed.by(here, lead, edits.plan(restricted=1))
    found = RecordEvaluation(first, "effective", "p", "f", "plan", "a", "e", "d", {"thefts": {"value": "3"}})
    seed.by(here, member, found)
    seed.by(here, lead, Advance("P-001", trigger="conclude"))
    let_time_pass(here, date(2024, 9, 13))
    seed.by(here, lead, AskApproval("P-001", "embed", "It works.", ("lea",)))
    seed.by(here, chief, Approve("P-001", "embed", "Agreed."))
    seed.by(here, member, edits.plan(title='{"en":"Street crime at night"}'))
    seed.by(here, chief, Approve("P-001", "embed", "Still agreed."))
    again = Attempt("It is daily work now.", watch="The summer.", watch_again=date(2025, 3, 3))
    seed.by(here, lead, Advance("P-001", trigger="embed", attempt=again))
    let_time_pass(here, date(2025, 3, 10))
    rows = outbox(here)
    counts = run_once(here, FileChannel(tmp_path / "outbox"), limit=1_000)
    gone = [row for row in outbox(here) if row["status"] != "lapsed"]
    messages = {row["digest"] or row["notification_id"] for row in gone}
    assert counts == DeliveryCounts(sent=len(messages))
    # A report that waited when its plan was restricted goes to nobody any more.
    assert "information.report" in {row["kind"] for row in outbox(here)} - {row["kind"] for row in gone}
    # A move to another version needs a method that has two: tests/contract/test_migration.py.
    assert {row["kind"] for row in rows} | {"plan.migrated"} == {kind.partition("/")[0] for kind in PHRASES}
    assert {row["why"] for row in rows} == WHY.keys()
    assert all(b"%" not in path.read_bytes() for path in (tmp_path / "outbox").iterdir())


def let_time_pass(here: House, until: date) -> None:
    """Sweep every few days, as a daemon on a machine that is often off would."""
    assert isinstance(here.clock, VirtualClock)
    while here.clock.now().date() < until:
        advance_clock(here, timedelta(days=3))
        sweep.run_once(here)


def test_a_batch_is_no_larger_than_asked(database_url: str, tmp_path: Path) -> None:
    here = waiting_house(database_url)
    assert run_once(here, FileChannel(tmp_path / "outbox"), limit=2) == DeliveryCounts(sent=2, waiting=1)
    assert run_once(here, FileChannel(tmp_path / "outbox"), limit=2) == DeliveryCounts(sent=1)
    assert len(events(here)) == 2


def test_told_to_stop_it_begins_no_further_message_and_records_what_was_answered(
    database_url: str, tmp_path: Path
) -> None:
    here = waiting_house(database_url)
    channel = FileChannel(tmp_path / "outbox")
    assert run_until_done(here, lambda _name: channel, lambda: True) == DeliveryCounts(waiting=3)
    assert not channel.folder.exists()

    class Stopping(FileChannel):
        """Counts what is left to send before it is to stop."""

        left = 2

        def send(self, message: EmailMessage) -> Answer:
            self.left -= 1
            return super().send(message)

    stopping = Stopping(tmp_path / "outbox")
    assert run_until_done(here, lambda _name: stopping, lambda: not stopping.left) == DeliveryCounts(sent=2, waiting=1)
    assert sorted((row["status"], row["attempts"]) for row in outbox(here)) == [
        ("pending", 0),
        ("sent", 1),
        ("sent", 1),
    ]
    assert run_until_done(here, lambda _name: channel) == DeliveryCounts(sent=1)


def test_what_did_not_work_now_is_tried_again_after_a_pause(database_url: str, tmp_path: Path) -> None:
    here = waiting_house(database_url)
    (tmp_path / "outbox").write_text("in the way")
    channel = FileChannel(tmp_path / "outbox")
    assert run_once(here, channel, chance=seed.chance(1)) == DeliveryCounts(later=3, waiting=3)
    rows = outbox(here)
    assert {(row["status"], row["attempts"]) for row in rows} == {("pending", 1)}
    assert all(str(tmp_path / "outbox") in row["last_error"] for row in rows)
    pauses = [from_text(row["next_attempt_at"]) - seed.START for row in rows]
    assert all(timedelta() < one < FIRST_PAUSE for one in pauses)
    assert len(set(pauses)) == 3
    assert run_once(here, channel) == DeliveryCounts(waiting=3)
    (tmp_path / "outbox").unlink()
    advance_clock(here, FIRST_PAUSE)
    assert run_once(here, channel) == DeliveryCounts(sent=3)
    assert {(row["attempts"], row["last_error"]) for row in outbox(here)} == {(2, None)}


def test_after_five_days_of_trying_a_message_is_given_up(database_url: str, tmp_path: Path) -> None:
    here = waiting_house(database_url, (seed.LEAD, seed.MEMBER))
    (tmp_path / "outbox").write_text("in the way")
    channel = FileChannel(tmp_path / "outbox")
    attempts = 0
    while outbox(here)[0]["status"] == "pending":
        counts = run_once(here, channel, chance=seed.chance(attempts))
        attempts += counts.later + counts.dead
        advance_clock(here, timedelta(hours=1))
    [row] = outbox(here)
    assert row["status"] == "dead"
    assert row["attempts"] == attempts
    assert f"given up after {attempts} attempts" in in_words(row["last_error"])
    assert isinstance(here.clock, VirtualClock)
    assert GIVE_UP_AFTER <= here.clock.now() - seed.START <= GIVE_UP_AFTER + LONGEST_PAUSE + timedelta(hours=1)


def test_a_message_that_nobody_delivered_for_days_is_not_given_up_at_the_first_failure(
    database_url: str, tmp_path: Path
) -> None:
    here = waiting_house(database_url)
    advance_clock(here, 3 * GIVE_UP_AFTER)
    (tmp_path / "outbox").write_text("in the way")
    assert run_once(here, FileChannel(tmp_path / "outbox")) == DeliveryCounts(later=3, waiting=3)


def test_what_the_folder_may_not_keep_is_not_recorded_as_sent(database_url: str, tmp_path: Path) -> None:
    here = waiting_house(database_url)

    class Gone(FileChannel):
        """Its folder is taken away before the disk has the names of its files."""

        def keep(self, answers: list[Answer]) -> list[Answer]:
            super().keep(answers)
            rmtree(self.folder)
            return super().keep(answers)

    assert run_once(here, Gone(tmp_path / "outbox")) == DeliveryCounts(later=3, waiting=3)
    assert {(row["status"], row["attempts"], row["sha256"]) for row in outbox(here)} == {("pending", 1, None)}


def test_what_became_of_a_batch_is_asked_for_in_one_question(database_url: str) -> None:
    here = waiting_house(database_url)
    with here.writing() as uow:
        counting = Counting(uow.connection)
        results = [Delivered(row["notification_id"], "dead", error="550 No such user") for row in outbox(here)]
        apply(replace(uow, connection=counting), RecordDelivery(results), here.scheduler(uow.connection))
    assert counting.names.count("open_or_lapsed_notifications") == 1
    assert {row["status"] for row in outbox(here)} == {"dead"}


@given(attempts=st.integers(1, 10_000), number=st.integers())
def test_a_pause_is_anything_up_to_a_minute_doubled_up_to_four_hours(attempts: int, number: int) -> None:
    longest = min(timedelta(hours=4), timedelta(seconds=60) * 2 ** min(attempts - 1, 20))
    assert timedelta() <= pause(attempts, seed.chance(number)) <= longest


def test_the_pause_has_grown_to_its_longest_before_a_message_may_be_given_up() -> None:
    assert max(pause(FEWEST_ATTEMPTS, seed.chance(number)) for number in range(500)) > timedelta(hours=3, minutes=50)


def test_a_mail_server_takes_some_puts_off_some_and_refuses_some(database_url: str) -> None:
    names = ("ok", "rcpt-550", "rcpt-451", "data-554")
    people = (
        seed.LEAD,
        *(seed.Somebody(name, name, "en", f"{name}@zone.example") for name in names),
        seed.Somebody("nowhere", "Nowhere", "en", None),
    )
    here = waiting_house(database_url, people, simulated=False)
    with mail_server() as server:
        assert run_once(here, SmtpChannel(server.settings)) == DeliveryCounts(sent=1, later=1, dead=3, waiting=1)
    found = {row["handle"]: (row["status"], row["last_error"] and in_words(row["last_error"])) for row in outbox(here)}
    assert found == {
        "ok": ("sent", None),
        "rcpt-550": ("dead", "550 No, not today"),
        "rcpt-451": ("pending", "451 No, not today"),
        "data-554": ("dead", "554 Not this text"),
        "nowhere": ("dead", "no address"),
    }
    assert [received.recipients for received in server.inbox] == [("ok@zone.example",)]


def test_a_simulated_installation_sends_no_mail(database_url: str) -> None:
    here = waiting_house(database_url)
    with mail_server() as server:
        with pytest.raises(Refused) as caught:
            run_once(here, SmtpChannel(server.settings))
        assert server.connections == []
    assert caught.value.code == "simulated-no-smtp"
    assert {row["status"] for row in outbox(here)} == {"pending"}


def test_a_login_that_may_not_run_the_scheduler_sends_nothing(database_url: str, tmp_path: Path) -> None:
    here = waiting_house(database_url)
    with pytest.raises(Refused) as caught:
        run_once(replace(here, as_person="sofie"), FileChannel(tmp_path / "outbox"))
    assert caught.value.code == "scheduler-not-allowed"
    assert not (tmp_path / "outbox").exists()


def test_a_sender_that_is_no_address_stops_before_anything_is_sent(database_url: str, tmp_path: Path) -> None:
    here = waiting_house(database_url)
    with pytest.raises(Failed):
        run_once(here, FileChannel(tmp_path / "outbox", sender="nobody"))
    assert not (tmp_path / "outbox").exists()
    assert {(row["status"], row["attempts"]) for row in outbox(here)} == {("pending", 0)}


def test_a_message_that_nobody_can_write_does_not_keep_the_others_back(database_url: str, tmp_path: Path) -> None:
    here = waiting_house(database_url)
    [first, *_] = outbox(here)
    columns = (
        "stream",
        "kind",
        "plan_id",
        "person_id",
        "why",
        "channel",
        "parameters",
        "created_at",
        "not_before",
        "next_attempt_at",
        "together",
    )
    strange = {**{name: first[name] for name in columns}, "kind": "plan.unheard_of", "seq": 999}
    row = insert("notification", {"notification_id": "P-001.0"}, **strange, status="pending", attempts=0)
    seed.by_hand(here, seed.Plant([row]))
    assert run_once(here, FileChannel(tmp_path / "outbox")) == DeliveryCounts(sent=3, dead=1)
    [dead] = [row for row in outbox(here) if row["status"] == "dead"]
    assert (dead["notification_id"], "plan.unheard_of" in dead["last_error"]) == ("P-001.0", True)


@pytest.mark.parametrize(("result", "status"), [("sent", "sent"), ("dead", "lapsed")])
def test_what_lapsed_while_it_was_being_sent_is_recorded_as_sent_and_nothing_else(
    database_url: str, result: str, status: str
) -> None:
    here = waiting_house(database_url)
    [first, *_] = outbox(here)
    name = {"notification_id": first["notification_id"]}
    seed.by_hand(here, seed.Plant([update("notification", name, status="lapsed")]))
    seed.by_scheduler(here, RecordDelivery([Delivered(first["notification_id"], result, sha256="00")]))
    assert [row["status"] for row in outbox(here) if row["notification_id"] == first["notification_id"]] == [status]


def test_a_result_that_comes_twice_is_recorded_once(database_url: str, tmp_path: Path) -> None:
    here = waiting_house(database_url)
    run_once(here, FileChannel(tmp_path / "outbox"))
    before = outbox(here)
    again = [Delivered(row["notification_id"], "dead", error="too late") for row in before]
    assert seed.by_scheduler(here, RecordDelivery(again)).events == ()
    assert outbox(here) == before
    assert len(events(here)) == 1
