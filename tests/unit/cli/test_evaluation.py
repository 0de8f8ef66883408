"""`pdca evaluation` and `pdca plan cycles` as people see them: one page, at any width, and the same in JSON."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from pdca.cycles.follow_up import RaiseFollowUp
from pdca.cycles.predict import Predict
from pdca.evaluations.snapshot import hash_of
from pdca.exchange.one_record import record_of
from pdca.exchange.records import Measurement
from pdca.indicators.figures import RecordFigures
from pdca.store.driver import Statement
from pdca.store.reads import cycles
from pdca.store.rows import insert, update
from pdca.words import EVALUATION_KIND, EVALUATION_NAMED
from tests import seed
from tests.contract import edits
from tests.contract.world import MOTIVE, PLAN, World, opened_in
from tests.unit.cli.running import run, run_on_terminal

MARK_UP = re.compile(r"\x1b\[[0-9;]*m|\b[0-9a-f]{64}\b")
"""Bold and the like, and a hash, which is not broken."""

EXPECTED = "Een kwart minder diefstal tegen april."
RECORD = (
    *("evaluation", "record", "E-101", "--as", "marc", "--verdict", "ineffective"),
    *("--process", "De helft van de rondes ging door.", "--effect", "Evenveel diefstal.", "--due-to", "others"),
    *("--attribution", "Een bende van elders.", "--evidence", "Twee gevatte daders.", "--deployed", "Eén ploeg."),
    *("--means", "A1/2024/hours=40:Zieken.", "--lessons", "Vroeger bijsturen.", "--indicator", "thefts=12"),
    *("--evaluator", "chief", "--evaluator", "marc"),
)


@pytest.fixture
def zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A zone whose plan is in Check, as the database of the command line."""
    with opened_in(tmp_path, monkeypatch) as here:
        here.by("sofie", Predict(PLAN, EXPECTED))
        here.take("start", "evaluate")
        yield here


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize("columns", [40, 80])
def test_the_whole_record_stands_on_one_page_at_any_width(columns: int) -> None:
    assert run(*RECORD).status == 0
    out = run_on_terminal("evaluation", "show", "E-101", columns=columns).out
    shown = " ".join(out.split())
    parts = (
        *("P-001, cycle 1", EXPECTED, "thefts", "Verdict: ineffective", "De helft van de rondes ging door."),
        *("Evenveel diefstal.", "Due to: others. Een bende van elders.", "Twee gevatte daders.", "Capacity"),
        *("Zieken.", "Eén ploeg.", "Vroeger bijsturen.", "It still is what was frozen"),
    )
    places = [shown.index(part) for part in parts]
    assert places == sorted(places)
    assert "Evaluated by: Chief, Marc Dubois" in shown
    assert max(len(MARK_UP.sub("", line)) for line in out.splitlines()) <= columns


def figures(world: World, by_period: Mapping[str, int], **more: str) -> None:
    made = [
        record_of(Measurement, {"period": period, "value": value, **more}, "nl", "a test")
        for period, value in by_period.items()
    ]
    world.by("marc", RecordFigures({"thefts": tuple(made)}))


def test_a_series_is_read_as_what_was_recorded_by_then_has_it(zone: World) -> None:
    figures(zone, {"2022": 1052, "2023": 1050}, published="2024-01-05")
    assert run(*RECORD).status == 0
    zone.go_to(zone.clock.now() + timedelta(days=1))
    figures(zone, {"2021": 1048}, published="2024-01-05")
    [result] = run("evaluation", "show", "E-101", "--json").json["results"]
    assert [one["figures"] for one in result["reading"]["stretches"]] == [2]
    assert "Too few figures to say anything: thefts" in run("evaluation", "show", "E-101").out


def test_both_judgements_of_a_series_stand_with_its_result(zone: World) -> None:
    zone.go_to(date(2024, 4, 8))
    figures(zone, {f"{2023 + at // 12}-{at % 12 + 1:02}": 1000 + at % 3 for at in range(15)})
    assert run(*RECORD).status == 0
    page = run("evaluation", "show", "E-101", "--lang", "nl").out
    assert "  thefts\n    Variatie: gewone oorzaak" in page
    assert "\n    Zekerheid: " in page


