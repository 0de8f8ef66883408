"""`pdca audit verify` of a log that is taken for a long one: it has a helper, and ends it whatever happens."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.fault import long_log
from tests.fault.processes import ROOT

EVENTS: Final = 300
ENOUGH_SECONDS: Final = 60

_PROGRAM: Final = """
import os, signal, sys
from pdca import auditing
from pdca.__main__ import run
from pdca.audit import stretch

stretch.LONG, stretch.STRETCH = int(os.environ.get("LONG", "1")), 16
os.sched_getaffinity = lambda _pid: {0, 1}
parts = auditing.Helpers.parts

def told(self, reader, cut):
    print(*(helper.process.pid for helper in self._helpers), file=sys.stderr, flush=True)
    if "PAUSED" in os.environ:
        signal.pause()
    return parts(self, reader, cut)

auditing.Helpers.parts = told
# What runs in the background of a shell is told of no interruption.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(run())
"""
"""Runs a command line where every log is a long one; tells the processes of the helpers on stderr."""


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a log of many stretches."""
    path = tmp_path_factory.mktemp("log") / "pdca.db"
    long_log.make(path, EVENTS)
    return path


def command(path: Path) -> list[str]:
    return [sys.executable, "-c", _PROGRAM, "audit", "verify", "--json", "--database", f"sqlite:///{path}"]


def test_it_says_what_it_says_without_a_helper_also_when_nothing_can_be_read_from_it(log: Path) -> None:
    words = [sys.executable, "-m", "pdca", *command(log)[3:]]
    alone = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    closed = ["sh", "-c", 'exec "$@" <&-', "sh", *command(log)]
    shared = subprocess.run(closed, cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(shared.stdout) == json.loads(alone.stdout)
    [pid] = shared.stderr.split()
    assert_gone(int(pid))


@pytest.mark.parametrize("all_of_them", [True, False], ids=["from the terminal", "by its number"])
def test_an_interrupt_ends_it_and_its_helper(log: Path, *, all_of_them: bool) -> None:
    with subprocess.Popen(
        command(log),
        cwd=ROOT,
        env={**os.environ, "PAUSED": "yes"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        pid = int(process.stderr.readline())
        (os.killpg if all_of_them else os.kill)(process.pid, signal.SIGINT)
        try:
            out, err = process.communicate(timeout=ENOUGH_SECONDS)
        finally:
            process.kill()
    assert process.returncode == 130
    assert (out, "Traceback" in err) == ("", False)
    assert_gone(pid)


def test_one_that_is_shorter_has_no_helper(log: Path) -> None:
    leaves = json.loads(ran(log, LONG="1").stdout)["leaves"]
    assert ran(log, LONG=str(leaves)).stderr
    assert not ran(log, LONG=str(leaves + 1)).stderr


def ran(log: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command(log), cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )


def assert_gone(pid: int) -> None:
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
