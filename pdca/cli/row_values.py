"""How the values that stand in rows are shown to people: names for ids, words for codes, instants to the minute."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from pdca import methods
from pdca.cli.cells import flat
from pdca.cli.event_words import KINDS, NOTICES
from pdca.cli.notify import ROLE
from pdca.cli.notify import STATUS as MESSAGE_STATUS
from pdca.cli.row_words import COLUMNS, TABLES
from pdca.failure import in_words
from pdca.i18n import N_, _, in_a_row, localized, ngettext
from pdca.store.driver import Connection
from pdca.store.jsontext import from_json
from pdca.store.reads import people, plans
from pdca.words import (
    ACTIVITY_DECISIONS,
    ACTIVITY_STATUS,
    AUDIENCES,
    BECAUSE,
    DUE_TO,
    EVALUATION_KIND,
    EVALUATION_STATUS,
    FOLLOW_UP_STATUS,
    INFORMATION_METHODS,
    INFORMATION_STATUS,
    MEANS,
    MODES,
    RECEIPTS,
    REPORT_STATUS,
    VERDICTS,
    WHAT,
    spoken,
    with_name,
)
from workflows.instants import to_the_minute

LONGEST: Final = 400
"""So many characters of a text are shown; a report or a method is read elsewhere."""

_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_PEOPLE: Final = frozenset({"absent_id", "author_id", "person_id", "substitute_id"})
_PARTIES: Final = frozenset({"lead_id", "owner_id", "party_id"})
_STATES: Final = frozenset({"state", "resume_state"})
_FLAGS: Final = frozenset(
    {"although_restricted", "approximate", "assumed", "baseline_assumed", "by_itself", "discipline_assumed"}
    | {"internal", "opened", "restricted", "simulated", "together"}
)
_FAILURES: Final = frozenset({("information_report", "failure"), ("notification", "last_error")})
DEADLINE_STATUS: Final = {
    "pending": N_("to come"),
    "held": N_("held while the plan is at rest"),
    "overdue": N_("overdue"),
    "done": N_("done"),
    "void": N_("no longer needed"),
    "set_aside": N_("set aside after an error"),
}
_CODED: Final[Mapping[str, Mapping[str, str]]] = {
    "activity.status": ACTIVITY_STATUS,
    "activity_decision.decision": ACTIVITY_DECISIONS,
    "approval.voided_because": KINDS,
    "deadline.kind": WHAT,
    "deadline.status": DEADLINE_STATUS,
    "evaluation.attributed_to": DUE_TO,
    "evaluation.kind": EVALUATION_KIND,
    "evaluation.missed_because": BECAUSE,
    "evaluation.status": EVALUATION_STATUS,
    "evaluation.verdict": VERDICTS,
    "information_moment.status": INFORMATION_STATUS,
    "information_receipt.kind": RECEIPTS,
    "information_report.audience": AUDIENCES,
    "information_report.method": INFORMATION_METHODS,
    "information_report.status": REPORT_STATUS,
    "involvement.mode": MODES,
    "means.kind": MEANS,
    "follow_up.status": FOLLOW_UP_STATUS,
    "notification.kind": NOTICES,
    "notification.status": MESSAGE_STATUS,
    "notification.why": ROLE,
}


class RowWords:
    """Names tables and columns, and shows values, in the language spoken; `plan_id` says by whose method."""

    def __init__(self, connection: Connection, plan_id: str | None) -> None:
        self._people = {row["person_id"]: row["name"] for row in connection.all(people.PEOPLE)}
        self._parties = {row["party_id"]: localized(from_json(row["name"])) for row in connection.all(people.PARTIES)}
        plan = connection.one(plans.PLAN, plan_id=plan_id) if plan_id else None
        states = methods.of_plan(connection, plan).states if plan else ()
        self._states = {state.id: localized(state.label) for state in states}

    def row(self, table: str, key: Mapping[str, Any]) -> str:
        """Name a row: what it is, and by what it is known."""
        return f"{spoken(TABLES, table)} {in_a_row(self.value(table, name, part) for name, part in key.items())}"

    def column(self, table: str, name: str) -> str:
        """Name a column."""
        own = f"{table}.{name}"
        return spoken(COLUMNS, own if own in COLUMNS else name)

    def value(self, table: str, name: str, value: object) -> str:
        """Show a value of a column; a dash for none."""
        if value is None:
            return "-"
        if name in _FLAGS:
            return _("yes") if value else _("no")
        if (table, name) in _FAILURES:
            return in_words(str(value))
        return self._text(table, name, value) if isinstance(value, str) else str(value)

    def _text(self, table: str, name: str, text: str) -> str:
        if name.endswith("_by") or name in _PEOPLE:
            return f"{self._people[text]} ({text})" if text in self._people else text
        if name in _PARTIES:
            return self._parties.get(text, text)
        if name in _STATES:
            return self._states.get(text, text)
        words = _CODED.get(f"{table}.{name}", {})
        if text in words:
            return spoken(words, text)
        if _INSTANT.fullmatch(text):
            return f"{to_the_minute(text)} UTC"
        return _cut(_unfolded(text))


def _unfolded(text: str) -> str:
    """Show the text of a JSON value as people read it, and any other as it is."""
    if text[:1] not in ('"', "{", "["):
        return text
    try:
        return _shown(json.loads(text))
    except ValueError:
        return text


def _shown(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict) and flat(value).startswith("{"):
        return in_a_row(with_name(name, _shown(part)) for name, part in value.items())
    if isinstance(value, list):
        return in_a_row(_shown(part) for part in value)
    return flat(value, words=True)


def _cut(text: str) -> str:
    more = len(text) - LONGEST
    if more <= 0:
        return text
    return text[:LONGEST] + ngettext("… and %(count)s more character", "… and %(count)s more characters", more) % {
        "count": more
    }
