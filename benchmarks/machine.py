"""The machine that figures were measured on: ratios travel, seconds do not."""

import os
import platform
import sqlite3
from pathlib import Path


def described() -> dict[str, str]:
    """Name the processor, how many of them, the system, Python and SQLite."""
    return {
        "processor": _processor(),
        "processors": str(os.cpu_count()),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8").splitlines() if known.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