@pytest.mark.usefixtures("zone")
def test_a_result_stands_beside_its_target_as_that_was_when_it_was_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    aim = ("indicator", "target", "thefts", "--period", "2024", "--op", "<=", "--as", "sofie")
    assert run(*aim, "--value", "1000").status == 0
    assert "<= 1,000 (2024)" in run_on_terminal("evaluation", "show", "E-101", columns=120).out
    assert run(*RECORD).status == 0
    monkeypatch.setenv("PDCA_NOW", "2024-01-16T09:00:00Z")
    number = run("indicator", "show", "thefts", "--json").json["targets"][-1]["number"]
    assert run(*aim, "--value", "1200", "--adjusts", str(number), "--reason", "Te hoog gegrepen.").status == 0
    [result] = run("evaluation", "show", "E-101", "--json").json["results"]
    assert (result["target"]["number"], result["target"]["value"]) == (number, "1000")
    assert "<= 1,000 (2024)" in run_on_terminal("evaluation", "show", "E-101", columns=120).out


def test_a_round_or_assumed_figure_is_shown_as_such_and_as_it_was_frozen(
    zone: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PDCA_NOW", "2024-02-05T09:00:00Z")
    given = {"period": "2024-01", "value": 1500, "approx": True, "assumed": True}
    zone.go_to(date(2024, 2, 1))
    zone.by("marc", RecordFigures({"thefts": [record_of(Measurement, given, "nl", "a test")]}))
    assert run(*(one for one in RECORD if one not in {"--indicator", "thefts=12"})).status == 0
    monkeypatch.setenv("PDCA_NOW", "2024-02-06T09:00:00Z")
    assert run("indicator", "record", "thefts", "2024-01", "1512", "--as", "marc").status == 0
    page = run_on_terminal("evaluation", "show", "E-101", columns=120).out
    assert "≈ 1,500 facts ~" in page
    assert "~ assumed" in page
    [result] = run("evaluation", "show", "E-101", "--json").json["results"]
    assert (result["value"], result["approximate"], result["value_assumed"]) == ("1500", True, True)


def test_an_evaluation_that_never_opened_shows_the_prediction_of_no_cycle(zone: World) -> None:
    zone.take("record", "conclude", "close")
    page = run("evaluation", "show", "E-102").out
    assert "P-001: " in page
    assert "cycle" not in page
    assert EXPECTED not in page


def test_a_figure_that_is_known_is_taken_and_the_page_says_whence_a_result_comes(
    zone: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PDCA_NOW", "2024-02-05T09:00:00Z")
    assert run("indicator", "record", "thefts", "2024-01", "17", "--as", "marc").status == 0
    silent = tuple(one for one in RECORD if one not in {"--indicator", "thefts=12"})
    assert "  thefts: the known figure of 2024-01 is taken.\n" in run(*silent, "--dry-run").out
    assert run(*silent, "--json").json["taken"] == {"thefts": {"value": "17", "period": "2024-01", "figure": 1}}
    [line] = [one for one in run("evaluation", "show", "E-101").out.splitlines() if one.startswith("thefts")]
    assert " ".join(line.split()).endswith(" 17 facts known figure of 2024-01")
    zone.go_to(date(2024, 2, 5))
    zone.take("conclude", "continue", "evaluate")
    other = tuple(one.replace("E-101", "E-102") for one in RECORD)
    assert run(*other, "--json").json["taken"] == {}
    assert "the evaluators" in run("evaluation", "show", "E-102").out


def test_a_page_without_a_prediction_says_so(zone: World) -> None:
    zone.take("record", "conclude", "continue", "evaluate")
    assert "No prediction was written." in run("evaluation", "show", "E-102").out


@pytest.mark.usefixtures("zone")
def test_what_was_frozen_is_printed_as_its_hash_counts_it() -> None:
    digest = run(*RECORD, "--json").json["snapshot"]
    text = run("evaluation", "show", "E-101", "--snapshot").out.rstrip("\n")
    assert hash_of(text) == digest
    frozen = run("evaluation", "show", "E-101", "--snapshot", "--json").json["snapshot"]
    assert frozen == {**json.loads(text), "sha256": digest}


def test_verify_exits_with_1_when_something_was_changed(zone: World) -> None:
    run(*RECORD)
    assert run("evaluation", "verify").status == 0
    with zone.house.database.connect(writing=True) as connection:
        connection.begin()
        connection.run(Statement("change", "UPDATE snapshot SET text = replace(text, 'Evenveel', 'Minder')"))
        connection.commit()
    ran = run("evaluation", "verify", "--format", "json")
    assert (ran.status, [row["ok"] for row in ran.json["snapshots"]]) == (1, [False])
    assert "IT IS NOT WHAT WAS FROZEN" in run("evaluation", "show", "E-101").out
    assert run("audit", "verify").status == 1
    with zone.house.database.connect(writing=True) as connection:
        connection.begin()
        connection.run(Statement("back", "UPDATE snapshot SET text = replace(text, 'Minder', 'Evenveel')"))
        connection.commit()


def test_a_dry_run_of_the_whole_record_keeps_nothing(zone: World) -> None:
    before = zone.dump()
    assert run(*RECORD, "--dry-run", "--json").json["dry_run"] is True
    assert zone.dump() == before


def test_one_more_evaluation_is_fixed_by_the_group_with_a_reason(zone: World) -> None:
    zone.by_administrator(edits.complete_baseline())
    other = run("evaluation", "add", PLAN, "--date", "2024-03-01", "--kind", "banana", "--reason", MOTIVE, "--json")
    assert (other.status, other.error["code"]) == (2, "bad-value")
    added = run("evaluation", "add", PLAN, "--date", "2024-03-01", "--reason", MOTIVE, "--as", "sofie", "--json").json
    assert zone.evaluation(added["evaluation"])["due_date"] == "2024-03-01"
    assert zone.last_event()["reason"] == MOTIVE


def test_in_adjust_what_is_not_decided_is_told_and_refuses_nothing(zone: World) -> None:
    zone.take("record", "conclude")
    assert run("plan", "why-not", PLAN, "--json").json["undecided"] == ["P-001/A1"]
    assert "Not decided yet: P-001/A1" in run("plan", "why-not", PLAN).err
    assert "Not decided yet: P-001/A1" in run("plan", "show", PLAN).out
    zone.take("continue")


@pytest.mark.parametrize("columns", [40, 80])
def test_the_cycles_of_a_plan_are_one_entry_each(zone: World, columns: int) -> None:
    zone.take("record", "conclude", "continue")
    out = run_on_terminal("plan", "cycles", PLAN, columns=columns).out
    assert max(len(MARK_UP.sub("", line)) for line in out.splitlines()) <= columns
    assert f"Continue: {MOTIVE}" in " ".join(out.split())
    first, second = run("plan", "cycles", PLAN, "--format", "json").json["cycles"]
    assert (first["prediction"], second["prediction"]) == (EXPECTED, None)


@pytest.mark.parametrize(
    "twice",
    [
        ("--indicator", "thefts=13"),
        ("--means", "A1/2024/hours=41:Zieken."),
        ("--means", "P-001/a1/2024/hours=41:Zieken."),
    ],
)
def test_what_is_stated_twice_is_not_recorded(zone: World, twice: tuple[str, str]) -> None:
    before = zone.dump()
    refused = run(*RECORD, *twice)
    assert (refused.status, "stated more than once" in refused.err) == (2, True)
    assert zone.dump() == before


def test_one_answer_is_given_to_a_follow_up(zone: World) -> None:
    raised = RaiseFollowUp(PLAN, "De winkeliers bevragen.", "investigation", date(2030, 5, 1))
    name = str(zone.by("sofie", raised).summary["follow_up"])
    answered = ("followup", "answer", name, "--as", "sofie", "--reason", MOTIVE)
    assert [run(*answered, *more).status for more in ((), ("--dropped", "--done"), ("--done", "--carried"))] == [
        2,
        2,
        2,
    ]
    assert run(*answered, "--dropped").status == 0
    assert zone.rows(cycles.FOLLOW_UP, follow_up_id=name)[0]["status"] == "dropped"


def test_capacity_that_is_stated_in_part_is_not_shown_as_the_whole(zone: World) -> None:
    zone.by_administrator(
        seed.Plant(
            [
                insert(
                    "activity",
                    {"activity_id": "P-001/A2"},
                    plan_id=PLAN,
                    position=2,
                    title='{"nl":"Controles"}',
                    status="planned",
                    assumed=0,
                ),
                insert("means", {"activity_id": "P-001/A2", "year": 2024, "kind": "hours"}, planned="20", assumed=0),
            ]
        )
    )
    assert run(*RECORD).status == 0
    out = run_on_terminal("evaluation", "show", "E-101", columns=120).out
    assert "40, not all stated" in out
    assert "2024, hours: what was deployed is not stated for A2" in out
    [line] = run("evaluation", "show", "E-101", "--json").json["capacity"]
    assert (line["planned"], line["unstated_activities"]) == ("140", ["P-001/A2"])


def test_the_page_says_which_part_of_a_record_is_not_what_was_frozen(zone: World) -> None:
    run(*RECORD)
    assert run("evaluation", "verify", "e-101").status == 0
    assert run("evaluation", "verify", "E-999").status == 4
    assert run("evaluation", "verify", "E-102", "--format", "json").json["snapshots"] == []
    change = Statement("forge", "UPDATE evaluation SET lessons = :lessons WHERE evaluation_id = 'E-101'")
    for lessons, status in (("Niets geleerd.", 1), ("Vroeger bijsturen.", 0)):
        with zone.house.database.connect(writing=True) as connection:
            connection.begin()
            connection.run(change, lessons=lessons)
            connection.commit()
        assert run("evaluation", "verify", "E-101").status == status
        assert ("THE RECORD IS NOT WHAT WAS FROZEN: Lessons" in run("evaluation", "show", "E-101").out) is bool(status)


def test_what_lacks_in_a_record_is_mended_by_the_command_that_records_it(zone: World) -> None:
    short = tuple(one.removesuffix(":Zieken.") for one in RECORD if one not in {"--indicator", "thefts=12"})
    needs = run(*short, "--json").error["needs"]
    assert [need["command"].partition(" --deployed … ")[2] for need in needs] == [
        "--indicator thefts=…",
        "--means P-001/A1/2024/hours=40:…",
    ]
    assert run(*RECORD, "--indicator", "nope=1").status == 4
    assert run(*RECORD, "--evaluator", "nope").status == 4
    assert zone.evaluation("E-101")["status"] == "open"


def test_what_is_named_and_not_there_is_not_found(zone: World) -> None:
    figure = ("indicator", "record", "thefts", "2023", "1", "--as", "marc", "--source", "nope")
    embed = ("plan", "advance", PLAN, "--trigger", "embed", "--by-indicator", "nope", "--reason", "x", "--as", "sofie")
    before = zone.dump()
    assert [run(*figure).status, run(*embed).status] == [4, 4]
    assert zone.dump() == before


@pytest.mark.parametrize(
    ("kind", "lang", "said"),
    [
        ("ad_hoc", "en", "ad hoc evaluation,"),
        ("interim", "nl", "tussentijdse evaluatie,"),
        ("ad_hoc", "nl", "ad-hocevaluatie,"),
        ("interim", "fr", "évaluation intermédiaire,"),
        ("final_of_lead", "fr", "évaluation (final_of_lead),"),
    ],
)
def test_the_kind_of_an_evaluation_is_in_the_words_of_the_language(
    zone: World, kind: str, lang: str, said: str
) -> None:
    zone.by_administrator(edits.Edit([update("evaluation", {"evaluation_id": "E-101"}, kind=kind)]))
    assert said in run("evaluation", "show", "E-101", "--lang", lang).out


@pytest.mark.parametrize("words", [EVALUATION_KIND, EVALUATION_NAMED], ids=["kind", "named"])
def test_no_two_kinds_of_evaluation_are_called_the_same(words: dict[str, str]) -> None:
    assert len(set(words.values())) == len(words)


def test_the_decision_of_a_cycle_is_punctuated_as_the_language_does(zone: World) -> None:
    zone.take("record", "conclude", "continue")
    shown = run_on_terminal("plan", "cycles", PLAN, "--lang", "fr", columns=200).out
    assert f"Poursuivre : {MOTIVE}" in " ".join(shown.split())
