"""Whether others are informed in time: reports that are late or wait for a receipt, and whether letters can be made."""

from datetime import datetime
from importlib.util import find_spec
from typing import Final

from pdca.i18n import _
from pdca.report.health_check import OK, PROBLEM, WARNING, Found
from pdca.report.upcoming import waits_for
from pdca.schedules.information_moments import ended
from pdca.store.driver import Connection
from pdca.store.reads import evaluations, information
from pdca.words import REPORT_WAITS, spoken
from workflows.instants import to_text

SHOWN: Final = 10


def informed_in_time(connection: Connection, now: datetime) -> Found:
    """Look for what is late, what waits and what is lacking to go out; a check of `pdca doctor`."""
    waiting = {row["information_id"]: row for row in connection.all(information.OPEN)}
    kept = _first_reasons(connection, now) if waiting else {}
    if kept:
        words = _("These reports have not gone: %(reports)s") % {
            "reports": "; ".join(f"{name}: {reason}" for name, reason in list(kept.items())[:SHOWN])
        }
        return WARNING, words, _("`pdca information report REPORT` says what to do about it.")
    due = [row for row in connection.all(evaluations.LIVE) if row["kind"] == "information" and row["since"]]
    late = [
        f"{row['plan_id']} {waiting[row['information_id']]['report_id']}"
        f" ({spoken(REPORT_WAITS, str(waits_for(waiting[row['information_id']])))})"
        for row in due
        if row["information_id"] in waiting and row["since"] <= to_text(now)
    ]
    if late:
        words = _("Not approved or sent in time: %(reports)s.") % {"reports": ", ".join(late[:SHOWN])}
        return WARNING, words, _("`pdca plan next --all` says what to do about each.")
    by_letter = any(not ended(row) and row["method"] == "letter" for row in connection.all(information.IN_FORCE))
    if by_letter and find_spec("weasyprint") is None:
        hint = _("Install pdca with its extra “pdf” and the library Pango, or decide on another method.")
        return PROBLEM, _("Project groups inform others by letter, and no PDF can be made here."), hint
    posting = [row["report_id"] for row in waiting.values() if waits_for(row) in ("posting", "meeting")]
    if posting:
        words = _("These wait for a receipt: %(reports)s.") % {"reports": ", ".join(posting[:SHOWN])}
        return OK, words, _("`pdca information receipt REPORT` records that a letter was posted or a meeting held.")
    return OK, _("Everybody is informed in time."), None


def _first_reasons(connection: Connection, now: datetime) -> dict[str, str]:
    # What decides about informing is much to load, and mostly nothing waits.
    from pdca.report.kept_back import not_gone

    return {name: reasons[0]["need"] for name, reasons in not_gone(connection, now).items()}
