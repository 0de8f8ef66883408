"""Names that are made from other names, and the one line under a list that explains the mark of what is assumed."""

import re
import sys
import unicodedata
from collections.abc import Callable, Collection, Iterable
from typing import Final

from pdca.cli.cells import Row, legend
from pdca.cli.context import Context
from pdca.errors import Usage
from pdca.i18n import _

LONGEST_SLUG: Final = 63
_ASSUMED: Final = (
    *("assumed", "plan_assumed", "actor_assumed", "approver_assumed", "party_assumed", "owner_assumed"),
    *("decided_by_assumed", "acknowledged_by_assumed"),
)


def slug(text: str) -> str:
    """Give a short name of letters, digits and dashes: `Zoë d'Hondt` becomes `zoe-d-hondt`; perhaps empty."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", bare)[:LONGEST_SLUG].strip("-")


def free_slug(title: str, taken: Collection[str], reserved: Callable[[str], bool] = lambda _slug: False) -> str:
    """Make the id of something new from its title, numbered when it is taken; raises Usage when none can be made.

    `reserved` tells which ids nothing may have.
    """
    bare = slug(title)
    if not bare:
        raise Usage(
            "no-slug",
            _("No id can be made from this title."),
            hint=_("Say --id, with letters without accents, digits and dashes."),
        )
    number = 1
    found = bare
    while found in taken or reserved(found):
        number += 1
        found = f"{bare[: LONGEST_SLUG - len(str(number)) - 1]}-{number}"
    return found


def shows_table(context: Context) -> bool:
    """Tell whether a list is shown to people as a table, which has fewer columns than what programs read."""
    form = context.options.format
    return form == "table" or (form is None and sys.stdout.isatty())


def explain_mark(context: Context, rows: Iterable[Row]) -> None:
    """Explain the mark of what is assumed to somebody who looks at a list on a terminal, when something bears it."""
    if shows_table(context) and sys.stdout.isatty():
        for line in legend(any(row.get(key) for row in rows for key in _ASSUMED)):
            context.note(line)


def program(context: Context) -> str:
    """Give the command as it has to be typed: with the database, when that was named on the command line."""
    return f"pdca --database {context.options.database}" if context.options.database else "pdca"
