"""What the tests of the clauses say to a zone, and what it answers on the command line."""

from pathlib import Path
from typing import Any, Final

from pdca.report.completeness import gaps
from pdca.store.jsontext import to_json
from pdca.store.rows import update
from tests import seed
from tests.contract import edits
from tests.contract.world import MOTIVE, PLAN, World
from tests.unit.cli.running import run
from workflows import definition as definitions

TODAY: Final = seed.START.date()
ZVP: Final = definitions.load("zvp")
FOUND: Final = (
    *("--verdict", "effective", "--process", "Zoals gepland.", "--effect", "Minder.", "--due-to", "plan"),
    *("--attribution", "Toezicht.", "--evidence", "Elders bleef het gelijk.", "--deployed", "Ploegen."),
)
"""What is recorded of an evaluation, besides its indicators."""


def unmet(trigger: str = "start", by: str = "sofie", plan: str = PLAN) -> dict[str, str]:
    """What holds a plan back: the words by the code of the need."""
    (one,) = run("plan", "why-not", plan, "--trigger", trigger, "--as", by, "--json").json["triggers"]
    return {need["code"]: need["need"] for need in one["needs"]}


def refused(trigger: str = "start", plan: str = PLAN) -> set[str]:
    """The codes by which taking the step is refused; the plan stays where it is."""
    before = shown(plan)["state"]
    ran = run("plan", "advance", plan, "--trigger", trigger, "--reason", MOTIVE, "--as", "sofie", "--json")
    assert ran.status == 3, ran.err
    assert shown(plan)["state"] == before
    return {need["code"] for need in ran.error["needs"]}


def shown(plan: str = PLAN) -> dict[str, Any]:
    view: dict[str, Any] = run("plan", "show", plan, "--json").json
    return view


def emptied(zone: World, rubric: str) -> None:
    """Take away what a rubric says."""
    zone.by_administrator(edits.Edit([update("rubric", {"plan_id": PLAN, "rubric_id": rubric}, text=None)]))


def is_demanded(zone: World, rubric: str, label: str) -> None:
    """A plan without the rubric does not start, and is told which one it is; with a text or a reason it does."""
    key = {"plan_id": PLAN, "rubric_id": rubric}
    assert label in [localized["en"] for localized in (one["label"] for one in shown()["rubrics"])]
    emptied(zone, rubric)
    assert unmet()["rubric-empty"] == f"Rubric “{label}” is empty."
    assert "rubric-empty" in refused()
    zone.by_administrator(edits.Edit([update("rubric", key, not_applicable=to_json({"nl": "Niet van toepassing."}))]))
    assert "rubric-empty" not in unmet()


def imported(folder: Path, text: str) -> Any:  # noqa: ANN401 - what came of it
    (folder / "file.yaml").write_text(text, encoding="utf-8")
    return run("import", "file.yaml", "--json")


def file(programme: str, objectives: str = "[]") -> str:
    return (
        "---\npdca: 1\nlanguage: nl\n"
        "organisation: {id: pz-test, name: Politiezone Test, zone: Europe/Brussels, languages: [nl]}\n"
        f"programme: {programme}\nobjectives: {objectives}\n...\n"
    )


NEXT: Final = '{id: zvp-2026, title: ZVP, method: zvp, period: {from: "2026", to: "2031"}, previous: [zvp-test]}'


def missing(zone: World) -> set[tuple[str, str]]:
    return {(gap.code, gap.subject) for gap in gaps(zone.reading, zone.clock.now())}
