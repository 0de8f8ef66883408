"""The units of systemd call what there is, and systemd understands them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from pdca.settings import KNOWN
from scheduler.daemon import SILENT_SECONDS
from tests.docs import console

UNITS: Final = sorted((console.ROOT / "examples" / "systemd").iterdir())
COMMANDS: Final = console.ROOT / "docs" / "reference" / "commands.md"
ANALYZE: Final = shutil.which("systemd-analyze")


def text(unit: Path) -> str:
    return unit.read_text(encoding="utf-8")


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.name)
def test_a_unit_runs_commands_and_settings_that_there_are(unit: Path) -> None:
    lines = [line.lstrip("#").strip() for line in text(unit).splitlines()]
    calls = [line.partition("=")[2].split() for line in lines if line.startswith("ExecStart=")]
    assert calls
    for _program, noun, verb, *options in calls:
        _before, _title, page = text(COMMANDS).partition(f"## pdca {noun} {verb}\n")
        assert page
        assert all(option in page.partition("\n## ")[0] for option in options)
    variables = re.findall(r"(PDCA_[A-Z_]+)=", "\n".join(line for line in lines if line.startswith("Environment=")))
    assert set(variables) <= {setting.variable for setting in KNOWN.values()}
    assert "NoNewPrivileges=yes" in lines
    assert "ProtectSystem=strict" in lines


def test_the_daemon_s_watchdog_leaves_time_for_three_sweeps_and_does_not_wait_longer_than_the_daemon_itself() -> None:
    (unit,) = [unit for unit in UNITS if unit.name == "pdca-scheduler.service"]
    lines = dict(line.split("=", 1) for line in text(unit).splitlines() if "=" in line and not line.startswith("#"))
    assert (lines["Type"], lines["NotifyAccess"]) == ("notify", "main")
    minutes, unit_of_time = lines["WatchdogSec"][:-3], lines["WatchdogSec"][-3:]
    assert unit_of_time == "min"
    default = int(str(KNOWN["scheduler.interval_seconds"].default))
    assert 3 * default < int(minutes) * 60 <= SILENT_SECONDS


@pytest.mark.skipif(ANALYZE is None, reason="no systemd on this machine")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "pdca"
    for unit in UNITS:
        (tmp_path / unit.name).write_text(text(unit).replace("/opt/pdca/bin/pdca", str(program)), encoding="utf-8")
    units = sorted(str(path) for path in tmp_path.iterdir())
    result = subprocess.run([str(ANALYZE), "verify", "--man=no", *units], check=False, capture_output=True, text=True)
    said = [line for line in result.stderr.splitlines() if "pdca" in line]
    assert not said
    assert result.returncode == 0
