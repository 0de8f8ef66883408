"""`pdca import`: taking a programme, or people, in from a file."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from pdca.cli.cells import flat, some_of
from pdca.cli.context import Context
from pdca.cli.frame import Command, dry_run_option, pass_context
from pdca.cli.handing_in import STILL_SHOWN
from pdca.cli.house import open_house
from pdca.cli.output import Block, Column, Heading, Row, Table, emit_object
from pdca.cli.words import DRY_RUN
from pdca.cli.workbooks import needing_workbooks
from pdca.errors import Failed, Place
from pdca.i18n import N_, _, ngettext
from pdca.report.readiness import Shortcoming, shortcomings
from pdca.words import spoken

if TYPE_CHECKING:
    from pdca.exchange.document import Document
    from pdca.exchange.known import Known
    from pdca.exchange.problems import Problem
    from pdca.exchange.workbook_in import LocatedWorkbook

STDIN: Final = "-"
LARGEST: Final = 16 * 1024 * 1024
LONGEST: Final = 40
WORKBOOK: Final = ".xlsx"
ZIPPED: Final = b"PK\x03\x04"
FOREIGN: Final = frozenset({".xlsm", ".xls", ".ods", ".csv", ".tsv", ".docx", ".odt", ".pdf", ".zip", ".db"})

NOUNS: Final = {
    "installation": N_("organisation"),
    "party": N_("functions and stakeholders"),
    "person": N_("people"),
    "appointment": N_("appointments"),
    "substitution": N_("substitutions"),
    "programme": N_("programmes"),
    "programme_version": N_("versions of programmes"),
    "authority_approval": N_("decisions of authorities"),
    "phenomenon": N_("phenomena"),
    "objective": N_("objectives"),
    "retention": N_("decisions over objectives"),
    "programme_evaluation": N_("evaluations of programmes"),
    "programme_theme": N_("themes of evaluations"),
    "objective_origin": N_("origins of objectives"),
    "indicator": N_("indicators"),
    "target": N_("targets"),
    "measurement": N_("figures"),
    "retained_figure": N_("choices among figures"),
    "series_break": N_("breaks in a series"),
    "plan": N_("action plans"),
    "rubric": N_("rubrics"),
    "group_member": N_("members of project groups"),
    "plan_objective": N_("objectives under plans"),
    "activity": N_("activities"),
    "means": N_("means and capacity"),
    "plan_indicator": N_("indicators of plans"),
    "evaluation": N_("evaluation moments"),
    "information_moment": N_("moments of information"),
    "involvement": N_("sessions with partners"),
    "reaction": N_("reactions of partners"),
    "deadline": N_("deadlines"),
}


@click.command(
    "import",
    cls=Command,
    short_help=N_("Take in plans or people from a file."),
    help=N_(
        "Take in a programme with its plans, or people, from a file in YAML or JSON or from an .xlsx workbook; - is "
        "standard input. All of it is taken in, or nothing. What is there already is changed where the file says "
        "otherwise; no plan is moved to another state. The same file a second time changes nothing. A file that was "
        "written by `pdca export` says what it was made from: what others changed since stays, what both changed is "
        "refused (exit status 5), and what was taken out of a plan in the file is removed. With --dry-run every row of "
        "a workbook that would change is listed."
    ),
)
@click.argument("file", metavar="FILE")
@dry_run_option
@pass_context
def import_(context: Context, file: str, dry_run: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Take in a file."""
    from pdca.exchange.exporter import present_document
    from pdca.exchange.importer import ImportDocument
    from pdca.exchange.known import known_in
    from pdca.report.withheld import withheld_by_now

    house = open_house(context, "import")
    with house.reading() as connection:
        known = known_in(connection)
        taken = _read(file, known)
        hidden = withheld_by_now(connection)
        programme = taken.document.programme.id if taken.document.programme else None
        before = present_document(connection, programme) if taken.told_by_row else {}
    with house.performing(ImportDocument(taken.document), dry_run=dry_run) as (uow, outcome):
        found = shortcomings(uow.connection, uow.now)
        if "evaluation" not in outcome.summary["added"]:
            found = [one for one in found if one.code != "before-import"]
        after = present_document(uow.connection, programme) if taken.told_by_row else {}
        hides = {plan for plan, _whom, _what in withheld_by_now(uow.connection) - hidden}
    less = [number for slug, number in outcome.summary["plans"].items() if number in hides and slug in known.plans]
    if less:
        found = [Shortcoming("shown-less", tuple(less)), *found]
    if not taken.document.closed:
        found = [Shortcoming("end-not-marked", (file,)), *found]
    found = [
        *(Shortcoming(code, subjects) for code, subjects in _unlike_its_base(outcome.summary) if subjects),
        *found,
    ]
    view: dict[str, Any] = {
        "file": file,
        "added": dict(outcome.summary["added"]),
        "changed": dict(outcome.summary["changed"]),
        "removed": dict(outcome.summary["removed"]),
        "rows": _rows(before, after, taken),
        "plans": [{"plan": number, "slug": slug} for slug, number in outcome.summary["plans"].items()],
        "warnings": [
            *({"code": one.code, "message": one.line(), "subjects": [str(one.place)]} for one in taken.notes),
            *({"code": one.code, "message": in_words(one), "subjects": list(one.subjects)} for one in found),
            *_differing(taken.document),
        ],
        "events": [] if dry_run else list(outcome.events),
        "dry_run": dry_run,
    }
    emit_object(context, "pdca.import/1", view, human=lambda: _human(view))


