"""Reads YAML from outside into plain Python, with the line and column of every key and value.

Only what a hand-written file needs is read: mappings with text keys, lists, texts, numbers, true, false and null.
Aliases, tags, directives, duplicate keys and several documents are refused, and so is what is too large, too deep or
too much. A document that opens with `---` has to close with `...`, so that a file that was cut off between two lines is
not taken for a shorter one. Plain scalars are read as YAML 1.2 does, minus its traps: `no`, `on`, `2021-02-30`,
`12:30`, `0123` and `0x1F` stay text; whole numbers become int and numbers with a point or an exponent Decimal, exactly
as written. Texts are brought to Unicode NFC, the form in which they are logged.
"""

import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import yaml

from pdca.exchange.located import Container, Located, Mark, Marks
from pdca.exchange.problems import ImportRefused, Problem, field_name, quoted
from pdca.exchange.yaml_words import cut_off, syntax_in_words
from pdca.i18n import _
from pdca.shapes import CONTROL

LARGEST_FILE = 16 * 1024 * 1024
DEEPEST_NESTING = 32
MOST_NODES = 2_000_000
LONGEST_NUMBER = 40
LARGEST_EXPONENT = 64

Source: TypeAlias = str | bytes | Path | BinaryIO

LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_DIRECTIVE = re.compile(r"^%", re.MULTILINE)
_DOCUMENT_START = re.compile(r"(?:[ \t]*+(?:#[^\r\n]*+)?(?:\r\n?|\n))*+---(?=\s|\Z)")
# Wherever these stand at the beginning of a line, a YAML document ends: no text of a value can hold them there.
_DOCUMENT_END = re.compile(r"(?:^|(?<=\r))\.\.\.(?=\s|\Z)", re.MULTILINE)
_BLANK_OR_COMMENT = re.compile(r"(?:\s++|#[^\n]*+)*+\Z")
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")


def read(source: Source, name: str | None = None, *, loader: type[Any] = LOADER) -> Located:
    """Read one YAML document.

    `source` is text, bytes, a path, or an open binary stream such as standard input; `name` is what errors call it.
    `loader` is PyYAML's parser: libyaml's where PyYAML was built with it, its own otherwise.

    Raises ImportRefused with the place of the first thing that cannot be read.
    """
    name = name or (str(source) if isinstance(source, Path) else "input")
    reader = _Reader(name)
    text = reader.decode(_bytes_of(source, reader))
    reader.check_text(text)
    try:
        return reader.build(_events(text, loader), text)
    except yaml.MarkedYAMLError as error:
        raise reader.refusal_of(error, text) from error
    except yaml.YAMLError as error:
        raise reader.refused("import-syntax", _("This is not YAML."), None) from error


def is_text(written: str) -> bool:
    """Tell whether a plain scalar is read as a text, and not as null, a truth value or a number."""
    return written not in _WORDS and not _DECIMAL.fullmatch(written)


def _events(text: str, loader: type[Any]) -> Iterator[Any]:
    parser = loader(text)
    try:
        while parser.check_event():
            yield parser.get_event()
    finally:
        parser.dispose()


def _bytes_of(source: Source, reader: "_Reader") -> bytes:
    if isinstance(source, str):
        data = source.encode("utf-8", "surrogatepass")
    elif isinstance(source, bytes):
        data = source
    else:
        data = _read_stream(source, reader)
    if len(data) > LARGEST_FILE:
        raise reader.too_large()
    return data


def _read_stream(source: Path | BinaryIO, reader: "_Reader") -> bytes:
    try:
        if not isinstance(source, Path):
            return source.read(LARGEST_FILE + 1)
        with source.open("rb") as stream:
            status = os.fstat(stream.fileno())
            if stat.S_ISREG(status.st_mode) and status.st_size > LARGEST_FILE:
                raise reader.too_large()
            return stream.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        message = _("%(file)s cannot be read: %(reason)s.") % {"file": reader.name, "reason": reason}
        raise reader.refused("import-unreadable", message, None, hint=_("Check the path and the rights.")) from error


