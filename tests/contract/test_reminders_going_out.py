"""Reminders, what falls due and what is overdue: one message instead of ten, and none of what no longer holds."""

import email
import email.policy
import hashlib
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Final

import pytest

from pdca.cycles.follow_up import RaiseFollowUp
from pdca.erasure.message_files import MessageFiles
from pdca.evaluations.decide_reminding import DecideReminding
from pdca.evaluations.enforce import EnforceDeadline
from pdca.evaluations.extend import ApproveExtension, RequestExtension
from pdca.notify.mail import NOTIFICATION_HEADER, plain_text
from pdca.people.wishes import SetWishes
from pdca.plans.reminding import Terms
from pdca.programme.evaluation import AddEvaluation
from pdca.report.one_message import message
from pdca.store.driver import Statement
from pdca.store.reads import evaluations
from pdca.store.rows import update
from scheduler.channels.answer import Answer, Later
from scheduler.channels.file import FileChannel
from scheduler.deliver import DeliveryCounts, run_once
from tests import seed
from tests.contract.reminding import before, decide, sent
from tests.contract.world import MOMENTS, MOTIVE, PLAN, World, crowd, morning
from workflows.instants import to_text

OPENED: Final = Statement(
    "opened_sent", "SELECT * FROM notification WHERE kind = 'evaluation.opened' ORDER BY notification_id"
)
OVERDUE: Final = Statement(
    "overdue_sent", "SELECT * FROM notification WHERE kind = 'evaluation.overdue' ORDER BY notification_id"
)


class NotToday(FileChannel):
    """A mail server that is busy."""

    def send(self, message: EmailMessage) -> Answer:
        self.seen = message
        return Later("busy")


def letters(folder: Path) -> list[EmailMessage]:
    found = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in folder.iterdir()]
    return sorted(found, key=lambda one: str(one["To"]))


def due_together(world: World, tmp_path: Path) -> None:
    """Two plans that were started, to be reminded of now; all else is delivered."""
    seed.plan(world.house, "P-002", title={"nl": "Fietsdiefstal"}, evaluations=(MOMENTS[0],), people=())
    for plan_id in (PLAN, "P-002"):
        assert world.advance("start", plan_id=plan_id).refusal == ()
        world.by("sofie", DecideReminding(plan_id, MOTIVE, Terms((30,))))
    run_once(world.house, FileChannel(tmp_path / "before"))
    world.go_to(before(30))


def two_plans(world: World, tmp_path: Path) -> None:
    due_together(world, tmp_path)
    world.sweep_on(before(30))
    assert len(sent(world)) == 4


def test_what_one_person_is_reminded_of_goes_out_as_one_message_with_a_proof_for_each(
    world: World, tmp_path: Path
) -> None:
    two_plans(world, tmp_path)
    assert run_once(world.house, FileChannel(tmp_path / "out")) == DeliveryCounts(sent=2)
    marc, sofie = letters(tmp_path / "out")
    text = plain_text(sofie)[1]
    assert "P-001" in text
    assert "P-002" in text
    assert "pdca plan show P-001\n    pdca plan show P-002" in plain_text(marc)[1].replace("\r", "")
    rows = sent(world)
    assert {row["status"] for row in rows} == {"sent"}
    for handle in ("sofie", "marc"):
        of_person = [row for row in rows if row["handle"] == handle]
        assert len({row["sha256"] for row in of_person}) == len({row["digest"] for row in of_person}) == 1
        assert of_person[0]["digest"] == of_person[0]["notification_id"]


def test_a_repeat_is_the_same_message_whatever_came_meanwhile(world: World, tmp_path: Path) -> None:
    two_plans(world, tmp_path)
    with NotToday(tmp_path / "busy") as busy:
        run_once(world.house, busy, chance=seed.chance(1))
        first = busy.seen
        seed.plan(world.house, "P-003", evaluations=(MOMENTS[0] + timedelta(days=1),), people=())
        assert world.advance("start", plan_id="P-003").refusal == ()
        world.by("sofie", DecideReminding("P-003", MOTIVE, Terms((30,))))
        world.sweep_on(before(29))
        run_once(world.house, busy, chance=seed.chance(2))
        again = {str(busy.seen["Message-ID"])}
    run_once(world.house, FileChannel(tmp_path / "out"))
    world.go_to(before(28))
    run_once(world.house, FileChannel(tmp_path / "out"))
    digests = {row["digest"] for row in sent(world)}
    reminding = [one for one in letters(tmp_path / "out") if one[NOTIFICATION_HEADER] in digests]
    found = {str(one["Message-ID"]): one for one in reminding}
    assert len(reminding) == len(found) == len(digests) == 4
    repeated = plain_text(found[str(first["Message-ID"])])[1]
    assert repeated.splitlines() == plain_text(first)[1].splitlines()
    assert again <= found.keys()
    assert len({row["digest"] for row in sent(world) if row["handle"] == "sofie"}) == 2


