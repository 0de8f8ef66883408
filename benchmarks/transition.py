"""One durable transition on SQLite: ours, the limit of the bare driver, and what a user would pick instead."""

import pickle
import shutil
import sys
import tempfile
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from benchmarks.contest import Contestant, Result, contest
from benchmarks.figures import Bound, Figure
from benchmarks.recorded import Notebook, RecordedDatabase
from pdca.clock import FixedClock
from pdca.house import House
from pdca.plans.advance import Advance
from pdca.plans.facts import Attempt
from pdca.store.database import locate
from tests import seed
from workflows.instants import to_text

REASON: Final = "Zo heeft de projectgroep beslist."
COUNT: Final = 40
"""Transitions in a round."""

NOW: Final = seed.START + timedelta(days=1)
EVALUATED: Final = (date(2024, 4, 8), date(2024, 10, 8), date(2025, 4, 8))
DURABLE: Final = "DBOS Transact"
PEERS: Final = {
    "SQLModel and a Machine per plan": "naive",
    "django-fsm-2 + django-fsm-log": "fsm_log",
    "django-viewflow's FSM + a log row": "viewflow_log",
    "SpiffWorkflow, serialised": "spiff",
    DURABLE: "dbos_steps",
}
LIMIT: Final = "bare sqlite3, the same rows"
ASKING: Final = "bare sqlite3, the same rows and questions"
OURS: Final = "pdca"


def run(rounds: int) -> list[Figure]:
    """Measure on SQLite. What was promised of the fastest peer that logs its transitions is asked of that one alone."""
    with tempfile.TemporaryDirectory() as place:
        result = _on_sqlite(Path(place), rounds)
    fastest = max((name for name in PEERS if name != DURABLE), key=result.rate)
    bounds = {LIMIT: Bound(0.6), fastest: Bound(1.5), DURABLE: Bound(10)}
    return [
        Figure("a transition, SQLite", OURS, name, result.ratio(OURS, name), bounds.get(name), result.rate(name))
        for name in (LIMIT, *PEERS)
    ]


def _on_sqlite(place: Path, rounds: int) -> Result:
    template = place / "template.db"
    plans = plans_that_run(f"sqlite:///{template}", rounds + 1)
    files = recorded(copied(template, place / "recording.db"), plans, place)
    task: dict[str, Any] = {"plans": plans, "leader": seed.LEAD.handle, "at": to_text(NOW)}
    ours, limit = (copied(template, place / name) for name in ("ours.db", "limit.db"))
    contestants = [
        Contestant(OURS, "ours", "benchmarks.contestants.advance", {**task, "url": ours}),
        Contestant(LIMIT, "limit", "benchmarks.contestants.replay", {"recorded": str(files.rows), "url": limit}),
        *(
            Contestant(
                name,
                "peer",
                f"benchmarks.peers.{module}",
                {"file": str(place / f"{module}.db"), "url": f"sqlite:///{place / module}.db", "rounds": rounds + 1},
            )
            for name, module in PEERS.items()
        ),
    ]
    return contest(contestants, COUNT, rounds)


def plans_that_run(url: str, rounds: int, count: int = COUNT) -> list[list[str]]:
    """Make a body with the plans of each round, each in Do with three evaluations to come."""
    here = seed.house(url)
    here = replace(here, database=replace(here.database, lasting=False))
    plans = [[f"P-{1 + number * count + one:03d}" for one in range(count)] for number in range(rounds)]
    leader = ""
    for plan_id in (plan_id for each in plans for plan_id in each):
        first = plan_id == "P-001"
        made = seed.plan(here, plan_id, evaluations=EVALUATED, people=seed.PEOPLE if first else ())
        leader = leader or made.people[seed.LEAD.handle]
        outcome = seed.by(here, leader, Advance(plan_id, "start"))
        assert not outcome.refusal, outcome.refusal  # noqa: S101 - without it nothing is measured
    return plans


@dataclass(frozen=True, slots=True)
class Recorded:
    """Files with the transitions of each round: the `rows` that they write, and `whole` with what they ask as well."""

    rows: Path
    whole: Path


def recorded(url: str, plans: list[list[str]], place: Path) -> Recorded:
    """Take the transitions once, and keep what each wrote and asked, round by round."""
    known = locate(url)
    notebook = Notebook()
    database = RecordedDatabase(known.url, known.dialect, known.path, notebook=notebook)
    house = House(database, as_person=seed.LEAD.handle, clock=FixedClock(NOW))
    rows, whole, reads = [], [], 0
    for each in plans:
        notebook.begin_anew()
        for plan_id in each:
            house.apply(Advance(plan_id, "evaluate", attempt=Attempt(REASON)))
        rows.append(notebook.transactions)
        whole.append(notebook.whole)
        reads += notebook.reads
    many = sum(map(len, plans))
    writes = sum(len(transaction) for each in rows for transaction in each)
    sys.stderr.write(
        f"{known.dialect}: a transition reads {reads / many:.1f} times and writes {writes / many:.1f} rows\n"
    )
    files = Recorded(place / "rows.pickle", place / "whole.pickle")
    files.rows.write_bytes(pickle.dumps(rows))
    files.whole.write_bytes(pickle.dumps(whole))
    return files


def copied(template: Path, copy: Path) -> str:
    """Copy the database, and give the URL of the copy."""
    shutil.copyfile(template, copy)
    return f"sqlite:///{copy}"
