"""`pdca workflow`: listing, showing, checking and comparing methods."""

import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests import seed
from tests.unit.cli.running import ROOT, run, run_on_terminal, run_process, settings_file
from workflows import shelves

WRONG = ROOT / "tests" / "acceptance" / "wrong_definitions"
RIGHT = WRONG / "right.toml"
EXPECTED: dict[str, list[dict[str, Any]]] = tomllib.loads((WRONG / "expected.toml").read_text(encoding="utf-8"))
FILES = sorted(file for file in WRONG.iterdir() if file.name not in {"expected.toml", "right.toml"})
SHIPPED = ROOT / "workflows" / "definitions"


@pytest.fixture(autouse=True)
def no_methods_of_before() -> Iterator[None]:
    yield
    shelves.look_in()


def own(folder: Path, name: str = "trial.toml", old: str = "", new: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    text = RIGHT.read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder / name


# --- Wrong files ----------------------------------------------------------------------------------------------------


def test_there_are_enough_wrong_files_and_each_is_expected() -> None:
    assert {file.stem for file in FILES} == set(EXPECTED)
    assert len(FILES) >= 75


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_wrong_file_is_refused_with_code_line_and_hint_of_everything_wrong_in_it(file: Path) -> None:
    ran = run("workflow", "check", str(file), "--json")
    assert (ran.status, ran.err) == (1, "")
    assert (ran.json["ok"], ran.json["id"], ran.json["warnings"]) == (False, None, [])
    errors, expected = ran.json["errors"], EXPECTED[file.stem]
    assert [(one["code"], one["line"]) for one in errors] == [(one["code"], one["line"]) for one in expected]
    for found, wanted in zip(errors, expected, strict=True):
        assert wanted["hint"] in found["hint"]
        assert found["message"].endswith(".")
        assert found["column"] >= 1


@pytest.mark.parametrize("file", [file for file in FILES if file.stem != "not-utf-8"], ids=lambda file: file.stem)
def test_the_caret_stands_under_what_is_meant(file: Path) -> None:
    ran = run("workflow", "check", str(file))
    assert ran.status == 1
    source = file.read_text(encoding="utf-8").split("\n")
    shown = ran.out.split("\n")
    carets = [(line, below) for line, below in pairwise(shown) if below.strip().strip("|").strip().startswith("^")]
    assert len(carets) == len(EXPECTED[file.stem])
    for (above, below), expected in zip(carets, EXPECTED[file.stem], strict=True):
        number, _, text = above.partition(" |")
        assert int(number) == expected["line"]
        assert text.removeprefix(" ") == source[expected["line"] - 1].rstrip("\r") or "…" in text
        assert below.index("|") == above.index("|")
        assert below.index("^") <= len(above) + 1


def test_the_right_file_is_right() -> None:
    ran = run("workflow", "check", str(RIGHT), "--json")
    assert ran.status == 0
    assert [one["code"] for one in ran.json["warnings"]] == ["file-name"]
    assert {**ran.json, "warnings": []} == {
        "schema": "pdca.workflow-check/1",
        "file": str(RIGHT),
        "ok": True,
        "id": "trial",
        "version": 2,
        "errors": [],
        "warnings": [],
    }


# --- Checking -------------------------------------------------------------------------------------------------------


def test_an_error_is_shown_as_compilers_do(tmp_path: Path) -> None:
    own(tmp_path, old='who = ["lead", "scheduler"]', new='who = ["lead", "schedular"]')
    ran = run("workflow", "check", "trial.toml")
    assert ran.status == 1
    assert ran.out == (
        "trial.toml:62:16: error[unknown-role]: There is no role “schedular”.\n"
        '  62 | who = ["lead", "schedular"]\n'
        "     |                ^^^^^^^^^^^\n"
        "     = Did you mean “scheduler”? Use one of: lead, member, scheduler, administrator.\n"
        "\n"
        "trial.toml: 1 error.\n"
    )


def test_the_second_place_is_shown_too(tmp_path: Path) -> None:
    own(tmp_path, old="order = 3", new="order = 1")
    ran = run("workflow", "check", "trial.toml", "--json")
    assert ran.json["errors"][0]["other"] == {"line": 123, "column": 9}
    assert "     = the first stands on line 123\n" in run("workflow", "check", "trial.toml").out.replace(
        "      =", "     ="
    )


def test_a_warning_is_shown_and_is_no_error(tmp_path: Path) -> None:
    own(tmp_path, old='[[ladder]]\nafter_days = 0\nto = "lead"\n\n[[ladder]]\nafter_days = 5\nto = "chief"\n')
    ran = run("workflow", "check", "trial.toml")
    assert ran.status == 0
    assert ": warning[no-ladder]: Nobody is told of what is overdue." in ran.out
    assert "trial.toml: Trial (trial, version 2) can be used: 6 states, 7 triggers, 2 rubrics; warnings: 1." in ran.out


def test_a_long_line_is_cut_around_its_error_so_that_it_fits_on_the_screen(tmp_path: Path) -> None:
    many = ", ".join(f'"r{number}"' for number in range(30))
    own(tmp_path, old='guards = ["evaluation_available"]', new=f'guards = [{many}, "evaluation_available"]')
    shown = run_on_terminal("workflow", "check", "trial.toml").out.split("\n")
    pairs = [(above, below) for above, below in pairwise(shown) if below.strip(" |").startswith("^")]
    assert len(pairs) == 30
    for number, (above, below) in enumerate(pairs):
        assert max(len(above), len(below)) <= 80
        start = below.index("^")
        assert above[start : start + below.count("^")] == f'"r{number}"'


def test_what_the_file_holds_cannot_command_the_terminal(tmp_path: Path) -> None:
    own(tmp_path, old='en = "Trial"', new='en = "Trial", \x1b]0;x\x07')
    ran = run("workflow", "check", "trial.toml")
    assert ran.status == 1
    assert "\x1b" not in ran.out
    own(tmp_path, old='id = "kept"', new='id = "\u202ekept"')
    assert "\u202e" not in run("workflow", "check", "trial.toml").out


def test_signs_that_cannot_be_shown_do_not_move_the_caret(tmp_path: Path) -> None:
    own(tmp_path, old='label = { nl = "Hoe", fr', new='label = { nl\t= "H\u202e\u200boe", fr = 7, de')
    ran = run("workflow", "check", "trial.toml")
    (above, below) = next(pair for pair in pairwise(ran.out.split("\n")) if pair[1].endswith("^"))
    assert above[below.index("^")] == "7"
    assert "\u202e" not in ran.out


@pytest.mark.parametrize(
    ("language", "words"),
    [("nl", "Er is geen rol “leader”."), ("fr", "Le rôle «\xa0leader\xa0» n\u2019existe pas.")],
)
def test_errors_are_told_in_the_language_of_the_reader(tmp_path: Path, language: str, words: str) -> None:
    own(tmp_path, old='who = ["lead", "scheduler"]', new='who = ["leader", "scheduler"]')
    assert words in run("workflow", "check", "trial.toml", "--lang", language).out


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_a_file_that_cannot_be_read_is_named(name: str) -> None:
    ran = run("workflow", "check", name, "--json")
    assert (ran.status, ran.error["code"], ran.error["place"]["file"]) == (1, "file-unreadable", name)


def test_a_file_too_large_for_a_definition_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "huge.toml").write_bytes(b"#" * (1024 * 1024 + 1))
    assert run("workflow", "check", "huge.toml", "--json").error["code"] == "file-too-large"


