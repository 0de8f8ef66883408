"""The webhook channel against a real server."""

import base64
import hashlib
import hmac
import json
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdca.clock import FixedClock
from pdca.errors import Failed
from pdca.log import MASK, masked
from pdca.notify.mail import compose
from pdca.settings_groups import Webhook
from scheduler.channels.addresses import is_public
from scheduler.channels.answer import Answer, Later, Never, Sent
from scheduler.channels.webhook import LARGEST_RESPONSE, TROUBLES, WebhookChannel, signed, waiting_time
from tests.unit.notify.mail_server import trusting
from tests.unit.notify.rows import INSTALLATION, row
from tests.unit.notify.web_server import WebServer, web_server

KEY: Final = "whsec_" + base64.b64encode(bytes(range(32))).decode()
OLDER: Final = "whsec_" + base64.b64encode(bytes(range(1, 33))).decode()
NOW: Final = datetime(2024, 10, 31, 9, tzinfo=UTC)
SECONDS: Final = 0.3
MESSAGE: Final = compose(row("plan.advanced", language="nl"), INSTALLATION, None)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n{OLDER}\n")
    file.chmod(0o600)
    return file


def settings(server: WebServer, key: Path, path: str = "ok", **changed: str) -> Webhook:
    """The settings that lead to this server."""
    found = {"url": f"http://127.0.0.1:{server.port}/{path}", "security": "none", "addresses": "any", **changed}
    return Webhook(found["url"], key, found["security"], found["addresses"])


def post(wanted: Webhook, times: int = 1, **more: Any) -> list[Answer]:  # noqa: ANN401 - what the channel takes
    """Post the message so many times in one batch."""
    with WebhookChannel(wanted, clock=FixedClock(NOW), timeout=SECONDS, **more) as channel:
        return [channel.send(MESSAGE) for _ in range(times)]


def test_a_message_is_posted_as_json_under_the_id_of_its_message(key: Path) -> None:
    with web_server() as server:
        [answer] = post(settings(server, key, "in/here?zone=1"))
    [posted] = server.posted
    assert posted.path == "/in/here?zone=1"
    assert posted.headers["content-type"] == "application/json"
    assert posted.headers["webhook-id"] == "P-004_17_1_20241031T080000000000_pz-test"
    view = json.loads(posted.body)
    assert (view["type"], view["timestamp"]) == ("plan.advanced", "2024-10-31T08:00:00Z")
    assert view["data"]["notification"] == "P-004.17.1"
    assert (view["data"]["plan"], view["data"]["person"], view["data"]["language"]) == ("P-004", "U-002", "nl")
    assert view["data"]["subject"] == str(MESSAGE["Subject"])
    assert view["data"]["text"].startswith("Geachte Sofie Peeters,")
    assert b"@" not in posted.body
    assert answer == Sent(hashlib.sha256(posted.body).hexdigest())


def test_it_is_signed_by_every_key_of_the_file(key: Path) -> None:
    with web_server() as server:
        post(settings(server, key))
    [posted] = server.posted
    stamp = posted.headers["webhook-timestamp"]
    assert stamp == str(int(NOW.timestamp()))
    content = b".".join((posted.headers["webhook-id"].encode(), stamp.encode(), posted.body))
    expected = [
        "v1," + base64.b64encode(hmac.new(bytes(range(first, first + 32)), content, hashlib.sha256).digest()).decode()
        for first in (0, 1)
    ]
    assert posted.headers["webhook-signature"].split(" ") == expected


def test_the_signature_is_that_of_the_published_example() -> None:
    headers = signed(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        b'{"test": 2432232314}',
        [base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")],
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("path", "kind", "after"),
    [
        ("status/200", Sent, None),
        ("status/202", Sent, None),
        ("status/400", Never, None),
        ("status/401", Later, None),
        ("status/403", Later, None),
        ("status/404", Later, None),
        ("status/405", Never, None),
        ("status/410", Never, None),
        ("status/408", Later, None),
        ("status/429", Later, None),
        ("wait/120", Later, timedelta(seconds=120)),
        ("wait/soon", Later, None),
        ("status/500", Later, None),
        ("status/503", Later, None),
    ],
)
def test_the_status_decides(key: Path, path: str, kind: type[Answer], after: timedelta | None) -> None:
    with web_server() as server:
        [answer] = post(settings(server, key, path))
    assert isinstance(answer, kind)
    if isinstance(answer, Later):
        assert answer.after == after


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_key_or_an_address_that_is_refused_puts_the_batch_off_for_an_administrator_to_mend(
    key: Path, status: int
) -> None:
    with web_server() as server:
        answers = post(settings(server, key, f"status/{status}"), 3)
    assert len(server.posted) == 1
    assert len(set(answers)) == 1
    assert isinstance(answers[0], Later)
    assert f": {status} " in str(answers[0].reason)
    assert "does not accept our key or our address" in str(answers[0].reason)


def test_how_long_to_wait_may_be_a_date() -> None:
    assert waiting_time("Thu, 31 Oct 2024 10:00:00 GMT", NOW) == timedelta(hours=1)
    assert waiting_time("Thu, 31 Oct 2024 08:00:00 GMT", NOW) == timedelta()


def test_a_redirect_is_not_followed(key: Path) -> None:
    with web_server() as server:
        [answer] = post(settings(server, key, "redirect"))
    assert isinstance(answer, Later)
    assert "307" in str(answer.reason)
    assert [posted.path for posted in server.posted] == ["/redirect"]


def test_who_asks_to_wait_is_left_alone_until_the_next_batch(key: Path) -> None:
    with web_server() as server:
        answers = post(settings(server, key, "wait/120"), times=3)
    assert answers[0] == answers[1] == answers[2]
    assert len(server.posted) == 1


@pytest.mark.parametrize("path", ["hang", "drip", "drop"])
def test_a_conversation_that_does_not_end_well_is_ended_and_tried_again(key: Path, path: str) -> None:
    with web_server() as server:
        answers = post(settings(server, key, path), times=TROUBLES + 2)
    assert {type(answer) for answer in answers} == {Later}
    assert len(server.posted) == TROUBLES


def test_no_more_of_an_answer_is_read_than_is_needed(key: Path) -> None:
    assert LARGEST_RESPONSE < 65_536
    with web_server() as server:
        assert [type(answer) for answer in post(settings(server, key, "huge"))] == [Sent]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "10.1.2.3", "169.254.169.254", "0.0.0.0"])  # noqa: S104 - not bound to