@dataclass(frozen=True, slots=True)
class _Taken:
    """A document, and of which workbook it was made."""

    document: "Document"
    workbook: "LocatedWorkbook | None" = None

    @property
    def told_by_row(self) -> bool:
        """Whether what changes is told row by row: what a file takes away stands nowhere in it."""
        return self.workbook is not None or bool(self.document.base)

    @property
    def notes(self) -> "tuple[Problem, ...]":
        """What is no mistake in the workbook but worth knowing."""
        return self.workbook.notes if self.workbook else ()


def _read(file: str, known: "Known") -> _Taken:
    from pdca.exchange.document import read_document

    if file == STDIN:
        data = sys.stdin.buffer.read(LARGEST + 1)
        name = _("standard input")
        if data.startswith(ZIPPED):
            return _read_workbook(data, name, known)
        return _Taken(read_document(data, name, known=known))
    path = Path(file)
    if path.suffix.lower() in FOREIGN:
        raise Failed(
            "import-format",
            _("A file of the form %(suffix)s cannot be taken in.") % {"suffix": path.suffix},
            hint=_("Save it as .xlsx, or write it as YAML or JSON; docs/import-format.md describes how."),
            place=Place(file=file),
        )
    if path.suffix.lower() == WORKBOOK:
        return _read_workbook(path, file, known)
    return _Taken(read_document(path, known=known))


def _read_workbook(source: "bytes | Path", name: str, known: "Known") -> _Taken:
    from pdca.exchange.document import check_document

    with needing_workbooks():
        from pdca.exchange.workbook_in import read_workbook
    located = read_workbook(source, name, known=known)
    return _Taken(check_document(located, known), located)


def _differing(document: "Document") -> Iterator[dict[str, Any]]:
    """Warn of figures whose parts do not add up; as they were published, so they are taken in."""
    from pdca.exchange.as_rows import figure
    from pdca.report.indicators import parts_sum

    for indicator in document.indicators:
        for one in indicator.series:
            if total := parts_sum(figure(one)):
                words = _("%(indicator)s, %(period)s: the parts add up to %(sum)s, not to %(value)s.")
                words %= {"indicator": indicator.id, "period": one.period.text, "sum": total, "value": one.value}
                yield {"code": "parts-differ", "message": words, "subjects": [indicator.id]}


def _rows(before: Mapping[str, Any], after: Mapping[str, Any], taken: _Taken) -> list[dict[str, Any]]:
    if not taken.told_by_row:
        return []
    from pdca.exchange.workbook_changes import changed_rows

    return [
        {
            "sheet": one.sheet,
            "row": one.row,
            "name": one.name,
            "new": one.new,
            "removed": one.removed,
            "columns": [{"column": name, "before": old, "after": new} for name, (old, new) in one.columns.items()],
        }
        for one in changed_rows(before, after, taken.workbook.entries if taken.workbook else ())
    ]


