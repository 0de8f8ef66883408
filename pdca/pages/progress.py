"""The progress report of a plan as a page, in HTML and in Markdown, in the language of its readers."""

from collections.abc import Iterator, Mapping
from typing import Any

from pdca.i18n import _, speaking
from pdca.pages.blocks import Block, Facts, Page, Paragraph, Strip, said
from pdca.pages.foot import foot, notices
from pdca.pages.html import html
from pdca.pages.markdown import markdown
from pdca.pages.progress_evaluations import evaluations
from pdca.pages.progress_measured import glance, indicators
from pdca.pages.progress_parts import (
    activities,
    happened,
    informed,
    involved,
    means,
    rubrics,
    what_next,
)
from pdca.pages.progress_words import AUDIENCE, chip, in_words, sentence
from pdca.words import marked, spoken

View = Mapping[str, Any]


def as_html(view: View, language: str) -> str:
    """Write the facts of `pdca.report.progress` as one HTML file that needs nothing else."""
    with speaking(language):
        return html(page(view, language))


def as_markdown(view: View, language: str) -> str:
    """Write them as Markdown."""
    with speaking(language):
        return markdown(page(view, language))


def page(view: View, language: str) -> Page:
    """Lay the facts out in the language that is spoken."""
    parts = (happened, indicators, evaluations, activities, means, involved, informed, what_next, rubrics)
    return Page(
        language=language,
        title=_("Progress of %(plan)s") % {"plan": said(view["plan"]["title"])},
        above=said(view["body"]["name"]),
        notices=list(_notices(view)),
        head=list(_head(view)),
        sections=[section for part in parts if (section := part(view))],
        foot=list(foot(view, _("Everything in this report comes from the records and the log of the plan."))),
        signed=view["checkpoint"]["note"],
    )


def _notices(view: View) -> Iterator[str]:
    yield from notices(view)
    if view["plan"]["restricted"]:
        yield _("Restricted: neither for partners nor for the public.")


def _head(view: View) -> Iterator[Block]:
    yield Paragraph(_made(view), "note")
    yield Paragraph(sentence(view["conclusion"]), "lead")
    strip = view["strip"]
    label = _("The cycle of Plan, Do, Check and Adjust")
    yield Strip(label, [(said(one["label"]), one["current"]) for one in strip["phases"]], _("current step"))
    yield Facts(list(_facts(view)))
    if found := glance(view):
        yield found


def _made(view: View) -> str:
    words = {"audience": spoken(AUDIENCE, view["audience"]), "day": in_words(view["today"])}
    if view["since"] is None:
        return _("Progress report %(audience)s, of %(day)s") % words
    return _("Progress report %(audience)s, of %(day)s; the last one was of %(before)s") % {
        **words,
        "before": in_words(view["since"]),
    }


def _facts(view: View) -> Iterator[tuple[str, Any]]:
    plan, strip = view["plan"], view["strip"]
    yield (
        _("Now"),
        _("%(state)s, cycle %(cycle)s, since %(since)s")
        % {"state": said(strip["label"]), "cycle": strip["cycle"], "since": in_words(strip["since"])},
    )
    yield _("Evaluation date"), chip(view["chips"][-1])
    yield _("Plan"), marked(f"{plan['plan_id']} ({plan['slug']})", plan["assumed"])
    if plan["objective"]:
        yield _("Objective"), marked(said(plan["objective"]["title"]), plan["objective"]["assumed"])
    yield (
        _("Period"),
        _("from %(first)s to %(last)s")
        % {"first": in_words(plan["period_start"]), "last": in_words(plan["period_end"])},
    )
    if plan["lead"]:
        people = ", ".join(marked(one["name"], one["assumed"]) for one in plan["lead"]["people"])
        yield _("Project leader"), said(plan["lead"]["name"]) + (f" ({people})" if people else "")
    if plan["group"]:
        yield _("Project group"), ", ".join(marked(said(one["name"]), one["assumed"]) for one in plan["group"])
    if plan["watch"]:
        yield _("Still watched"), plan["watch"]
