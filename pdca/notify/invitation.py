"""The part of an invitation that calendar programs read (RFC 5546 in mail, by RFC 6047)."""

from datetime import timedelta
from email.headerregistry import Address
from typing import Final

from pdca import ics
from pdca.i18n import N_, catalogue, localized
from pdca.notify import frame
from pdca.notify.lines import one_line, shortened
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from workflows.instants import from_text

KIND: Final = "evaluation.invited"
"""Of the messages that have such a part."""

MEETING: Final = timedelta(hours=1)
"""The time that is kept for an evaluation: how long one takes nobody states."""

LONGEST_TITLE: Final = 60
WHAT: Final = N_("evaluation")


def calendar_part(row: Row, installation: Row, language: str, organizer: Address, guest: Address) -> tuple[str, str]:
    """Give the method and the text of the part, for a row of the outbox.

    Only its own guest stands in it: who else is invited is nobody's business. It asks for no answer, for there is
    nobody here to read one.
    """
    told, say = from_json(row["parameters"]), catalogue(language).gettext
    withdrawn = told["what"] == "withdrawn"
    summary = say(frame.SUBJECT) % {
        "plan": told["plan"],
        "title": shortened(one_line(localized(told["title"], language)), LONGEST_TITLE),
        "news": say(WHAT),
    }
    mark = frame.SIMULATION if installation["simulated"] else frame.ASSUMED if row["plan_assumed"] else None
    entry = ics.Entry(
        uid=ics.uid(told["evaluation"], installation["organisation_id"], simulated=bool(installation["simulated"])),
        start=ics.on_clocks_of(told["zone"], from_text(told["due_at"])),
        summary=f"{say(mark)} {summary}" if mark else summary,
        description=told["evaluation"],
        stamp=from_text(row["created_at"]),
        sequence=told["sequence"],
        status=ics.CANCELLED if withdrawn else ics.CONFIRMED,
        length=MEETING,
        private=told["restricted"],
        busy=not withdrawn,
    )
    method = ics.CANCEL if withdrawn else ics.REQUEST
    written = ics.invitation(
        entry, product="invitation", language=language, method=method, organizer=_guest(organizer), guest=_guest(guest)
    )
    return method, written.decode()


def _guest(address: Address) -> ics.Guest:
    return ics.Guest(address.display_name, address.addr_spec)
