"""Definition files: the methods that are shipped, and how the text of one becomes a `WorkflowDefinition`."""

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from workflows.method import (
    ANCHORS,
    DEADLINE_KINDS,
    LANGUAGES,
    PHASES,
    RECIPIENTS,
    RESUME,
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
    pick,
)
from workflows.node import DefinitionError, Node
from workflows.soundness import Problem, validate

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = [
    "LANGUAGES",
    "RECIPIENTS",
    "RESUME",
    "ROLES",
    "Deadline",
    "DefinitionError",
    "EvaluationDefaults",
    "LadderStep",
    "Level",
    "Localized",
    "Problem",
    "Rubric",
    "State",
    "Transition",
    "WorkflowDefinition",
    "available",
    "load",
    "parse",
    "pick",
    "validate",
]

_SUFFIX: Final = ".toml"


def available() -> tuple[str, ...]:
    """The ids of the methods shipped with the program, sorted."""
    return tuple(sorted(_shipped()))


@lru_cache(maxsize=32)
def load(id: str, version: int | None = None) -> WorkflowDefinition:  # noqa: A002 - the word of the domain
    """The shipped method with this id, read once and then shared.

    Raises DefinitionError when no such method, or another version of it than the one asked for, is shipped.
    """
    files = _shipped()
    if id not in files:
        names = ", ".join(sorted(files))
        raise DefinitionError(id + _SUFFIX, "", f"There is no method “{id}”.", f"Use one of: {names}.")
    definition = parse(files[id].read_text(encoding="utf-8"), files[id].name)
    if version not in {None, definition.version}:
        message = f"Version {version} of method “{id}” is not shipped."
        raise DefinitionError(files[id].name, "version", message, f"Use version {definition.version}.")
    return definition


def _shipped() -> dict[str, "Traversable"]:
    # Imported here: it costs more than all the rest of the room, and only loading a method needs it.
    from importlib.resources import files

    found = files("workflows").joinpath("definitions").iterdir()
    return {file.name.removesuffix(_SUFFIX): file for file in found if file.name.endswith(_SUFFIX)}


def parse(text: str, where: str) -> WorkflowDefinition:
    """Read a definition from TOML text; `where` names the file in complaints.

    Raises DefinitionError for anything that is not of the right shape. Whether it hangs together is for `validate`.
    """
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        message = f"This is not TOML: {error}."
        raise DefinitionError(where, "", message, "Correct the line that is named.") from None
    root = Node(where, "", table)
    definition = WorkflowDefinition(
        id=root.identifier("id"),
        version=root.number("version", 1),
        title=root.localized("title"),
        initial=root.identifier("initial"),
        states=tuple(_states(root)),
        transitions=tuple(_transitions(root)),
        rubrics=tuple(Rubric(node.identifier("id"), node.localized("label")) for node in root.children("rubrics")),
        levels=tuple(_levels(root)),
        evaluation=_evaluation(root.child("evaluation")),
        ladder=tuple(
            LadderStep(node.number("after_days", 0), node.choice("to", RECIPIENTS)) for node in root.children("ladder")
        ),
    )
    root.done()
    return definition


def _states(root: Node) -> Iterator[State]:
    for node in root.children("states"):
        deadline = _deadline(node.child("deadline")) if node.has("deadline") else None
        yield State(node.identifier("id"), node.localized("label"), node.choice("phase", PHASES), deadline)


def _deadline(node: Node) -> Deadline:
    kind, anchor = node.choice("kind", DEADLINE_KINDS), node.choice("anchor", ANCHORS)
    deadline = Deadline(kind, anchor, node.number("days", 0))
    node.done()
    return deadline


def _transitions(root: Node) -> Iterator[Transition]:
    for node in root.children("transitions"):
        yield Transition(
            trigger=node.identifier("trigger"),
            label=node.localized("label"),
            sources=node.words("from"),
            target=node.text("to"),
            who=node.words("who"),
            guards=node.words("guards"),
            effects=node.words("effects"),
        )


def _levels(root: Node) -> Iterator[Level]:
    for node in root.children("levels"):
        rhythm = node.text("rhythm") if node.has("rhythm") else None
        yield Level(node.identifier("id"), node.localized("label"), node.number("order", 1), rhythm)


def _evaluation(node: Node) -> EvaluationDefaults:
    defaults = EvaluationDefaults(node.clock("time"), node.number("record_days", 0))
    node.done()
    return defaults
