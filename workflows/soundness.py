"""Whether a definition hangs together: every problem is found and named, none is raised."""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Final, TypeVar

from workflows.guards import GUARDS
from workflows.method import (
    ANCHORS,
    DEADLINE_KINDS,
    EFFECTS,
    LANGUAGES,
    PHASES,
    RECIPIENTS,
    RESUME,
    ROLES,
    Localized,
    Transition,
    WorkflowDefinition,
)

_T = TypeVar("_T", bound=Hashable)
_RULE: Final = re.compile(r"FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;[A-Z]+=[A-Z0-9,+-]+)*")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a definition: a stable code, the place in it, what is wrong, what to do."""

    code: str
    path: str
    text: str
    hint: str


def validate(definition: WorkflowDefinition) -> tuple[Problem, ...]:
    """Every problem of the definition; () when it can be run."""
    return tuple(
        chain(
            _labels(definition),
            _duplicates(definition),
            _states(definition),
            _transitions(definition),
            _ways(definition),
            _rubrics(definition),
            _levels(definition),
            _ladder(definition),
        )
    )


def _labels(definition: WorkflowDefinition) -> Iterator[Problem]:
    labelled: list[tuple[str, Localized]] = [("title", definition.title)]
    labelled += [(f"states.{state.id}.label", state.label) for state in definition.states]
    labelled += [(f"transitions.{way.trigger}.label", way.label) for way in definition.transitions]
    labelled += [(f"rubrics.{rubric.id}.label", rubric.label) for rubric in definition.rubrics]
    labelled += [(f"levels.{level.id}.label", level.label) for level in definition.levels]
    for path, label in labelled:
        missing = [language for language in LANGUAGES if not label.get(language, "").strip()]
        if missing:
            text = f"There is no text in: {', '.join(missing)}."
            yield Problem("label-missing", path, text, f"Give a text in each of: {', '.join(LANGUAGES)}.")


def _duplicates(definition: WorkflowDefinition) -> Iterator[Problem]:
    named = {
        "states": [state.id for state in definition.states],
        "rubrics": [rubric.id for rubric in definition.rubrics],
        "levels": [level.id for level in definition.levels],
    }
    for path, ids in named.items():
        for repeated in _repeated(ids):
            yield Problem("duplicate-id", path, f"“{repeated}” stands here more than once.", "Use each id once.")
    starts = [(source, way.trigger) for way in definition.transitions for source in way.sources]
    for source, trigger in _repeated(starts):
        text = f"“{trigger}” leaves “{source}” more than once."
        yield Problem("duplicate-trigger", f"transitions.{trigger}.from", text, "Let a trigger lead one way only.")


def _repeated(values: list[_T]) -> list[_T]:
    return [value for value, count in Counter(values).items() if count > 1]


def _states(definition: WorkflowDefinition) -> Iterator[Problem]:
    known = definition.state_by_id
    if definition.initial not in known:
        yield _unknown("state", "initial", definition.initial, known)
    for state in definition.states:
        path = f"states.{state.id}"
        if state.phase not in PHASES:
            yield _unknown("phase", f"{path}.phase", state.phase, PHASES)
        deadline = state.deadline
        if deadline is None:
            continue
        if deadline.kind not in DEADLINE_KINDS:
            yield _unknown("deadline", f"{path}.deadline.kind", deadline.kind, DEADLINE_KINDS)
        if deadline.anchor not in ANCHORS:
            yield _unknown("anchor", f"{path}.deadline.anchor", deadline.anchor, ANCHORS)
        if deadline.kind == "record" and deadline.days != definition.evaluation.record_days:
            text = f"{deadline.days} days here, {definition.evaluation.record_days} in evaluation.record_days."
            yield Problem("record-days-differ", f"{path}.deadline.days", text, "Give the same number in both places.")


def _transitions(definition: WorkflowDefinition) -> Iterator[Problem]:
    states = definition.state_by_id
    for way in definition.transitions:
        path = f"transitions.{way.trigger}"
        if not way.sources:
            yield Problem("no-source", f"{path}.from", "It starts from no state.", "Name the states it leaves.")
        if not way.who:
            yield Problem("no-role", f"{path}.who", "Nobody may do it.", f"Name some of: {', '.join(ROLES)}.")
        targets = () if way.target == RESUME else (way.target,)
        checks = (
            ("state", "from", way.sources, states),
            ("state", "to", targets, states),
            ("role", "who", way.who, ROLES),
            ("guard", "guards", way.guards, GUARDS),
            ("effect", "effects", way.effects, EFFECTS),
        )
        for kind, key, used, known in checks:
            for name in used:
                if name not in known:
                    yield _unknown(kind, f"{path}.{key}", name, known)
        yield from _resumes_from_suspension(definition, way, path)


def _resumes_from_suspension(definition: WorkflowDefinition, way: Transition, path: str) -> Iterator[Problem]:
    if way.target != RESUME:
        return
    for source in way.sources:
        state = definition.state_by_id.get(source)
        if state is not None and state.phase != "suspended":
            text = f"“{RESUME}” leads back from a suspended state; “{source}” is none."
            yield Problem("resume-not-suspended", f"{path}.to", text, "Name the state it leads to.")


def _unknown(kind: str, path: str, name: str, known: Iterable[str]) -> Problem:
    return Problem(f"unknown-{kind}", path, f"There is no {kind} “{name}”.", f"Use one of: {', '.join(known)}.")


def _ways(definition: WorkflowDefinition) -> Iterator[Problem]:
    reached = _reached(definition)
    for state in definition.states:
        if state.id not in reached:
            text = f"No way leads to “{state.id}” from “{definition.initial}”."
            yield Problem("unreachable-state", f"states.{state.id}", text, "Add a transition to it, or drop it.")
        if not state.ended and not definition.routes[state.id]:
            text = f"No way leads out of “{state.id}”, and it is not an end."
            yield Problem("dead-end", f"states.{state.id}", text, 'Add a transition from it, or set phase = "ended".')


def _reached(definition: WorkflowDefinition) -> set[str]:
    reached: set[str] = set()
    waiting = [definition.initial]
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            # A plan resumes where it was suspended, so `RESUME`, which is no state, reaches nothing new.
            waiting += [way.target for way in definition.routes.get(state, {}).values()]
    return reached


def _rubrics(definition: WorkflowDefinition) -> Iterator[Problem]:
    if not definition.rubrics:
        yield Problem("no-rubrics", "rubrics", "The method has no rubrics.", "Name the rubrics a plan must fill.")


def _levels(definition: WorkflowDefinition) -> Iterator[Problem]:
    for repeated in _repeated([level.order for level in definition.levels]):
        yield Problem("duplicate-order", "levels", f"Two levels have order {repeated}.", "Number them from 1.")
    for level in definition.levels:
        if level.rhythm is not None and _RULE.fullmatch(level.rhythm) is None:
            text = f"“{level.rhythm}” is not a rule of recurrence."
            yield Problem("bad-rhythm", f"levels.{level.id}.rhythm", text, 'Write an RFC 5545 rule: "FREQ=YEARLY".')


def _ladder(definition: WorkflowDefinition) -> Iterator[Problem]:
    for index, step in enumerate(definition.ladder):
        if step.to not in RECIPIENTS:
            yield _unknown("recipient", f"ladder[{index}].to", step.to, RECIPIENTS)
    for index, (before, after) in enumerate(pairwise(definition.ladder), start=1):
        if after.after_days <= before.after_days:
            text = f"{after.after_days} days does not come after {before.after_days}."
            yield Problem("ladder-order", f"ladder[{index}].after_days", text, "Put the steps in order of their days.")
