"""A document beside what it was made from and what is there now.

What only the file changed is taken, what only others changed stays as it is, and what both changed, each otherwise, is
a clash. It is told field by field; entries of lists are told apart by what they are known by.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from pdca.exchange.differences import name_of
from pdca.exchange.located import Container, Mark, Marks, Path, member_marks, start_of
from pdca.exchange.workbook_kinds import Kind, Leaf, Nested, Record, Rows, fields_of
from pdca.exchange.workbook_tidy import whole_record

_WHOLE_VALUE: Final = "\x00"
_PLACED: Final = "targets"
"""A list whose entries name each other by their places."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that the file and somebody else changed, each otherwise: plain values, None where there is none."""

    mark: Mark
    path: Path
    base: Any
    now: Any
    file: Any


class Three(NamedTuple):
    """A value of a document in its three forms: as the file was made, as it is now, and in the file."""

    base: Any
    now: Any
    file: Any

    def of(self, key: object) -> "Three":
        """Give the member of each under a key."""
        return Three(self.base.get(key), self.now.get(key), self.file.get(key))

    def map(self, function: Callable[[Any], Any]) -> "Three":
        """Give each as a function makes it."""
        return Three(*map(function, self))

    @property
    def settled(self) -> bool:
        """Whether at most one of the two changed it, or both did alike."""
        return same(self.file, self.base) or same(self.now, self.base) or same(self.now, self.file)

    @property
    def result(self) -> Any:  # noqa: ANN401 - a value of a document
        """Give what a settled value becomes."""
        return self.now if same(self.file, self.base) else self.file


Found = tuple[Any, Marks]
_One = Callable[[Three, Marks, Path], Found]


class Merge:
    """Merges records; `language` is that of the plain texts of all three. `clashes` collects what it cannot decide."""

    def __init__(self, language: str) -> None:
        self.clashes: list[Clash] = []
        self._language = language

    def record(self, of: Record, three: Three, marks: Marks, path: Path, *, but: Iterable[str] = ()) -> Found:
        """Merge a record but for some of its keys, which are left out."""
        whole = three.map(lambda value: whole_record(of, value) if value is not None else {})
        value: dict[str, Any] = {}
        found = Container(start_of(marks))
        for field in fields_of(of):
            if field.key in but:
                continue
            member, mark = self.member(
                field.of, whole.of(field.key), member_marks(marks, field.key), (*path, field.key)
            )
            if member is not None:
                value[field.key] = member
            found.items[field.key] = mark
        return value, found

    def member(  # noqa: PLR0911 - a way for each kind of field
        self, of: Leaf | Nested | Rows, three: Three, marks: Marks, path: Path
    ) -> Found:
        """Merge the value of a field."""
        if three.settled:
            return three.result, marks
        match of:
            case Nested(record=record):
                return self.record(record, three, marks, path)
            case Leaf(kind=Kind.LOCAL):
                return self._entries(three.map(self._texts), marks, path, self.leaf)
            case Leaf(kind=Kind.KEYS | Kind.NUMBERS | Kind.LINES) | Rows(shape="texts"):
                return self._list(three, marks, path, self.leaf)
            case Leaf(kind=Kind.AMOUNTS):
                return self._entries(three.map(_mapping), marks, path, self.leaf)
            case Rows(shape="lists"):
                return self._entries(three.map(_mapping), marks, path, self._lines)
            case Rows(shape="map", record=record) if record is not None:
                return self._entries(three.map(_mapping), marks, path, _of(self.record, record))
            case Rows(record=record) if record is not None:
                return self._list(three, marks, path, _of(self.record, record))
            case _:
                return self.leaf(three, marks, path)

    def leaf(self, three: Three, marks: Marks, path: Path) -> Found:
        """Merge what is one value."""
        if not three.settled:
            self.clashes.append(Clash(start_of(marks), path, *three))
        return three.result, marks

    def _lines(self, three: Three, marks: Marks, path: Path) -> Found:
        return self.leaf(three, marks, path) if three.settled else self._list(three, marks, path, self.leaf)

    def _texts(self, value: Any) -> Mapping[str, Any]:  # noqa: ANN401 - a text or texts
        if value is None:
            return {}
        return value if isinstance(value, Mapping) else {self._language: value}

    def _entries(self, three: Three, marks: Marks, path: Path, one: _One) -> Found:
        """Merge the members of mappings."""
        found = Container(start_of(marks))
        value = {}
        if isinstance(marks, Container):
            found.keys = marks.keys
        for name, (merged, mark) in self._each(three, lambda name: (member_marks(marks, name), name), path, one):
            value[name], found.items[name] = merged, mark
        return value or None, found

    def _list(self, three: Three, marks: Marks, path: Path, one: _One) -> Found:
        """Merge the entries of lists; one list as a whole where entries without a name were changed by both."""
        items = three.map(known)
        dropped = [
            {name for name in items.base if name.startswith(_WHOLE_VALUE) and name not in left}
            for left in (items.now, items.file)
        ]
        if not dropped[0].isdisjoint(dropped[1]):
            return self.leaf(three, marks, path)
        places = {name: place for place, name in enumerate(items.file)}

        def spot(name: str) -> tuple[Marks, str | int]:
            return member_marks(marks, places.get(name)), places.get(name, name)

        found = Container(start_of(marks))
        value: list[Any] = []
        for _name, (merged, mark) in self._each(items, spot, path, one):
            found.items[len(value)] = mark
            value.append(merged)
        return value or None, found

    def _each(
        self, three: Three, spot: Callable[[str], tuple[Marks, str | int]], path: Path, one: _One
    ) -> Iterator[tuple[str, Found]]:
        for name in in_order(three):
            mark, step = spot(name)
            entry = three.of(name)
            if not entry.settled and name in three.file and name in three.now:
                yield name, one(entry, mark, (*path, step))
                continue
            # Taken away by one and changed by the other, or for one of the two only.
            value, mark = self.leaf(entry, mark, (*path, step))
            if value is not None:
                yield name, (value, mark)


