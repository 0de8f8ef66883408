"""Reading a file of figures alone, CSV, one sheet of a workbook or YAML, with the place of everything that is wrong."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from pdca.errors import Failed, Place
from pdca.exchange.document import checked
from pdca.exchange.faults import Fault
from pdca.exchange.fields import Key, Many
from pdca.exchange.known import Known
from pdca.exchange.located import Container, Located, Mark
from pdca.exchange.problems import ImportRefused, Problem
from pdca.exchange.raw import NO_INDICATOR, NO_PLACE, NO_SOURCE, PLACES, PUBLISHED, TO_COME, Found
from pdca.exchange.records import Measurement, Record, check_one_retained
from pdca.exchange.values import check_stated
from pdca.exchange.workbook_cells import dated
from pdca.exchange.yaml_reader import LARGEST_FILE, read
from pdca.i18n import _
from pdca.units import is_place

COLUMNS: Final = (
    *("indicator", "period", "value", "missing", "approx", "scope", "source", "according_to", "published"),
    *("retained", "retained_because", "parts", "of_which", "assumed", "basis", "note"),
)
_DECIMAL_COMMA: Final = re.compile(r"((?:^|=)\s*[-+]?[0-9]+),([0-9]+\s*(?:$|[;\n]))")
_NUMBER: Final = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")
_TRUTHS: Final = {
    **dict.fromkeys(("yes", "ja", "oui", "true", "1"), True),
    **dict.fromkeys(("no", "nee", "non", "false", "0"), False),
}
_COMPUTED: Final = ("change", "difference", "percent", "evolution", "verschil", "evolutie", "écart")


class NamedFigure(Measurement):
    """A figure and the indicator that it is of."""

    indicator: Key


class FigureFile(Record):
    """A whole file of figures."""

    figures: Many[NamedFigure] = ()

    @model_validator(mode="after")
    def _one_retained(self) -> Self:
        check_one_retained("figures", self.figures, [one.indicator for one in self.figures])
        return self

    def by_indicator(self) -> dict[str, list[Measurement]]:
        """Give the figures of each indicator, in the order of the file."""
        found: dict[str, list[Measurement]] = defaultdict(list)
        for one in self.figures:
            found[one.indicator].append(one)
        return dict(found)


def read_figures(file: str, known: Known, language: str, today: date) -> FigureFile:
    """Read and check a file of figures, `today` being the local day.

    Raises ImportRefused with everything that is wrong, by row and column.
    """
    path = Path(file)
    match path.suffix.lower():
        case ".csv" | ".tsv":
            located = _of_rows(_csv(path), file)
        case ".xlsx":
            located = _of_rows(_workbook(path, file), file)
        case ".yaml" | ".yml" | ".json":
            located = read(path)
        case other:
            raise Failed(
                "figures-format",
                _("A file of the form “%(suffix)s” holds no figures that can be taken in.") % {"suffix": other},
                hint=_("Use .csv, .xlsx or .yaml."),
                place=Place(file=file),
            )
    return checked(
        FigureFile,
        located.value,
        language,
        [*_unknown(located.value, known), *_impossible(located.value, known, today)],
        located,
    )


def _unknown(value: Any, known: Known) -> Iterator[Fault]:  # noqa: ANN401 - whatever the file holds
    rows = value.get("figures") if isinstance(value, dict) else None
    for index, row in enumerate(rows if isinstance(rows, list) else ()):
        if not isinstance(row, dict):
            continue
        name = row.get("indicator")
        if isinstance(name, str) and name not in known.indicators:
            message = _(NO_INDICATOR) % {"name": name}
            hint = _("`pdca indicator list` shows them all.")
            yield Fault(
                ("figures", index, "indicator"),
                "import-unknown-reference",
                message,
                hint,
                wrote=name,
                among=known.indicators,
            )
        sources = row.get("source")
        for at, source in enumerate(sources if isinstance(sources, list) else ()):
            if isinstance(source, str) and source not in known.sources:
                message = _(NO_SOURCE) % {"name": source}
                hint = _("Say it in words under “according_to”.")
                yield Fault(
                    ("figures", index, "source", at),
                    "import-unknown-reference",
                    message,
                    hint,
                    wrote=source,
                    among=known.sources,
                )


def _impossible(value: Any, known: Known, today: date) -> Iterator[Fault]:  # noqa: ANN401 - whatever the file holds
    """Name the figures that are no place of a list where they should be, or that nobody published yet."""
    for row in Found((), value if isinstance(value, dict) else {}).items("figures"):
        figure = row.value.get("value")
        of_ranks = row.value.get("indicator") in known.ranks
        if of_ranks and isinstance(figure, int | Decimal) and not is_place(Decimal(figure)):
            yield Fault((*row.path, "value"), "rank-none", _(NO_PLACE) % {"value": figure}, _(PLACES))
        with suppress(PydanticCustomError):
            published = check_stated(row.value.get("published"))
            if published.first_day > today:
                message = _(TO_COME) % {"text": published.text}
                yield Fault((*row.path, "published"), "date-to-come", message, _(PUBLISHED))


def _csv(path: Path) -> list[list[Any]]:
    try:
        data = path.read_bytes()
    except OSError as error:
        message = _("%(file)s cannot be read: %(reason)s.") % {"file": path, "reason": error.strerror or str(error)}
        raise ImportRefused(
            [Problem("import-unreadable", message, Place(str(path)), _("Check the path and the rights."))]
        ) from error
    if len(data) > LARGEST_FILE:
        message = _("%(file)s is larger than %(size)s MiB.") % {"file": path, "size": LARGEST_FILE // 1024**2}
        raise ImportRefused(
            [Problem("import-too-large", message, Place(str(path)), _("Divide it into several files."))]
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message, hint = _("This file is not UTF-8."), _("Save it as CSV UTF-8.")
        raise ImportRefused([Problem("import-not-utf-8", message, Place(str(path), line), hint)]) from error
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    # Where a semicolon parts the cells, a comma stands before the decimals.
    return [[_with_point(cell) if delimiter == ";" else cell for cell in row] for row in rows]


def _with_point(cell: str) -> str:
    return _DECIMAL_COMMA.sub(r"\1.\2", cell)


def _workbook(path: Path, name: str) -> Sequence[Sequence[Any]]:
    from pdca.exchange.workbook_in import cells_of

    return cells_of(path, name)


def _of_rows(rows: Sequence[Sequence[Any]], name: str) -> Located:
    """Make of rows under a heading what a file in YAML says, each value with the row and column it stands in."""
    header = [str(cell or "").strip().lower() for cell in (rows[0] if rows else ())]
    problems = [*_headings(header, name), *_beyond(header, rows, name), *_dates(header, rows, name)]
    if problems:
        raise ImportRefused(problems)
    top = Container(Mark(1, 1))
    marks = Container(Mark(1, 1))
    top.items["figures"] = marks
    figures: list[dict[str, Any]] = []
    for line, cells in enumerate(rows[1:], start=2):
        if not any(str(cell if cell is not None else "").strip() for cell in cells):
            continue
        own = Container(Mark(line, 1))
        row: dict[str, Any] = {}
        for column, (key, cell) in enumerate(zip(header, cells, strict=False), start=1):
            if key and cell not in (None, "") and str(cell).strip():
                row[key] = _value(key, cell)
                own.items[key] = Mark(line, column)
                own.keys[key] = Mark(1, column)
        marks.items[len(figures)] = own
        figures.append(row)
    return Located({"figures": figures}, name, top, closed=True)


def _headings(header: Sequence[str], name: str) -> Iterator[Problem]:
    known = _("The columns here are: %(columns)s.") % {"columns": ", ".join(COLUMNS)}
    for column, key in enumerate(header, start=1):
        place = Place(name, 1, column, key or None)
        if key in _COMPUTED:
            message = _("“%(column)s”: a change is computed, and never taken in.") % {"column": key}
            yield Problem("figures-computed", message, place, _("Take the column away."))
        elif key and key not in COLUMNS:
            message = _("There is no column “%(column)s”.") % {"column": key}
            yield Problem("import-unknown-column", message, place, known)
        elif key and key in header[: column - 1]:
            message = _("The column “%(column)s” stands here twice.") % {"column": key}
            yield Problem("import-duplicate-column", message, place, _("Take one of them away."))
    for key in ("indicator", "period"):
        if key not in header:
            message = _("The column “%(column)s” is missing.") % {"column": key}
            yield Problem("import-missing-column", message, Place(name, 1, None, key), known)


def _beyond(header: Sequence[str], rows: Sequence[Sequence[Any]], name: str) -> Iterator[Problem]:
    """Refuse a value that stands under no heading, which would be lost."""
    for line, cells in enumerate(rows[1:], start=2):
        for column, cell in enumerate(cells, start=1):
            headed = column <= len(header) and header[column - 1]
            if not headed and cell is not None and str(cell).strip():
                message = _("This value stands under no heading.")
                hint = _("Give the column a heading, or put a value that holds the separator in quotes.")
                yield Problem("figures-no-heading", message, Place(name, line, column), hint)


def _dates(header: Sequence[str], rows: Sequence[Sequence[Any]], name: str) -> Iterator[Problem]:
    """Refuse a period that a spreadsheet made a date of."""
    at = header.index("period") if "period" in header else len(header)
    for line, cells in enumerate(rows[1:], start=2):
        cell = cells[at] if at < len(cells) else None
        if isinstance(cell, date):
            unfit = dated(cell)
            yield Problem(unfit.code, unfit.message, Place(name, line, at + 1, "period"), unfit.hint)


def _value(key: str, cell: Any) -> Any:  # noqa: ANN401 - whatever a cell holds
    """Give a cell as a file in YAML holds it; what cannot be so is left as it is, for the check to name."""
    text = _text(cell)
    if key == "value":
        return _number(text)
    if key in ("approx", "retained", "assumed"):
        return _TRUTHS.get(text.casefold(), text)
    if key == "source":
        return [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]
    if key in ("parts", "of_which"):
        pairs = [part.rpartition("=") for part in re.split(r"[;\n]", text) if part.strip()]
        return {name.strip(): _number(figure.strip()) for name, _equals, figure in pairs}
    return text


def _text(cell: Any) -> str:  # noqa: ANN401 - whatever a cell holds
    if isinstance(cell, float):
        # A workbook holds fractions of two; of what was typed, fifteen digits are exact.
        return f"{Decimal(f'{cell:.15g}'):f}"
    if hasattr(cell, "isoformat"):
        return str(cell.isoformat())[:10]
    return str(cell).strip()


def _number(text: str) -> Decimal | str:
    return Decimal(text) if _NUMBER.fullmatch(text) else text
