"""`pdca workdays`: the working days of the organisation, by which dates move off the days on which nobody works."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import click

from pdca.cli.cells import Column
from pdca.cli.context import Context
from pdca.cli.frame import Command, Group, ListCommand, dry_run_option, pass_context
from pdca.cli.given import emit_done, language_given, titles
from pdca.cli.house import open_house
from pdca.cli.output import Block, emit_list, emit_object
from pdca.cli.schedule_words import BECAME, day_cell
from pdca.cli.words import parse_day
from pdca.errors import Usage
from pdca.i18n import N_, _, gettext, localized
from pdca.shapes import FIRST_YEAR, LAST_YEAR
from pdca.standing import local_day
from pdca.words import spoken
from workflows.day_words import WEEKDAYS as NAMES
from workflows.recurrence import WEEKDAYS

workdays = Group("workdays", short_help=N_("Show and change on which days the organisation works."))

_KINDS: Final = {"holiday": N_("public holiday"), "closing-day": N_("closing day")}


@workdays.command(
    "show", cls=Command, short_help=N_("Show on which days of the week, and by which holidays, it works.")
)
@pass_context
def show(context: Context) -> None:
    """Show the working days."""
    from pdca.working_days import working_calendar

    with open_house(context).reading() as connection:
        calendar = working_calendar(connection)
    view = {
        "country": calendar.country or None,
        "subdivision": calendar.subdivision or None,
        "days": [WEEKDAYS[number] for number in sorted(calendar.weekdays)],
        "closing_days": [{"day": one.day.isoformat(), "name": dict(one.name) or None} for one in calendar.closing_days],
    }
    emit_object(context, "pdca.workdays/1", view, human=lambda: _page(view))


def _page(view: Mapping[str, Any]) -> list[Block]:
    place = ", ".join(filter(None, (view["country"], view["subdivision"]))) or _("none")
    named = ", ".join(gettext(NAMES[WEEKDAYS.index(day)]) for day in view["days"])
    return [
        _("Working days: %(days)s") % {"days": named},
        _("Public holidays of: %(place)s") % {"place": place},
        _("Closing days besides: %(count)s. `pdca workdays list` shows the days of a year.")
        % {"count": len(view["closing_days"])},
    ]


@workdays.command("list", cls=ListCommand, short_help=N_("List the holidays and closing days of a year."))
@click.option("--year", type=click.IntRange(FIRST_YEAR, LAST_YEAR), help=N_("The year; otherwise this one."))
@pass_context
def list_(context: Context, year: int | None) -> None:
    """List the days on which nobody works."""
    from pdca.report.schedules import closed_days
    from pdca.working_days import working_calendar

    house = open_house(context)
    with house.reading() as connection:
        wanted = year or local_day(connection, house.now(connection)).year
        rows = list(closed_days(working_calendar(connection), wanted))
    columns = (
        Column("day", N_("Date"), whole=True, show=day_cell("day")),
        Column("kind", N_("What"), show=lambda row: spoken(_KINDS, row["kind"])),
        Column("name", N_("Called"), show=lambda row: localized(row["name"] or {})),
    )
    emit_list(context, "closed_days", columns, rows, more={"year": wanted}, empty=_("There are none."))


@workdays.command(
    "set",
    cls=Command,
    short_help=N_("Say on which days of the week, and by which public holidays, it works."),
    help=N_(
        "Say on which days of the week the organisation works, and whose public holidays it has; only an administrator "
        "does this. Evaluations to come move along, in every plan whose project group lets them move."
    ),
)
@click.option("--country", metavar="CODE", help=N_("The country of its public holidays, such as BE; none with ''."))
@click.option("--subdivision", metavar="CODE", help=N_("The part of the country, where that has days of its own."))
@click.option("--days", metavar="DAYS", help=N_("The working days: MO,TU,WE,TH,FR."))
@dry_run_option
@pass_context
def set_(
    context: Context,
    country: str | None,
    subdivision: str | None,
    days: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Change the working days."""
    from pdca.schedules.calendar import SetWorkingDays

    if country is None and subdivision is None and days is None:
        raise Usage(
            "nothing-given",
            _("Nothing is given to change."),
            hint=_("Give --country, --subdivision or --days."),
        )
    command = SetWorkingDays(country, subdivision, None if days is None else _weekdays(days))
    _perform(context, command, _("The working days are changed."), dry_run=dry_run)


@workdays.command(
    "close",
    cls=Command,
    short_help=N_("Close the organisation on days besides public holidays."),
    help=N_(
        "Close the organisation on days besides public holidays; only an administrator does this. Evaluations to come "
        "move along, in every plan whose project group lets them move."
    ),
)
@click.argument("days", metavar="DATE...", nargs=-1, required=True)
@click.option(
    "--name", "names", metavar="TEXT", multiple=True, help=N_("What the day is called; nl=… and fr=… for several.")
)
@dry_run_option
@pass_context
def close(
    context: Context,
    days: tuple[str, ...],
    names: tuple[str, ...],
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Add closing days."""
    from pdca.schedules.calendar import Close

    with open_house(context).reading() as connection:
        called = titles("--name", names, language_given(context, connection))
    found = _days(days)
    command = Close(found, {language: name for language, name in called.items() if name})
    _perform(context, command, _("Closed on %(days)s.") % {"days": _shown(found)}, dry_run=dry_run)


@workdays.command(
    "reopen",
    cls=Command,
    short_help=N_("Let the organisation be closed on days no longer."),
    help=N_(
        "Let the organisation be closed on days no longer; only an administrator does this. Evaluations to come move "
        "back to the day that was stated."
    ),
)
@click.argument("days", metavar="DATE...", nargs=-1, required=True)
@dry_run_option
@pass_context
def reopen(
    context: Context,
    days: tuple[str, ...],
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Take closing days away."""
    from pdca.schedules.calendar import Reopen

    found = _days(days)
    _perform(context, Reopen(found), _("No longer closed on %(days)s.") % {"days": _shown(found)}, dry_run=dry_run)


def _perform(context: Context, command: Any, line: str, *, dry_run: bool) -> None:  # noqa: ANN401 - any of the commands
    outcome = open_house(context).apply(command, dry_run=dry_run)
    lines = [line if outcome.events else _("Everything was so already; nothing was changed.")]
    for plan, effects in outcome.summary["plans"].items():
        for one in effects:
            words = {**one, "plan": plan, "what": spoken(BECAME, one["what"]), "before": one["before"] or "-"}
            lines.append(_("%(plan)s, %(evaluation)s: %(before)s → %(date)s (%(what)s)") % words)
    if outcome.summary["failed"]:
        lines.append(
            _("These plans could not be worked out, and keep their dates: %(plans)s.")
            % {"plans": ", ".join(outcome.summary["failed"])}
        )
    emit_done(context, "pdca.workdays-changed/1", outcome, lines, dry_run=dry_run)


def _weekdays(text: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in text.split(","))
    if unknown := [part for part in found if part.upper() not in WEEKDAYS]:
        raise Usage(
            "weekday-unknown",
            _("--days: “%(text)s” is no day of the week.") % {"text": unknown[0]},
            hint=_("Use MO, TU, WE, TH, FR, SA or SU, with commas between them."),
        )
    return tuple(part.upper() for part in found)


def _days(texts: tuple[str, ...]) -> tuple[dt.date, ...]:
    return tuple(parse_day("DATE", text) for text in texts)


def _shown(days: tuple[dt.date, ...]) -> str:
    return ", ".join(day.isoformat() for day in days)
