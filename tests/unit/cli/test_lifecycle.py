"""The lifecycle of a plan: what it went through, in words, as a state diagram, and as a picture."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any, Final

import pytest

from tests.unit.cli.running import run

SVG: Final = "{http://www.w3.org/2000/svg}"
DAY: Final = 86_400
# The part of Mermaid's grammar of state diagrams that is used: a state with a description, and transitions with one. In
# a description a colon, a semicolon or a quotation mark would end it, and # begins an entity.
_TEXT: Final = r"(?:[^#;:\"<>`\n]|#\w+;)+"
_STATE: Final = re.compile(rf'    state "{_TEXT}" as (\w+)')
_WAY: Final = re.compile(rf"    (\w+|\[\*\]) --> (\w+|\[\*\])(?: : ({_TEXT}))?")


@pytest.fixture
def lived_six_years(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDCA_DATABASE", f"sqlite:///{demo}")


def lifecycle(plan: str) -> dict[str, Any]:
    ran = run("plan", "lifecycle", plan, "--json")
    assert ran.status == 0, ran.err
    view: dict[str, Any] = ran.json
    assert view["schema"] == "pdca.lifecycle/1"
    return view


def drawn(plan: str, form: str, *more: str) -> str:
    ran = run("plan", "lifecycle", plan, "--draw", form, *more)
    assert (ran.status, ran.err) == (0, "")
    return ran.out


@pytest.mark.usefixtures("lived_six_years")
@pytest.mark.parametrize("plan", ["P-004", "P-005", "P-006"])
def test_it_is_what_the_log_says_step_by_step(plan: str) -> None:
    view = lifecycle(plan)
    events = run("audit", "log", "--plan", plan, "--kind", "plan.advanced", "--json").json["events"]
    steps = {(one["from"], one["to"], one["trigger"]): one for one in view["steps"]}
    assert {(e["from"], e["to"], e["trigger"]) for e in events} == set(steps)
    for (source, target, trigger), step in steps.items():
        of_it = [e for e in events if (e["from"], e["to"], e["trigger"]) == (source, target, trigger)]
        assert (step["count"], step["last"]) == (len(of_it), of_it[-1]["at"])
    states = {one["state"]: one for one in view["states"]}
    # Every stay that ended ended by a step; only the one that lasts did not.
    [present] = [name for name, one in states.items() if one["since"]]
    for name, one in states.items():
        left = sum(step["seconds"] for step in view["steps"] if step["from"] == name)
        assert one["visits"] - sum(step["count"] for step in view["steps"] if step["from"] == name) == (name == present)
        assert (one["seconds"] > left) if name == present else (one["seconds"] == left)


@pytest.mark.usefixtures("neglected_zone")
def test_a_state_in_which_a_plan_still_is_is_counted_until_now() -> None:
    [stood] = [one for one in lifecycle("P-003")["states"] if one["visits"]]
    assert (stood["state"], stood["visits"], stood["since"]) == ("plan", 1, "2020-01-02T08:00:00.000000Z")
    # 2 January 2020 to 31 March 2021.
    assert stood["seconds"] // DAY in (453, 454)


@pytest.mark.usefixtures("lived_six_years")
@pytest.mark.parametrize("language", ["en", "nl", "fr"])
def test_the_state_diagram_is_in_the_grammar_of_mermaid(language: str) -> None:
    for number in range(1, 13):
        plan = f"P-{number:03d}"
        view = lifecycle(plan)
        head, *lines = drawn(plan, "mermaid", "--lang", language).splitlines()
        assert head == "stateDiagram-v2"
        states = [found[1] for line in lines if (found := _STATE.fullmatch(line))]
        ways = [found.groups() for line in lines if (found := _WAY.fullmatch(line))]
        assert len(states) + len(ways) == len(lines)
        assert states == [one["state"] for one in view["states"] if one["visits"]]
        assert {end for way in ways for end in way[:2]} <= {*states, "[*]"}
        assert [way[:2] for way in ways if way[2]] == [(one["from"], one["to"]) for one in view["steps"]]
        assert [way[1] for way in ways if way[0] == "[*]"] == [view["first"]]


@pytest.mark.usefixtures("lived_six_years")
@pytest.mark.parametrize("language", ["en", "nl", "fr"])
def test_the_picture_needs_nothing_else_and_tells_all_of_it_to_who_does_not_see_it(language: str) -> None:
    view = lifecycle("P-006")
    text = drawn("P-006", "svg", "--lang", language)
    root = ET.fromstring(text)  # noqa: S314 - our own
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"].split() == [root[0].attrib["id"], root[1].attrib["id"]]
    assert (root[0].tag, root[1].tag) == (f"{SVG}title", f"{SVG}desc")
    shown = [node.text or "" for node in root.iter(f"{SVG}text")]
    assert str(root[0].text) in shown
    told = str(root[1].text)
    for one in (*view["states"], *view["steps"]):
        if one["label"]:
            assert any(one["label"][language] in words for words in shown)
            assert one["label"][language] in told
    for words in shown[1:]:
        assert words.isdecimal() or words in told
    assert not re.search(r"(href|url\(|<script|<style|@import)", text)
    # What is meant stands in words or in the kind of line, never in a colour alone.
    colours = set(re.findall(r"#[0-9a-f]{3,6}", text))
    assert colours <= {"#fff", "#1b1f24", "#6b7680"}


@pytest.mark.usefixtures("lived_six_years")
def test_a_title_is_shown_as_it_is_written(tmp_path: Path) -> None:
    from pdca.pages.lifecycle_svg import StateBox, lifecycle_svg

    text = lifecycle_svg("<b>&", "x", [StateBox("a", "A", "not yet", visited=False, present=False)], [])
    assert ET.fromstring(text)[0].text == "<b>&"  # noqa: S314 - our own
    assert tmp_path.exists()


def test_a_drawing_is_written_to_a_file_that_is_not_replaced(lived_six_years: None, tmp_path: Path) -> None:
    assert lived_six_years is None
    out = str(tmp_path / "p.svg")
    view = run("plan", "lifecycle", "P-004", "--draw", "svg", "--out", out, "--json").json
    assert (view["schema"], view["plan"], view["form"], view["out"]) == (
        "pdca.lifecycle-drawing/1",
        "P-004",
        "svg",
        out,
    )
    assert Path(out).read_text(encoding="utf-8") == drawn("P-004", "svg")
    assert run("plan", "lifecycle", "P-004", "--draw", "svg", "--out", out).status == 2
    ran = run("plan", "lifecycle", "P-004", "--out", out)
    assert (ran.status, ran.err.partition("]")[0]) == (2, "error[nothing-drawn")
