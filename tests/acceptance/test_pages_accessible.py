"""Pages that leave the house can be read by everybody: WCAG 2.1 AA by axe-core in a browser, wide and narrow."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pdca import i18n
from tests.browser import needed, seen
from tests.unit.cli.running import run

FIGURES = "indicator,period,value,missing,approx,scope,source,according_to,published,note\n" + "".join(
    f"drug_feiten,{2022 + at // 12}-{at % 12 + 1:02d},{200 + at * 37 % 29 - (40 if at > 36 else 0)},,,,,ANG,,\n"
    for at in range(47)
)
REPORTS = [
    ("P-004", "public", "fr", "2025-07-01"),
    ("P-008", "authority", "nl", "2020-01-01"),
    ("P-002", "internal", "en", "2024-01-01"),
]


@pytest.fixture
def zone(demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The demo with an indicator that has a course of years."""
    database = f"sqlite:///{shutil.copyfile(demo, tmp_path / 'demo.db')}"
    monkeypatch.chdir(tmp_path)
    Path("figures.csv").write_text(FIGURES, encoding="utf-8")
    assert run("indicator", "import", "figures.csv", "--database", database, "--as", "U-001").status == 0
    return database


@pytest.fixture(autouse=True)
def english() -> None:
    i18n.use(i18n.SOURCE)


def written(database: str, report: tuple[str, str, str, str], form: str) -> Path:
    plan, audience, language, since = report
    file = Path(f"{plan}.{form}")
    options = ("--audience", audience, "--language", language, "--since", since, "--out", str(file))
    ran = run("report", "plan", plan, *options, "--database", database)
    assert ran.status == 0, ran.err
    return file


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: f"{report[0]}-{report[1]}-{report[2]}")
def test_a_progress_report_meets_wcag_and_is_no_wider_than_its_window(
    zone: str, tmp_path: Path, report: tuple[str, str, str, str]
) -> None:
    html = written(zone, report, "html").read_text(encoding="utf-8")
    for width, found in seen(html, tmp_path, 1200, 360).items():
        assert found.violations == []
        assert found.passed > 15
        assert found.width <= found.shown <= width


@pytest.mark.parametrize("kind", ["programme", "board"])
@pytest.mark.parametrize("language", ["nl", "fr"])
def test_the_report_of_a_programme_and_the_board_meet_wcag_and_are_no_wider_than_their_window(
    zone: str, tmp_path: Path, kind: str, language: str
) -> None:
    options = ("--audience", "authority", "--language", language, "--format", "html", "--out", f"{kind}.html")
    assert run("report", kind, *options, "--database", zone).status == 0
    fits_and_is_accessible(Path(f"{kind}.html"), tmp_path)


@pytest.mark.parametrize("page", ["index.html", "404.html", "index.nl.html", "programme-zvp-2020-2025.fr.html"])
def test_the_pages_of_a_site_meet_wcag_and_are_no_wider_than_their_window(zone: str, tmp_path: Path, page: str) -> None:
    assert run("report", "site", "--audience", "public", "--out", "site", "--database", zone).status == 0
    fits_and_is_accessible(Path("site") / page, tmp_path)


def fits_and_is_accessible(page: Path, folder: Path) -> None:
    for width, found in seen(page.read_text(encoding="utf-8"), folder, 1200, 360).items():
        assert found.violations == []
        assert found.passed > 15
        assert found.width <= found.shown <= width


def test_what_is_hard_to_read_would_be_found(tmp_path: Path) -> None:
    page = '<html><head><title>x</title></head><body><p style="color:#bbb">pale</p><img src="x.png"></body></html>'
    found = {name for name, *_rest in seen(page, tmp_path, 1200)[1200].violations}
    assert {"color-contrast", "image-alt", "html-has-lang"} <= found


def test_a_page_that_is_too_wide_would_be_found(tmp_path: Path) -> None:
    page = '<html lang="en"><head><title>x</title></head><body><div style="width:900px">wide</div></body></html>'
    found = seen(page, tmp_path, 360)[360]
    assert found.width > found.shown


def test_a_report_is_printed_as_tagged_pdf_with_its_title_and_language(zone: str) -> None:
    pdfinfo, pdftotext = needed("pdfinfo"), needed("pdftotext")
    file = written(zone, REPORTS[1], "pdf")
    told = subprocess.run([pdfinfo, file], capture_output=True, text=True, check=True).stdout
    assert "Tagged:          yes" in told
    assert "Voortgang: Actieplan verkeersveiligheid" in told
    meta = subprocess.run([pdfinfo, "-meta", file], capture_output=True, text=True, check=True).stdout
    assert re.search(r"pdfuaid:part(>|=\")1", meta)
    words = subprocess.run([pdftotext, file, "-"], capture_output=True, text=True, check=True).stdout
    assert "Evaluatiedatum" in words


def test_what_is_withheld_is_not_in_the_pdf_either(zone: str) -> None:
    pdftotext, words = needed("pdftotext"), "six drug offences a day registered"
    reason = ("--reason", "Het onderzoek loopt nog.", "--as", "U-010", "--database", zone)
    assert run("rubric", "withhold", "P-004", "analyse", "--from", "public", *reason).status == 0
    told = {}
    for audience in ("public", "authority"):
        file = written(zone, ("P-004", audience, "nl", "2025-07-01"), "pdf")
        told[audience] = subprocess.run([pdftotext, file, "-"], capture_output=True, text=True, check=True).stdout
        file.unlink()
    assert words not in told["public"]
    assert words in told["authority"]


def test_nor_is_what_is_withheld_of_the_evaluations(zone: str) -> None:
    pdftotext, report = needed("pdftotext"), ("P-004", "public", "nl", "2020-01-01")
    held = json.loads(written(zone, report, "json").read_text())["evaluations"]
    # What is before the colon says of every text of the demo that it is invented.
    lessons = next(one["lessons"] for one in held if one["lessons"]).rpartition(": ")[2]
    told = {}
    for when in ("before", "after"):
        file = written(zone, report, "pdf")
        words = subprocess.run([pdftotext, file, "-"], capture_output=True, text=True, check=True).stdout
        told[when] = " ".join(words.split())
        file.unlink()
        reason = ("--reason", "Ze noemen een straat.", "--as", "U-010", "--database", zone)
        assert run("evaluation", "withhold", "P-004", "lessons", "--from", "public", *reason).status == 0
    assert (lessons in told["before"], lessons in told["after"]) == (True, False)
