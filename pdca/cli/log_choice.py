"""Which events of the log are asked for, by the options of the commands that read it."""

from collections.abc import Callable, Sequence
from datetime import datetime, time
from typing import Any, Final, TypeVar

import click

from pdca.actor import SCHEDULER, UNKNOWN
from pdca.audit.event import REFUSED, SOURCES
from pdca.cli.event_words import KINDS
from pdca.cli.house import find_plan
from pdca.cli.words import parse_day
from pdca.errors import Usage
from pdca.house import installation
from pdca.i18n import N_, _
from pdca.people.find import find_person
from pdca.report.log import Chosen
from pdca.store.driver import Connection
from pdca.store.reads import people
from workflows.instants import to_text
from workflows.schedule import due_instant

__all__ = ["SOURCES", "choice", "period", "period_options"]

ANY: Final = "any"
F = TypeVar("F", bound=Callable[..., Any])


def period_options(function: F) -> F:
    """`--since` and `--until`; the arguments are `since: str | None` and `until: str | None`."""
    function = click.option("--until", metavar="DATE", help=N_("Only before this date or instant."))(function)
    return click.option("--since", metavar="DATE", help=N_("Only from this date or instant on."))(function)


def choice(  # noqa: PLR0913 - one argument per option
    connection: Connection,
    *,
    plan: str | None,
    person: str | None,
    behalf: str | None,
    since: str | None,
    until: str | None,
    refused: bool,
    kinds: Sequence[str],
    source: str | None,
    test: Callable[[dict[str, Any]], bool] | None,
) -> Chosen:
    """Understand what was asked; raises Usage or NotFound for what cannot be."""
    first, end = period(connection, since, until)
    return Chosen(
        plan=find_plan(connection, plan) if plan else None,
        actor=_actor(connection, person) if person else None,
        kinds=_kinds(kinds, refused=refused),
        since=first,
        until=end,
        source=source,
        on_behalf=_absent(connection, behalf) if behalf else None,
        test=test,
    )


def period(connection: Connection, since: str | None, until: str | None) -> tuple[str | None, str | None]:
    """Give the first instant of a period and the first one after it, in the text form of the log."""
    zone = installation(connection)["zone"]
    first, end = _instant("--since", since, zone), _instant("--until", until, zone)
    if first is not None and end is not None and end <= first:
        raise Usage(
            "days-backwards",
            _("%(last)s does not come after %(first)s.") % {"first": since, "last": until},
            hint=_("Give the earlier day to --since."),
        )
    return first, end


def _actor(connection: Connection, word: str) -> str:
    if word in (SCHEDULER, UNKNOWN):
        return word
    return str(find_person(connection, word, erased=True)["person_id"])


def _absent(connection: Connection, word: str) -> frozenset[str]:
    if word == ANY:
        return frozenset(row["absent_id"] for row in connection.all(people.SUBSTITUTIONS))
    return frozenset({str(find_person(connection, word, erased=True)["person_id"])})


def _kinds(words: Sequence[str], *, refused: bool) -> tuple[str, ...] | None:
    if not words and not refused:
        return None
    found = [kind for kind in sorted(KINDS) if not words or any(_is_meant(kind, word) for word in words)]
    if not found:
        raise Usage(
            "kind-unknown",
            _("There is no kind of event “%(word)s”.") % {"word": ", ".join(words)},
            hint=_("Kinds begin with: %(beginnings)s.")
            % {"beginnings": ", ".join(sorted({kind.partition(".")[0] + "." for kind in KINDS}))},
        )
    return tuple(kind for kind in found if not refused or kind.endswith(REFUSED))


def _is_meant(kind: str, word: str) -> bool:
    return kind == word or kind.startswith(word.rstrip(".") + ".")


def _instant(option: str, text: str | None, zone: str) -> str | None:
    """Read a local date, or an instant with a time zone, as an instant in the text form of the log."""
    if text is None:
        return None
    if "T" not in text and " " not in text.strip():
        return to_text(due_instant(parse_day(option, text), time(0), zone))
    try:
        return to_text(datetime.fromisoformat(text))
    except (ValueError, OverflowError) as error:
        raise Usage(
            "instant-unknown",
            _("“%(text)s” is not an instant with a time zone.") % {"text": text},
            hint=_("Write it like 2024-10-01T09:00:00Z."),
        ) from error
