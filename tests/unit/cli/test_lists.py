"""Every command that gives a list, in every form: no column is always empty, and no form hides a mark."""

import csv
import io
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import click
import pytest

from pdca.cli.frame import ListCommand
from pdca.cli.main import root
from pdca.witness import Witness
from pdca.words import ASSUMED
from tests.unit.cli.running import run, run_on_terminal, run_process
from tests.unit.cli.zone import PDCA, pdca
from tests.witnessed import LOG, NAME, branches

LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "activity list": (),
    "audit key list": (),
    "audit log": (),
    "audit witness list": (),
    "audit statistics": (),
    "board": (),
    "completeness": (),
    "config show": (),
    "doctor": (),
    "erasure list": (),
    "evaluation list": (),
    "evaluation verify": (),
    "followup list": (),
    "indicator list": (),
    "information list": (),
    "information preview": ("LATER", "--for", "huisvesting", "--date", "2026-05-09", "--date", "2026-05-10"),
    "information reports": (),
    "function list": (),
    "means": (),
    "notify list": (),
    "objective list": (),
    "partner list": (),
    "partner reactions": (),
    "partner sessions": (),
    "person list": (),
    "person substitutions": (),
    "phenomenon list": (),
    "plan approvals": ("P-004",),
    "plan cycles": ("P-004",),
    "plan history": ("P-004",),
    "plan list": (),
    "plan next": ("--all",),
    "programme evaluation list": (),
    "programme list": (),
    "schedule list": (),
    "schedule preview": ("LATER",),
    "simulate": ("--until", "2027-03-31", "--dry-run"),
    "workdays list": ("--year", "2026"),
    "workflow list": (),
}
MARKS: Final[Mapping[str, frozenset[str]]] = {
    "activity list": frozenset({"assumed", "restricted"}),
    "audit log": frozenset({"actor_assumed"}),
    "audit statistics": frozenset({"assumed", "restricted"}),
    "board": frozenset({"assumed", "restricted"}),
    "completeness": frozenset({"assumed", "restricted"}),
    "evaluation list": frozenset({"acknowledged_by_assumed", "assumed", "plan_assumed", "restricted"}),
    "evaluation verify": frozenset(),
    "followup list": frozenset({"owner_assumed", "restricted"}),
    "indicator list": frozenset({"assumed"}),
    "information list": frozenset({"assumed", "restricted"}),
    "information reports": frozenset({"party_assumed"}),
    "function list": frozenset({"assumed", "discipline_assumed"}),
    "means": frozenset({"assumed", "restricted"}),
    "notify list": frozenset({"assumed", "restricted"}),
    "objective list": frozenset({"assumed"}),
    "partner list": frozenset({"assumed"}),
    "partner reactions": frozenset({"party_assumed"}),
    "partner sessions": frozenset({"party_assumed"}),
    "person list": frozenset({"assumed"}),
    "person substitutions": frozenset({"assumed"}),
    "phenomenon list": frozenset({"assumed"}),
    "plan approvals": frozenset({"approver_assumed"}),
    "plan cycles": frozenset(),
    "plan history": frozenset({"actor_assumed"}),
    "plan list": frozenset({"assumed", "restricted"}),
    "plan next": frozenset({"acknowledged_by_assumed", "assumed", "restricted"}),
    "programme evaluation list": frozenset({"as_published", "assumed"}),
    "programme list": frozenset({"assumed"}),
    "schedule list": frozenset({"assumed", "restricted"}),
    "simulate": frozenset({"assumed", "restricted"}),
}
MORE: Final = """\
---
pdca: 1
language: nl
organisation: {id: pz-zuid, name: Politiezone Zuid, zone: Europe/Brussels, languages: [nl, fr]}
programme:
  id: later
  title: Later
  method: zvp
  period: {from: "2026", to: "2031"}
  previous: [zvp-2020-2025]
  assumed: true
  evaluations:
    - {id: Y, kind: yearly, period: "2024", due: 2025-01, held: 2025-02, by: zvr, assumed: true}
objectives:
  - id: L1
    title: Later
    disposition: {as: retained, motive: Later., decided: "2025", by: zvr}
    objectives:
      - id: L1.1
        title: Later
        plans:
          - id: LATER
            title: Vervolg
            period: {from: 2026-01-02, to: 2026-12-31}
            restricted: true
            assumed: true
            evaluations: [{date: 2026-12, kind: final, assumed: true}]
            activities: [{id: A1, title: Later, assumed: true, means: [{year: 2026, hours: 40}]}]
...
"""


