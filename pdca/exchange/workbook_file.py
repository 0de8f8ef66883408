"""Opens a workbook that came from outside, and looks at what the reader of its values does not tell.

Only the XML parts are kept, each no larger than it says it is: macros, pictures and links are never looked at, and a
small file cannot become gigabytes. Document types are refused, and so are cells so far apart that reading the empty
ones between them would fill the memory.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import Any, Final
from xml.parsers import expat  # every part is bounded, and a document type is refused before its first entity

from pdca.exchange.workbook_cells import Unfit
from pdca.i18n import N_, _

LARGEST_UNPACKED: Final = 200 * 1024 * 1024
MOST_PARTS: Final = 2_000
MOST_CELLS: Final = 2_000_000

_ZIP: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_STYLES: Final = "xl/styles.xml"
_KEPT: Final = (".xml", ".rels")
_CHUNK: Final = 1024 * 1024
_REFERENCE: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_FIXED_POINT: Final = re.compile(r"0\.(0+)")
_TWO_DECIMALS: Final = 2  # the number format with this id is built in and shows as many
_SAVE_AGAIN: Final = N_("Open the file in a spreadsheet program and save it again as “Excel workbook (.xlsx)”.")

_Position = tuple[int, int]


@dataclass(slots=True)
class Sheet:
    """What stands in a sheet beside its values; rows and columns count from 0.

    `formulas` tell whether a value was kept with the formula, `decimals` the digits after the point that the format of
    a number always shows, `merged` what cells are one with the first of them.
    """

    formulas: dict[_Position, bool] = field(default_factory=dict)
    errors: dict[_Position, str] = field(default_factory=dict)
    decimals: dict[_Position, int] = field(default_factory=dict)
    merged: dict[_Position, str] = field(default_factory=dict)
    rows: int = 0
    columns: int = 0


@dataclass(frozen=True, slots=True)
class Opened:
    """A workbook that may be read: its bytes without all that is not wanted, and what stands in its sheets."""

    data: bytes
    sheets: dict[str, Sheet]


def open_workbook(data: bytes) -> Opened:
    """Check the bytes of a workbook; raises Unfit for what is none or must not be read."""
    _check_kind(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _parts(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _no_workbook(_("it is damaged or cut off")) from error
    if _WORKBOOK not in parts:
        raise _no_workbook(_("it is another kind of file in a ZIP archive"))
    sheets = _sheets(parts)
    if sum(sheet.rows * sheet.columns for sheet in sheets.values()) > MOST_CELLS:
        message = _("The cells of this workbook span more than %(count)s places.") % {"count": MOST_CELLS}
        hint = _("Take away what stands far below or to the right of the tables.")
        raise Unfit("import-too-large", message, hint)
    return Opened(_packed(parts), sheets)


def position(reference: str) -> _Position:
    """Give row and column, from 0, of a reference such as B7; raises ValueError for anything else."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(reference)
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


def letters(column: int) -> str:
    """Give the letters of a column counted from 1."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _check_kind(data: bytes) -> None:
    if data.startswith(_COMPOUND):
        if _ENCRYPTED in data:
            message = _("This workbook is encrypted with a password.")
            hint = _("Take the password off in the spreadsheet program and save it again.")
            raise Unfit("import-encrypted", message, hint)
        raise Unfit("import-not-a-workbook", _("This is a workbook of the old kind (.xls)."), _(_SAVE_AGAIN))
    if not data.startswith(_ZIP):
        raise _no_workbook(_("it does not begin as one"))


def _parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Unpack the parts that are wanted, never more than may be."""
    entries = archive.infolist()
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise _too_large()
    if any(entry.flag_bits & 1 for entry in entries):
        message = _("Parts of this workbook are encrypted.")
        raise Unfit("import-encrypted", message, _("Save it again without a password."))
    parts: dict[str, bytes] = {}
    left = LARGEST_UNPACKED
    for entry in entries:
        if not entry.filename.lower().endswith(_KEPT):
            continue
        if entry.filename in parts:
            raise _no_workbook(_("a part stands in it twice"))
        parts[entry.filename] = part = _unpacked(archive, entry, left)
        left -= len(part)
    return parts


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    found = bytearray()
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            found += chunk
            if len(found) > left:
                raise _too_large()
    return bytes(found)


def _packed(parts: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part)
    return packed.getvalue()


