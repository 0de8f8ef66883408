"""The lifecycle of one plan as a drawing: its states one under the other, and at their sides the steps it took.

Steps onward run down at the right, steps back up at the left; a number on each is told beneath, with how often it was
taken and after how long. Nothing depends on colour: the state in which the plan stands has a thick frame and says so,
one in which it never was a broken one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from pdca.pages.svg import INK, QUIET, element, label, line, path, shortened, width_of

FONT: Final = "'DejaVu Sans', Verdana, Arial, sans-serif"
MARGIN: Final = 24
NARROWEST_BOX: Final = 260
BOX_HEIGHT: Final = 48
GAP: Final = 30
LANE: Final = 34
ROUND: Final = 8
HEAD: Final = 7
BADGE: Final = 10
ROW: Final = 22
TITLE: Final = 16
LETTERS: Final = 13
NARROWEST: Final = 640


@dataclass(frozen=True, slots=True)
class StateBox:
    """A state: its words in two lines, whether the plan ever stood in it, and whether it does now."""

    name: str
    words: str
    told: str
    visited: bool
    present: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A step that was taken, from one state to another, told in words."""

    source: str
    target: str
    told: str


@dataclass(frozen=True, slots=True)
class _Arrow:
    """Steps between the same two states: their numbers, and the rows of their ends."""

    numbers: str
    first: int
    last: int
    lane: int

    @property
    def down(self) -> bool:
        return self.last > self.first


def lifecycle_svg(title: str, told: str, boxes: Sequence[StateBox], steps: Sequence[Step]) -> str:
    """Draw a lifecycle as a file that needs nothing else; `told` says all of it in words, for who does not see it."""
    arrows = _arrows(boxes, steps)
    left = MARGIN + LANE * (1 + max((arrow.lane for arrow in arrows if not arrow.down), default=-1))
    right = LANE * (1 + max((arrow.lane for arrow in arrows if arrow.down), default=-1)) + MARGIN
    rows = [f"{number}  {step.told}" for number, step in enumerate(steps, 1)]
    wide = max(NARROWEST_BOX, *(int(width_of(words)) + MARGIN for box in boxes for words in (box.words, box.told)))
    width = max(left + wide + right, NARROWEST, *(int(width_of(row)) + 2 * MARGIN + 12 for row in rows))
    left += (width - left - wide - right) // 2
    top = MARGIN + TITLE + GAP
    below = top + len(boxes) * (BOX_HEIGHT + GAP)
    height = below + len(rows) * ROW + MARGIN
    parts = [
        element("rect", width=width, height=height, fill="#fff"),
        label(
            MARGIN, MARGIN + TITLE, shortened(title, (width - 2 * MARGIN) * 0.8), font_size=TITLE, font_weight="bold"
        ),
        *(_box(box, left, top + place * (BOX_HEIGHT + GAP), wide) for place, box in enumerate(boxes)),
        *(part for arrow in arrows for part in _arrow(arrow, arrows, (left, left + wide), top)),
        *_told(rows, below),
    ]
    drawn = element(
        "svg",
        element("title", title, id="t"),
        element("desc", told, id="d"),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        role="img",
        aria_labelledby="t d",
        font_family=FONT,
        font_size=LETTERS,
        fill=INK,
    )
    return f"{drawn}\n"


def _arrows(boxes: Sequence[StateBox], steps: Sequence[Step]) -> list[_Arrow]:
    """Give the arrows, short ones nearest to the states; those that would lie over each other have own lanes."""
    rows = {box.name: row for row, box in enumerate(boxes)}
    numbers: dict[tuple[int, int], list[int]] = {}
    for number, step in enumerate(steps, 1):
        numbers.setdefault((rows[step.source], rows[step.target]), []).append(number)
    taken: dict[bool, list[list[tuple[int, int]]]] = {True: [], False: []}
    found = []
    for first, last in sorted(numbers, key=lambda ends: (abs(ends[1] - ends[0]), ends)):
        lanes, span = taken[last > first], (min(first, last), max(first, last))
        free = (lane for lane, spans in enumerate(lanes) if all(span[1] <= s[0] or s[1] <= span[0] for s in spans))
        lane = next(free, len(lanes))
        if lane == len(lanes):
            lanes.append([])
        lanes[lane].append(span)
        found.append(_Arrow(", ".join(map(str, numbers[first, last])), first, last, lane))
    return found


def _box(box: StateBox, x: float, y: float, wide: float) -> Markup:
    frame = element(
        "rect",
        x=x,
        y=y,
        width=wide,
        height=BOX_HEIGHT,
        rx=ROUND,
        fill="#fff",
        stroke=INK if box.visited else QUIET,
        stroke_width=3.5 if box.present else 1.2,
        stroke_dasharray=None if box.visited else "5 4",
    )
    middle = x + wide / 2
    words = label(middle, y + 20, box.words, text_anchor="middle", font_weight="bold")
    return frame + words + label(middle, y + 38, box.told, text_anchor="middle")


def _arrow(arrow: _Arrow, arrows: Sequence[_Arrow], sides: tuple[float, float], top: float) -> Iterator[Markup]:
    """Draw an arrow from the side of one box to that of another, in its lane, its numbers in the middle."""
    side, way = (sides[1], 1) if arrow.down else (sides[0], -1)
    x = side + way * LANE * (arrow.lane + 0.75)
    y1, y2 = (top + row * (BOX_HEIGHT + GAP) + _port(arrow, row, arrows) for row in (arrow.first, arrow.last))
    turn = ROUND if arrow.down else -ROUND
    yield path(
        f"M{side} {y1:.1f}H{x - way * ROUND:.1f}Q{x:.1f} {y1:.1f} {x:.1f} {y1 + turn:.1f}V{y2 - turn:.1f}"
        f"Q{x:.1f} {y2:.1f} {x - way * ROUND:.1f} {y2:.1f}H{side + way * HEAD}",
        fill="none",
        stroke=INK,
        stroke_width=1.4,
    )
    yield path(f"M{side} {y2:.1f}l{way * HEAD * 1.4:.1f} -5v10Z", fill=INK)
    middle, half = (y1 + y2) / 2, max(BADGE, width_of(arrow.numbers) / 2 + 4)
    yield element(
        "rect", x=x - half, y=middle - BADGE, width=half * 2, height=BADGE * 2, rx=BADGE, fill="#fff", stroke=INK
    )
    yield label(x, middle + 4.5, arrow.numbers, text_anchor="middle", font_weight="bold")


def _port(arrow: _Arrow, row: int, arrows: Sequence[_Arrow]) -> float:
    """Give where on the side of a box an arrow is tied: ends that go up above those that go down, none on another."""
    here = [
        (_other(one, row) > row, (-1 if _other(one, row) > row else 1) * abs(_other(one, row) - row), one.lane, one)
        for one in arrows
        if one.down == arrow.down and row in (one.first, one.last)
    ]
    order = [one for *_key, one in sorted(here, key=lambda entry: entry[:3])]
    return BOX_HEIGHT * (order.index(arrow) + 1) / (len(order) + 1)


def _other(arrow: _Arrow, row: int) -> int:
    return arrow.last if arrow.first == row else arrow.first


def _told(rows: Sequence[str], y: float) -> Iterator[Markup]:
    for place, row in enumerate(rows):
        number, _space, words = row.partition("  ")
        at = y + (place + 0.5) * ROW
        if place == 0:
            yield line(MARGIN, y - ROW / 2, MARGIN + 80, y - ROW / 2)
        yield label(MARGIN + 20, at, number, text_anchor="end", font_weight="bold")
        yield label(MARGIN + 30, at, words)
