"""From an empty database to a plan at work, by nothing but what one types: each need is mended by its own command."""

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from tests.unit.cli.running import Ran, run_on_terminal, run_process

PDCA: Final = [str(Path(sys.executable).with_name("pdca"))]
"""The program as it is installed."""

NOW: Final = "2026-01-05T08:00:00Z"
PLAN: Final = "P-001"
LEAD: Final = "ada-lead"
SECRETARY: Final = "kim-secretary"
BLANKS: Final = frozenset({"…", "ACTIVITY", "PARTY", "DATE", "YEAR", "NUMBER", "INDICATOR", "PERIOD", "TEXT"})
"""What stands in the command of a need for what only the reader knows."""

PROGRAMME: Final = """\
---
pdca: 1
language: en
organisation: {id: riverside, name: Town of Riverside, zone: Europe/Brussels, languages: [en]}
functions:
  - {id: coordinator, name: Safety coordinator, discipline: coordination}
  - {id: youth, name: Youth worker, discipline: youth work}
  - {id: secretary, name: Town secretary, escalation: chief}
stakeholders:
  - {id: council, name: Town council, kind: authority}
  - {id: railways, name: The railways, kind: partner}
  - {id: housing, name: Social housing, kind: partner}
phenomena:
  - {id: noise, title: Noise}
  - {id: litter, title: Litter}
programme: {id: safety, title: Safety programme, method: zvp, period: {from: "2026", to: "2026"}}
indicators:
  - {id: complaints, title: complaints about noise, unit: complaints a month, kind: objective, direction: down}
objectives:
  - {id: S1, title: Quiet nights}
...
"""
EDITOR: Final = """\
import pathlib, sys
line, text, file = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
lines = file.read_text().splitlines(keepends=True)
(found,) = [number for number, one in enumerate(lines) if one.startswith(line)]
lines[found] = text + "\\n"
file.write_text("".join(lines))
"""
"""An editor that brings the one line that begins so to another text."""

RUBRICS: Final = {
    "definitie": "Definition of the problem",
    "analyse": "Analysis and monitoring (objective / subjective)",
    "preventief": "Preventive approach",
    "repressief": "Repressive approach",
    "slachtoffers": "Special attention to victims",
    "communicatie": "Communication to the population",
    "middelen": "Means and capacity",
    "partners": "Competent involvement of the partners (training, information, consultation)",
}
EMPTY: Final = frozenset(
    {
        "not-allowed",
        "objective-not-retained",
        *(f"rubric-empty: {label}" for label in RUBRICS.values()),
        "group-without-lead",
        "group-too-few-disciplines",
        "no-activity",
        "no-indicator",
        "no-evaluation-moment",
        "no-information-schedule",
        "not-approved",
    }
)
"""Every need of a plan of which nothing but its title was written."""


@dataclass(frozen=True)
class Step:
    """How one need is mended: the answers to what its command asks, for each time that it is typed.

    `edit` is the line of the plan's text that the editor brings another text to; `comes` are the needs that only show
    once this one is mended.
    """

    need: str
    answers: Sequence[Sequence[str]] = ((),)
    edit: tuple[str, str] | None = None
    comes: frozenset[str] = field(default_factory=frozenset)
    by: str = LEAD


def written(need: str, line: str, text: str, *comes: str) -> Step:
    """Mend it in the editor: what the line begins with, and what stands there instead."""
    return Step(need, edit=(line, text), comes=frozenset(comes))


STEPS: Final = (
    *(Step(f"rubric-empty: {label}", [["What is said of it."]]) for label in RUBRICS.values()),
    Step("group-too-few-disciplines", [["youth"]]),
    Step(
        "no-activity",
        [["Evening rounds", "youth", "2026-03-01", "2026-09-30"]],
        comes=frozenset({"activity-without-means", "rubric-without-activity"}),
    ),
    Step("rubric-without-activity", [[f"{PLAN}/A1"]]),
    Step("activity-without-means", [["hours", "2026", "64"]]),
    # The command gives the baseline as well, so that the need of one never shows.
    Step("no-indicator", [["complaints", "11", "2025"]]),
    written("no-evaluation-moment", "  # evaluations:", "  evaluations: [{date: 2026-06-30, kind: interim}]"),
    written(
        "no-information-schedule",
        "  # information:",
        "  information: [{to: council, date: 2026-07-15, method: note}]",
    ),
    Step("mmm-without-perimeter", [["Station square"]]),
    written("mmm-too-few-phenomena", "  # phenomena:", "  phenomena: [{phenomenon: noise}, {phenomenon: litter}]"),
    Step("mmm-too-few-partners", [["railways"], ["housing"]]),
    Step("not-approved", [["Read and found good."]], by=SECRETARY),
)
MMM: Final = frozenset({"mmm-without-perimeter", "mmm-too-few-phenomena", "mmm-too-few-partners"})


