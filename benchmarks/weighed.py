"""The most memory that a command takes."""

import subprocess
import sys
from collections.abc import Sequence
from typing import Final

_PROGRAM: Final = """
import sys
from pdca.__main__ import run
status = run()
with open("/proc/self/status") as told:
    print(next(line.split()[1] for line in told if line.startswith("VmHWM")), file=sys.stderr)
sys.exit(status)
"""
"""Runs a command line and says the most memory that it had, in KiB: of the process alone, not of who started it."""


def most_memory(words: Sequence[str]) -> int:
    """Run `pdca` with these words in a process of its own, and give the most memory that it had, in KiB."""
    ended = subprocess.run([sys.executable, "-c", _PROGRAM, *words], capture_output=True, text=True, check=True)
    return int(ended.stderr)