def _sheets(parts: Mapping[str, bytes]) -> dict[str, Sheet]:
    """Look into every sheet, by its name."""
    targets: dict[str, str] = {}
    names: list[tuple[str, str]] = []

    def relation(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def sheet(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "sheet":
            relation_id = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            names.append((attributes.get("name", ""), relation_id))

    _parse(parts.get(_RELATIONS, b"<none/>"), relation)
    _parse(parts[_WORKBOOK], sheet)
    decimals = _decimals_of_styles(parts.get(_STYLES, b"<none/>"))
    found: dict[str, Sheet] = {}
    for name, relation_id in names:
        target = targets.get(relation_id, "")
        part = parts.get(target[1:] if target.startswith("/") else normpath(join("xl", target)))
        found[name] = Sheet() if part is None else _Look(decimals).into(part)
    return found


def _decimals_of_styles(styles: bytes) -> list[int]:
    """Give, for every style of a cell, the digits after the point that it always shows."""
    codes = {_TWO_DECIMALS: "0.00"}
    of_cells: list[int] = []
    within: list[str] = []

    def begin(tag: str, attributes: Mapping[str, str]) -> None:
        within.append(tag)
        if tag == "numFmt":
            codes[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
        elif within[-2:] == ["cellXfs", "xf"]:
            of_cells.append(int(attributes.get("numFmtId", "0")))

    _parse(styles, begin, lambda _: within.pop())
    shown = {number: match for number, code in codes.items() if (match := _FIXED_POINT.fullmatch(code))}
    return [len(shown[number][1]) if number in shown else 0 for number in of_cells]


class _Look:
    """Goes through the XML of one sheet."""

    def __init__(self, decimals: list[int]) -> None:
        self.decimals = decimals
        self.sheet = Sheet()
        self.row = -1
        self.column = -1
        self.cell: dict[str, str] = {}
        self.within = ""
        self.formula = False
        self.text = ""

    def into(self, part: bytes) -> Sheet:
        """Give what was found."""
        _parse(part, self.begin, self.end, self.characters)
        return self.sheet

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        """Come to an element; rows and cells that do not say where they are follow the one before."""
        if tag == "row":
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1
        elif tag == "c":
            self.row, self.column = position(attributes["r"]) if "r" in attributes else (self.row, self.column + 1)
            self.cell, self.formula, self.text = attributes, False, ""
        elif tag == "f":
            self.formula = True
        elif tag in ("v", "is"):
            self.within = tag
        elif tag == "mergeCell":
            first, _, _ = attributes.get("ref", "").partition(":")
            self.sheet.merged[position(first)] = attributes["ref"]

    def characters(self, text: str) -> None:
        """Keep the value of a cell."""
        if self.within:
            self.text += text

    def end(self, tag: str) -> None:
        """Leave an element."""
        if tag == self.within:
            self.within = ""
        elif tag == "c":
            self.leave_cell()

    def leave_cell(self) -> None:
        """Note what the cell was."""
        here = (self.row, self.column)
        kind = self.cell.get("t", "n")
        if self.formula:
            self.sheet.formulas[here] = bool(self.text) or kind == "str"
        if kind == "e":
            self.sheet.errors[here] = self.text
        if self.text or self.formula:
            self.sheet.rows = max(self.sheet.rows, self.row + 1)
            self.sheet.columns = max(self.sheet.columns, self.column + 1)
        style = int(self.cell.get("s", "0"))
        if kind == "n" and style < len(self.decimals) and self.decimals[style]:
            self.sheet.decimals[here] = self.decimals[style]


def _parse(
    part: bytes,
    begin: Callable[[str, dict[str, str]], object],
    end: Callable[[str], object] | None = None,
    characters: Callable[[str], object] | None = None,
) -> None:
    """Go through XML; what these find wrong with it, as a ValueError, is refused like XML that is none."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_document_type
    parser.StartElementHandler = lambda tag, attributes: begin(tag.rpartition(":")[2], attributes)
    if end is not None:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    if characters is not None:
        parser.CharacterDataHandler = characters
    try:
        parser.Parse(part, True)  # noqa: FBT003 - its only way to say that this is all
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise _no_workbook(_("a part of it is damaged")) from error


def _no_document_type(*_what: Any) -> None:  # noqa: ANN401 - what the parser gives
    raise _no_workbook(_("it holds a document type, which no spreadsheet program writes"))


def _no_workbook(why: str) -> Unfit:
    message = _("This is not an .xlsx workbook: %(reason)s.") % {"reason": why}
    return Unfit("import-not-a-workbook", message, _(_SAVE_AGAIN))


def _too_large() -> Unfit:
    message = _("Unpacked, this workbook is larger than %(size)s MiB.") % {"size": LARGEST_UNPACKED // 1024**2}
    hint = _("Take out what does not belong in it, or divide it into several files.")
    return Unfit("import-too-large", message, hint)
