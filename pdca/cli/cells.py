"""From a JSON value to the text of a cell, harmless for what it is written to."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from pdca import i18n
from pdca.i18n import _

Row = Mapping[str, Any]

_LANGUAGE_CODE_LENGTH: Final = 2
_NAMED_AT_MOST: Final = 10
# Controls (C0, C1) would command the terminal; marks that turn the direction of writing would make it lie.
_NAMED_BY_CODE: Final = {
    **{code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))},
    **{code: f"\\u{code:04x}" for code in (0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))},
}
_HARMLESS: Final = {**_NAMED_BY_CODE, ord("\t"): "\\t", ord("\n"): "\n", ord("\r"): "\\r"}
_ON_ONE_LINE: Final = {**_HARMLESS, ord("\\"): "\\\\", ord("\n"): "\\n"}


class Column(NamedTuple):
    """A column: the key of the row, its heading (marked by `N_`), and how it is shown.

    `whole` values, such as ids and dates, are never broken over lines; `show` makes the words for people from the row.
    """

    key: str
    heading: str
    whole: bool = False
    right: bool = False
    show: Callable[[Row], str] | None = None


def shown(column: Column, row: Row) -> str:
    """Give the words of a cell for people."""
    return column.show(row) if column.show else flat(row.get(column.key), words=True)


def flat(value: object, *, words: bool = False) -> str:
    """Give a JSON value as the text of one cell; a {language: text} mapping as the text in the language spoken."""
    if value is None:
        return ""
    if isinstance(value, bool):
        if words:
            return _("yes") if value else _("no")
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return i18n.localized(value) if _is_localized(value) else compact(dict(value))
    if isinstance(value, list | tuple):
        scalar = not any(isinstance(part, Mapping | list | tuple) for part in value)
        return ", ".join(flat(part) for part in value) if scalar else compact(list(value))
    return str(value)


def compact(value: object) -> str:
    """Give JSON on one line. NaN is a ValueError: it is no JSON."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def escaped(text: str) -> str:
    r"""Give `text` on one line: backslash, tab, line ends and other controls as `\\`, `\t`, `\n`, `\r`, `\x1b`."""
    return text.translate(_ON_ONE_LINE)


def harmless(text: str) -> str:
    """Give `text` so that a terminal shows it and does not obey it; line ends stay."""
    return text.translate(_HARMLESS)


def _is_localized(value: Mapping[Any, Any]) -> bool:
    return bool(value) and all(
        isinstance(key, str) and len(key) == _LANGUAGE_CODE_LENGTH and isinstance(text, str)
        for key, text in value.items()
    )


MARKS: Final = (Column("restricted", "Restricted"), Column("assumed", "Assumed"))
"""The columns by which TSV and CSV tell programs what people see behind a title."""


def legend(rows: object) -> tuple[str, ...]:
    """Give the line that explains the mark, when anything shown bears it."""
    return (_("~ assumed: not the body's own"),) if rows else ()


def some_of(names: Sequence[str]) -> str:
    """Name the first of many, with how many there are besides; JSON has them all."""
    if len(names) <= _NAMED_AT_MOST:
        return ", ".join(names)
    return _("%(names)s and %(count)s more") % {
        "names": ", ".join(names[:_NAMED_AT_MOST]),
        "count": len(names) - _NAMED_AT_MOST,
    }
