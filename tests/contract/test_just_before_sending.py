"""What holds just before a message is sent decides: one that cannot be written, somebody erased, a plan restricted."""

import email
import email.policy
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Final

import pytest

from pdca.cycles.follow_up import RaiseFollowUp
from pdca.erasure.person import ErasePerson
from pdca.errors import Failed
from pdca.evaluations.extend import ApproveExtension, RequestExtension
from pdca.notify.mail import plain_text
from pdca.store.driver import Connection, Row, Statement
from pdca.store.jsontext import to_json
from pdca.store.rows import update
from scheduler.channels.answer import Answer
from scheduler.channels.file import FileChannel
from scheduler.deliver import LEASE, run_once
from scheduler.lease import lease
from scheduler.letters import AHEAD, as_they_are_now
from tests import seed
from tests.contract import edits
from tests.contract.counting import Counting
from tests.contract.world import MOMENTS, MOTIVE, PLAN, World, crowd, morning

WHOLE: Final = Statement(
    "whole_outbox_by_id",
    "SELECT n.*, r.handle FROM notification n JOIN person r ON r.person_id = n.person_id ORDER BY n.notification_id",
)


@dataclass
class Meanwhile(FileChannel):
    """A folder into which the first message is written only after something else was done."""

    into: Path
    act: Callable[[], object]
    acted: list[object] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.into)

    def send(self, message: EmailMessage) -> Answer:
        if not self.acted:
            self.acted.append(self.act())
        return super().send(message)


def sent_into(folder: Path) -> list[EmailMessage]:
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in folder.iterdir()]


def pending(world: World) -> list[Row]:
    return [row for row in world.rows(WHOLE) if row["status"] == "pending"]


def of(world: World, handle: str, kind: str) -> list[Row]:
    return [row for row in world.rows(WHOLE) if (row["handle"], row["kind"]) == (handle, kind)]


def three_opened(world: World, tmp_path: Path) -> list[str]:
    """Three evaluations were opened on one morning, and nobody has been told yet; gives the ids for the lead."""
    for plan_id in (PLAN, *crowd(world, 2)):
        assert world.advance("start", plan_id=plan_id).refusal == ()
    world.go_to(MOMENTS[0])
    run_once(world.house, FileChannel(tmp_path / "before"), limit=1_000)
    assert world.sweep().enforced == 3
    return [row["notification_id"] for row in of(world, "sofie", "evaluation.opened")]


@pytest.mark.parametrize("which", [0, 1, 2])
def test_of_several_in_one_message_only_the_one_that_cannot_be_written_is_given_up(
    world: World, tmp_path: Path, which: int
) -> None:
    names = three_opened(world, tmp_path)
    bad = {"notification_id": names[which]}
    seed.by_hand(world.house, seed.Plant([update("notification", bad, kind="plan.unheard_of")]))
    assert run_once(world.house, FileChannel(tmp_path / "out")).dead == 1
    rows = {row["notification_id"]: row for row in world.rows(WHOLE) if row["notification_id"] in names}
    assert {name: row["status"] for name, row in rows.items()} == {
        name: "dead" if name == names[which] else "sent" for name in names
    }
    assert "plan.unheard_of" in rows[names[which]]["last_error"]
    [letter] = [one for one in sent_into(tmp_path / "out") if "sofie" in str(one["To"])]
    assert "2 evaluaties geopend" in str(letter["Subject"])


def test_what_was_answered_is_recorded_before_an_error_in_the_midst_of_a_batch_is_raised(
    world: World, tmp_path: Path
) -> None:
    three_opened(world, tmp_path)
    waited = len(pending(world))

    def spoil() -> None:
        channel.sender = "nobody"

    channel = Meanwhile(tmp_path / "out", spoil)
    with pytest.raises(Failed) as raised:
        run_once(world.house, channel, limit=1_000)
    assert raised.value.code == "sender-not-an-address"
    [letter] = sent_into(tmp_path / "out")
    left = {row["notification_id"] for row in pending(world)}
    assert 0 < len(left) < waited
    channel.sender = None
    run_once(world.house, channel, limit=1_000)
    assert [str(one["Message-ID"]) for one in sent_into(tmp_path / "out")].count(str(letter["Message-ID"])) == 1
    assert not pending(world)


def test_who_is_erased_while_others_are_being_told_is_told_nothing(world: World, tmp_path: Path) -> None:
    three_opened(world, tmp_path)
    first, second, *_ = sorted({row["handle"]: row for row in pending(world)}.values(), key=lambda row: row["seq"])
    erased = ErasePerson(second["handle"], "art-17", "Asked for in writing.")
    channel = Meanwhile(tmp_path / "out", lambda: world.by_administrator(erased))
    run_once(world.house, channel, limit=1_000)
    became = {row["person_id"]: row["status"] for row in world.rows(WHOLE) if row["kind"] == "evaluation.opened"}
    assert (became[first["person_id"]], became[second["person_id"]]) == ("sent", "lapsed")
    assert all(second["handle"] not in str(one["To"]) for one in sent_into(tmp_path / "out"))


def test_whom_somebody_erased_is_named_to_nobody_who_is_told_after_that(world: World, tmp_path: Path) -> None:
    world.take("start")
    world.by("sofie", RequestExtension("E-101", MOMENTS[0] + timedelta(days=30), "Marc Dubois is ziek."))
    run_once(world.house, FileChannel(tmp_path / "before"), limit=1_000)
    world.by("karel", ApproveExtension("E-101", MOTIVE))
    channel = Meanwhile(tmp_path / "out", lambda: world.by_administrator(ErasePerson("marc", "art-17", MOTIVE)))
    run_once(world.house, channel, limit=1_000)
    texts = [plain_text(one)[1] for one in sent_into(tmp_path / "out")]
    assert len(texts) > 1
    assert sum("Marc Dubois" in text for text in texts) == 1


