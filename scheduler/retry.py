"""Taking up again what a sweep set aside, once its cause is mended."""

from collections.abc import Sequence

from pdca.errors import NotFound
from pdca.evaluations.set_aside import TakeUpAgain
from pdca.house import House
from pdca.i18n import _
from pdca.store.reads import evaluations


def take_up(house: House, deadlines: Sequence[str], reason: str, *, dry_run: bool = False) -> list[str]:
    """Make deadlines that were set aside due again, those named or all, each in a transaction of its own; their ids.

    Raises NotFound for one that is not set aside, NoRight for who is no administrator; then nothing is changed.
    """
    with house.reading() as connection:
        aside = {row["deadline_id"]: row["plan_id"] for row in connection.all(evaluations.SET_ASIDE)}
    unknown = next((name for name in deadlines if name not in aside), None)
    if unknown is not None:
        raise NotFound(
            "deadline-unknown",
            _("No deadline “%(deadline)s” is set aside.") % {"deadline": unknown},
            hint=_("Set aside are: %(deadlines)s.") % {"deadlines": ", ".join(aside)}
            if aside
            else _("Nothing is set aside."),
        )
    wanted = list(dict.fromkeys(deadlines)) or list(aside)
    for name in wanted:
        house.apply(TakeUpAgain(name, aside[name], reason), dry_run=dry_run)
    return wanted
