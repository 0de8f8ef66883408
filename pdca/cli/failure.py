"""From an exception to what the user reads and the exit status. No traceback reaches a user."""

import json
import os
import sys
import traceback
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from pdca.errors import Failed, NotFound, PdcaError, Place, Usage
from pdca.i18n import _, gettext

if TYPE_CHECKING:
    from workflows.definition import DefinitionError

SCHEMA: Final = "pdca.error/1"
LARGEST_LOG: Final = 1024 * 1024


def report(error: PdcaError, *, as_json: bool) -> None:
    """Write an error to stderr: in words, or as one JSON object."""
    if as_json:
        fields = {"schema": SCHEMA, **error.as_dict(), "exit_status": error.exit_status}
        _write(json.dumps(fields, ensure_ascii=False, default=str))
    else:
        from pdca.cli.cells import harmless

        _write("\n".join(harmless(line) for line in in_words(error)))


def in_words(error: PdcaError) -> Iterator[str]:
    """Give the lines of an error. A message may have several, such as the unmet needs of a refusal."""
    yield f"error[{error.code}]: {error.message}"
    if error.place is not None:
        at = _("at")
        yield f"  {at} {error.place}"
    if error.hint:
        yield _("hint: %(hint)s") % {"hint": error.hint}


def from_click(error: click.ClickException) -> PdcaError:
    """Give a mistake on the command line, which click found, as an error of ours."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "pdca"
    hint = _("`%(command)s --help` shows how it is written.") % {"command": path}
    if isinstance(error, click.NoSuchCommand):
        message = _("There is no command “%(name)s”.") % {"name": error.command_name}
        return Usage("unknown-command", message, hint=_nearest(_under_a_noun(error) or error.possibilities) or hint)
    if isinstance(error, click.NoSuchOption):
        message = _("There is no option “%(name)s”.") % {"name": error.option_name}
        return Usage("unknown-option", message, hint=_below_zero(error) or _nearest(error.possibilities) or hint)
    if isinstance(error, click.MissingParameter):
        kind = "argument" if isinstance(error.param, click.Argument) else "option"
        return Usage(f"missing-{kind}", _("%(name)s is missing.") % {"name": _name(error)}, hint=hint)
    if isinstance(error, click.BadParameter):
        message = _("%(name)s is not understood: %(reason)s") % {"name": _name(error), "reason": error.message}
        return Usage("bad-value", message, hint=hint)
    return Usage("usage", error.format_message(), hint=hint)


def from_definition(error: "DefinitionError") -> PdcaError:
    """Give a method that is not there, or cannot be used, as an error of ours; the administrator is to mend it."""
    mark = error.mark
    place = Place(error.where, mark.line if mark else None, mark.column if mark else None, error.path or None)
    if error.code == "method-unknown":
        return NotFound(error.code, error.words(gettext), hint=error.advice(gettext))
    if not error.findings:
        return Failed(error.code, error.words(gettext), hint=error.advice(gettext), place=place)
    return Failed(
        error.code,
        error.words(gettext),
        hint=_("`pdca workflow check %(file)s` shows everything that is wrong with it.") % {"file": error.where},
        place=place,
    )


def internal(at: datetime, command: str, version: str) -> PdcaError:
    """Put the exception that is being handled where an administrator finds it, and give the error for the user.

    With `PDCA_DEBUG=1` it goes to stderr, otherwise to a file in the user's state folder. Arguments are not written:
    they may be personal.
    """
    from pdca.log import masked

    detail = (
        f"{at.isoformat()} pdca {version} python {sys.version.split()[0]} {command}\n{masked(traceback.format_exc())}\n"
    )
    if os.environ.get("PDCA_DEBUG"):
        _write(detail)
        hint = _("The detail stands above.")
    else:
        file = _keep(detail)
        hint = (
            _("The detail is in %(file)s; please send it to whoever looks after this program.") % {"file": file}
            if file
            else _("Run it again with PDCA_DEBUG=1 to see the detail.")
        )
    return PdcaError("internal-error", _("The program made a mistake, not you."), hint=hint)


def _keep(detail: str) -> Path | None:
    folder = os.environ.get("XDG_STATE_HOME") or (os.environ.get("HOME") and os.environ["HOME"] + "/.local/state")
    if not folder:
        return None
    file = Path(folder, "pdca", "errors.log")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if file.exists() and file.stat().st_size > LARGEST_LOG:
            file.replace(file.with_suffix(".log.1"))
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8") as target:
            target.write(detail)
    except OSError:
        return None
    return file


def _under_a_noun(error: click.NoSuchCommand) -> list[str]:
    """Name the one command that bears the name given behind a noun; nothing where several nouns have it."""
    context = error.ctx
    if context is None or not isinstance(context.command, click.Group):
        return []
    nouns = ((name, context.command.get_command(context, name)) for name in context.command.list_commands(context))
    found = [
        f"{noun} {error.command_name}"
        for noun, group in nouns
        if isinstance(group, click.Group) and error.command_name in group.list_commands(context)
    ]
    return found if len(found) == 1 else []


def _below_zero(error: click.NoSuchOption) -> str | None:
    if not error.option_name[1:2].isdigit():
        return None
    return _("Write a number below zero last, behind two dashes: -- %(number)s.") % {"number": error.option_name}


def _nearest(possibilities: list[str] | None) -> str | None:
    return _("Did you mean “%(name)s”?") % {"name": possibilities[0]} if possibilities else None


def _name(error: click.BadParameter) -> str:
    if isinstance(error.param_hint, str):
        return error.param_hint
    if isinstance(error.param, click.Argument):
        return error.param.human_readable_name
    return error.param.get_error_hint(error.ctx).replace("'", "") if error.param else ""


def _write(text: str) -> None:
    # stderr may be closed or full; there is nobody left to tell.
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        pass
