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
NEXT_PROGRAMME: Final = """\
---
pdca: 1
language: nl
organisation: {id: pz-zuid-5341, name: Politiezone Zuid, zone: Europe/Brussels, languages: [nl, fr]}
programme:
  id: zvp-2026-2031
  title: {nl: Zonaal veiligheidsplan 2026-2031, fr: Plan zonal de sécurité 2026-2031}
  method: zvp
  period: {from: "2026", to: "2031"}
objectives:
  - {id: L1, title: {nl: Cybercriminaliteit, fr: Cybercriminalité}}
  - {id: L2, title: {nl: Straatcriminaliteit, fr: Criminalité de rue}}
...
"""


def pdca(*arguments: str, **changes: str) -> Ran:
    """Run the program in a process of its own; it must not fail."""
    ran = run_process(*arguments, program=PDCA, **changes)
    assert ran.status == 0, ran.err
    return ran


def imported(folder: Path) -> Path:
    file = folder / "pdca.db"
    imported_into(f"sqlite:///{file}")
    return file


def imported_into(url: str) -> None:
    pdca("init", "--simulated", "--lang", "nl", "--zone", "Europe/Brussels", "--database", url, PDCA_NOW=START)
    pdca("import", str(EXAMPLE), "--database", url)
    pdca("import", str(PEOPLE), "--database", url)


def with_next_programme(url: str, folder: Path) -> None:
    """Take in a programme that is still a draft, with two candidates, after that of the zone."""
    document = folder / "next.yaml"
    document.write_text(NEXT_PROGRAMME, encoding="utf-8")
    pdca("import", str(document), "--database", url)


def lived(start: Path, folder: Path) -> Path:
    file = Path(shutil.copyfile(start, folder / "pdca.db"))
    pdca("simulate", "--until", END, "--database", f"sqlite:///{file}", PDCA_NOTIFY_FOLDER=str(folder / "outbox"))
    return file
