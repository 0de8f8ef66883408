"""The pages of a site that lead to the others: its start in each language, the choice of language, and "not found".

All pages stand in one folder, so that a link is the name of a file.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from pdca.i18n import N_, _, gettext, speaking
from pdca.pages import board as board_page
from pdca.pages.blocks import Block, Items, Linked, Page, Paragraph, Said, Section, Table, Way, linked, said
from pdca.pages.foot import foot, notices, of_the_log
from pdca.pages.plan_lines import Links, table
from pdca.pages.progress_words import in_words

View = Mapping[str, Any]

START: Final = "index"
NOT_FOUND: Final = "404"
NOTE: Final = "checkpoint.txt"

LANGUAGE: Final = {"en": "English", "nl": "Nederlands", "fr": "Français"}
"""What a language is called in itself."""


def name(page: str, language: str) -> str:
    """Give the name of the file of a page in a language."""
    return f"{page}.{language}.html"


def within(page: Page, own: str, languages: Iterable[str], programmes: Mapping[str, str], note: str | None) -> Page:
    """Make a page one of a site: with the ways to its start, its programmes and its other languages.

    `own` is the page without its language, `programmes` the words for each page of a programme; `note` is the note of
    the checkpoint, which stands in a file beside the pages.
    """
    ways = [
        Way(_("All plans"), name(START, page.language), here=own == START),
        *(Way(words, name(one, page.language), here=own == one) for one, words in programmes.items()),
        *(Way(LANGUAGE[one], name(own, one), here=one == page.language, language=one) for one in languages),
    ]
    signed = [linked(_("The signed checkpoint as a file"), NOTE)] if note else []
    return replace(page, ways=ways, foot=[*page.foot, *signed])


def start(board: View, programmes: Sequence[View], language: str, links: Links) -> Page:
    """Lay out the start in the language that is spoken: the board, and every plan under its programme."""
    body = said(board["body"]["name"])
    day = in_words(board["today"])
    lead = _("Here stands how far every plan is, when it was evaluated and what came of that.")
    nothing = Paragraph(_("No plan is published yet."))
    return Page(
        language=language,
        title=_("The plans of %(body)s") % {"body": body},
        above=body,
        notices=list(notices(board)),
        head=[
            Paragraph(lead, "lead"),
            Paragraph(_("As it stood on %(day)s.") % {"day": day}, "note"),
            *board_page.columns(board, links),
            *([] if board["plans"] else [nothing]),
        ],
        sections=[*board_page.over(board, links), *(_programme(board, one, links) for one in programmes)],
        foot=list(foot(board, _("Everything on this site comes from the records and the log of the plans."))),
        signed=board["checkpoint"]["note"],
        wide=True,
    )


def _programme(board: View, programme: View, links: Links) -> Section:
    lines = [one for one in board["plans"] if one["programme_id"] == programme["programme_id"]]
    blocks: list[Block] = [table(_("Plans"), lines, links)] if lines else [Paragraph(_("No plan is published yet."))]
    return Section(f"programme-{programme['programme_id']}", said(programme["title"]), blocks)


def published(reports: Sequence[tuple[str, Mapping[str, str]]], language: str) -> Section | None:
    """Give the reports of a plan as they were published: (day, language -> file) each, the newest first."""
    if not reports:
        return None
    rows = [
        [in_words(day), linked(LANGUAGE[spoken], file)]
        for day, files in reversed(reports)
        for spoken, file in sorted(files.items(), key=lambda one: (one[0] != language, one[0]))
    ]
    headings = (_("Published on"), _("Page"))
    words = _("Progress reports as they were published, unchanged since")
    return Section("published", _("Published before"), [Table(words, headings, rows)])


_CHOOSE: Final = N_("Choose a language")
_MISSING: Final = N_("This page is not here")
_GONE: Final = N_("The plan may not be published any more. All plans that are stand on the start page.")


def choice(board: View, languages: Sequence[str]) -> Page:
    """Lay out the first page of a site, which leads to its start in each language."""
    return _in_all(board, languages, _CHOOSE, None)


def not_found(board: View, languages: Sequence[str]) -> Page:
    """Lay out what a web server shows in the place of a page that is not there."""
    return _in_all(board, languages, _MISSING, _GONE)


def _in_all(board: View, languages: Sequence[str], heading: str, text: str | None) -> Page:
    sections, titles = [], []
    for language in languages:
        with speaking(language):
            titles.append(gettext(heading))
            words = [Paragraph(_in(text, language))] if text else []
            way = linked(_in(N_("All plans"), language), name(START, language))
            sections.append(Section(f"in-{language}", _named(language), [*words, Items([way])]))
    with speaking(languages[0]):
        return Page(
            language=languages[0],
            title=" · ".join(titles),
            above=said(board["body"]["name"]),
            notices=list(notices(board)),
            head=[],
            sections=sections,
            foot=list(of_the_log(board["checkpoint"])),
            signed=board["checkpoint"]["note"],
        )


def _named(language: str) -> str:
    words = Linked(LANGUAGE[language])
    words.lang, words.href = language, name(START, language)
    return words


def _in(text: str, language: str) -> str:
    words = Said(gettext(text))
    words.lang = language
    return words
