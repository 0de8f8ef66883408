"""A follow-up falls due: its owner is told, then the ladder is climbed until the project group has answered it."""

from typing import Final

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.notify.outbox import Notice
from pdca.plans import rungs
from pdca.plans.reminding import InForce
from pdca.restricted import untold
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from pdca.store.reads import cycles, partners
from pdca.store.rows import update
from workflows.escalation import rung_after
from workflows.instants import from_text

KIND: Final = "follow_up"


def enforce(desk: Desk, plan: Row, due: Row, holds: InForce) -> Outcome:
    """Tell the owner and the first rung on the day, and rung after rung later; the event is unique per rung."""
    followed = desk.connection.one(cycles.FOLLOW_UP, follow_up_id=due["follow_up_id"]) or {}
    told = due["step"] + 1
    ladder = holds.method.ladder
    following = rung_after(ladder, due["step"], from_text(due["due_at"]), desk.uow.now)
    kind = "followup.overdue" if due["step"] else "followup.due"
    parameters = {
        "plan": plan["plan_id"],
        "title": from_json(plan["title"]),
        "follow_up": due["follow_up_id"],
        "text": followed["title"],
        "due": followed["due_date"],
        "state": plan["state"],
        **rungs.announced(told, following),
    }
    owner = {} if due["step"] else _owner(desk, plan, followed["owner_id"])
    notice = Notice(kind, rungs.audience(ladder, due["step"]), parameters, parties=owner)
    desk.record(
        Stream.of_plan(plan),
        Draft(
            kind=kind,
            changes=[update("deadline", {"deadline_id": due["deadline_id"]}, step=told, **rungs.until(following))],
            notices=[notice],
            key=rungs.key(due, holds.number),
            due_at=due["due_at"],
        ),
    )
    return desk.done(overdue=due["deadline_id"], step=told)


def _owner(desk: Desk, plan: Row, owner_id: str) -> dict[str, str]:
    party = desk.connection.one(partners.PARTY, party_id=owner_id)
    return {} if party is not None and untold(plan, party["kind"]) else {owner_id: "owner"}
