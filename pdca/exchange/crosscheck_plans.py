"""Checks inside and between plans: references to nothing, circles, entries given twice, the rubrics of the method."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

from pdca.exchange.faults import Fault
from pdca.exchange.located import Path
from pdca.exchange.plan_records import MEANS
from pdca.exchange.problems import quoted
from pdca.exchange.raw import Found, ids_of, references, twice

_TWICE = "“{}” stands twice in this list."


@dataclass(frozen=True, slots=True)
class Names:
    """The ids that a plan may name. `parties` and `rubrics` are None where they cannot be known."""

    parties: Collection[str] | None
    organisation: Collection[str]
    indicators: Collection[str]
    phenomena: Collection[str]
    plans: Collection[str]
    method: str | None
    rubrics: tuple[str, ...] | None


def check_plan(plan: Found, names: Names) -> Iterator[Fault]:
    """Find what does not fit together in one plan."""
    if names.parties is not None:
        yield from references(_parties_named(plan), names.parties, "function or stakeholder")
        yield from _axes(plan, {*names.parties, *names.organisation})
    yield from references(_indicators_named(plan), names.indicators, "indicator")
    phenomena = (found for one in plan.items("phenomena") for found in one.words("phenomenon"))
    yield from references(phenomena, names.phenomena, "phenomenon")
    yield from references(plan.words("follows"), names.plans, "plan")
    if names.rubrics is not None:
        yield from _rubrics(plan, str(names.method), names.rubrics)
    yield from _deputies(plan)
    yield from _sequence(plan)
    yield from _given_twice(plan)


def circles_of_plans(plans: Iterable[Found]) -> Iterator[Fault]:
    """Find plans that follow themselves."""
    placed: dict[str, Path] = {}
    graph: dict[str, list[str]] = {}
    for plan in plans:
        for (_, word), (path, followed) in zip(plan.id(), plan.words("follows"), strict=False):
            placed[word] = path
            graph[word] = [followed]
    for word in _in_circles(graph):
        message = f"The plan “{quoted(word)}” follows itself, directly or through others."
        yield Fault(placed[word], "import-circle", message, "Leave out one “follows”.")


def _parties_named(plan: Found) -> Iterator[tuple[Path, str]]:
    yield from plan.words("lead")
    yield from plan.named("group", "party")
    for key, word in (("activities", "owner"), ("information", "to"), ("handovers", "to")):
        for record in plan.items(key):
            yield from record.words(word)


def _indicators_named(plan: Found) -> Iterator[tuple[Path, str]]:
    yield from plan.named("indicators", "id")
    for activity in plan.items("activities"):
        yield from activity.words("indicator")


def _axes(plan: Found, leads: Collection[str]) -> Iterator[Fault]:
    """An axis is led by parties or by the organisation; activities name axes of their own plan."""
    axes = set(ids_of(plan.items("axes")))
    led = (found for axis in plan.items("axes") for found in axis.words("leads"))
    yield from references(led, leads, "function or stakeholder")
    named = (found for activity in plan.items("activities") for found in activity.words("axis"))
    yield from references(named, axes, "axis of this plan")


def _rubrics(plan: Found, method: str, rubrics: tuple[str, ...]) -> Iterator[Fault]:
    filled = plan.under("rubrics")
    named = [((*filled.path, key), key, True) for key in filled.value]
    for activity in plan.items("activities"):
        named += [(path, word, False) for path, word in activity.words("rubric")]
    for path, word, at_key in named:
        if word not in rubrics:
            message = f"The method {method} has no rubric “{quoted(word)}”."
            hint = f"Its rubrics are: {', '.join(rubrics)}."
            yield Fault(path, "import-unknown-rubric", message, hint, at_key=at_key, wrote=word, among=rubrics)


def _deputies(plan: Found) -> Iterator[Fault]:
    """The deputy acts when the leader does not, so it is another."""
    for member in plan.items("group"):
        if member.value.get("role") == "deputy" and member.value.get("party") == plan.value.get("lead") is not None:
            message = "The project leader cannot be its own deputy."
            yield Fault(
                (*member.path, "role"), "import-bad-value", message, "Name another party, or leave the role out."
            )


def _sequence(plan: Found) -> Iterator[Fault]:
    """Activities come after others of the same plan, and never after themselves."""
    activities = list(plan.items("activities"))
    known = set(ids_of(activities))
    graph: dict[str, list[str]] = {}
    placed: dict[str, Path] = {}
    for activity in activities:
        after = list(activity.words("after"))
        yield from references(after, known, "activity of this plan")
        yield from twice(after, "import-duplicate-entry", _TWICE)
        for word in ids_of((activity,)):
            graph[word] = [one for _, one in after]
            placed[word] = (*activity.path, "after")
    for word in _in_circles(graph):
        message = f"The activity “{quoted(word)}” comes after itself, directly or through others."
        yield Fault(placed[word], "import-circle", message, "Leave out one “after”.")


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
    for key in ("activities", "axes"):
        named = (found for record in plan.items(key) for found in record.id())
        yield from twice(named, "import-duplicate-id", "The id “{}” is given twice.")
    yield from twice(plan.named("group", "party"), "import-duplicate-entry", _TWICE)
    yield from twice(plan.named("indicators", "id"), "import-duplicate-entry", _TWICE)
    for key, keys in (("evaluations", ("kind", "date")), ("information", ("to", "date", "method"))):
        moments = ((record.path, " ".join(str(record.value.get(word)) for word in keys)) for record in plan.items(key))
        yield from twice(moments, "import-duplicate-entry", _TWICE)
    for activity in plan.items("activities"):
        yield from twice(_means(activity), "import-duplicate-entry", "The means of “{}” stand twice in this list.")
    filled = plan.under("rubrics")
    for key in filled.value:
        yield from twice(filled.under(key).words("withheld_from"), "import-duplicate-entry", _TWICE)


def _means(activity: Found) -> Iterator[tuple[Path, str]]:
    for line in activity.items("means"):
        kinds: list[Any] = [kind for kind in MEANS if kind in line.value]
        if len(kinds) == 1:
            yield line.path, f"{line.value.get('year')} {kinds[0]}"
