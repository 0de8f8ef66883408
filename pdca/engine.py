"""The one write path.

Command line, scheduler, import and simulation all change something by handing a command to `apply`. A command reads
and locks what it needs, asks the rules, and hands each event it wants to `Desk.record`, which in one transaction
writes the rows with an optimistic version check, appends the event that carries those very rows, and puts the
notifications into the outbox. An event of the installation that makes approvals of plans outdated is followed by one in
the stream of each. Nothing else writes.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from pdca import content
from pdca.actor import READERS, Actor
from pdca.audit import tree
from pdca.audit.canonical import nfc, seal_values
from pdca.audit.event import REFUSED, build_body
from pdca.errors import Conflict, NoRight
from pdca.i18n import _
from pdca.notify.outbox import Notice, enqueue
from pdca.standing import acts_for
from pdca.store import eventlog, rows
from pdca.store.catalogue import COMMITTED, INSTALLATION_STREAM
from pdca.store.driver import Connection
from pdca.store.reads import plans
from pdca.store.rows import Change
from pdca.store.unit_of_work import UnitOfWork
from workflows.guards import Need


@dataclass(slots=True)
class Stream:
    """A stream of events and its head; follows along while a transaction appends to it."""

    name: str
    version: int
    head: str | None

    @classmethod
    def of_plan(cls, plan: Mapping[str, Any]) -> "Stream":
        """The stream of a plan's row."""
        return cls(plan["plan_id"], plan["version"], plan["head"])

    @classmethod
    def of_installation(cls, installation: Mapping[str, Any]) -> "Stream":
        """The stream of everything that belongs to no single plan."""
        return cls(INSTALLATION_STREAM, installation["version"], installation["head"])

    @property
    def plan_id(self) -> str | None:
        """The plan whose stream it is, None for the installation's."""
        return None if self.name == INSTALLATION_STREAM else self.name

    @property
    def row(self) -> tuple[str, dict[str, object]]:
        """The table and key of the row that carries the head."""
        return ("plan", {"plan_id": self.name}) if self.plan_id else ("installation", {"installation_id": 1})


class Draft(NamedTuple):
    """An event to be: what happened, the rows it writes, and who is to be told.

    `key` makes the event unique in the whole log (an occurrence is enforced once); `due_at` is the instant the
    scheduler should have acted at, beside the instant it did; `refused` are the codes of the unmet needs. `plan` is the
    plan that was meant by an event which belongs to the stream of none.
    """

    kind: str
    changes: Sequence[Change] = ()
    notices: Sequence[Notice] = ()
    trigger: str | None = None
    from_state: str | None = None
    to_state: str | None = None
    evaluation: str | None = None
    reason: str | None = None
    refused: Sequence[str] | None = None
    key: str | None = None
    due_at: str | None = None
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did: the ids of its events, figures for the user, and the refusal if the rules forbade it."""

    events: tuple[int, ...] = ()
    summary: Mapping[str, Any] = field(default_factory=dict)
    refusal: tuple[Need, ...] = ()


class HeldByAnother(Exception):
    """Another worker has what a command of the scheduler is about, at this moment."""


class Command(Protocol):
    """A wish to change something."""

    def perform(self, desk: "Desk") -> Outcome:
        """Read, ask the rules, and record; raises PdcaError, then nothing is changed."""
        ...


@dataclass(slots=True)
class Desk:
    """What a command works with inside its transaction."""

    uow: UnitOfWork
    actor: Actor
    salt: Callable[[], bytes] = lambda: secrets.token_bytes(16)
    events: list[int] = field(default_factory=list)

    @property
    def connection(self) -> Connection:
        """The transaction's connection."""
        return self.uow.connection

    def record(self, stream: Stream, draft: Draft) -> int:
        """Write the draft's rows, append its event to the stream, and enqueue its notices; returns the event's id.

        What the body changes voids the approvals of every plan that names it, by an event in the stream of the plan:
        who holds a plan's row reads it again after an event of the installation. Raises Conflict when the stream has
        moved on since it was read.
        """
        draft = self._with_what_it_voids(stream, draft)
        seq = stream.version + 1
        messages = enqueue(self.connection, draft.notices, stream.plan_id, stream.name, seq, self.uow.now)
        changes = [_normalised(change) for change in (*draft.changes, *messages)]
        body, private = self._body(stream, draft, seq, changes)
        head = tree.leaf_hash(body).hex()
        self._write(stream, changes, seq, head)
        event_id = eventlog.append(
            self.connection,
            eventlog.Entry(
                stream=stream.name,
                seq=seq,
                kind=draft.kind,
                plan_id=stream.plan_id or draft.plan,
                at=self.uow.now_text,
                actor=self.actor.name_in_log,
                source=self.actor.source,
                event_key=draft.key,
                body=body,
                private=private,
            ),
        )
        stream.version, stream.head = seq, head
        self.events.append(event_id)
        if stream.plan_id is None:
            self._void_where_named(draft)
        return event_id

    def act_for(self, absent: str | None) -> None:
        """Act on behalf of somebody from here on, unless it was said already on whose."""
        if absent is not None and self.actor.on_behalf_of is None:
            self.actor = self.actor._replace(on_behalf_of=absent)

    def refuse(self, stream: Stream, draft: Draft, needs: tuple[Need, ...]) -> Outcome:
        """Log a refused attempt; the transaction is kept, and the caller tells the user."""
        if not draft.kind.endswith(REFUSED):
            # By their kinds refusals are found among all events.
            raise ValueError(draft.kind)
        self.record(stream, draft._replace(refused=[need.code for need in needs]))
        return Outcome(events=tuple(self.events), refusal=needs)

    def done(self, **summary: object) -> Outcome:
        """Report what was recorded."""
        return Outcome(events=tuple(self.events), summary=summary)

    def _with_what_it_voids(self, stream: Stream, draft: Draft) -> Draft:
        # A plan that is new has no approval yet.
        if stream.plan_id is None or not stream.version:
            return draft
        changes, notices = content.voiding(
            self.connection, stream.plan_id, draft.kind, draft.changes, self.actor.person_id, self.uow.now_text
        )
        if not changes:
            return draft
        return draft._replace(changes=(*draft.changes, *changes), notices=(*notices, *draft.notices))

    def _void_where_named(self, draft: Draft) -> None:
        for plan_id in content.naming(self.connection, draft.changes):
            plan = self.connection.one(plans.LOCK_PLAN, plan_id=plan_id) or {}
            changes, notices = content.voiding_by_body(
                self.connection, plan_id, draft.kind, self.actor.person_id, self.uow.now_text
            )
            if changes:
                self.record(Stream.of_plan(plan), Draft(kind="approval.voided", changes=changes, notices=notices))

    def _body(
        self, stream: Stream, draft: Draft, seq: int, changes: Sequence[Change]
    ) -> tuple[bytes, dict[str, list[object]]]:
        fields: dict[str, Any] = {"reason": nfc(draft.reason)} if draft.reason else {}
        sealed, private = seal_values([change.as_body() for change in changes], COMMITTED, self.salt, fields)
        body = build_body(
            stream=stream.name,
            seq=seq,
            prev=stream.head,
            kind=draft.kind,
            at=self.uow.now_text,
            actor=self.actor.name_in_log,
            on_behalf_of=self.actor.on_behalf_of,
            source=self.actor.source,
            plan=stream.plan_id or draft.plan,
            trigger=draft.trigger,
            from_state=draft.from_state,
            to_state=draft.to_state,
            evaluation=draft.evaluation,
            reason=fields.get("reason"),
            refused=list(draft.refused) if draft.refused is not None else None,
            key=draft.key,
            due_at=draft.due_at,
            changes=sealed,
        )
        return body, private

    def _write(self, stream: Stream, changes: Sequence[Change], seq: int, head: str) -> None:
        table, key = stream.row
        of_head = (at for at, change in enumerate(changes) if change.table == table and dict(change.key) == key)
        first = next(of_head, len(changes))
        rows.write_all(self.connection, changes[:first])
        with_head = changes[first] if first < len(changes) else rows.update(table, key)
        self._write_head(with_head, stream.version, seq, head)
        rows.write_all(self.connection, changes[first + 1 :])

    def _write_head(self, change: Change, version: int, seq: int, head: str) -> None:
        expected = None if change.op == "insert" else version
        if rows.write(self.connection, change, only_version=expected, version=seq, head=head) != 1:
            raise Conflict(
                "changed-meanwhile",
                _("Somebody else changed it at the same moment."),
                hint=_("Nothing was changed. Look at it again, then repeat the command."),
            )


