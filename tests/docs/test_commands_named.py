"""Every command that the program names, in a need, a message, a hint or an agenda, is one that it has."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
import pytest

from tests.docs.command_lines import resolved

ROOT: Final = Path(__file__).parents[2]
FLOORS: Final = ("workflows", "pdca", "scheduler")
QUOTED: Final = re.compile(r"`pdca ([^`]*)`")


def texts(tree: ast.AST) -> Iterator[str]:
    """Every text of a module; what is filled into one stands in it as a word in capitals."""
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "WORD" for part in node.values)  # type: ignore[misc]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.value


def named() -> set[str]:
    """Every command line that stands in the program, without the word `pdca`."""
    found: set[str] = set()
    for file in (file for floor in FLOORS for file in (ROOT / floor).rglob("*.py")):
        for text in texts(ast.parse(file.read_text(encoding="utf-8"))):
            if text.startswith("pdca ") and "\n" not in text:
                found.add(text.removeprefix("pdca "))
            found |= set(QUOTED.findall(text))
    return found


def of_needs() -> set[str]:
    """The command lines of needs: they stand alone, and are filled in by the name of what is to be mended."""
    files = (file for floor in FLOORS for file in (ROOT / floor).rglob("*.py"))
    found = (text for file in files for text in texts(ast.parse(file.read_text(encoding="utf-8"))))
    return {text.removeprefix("pdca ") for text in found if text.startswith("pdca ") and "%(" in text}


def test_the_program_names_many_commands() -> None:
    assert len(named()) > 50


@pytest.mark.parametrize("line", sorted(named()))
def test_a_command_that_is_named_exists_with_its_options(line: str) -> None:
    if line.split(maxsplit=1)[0].startswith("-") or line.isupper():
        return
    command, words, names = resolved(line)
    known = {option for param in command.params for option in (*param.opts, *param.secondary_opts)}
    given = [word.partition("=")[0] for word in words if word.startswith("-") and word != "-"]
    assert set(given) <= known, f"pdca {' '.join(names)} does not know {sorted(set(given) - known)}"


@pytest.mark.parametrize("line", sorted(of_needs()))
def test_a_command_that_mends_a_need_names_every_option_that_it_cannot_do_without(line: str) -> None:
    command, words, names = resolved(line)
    needed = {param.opts[0] for param in command.params if isinstance(param, click.Option) and param.required}
    assert needed <= set(words), f"pdca {' '.join(names)} lacks {sorted(needed - set(words))}"
