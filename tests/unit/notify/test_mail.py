"""The message as it is sent."""

import email
import email.policy
from email import charset
from email.charset import SHORTEST, Charset
from email.header import Header
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pdca.errors import Failed
from pdca.notify.attaching import BRINGS_REPORT, attach
from pdca.notify.lines import one_line, shortened
from pdca.notify.mail import LONGEST_NAME, address, compose, message_id, plain_text
from pdca.store.jsontext import to_json
from tests.unit.notify.rows import INSTALLATION, row

UTF8 = Charset("utf-8")
UTF8.header_encoding = SHORTEST
SENDER = "Zone Test <pdca@zone.example>"
HEADERS = sorted(
    [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "Content-Language",
        "X-PDCA-Notification",
        "X-PDCA-Kind",
        "X-PDCA-Plan",
        "X-PDCA-Person",
        "Content-Type",
        "MIME-Version",
    ]
)

# Lone surrogates never get into the database, NUL neither.
anything = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200)
hostile = st.lists(
    st.one_of(
        anything,
        st.sampled_from(
            [
                "\r\nBcc: all@zone.example",
                "\n\nDear all,",
                "\r",
                "\u2028",
                "\x0b",
                "\x85",
                "%s",
                "%(plan)s",
                "%",
                "{0}",
                "{{ 7*7 }}",
                "${x}",
                "=?utf-8?q?=0D=0ABcc:_all=40zone.example?=",
                "=?utf-8?b?DQpCY2M6IHg=?=",
                '"',
                "\\",
                "<x@y.example>",
                ",",
                ";",
                ":",
                "(",
                "\u202e",
                "é" * 40,
                "👩‍🚒",
            ]
        ),
    ),
    min_size=1,
    max_size=6,
).map("".join)


def parsed(message: EmailMessage) -> EmailMessage:
    """The message as another program reads it."""
    found = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def seen(text: str) -> str:
    """A text without its spaces: where lines are folded is no part of it."""
    return "".join(text.split())


def test_the_message_says_from_whom_to_whom_when_and_that_a_program_wrote_it() -> None:
    message = parsed(compose(row("plan.advanced", language="nl"), INSTALLATION, SENDER))
    assert str(message["From"]) == SENDER
    assert str(message["To"]) == "Sofie Peeters <sofie@zone.example>"
    assert message["Date"].datetime.isoformat() == "2024-10-31T08:00:00+00:00"
    assert str(message["Auto-Submitted"]) == "auto-generated"
    assert str(message["Content-Language"]) == "nl"
    assert sorted(message.keys()) == HEADERS
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_content_charset() for part in message.iter_parts()] == ["utf-8", "utf-8"]


def test_a_repeated_message_is_the_same_to_the_byte() -> None:
    first, second = (compose(row("plan.advanced"), INSTALLATION, SENDER).as_bytes() for _ in range(2))
    assert first == second


def test_the_class_of_a_header_is_made_once_for_all_messages() -> None:
    one, other = (compose(row("plan.advanced", notification_id=name), INSTALLATION, SENDER) for name in ("1", "2"))
    of_one, of_other = ([type(value) for part in message.walk() for value in part.values()] for message in (one, other))
    assert [first is second for first, second in zip(of_one, of_other, strict=True)] == [True] * len(of_one)


def test_the_message_id_follows_from_the_notification() -> None:
    message = compose(row("plan.advanced"), INSTALLATION, SENDER)
    assert str(message["Message-ID"]) == "<P-004.17.1@20241031T080000000000.pz-test>"
    retried = compose(row("plan.advanced", attempts=4), INSTALLATION, SENDER)
    assert str(retried["Message-ID"]) == str(message["Message-ID"])


@pytest.mark.parametrize(
    "changed",
    [
        {"notification_id": "P-004.17.2"},
        {"notification_id": "P-005.17.1"},
        {"created_at": "2024-10-31T08:00:00.000001Z"},
    ],
)
def test_another_notification_has_another_message_id(changed: dict[str, Any]) -> None:
    assert message_id(row("plan.advanced", **changed), INSTALLATION) != message_id(row("plan.advanced"), INSTALLATION)


@pytest.mark.parametrize("organisation", ["Zone > Zuid@x\r\n", "…", ""])
def test_any_organisation_makes_a_message_id_of_one_piece(organisation: str) -> None:
    found = message_id(row("plan.advanced"), {**INSTALLATION, "organisation_id": organisation})
    assert found.isascii()
    assert not set(found[1:-1]) & set("<>@ \r\n") - {"@"}
    assert found.count("@") == 1


