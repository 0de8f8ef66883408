"""The error for what is named and is not there: one for each noun, with where to look."""

from collections.abc import Iterable

from pdca.errors import NotFound
from pdca.i18n import _


def unknown_plan(plan_id: str) -> NotFound:
    """Make the error for a plan that is not there."""
    return NotFound(
        "plan-unknown",
        _("There is no plan %(plan)s.") % {"plan": plan_id},
        hint=_("`pdca plan list` shows them all."),
    )


def unknown_programme(programme_id: str) -> NotFound:
    """Make the error for a programme that is not there."""
    return NotFound(
        "programme-unknown",
        _("There is no programme %(programme)s.") % {"programme": programme_id},
        hint=_("`pdca programme list` shows them all."),
    )


def unknown_programme_evaluation(evaluation: str) -> NotFound:
    """Make the error for an evaluation of a programme that is not there."""
    return NotFound(
        "programme-evaluation-unknown",
        _("No programme has an evaluation “%(evaluation)s”.") % {"evaluation": evaluation},
        hint=_("`pdca programme evaluation list` shows them all."),
    )


def unknown_objective(objective_id: str) -> NotFound:
    """Make the error for an objective that is not there."""
    return NotFound(
        "objective-unknown",
        _("There is no objective %(objective)s.") % {"objective": objective_id},
        hint=_("`pdca objective list` shows them all."),
    )


def unknown_phenomenon(phenomenon_id: str) -> NotFound:
    """Make the error for a phenomenon that is not there."""
    return NotFound(
        "phenomenon-unknown",
        _("There is no phenomenon “%(phenomenon)s”.") % {"phenomenon": phenomenon_id},
        hint=_("`pdca phenomenon list` shows them all."),
    )


def unknown_indicator(indicator_id: str) -> NotFound:
    """Make the error for an indicator that is not there."""
    return NotFound(
        "indicator-not-there",
        _("There is no indicator “%(indicator)s”.") % {"indicator": indicator_id},
        hint=_("`pdca indicator list` shows them all."),
    )


def unknown_party(party: str, known: Iterable[str]) -> NotFound:
    """Make the error for a function or stakeholder that is not there, with those that are."""
    names = ", ".join(known)
    return NotFound(
        "party-unknown",
        _("There is no function or stakeholder “%(party)s”.") % {"party": party},
        hint=_("There are: %(parties)s.") % {"parties": names}
        if names
        else _("There are none yet; `pdca function add` and `pdca partner add` make them."),
    )
