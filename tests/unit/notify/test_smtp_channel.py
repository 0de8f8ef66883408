"""The mail channel against a real server."""

import email
import email.policy
import hashlib
import socket
import threading
from pathlib import Path

import pytest

from pdca.errors import Failed
from pdca.failure import Failure
from pdca.log import MASK, masked
from pdca.notify.mail import compose
from pdca.settings_groups import Smtp
from scheduler.channels.answer import Answer, Later, Never, Sent
from scheduler.channels.smtp import LONGEST, TROUBLES, SmtpChannel
from tests.unit.notify.mail_server import LOGIN, SENDER, mail_server, trusting
from tests.unit.notify.rows import INSTALLATION, row

SECONDS = 0.3

# What aiosmtpd says of a server that takes a login without encryption.
unencrypted_login = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


def deliver(channel: SmtpChannel, *names: str) -> list[Answer]:
    """Send a message to each of the names in one batch."""
    with channel:
        return [
            channel.send(compose(row("plan.advanced", email=f"{name}@zone.example"), INSTALLATION, SENDER))
            for name in names
        ]


def test_a_message_arrives_as_it_was_made_with_one_recipient() -> None:
    message = compose(row("plan.advanced", language="nl"), INSTALLATION, SENDER)
    with mail_server() as server, SmtpChannel(server.settings) as channel:
        answer = channel.send(message)
    [received] = server.inbox
    assert received.content == message.as_bytes()
    assert answer == Sent(hashlib.sha256(received.content).hexdigest())
    assert received.sender == "pdca@zone.example"
    assert received.recipients == ("sofie@zone.example",)
    read = email.message_from_bytes(received.content, policy=email.policy.default)
    assert str(read["Message-ID"]) == str(message["Message-ID"])


def test_what_the_server_answered_is_told() -> None:
    with mail_server() as server:
        [answer] = deliver(SmtpChannel(server.settings), "ok")
    assert isinstance(answer, Sent)
    assert answer.said == "250 OK"


def test_a_server_that_looks_at_a_message_for_longer_than_it_may_be_silent_is_waited_for() -> None:
    with mail_server() as server:
        server.holds_after = 0
        letting_go = threading.Timer(2 * SECONDS, server.let_go)
        letting_go.start()
        answers = deliver(SmtpChannel(server.settings, timeout=SECONDS), "a")
        letting_go.join()
    assert [type(answer) for answer in answers] == [Sent]


@pytest.mark.parametrize("at", ["greeting", "EHLO", "MAIL", "AUTH", "QUIT"])
def test_a_server_that_says_something_now_and_then_but_never_ends_is_left(at: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("correct horse")
    secret.chmod(0o600)
    with socket.socket() as slow:
        slow.bind(("127.0.0.1", 0))
        slow.listen()
        server = Dripping(slow, at)
        server.start()
        settings = Smtp("127.0.0.1", slow.getsockname()[1], "none", None, None, SENDER)
        if at == "AUTH":
            settings = settings._replace(user="pdca", password_file=secret)
        [answer] = deliver(SmtpChannel(settings, timeout=SECONDS / 2), "a")
        server.join()
    assert server.left
    if at == "QUIT":
        assert isinstance(answer, Sent)
    else:
        assert isinstance(answer, Later)
        assert "it did not answer in time" in str(answer.reason)


class Dripping(threading.Thread):
    """Takes part in one conversation; come to `at` it sends a byte now and then, for longer than anybody listens."""

    def __init__(self, listener: socket.socket, at: str) -> None:
        super().__init__()
        self.listener = listener
        self.at = at
        self.left = False

    def run(self) -> None:
        connection, _where = self.listener.accept()
        with connection, connection.makefile("rb") as lines:
            self.say(connection, "greeting", "220 slow")
            text = False
            for line in lines:
                if text and line != b".\r\n":
                    continue
                verb = line[:4].decode().strip().upper()
                text = verb == "DATA"
                self.say(
                    connection,
                    verb,
                    "354 go on" if text else "250-slow\r\n250 AUTH PLAIN" if verb == "EHLO" else "250 done",
                )
                if self.left:
                    return

    def say(self, connection: socket.socket, what: str, answer: str) -> None:
        if what != self.at:
            connection.sendall(f"{answer}\r\n".encode())
            return
        try:
            for _ in range(3 * LONGEST * 10):
                connection.sendall(b"2")
                threading.Event().wait(SECONDS / 2 / 10)
        except OSError:
            self.left = True


def test_a_batch_shares_one_connection() -> None:
    with mail_server() as server:
        answers = deliver(SmtpChannel(server.settings), "a", "b", "c")
    assert [type(answer) for answer in answers] == [Sent, Sent, Sent]
    assert len(server.connections) == 1


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("rcpt-550", Never, "550"),
        ("rcpt-451", Later, "451"),
        ("rcpt-530", Later, "530"),
        ("data-554", Never, "554"),
        ("data-451", Later, "451"),
        ("rcpt-421", Later, "421"),
    ],
)
def test_what_the_server_answers_decides_and_the_next_message_still_goes(
    name: str, kind: type[Answer], code: str
) -> None:
    with mail_server() as server:
        answers = deliver(SmtpChannel(server.settings), name, "ok")
    assert isinstance(answers[0], kind)
    assert isinstance(answers[0], Later | Never)
    assert str(answers[0].reason).startswith(code)
    assert isinstance(answers[1], Sent)
    assert len(server.inbox) == 1


