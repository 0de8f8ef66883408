"""Checks across the whole file: ids given twice, references to nothing, parts that need each other.

They work on the file as read and not on the records, so that one wrong value hides nothing else: whatever has the
wrong type is passed over here, because the schema reports it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from pdca.exchange.crosscheck_plans import OF_ONE_PLAN, Names, check_plan, circles_of_plans
from pdca.exchange.faults import Fault
from pdca.exchange.known import Known
from pdca.exchange.located import Path
from pdca.exchange.raw import (
    ID_TWICE,
    NO_OBJECTIVE,
    NO_PARTY,
    NO_PERSON,
    NO_PHENOMENON,
    NO_SOURCE,
    Found,
    Mapping,
    ids_of,
    references,
    sources_named,
    twice,
)
from pdca.i18n import N_, _
from workflows.definition import available, load
from workflows.method import WorkflowDefinition

_OF_A_PROGRAMME = (
    *("organisation", "functions", "stakeholders", "programme"),
    *("phenomena", "indicators", "objectives", "plans"),
)

_KNOWN_OBJECTIVES: Final = N_("`pdca objective list` shows them all; `pdca objective add` adds one.")
_KNOWN_SOURCES: Final = N_("Correct the name, or describe the source under “sources” in the file of its programme.")
_KNOWN_METHODS: Final = N_("`pdca workflow list` shows them all.")


def cross_check(value: object, known: Known) -> Iterator[Fault]:
    """Find what does not fit together in the file as read."""
    if not isinstance(value, dict):
        return
    root = Found((), value)
    objectives = list(root.tree("objectives"))
    plans = [plan for holder in (*objectives, root) for plan in holder.items("plans")]
    whole = any(key in value for key in _OF_A_PROGRAMME) or "people" not in value
    if whole:
        yield from _required_parts(value)
    yield from _ids(root, objectives, plans)
    yield from references(sources_named(value, ()), root.under("sources").value, NO_SOURCE)
    names = _names(root, plans, known, whole=whole)
    if names.parties is not None:
        yield from references(_parties_named(root), names.parties, NO_PARTY)
    substitutes = (found for one in _substitutions(root) for found in one.words("by"))
    yield from references(substitutes, {*ids_of(root.items("people")), *known.people}, NO_PERSON)
    yield from _previous(root, known)
    themes = [theme for evaluation in _evaluations(root) for theme in evaluation.items("themes")]
    phenomena = (found for one in (*objectives, *themes) for found in one.words("phenomenon"))
    yield from references(phenomena, names.phenomena, NO_PHENOMENON)
    named = (found for theme in themes for found in theme.words("objective"))
    yield from references(named, {*ids_of(objectives), *known.objectives}, NO_OBJECTIVE)
    yield from _levels(root, objectives, known)
    for plan in plans:
        yield from check_plan(plan, _by_its_own_method(plan, names, known))
    yield from circles_of_plans(plans)


def cross_check_plan(value: object, known: Known, definition: WorkflowDefinition) -> Iterator[Fault]:
    """Find what does not fit in a file of one plan; everything it refers to is in the database."""
    if not isinstance(value, dict):
        return
    root = Found((), value)
    plan = root.under("plan")
    names = Names(
        known.parties or frozenset(),
        [known.organisation] if known.organisation else [],
        known.indicators,
        known.phenomena,
        known.plans,
        definition,
        known.functions,
        OF_ONE_PLAN,
    )
    yield from _objective_served(root, definition)
    yield from references(root.words("objective"), known.objectives, NO_OBJECTIVE, _KNOWN_OBJECTIVES)
    yield from references(sources_named(plan.value, plan.path), known.sources, NO_SOURCE, _KNOWN_SOURCES)
    yield from check_plan(plan, names)
    yield from circles_of_plans([plan])


def _names(root: Found, plans: list[Found], known: Known, *, whole: bool) -> Names:
    functions, stakeholders = (set(ids_of(root.items(key))) for key in ("functions", "stakeholders"))
    own = functions | stakeholders
    return Names(
        parties=own | (known.parties or set()) if whole or known.parties is not None else None,
        organisation=list(ids_of((root.under("organisation"),))),
        indicators={*ids_of(root.items("indicators")), *known.indicators},
        phenomena={*ids_of(root.tree("phenomena")), *known.phenomena},
        plans=set(ids_of(plans)),
        method=_method(root, known),
        functions=functions | (known.functions - stakeholders),
    )


def _by_its_own_method(plan: Found, names: Names, known: Known) -> Names:
    """A plan that is there already keeps the version of its method, and with it the rubrics and levels."""
    kept = [known.method_of_plan[word] for word in ids_of((plan,)) if word in known.method_of_plan]
    if not kept:
        return names
    return replace(names, method=kept[0])


def _objective_served(root: Found, definition: WorkflowDefinition) -> Iterator[Fault]:
    """A plan serves an objective exactly where its method has objectives above plans."""
    if definition.above_plan and root.value.get("objective") is None:
        message = _("The key “%(key)s” is missing.") % {"key": "objective"}
        yield Fault(("objective",), "import-missing-key", message, _("Name the objective that the plan serves."))
    if not definition.above_plan and root.value.get("objective") is not None:
        yield Fault(("objective",), "import-no-such-level", *_nothing_above(definition), at_key=True)


def _nothing_above(definition: WorkflowDefinition) -> tuple[str, str]:
    message = _("The method %(method)s has no objectives above its plans.") % {"method": definition.id}
    return message, _("Leave the key out; plans stand under the programme itself.")


def _required_parts(value: Mapping) -> Iterator[Fault]:
    for key in ("organisation", "programme"):
        if value.get(key) is None:
            message = _("The key “%(key)s” is missing.") % {"key": key}
            hint = _("Only a file that holds nothing but people can do without.")
            yield Fault((key,), "import-missing-key", message, hint)


def _ids(root: Found, objectives: list[Found], plans: list[Found]) -> Iterator[Fault]:
    spaces: list[Iterable[Found]] = [
        (record for key in ("functions", "stakeholders") for record in root.items(key)),
        root.items("people"),
        root.tree("phenomena"),
        root.items("indicators"),
        objectives,
        plans,
    ]
    for records in spaces:
        yield from twice((found for record in records for found in record.id()), "import-duplicate-id", ID_TWICE)
    yield from twice(root.under("programme").named("previous", "id"), "import-duplicate-id", ID_TWICE)
    for holder in _evaluated(root):
        spaces_of_one = [holder.items("evaluations"), *(one.items("themes") for one in holder.items("evaluations"))]
        for records in spaces_of_one:
            yield from twice((found for record in records for found in record.id()), "import-duplicate-id", ID_TWICE)
    logins = (found for person in root.items("people") for found in person.words("login"))
    yield from twice(logins, "import-duplicate-id", N_("The login “%(name)s” is given to two people."))


def _evaluated(root: Found) -> tuple[Found, ...]:
    """Give the programmes of the file, with those that went before."""
    programme = root.under("programme")
    return (programme, *programme.items("previous"))


def _evaluations(root: Found) -> Iterator[Found]:
    for programme in _evaluated(root):
        yield from programme.items("evaluations")


def _substitutions(root: Found) -> Iterator[Found]:
    for person in root.items("people"):
        yield from person.items("substitutions")


def _parties_named(root: Found) -> Iterator[tuple[Path, str]]:
    for person in root.items("people"):
        for appointment in person.items("appointments"):
            yield from appointment.words("party")
    programme = root.under("programme")
    for holder in (programme, *programme.items("versions")):
        for approval in holder.items("approvals"):
            yield from approval.words("party")


def _previous(root: Found, known: Known) -> Iterator[Fault]:
    """A programme follows one that is there already, and never itself."""
    programme = root.under("programme")
    own = set(ids_of((programme,)))
    for path, word in programme.named("previous", "id"):
        if word in own:
            message = _("A programme cannot go before itself.")
            yield Fault(path, "import-circle", message, _("Name the one before it."))
        elif known.programmes is not None and path[-1] != "id":
            message = N_("There is no programme “%(name)s” in the database.")
            yield from references([(path, word)], known.programmes, message)


def _method(root: Found, known: Known) -> WorkflowDefinition | None:
    """The method that the programme names: in the version by which it is worked already, otherwise in the newest."""
    programme = root.under("programme")
    methods = [word for _, word in programme.words("method")]
    kept = [known.method_of_programme[word] for word in ids_of((programme,)) if word in known.method_of_programme]
    if kept and methods == [kept[0].id]:
        return kept[0]
    return load(methods[0]) if methods and methods[0] in available() else None


def _levels(root: Found, objectives: list[Found], known: Known) -> Iterator[Fault]:
    """Hold the file to the levels of the method it names: what stands above its plans."""
    there = {definition.id for definition in known.method_of_programme.values()}
    methods = {*available(), *there}
    yield from references(
        root.under("programme").words("method"), methods, N_("There is no method “%(name)s”."), _KNOWN_METHODS
    )
    definition = _method(root, known)
    if definition is None:
        return
    deepest = len(definition.above_plan)
    if not deepest:
        if objectives:
            yield Fault(("objectives",), "import-no-such-level", *_nothing_above(definition), at_key=True)
        return
    for plan in root.items("plans"):
        message = _("The method %(method)s has objectives above its plans.") % {"method": definition.id}
        hint = _("Put the plan under the objective that it serves.")
        yield Fault(plan.path, "import-no-such-level", message, hint)
    for objective in objectives:
        if objective.path.count("objectives") > deepest:
            message = _("The method %(method)s has %(count)s levels of objectives, and this one stands deeper.")
            words = message % {"method": definition.id, "count": deepest}
            yield Fault(objective.path, "import-too-many-levels", words, _("Put its plans one level higher."))
