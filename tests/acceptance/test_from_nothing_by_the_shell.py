"""From an empty database to a plan at work, without any file: on either engine, by nothing but what one types."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.acceptance.test_a_plan_by_the_shell import PLAN, RUBRICS, Shell, named

LEAD: Final = "ada-lead"
SECRETARY: Final = "kim-secretary"

BODY: Final[Sequence[tuple[str, ...]]] = (
    ("function", "add", "coordinator", "--name", "Safety coordinator", "--discipline", "coordination"),
    ("function", "add", "youth", "--name", "Youth worker", "--discipline", "youth work"),
    ("function", "add", "secretary", "--name", "Town secretary", "--escalation", "chief"),
    ("partner", "add", "council", "--name", "Town council", "--kind", "authority"),
    ("person", "add", "--name", "Ada Lead"),
    ("person", "add", "--name", "Kim Secretary", "--function", "secretary"),
    ("person", "appoint", LEAD, "coordinator"),
)
PROGRAMME: Final[Sequence[tuple[str, ...]]] = (
    ("phenomenon", "add", "noise", "--title", "Noise"),
    ("programme", "new", "--title", "Safety programme", "--from", "2026", "--to", "2026", "--method", "zvp"),
    ("objective", "add", "--title", "Quiet nights", "--level", "strategic_objective"),
    ("objective", "add", "--title", "Fewer complaints", "--parent", "O1", "--phenomenon", "noise"),
    ("objective", "retain", "O1", "--motive", "First among the complaints.", "--by", "council", "--on", "2026-01-05"),
    ("indicator", "add", "complaints", "--title", "Complaints", "--unit", "complaints", "--kind", "objective"),
    ("plan", "new", "--title", "Station square", "--objective", "O1.1", "--lead", "coordinator"),
)
BY_LEAD: Final[Sequence[tuple[str, ...]]] = (
    *(("plan", "set", PLAN, f"rubrics.{rubric}=What is said of it.") for rubric in list(RUBRICS)[:-1]),
    ("plan", "set", PLAN, "rubrics.partners.not_applicable=Nobody is trained yet."),
    ("group", "add", PLAN, "youth"),
    ("activity", "add", PLAN, "--title", "Rounds", "--owner", "youth", "--start", "2026-03-01", "--end", "2026-09-30"),
    ("activity", "set", f"{PLAN}/A1", "rubric=repressief"),
    ("activity", "means", f"{PLAN}/A1", "--kind", "hours", "--year", "2026", "--planned", "64"),
    ("indicator", "tie", PLAN, "complaints", "--baseline", "11", "--period", "2025"),
    ("evaluation", "add", PLAN, "--date", "2026-06-30", "--reason", "Half-way through the summer."),
)
INFORMED: Final = ("  # information:", "  information: [{to: council, date: 2026-07-15, method: note}]")
"""What no command writes but the editor: the line of the plan's text, and what stands there instead."""


@pytest.fixture
def shell(tmp_path: Path, database_url: str) -> Shell:
    return Shell(tmp_path, database_url)


def test_a_town_works_its_programme_out_without_any_file_until_a_plan_starts(shell: Shell) -> None:
    shell.done("init", "--simulated", "--lang", "en", "--zone", "Europe/Brussels", "--name", "Town of Riverside")
    for command in (*BODY, *PROGRAMME):
        shell.done(*command)
    for command in BY_LEAD:
        shell.done(*command, by=LEAD)
    shell.edited(*INFORMED, "plan", "edit", PLAN, by=LEAD)

    assert set(shell.needs(by=LEAD)) == {"not-approved"}
    refused = shell.pdca("plan", "advance", PLAN, "--to", "do", "--json", by=LEAD)
    assert (refused.status, set(named(refused.error["needs"]))) == (3, {"not-approved"})
    shell.done("plan", "approve", PLAN, "--for", "start", "--reason", "Read and found good.", by=SECRETARY)
    started = shell.done("plan", "advance", PLAN, "--to", "do", "--reason", "The council agreed.", "--json", by=LEAD)
    assert (started.json["from_state"], started.json["to_state"]) == ("plan", "do")

    # What was typed is in the log, and nothing in it came from a file.
    events = shell.done("audit", "log", "--json").json["events"]
    assert {one["source"] for one in events} == {"cli"}
    assert [one["kind"] for one in events].count("party.added") == 4
    assert {"programme.added", "objective.added", "objective.decided", "plan.advanced"} <= {
        one["kind"] for one in events
    }
    shell.done("scheduler", "seal")
    verified = shell.done("audit", "verify", "--json").json
    assert (verified["ok"], verified["unsealed"]) == (True, 0)

    # It can be written out, and taking that in again leaves the plan as it is.
    file = Path(shell.environment["HOME"]) / "out.yaml"
    shell.done("export", "--out", str(file))
    shell.done("import", str(file))
    assert shell.done("plan", "show", PLAN, "--json").json["state"] == "do"
