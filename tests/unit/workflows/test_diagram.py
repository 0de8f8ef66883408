"""The diagram of a definition."""

import re
from dataclasses import replace

import pytest

from workflows.definition import available, load
from workflows.diagram import mermaid
from workflows.method import RESUME

ZVP = load("zvp")
ARROW = re.compile(r"^    (\w+) --> (\w+) : ", re.MULTILINE)


@pytest.mark.parametrize("name", available())
def test_every_state_and_every_way_is_drawn_once(name: str) -> None:
    definition = load(name)
    text = mermaid(definition)
    assert text.startswith("stateDiagram-v2\n")
    assert text.endswith("\n")
    assert re.findall(r'state "[^"]+" as (\w+)', text) == list(definition.state_by_id)
    drawn = ARROW.findall(text)
    assert len(drawn) == len(set(drawn))
    wanted = {(s, way.target) for way in definition.transitions for s in way.sources if way.target != RESUME}
    assert {arrow for arrow in drawn if arrow in wanted} == wanted
    assert f"[*] --> {definition.initial}\n" in text
    assert {line.split()[0] for line in text.splitlines() if line.endswith("--> [*]")} == {
        state.id for state in definition.states if state.ended
    }


def test_what_resumes_leads_back_to_every_state_that_can_be_suspended_and_to_no_other() -> None:
    drawn = ARROW.findall(mermaid(ZVP))
    assert {to for source, to in drawn if source == "suspended"} == {"plan", "do", "check", "adjust"}
    ways = tuple(way._replace(sources=("do",)) if way.trigger == "suspend" else way for way in ZVP.transitions)
    drawn = ARROW.findall(mermaid(replace(ZVP, transitions=ways)))
    assert {to for source, to in drawn if source == "suspended"} == {"do"}


def test_the_diagram_speaks_the_language_asked_for() -> None:
    assert "plan --> do : Lancer\n" in mermaid(ZVP, "fr")
    assert 'state "Dagelijkse werking" as daily_operations' in mermaid(ZVP, "nl")


def test_signs_and_words_of_mermaid_s_own_are_put_otherwise() -> None:
    states = tuple(
        state._replace(id="end", label={"en": 'A "b"; #c:\nd'}) if state.id == "closed" else state
        for state in ZVP.states
    )
    ways = tuple(way._replace(target="end") if way.target == "closed" else way for way in ZVP.transitions)
    text = mermaid(replace(ZVP, states=states, transitions=ways))
    assert '    state "A #quot;b#quot;#59; #35;c#58; d" as _end\n' in text
    assert "    adjust --> _end : Close\n    " in text
    assert "    _end --> [*]\n" in text
