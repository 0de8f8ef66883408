"""`pdca plan edit` and `pdca plan set`: changing what is written about a plan."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from pdca.cli.context import Context
from pdca.cli.editor import Draft, find_editor, kept_draft, run_editor
from pdca.cli.failure import report
from pdca.cli.frame import Command, dry_run_option, pass_context, reason_option
from pdca.cli.house import find_plan, open_house, refused
from pdca.cli.plan_change import change_plan, unchanged
from pdca.cli.plan_document import on_the_command_line
from pdca.errors import Conflict, Failed, PdcaError, Place, Usage
from pdca.i18n import N_, _
from pdca.store.driver import Connection
from pdca.store.reads import plans

if TYPE_CHECKING:
    from pdca.exchange.plan_text import Opened

STDIN: Final = "-"
_NO: Final = frozenset({"n", "no", "nee", "non"})


@click.command(
    "edit",
    cls=Command,
    short_help=N_("Change a plan as one text, in your editor or from a file."),
    help=N_(
        "Open everything that is written about a plan as one text in your editor (VISUAL, EDITOR), and bring the plan "
        "to what it says when you leave it. What is wrong is named with its line and field, and the text is kept. With "
        "--file the text comes from a file, or with - from standard input; `pdca export --plan PLAN` writes one."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@reason_option
@click.option("--file", metavar="FILE", help=N_("Take the text from this file; - is standard input."))
@dry_run_option
@pass_context
def edit(context: Context, plan_word: str, reason: str | None, file: str | None, dry_run: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Change a plan as one text."""
    editing = _Editing(context, plan_word, reason, dry_run=dry_run)
    if file is None:
        editing.in_editor()
    else:
        editing.from_file(file)


