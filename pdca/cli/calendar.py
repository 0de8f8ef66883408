"""`pdca calendar`: what falls on a date, as calendars that people subscribe to."""

import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, Group, pass_context
from pdca.cli.house import find_plan, open_house
from pdca.cli.output import emit_object
from pdca.errors import NotFound, Usage
from pdca.i18n import LANGUAGES, N_, _
from pdca.report.audiences import AUDIENCES

calendar = Group("calendar", short_help=N_("Write calendars that people subscribe to."))

_out = click.option("--out", metavar="FILE|FOLDER", help=N_("Where to; a calendar there is replaced."))
_language = click.option(
    "--language", type=click.Choice(LANGUAGES), help=N_("In which language; otherwise the one spoken.")
)


@calendar.command(
    "person",
    cls=Command,
    short_help=N_("Write the calendar of a person."),
    help=N_(
        "Write the calendar of a person: all dates of the plans that he or she works on, what he or she is informed of "
        "or has to follow up, and of who is in charge the evaluations of programmes. What falls in the time of a "
        "function stands in it, also when somebody stands in for another. To stdout, unless --out names a file or a "
        "folder."
    ),
)
@click.argument("who", metavar="PERSON")
@click.option("--language", type=click.Choice(LANGUAGES), help=N_("In which language; otherwise that of the person."))
@_out
@pass_context
def person(context: Context, who: str, language: str | None, out: str | None) -> None:
    """Write the calendar of a person."""
    from pdca.calendars.feed import Book
    from pdca.calendars.readers import Somebody
    from pdca.people.find import find_person

    with open_house(context).reading() as connection:
        found = find_person(connection, who)
        spoken = language or found["language"]
        reader = Somebody.of(connection, found["person_id"])
        content = Book.of(connection).written("person", reader, spoken)
    _emit(context, content, out, {"person": found["person_id"], "language": spoken})


@calendar.command(
    "plan",
    cls=Command,
    short_help=N_("Write the calendar of a plan."),
    help=N_(
        "Write the calendar of a plan, for its project group: evaluations, moments of information, what is to be "
        "followed up, and the days by which its steps are to be taken. To stdout, unless --out names a file or a "
        "folder."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@_language
@_out
@pass_context
def plan(context: Context, plan_word: str, language: str | None, out: str | None) -> None:
    """Write the calendar of a plan."""
    from pdca.calendars.feed import Book
    from pdca.calendars.readers import GroupOf

    spoken = language or context.language
    with open_house(context).reading() as connection:
        plan_id = find_plan(connection, plan_word)
        content = Book.of(connection, plan_id).written("plan", GroupOf(plan_id), spoken, plan_id)
    _emit(context, content, out, {"plan": plan_id, "language": spoken})


@calendar.command(
    "audience",
    cls=Command,
    short_help=N_("Write the calendar of everybody inside, of partners, of authorities, or of the public."),
    help=N_(
        "Write a calendar for an audience: inside it has all dates; outside it has the evaluations and when that "
        "audience is informed. A restricted plan is not there for partners and the public, and without its title for "
        "the others. To stdout, unless --out names a file or a folder."
    ),
)
@click.argument("audience_word", metavar="AUDIENCE", type=click.Choice(AUDIENCES))
@_language
@_out
@pass_context
def audience(context: Context, audience_word: str, language: str | None, out: str | None) -> None:
    """Write the calendar of an audience."""
    from pdca.calendars.feed import Book
    from pdca.calendars.readers import Audience

    spoken = language or context.language
    with open_house(context).reading() as connection:
        content = Book.of(connection).written(audience_word, Audience(audience_word), spoken)
    _emit(context, content, out, {"audience": audience_word, "language": spoken})


@calendar.command(
    "refresh",
    cls=Command,
    short_help=N_("Bring a folder with the calendars of all up to date."),
    help=N_(
        "Write the calendars of all people, plans and audiences into a folder that a web server shows, or bring them "
        "up to date; made for a timer. A calendar keeps its name. All names but those for the public end in what "
        "nobody can guess; remove a file to take its address back. What did not change is not written again."
    ),
)
@click.argument("folder")
@pass_context
def refresh(context: Context, folder: str) -> None:
    """Bring a folder of calendars up to date."""
    from pdca.calendars.folder import refresh as bring_up_to_date

    place = Path(folder)
    if not place.is_dir():
        raise NotFound(
            "folder-missing",
            _("There is no folder %(place)s.") % {"place": folder},
            hint=_("Make it first, so that only whom you let in can read it."),
        )
    with open_house(context).reading() as connection:
        written = bring_up_to_date(connection, place)
    counts = Counter(one.changed for one in written)
    view = {
        "folder": folder,
        "written": counts[True],
        "unchanged": counts[False],
        "calendars": [asdict(one) for one in written],
    }
    words = _("Calendars written: %(written)s, unchanged: %(unchanged)s.") % view
    emit_object(context, "pdca.calendars/1", view, human=lambda: [words])


def _emit(context: Context, content: bytes, out: str | None, told: dict[str, str]) -> None:
    """Write a calendar to stdout, or into a file and tell that; the first value of what is told names it."""
    if out is None:
        if context.json:
            raise Usage(
                "export-to-where",
                _("--json tells what was written into a file."),
                hint=_("Leave it out, or add --out FILE."),
            )
        # The lines of a calendar end as RFC 5545 has it, whatever this system writes.
        sys.stdout.write(content.decode())
        return
    from pdca.calendars.folder import put

    place = Path(out)
    target = place / f"{next(iter(told.values()))}.{told['language']}.ics" if place.is_dir() else place
    changed = put(target, content)
    view = {**told, "file": str(target), "changed": changed}
    words = _("Written to %(file)s.") if changed else _("%(file)s is up to date.")
    emit_object(context, "pdca.calendar/1", view, human=lambda: [words % view])
