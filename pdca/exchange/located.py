"""A value read from a file, and the line and column of each of its parts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from pdca.errors import Place
from pdca.exchange.problems import field_name

Path: TypeAlias = tuple[str | int, ...]


class Mark(NamedTuple):
    """A line and a column, both counted from 1."""

    line: int | None
    column: int | None

    def place(self, file: str, field: str | None) -> Place:
        """Make the place of an error at this mark."""
        return Place(file, self.line, self.column, field)


class Container:
    """The marks of a mapping or list: where it begins, where its keys are, and the marks of its items."""

    __slots__ = ("at", "items", "keys")

    def __init__(self, at: Mark) -> None:
        self.at = at
        self.keys: dict[str, Mark] = {}
        self.items: dict[Any, Marks] = {}


Marks: TypeAlias = Mark | Container


def start_of(marks: Marks) -> Mark:
    """Give where something begins."""
    return marks.at if isinstance(marks, Container) else marks


def member_marks(marks: Marks, step: object) -> Marks:
    """Give the marks of a member, or where what holds it begins."""
    return marks.items.get(step, marks.at) if isinstance(marks, Container) else marks


@dataclass(frozen=True, slots=True)
class Located:
    """Plain Python (dict, list, str, int, Decimal, bool, None) with the place of every key and value.

    `name` is what errors call the source. A path is a tuple of keys and of list indexes from 0. `closed` tells that the
    source ends with a mark of its end: without one nobody can tell whether it is whole. `ordered` tells whether the
    order of its lists was meant: the rows of a workbook may have been sorted for a look.
    """

    value: Any
    name: str
    marks: Marks
    closed: bool = False
    ordered: bool = True

    def value_mark(self, path: Iterable[str | int]) -> Mark:
        """Give the mark of a value, or of the innermost value around a path that does not exist."""
        marks = self.marks
        for step in path:
            if not isinstance(marks, Container) or step not in marks.items:
                break
            marks = marks.items[step]
        return marks.at if isinstance(marks, Container) else marks

    def key_mark(self, path: Path) -> Mark:
        """Give the mark of a key, or of the innermost value around it."""
        marks = self.marks
        for step in path[:-1]:
            if not isinstance(marks, Container) or step not in marks.items:
                return self.value_mark(path)
            marks = marks.items[step]
        key = path[-1] if path else None
        return marks.keys[key] if isinstance(marks, Container) and key in marks.keys else self.value_mark(path)

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Give the place of the value at a path, or of its key."""
        mark = self.key_mark(path) if key else self.value_mark(path)
        return mark.place(self.name, field_name(path) or None)
