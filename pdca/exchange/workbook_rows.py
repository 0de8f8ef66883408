"""A document as rows: one for each record, with what names the record above it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from pdca.exchange.activity_records import Means
from pdca.exchange.workbook_kinds import Leaf, Nested, Rows, fields_of
from pdca.exchange.workbook_layout import AMOUNT, AMOUNT_KIND, INSIDE, PLANS, UNDER_NOTHING, Section, root
from pdca.exchange.workbook_tidy import amount_kind, whole_record

Row: TypeAlias = dict[str, Any]
"""Header of a column, without language, to the value of the document."""


def rows_of(document: Mapping[str, Any]) -> dict[Section, list[Row]]:
    """Give the rows of every section, in the order of the document."""
    found: dict[Section, list[Row]] = defaultdict(list)
    plans = next(section for section in root().all() if section.path == PLANS)
    for section, row in (*_rows(root(), document, {}), *_rows(plans, document.get(UNDER_NOTHING) or (), {})):
        found[section].append(row)
    return found


@dataclass(frozen=True, slots=True)
class _Item:
    """A record of a section, and the values of the columns that no field of it stands for."""

    record: Mapping[str, Any]
    extra: Row


def _rows(section: Section, value: Any, above: Row) -> Iterator[tuple[Section, Row]]:  # noqa: ANN401 - a value
    for item in _items(section, value):
        yield from _record(section, item, above)


def _record(section: Section, item: _Item, above: Row) -> Iterator[tuple[Section, Row]]:
    row = {**above, **item.extra, **_own(section, item.record)}
    yield section, row
    names = [row.get(column.header) for column in section.naming]
    for lower in section.below:
        inner = _under(item.record, section, lower.within)
        if inner is not None:
            named = {column.header: name for column, name in zip(lower.above, names, strict=True)}
            yield from _rows(lower, inner, named)
    if section.inside is not None:
        for inner in _items(section, item.record.get(section.inside) or ()):
            deeper = _Item(inner.record, {**inner.extra, INSIDE: item.record.get("id")})
            yield from _record(section, deeper, above)


def _items(section: Section, value: Any) -> Iterator[_Item]:  # noqa: ANN401 - a value of the document
    if section.shape == "lists":
        key, item = (column.header for column in section.own)
        for name, items in value.items():
            yield from (_Item({}, {key: name, item: one}) for one in items)
    elif section.record is None:
        yield from (_Item({}, {"text": text}) for text in value)
    elif section.shape == "one":
        yield _Item(value, {})
    elif section.shape == "map":
        key = section.own[0].header
        yield from (_Item(whole_record(section.record, one), {key: name}) for name, one in value.items())
    else:
        yield from (_Item(whole_record(section.record, one), {}) for one in value)


def _own(section: Section, record: Mapping[str, Any]) -> Row:
    row: Row = {}
    for column in section.own:
        value = _under(record, section, column.path)
        if value is not None:
            row[column.header] = value
    kind = amount_kind(record) if section.record is Means else None
    if kind is not None:
        row |= {AMOUNT_KIND: kind, AMOUNT: record[kind]}
    return row


def _under(record: Mapping[str, Any], section: Section, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - a value
    """Give the value at the end of some keys; None where there is none."""
    of: Leaf | Nested | Rows | None = Nested(section.record) if section.record is not None else None
    value: Any = record
    for key in path:
        if not isinstance(of, Nested):
            return None
        whole = whole_record(of.record, value)
        of = next((field.of for field in fields_of(of.record) if field.key == key), None)
        value = whole.get(key)
        if value is None:
            return None
    return value
