"""What every contestant of a benchmark is: a process that does so much work each time it is told to, and says how long.

Only the standard library, for it runs in the environments of the peers as well.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

Piece = TypeVar("Piece")
Work = Callable[[int], Callable[[], None] | None]
"""Does the round of this number; or makes ready for it, which is not timed, and gives back what does it."""


def serve(prepare: Callable[[dict[str, Any]], Work]) -> None:
    """Prepare with the given task, then do one round after another: each line of the input is the number of a round.

    What a library prints goes to the errors: the output is for the one who asks.
    """
    answers, sys.stdout = sys.stdout, sys.stderr
    work = prepare(json.loads(sys.argv[1]))
    _say(answers, {"ready": True})
    for line in sys.stdin:
        seconds = seconds_of(work, int(line))
        _say(answers, {"seconds": seconds, "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss})


def shared(pieces: Sequence[Piece], task: Mapping[str, Any]) -> Sequence[Piece]:
    """Give the pieces of the work that fall to this process, of those that share it."""
    return pieces[task["share"] :: task["of"]]


def seconds_of(work: Work, number: int, now: Callable[[], float] = time.perf_counter) -> float:
    """Do one round, and give how long it took, without what made ready for it."""
    begun = now()
    rest = work(number)
    if rest is not None:
        begun = now()
        rest()
    return now() - begun


def _say(answers: Any, what: dict[str, Any]) -> None:  # noqa: ANN401 - a stream
    answers.write(json.dumps(what) + "\n")
    answers.flush()
