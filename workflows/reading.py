"""How the text of a definition file becomes a `WorkflowDefinition`, with every problem of its form."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import time
from typing import Final, NamedTuple

from workflows.method import (
    ANCHORS,
    DEADLINE_KINDS,
    LEVEL_KINDS,
    PHASES,
    RECIPIENTS,
    ROLES,
    Deadline,
    EvaluationDefaults,
    LadderStep,
    Level,
    Localized,
    Rubric,
    State,
    Transition,
    WorkflowDefinition,
)
from workflows.need import N_
from workflows.node import Node
from workflows.problem import Mark, Problem, unknown

_PLACE: Final = re.compile(r" \(at line (\d+), column (\d+)\)$")
_AT_END: Final = " (at end of document)"

# What the standard library says, begun with; the hint for whoever wrote the line.
_SYNTAX_HINTS: Final[tuple[tuple[str, str], ...]] = (
    ("Expected '=' after a key", N_("Write key = value; a name of several words needs underscores or quotes.")),
    ("Invalid value", N_("Write texts between quotes, numbers without, and true or false in lower case.")),
    ("Invalid statement", N_("Write key = value, [table] or [[table]] on a line of its own.")),
    ("Cannot overwrite a value", N_("This key stands here already; leave one out.")),
    ("Duplicate inline table key", N_("This key stands here already; leave one out.")),
    ("Cannot declare", N_("This table stands here already; write [[…]] for one more item of a list.")),
    ("Cannot redefine", N_("This table stands here already; leave one out.")),
    ("Invalid date", N_("Check the day, the month and the year, or put it between quotes.")),
    ("Cannot mutate immutable", N_("A list or table that was closed cannot be added to; write it in one place.")),
    ("Unclosed array", N_("Put a comma between the items, and close the list with ].")),
    ("Unclosed inline table", N_("Put a comma between the parts, and close the table with }.")),
    ("Expected ']", N_("Close the name of the table: [table], or [[table]] for an item of a list.")),
    ("Unterminated string", N_("Close the text with the quote that it began with.")),
    ("Illegal character", N_("Close the text with the quote that it began with, on the same line.")),
    ("Unescaped '\\'", N_("Write a backslash twice, or put the text between single quotes.")),
    ("Expected newline or end", N_("Put one statement on a line, and texts between quotes.")),
    ("Invalid initial character", N_("Begin the line with a key; one with other signs stands between quotes.")),
)


class Unreadable(NamedTuple):
    """A text that is no TOML: the problem, and where it shows."""

    problem: Problem
    mark: Mark


_OF_A_RUBRIC: Final = ("actions", "means", "involvement")


def one_newline(text: str) -> str:
    """The text with the line ends that TOML counts in."""
    return text.replace("\r\n", "\n")


def table_of(text: str) -> dict[str, object] | Unreadable:
    """The table that a TOML text is."""
    try:
        return tomllib.loads(text)
    except ValueError as error:
        # A number with thousands of digits is a ValueError of another kind.
        return _unreadable(str(error), text)
    except RecursionError:
        hint = N_("Write it with fewer brackets inside brackets.")
        return Unreadable(Problem("too-deep", (), N_("This is nested too deeply."), hint), Mark(1, 1))


def _unreadable(message: str, text: str) -> Unreadable:
    place = _PLACE.search(message)
    reason = message.removesuffix(_AT_END)[: place.start() if place else None]
    hint = next((hint for begin, hint in _SYNTAX_HINTS if reason.startswith(begin)), N_("Correct this line."))
    problem = Problem("not-toml", (), N_("This is not TOML: %(reason)s."), hint, {"reason": reason})
    if place:
        return Unreadable(problem, Mark(int(place[1]), int(place[2])))
    lines = one_newline(text).rstrip("\n").split("\n")
    return Unreadable(problem, Mark(len(lines), len(lines[-1]) + 1))


def definition_of(table: Mapping[str, object], found: list[Problem]) -> WorkflowDefinition:
    """The definition that a table describes; what does not fit is put into `found`, and stands for nothing then."""
    root = Node((), table, found)
    definition = WorkflowDefinition(
        id=root.identifier("id"),
        version=root.number("version", 1),
        title=root.localized("title"),
        initial=root.identifier("initial"),
        states=tuple(_states(root)),
        transitions=tuple(_transitions(root)),
        rubrics=tuple(
            Rubric(node.identifier("id"), node.localized("label"), *map(node.optional_truth, _OF_A_RUBRIC))
            for node in root.children("rubrics")
        ),
        levels=tuple(_levels(root)),
        evaluation=_evaluation(root.child("evaluation")),
        ladder=tuple(
            LadderStep(node.number("after_days", 0), node.choice("to", "recipient", RECIPIENTS))
            for node in root.children("ladder")
        ),
        roles=_roles(root.child("roles", optional=True)),
        group_days=_group_days(root.child("group", optional=True)),
    )
    root.done()
    return definition


def _states(root: Node) -> Iterator[State]:
    for node in root.children("states"):
        deadline = node.child("deadline", optional=True)
        yield State(
            node.identifier("id"),
            node.localized("label"),
            node.choice("phase", "phase", PHASES),
            None if deadline is None else _deadline(deadline),
        )


def _deadline(node: Node) -> Deadline:
    deadline = Deadline(
        node.choice("kind", "deadline", DEADLINE_KINDS),
        node.choice("anchor", "anchor", ANCHORS),
        node.number("days", 0),
    )
    node.done()
    return deadline


def _transitions(root: Node) -> Iterator[Transition]:
    for node in root.children("transitions"):
        yield Transition(
            trigger=node.identifier("trigger"),
            label=node.localized("label"),
            sources=node.words("from", optional=False),
            target=node.text("to"),
            who=node.words("who", optional=False),
            guards=node.words("guards"),
            effects=node.words("effects"),
        )


def _levels(root: Node) -> Iterator[Level]:
    for node in root.children("levels"):
        rhythm = node.text("rhythm") if node.has("rhythm") else None
        kind = node.choice("kind", "level", LEVEL_KINDS)
        yield Level(node.identifier("id"), node.localized("label"), node.number("order", 1), kind, rhythm)


def _evaluation(node: Node | None) -> EvaluationDefaults:
    if node is None:
        return EvaluationDefaults(time(), 0)
    defaults = EvaluationDefaults(
        node.clock("time"),
        node.number("record_days", 0),
        node.optional_number("extension_days", 1),
        node.numbers("reminders"),
    )
    node.done()
    return defaults


def _group_days(node: Node | None) -> int | None:
    if node is None:
        return None
    days = node.number("days", 0)
    node.done()
    return days


def _roles(node: Node | None) -> Mapping[str, Localized]:
    if node is None:
        return {}
    for role in node.table:
        if role not in ROLES:
            node.found.append(unknown("role", (*node.path, role), role, ROLES, at_key=True))
    return {role: node.localized(role) for role in node.table if role in ROLES}
