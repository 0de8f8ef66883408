"""`pdca retention`: how long values of each kind are kept, and erasing what is past its term."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import click

from pdca.cli.cells import legend
from pdca.cli.context import Context
from pdca.cli.erasing import names_left
from pdca.cli.frame import Command, Group, dry_run_option, pass_context, reason_required, yes_option
from pdca.cli.given import emit_done, unusable
from pdca.cli.house import check, open_house
from pdca.cli.output import Block, Column, Heading, Row, Table, emit_object
from pdca.cli.words import parse_day
from pdca.errors import Usage
from pdca.i18n import N_, _, ngettext
from pdca.words import marked, spoken
from workflows.instants import to_the_minute

if TYPE_CHECKING:
    from pdca.engine import Outcome

retention = Group(
    "retention", short_help=N_("Decide how long personal values and texts are kept, and erase them then.")
)

KINDS: Final = {
    "people": N_("names and addresses of people who left"),
    "absences": N_("why somebody was absent"),
    "messages": N_("what messages said"),
    "reactions": N_("reactions of partners and sessions with them"),
    "findings": N_("findings, evidence, predictions and follow-ups of a plan"),
    "reasons": N_("reasons of what was done in a plan"),
    "descriptions": N_("rubrics, steps and notes of a plan"),
}
AFTER: Final = {
    "people": N_("after the last function ended"),
    "absences": N_("after the absence"),
    "messages": N_("after it was sent or given up"),
    **dict.fromkeys(("reactions", "findings", "reasons", "descriptions"), N_("after the plan was closed")),
}
_UNITS: Final = {"m": 1, "y": 12}
_LONGEST: Final = 4
"""So many digits a number of months or years has at most."""


@retention.command(
    "show",
    cls=Command,
    short_help=N_("Show how long each kind of values is kept, and who decided so, when and why."),
    help=N_(
        "Show for each kind of values how long it is kept and after what, on what legal basis, what is past its term "
        "now, and every decision and every time that something was erased by it. A kind for which nothing is decided "
        "is kept."
    ),
)
@pass_context
def show(context: Context) -> None:
    """Show what holds."""
    from pdca.report.terms import terms

    house = open_house(context)
    with house.reading() as connection:
        view = terms(connection, house.now(connection))
    emit_object(context, "pdca.retention/1", view, human=lambda: _page(view))


@retention.command(
    "set",
    cls=Command,
    short_help=N_("Decide how long a kind of values is kept."),
    help=N_(
        "Decide, as an administrator, how long values of a kind are kept: people, absences, messages, reactions, "
        "findings, reasons or descriptions; `pdca retention show` says what each is and after what its term runs. It "
        "holds at once, also for what is there already: look first, with --dry-run. Earlier decisions are kept."
    ),
)
@click.argument("kind", type=click.Choice(tuple(KINDS)), metavar="KIND")
@click.option("--after", metavar="TERM", help=N_("How long: 18m for months, 5y for years."))
@click.option("--no-term", is_flag=True, help=N_("Keep it from now on without a term."))
@click.option("--legal-basis", metavar="TEXT", help=N_("The law or decision by which it is kept so long."))
@click.option("--decided", metavar="DATE", help=N_("The day of the decision; otherwise today."))
@click.option("--by", metavar="PERSON", help=N_("Who decided it; otherwise you."))
@reason_required
@dry_run_option
@pass_context
def set_(  # noqa: PLR0913, PLR0917 - one argument per option
    context: Context,
    kind: str,
    after: str | None,
    no_term: bool,  # noqa: FBT001 - a flag of the command line
    legal_basis: str | None,
    decided: str | None,
    by: str | None,
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Decide on a term."""
    from pdca.erasure.rules import DecideTerm
    from pdca.report.terms import term_in_words

    if (after is None) == (not no_term):
        raise Usage(
            "term-unsaid",
            _("It is not said how long."),
            hint=_("Say either --after, such as 5y or 18m, or --no-term."),
        )
    months = None if after is None else _months(after)
    command = DecideTerm(kind, months, legal_basis, reason, parse_day("--decided", decided), by)
    outcome = check(open_house(context).apply(command, dry_run=dry_run), kind, dry_run=dry_run)
    words = {"kind": spoken(KINDS, kind), "term": term_in_words(months), "after": spoken(AFTER, kind)}
    lines = [_("Kept without a term: %(kind)s.") % words]
    if months is not None:
        lines = [_("Erased %(term)s %(after)s: %(kind)s.") % words]
    if count := outcome.summary["past_term"]:
        lines.append(_("Past that term already, and erased next time: %(count)s.") % {"count": count})
    emit_done(context, "pdca.retention-decided/1", outcome, lines, dry_run=dry_run)


