"""Views of informing: what was decided for each party, its moments, the reports that were prepared, and their proof."""

from collections import defaultdict
from datetime import datetime
from typing import Any, Final

from pdca.failure import in_words
from pdca.report.partners import reactions
from pdca.report.plans import opened
from pdca.report.schedules import spoken
from pdca.schedules.information_moments import ended, last_of_each
from pdca.schedules.stored import also_in, reasons_in
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import information, people

View = dict[str, Any]

_LISTS: Final = ("dates", "rules", "exceptions")


def decisions(connection: Connection, plan_id: str) -> list[View]:
    """List the decisions about informing others of a plan, the first first; the last of each party is in force."""
    rows = connection.all(information.DECISIONS, plan_id=plan_id)
    numbers = {row["number"] for row in last_of_each(rows)}
    names = {row["party_id"]: row for row in connection.all(people.PARTIES)}
    by = {row["person_id"]: row for row in connection.all(people.PEOPLE)}
    return [_decision(row, names[row["party_id"]], by, in_force=row["number"] in numbers) for row in rows]


def in_force(connection: Connection) -> list[View]:
    """List the decision in force of every plan and party; not those by which a party is informed no longer."""
    by = {row["person_id"]: row for row in connection.all(people.PEOPLE)}
    return [
        {
            **_decision(row, {"name": row["party_name"], "assumed": row["party_assumed"]}, by, in_force=True),
            "plan_title": from_json(row["plan_title"]),
            "restricted": bool(row["restricted"]),
            "assumed": bool(row["assumed"]),
        }
        for row in connection.all(information.IN_FORCE)
        if not ended(row)
    ]


def moments(connection: Connection, plan_id: str) -> list[View]:
    """List the moments at which others are informed of a plan, each with the last report that was prepared for it."""
    last = {row["information_id"]: row for row in connection.all(information.REPORTS, plan_id=plan_id)}
    return [
        {
            "information_id": row["information_id"],
            "party_id": row["party_id"],
            "party_name": from_json(row["party_name"]),
            "party_assumed": bool(row["party_assumed"]),
            "method": from_json(row["method"]),
            "stated": row["stated_date"],
            "date": row["due_date"],
            "at": row["due_at"],
            "status": row["status"],
            "decision": row["schedule_number"],
            "reasons": spoken(reasons_in(row)),
            "also": list(also_in(row)),
            "report": last[row["information_id"]]["report_id"] if row["information_id"] in last else None,
            "assumed": bool(row["assumed"]),
        }
        for row in connection.all(information.EXPECTED)
        if row["plan_id"] == plan_id
    ]


def reports(connection: Connection, now: datetime, plan_id: str | None = None) -> list[View]:
    """List the reports that were prepared, the oldest first; of one plan, or of all.

    Each has its `receipts`, and in `not_gone` what keeps it from going at `now`, as fields of unmet needs.
    """
    # What decides about informing is much to load, and who reads of a plan mostly does not ask for its reports.
    from pdca.report.kept_back import not_gone

    found = [row for row in connection.all(information.EVERY_REPORT) if plan_id in (None, row["plan_id"])]
    proof: dict[str, list[View]] = defaultdict(list)
    names = {row["person_id"]: row["name"] for row in connection.all(people.PEOPLE)}
    kept = not_gone(connection, now, plan_id)
    for one in dict.fromkeys(row["plan_id"] for row in found):
        for row in connection.all(information.RECEIPTS, plan_id=one):
            proof[row["report_id"]].append({**row, "person_name": names.get(row["person_id"])})
    return [
        {
            **{name: value for name, value in row.items() if name != "moment_status"},
            "hashes": from_json(row["hashes"]),
            "plan_title": from_json(row["plan_title"]),
            "party_name": from_json(row["party_name"]),
            "party_assumed": bool(row["party_assumed"]),
            "restricted": bool(row["restricted"]),
            "assumed": bool(row["assumed"]),
            "receipts": proof[row["report_id"]],
            "not_gone": kept.get(row["report_id"], []),
        }
        for row in found
    ]


def report(connection: Connection, report_id: str, now: datetime) -> View | None:
    """Give one report with its receipts, its mails and what was said back; None when there is none of that id."""
    row = connection.one(information.REPORT, report_id=report_id)
    if row is None:
        return None
    found = next(one for one in reports(connection, now, row["plan_id"]) if one["report_id"] == report_id)
    mails = connection.all(information.MESSAGES, plan_id=found["plan_id"])
    said = [one for one in reactions(connection) if one["report_id"] == report_id]
    return {
        **found,
        "messages": [
            {
                **{
                    name: row[name]
                    for name in ("notification_id", "person_id", "status", "sent_at", "sha256", "attached")
                },
                "last_error": row["last_error"] and in_words(row["last_error"]),
            }
            for row in mails
            if from_json(row["parameters"]).get("report") == report_id
        ],
        "reactions": said,
    }


def proofs(connection: Connection, plan_id: str) -> dict[str, View]:
    """Give by moment what proves that a report was sent: its hashes, and each receipt without the name of a person."""
    receipts: dict[str, list[Row]] = defaultdict(list)
    for row in connection.all(information.RECEIPTS, plan_id=plan_id):
        receipts[row["report_id"]].append(row)
    return {
        row["information_id"]: {
            "report": row["report_id"],
            "status": row["status"],
            "sha256": from_json(row["hashes"])[row["language"]],
            "receipts": [
                {name: one[name] for name in ("kind", "happened_on", "language", "sha256")}
                for one in receipts[row["report_id"]]
            ],
        }
        for row in connection.all(information.REPORTS, plan_id=plan_id)
        if row["status"] in ("sent", "informed")
    }


def _decision(row: Row, party: Row, by: dict[str, Row], *, in_force: bool) -> View:
    who = by.get(row["decided_by"])
    hidden = {*_LISTS, "method", "plan_title", "party_name", "party_kind", "party_assumed"}
    view = opened({name: value for name, value in row.items() if name not in hidden})
    return {
        **view,
        **{name: from_json(row[name]) or [] for name in _LISTS},
        # A word of its own, and no text in several languages as that of a moment may be.
        "method": row["method"],
        "by_itself": bool(row["by_itself"]),
        "although_restricted": bool(row["although_restricted"]),
        "ended": ended(row),
        "party_name": from_json(party["name"]),
        "party_assumed": bool(party["assumed"]),
        "decided_by_name": who["name"] if who else None,
        "decided_by_assumed": bool(who and who["assumed"]),
        "in_force": in_force,
    }
