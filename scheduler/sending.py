"""Writing one letter and sending it; what of it cannot be written keeps nothing else back."""

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage

from pdca.errors import PdcaError
from pdca.failure import Failure
from pdca.house import House
from pdca.i18n import N_
from pdca.notify.attaching import BRINGS_REPORT, attach
from pdca.notify.mail import compose
from pdca.notify.outbox import holders
from pdca.report.kept_back import kept_back, report_kept_back, represents_no_more
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from pdca.store.reads import information
from scheduler.channels import Channel
from scheduler.channels.answer import Answer, Later, Never, Sent
from scheduler.letters import Letter


def send_one(
    house: House, letter: Letter, body: Row, channel: Channel, *, alone: bool = False
) -> Iterator[tuple[Letter, Answer]]:
    """Send one message; what of it cannot be written has an answer of its own, and the others go without it."""
    unwritten = tuple(row for row in letter if row["plan_id"] is not None and row["definition_text"] is None)
    if unwritten:
        # They are sound; once the method of their plan is put back they can be written.
        later = Later(Failure("definition-missing", N_("the definition of the plan's method is missing")))
        yield from (((row,), later) for row in unwritten)
        written = tuple(row for row in letter if row not in unwritten)
        if written:
            yield from send_one(house, written, body, channel, alone=alone)
        return
    attached = None
    try:
        message = compose(letter[0], body, channel.sender, *letter[1:], alone=alone)
        if letter[0]["kind"] == BRINGS_REPORT:
            attached, held_back = _attach(house, message, letter[0])
            if held_back:
                yield letter, Never(held_back)
                return
    except PdcaError:
        # A setting that does not hold, or a busy database, is no fault of the message.
        raise
    except Exception as error:  # noqa: BLE001 - a message nobody can write must not keep the others back
        yield from _apart(house, letter, body, channel, error, alone=alone)
        return
    answer = channel.send(message)
    yield letter, replace(answer, attached=attached) if attached and isinstance(answer, Sent) else answer


def _apart(
    house: House, letter: Letter, body: Row, channel: Channel, error: Exception, *, alone: bool
) -> Iterator[tuple[Letter, Answer]]:
    """Give up what cannot be written, for this `error`, and send what of the letter can be."""
    if len(letter) == 1:
        yield (
            letter,
            Never(
                Failure("message-not-made", N_("the message cannot be made: %(reason)s"), {"reason": Failure.of(error)})
            ),
        )
        return
    # Where none is at fault by itself they only cannot go together.
    unsound = _unsound(letter, body, channel.sender) or letter
    for row in unsound:
        yield from send_one(house, (row,), body, channel, alone=True)
    sound = tuple(row for row in letter if row not in unsound)
    if sound:
        yield from send_one(house, sound, body, channel, alone=alone)


def _unsound(letter: Letter, body: Row, sender: str | None) -> Letter:
    """Find out which of several cannot be written by themselves either."""
    found = []
    for row in letter:
        try:
            compose(row, body, sender)
        except Exception:  # noqa: BLE001 - that it fails is what is asked
            found.append(row)
    return tuple(found)


def _attach(house: House, message: EmailMessage, row: Row) -> tuple[str | None, Failure | None]:
    """Attach the report that a mail brings and give its language, or why it does not leave any more."""
    with house.reading() as connection:
        report = connection.one(information.REPORT, report_id=from_json(row["parameters"])["report"]) or {}
        withheld = kept_back(connection, report)
        there = holders(connection, report["party_id"], house.now(connection))
    if withheld:
        return None, report_kept_back(withheld)
    if row["why"] == "informed" and row["person_id"] not in there:
        return None, represents_no_more()
    return attach(message, row, report), None