def in_order(three: Three) -> list[str]:
    """Give all names of three mappings: in the order of the file, unless only others changed the order."""
    base, now, file = (list(names) for names in three)
    kept = [name for name in file if name in three.base]
    as_made = kept == [name for name in base if name in three.file]
    first, second = (now, file) if as_made else (file, now)
    found = list(first)
    before = None
    for name in second:
        if name not in found:
            place = found.index(before) + 1 if before is not None else 0
            # What the one put there stands before what the other put there.
            while place < len(found) and found[place] not in second:
                place += 1
            found.insert(place, name)
        before = name
    return found


def as_ordered(value: Any, marks: Marks, now: Any) -> Found:  # noqa: ANN401 - values of a document
    """Give a value with the entries of its lists in the order in which they stand now; those that are new come last.

    A list of which not every entry has a name of its own keeps its order, and so does one whose places are referred to.
    """
    if isinstance(value, Mapping) and isinstance(now, Mapping):
        pairs = [(key, key, member, now.get(key) if key != _PLACED else None) for key, member in value.items()]
    elif isinstance(value, list) and isinstance(now, list):
        names, held = known(value), known(now)
        if any(name.startswith(_WHOLE_VALUE) for name in names):
            return value, marks
        places = {name: place for place, name in enumerate(names)}
        ordered = [*(name for name in held if name in names), *(name for name in names if name not in held)]
        pairs = [(place, places[name], names[name], held.get(name)) for place, name in enumerate(ordered)]
    else:
        return value, marks
    found = Container(start_of(marks))
    if isinstance(marks, Container):
        found.keys = marks.keys
        found.items = dict(marks.items) if isinstance(value, Mapping) else {}
    members: dict[Any, Any] = {}
    for key, was, member, there in pairs:
        members[key], found.items[key] = as_ordered(member, member_marks(marks, was), there)
    return (members if isinstance(value, Mapping) else list(members.values())), found


def known(items: Sequence[Any] | None) -> dict[str, Any]:
    """Give the items of a list by what they are known by, or by all that they hold where nothing tells them apart."""
    found: dict[str, Any] = {}
    for item in items or ():
        name = name_of(item)
        if name is None or name in found:
            name = _WHOLE_VALUE + json.dumps(item, default=str, ensure_ascii=False, sort_keys=True)
            while name in found:
                name += _WHOLE_VALUE
        found[name] = item
    return found


def same(one: Any, other: Any) -> bool:  # noqa: ANN401 - values of documents
    """Tell whether two values say the same; figures by value, and nothing is nothing however it is written."""
    return one == other or (_nothing(one) and _nothing(other))


def _nothing(value: Any) -> bool:  # noqa: ANN401 - a value of a document
    return value is None or value is False or (isinstance(value, str | list | tuple | dict) and not value)


def _mapping(value: Any) -> Mapping[str, Any]:  # noqa: ANN401 - a value of a document
    return value or {}


def _of(record: Callable[..., Found], of: Record) -> _One:
    return lambda three, marks, path: record(of, three, marks, path)