@pytest.mark.parametrize(
    "mailbox", [None, "", "sofie", "sofie@", "@zone.example", "a b@zone.example", "é@zone.example"]
)
def test_somebody_without_a_usable_address_is_named_and_addressed_nowhere(mailbox: str | None) -> None:
    message = compose(row("plan.advanced", email=mailbox), INSTALLATION, SENDER)
    assert address(message, "To") is None
    assert str(parsed(message)["To"]) == "Sofie Peeters:;"


@pytest.mark.parametrize("mailbox", ["a@x.example\r\nBcc: b@x.example", "a@x.example, b@x.example", "a@x.example>b"])
def test_an_address_never_holds_a_second_one(mailbox: str) -> None:
    message = compose(row("plan.advanced", email=mailbox), INSTALLATION, SENDER)
    assert address(message, "To") is None
    assert sorted(parsed(message).keys()) == HEADERS


def test_a_domain_in_other_letters_is_written_in_those_that_mail_knows() -> None:
    message = compose(row("plan.advanced", email="sofie@pólitie.example"), INSTALLATION, SENDER)
    assert address(message, "To") == "sofie@xn--plitie-bxa.example"


def test_without_a_sender_it_comes_from_an_address_that_cannot_exist() -> None:
    message = parsed(compose(row("plan.advanced"), INSTALLATION, None))
    assert str(message["From"]) == "Politiezone Test <no-reply@pz-test.invalid>"


@pytest.mark.parametrize(("language", "name"), [("nl", "Politiezone Zuid"), ("fr", "Zone de police Midi")])
def test_without_a_sender_it_comes_from_the_name_that_the_body_has_in_the_language_of_the_message(
    language: str, name: str
) -> None:
    body = {**INSTALLATION, "name": '{"fr":"Zone de police Midi","nl":"Politiezone Zuid"}'}
    message = parsed(compose(row("plan.advanced", language=language), body, None))
    assert (message["Content-Language"], message["From"].addresses[0].display_name) == (language, name)
    named = parsed(compose(row("plan.advanced", language=language), body, SENDER))
    assert str(named["From"]) == SENDER


@pytest.mark.parametrize("sender", ["zone", "Zone <zone>", "a@x.example\r\nBcc: b@x.example <c@x.example>d"])
def test_a_sender_that_is_no_address_is_an_error_of_the_settings(sender: str) -> None:
    with pytest.raises(Failed) as caught:
        compose(row("plan.advanced"), INSTALLATION, sender)
    assert caught.value.code == "sender-not-an-address"


@given(name=hostile, title=hostile, reason=hostile, actor=hostile, organisation=hostile)
@example(name="=?utf-8?q?=0D=0ABcc:_x?=", title="a=?utf-8?q?b?=", reason="%s", actor="{0}", organisation=", a@b.c")
def test_no_name_title_or_reason_adds_a_header_or_a_recipient(
    name: str, title: str, reason: str, actor: str, organisation: str
) -> None:
    told = row(
        "plan.advanced", person_name=name, actor_name=actor, parameters={"title": {"en": title}, "reason": reason}
    )
    body = {**INSTALLATION, "name": to_json({"en": organisation}), "organisation_id": organisation}
    message = parsed(compose(told, body, None))
    assert sorted(message.keys()) == HEADERS
    assert [found.addr_spec for found in message["To"].addresses] == ["sofie@zone.example"]
    assert len(message["From"].addresses) == 1
    assert not message.defects


@given(title=hostile)
def test_a_title_comes_out_as_it_went_in_whatever_marks_of_templates_it_holds(title: str) -> None:
    told = row("plan.advanced", parameters={"title": {"en": title}})
    message = parsed(compose(told, INSTALLATION, SENDER))
    assert f"“{seen(one_line(title))}”" in seen(plain_text(message)[1])


@given(name=hostile)
@example(name='Dubois, Marc "Le Flic" (dir.)')
@example(name="D'Hondt-Ünsal, İrem")
@example(name='Directorate "North"; prevention, information, victims: all of it <' + "x" * 50)
def test_the_name_comes_out_as_it_went_in(name: str) -> None:
    message = parsed(compose(row("plan.advanced", person_name=name), INSTALLATION, SENDER))
    assert seen(message["To"].addresses[0].display_name) == seen(shortened(one_line(name), LONGEST_NAME))


def test_a_name_is_cut_where_it_is_longer_than_any_name() -> None:
    shown = compose(row("plan.advanced", person_name="x" * 500), INSTALLATION, SENDER)["To"].addresses[0].display_name
    assert shown == "x" * (LONGEST_NAME - 1) + "…"


