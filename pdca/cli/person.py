"""`pdca person`: who there is, and which functions they hold."""

import re
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

import click

from pdca import i18n
from pdca.cli.context import Context
from pdca.cli.frame import Command, Group, ListCommand, dry_run_option, pass_context
from pdca.cli.given import dry_run_told, unusable, what_came
from pdca.cli.house import open_house
from pdca.cli.listing import emit_rows
from pdca.cli.naming import slug
from pdca.cli.output import Column, Row, emit_object
from pdca.cli.words import parse_day
from pdca.house import House, installation
from pdca.i18n import N_, _
from pdca.report.people import listed
from pdca.shapes import LONGEST_LABEL
from pdca.words import marked, spoken

ACCESS_WORDS: Final = {
    "administrator": N_("administrator"),
    "member": N_("member"),
    "auditor": N_("auditor"),
    "service": N_("service"),
}
_HANDLE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_EMAIL: Final = re.compile(r"[^@\s<>,;\"]{1,64}@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")

person = Group(
    "person",
    short_help=N_("List and add people."),
    lazy={
        "invitations": (
            "pdca.cli.inviting:invitations",
            N_("Let a person be invited to evaluations by mail, or not any more."),
        ),
        "leave": ("pdca.cli.absence:leave", N_("Let a person hold a function no longer.")),
        "substitute": ("pdca.cli.absence:substitute", N_("Let a person act for one who is absent.")),
        "end-substitution": ("pdca.cli.absence:end_substitution", N_("Let a substitution end earlier.")),
        "erase": ("pdca.cli.erasing:erase", N_("Take away everything personal of a person.")),
        "substitutions": ("pdca.cli.absence:substitutions", N_("List who acts for whom, and when.")),
        "wishes": ("pdca.cli.wishes:wishes", N_("Show, or say, how and when a person is told.")),
    },
)


def _access(row: Row) -> str:
    words = spoken(ACCESS_WORDS, row["access"])
    return words + ", " + _("login %(login)s") % row if row["login"] else words


COLUMNS: Final = (
    Column("person_id", N_("Person"), whole=True),
    Column("handle", N_("Handle"), whole=True),
    Column("name", N_("Name"), show=lambda row: marked(row["name"], row["assumed"])),
    Column("access", N_("Access"), show=_access),
    Column("email", N_("E-mail")),
    Column("functions", N_("Functions")),
    Column("invited", N_("Invited to evaluations"), show=lambda row: _("yes") if row["invited"] else ""),
)
FIELDS: Final = (
    Column("person_id", "Person"),
    Column("handle", "Handle"),
    Column("name", "Name"),
    Column("access", "Access"),
    Column("login", "Login"),
    Column("email", "E-mail"),
    Column("language", "Language"),
    Column("invited", "Invited to evaluations"),
    Column("functions", "Functions"),
    Column("assumed", "Assumed"),
)


@person.command(
    "list",
    cls=ListCommand,
    short_help=N_("List the people with their access and the functions they hold today."),
)
@pass_context
def list_(context: Context) -> None:
    """List the people."""
    house = open_house(context)
    with house.reading() as connection:
        rows = listed(connection, house.now(connection))
    emit_rows(context, "people", COLUMNS, FIELDS, rows)


