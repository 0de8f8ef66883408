"""The messages: what became of them, and sending them now."""

import hashlib
import shutil
from pathlib import Path

import pytest

from pdca.cli.notify import ROLE, STATUS
from pdca.delivery import Delivered, RecordDelivery
from pdca.errors import Failed, PartlySent, TryAgain
from pdca.house import House
from pdca.notify.frame import WHY
from pdca.store.database import locate
from pdca.store.tables import NOTIFICATION_STATUSES
from scheduler.deliver import DeliveryCounts
from scheduler.delivering import failure_of
from tests import seed
from tests.unit.cli.running import run, run_on_terminal
from tests.unit.notify.mail_server import mail_server
from tests.unit.notify.web_server import web_server


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


def settings(folder: Path, text: str) -> None:
    """Write the settings of this folder."""
    (folder / "pdca.toml").write_text(text)


@pytest.mark.usefixtures("waiting")
def test_a_message_is_shown_as_it_would_be_sent() -> None:
    [first, *_] = messages()
    view = run("notify", "show", str(first["notification_id"]), "--json").json
    assert (view["status"], view["attempts"], view["as_sent"]) == ("pending", 0, None)
    assert view["headers"]["X-PDCA-Notification"] == view["notification_id"]
    assert view["headers"]["Subject"] == view["subject"]
    assert "P-009" in view["text"]
    shown = run("notify", "show", str(first["notification_id"])).out
    assert f"Subject: {view['subject']}" in shown
    assert all(line in shown for line in view["text"].splitlines())


def test_a_message_that_was_sent_is_shown_with_whether_it_is_the_same(waiting: Path) -> None:
    run("notify", "deliver")
    [first, *_] = messages()
    identity = str(first["notification_id"])
    view = run("notify", "show", identity, "--json").json
    assert (view["status"], view["as_sent"]) == ("sent", True)
    sent = (waiting.parent / "outbox" / f"{identity}.eml").read_bytes()
    assert view["sha256"] == hashlib.sha256(sent).hexdigest()
    settings(waiting.parent, '[smtp]\nfrom = "other@zone.example"\n')
    assert run("notify", "show", identity, "--json").json["as_sent"] is False
    assert "not the same" in run("notify", "show", identity).out


@pytest.mark.usefixtures("waiting")
def test_there_has_to_be_such_a_message() -> None:
    assert run("notify", "show", "P-999.1.1").status == 4
    assert run("notify", "retry", "P-999.1.1", "--reason", "Mended.").status == 4


@pytest.fixture
def given_up(waiting: Path) -> list[str]:
    """The messages that wait, given up."""
    ids = [str(row["notification_id"]) for row in messages()]
    results = [Delivered(one, "dead", error="no address") for one in ids]
    seed.by_scheduler(House(locate(f"sqlite:///{waiting}")), RecordDelivery(results))
    return ids


def test_what_was_given_up_waits_again_and_the_log_says_why(given_up: list[str]) -> None:
    dry = run("notify", "retry", given_up[0], "--reason", "Mended.", "--dry-run", "--json").json
    assert (dry["notifications"], dry["event"]) == (given_up[:1], None)
    assert len(messages("--status", "dead")) == len(given_up)
    done = run("notify", "retry", given_up[0], "--reason", "The mailbox is there now.", "--json").json
    assert done["event"] is not None
    assert [row["notification_id"] for row in messages("--status", "pending")] == given_up[:1]
    assert "The mailbox is there now." in run("audit", "log", "--kind", "notification.retried").out


def test_all_that_was_given_up_waits_again(given_up: list[str]) -> None:
    assert (
        run("notify", "retry", "--all-dead", "--plan", "P-001", "--reason", "M.", "--json").json["notifications"] == []
    )
    ran = run("notify", "retry", "--all-dead", "--plan", "P-009", "--reason", "Mended.")
    assert (ran.status, ran.out) == (0, "1 message waits again.\n")
    again = run("notify", "retry", given_up[0], "--reason", "Again.")
    assert (again.status, "notification-not-given-up" in again.err) == (3, True)


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("arguments", [(), ("P-009.1.1", "--all-dead"), ("P-009.1.1", "--plan", "P-009")])
def test_it_has_to_be_said_which_messages(arguments: tuple[str, ...]) -> None:
    assert run("notify", "retry", *arguments, "--reason", "Mended.").status == 2


