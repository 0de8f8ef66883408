"""`pdca programme evaluation`: the programme as a whole is evaluated, and what was found feeds the next one."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from pdca.cli.cells import legend
from pdca.cli.context import Context
from pdca.cli.finding import find_objective, find_phenomenon, find_programme, find_programme_evaluation
from pdca.cli.frame import Command, Group, ListCommand, dry_run_option, pass_context, reason_required
from pdca.cli.given import emit_done, language_given, titles
from pdca.cli.house import check, open_house
from pdca.cli.listing import emit_rows
from pdca.cli.naming import shows_table
from pdca.cli.output import Block, Column, Heading, Row, emit_object
from pdca.cli.programme_page import evaluation_status, to_be_held
from pdca.cli.words import requests
from pdca.errors import NotFound, Usage
from pdca.i18n import N_, _, localized
from pdca.programme import words
from pdca.programme.predecessor import programmes_known
from pdca.report.programme_evaluations import View, evaluations, one
from pdca.store.driver import Connection
from pdca.words import marked, spoken

evaluation = Group(
    "evaluation",
    short_help=N_("Evaluate a whole programme, theme by theme."),
    lazy={
        "extend": (
            "pdca.cli.extending:of_programme",
            N_("Ask to put off the day of an evaluation, withdraw that, or approve it as somebody else."),
        ),
    },
)

Function = TypeVar("Function", bound=Callable[..., Any])

KINDS: Final = tuple(kind.replace("_", "-") for kind in words.EVALUATION_KIND)


def _kind(row: Row) -> str:
    return spoken(words.EVALUATION_KIND, row["kind"])


def _number(row: Row) -> str:
    return marked(row["evaluation_id"], row["assumed"])


COLUMNS: Final = (
    Column("evaluation_id", N_("Evaluation"), whole=True, show=_number),
    Column("kind", N_("Kind"), show=_kind),
    Column("period", N_("Period"), whole=True),
    Column("status", N_("Status"), show=evaluation_status),
    Column("due_on", N_("To be held by"), whole=True, show=to_be_held),
    Column("held_on", N_("Held"), whole=True),
    Column("themes", N_("Themes"), right=True, show=lambda row: str(len(row["themes"]))),
)
FIELDS: Final = tuple(
    Column(name, name)
    for name in (
        *("evaluation_id", "programme_id", "kind", "period", "status", "due_on", "overdue_since", "held_on", "held_by"),
        *("first_due_on", "extensions", "as_published", "themes", "assumed"),
    )
)


@evaluation.command("list", cls=ListCommand, short_help=N_("List the evaluations of programmes."))
@click.option("--programme", "programme_word", metavar="PROGRAMME", help=N_("Only those of this programme."))
@pass_context
def list_(context: Context, programme_word: str | None) -> None:
    """List the evaluations of programmes."""
    with open_house(context).reading() as connection:
        wanted = _known(connection, programme_word) if programme_word else None
        rows = [row for row in evaluations(connection) if wanted in (None, row["programme_id"])]
    if not shows_table(context):
        rows = [{**row, "themes": [theme["theme_id"] for theme in row["themes"]]} for row in rows]
    emit_rows(context, "programme-evaluations", COLUMNS, FIELDS, rows, empty=_("There are no such evaluations."))


@evaluation.command(
    "show", cls=Command, short_help=N_("Show the evaluation of a programme: theme by theme, and what came of it.")
)
@click.argument("word", metavar="EVALUATION")
@pass_context
def show(context: Context, word: str) -> None:
    """Show one evaluation."""
    with open_house(context).reading() as connection:
        wanted = find_programme_evaluation(connection, word)
        view = one(connection, wanted)
    emit_object(context, "pdca.programme-evaluation/1", view, human=lambda: _page(view))


def _page(view: View) -> list[Block]:
    blocks: list[Block] = [
        Heading(_number(view)),
        _("%(kind)s of %(programme)s: %(status)s")
        % {
            "kind": _kind(view).capitalize(),
            "programme": view["programme_id"],
            "status": evaluation_status(view),
        },
    ]
    moves = sum(request["approved_at"] is not None for request in view["extensions"])
    by = localized(view["held_by_name"]) if view["held_by_name"] else view["held_by"]
    parts = {
        _("Period: %(period)s"): {"period": view["period"]},
        _("To be held by: %(date)s"): {"date": to_be_held({**view, "extensions": moves})},
        _("Held: %(date)s"): {"date": view["held_on"]},
        _("Held by: %(by)s"): {"by": by},
    }
    blocks += [template % value for template, value in parts.items() if all(value.values())]
    blocks += [f"  {line}" for line in requests(view["extensions"])]
    if view["as_published"]:
        blocks.append(_("Recorded elsewhere, and taken in as it was published."))
    for theme in view["themes"]:
        blocks += ["", *_theme(theme)]
    if view["lessons"]:
        blocks += ["", Heading(_("Lessons learned")), f"  {localized(view['lessons'])}"]
    return [*blocks, *legend(any(row["assumed"] for row in (view, *view["themes"])))]


def _theme(theme: View) -> list[Block]:
    title = f"{theme['theme_id']}  {localized(theme['title'])}"
    return [Heading(marked(title, theme["assumed"])), *(f"  {line}" for line in said(theme))]


def said(theme: View) -> list[str]:
    """Say what an evaluation says of a theme, a line for each part."""
    texts = {
        "finding": _("Finding: %(text)s"),
        "attribution": _("Due to: %(text)s"),
        "evidence": _("Evidence: %(text)s"),
        "lessons": _("Lessons: %(text)s"),
    }
    lines = [template % {"text": localized(theme[name])} for name, template in texts.items() if theme[name]]
    if theme["decision"]:
        lines.append(_("Decision: %(decision)s") % {"decision": spoken(words.THEME_DECISION, theme["decision"])})
    if theme["objectives"]:
        lines.append(_("Objectives from it: %(objectives)s") % {"objectives": ", ".join(theme["objectives"])})
    return lines


@evaluation.command(
    "add",
    cls=Command,
    short_help=N_("Prepare an evaluation of a programme."),
    help=N_(
        "Prepare an evaluation of a programme: of one that is here, or of one that is described as having gone before. "
        "It gets an id, such as zvp-2020-2025/final, and its themes one after the other; then it is recorded."
    ),
)
@click.argument("word", metavar="PROGRAMME")
@click.option("--kind", required=True, type=click.Choice(KINDS), help=N_("Of what kind."))
@click.option("--period", metavar="YEAR", help=N_("The year or month on which it looks back; a yearly one needs it."))
@click.option("--due", metavar="DATE", help=N_("By when it is to be held, as far as it is known."))
@dry_run_option
@pass_context
def add(
    context: Context,
    word: str,
    kind: str,
    period: str | None,
    due: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Prepare an evaluation."""
    from pdca.programme.evaluation import AddEvaluation

    house = open_house(context)
    with house.reading() as connection:
        wanted = _known(connection, word)
    outcome = house.apply(AddEvaluation(wanted, kind.replace("-", "_"), period, due), dry_run=dry_run)
    lines = [
        _("%(evaluation)s is prepared. Say of each theme what was found and what is decided:") % outcome.summary,
        f"  pdca programme evaluation theme {outcome.summary['evaluation']} THEME --finding … --decision …",
    ]
    emit_done(context, "pdca.programme-evaluation-added/1", outcome, lines, dry_run=dry_run)