@given(reason=hostile)
def test_every_line_of_a_reason_is_quoted(reason: str) -> None:
    body = plain_text(compose(row("plan.advanced", parameters={"reason": reason}), INSTALLATION, SENDER))[1]
    plain = plain_text(compose(row("plan.advanced", parameters={"reason": None}), INSTALLATION, SENDER))[1]
    ours = {*plain.splitlines(), "The reason given:"}
    assert all(line.startswith(">") for line in body.splitlines() if line not in ours)


@given(title=hostile)
@example(title="Zuidstation (22 maatregelen): van “Adjust” naar “Do” op 19 oktober")
@example(title="MMM-perimeter (multidisciplinair, multifenomeen, microlokaal)")
@example(title="=?utf-8?q?Straat?= en plein")
@pytest.mark.parametrize("language", ["nl", "fr"])
def test_a_subject_is_read_with_the_spaces_that_it_was_written_with(language: str, title: str) -> None:
    told = row("plan.advanced", language=language, parameters={"title": {"en": title}})
    message = compose(told, INSTALLATION, SENDER)
    assert str(parsed(message)["Subject"]) == str(message["Subject"])
    assert message.as_bytes().find(b"Subject: ") >= 0
    assert "  " not in str(parsed(message)["Subject"])


@pytest.mark.parametrize(
    "subject",
    [
        "P-004 = ?utf-8?b?DQpCY2M6IGFsbEBldmlsLmV4YW1wbGU= ?= Bcc: a@e…\xa0: passage de «\xa0Check\xa0» à «\xa0X\xa0»",
        "P-004 ${jndi:ldap://x.example} $(id) `id`{0} {plan} {} {self._… : « Lancer » approuvé le 31 octobre 2024",
        "x" * 80,
        "é" * 200,
    ],
)
def test_a_subject_is_never_encoded_twice(subject: str) -> None:
    message = EmailMessage(policy=compose(row("plan.advanced"), INSTALLATION, SENDER).policy)
    message["Subject"] = subject
    assert seen(str(parsed(message)["Subject"])) == seen(subject)


@given(title=hostile)
@example(title="Zuidstation (22 maatregelen): van “Adjust” naar “Do” op 19 oktober")
@pytest.mark.parametrize("language", ["nl", "fr"])
def test_a_subject_is_encoded_as_the_older_way_of_python_does_it(language: str, title: str) -> None:
    """It is quicker than that, and it does not depend on what another library made of its encodings."""
    message = compose(row("plan.advanced", language=language, parameters={"title": {"en": title}}), INSTALLATION, None)
    theirs = Header(str(message["Subject"]), UTF8, maxlinelen=76, header_name="Subject")
    assert f"Subject: {theirs.encode(linesep=chr(13) + chr(10))}\r\n".encode() in message.as_bytes()


@given(name=hostile, title=hostile)
def test_no_line_is_longer_than_mail_has_it(name: str, title: str) -> None:
    told = row("plan.advanced", person_name=name, parameters={"title": {"en": title}})
    head, _end, body = compose(told, INSTALLATION, SENDER).as_bytes().partition(b"\r\n\r\n")
    lines = body.split(b"\r\n")
    assert max(map(len, lines)) <= 76
    assert max((len(line) for line in head.split(b"\r\n") if b"=?" in line), default=0) <= 76


@given(name=hostile, title=hostile)
@pytest.mark.parametrize("kind", ["plan.advanced", "evaluation.invited/moved", "information.report"])
def test_a_message_is_written_as_python_writes_it(kind: str, name: str, title: str) -> None:
    told = row(kind, person_name=name, parameters={"title": {"en": title}})
    message = compose(told, INSTALLATION, SENDER)
    if kind == BRINGS_REPORT:
        pages = {"nl": title, "fr": name, "en": f"<p>{title}</p>\n{name}"}
        contents, hashes = (to_json(one) for one in (pages, dict.fromkeys(pages, "a" * 64)))
        report = {"plan_id": "P-004", "report_id": "R-003", "language": "nl", "hashes": hashes, "contents": contents}
        attach(message, told, report)
        assert str(parsed(message)["Content-Language"]) == "en"
    assert message.as_bytes() == message.as_bytes(policy=message.policy)


def test_no_header_stands_twice() -> None:
    message = compose(row("plan.advanced"), INSTALLATION, SENDER)
    with pytest.raises(ValueError, match="at most 1"):
        message["Subject"] = "Another"


def test_a_message_is_the_same_whatever_a_library_makes_of_the_encodings_of_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = row("plan.advanced", language="fr", person_name="Élodie Dubois-Vandenberghe")
    before = compose(told, INSTALLATION, SENDER).as_bytes()
    monkeypatch.setattr(charset, "CHARSETS", dict(charset.CHARSETS))
    charset.add_charset("utf-8", charset.QP, charset.QP, "utf-8")
    assert compose(told, INSTALLATION, SENDER).as_bytes() == before
