"""Bringing the moments of a plan to what its group decided: which are made, moved, taken up again or cancelled.

What took place, or fell due, stays what it was, and so does a moment that an approved extension has moved. A moment is
known by its stated day, or by that of another that falls together with it; so it keeps its number whatever becomes of
holidays and closing days.
"""

import datetime as dt
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import zip_longest
from typing import Any, ClassVar, Final

from pdca.plans import deadlines, reminders, reminding
from pdca.schedules.stored import also_in, moved
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json, optional_json
from pdca.store.reads import evaluations, schedules
from pdca.store.rows import Change, insert, update
from workflows.instants import from_text, to_text
from workflows.method import WorkflowDefinition
from workflows.moments import Occurrence
from workflows.schedule import parse_stated

_LIVE: Final = ("pending", "held", "overdue", "set_aside")


@dataclass(frozen=True, slots=True)
class Effect:
    """What became of one moment: it was made, moved, taken_up (it had been cancelled), kept or cancelled.

    `date` is its day from here on, `before` the one that it had, `withdrawn` the day to which somebody had asked to
    move it, which is taken back with this.
    """

    what: str
    moment_id: str
    stated_date: str
    date: str
    before: str | None = None
    withdrawn: str | None = None

    def told(self, called: str = "evaluation_id") -> dict[str, Any]:
        """Give it as fields, the id by what it is `called`."""
        fields = asdict(self)
        what, name = fields.pop("what"), fields.pop("moment_id")
        return {"what": what, called: name, **fields}