def test_while_a_sweep_is_still_making_reminders_none_goes_out_alone(world: World, tmp_path: Path) -> None:
    due_together(world, tmp_path)
    [first, second] = world.rows(evaluations.DUE, now=to_text(world.clock.now()), limit=9)
    seed.by_scheduler(world.house, EnforceDeadline(first["deadline_id"], first["plan_id"]))
    assert run_once(world.house, FileChannel(tmp_path / "out")) == DeliveryCounts(waiting=2)
    seed.by_scheduler(world.house, EnforceDeadline(second["deadline_id"], second["plan_id"]))
    assert run_once(world.house, FileChannel(tmp_path / "out")) == DeliveryCounts(sent=2)
    assert len(letters(tmp_path / "out")) == 2


def test_a_single_reminder_is_an_ordinary_message(world: World, tmp_path: Path) -> None:
    world.take("start")
    decide(world, 30)
    world.sweep_on(before(30))
    run_once(world.house, FileChannel(tmp_path / "out"))
    [one] = [letter for letter in letters(tmp_path / "out") if "Evaluatie E-101" in plain_text(letter)[1]]
    assert "heeft plaats op maandag 8 april 2024" in " ".join(plain_text(one)[1].split())


@pytest.mark.parametrize("tried", [False, True])
def test_a_reminder_that_waited_until_the_evaluation_was_opened_is_not_sent(
    world: World, tmp_path: Path, tried: bool
) -> None:
    world.take("start")
    decide(world, 30)
    run_once(world.house, FileChannel(tmp_path / "before"))
    world.sweep_on(before(30))
    if tried:
        run_once(world.house, NotToday(tmp_path / "busy"))
    world.take("evaluate")
    world.go_to(before(29))
    run_once(world.house, FileChannel(tmp_path / "out"))
    assert {row["status"] for row in sent(world)} == {"lapsed"}
    assert not [letter for letter in letters(tmp_path / "out") if "heeft plaats op" in plain_text(letter)[1]]


def test_a_reminder_that_waited_until_the_date_was_moved_does_not_tell_the_earlier_date(
    world: World, tmp_path: Path
) -> None:
    world.take("start")
    decide(world, 30)
    run_once(world.house, FileChannel(tmp_path / "before"))
    world.sweep_on(before(30))
    world.by("sofie", RequestExtension("E-101", date(2024, 5, 13), MOTIVE))
    world.by("karel", ApproveExtension("E-101", MOTIVE))
    run_once(world.house, FileChannel(tmp_path / "out"))
    assert {row["status"] for row in sent(world)} == {"lapsed"}


def test_reminders_of_one_evaluation_that_waited_are_one_message_about_it(world: World, tmp_path: Path) -> None:
    world.take("start")
    decide(world, 30, 7)
    run_once(world.house, FileChannel(tmp_path / "before"))
    world.sweep_on(before(30))
    world.sweep_on(before(7))
    assert run_once(world.house, FileChannel(tmp_path / "out")) == DeliveryCounts(sent=2)
    _marc, sofie = letters(tmp_path / "out")
    assert " ".join(plain_text(sofie)[1].split()).count("heeft plaats op") == 1
    assert {row["status"] for row in sent(world)} == {"sent"}


def test_who_was_not_told_yet_that_it_is_overdue_is_not_told_once_it_is_recorded(world: World, tmp_path: Path) -> None:
    world.take("start")
    world.sweep_on(MOMENTS[0])
    run_once(world.house, FileChannel(tmp_path / "before"))
    record = world.waiting()["record"]
    world.sweep_on(record)
    assert {row["status"] for row in world.rows(OVERDUE)} == {"pending"}
    world.record()
    run_once(world.house, FileChannel(tmp_path / "out"))
    assert {row["status"] for row in world.rows(OVERDUE)} == {"lapsed"}
    assert not [letter for letter in letters(tmp_path / "out") if "te laat" in str(letter["Subject"])]


@pytest.mark.parametrize("digest", ["none", "daily"])
def test_what_is_overdue_in_many_plans_at_once_is_one_message_that_does_not_wait(
    world: World, tmp_path: Path, digest: str
) -> None:
    world.by("sofie", SetWishes("sofie", {"digest": digest}))
    for plan_id in (PLAN, *crowd(world, 9)):
        assert world.advance("start", plan_id=plan_id).refusal == ()
    world.sweep_on(MOMENTS[0])
    world.go_to(world.waiting()["record"])
    run_once(world.house, FileChannel(tmp_path / "before"), limit=1_000)
    world.sweep()
    assert {row["not_before"] for row in world.rows(OVERDUE)} == {to_text(world.clock.now())}
    assert run_once(world.house, FileChannel(tmp_path / "out")) == DeliveryCounts(sent=1)
    [letter] = letters(tmp_path / "out")
    assert "10 punten te laat: P-001, P-002" in str(letter["Subject"])
    assert all(f"P-{number:03d}" in plain_text(letter)[1] for number in range(1, 11))


