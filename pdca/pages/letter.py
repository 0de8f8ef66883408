"""The letter that goes with a progress report on paper: to whom, from whom, about what; the report is its annex.

It is laid out after NBN Z 01-002, the addressee on the right, where the window of a C5/6 envelope is: the sheet, folded
in three, may slide in it, and shows what stands 110 to 190 mm from the left and 55 to 79 mm from the top.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pdca.i18n import _, localized, speaking
from pdca.pages.blocks import said
from pdca.pages.foot import notices
from pdca.pages.html import from_template, styles
from pdca.pages.progress_words import in_words
from pdca.words import marked, with_name

LINES = 6
"""So many lines of an address the window shows."""

View = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom a letter goes: texts by language, and the names of who represents the party, as people read them."""

    name: Mapping[str, str]
    people: Sequence[str] = ()
    address: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Covering:
    """What a letter says of the report that it brings: its number, its fingerprint, the local day it is written."""

    report: str
    sha256: str
    day: date
    sender_address: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in the language that is spoken."""

    label: str
    sender: str
    sender_address: list[str]
    addressee: list[str]
    references: list[tuple[str, str]]
    subject: str
    notices: list[str]
    salutation: str
    paragraphs: list[str]
    closing: str
    signature: list[str]


def as_letter(page: str, facts: View, to: Addressee, about: Covering, language: str) -> str:
    """Put a letter before the page of a report, as it was frozen, in the language of the page."""
    with speaking(language):
        before = from_template("letter.html", letter=_letter(facts, to, about))
    head, body = f"<style>{styles('letter.css')}</style>\n</head>", f"<body>\n{before}"
    return page.replace("</head>", head, 1).replace("<body>", body, 1)


def _letter(facts: View, to: Addressee, about: Covering) -> Letter:
    plan, body = facts["plan"], facts["body"]
    named = {"title": said(plan["title"]), "plan": plan["plan_id"], "body": said(body["name"])}
    return Letter(
        label=_("Letter"),
        sender=named["body"],
        sender_address=_lines(about.sender_address),
        addressee=_addressed(to),
        references=[
            (_("Date"), in_words(about.day.isoformat())),
            (_("Our reference"), f"{plan['plan_id']} / {about.report}"),
            (_("Annex"), _("progress report of %(day)s") % {"day": in_words(facts["today"])}),
        ],
        subject=with_name(_("Subject"), _("progress of the action plan “%(title)s”") % named),
        notices=list(notices(facts)),
        salutation=_("Dear Sir, dear Madam,"),
        paragraphs=[
            _(
                "The project group of the action plan “%(title)s” (%(plan)s) of %(body)s keeps you informed of the "
                "progress made. You find the report in the annex."
            )
            % named,
            _(
                "What you think of it is welcome: let the project group know. Your reaction is recorded and answered, "
                "and the next report says so."
            ),
            _("The fingerprint (SHA-256) of the report, by which anybody can tell that it was not changed: %(sha256)s")
            % {"sha256": about.sha256},
        ],
        closing=_("Yours faithfully,"),
        signature=_signed(plan["lead"]),
    )


def _addressed(to: Addressee) -> list[str]:
    """Give the lines of the window: the party, for whose attention, and where; the street and the town always."""
    where = _lines(to.address)
    names = [_("for the attention of %(person)s") % {"person": one} for one in to.people]
    return [localized(to.name), *names[: max(0, LINES - 1 - len(where))], *where]


def _lines(text: Mapping[str, str] | None) -> list[str]:
    return [line.strip() for line in localized(text).splitlines() if line.strip()][: LINES - 1] if text else []


def _signed(lead: View | None) -> list[str]:
    group = _("On behalf of the project group,")
    if lead is None:
        return [group]
    people = ", ".join(marked(one["name"], one["assumed"]) for one in lead["people"])
    return [line for line in (group, people, said(lead["name"])) if line]
