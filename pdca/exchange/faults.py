"""What a check found wrong, before it is placed in the file: most of what is found in a bad file is never shown."""

from collections.abc import Collection
from dataclasses import dataclass

from pdca.exchange.located import Located, Path
from pdca.exchange.problems import Problem, nearest
from pdca.i18n import _


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem at a path. `at_key` points at the key and not at its value; `other` is a second path.

    `wrote` and `among` are what was written and what could have been: the nearest of them becomes the hint.
    """

    path: Path
    code: str
    message: str
    hint: str | None = None
    at_key: bool = False
    other: Path | None = None
    wrote: str | None = None
    among: Collection[str] = ()

    def order(self, located: Located) -> tuple[int, int]:
        """Give the order of the fault in the file."""
        mark = located.key_mark(self.path) if self.at_key else located.value_mark(self.path)
        return mark.line or 0, mark.column or 0

    def problem(self, located: Located) -> Problem:
        """Place the fault in the file it was found in."""
        place = located.place(self.path, key=self.at_key)
        other = None if self.other is None else located.place(self.other)
        first = "" if other is None else " " + _("It first stands on line %(line)s.") % {"line": other.line}
        like = nearest(self.wrote, self.among) if self.wrote is not None else None
        hint = _("Did you mean “%(name)s”?") % {"name": like} if like else self.hint
        return Problem(self.code, self.message + first, place, hint, other)
