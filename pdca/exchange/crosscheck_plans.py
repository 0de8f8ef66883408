"""Checks inside and between plans: references to nothing, circles, entries given twice, what the method has no place
for.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final

from pdca.exchange.activity_records import MEANS
from pdca.exchange.faults import Fault
from pdca.exchange.located import Path
from pdca.exchange.problems import quoted
from pdca.exchange.raw import ID_TWICE, IN_FILE, NO_INDICATOR, NO_PARTY, NO_PHENOMENON, Found, ids_of, references, twice
from pdca.i18n import N_, _
from workflows.method import WorkflowDefinition

_OF_PARTNERS: Final = (("sessions", "party"), ("reactions", "party"))
_TWICE = N_("“%(name)s” stands twice in this list.")


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about each kind of name that there is not; English texts, marked by `N_`."""

    party: str = IN_FILE
    indicator: str = IN_FILE
    phenomenon: str = IN_FILE
    plan: str = IN_FILE


OF_ONE_PLAN: Final = Advice(
    N_("`pdca function list` and `pdca partner list` show them; `pdca function add` or `pdca partner add` adds one."),
    N_("`pdca indicator list` shows them all; `pdca indicator add` adds one."),
    N_("`pdca phenomenon list` shows them all; `pdca phenomenon add` adds one."),
    N_("`pdca plan list` shows them all."),
)
"""Where nothing but a plan is written: what it names stands in the database, put there by commands."""


@dataclass(frozen=True, slots=True)
class Names:
    """The ids that a plan may name, and the method it is worked by. `parties` and `method` are None where unknown.

    `functions` are those of the parties that are no partners.
    """

    parties: Collection[str] | None
    organisation: Collection[str]
    indicators: Collection[str]
    phenomena: Collection[str]
    plans: Collection[str]
    method: WorkflowDefinition | None
    functions: Collection[str] = ()
    advice: Advice = field(default_factory=Advice)


def check_plan(plan: Found, names: Names) -> Iterator[Fault]:
    """Find what does not fit together in one plan."""
    if names.parties is not None:
        yield from references(_parties_named(plan), names.parties, NO_PARTY, names.advice.party)
        yield from _axes(plan, {*names.parties, *names.organisation}, names.advice.party)
    yield from references(_indicators_named(plan), names.indicators, NO_INDICATOR, names.advice.indicator)
    phenomena = (found for one in plan.items("phenomena") for found in one.words("phenomenon"))
    yield from references(phenomena, names.phenomena, NO_PHENOMENON, names.advice.phenomenon)
    yield from references(plan.words("follows"), names.plans, N_("There is no plan “%(name)s”."), names.advice.plan)
    if names.method is not None:
        yield from _rubrics(plan, names.method)
        if names.method.under_plan is None and plan.value.get("objectives"):
            message = _("The method %(method)s has no objectives under its plans.") % {"method": names.method.id}
            hint = _("Put them above the plan, or leave the key out.")
            yield Fault((*plan.path, "objectives"), "import-no-such-level", message, hint, at_key=True)
    yield from _objectives_named(plan)
    yield from _deputies(plan)
    yield from _partners(plan, names.functions)
    yield from _sequence(plan)
    yield from _given_twice(plan)


def circles_of_plans(plans: Iterable[Found]) -> Iterator[Fault]:
    """Find plans that follow themselves."""
    placed: dict[str, Path] = {}
    graph: dict[str, list[str]] = {}
    for plan in plans:
        for (_place, word), (path, followed) in zip(plan.id(), plan.words("follows"), strict=False):
            placed[word] = path
            graph[word] = [followed]
    for word in _in_circles(graph):
        message = _("The plan “%(plan)s” follows itself, directly or through others.") % {"plan": quoted(word)}
        yield Fault(placed[word], "import-circle", message, _("Leave out one “%(key)s”.") % {"key": "follows"})


def _parties_named(plan: Found) -> Iterator[tuple[Path, str]]:
    yield from plan.words("lead")
    yield from plan.named("group", "party")
    informed = (("information", "to"), ("information_schedules", "party"))
    naming = (("activities", "owner"), *informed, ("handovers", "to"), *_OF_PARTNERS)
    for key, word in naming:
        for record in plan.items(key):
            yield from record.words(word)


def _indicators_named(plan: Found) -> Iterator[tuple[Path, str]]:
    yield from plan.named("indicators", "id")
    for activity in plan.items("activities"):
        yield from activity.words("indicator")


def _axes(plan: Found, leads: Collection[str], advice: str) -> Iterator[Fault]:
    """An axis is led by parties or by the organisation; activities name axes of their own plan."""
    axes = set(ids_of(plan.items("axes")))
    led = (found for axis in plan.items("axes") for found in axis.words("leads"))
    yield from references(led, leads, NO_PARTY, advice)
    named = (found for activity in plan.items("activities") for found in activity.words("axis"))
    yield from references(named, axes, N_("There is no axis of this plan “%(name)s”."))