@dataclass(slots=True)
class Reconciled:
    """The changes to a plan's moments and their deadlines, and what became of each."""

    changes: list[Change] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)

    @property
    def delayed(self) -> list[Effect]:
        """The moments in whose place none comes on or before their day.

        Up to every day that was planned there are to be as many moments as there were.
        """
        stood = sorted(
            (one for one in self.effects if one.what in ("moved", "cancelled")), key=lambda one: one.before or ""
        )
        days = sorted(one.date for one in self.effects if one.what in ("moved", "made", "taken_up"))
        pairs = zip_longest(stood, days[: len(stood)])
        return [one for one, day in pairs if one is not None and (day is None or day > (one.before or ""))]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as moments bear it: its number, and what else those say that it makes.

    `texts` are the dates that were stated other than by their day.
    """

    number: int
    values: Mapping[str, Any] = field(hash=False)
    texts: Mapping[dt.date, str] = field(default_factory=dict, hash=False)


class Kept(ABC):
    """The moments of one kind that a plan has, as they are at `now`, in the order of their days."""

    table: ClassVar[str]
    name: ClassVar[str]
    """The column that is their id, which is that of their deadline as well."""

    def __init__(
        self, plan: Row, definition: WorkflowDefinition, now: dt.datetime, rows: Sequence[Row], there: Iterable[Row]
    ) -> None:
        self._plan = plan
        self._now = now
        self._running = definition.state_by_id[plan["state"]].running
        self._definition = definition
        self._rows = rows
        self._deadlines = {row["deadline_id"]: row for row in there}

    @property
    def rows(self) -> Sequence[Row]:
        """All of them."""
        return self._rows

    @property
    def ahead(self) -> list[Row]:
        """Those that are planned and still to come."""
        return [row for row in self._rows if row["status"] == "planned" and from_text(row["due_at"]) > self._now]

    @property
    def accounted(self) -> frozenset[str]:
        """The stated days of what took place, fell due, or was moved by an extension."""
        return frozenset(key for row in self._rows if self._settled(row) for key in _keys(row))

    @property
    def standing(self) -> frozenset[str]:
        """The stated days of those that are to come by a decision, and what they stand for besides."""
        return frozenset(key for row in self.ahead if row["schedule_number"] or row["moved"] for key in _keys(row))

    @property
    def plan_id(self) -> str:
        """Whose moments they are."""
        return str(self._plan["plan_id"])

    @property
    def now(self) -> dt.datetime:
        """The instant of the change."""
        return self._now

    def reconciled(self, decided: Decided, found: Sequence[Occurrence], next_id: Callable[[], str]) -> Reconciled:
        """Work out what the moments of a decision make of those that there are."""
        return _Reconciling(self, decided, found, next_id).run()

    def stays(self, row: Row) -> bool:  # noqa: ARG002 - of evaluations only
        """Tell whether a moment to come stays where it is whatever was decided: an extension has moved it."""
        return False

    def due(self, at: str) -> dict[str, Any]:
        """Give the columns that say when a moment falls due."""
        return {"due_at": at}

    def made(self, row: Row) -> list[Change]:
        """A moment that was not there, with its deadlines."""
        values = {name: value for name, value in row.items() if name != self.name}
        made = insert(self.table, {self.name: row[self.name]}, **values)
        return [made, self._deadline(row)]

    def changed(self, row: Row, values: Mapping[str, Any]) -> list[Change]:
        """A moment with other values; its deadlines go with its day, and come back with a cancelled one."""
        different = {name: value for name, value in values.items() if row[name] != value}
        changes = [update(self.table, {self.name: row[self.name]}, **different)] if different else []
        if not different.keys() & {"due_at", "status"}:
            return changes
        return [*changes, *self._moved(row, values)]

    @abstractmethod
    def deadline(self, row: Row) -> Change:
        """Make the deadline of a moment that is planned."""

    def _moved(self, row: Row, values: Mapping[str, Any]) -> list[Change]:
        deadline = self._deadlines.get(row[self.name])
        if values.get("status") == "cancelled":
            live = deadline is not None and deadline["status"] in _LIVE
            return [deadlines.ended(deadline, to_text(self._now))] if deadline and live else []
        if deadline is None:
            return [self._deadline({**row, **values})]
        due = {"since": values["due_at"], "due_at": values["due_at"]}
        if row["status"] == "cancelled":
            due |= {"status": "pending" if self._running else "held", "done_at": None}
        return [update("deadline", {"deadline_id": row[self.name]}, **due)]

    def _settled(self, row: Row) -> bool:
        if row["status"] == "planned":
            return from_text(row["due_at"]) <= self._now or self.stays(row)
        return bool(row["status"] != "cancelled")

    def _deadline(self, row: Mapping[str, Any]) -> Change:
        return deadlines.resting(self.deadline(dict(row)), self._plan, self._definition)


class Moments(Kept):
    """The evaluations of one plan, as they are at `now`."""

    table, name = "evaluation", "evaluation_id"

    def __init__(self, connection: Connection, plan: Row, definition: WorkflowDefinition, now: dt.datetime) -> None:
        super().__init__(
            plan,
            definition,
            now,
            connection.all(evaluations.OF_PLAN, plan_id=plan["plan_id"]),
            connection.all(schedules.DEADLINES, plan_id=plan["plan_id"]),
        )
        self._holds = reminding.in_force(connection, plan, definition).method

    def stays(self, row: Row) -> bool:
        """Tell whether an extension has moved it."""
        return bool(row["due_at"] != row["first_due_at"])

    def due(self, at: str) -> dict[str, Any]:
        """Give the instant, and that before any extension."""
        return {"due_at": at, "first_due_at": at}

    def deadline(self, row: Row) -> Change:
        """Make the deadline at which it opens."""
        return deadlines.of_evaluation(row)

    def made(self, row: Row) -> list[Change]:
        """An evaluation that was not there, with the deadlines at which it opens and people are reminded of it."""
        return [*super().made(row), *self._reminders(row)]

    def _moved(self, row: Row, values: Mapping[str, Any]) -> list[Change]:
        return [*super()._moved(row, values), *self._reminders({**row, **values})]

    def _reminders(self, row: Mapping[str, Any]) -> list[Change]:
        there = self._deadlines.get(reminders.name_of(self.plan_id, row["evaluation_id"]))
        return reminders.armed(dict(row), self._plan, self._holds, self._now, there)


class _Reconciling:
    def __init__(
        self, moments: Kept, decided: Decided, found: Sequence[Occurrence], next_id: Callable[[], str]
    ) -> None:
        self._moments = moments
        self._decided = decided
        self._found = found
        self._next_id = next_id
        ahead = moments.ahead
        self._result = Reconciled()
        self._name = moments.name
        self._extended = [row for row in ahead if moments.stays(row)]
        free = [row for row in ahead if not moments.stays(row)]
        cancelled = [row for row in moments.rows if row["status"] == "cancelled"]
        self._free: defaultdict[str, list[Row]] = defaultdict(list)
        for row in (*free, *cancelled):
            self._free[_key(row)].append(row)
        named = {key for one in found for key in one.keys}
        self._fixed = [row for row in free if row["schedule_number"] is None and _key(row) not in named]
        """Fixed one by one, and not among what was decided: they stay as they are."""
        self._left = {row[self._name]: row for row in free if row["schedule_number"] is not None}
        """Those of a decision that nothing was found for yet."""
        self._together: defaultdict[str, set[str]] = defaultdict(set)

    def run(self) -> Reconciled:
        accounted = set(self._moments.accounted)
        for one in self._found:
            keys = [key for key in one.keys if key not in accounted]
            if not keys:
                continue
            if one.at <= self._moments.now:
                # A day that moved into the past: nobody would be told of it any more, so what is planned stays.
                for key in keys:
                    for row in self._free[key]:
                        self._left.pop(row[self._name], None)
                        accounted |= {*_keys(row)}
            elif staying := self._staying_on(one.date):
                self._together[staying[self._name]] |= {*keys}
            else:
                self._occurrence(one, keys)
        for row in self._left.values():
            self._record("cancelled", row, {"status": "cancelled"})
        for row in (*self._fixed, *self._extended):
            kept = set(also_in(row)) if row in self._extended else set()
            self._also(row, kept | self._together[row[self._name]])
        return self._result

    def _staying_on(self, day: dt.date) -> Row | None:
        staying = (*self._fixed, *self._extended)
        return next((row for row in staying if row["due_date"] == day.isoformat()), None)

    def _occurrence(self, one: Occurrence, keys: Sequence[str]) -> None:
        known = [row for key in keys for row in self._free[key]]
        row = next((row for row in known if row["status"] == "planned"), None) or next(iter(known), None)
        reasons = {one.key: one.reasons, **{other.stated.isoformat(): other.reasons for other in one.also}}
        own = _key(row) if row else keys[0]
        due = to_text(one.at)
        values = {
            "due_date": one.date.isoformat(),
            **self._moments.due(due),
            "status": "planned",
            "schedule_number": self._decided.number,
            "moved": moved(reasons[own], {*keys} - {own}),
        }
        if row is None:
            self._make(own, values)
            return
        self._left.pop(row[self._name], None)
        what = "kept" if row["due_at"] == due else "moved"
        self._record("taken_up" if row["status"] == "cancelled" else what, row, values)

    def _make(self, own: str, values: Mapping[str, Any]) -> None:
        stated = self._decided.texts.get(dt.date.fromisoformat(own), own)
        row = {
            self._name: self._next_id(),
            "plan_id": self._moments.plan_id,
            **self._decided.values,
            "stated_date": stated,
            "assumed": 0,
            **values,
        }
        self._result.changes += self._moments.made(row)
        self._result.effects.append(Effect("made", row[self._name], stated, row["due_date"]))

    def _record(self, what: str, row: Row, values: Mapping[str, Any]) -> None:
        self._result.changes += self._moments.changed(row, values)
        day = values.get("due_date", row["due_date"])
        self._result.effects.append(Effect(what, row[self._name], row["stated_date"], day, row["due_date"]))

    def _also(self, row: Row, also: Iterable[str]) -> None:
        stored = from_json(row["moved"]) or {}
        found = {**stored, "also": sorted(also)}
        values = {"moved": optional_json({name: value for name, value in found.items() if value})}
        self._result.changes += self._moments.changed(row, values)


def _key(row: Row) -> str:
    return parse_stated(row["stated_date"]).date.isoformat()


def _keys(row: Row) -> tuple[str, ...]:
    return (_key(row), *also_in(row))