@retention.command(
    "apply",
    cls=Command,
    short_help=N_("Erase now what is past its term."),
    help=N_(
        "Erase now what is past its term by the rules in force; the scheduler does so once a day. It goes from the "
        "tables, the log, the messages written as files, and the bytes of the database; every proof of the log holds, "
        "and an event says by which rule how much went. It cannot be undone. Without anything past its term it "
        "overwrites what an erasure that was cut off left behind, and that is all."
    ),
)
@yes_option
@dry_run_option
@pass_context
def apply(context: Context, yes: bool, dry_run: bool) -> None:  # noqa: FBT001 - flags of the command line
    """Erase what is past its term."""
    from pdca.erasure.erase import erase_past_term

    house = open_house(context)
    if not dry_run:
        context.confirm(_("Everything past its term is taken away for good. Go on?"), yes=yes)
    outcome = erase_past_term(house, context.settings.notify_folder, dry_run=dry_run)
    emit_done(context, "pdca.retention-applied/1", outcome, list(_told(outcome)), dry_run=dry_run)


def _told(outcome: "Outcome") -> Iterator[Block]:
    found = outcome.summary
    if not found["kinds"]:
        yield _("No rule says that anything is erased by itself.")
        return
    yield Table(_APPLIED, found["kinds"])
    words = ngettext("%(values)s value is gone.", "%(values)s values are gone.", found["values"])
    yield words % found
    if found["files"]:
        yield _("Messages taken out of the folder: %(files)s.") % {"files": len(found["files"])}
    yield from names_left(found)
    if found["values"]:
        yield _("Backups still have everything; see to those as well.")


def _months(text: str) -> int:
    number, unit = text[:-1].strip(), text[-1:].lower()
    if unit not in _UNITS or not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST):
        raise unusable("--after", text, _("Write a number with m for months or y for years, such as 18m or 5y."))
    return int(number) * _UNITS[unit]


def _page(view: dict[str, Any]) -> list[Block]:
    blocks: list[Block] = [Table(_KINDS, view["kinds"]), Heading(_("Decisions"))]
    if view["decisions"]:
        blocks.append(Table(_DECISIONS, view["decisions"]))
    else:
        blocks.append("  " + _("Nothing is decided: everything is kept."))
    if view["runs"]:
        blocks += [Heading(_("Erased by rule")), Table(_RUNS, view["runs"])]
    return [*blocks, *legend(any(one["assumed"] for one in view["decisions"]))]


def _term(row: Row) -> str:
    from pdca.report.terms import term_in_words

    if row["months"] is None:
        return _("kept")
    return f"{term_in_words(row['months'])} {spoken(AFTER, row['kind'])}"


_KIND: Final = Column("kind", N_("Kind"), whole=True)
_KINDS: Final = (
    _KIND,
    Column("what", N_("What"), show=lambda row: spoken(KINDS, row["kind"])),
    Column("months", N_("Term"), show=_term),
    Column("legal_basis", N_("Legal basis")),
    Column("past_term", N_("Past term"), right=True),
    Column(
        "last_applied",
        N_("Last erased"),
        whole=True,
        show=lambda row: to_the_minute(row["last_applied"]) if row["last_applied"] else "",
    ),
)
_DECISIONS: Final = (
    _KIND,
    Column("number", N_("Nr"), right=True),
    Column("decided_on", N_("Decided on"), whole=True),
    Column("person_name", N_("By"), show=lambda row: marked(row["person_name"] or "", row["assumed"])),
    Column("months", N_("Term"), show=_term),
    Column("legal_basis", N_("Legal basis")),
    Column("reason", N_("Reason")),
)
_RUNS: Final = (
    _KIND,
    Column("at", N_("At"), whole=True, show=lambda row: to_the_minute(row["at"])),
    Column("rule_number", N_("Rule"), right=True),
    Column("up_to", N_("Began by"), whole=True),
    Column("subjects", N_("Subjects"), right=True),
    Column("erased", N_("Values"), right=True),
)
_APPLIED: Final = (
    _KIND,
    Column("rule", N_("Rule"), whole=True),
    Column("up_to", N_("Began by"), whole=True),
    Column("subjects", N_("Subjects"), right=True),
    Column("values", N_("Values"), right=True),
)
