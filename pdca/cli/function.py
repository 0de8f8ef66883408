"""`pdca function`: the functions of the body, who holds each, and what it leads."""

from typing import Final

import click

from pdca.cli.cells import legend
from pdca.cli.context import Context
from pdca.cli.frame import Command, Group, ListCommand, pass_context
from pdca.cli.house import open_house
from pdca.cli.listing import emit_rows
from pdca.cli.output import Block, Column, Heading, Row, emit_object
from pdca.cli.party import find_party
from pdca.i18n import N_, _, localized
from pdca.people.words import ESCALATION, FUNCTION
from pdca.report.functions import listed
from pdca.words import marked, spoken

function = Group(
    "function",
    short_help=N_("List and add the functions of the organisation."),
    lazy={
        "add": ("pdca.cli.party_change:add_function", N_("Add a function of the organisation.")),
        "set": ("pdca.cli.party_change:set_function", N_("Change what is said of a function.")),
    },
)


def _name(row: Row) -> str:
    return marked(localized(row["name"]), row["assumed"])


def _escalation(row: Row) -> str:
    return spoken(ESCALATION, row["escalation"]) if row["escalation"] else ""


def _holders(row: Row) -> str:
    return ", ".join(f"{marked(one['name'], one['assumed'])} ({one['person_id']})" for one in row["holders"])


COLUMNS: Final = (
    Column("party_id", N_("Function"), whole=True),
    Column("name", N_("Name"), show=_name),
    Column("discipline", N_("Discipline")),
    Column("escalation", N_("Escalation"), show=_escalation),
    Column("holders", N_("Held by"), show=_holders),
    Column("leads", N_("Leads")),
)
FIELDS: Final = (
    *(Column(name, name) for name in ("party_id", "name", "discipline", "discipline_assumed", "escalation")),
    *(Column(name, name) for name in ("holders", "leads", "plans", "assumed")),
)


@function.command(
    "list",
    cls=ListCommand,
    short_help=N_("List the functions, with who holds each today and which plans it leads."),
)
@pass_context
def list_(context: Context) -> None:
    """List the functions."""
    house = open_house(context)
    with house.reading() as connection:
        rows = listed(connection, house.now(connection))
    empty = _("There are no functions yet. Add one with `pdca function add`.")
    emit_rows(context, "functions", COLUMNS, FIELDS, rows, empty=empty)


@function.command(
    "show",
    cls=Command,
    short_help=N_("Show a function: its discipline, who holds it, and the plans it has to do with."),
)
@click.argument("word", metavar="FUNCTION")
@pass_context
def show(context: Context, word: str) -> None:
    """Show one function."""
    house = open_house(context)
    with house.reading() as connection:
        wanted = find_party(connection, word, (FUNCTION,))["party_id"]
        view = next(row for row in listed(connection, house.now(connection)) if row["party_id"] == wanted)
    emit_object(context, "pdca.function/1", view, human=lambda: _page(view))


def _page(view: Row) -> list[Block]:
    said = {
        _("Discipline: %(text)s"): marked(view["discipline"] or "", view["discipline_assumed"]),
        _("Escalation: %(text)s"): _escalation(view),
        _("Held by: %(text)s"): _holders(view) or _("nobody"),
        _("Leads: %(text)s"): ", ".join(view["leads"]),
        _("Takes part in: %(text)s"): ", ".join(plan for plan in view["plans"] if plan not in view["leads"]),
        _("Note: %(text)s"): view["note"] or "",
    }
    lines = [template % {"text": text} for template, text in said.items() if text]
    assumed = [view["assumed"], *(one["assumed"] for one in view["holders"])]
    assumed.append(view["discipline"] and view["discipline_assumed"])
    return [Heading(f"{view['party_id']}  {_name(view)}"), *lines, *legend(any(assumed))]
