"""A programme written out and taken in again, by the commands: as YAML, as JSON, and as a workbook."""

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from pdca.exchange.workbook_in import read_workbook
from pdca.exchange.yaml_reader import read
from tests.unit.cli.running import Ran, environment, run
from tests.unit.cli.zone import PDCA, START, pdca
from tests.unit.exchange import large

FORMS = ("yaml", "json", "xlsx")


@pytest.fixture
def fresh(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A simulated database with nothing in it but who founded it, in place of the one of the zone."""
    (empty_folder / "pdca.db").unlink(missing_ok=True)
    found(empty_folder, monkeypatch)


def found(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str = "fresh.db") -> None:
    monkeypatch.setenv("PDCA_DATABASE", f"sqlite:///{folder / name}")
    with monkeypatch.context() as now:
        now.setenv("PDCA_NOW", START)
        assert run("init", "--simulated", "--lang", "nl", "--zone", "Europe/Brussels").status == 0


def said(file: Path) -> dict[str, Any]:
    """What a file says, but for what it was made from: that names events of the log that it was made of."""
    located = read_workbook(file) if file.suffix == ".xlsx" else read(file)
    return {key: value for key, value in located.value.items() if key != "base"}


@pytest.mark.usefixtures("zone_at_start")
@pytest.mark.parametrize("form", FORMS)
def test_the_example_zone_comes_back_the_same_from_every_form(
    form: str, empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = f"zone.{form}"
    assert run("export", "--out", out).status == 0
    first, _base = run("export").out.split("\nbase:\n")
    again = run("import", out, "--json").json
    assert (again["added"], again["changed"], again["rows"]) == ({}, {}, [])
    found(empty_folder, monkeypatch)
    taken = run("import", out, "--json")
    assert taken.status == 0, taken.err
    assert "end-not-marked" not in {one["code"] for one in taken.json["warnings"]}
    assert run("export").out.split("\nbase:\n")[0] == first
    assert run("export", "--out", f"second.{form}").status == 0
    assert said(Path(f"second.{form}")) == said(Path(out))


def scale(plans: int, form: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> float:
    """Take in so many plans by the command, and again elsewhere what is written out; gives the seconds of the first."""
    (folder / "large.yaml").write_text(large.programme(plans), encoding="utf-8")
    found(folder, monkeypatch, "one.db")
    begun = time.perf_counter()
    pdca("import", "large.yaml")
    seconds = time.perf_counter() - begun
    pdca("export", "--out", f"first.{form}")
    found(folder, monkeypatch, "two.db")
    pdca("import", f"first.{form}")
    pdca("export", "--out", f"second.{form}")
    assert said(Path(f"first.{form}")) == said(Path(f"second.{form}"))
    assert len(run("plan", "list", "--json").json["plans"]) == plans
    return seconds


@pytest.mark.parametrize("form", FORMS)
def test_many_plans_go_through_the_commands_and_come_back_the_same(
    form: str, empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scale(20, form, empty_folder, monkeypatch)


@pytest.mark.soak
@pytest.mark.parametrize("form", FORMS)
def test_two_hundred_plans_and_two_thousand_activities_are_imported_within_ten_seconds(
    form: str, empty_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seconds = scale(200, form, empty_folder, monkeypatch)
    with capsys.disabled():
        print(f"\n200 plans and 2,000 activities were imported in {seconds:.1f} s; as {form} they came back the same")  # noqa: T201 - it is what this is for
    assert seconds <= 10


@pytest.mark.usefixtures("zone_at_start")
def test_text_goes_to_stdout_and_a_workbook_needs_a_file() -> None:
    assert run("export").out.startswith("# The programme zvp-2020-2025")
    assert run("export", "--json").json == run("export", "--format", "json").json
    ran = run("export", "--format", "xlsx", "--json")
    assert (ran.status, ran.error["code"]) == (2, "export-to-where")
    ran = run("export", "--format", "yaml", "--json")
    assert (ran.status, ran.error["code"]) == (2, "export-to-where")


@pytest.mark.usefixtures("zone_at_start")
def test_a_file_that_is_there_is_only_replaced_when_that_is_said(empty_folder: Path) -> None:
    for form in FORMS:
        file = empty_folder / f"mine.{form}"
        file.write_text("mine")
        ran = run("export", "--out", str(file), "--json")
        assert (ran.status, ran.error["code"]) == (2, "already-exists")
        assert "--force" in ran.error["hint"]
        assert file.read_text() == "mine"
        view = run("export", "--out", str(file), "--force", "--json").json
        assert view == {
            "schema": "pdca.exported/1",
            "file": str(file),
            "format": form,
            "programme": "zvp-2020-2025",
        }
        assert file.read_bytes() != b"mine"
    (empty_folder / "folder").mkdir()
    assert run("export", "--out", "folder", "--format", "xlsx").status == 0
    assert (empty_folder / "folder" / "zvp-2020-2025.xlsx").exists()


@pytest.mark.usefixtures("zone_at_start")
@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("--format", "json", "--out", "zone.xlsx"), 2, "form-and-name"),
        (("--out", "zone.ods"), 2, "form-unknown"),
        (("--plan", "P-001", "--out", "plan.xlsx"), 2, "plan-as-workbook"),
        (("--plan", "P-001", "--programme", "x"), 2, "plan-or-programme"),
        (("--plan", "P-099"), 4, "plan-unknown"),
        (("--programme", "zvp-1999"), 4, "programme-unknown"),
        (("--out", "nowhere/zone.yaml"), 1, "file-not-made"),
    ],
)
def test_what_cannot_be_written_out_is_refused(arguments: tuple[str, ...], status: int, code: str) -> None:
    ran = run("export", *arguments, "--json")
    assert (ran.status, ran.error["code"]) == (status, code)
    assert not list(Path().glob("*.xlsx"))


@pytest.mark.usefixtures("zone_at_start")
def test_of_several_programmes_one_has_to_be_named(empty_folder: Path) -> None:
    document = run("export", "--format", "json").json
    later = {"id": "zvp-2026", "title": "Later", "method": "zvp", "period": {"from": "2026", "to": "2031"}}
    (empty_folder / "later.json").write_text(json.dumps({**document, "programme": later, "objectives": []}))
    assert run("import", "later.json").status == 0
    ran = run("export", "--json")
    assert (ran.status, ran.error["code"]) == (2, "programme-not-named")
    assert run("export", "--programme", "zvp-2026", "--json").json["programme"]["title"] == "Later"


@pytest.mark.usefixtures("zone_at_start")
def test_a_plan_alone_is_written_as_a_text_that_goes_back(empty_folder: Path) -> None:
    for form in ("yaml", "json"):
        out = str(empty_folder / f"plan.{form}")
        view = run("export", "--plan", "AP-ZP2023", "--out", out, "--json").json
        assert (view["plan"], view["format"]) == ("P-001", form)
        assert run("plan", "edit", "P-001", "--file", out, "--json").json["changed"] == []
    assert run("plan", "set", "P-001", "note=Nagelezen.").status == 0
    for form in ("yaml", "json"):
        ran = run("plan", "edit", "P-001", "--file", str(empty_folder / f"plan.{form}"), "--json")
        assert (ran.status, ran.error["code"]) == (5, "changed-meanwhile")


@pytest.mark.usefixtures("fresh")
def test_a_workbook_and_json_come_through_standard_input_too(empty_folder: Path) -> None:
    (empty_folder / "large.yaml").write_text(large.programme(2), encoding="utf-8")
    assert run("import", "large.yaml").status == 0
    for form in ("xlsx", "json"):
        run("export", "--out", f"large.{form}")
        data = (empty_folder / f"large.{form}").read_bytes()
        done = subprocess.run([*PDCA, "import", "-"], input=data, env=environment(), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        assert b"was here already" in done.stdout


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"pdca": 1, "pdca": 1}', "import-duplicate-key"),
        ('{"pdca": 1, "people": [', "import-cut-off"),
        ("[" * 100 + "]" * 100, "import-too-deep"),
        ('{"pdca": NaN, "people": [{"id": "x", "name": "X"}]}', "import-version"),
        ('{"pdca": 1, "people": []} {"pdca": 1}', "import-syntax"),
    ],
)
def test_json_is_held_to_the_same_bounds(text: str, code: str, empty_folder: Path) -> None:
    (empty_folder / "wrong.json").write_text(text, encoding="utf-8")
    ran = run("import", "wrong.json", "--json")
    codes = {ran.error["code"], *(one["code"] for one in ran.error.get("problems", ()))}
    assert ran.status == 1
    assert code in codes


def test_the_schema_is_that_of_a_file_or_of_a_plan() -> None:
    assert "programme" in run("schema").json["properties"]
    assert run("schema", "file").out == run("schema", "--json").out
    plan = run("schema", "plan").json
    assert run("schema", "plan", "--lang", "fr").json["title"] == "Un plan de pdca"
    spoken = run("schema", "plan", "--lang", "nl").json["$defs"]["Plan"]
    assert spoken["description"] == "Een actieplan."
    assert spoken["properties"]["lead"]["description"].startswith("De partij die het plan leidt. Een id: letters")
    assert plan["required"] == ["pdca", "language", "plan"]
    assert refused(run("schema", "other", "--json")) == (2, "bad-value")


def refused(ran: Ran) -> tuple[int, str]:
    return ran.status, ran.error["code"]


@pytest.mark.parametrize("name", ["zone.yaml", "zone.json", "zone.xlsx"])
def test_what_was_made_by_commands_and_written_out_changes_nothing_when_it_is_taken_in_again(name: str) -> None:
    assert run("init", "--name", "Politiezone Zuid", "--zone", "Europe/Brussels").status == 0
    period = ("--from", "2026", "--to", "2031")
    assert run("programme", "new", "--title", "Plan", *period, "--id", "zvp").status == 0
    assert run("export", "--out", name).status == 0
    view = run("import", name, "--json").json
    assert (view["changed"], view["events"]) == ({}, [])
