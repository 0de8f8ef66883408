"""`pdca audit show`: one event of the log whole."""

from collections.abc import Iterator

import click

from pdca.cli.audit_log import entry
from pdca.cli.context import Context
from pdca.cli.frame import Command, pass_context
from pdca.cli.house import open_house
from pdca.cli.output import Block, Heading, Row, emit_object
from pdca.cli.row_values import RowWords
from pdca.i18n import N_, _
from pdca.words import with_name
from workflows.instants import to_the_minute

MARKS = {"insert": "+", "update": "~", "delete": "-"}
ONE_LINE = 90
"""So much of a change fits behind its field; a longer one has a line for what was and one for what is."""


@click.command(
    "show",
    cls=Command,
    short_help=N_("Show one event whole: what it changed, field by field."),
    help=N_(
        "Show one event whole: who, for whom, when, by which way and why, who approved it, every row that it wrote, "
        "field by field, from what to what, and where it stands in the tree of the log, with the first checkpoint that "
        "vouches for it. What was erased is shown as [erased]. `pdca audit log` gives the numbers of events."
    ),
)
@click.argument("event", type=click.IntRange(min=1))
@pass_context
def show(context: Context, event: int) -> None:
    """Show one event."""
    from pdca.report.one_event import one_event

    house = open_house(context)
    with house.reading() as connection:
        view = one_event(connection, event)
        words = RowWords(connection, view["plan"])
    emit_object(context, "pdca.event/1", view, human=lambda: _page(view, words))


def _page(view: Row, words: RowWords) -> Iterator[Block]:
    yield from entry(view)
    if view["approved_by"]:
        names = ", ".join(f"{one['name']} ({one['person']})" for one in view["approved_by"])
        yield "  " + _("approved by: %(names)s") % {"names": names}
    for change in view["changes"]:
        if change["table"] != "notification" or change["op"] != "insert":
            yield ""
            yield Heading(f"{MARKS[change['op']]} {words.row(change['table'], change['key'])}")
            for one in change["fields"]:
                yield from _field(change, one, words)
    yield from _messages(view, words)
    yield ""
    yield from _place(view)


def _messages(view: Row, words: RowWords) -> Iterator[Block]:
    """Say on a line each who was told; `pdca notify show` has a message whole."""
    told = [one for one in view["changes"] if one["table"] == "notification" and one["op"] == "insert"]
    if told:
        yield ""
        yield Heading(_("Who is told of it"))
    for change in told:
        said = {one["field"]: words.value("notification", one["field"], one["after"]) for one in change["fields"]}
        who = f"{said['person_id']}, {said['why']} ({said['channel']})"
        yield f"  {change['key']['notification_id']}  " + with_name(said["kind"], who)


def _field(change: Row, one: Row, words: RowWords) -> Iterator[Block]:
    name = words.column(change["table"], one["field"])
    before, after = (words.value(change["table"], one["field"], one[when]) for when in ("before", "after"))
    if change["op"] != "update":
        if one["before"] is not None or one["after"] is not None:
            yield "    " + with_name(name, after if change["op"] == "insert" else before)
        return
    line = with_name(name, f"{before} → {after}")
    yield from [f"    {line}"] if len(line) <= ONE_LINE else [f"    {name}", f"      - {before}", f"      + {after}"]


def _place(view: Row) -> Iterator[Block]:
    yield _("In the stream %(stream)s it is number %(seq)s. Its hash: %(hash)s") % view
    place = view["place"]
    if place is None:
        yield _("It waits for its place in the tree, so nothing proves it yet.")
        return
    if not place["fits"]:
        yield _("It is NOT what was put into the tree in its place (%(leaf_index)s). See `pdca audit verify`.") % place
        return
    if place["checkpoint"] is None:
        yield _("Sealed in place %(leaf_index)s of the tree; no checkpoint vouches for it yet.") % place
        return
    said = {**place, **place["checkpoint"], "at": to_the_minute(place["checkpoint"]["at"])}
    yield (
        _(
            "Sealed in place %(leaf_index)s of the tree; checkpoint %(number)s, of %(size)s events, vouches for it "
            "since %(at)s UTC."
        )
        % said
    )
