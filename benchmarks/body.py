"""Taking in, writing out and showing all that a body has: 200 plans, 2,000 activities, 20,000 figures; on SQLite."""

import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from benchmarks.figures import Bound, Figure
from benchmarks.hand import PROGRAM
from pdca.clock import monotonic
from pdca.exchange.document import read_document
from pdca.exchange.importer import ImportDocument
from pdca.house import House
from pdca.i18n import speaking
from pdca.pages import board as board_page
from pdca.pages import progress as plan_page
from pdca.pages import whole_programme as programme_page
from pdca.pages.html import html
from pdca.report.progress import progress
from pdca.report.whole_board import whole_board
from pdca.report.whole_programme import whole_programme
from pdca.site import Site, site
from pdca.store.driver import Connection
from pdca.store.reads import plans as plan_reads
from tests import seed
from tests.unit.exchange.large import programme

PLANS: Final = 200
FIGURES: Final = 100
"""Figures of the indicator of each plan."""

TAKING_IN: Final = 10
"""Seconds that an import may take."""

PAGE: Final = 0.05
"""Seconds that a page may take."""

WITHIN: Final = Bound(1, most=True)
NOW: Final = seed.START + timedelta(days=150)
PROGRAMME: Final = "zvp"
LANGUAGE: Final = "nl"
READER: Final = "partner"
IMPORT: Final = "import"
EXPORT: Final = "export"

Piece = Callable[[], object]
"""A piece of work that is timed."""


def run(rounds: int, plans: int = PLANS, figures: int = FIGURES) -> list[Figure]:
    """Measure with a body of 200 plans, unless others are named; the first round warms up and is left out."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        house = a_body(place, plans, figures)
        taken: dict[str, list[float]] = {}
        for number in range(rounds + 1):
            with house.reading() as connection, speaking(LANGUAGE):
                for name, piece in {**commands(place), **pages(connection)}.items():
                    begun = monotonic()
                    done = piece()
                    seconds = (monotonic() - begun) / (len(done.files) if isinstance(done, Site) else 1)
                    if number:
                        taken.setdefault(name, []).append(seconds)
    return [_figure(name, seconds) for name, seconds in taken.items()]


def a_body(place: Path, plans: int, figures: int) -> House:
    """Make a body in a folder, with its file and with a database that has nothing of it yet."""
    text = programme(plans, figures)
    (place / "body.yaml").write_text(text, encoding="utf-8")
    seed.house(f"sqlite:///{place / 'empty.db'}")
    house = seed.house(f"sqlite:///{place / 'full.db'}")
    house.apply(ImportDocument(read_document(text)))
    return house


def commands(place: Path) -> dict[str, Piece]:
    """Name the commands that take the body in, into a database that has nothing of it yet, and write it out."""
    empty, full, taking, out = (place / name for name in ("empty.db", "full.db", "taking.db", "out.yaml"))
    shutil.copyfile(empty, taking)
    return {
        IMPORT: lambda: _pdca("import", str(place / "body.yaml"), "--database", f"sqlite:///{taking}"),
        EXPORT: lambda: _pdca("export", "--out", str(out), "--force", "--database", f"sqlite:///{full}"),
    }


def _pdca(*words: str) -> None:
    subprocess.run([PROGRAM, *words], capture_output=True, check=True)


def pages(connection: Connection) -> dict[str, Piece]:
    """Name what makes each kind of page, in the language that is spoken; and the site with all of them."""
    plan_id = connection.all(plan_reads.PLANS)[0]["plan_id"]
    return {
        "the board": lambda: html(board_page.page(whole_board(connection, audience=READER, now=NOW), LANGUAGE)),
        "the report of the programme": lambda: html(
            programme_page.page(whole_programme(connection, PROGRAMME, audience=READER, now=NOW), LANGUAGE)
        ),
        "the report of a plan": lambda: html(
            plan_page.page(progress(connection, plan_id, audience=READER, since=None, now=NOW), LANGUAGE)
        ),
        "a page of the whole site, on average": lambda: site(connection, audience=READER, now=NOW),
    }


def _figure(name: str, seconds: Sequence[float]) -> Figure:
    limit, other = (TAKING_IN, "10 s") if name in (IMPORT, EXPORT) else (PAGE, "50 ms")
    bound = None if name == EXPORT else WITHIN
    return Figure("all of a body", name, other, statistics.median(seconds) / limit, bound, 1 / limit)
