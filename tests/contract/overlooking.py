"""A database whose connections are looked over the shoulder."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from pdca.house import House
from pdca.store.database import Database
from pdca.store.driver import Connection


@dataclass(frozen=True)
class Watched(Database):
    """A database that hands every connection over to be wrapped, with whether it is for writing."""

    watch: Callable[[Connection, bool], Connection] = lambda connection, _writing: connection

    def connect(self, *, writing: bool = False) -> Connection:
        return self.watch(super().connect(writing=writing), writing)


def watched(house: House, watch: Callable[[Connection, bool], Connection]) -> House:
    """Give the house with a database that is watched."""
    found = house.database
    return replace(house, database=Watched(found.url, found.dialect, found.path, lasting=found.lasting, watch=watch))
