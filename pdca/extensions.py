"""Requests to move a day to a later one: made with a reason, settled by other eyes before the old day has passed.

An evaluation of a plan and that of a programme keep to the same rules; each has a table of its own (`table`) of one
shape. What they have in common stands here: when a request waits, who may not approve it, and how far it may reach.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from pdca.engine import Desk
from pdca.errors import Refused, Usage
from pdca.i18n import _
from pdca.standing import acts_for
from pdca.store.driver import Row
from pdca.store.rows import Change, insert, update
from workflows.guards import N_, Need
from workflows.instants import from_text


def check_later(evaluation_id: str, to_date: str, due: str, *, later: bool) -> None:
    """Refuse a request that does not move the date forward; raises Usage. Both dates are as stated."""
    if not later:
        raise Usage(
            "extension-not-later",
            _("%(to_date)s is not later than %(due)s, the date of %(evaluation)s.")
            % {"to_date": to_date, "due": due, "evaluation": evaluation_id},
            hint=_("An extension moves the date forward."),
        )


def requested(
    table: str, evaluation_id: str, asked: Sequence[Row], span: tuple[str, str], reason: str, desk: Desk
) -> Change:
    """Give the row of a request that follows those `asked` before; `span` is the day it has and the one asked for."""
    from_date, to_date = span
    return insert(
        table,
        {"evaluation_id": evaluation_id, "number": len(asked) + 1},
        from_date=from_date,
        to_date=to_date,
        reason=reason,
        requested_by=desk.actor.person_id,
        requested_at=desk.uow.now_text,
    )


def approved(table: str, waiting: Row, desk: Desk) -> Change:
    """Give the change by which a request is approved."""
    return update(table, _key(waiting), approved_by=desk.actor.person_id, approved_at=desk.uow.now_text)


def withdrawn(table: str, waiting: Row, reason: str | None, desk: Desk) -> Change:
    """Give the change by which a request is taken back; without a reason its moment became another by itself."""
    return update(
        table,
        _key(waiting),
        withdrawn_by=desk.actor.person_id,
        withdrawn_at=desk.uow.now_text,
        withdrawn_reason=reason,
    )


def _key(row: Row) -> dict[str, object]:
    return {"evaluation_id": row["evaluation_id"], "number": row["number"]}


def waits(row: Row) -> bool:
    """Tell whether a request is neither approved nor withdrawn."""
    return row["approved_at"] is None and row["withdrawn_at"] is None


def waiting_among(asked: Sequence[Row]) -> Row | None:
    """Give the request that waits for approval: the last one, as long as nothing came of it."""
    last = asked[-1] if asked else None
    return last if last and waits(last) else None


def must_wait(evaluation_id: str, asked: Sequence[Row], ask: str) -> Row:
    """Give the request that waits for approval; raises Refused when there is none. `ask` is the command that asks."""
    waiting = waiting_among(asked)
    if waiting is None:
        raise Refused(
            "no-extension-asked",
            _("Nobody has asked to move %(evaluation)s.") % {"evaluation": evaluation_id},
            hint=_("Ask with `%(command)s`.") % {"command": f"{ask} {evaluation_id} --to DATE --reason …"},
        )
    return waiting


def still_waiting(waiting: Row, command: str) -> tuple[Need, ...]:
    """Say that another request comes first. `command` withdraws it."""
    return (
        Need(
            "extension-waiting",
            N_("A request to move it to %(to_date)s is waiting for approval."),
            {"to_date": waiting["to_date"], "evaluation": waiting["evaluation_id"]},
            N_("Have that one approved first, or withdraw it."),
            command,
        ),
    )


def another_person(desk: Desk, waiting: Row) -> tuple[Need, ...]:
    """Keep whoever asked, and who acts or acted for that person, from approving."""
    person, asker = desk.actor.person_id, waiting["requested_by"]
    asked_for = acts_for(desk.connection, asker, from_text(waiting["requested_at"]))
    acts_as = {person, *acts_for(desk.connection, person, desk.uow.now)}
    if asker not in acts_as and person not in asked_for:
        return ()
    return (
        Need(
            "extension-own-request",
            N_("An extension is approved by somebody other than the one who asked for it."),
            {},
            N_("Ask another person to approve it."),
        ),
    )


def asked_by(desk: Desk, waiting: Row) -> bool:
    """Tell whether the actor asked for it, or stands in today for who did; then what follows is in that name."""
    actor = desk.actor
    if waiting["requested_by"] == (actor.on_behalf_of or actor.person_id):
        return True
    if actor.on_behalf_of is None and waiting["requested_by"] in acts_for(
        desk.connection, actor.person_id, desk.uow.now
    ):
        desk.act_for(waiting["requested_by"])
        return True
    return False


def reaching(evaluation_id: str, to_date: date, following: tuple[str, date] | None) -> tuple[Need, ...]:
    """Refuse a date on or after that of the next evaluation (its id and day): they keep their order."""
    if following is None or to_date < following[1]:
        return ()
    name, day = following
    return (
        Need(
            "extension-reaches-next",
            N_("%(evaluation)s comes before %(next)s of %(next_date)s; the last date possible is %(last)s."),
            {
                "evaluation": evaluation_id,
                "next": name,
                "next_date": day.isoformat(),
                "last": (day - timedelta(days=1)).isoformat(),
            },
            N_("Ask for an earlier date, or have the next evaluation moved first."),
        ),
    )


def too_long(evaluation_id: str, to_date: date, first: date, days: int | None) -> tuple[Need, ...]:
    """Refuse a date that lies more `days` after the first one than the method allows; without days there is no bound.

    Counted from the first date, so that one extension after another leads no further.
    """
    if days is None or (to_date - first).days <= days:
        return ()
    return (
        Need(
            "extension-too-long",
            N_(
                "%(evaluation)s was first planned for %(first)s; %(days)s days later is %(last)s, the last date "
                "possible."
            ),
            {
                "evaluation": evaluation_id,
                "first": first.isoformat(),
                "days": days,
                "last": (first + timedelta(days=days)).isoformat(),
            },
            N_("Ask for an earlier date; what is not known by then is for the next evaluation."),
        ),
    )
