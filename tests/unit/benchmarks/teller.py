"""A contestant that says it took one second more than the number of its share, and notes how it was started."""

import json
import sys
from pathlib import Path

task = json.loads(sys.argv[1])
(Path(task["notes"]) / "{name} {share} of {of}: {count}".format(**task)).touch()
print("{}", flush=True)  # noqa: T201 - the protocol
for _ in sys.stdin:
    print(json.dumps({"seconds": 1 + task["share"], "peak_kib": 1 + task["share"]}), flush=True)  # noqa: T201
