"""Who looked into the log and what of it was handed out: events too, though whoever does it may change nothing else."""

from dataclasses import dataclass

from pdca.actor import Actor, login_in_log
from pdca.engine import Desk, Draft, Stream
from pdca.people.commands import lock_installation
from pdca.store.reads import log
from pdca.store.rows import insert
from pdca.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class HandedOut:
    """What left the house: in what form, of which plan (None: the whole log), with personal values or without, how many
    events, and the SHA-256 of its file, in hex.
    """

    form: str
    plan: str | None
    opened: bool
    events: int
    sha256: str


def note_reading(uow: UnitOfWork, actor: Actor, command: str) -> None:
    """Record that somebody looks into the log today, by which command first."""
    _record(Desk(uow, actor), Draft(kind="audit.read", trigger=command))


def note_handed_out(uow: UnitOfWork, actor: Actor, command: str, what: HandedOut) -> None:
    """Record what was handed out; a login that no person has stands in the reason, so that it can be erased."""
    desk = Desk(uow, actor)
    number = desk.connection.value(log.LAST_HANDED_OUT) + 1
    row = insert(
        "handed_out",
        {"number": number},
        form=what.form,
        plan_id=what.plan,
        opened=int(what.opened),
        events=what.events,
        sha256=what.sha256,
    )
    reason = login_in_log(actor.login) if actor.person_id is None else None
    _record(desk, Draft(kind="audit.handed_out", trigger=command, plan=what.plan, reason=reason, changes=(row,)))


def _record(desk: Desk, draft: Draft) -> None:
    desk.record(Stream.of_installation(lock_installation(desk)), draft)
