"""A site of all that an audience may see, as files: the same log at the same day gives the same files.

Whatever the audience does not see has no page and no name in it: neither a restricted plan nor a rubric withheld.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pdca.audit.canonical import nfc
from pdca.erasure.naming import ERASED
from pdca.errors import Usage
from pdca.files import left_for
from pdca.fingerprint import is_as_frozen
from pdca.house import installation
from pdca.i18n import LANGUAGES, _, speaking
from pdca.information.hand_over import pages_of
from pdca.information.in_folder import page_name
from pdca.pages import progress as plan_page
from pdca.pages import site as pages
from pdca.pages import whole_programme as programme_page
from pdca.pages.blocks import Page, said
from pdca.pages.html import html
from pdca.plans.roles import local_date
from pdca.report.audiences import Shown, told_of, withheld_names
from pdca.report.plan_lines import lines
from pdca.report.progress import progress
from pdca.report.site_mark import MARK, SiteMark, erased_by_now, read_mark, shown_of
from pdca.report.whole_board import whole_board
from pdca.report.whole_programme import whole_programme
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reading_ahead import ReadingAhead
from pdca.store.reads import information, plans
from workflows.instants import from_text, to_text

_REPORT: Final = re.compile(r"P-\d+-R-\d+\.[a-z]{2}\.html")
_SENT: Final = ("sent", "informed")

View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Site:
    """The files of a site by their names, its languages, and the plans that have pages."""

    files: Mapping[str, bytes]
    languages: tuple[str, ...]
    plans: tuple[str, ...]


def site(connection: Connection, *, audience: str, now: datetime) -> Site:
    """Make the site for an audience, as everything stands at `now`; raises Usage for no such audience."""
    languages = languages_of(connection)
    every, parts = lines(connection, audience=audience, now=now)
    ahead = ReadingAhead(connection, parts)
    board = whole_board(ahead, audience=audience, now=now)
    names = [row["programme_id"] for row in ahead.all(plans.PROGRAMMES)]
    programmes = [whole_programme(ahead, name, audience=audience, now=now) for name in names]
    reports = _published(ahead, audience, parts)
    facts = {name: progress(ahead, name, audience=audience, since=None, now=now) for name in parts}
    made: dict[str, str] = {}
    for language in languages:
        with speaking(language):
            made |= _in_language(language, languages, board, programmes, facts, reports)
    made[f"{pages.START}.html"] = html(pages.choice(board, languages))
    made[f"{pages.NOT_FOUND}.html"] = html(pages.not_found(board, languages))
    for each in reports.values():
        for one in each:
            made |= one.pages
    note = board["checkpoint"]["note"]
    made |= {pages.NOTE: note} if note else {}
    files = {name: nfc(text).encode() for name, text in sorted(made.items())}
    shown = {name: shown_of([view, *(one.facts for one in reports.get(name, ()))]) for name, view in facts.items()}
    files[MARK] = SiteMark(audience, to_text(now), tuple(files), shown, erased_by_now(connection)).written()
    return Site(files, languages, tuple(one["plan_id"] for one in every))


def languages_of(connection: Connection) -> tuple[str, ...]:
    """Name the languages of the body that pages can be written in, its own first."""
    body = installation(connection)
    listed = (from_json(body["details"]) or {}).get("languages", ())
    asked = (body["language"], *listed, *(from_json(body["name"]) or {}))
    return tuple(dict.fromkeys(language for language in asked if language in LANGUAGES))


def check_ours(folder: Path, audience: str) -> None:
    """Raise Usage for a folder that has anything that is not of a site made here, or of one for others than these."""
    if not folder.exists() and not folder.is_symlink():
        return
    strange = None if folder.is_dir() else folder.name
    if strange is None:
        ours = read_mark(folder).files
        strange = next((one.name for one in sorted(folder.iterdir()) if not _is_ours(one, ours)), None)
    if strange is not None:
        raise Usage(
            "not-our-site",
            _("“%(folder)s” has something that is not of a site made here: %(name)s. It was left as it is.")
            % {"folder": folder, "name": strange},
            hint=_("Name a folder that is not there yet, or one that `pdca report site` made."),
        )

    there = read_mark(folder).audience
    if there not in (None, audience):
        raise Usage(
            "site-for-others",
            _("“%(folder)s” has the site for the audience “%(there)s”. It was left as it is.")
            % {"folder": folder, "there": there},
            hint=_("A web server may show it: name another folder for the audience “%(audience)s”.")
            % {"audience": audience},
        )


def _is_ours(path: Path, ours: Iterable[str]) -> bool:
    # Reports that were published stand there too, whether a site was made since or not; and what is left of one whose
    # writer was killed, which goes with the old site.
    if path.is_file():
        return path.name in ours or bool(_REPORT.fullmatch(path.name))
    return bool(_REPORT.fullmatch(left_for(path) or ""))


@dataclass(frozen=True, slots=True)
class _Report:
    """A report as it was published: the local day, what it tells, the file of each language, and what is in each."""

    day: str
    facts: View
    by_language: Mapping[str, str]
    pages: Mapping[str, str]


def _withheld(connection: Connection, part: Shown, plan_id: str) -> frozenset[str]:
    return withheld_names(part.hidden, connection.all(plans.ACTIVITIES, plan_id=plan_id))


def _published(connection: Connection, audience: str, parts: Mapping[str, Shown]) -> dict[str, list[_Report]]:
    """Give by plan the reports published as web pages, oldest first; none of what is withheld or erased by now."""
    found: dict[str, list[_Report]] = defaultdict(list)
    for one in connection.all(information.EVERY_REPORT):
        told = (one["method"], one["audience"]) == ("web", audience) and one["status"] in _SENT
        if not told or one["plan_id"] not in parts:
            continue
        row = connection.one(information.REPORT, report_id=one["report_id"]) or {}
        facts = from_json(row["facts"])
        if not _is_erased(row) and _may_be_told(facts, _withheld(connection, parts[one["plan_id"]], one["plan_id"])):
            by_language = {language: page_name(row, language) for language in pages_of(row)}
            contents = {by_language[language]: text for language, text in pages_of(row).items()}
            day = local_date(from_text(one["sent_at"] or one["prepared_at"]), one["zone"]).isoformat()
            found[one["plan_id"]].append(_Report(day, facts, by_language, contents))
    return found


def _may_be_told(facts: View, withheld: frozenset[str]) -> bool:
    """Tell whether a report says nothing that is withheld; of facts that were tampered with that cannot be said."""
    try:
        return not told_of(facts, withheld)
    except (KeyError, TypeError):
        return False


def _is_erased(report: Row) -> bool:
    """Tell whether somebody's name was taken out of a report since: it is not what was published any more."""
    return ERASED in report["contents"] and not is_as_frozen(report)


def _in_language(
    language: str,
    languages: Sequence[str],
    board: View,
    programmes: Sequence[View],
    facts: Mapping[str, View],
    reports: Mapping[str, Sequence[_Report]],
) -> dict[str, str]:
    """Make every page in the language that is spoken, each under the name of its file."""
    links = {plan: pages.name(plan, language) for plan in facts}
    ways = {_of_programme(one): said(one["programme"]["title"]) for one in programmes}
    note = board["checkpoint"]["note"]
    made: dict[str, Page] = {
        pages.START: pages.start(board, [one["programme"] for one in programmes], language, links),
        **{_of_programme(one): programme_page.page(one, language, links) for one in programmes},
        **{name: _plan(view, language, reports.get(name, ())) for name, view in facts.items()},
    }
    return {
        pages.name(own, language): html(pages.within(page, own, languages, ways, note)) for own, page in made.items()
    }


def _plan(view: View, language: str, reports: Sequence[_Report]) -> Page:
    page = plan_page.page(view, language)
    before = pages.published([(one.day, one.by_language) for one in reports], language)
    return replace(page, sections=[*page.sections, *([before] if before else [])])


def _of_programme(view: View) -> str:
    return f"programme-{view['programme']['programme_id']}"
