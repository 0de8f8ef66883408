"""The letter before a report on paper: to whom and from whom, where the window of the envelope is, in its language."""

import re
import subprocess
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any, Final

import pytest

from pdca.pages.letter import Addressee, Covering, as_letter
from pdca.pages.pdf import as_pdf
from pdca.pages.progress import as_html
from tests.browser import needed
from tests.unit.pages.facts import report

FACTS: Final = report()
MM: Final = 72 / 25.4
WINDOW: Final = (110 * MM, 55 * MM, 190 * MM, 79 * MM)
"""What a C5/6 envelope shows of a sheet that is folded in three, however it slides: left, top, right, bottom."""

PARTY: Final = {"nl": "Parket van Brussel", "fr": "Parquet de Bruxelles"}
ADDRESS: Final = {"nl": "Vierarmenstraat 4\n1000 Brussel", "fr": "Rue des Quatre Bras 4\n1000 Bruxelles"}
SENDER: Final = {"nl": "Demetskaai 4\n1070 Anderlecht", "fr": "Quai Demets 4\n1070 Anderlecht"}


def letter(language: str, to: Addressee) -> str:
    page = as_html(FACTS, language)
    return as_letter(page, FACTS, to, Covering("R-001", "ab" * 32, date(2024, 11, 4), SENDER), language)


def words(html: str, folder: Path) -> list[tuple[str, tuple[float, ...]]]:
    """The words of the first page as printed, each with where it stands, in points."""
    file = folder / "letter.pdf"
    file.write_bytes(as_pdf(html))
    found = subprocess.run(
        [needed("pdftotext"), "-l", "1", "-bbox", str(file), "-"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    return [
        (unescape(word), tuple(map(float, sides)))
        for *sides, word in re.findall(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>', found)
    ]


def inside(place: tuple[float, ...]) -> bool:
    left, top, right, bottom = place
    return left >= WINDOW[0] and top >= WINDOW[1] and right <= WINDOW[2] and bottom <= WINDOW[3]


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("nl", "Parket van Brussel t.a.v. Zacharie Fantasque Vierarmenstraat 4 1000 Brussel"),
        ("fr", "Parquet de Bruxelles à l\u2019attention de Zacharie Fantasque Rue des Quatre Bras 4 1000 Bruxelles"),
    ],
)
def test_the_window_shows_the_whole_address_and_nothing_else(tmp_path: Path, language: str, shown: str) -> None:
    found = words(letter(language, Addressee(PARTY, ["Zacharie Fantasque"], ADDRESS)), tmp_path)
    assert " ".join(word for word, place in found if inside(place)) == shown.replace("\xa0", " ")


def test_however_many_represent_the_party_street_and_town_are_in_the_window(tmp_path: Path) -> None:
    many = [f"Persoon{number} Verzonnen" for number in range(9)]
    found = [word for word, place in words(letter("nl", Addressee(PARTY, many, ADDRESS)), tmp_path) if inside(place)]
    assert {"Vierarmenstraat", "1000", "Persoon0", "Persoon2"} <= set(found)
    assert "Persoon3" not in found


def test_a_party_without_an_address_is_named_all_the_same(tmp_path: Path) -> None:
    found = words(letter("nl", Addressee(PARTY)), tmp_path)
    assert [word for word, place in found if inside(place)] == ["Parket", "van", "Brussel"]


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("nl", ["Demetskaai 4", "4 november 2024", "R-001", "Betreft:", "Geachte mevrouw", "Met de meeste", "abab"]),
        ("fr", ["Quai Demets 4", "4 novembre 2024", "R-001", "Objet", "Madame, Monsieur", "Veuillez agréer", "abab"]),
    ],
)
def test_it_says_from_whom_when_and_about_what_and_the_report_is_behind_it(language: str, texts: list[str]) -> None:
    made = letter(language, Addressee(PARTY))
    before, behind = made.split("</section>", 1)
    assert all(text in before for text in texts)
    assert before.count("<section") == 1
    assert behind.strip() == as_html(FACTS, language).split("<body>", 1)[1].strip()


def test_what_somebody_is_called_is_no_markup() -> None:
    name: dict[str, Any] = {"nl": "<script>alert(1)</script>"}
    assert "<script" not in letter("nl", Addressee(name, ["<b>A</b>"]))
