"""`pdca board`: all plans by state, side by side where there is room."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from pdca.cli.cells import harmless, legend
from pdca.cli.context import Context
from pdca.cli.frame import ListCommand, pass_context
from pdca.cli.house import open_house
from pdca.cli.naming import shows_table
from pdca.cli.output import Block, Heading, emit_list
from pdca.cli.plan_list import LIST_COLUMNS, LIST_FIELDS
from pdca.cli.table import Screen, show
from pdca.cli.width import GAP
from pdca.cli.words import day, title
from pdca.house import installation
from pdca.i18n import N_, _, localized
from pdca.report.board import PHASES, Pile, piles
from pdca.report.plans import listed

if TYPE_CHECKING:
    from pdca.cli.grid import Cell

NARROWEST: Final = 17
"""With fewer cells than this for a column, the piles stand under each other: a date and its word would not fit."""


@click.command(
    "board",
    cls=ListCommand,
    short_help=N_("Show all plans by state."),
    help=N_(
        "Show all plans by state: on a terminal side by side in Plan, Do, Check and Adjust, or one under the other "
        "where it is narrow; elsewhere as the list that `pdca plan list` gives."
    ),
)
@pass_context
def board(context: Context) -> None:
    """Show the board."""
    with open_house(context).reading() as connection:
        simulated = installation(connection)["simulated"]
        plans = listed(connection)
        by_state = piles(connection, plans)
    screen = Screen.of_stdout(context.environ)
    empty = _("There are no plans yet. Make one with `pdca plan new`, or take some in with `pdca import`.")
    if not (screen.terminal and plans and context.options.format in (None, "table")):
        emit_list(context, "plans", LIST_COLUMNS if shows_table(context) else LIST_FIELDS, plans, empty=empty)
        return
    if simulated:
        show([Heading(_("SIMULATION: nothing in this database is real."))], screen)
    draw(by_state, screen)


def draw(by_state: Sequence[Pile], screen: Screen) -> None:
    """Draw the plans of every state on a terminal."""
    at_work = [pile for pile in by_state if pile.phase in PHASES]
    rest = [pile for pile in by_state if pile.phase not in PHASES and pile.plans]
    full = [pile for pile in at_work if pile.plans]
    if full and screen.width // len(at_work) - GAP >= NARROWEST:
        _side_by_side(at_work, screen)
    else:
        rest = [*at_work, *rest]
    for pile in rest:
        show(_stacked(pile), screen)
    show(legend(any(row["assumed"] for pile in by_state for row in pile.plans)), screen)


def _heading(pile: Pile) -> str:
    return f"{localized(pile.label)} ({len(pile.plans)})"


def _stacked(pile: Pile) -> list[Block]:
    blocks: list[Block] = [Heading(_heading(pile))]
    for row in pile.plans:
        blocks += [f"  {row['plan_id']} {title(row)}", *(f"    {line}" for line in _dates(row, pile))]
    return blocks


def _dates(row: dict[str, Any], pile: Pile) -> list[str]:
    if pile.phase == "ended":
        return [_("since %(date)s") % {"date": day(row["state_since"], row["zone"])}]
    lines = []
    if row["overdue_since"]:
        lines.append(_("LATE %(date)s") % {"date": day(row["overdue_since"], row["zone"])})
    if row["next_due_at"]:
        lines.append(_("eval. %(date)s") % {"date": day(row["next_due_at"], row["zone"])})
    if row["extensions"]:
        lines.append(_("moved: %(count)s") % {"count": row["extensions"]})
    if row["cycle"] > 1:
        lines.append(_("cycle %(cycle)s") % row)
    return lines


def _side_by_side(columns: Sequence[Pile], screen: Screen) -> None:
    # Imported here: only a terminal has cells.
    from pdca.cli.grid import Grid, Styled

    rows = range(max(len(pile.plans) for pile in columns))
    grid = Grid(_widths(columns, screen.width), [False] * len(columns), screen.colour)
    free: list[Cell] = [[Styled("")] for _pile in columns]
    cards = ([_card(pile, number) for pile in columns] for number in rows)
    spaced = (row for number, card in enumerate(cards) for row in ([free, card] if number else [card]))
    grid.write([_heading(pile) for pile in columns], spaced)


def _widths(columns: Sequence[Pile], width: int) -> list[int]:
    """Share the width among the piles; an empty one gets no more than its heading."""
    empty = {pile.state: len(_heading(pile)) for pile in columns if not pile.plans}
    room = width - GAP * (len(columns) - 1) - sum(empty.values())
    return [empty.get(pile.state, room // (len(columns) - len(empty))) for pile in columns]


def _card(pile: Pile, number: int) -> "Cell":
    from pdca.cli.grid import BOLD, DIM, RED, Styled

    if number >= len(pile.plans):
        return [Styled("")]
    row = pile.plans[number]
    name = row["plan_id"]
    dates = (Styled(line, RED if row["overdue_since"] else DIM) for line in _dates(row, pile))
    return [Styled(harmless(f"{name} {title(row)}"), BOLD, lead=len(name)), *dates]
