"""Whether what was written for others shows what it may not by now; a check of `pdca doctor`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pdca.house import House
from pdca.i18n import _
from pdca.information.in_folder import LETTERS, SITE, to_withdraw
from pdca.report.health_check import OK, WARNING, Check, Found, guarded
from pdca.report.site_mark import erased_by_now, held_back_since, read_mark
from pdca.store.driver import Connection

SHOWN: Final = 10
_OTHERS: Final = 0o007


def of_what_was_written(house: House, folder: Path) -> Iterator[Check]:
    """Check the folder of letters and pages; nothing where the database cannot be read, which others tell."""

    def look() -> Found:
        with house.reading() as connection:
            return written(connection, folder)

    yield guarded("written", look)


def written(connection: Connection, folder: Path) -> Found:
    """Look for letters and pages, and for a site, that show what was withheld or erased since."""
    hint = _("The scheduler sees to it; without one, `pdca notify deliver` does.")
    reports = []
    for one in to_withdraw(connection, folder, {}):
        if one.unsure is not None:
            raise one.unsure
        reports.append(one.report_id)
    if reports:
        words = _("In %(folder)s lies what may not be shown any more: %(reports)s.")
        values = {"folder": folder.absolute(), "reports": ", ".join(reports[:SHOWN])}
        return WARNING, words % values, hint
    letters = folder.absolute() / LETTERS
    if letters.is_dir() and letters.stat().st_mode & _OTHERS:
        right = _("Take that right away: chmod o-rwx %(file)s") % {"file": letters}
        return WARNING, _("Everybody on this machine can read the letters."), right
    mark = read_mark(folder / SITE)
    place = {"folder": (folder / SITE).absolute()}
    plans = held_back_since(connection, mark)
    if plans:
        words = _("The site in %(folder)s shows what is withheld from its readers by now, of: %(plans)s.")
        return WARNING, words % {**place, "plans": ", ".join(plans[:SHOWN])}, hint
    if mark.audience is not None and mark.erased != erased_by_now(connection):
        return WARNING, _("The site in %(folder)s was written before something was erased.") % place, hint
    return OK, _("What was written for others shows nothing that is withheld."), None