@person.command(
    "add",
    cls=Command,
    short_help=N_("Add a person, and say which functions it holds."),
    help=N_(
        "Add a person. With a login it can act, under that login of this machine or of the PostgreSQL server; with an "
        "e-mail address it can be told. Only an administrator adds people."
    ),
)
@click.option("--name", required=True, help=N_("The name, as it stands in letters."))
@click.option("--handle", help=N_("The short name used in commands; otherwise the login, or made from the name."))
@click.option("--login", help=N_("The login under which this person acts."))
@click.option("--email", metavar="ADDRESS", help=N_("Where messages go."))
@click.option(
    "--language",
    type=click.Choice(i18n.LANGUAGES),
    help=N_("The language of messages to this person; otherwise that of --lang, or of the organisation."),
)
@click.option(
    "--access",
    type=click.Choice(tuple(ACCESS_WORDS)),
    default="member",
    show_default=True,
    help=N_("What this person may do: service is for the account of a scheduler, auditor only reads."),
)
@click.option("--function", "functions", multiple=True, help=N_("A function held, or a stakeholder represented."))
@click.option("--from", "from_", metavar="DATE", help=N_("Since when; otherwise today."))
@dry_run_option
@pass_context
def add(  # noqa: PLR0913, PLR0917 - one argument per option
    context: Context,
    name: str,
    handle: str | None,
    login: str | None,
    email: str | None,
    language: str | None,
    access: str,
    functions: tuple[str, ...],
    from_: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Add a person."""
    from pdca.people.commands import AddPerson

    house = open_house(context)
    day, home = _day_and_language(house, from_)
    command = AddPerson(
        name=_one_line("--name", name),
        handle=_handle(handle, login, name),
        login=_one_line("--login", login) if login is not None else None,
        email=_address(email),
        language=language or context.options.lang or home,
        access=access,
        parties=functions,
        from_date=day,
    )
    outcome = house.apply(command, dry_run=dry_run)
    view = {**outcome.summary, **what_came(outcome, dry_run=dry_run)}
    lines = [_("%(person)s %(handle)s is added.") % outcome.summary]
    if functions:
        lines.append(_("Holds since %(date)s: %(functions)s.") % {"date": day, "functions": ", ".join(functions)})
    if login is None:
        lines.append(_("Without a login this person cannot act here."))
    if not email:
        lines.append(_("Without an e-mail address this person cannot be told anything."))
    emit_object(context, "pdca.person-added/1", view, human=lambda: [*lines, *dry_run_told(dry_run=dry_run)])


@person.command(
    "appoint",
    cls=Command,
    short_help=N_("Give a person functions, or let it represent stakeholders."),
    help=N_(
        "Give a person functions, or let it represent stakeholders, from a date on. A person is named by id, handle or "
        "login. Only an administrator appoints."
    ),
)
@click.argument("who", metavar="PERSON")
@click.argument("functions", metavar="FUNCTION...", nargs=-1, required=True)
@click.option("--from", "from_", metavar="DATE", help=N_("Since when; otherwise today."))
@dry_run_option
@pass_context
def appoint(
    context: Context,
    who: str,
    functions: tuple[str, ...],
    from_: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Appoint a person."""
    from pdca.people.commands import Appoint

    house = open_house(context)
    day, _home = _day_and_language(house, from_)
    outcome = house.apply(Appoint(who, tuple(dict.fromkeys(functions)), day), dry_run=dry_run)
    view = {**outcome.summary, "from_date": day.isoformat(), **what_came(outcome, dry_run=dry_run)}
    words = _("%(person)s holds since %(date)s: %(functions)s.") % {
        "person": outcome.summary["person"],
        "date": day,
        "functions": ", ".join(outcome.summary["parties"]),
    }
    emit_object(context, "pdca.appointed/1", view, human=lambda: [words, *dry_run_told(dry_run=dry_run)])


def _day_and_language(house: House, text: str | None) -> tuple[date, str]:
    asked = parse_day("--from", text)
    with house.reading() as connection:
        body = installation(connection)
        today = house.now(connection).astimezone(ZoneInfo(body["zone"])).date()
    return asked or today, str(body["language"])


def _handle(asked: str | None, login: str | None, name: str) -> str:
    if asked is None:
        made = login if login and _HANDLE.fullmatch(login) else slug(name)
        if made:
            return made
    elif _HANDLE.fullmatch(asked):
        return asked
    raise unusable(
        "--handle", asked or name, _("Write letters without accents, digits, dots and dashes; such as sofie.")
    )


def _one_line(option: str, text: str) -> str:
    if not text.strip() or not text.isprintable() or len(text) > LONGEST_LABEL:
        raise unusable(option, text, _("Write it on one line, not too long."))
    return text.strip()


def _address(text: str | None) -> str | None:
    if text is None or _EMAIL.fullmatch(text):
        return text
    raise unusable("--email", text, _("Write it like sofie@zone.example."))


def access_words(row: Row) -> str:
    """Give the access of a person in words."""
    return spoken(ACCESS_WORDS, row["access"]) if row["access"] else ""
