"""Which figures were chosen among several about one period."""

from collections.abc import Collection, Iterable

from pdca.store.driver import Row


def chosen(figures: Iterable[Row], choices: Collection[Row]) -> set[tuple[str, int]]:
    """Give the figures that hold by choice, by period and number: of each scope the one that was chosen last."""
    if not choices:
        return set()
    scopes = {(row["period"], row["number"]): row["scope"] for row in figures}
    last: dict[tuple[str, str | None], int] = {}
    for row in choices:
        figure = row["period"], row["number"]
        if figure in scopes:
            last[row["period"], scopes[figure]] = row["number"]
    return {(period, number) for (period, _scope), number in last.items()}


def reasons(figures: Iterable[Row], choices: Collection[Row]) -> dict[tuple[str, int], str | None]:
    """Give why each of the figures that hold by choice was chosen last, by period and number."""
    last = {(row["period"], row["number"]): row["reason"] for row in choices}
    return {figure: last[figure] for figure in chosen(figures, choices)}
