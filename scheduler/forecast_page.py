"""A forecast as people and programs read it: a list, the months with what comes together in them, and a calendar."""

from calendar import Calendar as MonthDays
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date
from itertools import groupby
from typing import Any, Final

from pdca import ics
from pdca.cli.cells import MARKS, Column
from pdca.cli.event_words import KINDS, NOTICES
from pdca.cli.output import Block, Heading, Row, Table
from pdca.cli.words import title
from pdca.i18n import N_, _, language, localized
from pdca.words import WHAT, marked, method_named, spoken
from scheduler.forecast import Forecast, Pile
from workflows.day_words import MONTHS, WEEKDAYS, weekday
from workflows.instants import from_text

NOBODY_ACTS: Final = "nobody_acts"
IN_TIME: Final = "in_time"
ASSUMPTIONS: Final = {
    NOBODY_ACTS: N_("Assumed: nobody acts."),
    IN_TIME: N_("Assumed: everybody acts at once, as far as the rules allow."),
}
CROWDED: Final = 2
"""From so many on dates pile up on a day."""

MOST_CROWDED: Final = 10
CELL: Final = 9


def _what(row: Row) -> str:
    return spoken(WHAT, row["what"]) if row["what"] in WHAT else str(row["what"])


def _outcome(row: Row) -> str:
    # What opens an evaluation is a step of the plan; the message about it says which.
    words = KINDS | NOTICES | {"plan.advanced": NOTICES["evaluation.opened"]}
    return spoken(words, row["outcome"]) if row["outcome"] in words else str(row["outcome"])


def _asked(row: Row) -> str:
    return ", ".join(row["asked"]) or _("nobody")


def _title(row: Row) -> str:
    return title(row) if row["title"] else ""


COLUMNS: Final = (
    Column("day", N_("Day"), whole=True),
    Column("plan", N_("Plan"), whole=True),
    Column("what", N_("What"), show=_what),
    Column("subject", N_("About"), whole=True),
    Column("outcome", N_("Then"), show=_outcome),
    Column("asked", N_("Who is asked"), show=_asked),
    Column("title", N_("Title"), show=_title),
)
INFORMATION: Final = (
    Column("day", N_("Day"), whole=True, show=lambda row: marked(row["day"], row["assumed"])),
    Column("plan", N_("Plan"), whole=True),
    Column("moment", N_("Moment"), whole=True),
    Column("party", N_("Recipient"), show=lambda row: localized(row["party_name"])),
    Column("method", N_("Method"), show=lambda row: method_named(row["method"])),
    Column("title", N_("Title"), show=_title),
)
HELD: Final = (
    Column("day", N_("Day"), whole=True, show=lambda row: marked(row["day"], row["assumed"])),
    Column("plan", N_("Plan"), whole=True),
    Column("what", N_("What"), show=_what),
    Column("subject", N_("About"), whole=True),
    Column("title", N_("Title"), show=_title),
)
FIELDS: Final = (
    *COLUMNS,
    Column("at", "At"),
    Column("due_at", "Due at"),
    Column("step", "Step"),
    Column("evaluation", "Evaluation"),
    Column("programme", "Programme"),
    Column("assumption", "Assumption"),
    *MARKS,
)


def described(forecast: Forecast, until: str, assumption: str) -> dict[str, Any]:
    """Give what a forecast rests on and comes to, beside its rows, as JSON fields."""
    return {
        "from": forecast.start.date().isoformat(),
        "until": until,
        "assumption": assumption,
        "set_aside": forecast.passed.set_aside,
        "days": {
            pile.day: {key: value for key, value in asdict(pile).items() if key != "day"} for pile in forecast.piles()
        },
        "held_up": forecast.held_up,
        "information": _by_name(forecast.information, "moment"),
        "held": _by_name(forecast.held, "deadline"),
    }


def _by_name(rows: Iterable[Row], name: str) -> dict[str, dict[str, Any]]:
    return {one[name]: {key: value for key, value in one.items() if key != name} for one in rows}


def blocks(forecast: Forecast, until: str, assumption: str) -> Iterator[Block]:
    """Say to people what falls due, on which days much comes together, and what holds plans up."""
    if forecast.rows:
        yield Table(COLUMNS, forecast.rows)
    yield from summary(forecast, until, assumption)


