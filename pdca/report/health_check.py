"""One check of `pdca doctor`: what it may find, and that one which cannot be made keeps no other back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pdca.errors import PdcaError
from pdca.i18n import _

OK: Final = "ok"
WARNING: Final = "warning"
PROBLEM: Final = "problem"


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found: `status` is ok, warning or problem; `hint` says what to do about it."""

    name: str
    status: str
    message: str
    hint: str | None = None


Found = tuple[str, str, str | None]
"""Status, message, hint."""


def guarded(name: str, examine: Callable[[], Found]) -> Check:
    """Make a check; an error is what it found."""
    try:
        return Check(name, *examine())
    except PdcaError as error:
        return Check(name, PROBLEM, error.message, error.hint)
    except Exception as error:  # noqa: BLE001 - a database that was tampered with may hold anything
        message = _("This could not be checked: %(reason)s.") % {"reason": f"{type(error).__name__}: {error}"}
        return Check(name, PROBLEM, message, _("`pdca audit verify` says what in the database does not fit."))
