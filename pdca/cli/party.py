"""Parties on the command line: finding the one that a word names, and how they are called."""

from typing import Any, Final

from pdca.cli.cells import Row, spoken
from pdca.errors import NotFound
from pdca.i18n import N_, _, localized
from pdca.store.driver import Connection
from pdca.store.reads import people
from pdca.unknown import unknown_party

_KINDS: Final = {
    "function": N_("function"),
    "partner": N_("partner"),
    "authority": N_("authority"),
    "public": N_("public"),
    "internal": N_("own staff"),
}


def find_party(connection: Connection, word: str, *, outside: bool = False) -> Row:
    """Give the party that a word names: by its id, or an unambiguous beginning of it; `outside`: no function.

    Raises NotFound, with those there are.
    """
    known = [row for row in connection.all(people.PARTIES) if not (outside and row["kind"] == "function")]
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
    return spoken(_KINDS, row["kind"])
