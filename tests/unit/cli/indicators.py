"""`pdca indicator` as the tests run it."""

from typing import Any

from tests.unit.cli.running import Ran, run


def shown(indicator: str, *options: str) -> dict[str, Any]:
    view: dict[str, Any] = run("indicator", "show", indicator, "--json", *options).json
    return view


def done(*arguments: str) -> Ran:
    ran = run("indicator", *arguments)
    assert ran.status == 0, ran.err
    return ran


def failed(*arguments: str) -> tuple[int, str]:
    ran = run("indicator", *arguments, "--json")
    return ran.status, ran.error["code"]
