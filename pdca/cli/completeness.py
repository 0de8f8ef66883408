"""`pdca completeness` and `pdca means`: what is not worked out yet, and means planned against those deployed."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Final

import click

from pdca.cli.cells import MARKS, legend
from pdca.cli.context import Context
from pdca.cli.finding import find_programme
from pdca.cli.frame import ListCommand, pass_context
from pdca.cli.house import find_plan, lines, open_house
from pdca.cli.naming import explain_mark, shows_table
from pdca.cli.output import Block, Column, Heading, Row, emit_list, emit_object
from pdca.cli.words import title
from pdca.i18n import N_, _
from pdca.report import completeness as report
from pdca.report.gaps import told
from pdca.report.plans import listed
from pdca.report.programme import programmes
from pdca.words import MEANS, amount, marked, need_fields, spoken

GAP_FIELDS: Final = (
    *(Column(name, name) for name in ("subject", "belongs_to", "programme_id", "code", "need", "command", "title")),
    *MARKS,
)


@click.command(
    "completeness",
    cls=ListCommand,
    short_help=N_("Say what of a programme is not worked out yet, with what mends it."),
    help=N_(
        "Say what of a programme is not worked out yet: objectives over which nothing was decided or that have no "
        "plan, plans without a leader, plans that lost what they were started with, activities without means or with "
        "nobody to answer for them, partners without training, reactions without an answer. Each comes with the "
        "command that mends it."
    ),
)
@click.option("--programme", "programme_word", metavar="PROGRAMME", help=N_("Only what belongs to this programme."))
@pass_context
def completeness(context: Context, programme_word: str | None) -> None:
    """Say what is not worked out yet."""
    house = open_house(context)
    with house.reading() as connection:
        wanted = find_programme(connection, programme_word) if programme_word else None
        rows = [
            {
                "subject": one.gap.subject,
                "belongs_to": one.gap.belongs_to,
                "programme_id": one.programme_id,
                **one.owner,
                **need_fields(one.need),
            }
            for one in told(connection, house.now(connection))
            if wanted in (None, one.programme_id)
        ]
    if shows_table(context):
        emit_object(context, "", {}, human=lambda: _page(rows))
    else:
        emit_list(context, "gaps", GAP_FIELDS, rows)


def _page(rows: Sequence[Row]) -> Iterator[Block]:
    if not rows:
        yield _("Nothing is missing: everything is worked out.")
    for belongs_to, found in groupby(sorted(rows, key=_place), lambda row: row["belongs_to"]):
        here = list(found)
        yield Heading(f"{belongs_to}  {title(here[0])}")
        yield "".join(lines(here)).removeprefix("\n")
    yield from legend(any(row["assumed"] for row in rows))


def _place(row: Row) -> tuple[str, bool, int, str]:
    """Order by programme: what belongs to itself, then its plans by number."""
    of_plan = row["belongs_to"] != row["programme_id"]
    return row["programme_id"], of_plan, len(row["belongs_to"]), row["belongs_to"]


UNSTATED: Final = "?"
"""Stands for figures that nobody stated; missing is not zero."""


def _deployed(row: Row) -> str:
    if row["deployed"] is None:
        return UNSTATED
    return f"{amount(row['deployed'])} + {UNSTATED}" if row["unstated"] else amount(row["deployed"])


def _reasons(row: Row) -> str:
    return "\n".join(f"{one['activity']}: {one['reason']}" for one in row["reasons"])


MEANS_COLUMNS: Final = (
    Column("of", N_("Of"), whole=True, show=lambda row: marked(row["of"], row["assumed"])),
    Column("kind", N_("Kind"), show=lambda row: spoken(MEANS, row["kind"])),
    Column("year", N_("Year"), whole=True, show=lambda row: str(row["year"] or _("all"))),
    Column("planned", N_("Planned"), right=True, show=lambda row: amount(row["planned"])),
    Column("deployed", N_("Deployed"), right=True, show=_deployed),
    Column(
        "shortfall",
        N_("Shortfall"),
        right=True,
        show=lambda row: "" if row["shortfall"] == "0" else amount(row["shortfall"]),
    ),
    Column("reasons", N_("Reasons"), show=_reasons),
)
MEANS_FIELDS: Final = (
    *(Column(name, name) for name in ("of", "scope", "kind", "year", "planned", "deployed", "unstated", "shortfall")),
    *(Column(name, name) for name in ("reasons", "title")),
    *MARKS,
)


@click.command(
    "means",
    cls=ListCommand,
    short_help=N_("Add up the means of every programme and plan: planned, deployed, and what fell short."),
    help=N_(
        "Add up the means and capacity of every programme and plan, or of one plan: planned and deployed, by year, "
        "and what fell short with its reasons. Money and hours are added up over the years too; people and FTE are "
        "not, for they are the same ones every year. A figure that nobody stated is not counted as zero."
    ),
)
@click.argument("plan_word", metavar="[PLAN]", required=False)
@pass_context
def means(context: Context, plan_word: str | None) -> None:
    """Add up the means."""
    with open_house(context).reading() as connection:
        wanted = find_plan(connection, plan_word) if plan_word else None
        view = report.means(connection)
        owners = {row["plan_id"]: row for row in listed(connection)}
        owners |= {row["programme_id"]: row for row in programmes(connection)}
    rows = [
        _sum(scope, one, owners[one["of"]])
        for scope, found in (("programme", view["programmes"]), ("plan", view["plans"]))
        for one in found
        if wanted in (None, one["of"])
    ]
    columns = MEANS_COLUMNS if shows_table(context) else MEANS_FIELDS
    emit_list(context, "means", columns, rows, empty=_("No means are stated."))
    if shows_table(context) and any(row["unstated"] for row in rows):
        context.note(_("? = a figure that nobody stated; “4 + ?” is what was stated, and more that was not."))
    explain_mark(context, rows)


def _sum(scope: str, one: dict[str, Any], owner: Row) -> dict[str, Any]:
    marks = {name: owner.get(name, False) for name in ("title", "restricted", "assumed")}
    return {"of": one["of"], "scope": scope, **one, **marks}