def summary(forecast: Forecast, until: str, assumption: str) -> Iterator[Block]:
    """Say how much falls due, and what has to be known of it."""
    yield _("What falls due from %(from)s to %(until)s: %(count)s.") % {
        "from": forecast.start.date().isoformat(),
        "until": until,
        "count": len(forecast.rows),
    }
    yield _(ASSUMPTIONS[assumption])
    yield from _crowded(forecast.piles())
    if forecast.information:
        yield Heading(_("Moments of information in that time"))
        yield Table(INFORMATION, forecast.information)
    if forecast.held:
        yield Heading(_("Held while the plan is suspended: kept, and enforced when it is resumed"))
        yield Table(HELD, forecast.held)
    if forecast.held_up:
        yield Heading(_("Held up by the rules, although everybody acts"))
        for plan, needs in sorted(forecast.held_up.items()):
            yield f"  {plan}"
            yield from (f"    - {words}" for words in needs.values())
    if forecast.passed.set_aside:
        yield _("Set aside because of an error: %(count)s.") % {"count": forecast.passed.set_aside}


def _crowded(piles: Sequence[Pile]) -> Iterator[Block]:
    crowded = sorted((pile for pile in piles if pile.due >= CROWDED), key=lambda pile: (-pile.due, pile.day))
    if not crowded:
        return
    yield Heading(_("Days on which dates pile up"))
    for pile in crowded[:MOST_CROWDED]:
        yield _("  %(day)s: dates %(due)s, plans %(plans)s, people asked %(people)s") % {
            "day": weekday(date.fromisoformat(pile.day), _),
            "due": pile.due,
            "plans": pile.plans,
            "people": pile.people,
        }
    if len(crowded) > MOST_CROWDED:
        yield _("  and more such days: %(count)s") % {"count": len(crowded) - MOST_CROWDED}


def months(forecast: Forecast) -> Iterator[Block]:
    """Draw the months in which something falls due, with how much behind the number of the day; what is held in []."""
    due = Counter({date.fromisoformat(pile.day): pile.due for pile in forecast.piles()})
    held = Counter(date.fromisoformat(row["day"]) for row in forecast.held)
    for (year, month), _days in groupby(sorted(due | held), key=lambda day: (day.year, day.month)):
        yield Heading(f"{_(MONTHS[month - 1])} {year}".capitalize())
        yield "".join(_(name)[:2].ljust(CELL) for name in WEEKDAYS).rstrip()
        for week in MonthDays().monthdatescalendar(year, month):
            yield "".join(
                _cell(day, due[day], held[day]) if day.month == month else " " * CELL for day in week
            ).rstrip()
        yield ""


def _cell(day: date, due: int, held: int) -> str:
    counts = (f"({due})" if due else "") + (f"[{held}]" if held else "")
    return f"{day.day:>2}{counts}".ljust(CELL)


def as_calendar(forecast: Forecast, name: str, assumption: str) -> str:
    """Write the rows as a calendar of RFC 5545: an event of the whole day for each thing that comes.

    What is held is tentative: it takes place on that day only if the plan is resumed before it.
    """
    entries: list[ics.Entry] = []

    def add(key: str, day: str, summary: str, description: str, *, tentative: bool = False) -> None:
        entry = ics.Entry(f"{key}@forecast.pdca", date.fromisoformat(day), summary, description, forecast.start)
        entries.append(replace(entry, status=ics.TENTATIVE) if tentative else entry)

    for row in forecast.rows:
        add(row["key"], row["day"], _summary(row), "\n".join(_details(row, assumption)))
    for row in forecast.information:
        words = {"party": localized(row["party_name"]), "method": method_named(row["method"])}
        told = _("Inform %(party)s (%(method)s)") % words
        add(row["moment"], row["day"], f"{row['plan']} {told}", _title(row))
    for row in forecast.held:
        held = _("held while the plan is suspended")
        add(row["deadline"], row["day"], f"{_summary(row)}: {held}", _title(row), tentative=True)
    return ics.feed(entries, product="simulate", name=name, language=language(), refresh=None).decode()


def _summary(row: Row) -> str:
    return " ".join(part for part in (row["plan"], _what(row), row["subject"]) if part)


def _details(row: Row, assumption: str) -> Iterable[str]:
    if row["title"]:
        yield _title(row)
    yield _("Then: %(outcome)s") % {"outcome": _outcome(row)}
    yield _("Who is asked: %(people)s") % {"people": _asked(row)}
    if row["due_at"] and from_text(row["due_at"]).date() < from_text(row["at"]).date():
        yield _("Due since %(date)s") % {"date": row["due_at"][:10]}
    yield _(ASSUMPTIONS[assumption])
