"""The commands that inform others, in the installation where every plan still waits."""

from typing import Any

from tests.unit.cli.running import Ran, run


def information(*arguments: str) -> Ran:
    return run("information", *arguments)


def events() -> list[dict[str, Any]]:
    return list(run("plan", "history", "P-004", "--json").json["events"])


def done(*arguments: str) -> Any:  # noqa: ANN401 - any JSON object
    ran = information(*arguments, "--json")
    assert ran.status == 0, ran.err
    return ran.json
