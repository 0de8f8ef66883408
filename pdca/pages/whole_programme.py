"""The report of a whole programme as a page, in the language of its readers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from pdca.i18n import N_, _, in_a_row, ngettext, speaking
from pdca.pages.blocks import Block, Cell, Facts, Items, Page, Paragraph, Section, Table, said
from pdca.pages.foot import foot, notices
from pdca.pages.html import html
from pdca.pages.markdown import markdown
from pdca.pages.plan_lines import Links, named, table
from pdca.pages.progress_parts import means
from pdca.pages.progress_words import AUDIENCE, in_words, of_late, one_sentence
from pdca.programme.words import EVALUATION_KIND, EVALUATION_STATUS, STATUS, THEME_DECISION
from pdca.words import marked, method_named, spoken, with_name

View = Mapping[str, Any]

_GAPS: Final = {
    "objective-undecided": N_("nothing was decided over it yet"),
    "objective-without-operational": N_("no operational objective was worked out"),
    "objective-without-plan": N_("no plan serves it"),
    "objective-without-shown": N_("no plan of it is shown here"),
}


def as_html(view: View, language: str) -> str:
    """Write the facts of `pdca.report.whole_programme` as one HTML file that needs nothing else."""
    with speaking(language):
        return html(page(view, language))


def as_markdown(view: View, language: str) -> str:
    """Write them as Markdown."""
    with speaking(language):
        return markdown(page(view, language))


def page(view: View, language: str, links: Links | None = None) -> Page:
    """Lay the facts out in the language that is spoken; `links` lead to the pages of the plans."""
    links = links or {}
    parts = (
        _objectives(view, links),
        _missing(view),
        _daily(view, links),
        _elsewhere(view),
        _evaluations(view),
        means(view),
        _informed(view),
    )
    return Page(
        language=language,
        title=_("Progress of %(plan)s") % {"plan": said(view["programme"]["title"])},
        above=said(view["body"]["name"]),
        notices=list(notices(view)),
        head=list(_head(view)),
        sections=[part for part in parts if part],
        foot=list(foot(view, _("Everything in this report comes from the records and the log of the programme."))),
        signed=view["checkpoint"]["note"],
        wide=True,
    )


def _head(view: View) -> Iterator[Block]:
    words = {"audience": spoken(AUDIENCE, view["audience"]), "day": in_words(view["today"])}
    yield Paragraph(_("Progress report %(audience)s, of %(day)s") % words, "note")
    yield Paragraph(sentence(view["conclusion"]), "lead")
    programme = view["programme"]
    first, last = in_words(programme["period_start"]), in_words(programme["period_end"])
    facts: list[tuple[str, Cell]] = [
        (_("Period"), _("from %(first)s to %(last)s") % {"first": first, "last": last}),
        (_("Status"), spoken(STATUS, programme["status"])),
    ]
    if view["next"]:
        facts.append((_("Next for the programme"), _due(view["next"][0])))
    yield Facts(facts)


def sentence(clauses: Iterable[View]) -> str:
    """Put what the report comes down to into one sentence."""
    return one_sentence(_CLAUSES[one["code"]](one) for one in clauses)


def _at_work(one: View) -> str:
    if one["plans"] == one["count"]:
        words = ngettext("the one plan is at work", "all %(count)d plans are at work", one["count"])
    elif one["count"] == 0:
        words = ngettext("the one plan is not at work", "none of the %(plans)d plans is at work", one["plans"])
    else:
        words = ngettext(
            "%(count)d of the %(plans)d plans is at work", "%(count)d of the %(plans)d plans are at work", one["count"]
        )
    return words % one


def _prepared(one: View) -> str:
    words = ngettext("%(count)d is still being prepared", "%(count)d are still being prepared", one["count"])
    return words % one


def _late(one: View) -> str:
    if not one["count"]:
        return _("no plan is late")
    words = ngettext("%(count)d plan is late with a date", "%(count)d plans are late with a date", one["count"])
    return words % one


def _effective(one: View) -> str:
    words = ngettext(
        "%(count)d plan was found to work when it was evaluated last",
        "%(count)d plans were found to work when they were evaluated last",
        one["count"],
    )
    return words % one


def _ineffective(one: View) -> str:
    words = ngettext("%(count)d plan was found not to work", "%(count)d plans were found not to work", one["count"])
    return words % one


def _inconclusive(one: View) -> str:
    words = ngettext(
        "of %(count)d plan it could not be told yet whether it works",
        "of %(count)d plans it could not be told yet whether they work",
        one["count"],
    )
    return words % one


def _without_plan(one: View) -> str:
    words = ngettext(
        "%(count)d retained objective has no plan yet", "%(count)d retained objectives have no plan yet", one["count"]
    )
    return words % one


def _without_shown(one: View) -> str:
    words = ngettext(
        "of %(count)d retained objective no plan is shown here",
        "of %(count)d retained objectives no plan is shown here",
        one["count"],
    )
    return words % one


_CLAUSES: Final[Mapping[str, Callable[[View], str]]] = {
    "no-plans": lambda _one: _("the programme has no plans yet"),
    "at-work": _at_work,
    "prepared": _prepared,
    "effective": _effective,
    "ineffective": _ineffective,
    "inconclusive": _inconclusive,
    "late": _late,
    "without-plan": _without_plan,
    "without-shown": _without_shown,
    "programme-next": lambda one: _("next, by %(day)s: the evaluation of the programme") % {"day": in_words(one["by"])},
}


def _due(one: View) -> str:
    words = with_name(in_words(one["by"]), _("the evaluation of the programme"))
    return of_late(words, late=one["late"])


def _objectives(view: View, links: Links) -> Section:
    """Give what was retained, each top objective with the plans that serve it or one under it."""
    note = _(
        "Every indicator and every date has a mark of its own; they are never put together into one for a plan or for "
        "the programme."
    )
    blocks: list[Block] = [Paragraph(note, "note")]
    tops = (one for one in view["objectives"] if one["parent_id"] is None)
    blocks += [_objective(view, one, links) for one in tops if one["disposition"] in ("retained", "candidate")]
    served = {plan for one in view["objectives"] for plan in one["plans"]}
    if rest := [one for one in view["plans"] if one["plan_id"] not in served]:
        heading = _("Plans that serve no objective")
        blocks.append(Section("no-objective", heading, [table(_("Plans"), rest, links)]))
    return Section("objectives", _("The objectives and their plans"), blocks)


def _objective(view: View, one: View, links: Links) -> Section:
    plans = {plan["plan_id"]: plan for plan in view["plans"]}
    mine = [plans[name] for each in _family(view, one) for name in each["plans"]]
    heading = marked(said(one["title"]), one["assumed"])
    blocks: list[Block] = []
    if one["internal"]:
        blocks.append(Paragraph(_("About the organisation itself."), "note"))
    if mine:
        blocks.append(table(_("Plans"), mine, links))
    else:
        blocks.append(Paragraph(_("No plan to show.")))
    return Section(f"objective-{one['objective_id']}", heading, blocks)


def _family(view: View, one: View) -> Iterator[View]:
    yield one
    for child in view["objectives"]:
        if child["parent_id"] == one["objective_id"]:
            yield from _family(view, child)


def _missing(view: View) -> Section:
    """Tell which objectives are not worked out."""
    titles = {one["objective_id"]: one for one in view["objectives"]}
    lacks = [
        with_name(marked(said(titles[one["objective_id"]]["title"]), titles[one["objective_id"]]["assumed"]), words)
        for one in view["without"]
        for words in [spoken(_GAPS, one["code"])]
    ]
    text: Block = Items(lacks) if lacks else Paragraph(_("Every retained objective is worked out in a plan."))
    return Section("completeness", _("What is still to be worked out"), [text])


def _daily(view: View, links: Links) -> Section | None:
    """Tell what goes on in daily work, why, and how it is watched (clause 32)."""
    rows: list[list[Cell]] = []
    for one in view["objectives"]:
        if one["disposition"] in ("daily_operations", "point_of_attention"):
            decided = one["decision"] or {}
            watched = decided.get("watch") or _("not stated")
            rows.append([marked(said(one["title"]), one["assumed"]), decided.get("motive") or "", watched, ""])
    rows += [
        [named(plan, links), _since(plan), plan["watch"] or "", in_words(plan["watch_again"])]
        for plan in view["plans"]
        if plan["watch_again"]
    ]
    headings = (_("What"), _("Why"), _("How it is watched"), _("Looked at again"))
    if not rows:
        return None
    caption = _("Watched without being an objective of the programme")
    return Section("daily", _("What goes on in daily work"), [_without_empty(Table(caption, headings, rows))])


def _without_empty(table: Table) -> Table:
    """Leave the columns out that say nothing in any row."""
    kept = [at for at in range(len(table.headings)) if any(row[at] for row in table.rows)]
    return replace(
        table, headings=[table.headings[at] for at in kept], rows=[[row[at] for at in kept] for row in table.rows]
    )


def _since(plan: View) -> str:
    values = {"state": said(plan["state_label"]), "day": in_words(plan["since"])}
    return _("%(state)s since %(day)s") % values


def _elsewhere(view: View) -> Section | None:
    """Tell what was not retained: it stays visible (clause 3)."""
    dropped = [one for one in view["objectives"] if one["disposition"] == "dropped"]
    if not dropped:
        return None
    texts = []
    for one in dropped:
        title = marked(said(one["title"]), one["assumed"])
        motive = (one["decision"] or {}).get("motive")
        texts.append(with_name(title, motive) if motive else title)
    return Section("not-retained", _("Not retained"), [Items(texts)])


def _evaluations(view: View) -> Section:
    """Tell when the programme itself was evaluated, is to be, and what was found."""
    if not view["evaluations"]:
        nothing = Paragraph(_("No evaluation of the programme was fixed yet."))
        return Section("programme-evaluations", _("The evaluation of the programme"), [nothing])
    rows: list[list[Cell]] = [
        [
            marked(_named(view, one), one["assumed"]),
            spoken(EVALUATION_KIND, one["kind"]),
            one["period"] or "",
            _to_be_held(one),
            in_words(one["held_on"]),
            _status(one),
        ]
        for one in view["evaluations"]
    ]
    headings = (_("Evaluation"), _("Kind"), _("Period"), _("To be held by"), _("Held"), _("Status"))
    found = [section for one in view["evaluations"] if (section := _found(view, one)).blocks]
    first = _without_empty(Table(_("Planned and held"), headings, rows))
    return Section("programme-evaluations", _("The evaluation of the programme"), [first, *found])


def _named(view: View, one: View) -> str:
    if one["programme_id"] == view["programme"]["programme_id"]:
        return str(one["evaluation_id"])
    return _("%(id)s (the programme before)") % {"id": one["evaluation_id"]}


def _to_be_held(one: View) -> str:
    words = in_words(one["due_on"])
    if not one["extensions"]:
        return words
    return _("%(day)s (at first %(before)s)") % {"day": words, "before": in_words(one["first_due_on"])}


def _status(one: View) -> str:
    status = spoken(EVALUATION_STATUS, one["status"])
    late = _("overdue")
    return f"{status} ({late})" if one["overdue_since"] else status


def _found(view: View, one: View) -> Section:
    blocks: list[Block] = []
    rows: list[list[Cell]] = [
        [
            marked(said(theme["title"]), theme["assumed"]),
            said(theme["finding"]),
            said(theme["attribution"]),
            spoken(THEME_DECISION, theme["decision"]) if theme["decision"] else "",
        ]
        for theme in one["themes"]
        if theme["finding"] or theme["decision"]
    ]
    if rows:
        headings = (_("Theme"), _("Finding"), _("Due to"), _("Decision"))
        blocks.append(_without_empty(Table(_("What was found"), headings, rows)))
    if one["lessons"]:
        blocks.append(Facts([(_("Lessons"), said(one["lessons"]))]))
    heading = _("%(id)s: %(evaluation)s") % {
        "id": _named(view, one),
        "evaluation": spoken(EVALUATION_KIND, one["kind"]),
    }
    return Section(f"evaluation-{one['evaluation_id'].replace('/', '-')}", heading, blocks)


def _informed(view: View) -> Section:
    """Tell who is informed of the plans, how, how often, and when next."""
    heading = _("Who is informed")
    if not view["informed"]:
        return Section("informed", heading, [Paragraph(_("It was not fixed yet who is informed, and when."))])
    rows: list[list[Cell]] = [
        [
            marked(said(one["recipient"]), one["assumed"]),
            in_a_row(list(dict.fromkeys(method_named(method) for method in one["methods"]))),
            str(one["plans"]),
            str(one["sent"]),
            in_words(one["last"]) or _("not yet"),
            in_words(one["next"]) or _("nothing is fixed"),
        ]
        for one in view["informed"]
    ]
    headings = (_("Who"), _("How"), _("Plans"), _("Reports sent"), _("Last on"), _("Next on"))
    return Section(
        "informed", heading, [Table(_("Informed of the progress"), headings, rows, numbers=frozenset({2, 3}))]
    )
