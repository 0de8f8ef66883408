"""Thirty years of one body in a second: daemons that come, go and die, a clock that is set wrong, and people.

Time is counted in two ways. *Elapsed* time runs evenly and is what a daemon's interval is measured by; the *wall* is
what its clock says, which somebody sets wrong by up to two hours, and right again. Nothing happens between two instants
that matter, so those are all that is visited. A seed decides everything.
"""

import heapq
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from pdca.engine import Command, Desk, Draft, Outcome, Stream
from pdca.evaluations.record import RecordEvaluation
from pdca.house import House
from pdca.plans.advance import Advance, lock_plan
from pdca.plans.facts import Attempt
from pdca.store.database import locate
from pdca.store.driver import Row, Statement
from pdca.store.rows import Change, insert, update
from scheduler import seal, sweep
from tests import seed
from tests.fault.shaky import Died, Fate, ShakyDatabase
from tests.fault.years_kept import assert_sound
from workflows.instants import from_text, to_text
from workflows.schedule import due_instant

YEARS: Final = 30
PLANS: Final = ("P-001", "P-002", "P-003", "P-004")
INTERVAL: Final = timedelta(seconds=60)
END: Final = timedelta(days=365 * YEARS + 8)
ZONES: Final = (
    "Europe/Brussels",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Chatham",
    "Asia/Kolkata",
)
OF_THE_BODY: Final = date(2024, 4, 7)
"""When every plan is evaluated before a seed adds anything."""

AWKWARD: Final = ((2, 29), (3, 25), (3, 31), (10, 25), (10, 31), (11, 1), (12, 31), (1, 1), (4, 7), (3, 10))
"""Month and day of leap days, year ends, and days about which clocks change."""

TIMES: Final = (time(0), time(1, 30), time(2), time(2, 30), time(3), time(9), time(23, 59))
FURTHEST: Final = timedelta(hours=2)
DIES: Final = 0.15
OVERTAKEN: Final = 0.2
STATEMENTS: Final = 60

PENDING = Statement("test_pending", "SELECT * FROM deadline WHERE status = 'pending'")
OPENED = Statement("test_opened", "SELECT * FROM evaluation WHERE status = 'open' ORDER BY evaluation_id")


@dataclass(frozen=True, slots=True)
class Planned:
    """Move a plan to a zone and give it moments: evaluation id -> the day and the time of day of that zone."""

    plan_id: str
    zone: str
    moments: Mapping[str, tuple[date, time]]

    def perform(self, desk: Desk) -> Outcome:
        changes: list[Change] = [update("plan", {"plan_id": self.plan_id}, zone=self.zone)]
        for name, (day, at) in self.moments.items():
            due = to_text(due_instant(day, at, self.zone))
            changes += [
                insert(
                    "evaluation",
                    {"evaluation_id": name},
                    plan_id=self.plan_id,
                    kind="interim",
                    stated_date=day.isoformat(),
                    due_date=day.isoformat(),
                    due_at=due,
                    first_due_at=due,
                    status="planned",
                    assumed=0,
                ),
                insert(
                    "deadline",
                    {"deadline_id": name},
                    plan_id=self.plan_id,
                    evaluation_id=name,
                    kind="evaluation",
                    since=due,
                    due_at=due,
                    step=0,
                    status="pending",
                ),
            ]
        desk.record(Stream.of_plan(lock_plan(desk, self.plan_id)), Draft(kind="test.planned", changes=changes))
        return desk.done()


def furnish(url: str) -> None:
    """Make the body that every seed begins with: four plans that run, each evaluated in three months."""
    house = seed.house(url)
    for number, name in enumerate(PLANS):
        made = seed.plan(house, name, evaluations=(OF_THE_BODY,), people=() if number else seed.PEOPLE)
        lead = made.people.get("sofie", "U-002")
        assert not seed.by(house, lead, Advance(name, "start")).refusal


@dataclass
class Clock:
    """The clock of the machine: evenly from the start, and off by what somebody set it wrong."""

    elapsed: timedelta = timedelta()
    off: timedelta = timedelta()
    since: timedelta = timedelta()

    def now(self) -> datetime:
        return seed.START + self.elapsed + self.off

    def reaches(self, instant: datetime) -> timedelta:
        """The elapsed time at which it says so, as it goes now."""
        return max(instant - seed.START - self.off, self.since)


