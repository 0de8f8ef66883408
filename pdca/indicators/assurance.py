"""Whether a target can be relied on to be met, as long as nothing changes: judged by limits, apart from variation.

The limits say between which figures chance alone moves. Do all of them meet the target, it is met consistently; does
none, it is missed consistently, whatever the last figure was; otherwise it is hit and miss. After NHS England, *Making
data count*; that some judgements cannot be made, and why, is said and not guessed.
"""

from enum import Enum
from typing import Final, NamedTuple

from pdca.indicators.limits import Limits
from pdca.indicators.reading import Read, Reading, lasting
from pdca.indicators.target import Aimed, Kind, Target


class Assurance(Enum):
    """Whether a target can be relied on to be met."""

    MET = "consistently-met"
    MISSED = "consistently-missed"
    HIT_AND_MISS = "hit-and-miss"
    NO_TARGET = "no-target"
    UNTOLD = "cannot-be-told"


class Why(Enum):
    """Why an assurance cannot be told."""

    WORDS = "words"
    RANK = "rank"
    UNDETERMINED = "undetermined"
    OTHER_LENGTH = "other-length"
    NO_LIMITS = "no-limits"
    SHIFTED = "shifted"


class Assured(NamedTuple):
    """The assurance of one target; `why` says why it cannot be told, and is None when it can.

    Of the `of` figures that were judged so many `met` it; both are 0 for a target that no figure can be held against.
    """

    judgement: Assurance
    why: Why | None = None
    met: int = 0
    of: int = 0


_WITHOUT_FIGURE: Final[dict[Kind, Why]] = {
    "words": Why.WORDS,
    "undetermined": Why.UNDETERMINED,
    "other_length": Why.OTHER_LENGTH,
}


def assurance(reading: Reading, target: Target | None) -> Assured:
    """Judge the target that holds now by the limits of the last stretch.

    A lasting run or trend means that the figures no longer move where the limits say: then it cannot be told before the
    series is re-based. A single figure outside a limit leaves them standing.
    """
    if target is None:
        return Assured(Assurance.NO_TARGET)
    aimed = target.aimed()
    if aimed is None:
        return Assured(Assurance.UNTOLD, _WITHOUT_FIGURE[target.kind])
    met, of = _counted(reading, aimed)
    why = _why_not(reading, target)
    now = reading.now
    if why or now is None or now.limits is None:
        return Assured(Assurance.UNTOLD, why or Why.NO_LIMITS, met, of)
    return Assured(_by_limits(now.limits, aimed), None, met, of)


def _counted(reading: Reading, aimed: Aimed) -> tuple[int, int]:
    now = reading.now
    judged = reading.of.numbers[now.stretch.judged : now.stretch.stop] if now else []
    figures = [number for number in judged if number is not None]
    meeting = aimed.whole(reading.of.measure)
    return sum(meeting.low <= number <= meeting.high for number in figures), len(figures)


def _why_not(reading: Reading, target: Target) -> Why | None:
    now = reading.now
    if target.kind == "rank":
        return Why.RANK
    if now is None or now.chart != "xmr":
        return Why.NO_LIMITS
    return Why.SHIFTED if _shifted(reading, now) else None


def _shifted(reading: Reading, now: Read) -> bool:
    return lasting(reading) and any(signal.rule in ("run", "trend") for signal in now.latest)


def _by_limits(limits: Limits, aimed: Aimed) -> Assurance:
    lower, upper = limits.lower, limits.upper
    if lower is None or upper is None:
        message = "an XmR chart has limits"
        raise TypeError(message)
    if lower in aimed and upper in aimed:
        return Assurance.MET
    if (aimed.low is not None and upper < aimed.low) or (aimed.high is not None and lower > aimed.high):
        return Assurance.MISSED
    touching = (upper == aimed.low and upper not in aimed) or (lower == aimed.high and lower not in aimed)
    return Assurance.MISSED if touching else Assurance.HIT_AND_MISS
