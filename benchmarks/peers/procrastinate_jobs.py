"""procrastinate: a job for each message, deferred beforehand; a worker takes them until none is left.

Its tasks run side by side, as many as its pages give for an example.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from procrastinate import App, PsycopgConnector

from benchmarks.durable_file import folder_of, keep_message
from benchmarks.worker import Work, serve

CONCURRENCY = 30


def prepare(task: dict[str, Any]) -> Work:
    app = App(connector=PsycopgConnector(conninfo=task["url"]))

    @app.task(name="keep")
    def hand_over(folder: str, number: int) -> None:
        keep_message(Path(folder), number, task["length"])

    async def install() -> None:
        async with app.open_async():
            await app.schema_manager.apply_schema_async()

    async def defer(folder: Path) -> None:
        async with app.open_async():
            jobs = ({"folder": str(folder), "number": number} for number in range(task["count"]))
            await hand_over.batch_defer_async(*jobs)

    async def drain() -> None:
        async with app.open_async():
            await app.run_worker_async(wait=False, concurrency=CONCURRENCY, install_signal_handlers=False)

    asyncio.run(install())

    def work(number: int) -> Callable[[], None]:
        folder = folder_of(task["folder"], number)
        asyncio.run(defer(folder))
        return lambda: asyncio.run(drain())

    return work


if __name__ == "__main__":
    serve(prepare)