@pytest.mark.usefixtures("waiting")
def test_the_channels_are_shown_and_chosen_with_a_reason() -> None:
    assert run("notify", "channels", "--json").json["channels"] == ["mail"]
    assert run("notify", "channels", "chat").status == 2
    assert run("notify", "channels", "chat", "--reason", "New.", "--dry-run").status == 0
    assert run("notify", "channels", "--json").json["channels"] == ["mail"]
    done = run("notify", "channels", "webhook", "mail", "--reason", "The portal shows them too.", "--json").json
    assert (done["channels"], done["before"]) == (["mail", "webhook"], ["mail"])
    assert run("notify", "channels").out == "People are told by: mail, webhook.\n"
    assert {row["channel"] for row in messages()} == {"mail"}


def test_a_trial_goes_into_the_folder_and_leaves_no_message_behind(waiting: Path) -> None:
    before = messages()
    dry = run("notify", "test", "--to", "kim@zone.example", "--dry-run", "--json").json
    assert [one["outcome"] for one in dry["channels"]] == ["would"]
    ran = run("notify", "test", "--to", "kim@zone.example", "--json")
    assert [(one["channel"], one["outcome"]) for one in ran.json["channels"]] == [("mail", "sent")]
    trial = (waiting.parent / "outbox" / "trial.eml").read_text()
    assert "<kim@zone.example>" in trial
    assert messages() == before


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("--to", "kim"), 2),
        (("--to", "kim@zone.example", "--person", "adelheid"), 2),
        (("--person", "nobody"), 4),
        (("--as", "adelheid"), 3),
    ],
)
def test_a_trial_needs_one_recipient_and_a_right(arguments: tuple[str, ...], status: int) -> None:
    assert run("notify", "test", *arguments).status == status


def test_a_trial_of_a_simulation_reaches_nobody(waiting: Path) -> None:
    with mail_server() as server:
        text = '[notify]\nchannel = "smtp"\n[smtp]\nhost = "127.0.0.1"\nsecurity = "none"\nfrom = "pdca@zone.example"\n'
        settings(waiting.parent, f"{text}port = {server.port}\n")
        ran = run("notify", "test", "--to", "kim@zone.example")
        assert server.connections == []
    assert ran.status == 1
    assert "simulated" in ran.out


@pytest.mark.parametrize(
    ("box", "outcome", "status"), [("ok", "sent", 0), ("rcpt-550", "never", 1), ("data-451", "later", 75)]
)
def test_a_trial_says_what_the_server_answered(empty_folder: Path, box: str, outcome: str, status: int) -> None:
    assert run("init", "--name", "Zone Test", "--zone", "Europe/Brussels").status == 0
    text = '[notify]\nchannel = "smtp"\n[smtp]\nhost = "127.0.0.1"\nsecurity = "none"\nfrom = "pdca@zone.example"\n'
    with mail_server() as server:
        settings(empty_folder, f"{text}port = {server.port}\n")
        ran = run("notify", "test", "--to", f"{box}@zone.example", "--json")
    [tried] = ran.json["channels"]
    assert (tried["channel"], tried["outcome"], ran.status) == ("mail", outcome, status)
    assert tried["said"].startswith({"sent": "250", "never": "550", "later": "451"}[outcome])


def test_a_trial_tries_every_channel_that_is_set_up_also_when_one_is_wrong(empty_folder: Path) -> None:
    assert run("init", "--name", "Zone Test", "--zone", "Europe/Brussels").status == 0
    key = empty_folder / "key"
    key.write_text("whsec_" + "QUJD" * 10)
    key.chmod(0o600)
    with web_server() as server:
        url = f"http://127.0.0.1:{server.port}/ok"
        webhook = f'[webhook]\nurl = "{url}"\nsecret_file = "key"\nsecurity = "none"\naddresses = "any"\n'
        settings(empty_folder, f'{webhook}[chat]\nurls_file = "nowhere"\nservices = "slack"\n')
        ran = run("notify", "test", "--json")
        assert len(server.posted) == 1
    # Whoever runs the tests has no address, so the file says for whom it is and nothing more.
    assert [(one["channel"], one["outcome"]) for one in ran.json["channels"]] == [
        ("mail", "sent"),
        ("webhook", "sent"),
        ("chat", "never"),
    ]
    assert ran.status == 6
