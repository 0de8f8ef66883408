"""A plan changed as one text, in an editor and from a file, and field by field."""

import re
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.running import Ran, run, run_on_terminal, run_process
from tests.unit.cli.zone import PDCA

pytestmark = pytest.mark.usefixtures("zone_at_start")

PLAN = "P-001"


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


def document(*arguments: str) -> Any:  # noqa: ANN401 - a document
    return run("export", "--plan", PLAN, "--format", "json", *arguments).json["plan"]


def events() -> list[dict[str, Any]]:
    return list(run("plan", "history", PLAN, "--json").json["events"])


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


@pytest.mark.parametrize(
    ("settings", "field", "value"),
    [
        (["title.nl=Zomer"], "title", {"nl": "Zomer", "fr": "Plan été 2023"}),
        (["title=Zomer"], "title", {"nl": "Zomer", "fr": "Plan été 2023"}),
        (["title.fr="], "title", "Zomerplan 2023"),
        (["lead=gemeenten"], "lead", "gemeenten"),
        (["plan.lead=gemeenten"], "lead", "gemeenten"),
        (["lead="], "lead", None),
        (["period.to=2023-10-31"], "period", {"from": "2023-06-15", "to": "2023-10-31"}),
        (["restricted=yes"], "restricted", True),
        (["group=korpschef, gemeenten"], "group", ["korpschef", "gemeenten"]),
        (["perimeter.places=Kuregem\nPeterbos", "perimeter.by_area="], "perimeter", None),
        (["note==SUM(A1:A2) a=b"], "note", "=SUM(A1:A2) a=b"),
    ],
)
def test_a_single_field_is_set(settings: list[str], field: str, value: object) -> None:
    if field == "perimeter":
        assert run("plan", "set", PLAN, *settings, "--json").error["code"] == "field-too-large"
        return
    ran = run("plan", "set", PLAN, *settings, "--json")
    assert ran.status == 0, ran.err
    assert document().get(field) == value
    assert events()[-1]["kind"] == "plan.edited"


def test_a_rubric_is_set_by_its_text_or_by_why_it_does_not_apply() -> None:
    assert run("plan", "set", PLAN, "rubrics.slachtoffers=Opvang", "rubrics.analyse.fr=Analyse").status == 0
    rubrics = document()["rubrics"]
    assert rubrics["slachtoffers"]["text"]["nl"] == "Opvang"
    assert rubrics["analyse"]["text"] == {"en": "nine hotspots in three municipalities", "fr": "Analyse"}
    settings = ("rubrics.slachtoffers.not_applicable=geen", "rubrics.slachtoffers.withheld_from=public, partners")
    assert run("plan", "set", PLAN, *settings).status == 0
    rubric = document()["rubrics"]["slachtoffers"]
    assert (rubric["not_applicable"], rubric["withheld_from"]) == ("geen", ["partners", "public"])
    assert "text" not in rubric
    assert run("plan", "set", PLAN, "rubrics.slachtoffers.not_applicable=").status == 0
    assert "slachtoffers" not in document()["rubrics"]


def test_a_field_of_an_activity_is_set() -> None:
    view = run("plan", "set", PLAN, "activities.A1.status=dropped", "--json").json
    assert view["changed"] == [{"field": "activities.A1.status", "before": "done", "after": "dropped"}]


@pytest.mark.parametrize("field", ["title.fr=Un été", "title=fr=Un été"])
def test_a_title_of_one_language_is_written_in_either_way(field: str) -> None:
    assert run("plan", "set", PLAN, field).status == 0
    assert (document()["title"]["fr"], document()["title"]["nl"]) == ("Un été", "Zomerplan 2023")


def test_what_was_changed_is_told_in_the_words_of_the_reader() -> None:
    made = run("activity", "add", PLAN, "--title", "Rondes", "--json").json["activity"].rpartition("/")[2]
    field = f"activities.{made}.status"
    ran = run("plan", "set", PLAN, f"{field}=done", "--dry-run", "--json")
    assert ran.json["changed"] == [{"field": field, "before": "planned", "after": "done"}]
    told = run_on_terminal("plan", "set", PLAN, f"{field}=done", "--lang", "nl", columns=200).out
    assert re.search(f"Activiteiten / {made} / Status +gepland +gedaan", told), told
    assert "{" not in told


def test_a_name_that_there_is_not_is_answered_by_the_command_that_adds_it() -> None:
    unknown = run("plan", "set", "P-001", "lead=zzz", "--json")
    assert "`pdca function add`" in unknown.error["hint"]
    made = run("plan", "new", "--title", "X", "--objective", "OD1.1", "--lead", "zzz", "--json")
    assert (made.status, made.error["code"]) == (2, "import-unknown-reference")
    assert "`pdca partner add`" in made.error["hint"]
    assert "this file" not in made.error["hint"]


