"""What the tests of the oddities type, and what they read back."""

from collections.abc import Iterator
from typing import Any, Final

from tests.unit.cli.running import run

NOW: Final = "2024-11-02T09:00:00+01:00"
DAY_BEFORE: Final = "2024-11-01"
DAY_AFTER: Final = "2024-11-03T09:00:00+01:00"
CHIEF: Final = ("--as", "adelheid")


def done(*arguments: str) -> Any:  # noqa: ANN401 - what the command says
    """Run a command that must succeed; gives its JSON."""
    ran = run(*arguments, "--json")
    assert ran.status == 0, ran.err
    return ran.json


def keys(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Every key in a JSON value, at any depth."""
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from keys(one)


def add(name: str, unit: str, kind: str = "objective") -> None:
    done("indicator", "add", name, "--title", f"nl={name}", "--unit", unit, "--kind", kind)


def record(period: str, value: str, *more: str, of: str = "x") -> dict[str, Any]:
    ran = run("indicator", "record", of, period, value, *more, "--json")
    assert ran.status == 0, ran.err
    view: dict[str, Any] = ran.json
    return view


def aim(*said: str, of: str = "x") -> dict[str, Any]:
    ran = run("indicator", "target", of, *said, "--json")
    assert ran.status == 0, ran.err
    view: dict[str, Any] = ran.json
    return view


def view(*options: str, of: str = "x") -> dict[str, Any]:
    shown: dict[str, Any] = run("indicator", "show", of, "--json", *options).json
    return shown


def judged(of: str = "x") -> list[str]:
    return [one["judgement"] for one in view(of=of)["targets"]]


SINGLE: Final = {"colour", "color", "light", "traffic_light", "rag", "health", "score", "overall", "rank", "ranking"}
"""How a view would call one judgement over everything, or a place among others."""
