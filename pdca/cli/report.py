"""`pdca report`: what is told of the progress made, as pages that leave the house."""

import json
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, Group, pass_context
from pdca.cli.house import find_plan, open_house
from pdca.cli.output import emit_object
from pdca.cli.words import parse_day
from pdca.cli.writing_out import ExportCommand
from pdca.errors import Usage
from pdca.files import whole_file, write_new
from pdca.i18n import LANGUAGES, N_, _, ngettext
from pdca.report.audiences import AUDIENCES, PUBLIC

report = Group("report", short_help=N_("Write a report of the progress made, for whoever is to be informed."))

FORMS: Final = ("html", "pdf", "md", "json")
_PROGRESS: Final = ("pdca.pages.progress", "pdca.progress-report/1")
_PROGRAMME: Final = ("pdca.pages.whole_programme", "pdca.programme-report/1")
_BOARD: Final = ("pdca.pages.board", "pdca.board/1")
_ENDINGS: Final = {f".{form}": form for form in FORMS}


def written_out(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of every report: for whom, in which language and form, and where to."""
    options = (
        click.option("--audience", type=click.Choice(AUDIENCES), required=True, help=N_("For whom it is.")),
        click.option(
            "--language", type=click.Choice(LANGUAGES), help=N_("In which language; otherwise the one spoken.")
        ),
        click.option("--format", "form", type=click.Choice(FORMS), help=N_("The form of the report.")),
        click.option("--out", metavar="FILE", help=N_("Where to; a file there is not replaced.")),
        click.option("--force", is_flag=True, help=N_("Replace a file that is there.")),
    )
    for option in reversed(options):
        command = option(command)
    return command


@report.command(
    "plan",
    cls=ExportCommand,
    short_help=N_("Write the progress report of a plan."),
    help=N_(
        "Write the progress report of a plan: what it comes down to in one sentence, what happened since the last "
        "report, what is measured, the evaluations, activities and means, who is informed, and what comes next. What "
        "is withheld from the audience is not in it, and the public is told no names of people. As HTML it is one file "
        "that needs nothing else. To stdout, unless --out names a file; the form is that of --format, otherwise of the "
        "name of the file, otherwise Markdown."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@written_out
@click.option("--since", metavar="DATE", help=N_("The day of the last report; otherwise everything is told."))
@pass_context
def plan(context: Context, /, plan_word: str, since: str | None, **given: Any) -> None:  # noqa: ANN401 - given by click
    """Write the report of a plan."""
    from pdca.report.progress import progress
    from pdca.report.then import not_to_come

    form = form_of(given["form"], given["out"], as_json=context.json)
    house, day = open_house(context), parse_day("--since", since)
    with house.reading() as connection:
        plan_id, now = find_plan(connection, plan_word), house.now(connection)
        if day is not None:
            not_to_come(connection, plan_id, day, now)
        view = progress(connection, plan_id, audience=given["audience"], since=day, now=now)
        made = made_of(_PROGRESS, view, form, given["language"] or context.language)
    _emit(context, made, view, {"plan": plan_id, "since": view["since"]}, {**given, "form": form})


@report.command(
    "programme",
    cls=ExportCommand,
    short_help=N_("Write the report of a whole programme."),
    help=N_(
        "Write the report of a whole programme, of the only one when none is named: what it comes down to in one "
        "sentence, under every objective the plans with their step, their marks, their last evaluation and what is "
        "next, what is still to be worked out, what goes on in daily work, the evaluation of the programme itself, "
        "means planned and deployed, and who is informed. Restricted plans are not in it for partners and the public. "
        "Forms are as those of `pdca report plan`."
    ),
)
@click.argument("programme_word", metavar="[PROGRAMME]", required=False)
@written_out
@pass_context
def programme(context: Context, /, programme_word: str | None, **given: Any) -> None:  # noqa: ANN401 - given by click
    """Write the report of a programme."""
    from pdca.cli.finding import find_programme
    from pdca.report.whole_programme import whole_programme

    form = form_of(given["form"], given["out"], as_json=context.json)
    house, audience = open_house(context), given["audience"]
    with house.reading() as connection:
        name = find_programme(connection, programme_word)
        view = whole_programme(connection, name, audience=audience, now=house.now(connection))
        made = made_of(_PROGRAMME, view, form, given["language"] or context.language)
    _emit(context, made, view, {"programme": name}, {**given, "form": form})


@report.command(
    "board",
    cls=ExportCommand,
    short_help=N_("Write the board of all plans as a page."),
    help=N_(
        "Write the board as a page: the plans in Plan, Do, Check and Adjust beside one another, each with its cycle, "
        "the mark of its evaluation date and what is next; below them those that are over. Restricted plans are not on "
        "it for partners and the public. Forms are as those of `pdca report plan`; on the screen it is `pdca board`."
    ),
)
@written_out
@pass_context
def board(context: Context, /, **given: Any) -> None:  # noqa: ANN401 - given by click
    """Write the board."""
    from pdca.report.whole_board import whole_board

    form = form_of(given["form"], given["out"], as_json=context.json)
    house = open_house(context)
    with house.reading() as connection:
        view = whole_board(connection, audience=given["audience"], now=house.now(connection))
        made = made_of(_BOARD, view, form, given["language"] or context.language)
    _emit(context, made, view, {}, {**given, "form": form})


@report.command(
    "site",
    cls=Command,
    short_help=N_("Write a web site of all plans that may be seen."),
    help=N_(
        "Write a web site of all plans that the audience may see, in every language of the organisation: a start page "
        "with the board, a page for each plan, the report of each programme, the reports that were published, and the "
        "signed checkpoint. It is a folder of files that any web server can show: no script, nothing from elsewhere. "
        "It takes the place of the site that was there, as a whole; a folder that is not such a site is left alone. "
        "Without --out it is the folder in which `pdca information send` publishes pages."
    ),
)
@click.option("--audience", type=click.Choice(AUDIENCES), required=True, help=N_("For whom it is."))
@click.option("--out", metavar="FOLDER", help=N_("Where to."))
@pass_context
def site(context: Context, audience: str, out: str | None) -> None:
    """Write a site."""
    from pdca import site as sites
    from pdca.information.in_folder import SITE, published_in
    from pdca.whole_folder import finish, put_in_place

    if out is None and audience != PUBLIC:
        raise Usage(
            "site-for-others",
            _("What stands where pages are published is for everybody; a site for “%(audience)s” does not go there.")
            % {"audience": audience},
            hint=_("Name another folder: --out FOLDER."),
        )
    letters = context.settings.information_folder
    folder = Path(out) if out else letters / SITE
    finish(folder)
    sites.check_ours(folder, audience)
    house = open_house(context)
    with house.reading() as connection:
        made = sites.site(connection, audience=audience, now=house.now(connection))
    if out is None:
        folder.parent.mkdir(parents=True, exist_ok=True)
    # Read last: a page may have been published while the site was made.
    with house.reading() as connection:
        published = published_in(connection, letters) if folder.resolve() == (letters / SITE).resolve() else {}
    put_in_place(folder, {**published, **made.files}, private=audience != PUBLIC)
    view = {
        "folder": str(folder),
        "audience": audience,
        "languages": list(made.languages),
        "plans": list(made.plans),
        "files": len(made.files),
    }
    words = ngettext(
        "Written to %(folder)s: %(files)d files about %(count)d plan.",
        "Written to %(folder)s: %(files)d files about %(count)d plans.",
        len(made.plans),
    )
    emit_object(context, "pdca.site-written/1", view, human=lambda: [words % {**view, "count": len(made.plans)}])


def _emit(
    context: Context, made: bytes, view: Mapping[str, Any], told: Mapping[str, Any], given: Mapping[str, Any]
) -> None:
    told = {
        **told,
        "audience": given["audience"],
        "language": given["language"] or context.language,
        "content_sha256": view["content_sha256"],
        "format": given["form"],
    }
    emit_page(context, made, given["out"], told, force=given["force"])


def form_of(form: str | None, out: str | None, *, as_json: bool) -> str:
    """Give the form that a report is written in; raises Usage when what was said does not go together."""
    ending = _ENDINGS.get(Path(out).suffix.lower()) if out else None
    if form and ending and form != ending:
        raise Usage(
            "form-and-name",
            _("The name %(file)s is that of another form than %(form)s.") % {"file": out, "form": form},
            hint=_("Leave --format out, or give the file another name."),
        )
    if form is None and out is not None and ending is None:
        raise Usage(
            "form-unknown",
            _("No form of a file is known by the name %(file)s.") % {"file": out},
            hint=_("Let the name end with %(endings)s, or say --format.") % {"endings": ", ".join(_ENDINGS)},
        )
    if as_json and out is None and form not in (None, "json"):
        raise Usage(
            "export-to-where",
            _("--json tells what was written into a file."),
            hint=_("Leave it out, or add --out FILE."),
        )
    chosen = form or ending or ("json" if as_json else "md")
    if chosen == "pdf" and out is None and sys.stdout.isatty():
        raise Usage("export-to-where", _("A PDF is no text."), hint=_("Add --out FILE."))
    return chosen


def made_of(kind: tuple[str, str], view: Mapping[str, Any], form: str, language: str) -> bytes:
    """Give a report in a form; `kind` is the module that lays it out, and the schema of its facts."""
    module, schema = kind
    pages = import_module(module)
    if form == "json":
        return (json.dumps({"schema": schema, **view}, ensure_ascii=False, indent=2) + "\n").encode()
    if form == "md":
        return str(pages.as_markdown(view, language)).encode()
    html = str(pages.as_html(view, language))
    if form == "pdf":
        from pdca.pages.pdf import as_pdf

        return as_pdf(html)
    return html.encode()


def emit_page(context: Context, made: bytes, out: str | None, told: Mapping[str, Any], *, force: bool) -> None:
    """Write a page to stdout, or into a file and tell that."""
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(made)
        return
    try:
        with whole_file(Path(out), overwrite=force) as new:
            write_new(new, made, private=told["audience"] != PUBLIC)
    except Usage as error:
        if error.code == "already-exists":
            error.hint = _("Choose another name, or say --force to replace it.")
        raise
    view = {"file": out, **told}
    emit_object(context, "pdca.report-written/1", view, human=lambda: [_("Written to %(file)s.") % view])
