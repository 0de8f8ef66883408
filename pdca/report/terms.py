"""How long each kind of values is kept: what holds, who decided it, what was erased, and what is past its term."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pdca.erasure.kinds import KINDS
from pdca.erasure.past_term import due_now, fresh, latest
from pdca.erasure.scrubbing import unscrubbed
from pdca.i18n import _, ngettext
from pdca.report.health_check import OK, WARNING, Found
from pdca.standing import local_day
from pdca.store.driver import Connection, Row
from pdca.store.reads import erasing

View = dict[str, Any]


def terms(connection: Connection, now: datetime) -> View:
    """Give every kind with what holds for it, and the decisions and runs so far, newest last."""
    rules, runs = connection.all(erasing.RULES), connection.all(erasing.RUNS)
    holds = latest(rules)
    due = {one.rule.kind: one for one in due_now(connection, local_day(connection, now))}
    last = {row["kind"]: row for row in runs}
    return {
        "kinds": [
            {
                **_held(holds.get(kind)),
                "kind": kind,
                "past_term": fresh(connection, due[kind], runs) if kind in due else 0,
                "last_applied": last[kind]["at"] if kind in last else None,
            }
            for kind in KINDS
        ],
        "decisions": [_decision(row) for row in rules],
        "runs": runs,
    }


def past_term(connection: Connection, now: datetime) -> Found:
    """Look for what is past its term and still there, or not taken out of the files yet; a check of `pdca doctor`."""
    event = unscrubbed(connection)
    if event is not None:
        return WARNING, unscrubbed_in_words(event), unscrubbed_hint()
    due, runs = due_now(connection, local_day(connection, now)), connection.all(erasing.RUNS)
    if not due:
        return OK, _("No rule says that anything is erased by itself."), None
    counts = {one.rule.kind: fresh(connection, one, runs) for one in due}
    past = {kind: count for kind, count in counts.items() if count}
    if not past:
        return OK, _("Nothing is kept past its term."), None
    words = _("Past their term: %(kinds)s.") % {"kinds": ", ".join(f"{kind} ({n})" for kind, n in past.items())}
    return WARNING, words, _("The scheduler erases it once a day; `pdca retention apply` does so now.")


def unscrubbed_in_words(event: int) -> str:
    """Say that erasing was cut off before the bytes were gone."""
    return _("What event %(event)s erased may still be in the files of the database: it was cut off.") % {
        "event": event
    }


def unscrubbed_hint() -> str:
    """Say what finishes it."""
    return _("`pdca retention apply --yes` overwrites it.")


def term_in_words(months: int | None) -> str:
    """Say how long: in years where they are whole."""
    if months is None:
        return _("without a term")
    years, rest = divmod(months, 12)
    if rest:
        return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}
    return ngettext("%(count)s year", "%(count)s years", years) % {"count": years}


def _held(row: Row | None) -> View:
    row = row or dict.fromkeys(("months", "legal_basis", "number"))
    return {"months": row["months"], "legal_basis": row["legal_basis"], "decision": row["number"]}


def _decision(row: Mapping[str, Any]) -> View:
    return {
        **{name: value for name, value in row.items() if name != "person_assumed"},
        "assumed": bool(row["person_assumed"]),
    }
