"""Attempts that a right or a rule forbids whatever else is the case: all that is kept is that they were made."""

import re

from pdca.actor import Actor, login_in_log
from pdca.engine import Command, Desk, Draft, Stream
from pdca.errors import NoRight, PdcaError
from pdca.people.commands import lock_installation
from pdca.store.driver import Connection
from pdca.store.reads import evaluations, plans
from pdca.store.unit_of_work import UnitOfWork

_NEXT_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


def note(uow: UnitOfWork, refusal: PdcaError, actor: Actor, tried: Command | str) -> None:
    """Record that something was tried; it is named by its command, in kebab case.

    The kind tells a right that is lacking from a rule. A login that no person has stands in the reason, so that it can
    be erased.
    """
    desk = Desk(uow, actor)
    plan_id, evaluation_id = _meant(desk.connection, tried)
    draft = Draft(
        kind="access.refused" if isinstance(refusal, NoRight) else "command.refused",
        trigger=tried if isinstance(tried, str) else _NEXT_WORD.sub("-", type(tried).__name__).lower(),
        plan=plan_id,
        evaluation=evaluation_id,
        reason=login_in_log(actor.login) if actor.person_id is None else None,
        refused=[refusal.code],
    )
    desk.record(Stream.of_installation(lock_installation(desk)), draft)


def _meant(connection: Connection, tried: Command | str) -> tuple[str | None, str | None]:
    """Name the plan and the evaluation that a command is about, as far as they exist."""
    evaluation = connection.one(evaluations.EVALUATION, evaluation_id=getattr(tried, "evaluation_id", None))
    if evaluation is not None:
        return evaluation["plan_id"], evaluation["evaluation_id"]
    plan = connection.one(plans.PLAN, plan_id=getattr(tried, "plan_id", None))
    return (plan["plan_id"], None) if plan else (None, None)
