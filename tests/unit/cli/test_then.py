"""`pdca plan diff`, `plan show --as-of`, `plan approvals` and `plan migrate`, as they are called."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pdca.cli.field_labels import FIELDS
from tests import own_method
from tests.unit.cli.running import run, settings_file
from tests.unit.cli.zone import pdca
from workflows import shelves


@pytest.fixture
def zone(demo: Path, empty_folder: Path) -> Path:
    """The demo as it ends, as the database of this folder."""
    return Path(shutil.copyfile(demo, empty_folder / "pdca.db"))


@pytest.fixture
def own_zone(empty_folder: Path) -> Iterator[Path]:
    """A plan that began on the first version of a method of the organisation's own, of which there is a second."""
    first = own_method.shelved(empty_folder / "first", own_method.version(1))
    own_method.shelved(
        empty_folder / "both", own_method.version(1), own_method.version(2, own_method.with_rubric("werkwijze"))
    )
    text = FILE.format(method=own_method.ID)
    (empty_folder / "file.yaml").write_text(text, encoding="utf-8")
    settings_file(empty_folder, f'[workflow]\nfolder = "{first}"\n')
    pdca("init", "--simulated", "--name", "Zone", "--zone", "Europe/Brussels")
    pdca("import", "file.yaml")
    settings_file(empty_folder, f'[workflow]\nfolder = "{empty_folder / "both"}"\n')
    yield empty_folder
    shelves.look_in()


FILE = """\
---
pdca: 1
language: nl
organisation: {{id: zone, name: Zone, zone: Europe/Brussels, languages: [nl]}}
programme: {{id: p, title: P, method: {method}, period: {{from: "2026", to: "2031"}}}}
objectives: [{{id: S, title: S, plans: [{{id: AP, title: AP, period: {{from: "2026", to: "2031"}}}}]}}]
...
"""


@pytest.mark.usefixtures("zone")
def test_two_days_of_a_plan_are_compared_in_json_and_in_words() -> None:
    days = ("plan", "diff", "P-004", "--from", "2024-01-01", "--to", "2025-06-01")
    view = run(*days, "--json").json
    assert (view["schema"], view["was_there"], view["same"]) == ("pdca.plan-diff/1", True, False)
    assert {"field": "cycle", "change": "changed", "before": 1, "after": 2} in view["changes"]
    out = run(*days).out
    assert "~ Cycle: 1 → 2\n" in out
    assert "+ Evaluations / E-005 / Verdict: effective\n" in out


@pytest.mark.usefixtures("zone")
def test_a_difference_is_told_in_the_words_of_the_reader() -> None:
    means = ("activity", "means", "P-004/A1", "--kind", "money", "--year", "2024", "--as", "ijsbrand")
    pdca(*means, "--planned", "5000")
    pdca(*means, "--deployed", "6000.5")
    pdca("activity", "set", "P-004/A1", "rubric=slachtoffers", "--as", "ijsbrand")
    out = run("plan", "diff", "P-004", "--from", "2024-01-01", "--lang", "nl").out
    for line in (
        "P-004  2024-01-01 → nu",
        "~ Toestand: Do → Adjust",
        "+ Activiteiten / A1 / Middelen en capaciteit / 2024 EUR",
        "    Gepland: 5.000 EUR",
        "    Ingezet: 6.000,5 EUR",
        "    - Preventieve aanpak",
        "    + Bijzondere aandacht voor de slachtoffers",
        "~ Evaluaties / E-005 / Status: gepland → geregistreerd",
        "+ Evaluaties / 2025-12-17 jaarlijks",
    ):
        assert line in out.splitlines()
    assert "6\u202f000,5 EUR" in run("plan", "diff", "P-004", "--from", "2024-01-01", "--lang", "fr").out
    view = run("plan", "diff", "P-004", "--from", "2024-01-01", "--lang", "nl", "--json").json
    assert {"field": "state", "change": "changed", "before": "do", "after": "adjust"} in view["changes"]


