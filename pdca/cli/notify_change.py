"""`pdca notify show`, `retry` and `channels`: one message whole, what was given up, and the channels chosen."""

from typing import Any, Final

import click

from pdca.cli.context import Context
from pdca.cli.event_words import NOTICES
from pdca.cli.frame import Command, dry_run_option, pass_context
from pdca.cli.given import emit_done
from pdca.cli.house import find_plan, open_house
from pdca.cli.notify import STATUS
from pdca.cli.output import Block, Heading, Typed, emit_object
from pdca.errors import Usage
from pdca.house import installation
from pdca.i18n import N_, _, ngettext
from pdca.notify.outbox import CHANNELS, channels_of
from pdca.notify.wishes import Wishes
from pdca.words import spoken
from workflows.instants import to_the_minute

CHANNEL: Final = {"mail": N_("mail"), "webhook": N_("webhook"), "chat": N_("chat service")}


@click.command(
    "show",
    cls=Command,
    short_help=N_("Show one message: headers, text, and what became of it."),
    help=N_(
        "Show one message as it is made now from what was noted down: headers and text, and what became of it. Of a "
        "mail that was sent it says whether this is, to the byte, what went out."
    ),
)
@click.argument("message_id", metavar="MESSAGE")
@pass_context
def show(context: Context, message_id: str) -> None:
    """Show one message."""
    from pdca.report.one_message import message

    with open_house(context).reading() as connection:
        view = message(connection, message_id, context.settings.smtp.sender)
    emit_object(context, "pdca.notification/1", view, human=lambda: _page(view))


def _page(view: dict[str, Any]) -> list[Block]:
    blocks: list[Block] = [
        Heading(f"{view['notification_id']}  {spoken(NOTICES, view['kind'])}"),
        _("%(status)s, by %(channel)s, attempts: %(attempts)s")
        % {
            "status": spoken(STATUS, view["status"]),
            "channel": spoken(CHANNEL, view["channel"]),
            "attempts": view["attempts"],
        },
    ]
    if view["sent_at"]:
        blocks.append(_("Sent: %(at)s UTC") % {"at": to_the_minute(view["sent_at"])})
    if view["next_attempt_at"]:
        blocks.append(_("Next attempt: %(at)s UTC") % {"at": to_the_minute(view["next_attempt_at"])})
    if view["last_error"]:
        blocks.append(_("Error: %(error)s") % {"error": view["last_error"]})
    if len(view["together"]) > 1:
        blocks.append(_("One message with: %(messages)s") % {"messages": ", ".join(view["together"])})
    if view["as_sent"] is not None:
        blocks.append(
            _("This is, to the byte, what was sent.")
            if view["as_sent"]
            else _("What was sent was not the same to the byte; its hash is %(hash)s.") % {"hash": view["sha256"]}
        )
    headers = [Typed(f"{name}: {value}") for name, value in view["headers"].items()]
    return [*blocks, "", *headers, "", *(Typed(line) for line in view["text"].splitlines())]


@click.command(
    "retry",
    cls=Command,
    short_help=N_("Let messages that were given up be sent again."),
    help=N_(
        "Let messages that were given up wait again: those named, or all with --all-dead. The next delivery sends "
        "them, under the Message-ID they had, so that somebody who has got one all the same sees that it is the same. "
        "Only an administrator does this."
    ),
)
@click.argument("messages", nargs=-1, metavar="[MESSAGE]...")
@click.option("--all-dead", is_flag=True, help=N_("All that were given up."))
@click.option("--plan", "plan_word", metavar="PLAN", help=N_("With --all-dead: only those about this plan."))
@click.option("--reason", required=True, help=N_("What was mended; kept in the log."))
@dry_run_option
@pass_context
def retry(
    context: Context,
    messages: tuple[str, ...],
    all_dead: bool,  # noqa: FBT001 - flags of the command line
    plan_word: str | None,
    reason: str,
    dry_run: bool,  # noqa: FBT001
) -> None:
    """Send again what was given up."""
    from pdca.delivery import SendAgain

    if bool(messages) == all_dead or (plan_word and not all_dead):
        raise Usage(
            "which-messages",
            _("Name the messages, or say --all-dead, perhaps with --plan."),
            hint=_("`pdca notify list --status dead` shows those that were given up."),
        )
    house = open_house(context)
    plan_id = None
    if plan_word:
        with house.reading() as connection:
            plan_id = find_plan(connection, plan_word)
    outcome = house.apply(SendAgain(reason, messages, plan_id), dry_run=dry_run)
    count = len(outcome.summary["notifications"])
    words = ngettext("%(count)s message waits again.", "%(count)s messages wait again.", count) % {"count": count}
    lines = [words if count else _("No message was given up; nothing was changed.")]
    emit_done(context, "pdca.notify-retry/1", outcome, lines, dry_run=dry_run)


@click.command(
    "channels",
    cls=Command,
    short_help=N_("Show, or choose, by which channels people are told."),
    help=N_(
        "Show by which channels people are told: mail (by a mail server or as files), webhook, chat. Named ones are "
        "chosen in place of those; only an administrator does this. It holds for what happens from then on. How each "
        "channel works stands in the settings of whoever delivers."
    ),
)
@click.argument("chosen", nargs=-1, metavar="[CHANNEL]...", type=click.Choice(CHANNELS))
@click.option("--reason", help=N_("Why; kept in the log."))
@dry_run_option
@pass_context
def channels(
    context: Context,
    chosen: tuple[str, ...],
    reason: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Show or choose the channels."""
    house = open_house(context)
    if not chosen:
        with house.reading() as connection:
            now = list(channels_of(Wishes(), installation(connection)))
        emit_object(context, "pdca.notify-channels/1", {"channels": now}, human=lambda: [_told_by(now)])
        return
    if not reason:
        raise Usage(
            "reason-missing", _("Choosing channels needs a reason."), hint=_("Say why with --reason; it is kept.")
        )
    from pdca.delivery import ChooseChannels

    outcome = house.apply(ChooseChannels(chosen, reason), dry_run=dry_run)
    lines = [_told_by(outcome.summary["channels"])]
    emit_done(context, "pdca.notify-channels/1", outcome, lines, dry_run=dry_run)


def _told_by(names: list[str]) -> str:
    return _("People are told by: %(channels)s.") % {"channels": ", ".join(spoken(CHANNEL, name) for name in names)}
