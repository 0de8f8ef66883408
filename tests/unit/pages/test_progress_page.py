"""The page of a progress report says what the facts say, in the language of its readers, and harms nobody."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from pdca import i18n
from pdca.errors import Failed
from pdca.indicators.assurance import Assurance
from pdca.indicators.reading import Variation
from pdca.indicators.recorded import Step
from pdca.pages import pdf
from pdca.pages.gantt import gantt
from pdca.pages.progress import as_html, as_markdown
from pdca.pages.progress_words import chip, sentence
from pdca.words import ACTIVITY_STATUS
from tests.unit.indicators.made import day, series
from tests.unit.pages.facts import View, indicator, report

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}",
    "{% include '/etc/passwd' %}",
    "%(plan)s",
    "| a | b |\n# Kop",
    "[klik](http://example.org)",
    "x\u202eevil",
]
NAMED = re.compile(r"""(?:src|href|url)\s*[=(]\s*["']?([^"'\s)>]+)""")


@pytest.fixture(autouse=True)
def english_after() -> Iterator[None]:
    yield
    i18n.use(i18n.SOURCE)
    i18n.at_home_in(i18n.SOURCE)


class Tags(HTMLParser):
    """Every element of a page, with its attributes, and whether they are closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in ("meta", "br", "img", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def everywhere(text: str) -> View:
    """Give a report that says a text wherever somebody can write one."""
    facts = report(
        body={"name": {"nl": text}, "simulated": True},
        rubrics=[
            {"rubric_id": "a", "label": {"nl": text}, "text": {"nl": text}, "not_applicable": None, "assumed": False}
        ],
        activities=[
            {
                "activity_id": "P-001/A1",
                "title": {"nl": text},
                "start_date": "2024-01",
                "end_date": "2024-06-30",
                "status": "running",
                "result": text,
                "assumed": False,
                "owner": {"nl": text},
                "late": True,
            }
        ],
        indicators=[{**indicator(series([4, 5, 6, None, 7])), "title": {"nl": text}, "unit": {"nl": text}}],
        reactions={
            "received": 1,
            "answered": 0,
            "said": [
                {
                    "received_on": "2024-03-01",
                    "party_name": {"nl": text},
                    "party_assumed": False,
                    "text": text,
                    "answer": None,
                }
            ],
        },
    )
    facts["plan"] = {**facts["plan"], "title": {"nl": text}}
    return facts


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_somebody_wrote_is_text_and_nothing_else(text: str) -> None:
    page = Tags(as_html(everywhere(text), "nl"))
    assert page.open == []
    names = {tag for tag, _attributes in page.seen}
    assert not names & {"script", "img", "iframe", "object", "link", "form"}
    assert not any(name.startswith("on") for _tag, attributes in page.seen for name in attributes)
    lines = as_markdown(everywhere(text), "nl").splitlines()
    assert [line for line in lines if line.startswith("# ")] == [next(line for line in lines if line.startswith("# "))]
    assert not re.search(r"(?<!\\)\]\(http", "\n".join(lines))
    tables = [line for line in lines if line.startswith("|")]
    assert all(len(re.findall(r"(?<!\\)\|", line)) > 2 for line in tables)


def test_the_page_names_nothing_outside_itself_and_lets_nothing_run() -> None:
    html = as_html(everywhere("tekst"), "nl")
    assert set(NAMED.findall(html)) <= {"#content"}
    assert "style=" not in re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy
    assert policy[1].replace("&#39;", "'").startswith("default-src 'none'; style-src 'sha256-")


def test_the_policy_names_the_style_that_is_in_the_page() -> None:
    import base64
    import hashlib

    html = as_html(report(), "fr")
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"sha256-{digest}" in html.replace("&#43;", "+")


@pytest.mark.parametrize(
    ("language", "title", "sentence"),
    [
        ("en", "Progress of Minder diefstal", "The plan was not evaluated yet; nothing is fixed for what comes next."),
        (
            "nl",
            "Voortgang: Minder diefstal",
            "Het plan werd nog niet geëvalueerd; voor wat volgt, ligt nog niets vast.",
        ),
        ("fr", "Moins de vols", "pas encore été évalué"),
    ],
)
def test_a_page_is_in_the_language_of_its_readers_whoever_makes_it(language: str, title: str, sentence: str) -> None:
    i18n.use("fr")
    i18n.at_home_in("nl")
    html = as_html(report(), language)
    assert f'<html lang="{language}">' in html
    assert title in html
    assert sentence in html
    assert sentence in as_markdown(report(), language).replace("\\", "")
    assert i18n.language() == "fr"


def test_what_stands_behind_one_another_is_spaced_as_the_language_does() -> None:
    receipts = [{"kind": kind, "happened_on": "2024-10-31"} for kind in ("written", "posted", "posted")]
    proof = {"report": "P-001-R-001", "sha256": "0" * 64, "receipts": receipts}
    told = {"recipient": {"fr": "Le parquet"}, "date": "2024-10-31", "method": "letter", "passed": True}
    page = as_markdown(report(informed=[{**told, "proof": proof, "assumed": False}]), "fr")
    assert "lettre établie\u00a0: 31 octobre 2024\u00a0; posté\u00a0: 31 octobre 2024 (P-001-R-001" in page


def test_a_text_in_another_language_than_the_page_says_which() -> None:
    facts = report(body={"name": {"nl": "Zone"}, "simulated": False})
    assert '<span lang="nl">Zone</span>' in as_html(facts, "fr")


def test_every_table_has_a_caption_and_headings_and_every_drawing_a_title_and_a_description() -> None:
    facts = report(indicators=[indicator(series([4, 5, 6, None, 7]))])
    html = as_html(facts, "nl")
    assert html.count("<table") == html.count("<caption>") == html.count("<thead")
    for drawing in re.findall(r"<svg viewBox.*?</svg>", html, re.DOTALL):
        tree = ET.fromstring(drawing)  # noqa: S314 - what we made ourselves
        assert [child.tag for child in tree][:2] == ["title", "desc"]
        assert tree.get("aria-labelledby", "").split() == [child.get("id") for child in list(tree)[:2]]


def test_ids_are_those_of_one_element_each() -> None:
    facts = report(indicators=[indicator(series([4, 5, 6, 7])), indicator(series([1, 2, 3]))])
    ids = [attributes["id"] for _tag, attributes in Tags(as_html(facts, "nl")).seen if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_signals_steps_limits_and_the_target_can_be_told_without_colour() -> None:
    figures = [100, 104] * 6 + [60] * 8
    target = {
        **dict.fromkeys(("number", "period", "by_date", "upto", "words", "direction", "determined_by")),
        "op": "<=",
        "value": "80",
        "assumed": False,
        "judgement": "met",
    }
    marks = [(12, "P-001 P→D"), (15, "P-001 D→C"), (15, "P-001 C→A")]
    taken = [
        Step("P-001", day(at), before, after, says)
        for (at, says), before, after in zip(marks, ("plan", "do", "check"), ("do", "check", "adjust"), strict=True)
    ]
    one = indicator(series(figures, baseline=12, marks=marks), target, taken)
    html = as_html(report(indicators=[one]), "nl")
    assert "P→D" in html
    assert "D→C→A" in html
    assert 'stroke-dasharray="5 4"' in html
    assert 'stroke-dasharray="1 4"' in html
    assert 'Z" fill="#a3271c"' in html
    assert "◆ signaal" in html
    assert "┈┈ streefwaarde" in html


def test_steps_of_another_plan_are_not_drawn() -> None:
    other = Step("P-002", day(2), "plan", "do", "P-002 P→D")
    one = indicator(series([4, 5, 6, 7], marks=[(2, "P-002 P→D")]), None, [other])
    assert one["steps"] == []
    assert "P-002" not in as_html(report(indicators=[one]), "nl")


def test_many_figures_are_laid_out_by_year_with_every_figure_there() -> None:
    one = indicator(series(list(range(100, 130))))
    for at, point in enumerate(one["points"]):
        point["period"] = f"{2020 + at // 12}-{at % 12 + 1:02d}"
    one["reading"]["stretches"] = [
        {**one["reading"]["stretches"][0], "first": "2020-01", "last": "2022-06", "judged_from": "2020-01"}
    ]
    text = as_markdown(report(indicators=[one]), "nl")
    row = next(line for line in text.splitlines() if line.startswith("| 2021 |"))
    assert [int(found) for found in re.findall(r"(?<!\d)\d{3}(?!\d)", row)] == list(range(112, 124))


CLAUSES: list[View] = [
    {"code": "not-evaluated"},
    {"code": "awaiting", "kind": "yearly", "on": "2024-04-08", "assumed": False, "days": 1},
    {"code": "evaluated", "kind": "final", "on": "2024-04-08", "assumed": False, "verdict": "effective"},
    {"code": "evaluated", "kind": "eigen soort", "on": "2024-04-01", "assumed": False, "verdict": "inconclusive"},
    {"code": "evaluated-before", "kind": "interim", "on": "2024-04-08", "assumed": False, "verdict": "ineffective"},
    {"code": "missed", "kind": "yearly", "on": "2024-04-08", "assumed": False, "because": "not_started"},
    {"code": "date-kept"},
    {"code": "date-open", "by": "2024-04-22"},
    {"code": "date-open", "by": None},
    {"code": "date-late", "recorded_on": "2024-05-30"},
    {"code": "date-moved", "times": 2, "first_date": "2024-04"},
    {"code": "overdue", "by": "2024-04-22"},
    {"code": "overdue", "by": None},
    {"code": "next", "what": "evaluation", "by": "2024-10-08"},
    {"code": "next-late", "what": "decide", "by": "2024-05-30"},
    {"code": "held", "what": "evaluation", "by": "2024-10-08"},
    {"code": "nothing-next"},
    {"code": "ended", "on": None},
    {"code": "watched", "on": "2026-06-15"},
]


def test_every_clause_is_told_in_every_language_in_words_of_its_own() -> None:
    told: dict[str, set[str]] = {}
    for language in i18n.LANGUAGES:
        with i18n.speaking(language):
            told[language] = {sentence([clause]) for clause in CLAUSES}
        assert len(told[language]) == len(CLAUSES)
        assert all(one[0].isupper() and one.endswith(".") for one in told[language])
    assert not told["en"] & told["nl"]
    assert not told["nl"] & told["fr"]


def test_what_stays_watched_is_looked_at_again_and_its_watching_does_not_end_then() -> None:
    assert "looked at again by 15 June 2026" in sentence([{"code": "watched", "on": "2026-06-15"}])


def test_an_evaluation_that_is_assumed_has_its_mark_in_the_sentence() -> None:
    for clause in CLAUSES:
        if "assumed" in clause:
            assert "2024 ~" not in sentence([clause])
            assert "2024 ~" in sentence([{**clause, "assumed": True}])


def test_every_mark_is_a_word_with_a_shape_and_a_tone() -> None:
    codes = [("variation", one.value) for one in Variation] + [("assurance", one.value) for one in Assurance]
    codes += [("evaluation-date", code) for code in ("none", "planned", "date-open", "date-kept", "date-moved")]
    codes += [("evaluation-date", code) for code in ("date-late", "overdue", "missed")]
    marks = [chip({"about": about, "code": code}) for about, code in codes]
    assert len({(one.word, one.shape) for one in marks}) == len(codes)
    good, bad = ({one.shape for one in marks if one.tone == tone} for tone in ("good", "bad"))
    assert not good & bad


def test_activities_are_drawn_along_the_calendar_with_evaluations_and_today() -> None:
    [planned] = everywhere("Toezicht")["activities"]
    shown = [{**planned, "activity_id": f"A{at}", "status": one} for at, one in enumerate(ACTIVITY_STATUS)]
    undated = {**planned, "title": {"nl": "Zonder datum"}, "start_date": None}
    moments = [{"due_date": "2024-03-01", "status": "recorded"}, {"due_date": "2030-01-01", "status": "planned"}]
    facts = report(activities=[*shown, undated], evaluations=[])
    drawing = str(gantt("g", {**facts, "evaluations": moments}, "Titel", "Beschrijving", 720))
    assert drawing.count("<rect") == len(ACTIVITY_STATUS)
    bars = re.findall(r'<rect [^>]*rx="2"([^>]*)/?>', drawing)
    assert len(set(bars)) == len(ACTIVITY_STATUS)
    assert "today" in drawing
    assert drawing.count('Z"') == 1
    assert "Zonder datum" not in drawing
    assert "Zonder datum" in as_markdown(facts, "nl")


def test_without_its_package_a_pdf_is_refused_with_what_mends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(Failed) as failed:
        pdf.as_pdf("<html></html>")
    assert failed.value.code == "pdf-missing"
    assert "pdf" in (failed.value.hint or "")


def test_what_is_printed_fetches_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    html = f'<html lang="nl"><head><title>x</title><link rel="attachment" href="{secret.as_uri()}"></head></html>'
    made = pdf.as_pdf(html)
    assert made.startswith(b"%PDF")
    assert b"EmbeddedFile" not in made
