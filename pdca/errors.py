"""What can go wrong, in words a user can act on.

Every error a user can meet is a `PdcaError`: a stable code, a message, a hint, where there is one a place, and the exit
status of the command line. Anything else that is raised is an internal error.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Self

from pdca.actor import Actor
from pdca.i18n import gettext


class Place(NamedTuple):
    """Where in the input an error is: `line` and `column` count from 1, `field` is a dotted path."""

    file: str | None = None
    line: int | None = None
    column: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        spot = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return ", ".join(part for part in (spot, self.field) if part)


class PdcaError(Exception):
    """An error with a code in kebab-case, a message, a hint that says what to do, and perhaps a place.

    With `filling` the message is a text that is only marked: it is translated here, and `text` keeps it, to be told
    later in another language. Without, it is told as it was raised.
    """

    exit_status = 1

    def __init__(
        self,
        code: str,
        message: str,
        *,
        hint: str | None = None,
        place: Place | None = None,
        filling: Mapping[str, object] | None = None,
    ) -> None:
        self.text = message
        self.filling = filling
        self.message = message if filling is None else gettext(message) % filling
        super().__init__(self.message)
        self.code = code
        self.hint = hint
        self.place = place

    def as_dict(self) -> dict[str, object]:
        """Give the error as the fields of its JSON object."""
        fields: dict[str, object] = {"code": self.code, "message": self.message, "hint": self.hint}
        if self.place is not None:
            fields["place"] = {
                "file": self.place.file,
                "line": self.place.line,
                "column": self.place.column,
                "field": self.place.field,
            }
        return fields


class Failed(PdcaError):
    """It did not work, for a reason outside the rules of the method: a file, a disk, a server."""

    exit_status = 1


class Unusable(Failed):
    """The database cannot be used at all, whatever is asked of it; it is not one record that is in the way."""


class Usage(PdcaError):
    """The command was not written as the program understands it."""

    exit_status = 2


class Refused(PdcaError):
    """A rule of the method, or a right, forbids it; `needs` are all unmet needs as mappings for JSON."""

    exit_status = 3
    needs: tuple[dict[str, object], ...] = ()

    def naming(self, needs: Iterable[dict[str, object]]) -> Self:
        """Give the error with these needs."""
        self.needs = tuple(needs)
        return self

    def as_dict(self) -> dict[str, object]:
        """Give the error as the fields of its JSON object, with every unmet need."""
        return {**super().as_dict(), "needs": list(self.needs)}


class NoRight(Refused):
    """The one who acts lacks the right: `actor`. `House` keeps the attempt in the log."""

    def __init__(self, code: str, message: str, *, actor: Actor, hint: str | None = None) -> None:
        super().__init__(code, message, hint=hint)
        self.actor = actor


class NotFound(PdcaError):
    """What was named does not exist, or the name fits several."""

    exit_status = 4


class Conflict(PdcaError):
    """Somebody else changed it between the looking and the changing; never for what is simply there already."""

    exit_status = 5


class PartlySent(PdcaError):
    """Some messages went out and others did not."""

    exit_status = 6


class TryAgain(PdcaError):
    """It did not work now, nothing was changed, and it may work later."""

    exit_status = 75
