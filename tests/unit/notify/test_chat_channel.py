"""The chat channel: apprise itself, posting to a real server."""

import json
import logging
import sys
from pathlib import Path
from typing import Final

import pytest

from pdca.errors import Failed
from pdca.failure import Failure
from pdca.log import MASK, masked
from pdca.notify.mail import compose
from pdca.settings_groups import Chat
from scheduler.channels.answer import Answer, Later, Never, Sent
from scheduler.channels.chat import ChatChannel
from tests.unit.notify.rows import INSTALLATION, row
from tests.unit.notify.web_server import WebServer, web_server

SERVICES: Final = ("json",)

# What Python 3.11 and 3.12 say of a module that apprise still asks for there.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "services"
    found.touch(0o600)
    return found


def send(
    file: Path, person: str = "U-002", services: tuple[str, ...] = SERVICES, title: str = "Street crime"
) -> Answer:
    """Send one message to a person."""
    with ChatChannel(Chat(file, services)) as channel:
        told = row("plan.advanced", person_id=person, parameters={"title": {"en": title}})
        return channel.send(compose(told, INSTALLATION, None))


def at(server: WebServer, path: str) -> str:
    return f"json://127.0.0.1:{server.port}/{path}"


def test_a_message_goes_to_the_service_of_the_person_or_of_everybody_else(file: Path) -> None:
    with web_server() as server:
        file.write_text(f"# where people read\nU-002 = {at(server, 'sofie')}\n\n*={at(server, 'all')}\n")
        answers = [send(file), send(file, "U-003")]
    assert [type(answer) for answer in answers] == [Sent, Sent]
    assert [posted.path for posted in server.posted] == ["/sofie", "/all"]
    view = json.loads(server.posted[0].body)
    assert view["title"] == "P-004 Street crime: from “Check” to “Adjust” on 31 October 2024"
    assert view["message"].startswith("Dear Sofie Peeters,")


def test_a_person_without_a_service_is_told_nothing_by_chat(file: Path) -> None:
    with web_server() as server:
        file.write_text(f"U-003={at(server, 'marc')}\n")
        assert send(file) == Never(Failure("no-chat-address", "no chat address"))
    assert not server.connections


@pytest.mark.parametrize("more", ["", "?redirect=yes"])
def test_a_redirect_is_not_followed_whatever_the_address_says(file: Path, more: str) -> None:
    with web_server() as server:
        file.write_text(f"*={at(server, 'redirect')}{more}\n")
        answer = send(file)
    assert isinstance(answer, Later)
    assert [posted.path for posted in server.posted] == ["/redirect"]


def test_what_the_service_does_not_take_is_tried_again(file: Path) -> None:
    with web_server() as server:
        file.write_text(f"*={at(server, 'status/500')}\n")
        assert isinstance(send(file), Later)


def test_texts_are_no_templates_and_no_escapes(file: Path) -> None:
    title = "{{ 7*7 }} {0} %s \\n :smile:"
    with web_server() as server:
        file.write_text(f"*={at(server, 'all')}\n")
        send(file, title=title)
    assert f"“{title}”" in " ".join(json.loads(server.posted[0].body)["message"].split("\n"))


@pytest.mark.parametrize(
    ("line", "services"),
    [
        ("*=slack://hunter2/hunter2/hunter2/#zone", ("json",)),
        ("*=file:///etc/passwd?hunter2", ("json",)),
        ("*=json://", ("json",)),
        ("hunter2", ("json",)),
        ("=json://hunter2/x", ("json",)),
        ("*=hunter2", ("json",)),
    ],
)
def test_a_line_that_cannot_be_used_is_named_by_its_number_alone(
    file: Path, line: str, services: tuple[str, ...]
) -> None:
    file.write_text(f"\n{line}\n")
    with pytest.raises(Failed) as caught:
        send(file, services=services)
    assert caught.value.code == "chat-address"
    assert caught.value.place is not None
    assert caught.value.place.line == 2
    assert "hunter2" not in str(caught.value.as_dict())


def test_no_address_gets_into_a_log_or_a_reason(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with web_server() as server:
        address = at(server, "status/404/hunter2")
        file.write_text(f"*={address}\n")
        answer = send(file)
    assert "hunter2" not in caplog.text
    assert "hunter2" not in str(answer)
    shown = masked(f"to {address}")
    assert (MASK in shown, "hunter2" in shown) == (True, False)


@pytest.mark.parametrize(
    ("chat", "name"), [(Chat(None, SERVICES), "chat.urls_file"), (Chat(Path("services"), ()), "chat.services")]
)
def test_what_is_missing_in_the_settings_is_named(chat: Chat, name: str) -> None:
    with pytest.raises(Failed) as caught:
        ChatChannel(chat)
    assert (caught.value.code, name in caught.value.message) == ("chat-not-set-up", True)


def test_without_the_library_the_extra_is_named(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    file.write_text("*=json://zone.example/x\n")
    with pytest.raises(Failed) as caught:
        send(file)
    assert caught.value.code == "extra-missing"
    assert "pdca[chat]" in str(caught.value.hint)
