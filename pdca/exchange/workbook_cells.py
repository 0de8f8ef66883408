"""Values of the import format in cells, and cells as values; each direction undoes the other.

A text that a spreadsheet program could take for a formula gets an apostrophe before it and loses it again on the way
back. Numbers stand as numbers where binary floating point with 15 digits gives them back exactly as they were written,
the zeros at their end by the format of the cell; all others stand as text.
"""

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from pdca.exchange.problems import quoted
from pdca.exchange.values import kind_of, unexpected
from pdca.exchange.workbook_kinds import Kind, Leaf
from pdca.i18n import N_, _
from pdca.shapes import CONTROL, FIRST_YEAR, LAST_YEAR

Cell: TypeAlias = str | int | Decimal | dt.date

FIRST_DATE = dt.date(1910, 1, 1)  # before it stand what spreadsheets make of years typed as dates
LONGEST_PIECE = 16_000  # a cell holds 32,767 UTF-16 units
MOST_DIGITS = 15
_FINEST = 30
YES, NO = "yes", "no"

_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
_DISARMED = re.compile(r"''*[=+\-@\t\r]")
# What looks like the code by which a workbook writes a control character, and shares its last “_” with another such
# code or with the one that a carriage return becomes, would not be told apart again.
_TANGLED = re.compile(r"_x[0-9A-Fa-f]{4}(?=_x[0-9A-Fa-f]{4}_|\r)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR = re.compile(r"[0-9]{4}")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,39})")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,39})(?:\.[0-9]{0,40})?(?:[eE][-+]?[0-9]{1,2})?")
_BETWEEN_IDS = re.compile(r"[,;\n]")
_BOOLEANS = {YES: True, "true": True, NO: False, "false": False}
_AS_TEXT = N_("Format the cell as text and write it again.")


class Unfit(Exception):
    """What a cell holds does not belong in it; becomes a problem at the place of the cell."""

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


def cell_of(leaf: Leaf, value: Any) -> Cell:  # noqa: ANN401 - any value of a document
    """Give what stands in the cell for a value, before anything is made harmless."""
    cell: Cell | None = None
    match leaf.kind, value:
        case Kind.YES_NO, bool():
            cell = YES if value else NO
        case Kind.DATE, str():
            cell = _date_cell(value)
        case Kind.YEAR, str() if _YEAR.fullmatch(value):
            cell = int(value)
        case (Kind.NUMBER | Kind.YEAR, int() | Decimal()) if not isinstance(value, bool) and _survives(value):
            cell = value
        case ((Kind.KEYS | Kind.NUMBERS), list()):
            cell = ", ".join(str(item) for item in value)
        case Kind.LINES, list():
            cell = "\n".join(str(item) for item in value)
        case Kind.AMOUNTS, Mapping():
            cell = "\n".join(f"{label}: {amount}" for label, amount in value.items())
        case Kind.JSON, _:
            cell = "".join(_json(value))
    return str(value) if cell is None else cell


def pieces(text: str) -> list[str]:
    """Divide a text over as many cells as it needs, one unless it is very long."""
    found = []
    for part in _TANGLED.sub(lambda match: f"{match[0]}\0", text).split("\0"):
        found += [part[start : start + LONGEST_PIECE] for start in range(0, len(part), LONGEST_PIECE)]
    return found or [text]