@pytest.mark.usefixtures("zone")
def test_a_plan_that_was_not_there_is_new_in_every_field_and_each_has_its_word() -> None:
    lines = run("plan", "diff", "P-004", "--from", "2010-01-01", "--lang", "nl").out.splitlines()
    assert "+ Projectgroep / verantwoordelijke pijler nabijheid" in lines
    assert "    Trekker: verantwoordelijke pijler nabijheid" in lines
    assert not [line for line in lines if "{" in line or " True" in line]
    view = run("plan", "diff", "P-004", "--from", "2010-01-01", "--json").json
    assert not {one["field"].partition(".")[0] for one in view["changes"]} - set(FIELDS)


@pytest.mark.usefixtures("zone")
def test_the_history_of_a_plan_is_told_in_words_and_in_codes_for_programs() -> None:
    table = run("plan", "history", "P-004", "--format", "table", "--lang", "fr").out
    assert "étape franchie" in table
    assert "le planificateur" in table
    assert "plan.advanced" not in table
    tsv = run("plan", "history", "P-004", "--format", "tsv", "--lang", "fr").out
    assert "plan.advanced\tplan\tdo" in tsv
    assert "étape" not in tsv


@pytest.mark.usefixtures("zone")
def test_without_a_later_day_a_plan_is_compared_with_what_it_says_now() -> None:
    view = run("plan", "diff", "P-004", "--from", "2025-06-01", "--json").json
    assert view["to"] is None
    assert {"cycle", "state"} <= {one["field"] for one in view["changes"]}
    assert run("plan", "diff", "P-004", "--from", "2025-06-01", "--to", "2025-06-01", "--json").json["same"] is True


@pytest.mark.usefixtures("zone")
def test_against_a_day_before_the_plan_everything_is_new_and_that_is_said() -> None:
    ran = run("plan", "diff", "P-004", "--from", "2010-01-01")
    assert (ran.status, "On 2010-01-01 the plan was not there yet." in ran.out) == (0, True)


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("diff", "P-004", "--from", "2024-05-01", "--to", "2024-04-01"), 2, "days-backwards"),
        (("diff", "P-004", "--from", "May"), 2, "date-unknown"),
        (("diff", "P-004", "--from", "2010-01-01", "--to", "2010-02-01"), 4, "plan-not-yet"),
        (("diff", "P-099", "--from", "2010-01-01"), 4, "plan-unknown"),
        (("show", "P-004", "--as-of", "2010-01-01"), 4, "plan-not-yet"),
        (("show", "P-004", "--as-of", "2024-02-30"), 2, "date-unknown"),
    ],
)
def test_days_that_cannot_be_shown_are_refused(arguments: tuple[str, ...], status: int, code: str) -> None:
    ran = run("plan", *arguments, "--json")
    assert (ran.status, ran.error["code"]) == (status, code)


@pytest.mark.usefixtures("zone")
def test_a_plan_is_shown_as_it_was_on_a_day() -> None:
    now, then = (run("plan", "show", "P-004", "--json", *day).json for day in ((), ("--as-of", "2024-06-01")))
    assert (then["state"], then["cycle"], then["as_of"]) == ("do", 1, "2024-06-01")
    assert (now["state"], now["cycle"], now["as_of"]) == ("adjust", 3, None)
    assert now.keys() == then.keys()
    out = run("plan", "show", "P-004", "--as-of", "2024-06-01").out
    assert out.startswith("As it was at the end of 2024-06-01:\n")


@pytest.mark.usefixtures("zone")
def test_the_approvals_of_a_plan_say_what_became_of_each() -> None:
    rows = run("plan", "approvals", "P-003", "--json").json["approvals"]
    assert [(one["purpose"], one["status"], one["voided_because"]) for one in rows] == [
        ("start", "void", "plan.updated"),
        ("start", "used", None),
        ("close", "used", None),
    ]
    assert "void: the plan was imported again" in run("plan", "approvals", "P-003", "--format", "table").out


@pytest.mark.usefixtures("zone_at_start")
def test_an_approval_that_can_be_used_holds() -> None:
    assert run("plan", "approvals", "P-001", "--json").json["approvals"] == []
    pdca("plan", "approve", "P-001", "--for", "start", "--reason", "Gelezen.", "--as", "claudine")
    (row,) = run("plan", "approvals", "P-001", "--json").json["approvals"]
    assert (row["status"], row["approved_by_name"][:8], len(row["content_sha256"])) == ("holds", "Claudine", 64)


