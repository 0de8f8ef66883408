"""What the records of random documents are made of: ids, texts, days, numbers, and lists of records."""

import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

Data = dict[str, Any]

LANGUAGES = ("nl", "fr", "en", "pt-BR")
RUBRICS = ("definitie", "analyse", "preventief", "repressief", "slachtoffers", "communicatie", "middelen", "partners")
FUNCTIONS, STAKEHOLDERS = ("chief", "pilot", "analist"), ("council", "town", "rail")
PARTIES = FUNCTIONS + STAKEHOLDERS
PHENOMENA, INDICATORS, SOURCES = ("street", "pick", "noise"), ("facts", "calls"), ("seed", "press")
PLANS, ACTIVITIES, PEOPLE = ("AP-1", "AP-2", "AP-3"), ("A1", "A2", "A3"), ("an", "bo")
UNDER_PLANS = ("O1", "O2", "O3")
SESSIONS, REACTIONS = ("S1", "S3", "S10"), ("R2", "R7", "R11")

# Every kind of character that YAML, JSON or Unicode treat in a way of their own.
_ODD = "aé–’“:#-?*&!|>%@`'\"{}[],\\\n \t~=\x85\u2028\u00a0\u200b😀0"  # noqa: RUF001 - marks that look like others are what is tried
_TEXT = st.one_of(
    st.text(st.sampled_from(_ODD), min_size=1, max_size=25),
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")), min_size=1, max_size=25),
    st.sampled_from(
        ["null", "true", "2024", "1e3", ".5", "no", "a: b", "- a", "line\nline\n", "  indented\n more", "~"]
    ),
    st.text(st.sampled_from("ab ,.;"), min_size=100, max_size=180),
)
texts = _TEXT.map(lambda text: unicodedata.normalize("NFC", text).replace("\ufeff", "")).filter(str.strip)
labels = texts.map(lambda text: " ".join(text.split())).filter(str.strip)
words = st.sampled_from(["yearly", "half-yearly", "interim", "final", "jaar 2"])
days = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))
stated = st.one_of(days.map(str), days.map(lambda day: f"{day:%Y-%m}"), days.map(lambda day: f"{day:%Y}"))
periods = st.sampled_from(["2018", "2019-03", "2018-T1", "2020-Q4", "2021-H2", "2023-06-15/2023-09-15"])
numbers = st.one_of(
    st.integers(-(10**6), 10**6).map(Decimal), st.sampled_from(["0", "12.50", "-0.10", "1E+3", "0.000"]).map(Decimal)
)
amounts = numbers.map(abs)
past = st.dates(min_value=date(1990, 1, 1), max_value=date(2023, 12, 31)).map(str)
yes = st.just(value=True)


def record(needed: Data, may: Data | None = None) -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries(needed, optional=may or {})


def sourced(needed: Data, may: Data | None = None) -> st.SearchStrategy[Data]:
    source = st.lists(st.sampled_from(SOURCES), min_size=1, max_size=2)
    return record(needed, {**(may or {}), "assumed": yes, "basis": texts, "source": source, "note": texts})


def local(text: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return text | st.dictionaries(st.sampled_from(LANGUAGES), text, min_size=1, max_size=3)


def some(one: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[list[Any]]:
    return st.lists(one, min_size=1, max_size=most)


def each_of(ids: tuple[str, ...], one: st.SearchStrategy[Data]) -> st.SearchStrategy[list[Data]]:
    """Records for some of the ids, in any order."""
    return st.lists(st.sampled_from(ids), min_size=1, unique=True).flatmap(
        lambda chosen: st.tuples(*(identified(word, one) for word in chosen)).map(list)
    )


def identified(word: str, one: st.SearchStrategy[Data]) -> st.SearchStrategy[Data]:
    return one.map(lambda found: {"id": word, **found})


def all_of(ids: tuple[str, ...], one: st.SearchStrategy[Data]) -> st.SearchStrategy[list[Data]]:
    return st.tuples(*(identified(word, one) for word in ids)).map(list)


def unique(one: st.SearchStrategy[Data], *keys: str) -> st.SearchStrategy[list[Data]]:
    return st.lists(one, max_size=3, unique_by=lambda found: " ".join(str(found.get(key)) for key in keys).casefold())


statements = some(local(texts) | sourced({"text": local(texts)}), 2)
titles = local(labels)


@st.composite
def spans(draw: st.DrawFn, one: st.SearchStrategy[str] | None = None) -> Data:
    edges = days.map(str) if one is None else one
    first, last = sorted((draw(edges), draw(edges)), key=lambda text: f"{text}-01-01"[:10])
    return {"from": first, "to": last} if len(first) == len(last) else {"from": first, "to": f"{last[:4]}-12-31"}
