"""Where a file is taken in."""

from pathlib import Path

import pytest

from pdca.house import House
from tests.unit.exchange import zone


@pytest.fixture
def house(tmp_path: Path) -> House:
    """An installation without anything in it; test files about one that has a zone say so themselves."""
    return zone.empty(f"sqlite:///{tmp_path / 'zone.db'}")
