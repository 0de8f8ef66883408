"""Which keys of a log are believed: those that somebody trusts, and those that what these signed vouches for.

A log names its keys by events. A key is vouched for when a checkpoint covers the event that names it which a key signed
that is believed already; so a key that nothing covers yet, or that only vouches for itself, is not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from pdca.audit.checkpoint import open_checkpoint
from pdca.audit.event import EventView
from pdca.audit.notes import NoteError, VerifierKey

KEYS: Final = "log_key"
"""The table of the keys of the log; like every table it follows from the log."""

Named: TypeAlias = Mapping[str, int | None]
"""The keys that a log names, each with the number of events up to the first that does; None when it has no leaf yet."""

Claim: TypeAlias = tuple[int, str]
"""A checkpoint that fits the log: its size, and its note."""


def keys_named(event: EventView) -> Iterator[str]:
    """Give the keys that an event names, as they are written; what is no text names none."""
    for change in event.changes:
        vkey = change.values.get("vkey") if change.table == KEYS else None
        if isinstance(vkey, str):
            yield vkey


def covered(named: Named, size: int) -> list[VerifierKey]:
    """Give the keys that are named among the first `size` events of the log."""
    return [key for vkey, since in named.items() if since is not None and since <= size and (key := key_of(vkey))]


def believe(named: Named, claims: Sequence[Claim], start: Iterable[VerifierKey]) -> tuple[list[VerifierKey], int]:
    """Give the keys that are believed by whoever trusts those of `start`, and how many events they vouch for."""
    believed = list(start)
    # The largest that is signed tells; a log of years has tens of thousands, and to open one takes its time.
    largest_first = sorted(claims, reverse=True)
    while True:
        vouched = next((size for size, note in largest_first if is_signed(note, believed)), 0)
        more = [key for key in covered(named, vouched) if key not in believed]
        if not more:
            return believed, vouched
        believed += more


def not_believed(named: Named, believed: Iterable[VerifierKey]) -> tuple[str, ...]:
    """Give the keys that the log names and that are not believed, as they are written."""
    known = {str(key) for key in believed}
    return tuple(vkey for vkey in named if vkey not in known)


def is_signed(note: str, keys: Iterable[VerifierKey]) -> bool:
    """Tell whether the log that a checkpoint names signed it, by one of these keys."""
    try:
        open_checkpoint(note, keys)
    except NoteError:
        return False
    return True


def key_of(vkey: str) -> VerifierKey | None:
    """Read a key; None for what is none."""
    try:
        return VerifierKey.parse(vkey)
    except NoteError:
        return None
