"""The limit of who hands over files: as many of the same length, each durable, and nothing prepared or recorded."""

from collections.abc import Callable
from typing import Any

from benchmarks.durable_file import folder_of, keep_message
from benchmarks.worker import Work, serve


def prepare(task: dict[str, Any]) -> Work:
    """Write `count` files of `length` bytes into a folder of the round's own."""

    def work(number: int) -> Callable[[], None]:
        folder = folder_of(task["folder"], number)

        def written() -> None:
            for index in range(task["count"]):
                keep_message(folder, index, task["length"])

        return written

    return work


if __name__ == "__main__":
    serve(prepare)