@click.command(
    "set",
    cls=Command,
    short_help=N_("Change single fields of a plan."),
    help=N_(
        "Set single fields of a plan: title.nl=…, lead=…, period.to=…, rubrics.RUBRIC=…, "
        "rubrics.RUBRIC.not_applicable=…, activities.A1.status=…. The names are those of the text that `pdca plan "
        "edit` shows. Nothing after the = takes the field away. All is changed, or nothing."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.argument("settings", metavar="FIELD=VALUE", nargs=-1, required=True)
@reason_option
@dry_run_option
@pass_context
def set_(
    context: Context,
    plan_word: str,
    settings: tuple[str, ...],
    reason: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Change single fields."""
    from copy import deepcopy

    from pdca.exchange.plan_file import plan_of
    from pdca.exchange.plan_text import opened
    from pdca.exchange.setting import set_fields

    house = open_house(context)
    with house.reading() as connection:
        before = opened(connection, find_plan(connection, plan_word))
    document = deepcopy(before.document)
    set_fields(document, settings, before.definition)
    with on_the_command_line():
        placed = plan_of(document, before.known, before.definition, before.plan_id)
    change_plan(context, house, before, placed, reason=reason, dry_run=dry_run)


class _Editing:
    """One text on its way into one plan."""

    def __init__(self, context: Context, plan_word: str, reason: str | None, *, dry_run: bool) -> None:
        self.context = context
        self.reason = reason
        self.dry_run = dry_run
        self.house = open_house(context)
        with self.house.reading() as connection:
            self.plan_id = find_plan(connection, plan_word)

    def in_editor(self) -> None:
        """Let the text be edited until it is taken in, given up or in conflict."""
        from pdca.exchange.plan_text import opened, plan_text

        if not sys.stdin.isatty():
            raise Usage(
                "no-terminal",
                _("An editor needs a terminal, and there is none here."),
                hint=_("Say --file FILE; `pdca export --plan %(plan)s` writes the text to begin from.")
                % {"plan": self.plan_id},
            )
        editor = find_editor(self.context.environ)
        with self.house.reading() as connection:
            self._check_possible(connection)
            plan = opened(connection, self.plan_id)
            text = plan_text(connection, plan)
        draft = Draft.begin(f"{self.plan_id}.yaml", text, self.context.environ)
        begun = text.encode()
        try:
            while not self._edited(editor, draft, begun):
                pass
        except PdcaError as error:
            if draft.path.is_file() and draft.path.read_bytes() != begun:
                raise self._keeping(error, draft.path) from error
            draft.drop()
            raise
        if self.dry_run and draft.path.read_bytes() != begun:
            self.context.note(self._kept(draft.path))
        else:
            draft.drop()

    def _edited(self, editor: list[str], draft: Draft, begun: bytes) -> bool:
        """Run the editor once and take the text in; false when it is to be opened again."""
        from pdca.exchange.problems import ImportRefused

        run_editor(editor, draft.path)
        data = draft.bytes
        if data == begun:
            unchanged(self.context, self.plan_id, dry_run=self.dry_run)
            return True
        try:
            self._take_in(data, draft.path.name)
        except ImportRefused as refusal:
            if not sys.stderr.isatty():
                raise
            report(self._keeping(refusal, draft.path), as_json=self.context.json)
            if self._again():
                return False
            self.context.exit(refusal.exit_status)
        return True

    def from_file(self, file: str) -> None:
        """Take the text in from a file; one that came through standard input is kept when it is refused."""
        path = Path(file)
        data = sys.stdin.buffer.read() if file == STDIN else _read(path)
        draft = kept_draft(path, self.context.environ) if file != STDIN else None
        try:
            self._take_in(data, _("standard input") if file == STDIN else file)
        except PdcaError as error:
            if file == STDIN and data.strip():
                draft = Draft.begin(f"{self.plan_id}.yaml", data.decode(errors="replace"), self.context.environ)
                path = draft.path
            raise self._keeping(error, path) if data.strip() else error from error
        if draft is not None and not self.dry_run:
            draft.drop()

    def _take_in(self, data: bytes, name: str) -> None:
        from pdca.exchange.plan_file import read_plan
        from pdca.exchange.plan_text import base_of, opened

        with self.house.reading() as connection:
            plan = opened(connection, self.plan_id)
        placed = read_plan(data, name, known=plan.known, definition=plan.definition)
        base = base_of(data.decode(errors="replace"))
        # The text of another plan is told as such by the command.
        if placed.plan.id == plan.document["plan"]["id"] and base not in (None, plan.base):
            raise self._changed_meanwhile(plan, base)
        change_plan(self.context, self.house, plan, placed, reason=self.reason, dry_run=self.dry_run)

    def _changed_meanwhile(self, plan: "Opened", base: str | None) -> Conflict:
        return Conflict(
            "changed-meanwhile",
            _("%(plan)s was changed by somebody else after this text was written out.") % {"plan": self.plan_id},
            hint=_(
                "`pdca plan history %(plan)s` says by whom, `pdca plan show %(plan)s` what it says now. Bring that "
                "into the text and write %(now)s for %(base)s in the line “pdca-base”."
            )
            % {"plan": self.plan_id, "now": plan.base, "base": base},
        )

    def _check_possible(self, connection: Connection) -> None:
        """Say before anybody begins that the plan cannot be edited, by this person or at all."""
        from pdca.engine import may_write
        from pdca.exchange.editing import what_forbids

        row = connection.one(plans.PLAN, plan_id=self.plan_id) or {}
        actor = may_write(self.house.actor(connection))
        if needs := what_forbids(connection, row, actor, self.house.now(connection)):
            raise refused(needs, self.plan_id, dry_run=True)

    def _keeping(self, error: PdcaError, path: Path) -> PdcaError:
        """Tell with an error where the text is, and how to go on from it."""
        kept = self._kept(path)
        own = None if error.code == "import-refused" else error.hint
        error.hint = f"{own}\n{kept}" if own else kept
        return error

    def _kept(self, path: Path) -> str:
        words = _("Your text is kept; go on from it with: pdca plan edit %(plan)s --file %(file)s")
        return words % {"file": shlex.quote(str(path)), "plan": self.plan_id}

    def _again(self) -> bool:
        choice = _("Y/n")
        question = _("Open the editor again?")
        click.echo(f"{question} [{choice}] ", nl=False, err=True)
        answer = sys.stdin.readline()
        return bool(answer) and answer.strip().lower() not in _NO


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Failed(
            "import-unreadable",
            _("The file cannot be read: %(reason)s.") % {"reason": error.strerror},
            hint=_("Check the path and the rights."),
            place=Place(str(path)),
        ) from error
