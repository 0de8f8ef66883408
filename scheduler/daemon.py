"""The daemon: APScheduler wakes it, the database says what is due. The only importer of apscheduler.

APScheduler is the trigger, not the store: its jobs live in memory, are three, and never change. Which dates fall due is
ours to know, for its own triggers skipped a day after the spring change and fired twice in autumn. One interval job
sweeps; one date job is set anew after every sweep to the next instant at which something falls due, so that it is
enforced within a second.

APScheduler reckons with the machine's clock and waits by the time that passes. When the clock is set, or the machine
slept, the two fall apart; the daemon sees that and looks at once at what is due. Whether it works it measures by the
time that passes alone.
"""

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from apscheduler.events import EVENT_SCHEDULER_STARTED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from pdca.clock import Clock, SystemClock, monotonic
from pdca.errors import Failed, NoRight, NotFound, PdcaError
from pdca.house import House
from pdca.i18n import _
from pdca.log import get_logger
from scheduler import heartbeat, inform, metrics, seal, sweep, withdraw
from scheduler.channels import Channels
from scheduler.checkpoints import CheckpointCounts
from scheduler.deliver import run_until_done
from scheduler.erasing import DailyErasure
from scheduler.supervisor import Supervisor
from scheduler.sweep import SweepCounts
from workflows.instants import to_text

if TYPE_CHECKING:
    from pdca.information.in_folder import Seen

SEAL_SECONDS: Final = 1
WATCH_SECONDS: Final = 0.5
JUMP_SECONDS: Final = 0.5
"""When the clock moves so much more, or less, than time has passed since the last look, it was set."""

LONGEST_SWEEP_SECONDS: Final = 60
"""A sweep that has more to do ends after so long, and the next one begins: that sweeps end is the sign of life."""

SILENT_INTERVALS: Final = 3
SILENT_SECONDS: Final = 300
"""After so many intervals, and at least so long, without a sweep the daemon ends, so that a sound one is started."""

LAST_WORDS_SECONDS: Final = 30
"""So long has a daemon that gives up for finishing and saying why; a thread that never ends does not hold it."""

JUST_NOW: Final = timedelta(seconds=2)

FATAL: Final = frozenset({"not-a-database", "not-a-pdca-database", "schema-older", "schema-newer", "no-installation"})
"""Errors that waiting does not mend, besides what is not there and a right that is lacking."""


