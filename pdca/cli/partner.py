"""`pdca partner`: who works with the body, how it is involved, what it says back and is answered."""

from datetime import date
from typing import Final

import click

from pdca.cli.cells import Column, Row
from pdca.cli.context import Context
from pdca.cli.frame import Command, Group, ListCommand, dry_run_option, pass_context
from pdca.cli.given import emit_done
from pdca.cli.house import find_plan, open_house
from pdca.cli.listing import emit_rows, of_plan_option
from pdca.cli.party import find_party, kind
from pdca.cli.words import parse_day
from pdca.errors import NotFound
from pdca.house import House
from pdca.i18n import N_, _, localized
from pdca.plans.roles import local_date
from pdca.report import partners as views
from pdca.store.reads import plans
from pdca.words import MODES, marked, spoken

partner = Group(
    "partner",
    short_help=N_("Involve partners, and hear and answer them."),
    lazy={
        "add": ("pdca.cli.party_change:add_partner", N_("Add an organisation that works with the body.")),
        "set": ("pdca.cli.party_change:set_partner", N_("Change what is said of a partner or an authority.")),
    },
)


COLUMNS: Final = (
    Column("party_id", N_("Partner"), whole=True),
    Column("name", N_("Name"), show=lambda row: marked(localized(row["name"]), row["assumed"])),
    Column("kind", N_("Kind"), show=kind),
    Column("plans", N_("Plans")),
    Column("sessions", N_("Sessions"), right=True),
    Column("open_reactions", N_("Unanswered"), right=True),
)
FIELDS: Final = (
    *COLUMNS[:3],
    Column("discipline", "Discipline"),
    *COLUMNS[3:5],
    Column("trained", "Trained"),
    COLUMNS[5],
    Column("assumed", "Assumed"),
)


@partner.command(
    "list",
    cls=ListCommand,
    short_help=N_("List partners and authorities, with their plans and what they wait for."),
    help=N_(
        "List partners, authorities, the public and the own staff: in which plans they take part, how many sessions "
        "were held with them, and how many of their reactions are not answered."
    ),
)
@pass_context
def list_(context: Context) -> None:
    """List the partners."""
    with open_house(context).reading() as connection:
        rows = views.listed(connection)
    emit_rows(context, "partners", COLUMNS, FIELDS, rows, empty=_("There are no partners yet."))


