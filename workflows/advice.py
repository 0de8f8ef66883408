"""What a definition may well be without, but is seldom meant to be: warnings, with which a method can run."""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from workflows.method import RESUME, Transition, WorkflowDefinition
from workflows.need import N_
from workflows.problem import Path, Problem

DECIDED: Final = frozenset({"plan", "do"})
"""The phases in which a cycle begins anew."""


def advise(definition: WorkflowDefinition) -> tuple[Problem, ...]:
    """Every warning about a definition that hangs together."""
    return tuple(chain(_forgotten(definition), _evaluations(definition), _steps(definition), _ladder(definition)))


def _forgotten(definition: WorkflowDefinition) -> Iterator[Problem]:
    for index, state in enumerate(definition.states):
        if state.running and state.phase != "do" and state.deadline is None:
            text = N_("A plan can be forgotten in “%(word)s”: no deadline runs there.")
            hint = N_('Give it one, such as deadline = { kind = "decide", anchor = "entered", days = 30 }.')
            yield _warning("no-deadline", ("states", index, "id"), text, hint, word=state.id)


def _evaluations(definition: WorkflowDefinition) -> Iterator[Problem]:
    for index, state in enumerate(definition.states):
        ways = definition.routes[state.id].values()
        if state.phase == "do" and not any("open_evaluation" in way.effects and "scheduler" in way.who for way in ways):
            text = N_("In “%(word)s” the scheduler opens no evaluation: each will be recorded as missed.")
            hint = N_('Add a transition with who = ["scheduler"] and effects = ["open_evaluation"].')
            yield _warning("evaluation-not-opened", ("states", index, "id"), text, hint, word=state.id)
        if state.phase == "check" and not any("conclude_evaluation" in way.effects for way in ways):
            text = N_("No way out of “%(word)s” concludes the evaluation.")
            hint = N_('Add the effect "conclude_evaluation" and the guard "evaluation_recorded".')
            yield _warning("evaluation-not-concluded", ("states", index, "id"), text, hint, word=state.id)


_PAIRS: Final = (
    ("open_evaluation", "evaluation_available"),
    ("conclude_evaluation", "evaluation_recorded"),
    ("set_watch", "watch"),
)


def _steps(definition: WorkflowDefinition) -> Iterator[Problem]:
    for index, way in enumerate(definition.transitions):
        path: Path = ("transitions", index)
        for effect, guard in _PAIRS:
            if effect in way.effects and guard not in way.guards:
                text = N_("“%(effect)s” without the guard “%(guard)s” can find nothing to work on.")
                where = (*path, "effects", way.effects.index(effect))
                yield _warning("effect-unguarded", where, text, N_("Add the guard."), effect=effect, guard=guard)
        if _begins_again(definition, way) and "next_cycle" not in way.effects:
            text = N_("It goes from adjusting to a new cycle, which is not counted.")
            yield _warning("cycle-not-counted", (*path, "to"), text, N_('Add "next_cycle" to its effects.'))
    used = {guard for way in definition.transitions for guard in way.guards}
    for index, way in enumerate(definition.transitions):
        if "objective_retained" in way.guards and not definition.above_plan:
            text = N_("“%(guard)s” asks nothing: no level of objectives stands above the plan.")
            where = ("transitions", index, "guards", way.guards.index("objective_retained"))
            yield _warning("guard-asks-nothing", where, text, N_("Leave the guard out."), guard="objective_retained")
    if definition.rubrics and "rubrics" not in used:
        text, hint = (
            N_("No transition asks whether the rubrics are filled."),
            N_('Add the guard "rubrics" to the start.'),
        )
        yield _warning("rubrics-unasked", ("rubrics", 0), text, hint)


def _begins_again(definition: WorkflowDefinition, way: Transition) -> bool:
    if way.target == RESUME:
        return False
    states = definition.state_by_id
    return states[way.target].phase in DECIDED and any(states[source].phase == "adjust" for source in way.sources)


def _ladder(definition: WorkflowDefinition) -> Iterator[Problem]:
    if not definition.ladder:
        text, hint = (
            N_("Nobody is told of what is overdue."),
            N_("Name who is told after how many days, under [[ladder]]."),
        )
        yield _warning("no-ladder", ("ladder",), text, hint)


def _warning(code: str, path: Path, text: str, hint: str, **params: str) -> Problem:
    return Problem(code, path, text, hint, params, warning=True)
