"""What the pages list is what the program has, and every page is in its place."""

import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

from pdca.cli import method_words
from pdca.cli.event_words import KINDS, NOTICES
from pdca.cli.main import COMMANDS, EXIT_STATUSES
from pdca.notify.phrases import PHRASES
from pdca.settings import KNOWN, OTHER_VARIABLES
from tests.docs import codes, console, generate
from workflows.guards import GUARDS
from workflows.method import EFFECTS, PHASES

ROOT: Final = console.ROOT
DOCS: Final = ROOT / "docs"
PAGES: Final = sorted([ROOT / "README.md", *DOCS.rglob("*.md")])
FENCE: Final = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_what_is_made_from_the_program_is_up_to_date() -> None:
    stale = [str(page.relative_to(ROOT)) for page, wanted in generate.pages().items() if text(page) != wanted]
    assert not stale, "run `.venv/bin/python -m tests.docs.generate`"


def test_every_command_has_its_section() -> None:
    sections = re.findall(r"^## pdca (\S+)", text(DOCS / "reference" / "commands.md"), re.MULTILINE)
    assert set(sections) == set(COMMANDS)


def rows(page: Path) -> list[list[str]]:
    """Give the cells of every row of every table of a page."""
    lines = [line for line in text(page).splitlines() if line.startswith("|") and not line.startswith("|-")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def test_every_setting_is_described_with_its_variable_and_its_default() -> None:
    described = {
        row[0]: row[1:3] for row in rows(DOCS / "reference" / "configuration.md") if row[0].strip("`") in KNOWN
    }
    assert described == {
        f"`{setting.name}`": [f"`{setting.variable}`", "" if setting.default is None else f"`{setting.default}`"]
        for setting in KNOWN.values()
    }


def test_every_other_variable_is_described() -> None:
    page = text(DOCS / "reference" / "configuration.md")
    assert not {variable for variable in OTHER_VARIABLES if f"`{variable}`" not in page}


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", DOCS / "reference" / "exit-statuses.md"], ids=lambda page: page.name
)
def test_every_exit_status_means_on_the_page_what_the_help_says(page: str) -> None:
    pairs = [pair for row in rows(ROOT / page) for pair in (row[0:2], row[2:4]) if len(pair) > 1 and pair[0].isdigit()]
    assert sorted((int(status), words) for status, words in pairs) == sorted(EXIT_STATUSES)


def test_every_code_of_a_refused_file_is_named() -> None:
    named = text(DOCS / "import-format.md") + text(DOCS / "reference" / "errors.md")
    assert codes.import_codes()
    assert not {code for code in codes.import_codes() if f"`{code}`" not in named}


def test_the_format_of_the_log_names_every_kind_of_event_and_no_other() -> None:
    _before, _heading, rest = text(DOCS / "reference" / "log-format.md").partition("\n## Kinds\n")
    named = set(re.findall(r"`([a-z]+\.[a-z_]+)`", rest.partition("\n## ")[0]))
    assert named == codes.kinds_logged()


def test_every_kind_of_event_has_its_words() -> None:
    assert set(KINDS) == codes.kinds_logged()


def test_every_kind_of_message_has_its_words() -> None:
    assert set(NOTICES) == {kind.partition("/")[0] for kind in PHRASES}


def test_every_guard_has_its_words() -> None:
    assert set(method_words.GUARDS) == set(GUARDS)


def test_every_effect_and_phase_of_a_method_has_its_words() -> None:
    assert (set(method_words.EFFECTS), set(method_words.PHASES)) == (set(EFFECTS), set(PHASES))


def test_every_decision_is_listed() -> None:
    files = {path.name for path in (DOCS / "decisions").glob("[0-9]*.md")}
    assert set(re.findall(r"\]\(([0-9][^)]+)\)", text(DOCS / "decisions" / "README.md"))) == files


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        links = re.findall(r"\]\((?!https?://)([^)#\s]+\.md)", text(page))
        waiting += [(page.parent / link).resolve() for link in links]
    assert not set(PAGES) - reached


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_table_has_as_many_cells_in_every_row(page: Path) -> None:
    tables = re.findall(r"(?:^\|.*\n)+", FENCE.sub("", text(page)), re.MULTILINE)
    ragged = [
        table.splitlines()[0]
        for table in tables
        if len({len(re.split(r"(?<!\\)\|", line)) for line in table.splitlines()}) > 1
    ]
    assert not ragged


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_verb_of_dev_that_a_page_names_is_there(page: Path) -> None:
    usage = subprocess.run([ROOT / "dev", "help"], check=True, capture_output=True, text=True).stdout
    named = set(re.findall(r"\./dev ([a-z]+)", text(page)))
    assert not {verb for verb in named if not re.search(rf"^  {verb}\b", usage, re.MULTILINE)}
