"""Run the program: in this process, in one of its own, or on a terminal so many cells wide."""

import contextlib
import fcntl
import io
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pdca.cli.main import main
from pdca.clock import Clock
from tests.unit.cli import sample as _sample  # registers its commands

ROOT = Path(__file__).parents[3]
PROGRAM = [sys.executable, "-m", _sample.__name__]


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever it is
        return json.loads(self.out)

    @property
    def error(self) -> Any:  # noqa: ANN401 - whatever it is
        return json.loads(self.err.splitlines()[-1])


def run(*arguments: str, clock: Clock | None = None) -> Ran:
    """Run in this process, where stdout is no terminal."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(arguments, clock=clock)
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())
    return Ran(status, *texts)


def environment(**changes: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **changes}


def run_process(*arguments: str, program: list[str] | None = None, **changes: str) -> Ran:
    """Run in a process of its own."""
    done = subprocess.run(
        [*(program or PROGRAM), *arguments],
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env=environment(**changes),
        timeout=60,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def run_on_terminal(
    *arguments: str,
    columns: int = 80,
    typed: str = "",
    changes: Mapping[str, str] | None = None,
    program: list[str] | None = None,
) -> Ran:
    """Run on a terminal of so many cells; what is shown of stdout and stderr comes together as `out`."""
    keyboard, screen = pty.openpty()
    fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    env = environment(**{"TERM": "xterm", **(changes or {})})
    env.pop("COLUMNS", None)
    command = [*(program or PROGRAM), *arguments]
    with subprocess.Popen(command, stdin=screen, stdout=screen, stderr=screen, env=env) as process:
        os.close(screen)
        os.write(keyboard, typed.encode())
        shown = _read(keyboard)
        os.close(keyboard)
        status = process.wait(60)
    return Ran(status, shown.replace("\r\n", "\n"), "")


def _read(descriptor: int) -> str:
    content = b""
    # Linux gives EIO when the last process has left the terminal.
    with contextlib.suppress(OSError):
        while part := os.read(descriptor, 65_536):
            content += part
    return content.decode()


def settings_file(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / ("config.toml" if folder.name == "pdca" else "pdca.toml")
    file.write_text(text, encoding="utf-8")
    return file
