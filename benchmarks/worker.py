"""What every contestant of a benchmark is: a process that does so much work each time it is told to, and says how long.

Only the standard library, for it runs in the environments of the peers as well.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

Work = Callable[[int], None]


def serve(prepare: Callable[[dict[str, Any]], Work]) -> None:
    """Prepare with the given task, then do one round after another: each line of the input is the number of a round.

    What a library prints goes to the errors: the output is for the one who asks.
    """
    answers, sys.stdout = sys.stdout, sys.stderr
    work = prepare(json.loads(sys.argv[1]))
    _say(answers, {"ready": True})
    for line in sys.stdin:
        begun = time.perf_counter()
        work(int(line))
        _say(answers, {"seconds": time.perf_counter() - begun})


def _say(answers: Any, what: dict[str, Any]) -> None:  # noqa: ANN401 - a stream
    answers.write(json.dumps(what) + "\n")
    answers.flush()
