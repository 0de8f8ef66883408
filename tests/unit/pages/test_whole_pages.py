"""The pages of a programme, of the board and of a site say what the facts say, and harm nobody."""

from collections.abc import Iterator
from typing import Any

import pytest

from pdca import i18n
from pdca.indicators.assurance import Assurance
from pdca.pages import board, progress_words, site, whole_programme
from pdca.pages.html import html
from tests.unit.pages.test_progress_page import HOSTILE, Tags

View = dict[str, Any]
CHECKPOINT = {"size": 3, "root": "f" * 64, "note": None}
ALLOWED = {"a", "body", "br", "circle", "div", "footer", "h1", "h2", "h3", "head", "header", "html", "li", "main"}
ALLOWED |= {"meta", "nav", "ol", "p", "path", "section", "span", "style", "svg", "table", "tbody", "td", "th", "thead"}
ALLOWED |= {"title", "tr", "ul", "caption", "dl", "dt", "dd", "h4"}


@pytest.fixture(autouse=True)
def english_after() -> Iterator[None]:
    yield
    i18n.use(i18n.SOURCE)
    i18n.at_home_in(i18n.SOURCE)


def line(name: str = "P-001", text: str = "Minder diefstal", **different: Any) -> View:  # noqa: ANN401 - any JSON value
    facts: View = {
        "plan_id": name,
        "title": {"nl": text},
        "programme_id": "zvp",
        "objective_id": "SD1",
        "state": "do",
        "state_label": {"en": "Do"},
        "phase": "do",
        "cycle": 2,
        "assumed": False,
        "extensions": 1,
        "ended": False,
        "since": "2024-01-02",
        "lead": {"name": {"nl": text}, "people": []},
        "date": "date-kept",
        "indicators": [
            {"indicator_id": "a", "title": {}, "variation": "improving", "assurance": Assurance.MISSED.value},
            {"indicator_id": "b", "title": {}, "variation": "worsening", "assurance": Assurance.NO_TARGET.value},
            {"indicator_id": "c", "title": {}, "variation": "worsening", "assurance": Assurance.NO_TARGET.value},
        ],
        "last": {
            "evaluation_id": "E-001",
            "kind": "yearly",
            "due_date": "2024-03-01",
            "status": "recorded",
            "verdict": "effective",
        },
        "next": {"what": "evaluation", "late": False, "held": False, "by": "2025-03-01"},
        "late": False,
        "watch": None,
        "watch_again": None,
    }
    return {**facts, **different}


CLAUSES: list[View] = [
    {"code": "no-plans"},
    *({"code": "at-work", "count": count, "plans": plans} for count, plans in ((0, 1), (0, 2), (1, 1), (1, 2), (2, 3))),
    *({"code": "at-work", "count": count, "plans": count} for count in (2, 3)),
    {"code": "late", "count": 0},
    *(
        {"code": code, "count": count}
        for code in ("prepared", "effective", "ineffective", "inconclusive", "late", "without-plan", "without-shown")
        for count in (1, 2)
    ),
    {"code": "programme-next", "what": "evaluation", "by": "2024-10-08"},
]


def test_every_clause_about_a_programme_is_told_in_every_language_in_words_of_its_own() -> None:
    told: dict[str, set[str]] = {}
    for language in i18n.LANGUAGES:
        with i18n.speaking(language):
            told[language] = {whole_programme.sentence([clause]) for clause in CLAUSES}
        assert len(told[language]) == len(CLAUSES)
        assert all(one[0] == one[0].upper() and one.endswith(".") for one in told[language])
    assert not told["en"] & told["nl"]
    assert not told["nl"] & told["fr"]


def common(text: str) -> View:
    return {
        "audience": "public",
        "today": "2024-06-01",
        "body": {"name": {"nl": text}, "simulated": False},
        "plans": [line(text=text)],
        "content_sha256": "0" * 64,
        "checkpoint": CHECKPOINT,
    }


def boarded(text: str = "Zone") -> View:
    states = [
        {"state": name, "label": {"en": name}, "phase": name, "plans": ["P-001"] if name == "do" else []}
        for name in ("plan", "do", "check", "adjust")
    ]
    return {**common(text), "states": states}


