"""What lists have in common: the columns people see and the fields programs read, and the plan it is about."""

from collections.abc import Sequence
from typing import Final

import click

from pdca.cli.cells import Column, Row
from pdca.cli.context import Context
from pdca.cli.naming import explain_mark, shows_table
from pdca.cli.output import emit_list
from pdca.i18n import N_

of_plan_option: Final = click.option("--plan", "plan_word", metavar="PLAN", help=N_("Only those of this plan."))
"""`--plan`, for a list of what plans have; the argument is `plan_word: str | None`."""


def emit_rows(
    context: Context,
    noun: str,
    columns: tuple[Column, ...],
    fields: tuple[Column, ...],
    rows: Sequence[Row],
    *,
    empty: str | None = None,
) -> None:
    """Write a list as `emit_list` does: to people its `columns`, with the mark explained; to programs its `fields`."""
    emit_list(context, noun, columns if shows_table(context) else fields, rows, empty=empty)
    explain_mark(context, rows)
