"""Taking a programme in: all of it or nothing, the same file twice changes nothing."""

import re
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.running import environment, run, run_on_terminal
from tests.unit.cli.zone import EXAMPLE, NEXT_PROGRAMME, PDCA, PEOPLE

BAD = Path(__file__).parents[2] / "acceptance" / "bad_input"


@pytest.fixture
def founded() -> None:
    assert run("init", "--lang", "nl").status == 0


def events() -> int:
    return len(run("audit", "log", "--json").json["events"])


@pytest.mark.usefixtures("founded")
def test_the_example_comes_in_and_the_answer_counts_it() -> None:
    view = run("import", str(EXAMPLE), "--json").json
    assert view["schema"] == "pdca.import/1"
    assert (view["added"]["plan"], view["added"]["objective"], view["added"]["rubric"]) == (12, 17, 96)
    assert view["plans"][0] == {"plan": "P-001", "slug": "AP-ZP2023"}
    assert len(view["plans"]) == 12
    assert view["events"]
    assert len(run("plan", "list", "--json").json["plans"]) == 12
    assert {event["source"] for event in run("audit", "log", "--json").json["events"][1:]} == {"import"}


@pytest.mark.usefixtures("founded")
def test_the_same_file_again_changes_nothing() -> None:
    run("import", str(EXAMPLE))
    before = events()
    view = run("import", str(EXAMPLE), "--json").json
    assert (view["added"], view["changed"], view["events"]) == ({}, {}, [])
    assert events() == before
    assert "was here already" in run("import", str(EXAMPLE)).out


@pytest.mark.usefixtures("founded")
def test_a_dry_run_counts_and_changes_nothing() -> None:
    view = run("import", str(EXAMPLE), "--dry-run", "--json").json
    assert (view["added"]["plan"], view["events"], view["dry_run"]) == (12, [], True)
    assert events() == 1
    assert run("plan", "list", "--json").json["plans"] == []


@pytest.mark.usefixtures("founded")
def test_what_the_plans_still_lack_is_told() -> None:
    codes = {warning["code"]: warning for warning in run("import", str(EXAMPLE), "--json").json["warnings"]}
    assert set(codes) == {"nobody-represents", "no-evaluation", "before-import", "parts-differ"}
    assert "korpschef" in codes["nobody-represents"]["subjects"]
    assert len(codes["before-import"]["subjects"]) == 23
    warnings = run("import", str(PEOPLE), "--json").json["warnings"]
    assert [warning["code"] for warning in warnings] == ["no-evaluation"]


@pytest.mark.usefixtures("founded")
def test_a_plan_outside_its_programme_is_taken_in_and_that_is_told(empty_folder: Path) -> None:
    plan = 'plans: [{id: LATE, title: Laat, period: {from: "2032", to: "2033"}}]'
    text = NEXT_PROGRAMME.replace("fr: Cybercriminalité}}", "fr: Cybercriminalité}, " + plan + "}")
    (empty_folder / "late.yaml").write_text(text, encoding="utf-8")
    warnings = run("import", str(empty_folder / "late.yaml"), "--json").json["warnings"]
    (told,) = [one for one in warnings if one["code"] == "plan-outside-programme"]
    assert (told["subjects"], "P-001" in told["message"]) == (["P-001"], True)


def summer_saying(folder: Path, line: str) -> str:
    """Write the example with another line in its plan for the summer."""
    text = EXAMPLE.read_text(encoding="utf-8")
    (start,) = re.findall(r"^( *)- id: AP-ZP2023\n", text, re.MULTILINE)
    changed = folder / "changed.yaml"
    changed.write_text(text.replace("- id: AP-ZP2023\n", f"- id: AP-ZP2023\n{start}  {line}\n"), encoding="utf-8")
    return str(changed)


@pytest.mark.usefixtures("founded")
@pytest.mark.parametrize("line", ["restricted: true", "evaluations_withheld: {lessons: [public]}"])
def test_a_file_that_hides_what_a_plan_showed_tells_that_it_was_shown(empty_folder: Path, line: str) -> None:
    file = summer_saying(empty_folder, line)
    assert "shown-less" not in {one["code"] for one in run("import", file, "--dry-run", "--json").json["warnings"]}
    run("import", str(EXAMPLE))
    for options in (("--dry-run",), ()):
        warnings = run("import", file, *options, "--json").json["warnings"]
        [told] = [one for one in warnings if one["code"] == "shown-less"]
        assert told["subjects"] == ["P-001"]
        assert "What was written before still shows it" in told["message"]
    assert "shown-less" not in {one["code"] for one in run("import", file, "--json").json["warnings"]}
    assert "shown-less" not in {one["code"] for one in run("import", str(EXAMPLE), "--json").json["warnings"]}


