"""A real daemon erases by itself what is past its term."""

import signal
from pathlib import Path

from pdca.erasure.rules import DecideTerm
from tests.contract.left_behind import found_in_bytes
from tests.contract.world import furnish, opened
from tests.fault.processes import daemon

SAID = b"Meer toezicht."


def test_a_daemon_erases_what_is_past_its_term_and_the_log_says_that_it_was_the_scheduler(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'pdca.db'}"
    furnish(url)
    with opened(url) as world:
        world.take("start", "evaluate", "record", "conclude", "close")
        world.by_administrator(DecideTerm("findings", 12, "De wet.", "Beslist."))
        assert found_in_bytes(world, {SAID}) == {SAID}
    variables = {"PDCA_DATABASE": url, "PDCA_NOW": "2026-06-15T06:00:00Z"}
    with daemon(tmp_path, variables) as running:
        line = running.waits_for("erased")
        assert (line["erased"] > 0, line["erased_by_rules"]) == (True, 1)
        assert running.end(signal.SIGTERM) == 0
    with opened(url) as world:
        [run] = world.dump()["erasure_run"]
        assert run["erased"] == line["erased"]
        [event] = [row for row in world.dump()["event"] if row["kind"] == "retention.applied"]
        assert (event["actor"], event["source"]) == ("scheduler", "scheduler")
        assert found_in_bytes(world, {SAID}) == set()
