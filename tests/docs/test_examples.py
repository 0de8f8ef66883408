"""Every example on every page is run, and what it prints is what the page shows."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.docs import console

ROOT: Final = console.ROOT
DOCS: Final = ROOT / "docs"
PAGES: Final = sorted([ROOT / "README.md", *DOCS.rglob("*.md")])
ON_POSTGRES: Final = DOCS / "how-to" / "postgresql.md"


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def examples() -> Iterator[object]:
    for page in PAGES:
        if any(isinstance(step, console.Example) for step in console.steps(text(page))):
            marks = [pytest.mark.postgres] if page == ON_POSTGRES else []
            yield pytest.param(page, id=str(page.relative_to(ROOT)), marks=marks)


@pytest.mark.parametrize("page", list(examples()))
def test_every_example_prints_what_the_page_shows(page: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    replacing = {}
    if page == ON_POSTGRES:
        replacing["postgresql://ada@localhost/riverside"] = request.getfixturevalue("postgres_url")
    folder = tmp_path / "page"
    folder.mkdir()
    wrong = [
        f"line {example.line}: $ {example.command}\n{printed}"
        for example, printed in console.run(console.steps(text(page)), folder, replacing)
        if not console.fits(example, printed)
    ]
    assert not wrong, "\n".join(["what they print now:", *wrong])


def page_of(command: str, shown: str, loose: str = "") -> list[console.Step]:
    return console.steps(f"```console {loose}\n$ {command}\n{shown}\n```\n")


def fits(command: str, shown: str, folder: Path, loose: str = "") -> bool:
    folder.mkdir()
    ((example, printed),) = console.run(page_of(command, shown, loose), folder)
    return console.fits(example, printed)


@pytest.mark.parametrize(
    ("command", "shown", "loose"),
    [
        ("echo one; echo two >&2", "one\ntwo", ""),
        ("printf 'a\\nb\\nc\\n'", "a\n…", ""),
        ("printf 'a\\nb\\nc\\n'", "…\nc", ""),
        ("echo 'took 17 s'", "took … s", ""),
        ("echo 2026-01-01 at 2026-01-01T10:00:00Z", "2031-12-31 at 2031-12-31 09:00", "today"),
        ("echo '3 events, 12 messages'", "345 events, 819 messages", "about"),
        ("echo 'wide     columns'", "wide columns", ""),
        ("test -t 1 && echo terminal", "terminal", ""),
        ("true", "", ""),
    ],
)
def test_an_example_fits(command: str, shown: str, loose: str, tmp_path: Path) -> None:
    assert fits(command, shown, tmp_path / "page", loose)


@pytest.mark.parametrize(
    ("command", "shown", "loose"),
    [
        ("echo two", "one", ""),
        ("echo one; echo two", "one", ""),
        ("echo one", "one\ntwo", ""),
        ("echo one", "", ""),
        ("echo one two", "one …, two", ""),
        ("echo 2026-01-02", "2026-01-01", ""),
        ("echo '3 events'", "4 events", ""),
        ("echo P-002", "P-001", "about"),
    ],
)
def test_an_example_does_not_fit(command: str, shown: str, loose: str, tmp_path: Path) -> None:
    assert not fits(command, shown, tmp_path / "page", loose)


def test_a_page_is_one_shell_in_one_folder_with_its_files_and_statuses(tmp_path: Path) -> None:
    page = (
        "<!-- file: word.txt -->\n```text\nword\n```\n\n```console\n$ export NAME=x; false\n$ echo $? $NAME \\\n"
        ">   $(cat word.txt)\n1 x word\n```\n"
    )
    folder = tmp_path / "page"
    folder.mkdir()
    results = console.run(console.steps(page), folder)
    assert [example.command for example, _printed in results] == [
        "export NAME=x; false",
        "echo $? $NAME \\\n  $(cat word.txt)",
    ]
    assert all(console.fits(example, printed) for example, printed in results)


def test_the_settings_that_pages_let_their_readers_write_are_toml() -> None:
    files = [step for page in PAGES for step in console.steps(text(page)) if isinstance(step, console.File)]
    settings = [file for file in files if file.name.endswith(".toml")]
    assert settings
    assert all(tomllib.loads(file.text) for file in settings)
