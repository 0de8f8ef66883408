"""The message as it is sent: to one recipient, as plain text and as a page, always under the same Message-ID."""

import hashlib
import re
from binascii import b2a_qp
from dataclasses import replace
from email.headerregistry import Address, Group
from email.message import EmailMessage
from email.policy import Policy
from typing import Any, Final

from pdca.errors import Failed
from pdca.i18n import _, catalogue
from pdca.notify import frame
from pdca.notify.folding import Folding, Mailboxes
from pdca.notify.invitation import KIND, calendar_part
from pdca.notify.letter import CHECKPOINT, REMARK, Part, Text
from pdca.notify.lines import one_line, shortened
from pdca.notify.page import as_html
from pdca.notify.texts import write, write_digest, write_trial
from pdca.store.driver import Row
from workflows.instants import from_text

NOTIFICATION_HEADER: Final = "X-PDCA-Notification"
"""The header that holds the id of the notification."""
KIND_HEADER: Final = "X-PDCA-Kind"
PLAN_HEADER: Final = "X-PDCA-Plan"
PERSON_HEADER: Final = "X-PDCA-Person"
"""Of what kind it is, about which plan if about one, and the id of whom it is for: every channel has it from here."""

TRIAL_ID: Final = "trial"
"""Stands where the id of a notification would, in a message that only tries a channel out."""

LONGEST_NAME: Final = 120
LONGEST_LABEL: Final = 63
"""Of a domain, by RFC 1035."""
_SMTP: Final = Folding(linesep="\r\n")
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_MAILBOX: Final = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@({_LABEL}(?:\.{_LABEL})*)")
_NAMED: Final = re.compile(r"(?P<name>[^<>\r\n]*)<(?P<mailbox>[^<>]*)>")
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")
_NOT_IN_DOMAIN: Final = re.compile(r"[^a-z0-9]+")


class Mail(EmailMessage):
    """A message of ours: all that it holds is in lines already, so that it is written as it stands."""

    def say(self, name: str, value: Any) -> None:  # noqa: ANN401 - what a policy takes
        """Set a header that is not there yet, without looking for it among the others."""
        self.set_raw(*self.policy.header_store_parse(name, value))

    def as_bytes(self, unixfrom: bool = False, policy: Policy | None = None) -> bytes:  # noqa: FBT001, FBT002 - as the class above has it
        """Write it, with the ends of lines that mail has."""
        if unixfrom or policy is not None:
            return super().as_bytes(unixfrom, policy)
        head = b"".join(self.policy.fold_binary(name, value) for name, value in self.raw_items())
        return head + b"\r\n" + self._body()

    def _body(self) -> bytes:
        if not self.is_multipart():
            return str(self.get_payload()).replace("\n", "\r\n").encode("ascii")
        border = f"--{self.get_boundary()}".encode()
        parts = (b"\r\n".join((border, part.as_bytes())) for part in self.iter_parts())
        return b"\r\n".join((*parts, border + b"--", b""))


def file_name(notification_id: str) -> str:
    """Give the name of the file of a message: letters, digits, dot, dash and underscore only, never hidden."""
    return f"{_UNSAFE.sub('_', notification_id).lstrip('.') or 'message'}.eml"


def unfinished_name(notification_id: str) -> str:
    """Give the name of the file of a message while it is being written; who is killed then leaves it behind."""
    return f".{file_name(notification_id)}.partial"


def alone_name(row: Row) -> str:
    """Give the name under which a row goes out by itself: its own, and never the one of what it was put together in."""
    name = str(row["notification_id"])
    return f"{name}.alone" if name == row.get("digest") else name


def _named(row: Row, *, alone: bool) -> Row:
    if row.get("digest") is None:
        return row
    if alone:
        return {**row, "notification_id": alone_name(row)}
    return {**row, "notification_id": row["digest"], "created_at": row.get("digest_at") or row["created_at"]}


def compose(row: Row, installation: Row, sender: str | None, *together: Row, alone: bool = False) -> EmailMessage:
    """Make the message of a row of the outbox (a row of `reads.notifications.DUE`), and of those that go `together`.

    What was put together bears one name and date at every attempt, whichever of it still waits; what is sent `alone`,
    because it cannot go with the others, bears its own.

    The checkpoint that comes with the row stands in the foot as it was signed. `sender` is `Name <address>` or an
    address; without it the message comes from the organisation as the text names it, and an address that cannot exist.
    Somebody without a usable address stands in `To` as an empty group of that name: the message says for whom it is and
    goes to nobody. Raises Failed for a sender that is no address.
    """
    text = write_digest((row, *together), installation) if together else write(row, installation)
    named = _named(row, alone=alone)
    return _addressed(_with_checkpoint(text, row["checkpoint_note"]), named, installation, sender)


