"""Writing plain data as YAML that people like to edit, and as JSON; both are read back exactly as they were.

Written by hand because no library writes what our reader reads: PyYAML's quotes every date and follows YAML 1.1, and
neither it nor `json` keeps a decimal as it was written.
"""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from textwrap import wrap
from typing import Any, Final

from pdca.exchange.yaml_reader import is_text

WIDTH: Final = 118
LONGEST_LINE: Final = 90

_PLAIN = re.compile(r"[^\W_](?:[\w .,;()/'&%+@=<>*!?\u2013-\u2026-]|:(?=[^\s?]))*")
_LAST_OF_FOUR_DIGITS = "\uffff"
_BREAKS_FLOW = frozenset(",[]{}")


def yaml_text(data: Mapping[str, Any], comment: str) -> str:
    """Write a mapping as one YAML document under a comment, with the marks by which one that is cut off is known."""
    lines = [*(f"# {line}".rstrip() for line in comment.splitlines()), "---"]
    for key, value in data.items():
        if isinstance(value, dict | list) and lines[-1] not in ("", "---"):
            lines.append("")
        lines += entry(_scalar(key), value, 0)
    return "\n".join(lines) + "\n...\n"


def json_text(data: object, indent: str = "") -> str:
    """Write data as JSON of one item a line, numbers as they are."""
    deeper = f"{indent}  "
    if isinstance(data, Mapping) and data:
        members = (f"{deeper}{_quoted(key)}: {json_text(data[key], deeper)}" for key in data)
        return "{\n" + ",\n".join(members) + f"\n{indent}}}"
    if isinstance(data, list | tuple) and data:
        return "[\n" + ",\n".join(f"{deeper}{json_text(item, deeper)}" for item in data) + f"\n{indent}]"
    if isinstance(data, Decimal):
        return str(data)
    return _quoted(data) if isinstance(data, str) else json.dumps(data, allow_nan=False)


def entry(head: str, value: object, indent: int) -> Iterator[str]:
    """Give the lines of a value under a key, as `yaml_text` writes them."""
    margin = " " * indent
    if isinstance(value, str):
        yield from _text(f"{margin}{head}:", value, indent + 2)
        return
    flow = _flow(value)
    if flow is not None and (_single(value) or indent + len(head) + len(flow) < WIDTH):
        yield f"{margin}{head}: {flow}"
        return
    yield f"{margin}{head}:"
    yield from _block(value, indent + 2)


def _single(value: object) -> bool:
    return not value or not isinstance(value, Mapping | list | tuple)


def _block(value: object, indent: int) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield from entry(_scalar(key), member, indent)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _item(item, indent)


def _item(item: object, indent: int) -> Iterator[str]:
    """Write an item of a list; a mapping or list begins on the line of its dash."""
    dash = f"{' ' * indent}-"
    if isinstance(item, str):
        yield from _text(dash, item, indent + 2)
        return
    flow = _flow(item)
    if flow is not None and (_single(item) or indent + len(flow) < WIDTH):
        yield f"{dash} {flow}"
        return
    first, *others = _block(item, indent + 2)
    yield f"{dash} {first.lstrip()}"
    yield from others


def _text(head: str, value: str, indent: int) -> Iterator[str]:
    """Write a text: on the line of its key, or below it when it is long or has several lines."""
    margin = " " * indent
    if "\n" in value and _can_be_literal(value):
        yield f"{head} |" if value.endswith("\n") else f"{head} |-"
        yield from (f"{margin}{line}" if line else "" for line in value.removesuffix("\n").split("\n"))
    elif len(value) > LONGEST_LINE and _can_be_folded(value):
        yield f"{head} >-"
        yield from (f"{margin}{line}" for line in _folded(value, WIDTH - indent))
    else:
        yield f"{head} {_scalar(value)}"


def _can_be_literal(value: str) -> bool:
    whole = value.replace("\n", "")
    return whole.isprintable() and not value.startswith((" ", "\n")) and not value.endswith("\n\n") and bool(whole)


def _can_be_folded(value: str) -> bool:
    return value.isprintable() and " " in value and "  " not in value and value.strip() == value


def _folded(value: str, width: int) -> list[str]:
    return wrap(value, max(width, 40), break_long_words=False, break_on_hyphens=False)


def _flow(value: object) -> str | None:
    """Write on one line what reads well on one: scalars, lists of them, short mappings without an id."""
    if isinstance(value, Mapping):
        return _flow_mapping(value)
    if isinstance(value, list | tuple):
        items = [_flow(item) for item in value]
        if None in items or any(isinstance(item, Mapping) for item in value):
            return None
        return f"[{', '.join(item for item in items if item is not None)}]"
    return _scalar(value, flow=True)


def _flow_mapping(value: Mapping[str, Any]) -> str | None:
    members = {key: _flow(member) for key, member in value.items()}
    if None in members.values() or "id" in members:
        return None
    written = ", ".join(f"{_scalar(key, flow=True)}: {member}" for key, member in members.items())
    return f"{{{written}}}" if len(written) < LONGEST_LINE else None


def _scalar(value: object, *, flow: bool = False) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    plain = _PLAIN.fullmatch(value) and not value.endswith(" ") and is_text(value)
    if plain and not (flow and not _BREAKS_FLOW.isdisjoint(value)):
        return value
    return _quoted(value)


def _quoted(text: str) -> str:
    """Quote a text as JSON and YAML both read it: what YAML would take for a line break is written out."""
    return "".join(
        one if one.isprintable() or one > _LAST_OF_FOUR_DIGITS else f"\\u{ord(one):04x}"
        for one in json.dumps(text, ensure_ascii=False)
    )
