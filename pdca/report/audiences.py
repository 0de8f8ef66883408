"""For whom a report is, and what of a plan its readers never see."""

from collections.abc import Mapping
from typing import Any, Final

from pdca.errors import Refused, Usage
from pdca.i18n import _

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
    if plan["restricted"] and audience in _WITHHELD:
        raise Refused(
            "report-restricted",
            _("%(plan)s is restricted: neither partners nor the public see it.") % {"plan": plan["plan_id"]},
            hint=_("Make the report for the audience “internal” or “authority”."),
        )


def withheld(rubric: Mapping[str, Any], audience: str) -> bool:
    """Tell whether a rubric is withheld from an audience."""
    return _WITHHELD.get(audience) in (rubric["withheld_from"] or ())


def knows_people(audience: str) -> bool:
    """Tell whether an audience is told the names of people; the public is told their functions."""
    return audience != "public"
