"""`pdca retention` and `pdca erasure`, as an administrator types them."""

import json
from pathlib import Path

import pytest

from tests.contract.world import opened_in
from tests.unit.cli.running import run

RUN = {
    **dict.fromkeys(("event", "rule"), 1),
    "at": "",
    "by": "",
    "what": "kind",
    "of": "findings",
    "ground": "retention",
    "up_to": "2024-01-01",
    "digests": [],
}
BASIS = ("--legal-basis", "The law.", "--reason", "So decided.")


@pytest.fixture
def closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan that was closed more than two years ago."""
    with opened_in(tmp_path, monkeypatch) as world:
        world.take("start", "evaluate", "record", "conclude", "close")
    monkeypatch.setenv("PDCA_NOW", "2026-06-15T06:00:00Z")


@pytest.mark.usefixtures("closed")
def test_a_term_is_decided_shown_applied_and_told_in_the_log() -> None:
    assert run("retention", "show").out.count("kept") >= 7
    told = run("retention", "set", "findings", "--after", "2y", *BASIS, "--dry-run", "--json").json
    assert (told["months"], told["past_term"], told["event"]) == (24, 1, None)
    ran = run("retention", "set", "findings", "--after", "24m", *BASIS, "--by", "karel", "--decided", "2026-06-01")
    assert ran.status == 0
    assert "Erased 2 years after the plan was closed" in ran.out
    assert "Past that term already, and erased next time: 1." in ran.out
    [decision] = run("retention", "show", "--json").json["decisions"]
    assert (decision["person_name"], decision["decided_on"], decision["months"]) == ("Karel Claes", "2026-06-01", 24)
    doctor = {row["check"]: row for row in run("doctor", "--json").json["checks"]}
    assert (doctor["terms"]["status"], "findings (1)" in doctor["terms"]["message"]) == ("warning", True)
    assert run("retention", "apply").status == 2
    applied = run("retention", "apply", "--yes", "--json").json
    assert applied["values"] > 0
    doctor = {row["check"]: row for row in run("doctor", "--json").json["checks"]}
    assert doctor["terms"]["status"] == "ok"
    [run_] = run("retention", "show", "--json").json["runs"]
    assert (run_["erased"], run_["subjects"]) == (applied["values"], 1)
    assert "findings/1" in run("audit", "log", "--kind", "retention.applied").out
    verified = run("audit", "verify", "--json").json
    assert (verified["ok"], verified["unscrubbed"]) == (True, None)


@pytest.mark.usefixtures("closed")
def test_everything_about_a_plan_is_still_shown_when_all_of_it_was_erased() -> None:
    for kind in ("absences", "messages", "reactions", "findings", "reasons", "descriptions"):
        assert run("retention", "set", kind, "--after", "1y", *BASIS).status == 0
    assert run("retention", "apply", "--yes").status == 0
    shown = [
        *("plan show P-001", "plan history P-001", "plan cycles P-001", "plan approvals P-001", "plan list"),
        *("evaluation show E-101", "evaluation verify", "evaluation list", "schedule list", "reminder show P-001"),
        *("followup list", "partner reactions", "partner sessions", "information list", "information reports"),
        *("notify list", "audit log", "board", "status", "completeness", "doctor"),
        "plan show P-001 --as-of 2024-02-01",
        *(
            "export --programme zvp-test",
            "report plan P-001 --audience partner",
            "report programme --audience partner",
        ),
    ]
    ended = {line: run(*line.split()) for line in shown}
    assert [ran.err for line, ran in ended.items() if ran.status != 0 and line != "doctor"] == []
    assert "[erased]" in ended["evaluation show E-101"].out
    assert run("audit", "verify", "--json").json["ok"]


@pytest.mark.usefixtures("closed")
def test_a_sweep_by_a_timer_erases_too_and_says_how_much() -> None:
    run("retention", "set", "findings", "--after", "2y", *BASIS)
    counts = run("scheduler", "sweep", "--json").json
    assert (counts["erased"] > 0, counts["erased_by_rules"]) == (True, 1)
    assert "Values erased" not in run("scheduler", "sweep").out
    run("retention", "set", "reasons", "--after", "2y", *BASIS)
    assert "Values erased whose term was over:" in run("scheduler", "sweep").out


@pytest.mark.usefixtures("closed")
def test_which_names_were_left_is_said_whoever_erases() -> None:
    assert run("person", "add", "--handle", "anna2", "--name", "Anna Smith", "--from", "2026-01-01").status == 0
    assert run("person", "leave", "anna", "transport", "--on", "2025-01-01").status == 0
    run("retention", "set", "people", "--after", "1y", *BASIS)
    [anna] = [one["person_id"] for one in run("person", "list", "--json").json["people"] if one["handle"] == "anna"]
    words = f"Somebody else here has the same name as {anna}, so it was left in the texts"
    assert words in run("retention", "apply", "--dry-run").out
    assert words in run("scheduler", "sweep").out


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("letters", "--after", "2y", *BASIS), 2),
        (("findings", *BASIS), 2),
        (("findings", "--after", "2y", "--no-term", *BASIS), 2),
        (("findings", "--after", "2w", *BASIS), 2),
        (("findings", "--after", "y", *BASIS), 2),
        (("findings", "--after", "2y", "--reason", "So decided."), 2),
        (("findings", "--after", "2y", *BASIS, "--as", "sofie"), 3),
    ],
)
def test_a_term_that_cannot_be_is_refused_in_words(words: tuple[str, ...], status: int) -> None:
    ran = run("retention", "set", *words)
    assert (ran.status, "hint:" in ran.err or "Usage" in ran.err or "Try" in ran.err) == (status, True)
    assert run("retention", "show", "--json").json["decisions"] == []


@pytest.mark.usefixtures("closed")
def test_what_a_list_names_is_erased_again(tmp_path: Path) -> None:
    assert run("erasure", "list", "--json").json["erasures"] == []
    assert run("person", "erase", "sofie", "--reason", "On paper.", "--yes").status == 0
    ran = run("erasure", "list", "--json")
    (tmp_path / "erasures.json").write_text(ran.out, encoding="utf-8")
    again = run("erasure", "repeat", "erasures.json", "--reason", "Put back.", "--yes", "--json").json
    assert (again["people"], again["values"], again["left"], again["event"]) == (0, 0, 0, None)
    assert run("erasure", "repeat", "erasures.json", "--reason", "Put back.").status == 2


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"schema": "pdca.people/1", "erasures": []}',
        '{"schema": "pdca.erasures/1", "erasures": [{"event": 1}]}',
        json.dumps({"schema": "pdca.erasures/1", "erasures": [{**RUN, "of": "letters"}]}),
        json.dumps({"schema": "pdca.erasures/1", "erasures": [{**RUN, "up_to": "soon"}]}),
        json.dumps({"schema": "pdca.erasures/1", "erasures": [{**RUN, "ground": "whim"}]}),
    ],
)
def test_what_is_no_list_of_erasures_erases_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "erasures.json").write_text(text, encoding="utf-8")
    ran = run("erasure", "repeat", "erasures.json", "--reason", "Put back.", "--yes")
    assert (ran.status, "no-erasure-list" in ran.err) == (2, True)
    assert run("erasure", "list", "--json").json["erasures"] == []