def compose_trial(
    person: Row, installation: Row, sender: str | None, at: str, checkpoint: str | None = None
) -> EmailMessage:
    """Make a message that only tries a channel out, for a person with a name, an address and a language; `at` as text.

    `checkpoint` is the signed note in its foot.

    Raises Failed for a sender that is no address.
    """
    row = {**person, "notification_id": TRIAL_ID, "kind": "notification.trial", "plan_id": None, "created_at": at}
    return _addressed(_with_checkpoint(write_trial(person, installation), checkpoint), row, installation, sender)


def _with_checkpoint(text: Text, note: str | None) -> Text:
    if note is None:
        return text
    keep = Part(REMARK, catalogue(text.language).gettext(frame.KEEP_CHECKPOINT))
    return replace(text, parts=(*text.parts, keep, Part(CHECKPOINT, note)))


def _addressed(text: Text, row: Row, installation: Row, sender: str | None) -> Mail:
    domain = _domain(installation)
    message = Mail(policy=_SMTP)
    organizer, guest = _sender(sender, text.organisation, domain), _recipient(row)
    message.say("From", organizer)
    message.say("To", guest)
    message.say("Subject", text.subject)
    message.say("Date", from_text(row["created_at"]))
    message.say("Message-ID", message_id(row, installation))
    message.say("Auto-Submitted", "auto-generated")
    message.say(NOTIFICATION_HEADER, one_line(row["notification_id"]))
    message.say(KIND_HEADER, one_line(row["kind"]))
    if row["plan_id"] is not None:
        message.say(PLAN_HEADER, one_line(row["plan_id"]))
    message.say(PERSON_HEADER, one_line(row["person_id"]))
    message.say("Content-Language", text.language)
    message.say("MIME-Version", "1.0")
    # By chance it would be another at every attempt; no line of quoted-printable begins like this.
    boundary = f"=_{hashlib.sha256(str(message['Message-ID']).encode()).hexdigest()[:32]}"
    message.say("Content-Type", f'multipart/alternative; boundary="{boundary}"')
    message.attach(_part("plain", text.body))
    message.attach(_part("html", as_html(text)))
    if row["kind"] == KIND and isinstance(guest, Address):
        method, calendar = calendar_part(row, installation, text.language, organizer, guest)
        message.add_alternative(calendar, subtype="calendar", params={"method": method}, cte="base64")
    return message


def _part(kind: str, text: str) -> Mail:
    part = Mail(policy=_SMTP)
    part.say("Content-Type", f'text/{kind}; charset="utf-8"')
    part.say("Content-Transfer-Encoding", "quoted-printable")
    lines = b"".join(line + b"\n" for line in text.encode().splitlines())
    part.set_payload(b2a_qp(lines).decode("ascii"))
    return part


def plain_text(message: EmailMessage) -> tuple[str, str]:
    """Give the subject and the text of a message, for channels that are no mail."""
    body = message.get_body(("plain",))
    return str(message["Subject"]), body.get_content() if body is not None else ""


def message_id(row: Row, installation: Row) -> str:
    """Derive the Message-ID, `<P-004.17.1@20241031T080000000000.organisation>`.

    The instant keeps apart the messages of two databases of one organisation, or of one that was put back from a
    backup: a mail program shows only one of two messages with the same id.
    """
    stamp = re.sub(r"[^0-9TZ]", "", row["created_at"]).removesuffix("Z")
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", row["notification_id"]).strip(".-")
    return f"<{name}@{stamp}.{_domain(installation)}>"


def address(message: EmailMessage, header: str) -> str | None:
    """Give the first address in a header, None when there is none."""
    found = message[header]
    if not isinstance(found, Mailboxes) or not found.addresses:
        return None
    return str(found.addresses[0].addr_spec)


def _sender(sender: str | None, organisation: str, domain: str) -> Address:
    if not sender:
        return Address(_name(organisation), "no-reply", f"{domain}.invalid")
    named = _NAMED.fullmatch(sender.strip())
    usable = _mailbox(named["mailbox"] if named else sender)
    if usable is None:
        raise Failed(
            "sender-not-an-address",
            _("The setting “smtp.from” is not an e-mail address."),
            hint=_("Write it as name@organisation.example, or as Name <name@organisation.example>."),
        )
    return Address(_name(named["name"].strip('" ')) if named else "", *usable)


def _recipient(row: Row) -> Address | Group:
    name = _name(row["person_name"])
    usable = _mailbox(row["email"] or "")
    if usable is None:
        return Group(display_name=name or row["person_id"])
    return Address(name, *usable)


def _mailbox(text: str) -> tuple[str, str] | None:
    user, _at, domain = text.strip().rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    found = _MAILBOX.fullmatch(f"{user}@{domain}")
    return (found[1], found[2]) if found else None


def _name(text: str) -> str:
    return shortened(one_line(text), LONGEST_NAME)


def _domain(installation: Row) -> str:
    label = _NOT_IN_DOMAIN.sub("-", installation["organisation_id"].lower()).strip("-")
    return label[:LONGEST_LABEL].rstrip("-") or "pdca"
