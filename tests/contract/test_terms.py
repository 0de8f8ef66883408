"""How long values are kept: decided by kind, erased when the term is over, and proven afterwards."""

from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from pdca.erasure.erase import erase_past_term
from pdca.erasure.rules import DecideTerm
from pdca.people.substitution import Substitute
from scheduler.channels.file import FileChannel
from scheduler.deliver import run_once
from tests.contract.world import World

BASIS: Final = "Archiefdecreet, selectielijst 12."
WHY: Final = "Zo besliste het college."
SICK: Final = "Ziek sinds maandag."


def decide(world: World, kind: str, months: int | None = 12, **more: Any) -> None:  # noqa: ANN401 - any field
    world.by_administrator(DecideTerm(kind, months, None if months is None else BASIS, WHY, **more))


def apply(world: World, folder: Path = Path("nowhere"), *, dry_run: bool = False) -> dict[str, Any]:
    return dict(erase_past_term(world.house, folder, dry_run=dry_run).summary)


@pytest.fixture
def ended(world: World, tmp_path: Path) -> World:
    """A plan that was closed, with everything said that can be said on the way."""
    world.by("karel", Substitute("karel", "marc", date(2024, 1, 8), date(2024, 2, 8), SICK))
    world.take("start", "evaluate", "record", "conclude", "close")
    run_once(world.house, FileChannel(tmp_path / "outbox"))
    return world


def test_without_a_rule_nothing_is_erased(ended: World) -> None:
    ended.go_to(date(2090, 1, 1))
    before = ended.dump()
    assert apply(ended) == {"kinds": [], "values": 0, "files": []}
    assert ended.dump() == before


@pytest.mark.parametrize("kind", ["absences", "messages", "findings", "reasons", "descriptions"])
def test_a_kind_is_erased_when_its_term_is_over_and_not_before(ended: World, kind: str) -> None:
    decide(ended, kind, 12)
    ended.go_to(date(2024, 12, 1))
    assert apply(ended)["values"] == 0
    ended.go_to(date(2026, 1, 1))
    found = apply(ended)
    assert found["values"] > 0
    assert ended.verified().ok
    again = ended.dump()
    assert apply(ended)["values"] == 0
    assert ended.dump() == again
