"""The outbox: one row per event, recipient and channel, written in the transaction of the event.

Rows hold the facts of the moment, not a text: the text is made in the recipient's language when it is delivered, and
the hash of what was sent goes back into the log.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
    Of what belongs to no plan the audiences are chief and authority. What is for calendars goes `by_mail_alone`.
    """

    kind: str
    audiences: tuple[str, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    evaluation: str | None = None
    leave_out: str | None = None
    people: Mapping[str, str] = field(default_factory=dict)
    parties: Mapping[str, str] = field(default_factory=dict)
    by_mail_alone: bool = False


def enqueue(
    connection: Connection, notices: Sequence[Notice], plan_id: str | None, stream: str, seq: int, now: datetime
) -> list[Change]:
    """Turn notices into outbox rows, one per person and channel; who has several roles is told in the first of them."""
    if not notices:
        return []
    body = connection.one(people.INSTALLATION) or {}
    told = [row for row in _audiences(connection, plan_id) if holds(row, now)]
    changes: list[Change] = []
    seen: set[str] = set()
    for notice in notices:
        besides = list(_holders(connection, notice, now))
        for person_id, role in _chosen(told, notice, besides):
            if person_id in seen:
                continue
            seen.add(person_id)
            told_of = _facts(notice, plan_id, stream, seq, person_id, role, now)
            for channel in (MAIL,) if notice.by_mail_alone else channels_of(person_id, body):
                key = {"notification_id": f"{stream}.{seq}.{len(changes) + 1}"}
                changes.append(insert("notification", key, channel=channel, **told_of))
    return changes


def channels_of(person_id: str, body: Mapping[str, Any]) -> tuple[str, ...]:
    """Say by which channels a person is told, in the order of CHANNELS; `body` is the row of the installation.

    It is decided here and recorded with the event, so that no setting of whoever acts keeps anybody from being told.
    """
    del person_id
    chosen = from_json(body.get("channels")) or [MAIL]
    return tuple(channel for channel in CHANNELS if channel in chosen)


def _audiences(connection: Connection, plan_id: str | None) -> list[Row]:
    if plan_id is None:
        return connection.all(people.IN_CHARGE)
    return connection.all(people.RECIPIENTS, plan_id=plan_id)


def _holders(connection: Connection, notice: Notice, now: datetime) -> Iterator[tuple[str, str]]:
    for party_id, why in notice.parties.items():
        for row in connection.all(people.HOLDERS, party_id=party_id):
            if holds(row, now):
                yield row["person_id"], why


def holds(row: Row, now: datetime) -> bool:
    """Tell whether somebody stands, on the local day of an instant, where a row of `reads.people` puts him or her."""
    today = now.astimezone(ZoneInfo(row["zone"])).date().isoformat()
    appointed = row["from_date"] <= today and (row["until_date"] is None or today < row["until_date"])
    member = (row["member_from"] or today) <= today and (row["member_until"] is None or today < row["member_until"])
    stands_in = (row["acts_from"] or today) <= today <= (row["acts_until"] or today)
    return bool(appointed and member and stands_in)


def _chosen(
    told: Iterable[Mapping[str, Any]], notice: Notice, besides: Iterable[tuple[str, str]]
) -> list[tuple[str, str]]:
    by_role = [(row["person_id"], row["role"]) for row in told if row["role"] in notice.audiences]
    return [one for one in (*notice.people.items(), *besides, *by_role) if one[0] != notice.leave_out]


def _facts(
    notice: Notice,
    plan_id: str | None,
    stream: str,
    seq: int,
    person_id: str,
    role: str,
    now: datetime,
) -> dict[str, object]:
    at = to_text(now)
    return {
        "stream": stream,
        "seq": seq,
        "kind": notice.kind,
        "plan_id": plan_id,
        "evaluation_id": notice.evaluation,
        "person_id": person_id,
        "why": role,
        "parameters": to_json(dict(notice.parameters)),
        "created_at": at,
        "status": "pending",
        "attempts": 0,
        "next_attempt_at": at,
    }
