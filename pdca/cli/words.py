"""Words and small helpers that several commands share: how states, statuses and dates are shown and read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, overload
from zoneinfo import ZoneInfo

from pdca.cli.cells import Column, Row, marked, spoken
from pdca.errors import Usage
from pdca.evaluation_status import STATUS
from pdca.i18n import N_, _, language, localized, ngettext
from pdca.shapes import FIRST_YEAR, LAST_YEAR
from workflows.instants import from_text
from workflows.schedule import ScheduleError, StatedDate, parse_stated

OVERDUE = N_("overdue")
EVALUATION_STATUS = STATUS
ACTIVITY_STATUS = {
    "planned": N_("planned"),
    "running": N_("running"),
    "done": N_("done"),
    "dropped": N_("dropped"),
}
MEANS = {
    "money": N_("EUR"),
    "fte": N_("FTE"),
    "hours": N_("hours"),
    "headcount": N_("people"),
}
MODES = {
    "training": N_("training"),
    "information": N_("information"),
    "consultation": N_("consultation"),
}
"""How a partner is involved in a session."""
EVALUATION_KIND = {
    "interim": N_("interim"),
    "yearly": N_("yearly"),
    "half_yearly": N_("half-yearly"),
    "quarterly": N_("quarterly"),
    "monthly": N_("monthly"),
    "final": N_("final"),
    "mid_term": N_("mid-term"),
    "ad_hoc": N_("ad hoc"),
}
"""The kinds of evaluation that have a word; a project group may write any other."""
EVALUATION_NAMED = {
    "interim": N_("interim evaluation"),
    "yearly": N_("yearly evaluation"),
    "half_yearly": N_("half-yearly evaluation"),
    "quarterly": N_("quarterly evaluation"),
    "monthly": N_("monthly evaluation"),
    "final": N_("final evaluation"),
    "mid_term": N_("mid-term evaluation"),
    "ad_hoc": N_("ad hoc evaluation"),
}
VERDICTS = {
    "effective": N_("effective"),
    "ineffective": N_("ineffective"),
    "inconclusive": N_("inconclusive"),
}
DUE_TO = {
    "plan": N_("the plan"),
    "daily_work": N_("daily work, not the plan"),
    "others": N_("others"),
    "unclear": N_("unclear"),
}
ACTIVITY_DECISIONS = {
    "adopt": N_("adopted"),
    "adapt": N_("adapted"),
    "abandon": N_("abandoned"),
}
FOLLOW_UP_STATUS = {
    "open": N_("open"),
    "done": N_("done"),
    "dropped": N_("dropped"),
}
BECAUSE = {
    "not_started": N_("the plan had not started"),
    "previous_not_concluded": N_("the previous one was not concluded"),
    "one_with_previous": N_("held together with the previous one, which was opened late"),
}
WHAT = {
    "group": N_("set up the project group"),
    "start": N_("start the plan"),
    "evaluation": N_("evaluation falls due"),
    "record": N_("record the evaluation"),
    "decide": N_("conclude or decide"),
    "missed": N_("an evaluation was missed: act"),
    "watch": N_("look at it again"),
    "reminder": N_("remind people of an evaluation"),
    "approve": N_("approve the next step"),
    "approve_extension": N_("approve another date"),
    "answer": N_("answer a partner"),
    "activity": N_("an activity should be done"),
    "follow_up": N_("answer what was to be followed up"),
    "submit": N_("hand in the programme"),
    "programme_evaluation": N_("evaluate the programme"),
}
AUDIENCES = {
    "partners": N_("partners"),
    "public": N_("the public"),
}
DRY_RUN = N_("Nothing was changed: this was a dry run.")


def spoken_list(words: Mapping[str, str], codes: Iterable[str]) -> str:
    """Give the words for several codes, with commas between them."""
    return ", ".join(spoken(words, code) for code in codes)


def kind_of_evaluation(row: Row) -> str:
    """Give what kind of evaluation a row is about."""
    return spoken(EVALUATION_KIND, row["kind"]) if row["kind"] in EVALUATION_KIND else str(row["kind"])


def evaluation_named(kind: str) -> str:
    """Give what an evaluation of a kind is called in a sentence; a kind of one's own stands in brackets as it is."""
    if kind in EVALUATION_NAMED:
        return spoken(EVALUATION_NAMED, kind)
    return _("evaluation (%(kind)s)") % {"kind": kind}


def amount(text: str) -> str:
    """Give a figure with its thousands apart and the mark of the decimals, as the language spoken writes them."""
    thousands, decimals = {"nl": (".", ","), "fr": ("\u202f", ",")}.get(language(), (",", "."))
    bare = text.lstrip("+-")
    whole, _point, part = bare.partition(".")
    if not whole.isdecimal():
        return text
    sign = text.removesuffix(bare)
    return sign + f"{int(whole):,}".replace(",", thousands) + (f"{decimals}{part}" if part else "")


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


def parse_span_end(option: str, text: str) -> StatedDate:
    """Read where a period begins or ends, `2026-01-01`, `2026-01` or `2026`; raises Usage."""
    found = parse_stated_date(option, text)
    _check_within_reach(option, found.date.year)
    return found


def parse_stated_date(option: str, text: str) -> StatedDate:
    """Read a date of an option as it is stated: a day, a month or a year; raises Usage."""
    try:
        return parse_stated(text)
    except ScheduleError as error:
        message = _("%(option)s: “%(text)s” is no date.") % {"option": option, "text": text}
        raise Usage("date-unknown", message, hint=_("Write it like 2024-10-31, or 2024-10 for a month.")) from error


def _check_within_reach(option: str, year: int) -> None:
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
    """Say what is to be done; of an evaluation that was missed also when the next one is."""
    words = spoken(WHAT, row["what"])
    if row["what"] != "missed":
        return words
    if row["following"] is None:
        return words + " (" + _("no other one is to come") + ")"
    return words + " (" + _("the next one is on %(date)s") % {"date": row["following"]} + ")"


def until(instant: str | None, zone: str) -> str:
    """Say until which day something is taken up; "" when it is for good."""
    return "" if instant is None else " " + _("until %(date)s") % {"date": day(instant, zone)}
