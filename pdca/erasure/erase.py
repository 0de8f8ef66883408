"""Erasing as a whole: the log is read, files go, rows and log in one transaction, then the bytes that are left behind.

Cut off anywhere, the same command does what is left: what is gone stays gone.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from pdca.erasure.apply_rules import ApplyRules
from pdca.erasure.message_files import MessageFiles
from pdca.erasure.person import ErasePerson
from pdca.erasure.repeat import Erasure, RepeatErasures
from pdca.erasure.scrubbing import scrub, unscrubbed
from pdca.erasure.search import ReadAnew
from pdca.erasure.value import EraseValue
from pdca.errors import NotFound, PdcaError
from pdca.house import House
from pdca.i18n import _

if TYPE_CHECKING:
    from pdca.engine import Command, Outcome

C = TypeVar("C", ApplyRules, ErasePerson)
"""The commands that can have the log read before their transaction."""

_ATTEMPTS: Final = 3
"""So often the log is read before the transaction when what is to be erased changes meanwhile."""


def erase_person(house: House, command: ErasePerson, folder: Path, *, dry_run: bool = False) -> "Outcome":
    """Erase a person, also from the messages that were written into a folder; raises what the command raises.

    Raises TryAgain when it is done, but others keep its bytes from being overwritten.
    """
    finished = not dry_run and _finish(house)
    try:
        with_files = replace(command, files=MessageFiles(folder))
        return after_reading(house, with_files, lambda ready: _with_files(house, ready, dry_run=dry_run))
    except NotFound as error:
        if not finished:
            raise
        # Who was erased is known by no name any more.
        hint = _(
            "What an erasure that was cut off had left is overwritten now; `pdca person list` shows who is erased."
        )
        raise NotFound(error.code, error.message, hint=hint) from error


def erase_past_term(house: House, folder: Path, *, dry_run: bool = False) -> "Outcome":
    """Erase what is past its term by the rules in force; raises like `erase_person`."""
    command = ApplyRules(MessageFiles(folder))
    return after_reading(house, command, lambda ready: _with_files(house, ready, dry_run=dry_run))


def erase_again(
    house: House, listed: Sequence[Erasure], reason: str, folder: Path, *, dry_run: bool = False
) -> "Outcome":
    """Erase again what a list names; raises like `erase_person`."""
    return _with_files(house, RepeatErasures(listed, reason, MessageFiles(folder)), dry_run=dry_run)


def erase_value(house: House, command: EraseValue, *, dry_run: bool = False) -> "Outcome":
    """Erase a single value; raises what the command raises, and TryAgain like `erase_person`."""
    outcome = house.apply(command, dry_run=dry_run)
    if not dry_run:
        scrub(house.database)
    return outcome


def after_reading(house: House, command: C, perform: "Callable[[C], Outcome]") -> "Outcome":
    """Read the log while others may write, and have the command performed that has it read; raises what that raises.

    When what is to be erased changes in between, all that is done again; in the end the transaction reads by itself.
    """
    for _attempt in range(_ATTEMPTS):
        with suppress(ReadAnew):
            return perform(_having_read(house, command))
    return perform(command)


def _having_read(house: House, command: C) -> C:
    # What stands in the way of it is told, and kept in the log, by the command.
    with suppress(PdcaError), house.reading() as connection:
        if house.actor(connection).access in ("administrator", "service"):
            connection.snapshot()
            return command.having_read(connection, house.now(connection))
    return command


def _finish(house: House) -> bool:
    """Overwrite what an erasure that was cut off has left; tell whether there was any."""
    with house.database.connect() as connection:
        left = unscrubbed(connection) is not None
    if left:
        scrub(house.database)
    return left


def unlink(paths: Iterable[str]) -> None:
    """Delete files, as far as they are there."""
    for path in paths:
        with suppress(FileNotFoundError):
            Path(path).unlink()


def _with_files(house: House, command: "Command", *, dry_run: bool) -> "Outcome":
    with house.performing(command, dry_run=dry_run) as (_uow, outcome):
        if not dry_run:
            unlink(outcome.summary["files"])
    if not dry_run:
        scrub(house.database)
    return outcome
