"""For whom a report is, and what of a plan its readers never see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pdca.errors import Refused, Usage
from pdca.i18n import _
from workflows.method import WorkflowDefinition

View = dict[str, Any]

AUDIENCES: Final = ("internal", "partner", "authority", "public")

_WITHHELD: Final = {"partner": "partners", "public": "public"}
"""What `rubric.withheld_from` calls an audience; from the others nothing is withheld."""


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
    if restricted_from(plan, audience):
        raise Refused(
            "report-restricted",
            _("%(plan)s is restricted: neither partners nor the public see it.") % {"plan": plan["plan_id"]},
            hint=_("Make the report for the audience “internal” or “authority”."),
        )


def restricted_from(plan: Mapping[str, Any], audience: str) -> bool:
    """Tell whether a plan is restricted and so not an audience's to see."""
    return bool(plan["restricted"]) and not sees_restricted(audience)


def sees_restricted(audience: str) -> bool:
    """Tell whether an audience sees restricted plans."""
    return audience not in _WITHHELD


def withheld(rubric: Mapping[str, Any], audience: str) -> bool:
    """Tell whether a rubric is withheld from an audience."""
    return _WITHHELD.get(audience) in (rubric["withheld_from"] or ())


def told_of(facts: Mapping[str, Any], hidden: Iterable[str]) -> bool:
    """Tell whether the facts of a report, frozen before, have one of these rubrics, hidden by now."""
    return not {one["rubric_id"] for one in facts["rubrics"]}.isdisjoint(hidden)


def knows_people(audience: str) -> bool:
    """Tell whether an audience is told the names of people; the public is told their functions."""
    return audience != "public"


@dataclass(frozen=True, slots=True)
class Shown:
    """What an audience sees of a plan: without the rubrics withheld from it, and without what goes with those."""

    hidden: frozenset[str]
    activities: tuple[View, ...]
    unmeasured: frozenset[str]
    means: bool
    partners: bool

    @property
    def activity_ids(self) -> frozenset[str]:
        """The ids of the activities that are shown."""
        return frozenset(one["activity_id"] for one in self.activities)


def shown(
    method: WorkflowDefinition,
    rubrics: Iterable[Mapping[str, Any]],
    activities: Iterable[View],
    audience: str,
) -> Shown:
    """Tell what an audience sees of a plan with these rubrics, `withheld_from` read from its JSON, and activities."""
    hidden = frozenset(one["rubric_id"] for one in rubrics if withheld(one, audience))
    every = list(activities)
    seen = tuple(one for one in every if one["rubric_id"] not in hidden)
    # The indicators of activities that are withheld, and of no other, would tell of those.
    measured = {one["indicator_id"] for one in seen}
    return Shown(
        hidden,
        seen,
        frozenset({one["indicator_id"] for one in every if one["indicator_id"]} - measured),
        means=not any(one.means for one in method.rubrics if one.id in hidden),
        partners=not any(one.involvement for one in method.rubrics if one.id in hidden),
    )