def _unlike_its_base(summary: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Tell of the parts of a file that could not be compared with what it was made from, and of plans left out."""
    yield "base-unknown", summary["unknown"]
    yield "plan-left-out", summary["left_out"]


def _human(view: Mapping[str, Any]) -> list[Block]:
    rows = [
        {"noun": table, **{what: view[what].get(table) for what in ("added", "changed", "removed")}}
        for table in NOUNS
        if any(table in view[what] for what in ("added", "changed", "removed"))
    ]
    blocks: list[Block] = []
    if rows:
        heading = _("Would be taken in from %(file)s") if view["dry_run"] else _("Taken in from %(file)s")
        blocks += [Heading(heading % view), Table(COLUMNS if view["removed"] else COLUMNS[:-1], rows)]
    else:
        blocks.append(_("Everything in %(file)s was here already; nothing was changed.") % view)
    if view["dry_run"] and view["rows"]:
        blocks += [Heading(_("Rows that would change")), Table(ROWS, view["rows"])]
    if "plan" in view["added"]:
        blocks += [Heading(_("Numbers of the plans")), Table(NUMBERS, view["plans"])]
    if view["warnings"]:
        blocks.append(Heading(_("To be looked at")))
        blocks += [f"  - {warning['message']}" for warning in view["warnings"]]
    if view["dry_run"]:
        blocks.append(_(DRY_RUN))
    return blocks


def in_words(shortcoming: Shortcoming) -> str:  # noqa: PLR0911 - a way to say it for each
    """Say what an installation lacks, or the file that was taken in."""
    subjects = some_of(shortcoming.subjects)
    match shortcoming.code:
        case "end-not-marked":
            words = _("Nobody could tell whether %(file)s is whole: its end is not marked.") % {"file": subjects}
            return (
                words + " " + _("Open it with a line “---” and close it with “...”; then it is refused when cut off.")
            )
        case "base-unknown":
            words = _("This log does not have what the file was made from: %(parts)s.") % {"parts": subjects}
            return words + " " + _("That was taken in as it stands, without a look at what others changed since.")
        case "plan-left-out":
            words = _("Not in the file any more: %(plans)s.") % {"plans": subjects}
            return words + " " + _("An import removes no plan.")
        case "nobody-represents":
            words = _("Nobody represents: %(parties)s.") % {"parties": subjects}
            return words + " " + _("They are not told anything; `pdca person appoint` helps.")
        case "shown-less":
            words = _("Partners or the public see less than before of: %(plans)s.") % {"plans": subjects}
            return words + " " + _(STILL_SHOWN)
        case "no-lead":
            return _("Without a project leader: %(plans)s.") % {"plans": subjects}
        case "no-evaluation":
            return _("Without an evaluation in the future: %(plans)s. Such a plan cannot start.") % {"plans": subjects}
        case "plan-outside-programme":
            return _("No day of these plans lies in the period of their programme: %(plans)s.") % {"plans": subjects}
        case "no-address":
            return _("Appointed, but without an e-mail address: %(people)s.") % {"people": subjects}
        case _:
            count = len(shortcoming.subjects)
            return ngettext(
                "%(count)s evaluation lies before its import: it is kept, and never enforced.",
                "%(count)s evaluations lie before their import: they are kept, and never enforced.",
                count,
            ) % {"count": count}


COLUMNS: Final = (
    Column("noun", N_("What"), show=lambda row: spoken(NOUNS, row["noun"])),
    Column("added", N_("New"), right=True),
    Column("changed", N_("Changed"), right=True),
    Column("removed", N_("Removed"), right=True),
)
NUMBERS: Final = (Column("plan", N_("Plan"), whole=True), Column("slug", N_("Slug"), whole=True))


def _columns(row: Row) -> str:
    if row["new"]:
        return _("new")
    if row["removed"]:
        return _("removed")
    return "; ".join(f"{one['column']}: {_clipped(one['before'])} → {_clipped(one['after'])}" for one in row["columns"])


def _clipped(value: object) -> str:
    text = flat(value) or "-"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


ROWS: Final = (
    Column("sheet", N_("Sheet"), whole=True),
    Column("row", N_("Row"), right=True),
    Column("name", N_("Name")),
    Column("columns", N_("What"), show=_columns),
)
