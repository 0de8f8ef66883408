"""A plan changed as one text, in an editor and from a file."""

import re
import stat
from pathlib import Path

import pytest

from tests.unit.cli.one_plan import PLAN, document, events
from tests.unit.cli.running import Ran, run, run_on_terminal, run_process
from tests.unit.cli.zone import PDCA

pytestmark = pytest.mark.usefixtures("zone_at_start")


def editor(folder: Path, body: str) -> str:
    """An editor that does what a shell script says; the file is its first argument."""
    script = folder / "editor.sh"
    script.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return str(script)


def edit(folder: Path, body: str, *arguments: str, typed: str = "n\n") -> Ran:
    changes = {"EDITOR": editor(folder, body), "VISUAL": ""}
    return run_on_terminal("plan", "edit", PLAN, *arguments, typed=typed, changes=changes, columns=200)


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "state").rglob("*.yaml"))


def test_what_is_changed_in_the_editor_is_one_event_and_is_told(empty_folder: Path) -> None:
    before = events()
    ran = edit(empty_folder, 'sed -i "s/Zomerplan 2023/Zomer/" "$1"', "--reason", "korter")
    assert ran.status == 0, ran.out
    assert re.search(r"Title / nl +Zomerplan 2023 +Zomer\n", ran.out)
    (event,) = events()[len(before) :]
    assert (event["kind"], event["reason"]) == ("plan.edited", "korter")
    assert document()["title"]["nl"] == "Zomer"
    assert kept(empty_folder) == []


@pytest.mark.parametrize("body", ["true", 'echo "# a remark" >> "$1"', 'touch "$1"'])
def test_without_a_change_nothing_is_done_and_that_is_said(empty_folder: Path, body: str) -> None:
    before = events()
    ran = edit(empty_folder, body)
    assert (ran.status, ran.out.splitlines()[-1]) == (0, "P-001: nothing was changed.")
    assert events() == before
    assert kept(empty_folder) == []


def test_every_mistake_has_its_line_and_the_text_goes_on_from_a_file(empty_folder: Path) -> None:
    before = events()
    ran = edit(empty_folder, 'sed -i "s/lead: korpschef/lead: korpschf/; s/2023-06-15, to/2023-06-31, to/" "$1"')
    assert ran.status == 1
    (file,) = kept(empty_folder)
    text = file.read_text(encoding="utf-8")
    for wrong, field in (("lead: korpschf", "plan.lead"), ("period: {from: 2023-06-31", "plan.period.from")):
        line = text[: text.index(wrong)].count("\n") + 1
        assert re.search(rf"P-001\.yaml:{line}:\d+, {re.escape(field)}: ", ran.out), ran.out
    assert f"pdca plan edit P-001 --file {file}" in ran.out
    assert "Open the editor again? [Y/n]" in ran.out
    assert events() == before
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700

    file.write_text(text.replace("korpschf", "korpschef").replace("06-31", "06-16"), encoding="utf-8")
    assert run("plan", "edit", PLAN, "--file", str(file)).status == 0
    assert document()["period"]["from"] == "2023-06-16"
    assert kept(empty_folder) == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", ["De datum 2023-06-31 bestaat niet.", "Er is geen functie of belanghebbende “korpschf”.", "Bedoelde u"]),
        (
            "fr",
            [
                "La date 2023-06-31 n\u2019existe pas.",
                "fonction ou de partie prenante «\u00a0korpschf\u00a0»",
                "Vouliez",
            ],
        ),
    ],
)
def test_a_text_that_is_refused_is_refused_in_the_language_of_the_reader(
    empty_folder: Path, language: str, words: list[str]
) -> None:
    body = 'sed -i "s/lead: korpschef/lead: korpschf/; s/2023-06-15, to/2023-06-31, to/" "$1"'
    ran = edit(empty_folder, body, "--lang", language)
    assert ran.status == 1
    assert [one for one in words if one not in ran.out] == [], ran.out
    (file,) = kept(empty_folder)
    comments = [line for line in file.read_text(encoding="utf-8").splitlines() if line.lstrip().startswith("# ")]
    assert [line for line in comments if re.search(r"\b(the|what|which|are)\b", line)] == []