class _Reader:
    """Builds the value and its marks from parser events, on a stack of its own: no depth can exhaust Python's."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.stack: list[_Frame] = []
        self.nodes = 0
        self.closed = False

    def decode(self, data: bytes) -> str:
        """Decode UTF-8, with or without a byte order mark."""
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            start = data.rfind(b"\n", 0, error.start) + 1
            column = len(data[start : error.start].decode("utf-8", "replace")) + 1
            mark = Mark(data.count(b"\n", 0, error.start) + 1, column)
            message = _("The byte %(byte)s here is not UTF-8 text.") % {"byte": f"0x{data[error.start]:02x}"}
            hint = _("Save the file as UTF-8; if it was cut off, copy it again.")
            raise self.refused("import-encoding", message, mark, hint=hint) from error

    def check_text(self, text: str) -> None:
        """Refuse what has no place in any text of the format, before the parser sees it."""
        if found := CONTROL.search(text):
            raise self.control_character(found[0], _mark_at(text, found.start()))
        if found := _DIRECTIVE.search(text):
            message = _("A line that begins with “%” is a YAML directive, which the format does not have.")
            hint = _("Leave the line out.")
            raise self.refused("import-directive", message, _mark_at(text, found.start()), hint=hint)
        found = _DOCUMENT_END.search(text)
        if found and not _BLANK_OR_COMMENT.match(text, found.end()):
            raise self.several_documents(_mark_at(text, found.start()))
        if not found and _DOCUMENT_START.match(text):
            message = _("The file opens with “---” and does not close with “...”, so it is not whole.")
            hint = _("Copy the file again; when nothing is missing, add a line with “...” at its end.")
            raise self.refused("import-cut-off", message, _end_of(text), hint=hint)
        self.closed = found is not None

    def build(self, events: Iterator[Any], text: str) -> Located:
        """Build the document from the events of its text."""
        root: tuple[Any, Marks] | None = None
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                root = self.add_scalar(event) or root
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                # A document in brackets, as JSON is, cannot end before they are closed.
                self.closed = self.closed or bool(not self.stack and event.flow_style)
                self.open(event, {} if kind is yaml.MappingStartEvent else [])
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                root = self.close() or root
            elif kind is yaml.AliasEvent:
                raise self.no_alias(event, f"*{event.anchor}")
            elif kind is yaml.DocumentStartEvent and root is not None:
                raise self.several_documents(_mark_of(event))
        if root is None:
            message = _("%(file)s is empty.") % {"file": self.name}
            raise self.refused("import-empty", message, _end_of(text), hint=_("Check that it is the right file."))
        return Located(root[0], self.name, root[1], self.closed)

    def open(self, event: Any, value: Any) -> None:  # noqa: ANN401 - PyYAML's events have no types
        """Begin a mapping or a list."""
        self.check_node(event)
        mark = _mark_of(event)
        if len(self.stack) >= DEEPEST_NESTING:
            message = _("Lists and mappings are nested more than %(count)s deep.") % {"count": DEEPEST_NESTING}
            raise self.refused("import-too-deep", message, mark)
        if self.stack and self.stack[-1].wants_key:
            raise self.key_is_no_text(mark, _("The key here is a list or a mapping."))
        self.stack.append(_Frame(value, Container(mark)))

    def close(self) -> tuple[Any, Marks] | None:
        """End a mapping or a list; the outermost one is the document."""
        frame = self.stack.pop()
        return self.put(frame.value, frame.marks)

    def add_scalar(self, event: Any) -> tuple[Any, Marks] | None:  # noqa: ANN401 - PyYAML's events have no types
        """Take one scalar: a key, a value, or the whole document."""
        self.check_node(event)
        mark = _mark_of(event)
        value = event.value if event.style else self.resolve(event.value, mark)
        if type(value) is str:
            if found := CONTROL.search(value):
                raise self.control_character(found[0], mark)
            value = unicodedata.normalize("NFC", value)
        if self.stack and self.stack[-1].wants_key:
            self.add_key(value, event.value, mark)
            return None
        return self.put(value, mark)

    def add_key(self, key: Any, written: str, mark: Mark) -> None:  # noqa: ANN401 - any scalar may stand there
        """Take the key of the next value."""
        frame = self.stack[-1]
        if type(key) is not str:
            message = _("The key here is “%(key)s”, which is no text.") % {"key": quoted(written)}
            raise self.key_is_no_text(mark, message)
        first = frame.marks.keys.get(key)
        frame.key = key
        if first is not None:
            message = _("The key “%(key)s” stands here twice; it already stands on line %(line)s.")
            message %= {"key": quoted(key), "line": first.line}
            raise self.refused("import-duplicate-key", message, mark, other=first, hint=_("Leave one of the two out."))
        frame.marks.keys[key] = mark

    def put(self, value: Any, marks: Marks) -> tuple[Any, Marks] | None:  # noqa: ANN401 - the value is plain Python
        """Store a finished value where it belongs; give it back when it is the document."""
        if not self.stack:
            return value, marks
        frame = self.stack[-1]
        if isinstance(frame.value, dict):
            frame.value[frame.key] = value
            frame.marks.items[frame.key] = marks
            frame.key = None
        else:
            frame.marks.items[len(frame.value)] = marks
            frame.value.append(value)
        return None

    def resolve(self, written: str, mark: Mark) -> Any:  # noqa: ANN401 - null, truth value, number or text
        """Read a plain scalar."""
        if written in _WORDS:
            return _WORDS[written]
        if written[0] not in "+-.0123456789" or not _DECIMAL.fullmatch(written):
            return written
        if len(written) > LONGEST_NUMBER:
            message = _("A number of %(count)s characters is too long.") % {"count": len(written)}
            raise self.refused("import-number", message, mark, hint=_("If it is a text, put it in quotes."))
        if _INTEGER.fullmatch(written):
            return int(written)
        number = Decimal(written)
        if abs(number.adjusted()) > LARGEST_EXPONENT:
            message = _("The number %(number)s is out of range.") % {"number": written}
            raise self.refused("import-number", message, mark, hint=_("If it is a text, put it in quotes."))
        return number

    def check_node(self, event: Any) -> None:  # noqa: ANN401 - PyYAML's events have no types
        """Refuse anchors and tags, and count the nodes."""
        if event.anchor is not None:
            raise self.no_alias(event, f"&{event.anchor}")
        if event.tag is not None:
            message = _("The tag “%(tag)s” is not allowed; a value is what it looks like.")
            message %= {"tag": quoted(event.tag)}
            hint = _("Leave out the tag, the part with “!”.")
            raise self.refused("import-tag", message, _mark_of(event), hint=hint)
        self.nodes += 1
        if self.nodes > MOST_NODES:
            message = _("The file holds more than %(count)s keys and values.") % {"count": MOST_NODES}
            raise self.refused("import-too-many-nodes", message, _mark_of(event))

    def no_alias(self, event: Any, written: str) -> ImportRefused:  # noqa: ANN401 - PyYAML's events have no types
        """Refuse an anchor or alias: a few of them in each other can stand for gigabytes."""
        message = _("The anchor or alias “%(name)s” is not allowed.") % {"name": quoted(written)}
        hint = _("Write the value out in full; a text that begins with “&” or “*” goes in quotes.")
        return self.refused("import-alias", message, _mark_of(event), hint=hint)

    def control_character(self, character: str, mark: Mark) -> ImportRefused:
        """Refuse a character that no text of the format holds."""
        message = _("The control character %(character)s is not allowed.") % {"character": f"U+{ord(character):04X}"}
        return self.refused("import-control-character", message, mark)

    def key_is_no_text(self, mark: Mark, message: str) -> ImportRefused:
        """Refuse a key that is not a text."""
        return self.refused("import-key-type", message, mark, hint=_("Put the key in quotes."))

    def several_documents(self, mark: Mark) -> ImportRefused:
        """Refuse a second document."""
        message = _("A second YAML document begins here.")
        hint = _("Put each document in a file of its own.")
        return self.refused("import-several-documents", message, mark, hint=hint)

    def too_large(self) -> ImportRefused:
        """Refuse a file by its size."""
        message = _("%(file)s is larger than %(size)s MiB.") % {"file": self.name, "size": LARGEST_FILE // 1024**2}
        return self.refused("import-too-large", message, None, hint=_("Divide it into several files."))

    def refusal_of(self, error: yaml.MarkedYAMLError, text: str) -> ImportRefused:
        """Say in our words what the parser could not read."""
        at = error.problem_mark or error.context_mark
        if cut_off(at, text):
            # The parser counts one line more than there is, so the end is taken from the text.
            end = _end_of(text)
            begun = end.line if error.context_mark is None else min(error.context_mark.line + 1, end.line or 1)
            message = _("The file stops in the middle of something that begins on line %(line)s.") % {"line": begun}
            hint = _("The file looks cut off, or a quote or bracket is never closed.")
            return self.refused("import-cut-off", message, end, hint=hint)
        mark = None if at is None else Mark(at.line + 1, at.column + 1)
        message, hint = syntax_in_words(error.problem or "")
        return self.refused("import-syntax", message, mark, hint=hint)

    def refused(
        self, code: str, message: str, mark: Mark | None, *, hint: str | None = None, other: Mark | None = None
    ) -> ImportRefused:
        """Make the refusal at a mark, with the field that is being read there."""
        field = field_name(frame.step for frame in self.stack if frame.step is not None) or None
        place = (mark or Mark(None, None)).place(self.name, field)
        return ImportRefused([Problem(code, message, place, hint, other and other.place(self.name, field))])


class _Frame:
    """A mapping or list that is being read."""

    __slots__ = ("key", "marks", "value")

    def __init__(self, value: Any, marks: Container) -> None:  # noqa: ANN401 - a dict or a list
        self.value = value
        self.marks = marks
        self.key: str | None = None

    @property
    def wants_key(self) -> bool:
        """Tell whether the next node is a key."""
        return self.key is None and isinstance(self.value, dict)

    @property
    def step(self) -> str | int | None:
        """The key or index of what is being read inside."""
        return self.key if isinstance(self.value, dict) else len(self.value)


def _mark_of(event: Any) -> Mark:  # noqa: ANN401 - PyYAML's events have no types
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1)


def _end_of(text: str) -> Mark:
    return _mark_at(text, len(text.rstrip("\r\n")))


def _mark_at(text: str, offset: int) -> Mark:
    return Mark(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