def test_what_is_opened_in_many_plans_on_one_morning_is_one_message_to_each_told(world: World, tmp_path: Path) -> None:
    for plan_id in (PLAN, *crowd(world, 9)):
        assert world.advance("start", plan_id=plan_id).refusal == ()
    world.go_to(MOMENTS[0])
    run_once(world.house, FileChannel(tmp_path / "before"), limit=1_000)
    assert world.sweep().enforced == 10
    told = {row["person_id"] for row in world.rows(OPENED)}
    assert run_once(world.house, FileChannel(tmp_path / "out"), limit=1_000) == DeliveryCounts(sent=len(told))
    lead = next(one for one in letters(tmp_path / "out") if "sofie" in str(one["To"]))
    assert "10 evaluaties geopend: P-001, P-002" in str(lead["Subject"])
    text = plain_text(lead)[1].replace("\r", "")
    commands = [line.strip() for line in text.splitlines() if line.startswith("    pdca evaluation record")]
    assert len(set(commands)) == 10


def test_what_else_falls_due_on_one_morning_is_one_message_to_each_told(world: World, tmp_path: Path) -> None:
    world.take("start")
    day = MOMENTS[0] - timedelta(days=40)
    for _ in range(3):
        world.by("sofie", RaiseFollowUp(PLAN, "De buurt bevragen.", "chief", day))
    world.by_administrator(AddEvaluation("zvp-test", "final", None, day.isoformat()))
    world.go_to(morning(day))
    run_once(world.house, FileChannel(tmp_path / "before"), limit=1_000)
    assert world.sweep().enforced == 4
    run_once(world.house, FileChannel(tmp_path / "out"), limit=1_000)
    chief = [one for one in letters(tmp_path / "out") if "karel" in str(one["To"])]
    assert len(chief) == 1
    assert "4 berichten over" in str(chief[0]["Subject"])


@pytest.mark.parametrize("lacking", [PLAN, "P-002"])
def test_one_plan_without_its_method_keeps_nothing_of_another_back(
    sqlite_world: World, tmp_path: Path, lacking: str
) -> None:
    world = sqlite_world
    two_plans(world, tmp_path)
    with_method(world, lacking, 99)
    assert run_once(world.house, FileChannel(tmp_path / "out")) == DeliveryCounts(sent=2, later=2, waiting=2)
    with_method(world, lacking, 1)
    world.go_to(before(29))
    assert run_once(world.house, FileChannel(tmp_path / "out")) == DeliveryCounts(sent=2)
    found = letters(tmp_path / "out")
    assert len({one["Message-ID"] for one in found}) == len(found) == 4
    for row in sent(world):
        assert message(world.reading, row["notification_id"], None)["as_sent"]
        files = MessageFiles(tmp_path / "out").of_messages(world.reading, [row["notification_id"]])
        assert row["sha256"] in {hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def with_method(world: World, plan_id: str, version: int) -> None:
    """Let a plan name a version of its method, be it there or not."""
    with world.house.database.connect(writing=True) as connection:
        connection.run(Statement("loose", "PRAGMA foreign_keys=OFF"))
        change = Statement("name", "UPDATE plan SET definition_version = :version WHERE plan_id = :plan_id")
        connection.run(change, plan_id=plan_id, version=version)


def test_a_repeat_bears_the_same_name_and_date_when_the_first_of_it_is_needed_no_more(
    world: World, tmp_path: Path
) -> None:
    two_plans(world, tmp_path)
    with NotToday(tmp_path / "busy") as busy:
        run_once(world.house, busy, chance=seed.chance(1))
    heads = sorted({row["digest"] for row in sent(world)})
    seed.by_hand(
        world.house,
        seed.Plant([update("notification", {"notification_id": head}, status="lapsed") for head in heads]),
    )
    world.go_to(before(29))
    assert run_once(world.house, FileChannel(tmp_path / "out")).sent == len(heads)
    again = {one[NOTIFICATION_HEADER]: one for one in letters(tmp_path / "out")}
    assert sorted(again) == heads
    first, repeated = busy.seen, again[str(busy.seen[NOTIFICATION_HEADER])]
    assert (repeated["Message-ID"], repeated["Date"]) == (first["Message-ID"], first["Date"])
    gone = [row["notification_id"] for row in sent(world) if row["status"] == "sent"]
    assert [message(world.reading, name, None)["as_sent"] for name in gone] == [True, True]
