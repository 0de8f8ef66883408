"""`pdca person wishes`: by what, when and in which language a person is told."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import click

from pdca import i18n
from pdca.cli.context import Context
from pdca.cli.frame import Command, dry_run_option, pass_context
from pdca.cli.given import emit_done, unusable
from pdca.cli.house import open_house
from pdca.cli.notify_change import CHANNEL
from pdca.cli.output import emit_object
from pdca.cli.words import parse_day
from pdca.i18n import N_, _
from pdca.notify.outbox import CHANNELS
from pdca.notify.wishes import DIGESTS
from pdca.words import spoken
from workflows.day_words import WEEKDAYS as NAMES
from workflows.recurrence import WEEKDAYS

DIGEST = {
    "none": N_("each message by itself"),
    "daily": N_("one message a day, at %(at)s"),
    "weekly": N_("one message a week, on %(weekday)s at %(at)s"),
}
CLOSED = "CLOSED"
"""Beside the weekdays: every day that is no working day of the body."""


@click.command(
    "wishes",
    cls=Command,
    short_help=N_("Show, or say, how and when a person is told."),
    help=N_(
        "Show how and when a person is told, or change it: everybody for himself or herself, an administrator for "
        "others. What is urgent waits for no digest: what is overdue, was missed or set aside, and approvals that are "
        "asked. On quiet days only that comes which is urgent and told to nobody else; all else waits for the next "
        "day that is not quiet, and never longer than 31 days."
    ),
)
@click.argument("who", metavar="PERSON")
@click.option(
    "--channels",
    metavar="CHANNELS",
    help=N_("By which of the channels chosen for all: mail,webhook,chat; all of them with ''."),
)
@click.option(
    "--digest", type=click.Choice(DIGESTS), help=N_("Each message by itself, or together once a day or week.")
)
@click.option("--at", metavar="TIME", help=N_("The local time of the digest, and after quiet days, such as 07:30."))
@click.option("--weekday", metavar="DAY", help=N_("The day of the weekly digest: MO, TU, WE, TH, FR, SA or SU."))
@click.option(
    "--quiet",
    metavar="DAYS",
    help=N_("Quiet weekdays, such as SA,SU; CLOSED for all days that are no working days; none with ''."),
)
@click.option(
    "--quiet-dates",
    "quiet_dates",
    metavar="FROM..UNTIL",
    multiple=True,
    help=N_("Quiet dates, both included, in place of those there were; none with ''."),
)
@click.option("--language", type=click.Choice(i18n.LANGUAGES), help=N_("The language of messages."))
@dry_run_option
@pass_context
def wishes(  # noqa: PLR0913, PLR0917 - one argument per option
    context: Context,
    who: str,
    channels: str | None,
    digest: str | None,
    at: str | None,
    weekday: str | None,
    quiet: str | None,
    quiet_dates: tuple[str, ...],
    language: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Show or change what a person wishes."""
    from pdca.people.find import find_person
    from pdca.people.wishes import SetWishes, told

    changed: dict[str, Any] = {}
    if channels is not None:
        changed["channels"] = _channels(channels)
    if digest is not None:
        changed["digest"] = digest
    if at is not None:
        changed["at"] = _time(at)
    if weekday is not None:
        changed["weekday"] = _weekday("--weekday", weekday)
    if quiet is not None:
        changed |= _quiet(quiet)
    if quiet_dates:
        changed["quiet_dates"] = tuple(map(_dates, filter(None, quiet_dates)))
    house = open_house(context)
    if not changed and language is None:
        with house.reading() as connection:
            view = told(find_person(connection, who))
        emit_object(context, "pdca.wishes/1", view, human=lambda: _page(view))
        return
    outcome = house.apply(SetWishes(who, changed, language), dry_run=dry_run)
    emit_done(context, "pdca.wishes/1", outcome, _page(outcome.summary), dry_run=dry_run)


def _page(view: Mapping[str, Any]) -> list[str]:
    named = ", ".join(spoken(CHANNEL, name) for name in view["channels"]) or _("as chosen for all")
    days = [_(NAMES[WEEKDAYS.index(day)]) for day in view["quiet_weekdays"]]
    if view["quiet_closed"]:
        days.append(_("days that are no working days"))
    days += [first if first == last else f"{first}..{last}" for first, last in view["quiet_dates"]]
    how = {"at": view["at"], "weekday": _(NAMES[WEEKDAYS.index(view["weekday"])])}
    return [
        _("%(name)s is told in this language: %(language)s.") % view,
        _("Channels: %(channels)s") % {"channels": named},
        _("Messages: %(digest)s") % {"digest": spoken(DIGEST, view["digest"]) % how},
        _("Quiet: %(days)s") % {"days": ", ".join(days) or _("never")},
        _("Is invited to evaluations by mail.")
        if view["invited"]
        else _("Is not invited to evaluations; `pdca person invitations %(person)s yes` changes that.") % view,
    ]


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _channels(text: str) -> tuple[str, ...]:
    found = _parts(text)
    for name in found:
        if name not in CHANNELS:
            raise unusable("--channels", name, _("Name some of: %(channels)s.") % {"channels": ", ".join(CHANNELS)})
    return tuple(name for name in CHANNELS if name in found)


def _time(text: str) -> dt.time:
    try:
        return dt.datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a wall time has no zone of its own
    except ValueError:
        raise unusable("--at", text, _("Write it like 07:30.")) from None


def _weekday(option: str, text: str) -> int:
    if text.upper() not in WEEKDAYS:
        raise unusable(option, text, _("Use MO, TU, WE, TH, FR, SA or SU."))
    return WEEKDAYS.index(text.upper())


def _quiet(text: str) -> dict[str, Any]:
    found = _parts(text)
    weekdays = [part for part in found if part.upper() != CLOSED]
    return {
        "quiet": frozenset(_weekday("--quiet", part) for part in weekdays),
        "quiet_closed": len(weekdays) < len(found),
    }


def _dates(text: str) -> tuple[dt.date, dt.date]:
    first, dots, last = text.partition("..")
    begin = parse_day("--quiet-dates", first)
    end = parse_day("--quiet-dates", last) if dots else begin
    return begin, end
