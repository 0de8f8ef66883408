"""For whom a report is, and what of a plan its readers never see."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from pdca.errors import Refused, Usage
from pdca.i18n import _
from pdca.restricted import kept_from
from workflows.method import WorkflowDefinition

View = dict[str, Any]

PUBLIC: Final = "public"
AUDIENCES: Final = ("internal", "partner", "authority", PUBLIC)

_WITHHELD: Final = {"partner": "partners", PUBLIC: "public"}
"""What is withheld from an audience is withheld from it under this name; from the others nothing is."""

EVALUATION_PARTS: Final = {
    "findings": ("process_findings", "effect_findings"),
    "attribution": ("attributed_to", "attribution"),
    "evidence": ("evidence",),
    "deployed": ("deployed",),
    "lessons": ("lessons",),
}
"""The parts of its evaluations that a project group may withhold, each with the columns that hold it."""


def check_audience(audience: str) -> None:
    """Raise Usage for an audience that is none."""
    if audience not in AUDIENCES:
        raise Usage(
            "audience-unknown",
            _("There is no audience “%(audience)s”.") % {"audience": audience},
            hint=_("The audiences are: %(audiences)s.") % {"audiences": ", ".join(AUDIENCES)},
        )


def check_open_to(plan: Mapping[str, Any], audience: str) -> None:
    """Raise Refused for a restricted plan, which partners and the public never see."""
    if kept_from(plan, audience):
        raise Refused(
            "report-restricted",
            _("%(plan)s is restricted: neither partners nor the public see it.") % {"plan": plan["plan_id"]},
            hint=_("Make the report for the audience “internal” or “authority”."),
        )


class Hidden(NamedTuple):
    """What a project group withholds from an audience: rubrics, and parts of the evaluations of its plan."""

    rubrics: frozenset[str]
    parts: frozenset[str]

    @property
    def columns(self) -> frozenset[str]:
        """The columns of an evaluation that are not told."""
        return frozenset(column for part in self.parts for column in EVALUATION_PARTS[part])

    @property
    def names(self) -> frozenset[str]:
        """What is withheld, by the names that `contents_of` gives."""
        return self.rubrics | {_of_evaluations(part) for part in self.parts}


def hidden_from(audience: str, plan: Mapping[str, Any], rubrics: Iterable[Mapping[str, Any]]) -> Hidden:
    """Tell what of a plan is withheld from an audience; `plan` and `rubrics` are rows with their JSON read."""
    name = _WITHHELD.get(audience)
    return Hidden(
        frozenset(one["rubric_id"] for one in rubrics if name in (one["withheld_from"] or ())),
        frozenset(part for part, whom in (plan["evaluations_withheld"] or {}).items() if name in whom),
    )


def contents_of(facts: Mapping[str, Any]) -> frozenset[str]:
    """Name what can be withheld and the facts of a report tell.

    Those are its rubrics, the parts of evaluations, its activities, and the indicators that measure it.
    """
    parts = {
        part
        for part, columns in EVALUATION_PARTS.items()
        for one in facts["evaluations"]
        if any(one[column] is not None for column in columns)
    }
    if any(map(_tells_deployed, (*facts["means"], *facts["happened"]["means"]))):
        parts.add("deployed")
    acts = (one for cycle in facts["cycles"] for one in cycle["activities"])
    results = (one for found in facts["evaluations"] for one in found["results"])
    return frozenset(
        {
            *(one["rubric_id"] for one in facts["rubrics"]),
            *map(_of_evaluations, parts),
            *(_activity(one["activity_id"]) for one in (*facts["activities"], *acts)),
            *(_indicator(one["indicator_id"]) for one in (*facts["indicators"], *results)),
        }
    )


def withheld_names(hidden: Hidden, activities: Iterable[View]) -> frozenset[str]:
    """Name what is withheld, as `contents_of` does, of a plan with these activities: they go with their rubrics."""
    untold, unmeasured = _gone_with_rubrics(hidden, list(activities))
    return hidden.names | {*map(_activity, untold), *map(_indicator, unmeasured)}


def _gone_with_rubrics(hidden: Hidden, every: Sequence[View]) -> tuple[frozenset[str], frozenset[str]]:
    """Give the activities under a hidden rubric, and the indicators of those and of no other: they would tell of it."""
    untold = frozenset(one["activity_id"] for one in every if one["rubric_id"] in hidden.rubrics)
    measured = {one["indicator_id"] for one in every if one["activity_id"] not in untold}
    return untold, frozenset({one["indicator_id"] for one in every if one["indicator_id"]} - measured)


def _activity(activity_id: str) -> str:
    return f"activity {activity_id}"


def _indicator(indicator_id: str) -> str:
    return f"indicator {indicator_id}"


def _tells_deployed(means: Mapping[str, Any]) -> bool:
    # Why less was deployed is told without a figure too; what happened since the last report has both figures.
    figures = (means.get(name) for name in ("deployed", "before", "after"))
    return bool(means.get("shortfall_reasons")) or any(figure is not None for figure in figures)


def _of_evaluations(part: str) -> str:
    # No rubric has a dot in its id.
    return f"evaluations.{part}"


def knows_people(audience: str) -> bool:
    """Tell whether an audience is told the names of people; the public is told their functions."""
    return audience != PUBLIC


class Shown(NamedTuple):
    """What an audience sees of a plan: without what is withheld from it, and without what goes with that.

    `untold` names the activities that are not shown, `unmeasured` the indicators that go with them.
    `means` tells whether it sees what was planned, `deployed` what of that was deployed.
    """

    hidden: Hidden
    untold: frozenset[str]
    unmeasured: frozenset[str]
    means: bool
    deployed: bool
    partners: bool


def shown(method: WorkflowDefinition, hidden: Hidden, activities: Iterable[View]) -> Shown:
    """Tell what is seen of a plan with these activities, of which that is hidden; without rubrics hidden, of any."""
    untold, unmeasured = _gone_with_rubrics(hidden, list(activities))
    means = not any(one.means for one in method.rubrics if one.id in hidden.rubrics)
    return Shown(
        hidden,
        untold,
        unmeasured,
        means=means,
        deployed=means and "deployed" not in hidden.parts,
        partners=not any(one.involvement for one in method.rubrics if one.id in hidden.rubrics),
    )


def told_of(facts: Mapping[str, Any], withheld: frozenset[str]) -> bool:
    """Tell whether the facts of a report, frozen before, have something that is withheld by now."""
    return not contents_of(facts).isdisjoint(withheld)