def programmed(text: str = "Zone") -> View:
    objective = {
        "objective_id": "SD1",
        "parent_id": None,
        "title": {"nl": text},
        "internal": True,
        "disposition": "retained",
        "assumed": False,
        "decision": {"decided_on": "2019-11", "motive": text, "evidence": text, "watch": text, "assumed": False},
        "plans": ["P-001"],
    }
    daily = {**objective, "objective_id": "SC", "disposition": "daily_operations", "plans": []}
    return {
        **common(text),
        "programme": {
            "programme_id": "zvp",
            "title": {"nl": text},
            "period_start": "2020-01-01",
            "period_end": "2025-12-31",
            "status": "approved",
        },
        "conclusion": [{"code": "at-work", "count": 1, "plans": 1}, {"code": "late", "count": 0}],
        "objectives": [objective, daily, {**daily, "objective_id": "SX", "disposition": "dropped"}],
        "without": [{"code": "objective-without-operational", "objective_id": "SD1"}],
        "evaluations": [],
        "means": [],
        "informed": [],
        "next": [],
    }


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_somebody_wrote_is_text_on_every_page(text: str) -> None:
    with i18n.speaking("fr"):
        start = html(site.start(boarded(text), [programmed(text)["programme"]], "fr", {"P-001": "P-001.fr.html"}))
        choice = html(site.choice(boarded(text), ["nl", "fr"]))
    written = [board.as_html(boarded(text), "nl"), whole_programme.as_html(programmed(text), "fr"), start, choice]
    for page in written:
        tags = Tags(page)
        assert tags.open == []
        assert {tag for tag, _attributes in tags.seen} <= ALLOWED
        assert not any(name.startswith("on") for _tag, attributes in tags.seen for name in attributes)
        assert ">49<" not in page


def test_no_judgement_hides_another() -> None:
    page = whole_programme.as_markdown(programmed(), "en")
    for words in ("special cause, improving", "2 indicators: special cause, worsening", "consistently missed"):
        assert words in page


def test_a_mark_is_told_in_word_shape_and_colour() -> None:
    page = whole_programme.as_html(programmed(), "nl")
    marks = [attributes for tag, attributes in Tags(page).seen if "chip" in str(attributes.get("class"))]
    assert {str(one["class"]) for one in marks} == {"chip good", "chip bad", "chip calm"}
    assert page.count('class="mark"') == len(marks)


def test_dates_and_marks_are_told_in_the_language_of_each_page() -> None:
    told = {}
    for language in ("nl", "fr", "en"):
        with i18n.speaking(language):
            mark = progress_words.chip({"about": "evaluation-date", "code": "missed"})
            told[language] = progress_words.in_words("2024-03-01"), mark.word
    assert told["en"] == ("1 March 2024", "evaluation missed")
    assert [len({one[at] for one in told.values()}) for at in (0, 1)] == [3, 3]


def test_a_plan_leads_to_its_page_only_where_there_is_one() -> None:
    with i18n.speaking("nl"):
        there = html(whole_programme.page(programmed(), "nl", {"P-001": "P-001.nl.html"}))
    assert there.count('href="P-001.nl.html"') == 1
    assert "P-001.nl.html" not in whole_programme.as_html(programmed(), "nl")


def test_what_goes_on_in_daily_work_and_what_was_not_retained_stay_visible() -> None:
    page = whole_programme.as_markdown(programmed("Straatcriminaliteit"), "en")
    daily = page.split("## What goes on in daily work")[1].split("## ")[0]
    assert "| Straatcriminaliteit | Straatcriminaliteit | Straatcriminaliteit |" in daily
    assert "- Straatcriminaliteit: Straatcriminaliteit" in page.split("## Not retained")[1]


def test_the_ways_of_a_site_say_where_the_reader_is() -> None:
    with i18n.speaking("nl"):
        page = site.within(board.page(boarded(), "nl"), "index", ["nl", "fr"], {"programme-zvp": "ZVP"}, "note")
        links = [one for tag, one in Tags(html(page)).seen if tag == "a"]
    here = [(one["href"], one["aria-current"]) for one in links if "aria-current" in one]
    assert here == [("index.nl.html", "page"), ("index.nl.html", "true")]
    assert {"hreflang": "fr", "lang": "fr", "href": "index.fr.html"} in links
    assert "checkpoint.txt" in {one["href"] for one in links}