def apply(uow: UnitOfWork, command: Command, actor: Actor) -> Outcome:
    """Perform one command inside a unit of work; the caller commits.

    Raises NoRight for an actor who may only read, and whatever the command raises: then the caller rolls back.
    """
    return command.perform(Desk(uow, _may_act_for(uow, may_write(actor))))


def may_write(actor: Actor) -> Actor:
    """Return the actor, or refuse one who may only read: a login that no person has may only read."""
    if actor.person_id is None and actor.access != "service":
        raise NoRight(
            "login-unknown",
            _("The login “%(login)s” belongs to no person here, so it may only read.") % {"login": actor.login},
            hint=_("An administrator adds it with `pdca person add --login …`."),
            actor=actor,
        )
    if actor.person_id is not None and actor.access in READERS:
        raise NoRight(
            "read-only-access",
            _("Your access is “%(access)s”, which does not change plans.") % {"access": _(actor.access)},
            hint=_("Ask an administrator of this installation."),
            actor=actor,
        )
    return actor


def _may_act_for(uow: UnitOfWork, actor: Actor) -> Actor:
    if actor.on_behalf_of is None or actor.on_behalf_of in acts_for(uow.connection, actor.person_id, uow.now):
        return actor
    raise NoRight(
        "no-substitution",
        _("%(person)s does not act for %(absent)s today.")
        % {"person": actor.name_in_log, "absent": actor.on_behalf_of},
        hint=_(
            "`pdca person substitutions` shows who acts for whom; an administrator or the absent person records it."
        ),
        actor=actor,
    )


def must_administer(actor: Actor, what: str) -> None:
    """Refuse anybody but an administrator; `what` is marked by `N_` and goes on from “may”."""
    if actor.access != "administrator":
        raise NoRight(
            "administrator-only",
            _("Only an administrator may %(what)s.") % {"what": _(what)},
            hint=_("`pdca person list` shows who is one."),
            actor=actor,
        )


def _normalised(change: Change) -> Change:
    """Bring every text to NFC, the form that is logged, so that the table and the log hold the same characters."""
    return change._replace(set={name: nfc(value) for name, value in change.set.items()})
