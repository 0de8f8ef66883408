"""Plans as they stand beside one another on a page: in a table, and as cards on a board."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pdca.i18n import _, ngettext
from pdca.pages.blocks import Board, Card, Cell, Chip, Column, Table, in_the_same, linked, said
from pdca.pages.progress_words import NEXT, chip, in_words, of_late
from pdca.report.board import PHASES
from pdca.words import EVALUATION_STATUS, VERDICTS, marked, spoken, with_name

View = Mapping[str, Any]
Links = Mapping[str, str]
"""By plan, the page that tells of it; empty where there are no other pages."""

_SUSPENDED: Final = "suspended"


def named(line: View, links: Links) -> str:
    """Give the title of a plan as it leads to its page."""
    title = said(line["title"])
    text = in_the_same(marked(title, line["assumed"]), title)
    return linked(text, links.get(line["plan_id"]))


def table(caption: str, lines: Iterable[View], links: Links) -> Table:
    """Put plans under one another with their step, their marks, their last evaluation and what comes next."""
    headings = (
        *(_("Plan"), _("Step"), _("Evaluation date"), _("Variation"), _("Assurance"), _("Last evaluation")),
        _("Next"),
    )
    rows: list[list[Cell]] = [
        [
            named(one, links),
            step(one),
            chip({"about": "evaluation-date", "code": one["date"]}),
            judged(one, "variation"),
            judged(one, "assurance"),
            last(one),
            coming(one),
        ]
        for one in lines
    ]
    return Table(caption, headings, rows, alike=True)


def step(line: View) -> str:
    """Give where a plan is, and in which cycle."""
    return _("%(state)s, cycle %(cycle)s") % {"state": said(line["state_label"]), "cycle": line["cycle"]}


def judged(line: View, about: str) -> Cell:
    """Give each judgement of the indicators of a plan, and of how many: they are never put together into one."""
    found = sorted(one[about] for one in line["indicators"] if one[about])
    marks = [_counted(chip({"about": about, "code": code}), found.count(code)) for code in dict.fromkeys(found)]
    return tuple(marks) or _("not measured")


def _counted(mark: Chip, count: int) -> Chip:
    if count == 1:
        return mark
    words = _("%(count)d indicators: %(words)s") % {"count": count, "words": mark.word}
    return Chip(words, mark.shape, mark.tone)


def last(line: View) -> str:
    """Give the last evaluation of a plan with its verdict, and how often dates were moved."""
    one = line["last"]
    words = _("not evaluated yet")
    if one:
        words = _("%(day)s: %(found)s") % {
            "day": in_words(one["due_date"]),
            "found": spoken(VERDICTS, one["verdict"]) if one["verdict"] else spoken(EVALUATION_STATUS, one["status"]),
        }
    if line["extensions"]:
        count = line["extensions"]
        moved = ngettext("a date was moved once", "dates were moved %(count)d times", count) % {"count": count}
        return f"{words} ({moved})"
    return words


def coming(line: View) -> str:
    """Give what falls due next of a plan."""
    one = line["next"]
    if line["watch_again"]:
        return _("looked at again by %(day)s") % {"day": in_words(line["watch_again"])}
    if one is None:
        return _("over") if line["ended"] else _("nothing is fixed")
    if one["held"]:
        return _("its dates wait")
    words = with_name(in_words(one["by"]), spoken(NEXT, one["what"]))
    return of_late(words, late=one["late"])


def board(piles: Iterable[View], lines: Mapping[str, View], links: Links) -> Board:
    """Put plans on a board: Plan, Do, Check and Adjust."""
    return Board([_column(pile, lines, links) for pile in piles if pile["phase"] in PHASES])


def apart(piles: Iterable[View], lines: Mapping[str, View], links: Links) -> Iterator[Column]:
    """Give the piles that are beside the four: what ended, goes on in daily work or is suspended."""
    for pile in piles:
        if pile["phase"] not in PHASES and pile["plans"]:
            yield _column(pile, lines, links)


def _column(pile: View, lines: Mapping[str, View], links: Links) -> Column:
    heading = _("%(state)s (%(count)d)") % {"state": said(pile["label"]), "count": len(pile["plans"])}
    cards = [_card(lines[plan], links) for plan in pile["plans"]]
    return Column(f"state-{pile['state']}", heading, cards, _("No plans here."))


def _card(line: View, links: Links) -> Card:
    told: list[Cell] = []
    if line["cycle"] > 1:
        told.append(_("cycle %(cycle)s") % {"cycle": line["cycle"]})
    if line["lead"]:
        told.append(said(line["lead"]["name"]))
    if line["ended"]:
        told.append(_("since %(date)s") % {"date": in_words(line["since"])})
    else:
        told.append(chip({"about": "evaluation-date", "code": line["date"]}))
    if not line["ended"] or line["watch_again"]:
        told.append(coming(line))
    return Card(named(line, links), told)
