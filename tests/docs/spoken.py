"""Which texts of the source reach a reader without having been marked for translation, read from its syntax."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from tests.docs.codes import ROOT, STATUS

ROOMS: Final = ("exchange", "report", "cli", "programme", "partners", "people", "plans")
"""The folders of `pdca` in which no text may be unmarked."""

_MARKS: Final = frozenset({"_", "N_", "gettext", "ngettext"})
_SPEAKING: Final = frozenset(
    {
        *STATUS,
        *("ImportRefused", "EditRefused", "Problem", "Fault", "Unfit", "ScheduleError", "Need", "Check"),
        *("refusal", "refused", "refuse", "note", "key_is_no_text", "_no_workbook", "check_matching", "_fixed"),
        *("did_you_mean", "references", "twice"),
    }
)
"""What is called with a message or a hint: the classes of errors and problems, and what makes or collects them."""

_WORDS: Final = re.compile(r"[^\W\d_]{2,}[,;:]? +[^\s]|[^\s] +[^\W\d_]{2,}")
_SENTENCE: Final = re.compile(r"[“…]?[A-Z…].* .*[.?]", re.DOTALL)
_COMMAND: Final = "pdca "
"""How a command line begins: it is written the same in every language."""


def unmarked() -> list[str]:
    """Give every unmarked text with its place: a sentence anywhere, and words that are given to what speaks."""
    found = {}
    for path, tree in _trees():
        spoken = [text for scope in _scopes(tree) for text in _given_in(scope)]
        for node in [*_texts(tree, _SENTENCE), *spoken]:
            found[path, node.lineno, node.col_offset] = f"{path.relative_to(ROOT)}:{node.lineno}: {_written(node)}"
    return [found[place] for place in sorted(found)]


def hidden() -> list[str]:
    """Give the places where a text is marked inside a formatted one: what collects the texts does not look there."""
    return [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted(ROOT.glob("pdca/**/*.py"))
        for formatted in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(formatted, ast.JoinedStr)
        for call in ast.walk(formatted)
        if isinstance(call, ast.Call) and _name(call.func) in _MARKS and isinstance(call.args[0], ast.Constant)
    ]


@cache
def _trees() -> tuple[tuple[Path, ast.Module], ...]:
    paths = [path for room in ROOMS for path in sorted((ROOT / "pdca" / room).rglob("*.py"))]
    return tuple((path, ast.parse(path.read_text(encoding="utf-8"))) for path in paths)


def _scopes(tree: ast.Module) -> Iterator[ast.AST]:
    yield tree
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _given_in(scope: ast.AST) -> Iterator[ast.expr]:
    """Find unmarked words that a function gives to what speaks, also by way of a name that it set."""
    for call in ast.walk(scope):
        if isinstance(call, ast.Call) and _name(call.func) in _SPEAKING:
            for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
                for value in (argument, *_set_to(argument, scope)):
                    yield from _texts(value, _WORDS)


def _set_to(argument: ast.expr, scope: ast.AST) -> Iterator[ast.expr]:
    names = {node.id for node in ast.walk(argument) if isinstance(node, ast.Name)}
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id in names for to in node.targets):
            yield node.value


def _texts(node: ast.AST, pattern: re.Pattern[str]) -> Iterator[ast.expr]:
    """Find texts like the pattern that stand in no mark; what documents the source is no text."""
    if isinstance(node, ast.Call) and _name(node.func) in _MARKS:
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        written = _written(node).strip()
        if pattern.search(written) if pattern is _WORDS else pattern.fullmatch(written):
            if not written.startswith(_COMMAND):
                yield node
            return
    for child in ast.iter_child_nodes(node):
        yield from _texts(child, pattern)


def _written(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else ""


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
