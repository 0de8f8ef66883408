"""`pdca phenomenon`: the tree of phenomena, which outlives programmes."""

from collections.abc import Iterator, Sequence
from typing import Final

import click

from pdca.cli.context import Context
from pdca.cli.finding import find_phenomenon
from pdca.cli.frame import Command, Group, ListCommand, dry_run_option, pass_context
from pdca.cli.given import emit_done, language_given, titles
from pdca.cli.house import open_house
from pdca.cli.naming import explain_mark, shows_table
from pdca.cli.output import Column, emit_list, emit_object
from pdca.cli.table import Screen
from pdca.errors import Usage
from pdca.i18n import N_, _, localized
from pdca.report.phenomenon import phenomenon as through_programmes
from pdca.report.programme import View, phenomena
from pdca.words import marked

phenomenon = Group("phenomenon", short_help=N_("Show and rearrange the tree of phenomena."))

COLUMNS: Final = (
    Column("phenomenon_id", N_("Phenomenon"), whole=True, show=lambda row: row["branch"] + row["phenomenon_id"]),
    Column("title", N_("Title"), show=lambda row: marked(localized(row["title"]), row["assumed"])),
)
FIELDS: Final = tuple(Column(name, name) for name in ("phenomenon_id", "parent_id", "title", "assumed"))


@phenomenon.command(
    "list", cls=ListCommand, short_help=N_("List the phenomena: as a tree for people, each with its parent otherwise.")
)
@pass_context
def list_(context: Context) -> None:
    """List the phenomena."""
    with open_house(context).reading() as connection:
        tree = phenomena(connection)
    empty = _("There are no phenomena yet. Add one with `pdca phenomenon add`.")
    if shows_table(context):
        shown = list(_as_tree(tree))
        emit_list(context, "phenomena", COLUMNS, shown, empty=empty)
        explain_mark(context, shown)
    else:
        emit_list(context, "phenomena", FIELDS, list(_flat(tree)))


def _flat(tree: Sequence[View]) -> Iterator[View]:
    for one in tree:
        yield {name: value for name, value in one.items() if name != "phenomena"}
        yield from _flat(one["phenomena"])


def _as_tree(tree: Sequence[View], above: str | None = None) -> Iterator[View]:
    for one in tree:
        last = one is tree[-1]
        yield {**one, "branch": "" if above is None else above + ("└ " if last else "├ ")}
        yield from _as_tree(one["phenomena"], "" if above is None else above + ("  " if last else "│ "))


@phenomenon.command(
    "show",
    cls=Command,
    short_help=N_("Show what became of a phenomenon in each programme, and its figures against a baseline."),
    help=N_(
        "Show a phenomenon through the programmes: the objectives about it or about what stands under it, what "
        "evaluations of programmes found and decided, and the figures of whatever measures the plans that work on it, "
        "against the first baseline that was stated."
    ),
)
@click.argument("word", metavar="PHENOMENON")
@pass_context
def show(context: Context, word: str) -> None:
    """Show one phenomenon."""
    from pdca.cli.phenomenon_page import page
    from pdca.cli.series_page import said
    from pdca.indicators.find import find_row
    from pdca.report.readings import reading_of, recorded_of

    house = open_house(context)
    with house.reading() as connection:
        now = house.now(connection)
        view = through_programmes(connection, find_phenomenon(connection, word), now)
        names = [one["indicator_id"] for one in view["indicators"]]
        series = {name: recorded_of(connection, find_row(connection, name), now, steps=True) for name in names}
    read = [{**one, "reading": reading_of(series[one["indicator_id"]])} for one in view["indicators"]]
    screen = Screen.of_stdout(context.environ)
    emit_object(
        context,
        "pdca.phenomenon/1",
        {**view, "indicators": read},
        human=lambda: page(view, {name: said(one, screen) for name, one in series.items()}),
    )


title_option = click.option(
    "--title",
    "title_texts",
    multiple=True,
    required=True,
    metavar="TITLE",
    help=N_(
        "The title, with its language in front: nl=… or fr=…. Without one, in the language of --lang, otherwise in "
        "that of the organisation. Repeat it for each language."
    ),
)


@phenomenon.command("add", cls=Command, short_help=N_("Add a phenomenon, at the top of the tree or under another."))
@click.argument("phenomenon_id", metavar="ID")
@title_option
@click.option("--under", metavar="PHENOMENON", help=N_("The phenomenon under which it stands."))
@dry_run_option
@pass_context
def add(
    context: Context,
    phenomenon_id: str,
    title_texts: tuple[str, ...],
    under: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Add a phenomenon."""
    from pdca.programme.phenomenon import AddPhenomenon

    house = open_house(context)
    with house.reading() as connection:
        title = titles("--title", title_texts, language_given(context, connection))
        parent = find_phenomenon(connection, under) if under is not None else None
    outcome = house.apply(AddPhenomenon(phenomenon_id, title, parent), dry_run=dry_run)
    template = _("%(phenomenon)s is added, under %(parent)s.") if parent else _("%(phenomenon)s is added, at the top.")
    emit_done(context, "pdca.phenomenon-added/1", outcome, [template % outcome.summary], dry_run=dry_run)


@phenomenon.command("move", cls=Command, short_help=N_("Put a phenomenon, with all under it, elsewhere in the tree."))
@click.argument("word", metavar="PHENOMENON")
@click.option("--under", metavar="PHENOMENON", help=N_("The phenomenon under which it is to stand."))
@click.option("--top", is_flag=True, help=N_("It is to stand at the top."))
@dry_run_option
@pass_context
def move(
    context: Context,
    word: str,
    under: str | None,
    top: bool,  # noqa: FBT001 - a flag of the command line
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Move a phenomenon."""
    from pdca.programme.phenomenon import MovePhenomenon

    if top == (under is not None):
        raise Usage("under-or-top", _("Say either --under PHENOMENON or --top."))
    house = open_house(context)
    with house.reading() as connection:
        wanted = find_phenomenon(connection, word)
        parent = find_phenomenon(connection, under) if under is not None else None
    outcome = house.apply(MovePhenomenon(wanted, parent), dry_run=dry_run)
    template = (
        _("%(phenomenon)s now stands under %(parent)s.") if parent else _("%(phenomenon)s now stands at the top.")
    )
    emit_done(context, "pdca.phenomenon-moved/1", outcome, [template % outcome.summary], dry_run=dry_run)


@phenomenon.command(
    "rename", cls=Command, short_help=N_("Give a phenomenon another title; in other languages it stays.")
)
@click.argument("word", metavar="PHENOMENON")
@title_option
@dry_run_option
@pass_context
def rename(
    context: Context,
    word: str,
    title_texts: tuple[str, ...],
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Rename a phenomenon."""
    from pdca.programme.phenomenon import RenamePhenomenon

    house = open_house(context)
    with house.reading() as connection:
        wanted = find_phenomenon(connection, word)
        title = titles("--title", title_texts, language_given(context, connection))
    outcome = house.apply(RenamePhenomenon(wanted, title), dry_run=dry_run)
    lines = [
        _("%(phenomenon)s is now called: %(titles)s.")
        % {
            "phenomenon": wanted,
            "titles": ", ".join(f"{code} “{text}”" for code, text in outcome.summary["title"].items()),
        }
    ]
    emit_done(context, "pdca.phenomenon-renamed/1", outcome, lines, dry_run=dry_run)
