"""The methods of which the random documents are."""

from collections.abc import Iterator

import pytest

from tests.property.exchange_documents import METHODS
from workflows import shelves


@pytest.fixture(scope="module")
def methods(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Put them on the shelf, and what was there back afterwards."""
    before = shelves.folders()
    folder = tmp_path_factory.mktemp("methods")
    for name, text in METHODS.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    shelves.look_in(folder)
    yield
    shelves.look_in(*before)
