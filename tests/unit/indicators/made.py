"""Series to read, made from a line of figures."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from pdca.indicators.series import Baseline, Break, Mark, Point, Series


def day(number: int) -> date:
    """Give the last day of the period at a position."""
    return date(2020, 1, 31) + timedelta(days=30 * number)


def series(
    figures: Sequence[str | int | None],
    *,
    baseline: int | None = None,
    breaks: Sequence[int] = (),
    marks: Sequence[tuple[int, str]] = (),
    lowest: str | None = None,
    highest: str | None = None,
    rebased: tuple[int, int] | None = None,
) -> Series:
    """Make a series, a figure every thirty days. A text with `~` is approximate, None is missing.

    `baseline` figures are locked; `rebased` gives the position of another baseline and how many figures it has.
    `breaks` and `marks` are at positions.
    """
    points = tuple(
        Point(
            f"p{at}",
            day(at),
            None if figure is None else Decimal(str(figure).lstrip("~")),
            "not counted" if figure is None else "",
            approximate=str(figure).startswith("~"),
        )
        for at, figure in enumerate(figures)
    )
    baselines = [] if baseline is None else [Baseline(until=day(baseline - 1))]
    if rebased:
        start, many = rebased
        baselines.append(Baseline(day(start), day(start + many - 1)))
    return Series(
        points,
        tuple(baselines),
        tuple(Break(day(at), "counted in another way") for at in breaks),
        tuple(Mark(day(at), label) for at, label in marks),
        None if lowest is None else Decimal(lowest),
        None if highest is None else Decimal(highest),
    )
