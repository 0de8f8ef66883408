"""Inviting people to evaluations: calendars are told what the plan says, and told again when it says otherwise."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.notify.invitation import KIND
from pdca.notify.outbox import MAIL, Notice, holds
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import invitations, plans
from pdca.store.rows import Change, insert, update
from workflows.instants import from_text, to_text

_EVERY: Final = ""
_TO_COME: Final = ("planned", "open")

LOOKED_BACK: Final = timedelta(days=366)
"""An evaluation that is found to be missed later than that is not taken out of calendars any more."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What a person's calendar is still to be told of an evaluation: invited, moved or withdrawn; `why` the role."""

    plan_id: str
    evaluation_id: str
    person_id: str
    what: str
    due_at: str
    why: str


def owed(connection: Connection, now: datetime, evaluation_id: str = _EVERY) -> Iterator[Owed]:
    """Yield what calendars are still to be told, of every evaluation or of one.

    Who holds a function on the day of an evaluation is invited to it, not who holds it today.
    """
    asked = {"now": to_text(now), "evaluation_id": evaluation_id}
    since = to_text(now - LOOKED_BACK)
    wanted: dict[tuple[str, str], Row] = {}
    # Mostly nobody wishes it, and PostgreSQL takes long to find out how best to look for nothing among very many plans.
    anybody = connection.all(invitations.ANYBODY, since=since)[0]
    for row in connection.all(invitations.WANTED, **asked) if anybody["wishes"] else ():
        if row["status"] in _TO_COME and holds(row, from_text(row["due_at"])):
            wanted.setdefault((row["evaluation_id"], row["person_id"]), row)
    for sent in connection.all(invitations.SENT, since=since, **asked) if anybody["told"] else ():
        key = (sent["evaluation_id"], sent["person_id"])
        wish = wanted.pop(key) if key in wanted else None
        told = (sent["plan_id"], sent["evaluation_id"], sent["person_id"])
        if wish is None:
            yield Owed(*told, "withdrawn", sent["due_at"], "group")
        elif wish["due_at"] != sent["due_at"]:
            yield Owed(*told, "moved", wish["due_at"], wish["role"])
    for (evaluation, person), row in wanted.items():
        yield Owed(row["plan_id"], evaluation, person, "invited", row["due_at"], row["role"])


@dataclass(frozen=True, slots=True)
class Invite:
    """Tell the calendars of all whom it concerns how it stands with one evaluation."""

    plan_id: str
    evaluation_id: str

    def perform(self, desk: Desk) -> Outcome:
        """Write down what each calendar is told, and the messages; nothing when all are told or the plan is taken."""
        plan = desk.connection.one(plans.LOCK_PLAN_IF_FREE, plan_id=self.plan_id)
        if plan is None:
            return Outcome()
        told = list(owed(desk.connection, desk.uow.now, self.evaluation_id))
        if not told:
            return Outcome()
        before = {
            row["person_id"]: row for row in desk.connection.all(invitations.BEFORE, evaluation_id=self.evaluation_id)
        }
        changes = [_change(one, before.get(one.person_id)) for one in told]
        draft = Draft(
            kind="evaluation.invited",
            changes=changes,
            notices=[_notice(plan, one, change) for one, change in zip(told, changes, strict=True)],
            evaluation=self.evaluation_id,
        )
        desk.record(Stream.of_plan(plan), draft)
        return desk.done(evaluation=self.evaluation_id, people=[one.person_id for one in told])


def _change(one: Owed, before: Row | None) -> Change:
    key = {"person_id": one.person_id, "evaluation_id": one.evaluation_id}
    status = "withdrawn" if one.what == "withdrawn" else "invited"
    if before is None:
        return insert("invitation", key, due_at=one.due_at, sequence=0, status=status)
    return update("invitation", key, due_at=one.due_at, sequence=before["sequence"] + 1, status=status)


def _notice(plan: Row, one: Owed, change: Change) -> Notice:
    parameters = {
        "plan": plan["plan_id"],
        "title": from_json(plan["title"]),
        "evaluation": one.evaluation_id,
        "due_at": one.due_at,
        "zone": plan["zone"],
        "state": plan["state"],
        "restricted": bool(plan["restricted"]),
        "what": one.what,
        "person": one.person_id,
        "sequence": change.set["sequence"],
    }
    return Notice(KIND, (), parameters, one.evaluation_id, people={one.person_id: one.why}, channels=(MAIL,))
