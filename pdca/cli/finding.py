"""What a word names: a programme, an objective or a phenomenon, by its id or an unambiguous beginning of it."""

from collections.abc import Sequence

from pdca.errors import NotFound
from pdca.i18n import _
from pdca.store.driver import Connection
from pdca.store.reads import plans, programme


def find_programme(connection: Connection, word: str | None) -> str:
    """Give the id of the programme that a word names, or of the only one there is; raises NotFound."""
    found = _named(word or "", [row["programme_id"] for row in connection.all(plans.PROGRAMMES)])
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFound(
            "programme-ambiguous",
            _("Several programmes are possible: %(programmes)s.") % {"programmes": ", ".join(found)},
            hint=_("Say which one."),
        )
    raise NotFound(
        "programme-unknown",
        _("There is no programme %(programme)s.") % {"programme": word or ""},
        hint=_("`pdca programme list` shows them all."),
    )


def find_objective(connection: Connection, word: str) -> str:
    """Give the id of the objective that a word names; raises NotFound."""
    found = _named(word, [row["objective_id"] for row in connection.all(plans.OBJECTIVES)])
    if len(found) == 1 and word:
        return found[0]
    if found and word:
        raise NotFound(
            "objective-ambiguous",
            _("“%(word)s” names several objectives: %(objectives)s.") % {"word": word, "objectives": ", ".join(found)},
            hint=_("Say which one."),
        )
    raise NotFound(
        "objective-unknown",
        _("There is no objective %(objective)s.") % {"objective": word},
        hint=_("`pdca objective list` shows them all."),
    )


def find_phenomenon(connection: Connection, word: str) -> str:
    """Give the id of the phenomenon that a word names; raises NotFound."""
    found = _named(word, [row["phenomenon_id"] for row in connection.all(programme.PHENOMENA)])
    if len(found) == 1 and word:
        return found[0]
    if found and word:
        raise NotFound(
            "phenomenon-ambiguous",
            _("“%(word)s” names several phenomena: %(phenomena)s.") % {"word": word, "phenomena": ", ".join(found)},
            hint=_("Say which one."),
        )
    raise NotFound(
        "phenomenon-unknown",
        _("There is no phenomenon “%(phenomenon)s”.") % {"phenomenon": word},
        hint=_("`pdca phenomenon list` shows them all."),
    )


def _named(word: str, names: Sequence[str]) -> list[str]:
    wanted = word.casefold()
    exact = [name for name in names if name.casefold() == wanted]
    return exact or [name for name in names if name.casefold().startswith(wanted)]
