"""Whether a definition hangs together: every problem is found and named, none is raised.

With an error a plan could get lost, or the engine could not do what it is told; `workflows.advice` has the warnings.
"""

from collections.abc import Hashable, Iterable, Iterator
from itertools import chain
from typing import Final, TypeVar

from workflows import escalation, reminders
from workflows.guards import GUARDS, N_
from workflows.method import (
    ANCHORS,
    DEADLINE_KINDS,
    EFFECTS,
    LANGUAGES,
    PHASES,
    RESUME,
    ROLES,
    Localized,
    State,
    Transition,
    WorkflowDefinition,
)
from workflows.problem import Path, Problem, unknown
from workflows.recurrence import read

_T = TypeVar("_T", bound=Hashable)
_ONCE: Final = N_("Use each once.")

OF_THE_WAYS: Final = frozenset({"unreachable-state", "dead-end"})
"""Codes that say nothing any more once a state or a transition is not understood."""


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
            reminders.faults(definition.evaluation.reminders, ("evaluation", "reminders")),
            escalation.faults(definition.ladder, ("ladder",)),
        )
    )


def _labels(definition: WorkflowDefinition) -> Iterator[Problem]:
    labelled: list[tuple[Path, Localized]] = [(("title",), definition.title)]
    for name in ("states", "transitions", "rubrics", "levels"):
        items = getattr(definition, name)
        labelled += [((name, index, "label"), item.label) for index, item in enumerate(items)]
    labelled += [(("roles", role), name) for role, name in definition.roles.items()]
    for path, label in labelled:
        for language in LANGUAGES:
            if not label.get(language, "").strip():
                yield Problem(
                    "label-missing",
                    (*path, language),
                    N_("There is no text in the language %(language)s."),
                    N_("Give a text in each of: %(languages)s."),
                    {"language": language, "languages": ", ".join(LANGUAGES)},
                )


def _duplicates(definition: WorkflowDefinition) -> Iterator[Problem]:
    for name in ("states", "rubrics", "levels"):
        ids = (((name, index, "id"), item.id) for index, item in enumerate(getattr(definition, name)))
        yield from _twice(ids, "duplicate-id", N_("The id “%(word)s” stands here more than once."))
    starts = (
        (("transitions", index, "from", number), (way.trigger, source))
        for index, way in enumerate(definition.transitions)
        for number, source in enumerate(way.sources)
    )
    text, hint = N_("“%(trigger)s” leaves “%(word)s” more than once."), N_("Let a trigger lead one way only.")
    first: dict[tuple[str, str], Path] = {}
    for path, (trigger, source) in starts:
        before = first.setdefault((trigger, source), path)
        if before is not path and trigger and source:
            yield Problem("duplicate-trigger", path, text, hint, {"trigger": trigger, "word": source}, other=before)


def _twice(named: Iterable[tuple[Path, _T]], code: str, text: str) -> Iterator[Problem]:
    first: dict[_T, Path] = {}
    for path, word in named:
        before = first.setdefault(word, path)
        if before is not path and word:
            yield Problem(code, path, text, _ONCE, {"word": str(word)}, other=before)


def _states(definition: WorkflowDefinition) -> Iterator[Problem]:
    known = definition.state_by_id
    if not known:
        text, hint = N_("The method has no states."), N_("Name the states a plan can be in, each under [[states]].")
        yield Problem("no-states", ("states",), text, hint)
    first = known.get(definition.initial)
    if first is None:
        yield unknown("state", ("initial",), definition.initial, known)
    elif not first.running:
        text = N_("A plan cannot begin in “%(word)s”: it is over or suspended there.")
        hint = N_("Name a state in which plans are worked.")
        yield Problem("initial-not-running", ("initial",), text, hint, {"word": definition.initial})
    for index, state in enumerate(definition.states):
        path = ("states", index)
        if state.phase not in PHASES:
            yield unknown("phase", (*path, "phase"), state.phase, PHASES)
        yield from _deadline(definition, state, (*path, "deadline"))


def _deadline(definition: WorkflowDefinition, state: State, path: Path) -> Iterator[Problem]:
    deadline, days = state.deadline, definition.evaluation.record_days
    if deadline is None:
        return
    if deadline.kind not in DEADLINE_KINDS:
        yield unknown("deadline", (*path, "kind"), deadline.kind, DEADLINE_KINDS)
    if deadline.anchor not in ANCHORS:
        yield unknown("anchor", (*path, "anchor"), deadline.anchor, ANCHORS)
    if not state.running and state.phase in PHASES:
        text = N_("No deadline runs in “%(word)s”: a plan is over or suspended there.")
        yield Problem("deadline-not-running", path, text, N_("Leave the deadline out."), {"word": state.id})
    if deadline.kind == "record" and deadline.days != days:
        text = N_("%(here)s days to record here, %(there)s in evaluation.record_days.")
        hint, params = N_("Give the same number in both places."), {"here": deadline.days, "there": days}
        other = ("evaluation", "record_days")
        yield Problem("record-days-differ", (*path, "days"), text, hint, params, other=other)


def _transitions(definition: WorkflowDefinition) -> Iterator[Problem]:
    states = definition.state_by_id
    for index, way in enumerate(definition.transitions):
        path = ("transitions", index)
        if not way.sources:
            text, hint = N_("It starts from no state."), N_("Name the states it leaves: %(known)s.")
            yield Problem("no-source", (*path, "from"), text, hint, {"known": ", ".join(states)})
        if not way.who:
            text, hint = N_("Nobody may do it."), N_("Name some of: %(known)s.")
            yield Problem("no-role", (*path, "who"), text, hint, {"known": ", ".join(ROLES)})
        lists = (
            ("state", "from", way.sources, states),
            ("role", "who", way.who, ROLES),
            ("guard", "guards", way.guards, GUARDS),
            ("effect", "effects", way.effects, EFFECTS),
        )
        for kind, key, used, known in lists:
            for number, name in enumerate(used):
                if name not in known:
                    yield unknown(kind, (*path, key, number), name, known)
        if way.target != RESUME and way.target not in states:
            yield unknown("state", (*path, "to"), way.target, (*states, RESUME))
        yield from _resuming(definition, way, path)
        yield from _ending(definition, way, path)