# --- Listing and showing --------------------------------------------------------------------------------------------


def test_the_shipped_methods_are_listed() -> None:
    rows = run("workflow", "list", "--json").json["workflows"]
    assert [(row["id"], row["version"], row["states"], row["rubrics"], row["shipped"]) for row in rows] == [
        ("pdsa", 1, 8, 8, True),
        ("zvp", 1, 7, 8, True),
    ]
    assert rows[1]["title"]["fr"] == "Plan zonal de sécurité"


def test_methods_of_the_organisation_are_listed_with_every_version_and_whatever_is_wrong(tmp_path: Path) -> None:
    methods = tmp_path / "methods"
    own(methods)
    own(methods, "trial@1.toml", "version = 2", "version = 1")
    own(methods, "broken.toml", 'to = "kept"', 'to = "kepd"')
    own(methods, "zvp@2.toml", 'id = "trial"', 'id = "zvp"')
    settings_file(tmp_path, '[workflow]\nfolder = "methods"\n')
    rows = run("workflow", "list", "--json").json["workflows"]
    there = {(row["id"], row["version"]): row for row in rows if not row["shipped"]}
    assert set(there) == {("trial", 2), ("trial", 1), ("broken", None), ("zvp", 2)}
    assert there["trial", 2]["problem"] is None
    assert ":88:6: There is no state “kepd”." in there["broken", None]["problem"]
    assert "comes with the program" in there["zvp", 2]["problem"]