@pytest.mark.usefixtures("founded")
def test_a_dash_is_standard_input() -> None:
    done = subprocess.run(
        [*PDCA, "import", "-"], input=EXAMPLE.read_bytes(), env=environment(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert b"P-012" in done.stdout


@pytest.mark.usefixtures("founded")
@pytest.mark.parametrize("name", ["plans.xlsm", "PLANS.ODS", "plans.csv"])
def test_a_file_of_another_form_is_named_as_such(name: str, empty_folder: Path) -> None:
    (empty_folder / name).write_bytes(b"PK\x03\x04")
    ran = run("import", name, "--json")
    assert (ran.status, ran.error["code"], ran.error["place"]["file"]) == (1, "import-format", name)
    assert "YAML" in ran.error["hint"]


@pytest.mark.usefixtures("founded")
@pytest.mark.parametrize("name", sorted(path.name for path in BAD.glob("*.yaml")))
def test_a_bad_file_is_refused_with_its_place_and_changes_nothing(name: str) -> None:
    ran = run("import", str(BAD / name), "--json")
    assert ran.status == 1
    place = ran.error.get("place") or ran.error["problems"][0]["place"]
    assert place["file"].endswith(name)
    assert ran.error["hint"] or ran.error["problems"]
    assert events() == 1


def told(error: Mapping[str, Any]) -> list[tuple[str, str | None]]:
    """Message and hint of every problem of a refusal, and where it lies, in whatever language."""
    return [(one["message"], one["hint"]) for one in error["problems"]]


@pytest.mark.usefixtures("founded")
@pytest.mark.parametrize("language", ["nl", "fr"])
@pytest.mark.parametrize("name", sorted(tomllib.loads((BAD / "expected.toml").read_text(encoding="utf-8"))))
def test_a_bad_file_is_refused_in_the_language_of_the_reader(name: str, language: str) -> None:
    english = run("import", str(BAD / f"{name}.yaml"), "--json", "--lang", "en").error
    translated = run("import", str(BAD / f"{name}.yaml"), "--json", "--lang", language).error
    assert translated["code"] == english["code"]
    assert [one["place"] for one in translated["problems"]] == [one["place"] for one in english["problems"]]
    for (message, hint), (before, hint_before) in zip(told(translated), told(english), strict=True):
        assert message != before
        assert hint != hint_before or hint is None


@pytest.mark.usefixtures("founded")
@pytest.mark.parametrize("name", [EXAMPLE.name, PEOPLE.name])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99, 1.0])
def test_a_file_that_ends_too_soon_is_refused_and_changes_nothing(empty_folder: Path, name: str, share: float) -> None:
    if name == PEOPLE.name:
        run("import", str(EXAMPLE))
    before = events()
    lines = (EXAMPLE.parent / name).read_text(encoding="utf-8").splitlines(keepends=True)
    kept = lines[: int((len(lines) - 1) * share)]
    (empty_folder / "short.yaml").write_text("".join(kept), encoding="utf-8")
    ran = run("import", "short.yaml", "--json")
    assert (ran.status, ran.error["exit_status"]) == (1, 1)
    assert ran.error["code"] == ("import-cut-off" if kept else "import-empty")
    assert ran.error["place"]["line"] in range(1, len(kept) + 2)
    assert events() == before


@pytest.mark.usefixtures("founded")
def test_that_nobody_could_tell_whether_a_file_is_whole_is_told(empty_folder: Path) -> None:
    plain = EXAMPLE.read_text(encoding="utf-8").replace("\n---\n", "\n").removesuffix("...\n")
    (empty_folder / "plain.yaml").write_text(plain, encoding="utf-8")
    first, *others = run("import", "plain.yaml", "--json").json["warnings"]
    assert (first["code"], first["subjects"]) == ("end-not-marked", ["plain.yaml"])
    assert "“...”" in first["message"]
    assert others
    again = run("import", "plain.yaml", "--lang", "nl").out
    assert "Te bekijken" in again
    assert "plain.yaml" in again.partition("Te bekijken")[2]
    assert "end-not-marked" not in {one["code"] for one in run("import", str(EXAMPLE), "--json").json["warnings"]}


@pytest.mark.usefixtures("founded")
def test_a_file_that_is_not_there_is_said_to_be_unreadable() -> None:
    ran = run("import", "nowhere.yaml", "--json")
    assert (ran.status, ran.error["code"]) == (1, "import-unreadable")


@pytest.mark.usefixtures("zone_at_start")
def test_only_an_administrator_takes_in() -> None:
    before = events()
    ran = run("import", str(EXAMPLE), "--as", "adelheid", "--json")
    assert (ran.status, ran.error["code"]) == (3, "administrator-only")
    assert events() == before + 1
    assert run("audit", "log", "--last", "1", "--json").json["events"][0]["kind"] == "access.refused"


@pytest.mark.usefixtures("founded")
def test_it_speaks_the_language_on_a_narrow_terminal() -> None:
    ran = run_on_terminal("import", str(EXAMPLE), "--lang", "nl", columns=40)
    assert ran.status == 0
    assert "actieplannen" in ran.out
    assert "Niemand vertegenwoordigt" in ran.out
