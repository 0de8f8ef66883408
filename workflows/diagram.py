"""A definition as a Mermaid state diagram, for pages and readers that draw one."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from workflows.method import RESUME, Transition, WorkflowDefinition, pick

# Words of Mermaid's own; a state cannot bear one. No id of a state begins with an underscore.
_RESERVED: Final = frozenset(
    {"accdescr", "acctitle", "class", "classdef", "click", "default", "direction", "end", "href", "note", "scale"}
    | {"state", "statediagram", "style"}
)
_ENTITIES: Final = {'"': "#quot;", "#": "#35;", ";": "#59;", ":": "#58;", "<": "#lt;", ">": "#gt;", "`": "#96;"}


def mermaid(definition: WorkflowDefinition, language: str = "en") -> str:
    """Write the diagram, ending in a line end: the states by label, an arrow for every way, called as its trigger."""
    return state_diagram(
        {state.id: pick(state.label, language) for state in definition.states},
        [
            (source, target, pick(way.label, language))
            for way in definition.transitions
            for source, target in arrows(definition, way)
        ],
        definition.initial,
        [state.id for state in definition.states if state.ended],
    )


def state_diagram(
    states: Mapping[str, str], ways: Iterable[tuple[str, str, str]], initial: str | None, ended: Iterable[str]
) -> str:
    """Write a state diagram: states by id with their words, ways between them with theirs, where it begins and ends.

    `initial` None: it has no beginning.
    """
    lines = ["stateDiagram-v2", *(f'state "{_plain(words)}" as {_name(state)}' for state, words in states.items())]
    if initial is not None:
        lines.append(f"[*] --> {_name(initial)}")
    lines += [f"{_name(source)} --> {_name(target)} : {_plain(words)}" for source, target, words in ways]
    lines += [f"{_name(state)} --> [*]" for state in ended]
    return "\n    ".join(lines) + "\n"


def arrows(definition: WorkflowDefinition, way: Transition) -> Iterator[tuple[str, str]]:
    """From which state to which the transition leads; one that resumes, back to every state that can be suspended."""
    for source in way.sources:
        if way.target != RESUME:
            yield source, way.target
            continue
        for state in definition.states:
            if any(step.target == source for step in definition.routes[state.id].values()):
                yield source, state.id


def _name(state: str) -> str:
    return f"_{state}" if state in _RESERVED else state


def _plain(text: str) -> str:
    return "".join(_ENTITIES.get(sign, sign) for sign in " ".join(text.split()))
