"""How far the log was read, so that later only what has come since has to be."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pdca.erasure.trace import Logged, logged
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import to_json
from pdca.store.reads import log


@dataclass(slots=True)
class LogSoFar:
    """Reads every event once, whoever wrote it; `heads` is the last one read of each stream, by its sequence.

    Not by the id: where several write at once, an event may be committed after one with a higher id.
    """

    heads: dict[str, int] = field(default_factory=dict)

    def whole(self, connection: Connection) -> Iterator[Logged]:
        """Yield all events in their order."""
        yield from self._noted(connection.stream(log.EVENTS))

    def rest(self, connection: Connection) -> Iterator[Logged]:
        """Yield the events that were not read yet, in their order."""
        now = {row["stream"]: row["version"] for row in connection.all(log.HEADS)}
        moved = {stream: self.heads.get(stream, 0) for stream, seq in now.items() if seq > self.heads.get(stream, 0)}
        if moved:
            yield from self._noted(connection.all(log.EVENTS_AFTER, heads=to_json(moved)))

    def _noted(self, rows: Iterable[Row]) -> Iterator[Logged]:
        for event in logged(rows):
            self.heads[event.view.stream] = event.view.seq
            yield event
