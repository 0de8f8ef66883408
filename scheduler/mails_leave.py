"""For a forecast, in which nothing leaves the house: it takes it that every report that goes by mail leaves."""

from datetime import datetime, timedelta
from typing import Final

from pdca.delivery import Delivered, RecordDelivery
from pdca.engine import apply
from pdca.house import House
from pdca.not_arrived import messages_of
from pdca.store.driver import Connection
from pdca.store.reads import information
from scheduler import inform

SOON: Final = timedelta(minutes=1)
NO_BYTES: Final = "0" * 64
"""Stands where the hash of what was sent would."""


class MailsLeave:
    """Nobody acts; the mails of reports leave within a minute."""

    def next_act(self, connection: Connection, now: datetime) -> datetime | None:
        """Tell when the next mail leaves."""
        return now + SOON if _waiting(connection) else None

    def act(self, house: House, now: datetime) -> None:  # noqa: ARG002 - the signature of a cast
        """Let the mails leave, and note it."""
        with house.reading() as connection:
            waiting = _waiting(connection)
        if not waiting:
            return
        with house.writing() as uow:
            left = [Delivered(name, "sent", sha256=NO_BYTES) for name in waiting]
            apply(uow, RecordDelivery(left), house.scheduler(uow.connection))
        inform.confirm(house)


def _waiting(connection: Connection) -> list[str]:
    return [
        message["notification_id"]
        for report in connection.all(information.MAILED)
        for message in messages_of(connection, report["plan_id"], report["report_id"])
        if message["status"] == "pending"
    ]
