"""From what was typed to the house: opening it, finding what a word names, and telling what came of a command."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from pdca.cli.context import Context
from pdca.errors import Failed, NotFound, Place, Refused
from pdca.house import House
from pdca.i18n import N_, _
from pdca.store.database import locate
from pdca.store.driver import Connection, is_unicode
from pdca.store.reads import plans
from pdca.words import need_fields
from workflows.shelves import look_in

if TYPE_CHECKING:
    from pdca.engine import Outcome
    from workflows.need import Need


def use_methods(context: Context) -> None:
    """Let the methods be found that the organisation keeps in a folder of its own; Failed when it is not there."""
    folder = context.settings.workflow_folder
    if folder is not None and not folder.is_dir():
        raise Failed(
            "methods-missing",
            _("The folder of the methods is not there."),
            hint=_("Make it, or correct the setting workflow.folder."),
            place=Place(str(folder)),
        )
    look_in(*([folder.absolute()] if folder else []))


REFUSED: Final = N_("%(subject)s: refused, and noted in the log. What is missing:")
WOULD_BE_REFUSED: Final = N_("%(subject)s: would be refused. What is missing:")


def open_house(context: Context, source: str = "cli") -> House:
    """Make the house of the database that the settings name; nothing is opened yet."""
    use_methods(context)
    return House(
        locate(context.database_url),
        source=source,
        as_person=context.as_person,
        on_behalf_of=context.options.on_behalf_of,
        pretended_now=context.requested_now,
        opened=context.opened,
    )


def find_plan(connection: Connection, word: str) -> str:
    """Give the id of the plan that a word names: its id, its slug, or an unambiguous beginning of either.

    Raises NotFound with the candidates when it names none or several.
    """
    # Mostly it is the number, as it was shown: then the names of all others need not be read.
    if is_unicode(word) and connection.one(plans.PLAN, plan_id=word) is not None:
        return word
    wanted = word.casefold()
    known = connection.all(plans.PLAN_NAMES)
    for row in known:
        if wanted in (row["plan_id"].casefold(), row["slug"].casefold()):
            return str(row["plan_id"])
    candidates = [row for row in known if any(row[name].casefold().startswith(wanted) for name in ("plan_id", "slug"))]
    if len(candidates) == 1 and word:
        return str(candidates[0]["plan_id"])
    if candidates and word:
        shown = ", ".join(f"{row['plan_id']} ({row['slug']})" for row in candidates[:10])
        raise NotFound(
            "plan-ambiguous",
            _("“%(word)s” names several plans: %(plans)s.") % {"word": word, "plans": shown},
            hint=_("Write more of it, or the number."),
        )
    raise NotFound(
        "plan-unknown",
        _("There is no plan “%(word)s”.") % {"word": word},
        hint=_("`pdca plan list` shows them all."),
    )


def check(outcome: "Outcome", subject: str, *, dry_run: bool = False) -> "Outcome":
    """Give back what was done; raise Refused with every unmet need when the rules forbade it."""
    if not outcome.refusal:
        return outcome
    raise refused(outcome.refusal, subject, dry_run=dry_run)


def refused(unmet: "Sequence[Need]", subject: str, *, dry_run: bool = False) -> Refused:
    """Make the error that names every unmet need; `dry_run` says that nothing was tried, and nothing noted."""
    needs = [need_fields(need) for need in unmet]
    return Refused(
        "refused",
        (_(WOULD_BE_REFUSED) if dry_run else _(REFUSED)) % {"subject": subject} + "".join(lines(needs)),
    ).naming(needs)


def lines(needs: Iterable[Mapping[str, Any]]) -> Sequence[str]:
    """Write needs as an indented list, each with the command that mends it."""
    return [
        f"\n  - {need['need']} {need['hint']}".rstrip() + (f"\n      {need['command']}" if need["command"] else "")
        for need in needs
    ]
