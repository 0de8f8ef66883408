"""`pdca programme new` and `set`: making a programme, and changing what of it is not fixed yet."""

from datetime import date
from typing import Final

import click

from pdca.cli.context import Context
from pdca.cli.finding import find_programme
from pdca.cli.frame import Command, dry_run_option, pass_context, reason_option
from pdca.cli.given import (
    Reader,
    changed_or_not,
    emit_done,
    fields_argument,
    fields_given,
    language_given,
    text_or_none,
    title_option,
    titles,
    values_given,
)
from pdca.cli.house import check, open_house
from pdca.cli.naming import free_slug
from pdca.cli.words import parse_span_end
from pdca.i18n import N_, _
from pdca.report.gaps import overlap
from pdca.store.driver import Connection
from pdca.store.reads import plans

METHOD: Final = "zvp"


@click.command(
    "new",
    cls=Command,
    short_help=N_("Make a programme with a title, a period and a method."),
    help=N_(
        "Make a programme, as a draft: with a title, a period whose first and last day belong to it, and the method by "
        "which its plans are worked. The year 2026 begins on its first day and ends on its last. Without --id it is "
        "called after its title. Done by an administrator, or by whoever heads the body or answers for it."
    ),
)
@title_option
@click.option("--from", "from_", metavar="DATE", required=True, help=N_("The first day: 2026-01-01, 2026-01 or 2026."))
@click.option("--to", metavar="DATE", required=True, help=N_("The last day: 2031-12-31, 2031-12 or 2031."))
@click.option(
    "--method", default=METHOD, show_default=True, help=N_("The method; `pdca workflow list` shows them all.")
)
@click.option("--previous", "previous_word", metavar="PROGRAMME", help=N_("The programme that it follows."))
@click.option("--id", "wanted", metavar="ID", help=N_("What it is called; made from the title otherwise."))
@click.option("--note", help=N_("What else is to be known of it."))
@dry_run_option
@pass_context
def new(  # noqa: PLR0913, PLR0917 - one argument per option
    context: Context,
    texts: tuple[str, ...],
    from_: str,
    to: str,
    method: str,
    previous_word: str | None,
    wanted: str | None,
    note: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Make a programme."""
    from pdca.programme.make import AddProgramme

    house = open_house(context)
    with house.reading() as connection:
        title = titles("--title", texts, language_given(context, connection))
        taken = {row["programme_id"].casefold() for row in connection.all(plans.PROGRAMMES)}
        command = AddProgramme(
            programme_id=free_slug(next(iter(title.values())), taken) if wanted is None else wanted,
            title=title,
            first_day=parse_span_end("--from", from_).first_day,
            last_day=parse_span_end("--to", to).date,
            method=method,
            previous=find_programme(connection, previous_word) if previous_word is not None else None,
            note=note,
        )
    with house.performing(command, dry_run=dry_run) as (uow, outcome):
        warnings = overlap(uow.connection, command.programme_id)
    lines = [
        _("%(programme)s is made, from %(period_start)s to %(period_end)s, by the method %(method)s.") % outcome.summary
    ]
    if not dry_run:
        lines.append(_("Next: `pdca objective add --programme %(programme)s --title …`.") % outcome.summary)
    emit_done(context, "pdca.programme-new/1", outcome, lines, dry_run=dry_run, warnings=warnings)


@click.command(
    "set",
    cls=Command,
    short_help=N_("Change what of a programme is not fixed yet."),
    help=N_(
        "Change what of a programme is not fixed yet: FIELD=VALUE, and FIELD= to take it away. The fields are title "
        "(title=fr=… is the title in French), from, to, previous and note. Once it was handed in for approval its "
        "period is fixed, and another title needs --reason; the deadline has `pdca programme deadline`."
    ),
)
@click.argument("word", metavar="PROGRAMME")
@fields_argument
@reason_option
@dry_run_option
@pass_context
def set_(
    context: Context,
    word: str,
    fields: tuple[str, ...],
    reason: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Change a programme."""
    from pdca.programme.make import SetProgramme

    given = fields_given(fields, ("title", *_READ), "title")
    house = open_house(context)
    with house.reading() as connection:
        wanted = find_programme(connection, word)
        read = values_given(context, connection, given, "title", _READ)
    values = {_CALLED.get(field, field): value for field, value in read.items()}
    with house.performing(SetProgramme(wanted, values, reason), dry_run=dry_run) as (uow, outcome):
        warnings = overlap(uow.connection, wanted) if given.keys() & {"from", "to"} else []
    check(outcome, wanted, dry_run=dry_run)
    told = [changed_or_not(outcome, wanted)]
    emit_done(context, "pdca.programme-changed/1", outcome, told, dry_run=dry_run, warnings=warnings)


def _first_day(_connection: Connection, text: str) -> date:
    return parse_span_end("from", text).first_day


def _last_day(_connection: Connection, text: str) -> date:
    return parse_span_end("to", text).date


def _previous(connection: Connection, text: str) -> str | None:
    return find_programme(connection, text) if text else None


_READ: Final[dict[str, Reader]] = {
    "from": _first_day,
    "to": _last_day,
    "previous": _previous,
    "note": text_or_none,
}
_CALLED: Final = {"from": "first_day", "to": "last_day"}
