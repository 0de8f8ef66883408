"""`pdca notify test`: a message that tries the channels out, and what the other side answered."""

from typing import Any, Final

import click

from pdca.checkpoints import latest
from pdca.cli.context import Context
from pdca.cli.frame import Command, dry_run_option, pass_context
from pdca.cli.given import unusable
from pdca.cli.house import open_house
from pdca.cli.notify_change import CHANNEL
from pdca.cli.output import Block, emit_object
from pdca.cli.words import DRY_RUN
from pdca.errors import PdcaError, Usage
from pdca.house import House, installation
from pdca.i18n import N_, _
from pdca.notify.mail import address, compose_trial
from pdca.notify.outbox import CHAT, MAIL, WEBHOOK, channels_of
from pdca.notify.wishes import Wishes
from pdca.people.find import find_person
from pdca.settings import Settings
from pdca.store.driver import Connection, Row
from pdca.words import spoken
from scheduler.channels import from_settings
from scheduler.channels.answer import Answer, Later, Never, Sent
from scheduler.deliver import DeliveryCounts, refuse_outward
from scheduler.delivering import failure_of
from workflows.instants import to_text

OUTCOME: Final = {
    "sent": N_("%(channel)s: sent. %(said)s"),
    "later": N_("%(channel)s: not now. %(said)s"),
    "never": N_("%(channel)s: refused. %(said)s"),
    "would": N_("%(channel)s: would be sent. %(said)s"),
}
NOBODY: Final = "-"
"""The id of whoever stands behind a bare address."""


@click.command(
    "test",
    cls=Command,
    short_help=N_("Send a message that tries the channels out."),
    help=N_(
        "Send a message that says it is a trial, by every channel that is set up or chosen, and tell what the other "
        "side answered. It goes to yourself, to --person, or to an address. Nothing is noted in the outbox. Exits with "
        "6 when some channels took it and others did not, with 75 when none did now, with 1 when it was refused."
    ),
)
@click.option("--to", metavar="ADDRESS", help=N_("The e-mail address it goes to; mail only."))
@click.option("--person", "word", metavar="PERSON", help=N_("The person it goes to; otherwise yourself."))
@dry_run_option
@pass_context
def test(context: Context, to: str | None, word: str | None, dry_run: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Try the channels out."""
    if to is not None and word is not None:
        raise Usage(
            "two-recipients", _("--to and --person are two recipients."), hint=_("Give one of them, or neither.")
        )
    house = open_house(context, "scheduler")
    with house.noting_refusals("test"), house.reading() as connection:
        house.scheduler(connection)
        body = installation(connection)
        person = _recipient(house, connection, to, word)
        at = to_text(house.now(connection))
        signed = latest(connection)
    names = (MAIL,) if to is not None else _set_up(context.settings, body)
    note = signed["note"] if signed else None
    tried = [_try(context.settings, name, person, body, (at, note), dry_run=dry_run) for name in names]
    view = {"person": None if to else person["person_id"], "channels": tried, "dry_run": dry_run}
    emit_object(context, "pdca.notify-test/1", view, human=lambda: _page(view))
    outcomes = [one["outcome"] for one in tried]
    failure = failure_of(DeliveryCounts(outcomes.count("sent"), outcomes.count("later"), outcomes.count("never")))
    if failure is not None:
        failure.hint = _("What was answered stands above; `pdca config show` lists the settings.")
        raise failure


def _recipient(house: House, connection: Connection, to: str | None, word: str | None) -> Row:
    body = installation(connection)
    if to is not None:
        row = {"person_id": NOBODY, "person_name": to, "email": to, "language": body["language"]}
        if address(compose_trial(row, body, None, to_text(house.now(connection))), "To") is None:
            raise unusable("--to", to, _("Write it like sofie@zone.example."))
        return row
    found = find_person(connection, word or house.actor(connection).person_id or "")
    return {**found, "person_name": found["name"]}


def _set_up(settings: Settings, body: Row) -> tuple[str, ...]:
    chosen = channels_of(Wishes(), body)
    there = {MAIL: True, WEBHOOK: settings.webhook.url, CHAT: settings.chat.urls_file}
    return tuple(name for name, set_up in there.items() if set_up or name in chosen)


def _try(
    settings: Settings, name: str, person: Row, body: Row, stamp: tuple[str, str | None], *, dry_run: bool
) -> dict[str, Any]:
    try:
        channel = from_settings(settings, name)
        refuse_outward(channel, body)
        message = compose_trial(person, body, channel.sender, *stamp)
        with channel:
            if dry_run:
                return {"channel": name, "outcome": "would", "said": ""}
            [answer] = channel.keep([channel.send(message)])
            return {"channel": name, **_outcome(answer)}
    except PdcaError as error:
        # One that is not set up keeps the others from being tried no more than it keeps them from delivering.
        return {"channel": name, "outcome": "never", "said": error.message}


def _outcome(answer: Answer) -> dict[str, str]:
    match answer:
        case Sent(_sha256, said):
            return {"outcome": "sent", "said": said}
        case Later(reason):
            return {"outcome": "later", "said": str(reason)}
        case Never(reason):
            return {"outcome": "never", "said": str(reason)}


def _page(view: dict[str, Any]) -> list[Block]:
    lines: list[Block] = [
        (spoken(OUTCOME, one["outcome"]) % {"channel": spoken(CHANNEL, one["channel"]), "said": one["said"]}).rstrip()
        for one in view["channels"]
    ]
    return [*lines, _(DRY_RUN)] if view["dry_run"] else lines