def disarmed(text: str) -> str:
    """Make a text harmless that a spreadsheet program could take for a formula."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def armed(text: str) -> str:
    """Give a text back as it was before it was made harmless."""
    return text[1:] if _DISARMED.match(text) else text


def value_of(leaf: Leaf, cell: object, decimals: int = 0) -> Any:  # noqa: ANN401 - any value of a document
    """Give the value that a cell holds; `decimals` are the digits after the point that its format always shows.

    Raises Unfit for what cannot be in such a cell. What can be but is wrong (no such date) is left to the check of the
    document.
    """
    value: Any = None
    match leaf.kind, cell:
        case _, str():
            value = _READ[leaf.kind](cell)
        case Kind.YES_NO, bool():
            value = cell
        case (Kind.NUMBER, int() | float()) if not isinstance(cell, bool):
            value = _number(cell, decimals)
        case (Kind.NUMBERS, int() | float()) if not isinstance(cell, bool):
            value = [_number(cell, decimals)]
        case Kind.YEAR, _ if _is_year(cell):
            value = int(str(_number(cell, 0)))
        case Kind.PERIOD, dt.date():
            raise dated(cell)
        case ((Kind.DATE | Kind.PERIOD), _):
            value = _stated(cell)
    if value is None:
        raise _unfit(leaf, cell)
    return value


def checked_text(text: str) -> str:
    """Bring a text of a cell to the form of the format; raises Unfit for characters that it does not have."""
    if found := CONTROL.search(text):
        message = _("The control character %(character)s is not allowed.")
        message %= {"character": f"U+{ord(found[0]):04X}"}
        raise Unfit("import-control-character", message, _("Write the text again without it."))
    return unicodedata.normalize("NFC", armed(text))


def _date_cell(text: str) -> Cell:
    """A whole day is a date for the spreadsheet; a month or a year stays the text that it is."""
    if not _DAY.fullmatch(text):
        return text
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        return text
    return date if date >= FIRST_DATE else text


def dated(cell: dt.date) -> Unfit:
    """Make the error of a period that a spreadsheet made a date of: of April 2024 it makes the first day."""
    message = _("A date stands here (%(date)s) where a period belongs.") % {"date": cell.isoformat()[:10]}
    hint = _("Write the period as text, with an apostrophe before it: '2024-04, '2024 or '2024-Q1.")
    return Unfit("import-period-as-date", message, hint)


def _stated(cell: object) -> str:
    if isinstance(cell, dt.datetime):
        message = _("A time of day stands here with the date.")
        raise Unfit("import-wrong-type", message, _("Write the date alone, as 2024-10-31."))
    if isinstance(cell, dt.date):
        if cell < FIRST_DATE:
            serial = (cell - dt.date(1899, 12, 30)).days
            message = _(
                "This is the date %(date)s: the year %(year)s, written where a date was expected, becomes that."
            )
            message %= {"date": cell, "year": serial}
            hint = _("Write '%(year)s with the apostrophe for the year alone.") % {"year": serial}
            raise Unfit("import-year-as-date", message, hint)
        return cell.isoformat()
    if _is_year(cell):
        return str(_number(cell, 0))
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        message = _("A number stands here (%(number)s) where a date belongs.") % {"number": _number(cell, 0)}
        hint = _("Format the cell as a date, or write it as text: 2024-10-31, 2024-10.")
        raise Unfit("import-wrong-type", message, hint)
    raise Unfit("import-wrong-type", unexpected("date", _kind_of(cell)), _("Write it as 2024-10-31."))


def _is_year(cell: object) -> bool:
    return (
        isinstance(cell, int | float)
        and not isinstance(cell, bool)
        and cell == int(cell)
        and FIRST_YEAR <= cell <= LAST_YEAR
    )


def _number(cell: Any, decimals: int) -> int | Decimal:  # noqa: ANN401 - an int or float
    """Read a number as a spreadsheet shows it, 15 digits long at most."""
    number = Decimal(f"{cell:.{MOST_DIGITS}g}")
    exponent = number.as_tuple().exponent
    places = max(decimals, -exponent if isinstance(exponent, int) else 0)
    if places == 0:
        return int(number)
    return Decimal(f"{number:.{places}f}")


def decimals_of(number: int | Decimal) -> int:
    """Give the digits after the point."""
    exponent = number.as_tuple().exponent if isinstance(number, Decimal) else 0
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _survives(number: int | Decimal) -> bool:
    """Tell whether the number comes back from a spreadsheet digit for digit."""
    if len(Decimal(number).as_tuple().digits) > MOST_DIGITS or decimals_of(number) > _FINEST:
        return False
    return str(_number(float(number), decimals_of(number))) == str(number)


def _number_in(text: str) -> int | Decimal | None:
    """Read a number that was written as text, as the format writes it; None when it is not one."""
    text = text.strip()
    if _INTEGER.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else None


def _amounts(text: str) -> dict[str, int | Decimal]:
    amounts: dict[str, int | Decimal] = {}
    for line in text.split("\n"):
        if not line.strip():
            continue
        label, _colon, written = line.rpartition(":")
        number = _number_in(written)
        if number is None or not label.strip():
            message = _("“%(line)s” is not a label and a number.") % {"line": quoted(line)}
            raise Unfit("import-wrong-type", message, _("Write one on each line, such as “Vorst: 10”."))
        if label in amounts:
            message = _("“%(label)s” stands twice in this cell.") % {"label": quoted(label)}
            raise Unfit("import-duplicate-entry", message, _("Leave one out."))
        amounts[label] = number
    return amounts


def _json(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Write JSON with every number as it was written, which the standard library does not do for Decimal."""
    if isinstance(value, Mapping):
        yield "{"
        for index, (key, member) in enumerate(value.items()):
            yield f"{', ' if index else ''}{json.dumps(str(key), ensure_ascii=False)}: "
            yield from _json(member)
        yield "}"
    elif isinstance(value, list | tuple):
        yield "["
        for index, member in enumerate(value):
            yield ", " if index else ""
            yield from _json(member)
        yield "]"
    else:
        yield str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def _from_json(text: str) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError) as error:
        too_deep = isinstance(error, RecursionError)
        message = _("This is not JSON.") if too_deep else _("This is not JSON: %(reason)s.") % {"reason": error}
        raise Unfit("import-bad-value", message, _("Paste the whole text of this cell again.")) from error


