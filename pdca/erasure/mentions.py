"""Taking a name out of a value: out of a text, or out of what is said in a structured one.

What the program reads there stays, whatever somebody is called: the keys, and the codes, ids and dates under some.
"""

import json
from typing import Any, Final

from pdca.erasure.kinds import SAID
from pdca.erasure.naming import Naming
from pdca.failure import code_of, reworded
from pdca.store.jsontext import to_json
from pdca.words import INFORMATION_METHODS

_CODES: Final = frozenset(
    {
        "after",
        "also",
        "anchor",
        "axis",
        "country",
        "crs",
        "currency",
        "date",
        "deadline",
        "due",
        "due_at",
        "evaluation",
        "figure",
        "follows",
        "from",
        "grace_days",
        "id",
        "indicator",
        "kind",
        "language",
        "languages",
        "lead",
        "leads",
        "method",
        "objective",
        "owner",
        "parent",
        "party",
        "period",
        "phenomenon",
        "plan",
        "programme",
        "purpose",
        "report",
        "role",
        "roll",
        "rubric",
        "state",
        "status",
        "step",
        "theme",
        "to",
        "trigger",
        "type",
        "unit",
        "until",
        "value",
        "zone",
    }
)
"""Under these keys a word without a space is no text."""

_WORDS_AS_KEYS: Final = frozenset({"by_area", "of_which", "parts"})
"""What stands under these has free words for its keys; so has a column that is called so."""

_NOBODY: Final = Naming(())


def names(table: str, column: str, text: str, naming: Naming) -> bool:
    """Tell whether a value names somebody."""
    # That the name is found anywhere in it is told sooner than that it is no key or code.
    return naming.found_in(text) and without(table, column, text, naming) != without(table, column, text, _NOBODY)


def without(table: str, column: str, text: str, naming: Naming) -> str:
    """Give a value with the mark in the place of the name and address of somebody."""
    if code_of(text) is not None:
        return reworded(text, naming.name_taken_out_of)
    try:
        read = json.loads(text)
    except ValueError:
        return naming.taken_out_of(text)
    if (table, column) == ("information_moment", "method") and isinstance(read, str) and read in INFORMATION_METHODS:
        return text
    if not isinstance(read, dict | list):
        return naming.taken_out_of(text)
    return to_json(_Without(naming).of(read, words=column in _WORDS_AS_KEYS))


class _Without:
    def __init__(self, naming: Naming) -> None:
        self._naming = naming

    def of(self, value: Any, *, code: bool = False, words: bool = False, said: bool = False) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Give the value without the name: `code` is what may be one, `words` has free keys, `said` throughout."""
        if isinstance(value, dict):
            return self._object(value, words=words or said, said=said)
        if isinstance(value, list):
            return [self.of(one, code=code, said=said) for one in value]
        # A figure or a date, which are stored as texts, is nobody's name.
        if not isinstance(value, str) or not any(map(str.isalpha, value)):
            return value
        if code and not any(map(str.isspace, value)):
            return value
        return self._naming.name_taken_out_of(value)

    def _object(self, value: dict[str, Any], *, words: bool, said: bool) -> dict[str, Any]:
        left: dict[str, Any] = {}
        for name, inside in value.items():
            if words:
                left[_unlike(self._naming.name_taken_out_of(name), left)] = self.of(inside, said=said)
            else:
                left[name] = self.of(inside, code=name in _CODES, words=name in _WORDS_AS_KEYS, said=name == SAID)
        return left


def _unlike(name: str, taken: dict[str, Any]) -> str:
    """Give a key that is not taken: two may be the same once a name is out of them."""
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name} {number}"
    return found