class Shell:
    """What one types, in a folder of its own; somebody other than who founded the database is named by `by`."""

    def __init__(self, folder: Path, url: str) -> None:
        self.environment = {
            "PDCA_DATABASE": url,
            "PDCA_NOW": NOW,
            "PDCA_NOTIFY_FOLDER": str(folder / "outbox"),
            "HOME": str(folder),
        }

    def pdca(self, *arguments: str, by: str | None = None) -> Ran:
        acting = ["--as", by] if by else []
        return run_process(*arguments, *acting, program=PDCA, **self.environment)

    def done(self, *arguments: str, by: str | None = None) -> Ran:
        ran = self.pdca(*arguments, by=by)
        assert ran.status == 0, ran.err
        return ran

    def edited(self, line: str, text: str, *arguments: str, by: str | None) -> None:
        """Open a plan in an editor that changes one line; fails when the line is not there."""
        editor = shlex.join([sys.executable, "-c", EDITOR, line, text])
        changes = {**self.environment, "EDITOR": editor, "VISUAL": ""}
        acting = ["--as", by] if by else []
        ran = run_on_terminal(*arguments, *acting, program=PDCA, typed="n\n", changes=changes, columns=200)
        assert ran.status == 0, ran.out

    def needs(self, by: str | None) -> dict[str, dict[str, Any]]:
        """What holds the start back, as this person is told: the need by its code, a rubric also by its label."""
        view = self.done("plan", "why-not", PLAN, "--trigger", "start", "--json", by=by).json
        (start,) = view["triggers"]
        assert start["possible"] == (not start["needs"])
        return named(start["needs"])

    def mend(self, need: dict[str, Any], step: Step) -> None:
        """Type the command that the need names, with what was left open filled in."""
        program, *words = shlex.split(need["command"])
        assert program == "pdca"
        if step.edit:
            self.edited(*step.edit, *words, by=step.by)
            return
        for answers in step.answers:
            self.done(*filled(words, answers), by=step.by)


def named(needs: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    found = {}
    for need in needs:
        rubric = need["need"].partition("“")[2].partition("”")[0]
        found[f"{need['code']}: {rubric}" if need["code"] == "rubric-empty" else need["code"]] = need
    assert len(found) == len(needs), "a need stands there twice"
    return found


def filled(words: list[str], answers: Sequence[str]) -> list[str]:
    left = iter(answers)
    parted = [word.rpartition("=") for word in words]
    given = [field + equals + (next(left) if word in BLANKS else word) for field, equals, word in parted]
    assert not list(left), "the command asked for less"
    return given


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    here = Shell(tmp_path, f"sqlite:///{tmp_path / 'pdca.db'}")
    (tmp_path / "programme.yaml").write_text(PROGRAMME, encoding="utf-8")
    here.done("init", "--simulated", "--lang", "en", "--zone", "Europe/Brussels")
    here.done("import", str(tmp_path / "programme.yaml"))
    here.done("person", "add", "--name", "Ada Lead")
    here.done("person", "add", "--name", "Kim Secretary", "--function", "secretary")
    here.done("person", "appoint", LEAD, "coordinator")
    here.done("plan", "new", "--title", "Station square", "--objective", "S1")
    return here


def test_every_need_of_an_empty_plan_is_mended_by_the_command_that_it_names_until_the_plan_starts(
    shell: Shell,
) -> None:
    # All that is missing is named at once, and nothing else.
    needs = shell.needs(by=None)
    assert set(needs) == EMPTY
    refused = shell.pdca("plan", "advance", PLAN, "--to", "do", "--json")
    assert refused.status == 3
    assert set(named(refused.error["needs"])) == EMPTY

    # An administrator can have it retained and name the leader, and is told who may start it instead.
    retained = Step("objective-not-retained", [["First among the complaints.", "council", "2026-01-05"]], by="")
    led = Step("group-without-lead", [["coordinator"]], by="")
    for step in (retained, led):
        shell.mend(needs[step.need], step)
        after = shell.needs(by=None)
        assert set(after) == set(needs) - {step.need}
        needs = after
    _pdca, *words = shlex.split(needs["not-allowed"]["command"])
    (leader,) = [one for one in shell.done(*words, "--json").json["members"] if one["role"] == "lead"]
    assert [one["name"] for one in leader["people"]] == ["Ada Lead"]
    assert set(shell.needs(by=LEAD)) == set(needs) - {"not-allowed"}

    # The leader does the rest, one need after the other; what the plan calls itself is asked for as well.
    shell.done("plan", "set", PLAN, "mmm=yes", by=LEAD)
    needs = shell.needs(by=LEAD)
    assert set(needs) == EMPTY - {"not-allowed", "objective-not-retained", "group-without-lead"} | MMM
    for step in STEPS:
        shell.mend(needs[step.need], step)
        after = shell.needs(by=LEAD)
        assert set(after) == set(needs) - {step.need} | step.comes
        needs = after
    assert needs == {}

    started = shell.done("plan", "advance", PLAN, "--to", "do", "--reason", "The council agreed.", "--json", by=LEAD)
    assert (started.json["from_state"], started.json["to_state"]) == ("plan", "do")
    assert shell.done("plan", "show", PLAN, "--json").json["state"] == "do"

    # Who did what is in the log, the attempt that was refused too, and the log fits.
    history = shell.done("audit", "log", "--plan", PLAN, "--json").json["events"]
    edits = [*["plan.edited"] * (1 + sum(len(step.answers) for step in STEPS[:-1]))]
    assert [(one["kind"], one["actor"]) for one in history] == [
        ("plan.created", "U-001"),
        ("plan.refused", "U-001"),
        ("plan.edited", "U-001"),
        *[(kind, "U-002") for kind in edits],
        ("plan.approved", "U-003"),
        ("plan.advanced", "U-002"),
    ]
    (retaining,) = [
        one for one in shell.done("audit", "log", "--json").json["events"] if one["kind"] == "objective.decided"
    ]
    assert retaining["actor"] == "U-001"
    shell.done("scheduler", "seal")
    verified = shell.done("audit", "verify", "--json").json
    assert (verified["ok"], verified["unsealed"]) == (True, 0)
