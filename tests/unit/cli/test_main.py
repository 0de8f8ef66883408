"""The contract of the command: help, start-up, errors and exit statuses."""

import importlib
import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import click
import pytest

from pdca.cli.main import COMMANDS, EXIT_STATUSES, root
from tests.unit.cli.running import PROGRAM, ROOT, environment, run, run_on_terminal, run_process

HEAVY = {"sqlalchemy", "sqlmodel", "pydantic", "structlog", "rich", "yaml", "alembic", "jinja2", "babel"}
LIST_IMPORTED = """
import sys
before = set(sys.modules)
from pdca.cli.main import main
status = main()
names = {name.partition(".")[0] for name in set(sys.modules) - before}
print(*sorted(names - set(sys.stdlib_module_names)), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["config", "--help"],
        ["completion", "bash"],
        ["completion", "zsh"],
        ["--lang=nl", "-h"],
    ],
)
def test_help_version_and_completion_import_nothing_but_click(arguments: list[str]) -> None:
    ran = run_process(*arguments, program=[sys.executable, "-c", LIST_IMPORTED])
    assert set(ran.err.split()) <= {"click", "pdca"}, ran.err
    assert ran.out


def test_the_version_is_told_without_loading_what_only_commands_need() -> None:
    code = LIST_IMPORTED.replace("names - set(sys.stdlib_module_names)", "names")
    loaded = set(run_process("--version", program=[sys.executable, "-c", code]).err.split())
    assert "click" in loaded
    assert not loaded & {"dataclasses", "email", "json", "shutil", "sqlite3", "textwrap", "tomllib", "zipfile"}


@pytest.mark.parametrize("arguments", [["config", "show"], ["config", "show", "--json"], ["sample", "list"]])
def test_reading_commands_import_nothing_heavy_off_a_terminal(arguments: list[str]) -> None:
    code = LIST_IMPORTED.replace("from pdca.cli.main", "from tests.unit.cli.sample")
    ran = run_process(*arguments, program=[sys.executable, "-c", code])
    assert "click" in ran.err.split()
    assert not HEAVY & set(ran.err.split())


def test_completing_a_command_name_imports_no_command() -> None:
    ran = run_process(
        program=[sys.executable, "-c", LIST_IMPORTED],
        _PDCA_COMPLETE="bash_complete",
        COMP_WORDS="pdca pl",
        COMP_CWORD="1",
    )
    assert ran.out == "plain,plan\n"
    assert set(ran.err.split()) <= {"click", "pdca"}


def test_completing_what_is_done_with_a_plan_imports_no_command() -> None:
    ran = run_process(
        program=[sys.executable, "-c", LIST_IMPORTED.replace('name.partition(".")[0]', "name")],
        _PDCA_COMPLETE="bash_complete",
        COMP_WORDS="pdca plan s",
        COMP_CWORD="2",
    )
    assert ran.out.split() == ["plain,set", "plain,show"]
    assert "pdca.cli.plan" in ran.err.split()
    assert [name for name in ran.err.split() if name.startswith(("pdca.cli.plan_", "pdca.report", "pdca.store"))] == []


def test_a_completion_that_falls_over_says_nothing_and_leaves_no_traceback() -> None:
    ran = run_process(_PDCA_COMPLETE="bash_complete", COMP_WORDS="pdca", COMP_CWORD="no number")
    assert (ran.status, ran.out, ran.err) == (1, "", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_the_script_of_the_shell_as_it_is(shell: str) -> None:
    ran = run("completion", shell)
    assert f"_PDCA_COMPLETE={shell}_complete" in ran.out
    assert run("completion", shell, "--json").json == {
        "schema": "pdca.completion/1",
        "shell": shell,
        "script": ran.out,
    }
    assert run_on_terminal("completion", shell, columns=40).out == ran.out


def test_bash_accepts_the_script_and_completes_with_it(tmp_path: Path) -> None:
    program = tmp_path / "pdca"
    program.write_text(f'#!/bin/sh\nexec {PROGRAM[0]} -m pdca "$@"\n')
    program.chmod(0o755)
    script = (
        'eval "$(pdca completion bash)"; COMP_WORDS=(pdca eval); COMP_CWORD=1; _pdca_completion pdca; echo "$COMPREPLY"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", script],  # noqa: S607 - whichever bash there is
        env=environment(PATH=f"{tmp_path}:{os.environ['PATH']}"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("evaluation\n", "")


def test_help_names_every_command_and_every_exit_status() -> None:
    ran = run("--help")
    assert ran.status == 0
    assert all(f"\n  {name} " in ran.out for name in COMMANDS)
    assert all(f"\n  {status} " in ran.out for status, _text in EXIT_STATUSES)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--lang", "nl", "--help"], "Opdrachten"),
        (["--help", "--lang", "fr"], "Commandes"),
        (["config", "--lang=nl", "-h"], "Opties"),
        (["config", "show", "--help", "--lang", "fr"], "Utilisation"),
    ],
)
def test_help_speaks_the_language_wherever_it_is_asked_for(arguments: list[str], word: str) -> None:
    assert word in run(*arguments).out


def test_help_is_given_although_the_settings_file_is_wrong(empty_folder: Path) -> None:
    (empty_folder / "pdca.toml").write_text("lang = [")
    assert run("--help").status == 0


def test_version_is_one_line_and_what_the_package_was_built_as() -> None:
    ran = run("--version")
    assert (ran.status, ran.out) == (0, f"pdca {version('pdca')}\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_row_of_the_table_is_the_command_with_its_short_help(name: str) -> None:
    module, _colon, attribute = COMMANDS[name][0].partition(":")
    command = getattr(importlib.import_module(module), attribute)
    assert isinstance(command, click.Command)
    assert (command.name, command.short_help) == (name, COMMANDS[name][1])


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_the_shared_options(name: str) -> None:
    pending: list[tuple[str, click.Command]] = [
        (name, root.get_command(click.Context(root), name) or click.Command(name))
    ]
    while pending:
        path, command = pending.pop()
        if isinstance(command, click.Group):
            context = click.Context(command)
            inner = [(child, command.get_command(context, child)) for child in command.list_commands(context)]
            pending += [(f"{path} {child}", found) for child, found in inner if found is not None]
        options = {option for param in command.params for option in param.opts}
        assert options >= {"--json", "--database", "--lang", "--as"}, path


@pytest.mark.parametrize(
    ("arguments", "code", "hint"),
    [
        (["plna"], "unknown-command", "“plan”"),
        (["config", "shwo"], "unknown-command", "“show”"),
        (["xyzzy"], "unknown-command", "pdca --help"),
        (["next"], "unknown-command", "“plan next”"),
        (["why-not", "P-001"], "unknown-command", "“plan why-not”"),
        (["add"], "unknown-command", "pdca --help"),
        (["sample", "list", "--formt", "csv"], "unknown-option", "“--format”"),
        (["sample", "list", "surplus"], "usage", "pdca sample list --help"),
        (["sample", "list", "--format", "xml"], "bad-value", "pdca sample list --help"),
        (["sample", "list", "--json", "--format", "csv"], "usage", "pdca sample list --help"),
        (["--format", "csv", "sample", "show"], "usage", "pdca sample show --help"),
        (["sample", "show", "--format", "csv"], "bad-value", "--help"),
        (["sample", "number"], "missing-option", "--help"),
        (["sample", "number", "--days", "soon"], "bad-value", "--help"),
        (["sample", "fail"], "missing-argument", "--help"),
        (["--lang", "de", "config", "show"], "bad-value", "--help"),
        (["--json"], "usage", "--help"),
    ],
)
def test_a_mistake_on_the_command_line_is_status_2_with_a_hint(arguments: list[str], code: str, hint: str) -> None:
    ran = run(*arguments)
    assert (ran.status, ran.out) == (2, "")
    if "--json" in arguments:
        assert (ran.error["schema"], ran.error["code"]) == ("pdca.error/1", code)
        assert hint in ran.error["hint"]
    else:
        first, second = ran.err.splitlines()
        assert first.startswith(f"error[{code}]: ")
        assert second.startswith("hint: ")
        assert hint in second


def test_a_mistake_is_told_in_the_language_asked_for() -> None:
    assert run("--lang", "fr", "plna").err == (
        "error[unknown-command]: Il n\u2019y a pas de commande «\u00a0plna\u00a0».\n"
        "conseil\u00a0: Vouliez-vous dire «\u00a0plan\u00a0»\u00a0?\n"
    )


@pytest.mark.parametrize("arguments", [[], ["sample"]])
def test_without_a_command_the_help_is_shown_on_stderr(arguments: list[str]) -> None:
    ran = run(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("Usage: pdca")


@pytest.mark.parametrize(
    ("how", "status"),
    [("failed", 1), ("refused", 3), ("not-found", 4), ("conflict", 5), ("partly", 6), ("later", 75)],
)
def test_every_kind_of_error_has_its_exit_status(how: str, status: int) -> None:
    ran = run("sample", "fail", how)
    assert (ran.status, ran.out) == (status, "")
    as_json = run("sample", "fail", how, "--json")
    assert (as_json.status, as_json.out) == (status, "")
    assert (as_json.error["schema"], as_json.error["exit_status"]) == ("pdca.error/1", status)


def test_an_error_tells_code_message_place_and_hint() -> None:
    assert run("sample", "fail", "failed").err == (
        "error[disk-full]: The disk is full.\n  at zone.yaml:3:7, plans[0].id\nhint: Make room.\n"
    )
    assert run("--json", "sample", "fail", "failed").error == {
        "schema": "pdca.error/1",
        "code": "disk-full",
        "message": "The disk is full.",
        "hint": "Make room.",
        "place": {"file": "zone.yaml", "line": 3, "column": 7, "field": "plans[0].id"},
        "exit_status": 1,
    }


def test_a_message_of_several_lines_stays_so_and_does_not_command_the_terminal() -> None:
    assert run("sample", "fail", "refused").err == (
        "error[needs-unmet]: P-001 cannot start yet.\n  - Rubric “\\x1b[2Jvictims” is empty.\n"
    )


def test_a_refusal_in_json_has_every_unmet_need_whatever_values_it_holds() -> None:
    needs = run("sample", "fail", "refused", "--json").error["needs"]
    assert needs == [{"code": "rubric-empty"}, {"code": "no-activity", "since": "2025-03-01"}]


def test_an_internal_error_shows_no_traceback_and_keeps_the_detail_without_secrets(empty_folder: Path) -> None:
    ran = run_process("sample", "crash", "--motive", "personal words")
    assert ran.status == 1
    log = empty_folder / "state" / "pdca" / "errors.log"
    assert ran.err.startswith("error[internal-error]: ")
    assert str(log) in ran.err
    assert "Traceback" not in ran.err
    detail = log.read_text()
    assert "RuntimeError: postgresql://zone:***@db/zone is away" in detail
    assert "hunter2" not in detail
    assert "personal words" not in detail
    assert log.stat().st_mode & 0o077 == 0


def test_an_internal_error_without_a_place_to_write_says_how_to_see_it(empty_folder: Path) -> None:
    (empty_folder / "state").write_text("a file where the folder should be")
    ran = run("sample", "crash")
    assert ran.status == 1
    assert "PDCA_DEBUG=1" in ran.err
    assert "Traceback" not in ran.err


def test_debugging_shows_the_detail_on_stderr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDCA_DEBUG", "1")
    assert "Traceback" in run("sample", "crash").err


def test_an_internal_error_is_one_json_object_when_json_is_asked_for() -> None:
    assert run("sample", "crash", "--json").error["code"] == "internal-error"


def test_an_interruption_is_status_130() -> None:
    ran = run("sample", "interrupt")
    assert (ran.status, ran.out, ran.err) == (130, "", "Interrupted.\n")


def test_a_command_may_leave_with_a_status_of_its_own() -> None:
    ran = run("sample", "leave")
    assert (ran.status, ran.out, ran.err) == (10, "", "")


def test_a_reader_that_goes_away_is_no_error() -> None:
    with subprocess.Popen(
        [*PROGRAM, "sample", "long"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"plan\n"
        process.stdout.close()
        assert (process.wait(60), process.stderr.read()) == (141, b"")


@pytest.mark.parametrize("command", ["long", "list"])
def test_a_full_disk_under_the_answer_is_a_failure_in_words(command: str) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, "sample", command], stdout=full, stderr=subprocess.PIPE, env=environment(), check=False
        )
    assert done.returncode == 1
    assert done.stderr.startswith(b"error[output-failed]: ")
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_do_no_harm(closed: str) -> None:
    command = f"{PROGRAM[0]} -m {PROGRAM[2]} sample list {closed}"
    done = subprocess.run(["sh", "-c", command], env=environment(), capture_output=True, check=False)  # noqa: S607
    assert (done.returncode, done.stderr) == (0, b"")


def test_answers_are_utf_8_whatever_the_locale_says() -> None:
    ran = run_process(
        "sample", "list", "--json", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", PYTHONIOENCODING="ascii"
    )
    assert ran.status == 0
    assert ran.json["plans"][0]["title"]["fr"] == "Réduire les vols de vélos à la gare"


def test_the_module_is_the_command_too() -> None:
    ran = run_process("config", "show", "--json", program=[sys.executable, "-m", "pdca"])
    assert json.loads(ran.out)["schema"] == "pdca.settings/1"
    assert ROOT.joinpath("pdca", "__main__.py").exists()


@pytest.mark.parametrize("language", ["en", "nl", "fr"])
def test_help_is_no_wider_than_a_narrow_screen(language: str) -> None:
    for command in (("information", "receipt"), ("information",), ("calendar",), ("notify", "list"), ()):
        shown = run_on_terminal("--lang", language, *command, "--help", columns=40).out
        assert max(map(len, shown.splitlines())) <= 40, command
