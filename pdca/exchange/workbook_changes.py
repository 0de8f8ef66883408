"""Which rows of a workbook change something: what is stored before and after it was taken in, as rows of its sheets."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pdca.exchange.as_rows import plain
from pdca.exchange.workbook_layout import Section, sheets
from pdca.exchange.workbook_rows import Row, rows_of
from pdca.exchange.workbook_sheet import Entry

_Name = tuple[str, ...]

# By what, besides the record above, a record is known that has no id; what is not named here is known by its place.
_KNOWN_BY: Final = {
    "appointments": ("party", "from"),
    "evaluations": ("date", "kind"),
    "group": ("party",),
    "handovers": ("to", "date"),
    "information": ("to", "date"),
    "means": ("year", "kind"),
    "series": ("period",),
}


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that is new, is removed, or of which some columns change: {column: (before, after)}, plain values.

    `row` counts from 1 as the spreadsheet does; None for what no row of the file says.
    """

    sheet: str
    row: int | None
    name: str
    columns: Mapping[str, tuple[Any, Any]]
    new: bool = False
    removed: bool = False


def changed_rows(before: Mapping[str, Any], after: Mapping[str, Any], entries: Iterable[Entry]) -> Iterator[RowChange]:
    """Compare two documents row by row, in the order of the sheets; `entries` are the rows of a workbook."""
    numbers = _numbers(entries)
    earlier, later = rows_of(before), rows_of(after)
    for sheet in sheets():
        for section in sheet.sections:
            known = dict(_named(section, earlier.get(section, ())))
            for name, row in _named(section, later.get(section, ())):
                old = known.pop(name, None)
                if old != row:
                    yield RowChange(
                        sheet.title,
                        numbers.get((section.path, name)),
                        " ".join(name[:-1]),
                        _columns(old or {}, row),
                        new=old is None,
                    )
            for name, row in known.items():
                yield RowChange(sheet.title, None, " ".join(name[:-1]), _columns(row, {}), removed=True)


def _columns(old: Row, row: Row) -> dict[str, tuple[Any, Any]]:
    headers = dict.fromkeys((*old, *row))
    return {one: (plain(old.get(one)), plain(row.get(one))) for one in headers if old.get(one) != row.get(one)}


def _numbers(entries: Iterable[Entry]) -> dict[tuple[_Name, _Name], int]:
    numbers: dict[tuple[_Name, _Name], int] = {}
    seen: Counter[tuple[_Name, _Name]] = Counter()
    for entry in entries:
        name = _name(entry.section, entry.values)
        seen[entry.section.path, name] += 1
        number = (*name, str(seen[entry.section.path, name]))
        numbers[entry.section.path, number] = entry.at.line or 0
    return numbers


def _named(section: Section, rows: Iterable[Row]) -> Iterator[tuple[_Name, Row]]:
    """Give each row with what it is known by, the last part of which counts those of the same name."""
    seen: Counter[_Name] = Counter()
    for row in rows:
        name = _name(section, row)
        seen[name] += 1
        yield (*name, str(seen[name])), row


def _name(section: Section, row: Mapping[str, Any]) -> _Name:
    headers = [column.header for column in section.naming]
    if section.shape == "map":
        headers.append(section.own[0].header)
    headers += [one for one in _KNOWN_BY.get(section.path[-1], ()) if one not in headers]
    return tuple(str(row.get(header, "")) for header in headers)