def _objectives_named(plan: Found) -> Iterator[Fault]:
    named = (found for activity in plan.items("activities") for found in activity.words("objective"))
    known = set(ids_of(plan.items("objectives")))
    yield from references(named, known, N_("There is no objective under this plan “%(name)s”."))


def _rubrics(plan: Found, method: WorkflowDefinition) -> Iterator[Fault]:
    rubrics = tuple(rubric.id for rubric in method.rubrics)
    filled = plan.under("rubrics")
    named = [((*filled.path, key), key, True) for key in filled.value]
    for activity in plan.items("activities"):
        named += [(path, word, False) for path, word in activity.words("rubric")]
    for path, word, at_key in named:
        if word not in rubrics:
            message = _("The method %(method)s has no rubric “%(rubric)s”.")
            message %= {"method": method.id, "rubric": quoted(word)}
            hint = _("Its rubrics are: %(rubrics)s.") % {"rubrics": ", ".join(rubrics)}
            yield Fault(path, "import-unknown-rubric", message, hint, at_key=at_key, wrote=word, among=rubrics)


def _deputies(plan: Found) -> Iterator[Fault]:
    """The deputy acts when the leader does not, so it is another."""
    for member in plan.items("group"):
        if member.value.get("role") == "deputy" and member.value.get("party") == plan.value.get("lead") is not None:
            message = _("The project leader cannot be its own deputy.")
            hint = _("Name another party, or leave the role out.")
            yield Fault((*member.path, "role"), "import-bad-value", message, hint)


def _partners(plan: Found, functions: Collection[str]) -> Iterator[Fault]:
    """A function of the body is no partner: it is in the project group, or not."""
    for key, word in _OF_PARTNERS:
        for path, party in (found for record in plan.items(key) for found in record.words(word)):
            if party in functions:
                message = _("“%(party)s” is a function of the body itself, not a partner.") % {"party": quoted(party)}
                yield Fault(path, "import-bad-value", message, _("Name a partner, an authority, or the public."))


def _sequence(plan: Found) -> Iterator[Fault]:
    """Activities come after others of the same plan, and never after themselves."""
    activities = list(plan.items("activities"))
    known = set(ids_of(activities))
    graph: dict[str, list[str]] = {}
    placed: dict[str, Path] = {}
    for activity in activities:
        after = list(activity.words("after"))
        yield from references(after, known, N_("There is no activity of this plan “%(name)s”."))
        yield from twice(after, "import-duplicate-entry", _TWICE)
        for word in ids_of((activity,)):
            graph[word] = [one for _place, one in after]
            placed[word] = (*activity.path, "after")
    for word in _in_circles(graph):
        message = _("The activity “%(activity)s” comes after itself, directly or through others.")
        words = message % {"activity": quoted(word)}
        yield Fault(placed[word], "import-circle", words, _("Leave out one “%(key)s”.") % {"key": "after"})


def _in_circles(before: dict[str, list[str]]) -> Iterator[str]:
    """Find the words that lead back to themselves: every circle, for what is in no circle cannot be part of one."""
    left = dict(before)
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            circle = [word for word in dict.fromkeys(error.args[1]) if word in left]
            yield from circle
            for word in circle:
                del left[word]
        else:
            return


def _given_twice(plan: Found) -> Iterator[Fault]:
    """Find ids, references and moments that stand twice in one plan."""
    for key in ("objectives", "activities", "axes", "sessions", "reactions"):
        named = (found for record in plan.items(key) for found in record.id())
        yield from twice(named, "import-duplicate-id", ID_TWICE)
    yield from twice(plan.named("group", "party"), "import-duplicate-entry", _TWICE)
    yield from twice(plan.named("indicators", "id"), "import-duplicate-entry", _TWICE)
    for key, keys in (("evaluations", ("kind", "date")), ("information", ("to", "date", "method"))):
        moments = ((record.path, " ".join(str(record.value.get(word)) for word in keys)) for record in plan.items(key))
        yield from twice(moments, "import-duplicate-entry", _TWICE)
    for activity in plan.items("activities"):
        message = N_("The means of “%(name)s” stand twice in this list.")
        yield from twice(_means(activity), "import-duplicate-entry", message)
    filled = plan.under("rubrics")
    for key in filled.value:
        yield from twice(filled.under(key).words("withheld_from"), "import-duplicate-entry", _TWICE)
    withheld = plan.under("evaluations_withheld")
    for key in withheld.value:
        yield from twice(withheld.words(key), "import-duplicate-entry", _TWICE)


def _means(activity: Found) -> Iterator[tuple[Path, str]]:
    for line in activity.items("means"):
        kinds: list[Any] = [kind for kind in MEANS if kind in line.value]
        if len(kinds) == 1:
            yield line.path, f"{line.value.get('year')} {kinds[0]}"
