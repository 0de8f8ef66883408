"""Who may approve a step of a plan: somebody of the body or an authority, who neither owns it nor wrote any of it."""

from datetime import datetime
from typing import Final

from pdca.actor import Actor
from pdca.content import named, touches
from pdca.logged import event_of
from pdca.plans.roles import kinds_held, owns
from pdca.standing import acts_for
from pdca.store.driver import Connection, Row
from pdca.store.reads import log
from workflows.need import N_, Need

OF_THE_BODY: Final = frozenset({"function", "authority"})
"""The kinds of party that an approver holds or represents."""


def other_eyes(connection: Connection, plan: Row, actor: Actor, now: datetime) -> tuple[Need, ...]:
    """Say why somebody may not approve a plan; nobody is exempt.

    Who approves stands for the body or an authority, and neither owns nor wrote the plan, nor acts for who does.
    """
    person = actor.person_id
    which = {"plan": plan["plan_id"]}
    needs = []
    if kinds_held(connection, plan, actor, now).roles.isdisjoint(OF_THE_BODY):
        needs.append(
            Need(
                "approver-not-of-the-body",
                N_("Who approves a plan holds a function of the body, or represents an authority."),
                which,
                N_("Ask somebody who does to approve it."),
            )
        )
    if person is not None and owns(connection, plan, person, now):
        needs.append(
            Need(
                "approver-owns-plan",
                N_("A plan is approved by somebody other than who leads it, deputises, or acts for either."),
                which,
                N_("Ask somebody else to approve it."),
            )
        )
    if not authors(connection, plan).isdisjoint({person, *acts_for(connection, person, now, plan["zone"])}):
        needs.append(
            Need(
                "approver-is-author",
                N_(
                    "A plan is approved by somebody other than who wrote any of it, what it is measured by included, "
                    "or acts for who did."
                ),
                which,
                N_("Ask somebody else to approve it."),
            )
        )
    return tuple(needs)


def authors(connection: Connection, plan: Row) -> frozenset[str]:
    """Name everybody who wrote anything of the plan, and on whose behalf, as the log has it.

    So did who, since the plan is there, wrote otherwise what it names: what it is measured by, who works on it as what.
    """
    found = {plan["author_id"]}
    written = connection.all(log.EVENTS_OF_PLAN, plan_id=plan["plan_id"])
    is_named = named(connection, plan["plan_id"])
    begun = written[0]["event_id"] if written else 0
    for row in connection.all(log.EVENTS_OF_INSTALLATION):
        event = event_of(row) if row["event_id"] > begun else None
        if event is not None and any(is_named(change) for change in event.changes):
            found |= {event.actor, event.on_behalf_of}
    for row in written:
        event = event_of(row)
        # Who evaluates a plan states what was deployed, and has not written the plan by that.
        if event.kind != "evaluation.recorded" and any(
            touches(change.op, change.table, change.values) for change in event.changes
        ):
            found |= {event.actor, event.on_behalf_of}
    return frozenset(person for person in found if person is not None)
