"""The numbers of what is numbered, such as E-012: each is given out once."""

from typing import Final

from pdca.store.driver import Connection
from pdca.store.reads.exchange import HIGHEST

_NUMBERED: Final = {
    "plan": ("P", ("plan",)),
    "evaluation": ("E", ("evaluation", "deadline")),
    "information_moment": ("I", ("information_moment",)),
    "information_report": ("R", ("information_report",)),
}


class Numbers:
    """The next free ids, one after the other."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._last: dict[str, int] = {}

    def next_id(self, table: str) -> str:
        """Give the next free id of a table whose ids are numbered, such as E-012."""
        letter, tables = _NUMBERED[table]
        if table not in self._last:
            highest = (self._connection.value(HIGHEST[name]) for name in tables)
            self._last[table] = max(int(found.removeprefix(f"{letter}-")) if found else 0 for found in highest)
        self._last[table] += 1
        return f"{letter}-{self._last[table]:03d}"