def test_on_a_terminal_the_editor_opens_again_with_the_text_as_it_was_left(empty_folder: Path) -> None:
    body = 'grep -q korpschf "$1" && exec sed -i "s/korpschf/gemeenten/" "$1"; sed -i "s/lead: .*/lead: korpschf/" "$1"'
    ran = edit(empty_folder, body, typed="\n")
    assert ran.status == 0, ran.out
    assert ran.out.count("Open the editor again?") == 1
    assert document()["lead"] == "gemeenten"
    assert kept(empty_folder) == []


@pytest.mark.parametrize(("end", "words"), [("exit 3", "status 3"), ("kill -9 $$", "signal 9")])
def test_an_editor_that_fails_changes_nothing_and_the_text_is_kept(empty_folder: Path, end: str, words: str) -> None:
    before = events()
    ran = edit(empty_folder, f'sed -i "s/Zomerplan 2023/Zomer/" "$1"; {end}')
    assert ran.status == 1
    assert "error[editor-failed]" in ran.out
    assert words in ran.out
    (file,) = kept(empty_folder)
    assert "nl: Zomer," in file.read_text(encoding="utf-8")
    assert str(file) in ran.out
    assert events() == before


def test_an_editor_that_fails_before_anything_was_typed_leaves_nothing(empty_folder: Path) -> None:
    assert edit(empty_folder, "false").status == 1
    assert kept(empty_folder) == []


def test_an_editor_that_takes_the_text_away_is_told(empty_folder: Path) -> None:
    ran = edit(empty_folder, 'rm "$1"')
    assert (ran.status, "error[editor-left-nothing]" in ran.out) == (1, True)


def test_a_change_by_somebody_else_meanwhile_is_a_conflict_and_neither_text_is_lost(empty_folder: Path) -> None:
    other = f"{PDCA[0]} -m pdca plan set P-001 note=tussendoor > /dev/null"
    ran = edit(empty_folder, f'sed -i "s/Zomerplan 2023/Zomer/" "$1"; {other}')
    assert ran.status == 5
    assert "error[changed-meanwhile]" in ran.out
    assert (document()["note"], document()["title"]["nl"]) == ("tussendoor", "Zomerplan 2023")
    (file,) = kept(empty_folder)
    again = run("plan", "edit", PLAN, "--file", str(file), "--json")
    assert (again.status, again.error["code"]) == (5, "changed-meanwhile")
    now, base = re.search(r"write (\w{12}) for (\w{12})", again.error["hint"]).groups()  # type: ignore[union-attr]
    text = file.read_text(encoding="utf-8").replace(base, now)
    file.write_text(text.replace("# note: Remark", "note: tussendoor"), encoding="utf-8")
    view = run("plan", "edit", PLAN, "--file", str(file), "--json").json
    assert [one["field"] for one in view["changed"]] == ["title.nl"]


def test_a_step_that_somebody_took_meanwhile_is_a_conflict_too(empty_folder: Path) -> None:
    other = f"{PDCA[0]} -m pdca plan advance P-001 --trigger suspend --reason later --as adelheid > /dev/null"
    ran = edit(empty_folder, f'sed -i "s/Zomerplan 2023/Zomer/" "$1"; {other}')
    assert ran.status == 5


def test_an_attempt_that_was_refused_meanwhile_is_no_change(empty_folder: Path) -> None:
    other = f"{PDCA[0]} -m pdca plan advance P-001 --trigger start --reason nu > /dev/null 2>&1; true"
    ran = edit(empty_folder, f'sed -i "s/Zomerplan 2023/Zomer/" "$1"; {other}')
    assert ran.status == 0, ran.out


