"""One `.eml` per message in a folder."""

import email
import email.policy
import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdca.notify.mail import compose, file_name
from scheduler.channels.answer import Answer, Later, Never, Sent
from scheduler.channels.file import FileChannel
from tests.unit.notify.rows import INSTALLATION, row


def sent(channel: FileChannel, message: EmailMessage) -> Answer:
    """Send one message as a batch of its own, and give what became of it."""
    [answer] = channel.keep([channel.send(message)])
    return answer


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What the disk was waited for, in order; a name with `bad` in it the disk cannot take."""
    found: list[Path] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        found.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        if "bad" in found[-1].name:
            raise OSError(errno.EIO, "Input/output error")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    return found


def test_a_message_becomes_a_file_that_a_mail_program_reads(tmp_path: Path) -> None:
    channel = FileChannel(tmp_path / "deep" / "outbox")
    message = compose(row("plan.advanced", language="fr"), INSTALLATION, None)
    with channel:
        answers = [channel.send(message)]
    [answer] = channel.keep(answers)
    [path] = (tmp_path / "deep" / "outbox").iterdir()
    assert path.name == "P-004.17.1.eml"
    assert answer == Sent(hashlib.sha256(path.read_bytes()).hexdigest())
    read = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert str(read["To"]) == "Sofie Peeters <sofie@zone.example>"
    assert "Criminalité de rue" in read["Subject"]


def test_somebody_without_an_address_still_gets_a_file(tmp_path: Path) -> None:
    channel = FileChannel(tmp_path)
    assert isinstance(sent(channel, compose(row("plan.advanced", email=None), INSTALLATION, None)), Sent)
    assert b"To: Sofie Peeters:;\r\n" in (tmp_path / "P-004.17.1.eml").read_bytes()


def test_a_repeated_message_takes_the_place_of_the_first_with_the_same_bytes(tmp_path: Path) -> None:
    channel = FileChannel(tmp_path)
    message = compose(row("plan.advanced"), INSTALLATION, None)
    first = sent(channel, message)
    before = (tmp_path / "P-004.17.1.eml").read_bytes()
    assert sent(channel, message) == first
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [before]


def test_what_a_killed_deliverer_left_half_written_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / ".P-004.17.1.eml.partial").write_bytes(b"half a mess")
    sent(FileChannel(tmp_path), compose(row("plan.advanced"), INSTALLATION, None))
    assert [path.name for path in tmp_path.iterdir()] == ["P-004.17.1.eml"]


def test_a_message_in_the_place_of_a_link_does_not_write_through_it(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("untouched")
    folder = tmp_path / "outbox"
    folder.mkdir()
    (folder / "P-004.17.1.eml").symlink_to(elsewhere)
    sent(FileChannel(folder), compose(row("plan.advanced"), INSTALLATION, None))
    assert elsewhere.read_text() == "untouched"
    assert stat.S_ISREG((folder / "P-004.17.1.eml").lstat().st_mode)


def test_a_folder_that_cannot_be_used_is_a_reason_to_try_later(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("in the way")
    answer = sent(FileChannel(tmp_path / "outbox"), compose(row("plan.advanced"), INSTALLATION, None))
    assert isinstance(answer, Later)
    assert str(tmp_path / "outbox") in str(answer.reason)


@pytest.mark.usefixtures("waited")
def test_what_was_sent_into_a_folder_whose_names_may_not_last_was_not_sent(tmp_path: Path) -> None:
    channel = FileChannel(tmp_path / "bad")
    answers = [channel.send(compose(row("plan.advanced"), INSTALLATION, None)), Never("not this one")]
    [later, never] = channel.keep(answers)
    assert isinstance(later, Later)
    assert str(tmp_path / "bad") in str(later.reason)
    assert never == Never("not this one")


@pytest.mark.usefixtures("waited")
def test_a_file_that_the_disk_does_not_take_keeps_no_other_back_and_is_never_seen(tmp_path: Path) -> None:
    channel = FileChannel(tmp_path / "outbox")
    with channel:
        answers = [channel.send(message) for message in several("one", "bad", "two")]
    [one, bad, two] = channel.keep(answers)
    assert [type(one), type(bad), type(two)] == [Sent, Later, Sent]
    assert {path.name for path in (tmp_path / "outbox").glob("*.eml")} == {"one.eml", "two.eml"}


def test_the_next_message_is_made_while_the_disk_takes_up_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Event()
    fsync = os.fsync

    def not_before_the_next(descriptor: int) -> None:
        assert made.wait(60)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", not_before_the_next)
    channel = FileChannel(tmp_path / "outbox")
    answers = [channel.send(message) for message in several("one", "two")]
    assert not list(tmp_path.glob("outbox/*.eml"))
    made.set()
    assert channel.keep(answers) == answers
    assert {path.name for path in (tmp_path / "outbox").iterdir()} == {"one.eml", "two.eml"}


def test_the_disk_is_waited_for_once_for_each_file_and_once_for_their_names(tmp_path: Path, waited: list[Path]) -> None:
    channel = FileChannel(tmp_path / "outbox")
    channel.keep([channel.send(message) for message in several("one", "two", "three")])
    assert {path.name for path in waited[:-1]} == {".one.eml.partial", ".two.eml.partial", ".three.eml.partial"}
    assert waited[-1] == tmp_path / "outbox"
    assert len(waited) == 4


def several(*names: str) -> Iterator[EmailMessage]:
    """Make messages of these names, each when it is asked for."""
    for name in names:
        yield compose(row("plan.advanced", notification_id=name), INSTALLATION, None)


@given(st.text())
def test_no_notification_id_leads_out_of_the_folder_or_hides(notification_id: str) -> None:
    name = file_name(notification_id)
    assert name.isascii()
    assert not name.startswith(".")
    assert not set(name) & set("/\\\0\r\n ")


@pytest.mark.parametrize(("notification_id", "name"), [("../../etc/x", "_.._etc_x.eml"), ("", "message.eml")])
def test_a_strange_notification_id_still_has_a_file(notification_id: str, name: str) -> None:
    assert file_name(notification_id) == name