@pytest.mark.parametrize(
    ("setting", "code", "words"),
    [
        ("period.end=2024", "field-unknown", "from, to"),
        ("laed=gemeenten", "field-unknown", "“lead”"),
        ("period=2024", "field-unknown", "from, to"),
        ("rubrics.slachtofers=x", "field-unknown", "“slachtoffers”"),
        ("rubrics.slachtoffers.tekst=x", "field-unknown", "text, not_applicable"),
        ("activities.A9.title=x", "field-unknown", "A1"),
        ("activities=x", "field-too-large", "plan edit"),
        ("lead.name=x", "field-unknown", "lead is one value"),
        ("mmm=perhaps", "bad-value", "yes or no"),
        ("lead", "no-value", "FIELD=VALUE"),
        ("lead=nobody", "import-unknown-reference", ""),
        ("period.to=2023-02-30", "import-bad-date", ""),
        ("title=", "import-missing-key", ""),
        ("id=OTHER", "edit-other-plan", ""),
    ],
)
def test_a_wrong_field_or_value_is_refused_with_what_is_possible(setting: str, code: str, words: str) -> None:
    before = document()
    ran = run("plan", "set", PLAN, "note=mee", setting, "--json")
    assert ran.status in (1, 2, 3)
    assert ran.error["code"] == code
    if words:
        assert words in f"{ran.error['message']} {ran.error['hint']}"
    assert document() == before


def test_every_wrong_field_and_value_is_named_and_nothing_is_changed() -> None:
    before = document()
    ran = run("plan", "set", PLAN, "titel=x", "note=mee", "mmm=misschien", "rubrics.niets=x", "--json")
    assert (ran.status, ran.error["code"]) == (2, "field-unknown")
    lines = ran.error["message"].splitlines()
    assert [word in line for word, line in zip(("titel", "mmm", "niets"), lines, strict=True)] == [True] * 3
    assert document() == before


def test_a_plan_outside_its_programme_is_made_and_moved_and_that_is_said() -> None:
    made = run("plan", "new", "--title", "Later", "--objective", "OD1.1", "--period", "2027-01-01/2027-12-31")
    assert made.status == 0
    assert "The plan runs from 2027-01-01 to 2027-12-31, and zvp-2020-2025 from 2020-01-01 to 2025-12-31" in made.err
    plan = made.out.split()[0]
    assert "warnings" not in run("plan", "set", plan, "note=Zo bedoeld.", "--json").json
    moved = run("plan", "set", plan, "period.to=2028", "--json").json
    assert [one["code"] for one in moved["warnings"]] == ["plan-outside-programme"]
    assert "warnings" not in run("plan", "set", plan, "period.from=2025-06-01", "--json").json


def test_an_id_that_would_look_like_a_number_of_the_program_is_counted_on() -> None:
    assert run("plan", "new", "--title", "P 2", "--objective", "OD1.1", "--json").json["slug"] == "p-2-2"
    assert run("plan", "new", "--title", "P 2", "--objective", "OD1.1", "--json").json["slug"] == "p-2-3"


def test_an_approval_that_a_change_makes_void_is_told() -> None:
    assert run("plan", "approve", PLAN, "--for", "start", "--as", "claudine", "--reason", "goed").status == 0
    ran = run("plan", "set", PLAN, "note=anders")
    assert "The approval of “Start” is void" in ran.out
    assert run("plan", "set", PLAN, "note=nog anders", "--json").json["voided"] == []