def _evaluate_the_programme(url: str) -> None:
    pdca("programme", "evaluation", "add", "later", "--kind", "final", "--due", "2025-01", "--database", url)
    pdca("programme", "evaluation", "add", "later", "--kind", "mid-term", "--due", "2026-01", "--database", url)
    put_off = ("programme", "evaluation", "extend", "later/mid-term", "--reason", "Later.", "--database", url)
    pdca(*put_off, "--to", "2026-02")
    pdca(*put_off, "--approve", "--as", "adelheid")


def _sign_with_a_second_key(url: str) -> None:
    for why in ("Het eerste.", "Gezien door een collega."):
        # Elsewhere than that of the zone it is a copy of, which other tests sign with.
        key = url.removeprefix("sqlite:///") + ".key"
        pdca("audit", "key", "change", "--reason", why, "--database", url, PDCA_AUDIT_KEY_FILE=key)


def _erase(url: str) -> None:
    basis = ("--legal-basis", "The law.", "--reason", "Later.", "--database", url)
    pdca("retention", "set", "messages", "--after", "5y", *basis)
    pdca("retention", "apply", "--yes", "--database", url)


def _witness_another_log(folder: Path) -> None:
    there = Witness(folder / "witness")
    there.make(NAME, [LOG.verifier])
    there.sign(branches(1, 2)[0].growth(0, 1), 1_700_000_000)


def _prepare_a_mail_that_reaches_nobody(*by_hand: str) -> None:
    pdca("person", "leave", "theophile", "hoge_ambtenaar", *by_hand[2:])
    nobody = ("--for", "hoge_ambtenaar", "--method", "mail", "--date", "2026-12-01", "--until", "2026-12-31")
    decided = json.loads(pdca("information", "set", "P-004", *nobody, "--reason", "Later.", *by_hand, "--json").out)
    pdca("information", "prepare", decided["moments"][0]["information_id"], *by_hand)


