"""The examples of a page, run as its reader would run them: one shell, a fresh folder, a terminal 96 cells wide.

A block that begins with ```` ```console ```` is run, whatever else it is for; a line that begins with `$ ` is a
command, `> ` continues it, and what follows is what it prints: first what goes to stdout, then what goes to stderr. In
what is shown, `…` stands for anything within a line, and alone on a line for any lines. After `console`, `today` says
that dates and times are those of the day of the reader, and `about` that numbers are what they were when the page was
written. `<!-- file: NAME -->` above any other block puts its text into a file of that name.
"""

import fcntl
import os
import pwd
import re
import shutil
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
WIDTH: Final = 96
PATIENCE_SECONDS: Final = 180
READER: Final = "robin"
"""Who the reader is in the pages; where the tests run it is somebody else."""

_BLOCK: Final = re.compile(
    r"^(?:<!-- file: (?P<file>\S+) -->\n)?```(?P<info>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_ANSI: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBER: Final = re.compile(r"(?<![\w.-])\d+(?![\w-])")
_MARK: Final = "@@ command @@"

# In a test the environment is there already, so the verbs of ./dev are what they end in.
_DEV: Final = """#!/bin/sh
verb=$1
shift
case $verb in
    demo) exec pdca demo "$@" ;;
    pdca) exec pdca "$@" ;;
    *) exit 64 ;;
esac
"""


@dataclass(frozen=True, slots=True)
class Example:
    """A command of a page with what the page says it prints; `loose` holds the words after `console`."""

    command: str
    shown: str
    loose: frozenset[str]
    line: int


@dataclass(frozen=True, slots=True)
class File:
    """A file that a page lets its reader write."""

    name: str
    text: str


Step = Example | File


def steps(text: str) -> list[Step]:
    """Give what the reader of a page does, in order."""
    found: list[Step] = []
    for block in _BLOCK.finditer(text):
        kind, *more = block["info"].split() or [""]
        if block["file"]:
            found.append(File(block["file"], block["text"]))
        elif kind == "console":
            line = text.count("\n", 0, block.start("text")) + 1
            found += _examples(block["text"], line, frozenset(more))
    return found


def _examples(text: str, first: int, loose: frozenset[str]) -> Iterator[Example]:
    command: list[str] = []
    shown: list[str] = []
    start = first
    for number, line in enumerate(text.splitlines(), first):
        if line.startswith("$ "):
            if command:
                yield Example("\n".join(command), "\n".join(shown), loose, start)
            command, shown, start = [line[2:]], [], number
        elif line.startswith("> ") and not shown:
            command.append(line[2:])
        else:
            shown.append(line)
    if command:
        yield Example("\n".join(command), "\n".join(shown), loose, start)


def run(page: list[Step], folder: Path, replacing: Mapping[str, str] | None = None) -> list[tuple[Example, str]]:
    """Run a page in `folder`, which is empty; `replacing` are {words of the page: words for this machine}.

    Gives each example with what it printed.
    """
    _furnish(folder)
    script, examples = _script(page, folder, replacing or {})
    printed = _on_terminal(["bash", "--norc", "-c", script], folder, _environment(folder)).split(_MARK + "\n")
    assert len(printed) == len(examples) + 1, f"the shell ended early: {printed[-1]}"
    return list(zip(examples, printed[1:], strict=True))


def _furnish(folder: Path) -> None:
    shutil.copytree(ROOT / "examples", folder / "examples")
    (folder / "dev").write_text(_DEV, encoding="utf-8")
    (folder / "dev").chmod(0o755)
    (folder.parent / f"{folder.name}-aside").mkdir()


def _script(page: list[Step], folder: Path, replacing: Mapping[str, str]) -> tuple[str, list[Example]]:
    aside = folder.parent / f"{folder.name}-aside"
    lines = ["status=0"]
    examples = []
    for number, step in enumerate(page):
        if isinstance(step, File):
            kept = aside / f"{number}.txt"
            kept.write_text(step.text, encoding="utf-8")
            lines.append(f"cp '{kept}' '{step.name}'")
            continue
        command = step.command
        for words, here in replacing.items():
            command = command.replace(words, here)
        errors = aside / f"{number}.err"
        examples.append(step)
        lines += [f"echo '{_MARK}'", "(exit $status)", "{", command, f"}} 2>'{errors}'", "status=$?", f"cat '{errors}'"]
    return "\n".join(lines), examples


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder.parent / f"{folder.name}-aside"),
        "LC_ALL": "C.UTF-8",
        "TERM": "xterm",
        "NO_COLOR": "1",
        "COLUMNS": str(WIDTH),
        # The reader's stderr is a terminal as well, and the log of the daemon looks like this there.
        "PDCA_LOG_FORMAT": "console",
    }


def _on_terminal(command: list[str], folder: Path, environ: dict[str, str]) -> str:
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, WIDTH, 0, 0))
    limit = ["timeout", "--kill-after=5", str(PATIENCE_SECONDS)]
    with subprocess.Popen(
        [*limit, *command], cwd=folder, env=environ, stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.STDOUT
    ):
        os.close(theirs)
        chunks = []
        while chunk := _read(ours):
            chunks.append(chunk)
    os.close(ours)
    return _ANSI.sub("", b"".join(chunks).decode().replace("\r\n", "\n"))


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:
        # So Linux says that nobody holds the other end any more.
        return b""


def fits(example: Example, printed: str) -> bool:
    """Tell whether a command printed what the page shows."""
    lines = [_bare(line, example.loose) for line in example.shown.strip("\n").splitlines()]
    pattern = ""
    for line in lines:
        if line == "…":
            pattern += r"(?:[^\n]*\n)*?"
        else:
            pattern += "[^\\n]*".join(re.escape(part) for part in line.split("…")) + r"\n"
    found = "".join(f"{_bare(line, example.loose)}\n" for line in _as_reader(printed).splitlines())
    return re.fullmatch(pattern, found) is not None


def _bare(line: str, loose: frozenset[str]) -> str:
    """Give a line without what differs from machine to machine: how wide columns are, and what is said to."""
    if "today" in loose:
        line = _DAY.sub("DAY", _INSTANT.sub("INSTANT", line))
    if "about" in loose:
        line = _NUMBER.sub("NUMBER", line)
    return " ".join(line.split())


def _as_reader(printed: str) -> str:
    account = pwd.getpwuid(os.getuid())
    for name in {account.pw_gecos.split(",")[0].strip(), account.pw_name} - {""}:
        printed = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", READER, printed)
    return printed


def show(page: Path, folder: Path) -> None:
    """Print a page's commands with what they print now, to be pasted into the page."""
    for example, printed in run(steps(page.read_text(encoding="utf-8")), folder):
        mark = "" if fits(example, printed) else "   <-- differs"
        print(f"$ {example.command}{mark}\n{_as_reader(printed)}", end="")  # noqa: T201 - it is what this is for


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary, "page")
        place.mkdir()
        show(Path(sys.argv[1]), place)
