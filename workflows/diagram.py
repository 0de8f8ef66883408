"""A definition as a Mermaid state diagram, for pages and readers that draw one."""

from collections.abc import Iterator
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
    lines = ["stateDiagram-v2", *_states(definition, language), f"[*] --> {_name(definition.initial)}"]
    for way in definition.transitions:
        words = _plain(pick(way.label, language))
        lines += [f"{_name(source)} --> {_name(target)} : {words}" for source, target in arrows(definition, way)]
    lines += [f"{_name(state.id)} --> [*]" for state in definition.states if state.ended]
    return "\n    ".join(lines) + "\n"


def _states(definition: WorkflowDefinition, language: str) -> Iterator[str]:
    for state in definition.states:
        yield f'state "{_plain(pick(state.label, language))}" as {_name(state.id)}'


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
