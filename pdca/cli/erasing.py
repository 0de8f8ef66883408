"""`pdca person erase` and `pdca audit redact`: taking personal values away for good."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, dry_run_option, pass_context, reason_required, yes_option
from pdca.cli.given import emit_done
from pdca.cli.house import open_house
from pdca.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from pdca.engine import Outcome

GROUNDS: Final = ("art-17", "retention", "mistake")

_ground = click.option(
    "--ground",
    type=click.Choice(GROUNDS),
    help=N_(
        "Why it may be: the person asked (art-17), its time is over (retention), it never belonged there (mistake)."
    ),
)


@click.command(
    "erase",
    cls=Command,
    short_help=N_("Take away everything personal of a person."),
    help=N_(
        "Take away what a person is called, the login, the address, the notes on him or her and what messages said, "
        "from the tables, from the log, from the messages written as files and from the bytes of the database; texts "
        "that name the person stay without the name. The id stays, functions end, and messages that wait are not sent. "
        "The proofs of the log hold afterwards, and an event says what was erased, by whom and why. It cannot be "
        "undone. Only an administrator does this, and nobody to himself or herself."
    ),
)
@click.argument("who", metavar="PERSON")
@_ground
@reason_required
@yes_option
@dry_run_option
@pass_context
def erase(
    context: Context,
    who: str,
    ground: str | None,
    reason: str,
    yes: bool,  # noqa: FBT001 - a flag of the command line
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Erase a person."""
    from pdca.erasure.erase import erase_person
    from pdca.erasure.person import ErasePerson

    house = open_house(context)
    if not dry_run:
        context.confirm(
            _("Everything personal of %(person)s is taken away for good. Go on?") % {"person": who}, yes=yes
        )
    command = ErasePerson(who, ground or GROUNDS[0], reason)
    outcome = erase_person(house, command, context.settings.notify_folder, dry_run=dry_run)
    emit_done(context, "pdca.person-erased/1", outcome, list(_told(outcome)), dry_run=dry_run)


def _told(outcome: "Outcome") -> Iterator[str]:
    found = outcome.summary
    if not outcome.events:
        yield _("%(person)s was erased before; what was left in the files of the database is overwritten.") % found
        return
    yield _("%(person)s is erased.") % found
    words = ngettext(
        "%(values)s value is gone from %(events)s events.",
        "%(values)s values are gone from %(events)s events.",
        found["values"],
    )
    yield words % found
    if found["ended"]:
        yield _("Functions and substitutions that ended: %(ended)s.") % found
    if found["lapsed"]:
        yield _("Messages that will not be sent: %(lapsed)s.") % found
    if found["files"]:
        yield _("Messages taken out of the folder: %(files)s.") % {"files": len(found["files"])}
    if found["shared_name"]:
        yield _("Somebody else here has the same name, so it was left in the texts; look at those yourself.")
    yield from _in_the_clear(found)
    yield _still_written()
    yield _("Backups still have everything; see to those as well.")


def names_left(found: Mapping[str, Any]) -> Iterator[str]:
    """Tell which names of several people were left, and where, for somebody to look at."""
    if found["shared_names"]:
        yield _(
            "Somebody else here has the same name as %(people)s, so it was left in the texts; look at those yourself."
        ) % {"people": ", ".join(found["shared_names"])}
    yield from _in_the_clear(found)


def _in_the_clear(found: Mapping[str, Any]) -> Iterator[str]:
    if found["in_the_clear"]:
        yield _("The name stands in parts of the log that cannot be erased, such as a title: events %(events)s.") % {
            "events": ", ".join(str(one) for one in found["in_the_clear"])
        }


def _still_written() -> str:
    return _(
        "Letters, pages and sites written before may still have it: the scheduler takes them out of its folder; a site "
        "that stands elsewhere is to be written anew with `pdca report site`."
    )


@click.command(
    "redact",
    cls=Command,
    short_help=N_("Erase a single value of the log."),
    help=N_(
        "Erase the value and the salt behind one commitment of an event, such as a reason that names somebody, and put "
        "a mark in the row that still holds it. VALUE is `reason`, or the commitment as the body has it or its "
        "beginning. The proofs of the log hold afterwards. It cannot be undone. Only an administrator does this."
    ),
)
@click.argument("event", type=click.IntRange(min=1), metavar="EVENT")
@click.argument("value", metavar="VALUE")
@_ground
@reason_required
@yes_option
@dry_run_option
@pass_context
def redact(
    context: Context,
    event: int,
    value: str,
    ground: str | None,
    reason: str,
    yes: bool,  # noqa: FBT001 - a flag of the command line
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Erase a single value."""
    from pdca.erasure.erase import erase_value
    from pdca.erasure.value import EraseValue

    house = open_house(context)
    if not dry_run:
        context.confirm(_("That value of event %(event)s is taken away for good. Go on?") % {"event": event}, yes=yes)
    command = EraseValue(event, value, ground or GROUNDS[-1], reason)
    outcome = erase_value(house, command, dry_run=dry_run)
    lines = [_("A value of event %(of_event)s is erased: %(digest)s.") % outcome.summary]
    if outcome.summary["rows"]:
        lines.append(_("It stood in: %(tables)s.") % {"tables": ", ".join(outcome.summary["rows"])})
    lines += [_still_written(), _("Backups still have it; see to those as well.")]
    emit_done(context, "pdca.value-erased/1", outcome, lines, dry_run=dry_run)
