"""`pdca simulate` over a copy: as a list, as months and as a calendar, in the language of the reader."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from pdca.clock import SystemClock
from pdca.store.tables.moments import DEADLINE_KINDS
from pdca.words import WHAT
from tests.unit.cli.running import ROOT, run

UNTIL = ("simulate", "--until", "2020-10-31")
DRY = (*UNTIL, "--dry-run")


def digest(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir() if file.is_file()}


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "tsv", "csv", "months", "ics"])
def test_every_form_leaves_the_database_as_it_was(zone_at_start: Path, empty_folder: Path, form: str) -> None:
    before = digest(empty_folder)
    ran = run(*DRY, "--format", form)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out
    assert digest(empty_folder) == before
    assert zone_at_start.exists()
    assert not (empty_folder / "outbox").exists()


def test_a_real_database_is_foretold_without_being_asked_to(empty_folder: Path) -> None:
    assert run("init", "--lang", "nl", "--zone", "Europe/Brussels").status == 0
    today = SystemClock().now().date()
    text = (ROOT / "examples" / "first-plan.yaml").read_text(encoding="utf-8")
    later = today + timedelta(days=40)
    for word, value in (("TODAY", today), ("IN-30-DAYS", later), ("THIS-YEAR", today.year)):
        text = text.replace(word, str(value))
    (empty_folder / "plan.yaml").write_text(text, encoding="utf-8")
    assert run("import", "plan.yaml").status == 0
    before = digest(empty_folder)
    found = run("simulate", "--until", (later + timedelta(days=1)).isoformat(), "--json").json
    assert found["schema"] == "pdca.forecast/1"
    assert found["assumption"] == "nobody_acts"
    assert (found["forecast"][-1]["day"], found["forecast"][-1]["what"]) == (later.isoformat(), "evaluation")
    assert digest(empty_folder) == before


def test_every_kind_of_deadline_has_words_for_people() -> None:
    assert set(DEADLINE_KINDS) <= set(WHAT)


@pytest.mark.usefixtures("zone_at_start")
def test_people_read_what_was_assumed_and_on_which_days_dates_pile_up() -> None:
    words = run(*DRY, "--format", "table").out
    assert "Assumed: nobody acts." in words
    assert "Days on which dates pile up\n  Thursday 1 October 2020: dates 4, plans 4, people asked 2\n" in words
    busy = run(*DRY, "--advance", "--format", "table").out
    assert "Assumed: everybody acts at once, as far as the rules allow." in busy
    assert "Held up by the rules, although everybody acts\n  P-" in busy


@pytest.mark.usefixtures("zone_at_start")
@pytest.mark.parametrize(
    ("language", "assumed", "heading"),
    [
        ("nl", "Aangenomen: niemand doet iets.", "Oktober 2020\nma       di"),
        ("fr", "Hypothèse", "Octobre 2020\nlu       ma"),
    ],
)
def test_the_months_are_drawn_in_the_language_of_the_reader(language: str, assumed: str, heading: str) -> None:
    words = run(*DRY, "--format", "months", "--lang", language).out
    assert assumed in words
    assert heading in words
    assert "                  1(4)     2        3        4\n" in words.split(heading)[1]


@pytest.mark.usefixtures("zone_at_start")
def test_the_calendar_has_an_event_for_each_row_which_a_calendar_program_reads() -> None:
    rows = run(*DRY, "--json").json["forecast"]
    text = run(*DRY, "--format", "ics", "--lang", "nl").out
    events = Calendar.from_ical(text).walk("VEVENT")
    assert [str(event["uid"]) for event in events] == [f"{row['key']}@forecast.pdca" for row in rows]
    assert [event.decoded("dtstart").isoformat() for event in events] == [row["day"] for row in rows]
    assert str(events[0]["summary"]).startswith(f"{rows[0]['plan']} plan starten")
    assert rows[0]["asked"][0] in str(events[0]["description"])
    assert "\r\n" in text


@pytest.mark.usefixtures("zone_at_start")
def test_how_much_comes_together_is_counted_by_day() -> None:
    found = run(*DRY, "--json").json
    assert found["days"]["2020-10-01"] == {"due": 4, "plans": 4, "people": 2}
    assert sum(day["due"] for day in found["days"].values()) == len(found["forecast"])


@pytest.mark.usefixtures("zone_at_start")
@pytest.mark.parametrize("options", [("--advance",), ("--format", "ics"), ("--format", "tsv")])
def test_what_is_of_a_forecast_only_is_refused_where_the_database_itself_would_live_on(
    options: tuple[str, ...],
) -> None:
    ran = run(*UNTIL, *options)
    assert ran.status == 2
    assert "--dry-run" in ran.err
