"""`pdca report` and `pdca rubric`: reports as files and on stdout, without what their readers are not to see."""

from pathlib import Path

import pytest

from tests.unit.cli.one_plan import PLAN, document, events
from tests.unit.cli.running import run, run_process

pytestmark = pytest.mark.usefixtures("zone_at_start")

ANALYSIS = "nine hotspots in three municipalities"
FORMS = ("html", "md", "json")


def report(*arguments: str, audience: str = "public") -> str:
    ran = run("report", "plan", PLAN, "--audience", audience, *arguments)
    assert ran.status == 0, ran.err
    return ran.out


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("audience", "told"), [("partner", False), ("public", False), ("authority", True)])
def test_no_form_of_a_report_has_what_is_withheld_from_its_readers(form: str, audience: str, told: bool) -> None:
    assert ANALYSIS in report("--format", form, audience=audience)
    run("rubric", "withhold", PLAN, "analyse", "--from", "partner,public", "--reason", "Het onderzoek loopt nog.")
    assert (ANALYSIS in report("--format", form, audience=audience)) is told


def test_a_rubric_is_withheld_with_a_reason_and_released_again() -> None:
    view = run("rubric", "withhold", PLAN, "anal", "--from", "public,partner", "--reason", "Loopt nog.", "--json").json
    assert (view["rubric"], view["withheld_from"]) == ("analyse", ["partners", "public"])
    assert document()["rubrics"]["analyse"]["withheld_from"] == ["partners", "public"]
    assert (events()[-1]["kind"], events()[-1]["reason"]) == ("plan.edited", "Loopt nog.")
    ran = run("rubric", "withhold", PLAN, "analyse", "--from", "public", "--reason", "Alleen nog het publiek.")
    assert "“analyse” is withheld from: the public." in ran.out
    assert run("rubric", "release", PLAN, "analyse", "--reason", "Afgerond.").status == 0
    assert "withheld_from" not in document()["rubrics"]["analyse"]
    assert ANALYSIS in str(document()["rubrics"]["analyse"])


def test_a_part_of_the_evaluations_is_withheld_with_a_reason_and_released_again() -> None:
    given = ("evaluation", "withhold", PLAN, "lessons", "--from", "public,partner", "--reason", "Loopt nog.")
    view = run(*given, "--json").json
    assert (view["schema"], view["part"]) == ("pdca.evaluation-part-withheld/1", "lessons")
    assert document()["evaluations_withheld"] == {"lessons": ["partners", "public"]}
    assert (events()[-1]["kind"], events()[-1]["reason"]) == ("plan.edited", "Loopt nog.")
    assert "nothing was changed" in run(*given).out
    ran = run("evaluation", "withhold", PLAN, "findings", "--from", "public", "--reason", "x y", "--dry-run")
    assert "Withheld of the evaluations: findings, from: the public." in ran.out
    assert document()["evaluations_withheld"] == {"lessons": ["partners", "public"]}
    ran = run("evaluation", "release", PLAN, "lessons", "--reason", "Afgerond.")
    assert "Withheld of the evaluations from nobody: lessons." in ran.out
    assert "evaluations_withheld" not in document()


