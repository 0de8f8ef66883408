"""One `.eml` per message in a folder."""

import email
import email.policy
import hashlib
import os
import stat
from pathlib import Path
from shutil import rmtree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdca.failure import Reason
from pdca.notify.mail import compose, file_name
from scheduler.channels import as_kept
from scheduler.channels.answer import Later, Never, Sent
from scheduler.channels.file import FileChannel
from tests.unit.notify.rows import INSTALLATION, row


def test_a_message_becomes_a_file_that_a_mail_program_reads(tmp_path: Path) -> None:
    channel = FileChannel(tmp_path / "deep" / "outbox")
    message = compose(row("plan.advanced", language="fr"), INSTALLATION, None)
    with channel:
        answer = channel.send(message)
    [path] = (tmp_path / "deep" / "outbox").iterdir()
    assert path.name == "P-004.17.1.eml"
    assert answer == Sent(hashlib.sha256(path.read_bytes()).hexdigest())
    read = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert str(read["To"]) == "Sofie Peeters <sofie@zone.example>"
    assert "Criminalité de rue" in read["Subject"]


def test_somebody_without_an_address_still_gets_a_file(tmp_path: Path) -> None:
    channel = FileChannel(tmp_path)
    assert isinstance(channel.send(compose(row("plan.advanced", email=None), INSTALLATION, None)), Sent)
    assert b"To: Sofie Peeters:;\r\n" in (tmp_path / "P-004.17.1.eml").read_bytes()


def test_a_repeated_message_takes_the_place_of_the_first_with_the_same_bytes(tmp_path: Path) -> None:
    channel = FileChannel(tmp_path)
    message = compose(row("plan.advanced"), INSTALLATION, None)
    first = channel.send(message)
    before = (tmp_path / "P-004.17.1.eml").read_bytes()
    assert channel.send(message) == first
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [before]


def test_what_a_killed_deliverer_left_half_written_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / ".P-004.17.1.eml.partial").write_bytes(b"half a mess")
    FileChannel(tmp_path).send(compose(row("plan.advanced"), INSTALLATION, None))
    assert [path.name for path in tmp_path.iterdir()] == ["P-004.17.1.eml"]


def test_a_message_in_the_place_of_a_link_does_not_write_through_it(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("untouched")
    folder = tmp_path / "outbox"
    folder.mkdir()
    (folder / "P-004.17.1.eml").symlink_to(elsewhere)
    FileChannel(folder).send(compose(row("plan.advanced"), INSTALLATION, None))
    assert elsewhere.read_text() == "untouched"
    assert stat.S_ISREG((folder / "P-004.17.1.eml").lstat().st_mode)


def test_a_folder_that_cannot_be_used_is_a_reason_to_try_later(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("in the way")
    answer = FileChannel(tmp_path / "outbox").send(compose(row("plan.advanced"), INSTALLATION, None))
    assert isinstance(answer, Later)
    assert str(tmp_path / "outbox") in str(answer.reason)


def test_what_may_not_last_was_not_sent(tmp_path: Path) -> None:
    class Gone(FileChannel):
        """Its folder is taken away before the disk has all of it."""

        def keep(self) -> Reason | None:
            rmtree(self.folder)
            return super().keep()

    channel = Gone(tmp_path / "outbox")
    answers = [channel.send(compose(row("plan.advanced"), INSTALLATION, None)), Never("not this one")]
    [later, never] = as_kept(channel, answers)
    assert isinstance(later, Later)
    assert str(tmp_path / "outbox") in str(later.reason)
    assert never == Never("not this one")


def test_the_disk_is_waited_for_once_for_each_file_and_once_for_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[bool] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        waited.append(stat.S_ISDIR(os.fstat(descriptor).st_mode))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    channel = FileChannel(tmp_path / "outbox")
    rows = [row("plan.advanced", notification_id=f"P-004.17.{number}") for number in range(3)]
    as_kept(channel, [channel.send(compose(one, INSTALLATION, None)) for one in rows])
    assert waited == [False, False, False, True]


@given(st.text())
def test_no_notification_id_leads_out_of_the_folder_or_hides(notification_id: str) -> None:
    name = file_name(notification_id)
    assert name.isascii()
    assert not name.startswith(".")
    assert not set(name) & set("/\\\0\r\n ")


@pytest.mark.parametrize(("notification_id", "name"), [("../../etc/x", "_.._etc_x.eml"), ("", "message.eml")])
def test_a_strange_notification_id_still_has_a_file(notification_id: str, name: str) -> None:
    assert file_name(notification_id) == name
