"""PgQueuer: a job for each message, put in the queue beforehand; a worker takes them until none is left.

What blocks runs in threads, as its pages advise.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
from pgqueuer import PgQueuer
from pgqueuer.models import Job
from pgqueuer.queries import Queries
from pgqueuer.types import QueueExecutionMode

from benchmarks.durable_file import folder_of, keep_message
from benchmarks.worker import Work, serve

BATCH = 100


def prepare(task: dict[str, Any]) -> Work:
    async def install() -> None:
        connection = await asyncpg.connect(task["url"])
        await Queries.from_asyncpg_connection(connection).install()
        await connection.close()

    async def enqueue() -> None:
        connection = await asyncpg.connect(task["url"])
        many = task["count"]
        payloads: list[bytes | None] = [str(number).encode() for number in range(many)]
        await Queries.from_asyncpg_connection(connection).enqueue(["keep"] * many, payloads, [0] * many)
        await connection.close()

    async def drain(folder: Path) -> None:
        connection = await asyncpg.connect(task["url"])
        queue = PgQueuer.from_asyncpg_connection(connection)

        @queue.entrypoint("keep")
        async def hand_over(job: Job) -> None:
            await asyncio.to_thread(keep_message, folder, int(job.payload or b""), task["length"])

        await queue.run(mode=QueueExecutionMode.drain, batch_size=BATCH)
        await connection.close()

    asyncio.run(install())

    def work(number: int) -> Callable[[], None]:
        folder = folder_of(task["folder"], number)
        asyncio.run(enqueue())
        return lambda: asyncio.run(drain(folder))

    return work


if __name__ == "__main__":
    serve(prepare)
