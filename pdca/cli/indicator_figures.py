"""`pdca indicator record`, `retain`, `break` and `import`: the figures themselves."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import click

from pdca.cli.activity_fields import number
from pdca.cli.context import Context
from pdca.cli.finding import find_indicator
from pdca.cli.frame import Command, dry_run_option, pass_context
from pdca.cli.given import dry_run_told, emit_done, language_given, what_came
from pdca.cli.house import open_house
from pdca.cli.output import Block, Column, Heading, Table, emit_object
from pdca.cli.plan_document import record_given
from pdca.cli.workbooks import needing_workbooks
from pdca.errors import NotFound, Usage
from pdca.i18n import N_, _
from pdca.report.indicators import parts_sum
from pdca.standing import local_day
from pdca.store.jsontext import optional_json

if TYPE_CHECKING:
    from pdca.engine import Outcome


_FIGURE_OPTIONS: Final = {
    "period": "PERIOD",
    "value": "VALUE",
    "according_to": "--according-to",
    "of_which": "--of-which",
    "parts": "--part",
    **{name: f"--{name}" for name in ("missing", "published", "scope", "note")},
}


@click.command(
    "record",
    cls=Command,
    short_help=N_("Record a figure, or why there is none."),
    help=N_(
        "Record the figure of a period, or with --missing the reason why there is none: missing is not zero. A figure "
        "is never changed; another about the same period is kept beside it, and holds unless one was chosen with "
        "`pdca indicator retain`."
    ),
)
@click.argument("word", metavar="INDICATOR")
@click.argument("period", metavar="PERIOD")
@click.argument("value", metavar="VALUE", required=False)
@click.option("--missing", metavar="REASON", help=N_("Why there is no value."))
@click.option("--approximate", is_flag=True, help=N_("It is a round figure."))
@click.option("--source", "sources", multiple=True, metavar="SOURCE", help=N_("Whence: a source of the programme."))
@click.option("--according-to", metavar="TEXT", help=N_("Whence, in words, where it is no source of the programme."))
@click.option("--published", metavar="DATE", help=N_("When it was published."))
@click.option("--scope", metavar="TEXT", help=N_("The area or group it is about, where that differs."))
@click.option("--part", "parts", multiple=True, metavar="NAME=VALUE", help=N_("A part; parts should add up."))
@click.option("--of-which", multiple=True, metavar="NAME=VALUE", help=N_("A part that need not add up."))
@click.option("--note", metavar="TEXT", help=N_("A remark."))
@click.option("--retain", is_flag=True, help=N_("It holds, whatever comes later."))
@dry_run_option
@pass_context
def record(  # noqa: PLR0913, PLR0917 - one argument per option
    context: Context,
    word: str,
    period: str,
    value: str | None,
    missing: str | None,
    approximate: bool,  # noqa: FBT001 - a flag of the command line
    sources: tuple[str, ...],
    according_to: str | None,
    published: str | None,
    scope: str | None,
    parts: tuple[str, ...],
    of_which: tuple[str, ...],
    note: str | None,
    retain: bool,  # noqa: FBT001 - a flag of the command line
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Record a figure."""
    from pdca.exchange.known import known_in
    from pdca.exchange.records import Measurement
    from pdca.indicators.figures import RecordFigures

    house = open_house(context)
    with house.reading() as connection:
        wanted = find_indicator(connection, word)
        language = language_given(context, connection)
        known = known_in(connection).sources
        today = local_day(connection, house.now(connection))
    for source in sources:
        if source not in known:
            raise NotFound(
                "source-unknown",
                _("There is no source “%(name)s”.") % {"name": source},
                hint=_("Say it in words with --according-to; the sources are: %(sources)s.")
                % {"sources": ", ".join(sorted(known)) or _("none")},
            )
    data = {
        "period": period,
        "value": number("VALUE", value),
        "missing": missing,
        "approx": approximate or None,
        "source": list(sources) or None,
        "according_to": according_to,
        "published": published,
        "scope": scope,
        "parts": _parts("--part", parts) or None,
        "of_which": _parts("--of-which", of_which) or None,
        "note": note,
        "retained": retain or None,
    }
    if (value is None) == (missing is None):
        raise Usage(
            "import-incomplete",
            _("A figure has either a value, or the reason why there is none."),
            hint=_("Give VALUE, or --missing REASON. Missing is not zero."),
        )
    figure = record_given(Measurement, data, language, _FIGURE_OPTIONS)
    outcome = house.apply(RecordFigures({wanted: [figure]}), dry_run=dry_run)
    view = outcome.summary["added"][0] if outcome.summary["added"] else None
    total = parts_sum({"parts": optional_json({k: str(v) for k, v in figure.parts.items()}), "value": value})
    payload = {
        "indicator": wanted,
        "figure": view,
        "warnings": [
            *([{"code": "parts-differ", "sum": total}] if total else []),
            *([{"code": "period-to-come", "period": period}] if value and figure.period.first_day > today else []),
        ],
        **what_came(outcome, dry_run=dry_run),
    }
    emit_object(context, "pdca.figure-recorded/1", payload, human=lambda: _recorded(payload, view, dry_run=dry_run))