@dataclass
class Worker:
    """A daemon: it sweeps when it is started, and every interval from there."""

    started: timedelta | None

    def next_sweep(self, after: timedelta) -> timedelta | None:
        if self.started is None:
            return None
        return self.started + max(0, -((self.started - after) // INTERVAL)) * INTERVAL


@dataclass(frozen=True, slots=True)
class Told:
    """What a seed came to."""

    enforced: int
    deaths: int
    overtaken: int
    latest: timedelta


@dataclass(order=True)
class Happening:
    at: timedelta
    number: int
    what: str = field(compare=False)
    which: Any = field(compare=False, default=None)


class Life:
    """One body, from the start to the end of its thirty years."""

    def __init__(self, number: int, url: str) -> None:
        self.chance = random.Random(number)  # noqa: S311 - nothing secret
        self.clock = Clock()
        self.database = replace(locate(url), lasting=False)
        self.house = House(self.database, source="scheduler", clock=self.clock)
        self.workers = [Worker(timedelta()) for _ in range(self.chance.randint(1, 3))]
        self.agenda: list[Happening] = []
        self.uptime = timedelta()
        self.ready: dict[tuple[str, int], timedelta] = {}
        self.seen: dict[tuple[str, int], timedelta] = {}
        self.count: Counter[str] = Counter()
        self.latest = timedelta()
        self.wanted: dict[str, datetime] = {}

    def live(self) -> Told:
        self._set_up()
        with self.database.connect() as self.eyes:
            self._look()
            while (at := self._next()) is not None:
                self._move_to(min(at, END))
                if at > END:
                    break
                self._look()
                self._happen() if self.agenda and self.agenda[0].at <= at else self._sweep(at)
                self._look()
        self._settle()
        with self.database.connect() as connection:
            enforced = assert_sound(connection, to_text(self.clock.now()), self.wanted)
        return Told(enforced, self.count["deaths"], self.count["overtaken"], self.latest)

    # --- what a seed decides

    def _set_up(self) -> None:
        for plan in PLANS:
            zone = self.chance.choice(ZONES)
            days = {self._day() for _ in range(self.chance.randint(0, 5))} - {OF_THE_BODY}
            moments = {
                f"E-{int(plan[2:]) * 1000 + number}": (day, self.chance.choice(TIMES))
                for number, day in enumerate(sorted(days))
            }
            seed.by_hand(self.house, Planned(plan, zone, moments))
            self.wanted |= {name: first_instant(day, at, zone) for name, (day, at) in moments.items()}
        for number in range(len(self.workers)):
            for _ in range(self.chance.randint(0, 4)):
                self._plan(self._any_time(), "stops", number)
        for _ in range(self.chance.randint(2, 12)):
            at = self._any_time()
            self._plan(at, "is set", self.chance.uniform(-1, 1) * FURTHEST)
            self._plan(at + self.chance.random() * timedelta(days=3), "is set", timedelta())
        # A clock is set wrong above all while something is due.
        for due in self.wanted.values():
            if self.chance.random() < 0.5:
                at = due - seed.START - self.chance.random() * FURTHEST
                self._plan(at, "is set", self.chance.uniform(-1, 1) * FURTHEST)
                self._plan(at + self.chance.random() * 2 * FURTHEST, "is set", timedelta())
        for plan in PLANS:
            if self.chance.random() < 0.3:
                self._plan(self._any_time(), "is suspended", plan)

    def _day(self) -> date:
        year = 2024 + self.chance.randint(0, YEARS)
        if self.chance.random() < 0.5:
            month, day = self.chance.choice(AWKWARD)
            year -= year % 4 if (month, day) == (2, 29) else 0
        else:
            month, day = self.chance.randint(1, 12), self.chance.randint(1, 28)
        return max(date(year, month, day), date(2024, 2, 29))

    def _any_time(self) -> timedelta:
        return self.chance.random() * END

    def _plan(self, at: timedelta, what: str, which: Any = None) -> None:  # noqa: ANN401 - of any happening
        self.count["planned"] += 1
        heapq.heappush(self.agenda, Happening(max(at, self.clock.elapsed), self.count["planned"], what, which))

    # --- how time goes

    def _next(self) -> timedelta | None:
        candidates = [self.agenda[0].at] if self.agenda else []
        due = sweep.next_due(self.eyes)
        if due is not None:
            from_then = max(self.clock.elapsed, self.clock.reaches(due))
            candidates += [at for worker in self.workers if (at := worker.next_sweep(from_then)) is not None]
        return min(candidates, default=None)

    def _move_to(self, at: timedelta) -> None:
        if any(worker.started is not None for worker in self.workers):
            self.uptime += at - self.clock.elapsed
        self.clock.elapsed = at

    def _happen(self) -> None:
        one = heapq.heappop(self.agenda)
        if one.what == "stops":
            self._stop(one.which, self.chance.choice((timedelta(minutes=5), timedelta(days=1), timedelta(days=40))))
        elif one.what == "starts":
            if self.workers[one.which].started is None:
                self.workers[one.which].started = self.clock.elapsed
                self._sweep_by(one.which)
        elif one.what == "is set":
            self.clock.off, self.clock.since = one.which, self.clock.elapsed
        elif one.what == "is suspended":
            self._by("sofie", Advance(one.which, "suspend", attempt=Attempt("Vakantie.")))
            self._plan(self.clock.elapsed + self.chance.random() * timedelta(days=400), "is resumed", one.which)
        elif one.what == "is resumed":
            self._by("sofie", Advance(one.which, "resume", attempt=Attempt("Terug.")))
        elif one.what == "is answered":
            self._answer(one.which)

    def _stop(self, number: int, for_so_long: timedelta) -> None:
        self.workers[number].started = None
        self._plan(self.clock.elapsed + self.chance.random() * for_so_long, "starts", number)

    def _answer(self, moment: Row) -> None:
        plan = moment["plan_id"]
        results = {"thefts": {"value": "12"}}
        said = ("effective", "Gedaan.", "Minder.", "plan", "Toezicht.", "Gezien.", "Twee ploegen.")
        self._by("marc", RecordEvaluation(moment["evaluation_id"], *said, results))
        for trigger in ("conclude", "continue"):
            self._by("sofie", Advance(plan, trigger, attempt=Attempt("Zo beslist.")))

    def _by(self, handle: str, command: Command) -> None:
        replace(self.house, as_person=handle).apply(command)

    # --- who sweeps

    def _sweep(self, at: timedelta) -> None:
        due = [number for number, worker in enumerate(self.workers) if worker.next_sweep(at) == at]
        self._sweep_by(self.chance.choice(due))

    def _sweep_by(self, number: int, depth: int = 0) -> None:
        fate = Fate()
        if self.chance.random() < DIES:
            fate.dies_at = self.chance.randint(1, STATEMENTS)
        if depth == 0 and self.chance.random() < OVERTAKEN:
            fate.overtaken = lambda: self._overtake(number)
        database = ShakyDatabase(self.database.url, self.database.dialect, self.database.path, lasting=False, fate=fate)
        try:
            counts = sweep.run_once(replace(self.house, database=database))
        except Died:
            self.count["deaths"] += 1
            self._stop(number, self.chance.choice((timedelta(seconds=10), timedelta(hours=3))))
        else:
            assert counts.set_aside == counts.failed == 0, counts

    def _overtake(self, number: int) -> None:
        others = [other for other, worker in enumerate(self.workers) if other != number and worker.started is not None]
        if others and self.chance.random() < 0.5:
            self.count["overtaken"] += 1
            self._sweep_by(self.chance.choice(others), depth=1)

    # --- what always holds

    def _look(self) -> None:
        """See what is pending: what is gone was enforced, and may not have waited for too long."""
        pending = {(row["deadline_id"], row["step"]): row for row in self.eyes.all(PENDING)}
        self.seen = {key: self.seen.get(key, self.clock.elapsed) for key in pending}
        for key, row in pending.items():
            if self.clock.now() < from_text(row["due_at"]):
                self.ready.pop(key, None)
            elif key not in self.ready:
                # Downtime does not count: from the end of it, or from when the clock came to it.
                at = max(self.clock.reaches(from_text(row["due_at"])), self.seen[key])
                self.ready[key] = self.uptime - (self.clock.elapsed - at) if self._was_up() else self.uptime
        for key in [key for key in self.ready if key not in pending]:
            self._measure(self.uptime - self.ready.pop(key), key)
        for key in pending.keys() & self.ready.keys():
            self._measure(self.uptime - self.ready[key], key)
        for row in self.eyes.all(OPENED):
            name = row["evaluation_id"]
            if name not in self.count:
                self.count[name] += 1
                if self.chance.random() < 0.6:
                    self._plan(self.clock.elapsed + self.chance.random() * timedelta(days=60), "is answered", row)

    def _was_up(self) -> bool:
        return any(worker.started is not None for worker in self.workers)

    def _measure(self, late: timedelta, key: tuple[str, int]) -> None:
        self.latest = max(self.latest, late)
        assert late <= 2 * INTERVAL, f"{key} was left for {late} while a daemon was up"

    def _settle(self) -> None:
        """Whoever is left sweeps once more, undisturbed."""
        self.clock.off = timedelta()
        sweep.run_once(self.house)
        seal.run_once(self.house)


def first_instant(day: date, at: time, zone: str) -> datetime:
    """Find the first instant of a local day at which its clocks say that time, or the first after one they skip."""
    local = ZoneInfo(zone)
    instant = datetime.combine(day, time(), UTC) - timedelta(hours=15)
    wanted = datetime.combine(day, at)
    while instant.astimezone(local).replace(tzinfo=None) < wanted:
        instant += timedelta(minutes=1)
    return instant


def live_through(number: int, template: Path, folder: Path) -> Told:
    """Play one seed on a copy of the furnished body; an assertion names what did not hold."""
    path = folder / f"{number}.db"
    path.write_bytes(template.read_bytes())
    try:
        return Life(number, f"sqlite:///{path}").live()
    finally:
        for file in folder.glob(f"{number}.db*"):
            file.unlink()
