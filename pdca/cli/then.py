"""`pdca plan diff`: what a plan said on one day and on another."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import date
from typing import Any

import click

from pdca.cli.cells import flat
from pdca.cli.context import Context
from pdca.cli.frame import Command, pass_context
from pdca.cli.house import find_plan, open_house
from pdca.cli.output import Block, Heading, Row, emit_object
from pdca.cli.words import parse_day
from pdca.errors import NotFound, Usage
from pdca.i18n import N_, _


@click.command(
    "diff",
    cls=Command,
    short_help=N_("Show what a plan said on one day and on another."),
    help=N_(
        "Show what a plan said at the end of one day and of another, field by field, as the log has it: what its "
        "document says, its state, and what became of its evaluations. Fields are called as in the document that "
        "`pdca plan edit` opens. Without --to, what it says now."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.option("--from", "first", metavar="DATE", required=True, help=N_("The day to compare with."))
@click.option("--to", "last", metavar="DATE", help=N_("The later day."))
@pass_context
def diff(context: Context, plan_word: str, first: str, last: str | None) -> None:
    """Compare a plan with what it was."""
    from pdca.report.differences import differences_of_days
    from pdca.report.then import as_of, end_of_day, not_to_come

    house = open_house(context)
    begins, ends = parse_day("--from", first), parse_day("--to", last)
    if ends is not None and ends < begins:
        raise Usage(
            "days-backwards",
            _("%(last)s comes before %(first)s.") % {"first": first, "last": last},
            hint=_("Give the earlier day to --from."),
        )
    with house.reading() as connection, ExitStack() as opened:
        plan_id = find_plan(connection, plan_word)
        new = connection
        for asked in (begins, ends):
            not_to_come(connection, plan_id, asked or begins, house.now(connection))
        if ends is not None:
            new = opened.enter_context(as_of(connection, plan_id, end_of_day(connection, plan_id, ends)))
        try:
            old = opened.enter_context(as_of(connection, plan_id, end_of_day(connection, plan_id, begins)))
        except NotFound:
            old = None
        found = differences_of_days(old, new, plan_id)
    view = {
        "plan": plan_id,
        "from": begins.isoformat(),
        "to": ends.isoformat() if ends else None,
        "was_there": old is not None,
        "same": not found,
        "changes": [
            {"field": one.field, "change": one.change, "before": one.before, "after": one.after} for one in found
        ],
    }
    emit_object(context, "pdca.plan-diff/1", view, human=lambda: _lines(view, ends))


_MARKS = {"added": "+", "removed": "-", "changed": "~"}


def _lines(view: Row, ends: date | None) -> Iterator[Block]:
    yield Heading(f"{view['plan']}  {view['from']} → {ends or _('now')}")
    if not view["was_there"]:
        yield _("On %(day)s the plan was not there yet.") % {"day": view["from"]}
    if view["same"]:
        yield _("There is no difference.")
    for one in view["changes"]:
        if one["change"] == "changed":
            yield f"~ {one['field']}"
            yield f"    - {_shown(one['before'])}"
            yield f"    + {_shown(one['after'])}"
            continue
        value = one["after"] if one["change"] == "added" else one["before"]
        if isinstance(value, Mapping):
            yield f"{_MARKS[one['change']]} {one['field']}"
            yield from (f"    {name}: {_shown(part)}" for name, part in value.items())
        else:
            yield f"{_MARKS[one['change']]} {one['field']}: {_shown(value)}"


def _shown(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return flat(value, words=True) or "-"
