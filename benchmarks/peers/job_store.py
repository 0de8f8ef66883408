"""APScheduler with its own job store in SQLite, as durable as ours: a job for each date, and all of a round's are due.

Each round has a store of its own, so that a job that is due is due in that round.
"""

import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from apscheduler.events import EVENT_JOB_EXECUTED, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine

from benchmarks.peers.durable import durable_engine
from benchmarks.worker import Work, serve


def fall_due(_plan_id: int) -> None:
    pass


def scheduler(engine: Engine) -> BackgroundScheduler:
    return BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(engine=engine)},
        executors={"default": ThreadPoolExecutor(20)},
        job_defaults={"coalesce": False, "max_instances": 3, "misfire_grace_time": None},
        timezone=UTC,
    )


def filled(file: Path, many: int) -> None:
    engine = durable_engine(file)
    adding = scheduler(engine)
    adding.start(paused=True)
    due = datetime.now(UTC) - timedelta(minutes=1)
    for plan_id in range(many):
        adding.add_job(fall_due, "date", run_date=due, args=[plan_id], id=f"P-{plan_id}")
    adding.shutdown()
    engine.dispose()


def prepare(task: dict[str, Any]) -> Work:
    template, many = Path(task["file"]), task["count"]
    filled(template, many)

    def work(number: int) -> Callable[[], None]:
        engine = durable_engine(Path(shutil.copyfile(template, template.with_suffix(f".{number}"))))
        waking, done, all_done = scheduler(engine), count(1), threading.Event()

        def executed(_event: JobExecutionEvent) -> None:
            if next(done) == many:
                all_done.set()

        waking.add_listener(executed, EVENT_JOB_EXECUTED)

        def dispatched() -> None:
            waking.start()
            all_done.wait()
            waking.shutdown()
            engine.dispose()

        return dispatched

    return work


if __name__ == "__main__":
    serve(prepare)