def test_a_new_plan_has_a_number_an_id_of_its_title_and_the_period_of_its_programme() -> None:
    view = run("plan", "new", "--title", "Hé, nieuw plan!", "--objective", "OD1.1", "--json").json
    assert (view["plan"], view["slug"]) == ("P-013", "he-nieuw-plan")
    ran = run("plan", "new", "--title", "Hé nieuw plan", "--objective", "OD1.1")
    assert "P-014 (he-nieuw-plan-2) is made.\nNext: `pdca plan edit P-014`" in ran.out
    plan = run("export", "--plan", "P-013", "--format", "json").json["plan"]
    assert (plan["title"], plan["period"]) == ("Hé, nieuw plan!", {"from": "2020-01-01", "to": "2025-12-31"})
    view = run("plan", "set", "P-013", "rubrics.analyse=Kort", "--json").json
    assert view["changed"] == [{"field": "rubrics.analyse", "before": None, "after": "Kort"}]
    period = ("--period", "2024-03/2024-09", "--lead", "korpschef", "--id", "MIJN", "--lang", "fr")
    assert run("plan", "new", "--title", "Été", "--objective", "OD1.1", *period).status == 0
    plan = run("export", "--plan", "MIJN", "--format", "json").json["plan"]
    assert plan["period"] == {"from": "2024-03-01", "to": "2024-09-30"}
    assert (plan["title"], plan["lead"]) == ({"fr": "Été"}, "korpschef")


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("--objective", "OD9"), 4, "objective-unknown"),
        (("--objective", "OD1.1", "--id", "ap-zp2023"), 2, "plan-exists"),
        (("--objective", "OD1.1", "--id", "P-100"), 2, "import-reserved-id"),
        (("--objective", "OD1.1", "--lead", "nobody"), 2, "import-unknown-reference"),
        (("--objective", "OD1.1", "--period", "2024"), 2, "bad-period"),
        (("--objective", "OD1.1", "--period", "2024/2023"), 2, "import-ends-before-start"),
        (("--objective", "OD1.1", "--as", "claudine"), 3, "not-the-lead"),
    ],
)
def test_a_new_plan_that_cannot_be_is_refused(arguments: tuple[str, ...], status: int, code: str) -> None:
    before = run("plan", "list", "--json").json
    ran = run("plan", "new", "--title", "Plan", *arguments, "--json")
    assert (ran.status, ran.error["code"]) == (status, code)
    assert run("plan", "list", "--json").json == before


def test_a_title_without_a_letter_that_an_id_can_hold_asks_for_one() -> None:
    ran = run("plan", "new", "--title", "Ωμέγα", "--objective", "OD1.1", "--json")
    assert (ran.status, ran.error["code"]) == (2, "no-slug")


def test_a_dry_run_makes_no_plan() -> None:
    view = run("plan", "new", "--title", "Plan", "--objective", "OD1.1", "--dry-run", "--json").json
    assert (view["plan"], view["event"]) == ("P-013", None)
    assert len(run("plan", "list", "--json").json["plans"]) == 12


def test_a_rubric_shows_all_its_revisions_with_who_and_when_and_who_does_not_see_it() -> None:
    run("plan", "set", PLAN, "rubrics.slachtoffers=Opvang", "--as", "adelheid")
    run("plan", "set", PLAN, "rubrics.slachtoffers.withheld_from=public")
    run("plan", "set", PLAN, "rubrics.slachtoffers.not_applicable=Zonder slachtoffers")
    view = run("plan", "rubric", PLAN, "slacht", "--json").json
    assert (view["rubric"], view["text"], view["not_applicable"]) == (
        "slachtoffers",
        None,
        {"nl": "Zonder slachtoffers"},
    )
    assert view["withheld_from"] == ["public"]
    page = run("plan", "show", PLAN, "--lang", "fr").out
    assert "Attention particulière aux victimes\u00a0: sans objet\u00a0: Zonder slachtoffers" in page
    assert [one["revision"] for one in view["revisions"]] == [1, 2, 3]
    assert view["revisions"][1]["text"]["nl"] == "Opvang"
    assert view["revisions"][1]["by"]["name"].startswith("Adelheid")
    assert view["revisions"][1]["by"]["assumed"]
    page = run("plan", "rubric", PLAN, "Bijzondere aandacht", "--lang", "nl").out
    assert "Zonder slachtoffers" in page
    assert "2020-01-02" in page
    assert page.index("3, ") < page.index("2, 2020") < page.index("1, 2020")


def test_the_page_of_a_plan_says_which_rubrics_do_not_apply_or_are_withheld() -> None:
    run("plan", "set", PLAN, "rubrics.analyse.withheld_from=partners", "rubrics.slachtoffers.not_applicable=Geen")
    page = run("plan", "show", PLAN).out
    assert "nine hotspots in three municipalities [withheld from: partners]" in page
    assert "Special attention to victims: does not apply: Geen" in page
    rubrics = {rubric["rubric_id"]: rubric for rubric in run("plan", "show", PLAN, "--json").json["rubrics"]}
    assert rubrics["analyse"]["withheld_from"] == ["partners"]
    assert rubrics["slachtoffers"]["not_applicable"] == {"nl": "Geen"}


@pytest.mark.parametrize(
    ("word", "code"), [("nothing", "rubric-unknown"), ("p", "rubric-ambiguous"), ("", "rubric-unknown")]
)
def test_a_rubric_that_is_none_is_answered_with_those_that_are(word: str, code: str) -> None:
    ran = run("plan", "rubric", PLAN, word, "--json")
    assert (ran.status, ran.error["code"]) == (4, code)
    assert "preventief" in ran.error["message"] + ran.error["hint"]
