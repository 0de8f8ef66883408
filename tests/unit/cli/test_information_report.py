"""`pdca information prepare | approve | send | receipt | report | reports`: a report from beginning to proof."""

import hashlib
import sqlite3
from pathlib import Path
from typing import Final

import pytest

from pdca.cli.information_words import REPORTS
from tests.unit.cli.informing import done, events, information
from tests.unit.cli.running import run

LEAD: Final = ("--as", "ijsbrand")
MEMBER: Final = ("--as", "diederik")
OUTSIDER: Final = ("--as", "theophile")
POSTED: Final = ("--on", "2024-10-15", "--reference", "RR 123", "--received-by", "Lea, onthaal")
METHODS: Final = ("mail", "letter", "meeting", "web")


@pytest.fixture(autouse=True)
def noon(zone_at_start: Path, empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - it is there
    monkeypatch.setenv("PDCA_NOW", "2024-10-15T10:00:00Z")
    monkeypatch.setenv("PDCA_INFORMATION_FOLDER", str(empty_folder / "told"))


def refused(*arguments: str) -> list[str]:
    """The code of every need, of what was refused and noted; a dry run notes nothing."""
    before = len(events())
    tried = information(*arguments, "--dry-run", "--json")
    assert (tried.status, len(events())) == (3, before)
    ran = information(*arguments, "--json")
    assert (ran.status, len(events())) == (3, before + 1)
    codes = [need["code"] for need in ran.error["needs"]]
    assert codes == [need["code"] for need in tried.error["needs"]]
    return codes


def moment(method: str = "letter", *other: str) -> str:
    decision = ("--for", "huisvesting", "--method", method, "--date", "2024-11-04", "--reason", "Ze vragen erom.")
    found: str = done("set", "P-004", *decision, *other, *LEAD)["moments"][0]["information_id"]
    return found


def prepared(method: str = "letter", *other: str) -> str:
    report: str = done("prepare", moment(method, *other), *LEAD)["report"]
    return report


def approved(method: str = "letter", *other: str) -> str:
    report = prepared(method, *other)
    done("approve", report, *MEMBER)
    return report


def test_a_report_is_prepared_with_the_hash_of_each_page() -> None:
    name = moment()
    tried = done("prepare", name, "--dry-run", *LEAD)
    assert (tried["dry_run"], done("reports")["reports"]) == (True, [])
    told = done("prepare", name, *LEAD)
    assert (told["schema"], told["information"], told["status"]) == ("pdca.information-prepared/1", name, "prepared")
    pages = {language: information("report", told["report"], "--page", language).out for language in told["hashes"]}
    assert {name: hashlib.sha256(page.encode()).hexdigest() for name, page in pages.items()} == told["hashes"]
    again = information("prepare", name.lower(), *LEAD).out
    assert again.splitlines()[0] == f"R-002 is prepared for {name}."
    assert "pdca information approve R-002" in again
    assert [row["status"] for row in done("reports", "--plan", "P-004")["reports"]] == ["replaced", "prepared"]
    assert [row["report_id"] for row in done("reports", "--open")["reports"]] == ["R-002"]


def test_only_the_group_prepares_and_only_what_is_to_come() -> None:
    name = moment()
    assert refused("prepare", name, *OUTSIDER) == ["not-in-project-group"]
    done("stop", "P-004", "--for", "huisvesting", "--reason", "Gestopt.", *LEAD)
    gone = ["moment-not-open", "informed-no-longer"]
    assert refused("prepare", name, *LEAD) == gone
    assert refused("prepare", name, *OUTSIDER) == ["not-in-project-group", *gone]


def test_another_of_the_group_approves() -> None:
    name = prepared()
    assert refused("approve", name, *LEAD) == ["prepared-by-self"]
    assert refused("approve", name, *OUTSIDER) == ["not-in-project-group"]
    assert done("approve", name, "--dry-run", *MEMBER)["dry_run"]
    told = done("approve", name, "--reason", "Gelezen.", *MEMBER)
    assert (told["schema"], told["status"], told["method"]) == ("pdca.information-approved/1", "approved", "letter")
    assert refused("approve", name, *MEMBER) == ["report-approved"]
    shown = done("report", name)
    assert (shown["approved_by_name"], shown["approved_reason"]) == ("Diederik Luchtkasteel", "Gelezen.")


@pytest.mark.parametrize(
    ("method", "then"),
    [
        ("mail", "pdca notify deliver"),
        ("letter", "pdca information send R-001"),
        ("web", "pdca information send R-001"),
        ("meeting", "pdca information receipt R-001 --on DATE --received-by WHO --reference …"),
    ],
)
def test_once_approved_it_is_said_what_is_next(method: str, then: str) -> None:
    told = information("approve", prepared(method), *MEMBER)
    assert told.out.startswith("R-001 is approved.\n")
    assert f"`{then}`" in told.out


def test_a_page_is_published_in_each_language_with_a_receipt_for_each(empty_folder: Path) -> None:
    name = approved("web")
    tried = done("send", name, "--dry-run", *LEAD)
    assert (tried["dry_run"], (empty_folder / "told").exists()) == (True, False)
    told = done("send", name, *LEAD)
    assert told["schema"] == "pdca.information-sent/1"
    files = {one["language"]: Path(one["reference"]) for one in told["receipts"]}
    assert {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items()} == {
        one["language"]: one["sha256"] for one in told["receipts"]
    }
    assert refused("send", name, *LEAD) == ["report-informed"]


def test_all_that_was_approved_goes_without_a_daemon(empty_folder: Path) -> None:
    name = approved("web")
    run("notify", "deliver")
    assert not (empty_folder / "told").exists()
    tried = done("send", "--all-approved", "--dry-run")
    assert (tried["schema"], tried["reports"]) == ("pdca.information-sent-all/1", [name])
    assert not (empty_folder / "told").exists()
    told = done("send", "--all-approved")
    assert (told["handed_over"], told["failed"]) == (1, 0)
    assert [*(empty_folder / "told" / "site").iterdir()]
    assert done("report", name)["status"] == "informed"
    assert events()[-1]["actor"] == "scheduler"
    nothing = information("send", "--all-approved")
    assert (nothing.status, nothing.out) == (0, "Nothing was approved that waits to be handed over.\n")


def test_what_of_all_could_not_go_is_told_and_kept(empty_folder: Path) -> None:
    name = approved("web")
    (empty_folder / "told").write_text("in the way")
    ran = information("send", "--all-approved", "--json")
    assert (ran.status, ran.error["code"]) == (75, "no-report-handed-over")
    assert [need["code"] for need in done("reports", "--open")["reports"][0]["not_gone"]] == ["hand-over-failed"]
    assert done("report", name)["status"] == "approved"


@pytest.mark.parametrize("arguments", [(), ("R-001", "--all-approved")])
def test_one_report_is_named_or_all_are_meant(arguments: tuple[str, ...]) -> None:
    ran = information("send", *arguments, "--json")
    assert (ran.status, ran.error["code"]) == (2, "which-report")


def test_a_letter_is_written_and_then_posted() -> None:
    name = approved()
    assert refused("receipt", name, *POSTED, *LEAD) == ["report-not-handed-over"]
    assert refused("send", name, *OUTSIDER) == ["not-in-project-group"]
    sent = information("send", name, *LEAD)
    assert (sent.status, sent.out.split(": ")[0]) == (0, f"{name}, nl")
    assert done("receipt", name, *POSTED, "--dry-run", *LEAD)["dry_run"]
    assert refused("receipt", name, *POSTED, *OUTSIDER) == ["not-in-project-group"]
    told = done("receipt", name, *POSTED, "--language", "fr", *LEAD)
    assert {key: told[key] for key in ("kind", "happened_on", "language", "received_by", "reference")} == {
        "kind": "posted",
        "happened_on": "2024-10-15",
        "language": "fr",
        "received_by": "Lea, onthaal",
        "reference": "RR 123",
    }
    written, posted = done("report", name)["receipts"]
    lines = information("report", name).out.splitlines()
    at = lines.index(f"  posted 2024-10-15: {posted['reference']}")
    assert lines[at + 1 : at + 3] == ["    Received by: Lea, onthaal", "    Language: fr"]
    assert f"    SHA-256: {written['sha256']}" in lines
    assert "posted (Lea, onthaal, fr) 2024-10-15" in " ".join(information("show", "P-004").out.split())


def test_a_mail_has_its_receipt_with_language_and_hash_once_it_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDCA_NOTIFY_FOLDER", "outbox")
    name = approved("mail")
    assert run("notify", "deliver").status == 0
    assert run("scheduler", "deliver").status in (0, 2)
    view = done("report", name)
    [receipt] = view["receipts"]
    mail = next(path for path in Path("outbox").iterdir() if b"X-PDCA-Kind: information.report" in path.read_bytes())
    assert receipt["sha256"] == hashlib.sha256(mail.read_bytes()).hexdigest()
    shown = information("report", name).out
    assert f"    SHA-256: {receipt['sha256']}" in shown
    assert f"    Language: {receipt['language']}" in shown
    assert "    To whom: Diederik Luchtkasteel" in shown


def test_nothing_is_written_for_a_meeting() -> None:
    name = approved("meeting")
    ran = information("send", name, *LEAD, "--json")
    assert (ran.status, ran.error["code"]) == (2, "not-handed-over")
    told = information("receipt", name, *POSTED, *LEAD)
    assert told.out == f"{name}: the receipt is recorded (RR 123).\n"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        (("--on", "2024-10-16"), 2, "day-impossible"),
        (("--on", "2024-10-14"), 2, "day-impossible"),
        (("--on", "soon"), 2, "date-unknown"),
        (("--reference", " "), 2, "line-missing"),
        (("--reference", "RR\u202e1"), 2, "line-unreadable"),
        (("--received-by", ""), 2, "line-missing"),
        (("--received-by", "x" * 501), 2, "not-one-line"),
        (("--language", "de"), 4, "page-unknown"),
    ],
)
def test_a_receipt_that_cannot_be_is_not_kept(change: tuple[str, ...], status: int, code: str) -> None:
    name = approved("meeting")
    before = events()
    ran = information("receipt", name, *POSTED, *change, *LEAD, "--json")
    assert (ran.status, ran.error["code"], ran.out) == (status, code, "")
    assert (events(), done("report", name)["receipts"]) == (before, [])


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("prepare", "I-999"), 4, "moment-unknown"),
        (("approve", "R-999"), 4, "report-unknown"),
        (("send", "R-999"), 4, "report-unknown"),
        (("receipt", "R-999", *POSTED), 4, "report-unknown"),
        (("receipt", "R-001", *POSTED[:4]), 2, "missing-option"),
        (("report", "R-999"), 4, "report-unknown"),
        (("report", "R-999", "--page", "nl"), 4, "report-unknown"),
        (("report", "R-001", "--page", "de"), 4, "page-unknown"),
        (("reports", "--plan", "P-999"), 4, "plan-unknown"),
    ],
)
def test_what_there_is_not_is_said_with_a_code(arguments: tuple[str, ...], status: int, code: str) -> None:
    prepared()
    ran = information(*arguments, "--json")
    assert (ran.status, ran.error["code"], ran.out) == (status, code, "")
    assert ran.error["hint"]


