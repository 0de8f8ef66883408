"""`pdca person leave`, `substitute`, `end-substitution`, `substitutions`: who is away, and who acts instead."""

from datetime import date
from typing import Final

import click

from pdca.cli.cells import Column, Row
from pdca.cli.context import Context
from pdca.cli.frame import Command, ListCommand, dry_run_option, pass_context, reason_option, reason_required
from pdca.cli.given import emit_done
from pdca.cli.house import open_house
from pdca.cli.listing import emit_rows
from pdca.cli.party import find_party
from pdca.cli.words import parse_day
from pdca.house import House
from pdca.i18n import N_, _
from pdca.standing import local_day
from pdca.store.reads import people
from pdca.words import marked


@click.command(
    "leave",
    cls=Command,
    short_help=N_("Let a person hold a function no longer."),
    help=N_(
        "Let a person hold a function, or represent a stakeholder, no longer; only an administrator does this. What "
        "the person did stays under its name, and plans that nobody leads any more are named."
    ),
)
@click.argument("who", metavar="PERSON")
@click.argument("function", metavar="FUNCTION")
@click.option("--on", "on_", metavar="DATE", help=N_("The first day on which it is over; otherwise today."))
@reason_option
@dry_run_option
@pass_context
def leave(
    context: Context,
    who: str,
    function: str,
    on_: str | None,
    reason: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """End an appointment."""
    from pdca.people.commands import EndAppointment
    from pdca.report.people import without_holder

    house = open_house(context)
    day = parse_day("--on", on_) or _today(house)
    with house.reading() as connection:
        party = str(find_party(connection, function)["party_id"])
    with house.performing(EndAppointment(who, party, day, reason), dry_run=dry_run) as (uow, outcome):
        plans = without_holder(uow.connection, party, day)
    lines = [_("%(person)s does not hold %(party)s any more from %(until)s on.") % outcome.summary]
    if plans:
        lines.append(
            _("From then on nobody holds the function that leads: %(plans)s.") % {"plans": ", ".join(plans)}
            + " "
            + _("Appoint somebody with `pdca person appoint`.")
        )
    more = {"plans_without_lead": plans}
    emit_done(context, "pdca.appointment-ended/1", outcome, lines, dry_run=dry_run, more=more)


@click.command(
    "substitute",
    cls=Command,
    short_help=N_("Let a person act for one who is absent."),
    help=N_(
        "Let a person act for one who is absent, from a first day to a last one. The substitute may then do what the "
        "absent person may, except administer, and the log says on whose behalf it was done. The absent person or an "
        "administrator records it."
    ),
)
@click.argument("absent", metavar="ABSENT")
@click.option("--by", "substitute_", metavar="PERSON", required=True, help=N_("Who acts instead."))
@click.option("--from", "from_", metavar="DATE", help=N_("The first day; otherwise today."))
@click.option("--until", metavar="DATE", required=True, help=N_("The last day."))
@reason_required
@dry_run_option
@pass_context
def substitute(
    context: Context,
    absent: str,
    substitute_: str,
    from_: str | None,
    until: str,
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Record a substitution."""
    from pdca.people.substitution import Substitute

    house = open_house(context)
    first, last = parse_day("--from", from_) or _today(house), parse_day("--until", until)
    assert last is not None  # noqa: S101 - the option is required
    outcome = house.apply(Substitute(absent, substitute_, first, last, reason), dry_run=dry_run)
    more = {"from_date": first.isoformat(), "until_date": last.isoformat()}
    words = _("%(substitution)s: %(substitute)s acts for %(absent)s from %(from_date)s through %(until_date)s.")
    with house.reading() as connection:
        names = {row["person_id"]: row["name"] for row in connection.all(people.PEOPLE)}
    said = {role: f"{names[outcome.summary[role]]} ({outcome.summary[role]})" for role in ("absent", "substitute")}
    lines = [words % {**outcome.summary, **more, **said}]
    emit_done(context, "pdca.substituted/1", outcome, lines, dry_run=dry_run, more=more)


@click.command(
    "end-substitution",
    cls=Command,
    short_help=N_("Let a substitution end earlier."),
)
@click.argument("substitution", metavar="SUBSTITUTION")
@click.option("--on", "on_", metavar="DATE", help=N_("The last day on which it holds; otherwise today."))
@reason_required
@dry_run_option
@pass_context
def end_substitution(
    context: Context,
    substitution: str,
    on_: str | None,
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """End a substitution."""
    from pdca.people.substitution import EndSubstitution

    house = open_house(context)
    day = parse_day("--on", on_) or _today(house)
    outcome = house.apply(EndSubstitution(substitution.upper(), day, reason), dry_run=dry_run)
    lines = [_("%(substitution)s ends; its last day is %(until)s.") % outcome.summary]
    emit_done(context, "pdca.substitution-ended/1", outcome, lines, dry_run=dry_run)


def _named(role: str) -> Column:
    heading = N_("Absent") if role == "absent" else N_("Substitute")
    return Column(f"{role}_name", heading, show=lambda row: f"{marked(row[f'{role}_name'], row[f'{role}_assumed'])}")


def _holds(row: Row) -> str:
    return _("yes") if row["in_force"] else ""


COLUMNS: Final = (
    Column("substitution_id", N_("Number"), whole=True),
    _named("absent"),
    _named("substitute"),
    Column("from_date", N_("First day"), whole=True),
    Column("until_date", N_("Last day"), whole=True),
    Column("in_force", N_("Today"), show=_holds),
    Column("reason", N_("Why")),
)
FIELDS: Final = (
    Column("substitution_id", "Number"),
    Column("absent_id", "Absent"),
    Column("absent_name", "Name of the absent"),
    Column("substitute_id", "Substitute"),
    Column("substitute_name", "Name of the substitute"),
    Column("from_date", "First day"),
    Column("until_date", "Last day"),
    Column("in_force", "Today"),
    Column("reason", "Why"),
    Column("assumed", "Assumed"),
)


@click.command("substitutions", cls=ListCommand, short_help=N_("List who acts for whom, and when."))
@pass_context
def substitutions(context: Context) -> None:
    """List the substitutions."""
    from pdca.report.people import substitutions as listed

    house = open_house(context)
    with house.reading() as connection:
        rows = listed(connection, house.now(connection))
    emit_rows(context, "substitutions", COLUMNS, FIELDS, rows, empty=_("Nobody acts for anybody."))


def _today(house: House) -> date:
    with house.reading() as connection:
        return local_day(connection, house.now(connection))
