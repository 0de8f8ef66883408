"""The outbox: one row per event, recipient and channel, written in the transaction of the event.

Rows hold the facts of the moment, not a text: the text is made in the recipient's language when it is delivered, and
the hash of what was sent goes back into the log.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from pdca.notify.wishes import Days, Held, Wishes, held, wishes_of
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json, to_json
from pdca.store.reads import people
from pdca.store.rows import Change, insert
from pdca.working_days import working_calendar
from workflows.instants import to_text

MAIL: Final = "mail"
"""By SMTP or as a file, as the settings of whoever delivers say."""
WEBHOOK: Final = "webhook"
CHAT: Final = "chat"
CHANNELS: Final = (MAIL, WEBHOOK, CHAT)

_GATHERED: Final = frozenset(
    {
        "deadline.set_aside",
        "evaluation.missed",
        "evaluation.opened",
        "evaluation.reminded",
        "followup.due",
        "information.prepared",
        "information.withheld",
        "plan.watch_due",
        "programme.evaluation_due",
    }
)
"""Besides what is overdue: all that a sweep may have to tell one person of many plans."""
_GATHERED_ENDS: Final = "overdue"


_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


class Notice(NamedTuple):
    """That something is to be told to some audiences of a plan: lead, group, stakeholders, chief, authority.

    `parameters` are the facts the text needs, `leave_out` a person who need not be told (who did it himself). `people`
    are told besides, whatever their role: person -> why; so is whoever stands for one of the `parties`: party -> why.
    Of what belongs to no plan the audiences are chief and authority. `channels` are those by which it has to go,
    whatever people and the body chose.
    """

    kind: str
    audiences: tuple[str, ...]
    parameters: Mapping[str, Any] = _NONE
    evaluation: str | None = None
    leave_out: str | None = None
    people: Mapping[str, str] = _NONE
    parties: Mapping[str, str] = _NONE
    channels: tuple[str, ...] = ()


class _Told(NamedTuple):
    """Somebody who is told, in which role, and whether it is that of somebody absent.

    `how` has what he or she wishes and what the body chose, where that came along.
    """

    person_id: str
    role: str
    instead: bool = False
    how: Mapping[str, Any] = _NONE


def enqueue(
    connection: Connection, notices: Sequence[Notice], plan_id: str | None, stream: str, seq: int, now: datetime
) -> list[Change]:
    """Turn notices into outbox rows, one per person and channel; who has several roles is told in the first of them.

    Who is told only because he or she acts for somebody absent has `instead` among the parameters.
    """
    if not notices:
        return []
    told = [row for row in _audiences(connection, plan_id) if holds(row, now)]
    closed = _closed(connection)
    changes: list[Change] = []
    seen: set[str] = set()
    for notice in notices:
        besides = list(_holders(connection, notice, now))
        chosen: dict[str, _Told] = {}
        for one in _chosen(told, notice, besides):
            if one.person_id not in seen:
                chosen.setdefault(one.person_id, one)
        seen.update(chosen)
        for one in chosen.values():
            how = one.how or connection.one(people.HOW, person_id=one.person_id)
            if how is None:
                # Erased: there is nobody any more who could be told.
                continue
            wishes = wishes_of(how.get("wishes"))
            days = Days(how.get("body_zone", "UTC"), closed)
            waits = held(wishes, notice.kind, notice.parameters, now, days, alone=len(chosen) == 1)
            told_of = _facts(notice, plan_id, stream, seq, one, now, waits)
            for channel in notice.channels or channels_of(wishes, how):
                key = {"notification_id": f"{stream}.{seq}.{len(changes) + 1}"}
                changes.append(insert("notification", key, channel=channel, **told_of))
    return changes


def holders(connection: Connection, party_id: str, now: datetime) -> list[str]:
    """Name who holds a function, or represents a stakeholder, on the local day of `now`, and who stands in for them."""
    found = [row["person_id"] for row in connection.all(people.HOLDERS, party_id=party_id) if holds(row, now)]
    return list(dict.fromkeys(found))


def channels_of(wishes: Wishes, body: Mapping[str, Any]) -> tuple[str, ...]:
    """Say by which channels somebody with these wishes is told; `body` has what the installation chose.

    Those wished that the body has chosen too, in the order of CHANNELS; where that leaves none, those of the body. It
    is decided here and recorded with the event, so that no setting of whoever acts keeps anybody from being told.
    """
    chosen = from_json(body.get("channels")) or [MAIL]
    wished = [channel for channel in wishes.channels if channel in chosen] or chosen
    return tuple(channel for channel in CHANNELS if channel in wished)


def days_of(connection: Connection, zone: str) -> Days:
    """Give the days of the body, which has this zone."""
    return Days(zone, _closed(connection))


def _closed(connection: Connection) -> Callable[[date], bool]:
    # The working days are looked up when somebody's wishes depend on them.
    calendar = cache(lambda: working_calendar(connection))
    return lambda day: calendar().closed(day) is not None


def _audiences(connection: Connection, plan_id: str | None) -> list[Row]:
    if plan_id is None:
        return connection.all(people.IN_CHARGE)
    return connection.all(people.RECIPIENTS, plan_id=plan_id)


def _holders(connection: Connection, notice: Notice, now: datetime) -> Iterator[_Told]:
    for party_id, why in notice.parties.items():
        for row in connection.all(people.HOLDERS, party_id=party_id):
            if holds(row, now):
                yield _Told(row["person_id"], why, instead=row["acts_from"] is not None, how=row)


def holds(row: Row, now: datetime) -> bool:
    """Tell whether somebody stands, on the local day of an instant, where a row of `reads.people` puts him or her."""
    today = _local_day(now, row["zone"])
    appointed = row["from_date"] <= today and (row["until_date"] is None or today < row["until_date"])
    member = (row["member_from"] or today) <= today and (row["member_until"] is None or today < row["member_until"])
    stands_in = (row["acts_from"] or today) <= today <= (row["acts_until"] or today)
    return bool(appointed and member and stands_in)


@lru_cache(maxsize=16)
def _local_day(instant: datetime, zone: str) -> str:
    # Asked at one instant for everybody in turn.
    return instant.astimezone(ZoneInfo(zone)).date().isoformat()


def _chosen(told: Iterable[Mapping[str, Any]], notice: Notice, besides: Iterable[_Told]) -> list[_Told]:
    """Give who is told, in the order of the roles; in a role of one's own before that of somebody absent."""
    by_role = [
        _Told(row["person_id"], row["role"], instead=row["acts_from"] is not None, how=row)
        for row in told
        if row["role"] in notice.audiences
    ]
    own = {(one.person_id, one.role) for one in (*besides, *by_role) if not one.instead}
    every = (*(_Told(person_id, why) for person_id, why in notice.people.items()), *besides, *by_role)
    return [
        one._replace(instead=False) if one.instead and (one.person_id, one.role) in own else one
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
    waits: Held,
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
        "not_before": to_text(waits.until),
        "next_attempt_at": to_text(waits.until),
        "together": int(waits.together or gathered(notice.kind)),
    }


def gathered(kind: str) -> bool:
    """Tell whether of what comes at one instant from many plans a person gets one message, without having wished so."""
    return kind in _GATHERED or kind.endswith(_GATHERED_ENDS)
