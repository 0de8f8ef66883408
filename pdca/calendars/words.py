"""What calendars say in the language of the reader: which plan, and what; never what was found or who did something."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pdca.calendars.moments import Moment
from pdca.i18n import N_, localized
from pdca.notify import frame
from pdca.notify.lines import one_line, shortened
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from workflows.day_words import Say

LONGEST_TITLE: Final = 60

WHAT: Final = {
    "evaluation": N_("evaluation"),
    "information": N_("information for %(party)s"),
    "follow_up": N_("answer what was to be followed up"),
    "group": N_("set up the project group"),
    "start": N_("start the plan"),
    "record": N_("record the evaluation"),
    "decide": N_("conclude or decide"),
    "watch": N_("look at it again"),
    "programme_evaluation": N_("evaluate the programme"),
}

_WITHOUT_TITLE: Final = N_("%(plan)s: %(news)s")

_BECAME: Final = {
    "open": N_("The evaluation is open."),
    "recorded": N_("The evaluation is recorded."),
    "missed": N_("The evaluation was missed."),
    "cancelled": N_("The evaluation does not take place."),
    "held": N_("Held while the plan is suspended: it counts only once the plan is resumed."),
    "done": N_("It is answered."),
    "dropped": N_("It was dropped."),
    "void": N_("It is done already, or not to be done any more."),
}
_SIMULATED: Final = N_("[SIMULATION] This calendar comes from a simulated installation. Nothing in it has happened.")

NAMES: Final = {
    "person": N_("%(organisation)s: my action plans"),
    "plan": N_("%(organisation)s: %(plan)s %(title)s"),
    "plan_restricted": N_("%(organisation)s: %(plan)s"),
    "internal": N_("%(organisation)s: all action plans"),
    "partner": N_("%(organisation)s: action plans, for partners"),
    "authority": N_("%(organisation)s: action plans, for authorities"),
    "public": N_("%(organisation)s: action plans, for the population"),
}
"""What a calendar is called in the list of those that somebody looks at."""


def called(which: str, body: Row, plan: Row | None, language: str, say: Say) -> str:
    """Give the name of a calendar: of a person, a plan or an audience."""
    if plan is not None and plan["restricted"]:
        which = "plan_restricted"
    name = say(NAMES[which]) % {
        "organisation": _text(body["name"], language),
        "plan": plan["plan_id"] if plan else "",
        "title": _text(plan["title"], language) if plan else "",
    }
    return f"{say(frame.SIMULATION)} {name}" if body["simulated"] else name


def summary(
    moment: Moment, owner: Row, party: Row | None, language: str, say: Say, *, titled: bool, marks: Mapping[str, bool]
) -> str:
    """Say of which plan or programme something is, and what; `titled` whether its title may be said."""
    news = say(WHAT[moment.kind]) % {"party": _text(party["name"], language) if party else ""}
    if moment.plan_id is None:
        values = {"programme": owner["programme_id"], "title": _title(owner, language), "news": news}
        text = say(frame.SUBJECT_OF_PROGRAMME) % values
    elif titled:
        text = say(frame.SUBJECT) % {"plan": moment.plan_id, "title": _title(owner, language), "news": news}
    else:
        text = say(_WITHOUT_TITLE) % {"plan": moment.plan_id, "news": news}
    if marks["simulated"]:
        return f"{say(frame.SIMULATION)} {text}"
    return f"{say(frame.ASSUMED)} {text}" if marks["assumed"] else text


def description(moment: Moment, body: Row, language: str, say: Say, *, assumed: bool) -> Iterator[str]:
    """Say, line by line, how it is called in commands, what became of it, and what kind of record it stands on."""
    if moment.kind in ("evaluation", "information", "follow_up", "programme_evaluation"):
        yield moment.id
    if moment.status in _BECAME:
        yield say(_BECAME[moment.status])
    if assumed:
        note = frame.ASSUMED_PROGRAMME_NOTE if moment.plan_id is None else frame.ASSUMED_NOTE
        yield say(note) % {"organisation": _text(body["name"], language)}
    if body["simulated"]:
        yield say(_SIMULATED)


def _title(owner: Row, language: str) -> str:
    return shortened(_text(owner["title"], language), LONGEST_TITLE)


def _text(stored: Any, language: str) -> str:  # noqa: ANN401 - JSON, or nothing
    return one_line(localized(from_json(stored) or {}, language))
