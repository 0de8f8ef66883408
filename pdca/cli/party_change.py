"""`pdca function add` and `set`, `pdca partner add` and `set`: the functions and organisations there are."""

from collections.abc import Collection, Sequence
from typing import Final

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, dry_run_option, pass_context
from pdca.cli.given import (
    changed_or_not,
    emit_done,
    fields_argument,
    fields_given,
    language_given,
    text_or_none,
    titles,
    values_given,
)
from pdca.cli.house import open_house
from pdca.cli.party import find_party
from pdca.i18n import N_, _
from pdca.people.words import ESCALATION, FUNCTION, OUTSIDE

FUNCTION_FIELDS: Final = ("discipline", "escalation", "note")
PARTNER_FIELDS: Final = ("kind", *FUNCTION_FIELDS)
"""What is said of them besides their name."""

name_option = click.option(
    "--name", "names", metavar="TEXT", multiple=True, required=True, help=N_("The name; nl=… and fr=… for several.")
)
discipline_option = click.option("--discipline", help=N_("The discipline that it brings into project groups."))
escalation_option = click.option(
    "--escalation",
    type=click.Choice(tuple(ESCALATION)),
    help=N_("As what it is told when something stays overdue; it may decide on programmes too."),
)
note_option = click.option("--note", help=N_("What else is to be known of it."))


@click.command(
    "add",
    cls=Command,
    short_help=N_("Add a function of the organisation."),
    help=N_(
        "Add a function of the organisation, such as a project leader or the head; people are appointed to it with "
        "`pdca person appoint`. Only an administrator does this."
    ),
)
@click.argument("party_id", metavar="ID")
@name_option
@discipline_option
@escalation_option
@note_option
@dry_run_option
@pass_context
def add_function(
    context: Context,
    party_id: str,
    names: tuple[str, ...],
    discipline: str | None,
    escalation: str | None,
    note: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Add a function."""
    _add(context, party_id, FUNCTION, names, (discipline, escalation, note), dry_run=dry_run)


@click.command(
    "add",
    cls=Command,
    short_help=N_("Add an organisation that works with the body."),
    help=N_(
        "Add an organisation that works with the body, an authority that it answers to, the public, or its own staff; "
        "people represent it after `pdca person appoint`. Only an administrator does this."
    ),
)
@click.argument("party_id", metavar="ID")
@name_option
@click.option("--kind", type=click.Choice(OUTSIDE), default="partner", show_default=True, help=N_("What it is."))
@discipline_option
@escalation_option
@note_option
@dry_run_option
@pass_context
def add_partner(
    context: Context,
    party_id: str,
    names: tuple[str, ...],
    kind: str,
    discipline: str | None,
    escalation: str | None,
    note: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Add a partner."""
    _add(context, party_id, kind, names, (discipline, escalation, note), dry_run=dry_run)


@click.command(
    "set",
    cls=Command,
    short_help=N_("Change what is said of a function."),
    help=N_(
        "Change what is said of a function: FIELD=VALUE, and FIELD= to take it away. The fields are name (name=fr=… "
        "is the name in French), discipline, escalation (chief or authority) and note. Its id stays. Only an "
        "administrator does this."
    ),
)
@click.argument("word", metavar="FUNCTION")
@fields_argument
@dry_run_option
@pass_context
def set_function(
    context: Context,
    word: str,
    fields: tuple[str, ...],
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Change a function."""
    _set(context, word, (FUNCTION,), fields, FUNCTION_FIELDS, dry_run=dry_run)


@click.command(
    "set",
    cls=Command,
    short_help=N_("Change what is said of a partner or an authority."),
    help=N_(
        "Change what is said of a partner or an authority: FIELD=VALUE, and FIELD= to take it away. The fields are "
        "name (name=fr=… is the name in French), kind (partner, authority, public or internal), discipline, escalation "
        "(chief or authority) and note. Its id stays. Only an administrator does this."
    ),
)
@click.argument("word", metavar="PARTNER")
@fields_argument
@dry_run_option
@pass_context
def set_partner(
    context: Context,
    word: str,
    fields: tuple[str, ...],
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Change a partner."""
    _set(context, word, OUTSIDE, fields, PARTNER_FIELDS, dry_run=dry_run)


def _add(
    context: Context,
    party_id: str,
    kind: str,
    names: Sequence[str],
    rest: tuple[str | None, str | None, str | None],
    *,
    dry_run: bool,
) -> None:
    from pdca.people.party import AddParty

    house = open_house(context)
    with house.reading() as connection:
        name = titles("--name", names, language_given(context, connection))
    outcome = house.apply(AddParty(party_id, kind, name, *rest), dry_run=dry_run)
    lines = [
        _("%(party)s is added.") % outcome.summary,
        _("Nobody is told or acts for it before `pdca person appoint PERSON %(party)s`.") % outcome.summary,
    ]
    emit_done(context, "pdca.party-added/1", outcome, lines, dry_run=dry_run)


def _set(
    context: Context,
    word: str,
    kinds: Collection[str],
    fields: Sequence[str],
    known: Sequence[str],
    *,
    dry_run: bool,
) -> None:
    from pdca.people.party import SetParty

    given = fields_given(fields, ("name", *known), "name")
    house = open_house(context)
    with house.reading() as connection:
        party = str(find_party(connection, word, kinds)["party_id"])
        values = values_given(context, connection, given, "name", dict.fromkeys(known, text_or_none))
    outcome = house.apply(SetParty(party, values), dry_run=dry_run)
    emit_done(context, "pdca.party-changed/1", outcome, [changed_or_not(outcome, party)], dry_run=dry_run)