@pytest.mark.parametrize("name", ["hang", "drop"])
def test_a_conversation_that_breaks_off_is_begun_again_for_the_next_message(name: str) -> None:
    with mail_server() as server:
        answers = deliver(SmtpChannel(server.settings, timeout=SECONDS), name, "ok")
    assert isinstance(answers[0], Later)
    assert isinstance(answers[1], Sent)
    assert len(server.connections) == 2


def test_a_server_that_keeps_breaking_off_is_left_alone_until_the_next_batch() -> None:
    with mail_server() as server:
        channel = SmtpChannel(server.settings, timeout=SECONDS)
        answers = deliver(channel, *["drop"] * (TROUBLES + 3), "ok")
        assert {type(answer) for answer in answers} == {Later}
        assert len(server.connections) == TROUBLES
        assert [type(answer) for answer in deliver(channel, "ok")] == [Sent]


def test_a_server_that_will_not_have_us_costs_no_message() -> None:
    with mail_server() as server:
        server.refuse_sender = "550 Who are you?"
        answers = deliver(SmtpChannel(server.settings), "a", "b")
    assert answers == [Later("550 Who are you?")] * 2


def test_a_server_that_is_away_puts_the_whole_batch_off() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        answers = deliver(SmtpChannel(Smtp("127.0.0.1", port, "none", None, None, SENDER)), "a", "b")
    assert answers[0] == answers[1]
    assert isinstance(answers[0], Later)
    assert f"127.0.0.1:{port}" in str(answers[0].reason)
    assert "refused" in str(answers[0].reason)


def test_a_server_that_never_speaks_is_asked_once_for_the_whole_batch() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        settings = Smtp("127.0.0.1", mute.getsockname()[1], "none", None, None, SENDER)
        answers = deliver(SmtpChannel(settings, timeout=SECONDS), "a", "b", "c")
        mute.accept()[0].close()
        mute.setblocking(False)
        with pytest.raises(BlockingIOError):
            mute.accept()
    assert {type(answer) for answer in answers} == {Later}


def test_nobody_is_written_to_without_an_address() -> None:
    with mail_server() as server, SmtpChannel(server.settings) as channel:
        answer = channel.send(compose(row("plan.advanced", email=None), INSTALLATION, SENDER))
    assert answer == Never(Failure("no-address", "no address"))
    assert server.connections == []


@unencrypted_login
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_goes_encrypted_and_with_a_login(security: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(LOGIN[1] + "\n")
    secret.chmod(0o600)
    with mail_server(tls=security, login=True) as server:
        settings = server.settings_for(security, "pdca", secret)
        answers = deliver(SmtpChannel(settings, context=trusting()), "a")
    assert [type(answer) for answer in answers] == [Sent]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_is_not_accepted(security: str) -> None:
    with mail_server(tls=security) as server:
        [answer] = deliver(SmtpChannel(server.settings_for(security)), "a")
    assert isinstance(answer, Later)
    assert "certificate" in str(answer.reason).lower()
    assert server.inbox == []


def test_a_server_without_encryption_gets_nothing_when_encryption_is_set() -> None:
    with mail_server() as server:
        [answer] = deliver(SmtpChannel(server.settings_for("starttls")), "a")
    assert isinstance(answer, Later)
    assert "STARTTLS" in str(answer.reason)
    assert server.inbox == []


@unencrypted_login
def test_a_refused_login_puts_the_batch_off_and_tells_no_secret(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("wrong horse")
    secret.chmod(0o600)
    with mail_server(login=True) as server:
        answers = deliver(SmtpChannel(server.settings_for("none", "pdca", secret)), "a", "b")
    assert answers[0] == answers[1]
    assert isinstance(answers[0], Later)
    assert str(answers[0].reason) == "the mail server refused the login of “pdca” (535)"
    assert server.inbox == []
    assert masked("535 wrong horse") == f"535 {MASK}"


def test_a_password_file_that_is_not_there_stops_before_anything_is_sent(tmp_path: Path) -> None:
    with mail_server() as server:
        channel = SmtpChannel(server.settings_for("none", "pdca", tmp_path / "nowhere"))
        with pytest.raises(Failed) as caught:
            deliver(channel, "a")
    assert caught.value.code == "secret-unreadable"
    assert server.connections == []
