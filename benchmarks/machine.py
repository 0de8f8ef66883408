"""The machine that figures were measured on, and what ran on it: ratios travel, seconds do not."""

import os
import platform
import sqlite3
import subprocess
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent


def described() -> dict[str, str]:
    """Name the processor, how many of them, the system, Python and SQLite."""
    return {
        "processor": _processor(),
        "processors": str(os.cpu_count()),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def commit() -> str | None:
    """Name the commit that runs; None outside a repository, or where anything but pages differs from the commit."""
    # The figures are kept among the pages, so that each run would find those of the one before not committed.
    changed = _git("status", "--porcelain", "--", ":/", ":!/docs")
    return _git("rev-parse", "HEAD") if changed == "" else None


def _git(*words: str) -> str | None:
    try:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607 - found where it stands
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8").splitlines() if known.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
