"""A contestant that does nothing, or ends when it is told to do the work of round `ends`."""

import sys
from typing import Any

from benchmarks.worker import Work, serve


def prepare(task: dict[str, Any]) -> Work:
    def work(number: int) -> None:
        if number == task.get("ends"):
            print("enough of it")  # noqa: T201 - what a library might print
            sys.exit(3)

    return work


if __name__ == "__main__":
    serve(prepare)
