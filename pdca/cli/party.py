"""Parties on the command line: finding the one that a word names, and how they are called."""

from collections.abc import Collection
from typing import Any

from pdca.cli.cells import Row
from pdca.cli.finding import named, the_one
from pdca.i18n import N_, localized
from pdca.people import words
from pdca.store.driver import Connection
from pdca.store.reads import people
from pdca.unknown import unknown_party
from pdca.words import spoken


def find_party(connection: Connection, word: str, kinds: Collection[str] = ()) -> Row:
    """Give the party that a word names: by its id, or an unambiguous beginning of it; of these kinds, or of any.

    Raises NotFound, with those there are.
    """
    known = {row["party_id"]: row for row in connection.all(people.PARTIES) if not kinds or row["kind"] in kinds}
    found = named(word, known) if word else []
    several = N_("“%(word)s” names several: %(names)s.")
    return known[the_one("party-ambiguous", several, word, found, unknown_party(word, known))]


def called(party: Any) -> str:  # noqa: ANN401 - a mapping, or nothing
    """Give the name of a party for people; nothing for none."""
    return localized(party["name"]) if party else ""


def kind(row: Row) -> str:
    """Give what kind of party it is, in words."""
    return spoken(words.KIND, row["kind"])