def _recorded(payload: Mapping[str, Any], view: Mapping[str, Any] | None, *, dry_run: bool) -> list[Block]:
    if view is None:
        return [_("Everything was so already; nothing was changed.")]
    words = _("Figure %(number)d of %(indicator)s about %(period)s: %(value)s.")
    if view["value"] is None:
        words = _("Figure %(number)d of %(indicator)s about %(period)s is missing: %(missing)s")
    lines: list[Block] = [
        words
        % {
            "number": view["number"],
            "indicator": payload["indicator"],
            "period": view["period"],
            "value": view["value"],
            "missing": view["missing_reason"],
        }
    ]
    if view["retained"] != view["number"]:
        lines.append(
            _("Figure %(number)d holds; choose with `pdca indicator retain %(indicator)s %(period)s NUMBER`.")
            % {"number": view["retained"], "indicator": payload["indicator"], "period": view["period"]}
        )
    notes = {
        "parts-differ": _("Note: the parts add up to %(sum)s."),
        "period-to-come": _("Note: %(period)s is still to come."),
    }
    lines += [notes[one["code"]] % one for one in payload["warnings"]]
    return [*lines, *dry_run_told(dry_run=dry_run)]


def _parts(option: str, given: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for text in given:
        name, equals, value = text.rpartition("=")
        if not equals or not name.strip() or name.strip() in found:
            raise Usage(
                "part-unreadable",
                _("%(option)s: “%(text)s” is no part.") % {"option": option, "text": text},
                hint=_("Write NAME=12.5, each name once."),
            )
        found[name.strip()] = number(option, value.strip())
    return found


@click.command(
    "retain",
    cls=Command,
    short_help=N_("Say which of several figures about a period holds."),
    help=N_(
        "Say which of several figures about a period holds, and why. All stay; the choice holds until another is made, "
        "also when a newer figure comes."
    ),
)
@click.argument("word", metavar="INDICATOR")
@click.argument("period", metavar="PERIOD")
@click.argument("figure", metavar="NUMBER", type=click.IntRange(min=1))
@click.option("--reason", required=True, help=N_("Why; a motive that is kept and shown."))
@dry_run_option
@pass_context
def retain(
    context: Context,
    word: str,
    period: str,
    figure: int,
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Retain a figure."""
    from pdca.indicators.figures import RetainFigure

    house = open_house(context)
    with house.reading() as connection:
        wanted = find_indicator(connection, word)
    outcome = house.apply(RetainFigure(wanted, period, figure, reason), dry_run=dry_run)
    lines = [_("Figure %(number)d of %(indicator)s about %(period)s holds.") % outcome.summary]
    emit_done(context, "pdca.figure-retained/1", outcome, lines, dry_run=dry_run)


@click.command(
    "break",
    cls=Command,
    short_help=N_("Mark from when on it is counted in another way."),
    help=N_("Mark from which period on an indicator is counted in another way: no trend goes over it."),
)
@click.argument("word", metavar="INDICATOR")
@click.option("--from", "period", required=True, metavar="PERIOD", help=N_("The first period counted the other way."))
@click.option("--reason", required=True, help=N_("Why; a motive that is kept and shown."))
@dry_run_option
@pass_context
def break_(
    context: Context,
    word: str,
    period: str,
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Mark a break."""
    from pdca.exchange.records import SeriesBreak
    from pdca.indicators.figures import MarkBreak

    house = open_house(context)
    with house.reading() as connection:
        wanted = find_indicator(connection, word)
        language = language_given(context, connection)
    options = {"period": "--from", "reason": "--reason"}
    mark = record_given(SeriesBreak, {"period": period, "reason": reason}, language, options)
    outcome = house.apply(MarkBreak(wanted, mark), dry_run=dry_run)
    lines = [_("%(indicator)s is counted in another way from %(period)s on.") % outcome.summary]
    emit_done(context, "pdca.series-broken/1", outcome, lines, dry_run=dry_run)


def _figure(row: Mapping[str, Any]) -> str:
    if row["value"] is None:
        return _("missing: %(reason)s") % {"reason": row["missing_reason"]}
    return ("≈ " if row["approximate"] else "") + str(row["value"])


ROWS: Final = (
    Column("indicator_id", N_("Indicator"), whole=True),
    Column("period", N_("Period"), whole=True),
    Column("value", N_("Figure"), show=_figure),
    Column("scope", N_("About")),
    Column("published_on", N_("Published"), whole=True),
)


@click.command(
    "import",
    cls=Command,
    short_help=N_("Take in a file of figures."),
    help=N_(
        "Take in figures from a CSV file, an .xlsx workbook or YAML: all of it, or nothing. The columns are indicator, "
        "period, value, missing, approx, scope, source, according_to, published, retained, parts, of_which and note. "
        "Figures that are there already are left; changes and percentages are computed and never taken in. With "
        "--dry-run every row that would be added is listed."
    ),
)
@click.argument("file", metavar="FILE")
@dry_run_option
@pass_context
def import_(context: Context, file: str, dry_run: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Take in a file of figures."""
    from pdca.exchange.figures_file import read_figures
    from pdca.exchange.known import known_in
    from pdca.indicators.figures import RecordFigures

    house = open_house(context, "import")
    with house.reading() as connection:
        language = language_given(context, connection)
        with needing_workbooks():
            taken = read_figures(
                file,
                known_in(connection),
                language,
                local_day(connection, house.now(connection)),
            )
    outcome = house.apply(RecordFigures(taken.by_indicator(), from_file=True), dry_run=dry_run)
    _emit_taken(context, file, outcome, len(taken.figures), dry_run=dry_run)


def _emit_taken(context: Context, file: str, outcome: "Outcome", rows: int, *, dry_run: bool) -> None:
    added = outcome.summary["added"]
    differing = [(one, total) for one in added if (total := parts_sum(one))]
    view = {
        "file": file,
        "rows": rows,
        "added": added,
        "warnings": [
            {"code": "parts-differ", "indicator": one["indicator_id"], "period": one["period"], "sum": total}
            for one, total in differing
        ],
        **what_came(outcome, dry_run=dry_run),
    }

    def human() -> list[Block]:
        if not added:
            return [_("Everything in %(file)s was here already; nothing was changed.") % {"file": file}]
        heading = _("Would be taken in from %(file)s") if dry_run else _("Taken in from %(file)s")
        blocks: list[Block] = [Heading(heading % {"file": file}), Table(ROWS, added)]
        blocks += [
            _("Note: the parts of %(indicator)s in %(period)s add up to %(sum)s.") % one for one in view["warnings"]
        ]
        return [*blocks, *dry_run_told(dry_run=dry_run)]

    emit_object(context, "pdca.figures-imported/1", view, human=human)
