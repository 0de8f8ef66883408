"""What a transition spends on waiting for the disk and on its questions: ours beside the bare driver's. No peers."""

import tempfile
from pathlib import Path
from typing import Any, Final

from benchmarks.contest import Contestant, contest
from benchmarks.figures import Figure
from benchmarks.transition import ASKING, COUNT, LIMIT, NOW, OURS, copied, plans_that_run, recorded
from tests import seed
from workflows.instants import to_text

LEFT_OUT: Final = ", not waiting for the disk"
PAIRS: Final = (
    (OURS, LIMIT),
    (OURS, ASKING),
    (ASKING, LIMIT),
    (OURS + LEFT_OUT, LIMIT + LEFT_OUT),
    (OURS + LEFT_OUT, ASKING + LEFT_OUT),
    (ASKING + LEFT_OUT, LIMIT + LEFT_OUT),
    (OURS, OURS + LEFT_OUT),
    (LIMIT, LIMIT + LEFT_OUT),
)


def run(rounds: int) -> list[Figure]:
    """Measure on SQLite; nothing was promised of the parts."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        template = place / "template.db"
        plans = plans_that_run(f"sqlite:///{template}", rounds + 1)
        files = recorded(copied(template, place / "recording.db"), plans, place)
        ours: dict[str, Any] = {"plans": plans, "leader": seed.LEAD.handle, "at": to_text(NOW)}
        tasks: dict[str, tuple[str, dict[str, Any]]] = {
            OURS: ("advance", ours),
            LIMIT: ("replay", {"recorded": str(files.rows)}),
            ASKING: ("replay", {"recorded": str(files.whole)}),
        }
        contestants = [
            Contestant(
                name + ("" if lasting else LEFT_OUT),
                "ours",
                f"benchmarks.contestants.{module}",
                {**task, "url": copied(template, place / f"{number}-{lasting}.db"), "lasting": lasting},
            )
            for number, (name, (module, task)) in enumerate(tasks.items())
            for lasting in (True, False)
        ]
        result = contest(contestants, COUNT, rounds)
    return [Figure("its parts", one, other, result.ratio(one, other), None, result.rate(other)) for one, other in PAIRS]