def restrict(world: World) -> None:
    world.by_administrator(edits.plan(restricted=1))


def test_a_stakeholder_is_not_told_of_a_plan_that_was_restricted_while_the_message_waited(
    world: World, tmp_path: Path
) -> None:
    three_opened(world, tmp_path)
    outside = {row["notification_id"] for row in pending(world) if row["why"] == "stakeholders"}
    of_plan = {row["notification_id"] for row in pending(world) if row["plan_id"] == PLAN} & outside
    assert outside > of_plan > set()
    restrict(world)
    run_once(world.house, FileChannel(tmp_path / "out"), limit=1_000)
    became = {row["notification_id"]: row["status"] for row in world.rows(WHOLE)}
    assert {became[name] for name in of_plan} == {"lapsed"}
    assert {became[name] for name in outside - of_plan} == {"sent"}
    assert {row["status"] for row in of(world, "sofie", "evaluation.opened")} == {"sent"}


def test_a_plan_that_is_restricted_while_others_are_being_told_is_kept_from_who_comes_after(
    world: World, tmp_path: Path
) -> None:
    three_opened(world, tmp_path)
    run_once(world.house, Meanwhile(tmp_path / "out", lambda: restrict(world)), limit=1_000)
    of_plan = [row for row in world.rows(WHOLE) if (row["plan_id"], row["why"]) == (PLAN, "stakeholders")]
    assert {row["status"] for row in of_plan if row["kind"] == "evaluation.opened"} == {"pending"}
    run_once(world.house, FileChannel(tmp_path / "out"), limit=1_000)
    assert not pending(world)


@pytest.mark.parametrize(("owner", "became"), [("transport", "lapsed"), ("chief", "sent")])
def test_who_owns_a_follow_up_outside_is_not_told_of_a_plan_that_was_restricted_meanwhile(
    world: World, tmp_path: Path, owner: str, became: str
) -> None:
    world.take("start")
    day = MOMENTS[0] - timedelta(days=40)
    world.by("sofie", RaiseFollowUp(PLAN, "De buurt bevragen.", owner, day))
    world.sweep_on(morning(day))
    told = [row for row in pending(world) if row["kind"] == "followup.due" and row["why"] == "owner"]
    assert told
    restrict(world)
    run_once(world.house, FileChannel(tmp_path / "out"), limit=1_000)
    names = {row["notification_id"] for row in told}
    assert {row["status"] for row in world.rows(WHOLE) if row["notification_id"] in names} == {became}


class Written:
    """A lease that says what is written as it is told to."""

    def __init__(self, said: Iterable[str | None]) -> None:
        self.said = iter(said)

    def written(self, _connection: Connection) -> str | None:
        return next(self.said)

    def held(self) -> bool:
        return True

    def give_back(self) -> bool:
        return True

    def take(self, pieces: Collection[str]) -> set[str]:
        return set(pieces)


def read_with(world: World, names: Sequence[str], said: Iterable[str | None]) -> tuple[int, list[str]]:
    """Read letters while this is said of what is written; how many there were, and what was asked to read them."""
    counting = Counting(world.reading)
    return len(list(as_they_are_now(counting, Written(said), names))), counting.names


def test_once_somebody_wrote_half_as_much_is_read_ahead(world: World, tmp_path: Path) -> None:
    three_opened(world, tmp_path)
    names = [row["notification_id"] for row in pending(world) if row["digest"] is None][:9]
    assert len(names) == 9
    # One, two, and of four one is sent; then two, and what is left of four. From one on it would be one, two and two.
    letters, asked = read_with(world, names, ["before"] * 4 + ["after"] * 5)
    assert (letters, asked.count("still_waiting_notifications")) == (9, 5)


def test_what_goes_out_by_itself_is_read_in_one_question(world: World, tmp_path: Path) -> None:
    three_opened(world, tmp_path)
    names = [row["notification_id"] for row in pending(world) if row["digest"] is None][:1]
    assert read_with(world, names, ["before"]) == (1, ["still_waiting_notifications"])


def test_no_letter_is_read_once_the_lease_is_lost(world: World, tmp_path: Path) -> None:
    three_opened(world, tmp_path)
    names = [row["notification_id"] for row in pending(world) if row["digest"] is None][:3]
    assert read_with(world, names, ["before", None]) == (1, ["still_waiting_notifications"])


def test_letters_are_read_several_at_a_time_for_as_long_as_nobody_writes(world: World, tmp_path: Path) -> None:
    three_opened(world, tmp_path)
    counting = Counting(world.reading)
    names = [row["notification_id"] for row in pending(world)][:5]
    assert len(names) == 5 < AHEAD
    with lease(world.house.database, LEASE) as mine:
        assert mine is not None
        assert len(list(as_they_are_now(counting, mine, names))) == len(names)
    # One, then two, and what is left of four.
    assert Counter(counting.names)["still_waiting_notifications"] == 3
    counting.names.clear()
    with lease(world.house.database, LEASE) as mine:
        assert mine is not None
        for number, _letter in enumerate(as_they_are_now(counting, mine, names)):
            world.by_administrator(edits.plan(title=to_json({"nl": f"Anders {number}"})))
    assert Counter(counting.names)["still_waiting_notifications"] == len(names)
