"""What a transition spends on waiting for the disk: ours and the bare driver's, each with and without it. No peers."""

import pickle
import tempfile
from pathlib import Path
from typing import Any, Final

from benchmarks.contest import Contestant, contest
from benchmarks.figures import Figure
from benchmarks.transition import COUNT, LIMIT, NOW, OURS, copied, plans_that_run, written
from tests import seed
from workflows.instants import to_text

LEFT_OUT: Final = ", not waiting for the disk"
PAIRS: Final = ((OURS, LIMIT), (OURS + LEFT_OUT, LIMIT + LEFT_OUT), (OURS, OURS + LEFT_OUT), (LIMIT, LIMIT + LEFT_OUT))


def run(rounds: int) -> list[Figure]:
    """Measure on SQLite; nothing was promised of the parts."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        template, recorded = place / "template.db", place / "recorded.pickle"
        plans = plans_that_run(f"sqlite:///{template}", rounds + 1)
        recorded.write_bytes(pickle.dumps(written(copied(template, place / "recording.db"), plans)))
        task: dict[str, Any] = {
            "plans": plans,
            "leader": seed.LEAD.handle,
            "at": to_text(NOW),
            "recorded": str(recorded),
        }
        contestants = [
            Contestant(
                name + ("" if lasting else LEFT_OUT),
                "ours",
                f"benchmarks.contestants.{module}",
                {
                    **task,
                    "recorded": str(recorded),
                    "url": copied(template, place / f"{module}-{lasting}.db"),
                    "lasting": lasting,
                },
            )
            for name, module in ((OURS, "advance"), (LIMIT, "replay"))
            for lasting in (True, False)
        ]
        result = contest(contestants, COUNT, rounds)
    return [Figure("its parts", one, other, result.ratio(one, other), None, result.rate(other)) for one, other in PAIRS]