@partner.command(
    "involve",
    cls=Command,
    short_help=N_("Record a session with a partner: training, information or consultation."),
    help=N_(
        "Record a session that was held with a partner for a plan: training, information or consultation, on which "
        "day, about what, and who attended. The project group records it."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.option("--party", "party_word", metavar="PARTY", required=True, help=N_("The partner."))
@click.option("--mode", required=True, type=click.Choice(tuple(MODES)), help=N_("What kind of session it was."))
@click.option("--on", "on_", metavar="DATE", help=N_("When it was; otherwise today."))
@click.option("--content", required=True, help=N_("What it was about."))
@click.option(
    "--attended", "attendees", multiple=True, required=True, help=N_("Who attended; once for each, or how many.")
)
@dry_run_option
@pass_context
def involve(
    context: Context,
    plan_word: str,
    party_word: str,
    mode: str,
    on_: str | None,
    content: str,
    attendees: tuple[str, ...],
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Record a session."""
    from pdca.partners.involvement import Involve

    house = open_house(context)
    plan_id, party, day = _named(house, plan_word, party_word, on_)
    outcome = house.apply(Involve(plan_id, party, mode, day, content, attendees), dry_run=dry_run)
    lines = [
        _("%(involvement)s: %(mode)s of %(party)s on %(day)s is recorded.")
        % {**outcome.summary, "mode": spoken(MODES, mode), "day": day}
    ]
    emit_done(context, "pdca.involved/1", outcome, lines, dry_run=dry_run, more={"held_on": day.isoformat()})


@partner.command(
    "react",
    cls=Command,
    short_help=N_("Record what a partner says about a plan."),
    help=N_(
        "Record what a partner says about a plan; it stays open until it is answered. The project group records it, or "
        "who represents the partner."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.option("--party", "party_word", metavar="PARTY", required=True, help=N_("The partner."))
@click.option("--on", "on_", metavar="DATE", help=N_("When it was received; otherwise today."))
@click.option("--report", metavar="REPORT", help=N_("The progress report it is about."))
@click.option("--text", required=True, help=N_("What the partner says."))
@dry_run_option
@pass_context
def react(
    context: Context,
    plan_word: str,
    party_word: str,
    on_: str | None,
    report: str | None,
    text: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Record a reaction."""
    from pdca.partners.reaction import React

    house = open_house(context)
    plan_id, party, day = _named(house, plan_word, party_word, on_)
    outcome = house.apply(React(plan_id, party, day, text, report.upper() if report else None), dry_run=dry_run)
    lines = [
        _("%(reaction)s: the reaction of %(party)s is recorded.") % outcome.summary,
        _("It is answered with `pdca partner answer %(reaction)s --text …`.") % outcome.summary,
    ]
    emit_done(context, "pdca.reacted/1", outcome, lines, dry_run=dry_run, more={"received_on": day.isoformat()})


@partner.command(
    "answer",
    cls=Command,
    short_help=N_("Answer what a partner said."),
    help=N_("Answer what a partner said, as one of the project group. A reaction is answered once."),
)
@click.argument("reaction", metavar="REACTION")
@click.option("--text", required=True, help=N_("The answer."))
@dry_run_option
@pass_context
def answer(
    context: Context,
    reaction: str,
    text: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Answer a reaction."""
    from pdca.partners.reaction import Answer

    house = open_house(context)
    plan_word, slash, own = reaction.partition("/")
    if not slash:
        raise NotFound(
            "reaction-unknown",
            _("There is no reaction %(reaction)s.") % {"reaction": reaction},
            hint=_("Write it like P-004/R1; `pdca partner reactions` lists them all."),
        )
    with house.reading() as connection:
        identity = f"{find_plan(connection, plan_word)}/{own.upper()}"
    outcome = house.apply(Answer(identity, text), dry_run=dry_run)
    lines = [_("%(reaction)s is answered.") % outcome.summary]
    emit_done(context, "pdca.answered/1", outcome, lines, dry_run=dry_run)


def _named(house: House, plan_word: str, party_word: str, on_: str | None) -> tuple[str, str, date]:
    """Give the plan, the party and the day that are named; the day is today where the plan is unless it is said."""
    asked = parse_day("--on", on_)
    with house.reading() as connection:
        plan = connection.one(plans.PLAN, plan_id=find_plan(connection, plan_word)) or {}
        party = str(find_party(connection, party_word)["party_id"])
        return plan["plan_id"], party, asked or local_date(house.now(connection), plan["zone"])


def _party(row: Row) -> str:
    return marked(localized(row["party_name"]), row["party_assumed"])


REACTION_COLUMNS: Final = (
    Column("reaction_id", N_("Reaction"), whole=True),
    Column("received_on", N_("Received"), whole=True),
    Column("party_name", N_("Partner"), show=_party),
    Column("text", N_("What it says")),
    Column("answer", N_("Answer"), show=lambda row: _("(open)") if row["open"] else row["answer"]),
)
REACTION_FIELDS: Final = (
    Column("reaction_id", "Reaction"),
    Column("plan_id", "Plan"),
    Column("received_on", "Received"),
    Column("party_id", "Partner"),
    Column("report_id", "Report"),
    Column("open", "Open"),
    Column("text", "What it says"),
    Column("answer", "Answer"),
    Column("answered_at", "Answered"),
    Column("restricted", "Restricted"),
    Column("party_assumed", "Partner is assumed"),
)


@partner.command("reactions", cls=ListCommand, short_help=N_("List what partners said, and what they were answered."))
@of_plan_option
@click.option("--open", "only_open", is_flag=True, help=N_("Only those that are not answered."))
@pass_context
def reactions(context: Context, plan_word: str | None, only_open: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """List the reactions."""
    with open_house(context).reading() as connection:
        plan_id = find_plan(connection, plan_word) if plan_word else None
        rows = [
            row
            for row in views.reactions(connection)
            if plan_id in (None, row["plan_id"]) and (row["open"] or not only_open)
        ]
    emit_rows(context, "reactions", REACTION_COLUMNS, REACTION_FIELDS, rows, empty=_("There are no such reactions."))


SESSION_COLUMNS: Final = (
    Column("involvement_id", N_("Session"), whole=True),
    Column("held_on", N_("Date"), whole=True),
    Column("mode", N_("Kind"), show=lambda row: spoken(MODES, row["mode"])),
    Column("party_name", N_("Partner"), show=_party),
    Column("content", N_("About")),
    Column("attendees", N_("Attended")),
)
SESSION_FIELDS: Final = (
    Column("involvement_id", "Session"),
    Column("plan_id", "Plan"),
    Column("held_on", "Date"),
    Column("mode", "Kind"),
    Column("party_id", "Partner"),
    Column("content", "About"),
    Column("attendees", "Attended"),
    Column("restricted", "Restricted"),
    Column("party_assumed", "Partner is assumed"),
)


@partner.command("sessions", cls=ListCommand, short_help=N_("List the sessions held with partners."))
@of_plan_option
@pass_context
def sessions(context: Context, plan_word: str | None) -> None:
    """List the sessions."""
    with open_house(context).reading() as connection:
        plan_id = find_plan(connection, plan_word) if plan_word else None
        rows = [row for row in views.sessions(connection) if plan_id in (None, row["plan_id"])]
    emit_rows(context, "sessions", SESSION_COLUMNS, SESSION_FIELDS, rows, empty=_("There are no such sessions."))
