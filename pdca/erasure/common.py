"""What the ways of erasing share: the event that says so, and then the taking away."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pdca.engine import Desk, Draft, Stream
from pdca.people.commands import lock_installation
from pdca.plans.advance import lock_plan
from pdca.store import eventlog
from pdca.store.catalogue import INSTALLATION_STREAM
from pdca.store.reads import plans
from pdca.store.rows import Change, insert

GROUNDS: Final = ("art-17", "retention", "mistake")
"""On what ground something is erased; as the table `erased_value` has them."""


def lock_everything(desk: Desk) -> None:
    """Keep others from writing to any stream until the transaction ends, so that what is read from here on stays.

    Raises NotFound for no installation.
    """
    # As everybody does: the installation first, without which there comes no plan either.
    lock_installation(desk)
    desk.connection.all(plans.LOCK_PLANS)


def stream_of(desk: Desk, name: str) -> Stream:
    """Load and lock a stream by its name."""
    if name == INSTALLATION_STREAM:
        return Stream.of_installation(lock_installation(desk))
    return Stream.of_plan(lock_plan(desk, name))


def leave(digests: Mapping[int, Iterable[str]], ground: str) -> list[Change]:
    """Make the rows that allow the values of these digests, event by event, to be taken away."""
    every = sorted({digest for one in digests.values() for digest in one})
    return [insert("erased_value", {"digest": digest}, ground=ground) for digest in every]


def take_away(
    desk: Desk,
    stream: Stream,
    kind: str,
    digests: Mapping[int, set[str]],
    changes: Sequence[Change],
    *,
    ground: str,
    reason: str,
) -> None:
    """Record that values of a stream's events are erased, with the rows that no longer hold them; then erase them."""
    desk.record(stream, Draft(kind=kind, changes=[*leave(digests, ground), *changes], reason=reason))
    for event_id, gone in digests.items():
        eventlog.erase(desk.connection, event_id, gone)
