"""Sparklines and charts, as they stand in a terminal."""

import pytest

from pdca.indicators.chart import chart
from pdca.indicators.layout import ASCII, UNICODE, Glyphs, glyphs
from pdca.indicators.reading import read
from pdca.indicators.series import Series
from pdca.indicators.sparkline import sparkline
from tests.unit.indicators.made import series

STEADY = [10, 12] * 6


def drawn(of: Series, width: int, how: Glyphs = UNICODE) -> str:
    lines = chart(of, read(of), width, how)
    assert all(len(line) <= width for line in lines), lines
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", UNICODE), ("UTF-8", UNICODE), ("ascii", ASCII), ("latin-1", ASCII), ("cp1252", ASCII), ("none", ASCII)],
)
def test_a_terminal_that_cannot_show_blocks_gets_letters_and_signs(encoding: str, expected: Glyphs) -> None:
    assert glyphs(encoding) is expected


def test_a_sparkline_goes_from_the_lowest_block_to_the_highest() -> None:
    assert sparkline(series(list(range(1, 9))), 20, UNICODE).line == "▁▂▃▄▅▆▇█"
    assert sparkline(series(list(range(1, 9))), 20, ASCII).line == "_.:-=+*#"


def test_figures_that_are_all_the_same_are_in_the_middle() -> None:
    assert sparkline(series([3, 3, 3]), 20, UNICODE).line == "▄▄▄"


def test_what_is_missing_is_a_gap_and_not_the_lowest_block() -> None:
    assert sparkline(series([5, None, 0, 7]), 20, UNICODE).line == "▆·▁█"
    assert sparkline(series([None, None]), 20, ASCII).line == "??"


def test_a_break_and_another_baseline_stand_between_figures() -> None:
    line = sparkline(series([1, 2, 1, 2, 1, 2], baseline=1, breaks=[2], rebased=(4, 1)), 20, UNICODE).line
    assert line == "▁█┆▁█│▁█"


def test_steps_of_the_plan_are_marked_under_their_period() -> None:
    found = sparkline(series([1, 2, 3, 4], marks=[(0, "start"), (2, "evaluation"), (2, "replan")]), 20, UNICODE)
    assert (found.line, found.marks) == ("▁▃▆█", "1 2")


def test_marks_move_with_a_break() -> None:
    found = sparkline(series([1, 2, 3, 4], breaks=[2], marks=[(2, "evaluation")]), 20, UNICODE)
    assert (found.line, found.marks) == ("▁▃┆▆█", "   1")


@pytest.mark.parametrize("width", [20, 40, 80])
def test_a_long_series_keeps_its_end_and_shows_that_it_began_earlier(width: int) -> None:
    found = sparkline(series([*range(1, 200), 0], marks=[(at, "step") for at in range(0, 200, 3)]), width, UNICODE)
    assert len(found.line) == width
    assert found.line[0] == "…"
    assert found.line[-2:] == "█▁"
    assert len(found.marks) <= width


def test_more_marks_than_there_are_characters_for_end_in_pluses() -> None:
    found = sparkline(series(list(range(60)), marks=[(at, "step") for at in range(60)]), 80, UNICODE)
    assert found.marks == "123456789abcdefghijklmnopqrstuvwxyz" + "+" * 25


def test_an_empty_series_draws_nothing() -> None:
    empty = series([])
    assert sparkline(empty, 20, UNICODE).line == ""
    assert chart(empty, read(empty), 40, UNICODE) == []
    assert chart(series([None]), read(series([None])), 40, UNICODE) == []


def test_a_chart_shows_figures_mean_limits_and_marks_in_40_columns() -> None:
    figures = [*STEADY, 9, 11, None, 8, 3]
    of = series(figures, baseline=12, marks=[(12, "start: Plan → Do"), (16, "evaluation E-001")], lowest="0")
    assert drawn(of, 40) == CHART


CHART = """\
16.3┤╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌
    ┤
    ┤
  11┤──○───○───○───○───○───○───●───────
    ┤○   ○   ○   ○   ○   ○   ●
    ┤                              ●
 5.7┤╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌
    ┤
   3┤                                ◆
                             1       2
     p0                             p16
─ mean  ╌ limit  ○ baseline  ● figure
◆ signal
1 2021-01-25 start: Plan → Do
2 2021-05-25 evaluation E-001"""


def test_a_chart_without_limits_has_a_median() -> None:
    found = drawn(series([3, 4, 5, None, 6]), 40)
    assert "─ median" in found
    assert "╌" not in found


def test_a_chart_in_letters_and_signs_holds_nothing_else() -> None:
    of = series([*STEADY, 30, *STEADY], baseline=12, breaks=[13], marks=[(3, "start")])
    assert drawn(of, 40, ASCII).isascii()
    assert "| break in the series" in drawn(of, 40, ASCII)


def test_earlier_baselines_stay_in_the_chart() -> None:
    of = series([*STEADY, *[30, 32] * 6, 31], baseline=12, rebased=(12, 12))
    rows = [line.partition("┤")[2] for line in drawn(of, 40).splitlines() if "┤" in line]
    assert sum("─" in row[:12] for row in rows) == 1
    assert sum("─" in row[13:] for row in rows) == 1
    assert all(row[12] == "│" for row in rows)


@pytest.mark.parametrize("width", [24, 40, 80])
@pytest.mark.parametrize("many", [1, 2, 13, 60, 300])
def test_a_chart_never_is_wider_than_asked(width: int, many: int) -> None:
    figures = [f"{123456 + at % 7}.{at % 100:02d}" for at in range(many)]
    label = "an evaluation with a name that goes on and on and on, and then on for a while more"
    assert drawn(
        series(figures, baseline=12, breaks=[many // 2], marks=[(at, label) for at in range(0, many, 9)]), width
    )


def test_long_names_of_periods_take_lines_of_their_own() -> None:
    of = series([1, 2])
    points = tuple(
        type(point)(f"2023-06-1{at}/2023-09-15 and some days", point.ends, point.value)
        for at, point in enumerate(of.points)
    )
    assert "2023-06-10/2023-09-15" in drawn(Series(points), 30)
