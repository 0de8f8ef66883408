"""The messages: what became of them, and sending them now."""

import shutil
from pathlib import Path

import pytest

from pdca.cli.notify import ROLE, STATUS
from pdca.errors import Failed, PartlySent, TryAgain
from pdca.notify.frame import WHY
from pdca.store.tables import NOTIFICATION_STATUSES
from scheduler.deliver import DeliveryCounts
from scheduler.delivering import failure_of
from tests.unit.cli.running import run, run_on_terminal


@pytest.fixture
def waiting(zone_at_start: Path) -> Path:
    """The example zone with messages that wait: a plan was suspended."""
    ran = run("plan", "advance", "P-009", "--trigger", "suspend", "--reason", "No riders.", "--as", "joachim")
    assert ran.status == 0, ran.err
    return zone_at_start


def messages(*arguments: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = run("notify", "list", *arguments, "--json").json["notifications"]
    return found


def test_every_status_and_role_has_words() -> None:
    assert set(STATUS) == set(NOTIFICATION_STATUSES)
    assert set(ROLE) == set(WHY)


@pytest.mark.usefixtures("waiting")
def test_the_list_tells_to_whom_and_what_became_of_it_and_no_address() -> None:
    rows = messages()
    assert rows
    assert {row["status"] for row in rows} == {"pending"}
    assert {row["plan"] for row in rows} == {"P-009"}
    assert all(row["assumed"] for row in rows)
    assert "@" not in run("notify", "list", "--json").out
    assert run("notify", "list").out.splitlines()[0].split("\t")[0] == "notification_id"
    assert messages("--status", "sent") == messages("--plan", "P-001") == []


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("columns", [80, 40])
def test_on_a_terminal_the_list_fits_and_marks_who_is_assumed(columns: int) -> None:
    ran = run_on_terminal("notify", "list", "--lang", "nl", columns=columns, changes={"NO_COLOR": "1"})
    assert "wacht" in ran.out
    assert " ~" in ran.out
    assert max(len(line) for line in ran.out.splitlines()) <= columns


def test_a_dry_run_names_what_would_be_sent_and_sends_nothing(waiting: Path) -> None:
    view = run("notify", "deliver", "--dry-run", "--json").json
    assert len(view["notifications"]) == len(messages())
    assert {row["status"] for row in messages()} == {"pending"}
    assert not (waiting.parent / "outbox").exists()


def test_what_waits_is_sent_into_the_folder(waiting: Path) -> None:
    count = len(messages())
    view = run("notify", "deliver", "--json").json
    assert (view["sent"], view["later"], view["dead"], view["waiting"]) == (count, 0, 0, 0)
    assert len(list((waiting.parent / "outbox").glob("*.eml"))) == count
    assert {row["status"] for row in messages()} == {"sent"}
    assert "Nothing was due" in run("notify", "deliver").out


@pytest.mark.usefixtures("waiting")
def test_no_more_is_sent_than_was_asked_for() -> None:
    count = len(messages())
    assert run("notify", "deliver", "--limit", "1", "--json").json["waiting"] == count - 1


def test_what_cannot_be_sent_now_exits_with_75_and_waits(waiting: Path) -> None:
    (waiting.parent / "outbox").write_text("in the way")
    ran = run("notify", "deliver")
    assert ran.status == 75
    assert "nothing-sent" in ran.err
    assert {row["status"] for row in messages()} == {"pending"}
    assert all(row["attempts"] == 1 for row in messages())


def test_who_may_not_run_the_scheduler_may_not_deliver(waiting: Path) -> None:
    shutil.rmtree(waiting.parent / "outbox", ignore_errors=True)
    assert run("notify", "deliver", "--as", "adelheid").status == 3
    assert run("notify", "deliver", "--dry-run", "--as", "adelheid").status == 3
    assert not (waiting.parent / "outbox").exists()


@pytest.mark.parametrize(
    ("counts", "error"),
    [
        (DeliveryCounts(sent=3), None),
        (DeliveryCounts(), None),
        (DeliveryCounts(elsewhere=True, waiting=2), None),
        (DeliveryCounts(sent=1, later=1), PartlySent),
        (DeliveryCounts(sent=1, dead=1), PartlySent),
        (DeliveryCounts(later=1, dead=1), TryAgain),
        (DeliveryCounts(dead=1), Failed),
    ],
)
def test_the_exit_status_says_whether_everything_went_out(
    counts: DeliveryCounts, error: type[Exception] | None
) -> None:
    failure = failure_of(counts)
    assert failure is None if error is None else isinstance(failure, error)


def test_the_counts_of_batches_add_up_and_what_waits_is_what_waits_at_the_end() -> None:
    total = DeliveryCounts(sent=2, later=1, waiting=5).plus(DeliveryCounts(sent=1, dead=1, waiting=3))
    assert total == DeliveryCounts(sent=3, later=1, dead=1, waiting=3)
