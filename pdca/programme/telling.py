"""Telling who answers for a programme that the day of its evaluation moves, or is asked to."""

from pdca.engine import Desk
from pdca.notify.outbox import Notice
from pdca.programme import moments
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from pdca.store.reads import programme


def notice(kind: str, desk: Desk, evaluation: Row, reason: str, **days: str) -> Notice:
    """Make the message about an evaluation as it was before; `days` are local dates that the words of the kind need.

    Whoever does it is not told.
    """
    programme_id = evaluation["programme_id"]
    row = desk.connection.one(programme.PROGRAMME, programme_id=programme_id)
    due = {"due": moments.day(evaluation).isoformat()} if evaluation["due_on"] else {}
    parameters = {
        "programme": programme_id,
        "title": from_json(row["title"]) if row else {"en": programme_id},
        "evaluation": evaluation["evaluation_id"],
        "assumed": bool(evaluation["assumed"]),
        "reason": reason,
        **due,
        **days,
    }
    return Notice(kind, moments.told(desk.connection, programme_id), parameters, leave_out=desk.actor.person_id)
