"""What the first sheet of a workbook says."""

from typing import Final

from pdca.exchange.field_words import OF_A_RECORD
from pdca.exchange.workbook_layout import Sheet
from pdca.i18n import N_, _

PARAGRAPHS: Final = (
    (N_("What this is"), N_("A document of pdca: everything that its import format holds, one record on each row.")),
    (
        N_("Working in it"),
        N_(
            "Change and add rows, sort and filter as you like; then import the file again. A row that you delete from "
            "a plan is taken away there, unless something hangs on it; plans, objectives, parties and people stay."
        ),
    ),
    (
        N_("Keep as they are"),
        N_("The names of the sheets and the first row of each. Columns and sheets of your own are refused."),
    ),
    (
        N_("Meanwhile"),
        N_(
            "What others changed since this file was made stays, and is refused only where you changed it too. Import "
            "it with --dry-run to see what would happen."
        ),
    ),
    (N_("Columns"), N_("They are called as the keys of the import format; “title [nl]” is the title in Dutch.")),
    (N_("Brown headers"), N_("Ids: they say what a row is or belongs to: the plan, the activity, the person.")),
    (N_("Dark headers"), N_("Must be filled; a text in one language at least.")),
    (N_("Yellow"), N_("Was assumed: nobody published it. The column “assumed” says so, and “basis” on what it rests.")),
    (N_("Dates"), N_("Whole dates are dates. A month or a year is a text with an apostrophe: '2024-10, '2024.")),
    (
        N_("Several ids"),
        N_("Stand in one cell with commas between them. Several places stand in one cell on lines of their own."),
    ),
    (
        N_("Formulas"),
        N_("Are read by the value that they had when the file was last saved. Macros are never looked at."),
    ),
    (
        N_("Apostrophes"),
        N_("A text that begins with = + - or @ has an apostrophe before it, to be no formula."),
    ),
)

_ABOUT: Final = {
    "Organisation lists": N_("Areas, bodies and remarks of the organisation: the column “list” says which."),
    "Programme lists": N_("What the programme integrates, and remarks: the column “list” says which."),
    "Previous themes": N_("What the evaluations of earlier programmes found, theme by theme."),
    "Themes": N_("What the evaluations of the programme found, theme by theme."),
    "Places": N_("Where a plan works, by area; places without an area stand with the plan."),
    "Findings": N_("What an evaluation found, and what was adjusted: the column “list” says which."),
    "Parties": N_(
        "Functions of the organisation (kind “function”) and stakeholders: who can own, be a member, be told."
    ),
    "Members": N_("Who sits in a stakeholder that is a body."),
    "Means": N_("Money and people of an activity, by year and kind: planned and deployed."),
}


def about(sheet: Sheet) -> str:
    """Say in a line what a sheet holds."""
    record = sheet.sections[0].record
    return _(_ABOUT.get(sheet.title) or (OF_A_RECORD[record.__name__] if record else ""))
