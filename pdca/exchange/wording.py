"""What stored texts look like in a file: alone when they are in its language, per language otherwise."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from pdca.shapes import KEY
from pdca.store.driver import Row
from pdca.store.jsontext import from_json

Data = dict[str, Any]

_FIRST = ("id", "text", "phenomenon", "what", "rhythm", "op", "to", "type", "title", "places", "by_area")
_LAST = ("schedules", "reminders", "evaluations", "information_schedules", "assumed", "basis", "source", "note")
_RANK = {name: rank for rank, name in enumerate((*_FIRST, "", *_LAST))}
_MIDDLE = _RANK[""]


def handle_of(person: Row) -> str | None:
    """Give what a person is called in a file; None for one that no file names.

    A handle that came from a login need not be an id; such a person stays where he or she is, and so does who was
    erased.
    """
    handle: str = person["handle"]
    return handle if person["erased_at"] is None and KEY.fullmatch(handle) else None


class Wording:
    """Writes stored values as a file in a language holds them."""

    def __init__(self, language: str) -> None:
        self.language = language

    def words(self, texts: Mapping[str, str] | str) -> str | dict[str, str]:
        """Give a text alone when it is in the language of the file only; that language comes first otherwise.

        What is in no language stays as it is: the mark that stands in the place of a text that was erased.
        """
        if isinstance(texts, str):
            return texts
        if texts.keys() == {self.language}:
            return texts[self.language]
        return {language: texts[language] for language in sorted(texts, key=lambda one: (one != self.language, one))}

    def stored(self, column: str | None) -> str | dict[str, str] | None:
        """Give the text of a column."""
        return None if column is None else self.words(from_json(column))

    def statement(self, value: Data) -> str | Data:
        """Give a statement, its text alone when there is nothing else."""
        found = self.worded(value, "text")
        text: str | Data = found["text"] if found.keys() == {"text"} else found
        return text

    def statements(self, values: Iterable[Data] | None) -> list[str | Data]:
        """Give statements."""
        return [self.statement(value) for value in values or ()]

    def worded(self, value: Data, *names: str) -> Data:
        """Give a mapping with the texts under some of its keys as the file holds them."""
        worded = {name: self.words(member) if name in names else member for name, member in value.items()}
        return in_reading_order(worded)


def in_reading_order(data: Data) -> Data:
    """Put what tells what it is about first, and whence it comes last; stored keys stand by the alphabet."""
    return {name: data[name] for name in sorted(data, key=lambda name: (_RANK.get(name, _MIDDLE), name))}


def number(text: str | None) -> Decimal | None:
    """Read a stored decimal."""
    return None if text is None else Decimal(text)


def figures(column: str | None) -> dict[str, Decimal]:
    """Read stored decimals by name."""
    return {name: Decimal(text) for name, text in (from_json(column) or {}).items()}


def sourced(row: Row) -> Data:
    """Give whence a row comes."""
    return {
        "assumed": bool(row["assumed"]),
        "basis": row["basis"],
        "source": from_json(row["source"]),
        "note": row["note"],
    }


def said(data: Data) -> Data:
    """Leave out what says nothing."""
    return {
        name: value
        for name, value in data.items()
        if value is not None and value is not False and not (isinstance(value, str | list | dict) and not value)
    }
