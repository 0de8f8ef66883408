"""A page as one HTML file that needs nothing else: its styles and drawings are in it, and no script."""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pdca.i18n import _
from pdca.pages.blocks import Page
from pdca.words import with_name

if TYPE_CHECKING:
    from jinja2 import Environment

_FOLDER: Final = Path(__file__).with_name("templates")


def html(page: Page) -> str:
    """Write a page out. Its policy lets nothing be loaded, and no style apply but its own."""
    from markupsafe import Markup

    style = (_FOLDER / "page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        _environment()
        .get_template("page.html")
        .render(
            page=page,
            style=Markup(style),  # noqa: S704 - it is our own file
            style_hash=digest,
            named=lambda heading: with_name(heading, ""),
            _=_,
        )
    )


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