def test_a_dry_run_lists_what_would_change_and_keeps_the_text(empty_folder: Path) -> None:
    before = events()
    ran = edit(empty_folder, 'sed -i "s/Zomerplan 2023/Zomer/" "$1"', "--dry-run")
    assert ran.status == 0
    assert "P-001 would be changed:" in ran.out
    assert events() == before
    assert len(kept(empty_folder)) == 1


def test_without_a_terminal_there_is_no_editor_to_open(empty_folder: Path) -> None:
    ran = run_process("plan", "edit", PLAN, "--json", EDITOR=editor(empty_folder, f'touch "{empty_folder}/opened"'))
    assert (ran.status, ran.error["code"]) == (2, "no-terminal")
    assert "--file" in ran.error["hint"]
    assert not (empty_folder / "opened").exists()


@pytest.mark.parametrize("named", ["", "no-such-editor --wait", "'unfinished"])
def test_an_editor_that_is_not_there_is_an_error(empty_folder: Path, named: str) -> None:
    changes = {"EDITOR": named, "VISUAL": "", "PATH": str(empty_folder)}
    ran = run_on_terminal("plan", "edit", PLAN, changes=changes)
    assert (ran.status, "error[no-editor]" in ran.out) == (2, True)


def test_who_may_not_edit_a_plan_is_told_before_the_editor_opens(empty_folder: Path) -> None:
    before = events()
    ran = edit(empty_folder, f'touch "{empty_folder}/opened"', "--as", "kaatje")
    assert ran.status == 3, ran.out
    assert not (empty_folder / "opened").exists()
    assert events() == before


def test_a_text_from_standard_input_that_is_refused_is_kept(empty_folder: Path) -> None:
    import subprocess

    from tests.unit.cli.running import environment

    text = run("export", "--plan", PLAN).out.replace("lead: korpschef", "lead: korpschf")
    command = [*PDCA, "plan", "edit", PLAN, "--file", "-"]
    ran = subprocess.run(command, input=text.encode(), env=environment(), capture_output=True, check=False)
    assert ran.returncode == 1
    (file,) = kept(empty_folder)
    assert file.read_text(encoding="utf-8") == text
    assert str(file).encode() in ran.stderr
    ran = subprocess.run(command, input=text.replace("korpschf", "gemeenten").encode(), env=environment(), check=False)
    assert ran.returncode == 0
    assert document()["lead"] == "gemeenten"


def test_the_text_has_every_rubric_in_its_order_with_its_label_also_the_empty_ones(empty_folder: Path) -> None:
    run("plan", "set", PLAN, "rubrics.slachtoffers=", "rubrics.analyse=")
    text = run("export", "--plan", PLAN, "--lang", "nl").out
    found = re.findall(r"^    # (.+)\n    (\w+):(.*)$", text, re.MULTILINE)
    keys = [key for _label, key, _value in found][:8]
    assert keys == [rubric["rubric_id"] for rubric in run("plan", "show", PLAN, "--json").json["rubrics"]]
    assert ("Bijzondere aandacht voor de slachtoffers (leeg)", "slachtoffers", "") in found
    assert ("Preventieve aanpak", "preventief", "") in found
    (empty_folder / "plan.yaml").write_text(text.replace("    slachtoffers:\n", "    slachtoffers: Opvang\n"))
    view = run("plan", "edit", PLAN, "--file", "plan.yaml", "--json").json
    assert view["changed"] == [{"field": "rubrics.slachtoffers", "before": None, "after": "Opvang"}]


def test_a_kept_text_of_the_user_is_not_taken_away(empty_folder: Path) -> None:
    file = empty_folder / "mine.yaml"
    file.write_text(run("export", "--plan", PLAN).out.replace("Zomerplan 2023", "Zomer"), encoding="utf-8")
    assert run("plan", "edit", PLAN, "--file", str(file)).status == 0
    assert file.exists()
