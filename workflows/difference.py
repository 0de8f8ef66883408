"""What changed from one definition to another: two versions of a method, or two methods."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from workflows.method import EvaluationDefaults, Level, Localized, Rubric, State, Transition, WorkflowDefinition

Value = str | int | tuple[str, ...] | Mapping[str, str] | None
Section = Literal["method", "states", "transitions", "rubrics", "levels", "evaluation", "group", "ladder", "roles"]

_Fields = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same.

    `id` names the state, trigger, rubric, level or role ("" for the method, its evaluation and its ladder). Something
    whole that was `added` or `removed` has no `field`; a field that `changed` was `before` and is `after` (None: not
    there), a list or localized text whole.
    """

    section: Section
    id: str
    change: Literal["added", "removed", "changed"]
    field: str | None = None
    before: Value = None
    after: Value = None


def differences(old: WorkflowDefinition, new: WorkflowDefinition) -> tuple[Difference, ...]:
    """Every difference, section by section in the order of a definition file."""
    return tuple(_differences(old, new))


def _differences(old: WorkflowDefinition, new: WorkflowDefinition) -> Iterator[Difference]:
    whole: tuple[tuple[str, Value, Value], ...] = (
        ("id", old.id, new.id),
        ("title", _texts(old.title), _texts(new.title)),
        ("initial", old.initial, new.initial),
    )
    yield from _fields("method", "", whole)
    yield from _items("states", _by_id(old.states), _by_id(new.states))
    yield from _items("transitions", _by_trigger(old), _by_trigger(new))
    yield from _items("rubrics", _by_id(old.rubrics), _by_id(new.rubrics))
    yield from _items("levels", _by_id(old.levels), _by_id(new.levels))
    before, after = old.evaluation, new.evaluation
    evaluation: tuple[tuple[str, Value, Value], ...] = (
        ("time", f"{before.time:%H:%M}", f"{after.time:%H:%M}"),
        ("record_days", before.record_days, after.record_days),
        ("extension_days", before.extension_days, after.extension_days),
        ("reminders", _days(before), _days(after)),
    )
    yield from _fields("evaluation", "", evaluation)
    yield from _fields("group", "", (("days", old.group_days, new.group_days),))
    yield from _fields("ladder", "", (("steps", _steps(old), _steps(new)),))
    roles = ({role: {"name": _texts(name)} for role, name in definition.roles.items()} for definition in (old, new))
    yield from _items("roles", *roles)


def _items(section: Section, old: Mapping[str, _Fields], new: Mapping[str, _Fields]) -> Iterator[Difference]:
    for name in old:
        if name not in new:
            yield Difference(section, name, "removed")
    for name, fields in new.items():
        if name not in old:
            yield Difference(section, name, "added")
        else:
            yield from _fields(section, name, ((field, old[name][field], fields[field]) for field in fields))
    kept, still = [name for name in old if name in new], [name for name in new if name in old]
    if kept != still and section in {"rubrics", "levels"}:
        yield Difference(section, "", "changed", "order", tuple(kept), tuple(still))


def _fields(section: Section, name: str, fields: Iterable[tuple[str, Value, Value]]) -> Iterator[Difference]:
    for field, before, after in fields:
        if before != after:
            yield Difference(section, name, "changed", field, before, after)


def _by_id(items: Sequence[State] | Sequence[Rubric] | Sequence[Level]) -> dict[str, _Fields]:
    return {item.id: _of(item) for item in items}


def _of(item: State | Rubric | Level) -> _Fields:
    fields: dict[str, Value] = {"label": _texts(item.label)}
    if isinstance(item, State):
        deadline = item.deadline
        fields["phase"] = item.phase
        fields["deadline.kind"] = deadline.kind if deadline else None
        fields["deadline.anchor"] = deadline.anchor if deadline else None
        fields["deadline.days"] = deadline.days if deadline else None
    elif isinstance(item, Rubric):
        fields |= {"actions": item.actions, "means": item.means, "involvement": item.involvement}
    elif isinstance(item, Level):
        fields |= {"order": item.order, "kind": item.kind, "rhythm": item.rhythm}
    return fields


def _by_trigger(definition: WorkflowDefinition) -> dict[str, _Fields]:
    """The transitions by trigger; a trigger with several bears the states it leaves as well."""
    triggers = [way.trigger for way in definition.transitions]
    named = {}
    for way in definition.transitions:
        name = way.trigger if triggers.count(way.trigger) == 1 else f"{way.trigger} ({', '.join(way.sources)})"
        named[name] = _of_way(way)
    return named


def _of_way(way: Transition) -> _Fields:
    return {
        "label": _texts(way.label),
        "from": way.sources,
        "to": way.target,
        "who": way.who,
        "guards": way.guards,
        "effects": way.effects,
    }


def _steps(definition: WorkflowDefinition) -> tuple[str, ...]:
    return tuple(f"{step.after_days}: {step.to}" for step in definition.ladder)


def _days(evaluation: EvaluationDefaults) -> tuple[str, ...]:
    return tuple(str(days) for days in evaluation.reminders)


def _texts(label: Localized) -> dict[str, str]:
    return dict(label)
