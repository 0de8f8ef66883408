"""`pdca export` and `pdca schema`: a programme or a plan as a file, and what such a file may hold."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, pass_context
from pdca.cli.house import find_plan, open_house, use_methods
from pdca.cli.output import emit_object
from pdca.cli.workbooks import needing_workbooks
from pdca.errors import Usage
from pdca.files import whole_file
from pdca.i18n import N_, _
from pdca.store.reads import plans

FORMS: Final = ("yaml", "json", "xlsx")
ENDINGS: Final = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".xlsx": "xlsx"}
_SHARED_FORMAT: Final = "pdca_format"


class ExportCommand(Command):
    """A command whose `--format` is the form of the file that it writes; `--json` is still that of its answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - handed on to click
        super().__init__(*args, **kwargs)
        self.shared = [option for option in self.shared if option.name != _SHARED_FORMAT]
        self.params = [option for option in self.params if option.name != _SHARED_FORMAT]


@click.command(
    "export",
    cls=ExportCommand,
    short_help=N_("Write a programme or a plan out as a file."),
    help=N_(
        "Write a programme with everything that belongs to it, or one plan, in a form that `pdca import` or `pdca plan "
        "edit --file` takes back: YAML, JSON, or for a programme a workbook. To stdout, unless --out names a file or a "
        "folder. The form is that of --format, otherwise of the name of the file, otherwise YAML."
    ),
)
@click.option("--programme", metavar="ID", help=N_("Which programme, where there are several."))
@click.option("--plan", "plan_word", metavar="PLAN", help=N_("This plan alone, as `pdca plan edit` shows it."))
@click.option("--format", "form", type=click.Choice(FORMS), help=N_("The form of the file."))
@click.option("--out", metavar="FILE|FOLDER", help=N_("Where to; a file there is not replaced."))
@click.option("--force", is_flag=True, help=N_("Replace a file that is there."))
@pass_context
def export(
    context: Context,
    programme: str | None,
    plan_word: str | None,
    form: str | None,
    out: str | None,
    force: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Write a programme or a plan out."""
    form = _form(form, out, as_json=context.json)
    if plan_word is not None and programme is not None:
        raise Usage("plan-or-programme", _("Say either --plan or --programme."))
    if plan_word is not None and form == "xlsx":
        raise Usage(
            "plan-as-workbook",
            _("A plan alone is written as YAML or JSON."),
            hint=_("The workbook of its programme holds it: `pdca export --format xlsx`."),
        )
    if out is None and form == "xlsx":
        raise Usage("export-to-where", _("A workbook is no text."), hint=_("Add --out FILE."))
    name, document, text = _document(context, programme, plan_word)
    if out is None:
        sys.stdout.write(_text(form, document, text))
        return
    target = Path(out) / f"{name}.{form}" if Path(out).is_dir() else Path(out)
    try:
        _write(target, form, document, text, force=force)
    except Usage as error:
        if error.code == "already-exists":
            error.hint = _("Choose another name, or say --force to replace it.")
        raise
    view = {"file": str(target), "format": form, "plan" if plan_word else "programme": name}
    emit_object(context, "pdca.exported/1", view, human=lambda: [_("Written to %(file)s.") % view])


def _form(form: str | None, out: str | None, *, as_json: bool) -> str:
    ending = ENDINGS.get(Path(out).suffix.lower()) if out else None
    if form is None and out is None and as_json:
        return "json"
    if form is not None and out is None and as_json and form != "json":
        raise Usage(
            "export-to-where",
            _("--json tells what was written into a file."),
            hint=_("Leave it out, or add --out FILE."),
        )
    if form and ending and form != ending:
        raise Usage(
            "form-and-name",
            _("The name %(file)s is that of another form than %(form)s.") % {"file": out, "form": form},
            hint=_("Leave --format out, or give the file another name."),
        )
    if form is None and out is not None and ending is None and Path(out).suffix and not Path(out).is_dir():
        raise Usage(
            "form-unknown",
            _("No form of a file is known by the name %(file)s.") % {"file": out},
            hint=_("Let the name end with %(endings)s, or say --format.") % {"endings": ", ".join(ENDINGS)},
        )
    return form or ending or "yaml"


def _document(
    context: Context, programme: str | None, plan_word: str | None
) -> tuple[str, dict[str, Any], Callable[[], str]]:
    """Give the name of what is written out, its document, and what makes its YAML."""
    from pdca.exchange.bases import bases, with_base
    from pdca.exchange.exporter import comment_on, programme_document
    from pdca.exchange.plan_text import opened, plan_text
    from pdca.exchange.writing import yaml_text

    with open_house(context).reading() as connection:
        if plan_word is not None:
            plan = opened(connection, find_plan(connection, plan_word))
            written = plan_text(connection, plan)
            return plan.plan_id, {**plan.document, "pdca-base": plan.base}, lambda: written
        found = bases(connection)
        numbers = {row["slug"]: row["plan_id"] for row in connection.all(plans.PLAN_NAMES)}
        document = with_base(programme_document(connection, programme), found, numbers)
    name = document["programme"]["id"] if "programme" in document else "people"
    return name, document, lambda: yaml_text(document, comment_on(document))


def _text(form: str, document: dict[str, Any], text: Callable[[], str]) -> str:
    from pdca.exchange.writing import json_text

    return json_text(document) + "\n" if form == "json" else text()


def _write(target: Path, form: str, document: dict[str, Any], text: Callable[[], str], *, force: bool) -> None:
    if form == "xlsx":
        with needing_workbooks():
            from pdca.exchange.workbook_out import write_workbook
        write_workbook(document, target, overwrite=force)
        return
    with whole_file(target, overwrite=force) as new:
        new.write_text(_text(form, document, text), encoding="utf-8")


@click.command(
    "schema",
    cls=Command,
    short_help=N_("Print the JSON Schema of the import format."),
    help=N_(
        "Print the JSON Schema by which an editor completes and checks a file while it is written: that of a whole "
        "file, or of the text of one plan."
    ),
)
@click.argument("what", type=click.Choice(("file", "plan")), default="file")
@pass_context
def schema(context: Context, what: str) -> None:
    """Print the JSON Schema."""
    from pdca.exchange.json_schema import document_schema, plan_schema

    use_methods(context)
    made = document_schema() if what == "file" else plan_schema()
    sys.stdout.write(json.dumps(made, ensure_ascii=False, indent=2) + "\n")
