"""How wide the screen is, and what of it stands free."""

import os
import sys
from typing import Final

USUAL: Final = 80

GAP: Final = 2
"""So many cells stand free between two columns."""


def columns() -> int:
    """Tell how many cells wide it is: as COLUMNS says, as the terminal says that stdout was at first, or the usual.

    `shutil.get_terminal_size` tells the same, and draws in three compressors.
    """
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or USUAL  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return USUAL
