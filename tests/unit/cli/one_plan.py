"""A plan of the example zone: what is written out of it, and its events."""

from typing import Any

from tests.unit.cli.running import run

PLAN = "P-001"


def document(*arguments: str) -> Any:  # noqa: ANN401 - a document
    return run("export", "--plan", PLAN, "--format", "json", *arguments).json["plan"]


def events() -> list[dict[str, Any]]:
    return list(run("plan", "history", PLAN, "--json").json["events"])
