"""Drawing in SVG: elements with their attributes, every text escaped."""

from collections.abc import Iterable

from markupsafe import Markup, escape

INK = "#1b1f24"
QUIET = "#6b7680"
ACCENT = "#14507a"
TARGET = "#0b5f35"
SIGNAL = "#a3271c"

SMALL = 12
"""The size of letters in a drawing, in units that are pixels where it is shown as wide as it was drawn."""
_LETTER = 7.2
_ARROW = 11
"""So wide are a letter and an arrow of that size in the widest of usual fonts, on average."""


def element(name: str, /, *inner: str, **attributes: object) -> Markup:
    """Make one element; what is not drawn already stands in it as text.

    An underscore in the name of an attribute stands for a hyphen; one that is None is left out.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    # `Markup.format` would escape the same in ten times the time, and a page with a chart has hundreds of these.
    return Markup(f"<{name}{given}>{''.join(map(escape, inner))}</{name}>")  # noqa: S704 - all that is told is escaped


def drawing(name: str, title: str, description: str, width: int, height: float, parts: Iterable[Markup]) -> Markup:
    """Make a drawing that a screen reader tells by its title and its description; `name` is its id on the page."""
    return element(
        "svg",
        element("title", title, id=f"{name}-t"),
        element("desc", description, id=f"{name}-d"),
        *parts,
        viewBox=f"0 0 {width} {_number(height)}",
        role="img",
        aria_labelledby=f"{name}-t {name}-d",
        font_size=SMALL,
    )


def line(x1: float, y1: float, x2: float, y2: float, stroke: str = QUIET, **more: object) -> Markup:
    """Draw a straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, **more)


def label(x: float, y: float, text: str, *, backed: float | None = None, **more: object) -> Markup:
    """Write a text, its baseline at `y`; `backed` is half the width on which it hides what is under it."""
    written = element("text", text, x=x, y=y, **more)
    if backed is None:
        return written
    back = element("rect", x=x - backed, y=y - SMALL + 1, width=backed * 2, height=SMALL + 3, fill="#fff")
    return back + written


def path(data: str, **more: object) -> Markup:
    """Draw a path."""
    return element("path", d=data, **more)


def diamond(x: float, y: float, size: float, **more: object) -> Markup:
    """Draw a diamond around a point."""
    s = [_number(value) for value in (x, y - size, x + size, y, x, y + size, x - size, y)]
    return path(f"M{s[0]} {s[1]}L{s[2]} {s[3]}L{s[4]} {s[5]}L{s[6]} {s[7]}Z", **more)


def width_of(text: str) -> float:
    """Give about how wide a text is."""
    arrows = text.count("→")
    return (len(text) - arrows) * _LETTER + arrows * _ARROW


def shortened(text: str, room: float) -> str:
    """Give a text as far as there is room for it; a page has the whole of it in a table."""
    most = max(int(room / _LETTER), 2)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _number(value: object) -> object:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else value