def test_a_method_is_shown_whole() -> None:
    ran = run("workflow", "show", "zvp", "--json")
    view = ran.json
    assert (view["schema"], view["id"], view["version"], view["initial"]) == ("pdca.workflow/1", "zvp", 1, "plan")
    assert view["states"][0]["deadline"] == {"kind": "start", "anchor": "period_start", "days": 30}
    assert view["transitions"][1]["who"] == ["lead", "scheduler"]
    assert [one["id"] for one in view["rubrics"]][:2] == ["definitie", "analyse"]
    assert view["ladder"][1] == {"after_days": 7, "to": "group"}
    assert view["evaluation"] == {"time": "09:00", "record_days": 14, "extension_days": 180, "reminders": [30, 7]}
    assert view["group"] == {"days": 364}
    assert "The project group is set up within 364 days" in run("workflow", "show", "zvp").out
    assert view["roles"]["lead"]["en"] == "project leader"


def test_the_page_of_a_method_says_which_rubric_is_filled_by_activities() -> None:
    lines = run("workflow", "show", "zvp").out.partition("Levels")[0].splitlines()
    assert [line.split()[1] for line in lines if line.rstrip().endswith("  activities")] == ["repressief"]
    rubrics = run("workflow", "show", "zvp", "--json").json["rubrics"]
    assert [one["id"] for one in rubrics if one["actions"]] == ["repressief"]


def test_the_page_of_a_method_says_who_may_do_what_under_which_needs_and_by_when() -> None:
    page = run("workflow", "show", "pdsa").out
    for words in (
        "Quality improvement (Plan-Do-Study-Act) (pdsa, version 1)",
        "improvement lead",
        "quality officer",
        "every rubric is filled, or it is said why it does not apply; a project group with a lead and at least two",
        "the evaluation is concluded",
        "start the plan, 14 days after the period of the plan begins",
        "record the evaluation, within 7 days",
        "where it was suspended",
        "Involvement of patients and families",
        "quarterly",
        "An evaluation without a time falls due at 12:00, and is recorded within 7 days.",
        "the head of the organisation",
    ):
        assert words in page
    assert "Standaardwerkwijze" in run("workflow", "show", "pdsa", "--lang", "nl").out


def test_a_method_is_drawn_as_a_diagram() -> None:
    ran = run("workflow", "show", "pdsa", "--mermaid", "--lang", "fr")
    assert ran.out.startswith("stateDiagram-v2\n")
    assert "    plan --> do : Lancer le test\n" in ran.out
    assert run("workflow", "show", "pdsa", "--mermaid", "--lang", "fr", "--json").json["mermaid"] == ran.out


def test_a_file_is_shown_like_a_method() -> None:
    assert run("workflow", "show", str(RIGHT), "--json").json["id"] == "trial"
    ran = run("workflow", "show", str(WRONG / "target-misspelt.toml"), "--json")
    assert (ran.status, ran.error["code"], ran.error["place"]["line"]) == (1, "method-unusable", 88)


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (["show", "zpv"], 4, "method-unknown"),
        (["show", "zvp@9"], 4, "method-unknown"),
        (["show", "zvp", "--version", "9"], 4, "method-unknown"),
        (["show", "zvp", "--version", "0"], 2, "bad-value"),
        (["show", "zvp@x"], 2, "version-unknown"),
        (["show", str(RIGHT), "--version", "1"], 2, "version-of-file"),
        (["diff", "zvp"], 2, "diff-unclear"),
        (["diff", "zvp", "1", "2", "3"], 2, "diff-unclear"),
        (["diff", "zvp", "one", "two"], 2, "diff-unclear"),
        (["diff", "zvp", "1", "9"], 4, "method-unknown"),
        (["diff", "zvp", "nothing.toml"], 1, "file-unreadable"),
    ],
)
def test_what_is_not_there_or_not_clear_is_refused(arguments: list[str], status: int, code: str) -> None:
    ran = run("workflow", *arguments, "--json")
    assert (ran.status, ran.error["code"]) == (status, code)
    assert ran.error["hint"]


