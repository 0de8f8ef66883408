"""The editor in which people change a text, and the file that keeps the text until it is taken in.

The file stands in the user's state folder from the beginning, so that nothing that is typed can be lost: whatever ends
the program, the text is still there.
"""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pdca.errors import Failed, Usage
from pdca.i18n import _

_USUAL: Final = ("sensible-editor", "nano", "vi")
_VARIABLES: Final = ("VISUAL", "EDITOR")


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that is being edited, in a file of its own."""

    path: Path

    @classmethod
    def begin(cls, name: str, text: str, environ: Mapping[str, str]) -> "Draft":
        """Put a text where it is kept; `name` is what the file is called."""
        workshop = tempfile.mkdtemp(prefix=f"{Path(name).stem}.", dir=_folder(environ))
        draft = cls(Path(workshop, name))
        draft.path.write_text(text, encoding="utf-8")
        return draft

    @property
    def bytes(self) -> bytes:
        """The text as it is now; Failed when the editor has taken the file away."""
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise Failed(
                "editor-left-nothing",
                _("The text is not there any more: %(reason)s.") % {"reason": error.strerror},
                hint=_("Nothing was changed. Save the text under the name it has, and do not move it."),
            ) from error

    def drop(self) -> None:
        """Take the file away, with what the editor has put beside it."""
        shutil.rmtree(self.path.parent, ignore_errors=True)


def kept_draft(path: Path, environ: Mapping[str, str]) -> Draft | None:
    """Give the draft that a path names, when it is one that this program keeps."""
    with suppress(OSError):
        if path.resolve().parent.parent == _folder(environ).resolve():
            return Draft(path.resolve())
    return None


def find_editor(environ: Mapping[str, str]) -> list[str]:
    """Find the editor and its arguments: what VISUAL or EDITOR names, otherwise one that is usual; Usage for none."""
    named = next((name for name in _VARIABLES if environ.get(name, "").strip()), None)
    if named is None:
        usual = next(filter(None, map(shutil.which, _USUAL)), None)
        if usual is None:
            raise Usage(
                "no-editor",
                _("There is no editor here."),
                hint=_("Name one in EDITOR, or change the text elsewhere and say --file FILE."),
            )
        return [usual]
    try:
        command = shlex.split(environ[named])
    except ValueError:
        command = []
    if not command or shutil.which(command[0]) is None:
        raise Usage(
            "no-editor",
            _("%(variable)s names no editor that can be started: %(command)s")
            % {"variable": named, "command": environ[named]},
            hint=_("Correct it, or change the text elsewhere and say --file FILE."),
        )
    return command


def run_editor(command: list[str], path: Path) -> None:
    """Let somebody edit a file; Failed when the editor cannot be started, was killed, or ends with another status."""
    # Where stdout goes to a program, the screen is where stderr goes.
    screen = None if sys.stdout.isatty() else sys.stderr
    try:
        with subprocess.Popen([*command, str(path)], stdout=screen) as editor, _ignoring_interrupts():  # noqa: S603 - what the user named
            status = editor.wait()
    except OSError as error:
        raise Failed(
            "editor-failed",
            _("The editor could not be started: %(reason)s.") % {"reason": error.strerror},
            hint=_("Correct EDITOR, or change the text elsewhere and say --file FILE."),
        ) from error
    if status < 0:
        words = _("The editor was killed by signal %(signal)s; nothing was changed.") % {"signal": -status}
        raise Failed("editor-failed", words)
    if status:
        words = _("The editor ended with status %(status)s; nothing was changed.") % {"status": status}
        raise Failed("editor-failed", words)


def _folder(environ: Mapping[str, str]) -> Path:
    """Give the folder of the kept texts, which nobody else can read; where there is none, the one for passing files."""
    state = environ.get("XDG_STATE_HOME") or (environ.get("HOME") and environ["HOME"] + "/.local/state")
    folder = Path(state, "pdca", "edit") if state else None
    if folder is not None:
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if os.access(folder, os.W_OK | os.X_OK):
                return folder
    return Path(tempfile.gettempdir())


@contextmanager
def _ignoring_interrupts() -> Iterator[None]:
    # What is typed in the editor is meant for the editor.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