@dataclass
class Daemon:
    """Sweeps every `interval` seconds and at each due instant, delivers, seals, signs and beats, until told to stop."""

    house: House
    channels: Channels
    interval: int
    clock: Clock = field(default_factory=SystemClock)
    supervisor: Supervisor = field(default_factory=Supervisor)
    metrics_file: Path | None = None
    signing: Callable[[House], CheckpointCounts] | None = None
    information_folder: Path | None = None
    erasing: DailyErasure | None = None

    def __post_init__(self) -> None:
        """Prepare the jobs; nothing runs before `run`."""
        if self.supervisor.watchdog_seconds:
            # It waits for word after every sweep, so there has to be one in time.
            self.interval = max(1, min(self.interval, int(self.supervisor.watchdog_seconds / 3)))
        self._log = get_logger("scheduler.daemon")
        self._stop = threading.Event()
        self._error: PdcaError | None = None
        self._last_words: list[threading.Timer] = []
        self._started_at = to_text(self.clock.now())
        self._swept = monotonic()
        self._looked_at: Seen = {}
        self._threads = {name: ThreadPoolExecutor(1) for name in ("sweep", "deliver", "seal")}
        # A job that was late or skipped runs at once and once: what it does is "all that is due", never one date.
        self._scheduler = BlockingScheduler(
            timezone=UTC,
            executors=self._threads,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._begun = threading.Event()
        self._scheduler.add_listener(lambda _event: self._begun.set(), EVENT_SCHEDULER_STARTED)
        # Ours, for APScheduler goes on saying that it runs when its own thread has died.
        self._trigger = threading.Thread(target=self._wake_by_date, name="trigger", daemon=True)

    def run(self) -> None:
        """Run until SIGTERM, SIGINT or `stop`; raises the PdcaError that made it give up."""
        self._look_first()
        self._handle_signals()
        for name, seconds, job in self._jobs():
            self._every(seconds, name, job)
        self._lead = self._lead_of_the_clock()
        self._trigger.start()
        self._begun.wait()
        self._log.info("scheduler_started", interval_seconds=self.interval)
        self.supervisor.tell("READY=1", "STATUS=Waiting for the first sweep.")
        try:
            while not self._stop.wait(WATCH_SECONDS):
                self._watch()
        finally:
            self._log.info("scheduler_stopping")
            self.supervisor.tell("STOPPING=1")
            if self._error is not None:
                # Said before what may never end.
                self._beat()
            self._end_jobs()
            self._beat(stopped=True)
            self._log.info("scheduler_stopped")
            for last_words in self._last_words:
                last_words.cancel()
        if self._error is not None:
            raise self._error

    def stop(self, *_: object) -> None:
        """Ask it to end after what it is doing now."""
        self._stop.set()

    def sweep(self) -> None:
        """Enforce what is due, then arm the date job for the next due instant."""
        counts = SweepCounts()
        began = monotonic()

        def run() -> None:
            nonlocal counts
            end = began + LONGEST_SWEEP_SECONDS
            counts = sweep.run_once(self.house, lambda: self._stop.is_set() or monotonic() > end)
            self._report("swept", counts)

        went_well = self._guarded("sweep", run)
        # A sweep that failed has ended too: only one that never ends shows that the process is stuck.
        self._swept = monotonic()
        self.supervisor.tell("WATCHDOG=1", f"STATUS={self._in_a_line(counts) if went_well else 'The sweep failed.'}")
        if went_well:
            self._beat(swept=True)
            took = self._swept - began
            self._guarded("arm", lambda: self._arm(counts))
            self._guarded("metrics", lambda: self._measure(counts, took))
            self._scheduler.add_job(self.sign, id="sign_now", executor="seal", replace_existing=True)
            # Who is to be told of what was just enforced is told now, not at the next interval.
            self._scheduler.add_job(self.deliver, id="deliver_now", executor="deliver", replace_existing=True)

    def deliver(self) -> None:
        """Deliver what waits in the outbox, hand over what was approved, take back what may not be shown any more, and
        erase what is past its term.

        Erasing stands here because rewriting the files takes its time, and may hold up no sweep.
        """
        self._guarded(
            "deliver",
            lambda: self._report("delivered", run_until_done(self.house, self.channels, self._stop.is_set)),
        )
        folder = self.information_folder
        if folder is not None:
            self._guarded(
                "inform",
                lambda: self._report("informed", inform.run_once(self.house, folder, self.channels, self._stop.is_set)),
            )
            self._guarded(
                "withdraw",
                lambda: self._report("withdrawn", withdraw.run_once(self.house, folder, self._looked_at)),
            )

        erasing = self.erasing
        if erasing is not None:
            self._guarded("erase", lambda: self._report("erased", erasing.run_once(self.house)))

    def seal(self) -> None:
        """Give new events their place in the tree."""
        self._guarded("seal", lambda: self._report("sealed", seal.run_once(self.house)))

    def sign(self) -> None:
        """Sign the state of the log when the last signature is old enough."""
        if self.signing is not None:
            signing = self.signing
            self._guarded("sign", lambda: self._report("signed", signing(self.house)))

    def _jobs(self) -> list[tuple[str, int, Callable[[], None]]]:
        jobs = [("sweep", self.interval, self.sweep), ("deliver", self.interval, self.deliver)]
        return [*jobs, ("seal", SEAL_SECONDS, self.seal)] if self.house.database.dialect == "postgresql" else jobs

    def _wake_by_date(self) -> None:
        try:
            self._scheduler.start()
        except Exception as error:  # noqa: BLE001 - whatever ended it, a traceback of a thread is read by nobody
            self._log.exception("trigger_failed", error=str(error))
        finally:
            self._begun.set()

    def _end_jobs(self) -> None:
        """Wait for the transaction at hand; whatever is not begun stays due and is taken by the next start."""
        if self._trigger.is_alive():
            # The waiting is ours: APScheduler would hold the very lock meanwhile that a job needs to add another.
            # Told to stop in the middle of handing out a job, APScheduler looks for that job where it is no more.
            self._scheduler.pause()
            self._scheduler.get_jobs()
            self._scheduler.shutdown(wait=False)
            self._trigger.join()
        for thread in self._threads.values():
            thread.shutdown(wait=True)

    def _look_first(self) -> None:
        # What cannot work at all is told to whoever starts the daemon, not to a log.
        with self.house.noting_refusals("run"), self.house.database.connect(writing=True) as connection:
            self.house.scheduler(connection)

    def _handle_signals(self) -> None:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stop()

    def _every(self, seconds: int, name: str, job: Callable[[], None]) -> None:
        self._scheduler.add_job(
            job,
            IntervalTrigger(seconds=seconds, timezone=UTC),
            id=name,
            executor=name,
            next_run_time=self.clock.now(),
        )

    def _arm(self, counts: SweepCounts) -> None:
        with self.house.reading() as connection:
            now = self.house.now(connection)
            # What could not even be set aside waits for the next interval; what fell due during the sweep does not.
            due = sweep.next_due(connection, now - JUST_NOW if counts.failed else None)
        if due is None:
            return
        # A deadline that is due but was left to another worker is looked at again in a second, not in a tight loop.
        # The instant is one of the database's clock, and that may differ from the machine's.
        at = self.clock.now() + (due - now if due > now else timedelta(seconds=1))
        self._scheduler.add_job(
            self.sweep, DateTrigger(at, timezone=UTC), id="next_due", executor="sweep", replace_existing=True
        )

    def _measure(self, counts: SweepCounts, took: float) -> None:
        if self.metrics_file is not None:
            metrics.write(self.house, self.metrics_file, counts, took)

    def _watch(self) -> None:
        if not self._trigger.is_alive():
            self._give_up(
                Failed(
                    "scheduler-dead",
                    _("The thread that starts the sweeps has died."),
                    hint=_("The process ends so that it can be started again; see the lines above for the cause."),
                )
            )
            return
        lead = self._lead_of_the_clock()
        if abs(lead - self._lead) > JUMP_SECONDS:
            self._log.warning("clock_set", seconds=round(lead - self._lead, 1))
            # Set back, APScheduler would wait for all that time again; set forward, until the end of its interval.
            for name, _seconds, _job in self._jobs():
                self._scheduler.modify_job(name, next_run_time=self.clock.now())
        self._lead = lead
        silent = monotonic() - self._swept
        if silent > max(self.interval * SILENT_INTERVALS, SILENT_SECONDS):
            self._give_up(
                Failed(
                    "scheduler-stuck",
                    _("No sweep has ended for %(count)s seconds.") % {"count": int(silent)},
                    hint=_("The process ends so that it can be started again; see the lines above for the cause."),
                )
            )

    def _lead_of_the_clock(self) -> float:
        return self.clock.now().timestamp() - monotonic()

    def _give_up(self, error: PdcaError) -> None:
        self._error = error
        self._stop.set()
        self._log.error("scheduler_gives_up", code=error.code, message=error.message, hint=error.hint)
        last_words = threading.Timer(LAST_WORDS_SECONDS, os._exit, (error.exit_status,))
        last_words.daemon = True
        last_words.start()
        self._last_words.append(last_words)

    @staticmethod
    def _in_a_line(counts: SweepCounts) -> str:
        return ", ".join(f"{name}: {figure}" for name, figure in asdict(counts).items() if figure) or "Nothing was due."

    def _report(self, event: str, counts: Any) -> None:  # noqa: ANN401 - the counts of any service
        figures = asdict(counts)
        # That another one is at work is no news, and would be told every minute.
        if any(figure for figure in figures.values() if figure is not True):
            self._log.info(event, **figures)

    def _guarded(self, what: str, act: Callable[[], None]) -> bool:
        """Run one service; what fails is logged and tried again at the next interval, unless waiting cannot help."""
        try:
            act()
        except PdcaError as error:
            self._log.error(f"{what}_failed", code=error.code, message=error.message, hint=error.hint)
            if isinstance(error, NotFound | NoRight) or error.code in FATAL:
                self._give_up(error)
            return False
        except Exception as error:  # noqa: BLE001 - one service that fails must not stop the others
            self._log.exception(f"{what}_failed", error=str(error))
            return False
        return True

    def _beat(self, *, swept: bool = False, stopped: bool = False) -> None:
        error = None if self._error is None else f"{self._error.code}: {self._error.message}"
        try:
            heartbeat.beat(self.house, started_at=self._started_at, swept=swept, stopped=stopped, error=error)
        except PdcaError as failure:
            self._log.error("heartbeat_failed", code=failure.code, message=failure.message)
