"""What a word names: a programme, an evaluation of one, an objective, a phenomenon or an indicator.

By its id, or an unambiguous beginning of it.
"""

from collections.abc import Iterable, Sequence

from pdca.cli.house import find_plan
from pdca.errors import NotFound, Usage
from pdca.i18n import N_, _
from pdca.store.driver import Connection
from pdca.store.reads import plans, programme, programme_evaluations
from pdca.unknown import (
    unknown_indicator,
    unknown_objective,
    unknown_phenomenon,
    unknown_programme,
    unknown_programme_evaluation,
)


def find_programme(connection: Connection, word: str | None) -> str:
    """Give the id of the programme that a word names, or of the only one there is; raises NotFound."""
    found = named(word or "", (row["programme_id"] for row in connection.all(plans.PROGRAMMES)))
    several = N_("Several programmes are possible: %(names)s.")
    return the_one("programme-ambiguous", several, word or "", found, unknown_programme(word or ""))


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
    found = named(word, (row["objective_id"] for row in connection.all(statement))) if word else []
    several = N_("“%(word)s” names several objectives: %(names)s.")
    return the_one("objective-ambiguous", several, word, found, unknown_objective(word))


def find_phenomenon(connection: Connection, word: str) -> str:
    """Give the id of the phenomenon that a word names; raises NotFound."""
    found = named(word, (row["phenomenon_id"] for row in connection.all(programme.PHENOMENA))) if word else []
    several = N_("“%(word)s” names several phenomena: %(names)s.")
    return the_one("phenomenon-ambiguous", several, word, found, unknown_phenomenon(word))


def find_programme_evaluation(connection: Connection, word: str) -> str:
    """Give the id of the evaluation of a programme that a word names; raises NotFound."""
    every = (row["evaluation_id"] for row in connection.all(programme_evaluations.EVERY))
    found = named(word, every) if word else []
    several = N_("“%(word)s” names several evaluations: %(names)s.")
    return the_one("programme-evaluation-ambiguous", several, word, found, unknown_programme_evaluation(word))


def find_indicator(connection: Connection, word: str) -> str:
    """Give the id of the indicator that a word names; raises NotFound."""
    found = named(word, (row["indicator_id"] for row in connection.all(plans.INDICATORS))) if word else []
    several = N_("“%(word)s” names several indicators: %(names)s.")
    return the_one("indicator-ambiguous", several, word, found, unknown_indicator(word))


def named(word: str, names: Iterable[str]) -> list[str]:
    """Find the names that a word can mean: the name itself, however it is cased, otherwise those that begin so."""
    wanted, known = word.casefold(), list(names)
    exact = [name for name in known if name.casefold() == wanted]
    return exact or [name for name in known if name.casefold().startswith(wanted)]


def the_one(code: str, several: str, word: str, found: Sequence[str], unknown: NotFound) -> str:
    """Give the only name that was found; raises NotFound: `unknown` for none, and for several one with this code.

    `several` is marked by `N_`, and says the `word` and the `names`.
    """
    if not found:
        raise unknown
    if len(found) > 1:
        raise NotFound(code, _(several) % {"word": word, "names": ", ".join(found)}, hint=_("Say which one."))
    return found[0]
