"""The example zone as a database of the tests: founded, imported and let alone by the program itself."""

import shutil
import sys
from pathlib import Path
from typing import Final

from tests.unit.cli.running import ROOT, Ran, run_process

PDCA: Final = [sys.executable, "-m", "pdca"]
START: Final = "2020-01-02T08:00:00Z"
END: Final = "2021-03-31"
EXAMPLE: Final = ROOT / "examples" / "zone-zuid.yaml"
PEOPLE: Final = ROOT / "examples" / "zone-zuid-people.yaml"


def pdca(*arguments: str, **changes: str) -> Ran:
    """Run the program in a process of its own; it must not fail."""
    ran = run_process(*arguments, program=PDCA, **changes)
    assert ran.status == 0, ran.err
    return ran


def imported(folder: Path) -> Path:
    file = folder / "pdca.db"
    url = f"sqlite:///{file}"
    pdca("init", "--simulated", "--lang", "nl", "--zone", "Europe/Brussels", "--database", url, PDCA_NOW=START)
    pdca("import", str(EXAMPLE), "--database", url)
    pdca("import", str(PEOPLE), "--database", url)
    return file


def lived(start: Path, folder: Path) -> Path:
    file = Path(shutil.copyfile(start, folder / "pdca.db"))
    pdca("simulate", "--until", END, "--database", f"sqlite:///{file}", PDCA_NOTIFY_FOLDER=str(folder / "outbox"))
    return file