@evaluation.command(
    "set",
    cls=Command,
    short_help=N_("Set the day by which a programme is to be evaluated, or an earlier one."),
    help=N_(
        "Set the day by which the evaluation of a programme is to be held, or bring it forward, before the present one "
        "has passed. To put it off takes an extension that somebody else approves: `pdca programme evaluation extend`."
    ),
)
@click.argument("word", metavar="EVALUATION")
@click.option("--due", required=True, metavar="DATE", help=N_("By when it is to be held, as far as it is known."))
@reason_required
@dry_run_option
@pass_context
def set_(context: Context, word: str, due: str, reason: str, dry_run: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Set another day."""
    from pdca.programme.day import SetEvaluationDay

    house = open_house(context)
    with house.reading() as connection:
        wanted = find_programme_evaluation(connection, word)
    outcome = check(house.apply(SetEvaluationDay(wanted, due, reason), dry_run=dry_run), wanted, dry_run=dry_run)
    lines = [_("%(evaluation)s is to be held by %(due)s.") % outcome.summary]
    emit_done(context, "pdca.programme-evaluation-set/1", outcome, lines, dry_run=dry_run)


def _text(name: str, text: str) -> Callable[[Function], Function]:
    return click.option(f"--{name}", f"{name}_texts", multiple=True, metavar="TEXT", help=text)


@evaluation.command(
    "theme",
    cls=Command,
    short_help=N_("Say of a theme what was found, to what it is due, and what is decided."),
    help=N_(
        "Say of a theme what was found, to what that is due and how it is known, and what is decided. What is not "
        "given stays as it is. THEME is the id of a phenomenon or an objective; another theme says with --phenomenon, "
        "--objective or --title what it is about. Texts have their language in front, nl=… or fr=…; without one they "
        "are in the language of --lang, otherwise in that of the organisation. Repeat the option for each language."
    ),
)
@click.argument("word", metavar="EVALUATION")
@click.argument("theme_id", metavar="THEME")
@click.option("--phenomenon", metavar="PHENOMENON", help=N_("The phenomenon that it is about."))
@click.option("--objective", metavar="OBJECTIVE", help=N_("The objective that it is about."))
@click.option("--title", "title_texts", multiple=True, metavar="TITLE", help=N_("What it is called."))
@_text("finding", N_("What was found."))
@click.option("--decision", type=click.Choice(tuple(words.THEME_DECISION)), help=N_("What becomes of it."))
@_text("attribution", N_("To what the result is due: to the programme, to daily work, to something else."))
@_text("evidence", N_("How that is known."))
@_text("lessons", N_("What was learned."))
@click.option("--remove", is_flag=True, help=N_("Take the theme out of the evaluation."))
@dry_run_option
@pass_context
def theme(  # noqa: PLR0913, PLR0917 - one argument per option
    context: Context,
    word: str,
    theme_id: str,
    phenomenon: str | None,
    objective: str | None,
    title_texts: tuple[str, ...],
    finding_texts: tuple[str, ...],
    decision: str | None,
    attribution_texts: tuple[str, ...],
    evidence_texts: tuple[str, ...],
    lessons_texts: tuple[str, ...],
    remove: bool,  # noqa: FBT001 - a flag of the command line
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Say something about a theme, or take it out."""
    from pdca.programme.theme import DropTheme, SetTheme

    given = {
        "title": title_texts,
        "finding": finding_texts,
        "attribution": attribution_texts,
        "evidence": evidence_texts,
        "lessons": lessons_texts,
    }
    says_something = bool(phenomenon or objective or decision or any(given.values()))
    if remove and says_something:
        raise Usage("remove-and-say", _("--remove takes the theme out; nothing else is said about it."))
    house = open_house(context)
    with house.reading() as connection:
        wanted = find_programme_evaluation(connection, word)
        language = language_given(context, connection)
        texts = {name: titles(f"--{name}", those, language) for name, those in given.items()}
        about = find_phenomenon(connection, phenomenon) if phenomenon else None
        meant = find_objective(connection, objective) if objective else None
    title = texts.pop("title")
    command = (
        DropTheme(wanted, theme_id) if remove else SetTheme(wanted, theme_id, about, meant, title, decision, texts)
    )
    outcome = check(house.apply(command, dry_run=dry_run), wanted, dry_run=dry_run)
    template = (
        _("%(evaluation)s: theme “%(theme)s” is taken out.")
        if remove
        else _("%(evaluation)s: theme “%(theme)s” is noted.")
    )
    emit_done(context, "pdca.programme-theme/1", outcome, [template % outcome.summary], dry_run=dry_run)


@evaluation.command(
    "record",
    cls=Command,
    short_help=N_("Record the evaluation of a programme as it was held; it cannot be edited afterwards."),
    help=N_(
        "Record the evaluation of a programme as it was held. Every theme says what was found and what is decided; in "
        "a final evaluation each also says to what that is due, and no retained objective is left out. A recorded "
        "evaluation is not edited, only followed by another."
    ),
)
@click.argument("word", metavar="EVALUATION")
@click.option("--held", "held_on", required=True, metavar="DATE", help=N_("When it was held, as far as it is known."))
@click.option("--by", required=True, help=N_("Who held it: a party that is known here, or its name."))
@_text("lessons", N_("What was learned from the whole."))
@dry_run_option
@pass_context
def record(
    context: Context,
    word: str,
    held_on: str,
    by: str,
    lessons_texts: tuple[str, ...],
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Record an evaluation."""
    from pdca.programme.evaluation import RecordProgrammeEvaluation

    house = open_house(context)
    with house.reading() as connection:
        wanted = find_programme_evaluation(connection, word)
        lessons = titles("--lessons", lessons_texts, language_given(context, connection))
    command = RecordProgrammeEvaluation(wanted, held_on, by, lessons)
    outcome = check(house.apply(command, dry_run=dry_run), wanted, dry_run=dry_run)
    lines = [_("%(evaluation)s is recorded.") % outcome.summary]
    if outcome.summary["kind"] == "final":
        lines += [
            _("To propose objectives for the next programme from it:"),
            f"  pdca programme evaluation propose {wanted}",
        ]
    emit_done(context, "pdca.programme-evaluated/1", outcome, lines, dry_run=dry_run)


@evaluation.command(
    "propose",
    cls=Command,
    short_help=N_("Propose objectives for the next programme from what an evaluation found."),
    help=N_(
        "Propose objectives for the next programme from what a recorded evaluation found: a candidate for every theme "
        "that is retained or continues, or for the themes that are named. Each candidate keeps the finding it comes "
        "from, and is decided over like any other. What was proposed already is not proposed again."
    ),
)
@click.argument("word", metavar="EVALUATION")
@click.option(
    "--programme",
    "programme_word",
    metavar="PROGRAMME",
    help=N_("Where they are to stand; otherwise in the programme that follows."),
)
@click.option("--theme", "themes", multiple=True, metavar="THEME", help=N_("Only from this theme; may be repeated."))
@click.option("--id", "objective_id", metavar="ID", help=N_("The id of the objective, when it is one."))
@dry_run_option
@pass_context
def propose(
    context: Context,
    word: str,
    programme_word: str | None,
    themes: tuple[str, ...],
    objective_id: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Propose objectives."""
    from pdca.programme.propose import Propose

    house = open_house(context)
    with house.reading() as connection:
        wanted = find_programme_evaluation(connection, word)
        into = find_programme(connection, programme_word) if programme_word else None
    outcome = house.apply(Propose(wanted, into, themes, objective_id), dry_run=dry_run)
    proposed = outcome.summary["objectives"]
    lines = [
        _("Candidates in %(programme)s: %(objectives)s.")
        % {"programme": outcome.summary["programme"], "objectives": ", ".join(proposed)}
        if proposed
        else _("There was nothing to propose.")
    ]
    emit_done(context, "pdca.objectives-proposed/1", outcome, lines, dry_run=dry_run)


def _known(connection: Connection, word: str) -> str:
    """Give the id of a programme that is here, or of one that is described as having gone before."""
    if word in programmes_known(connection):
        return word
    try:
        return find_programme(connection, word)
    except NotFound:
        described = [name for name in programmes_known(connection) if name.startswith(word)]
        if len(described) != 1:
            raise
        return described[0]
