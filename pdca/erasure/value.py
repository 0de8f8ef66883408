"""Erasing a single value of the log, such as a reason that names somebody."""

import json
from collections.abc import ItemsView, Sequence
from dataclasses import dataclass
from typing import Final

from pdca.audit.event import EventView
from pdca.engine import Desk, Outcome, must_administer
from pdca.erasure.common import stream_of, take_away
from pdca.erasure.kinds import emptied
from pdca.erasure.trace import Held, Trace, logged
from pdca.errors import NotFound, Refused, Usage
from pdca.i18n import N_, _
from pdca.logged import event_of
from pdca.shapes import check_reason
from pdca.store.catalogue import FOLDED
from pdca.store.reads import log
from pdca.store.rows import Change, update

REASON: Final = "reason"
"""What names the reason of an event in the place of its commitment."""

SHORTEST_PREFIX: Final = 6
"""So many hex digits a commitment is named by at least."""


@dataclass(frozen=True, slots=True)
class EraseValue:
    """Erase the value behind one commitment of an event: `value` is its hex, the beginning of it, or `reason`."""

    event_id: int
    value: str
    ground: str
    reason: str

    def perform(self, desk: Desk) -> Outcome:
        """Take it away, also from the row that still holds it.

        Raises NotFound for no such event or value, Usage for one that is gone already, Refused for a value that the
        row cannot do without.
        """
        must_administer(desk.actor, N_("erase values of the log"))
        check_reason(self.reason)
        event = desk.connection.one(log.EVENT, event_id=self.event_id)
        if event is None:
            raise NotFound(
                "event-unknown",
                _("There is no event %(event)s.") % {"event": self.event_id},
                hint=_("`pdca audit log` shows them all."),
            )
        view = event_of(event)
        digest = self._digest(view)
        private = json.loads(event["payload"]) if event["payload"] else {}
        if digest not in private:
            raise Usage("erased-already", _("That value of event %(event)s is gone.") % {"event": self.event_id})
        stream = stream_of(desk, view.stream)
        trace = Trace()
        # A value is in no row before the event that wrote it.
        for one in logged(desk.connection.stream(log.EVENTS_FROM, event_id=self.event_id)):
            trace.take(one, lambda found: found.digest == digest)
        changes = [_emptied(table, key, columns.items()) for (table, key), columns in trace.rows.items() if columns]
        gone = trace.digests[view.stream]
        take_away(desk, stream, "value.erased", gone, changes, ground=self.ground, reason=self.reason)
        return desk.done(of_event=self.event_id, digest=digest, rows=[change.table for change in changes])

    def _digest(self, view: EventView) -> str:
        wanted = self.value.lower()
        if wanted == REASON and view.reason is not None:
            return view.reason.digest
        found = [digest for digest in view.commitments if digest.startswith(wanted)]
        if len(found) == 1 and len(wanted) >= SHORTEST_PREFIX:
            return found[0]
        raise NotFound(
            "commitment-unknown",
            _("Event %(event)s has no single value “%(value)s”.") % {"event": self.event_id, "value": self.value},
            hint=_("Its values are: %(values)s.")
            % {"values": ", ".join([*([REASON] if view.reason else []), *view.commitments])},
        )


def _emptied(table: str, key: Sequence[str | int], columns: ItemsView[str, Held]) -> Change:
    """Make the change of a row that puts a mark in the place of what is erased."""
    for _column, held in columns:
        if table == "person":
            raise Refused(
                "personal-column",
                _("That is what a person is called, or a note on him or her."),
                hint=_("Erase the person: `pdca person erase %(person)s`.") % {"person": key[0]},
            )
        if has_members(held.text):
            raise Refused(
                "value-structured",
                _("Table %(table)s holds more than a text there, and cannot do without it.") % {"table": table},
                hint=_("Change the record first; then erase the value that stands in the event before."),
            )
    marked = {name: emptied(table, name, held.text) for name, held in columns}
    return update(table, dict(zip(FOLDED[table].key, key, strict=True)), **marked)


def has_members(text: str) -> bool:
    """Tell whether a value is structured, and not a text that begins like one."""
    try:
        return isinstance(json.loads(text), dict | list)
    except ValueError:
        return False