def test_a_dry_run_withholds_nothing() -> None:
    before = events()
    ran = run("rubric", "withhold", PLAN, "analyse", "--from", "public", "--reason", "x y z", "--dry-run")
    assert ran.status == 0
    assert "dry run" in ran.out
    assert events() == before


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("rubric", "withhold", PLAN, "analyse", "--from", "press", "--reason", "x"), 2, "audience-unknown"),
        (("rubric", "withhold", PLAN, "analyse", "--from", ",", "--reason", "x"), 2, "audience-unknown"),
        (("rubric", "withhold", PLAN, "zzz", "--from", "public", "--reason", "x"), 4, "rubric-unknown"),
        (("evaluation", "withhold", PLAN, "lessons", "--from", "press", "--reason", "x"), 2, "audience-unknown"),
        (("evaluation", "withhold", PLAN, "verdict", "--from", "public", "--reason", "x"), 2, "bad-value"),
        (("evaluation", "release", "P-999", "lessons", "--reason", "x"), 4, "plan-unknown"),
        (("report", "plan", "P-999", "--audience", "public"), 4, "plan-unknown"),
        (("report", "plan", PLAN, "--audience", "press"), 2, "bad-value"),
        (("report", "plan", PLAN), 2, "missing-option"),
        (("report", "plan", PLAN, "--audience", "public", "--since", "2099-01-01"), 2, "date-to-come"),
        (("report", "plan", PLAN, "--audience", "public", "--since", "soon"), 2, "date-unknown"),
        (("report", "plan", PLAN, "--audience", "public", "--out", "x.doc"), 2, "form-unknown"),
        (("report", "plan", PLAN, "--audience", "public", "--out", "x.md", "--format", "html"), 2, "form-and-name"),
        (("report", "plan", PLAN, "--audience", "public", "--format", "html"), 2, "export-to-where"),
        (("report", "plan", PLAN, "--audience", "public", "--out", "none/x.md"), 1, "file-not-made"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(arguments: tuple[str, ...], status: int, code: str) -> None:
    before = sorted(Path().iterdir())
    ran = run(*arguments, "--json")
    assert (ran.status, ran.error["code"]) == (status, code)
    assert sorted(Path().iterdir()) == before


def test_a_restricted_plan_is_refused_to_the_public_and_told_to_authorities() -> None:
    assert run("plan", "set", PLAN, "restricted=yes").status == 0
    ran = run("report", "plan", PLAN, "--audience", "public", "--json")
    assert (ran.status, ran.error["code"], ran.out) == (3, "report-restricted", "")
    assert "Restricted: neither for partners nor for the public." in report(audience="authority")


def test_a_report_goes_into_a_file_that_is_not_replaced_unasked() -> None:
    view = run("report", "plan", PLAN, "--audience", "partner", "--out", "r.html", "--language", "nl", "--json").json
    assert view["schema"] == "pdca.report-written/1"
    assert (view["file"], view["format"], view["language"], view["audience"]) == ("r.html", "html", "nl", "partner")
    written = Path("r.html").read_text(encoding="utf-8")
    assert view["content_sha256"] in written
    ran = run("report", "plan", PLAN, "--audience", "public", "--out", "r.html")
    assert (ran.status, Path("r.html").read_text(encoding="utf-8")) == (2, written)
    assert "--force" in ran.err
    assert run("report", "plan", PLAN, "--audience", "public", "--out", "r.html", "--force").status == 0
    assert Path("r.html").read_text(encoding="utf-8") != written


def test_the_report_is_in_the_language_asked_for_and_otherwise_in_the_one_spoken() -> None:
    assert "Voortgang: Zomerplan 2023" in report("--language", "nl")
    assert "État d" in report("--lang", "fr")
    assert "Progress of" in report()


def test_the_facts_are_given_as_json_with_their_hash_and_the_checkpoint() -> None:
    import json

    view = json.loads(report("--json"))
    assert view["schema"] == "pdca.progress-report/1"
    assert view["plan"]["plan_id"] == PLAN
    assert len(view["checkpoint"]["root"]) == 64
    assert json.loads(report("--format", "json"))["content_sha256"] == view["content_sha256"]


def test_a_pdf_is_written_to_a_pipe_byte_for_byte() -> None:
    import subprocess

    from tests.unit.cli.running import PROGRAM, environment

    command = [*PROGRAM, "report", "plan", PLAN, "--audience", "public", "--format", "pdf"]
    ran = subprocess.run(command, capture_output=True, env=environment(), check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.startswith(b"%PDF-")
    assert ran.stdout.rstrip().endswith(b"%%EOF")


def test_asking_for_a_report_on_a_terminal_that_is_none_writes_markdown() -> None:
    ran = run_process("report", "plan", PLAN, "--audience", "public")
    assert "# Progress of Zomerplan 2023" in ran.out
