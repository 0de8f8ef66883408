"""`pdca doctor`: is everything in order?"""

from collections.abc import Iterator
from typing import Final

import click

from pdca.cli.context import Context
from pdca.cli.frame import ListCommand, pass_context
from pdca.cli.house import open_house
from pdca.cli.naming import shows_table
from pdca.cli.output import Column, Row, emit_list
from pdca.errors import PdcaError
from pdca.i18n import N_, _
from pdca.report.health import NAMES, of_database
from pdca.report.health_check import OK, PROBLEM, WARNING, Check
from pdca.report.health_of_place import of_place
from pdca.words import spoken

STATUS_WORDS: Final = {OK: N_("ok"), WARNING: N_("warning"), PROBLEM: N_("PROBLEM")}


def _words(row: Row) -> str:
    return f"{row['message']} {row['hint']}" if row["hint"] else str(row["message"])


COLUMNS: Final = (
    Column("check", N_("Check"), whole=True, show=lambda row: spoken(NAMES, row["check"])),
    Column("status", N_("Status"), whole=True, show=lambda row: spoken(STATUS_WORDS, row["status"])),
    Column("message", N_("What was found"), show=_words),
)
FIELDS: Final = (*COLUMNS[:2], COLUMNS[2], Column("hint", N_("Hint")))


@click.command(
    "doctor",
    cls=ListCommand,
    short_help=N_("Check that everything is in order."),
    help=N_(
        "Check that everything is in order: settings, rights, room, the database and its log, the scheduler, messages "
        "and people. Nothing is changed. Exits with 1 when there is a problem; a warning is none."
    ),
)
@pass_context
def doctor(context: Context) -> None:
    """Look at everything, and say what is wrong."""
    found = list(_checks(context))
    rows = [{"check": one.name, "status": one.status, "message": one.message, "hint": one.hint} for one in found]
    count = {status: sum(one.status == status for one in found) for status in STATUS_WORDS}
    emit_list(context, "checks", COLUMNS if shows_table(context) else FIELDS, rows, more={"counts": count})
    if count[PROBLEM]:
        context.exit(1)


def _checks(context: Context) -> Iterator[Check]:
    try:
        settings = context.settings
        house = open_house(context)
    except PdcaError as error:
        place = f" ({error.place})" if error.place else ""
        yield Check("settings", PROBLEM, error.message + place, error.hint)
        return
    yield Check("settings", OK, _("They are understood; `pdca config show` lists them."))
    yield from of_place(house, settings)
    found = list(of_database(house, settings, context.environ))
    yield from found
    if ("schema", OK) in ((one.name, one.status) for one in found):
        # What pages are made with is loaded for this alone.
        from pdca.written import of_what_was_written

        yield from of_what_was_written(house, settings.information_folder)
