"""What stands in calendars, as the log tells it: each thing with its date, how often that moved, and what became of it.

Everything comes from the changes that events carry, so that two calendars differ only where the log does.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pdca.audit.event import Commitment
from pdca.logged import event_of
from pdca.store.driver import Row

Key = tuple[str, str]
"""The kind of a thing, and its id."""

PHASE_DEADLINES: Final = ("start", "record", "decide", "watch", "group")
"""The kinds of deadlines that are dates of their own; the others belong to what else stands in a calendar."""

KINDS: Final = ("evaluation", "information", "follow_up", "programme_evaluation", *PHASE_DEADLINES)

_PLANNED: Final = ("planned", "open", "recorded", "missed", "cancelled")


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that falls on a date: of a plan, or of a programme.

    `date` is a UTC instant as the tables write it, or a local day for what has no hour. `sequence` counts how often it
    was moved or called off, `changed_at` is the instant of the last event that changed how it stands there. `about`
    are the columns of its row as the log has them.
    """

    kind: str
    id: str
    plan_id: str | None
    date: str
    status: str
    called_off: bool
    sequence: int
    changed_at: str
    about: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def timed(self) -> bool:
        """Whether it falls at an instant, and not on a whole day."""
        return "T" in self.date


@dataclass(slots=True)
class _Kept:
    row: dict[str, Any]
    sequence: int
    changed_at: str
    gone: bool = False


_Shown = tuple[str, str, bool]
"""The date, the status, and whether it is called off."""


def _evaluation(row: Mapping[str, Any]) -> _Shown | None:
    status = row["status"]
    return (row["due_at"], status, status in ("missed", "cancelled")) if status in _PLANNED else None


def _information(row: Mapping[str, Any]) -> _Shown | None:
    status = row.get("status")
    if status == "before_import":
        return None
    # One that a file states without a decision has a day and no hour.
    return row.get("due_at") or row["due_date"], "planned", status in ("withheld", "cancelled")


def _follow_up(row: Mapping[str, Any]) -> _Shown | None:
    return row["due_date"], row["status"], row["status"] == "dropped"


def _programme_evaluation(row: Mapping[str, Any]) -> _Shown | None:
    return (row["due_on"], "recorded" if row.get("recorded_at") else "planned", False) if row.get("due_on") else None


def _deadline(row: Mapping[str, Any]) -> _Shown | None:
    if row["kind"] not in (*PHASE_DEADLINES, "evaluation"):
        return None
    # That a rung was climbed changes nothing in a calendar.
    status = row["status"] if row["status"] in ("held", "void") else "pending"
    return row["since"], status, status == "void"


_TABLES: Final[Mapping[str, tuple[str, str, Callable[[Mapping[str, Any]], _Shown | None]]]] = {
    "evaluation": ("evaluation_id", "evaluation", _evaluation),
    "information_moment": ("information_id", "information", _information),
    "follow_up": ("follow_up_id", "follow_up", _follow_up),
    "programme_evaluation": ("evaluation_id", "programme_evaluation", _programme_evaluation),
    "deadline": ("deadline_id", "deadline", _deadline),
}


class _Fold:
    """The rows that events add up to, as far as calendars show them."""

    def __init__(self) -> None:
        self.kept: dict[Key, _Kept] = {}

    def take(self, table: str, op: str, key: Mapping[str, Any], values: Mapping[str, Any], at: str) -> None:
        column, kind, shown = _TABLES[table]
        name = (kind, str(key[column]))
        before = self.kept.get(name)
        known = {name: value for name, value in values.items() if not isinstance(value, Commitment)}
        if before is None:
            self.kept[name] = _Kept({**key, **known}, 0, at)
            return
        # What was taken out and comes again is the same thing.
        was = shown(before.row), before.gone
        before.row = {**(key if op == "insert" else before.row), **known}
        before.gone = op == "delete"
        now = shown(before.row), before.gone
        before.sequence += _moved(was) != _moved(now)
        if was != now:
            before.changed_at = at


def _moved(state: tuple[_Shown | None, bool]) -> tuple[str, bool] | None:
    """What calendar programs are told of by a sequence: the date, and whether it takes place."""
    shown, gone = state
    return None if shown is None else (shown[0], shown[2] or gone)


def moments(rows: Iterable[Row]) -> list[Moment]:
    """Work out from the bodies of events, the oldest first, all that stands in calendars; in the order of their ids.

    What was taken out of the tables is still there, called off. An evaluation of a plan that rests has the status
    `held`. Raises Failed for an event that cannot be read.
    """
    fold = _Fold()
    for row in rows:
        event = event_of(row)
        for change in event.changes:
            if change.table in _TABLES:
                fold.take(change.table, change.op, change.key, change.values, event.at)
    found = {key: _moment(key, kept) for key, kept in fold.kept.items()}
    resting = {key[1]: one for key, one in found.items() if one is not None and one.about.get("kind") == "evaluation"}
    listed = (
        _resting(one, resting.get(key[1])) if key[0] == "evaluation" else one
        for key, one in found.items()
        if one is not None and one.kind in KINDS and not _of_evaluation(key, one)
    )
    return sorted(listed, key=lambda one: (one.plan_id or "", KINDS.index(one.kind), len(one.id), one.id))


def _of_evaluation(key: Key, one: Moment) -> bool:
    return key[0] == "deadline" and one.kind == "evaluation"


def _resting(one: Moment, deadline: Moment | None) -> Moment:
    """Give an evaluation as it stands while its plan is suspended, when its deadline says that it is."""
    if deadline is None or one.status != "planned":
        return one
    changed_at = max(one.changed_at, deadline.changed_at)
    return replace(one, changed_at=changed_at, status="held" if deadline.status == "held" else one.status)


def _moment(key: Key, kept: _Kept) -> Moment | None:
    table_kind, name = key
    shown = next(show for _column, kind, show in _TABLES.values() if kind == table_kind)(kept.row)
    if shown is None:
        return None
    date, status, called_off = shown
    return Moment(
        kind=kept.row["kind"] if table_kind == "deadline" else table_kind,
        id=name,
        plan_id=kept.row.get("plan_id"),
        date=date,
        status=status,
        called_off=called_off or kept.gone,
        sequence=kept.sequence,
        changed_at=kept.changed_at,
        about=kept.row,
    )
