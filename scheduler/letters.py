"""What a deliverer takes from the outbox, and how it is read when its turn comes."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from pdca.store.driver import Connection, Row
from pdca.store.jsontext import to_json
from pdca.store.reads import notifications
from scheduler.lease import Lease

Letter = tuple[Row, ...]
"""What goes out as one message: one row of the outbox, or several for one person."""

AHEAD: Final = 20
"""So many letters are read in one question at most, for as long as nobody writes meanwhile."""


class AsItIsNow(NamedTuple):
    """A letter as it stands just before it is sent; `alone` when other parts of it are sent already, under its name."""

    letter: Letter
    alone: bool


def taken(connection: Connection, mine: Lease, channel: str, now: str, limit: int) -> tuple[list[str], bool]:
    """Take of what is due first by a channel what nobody else has, up to `limit` rows; tells whether others have some.

    Gives the name of each letter: that of its row, or of the first row of several.
    """
    others = False
    after = 0
    while due := _page(connection, channel, now, limit, after):
        ours = mine.take(due)
        others = others or len(ours) < len(due)
        # What somebody else had until just now may have been sent, so it is looked at again.
        still = [name for name in _page(connection, channel, now, limit, after) if name in ours]
        if still:
            return still, others
        after = 0 if ours else after + limit
    return [], others


def as_they_are_now(connection: Connection, mine: Lease, names: Sequence[str]) -> Iterator[AsItIsNow]:
    """Read each letter that was due when the batch began as it is when it is asked for, or later, while it is `mine`.

    It is passed over when none of it is to be sent any more: meanwhile its person, or somebody whom it names, may have
    been erased, or its plan restricted. So what was read ahead holds only until anybody writes; while others do, little
    is read ahead: half as much each time that somebody did, and twice as much when nobody did.
    """
    read: dict[str, AsItIsNow] = {}
    seen = None
    ahead = 1
    for number, name in enumerate(names):
        # Asked first: what is written while we read is seen the next time.
        written = mine.written(connection)
        if written is None:
            return
        if written != seen or name not in read:
            ahead = min(2 * ahead, AHEAD) if written == seen else max(ahead // 2, 1)
            seen, read = written, _read(connection, names[number : number + ahead])
        if read[name].letter:
            yield read[name]


def _page(connection: Connection, channel: str, now: str, limit: int, after: int) -> list[str]:
    rows = connection.all(notifications.GATHERED, now=now, channel=channel, limit=limit, after=after)
    return list(dict.fromkeys(row["digest"] or row["notification_id"] for row in rows))


def _read(connection: Connection, names: Sequence[str]) -> dict[str, AsItIsNow]:
    alone = connection.all(notifications.STILL_WAITING, names=to_json(dict.fromkeys(names)))
    rows = defaultdict(list, {row["notification_id"]: [row] for row in alone})
    left_over: set[str] = set()
    # What waits by itself is no name of several.
    if others := [name for name in names if name not in rows]:
        asked = to_json(dict.fromkeys(others))
        for row in connection.all(notifications.OF_DIGESTS, names=asked):
            rows[row["digest"]].append(row)
        left_over = {row["digest"] for row in connection.all(notifications.SENT_OF_DIGESTS, names=asked)}
    return {name: AsItIsNow(tuple(rows[name]), name in left_over) for name in names}
