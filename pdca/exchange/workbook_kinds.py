"""What the fields of the import format become in a workbook, found in the types of its records.

A field with one value is a column, or one column per language; a record inside a record is the columns of both; a list
or mapping of records is rows of another sheet.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel, PlainValidator
from pydantic.fields import FieldInfo

from pdca.exchange.values import check_key, check_local_text, check_text, language_code
from pdca.periods import Period
from workflows.schedule import StatedDate

Record: TypeAlias = type[BaseModel]


class Kind(Enum):
    """What a cell holds.

    KEYS, NUMBERS, LINES, AMOUNTS and JSON are a list or mapping in one cell; LOCAL has a cell for each language.
    """

    TEXT = "text"
    KEY = "id"
    WORD = "word"
    YES_NO = "yes or no"
    DATE = "date"
    PERIOD = "period"
    NUMBER = "number"
    YEAR = "year"
    LOCAL = "text per language"
    KEYS = "ids"
    NUMBERS = "numbers"
    LINES = "lines"
    AMOUNTS = "lines with a number each"
    JSON = "JSON"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value that stands in cells; `words` are all it may be, `long` says that it may be a long text."""

    kind: Kind
    words: tuple[str, ...] = ()
    long: bool = False


@dataclass(frozen=True, slots=True)
class Nested:
    """A record inside a record."""

    record: Record


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of another sheet.

    `shape` is `list` (of records), `map` (id to record), `texts` (per language) or `lists` (label to list of labels).
    """

    shape: Literal["list", "map", "texts", "lists"]
    record: Record | None = None


class Field(NamedTuple):
    """A field of a record under its key in the file."""

    key: str
    of: Leaf | Nested | Rows
    required: bool


_SIMPLE: dict[object, Leaf] = {
    StatedDate: Leaf(Kind.DATE),
    Period: Leaf(Kind.PERIOD),
    Decimal: Leaf(Kind.NUMBER),
    bool: Leaf(Kind.YES_NO),
    int: Leaf(Kind.YEAR),
}
LAST = ("assumed", "basis", "source", "note")


@cache
def fields_of(record: Record) -> tuple[Field, ...]:
    """Give the fields of a record, its id first and whence it comes last."""
    named = [(info.alias or name, info) for name, info in record.model_fields.items()]
    named.sort(key=lambda pair: LAST.index(pair[0]) if pair[0] in LAST else -1 - (pair[0] == "id"))
    return tuple(Field(key, _of_field(info), info.is_required()) for key, info in named)


def _of_field(info: FieldInfo) -> Leaf | Nested | Rows:
    return _of(info.annotation, tuple(info.metadata))


def _of(annotation: Any, metadata: tuple[Any, ...] = ()) -> Leaf | Nested | Rows:  # noqa: ANN401 - a type annotation
    base, metadata = _bare(annotation, metadata)
    origin, inner = get_origin(base), get_args(base)
    if base in _SIMPLE:
        return _SIMPLE[base]
    if origin is Literal:
        return Leaf(Kind.WORD, inner)
    if base is str:
        checks = _checks(metadata)
        return Leaf(Kind.KEY if checks & {check_key, language_code} else Kind.TEXT, long=check_text in checks)
    if isinstance(base, type) and issubclass(base, BaseModel):
        return Nested(base)
    if origin is tuple:
        return _of_list(_of(inner[0]))
    if origin is dict:
        return _of_mapping(inner[1], metadata)
    message = f"no cell can hold {annotation!r}"
    raise TypeError(message)


def _of_list(item: Leaf | Nested | Rows) -> Leaf | Rows:
    if isinstance(item, Nested):
        return Rows("list", item.record)
    if isinstance(item, Leaf) and item.kind is Kind.LOCAL:
        return Rows("texts")
    if isinstance(item, Leaf) and item.kind in (Kind.KEY, Kind.WORD):
        return Leaf(Kind.KEYS, item.words)
    if isinstance(item, Leaf) and item.kind is Kind.NUMBER:
        return Leaf(Kind.NUMBERS)
    if isinstance(item, Leaf) and item.kind is Kind.TEXT:
        return Leaf(Kind.LINES)
    message = f"no cell can hold a list of {item}"
    raise TypeError(message)


def _of_mapping(inner: Any, metadata: tuple[Any, ...]) -> Leaf | Rows:  # noqa: ANN401 - a type annotation
    if inner is str:
        return Leaf(Kind.LOCAL, long=check_local_text in _checks(metadata))
    if inner is Any:
        return Leaf(Kind.JSON)
    item = _of(inner)
    if isinstance(item, Nested):
        return Rows("map", item.record)
    if item == Leaf(Kind.NUMBER):
        return Leaf(Kind.AMOUNTS)
    if item == Leaf(Kind.LINES):
        return Rows("lists")
    message = f"no cell can hold a mapping to {item}"
    raise TypeError(message)


def _bare(annotation: Any, metadata: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:  # noqa: ANN401 - a type annotation
    """Take off “or None” and the annotations."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *more = get_args(annotation)
            metadata = (*metadata, *more)
        elif origin in (Union, UnionType):
            (annotation,) = (one for one in get_args(annotation) if one is not NoneType)
        else:
            return annotation, metadata


def _checks(metadata: tuple[Any, ...]) -> set[object]:
    return {one.func for one in metadata if isinstance(one, PlainValidator)}
