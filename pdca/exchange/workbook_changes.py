"""Which rows of a workbook change something: what is stored before and after it was taken in, as rows of its sheets."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pdca.exchange.as_rows import plain
from pdca.exchange.values import LANGUAGE
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
    "information_schedules": ("number",),
    "ladder": ("after",),
    "means": ("year", "kind"),
    "quiet_dates": ("from",),
    "reminders": ("number",),
    "schedules": ("number",),
    "series": ("period",),
    "substitutions": ("by", "from"),
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
    numbers, language = _numbers(entries), str(after.get("language", ""))
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
                        _columns(old or {}, row, language),
                        new=old is None,
                    )
            for name, row in known.items():
                yield RowChange(sheet.title, None, " ".join(name[:-1]), _columns(row, {}, language), removed=True)


def _columns(old: Row, row: Row, language: str) -> dict[str, tuple[Any, Any]]:
    """Give the columns that differ; of a text in several languages each has a column of its own."""
    found: dict[str, tuple[Any, Any]] = {}
    for header in dict.fromkeys((*old, *row)):
        was, became = plain(old.get(header)), plain(row.get(header))
        if was == became:
            continue
        if not (_per_language(was) or _per_language(became)):
            found[header] = (was, became)
            continue
        before, after = (one if _per_language(one) else {language: one} if one else {} for one in (was, became))
        for code in dict.fromkeys((*before, *after)):
            if before.get(code) != after.get(code):
                found[f"{header} [{code}]"] = (before.get(code), after.get(code))
    return found


def _per_language(value: Any) -> bool:  # noqa: ANN401 - a plain value
    return isinstance(value, Mapping) and bool(value) and all(LANGUAGE.fullmatch(code) for code in value)


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
