"""What the first sheet of a workbook says."""

import re
from typing import Final

from pdca.exchange.workbook_layout import Sheet

PARAGRAPHS: Final = (
    ("What this is", "A document of pdca: everything that its import format holds, one record on each row."),
    ("Working in it", "Change, add or delete rows, sort and filter as you like; then import the file again."),
    (
        "Keep as they are",
        "The names of the sheets and the first row of each. Columns and sheets of your own are refused.",
    ),
    ("Columns", "They are called as the keys of the import format; “title [nl]” is the title in Dutch."),
    ("Brown headers", "Ids: they say what a row is or belongs to: the plan, the activity, the person."),
    ("Dark headers", "Must be filled; a text in one language at least."),
    ("Yellow", "Was assumed: nobody published it. The column “assumed” says so, and “basis” on what it rests."),
    ("Dates", "Whole dates are dates. A month or a year is a text with an apostrophe: '2024-10, '2024."),
    (
        "Several ids",
        "Stand in one cell with commas between them. Several places stand in one cell on lines of their own.",
    ),
    ("Formulas", "Are read by the value that they had when the file was last saved. Macros are never looked at."),
    (
        "Apostrophes",
        "A text that begins with = + - or @ has an apostrophe before it, to be no formula.",
    ),
)

_ABOUT: Final = {
    "Organisation lists": "Areas, bodies and remarks of the organisation: the column “list” says which.",
    "Programme lists": "What the programme integrates, and remarks: the column “list” says which.",
    "Previous findings": "What the evaluation of an earlier programme found: themes and findings.",
    "Places": "Where a plan works, by area; places without an area stand with the plan.",
    "Findings": "What an evaluation found, and what was adjusted: the column “list” says which.",
    "Parties": "Functions of the organisation (kind “function”) and stakeholders: who can own, be a member, be told.",
    "Members": "Who sits in a stakeholder that is a body.",
    "Means": "Money and people of an activity, by year and kind: planned and deployed.",
}


def about(sheet: Sheet) -> str:
    """Say in a line what a sheet holds."""
    record = sheet.sections[0].record
    described = (record.__doc__ or "") if record else ""
    first = described.strip().partition("\n")[0].partition(" In the file")[0]
    return _ABOUT.get(sheet.title) or re.sub("`(.*?)`", r"“\1”", first)
