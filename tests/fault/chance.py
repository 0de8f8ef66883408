"""The chance of a random test: a failure prints its seed, and the seed brings the same run back."""

import os
import random
from typing import Final

VARIABLE: Final = "PDCA_TEST_SEED"


def dice(name: str) -> random.Random:
    """Make the chance of a test; set the variable that it prints to play the same again."""
    # The tests take every PDCA_ variable away before they begin; this one was read before.
    number = int(_GIVEN) if _GIVEN else random.SystemRandom().getrandbits(32)
    print(f"{name}: to repeat, set {VARIABLE}={number}")  # noqa: T201 - pytest shows it when the test fails
    return random.Random(number)  # noqa: S311 - nothing secret


def seeds(many: int) -> range:
    """Give so many numbers that nobody chose, or the one that is to be played again."""
    if _GIVEN:
        return range(int(_GIVEN), int(_GIVEN) + 1)
    first = random.SystemRandom().getrandbits(31)
    return range(first, first + many)


_GIVEN: Final = os.environ.get(VARIABLE)