def test_nothing_is_posted_inside_the_walls_unless_that_is_set(key: Path, host: str) -> None:
    with web_server() as server:
        wanted = settings(server, key, url=f"http://{host}:{server.port}/ok", addresses="public")
        answers = post(wanted, times=2)
    assert {type(answer) for answer in answers} == {Later}
    assert isinstance(answers[0], Later)
    assert "not a public address" in str(answers[0].reason)
    assert not server.connections


def test_a_name_that_means_both_a_public_and_a_private_address_is_a_trick(key: Path) -> None:
    def both(*_: object, **__: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (where, server.port)) for where in ("1.1.1.1", "127.0.0.1")]

    with web_server() as server:
        [answer] = post(settings(server, key, addresses="public"), resolve=both)
    assert isinstance(answer, Later)
    assert not server.connections


def test_the_connection_goes_to_the_address_that_was_checked_whatever_the_name_means_a_moment_later(key: Path) -> None:
    asked: list[str] = []

    def turning(host: str, *_: object, **__: object) -> list[Any]:
        asked.append(host)
        where = "127.0.0.1" if len(asked) == 1 else "127.0.0.2"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (where, server.port))]

    with web_server() as server:
        wanted = settings(server, key, url=f"http://hooks.zone.example:{server.port}/ok")
        [answer] = post(wanted, resolve=turning)
    assert isinstance(answer, Sent)
    assert asked == ["hooks.zone.example"]
    assert server.posted[0].headers["host"] == f"hooks.zone.example:{server.port}"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("1.1.1.1", True),
        ("2606:4700::1111", True),
        ("64:ff9b::101:101", True),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("100.64.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2001:db8::1", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_it_goes_encrypted_to_whom_the_certificate_names(key: Path) -> None:
    with web_server(tls=True) as server:
        wanted = settings(server, key, url=f"https://127.0.0.1:{server.port}/ok", security="tls")
        assert [type(answer) for answer in post(wanted, context=trusting())] == [Sent]
        [unknown] = post(wanted)
    assert isinstance(unknown, Later)
    assert "certificate" in str(unknown.reason).lower()
    assert len(server.posted) == 1


@pytest.mark.parametrize(
    ("url", "code"),
    [
        (None, "webhook-not-set-up"),
        ("http://hooks.example/x", "webhook-not-encrypted"),
        ("ftp://hooks.example/x", "webhook-url"),
        ("https://user:secret@hooks.example/x", "webhook-url"),
        ("https:///x", "webhook-url"),
        ("https://hooks.example:99999/x", "webhook-url"),
        ("https://hooks.example/a b", "webhook-url"),
        ("https://hooks.example/\r\nX: y", "webhook-url"),
        ("https://[::1/x", "webhook-url"),
    ],
)
def test_an_address_that_cannot_be_posted_to_is_an_error_of_the_settings(key: Path, url: str | None, code: str) -> None:
    with pytest.raises(Failed) as caught:
        WebhookChannel(Webhook(url, key, "tls", "public"))
    assert caught.value.code == code
    assert "secret" not in caught.value.message


@pytest.mark.parametrize("content", ["hunter2", "whsec_", "whsec_!!!!", "whsec_" + "QUJD", f"{KEY}\nhunter2"])
def test_a_file_without_a_key_stops_before_anything_is_posted(key: Path, content: str) -> None:
    key.write_text(content)
    with web_server() as server, pytest.raises(Failed) as caught:
        post(settings(server, key))
    assert caught.value.code == "webhook-secret"
    assert "hunter2" not in str(caught.value.as_dict())
    assert not server.connections


def test_neither_a_key_nor_the_path_of_the_address_gets_into_a_reason_or_a_log(key: Path) -> None:
    with web_server() as server:
        answers = post(settings(server, key, "status/404?token=hunter2"))
    assert "hunter2" not in str(answers)
    assert "status" not in str(answers)
    assert masked(f"posted with {KEY}") == f"posted with {MASK}"


@given(text=st.text())
def test_any_retry_after_is_understood_or_passed_over(text: str) -> None:
    found = waiting_time(text, NOW)
    assert found is None or found >= timedelta()
