"""What a verification found, in the order in which it was found."""

from dataclasses import dataclass

LONGEST_SHOWN = 200
"""Characters of a value that a finding shows."""

BEFORE_A_DIFFERENCE = 40


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit.

    `code` is kebab-case and stable; `message` a sentence; `event_id` the event it is about, for a row the event that
    wrote it last; `where` a place such as `event 12`, `node 3/0` or `plan P-004: title`. `expected` is what the log
    says and `found` what is stored, both written so that they can be printed safely; None where there is no such pair.
    """

    code: str
    message: str
    event_id: int | None
    where: str
    expected: str | None = None
    found: str | None = None


class Findings:
    """Collects findings: keeps the first `limit`, counts all."""

    def __init__(self, limit: int) -> None:
        self.kept: list[Finding] = []
        self.total = 0
        self._limit = limit

    def add(self, code: str, message: str, where: str, event_id: object = None) -> None:
        """Note something that does not fit."""
        self._keep(code, message, where, event_id, None, None)

    def differ(
        self, code: str, message: str, where: str, expected: object, found: object, event_id: object = None
    ) -> None:
        """Note a stored value that is not the expected one."""
        self._keep(code, message, where, event_id, expected, found)

    def alike(self) -> "Findings":
        """Give an empty collection with the same limit, to be joined later."""
        return Findings(self._limit)

    def join(self, later: "Findings") -> None:
        """Take over what was collected apart."""
        self.total += later.total
        self.kept += later.kept[: self._limit - len(self.kept)]

    def _keep(self, code: str, message: str, where: str, event_id: object, expected: object, found: object) -> None:
        self.total += 1
        if len(self.kept) >= self._limit:
            return
        pair = (None, None) if expected is None and found is None else _told_apart(expected, found)
        self.kept.append(Finding(code, message, event_id if type(event_id) is int else None, where, *pair))


class Absent:
    """Stands for a value that is not there at all, which null is."""

    def __repr__(self) -> str:
        return "absent"


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a verification.

    `events` counts events, `leaves` those in the tree, `unsealed` those not yet in it. `root` is the hex of the tree's
    root computed from the bodies, None when leaves are missing so that there is none. `proven` counts the events that
    a checkpoint kept elsewhere vouches for, None when none was given. `erased` counts the values that are gone because
    an event says that they were erased. `untrusted_keys` are those that the log names and for which nothing vouches
    that a key of who kept a checkpoint signed, or without one the first key of the log. `findings` are the first ones
    found, `total` counts all.
    """

    events: int
    leaves: int
    unsealed: int
    root: str | None
    proven: int | None
    erased: int
    findings: tuple[Finding, ...]
    total: int
    untrusted_keys: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything fits."""
        return self.total == 0

    @property
    def first(self) -> Finding | None:
        """The first thing that does not fit."""
        return self.findings[0] if self.findings else None

    def summary(self) -> str:
        """Say the outcome in a few sentences."""
        parts = [f"{_count(self.events, 'event')} read, {self.leaves} in the tree, {self.unsealed} waiting for a leaf."]
        if self.first is None:
            parts.append("Every body, leaf, node, sequence and row fits.")
        else:
            parts.append(f"{_count(self.total, 'finding')}; the first: {self.first.where}: {self.first.message}")
        return " ".join(parts)


def _told_apart(expected: object, found: object) -> tuple[str, str]:
    """Write two values; of long texts that begin alike what stands around their first difference."""
    if not (isinstance(expected, str) and isinstance(found, str)) or max(len(expected), len(found)) <= LONGEST_SHOWN:
        return shown(expected), shown(found)
    pairs = enumerate(zip(expected, found, strict=False))
    alike = next((place for place, (one, other) in pairs if one != other), 0)
    start = max(0, alike - BEFORE_A_DIFFERENCE)
    mark = "…" if start else ""
    return mark + shown(expected[start:]), mark + shown(found[start:])


def shown(value: object) -> str:
    """Write any value so that it can be printed: bytes as hex, text quoted and escaped, cut when long."""
    if value is None:
        return "null"
    if isinstance(value, bytes):
        text = value[:LONGEST_SHOWN].hex()
    elif type(value) is int and value.bit_length() > LONGEST_SHOWN:
        text = f"an integer of {value.bit_length()} bits"
    else:
        text = repr(value[:LONGEST_SHOWN] if isinstance(value, str) else value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def plain(value: object) -> str:
    """Write a name (a stream, a key, a column) without quotes where it can be printed as it is."""
    simple = isinstance(value, str) and value.isprintable() and 0 < len(value) <= LONGEST_SHOWN
    return value if simple and isinstance(value, str) else shown(value)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
