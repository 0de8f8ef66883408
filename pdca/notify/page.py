"""The message as a page of HTML, beside its plain text: nothing is loaded from elsewhere, and nothing leads elsewhere.

Every text is escaped. Colours are written on each element for programs that know nothing else; those that show dark
pages find a second set.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from pdca.notify.letter import CHECKPOINT, COMMAND, FOOT, HEADING, NOTE, PRESSING, QUOTE, REMARK, WHY, Part, Text
from pdca.notify.lines import one_line


@dataclass(frozen=True, slots=True)
class Colours:
    """Of the page, of what stands apart on it, of text and of small text, and of what marks and frames."""

    page: str
    apart: str
    text: str
    small: str
    mark: str


LIGHT: Final = Colours(page="#ffffff", apart="#f3f5f8", text="#1d2330", small="#4f5a6b", mark="#1f4e8c")
DARK: Final = Colours(page="#14181f", apart="#212833", text="#edf0f5", small="#b3bdcc", mark="#8fb8f0")

_SANS: Final = "font-family:'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
_MONO: Final = "font-family:Consolas,Menlo,'DejaVu Sans Mono','Liberation Mono',monospace"
_APART: Final = f"margin:0 0 16px;padding:10px 14px;background-color:{LIGHT.apart};color:{LIGHT.text}"
_SMALL: Final = f"font-size:13px;line-height:1.5;color:{LIGHT.small}"

_TAGS: Final[Mapping[str, tuple[str, str, str]]] = {
    NOTE: ("p", "apart", f"{_APART};font-weight:bold;border-left:4px solid {LIGHT.mark}"),
    HEADING: ("h2", "text", f"margin:24px 0 8px;font-size:17px;line-height:1.35;color:{LIGHT.text}"),
    QUOTE: ("blockquote", "apart", f"{_APART};border-left:4px solid {LIGHT.mark};white-space:pre-line"),
    COMMAND: ("pre", "apart", f"{_APART};{_MONO};font-size:14px;white-space:pre-wrap;overflow-wrap:anywhere"),
    PRESSING: ("p", "text", f"margin:0 0 16px;font-weight:bold;color:{LIGHT.text}"),
    WHY: ("p", "small", f"margin:24px 0 8px;padding-top:12px;border-top:1px solid {LIGHT.small};{_SMALL}"),
    FOOT: ("p", "small", f"margin:0 0 8px;{_SMALL}"),
    REMARK: ("p", "small", f"margin:0 0 8px;{_SMALL}"),
    CHECKPOINT: (
        "pre",
        "small",
        f"margin:0;{_MONO};font-size:11px;line-height:1.4;color:{LIGHT.small};white-space:pre-wrap;overflow-wrap:anywhere",
    ),
}
_ID: Final = re.compile(r"\b[A-Z]-[0-9]+\b")
_UNBROKEN: Final = r'<span style="white-space:nowrap">\g<0></span>'
_PARAGRAPH: Final = ("p", "text", f"margin:0 0 16px;color:{LIGHT.text}")

_DARK: Final = (
    "@media (prefers-color-scheme:dark){"
    f".page{{background-color:{DARK.page}!important;color:{DARK.text}!important}}"
    f".apart{{background-color:{DARK.apart}!important;color:{DARK.text}!important;"
    f"border-color:{DARK.mark}!important}}"
    f".text{{color:{DARK.text}!important}}"
    f".small{{color:{DARK.small}!important;border-color:{DARK.small}!important}}"
    f".mark{{color:{DARK.mark}!important}}"
    "}"
)
_PAGE: Final = f"""\
<!DOCTYPE html>
<html lang="%(language)s">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>%(title)s</title>
<style>{_DARK}</style>
</head>
<body class="page" style="margin:0;padding:24px 16px;background-color:{LIGHT.page};color:{LIGHT.text}">
<div lang="%(language)s" style="max-width:640px;margin:0 auto;{_SANS};font-size:16px;line-height:1.5">
<p class="mark" style="margin:0 0 4px;font-size:14px;font-weight:bold;color:{LIGHT.mark}">%(organisation)s</p>
<h1 class="text" style="margin:0 0 20px;font-size:20px;line-height:1.3;color:{LIGHT.text}">%(subject)s</h1>
%(parts)s
</div>
</body>
</html>
"""


def as_html(text: Text) -> str:
    """Write the page of a message."""
    return _PAGE % {
        "language": escape(text.language),
        "title": escape(text.subject),
        "subject": _ID.sub(_UNBROKEN, escape(text.subject)),
        "organisation": escape(text.organisation),
        "parts": "\n".join(_element(part) for part in text.parts if part.text),
    }


def _element(part: Part) -> str:
    tag, colour, style = _TAGS.get(part.kind, _PARAGRAPH)
    return f'<{tag} class="{colour}" style="{style}">{_ID.sub(_UNBROKEN, escape(_said(part)))}</{tag}>'


def _said(part: Part) -> str:
    if part.kind == QUOTE:
        return "\n".join(one_line(line) for line in part.text.strip().splitlines())
    return part.text.rstrip("\n")