def _no_number(word: str) -> None:
    message = _("%(word)s is not a number") % {"word": word}
    raise ValueError(message)


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        message = _("a key stands there twice")
        raise ValueError(message)
    return members


def _same(text: str) -> str:
    return text


def _yes_or_no(text: str) -> bool | None:
    return _BOOLEANS.get(text.strip().casefold())


def _keys(text: str) -> list[str]:
    return [item.strip() for item in _BETWEEN_IDS.split(text) if item.strip()]


def _numbers(text: str) -> list[int | Decimal] | None:
    found = [number for item in _keys(text) if (number := _number_in(item)) is not None]
    return found if len(found) == len(_keys(text)) else None


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _year_in(text: str) -> int | None:
    return int(text) if _INTEGER.fullmatch(text.strip()) else None


# What a text in a cell says; None where it says nothing of that kind.
_READ: dict[Kind, Callable[[str], Any]] = {
    **dict.fromkeys((Kind.TEXT, Kind.LOCAL), _same),
    **dict.fromkeys((Kind.KEY, Kind.WORD, Kind.DATE, Kind.PERIOD), str.strip),
    Kind.YES_NO: _yes_or_no,
    Kind.KEYS: _keys,
    Kind.NUMBERS: _numbers,
    Kind.LINES: _lines,
    Kind.NUMBER: _number_in,
    Kind.YEAR: _year_in,
    Kind.AMOUNTS: _amounts,
    Kind.JSON: _from_json,
}


def _unfit(leaf: Leaf, cell: object) -> Unfit:
    kind = _kind_of(cell)
    match leaf.kind:
        case Kind.NUMBERS:
            hint = _("Write figures only, with commas between: 30, 14, 7.")
            return Unfit("import-wrong-type", unexpected("number", kind), hint)
        case Kind.NUMBER | Kind.YEAR:
            what = "number" if leaf.kind is Kind.NUMBER else "year"
            hint = _("Write figures only, without unit or spaces.")
            return Unfit("import-wrong-type", unexpected(what, kind), hint)
        case Kind.YES_NO:
            hint = _("Write %(yes)s or %(no)s.") % {"yes": YES, "no": NO}
            return Unfit("import-wrong-type", unexpected("yes_no", kind), hint)
    return Unfit("import-wrong-type", unexpected("text", kind), _(_AS_TEXT))


def _kind_of(cell: object) -> str:
    if isinstance(cell, dt.date):
        return _("a date")
    if isinstance(cell, dt.time | dt.timedelta):
        return _("a time")
    if isinstance(cell, str):
        return _("“%(text)s”") % {"text": quoted(cell)}
    return _("a number") if isinstance(cell, float) else kind_of(cell)