# --- Comparing ------------------------------------------------------------------------------------------------------


def test_two_versions_are_compared(tmp_path: Path) -> None:
    methods = tmp_path / "methods"
    own(methods, "trial@1.toml", "version = 2", "version = 1")
    file = own(
        methods, old='guards = ["rubrics", "activities", "future_evaluation"]', new='guards = ["rubrics", "mmm"]'
    )
    text = file.read_text(encoding="utf-8").replace("days = 20", "days = 10").replace('fr = "Idée"', 'fr = "Une idée"')
    file.write_text(text, encoding="utf-8")
    settings_file(tmp_path, '[workflow]\nfolder = "methods"\n')
    assert run("workflow", "diff", "trial", "1", "2").out == (
        "trial 1 → trial 2\n"
        "~ state idea, label.fr: Idée → Une idée\n"
        "~ state idea, deadline.days: 20 → 10\n"
        "~ trigger try, guards: -activities -future_evaluation +mmm\n"
    )
    view = run("workflow", "diff", "trial@1", "methods/trial.toml", "--json").json
    assert (view["from"], view["to"], view["same"]) == (
        {"id": "trial", "version": 1},
        {"id": "trial", "version": 2},
        False,
    )
    assert view["changes"][2] == {
        "section": "transitions",
        "id": "try",
        "change": "changed",
        "field": "guards",
        "before": ["rubrics", "activities", "future_evaluation"],
        "after": ["rubrics", "mmm"],
    }


def test_what_is_new_and_what_is_gone_are_marked() -> None:
    lines = run("workflow", "diff", "zvp", "pdsa").out.split("\n")
    assert {"- state check", "+ state study", "- trigger embed", "+ rubric prediction", "+ role lead"} <= set(lines)


def test_the_same_is_said_to_be_the_same() -> None:
    ran = run("workflow", "diff", "zvp", str(SHIPPED / "zvp.toml"))
    assert (ran.status, ran.out) == (0, "zvp 1 → zvp 1\nThere is no difference.\n")


# --- An organisation's own folder -----------------------------------------------------------------------------------


def test_a_folder_of_methods_that_is_not_there_is_refused_with_its_name(tmp_path: Path) -> None:
    settings_file(tmp_path, '[workflow]\nfolder = "methods"\n')
    ran = run("workflow", "list", "--json")
    assert (ran.status, ran.error["code"]) == (1, "methods-missing")
    assert ran.error["place"]["file"].endswith("methods")


def test_a_programme_is_taken_in_by_a_method_of_the_organisation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own(tmp_path / "methods")
    seed.house(f"sqlite:///{tmp_path / 'pdca.db'}")
    text = (ROOT / "tests" / "acceptance" / "hospital.yaml").read_text(encoding="utf-8").replace("pdsa", "trial")
    before, _, rest = text.partition("        rubrics:\n")
    (tmp_path / "trial.yaml").write_text(
        before + "        activities:\n" + rest.partition("activities:\n")[2], encoding="utf-8"
    )
    unknown = run("import", "trial.yaml", "--json")
    assert (unknown.status, unknown.error["code"]) == (1, "import-unknown-reference")
    monkeypatch.setenv("PDCA_WORKFLOW_FOLDER", "methods")
    assert run("import", "trial.yaml").status == 0
    assert [row["state"] for row in run("plan", "list", "--json").json["plans"]] == ["idea", "idea"]
    assert "Idée" in run("plan", "list", "--lang", "fr", "--format", "table").out


