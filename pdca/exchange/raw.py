"""Looking into a file as it was read, whatever the types of its values, for the checks across the whole file."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final, NamedTuple, TypeAlias

from pdca.exchange.faults import Fault
from pdca.exchange.located import Path
from pdca.exchange.problems import quoted
from pdca.i18n import N_, _

Mapping: TypeAlias = dict[str, Any]
Named: TypeAlias = Iterable[tuple[Path, str]]

NO_PARTY: Final = N_("There is no function or stakeholder “%(name)s”.")
NO_INDICATOR: Final = N_("There is no indicator “%(name)s”.")
NO_OBJECTIVE: Final = N_("There is no objective “%(name)s”.")
NO_PHENOMENON: Final = N_("There is no phenomenon “%(name)s”.")
NO_PERSON: Final = N_("There is no person “%(name)s”.")
NO_SOURCE: Final = N_("There is no source “%(name)s”.")
NO_PLACE: Final = N_("%(value)s is no place in a list.")
PLACES: Final = N_("A rank is a whole number, from 1 on.")
TO_COME: Final = N_("%(text)s is still to come.")
PUBLISHED: Final = N_("Give the day on which it was published.")
ID_TWICE: Final = N_("The id “%(name)s” is given twice.")


class Found(NamedTuple):
    """A mapping of the file and its path."""

    path: Path
    value: Mapping

    def items(self, key: str) -> Iterator["Found"]:
        """Give the mappings in the list under a key."""
        listed = self.value.get(key)
        for index, item in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(item, dict):
                yield Found((*self.path, key, index), item)

    def words(self, key: str) -> Iterator[tuple[Path, str]]:
        """Give the texts in the list under a key, or the one text there."""
        listed = self.value.get(key)
        if isinstance(listed, str):
            yield (*self.path, key), listed
        for index, item in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(item, str):
                yield (*self.path, key, index), item

    def named(self, key: str, name: str) -> Iterator[tuple[Path, str]]:
        """Give the ids in a list whose items are ids alone, or mappings with the id under `name`."""
        listed = self.value.get(key)
        for index, item in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(item, str):
                yield (*self.path, key, index), item
            elif isinstance(item, dict) and isinstance(item.get(name), str):
                yield (*self.path, key, index, name), item[name]

    def under(self, key: str) -> "Found":
        """Give the mapping under a key, an empty one when there is none."""
        inner = self.value.get(key)
        return Found((*self.path, key), inner if isinstance(inner, dict) else {})

    def tree(self, key: str) -> Iterator["Found"]:
        """Give the mappings in the list under a key, and those that they hold under the same key."""
        for item in self.items(key):
            yield item
            yield from item.tree(key)

    def id(self) -> Iterator[tuple[Path, str]]:
        """Give the id of the mapping, when it is a text."""
        yield from ((path, word) for path, word in self.words("id") if path == (*self.path, "id"))


def ids_of(records: Iterable[Found]) -> Iterator[str]:
    """Give the ids of mappings."""
    return (word for record in records for _, word in record.id())


def twice(named: Named, code: str, message: str) -> Iterator[Fault]:
    """Find words given twice; ids that differ only in capitals are too easily taken for each other.

    `message` is an English %-template for the word as `name`.
    """
    first: dict[str, Path] = {}
    for path, word in named:
        before = first.setdefault(word.casefold(), path)
        if before is not path:
            hint = _("Leave one out, or rename it.")
            yield Fault(path, code, _(message) % {"name": quoted(word)}, hint, other=before)


IN_FILE: Final = N_("Add it to this file, or correct the name.")
"""What to do about a reference to nothing, where the file can hold what is named."""


def references(named: Named, known: Collection[str], message: str, hint: str = IN_FILE) -> Iterator[Fault]:
    """Find references to nothing; `message` is an English %-template for the word as `name`, `hint` what to do."""
    for path, word in named:
        if word not in known:
            words = _(message) % {"name": quoted(word)}
            yield Fault(path, "import-unknown-reference", words, _(hint), wrote=word, among=known)


def sources_named(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    """Give every source key that any record of the file names; what a map says of itself is passed over."""
    if isinstance(value, dict):
        if isinstance(value.get("source"), list):
            yield from Found(path, value).words("source")
        for key, inner in value.items():
            if key != "geojson":
                yield from sources_named(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from sources_named(inner, (*path, index))
