"""What a file was made from: the last event of each stream that was in it, by which a later import knows what changed.

The number of an event alone would mean something in every installation; with the beginning of its hash it means one
event of one log.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from pdca import methods, replay
from pdca.audit import tree
from pdca.exchange.exporter import present_document
from pdca.exchange.plan_data import PlanData
from pdca.exchange.records import Base
from pdca.exchange.stored import Stored
from pdca.exchange.wording import Data, Wording
from pdca.store.catalogue import INSTALLATION_STREAM
from pdca.store.driver import Connection, Row
from pdca.store.reads import log, people, plans

_OF_HASH: Final = 16  # characters of a hash that stand in a file


def bases(connection: Connection) -> dict[str, str]:
    """Give the present base of every stream.

    To be asked before the document is written: what changes in between is then in the file, and known as no change of
    whoever works in it.
    """
    return {row["stream"]: f"{row['version']}-{row['head'][:_OF_HASH]}" for row in connection.all(log.HEADS)}


def with_base(document: Mapping[str, Any], found: Mapping[str, str], numbers: Mapping[str, str]) -> Data:
    """Give a document with the bases of what stands in it; `numbers` gives the number of each plan by its id."""
    streams = [INSTALLATION_STREAM, *(numbers[slug] for slug in _plans((document,)))]
    return {**document, "base": {stream: found[stream] for stream in streams}}


def _plans(holders: Any) -> Iterator[str]:  # noqa: ANN401 - the document, or a list of it
    for holder in holders:
        yield from (plan["id"] for plan in holder.get("plans", ()))
        yield from _plans(holder.get("objectives", ()))


@dataclass(frozen=True, slots=True)
class Changer:
    """Somebody who changed a stream after a file was made from it: by whom the log says it was, and when last (UTC)."""

    stream: str
    by: str
    name: str
    at: str


class Past:
    """What a log says of the states that a file was made from; texts as a file in `language` holds them.

    It contains the streams of which it has the event that the file names.
    """

    def __init__(self, connection: Connection, stated: Mapping[str, Base], language: str) -> None:
        self._connection = connection
        self._language = language
        self._events = {stream: _number(base) for stream, base in stated.items() if self._known(stream, base)}

    def __contains__(self, stream: object) -> bool:
        return stream in self._events

    def document(self, programme_id: str | None, present: Data) -> Data:
        """Give everything but the plans as it was; `present` is how it is now."""
        if self._moved_on(INSTALLATION_STREAM):
            with self._then(INSTALLATION_STREAM) as then:
                return present_document(then, programme_id, self._language)
        return present

    def plan(self, plan_id: str, present: Data) -> tuple[Data, str | None]:
        """Give a plan as it was with the objective that it served; `present` is how it is now."""
        row = self._plans[plan_id]
        if not self._moved_on(plan_id):
            return present, row["objective_id"]
        with self._then(plan_id) as then:
            was = then.one(plans.PLAN, plan_id=plan_id) or row
            slugs = {number: one["slug"] for number, one in self._plans.items()}
            definition = methods.of_plan(self._connection, was)
            data = PlanData(Stored(then, plan_id), Wording(self._language), slugs)
            return data.plan(was, definition), was["objective_id"]

    def changers(self, stream: str) -> list[Changer]:
        """Give who changed a stream since, each with the last time."""
        since = self._connection.all(log.SINCE, stream=stream, seq=self._events[stream])
        names = {row["person_id"]: row["name"] for row in self._connection.all(people.PEOPLE)}
        last = {row["actor"]: row["at"] for row in since if not row["kind"].endswith(".refused")}
        return [Changer(stream, actor, names.get(actor, actor), at) for actor, at in last.items()]

    @cached_property
    def _plans(self) -> dict[str, Row]:
        return {row["plan_id"]: row for row in self._connection.all(plans.PLANS)}

    @cached_property
    def _heads(self) -> dict[str, int]:
        return {row["stream"]: row["version"] for row in self._connection.all(log.HEADS)}

    def _known(self, stream: str, base: Base) -> bool:
        event = self._connection.one(log.BODY, stream=stream, seq=_number(base))
        return event is not None and tree.leaf_hash(event["body"]).hex().startswith(base.at.partition("-")[2])

    def _moved_on(self, stream: str) -> bool:
        return self._heads[stream] != self._events[stream]

    @contextmanager
    def _then(self, stream: str) -> Iterator[Connection]:
        asked = {} if stream == INSTALLATION_STREAM else {"plan_id": stream}
        statement = log.EVENTS_OF_PLAN if asked else log.EVENTS_OF_INSTALLATION
        rows, last = replay.Rows(), self._events[stream]
        rows.take(self._connection.stream(statement, **asked), lambda one: one.stream == stream and one.seq > last)
        with rows.database(self._connection) as then:
            yield then


def _number(base: Base) -> int:
    return int(base.at.partition("-")[0])