def test_whatever_becomes_of_its_file_a_plan_keeps_the_method_it_was_taken_in_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    test_a_programme_is_taken_in_by_a_method_of_the_organisation(tmp_path, monkeypatch)
    # Each command in a process of its own, for a method is read once in a process.
    before = run_process("plan", "why-not", "P-001", "--json")
    assert before.status == 0
    file = own(tmp_path / "methods", old='guards = ["rubrics", ', new="guards = [")
    assert run_process("plan", "why-not", "P-001", "--json").json == before.json
    assert run_process("import", "trial.yaml", "--json").json["changed"] == {}
    text = (tmp_path / "trial.yaml").read_text(encoding="utf-8")
    for name in ("quality-2024", "SAFE", "ROUNDS", "SOCKS"):
        text = text.replace(name, f"{name}-2")
    (tmp_path / "second.yaml").write_text(text, encoding="utf-8")
    changed = run_process("import", "second.yaml", "--json")
    assert (changed.status, changed.error["code"]) == (3, "definition-changed")
    assert "version" in changed.error["hint"]
    file.unlink()
    monkeypatch.delenv("PDCA_WORKFLOW_FOLDER")
    assert run_process("plan", "why-not", "P-001", "--json").json == before.json
    assert run_process("scheduler", "sweep").status == 0
    assert run_process("audit", "verify").status == 0


def listed(name: str) -> list[tuple[int, str]]:
    rows = run_process("workflow", "list", "--json").json["workflows"]
    return [(row["version"], row["stands_in"]) for row in rows if row["id"] == name]


def test_a_version_that_was_taken_over_is_listed_shown_and_compared_without_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    test_a_programme_is_taken_in_by_a_method_of_the_organisation(tmp_path, monkeypatch)
    file = tmp_path / "methods" / "trial.toml"
    text = file.read_text(encoding="utf-8")
    assert listed("trial") == [(2, "file-and-database")]
    file.write_text(text.replace("version = 2", "version = 3").replace("days = 20", "days = 10"), encoding="utf-8")
    assert listed("trial") == [(3, "file"), (2, "database")]
    shown = run_process("workflow", "show", "trial@2", "--json")
    assert (shown.status, shown.json["version"]) == (0, 2)
    assert "trial@2" in shown.err
    changes = run_process("workflow", "diff", "trial", "2", "3", "--json").json["changes"]
    assert [(one["field"], one["before"], one["after"]) for one in changes] == [("deadline.days", 20, 10)]
    file.unlink()
    assert run_process("workflow", "show", "trial", "--json").json["version"] == 2
    assert run_process("workflow", "diff", "trial@2", "zvp").status == 0
    assert run_process("workflow", "show", "trial@9", "--json").error["code"] == "method-unknown"
    checks = run_process("doctor", "--json").json["checks"]
    assert next(one for one in checks if one["check"] == "methods")["status"] == "ok"


def test_a_file_that_says_otherwise_under_a_version_that_was_taken_over_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    test_a_programme_is_taken_in_by_a_method_of_the_organisation(tmp_path, monkeypatch)
    file = str(tmp_path / "methods" / "trial.toml")
    assert run("workflow", "check", file, "--json").json["warnings"] == []
    own(tmp_path / "methods", old='guards = ["rubrics", ', new="guards = [")
    found = run("workflow", "check", file, "--json")
    assert (found.status, [one["code"] for one in found.json["warnings"]]) == (
        0,
        ["version-taken-over", "rubrics-unasked"],
    )
    assert listed("trial") == [(2, "file-differs")]
    checks = run_process("doctor", "--json").json["checks"]
    told = next(one for one in checks if one["check"] == "methods")
    assert told["status"] == "warning"
    assert "trial@2" in told["message"]


@pytest.mark.parametrize(("language", "words"), [("nl", "Er is geen methode"), ("fr", "pas de méthode")])
def test_a_method_that_is_not_there_is_missed_in_the_language_of_the_reader(language: str, words: str) -> None:
    ran = run("workflow", "show", "nergens", "--lang", language, "--json")
    assert (ran.status, ran.error["code"]) == (4, "method-unknown")
    assert words in ran.error["message"]
    assert not ran.error["hint"].startswith("Use one of")
