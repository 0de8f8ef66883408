"""What a word names: a programme, an evaluation of one, an objective, a phenomenon or an indicator.

By its id, or an unambiguous beginning of it.
"""

from collections.abc import Iterable

from pdca.cli.house import find_plan
from pdca.errors import NotFound, Usage
from pdca.i18n import _
from pdca.store.driver import Connection
from pdca.store.reads import plans, programme, programme_evaluations
from pdca.unknown import unknown_indicator, unknown_objective, unknown_programme, unknown_programme_evaluation


def find_programme(connection: Connection, word: str | None) -> str:
    """Give the id of the programme that a word names, or of the only one there is; raises NotFound."""
    found = _named(word or "", (row["programme_id"] for row in connection.all(plans.PROGRAMMES)))
    several = _("Several programmes are possible: %(programmes)s.") % {"programmes": ", ".join(found)}
    return _only(
        found, NotFound("programme-ambiguous", several, hint=_("Say which one.")), unknown_programme(word or "")
    )


def find_objective(connection: Connection, word: str, *, under_plans: bool = False) -> str:
    """Give the id of the objective that a word names; raises NotFound.

    Those under plans, called like P-004/O1 or AP-HOTSPOT/o1, are among them where asked for; Usage otherwise.
    """
    plan_word, slash, own = word.partition("/")
    if slash:
        plan_id = find_plan(connection, plan_word)
        if not under_plans:
            raise Usage(
                "objective-under-plan",
                _("An objective under a plan follows that plan, and nothing is decided over it alone."),
                hint=_("Change it with `pdca plan edit %(plan)s`.") % {"plan": plan_id},
            )
        word = f"{plan_id}/{own}"
    statement = plans.EVERY_PLAN_OBJECTIVE if slash else plans.OBJECTIVES
    found = _named(word, (row["objective_id"] for row in connection.all(statement))) if word else []
    several = _("“%(word)s” names several objectives: %(objectives)s.") % {"word": word, "objectives": ", ".join(found)}
    return _only(found, NotFound("objective-ambiguous", several, hint=_("Say which one.")), unknown_objective(word))


def find_phenomenon(connection: Connection, word: str) -> str:
    """Give the id of the phenomenon that a word names; raises NotFound."""
    found = _named(word, (row["phenomenon_id"] for row in connection.all(programme.PHENOMENA))) if word else []
    several = _("“%(word)s” names several phenomena: %(phenomena)s.") % {"word": word, "phenomena": ", ".join(found)}
    unknown = NotFound(
        "phenomenon-unknown",
        _("There is no phenomenon “%(phenomenon)s”.") % {"phenomenon": word},
        hint=_("`pdca phenomenon list` shows them all."),
    )
    return _only(found, NotFound("phenomenon-ambiguous", several, hint=_("Say which one.")), unknown)


def find_programme_evaluation(connection: Connection, word: str) -> str:
    """Give the id of the evaluation of a programme that a word names; raises NotFound."""
    every = (row["evaluation_id"] for row in connection.all(programme_evaluations.EVERY))
    found = _named(word, every) if word else []
    several = _("“%(word)s” names several evaluations: %(evaluations)s.") % {
        "word": word,
        "evaluations": ", ".join(found),
    }
    ambiguous = NotFound("programme-evaluation-ambiguous", several, hint=_("Say which one."))
    return _only(found, ambiguous, unknown_programme_evaluation(word))


def find_indicator(connection: Connection, word: str) -> str:
    """Give the id of the indicator that a word names; raises NotFound."""
    found = _named(word, (row["indicator_id"] for row in connection.all(plans.INDICATORS))) if word else []
    several = _("“%(word)s” names several indicators: %(indicators)s.") % {"word": word, "indicators": ", ".join(found)}
    unknown = unknown_indicator(word)
    return _only(found, NotFound("indicator-ambiguous", several, hint=_("Say which one.")), unknown)


def _named(word: str, names: Iterable[str]) -> list[str]:
    wanted, known = word.casefold(), list(names)
    exact = [name for name in known if name.casefold() == wanted]
    return exact or [name for name in known if name.casefold().startswith(wanted)]


def _only(found: list[str], several: NotFound, none: NotFound) -> str:
    if len(found) != 1:
        raise several if found else none
    return found[0]
