"""A reading in words: variation and assurance as two judgements, and what they rest on."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

from pdca.i18n import N_, _, ngettext
from pdca.indicators.assurance import Assurance, Assured, Why, assurance
from pdca.indicators.chart import Write, written
from pdca.indicators.limits import Limits, exact, rounded
from pdca.indicators.reading import Read, Reading, Variation, lasting, variation
from pdca.indicators.series import Series
from pdca.indicators.signals import Rule, Side, Signal
from pdca.indicators.target import Target

VARIATION: Final = {
    Variation.TOO_FEW: N_("too few figures to say"),
    Variation.COMMON: N_("common cause: nothing but chance is seen"),
    Variation.IMPROVING: N_("special cause, improving"),
    Variation.WORSENING: N_("special cause, worsening"),
    Variation.HIGHER: N_("special cause, higher"),
    Variation.LOWER: N_("special cause, lower"),
    Variation.BOTH_WAYS: N_("special cause, in both directions"),
}

ASSURANCE: Final = {
    Assurance.MET: N_("the target is consistently met"),
    Assurance.MISSED: N_("the target is consistently missed"),
    Assurance.HIT_AND_MISS: N_("hit and miss: chance decides whether the target is met"),
    Assurance.NO_TARGET: N_("no target"),
    Assurance.UNTOLD: N_("cannot be told"),
}

WHY: Final = {
    Why.WORDS: N_("the target names no figure that limits could be held against"),
    Why.RANK: N_("the target is a rank, which others move too: limits cannot judge it"),
    Why.UNDETERMINED: N_("the target is still to be determined"),
    Why.OTHER_LENGTH: N_("the target is for a period of another length than the figures are about"),
    Why.NO_LIMITS: N_("there are no limits, for there are too few figures"),
    Why.SHIFTED: N_("the figures have moved away from their limits; a new baseline is needed first"),
}

RULE: Final[dict[tuple[Rule, Side], str]] = {
    ("outside", "higher"): N_("above the upper limit: %(periods)s"),
    ("outside", "lower"): N_("below the lower limit: %(periods)s"),
    ("run", "higher"): N_("a run above the centre line: %(periods)s"),
    ("run", "lower"): N_("a run below the centre line: %(periods)s"),
    ("trend", "higher"): N_("rising all the time: %(periods)s"),
    ("trend", "lower"): N_("falling all the time: %(periods)s"),
    ("near", "higher"): N_("two of three near the upper limit: %(periods)s"),
    ("near", "lower"): N_("two of three near the lower limit: %(periods)s"),
}


_NAMED_ONE_BY_ONE: Final = 2


def told(series: Series, reading: Reading, target: Target | None = None, write: Write = str) -> list[str]:
    """Put a reading into sentences, one a line, in the language spoken: the two judgements first.

    `write` puts computed figures as that language has them. What is missing, and why, stands with the figures.
    """
    return list(_told(series, reading, target, write))


def of_variation(judged: Variation) -> str:
    """Put a variation into words."""
    return _(VARIATION[judged])


def of_assurance(judged: Assurance, why: Why | None) -> str:
    """Put an assurance into words, with why it cannot be told."""
    words = _(ASSURANCE[judged])
    return _("%(judgement)s: %(reason)s") % {"judgement": words, "reason": _(WHY[why])} if why else words


def _told(series: Series, reading: Reading, target: Target | None, write: Write) -> Iterator[str]:
    yield _("Variation: %(words)s") % {"words": of_variation(variation(reading, target))}
    now = reading.now
    if now and now.signals and not lasting(reading):
        yield "  " + _("seen, but no longer in the last figure")
    signals = now.signals if now else ()
    for kind in dict.fromkeys((signal.rule, signal.side) for signal in signals):
        alike = [_periods(series, signal) for signal in signals if (signal.rule, signal.side) == kind]
        yield "  " + _(RULE[kind]) % {"periods": ", ".join(alike)}
    yield _assured(assurance(reading, target))
    if now and now.figures > 1:
        yield from _rests_on(series, now, write)
    yield from _approximate(series)


def _assured(assured: Assured) -> str:
    sentence = _("Assurance: %(words)s") % {"words": of_assurance(assured.judgement, assured.why)}
    if not assured.of:
        return sentence
    count = ngettext("met by %(met)d of %(of)d figure", "met by %(met)d of %(of)d figures", assured.of)
    return f"{sentence} ({count % {'met': assured.met, 'of': assured.of}})"


def _rests_on(series: Series, now: Read, write: Write) -> Iterator[str]:
    limits = now.limits
    if limits is None:
        return
    if now.chart == "run":
        yield _("Run chart: median %(median)s") % {"median": written(series, limits.centre, write)}
    else:
        yield _("XmR chart: mean %(mean)s, limits %(lower)s and %(upper)s, moving range up to %(range)s") % {
            "mean": written(series, limits.centre, write),
            "lower": written(series, limits.lower, write),
            "upper": written(series, limits.upper, write),
            "range": written(series, limits.range_limit, write),
        }
        yield from _cannot_fire(series, limits, write)
    if now.provisional:
        count = now.baseline_figures
        yield ngettext(
            "The limits are provisional: they come from %(count)d figure, fewer than 12.",
            "The limits are provisional: they come from %(count)d figures, fewer than 12.",
            count,
        ) % {"count": count}
    if not now.stretch.locked:
        yield _("No baseline is locked: the figures are judged against themselves.")
    if now.baseline_signals:
        yield _("The baseline itself shows a special cause, so its limits promise too much.")


def _cannot_fire(series: Series, limits: Limits, write: Write) -> Iterator[str]:
    """Say below which line no figure can be, because it lies at the lowest that a figure can be."""
    lowest = exact(series.lowest)
    if lowest is None or limits.lower != lowest:
        return
    at = {"lowest": written(series, lowest, write)}
    if limits.near_lower == lowest:
        yield _("No figure can be below %(lowest)s: none can lie outside the lower limit, and none near it.") % at
    else:
        yield _("No figure can be below %(lowest)s: none can lie outside the lower limit, only near it.") % at


def _approximate(series: Series) -> Iterator[str]:
    approximate = sum(point.approximate for point in series.points)
    if approximate:
        yield ngettext("%(count)d figure is approximate.", "%(count)d figures are approximate.", approximate) % {
            "count": approximate
        }


def _periods(series: Series, signal: Signal) -> str:
    if len(signal.at) > _NAMED_ONE_BY_ONE:
        ends = {"first": series.points[signal.at[0]].period, "last": series.points[signal.last].period}
        return _("%(first)s to %(last)s") % ends
    return ", ".join(series.points[at].period for at in signal.at)


def as_json(series: Series, reading: Reading, target: Target | None = None) -> dict[str, Any]:
    """Give a reading as JSON values: judgements by their ids, computed figures as text of at most nine decimals."""
    assured = assurance(reading, target)
    return {
        "variation": variation(reading, target).value,
        "lasting": lasting(reading),
        "assurance": assured.judgement.value,
        "assurance_untold": assured.why.value if assured.why else None,
        "met": assured.met,
        "of": assured.of,
        "stretches": [_stretch(series, one) for one in reading.stretches],
    }


def _stretch(series: Series, one: Read) -> dict[str, Any]:
    stretch, limits = one.stretch, one.limits
    judged = series.points[stretch.judged].period if stretch.judged < stretch.stop else None
    return {
        "first": series.points[stretch.start].period,
        "last": series.points[stretch.stop - 1].period,
        "began": stretch.began,
        "judged_from": judged,
        "baseline_locked": stretch.locked,
        "chart": one.chart,
        "provisional": one.provisional,
        "figures": one.figures,
        "baseline_figures": one.baseline_figures,
        "centre": _text(limits.centre if limits else None),
        "lower": _text(limits.lower if limits else None),
        "upper": _text(limits.upper if limits else None),
        "mean_range": _text(limits.mean_range if limits else None),
        "range_limit": _text(limits.range_limit if limits else None),
        "signals": _signals(series, one.signals),
        "baseline_signals": _signals(series, one.baseline_signals),
        "jumps": [series.points[at].period for at in one.jumps],
    }


def _text(value: Fraction | None) -> str | None:
    number = rounded(value)
    return None if number is None else f"{number:f}"


def _signals(series: Series, found: tuple[Signal, ...]) -> list[dict[str, Any]]:
    return [
        {"rule": one.rule, "side": one.side, "periods": [series.points[at].period for at in one.at]} for one in found
    ]