def _resuming(definition: WorkflowDefinition, way: Transition, path: Path) -> Iterator[Problem]:
    """Deadlines that nobody holds fall due during a suspension; those that nobody releases never do."""
    target = definition.state_by_id.get(way.target)
    if target is not None and target.phase == "suspended" and "hold_deadlines" not in way.effects:
        text = N_("It suspends the plan and does not hold its deadlines.")
        yield Problem("not-held", (*path, "to"), text, _ADD, {"effect": "hold_deadlines"})
    if way.target != RESUME:
        return
    if "release_deadlines" not in way.effects:
        text = N_("It resumes the plan and does not release its deadlines.")
        yield Problem("not-released", (*path, "to"), text, _ADD, {"effect": "release_deadlines"})
    for source in way.sources:
        state = definition.state_by_id.get(source)
        if state is not None and state.phase != "suspended":
            text = N_("“@resume” leads back from a suspended state; “%(word)s” is none.")
            yield Problem(
                "resume-not-suspended", (*path, "to"), text, N_("Name the state it leads to."), {"word": source}
            )


_ADD: Final = N_('Add "%(effect)s" to its effects.')


def _ending(definition: WorkflowDefinition, way: Transition, path: Path) -> Iterator[Problem]:
    target = definition.state_by_id.get(way.target)
    if target is None:
        return
    sources = [definition.state_by_id[source] for source in way.sources if source in definition.state_by_id]
    if target.ended and "end" not in way.effects and not all(source.ended for source in sources):
        text = N_("It ends the plan and leaves its deadlines running.")
        yield Problem("not-ended", (*path, "to"), text, _ADD, {"effect": "end"})
    if not target.ended and "end" in way.effects:
        text, hint = N_("“%(word)s” is no end."), N_('Take "end" out of the effects, or lead it to an end.')
        where = (*path, "effects", way.effects.index("end"))
        yield Problem("end-of-nothing", where, text, hint, {"word": target.id})


def _ways(definition: WorkflowDefinition) -> Iterator[Problem]:
    reached = _reached(definition)
    for index, state in enumerate(definition.states):
        path = ("states", index, "id")
        if state.id not in reached:
            text = N_("No way leads to “%(word)s” from “%(initial)s”.")
            hint, params = N_("Add a transition to it, or drop it."), {"word": state.id, "initial": definition.initial}
            yield Problem("unreachable-state", path, text, hint, params)
        if not state.ended and not definition.routes[state.id]:
            text = N_("No way leads out of “%(word)s”, and it is not an end.")
            hint = N_('Add a transition from it, or set phase = "ended".')
            yield Problem("dead-end", path, text, hint, {"word": state.id})


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
        text, hint = N_("The method has no rubrics."), N_("Name the rubrics a plan must fill, each under [[rubrics]].")
        yield Problem("no-rubrics", ("rubrics",), text, hint)


def _levels(definition: WorkflowDefinition) -> Iterator[Problem]:
    yield from _kinds_of_levels(definition)
    orders = ((("levels", index, "order"), level.order) for index, level in enumerate(definition.levels))
    yield from _twice(orders, "duplicate-order", N_("Two levels have the order %(word)s."))
    for index, level in enumerate(definition.levels):
        path = ("levels", index)
        if index and 0 < level.order < definition.levels[index - 1].order:
            text, hint = (
                N_("This level stands under a lower one."),
                N_("Put the levels in their order, the highest first."),
            )
            yield Problem("level-order", (*path, "order"), text, hint)
        if level.rhythm is not None and read(level.rhythm, (), []) is None:
            text, hint = N_("“%(word)s” is not a rule of recurrence."), N_('Write an RFC 5545 rule: "FREQ=YEARLY".')
            yield Problem("bad-rhythm", (*path, "rhythm"), text, hint, {"word": level.rhythm})


def _kinds_of_levels(definition: WorkflowDefinition) -> Iterator[Problem]:
    """Objectives stand above the plan, on one level under it, or nowhere; activities stand under everything."""
    first: dict[str, Path] = {}
    for index, level in enumerate(definition.levels):
        path: Path = ("levels", index, "kind")
        if "activity" in first:
            text, hint = N_("A level stands under that of the activities."), N_("Put the level of activities last.")
            yield Problem("level-under-activities", path, text, hint, other=first["activity"])
        elif level.kind == "plan" and "plan" in first:
            text, hint = N_("Plans stand on one level, and here is another."), N_('Give one level kind = "plan".')
            yield Problem("plan-level-twice", path, text, hint, other=first["plan"])
        elif level.kind == "objective" and "under plan" in first:
            text = N_("A second level of objectives stands under the plan.")
            hint = N_("Put it above the plan, or leave it out: under a plan stands one level of objectives at most.")
            yield Problem("levels-under-plan", path, text, hint, other=first["under plan"])
        first.setdefault("under plan" if level.kind == "objective" and "plan" in first else level.kind, path)
    for kind in ("plan", "activity"):
        if kind not in first:
            text = N_('No level has kind = "%(word)s".')
            hint = N_("Name the level of plans and under it that of activities, each under [[levels]].")
            yield Problem("level-missing", ("levels",), text, hint, {"word": kind})