def test_a_page_that_was_tampered_with_is_not_shown_as_the_one_that_was_prepared(zone_at_start: Path) -> None:
    name = prepared()
    with sqlite3.connect(zone_at_start) as connection:
        (text,) = connection.execute("SELECT contents FROM information_report").fetchone()
        connection.execute("UPDATE information_report SET contents = ?", (text.replace("Hotspot", "Hotsp0t"),))
    connection.close()
    ran = information("report", name, "--page", "nl", "--json")
    assert (ran.status, ran.error["code"], ran.out) == (1, "report-altered", "")
    assert "pdca audit verify" in ran.error["hint"]
    assert refused("approve", name, *MEMBER) == ["report-altered"]


def test_what_keeps_a_report_from_going_stands_where_one_looks(empty_folder: Path) -> None:
    name = approved("web")
    (empty_folder / "told").write_text("a file in the way", encoding="utf-8")
    ran = information("send", name, *LEAD, "--json")
    assert (ran.status, ran.error["code"]) == (1, "folder-not-made")
    assert run("plan", "set", "P-004", "restricted=true", *LEAD).status == 0
    [row] = done("reports")["reports"]
    [reason] = row["not_gone"]
    assert (reason["code"], reason["need"][:19]) == ("plan-restricted", "P-004 is restricted")
    table = ("reports", "--format", "table")
    for place in (("status",), ("plan", "next", "P-004", "--format", "table"), ("doctor",), ("information", *table)):
        assert reason["need"].rstrip(".") in " ".join(run(*place).out.split()), place
    for page in (("information", "report", name), ("information", "show", "P-004")):
        assert "P-004 is restricted" in " ".join(run(*page).out.split()), page


def test_a_site_written_where_pages_are_published_leaves_those_that_may_be_shown_and_elsewhere_it_has_none_of_them(
    empty_folder: Path,
) -> None:
    done("send", approved("web", "--although-restricted"), *LEAD)
    site = empty_folder / "told" / "site"
    pages = {path.name: path.read_bytes() for path in site.iterdir()}
    assert run("plan", "set", "P-004", "restricted=yes", *LEAD).status == 0
    assert run("report", "site", "--audience", "public").status == 0
    assert (site / "index.html").is_file()
    assert {name: (site / name).read_bytes() for name in pages} == pages
    assert run("report", "site", "--audience", "public", "--out", str(empty_folder / "there")).status == 0
    assert not list((empty_folder / "there").glob("P-004*"))


def test_a_report_whose_mail_was_given_up_is_not_said_to_be_handed_over() -> None:
    status = next(column for column in REPORTS if column.key == "status")
    row = {"status": "sent", "not_gone": [{"need": "The e-mail was given up."}]}
    assert status.show is not None
    assert status.show(row) == "The e-mail was given up"
    assert "handed over" in status.show({**row, "not_gone": []})
