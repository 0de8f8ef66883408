"""Words and small helpers that several commands share: how states, statuses and dates are shown and read."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final, overload
from zoneinfo import ZoneInfo

from pdca.cli.cells import Column, Row
from pdca.errors import Usage
from pdca.i18n import N_, _, localized, ngettext
from pdca.words import (
    REPORT_WAITS,
    WHAT,
    marked,
    spoken,
)
from workflows.instants import from_text

if TYPE_CHECKING:
    from workflows.schedule import StatedDate

DRY_RUN = N_("Nothing was changed: this was a dry run.")


def moved(row: Row) -> str:
    """Say from which date an evaluation was moved, and how often when that was more than once."""
    return moved_from(day(row["first_due_at"], row["zone"]), row["extensions"])


def moved_from(date: str, count: int) -> str:
    """Say that a date was another one before it was moved, and how often it was when that was more than once."""
    return ngettext("was %(date)s", "was %(date)s, moved %(count)s times", count) % {"date": date, "count": count}


def by_when(row: Row) -> str:
    """Give the day by which something falls due, and the one that it had before it was put off."""
    by = day(row["by"], row["zone"])
    return f"{by} ({moved_from(day(row['first_by'], row['zone']), 1)})" if row["first_by"] else by


def requests(extensions: Sequence[Row]) -> Iterator[str]:
    """Say of each request to move a date what became of it: those that were approved first."""
    for one in extensions:
        if one["approved_at"]:
            values = {"before": one["from_date"], "after": one["to_date"], "reason": one["reason"]}
            yield _("moved from %(before)s to %(after)s: %(reason)s") % values
    for one in extensions:
        if one["approved_at"]:
            continue
        values = {"date": one["to_date"], "reason": one["withdrawn_reason"] or one["reason"]}
        if one["withdrawn_at"] and one["withdrawn_reason"] is None:
            template = _("asked to be moved to %(date)s, and withdrawn because its moment became another: %(reason)s")
        elif one["withdrawn_at"]:
            template = _("asked to be moved to %(date)s, and withdrawn: %(reason)s")
        else:
            template = _("asked to be moved to %(date)s, and not approved: %(reason)s")
        yield template % values


def title(row: Row) -> str:
    """Give the title of a row, marked when it is restricted or assumed."""
    text = localized(row["title"])
    if row.get("restricted"):
        text += " [" + _("restricted") + "]"
    return marked(text, row.get("assumed"))


def state(row: Row) -> str:
    """Give the state of a plan as its method calls it."""
    return localized(row["state_label"])


def day(text: str | None, zone: str) -> str:
    """Give the local day of an instant in a time zone; nothing for none."""
    return from_text(text).astimezone(ZoneInfo(zone)).date().isoformat() if text else ""


@overload
def parse_day(option: str, text: str) -> date: ...
@overload
def parse_day(option: str, text: str | None) -> date | None: ...
def parse_day(option: str, text: str | None) -> date | None:
    """Read a date of an option; raises Usage."""
    if text is None:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise Usage(
            "date-unknown",
            _("%(option)s: “%(text)s” is no date.") % {"option": option, "text": text},
            hint=_("Write it like 2024-10-31."),
        ) from error
    _check_within_reach(option, found.year)
    return found


def parse_span_end(option: str, text: str) -> "StatedDate":
    """Read where a period begins or ends, `2026-01-01`, `2026-01` or `2026`; raises Usage."""
    found = parse_stated_date(option, text)
    _check_within_reach(option, found.date.year)
    return found


def parse_stated_date(option: str, text: str) -> "StatedDate":
    """Read a date of an option as it is stated: a day, a month or a year; raises Usage."""
    # Imported here: most commands are given no date.
    from workflows.schedule import ScheduleError, parse_stated

    try:
        return parse_stated(text)
    except ScheduleError as error:
        message = _("%(option)s: “%(text)s” is no date.") % {"option": option, "text": text}
        raise Usage("date-unknown", message, hint=_("Write it like 2024-10-31, or 2024-10 for a month.")) from error


def _check_within_reach(option: str, year: int) -> None:
    # Imported here: it knows much besides, and most commands are given no date.
    from pdca.shapes import FIRST_YEAR, LAST_YEAR

    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Usage(
            "date-out-of-reach",
            _("%(option)s: the year %(year)d is out of reach.") % {"option": option, "year": year},
            hint=_("Use a year from %(first)d to %(last)d.") % {"first": FIRST_YEAR, "last": LAST_YEAR},
        )


BEHALF = (Column("on_behalf_of", "On behalf of"), Column("on_behalf_of_name", "On behalf of"))
"""For whom somebody acted, as programs read it."""


def behalf(row: Row) -> str:
    """Say for whom somebody acted, to go on behind a name; nothing for who acted in his or her own right."""
    if not row["on_behalf_of"]:
        return ""
    absent = f"{row['on_behalf_of_name'] or ''} ({row['on_behalf_of']})".strip()
    return " " + _("on behalf of %(person)s") % {"person": absent}


TAKEN_UP: Final = tuple(
    Column(key, heading)
    for key, heading in (
        ("acknowledged_by", "Taken up by"),
        ("acknowledged_by_name", "Taken up by (name)"),
        ("acknowledged_until", "Taken up until"),
        ("acknowledged_reason", "Why taken up"),
        ("acknowledged_by_assumed", "Who took it up is assumed"),
    )
)
"""For programs: who has taken up what is overdue."""


def taken_up(row: Row) -> str:
    """Say in brackets who has taken up what is overdue, and until when; "" when nobody has."""
    if row["acknowledged_by"] is None:
        return ""
    name = marked(row["acknowledged_by_name"], row["acknowledged_by_assumed"])
    return " (" + _("acknowledged by %(name)s") % {"name": name} + until(row["acknowledged_until"], row["zone"]) + ")"


def what(row: Row) -> str:
    """Say what is to be done; of an evaluation that was missed also when the next one is, of a report what it lacks."""
    words = spoken(WHAT, row["what"])
    if row["waits_for"]:
        kept = (one["need"].rstrip(".") for one in row["not_gone"])
        return words + " (" + ". ".join((spoken(REPORT_WAITS, row["waits_for"]), *kept)) + ")"
    if row["what"] != "missed":
        return words
    if row["following"] is None:
        return words + " (" + _("no other one is to come") + ")"
    return words + " (" + _("the next one is on %(date)s") % {"date": row["following"]} + ")"


def until(instant: str | None, zone: str) -> str:
    """Say until which day something is taken up; "" when it is for good."""
    return "" if instant is None else " " + _("until %(date)s") % {"date": day(instant, zone)}
