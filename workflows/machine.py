"""Which step a plan may take, and everything that stands in its way: the only importer of `transitions`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple, cast

from transitions import EventData, Machine

from workflows.facts import Facts
from workflows.guards import GUARDS, N_, Guard, Need
from workflows.method import LANGUAGES, RESUME, Localized, Transition, WorkflowDefinition, pick

# A leading underscore: `transitions` reserves this name among the triggers, and no trigger can begin so.
_STATE: Final = "_state"


class Outcome(NamedTuple):
    """A step that may be taken: the state it ends in, its effects, and the cycle the plan is in afterwards."""

    trigger: str
    source: str
    target: str
    effects: tuple[str, ...]
    cycle: int


class Refusal(NamedTuple):
    """A step that may not be taken, with every unmet need."""

    trigger: str
    state: str
    needs: tuple[Need, ...]


@dataclass(slots=True)
class _Subject:
    """What one call of `step` moves through the shared machine; nothing of the call is kept anywhere else."""

    _state: str
    facts: Facts
    definition: WorkflowDefinition
    needs: list[Need] = field(default_factory=list)


def possible(definition: WorkflowDefinition, state: str) -> tuple[str, ...]:
    """The triggers that leave the state, in the order of the definition; () for an end or an unknown state."""
    return tuple(definition.routes.get(state, ()))


def trigger_for(definition: WorkflowDefinition, state: str, target: str, resume_state: str | None = None) -> str | Need:
    """The one trigger that leads from `state` to `target`, or the Need that says why there is not one.

    A suspended plan resumes only to its `resume_state`.
    """
    ways = [
        trigger
        for trigger, way in definition.routes.get(state, {}).items()
        if (resume_state if way.target == RESUME else way.target) == target
    ]
    if len(ways) == 1:
        return ways[0]
    params = {"state": _state_label(definition, state), "target": _state_label(definition, target)}
    if ways:
        return Need(
            "several-ways",
            N_("More than one trigger leads from “%(state)s” to “%(target)s”: %(triggers)s."),
            {**params, "triggers": ", ".join(ways)},
            N_("Name the trigger instead of the state."),
        )
    return Need(
        "no-way",
        N_("No trigger leads from “%(state)s” to “%(target)s”."),
        params,
        N_("Ask what is next for the plan."),
    )


def step(definition: WorkflowDefinition, facts: Facts, trigger: str) -> Outcome | Refusal:
    """Try the trigger on the plan: the outcome, or a refusal that names every unmet need at once.

    Whose the trigger is and every guard are looked at together. The definition must be free of problems (`validate`),
    and the moments aware: a naive one is a ValueError.
    """
    facts.refuse_naive()
    way = definition.routes.get(facts.state, {}).get(trigger)
    if way is None:
        return Refusal(trigger, facts.state, (_not_possible(definition, facts.state, trigger),))
    subject = _Subject(facts.state, facts._replace(trigger=trigger), definition)
    if _machine(definition).events[trigger].trigger(subject):
        cycle = facts.cycle + ("next_cycle" in way.effects)
        return Outcome(trigger, facts.state, subject._state, way.effects, cycle)  # noqa: SLF001 - our own subject
    return Refusal(trigger, facts.state, tuple(subject.needs))


def consider(definition: WorkflowDefinition, facts: Facts) -> dict[str, Outcome | Refusal]:
    """What every trigger that leaves the plan's state would do now."""
    return {trigger: step(definition, facts, trigger) for trigger in possible(definition, facts.state)}


def _state_label(definition: WorkflowDefinition, state: str) -> str | Localized:
    known = definition.state_by_id.get(state)
    return known.label if known else state


def _not_possible(definition: WorkflowDefinition, state: str, trigger: str) -> Need:
    label = next((way.label for way in definition.transitions if way.trigger == trigger), trigger)
    params: dict[str, str | int | Localized] = {"trigger": label, "state": _state_label(definition, state)}
    triggers = possible(definition, state)
    if not triggers:
        return Need(
            "not-possible",
            N_("“%(trigger)s” is not possible in state “%(state)s”; nothing is."),
            params,
            N_("The plan has come to its end."),
        )
    return Need(
        "not-possible",
        N_("“%(trigger)s” is not possible in state “%(state)s”; possible are: %(triggers)s."),
        {**params, "triggers": ", ".join(triggers)},
        N_("Use one of the triggers that are possible."),
    )


@lru_cache(maxsize=32)
def _machine(definition: WorkflowDefinition) -> Machine:
    return Machine(
        model=None,
        states=list(definition.state_by_id),
        initial=definition.initial,
        transitions=[row for way in definition.transitions for row in _rows(definition, way)],
        auto_transitions=False,
        send_event=True,
        model_attribute=_STATE,
    )


Condition = Callable[[EventData], bool]
_Row = dict[str, str | list[str] | list[Condition] | None]


def _rows(definition: WorkflowDefinition, way: Transition) -> list[_Row]:
    conditions = [_allows(definition, way), *(_collects(GUARDS[name]) for name in way.guards), _nothing_missing]
    row: _Row = {"trigger": way.trigger, "source": list(way.sources)}
    if way.target != RESUME:
        return [{**row, "dest": way.target, "conditions": conditions}]
    targets = definition.targets(way)
    rows: list[_Row] = [
        {**row, "dest": target, "conditions": [_was_suspended_in({target}), *conditions]} for target in targets
    ]
    lost = [_was_not_suspended_in(set(targets)), _lacks_resume_state, *conditions]
    return [*rows, {**row, "dest": None, "conditions": lost}]


# `transitions` stops at the first condition that is false and does not say which. So every guard only collects what
# it misses and lets the next one have its turn; the last condition decides.


def _subject(event: EventData) -> _Subject:
    return cast("_Subject", event.model)


def _collects(guard: Guard) -> Condition:
    def condition(event: EventData) -> bool:
        subject = _subject(event)
        subject.needs.extend(guard(subject.facts, subject.definition))
        return True

    return condition


def _nothing_missing(event: EventData) -> bool:
    return not _subject(event).needs


def _allows(definition: WorkflowDefinition, way: Transition) -> Condition:
    called = [definition.role_name(role) for role in way.who]
    names = {language: ", ".join(pick(name, language) for name in called) for language in LANGUAGES}
    need = Need(
        "not-allowed",
        N_("“%(trigger)s” is reserved to: %(roles)s."),
        {"trigger": way.label, "roles": names},
        N_("Ask somebody who has that role, named by the command; `pdca whoami` says what you may do."),
        "pdca group show %(plan)s",
    )

    def condition(event: EventData) -> bool:
        subject = _subject(event)
        if subject.facts.actor_roles.isdisjoint(way.who):
            subject.needs.append(need._replace(params={**need.params, "plan": subject.facts.plan}))
        return True

    return condition


def _was_suspended_in(states: set[str]) -> Condition:
    return lambda event: _subject(event).facts.resume_state in states


def _was_not_suspended_in(states: set[str]) -> Condition:
    return lambda event: _subject(event).facts.resume_state not in states


def _lacks_resume_state(event: EventData) -> bool:
    subject = _subject(event)
    subject.needs.append(
        Need(
            "no-resume-state",
            N_("It is not known in which state the plan was suspended."),
            {"plan": subject.facts.plan},
            N_("Look at the history of the plan and tell an administrator."),
            "pdca audit log --plan %(plan)s",
        )
    )
    return True
