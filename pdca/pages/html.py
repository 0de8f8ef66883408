"""A page as one HTML file that needs nothing else: its styles and drawings are in it, and no script."""

import base64
import hashlib
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pdca.i18n import _
from pdca.pages.blocks import Page

if TYPE_CHECKING:
    from jinja2 import Environment

_FOLDER: Final = Path(__file__).with_name("templates")


def html(page: Page) -> str:
    """Write a page out. Its policy lets nothing be loaded, and no style apply but its own."""
    from markupsafe import Markup

    from pdca.pages import inline

    style = styles("page.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    texts = {"skip": _("To the content"), "this_site": _("This site")}
    parts = {
        "words": partial(inline.words, language=page.language),
        "cell": partial(inline.cell, language=page.language),
        "rows": partial(inline.rows, language=page.language),
        "card": partial(inline.card, language=page.language),
        "look": inline.look,
    }
    return from_template("page.html", page=page, style=Markup(style), style_hash=digest, **parts, **texts)  # noqa: S704 - it is our own


def styles(name: str) -> str:
    """Give one of our own files of styles."""
    return (_FOLDER / name).read_text(encoding="utf-8")


def from_template(template: str, **values: object) -> str:
    """Fill a template of ours; what is filled in is escaped. Texts come from outside, where they are translated."""
    return _environment().get_template(template).render(**values)


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
