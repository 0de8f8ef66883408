"""The one form of a document that comes back from a workbook, of the several in which the format lets it be written.

What says nothing (null, an empty list or mapping) is left out; a record that may be written as its text, id or places
alone is; a text in the language of the document alone is a plain string; dates are texts and years of means numbers.
It is the form that the exporter writes too.
"""

from collections.abc import Mapping
from typing import Any, Final

from pydantic_core import PydanticCustomError

from pdca.exchange.activity_records import MEANS, Means
from pdca.exchange.document import Document
from pdca.exchange.located import Container, Mark, Marks, member_marks, start_of
from pdca.exchange.records import Alone
from pdca.exchange.values import language_code
from pdca.exchange.workbook_kinds import Kind, Leaf, Nested, Record, Rows, fields_of

ALONE: Final[dict[Record, str]] = {record: record.alone for record in Alone.__subclasses__()}
_NOWHERE: Final = Mark(None, None)
_EMPTY: Final[tuple[object, ...]] = (None, "", [], {}, ())


def tidied(document: Mapping[str, Any], marks: Marks = _NOWHERE) -> tuple[dict[str, Any], Marks]:
    """Give a document in the form of a workbook, and its marks with it."""
    whole = {**document, "language": language_of(document)}
    value, marks = _Tidy(whole["language"]).record(Document, whole, marks)
    return value, marks


def language_of(document: Mapping[str, Any]) -> str:
    """Find the language of plain texts: the one that is stated, or the first of the organisation."""
    organisation = document.get("organisation")
    listed = organisation.get("languages") if isinstance(organisation, Mapping) else None
    first = listed[0] if isinstance(listed, list | tuple) and listed else "en"
    return code_of(document.get("language") or first)


def code_of(language: object) -> str:
    """Write the code of a language as usual; what is none stays as it is."""
    try:
        return language_code(language)
    except PydanticCustomError:
        return str(language)


def whole_record(record: Record, value: Any) -> Mapping[str, Any]:  # noqa: ANN401 - any value of a document
    """Give a record that may have been written as its text, id or places alone with its keys."""
    key = ALONE.get(record)
    if key is None:
        return value if isinstance(value, Mapping) else {}
    if not isinstance(value, Mapping):
        return {key: value}
    texts_alone = key == "text" and value and not value.keys() & keys_of(record)
    return {key: value} if texts_alone else value


def keys_of(record: Record) -> frozenset[str]:
    """Give the keys of a record in a file."""
    return frozenset(field.key for field in fields_of(record))


def amount_kind(means: Mapping[str, Any]) -> str | None:
    """Give the kind of means that a record names, also when it says that it is not known how much was planned."""
    return next((kind for kind in MEANS if kind in means), None)


class _Tidy:
    def __init__(self, language: str) -> None:
        self.language = language

    def record(self, record: Record, value: Any, marks: Marks) -> tuple[Any, Marks]:  # noqa: ANN401 - a value
        """Tidy a record, and give it as its text, id or places alone where it holds nothing else."""
        whole = whole_record(record, value)
        if whole is not value:
            marks = _around(marks, {ALONE[record]: marks}) if record in ALONE else marks
        kept = amount_kind(whole) if record is Means else None
        fields = {field.key: field.of for field in fields_of(record)}
        found: dict[str, Any] = {}
        inner: dict[Any, Marks] = {}
        for key, member in whole.items():
            tidy, at = member, member_marks(marks, key)
            if key in fields:
                tidy, at = self.member(fields[key], member, at)
            inner[key] = at
            if tidy not in _EMPTY or key == kept:
                found[key] = tidy
        marks = _around(marks, inner)
        alone = ALONE.get(record)
        if alone is None or found.keys() != {alone}:
            return found, marks
        text = found[alone]
        if isinstance(text, dict) and text.keys() & fields.keys():
            return found, marks
        return text, member_marks(marks, alone)

    def member(self, of: Leaf | Nested | Rows, value: Any, marks: Marks) -> tuple[Any, Marks]:  # noqa: ANN401
        """Tidy the value of a field."""
        if value is None:
            return None, marks
        if isinstance(of, Leaf):
            return self.leaf(of, value, marks)
        if isinstance(of, Nested):
            return self.record(of.record, value, marks)
        if of.shape == "lists":
            kept = {key: list(items) for key, items in value.items() if items} if isinstance(value, Mapping) else value
            return kept, marks
        return self.rows(of, value, marks)

    def rows(self, of: Rows, value: Any, marks: Marks) -> tuple[Any, Marks]:  # noqa: ANN401 - a value
        """Tidy the records or texts of a list or mapping."""
        mapping = isinstance(value, Mapping)
        pairs = list(value.items() if mapping else enumerate(value))
        inner: dict[Any, Marks] = {}
        found: list[tuple[Any, Any]] = []
        for key, item in pairs:
            at = member_marks(marks, key)
            tidy, at = self.text(item, at) if of.record is None else self.record(of.record, item, at)
            found.append((key, tidy))
            inner[key] = at
        return dict(found) if mapping else [item for _, item in found], _around(marks, inner)

    def leaf(self, leaf: Leaf, value: Any, marks: Marks) -> tuple[Any, Marks]:  # noqa: ANN401 - a value
        """Tidy a value of one cell."""
        if leaf.kind is Kind.LOCAL:
            return self.text(value, marks)
        if leaf.kind in (Kind.DATE, Kind.PERIOD) and isinstance(value, int) and not isinstance(value, bool):
            return str(value), marks
        if leaf.kind is Kind.YEAR and isinstance(value, str) and value.isdecimal():
            return int(value), marks
        if leaf.kind in (Kind.KEYS, Kind.NUMBERS, Kind.LINES) and isinstance(value, list | tuple):
            return list(value), marks
        return value, marks

    def text(self, value: Any, marks: Marks) -> tuple[Any, Marks]:  # noqa: ANN401 - a value
        """Tidy a text that may stand in several languages."""
        if not isinstance(value, Mapping):
            return value, marks
        texts = {code_of(language): text for language, text in value.items()}
        inner = {code_of(language): member_marks(marks, language) for language in value}
        if texts.keys() == {self.language}:
            return texts[self.language], inner[self.language]
        return texts, _around(marks, inner)


def _around(marks: Marks, inner: Mapping[Any, Marks]) -> Marks:
    """Give a container with what stands at the same place and, for what is not in it, the marks that were known."""
    container = Container(start_of(marks))
    if isinstance(marks, Container):
        container.keys |= marks.keys
        container.items |= marks.items
    container.items |= inner
    return container
