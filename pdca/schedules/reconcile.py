"""Bringing the evaluations of a plan to what its group decided: which are made, moved, taken up again or cancelled.

What took place, or fell due, stays what it was, and so does a moment that an approved extension has moved. A moment is
known by its stated day, or by that of another that falls together with it; so it keeps its number whatever becomes of
holidays and closing days.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, Final

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
    """What became of one evaluation: it was made, moved, taken_up (it had been cancelled), kept or cancelled.

    `date` is its day from here on, `before` the one that it had, `withdrawn` the day to which somebody had asked to
    move it, which is taken back with this.
    """

    what: str
    evaluation_id: str
    stated_date: str
    date: str
    before: str | None = None
    withdrawn: str | None = None


@dataclass(slots=True)
class Reconciled:
    """The changes to a plan's evaluations and their deadlines, and what became of each."""

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
    """A decision as evaluations bear it: its number, and of what kind those are that it makes.

    `texts` are the dates that were stated other than by their day.
    """

    number: int
    kind: str
    texts: Mapping[dt.date, str] = field(default_factory=dict, hash=False)


class Moments:
    """The evaluations of one plan, as they are at `now`."""

    def __init__(self, connection: Connection, plan: Row, definition: WorkflowDefinition, now: dt.datetime) -> None:
        self._plan = plan
        self._now = now
        self._running = definition.state_by_id[plan["state"]].running
        self._definition = definition
        self._rows = connection.all(evaluations.OF_PLAN, plan_id=plan["plan_id"])
        there = connection.all(schedules.DEADLINES, plan_id=plan["plan_id"])
        self._deadlines = {row["deadline_id"]: row for row in there}
        self._holds = reminding.in_force(connection, plan, definition).method

    @property
    def rows(self) -> Sequence[Row]:
        """The evaluations, in the order of their instants."""
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

    def reconciled(self, decided: Decided, found: Sequence[Occurrence], next_id: Callable[[], str]) -> Reconciled:
        """Work out what the moments of a decision make of the evaluations that there are."""
        return _Reconciling(self, decided, found, next_id).run()

    def _settled(self, row: Row) -> bool:
        if row["status"] == "planned":
            return from_text(row["due_at"]) <= self._now or row["due_at"] != row["first_due_at"]
        return bool(row["status"] != "cancelled")

    def made(self, row: Row) -> list[Change]:
        """An evaluation that was not there, with the deadlines at which it opens and people are reminded of it."""
        values = {name: value for name, value in row.items() if name != "evaluation_id"}
        made = insert("evaluation", {"evaluation_id": row["evaluation_id"]}, **values)
        return [made, self._deadline(row), *self._reminders(row)]

    def changed(self, row: Row, values: Mapping[str, Any]) -> list[Change]:
        """An evaluation with other values; its deadlines go with its day, and come back with a cancelled one."""
        different = {name: value for name, value in values.items() if row[name] != value}
        changes = [update("evaluation", {"evaluation_id": row["evaluation_id"]}, **different)] if different else []
        if not different.keys() & {"due_at", "status"}:
            return changes
        return [*changes, *self._opening(row, values), *self._reminders({**row, **values})]

    def _opening(self, row: Row, values: Mapping[str, Any]) -> list[Change]:
        deadline = self._deadlines.get(row["evaluation_id"])
        if values.get("status") == "cancelled":
            live = deadline is not None and deadline["status"] in _LIVE
            return [deadlines.ended(deadline, to_text(self._now))] if deadline and live else []
        if deadline is None:
            return [self._deadline({**row, **values})]
        due = {"since": values["due_at"], "due_at": values["due_at"]}
        if row["status"] == "cancelled":
            due |= {"status": "pending" if self._running else "held", "done_at": None}
        return [update("deadline", {"deadline_id": row["evaluation_id"]}, **due)]

    def _reminders(self, row: Mapping[str, Any]) -> list[Change]:
        there = self._deadlines.get(reminders.name_of(self.plan_id, row["evaluation_id"]))
        return reminders.armed(dict(row), self._plan, self._holds, self._now, there)

    def _deadline(self, row: Mapping[str, Any]) -> Change:
        return deadlines.resting(deadlines.of_evaluation(dict(row)), self._plan, self._definition)

    @property
    def plan_id(self) -> str:
        """Whose evaluations they are."""
        return str(self._plan["plan_id"])

    @property
    def now(self) -> dt.datetime:
        """The instant of the change."""
        return self._now


class _Reconciling:
    def __init__(
        self, moments: Moments, decided: Decided, found: Sequence[Occurrence], next_id: Callable[[], str]
    ) -> None:
        self._moments = moments
        self._decided = decided
        self._found = found
        self._next_id = next_id
        ahead = moments.ahead
        self._result = Reconciled()
        self._extended = [row for row in ahead if row["due_at"] != row["first_due_at"]]
        free = [row for row in ahead if row["due_at"] == row["first_due_at"]]
        cancelled = [row for row in moments.rows if row["status"] == "cancelled"]
        self._free: defaultdict[str, list[Row]] = defaultdict(list)
        for row in (*free, *cancelled):
            self._free[_key(row)].append(row)
        named = {key for one in found for key in one.keys}
        self._fixed = [row for row in free if row["schedule_number"] is None and _key(row) not in named]
        """Fixed one by one, and not among what was decided: they stay as they are."""
        self._left = {row["evaluation_id"]: row for row in free if row["schedule_number"] is not None}
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
                        self._left.pop(row["evaluation_id"], None)
                        accounted |= {*_keys(row)}
            elif staying := self._staying_on(one.date):
                self._together[staying["evaluation_id"]] |= {*keys}
            else:
                self._occurrence(one, keys)
        for row in self._left.values():
            self._record("cancelled", row, {"status": "cancelled"})
        for row in (*self._fixed, *self._extended):
            kept = set(also_in(row)) if row in self._extended else set()
            self._also(row, kept | self._together[row["evaluation_id"]])
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
            "due_at": due,
            "first_due_at": due,
            "status": "planned",
            "schedule_number": self._decided.number,
            "moved": moved(reasons[own], {*keys} - {own}),
        }
        if row is None:
            self._make(own, values)
            return
        self._left.pop(row["evaluation_id"], None)
        what = "kept" if row["due_at"] == due else "moved"
        self._record("taken_up" if row["status"] == "cancelled" else what, row, values)

    def _make(self, own: str, values: Mapping[str, Any]) -> None:
        stated = self._decided.texts.get(dt.date.fromisoformat(own), own)
        row = {
            "evaluation_id": self._next_id(),
            "plan_id": self._moments.plan_id,
            "kind": self._decided.kind,
            "stated_date": stated,
            "assumed": 0,
            **values,
        }
        self._result.changes += self._moments.made(row)
        self._result.effects.append(Effect("made", row["evaluation_id"], stated, row["due_date"]))

    def _record(self, what: str, row: Row, values: Mapping[str, Any]) -> None:
        self._result.changes += self._moments.changed(row, values)
        day = values.get("due_date", row["due_date"])
        self._result.effects.append(Effect(what, row["evaluation_id"], row["stated_date"], day, row["due_date"]))

    def _also(self, row: Row, also: Iterable[str]) -> None:
        stored = from_json(row["moved"]) or {}
        found = {**stored, "also": sorted(also)}
        values = {"moved": optional_json({name: value for name, value in found.items() if value})}
        self._result.changes += self._moments.changed(row, values)


def _key(row: Row) -> str:
    return parse_stated(row["stated_date"]).date.isoformat()


def _keys(row: Row) -> tuple[str, ...]:
    return (_key(row), *also_in(row))
