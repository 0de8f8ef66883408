"""The board as a page: the plans in Plan, Do, Check and Adjust, and those that are over."""

from collections.abc import Mapping
from typing import Any

from pdca.i18n import _, speaking
from pdca.pages.blocks import Board, Page, Paragraph, Section, said
from pdca.pages.foot import foot, notices
from pdca.pages.html import html
from pdca.pages.markdown import markdown
from pdca.pages.plan_lines import Links, apart, board
from pdca.pages.progress_words import AUDIENCE, in_words
from pdca.words import spoken

View = Mapping[str, Any]


def as_html(view: View, language: str) -> str:
    """Write the facts of `pdca.report.whole_board` as one HTML file that needs nothing else."""
    with speaking(language):
        return html(page(view, language))


def as_markdown(view: View, language: str) -> str:
    """Write them as Markdown."""
    with speaking(language):
        return markdown(page(view, language))


def page(view: View, language: str) -> Page:
    """Lay the board out in the language that is spoken."""
    words = {"audience": spoken(AUDIENCE, view["audience"]), "day": in_words(view["today"])}
    return Page(
        language=language,
        title=_("Plans in Plan, Do, Check and Adjust"),
        above=said(view["body"]["name"]),
        notices=list(notices(view)),
        head=[Paragraph(_("Board %(audience)s, of %(day)s") % words, "note"), *columns(view, {})],
        sections=over(view, {}),
        foot=list(foot(view, _("Everything on this board comes from the records and the log of the plans."))),
        signed=view["checkpoint"]["note"],
        wide=True,
    )


def columns(view: View, links: Links) -> list[Board]:
    """Give the plans that are at work, in their columns."""
    lines = {one["plan_id"]: one for one in view["plans"]}
    return [board(view["states"], lines, links)] if lines else []


def over(view: View, links: Links) -> list[Section]:
    """Give the plans that are not at work: over, in daily work, or suspended."""
    lines = {one["plan_id"]: one for one in view["plans"]}
    rest = list(apart(view["states"], lines, links))
    return [Section("apart", _("Over, or at rest"), [Board(rest)])] if rest else []
