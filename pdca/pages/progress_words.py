"""The words of a progress report that it does not share with the screen: its one sentence and its marks."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final

from pdca.i18n import N_, _, gettext, in_a_row, language, ngettext
from pdca.indicators.assurance import Assurance
from pdca.indicators.reading import Variation
from pdca.indicators.told import ASSURANCE, VARIATION
from pdca.pages.blocks import Chip, Shape, Tone
from pdca.words import BECAUSE, evaluation_named, marked, spoken
from workflows import day_words
from workflows.schedule import parse_stated

View = Mapping[str, Any]

AUDIENCE: Final = {
    "internal": N_("for who works on the plan"),
    "partner": N_("for partners"),
    "authority": N_("for authorities"),
    "public": N_("for the population"),
}

NEXT: Final = {
    "group": N_("the project group is to be set up"),
    "start": N_("the plan is to be started"),
    "evaluation": N_("the next evaluation"),
    "record": N_("the evaluation is to be recorded"),
    "decide": N_("conclusions are to be drawn from the evaluation"),
    "missed": N_("the project group is to act on the missed evaluation"),
    "watch": N_("what stays watched is to be looked at again"),
    "reminder": N_("people are reminded of the evaluation"),
}
"""What falls due, as a report tells it."""

_VARIATION: Final[Mapping[Variation, tuple[Shape, Tone]]] = {
    Variation.TOO_FEW: ("ring", "calm"),
    Variation.COMMON: ("dot", "calm"),
    Variation.IMPROVING: ("up", "good"),
    Variation.WORSENING: ("down", "bad"),
    Variation.HIGHER: ("diamond", "warn"),
    Variation.LOWER: ("diamond", "warn"),
    Variation.BOTH_WAYS: ("diamond", "warn"),
}
_ASSURANCE: Final[Mapping[Assurance, tuple[Shape, Tone]]] = {
    Assurance.MET: ("square", "good"),
    Assurance.MISSED: ("cross", "bad"),
    Assurance.HIT_AND_MISS: ("diamond", "warn"),
    Assurance.NO_TARGET: ("ring", "calm"),
    Assurance.UNTOLD: ("ring", "calm"),
}
_DATE: Final[Mapping[str, tuple[str, Shape, Tone]]] = {
    "none": (N_("no evaluation date is fixed"), "ring", "warn"),
    "planned": (N_("first evaluation still to come"), "ring", "calm"),
    "date-open": (N_("evaluation in progress"), "dot", "calm"),
    "date-kept": (N_("evaluation date kept"), "square", "good"),
    "date-moved": (N_("evaluation date moved"), "diamond", "warn"),
    "date-late": (N_("evaluation recorded late"), "down", "bad"),
    "overdue": (N_("evaluation overdue"), "cross", "bad"),
    "missed": (N_("evaluation missed"), "cross", "bad"),
}


def in_words(stated: str | None) -> str:
    """Give a date as it was stated, `2024-10-31`, `2024-10` or `2024`, in words."""
    return _in_words(stated, language()) if stated else ""


# The plans of a page have dates and judgements in common; in each language they are other words.
@lru_cache(maxsize=1_024)
def _in_words(stated: str, _language: str) -> str:
    found = parse_stated(stated)
    if found.precision == "day":
        return day_words.day(found.date, gettext)
    if found.precision == "month":
        return _("%(month)s %(year)d") % {"month": _(day_words.MONTHS[found.date.month - 1]), "year": found.date.year}
    return stated


def chip(one: View) -> Chip:
    """Give a mark of the report in word, shape and colour."""
    return _chip(one["about"], one["code"], language())


@lru_cache(maxsize=128)
def _chip(about: str, code: str, _language: str) -> Chip:
    if about == "variation":
        variation = Variation(code)
        return Chip(_(VARIATION[variation]), *_VARIATION[variation])
    if about == "assurance":
        assurance = Assurance(code)
        return Chip(_(ASSURANCE[assurance]), *_ASSURANCE[assurance])
    words, shape, tone = _DATE[code]
    return Chip(_(words), shape, tone)


def sentence(clauses: Iterable[View]) -> str:
    """Put what the report comes down to into one sentence."""
    return one_sentence(_CLAUSES[one["code"]](one) for one in clauses)


def one_sentence(clauses: Iterable[str]) -> str:
    """Put clauses behind one another, as a sentence that begins and ends as one does."""
    return _("%(sentence)s.") % {"sentence": begun(in_a_row(clauses))}


def of_late(words: str, *, late: bool) -> str:
    """Say what falls due, with that it is late when it is."""
    return _("%(what)s (late)") % {"what": words} if late else words


def begun(text: str) -> str:
    """Begin a text as a sentence or a heading begins."""
    return text[:1].upper() + text[1:]


_FOUND: Final = {
    "effective": N_("the %(evaluation)s of %(day)s found that the plan works"),
    "ineffective": N_("the %(evaluation)s of %(day)s found that the plan does not work"),
    "inconclusive": N_("the %(evaluation)s of %(day)s could not tell yet whether the plan works"),
}
_FOUND_BEFORE: Final = {
    "effective": N_("the one before it, of %(day)s, found that the plan works"),
    "ineffective": N_("the one before it, of %(day)s, found that the plan does not work"),
    "inconclusive": N_("the one before it, of %(day)s, could not tell yet whether the plan works"),
}


def _evaluated(one: View) -> str:
    return spoken(_FOUND, one["verdict"]) % _names(one)


def _before(one: View) -> str:
    return spoken(_FOUND_BEFORE, one["verdict"]) % _names(one)


def _awaiting(one: View) -> str:
    count = max(one["days"], 0)
    return ngettext(
        "the %(evaluation)s of %(day)s has begun and has waited %(count)d day for its record",
        "the %(evaluation)s of %(day)s has begun and has waited %(count)d days for its record",
        count,
    ) % {**_names(one), "count": count}


def _missed(one: View) -> str:
    because = spoken(BECAUSE, one["because"]) if one["because"] in BECAUSE else ""
    return _("the %(evaluation)s of %(day)s was missed: %(reason)s") % {**_names(one), "reason": because}


def _to_be_recorded(one: View) -> str:
    if one["by"] is None:
        return _("the time for that is not over")
    return _("it is to be recorded by %(day)s") % {"day": in_words(one["by"])}


def _overdue(one: View) -> str:
    if one["by"] is None:
        return _("the time for that is over")
    return _("that should have been there by %(day)s") % {"day": in_words(one["by"])}


def _kept(_one: View) -> str:
    return _("its date was kept")


def _late(one: View) -> str:
    return _("it was recorded too late, on %(day)s") % {"day": in_words(one["recorded_on"])}


def _moved(one: View) -> str:
    count = one["times"]
    values = {"count": count, "before": in_words(one["first_date"])}
    return (
        ngettext(
            "its date was moved %(count)d time, and was %(before)s at first",
            "its date was moved %(count)d times, and was %(before)s at first",
            count,
        )
        % values
    )


def _next(one: View) -> str:
    return _("next, by %(day)s: %(what)s") % {"day": in_words(one["by"]), "what": spoken(NEXT, one["what"])}


def _next_late(one: View) -> str:
    return _("since %(day)s still to be done: %(what)s") % {
        "day": in_words(one["by"]),
        "what": spoken(_LATE, one["what"]),
    }


_LATE: Final = {
    "group": N_("the project group is set up"),
    "start": N_("the plan is started"),
    "evaluation": N_("the evaluation begins"),
    "record": N_("the evaluation is recorded"),
    "decide": N_("conclusions are drawn"),
    "missed": N_("somebody acts on the missed evaluation"),
    "watch": N_("it is looked at again"),
    "reminder": N_("people are reminded"),
}
_CLAUSES: Final[Mapping[str, Callable[[View], str]]] = {
    "not-evaluated": lambda _one: _("the plan was not evaluated yet"),
    "awaiting": _awaiting,
    "evaluated": _evaluated,
    "evaluated-before": _before,
    "missed": _missed,
    "date-kept": _kept,
    "date-open": _to_be_recorded,
    "date-late": _late,
    "date-moved": _moved,
    "overdue": _overdue,
    "next": _next,
    "next-late": _next_late,
    "held": lambda _one: _("the plan is suspended, and its dates wait"),
    "nothing-next": lambda _one: _("nothing is fixed for what comes next"),
    "ended": lambda _one: _("the plan is closed"),
    "watched": lambda one: (
        _("the plan is over; what stays watched is looked at again by %(day)s") % {"day": in_words(one["on"])}
    ),
}


def _names(one: View) -> dict[str, str]:
    day = date.fromisoformat(one["on"])
    return {
        "evaluation": evaluation_named(one["kind"]),
        "day": marked(day_words.day(day, gettext), one["assumed"]),
    }
