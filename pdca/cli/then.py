"""`pdca plan diff`: what a plan said on one day and on another."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import date
from typing import Final

import click

from pdca.cli.context import Context
from pdca.cli.field_labels import UNDER, Labels, labels_for
from pdca.cli.frame import Command, pass_context
from pdca.cli.house import find_plan, open_house
from pdca.cli.output import Block, Heading, Row, emit_object
from pdca.cli.words import parse_day
from pdca.errors import NotFound, Usage
from pdca.i18n import N_, _
from pdca.words import with_name


@click.command(
    "diff",
    cls=Command,
    short_help=N_("Show what a plan said on one day and on another."),
    help=N_(
        "Show what a plan said at the end of one day and of another, field by field, as the log has it: what its "
        "document says, its state, and what became of its evaluations. With --json fields are called as in the "
        "document that `pdca plan edit` opens. Without --to, what it says now."
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
        labels = labels_for(connection, plan_id)
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
    emit_object(context, "pdca.plan-diff/1", view, human=lambda: _lines(view, labels, ends))


_MARKS = {"added": "+", "removed": "-", "changed": "~"}
_ONE_LINE: Final = 70
"""So much of a change fits behind its field; a longer one has a line for what was and one for what is."""


def _lines(view: Row, labels: Labels, ends: date | None) -> Iterator[Block]:
    until = ends.isoformat() if ends else _("now")
    yield Heading(f"{view['plan']}  {view['from']} → {until}")
    if not view["was_there"]:
        yield _("On %(day)s the plan was not there yet.") % {"day": view["from"]}
    if view["same"]:
        yield _("There is no difference.")
    for one in view["changes"]:
        yield from _change(one, labels)


def _change(one: Row, labels: Labels) -> Iterator[Block]:
    path, head = one["field"], f"{_MARKS[one['change']]} {labels.field(one['field'])}"
    if one["change"] == "changed":
        before, after = labels.value(path, one["before"]), labels.value(path, one["after"])
        line = with_name(head, f"{before} → {after}")
        yield from [line] if len(line) <= _ONE_LINE else [head, f"    - {before}", f"    + {after}"]
        return
    value = one["after"] if one["change"] == "added" else one["before"]
    shown = labels.value(path, value)
    if isinstance(value, Mapping) and len(head) + len(shown) > _ONE_LINE:
        yield head
        yield from (f"    {with_name(name, part)}" for name, part in labels.parts(path, value))
    else:
        yield head if head.endswith(f"{UNDER}{shown}") else with_name(head, shown)