@pytest.fixture(scope="module")
def full(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo as it ends, with a plan whose evaluation is still to come, and messages that cannot be delivered."""
    folder = tmp_path_factory.mktemp("full")
    url = f"sqlite:///{shutil.copyfile(demo, folder / 'pdca.db')}"
    (folder / "more.yaml").write_text(MORE, encoding="utf-8")
    (folder / "outbox").write_text("in the way")
    pdca("import", str(folder / "more.yaml"), "--database", url)
    suspend = ("plan", "advance", "P-004", "--trigger", "suspend", "--reason", "Later.", "--database", url)
    assert run_process(*suspend, program=PDCA).status == 3
    decided = ("--motive", "Later.", "--by", "zvr", "--on", "2025", "--database", url)
    _evaluate_the_programme(url)
    pdca("scheduler", "sweep", "--database", url)
    pdca(
        "objective",
        "decide",
        "SC",
        "--disposition",
        "daily_operations",
        "--watch",
        "Later.",
        "--evidence",
        "Later.",
        *decided,
    )
    together = ("--date", "2026-05-09", "--date", "2026-05-10", "--reason", "Later.", "--database", url)
    pdca("schedule", "set", "LATER", *together)
    _sign_with_a_second_key(url)
    _witness_another_log(folder)
    pdca("workdays", "close", "2026-05-15", "--name", "Brugdag", "--database", url)
    pdca("programme", "deadline", "later", "2026-03-01", "--database", url)
    pdca("programme", "submit", "later", "--step", "zvr=Later", "--database", url)
    today = ("--until", "2025-12-31", "--reason", "Leave.", "--database", url)
    pdca("person", "substitute", "ijsbrand", "--by", "dorus", *today)
    pdca("person", "substitute", "claudine", "--by", "kaatje", *today)
    approve = ("plan", "approve", "P-004", "--for", "close", "--reason", "Later.", "--as", "kaatje")
    pdca(*approve, "--on-behalf-of", "claudine", "--database", url)
    taken_up = ("evaluation", "acknowledge", "E-031", "--until", "2026-01-20", "--reason", "Later.", "--as", "dorus")
    pdca(*taken_up, "--database", url)
    informed = ("--for", "huisvesting", "--reason", "Later.", "--database", url)
    on_a_day = ("--method", "web", "--date", "2026-05-09", "--although-restricted", *informed)
    pdca("information", "set", "LATER", *on_a_day)
    twice = ("--method", "web", "--date", "2026-06-01", "--date", "2026-12-01", "--until", "2026-12-31", *informed)
    pdca("information", "set", "P-004", *twice, "--as", "dorus")
    by_hand = ("--as", "ijsbrand", "--database", url)
    rows = json.loads(pdca("information", "show", "P-004", "--json", "--database", url).out)["moments"]
    first, second = [row["information_id"] for row in rows if row["date"] in ("2026-06-01", "2026-12-01")]
    report = json.loads(pdca("information", "prepare", first, *by_hand, "--json").out)["report"]
    pdca("information", "approve", report, "--reason", "Later.", "--as", "dorus", "--database", url)
    sent = run_process(
        "information", "send", report, *by_hand, program=PDCA, PDCA_INFORMATION_FOLDER=str(folder / "told")
    )
    assert sent.status == 0
    pdca("information", "prepare", second, *by_hand)
    _prepare_a_mail_that_reaches_nobody(*by_hand)
    pdca("activity", "set", "P-004/A1", "note=Later.", "--as", "ijsbrand", "--database", url)
    pdca("indicator", "set", "drug_feiten", "rhythm=yearly", "--database", url)
    pdca(*suspend, "--as", "dorus")
    of_plan = ("--party", "huisvesting", "--as", "ijsbrand", "--database", url)
    pdca("partner", "involve", "P-004", "--mode", "training", "--content", "How.", "--attended", "Ten.", *of_plan)
    said = ("partner", "react", "P-004", "--text", "Well.", "--report", report, "--json", *of_plan)
    pdca("partner", "answer", json.loads(pdca(*said).out)["reaction"], "--text", "Thanks.", *of_plan[2:])
    _erase(url)
    deliver = ("notify", "deliver", "--database", url)
    assert run_process(*deliver, program=PDCA, PDCA_NOTIFY_FOLDER=str(folder / "outbox")).status == 75
    return folder


@pytest.fixture
def full_zone(full: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDCA_DATABASE", f"sqlite:///{full / 'pdca.db'}")
    monkeypatch.setenv("PDCA_NOTIFY_FOLDER", str(full / "outbox"))
    monkeypatch.setenv("PDCA_AUDIT_WITNESS_FOLDER", str(full / "witness"))


def lists(group: click.Group, *above: str) -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from lists(command, *above, name)
        elif isinstance(command, ListCommand):
            yield " ".join((*above, name))


def given(command: str, form: str) -> str:
    ran = run(*command.split(), *LISTS[command], "--format", form)
    assert ran.err == ""
    return ran.out


def rows_of(command: str, form: str) -> list[dict[str, Any]]:
    """Give the rows that a form holds; all their values are texts in TSV and CSV."""
    text = given(command, form)
    if form == "json":
        [rows] = [part for part in json.loads(text).values() if isinstance(part, list)]
        return list(rows)
    if form == "jsonl":
        return [json.loads(line) for line in text.splitlines()]
    if form == "csv":
        return list(csv.DictReader(io.StringIO(text, newline="")))
    head, *lines = [line.split("\t") for line in text.splitlines()]
    return [dict(zip(head, line, strict=True)) for line in lines]


def test_every_list_of_the_program_is_looked_at() -> None:
    assert {name for name in lists(root) if not name.startswith("sample")} == set(LISTS)


@pytest.mark.usefixtures("full_zone")
@pytest.mark.parametrize("command", LISTS)
def test_no_column_is_always_empty_and_every_mark_is_in_every_form(command: str) -> None:
    found = {form: rows_of(command, form) for form in ("json", "jsonl", "tsv", "csv")}
    # Not their values: what a machine has free changes while one looks.
    assert [row.keys() for row in found["json"]] == [row.keys() for row in found["jsonl"]]
    for form in ("tsv", "csv"):
        rows = found[form]
        assert rows
        assert rows[0].keys() <= found["json"][0].keys()
        assert not {key for key in rows[0] if not any(row[key] for row in rows)}
        for mark in MARKS.get(command, ()):
            marked = [row[mark] for row in found["json"]]
            assert set(marked) >= {True}
            assert [row[mark] for row in rows] == ["true" if one else "false" for one in marked]


@pytest.mark.usefixtures("full_zone")
def test_the_first_column_of_the_plans_is_their_id() -> None:
    head, *lines = given("plan list", "tsv").splitlines()
    assert head.split("\t")[0] == "plan_id"
    assert [line.split("\t")[0] for line in lines] == [f"P-{number:03d}" for number in range(1, 14)]


@pytest.mark.usefixtures("full_zone")
@pytest.mark.parametrize("command", ["plan list", "plan next", "evaluation list"])
def test_people_see_what_is_assumed_or_restricted_behind_the_title(command: str) -> None:
    assert "Vervolg [restricted] ~" in given(command, "table")
    assert "assumed" not in given(command, "table").splitlines()[0].lower()


@pytest.mark.usefixtures("full_zone")
@pytest.mark.parametrize("command", LISTS)
def test_the_mark_of_what_is_assumed_is_explained_where_it_stands_and_only_there(command: str) -> None:
    out = run_on_terminal(*command.split(), *LISTS[command], columns=200).out
    lines = out.splitlines()
    explained = [line for line in lines if line.startswith(ASSUMED)]
    assert bool(explained) == any(ASSUMED in line for line in lines if line not in explained)
