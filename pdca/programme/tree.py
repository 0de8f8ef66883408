"""The objectives of a programme as a tree: on which level each stands, and in which order they are (clauses 3-6)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pdca.errors import Usage
from pdca.i18n import _
from pdca.store.driver import Row

_NUMBERED: Final = re.compile(r"(.*?)([0-9]+)")


class Tree:
    """The objectives of one programme, on the `levels` of its method, the highest first.

    `put` changes the tree, `changes` is what that writes.
    """

    def __init__(self, rows: Iterable[Row], levels: tuple[str, ...]) -> None:
        self.rows = {row["objective_id"]: row for row in sorted(rows, key=_place)}
        self.levels = levels
        self._below: dict[str | None, list[str]] = defaultdict(list)
        self._moved: str | None = None
        for name, row in self.rows.items():
            self._below[row["parent_id"]].append(name)

    def below(self, name: str | None) -> list[str]:
        """Name those that stand under one, or at the top, in their order."""
        return list(self._below[name])

    def contains(self, name: str, other: str | None) -> bool:
        """Tell whether another stands under this one, however deep, or is it."""
        while other is not None:
            if other == name:
                return True
            other = self.rows[other]["parent_id"]
        return False

    def put(self, name: str, parent: str | None, place: int | None = None) -> None:
        """Put an objective, with all under it, under another or at the top: at a place from 1, or last."""
        for names in self._below.values():
            if name in names:
                names.remove(name)
        names = self._below[parent]
        names.insert(len(names) if place is None else place - 1, name)
        self._moved = name

    def changes(self) -> dict[str, dict[str, Any]]:
        """Give the columns that differ by what was put elsewhere: where each stands, and on which level.

        Positions are those in the order of reading, and the rest keep theirs as far as they can. Raises Usage when one
        would come to stand deeper than the method has levels.
        """
        found: dict[str, dict[str, Any]] = {}
        last, shifted = (-1, ""), False
        for name, parent, depth in self._walk(None, 0):
            row = self.rows.get(name, {})
            # Two that were at one position before go by their ids; nothing new comes to stand so.
            keeps = name != self._moved and (row["position"], name) > (last if not shifted else (last[0] + 1, ""))
            last, shifted = (row["position"] if keeps else last[0] + 1, name), not keeps
            if depth >= len(self.levels):
                raise Usage(
                    "objective-too-deep",
                    _("%(objective)s would stand deeper than the method has levels of objectives.")
                    % {"objective": name},
                    hint=_("Those are: %(levels)s. Put it higher, or make a plan.")
                    % {"levels": ", ".join(self.levels) or _("none")},
                )
            wanted = {"parent_id": parent, "level": self.levels[depth], "position": last[0]}
            if name not in self.rows:
                found[name] = wanted
            elif changed := {column: value for column, value in wanted.items() if row[column] != value}:
                found[name] = changed
        return found

    def next_id(self, parent: str | None, taken: Iterable[str]) -> str:
        """Make the id of a new objective: counted on from those beside it, otherwise from the one above it."""
        counted = [found for name in self._below[parent] if (found := _NUMBERED.fullmatch(name))]
        first = f"{parent}." if parent else "O"
        prefix = counted[-1][1] if counted else first
        number = 1 + max((int(found[2]) for found in counted if found[1] == prefix), default=0)
        known = {name.casefold() for name in taken}
        while f"{prefix}{number}".casefold() in known:
            number += 1
        return f"{prefix}{number}"

    def _walk(self, parent: str | None, depth: int) -> Iterator[tuple[str, str | None, int]]:
        for name in self._below[parent]:
            yield name, parent, depth
            yield from self._walk(name, depth + 1)


def _place(row: Row) -> tuple[int, str]:
    return row["position"], row["objective_id"]
