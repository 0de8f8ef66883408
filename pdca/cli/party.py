"""Parties on the command line: finding the one that a word names, and how they are called."""

from collections.abc import Collection
from typing import Any

from pdca.cli.cells import Row, spoken
from pdca.errors import NotFound
from pdca.i18n import _, localized
from pdca.people import words
from pdca.store.driver import Connection
from pdca.store.reads import people
from pdca.unknown import unknown_party


def find_party(connection: Connection, word: str, kinds: Collection[str] = ()) -> Row:
    """Give the party that a word names: by its id, or an unambiguous beginning of it; of these kinds, or of any.

    Raises NotFound, with those there are.
    """
    known = [row for row in connection.all(people.PARTIES) if not kinds or row["kind"] in kinds]
    wanted = word.casefold()
    exact = [row for row in known if row["party_id"].casefold() == wanted]
    candidates = exact or [row for row in known if word and row["party_id"].casefold().startswith(wanted)]
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        raise NotFound(
            "party-ambiguous",
            _("“%(word)s” names several: %(parties)s.")
            % {"word": word, "parties": ", ".join(row["party_id"] for row in candidates)},
            hint=_("Write more of it."),
        )
    raise unknown_party(word, (row["party_id"] for row in known))


def called(party: Any) -> str:  # noqa: ANN401 - a mapping, or nothing
    """Give the name of a party for people; nothing for none."""
    return localized(party["name"]) if party else ""


def kind(row: Row) -> str:
    """Give what kind of party it is, in words."""
    return spoken(words.KIND, row["kind"])
