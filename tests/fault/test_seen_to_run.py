"""Anybody can see whether the scheduler runs: since when it has not, what was late for that, and in figures."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from pdca.store.reads import heartbeats, log
from tests.fault.processes import Ended, ForkServer, daemon, until
from tests.fault.test_daemon import settings
from tests.fault.zone import EVENTS_OF_KIND, Zone, running_zone
from workflows.instants import from_text, to_text

HOURS: Final = timedelta(hours=1)
SILENCE: Final = "scheduler.resumed"


@pytest.fixture
def zone(database_url: str) -> Zone:
    """Two plans whose evaluations fell due three hours ago, and a scheduler that last swept four hours ago."""
    zone = running_zone(database_url, 2)
    zone.fall_due_in(-3 * 3600)
    with zone.house.writing() as uow:
        ago = to_text(uow.now - 4 * HOURS)
        row = {"worker": "old:1", "host": "old", "process": 1, "started_at": ago, "stopped_at": None, "error": None}
        uow.connection.run(heartbeats.BEAT, **row, beat_at=ago, swept_at=ago)
    return zone


def last_sweep(zone: Zone) -> str:
    with zone.house.reading() as connection:
        return str(connection.value(heartbeats.LAST_SWEEP))


class Line:
    """Runs command lines on the database of a zone."""

    def __init__(self, zone: Zone, forked: ForkServer, folder: Path, **variables: str) -> None:
        self._forked, self._folder = forked, folder
        self._variables = {"PDCA_DATABASE": zone.house.database.url, **variables}

    def run(self, *words: str) -> Ended:
        return self._forked.run(*words, environment=self._variables, folder=self._folder)


def to_the_minute(instant: str) -> str:
    """An instant as people are told it, without its zone."""
    return instant[:16].replace("T", " ")


@pytest.fixture
def line(zone: Zone, forked: ForkServer, tmp_path: Path) -> Line:
    return Line(zone, forked, tmp_path)


def test_since_when_nothing_has_run_is_said_wherever_somebody_relies_on_dates(zone: Zone, line: Line) -> None:
    since = last_sweep(zone)
    minute = to_the_minute(since)
    assert line.run("scheduler", "status", "--json").json["not_run_since"] == since
    assert f"It has not run since {minute} UTC." in line.run("scheduler", "status").out
    assert f"The scheduler has not run since {minute} UTC." in line.run("status").out
    examined = line.run("doctor", "--json")
    found = {one["check"]: one for one in examined.json["checks"]}["scheduler"]
    assert (found["status"], minute in found["message"]) == ("problem", True)
    looked = line.run("audit", "log", "--late")
    assert f"The scheduler has not run since {minute} UTC." in looked.err


def test_what_was_enforced_late_is_said_with_both_instants_and_the_silence_is_in_the_log(
    zone: Zone, line: Line
) -> None:
    since = last_sweep(zone)
    assert line.run("scheduler", "sweep", "--json").json["late"] == 2
    enforced = [row["at"] for name in zone.evaluations if (row := zone.enforcement(name))]
    view = line.run("scheduler", "status", "--json").json
    assert view["late_total"] == 2
    assert [one["at"] for one in view["late"]] == enforced
    assert all(from_text(one["at"]) - from_text(one["due_at"]) > 2 * HOURS for one in view["late"])
    ((silence),) = view["silences"]
    assert (silence["since"], from_text(silence["until"]) - from_text(since) > 3 * HOURS) == (since, True)
    said = line.run("scheduler", "status").out
    for one in view["late"]:
        due, done = to_the_minute(one["due_at"]), to_the_minute(one["at"])
        assert f"  {one['evaluation']}: due {due} UTC, done {done} UTC" in said
    assert f"Nothing had run from {to_the_minute(since)} UTC until" in said
    assert "2 dates were enforced late in the last 30 days; the last one (E-201) was due at" in line.run("status").out
    found = {one["check"]: one for one in line.run("doctor", "--json").json["checks"]}["scheduler"]
    assert (found["status"], to_the_minute(view["late"][1]["at"]) in found["message"]) == ("warning", True)
    listed = line.run("audit", "log", "--late", "--json").json["events"]
    assert [(one["kind"], one["due_at"]) for one in listed if one["kind"] == SILENCE] == [(SILENCE, since)]
    assert [one["evaluation"] for one in listed if one["kind"] != SILENCE] == list(zone.evaluations)
    assert "nothing had run since" in line.run("audit", "log", "--late", "--format", "table").out
    zone.assert_sound()


def test_one_silence_is_noted_once_by_however_many_and_none_when_nothing_was_late(
    zone: Zone, forked: ForkServer, tmp_path: Path
) -> None:
    environment = {"PDCA_DATABASE": zone.house.database.url}
    ended = forked.together([("scheduler", "sweep")] * 4, environment=environment, folder=tmp_path)
    assert [one.status for one in ended] == [0] * 4, ended
    with zone.house.writing() as uow:
        ago = to_text(uow.now - HOURS)
        for row in uow.connection.all(heartbeats.HEARTBEATS):
            uow.connection.run(heartbeats.BEAT, **{**row, "swept_at": ago})
    assert forked.run("scheduler", "sweep", environment=environment, folder=tmp_path).status == 0
    with zone.house.reading() as connection:
        assert len(connection.all(EVENTS_OF_KIND, kind=SILENCE)) == 1
    zone.assert_sound()


def test_a_worker_that_was_killed_is_not_shown_as_running_for_ever(zone: Zone, line: Line) -> None:
    def states() -> list[str]:
        return [one["state"] for one in line.run("scheduler", "status", "--json").json["workers"]]

    assert states() == ["silent"]
    assert "old:1: silent, last seen" in line.run("scheduler", "status").out
    assert line.run("scheduler", "sweep").status == 0
    assert states() == ["stopped", "silent"]
    with zone.house.writing() as uow:
        newest = uow.connection.all(heartbeats.HEARTBEATS)[0]
        uow.connection.run(heartbeats.BEAT, **{**newest, "stopped_at": None})
    assert states() == ["running", "silent"]


def measured(path: Path) -> Mapping[str, Metric]:
    """Read the file as Prometheus does."""
    return {family.name: family for family in text_string_to_metric_families(path.read_text(encoding="utf-8"))}


def value(found: Mapping[str, Metric], name: str, **labels: str) -> float:
    (sample,) = [one for one in found[name].samples if one.labels == labels]
    return float(sample.value)


def test_every_sweep_leaves_figures_that_prometheus_reads(zone: Zone, forked: ForkServer, tmp_path: Path) -> None:
    path = tmp_path / "pdca.prom"
    line = Line(zone, forked, tmp_path, PDCA_SCHEDULER_METRICS_FILE=str(path))
    assert line.run("scheduler", "sweep").status == 0
    found = measured(path)
    assert all(family.documentation and family.type == "gauge" for family in found.values())
    assert value(found, "pdca_last_sweep_timestamp_seconds") == from_text(last_sweep(zone)).timestamp()
    next_due = from_text(line.run("scheduler", "status", "--json").json["next_due"]).timestamp()
    assert value(found, "pdca_next_due_timestamp_seconds") == next_due
    assert value(found, "pdca_sweep_deadlines", result="enforced") == 2
    assert value(found, "pdca_sweep_deadlines", result="late") == value(found, "pdca_late_enforcements") == 2
    assert value(found, "pdca_deadlines_due") == value(found, "pdca_deadlines_set_aside") == 0
    assert value(found, "pdca_messages", status="pending") == len(zone.notices()) > 0
    assert value(found, "pdca_workers", state="stopped") == 1
    with zone.house.reading() as connection:
        events = (connection.one(log.COUNTS) or {})["events"]
    assert value(found, "pdca_events") == events
    assert 0 < value(found, "pdca_sweep_seconds") < 60
    assert [file.name for file in tmp_path.iterdir() if "prom" in file.name] == [path.name]


def test_a_daemon_writes_its_figures_anew_after_every_sweep_and_goes_on_where_it_cannot(tmp_path: Path) -> None:
    zone = running_zone(f"sqlite:///{tmp_path / 'pdca.db'}")
    folder = tmp_path / "textfile"
    path = folder / "pdca.prom"
    with daemon(tmp_path, settings(zone.house.database.url, PDCA_SCHEDULER_METRICS_FILE=str(path))) as one:
        one.waits_for("metrics_failed", code="metrics-unwritable")
        zone.fall_due_in(0)
        until("the enforcement", zone.all_enforced)
        folder.mkdir()
        until("the figures", path.exists)
        first = value(measured(path), "pdca_last_sweep_timestamp_seconds")
        until("newer figures", lambda: value(measured(path), "pdca_last_sweep_timestamp_seconds") > first)
        assert "Traceback" not in one.text()
