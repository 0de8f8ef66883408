"""What is wrong with a file that came in: located problems, and the one error that carries them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pdca.errors import Failed, Place
from pdca.i18n import _

SHOWN_AT_MOST = 50
LONGEST_QUOTE = 60
MOST_COMPARED = 5_000


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: a code in kebab-case, where, what, and what to do about it.

    `other` is the second place of a problem that has two, such as an id given twice.
    """

    code: str
    message: str
    place: Place
    hint: str | None = None
    other: Place | None = None

    def as_dict(self) -> dict[str, object]:
        """Give the problem as the fields of its JSON object."""
        return {
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "place": _place_fields(self.place),
            "other": None if self.other is None else _place_fields(self.other),
        }

    def line(self) -> str:
        """Say the problem in one line: place, message, hint."""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.place}: {self.message}{hint}"


class ImportRefused(Failed):
    """The file was refused and nothing of it was taken in.

    `problems` are in the order of the file, at most 50; `total` counts all that were found. With one problem the error
    speaks for it (its code, place and hint); with several the code is `import-refused` and the message lists them.
    """

    def __init__(self, problems: Sequence[Problem], total: int | None = None) -> None:
        first = problems[0]
        self.problems = tuple(problems[:SHOWN_AT_MOST])
        self.total = len(problems) if total is None else total
        if self.total == 1:
            super().__init__(first.code, first.message, hint=first.hint, place=first.place)
            return
        counted = {"file": _file_of(problems), "count": self.total}
        lines = [_("%(file)s has %(count)s problems; nothing was taken in.") % counted]
        lines += [f"  {problem.line()}" for problem in self.problems]
        if self.total > len(self.problems):
            lines.append("  " + _("… and %(count)s more") % {"count": self.total - len(self.problems)})
        super().__init__("import-refused", "\n".join(lines), hint=_("Correct the file and import it again."))

    def as_dict(self) -> dict[str, object]:
        """Give the error as the fields of its JSON object, with every problem."""
        return {
            **super().as_dict(),
            "problems": [problem.as_dict() for problem in self.problems],
            "total": self.total,
        }


class EditRefused(ImportRefused):
    """What the file asks for may not be done to a plan: a rule forbids it, and nothing was changed."""

    exit_status = 3


class ImportClash(ImportRefused):
    """What the file changes, others changed since it was made, each otherwise; nothing was taken in.

    `changed` tells of each plan, and of what stands above the plans, who changed it since and when last.
    """

    exit_status = 5

    def __init__(self, problems: Sequence[Problem], changed: Sequence[Mapping[str, str]]) -> None:
        super().__init__(problems)
        self.code = "changed-meanwhile"
        self.changed = tuple(changed)
        lines = [
            _("%(file)s changes what others changed since it was made; nothing was taken in.")
            % {"file": _file_of(problems)}
        ]
        lines += [f"  {problem.line()}" for problem in self.problems]
        if self.total > len(self.problems):
            lines.append("  " + _("… and %(count)s more") % {"count": self.total - len(self.problems)})
        lines += [
            _("%(stream)s was changed by %(name)s, last on %(at)s.") % {**one, "at": one["at"][:10]} for one in changed
        ]
        self.message = "\n".join(lines)
        self.hint = _("Export again, and bring what you changed into that file; `pdca plan history PLAN` says more.")

    def as_dict(self) -> dict[str, object]:
        """Give the error as the fields of its JSON object, with who changed what."""
        return {**super().as_dict(), "changed": [dict(one) for one in self.changed]}


def _file_of(problems: Sequence[Problem]) -> str | None:
    """Name the file of problems: of those on several sheets of a workbook the workbook, without a sheet."""
    files = {problem.place.file for problem in problems}
    first = problems[0].place.file
    return first if len(files) == 1 or first is None else first.rpartition("#")[0]


def field_name(path: Iterable[str | int]) -> str:
    """Write a path as a field: `objectives[0].plans[2].lead`, list items counting from 0."""
    name = ""
    for step in path:
        name += f"[{step}]" if isinstance(step, int) else f".{quoted(step)}" if name else quoted(step)
    return name


def quoted(text: str) -> str:
    """Shorten a text of the user for a message, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[: LONGEST_QUOTE - 1]}…"


def nearest(word: str, known: Collection[str]) -> str | None:
    """Find the known word that is most like this one; None when none is, or when looking would take too long."""
    if len(word) > LONGEST_QUOTE or len(known) > MOST_COMPARED:
        return None
    by_folded = {candidate.casefold(): candidate for candidate in known}
    found = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def _place_fields(place: Place) -> dict[str, object]:
    return {"file": place.file, "line": place.line, "column": place.column, "field": place.field}
