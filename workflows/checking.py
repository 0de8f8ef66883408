"""Checking a definition file like a compiler: all its errors and warnings at once, each with its place in the text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from workflows.advice import advise
from workflows.method import WorkflowDefinition
from workflows.need import N_
from workflows.problem import Mark, Path, Problem, field_name
from workflows.reading import Unreadable, definition_of, one_newline, table_of
from workflows.soundness import OF_THE_WAYS, validate

_BREAK_WAYS: Final = frozenset({"unknown-state", "duplicate-id", "no-source", "no-states", "initial-not-running"})


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem, where it stands, the line it stands on, and the mark of the second place if it has two."""

    problem: Problem
    mark: Mark
    line: str
    other: Mark | None = None

    @property
    def field(self) -> str | None:
        """The key path of the place."""
        return field_name(self.problem.path) or None


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a text: its definition when it has no errors, and everything found, in the order of the text."""

    definition: WorkflowDefinition | None
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...] = ()


def check_bytes(content: bytes) -> Checked:
    """Read a definition as it stands in a file; a byte order mark, which some editors put first, is passed over."""
    try:
        return check(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        start = content.rfind(b"\n", 0, error.start) + 1
        line, _end, _rest = content[start:].partition(b"\n")
        column = len(content[start : error.start].decode("utf-8", "replace")) + 1
        problem = Problem("not-utf-8", (), N_("This is not text in UTF-8."), N_("Save the file in the encoding UTF-8."))
        mark = Mark(content.count(b"\n", 0, start) + 1, column, 1)
        return Checked(None, (Finding(problem, mark, line.decode("utf-8", "replace")),))


def remarked(checked: Checked, warnings: Sequence[Problem], content: bytes) -> Checked:
    """Add warnings to what came of the content of a file without errors."""
    if not warnings:
        return checked
    added = _placed(warnings, one_newline(content.decode("utf-8-sig")))
    return Checked(checked.definition, checked.errors, (*added, *checked.warnings))


def check(text: str) -> Checked:
    """Read a definition, with everything that is wrong with it and everything that is remarkable."""
    table = table_of(text)
    if isinstance(table, Unreadable):
        line = one_newline(text).split("\n")[table.mark.line - 1]
        return Checked(None, (Finding(table.problem, table.mark, line),))
    found: list[Problem] = []
    definition = replace(definition_of(table, found), text=text)
    errors = [*_without_misspelt(found), *_told_apart(found, validate(definition))]
    # A warning about a definition with errors would often be about the errors.
    warnings = () if errors else advise(definition)
    lines = one_newline(text)
    return Checked(None if errors else definition, _placed(errors, lines), _placed(warnings, lines))


def _without_misspelt(form: list[Problem]) -> list[Problem]:
    """Leave out the missing keys that are there, misspelt."""
    misspelt = {(*one.path[:-1], one.nearest) for one in form if one.code == "unknown-key"}
    return [one for one in form if one.code != "missing-key" or one.path not in misspelt]


def _told_apart(form: list[Problem], sense: tuple[Problem, ...]) -> list[Problem]:
    """Leave out what only follows from another problem: said of the same place, or of a name that was lost there."""
    kept = [
        problem for problem in sense if not any(_within(one.path, path) for one in form for path in _places_of(problem))
    ]
    if any(_loses_states(one) for one in (*form, *kept)):
        kept = [problem for problem in kept if problem.code != "unknown-state"]
    if any(_is_of_the_ways(one.path) for one in form) or any(problem.code in _BREAK_WAYS for problem in kept):
        kept = [problem for problem in kept if problem.code not in OF_THE_WAYS]
    return kept


def _places_of(problem: Problem) -> tuple[Path, ...]:
    return (problem.path,) if problem.other is None else (problem.path, problem.other)


def _within(one: Path, other: Path) -> bool:
    length = min(len(one), len(other))
    return one[:length] == other[:length]


def _loses_states(problem: Problem) -> bool:
    """Whether a state is not known by its name because of the problem."""
    if problem.code not in {"missing-key", "wrong-type", "bad-name", "no-states"}:
        return False
    return problem.path[:1] == ("states",) and (len(problem.path) <= len(("states", 0)) or problem.path[2:] == ("id",))


def _is_of_the_ways(path: Path) -> bool:
    """Whether the place decides which states there are and which ways lead between them."""
    match path:
        case ("initial",) | ("states",) | ("transitions",) | ("states" | "transitions", _):
            return True
        case ("states", _, "id" | "phase") | ("transitions", _, "trigger" | "from" | "to", *_):
            return True
        case _:
            return False


def _placed(problems: Sequence[Problem], text: str) -> tuple[Finding, ...]:
    if not problems:
        return ()
    # Imported here: a definition without problems never needs it.
    from workflows.places import locate

    places, lines = locate(text), text.split("\n")
    found = [
        Finding(
            problem,
            mark := places.mark(problem.path, at_key=problem.at_key),
            lines[mark.line - 1],
            None if problem.other is None else places.mark(problem.other),
        )
        for problem in problems
    ]
    return tuple(sorted(found, key=lambda one: (one.mark.line, one.mark.column)))