@pytest.mark.usefixtures("own_zone")
def test_a_plan_is_moved_to_the_newest_version_and_told_what_is_different() -> None:
    assert run("import", "file.yaml").status == 0
    assert run("plan", "show", "AP", "--json").json["definition_version"] == 1
    move = ("plan", "migrate", "AP", "--reason", "De nieuwe rubriek.")
    tried = run(*move, "--dry-run", "--json").json
    assert run("plan", "show", "AP", "--json").json["definition_version"] == 1
    out = run(*move).out
    assert "P-001: version 1 → 2 of “eigen”.\n+ rubric werkwijze\n" in out
    assert "The deadline “start the plan” of " in out
    assert tried["changes"] == [
        {"section": "rubrics", "id": "werkwijze", "change": "added", "field": None, "before": None, "after": None}
    ]
    assert run("plan", "show", "AP", "--json").json["definition_version"] == 2


@pytest.mark.usefixtures("own_zone")
def test_a_plan_and_its_programme_are_moved_to_another_method(own_zone: Path) -> None:
    text = (
        own_method.version(1, ('"plan"', '"begin"'))
        .replace('phase = "begin"', 'phase = "plan"')
        .replace('kind = "begin"', 'kind = "plan"')
    )
    (own_zone / "both" / "ander.toml").write_text(text.replace(f'id = "{own_method.ID}"', 'id = "ander"'))
    move = ("plan", "migrate", "AP", "--to", "ander@1", "--reason", "Eigen regels.")
    ran = run(*move, "--json")
    assert (ran.status, [need["code"] for need in ran.error["needs"]]) == (3, ["state-not-in-version"])
    assert ran.error["needs"][0]["command"] == "pdca workflow diff eigen@1 ander@1"
    mapped = (*move, "--state", "plan=begin")
    tried = run(*mapped, "--dry-run", "--json")
    assert tried.status == 0, tried.err
    tried = tried.json
    assert ("states", "begin", "added") in [(one["section"], one["id"], one["change"]) for one in tried["changes"]]
    assert run("plan", "show", "AP", "--json").json["definition"] == "eigen"
    out = run(*mapped).out
    assert "P-001: eigen@1 → ander@1.\nState: plan → begin.\n" in out
    shown = run("plan", "show", "AP", "--json").json
    assert (shown["definition"], shown["definition_version"], shown["state"]) == ("ander", 1, "begin")
    view = run("programme", "migrate", "p", "--to", "ander", "--reason", "Ook de nieuwe.", "--json").json
    assert (view["from_method"], view["method"], view["plans_staying"]) == ("eigen", "ander", [])
    assert run("programme", "show", "p", "--json").json["definition"] == "ander"
    assert run("audit", "verify").status == 0


@pytest.mark.usefixtures("own_zone")
@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("plan", "migrate", "AP", "--to", "zvp@x"), 2, "version-unknown"),
        (("plan", "migrate", "AP", "--to", "zvp@1", "--to-version", "2"), 2, "version-unknown"),
        (("plan", "migrate", "AP", "--to", "zvp", "--state", "plan"), 2, "state-pair"),
        (("plan", "migrate", "AP", "--to", "zvp", "--state", "plan=nergens"), 2, "state-unknown"),
        (("plan", "migrate", "AP", "--to", "nergens"), 4, "method-unknown"),
        (("programme", "migrate", "p", "--to", "eigen@1"), 2, "version-same"),
        (("programme", "migrate", "p", "--to", "nergens"), 4, "method-unknown"),
    ],
)
def test_a_move_that_is_not_understood_is_refused(arguments: tuple[str, ...], status: int, code: str) -> None:
    ran = run(*arguments, "--reason", "Zo.", "--json")
    assert (ran.status, ran.error["code"]) == (status, code)


@pytest.mark.usefixtures("own_zone")
def test_what_cannot_be_moved_is_refused_with_what_to_do() -> None:
    ran = run("plan", "migrate", "AP", "--to-version", "1", "--reason", "Terug.", "--json")
    assert (ran.status, ran.error["code"]) == (2, "version-same")
    ran = run("plan", "migrate", "AP", "--to-version", "9", "--reason", "Verder.", "--json")
    assert (ran.status, ran.error["code"]) == (4, "method-unknown")
    ran = run("plan", "migrate", "AP", "--reason", " ", "--json")
    assert (ran.status, [need["code"] for need in ran.error["needs"]]) == (3, ["no-motive"])
