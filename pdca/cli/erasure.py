"""`pdca erasure`: the list of what was erased, to be kept apart, and erasing it again after a backup was put back."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import click

from pdca.cli.context import Context
from pdca.cli.erasing import names_left
from pdca.cli.frame import Command, Group, ListCommand, dry_run_option, pass_context, reason_required, yes_option
from pdca.cli.given import emit_done
from pdca.cli.house import open_house
from pdca.cli.naming import shows_table
from pdca.cli.notes import read_small
from pdca.cli.output import Column, Row, emit_list
from pdca.errors import Place, Usage
from pdca.i18n import N_, _, ngettext
from workflows.instants import to_the_minute

if TYPE_CHECKING:
    from pdca.erasure.repeat import Erasure

erasure = Group("erasure", short_help=N_("List what was erased, and erase it again after a backup was put back."))

SCHEMA: Final = "pdca.erasures/1"
LARGEST: Final = 1 << 28
"""Bytes of a list of erasures."""

_FIELDS: Final = ("event", "at", "by", "what", "of", "ground", "rule", "up_to", "digests")


def _count(row: Row) -> str:
    return str(len(row["digests"])) if row["what"] != "kind" else ""


COLUMNS: Final = (
    Column("event", N_("Event"), right=True),
    Column("at", N_("At"), whole=True, show=lambda row: to_the_minute(row["at"])),
    Column("by", N_("By"), whole=True),
    Column("of", N_("Of"), whole=True),
    Column("ground", N_("Ground"), whole=True),
    Column("up_to", N_("Began by"), whole=True),
    Column("digests", N_("Values"), right=True, show=_count),
)
FIELDS: Final = tuple(Column(name, name.capitalize()) for name in _FIELDS)


@erasure.command(
    "list",
    cls=ListCommand,
    short_help=N_("List what was erased, without any value."),
    help=N_(
        "List what was erased: the numbers of people, the kinds that were erased by a rule, and the commitments whose "
        "values are gone; nothing personal stands in it. Keep it apart, written out with --json: a backup that is put "
        "back knows nothing of what was erased since."
    ),
)
@pass_context
def list_(context: Context) -> None:
    """List the erasures."""
    from pdca.erasure.repeat import erasures

    with open_house(context).reading() as connection:
        rows = [_row(one) for one in erasures(connection)]
    columns = COLUMNS if shows_table(context) else FIELDS
    emit_list(context, "erasures", columns, rows, empty=_("Nothing was ever erased here."))


@erasure.command(
    "repeat",
    cls=Command,
    short_help=N_("Erase again what a list of erasures names."),
    help=N_(
        "Erase again, after a backup was put back, what a list of erasures names and is there: FILE is what `pdca "
        "erasure list --json` wrote before. What is gone already stays as it is, so that the command may be repeated. "
        "Only an administrator does this. - reads from stdin."
    ),
)
@click.argument("file", metavar="FILE")
@reason_required
@yes_option
@dry_run_option
@pass_context
def repeat(
    context: Context,
    file: str,
    reason: str,
    yes: bool,  # noqa: FBT001 - a flag of the command line
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Erase again."""
    from pdca.erasure.erase import erase_again

    listed = _read(file)
    house = open_house(context)
    if not dry_run:
        words = ngettext(
            "%(count)s erasure is repeated for good. Go on?",
            "%(count)s erasures are repeated for good. Go on?",
            len(listed),
        )
        context.confirm(words % {"count": len(listed)}, yes=yes)
    outcome = erase_again(house, listed, reason, context.settings.notify_folder, dry_run=dry_run)
    emit_done(context, "pdca.erasures-repeated/1", outcome, list(_told(outcome.summary)), dry_run=dry_run)


def _told(found: Any) -> Iterator[str]:  # noqa: ANN401 - a summary
    yield _("People erased again: %(people)s; values gone in all: %(values)s.") % found
    if found["files"]:
        yield _("Messages taken out of the folder: %(files)s.") % {"files": len(found["files"])}
    if found["left"]:
        yield _(
            "Left, for a row cannot do without it, it is you, or the number is somebody else's now: %(left)s. Change "
            "the record, or let another do it."
        ) % (found)
    yield from names_left(found)


def _row(one: "Erasure") -> dict[str, Any]:
    return {**{name: getattr(one, name) for name in _FIELDS}, "digests": list(one.digests)}


def _read(file: str) -> "list[Erasure]":
    import json

    try:
        document = json.loads(read_small(file, LARGEST))
        if document["schema"] != SCHEMA:
            raise _unreadable(file)
        return [_erasure(row) for row in document["erasures"]]
    except (ValueError, TypeError, KeyError) as error:
        raise _unreadable(file) from error


def _erasure(row: Any) -> "Erasure":  # noqa: ANN401 - whatever the file holds
    from datetime import date

    from pdca.erasure.common import GROUNDS
    from pdca.erasure.kinds import KINDS
    from pdca.erasure.repeat import Erasure

    found = Erasure(**{**{name: row[name] for name in _FIELDS}, "digests": tuple(map(str, row["digests"]))})
    known = found.what in ("person", "values") or (found.what == "kind" and found.of in KINDS)
    if not known or found.ground not in GROUNDS:
        raise ValueError(found.what)
    if found.what == "kind":
        date.fromisoformat(str(found.up_to))
    return found


def _unreadable(file: str) -> Usage:
    return Usage(
        "no-erasure-list",
        _("This is no list of erasures."),
        hint=_("`pdca erasure list --json` writes one."),
        place=Place(file=file),
    )
