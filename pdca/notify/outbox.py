"""The outbox: one row per event, recipient and channel, written in the transaction of the event.

Rows hold the facts of the moment, not a text: the text is made in the recipient's language when it is delivered, and
the hash of what was sent goes back into the log.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json, to_json
from pdca.store.reads import people
from pdca.store.rows import Change, insert
from workflows.instants import to_text

MAIL: Final = "mail"
"""By SMTP or as a file, as the settings of whoever delivers say."""
WEBHOOK: Final = "webhook"
CHAT: Final = "chat"
CHANNELS: Final = (MAIL, WEBHOOK, CHAT)


@dataclass(frozen=True, slots=True)
class Notice:
    """That something is to be told to some audiences of a plan: lead, group, stakeholders, chief, authority.

    `parameters` are the facts the text needs, `leave_out` a person who need not be told (who did it himself). `people`
    are told besides, whatever their role: person -> why; so is whoever stands for one of the `parties`: party -> why.
    Of what belongs to no plan the audiences are chief and authority. `channels` are those by which it has to go,
    whatever people and the body chose.
    """

    kind: str
    audiences: tuple[str, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    evaluation: str | None = None
    leave_out: str | None = None
    people: Mapping[str, str] = field(default_factory=dict)
    parties: Mapping[str, str] = field(default_factory=dict)
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Told:
    """Somebody who is told, in which role, and whether it is that of somebody absent."""

    person_id: str
    role: str
    instead: bool = False


def enqueue(
    connection: Connection, notices: Sequence[Notice], plan_id: str | None, stream: str, seq: int, now: datetime
) -> list[Change]:
    """Turn notices into outbox rows, one per person and channel; who has several roles is told in the first of them.

    Who is told only because he or she acts for somebody absent has `instead` among the parameters.
    """
    if not notices:
        return []
    audiences = _audiences(connection, plan_id)
    # Each of them has the channels chosen beside it, so that nothing more is read.
    body = next(iter(audiences), None) or connection.one(people.INSTALLATION) or {}
    told = [row for row in audiences if _holds(row, now)]
    changes: list[Change] = []
    seen: set[str] = set()
    for notice in notices:
        besides = list(_holders(connection, notice, now))
        for one in _chosen(told, notice, besides):
            if one.person_id in seen:
                continue
            seen.add(one.person_id)
            told_of = _facts(notice, plan_id, stream, seq, one, now)
            for channel in notice.channels or channels_of(one.person_id, body):
                key = {"notification_id": f"{stream}.{seq}.{len(changes) + 1}"}
                changes.append(insert("notification", key, channel=channel, **told_of))
    return changes


def holders(connection: Connection, party_id: str, now: datetime) -> list[str]:
    """Name who holds a function, or represents a stakeholder, on the local day of `now`, and who stands in for them."""
    found = [row["person_id"] for row in connection.all(people.HOLDERS, party_id=party_id) if _holds(row, now)]
    return list(dict.fromkeys(found))


def channels_of(person_id: str, body: Mapping[str, Any]) -> tuple[str, ...]:
    """Say by which channels a person is told, in the order of CHANNELS; `body` has what the installation chose.

    It is decided here and recorded with the event, so that no setting of whoever acts keeps anybody from being told.
    """
    del person_id
    chosen = from_json(body.get("channels")) or [MAIL]
    return tuple(channel for channel in CHANNELS if channel in chosen)


def _audiences(connection: Connection, plan_id: str | None) -> list[Row]:
    if plan_id is None:
        return connection.all(people.IN_CHARGE)
    return connection.all(people.RECIPIENTS, plan_id=plan_id)


def _holders(connection: Connection, notice: Notice, now: datetime) -> Iterator[_Told]:
    for party_id, why in notice.parties.items():
        for row in connection.all(people.HOLDERS, party_id=party_id):
            if _holds(row, now):
                yield _Told(row["person_id"], why, instead=row["acts_from"] is not None)


def _holds(row: Row, now: datetime) -> bool:
    today = now.astimezone(ZoneInfo(row["zone"])).date().isoformat()
    appointed = row["from_date"] <= today and (row["until_date"] is None or today < row["until_date"])
    member = (row["member_from"] or today) <= today and (row["member_until"] is None or today < row["member_until"])
    stands_in = (row["acts_from"] or today) <= today <= (row["acts_until"] or today)
    return bool(appointed and member and stands_in)


def _chosen(told: Iterable[Mapping[str, Any]], notice: Notice, besides: Iterable[_Told]) -> list[_Told]:
    """Give who is told, in the order of the roles; in a role of one's own before that of somebody absent."""
    by_role = [
        _Told(row["person_id"], row["role"], instead=row["acts_from"] is not None)
        for row in told
        if row["role"] in notice.audiences
    ]
    own = {(one.person_id, one.role) for one in (*besides, *by_role) if not one.instead}
    every = (*(_Told(person_id, why) for person_id, why in notice.people.items()), *besides, *by_role)
    return [
        replace(one, instead=one.instead and (one.person_id, one.role) not in own)
        for one in every
        if one.person_id != notice.leave_out
    ]


def _facts(
    notice: Notice,
    plan_id: str | None,
    stream: str,
    seq: int,
    told: _Told,
    now: datetime,
) -> dict[str, object]:
    at = to_text(now)
    return {
        "stream": stream,
        "seq": seq,
        "kind": notice.kind,
        "plan_id": plan_id,
        "evaluation_id": notice.evaluation,
        "person_id": told.person_id,
        "why": told.role,
        "parameters": to_json({**notice.parameters, **({"instead": True} if told.instead else {})}),
        "created_at": at,
        "status": "pending",
        "attempts": 0,
        "next_attempt_at": at,
    }
