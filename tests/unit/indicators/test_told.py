"""A reading in words, and as JSON."""

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest

from pdca import i18n
from pdca.indicators.assurance import Assurance, Why
from pdca.indicators.reading import Variation, read
from pdca.indicators.series import Series
from pdca.indicators.target import Target
from pdca.indicators.told import ASSURANCE, RULE, VARIATION, WHY, as_json, told
from tests.unit.indicators.made import series

STEADY = [10, 12] * 6


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    i18n.use("en")


def say(of: Series, target: Target | None = None) -> list[str]:
    return told(of, read(of), target)


def test_variation_and_assurance_are_two_sentences() -> None:
    target = Target("down", operator="<", value=Decimal(17))
    assert say(series([*STEADY, 11, 1], baseline=12), target) == [
        "Variation: special cause, improving",
        "  below the lower limit: p13",
        "Assurance: the target is consistently met (met by 2 of 2 figures)",
        "XmR chart: mean 11, limits 5.7 and 16.3, moving range up to 6.5",
    ]


def test_what_cannot_be_seen_below_is_said() -> None:
    # Mean 8, moving range 4: limits at -2.6 and 18.6, near the lower one from 0.9; then 3 lower, from -2.1.
    near = say(series([*[6, 10] * 6, "0.5", "0.5"], baseline=12, lowest="0"))
    assert "No figure can be below 0: none can lie outside the lower limit, only near it." in near
    assert "  two of three near the lower limit: p12, p13" in near
    neither = say(series([*[3, 7] * 6, 0, 0], baseline=12, lowest="0"))
    assert "No figure can be below 0: none can lie outside the lower limit, and none near it." in neither
    assert not any("near the lower limit" in one for one in neither)
    assert not any("can be below" in one for one in say(series([*STEADY, 11], baseline=12, lowest="0")))


def test_what_a_reading_rests_on_is_said() -> None:
    sentences = say(series([*STEADY[:9], 40, "~11", None, 12, 11, 10], baseline=10))
    assert "The limits are provisional: they come from 10 figures, fewer than 12." in sentences
    assert "The baseline itself shows a special cause, so its limits promise too much." in sentences
    assert "1 figure is approximate." in sentences


def test_figures_are_written_as_the_reader_has_them() -> None:
    of = series([1000, 2000, 3000])
    assert "Run chart: median 2 000" in told(of, read(of), write=lambda text: f"{int(text):,}".replace(",", " "))


def test_a_series_without_a_baseline_says_so() -> None:
    assert "No baseline is locked: the figures are judged against themselves." in say(series([1, 2, 3]))
    assert "Run chart: median 2" in say(series([1, 2, 3]))


def test_a_signal_that_is_over_is_said_to_be() -> None:
    assert "  seen, but no longer in the last figure" in say(series([*STEADY, 30, 11], baseline=12))


def test_a_long_signal_is_told_by_its_first_and_last_period() -> None:
    assert "  a run above the centre line: p12 to p18" in say(series([*STEADY, *[13] * 7], baseline=12))


def test_what_is_seen_several_times_is_told_once() -> None:
    assert "  below the lower limit: p13, p15" in say(series([*STEADY, 11, 1, 11, 1], baseline=12))


def test_why_an_assurance_cannot_be_told_is_said() -> None:
    sentences = say(series(STEADY), Target("down", "words"))
    assert "Assurance: cannot be told: the target names no figure that limits could be held against" in sentences
    assert "Assurance: no target" in say(series(STEADY))


def test_every_judgement_and_every_rule_has_words() -> None:
    assert set(VARIATION) == set(Variation)
    assert set(ASSURANCE) == set(Assurance)
    assert set(WHY) == set(Why)
    assert {rule for rule, _side in RULE} == {"outside", "run", "trend", "near"}
    assert len(RULE) == 8


@pytest.mark.parametrize(
    ("language", "first"),
    [("nl", "Variatie: bijzondere oorzaak, verbetering"), ("fr", "Variation\u00a0: cause spéciale, amélioration")],
)
def test_a_reading_speaks_the_language_of_its_reader(language: str, first: str) -> None:
    i18n.use(language)
    assert say(series([*STEADY, 1], baseline=12), Target("down", operator="<", value=Decimal(17)))[0] == first


def test_the_json_of_a_reading_has_ids_and_figures_as_text() -> None:
    of = series([*STEADY, 11, 30], baseline=12)
    found = as_json(of, read(of), Target("down", operator="<", value=Decimal(17)))
    assert json.loads(json.dumps(found)) == found
    assert {key: found[key] for key in ("variation", "lasting", "assurance", "assurance_untold", "met", "of")} == {
        "variation": "worsening",
        "lasting": True,
        "assurance": "consistently-met",
        "assurance_untold": None,
        "met": 1,
        "of": 2,
    }
    assert found["stretches"] == [
        {
            "first": "p0",
            "last": "p13",
            "began": "series",
            "judged_from": "p12",
            "baseline_locked": True,
            "chart": "xmr",
            "provisional": False,
            "figures": 14,
            "baseline_figures": 12,
            "centre": "11",
            "lower": "5.680851064",
            "upper": "16.319148936",
            "mean_range": "2",
            "range_limit": "6.536",
            "signals": [{"rule": "outside", "side": "higher", "periods": ["p13"]}],
            "baseline_signals": [],
            "jumps": ["p13"],
        }
    ]


def test_the_json_of_a_series_without_figures_has_no_lines() -> None:
    of = series([None])
    stretch = as_json(of, read(of))["stretches"][0]
    assert (stretch["chart"], stretch["centre"], stretch["upper"]) == ("none", None, None)
