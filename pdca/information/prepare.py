"""Preparing a report: its facts and pages are frozen, and wait until somebody of the project group approves them.

Where the group decided that a report goes by itself it is approved as it is prepared, and a mail is handed over in the
same event.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.information.finding import Matter, find_moment, of_group
from pdca.information.freezing import freeze
from pdca.not_arrived import all_mailed, let_go, not_arrived
from pdca.notify.outbox import MAIL, Notice
from pdca.numbers import Numbers
from pdca.plans.advance import lock_plan
from pdca.plans.roles import local_date
from pdca.report.kept_back import is_withheld, party_and_decision, reaches_nobody, still_informed
from pdca.schedules.manner import audience_of
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from pdca.store.reads import information
from pdca.store.rows import Change, insert, update
from workflows.guards import N_, Need
from workflows.instants import from_text, to_text
from workflows.schedule import due_instant


@dataclass(frozen=True, slots=True)
class Prepared:
    """What preparing a report writes, and whom it tells."""

    report: Mapping[str, Any] = field(hash=False)
    changes: tuple[Change, ...]
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class PrepareReport:
    """Prepare the report of a moment by hand: before its day, or anew when what was prepared is not to be sent."""

    information_id: str

    def perform(self, desk: Desk) -> Outcome:
        """Freeze it, or log the refusal; raises NotFound for no such moment."""
        moment = find_moment(desk.connection, self.information_id)
        plan = lock_plan(desk, moment["plan_id"])
        moment = find_moment(desk.connection, self.information_id)
        party, decision = party_and_decision(desk.connection, plan, moment, moment["schedule_number"])
        needs = (
            *of_group(desk, plan),
            *_to_prepare(moment),
            *_under_way(desk, plan, moment),
            *(is_withheld(plan, party, decision) if decision else ()),
            *still_informed(desk.connection, moment, party),
        )
        if needs:
            return desk.refuse(Stream.of_plan(plan), Draft(kind="information.refused", trigger="prepare"), needs)
        done = prepare(desk, plan, moment, party, decision, by=desk.actor.person_id)
        desk.record(
            Stream.of_plan(plan), Draft(kind="information.prepared", changes=done.changes, notices=done.notices)
        )
        return desk.done(
            plan=plan["plan_id"],
            information=self.information_id,
            report=done.report["report_id"],
            status=done.report["status"],
            hashes=from_json(done.report["hashes"]),
        )


def prepare(desk: Desk, plan: Row, moment: Row, party: Row, decision: Row, *, by: str | None = None) -> Prepared:
    """Freeze the report of a moment; one that was prepared for it before and has not arrived is replaced."""
    connection, now = desk.connection, desk.uow.now
    named = {"plan_id": plan["plan_id"], "party_id": party["party_id"]}
    since = connection.value(information.LAST_TOLD, **named)
    report: dict[str, Any] = {
        "report_id": Numbers(connection).next_id("information_report"),
        "information_id": moment["information_id"],
        **named,
        "schedule_number": decision["number"],
        "audience": audience_of(party, decision["method"]),
        "method": decision["method"],
        "since": since,
        "prepared_at": desk.uow.now_text,
        "prepared_by": by,
        **freeze(connection, plan, party, decision, since, now).columns(),
        "status": "prepared",
    }
    matter = Matter(plan, party, decision, moment, report)
    notices: tuple[Notice, ...] = (asking_for_approval(matter, by),)
    if decision["by_itself"] and not reaches_nobody(connection, report, party, now):
        report |= {"approved_at": desk.uow.now_text, **handed_over(desk, matter)}
        notices = mailed(matter)
    there = not_arrived(connection, plan["plan_id"], moment["information_id"])
    replaced = let_go(desk, plan, there, "replaced")
    made = insert(
        "information_report",
        {"report_id": report["report_id"]},
        **{name: value for name, value in report.items() if name != "report_id"},
    )
    return Prepared(
        report,
        (
            *replaced,
            made,
            update("information_moment", {"information_id": moment["information_id"]}, status="prepared"),
            update(
                "deadline",
                {"deadline_id": moment["information_id"]},
                **_waiting(plan, moment, decision, now),
            ),
        ),
        notices,
    )


def handed_over(desk: Desk, matter: Matter) -> dict[str, Any]:
    """Give the columns of a report that is approved: a mail goes at once, what goes otherwise is handed over next."""
    if matter.report["method"] == "mail":
        return {"status": "sent", "sent_at": desk.uow.now_text}
    return {"status": "approved"}


def mailed(matter: Matter) -> tuple[Notice, ...]:
    """Give the messages by which a report is mailed to whoever represents the party; none for another method."""
    if matter.report["method"] != "mail":
        return ()
    page = {"hashes": from_json(matter.report["hashes"]), "language": matter.report["language"]}
    return (
        Notice(
            "information.report",
            (),
            {**told(matter), **page},
            parties={matter.party["party_id"]: "informed"},
            channels=(MAIL,),
        ),
    )


def asking_for_approval(matter: Matter, by: str | None) -> Notice:
    """Tell the project group that a report waits to be approved."""
    return Notice("information.prepared", ("lead", "group"), told(matter), leave_out=by)


def told(matter: Matter) -> dict[str, Any]:
    """Give what every message about a report must know."""
    return {
        "plan": matter.plan["plan_id"],
        "title": from_json(matter.plan["title"]),
        "report": matter.report["report_id"],
        "party": from_json(matter.party["name"]),
        "method": matter.report["method"],
        "due": matter.moment["due_date"],
        "since": matter.report["since"],
    }


def _waiting(plan: Row, moment: Row, decision: Row, now: dt.datetime) -> dict[str, Any]:
    """Give the columns of the deadline by which the report is to be approved and sent.

    It is counted from the moment, or from when the report was there: one that was prepared late, because nothing ran,
    is not overdue at once.
    """
    day = local_date(max(now, from_text(moment["due_at"])), plan["zone"]) + dt.timedelta(days=decision["grace_days"])
    late = to_text(due_instant(day, dt.time.fromisoformat(decision["time"]), decision["zone"]))
    at = max(late, to_text(now))
    return {"since": at, "due_at": at}


def _to_prepare(moment: Row) -> tuple[Need, ...]:
    if moment["status"] in ("planned", "prepared"):
        return ()
    return (
        Need(
            "moment-not-open",
            N_("Nothing is to be prepared for %(moment)s: it is done or cancelled, or no decision says how."),
            {"moment": moment["information_id"], "plan": moment["plan_id"]},
            N_("This shows the moments, and the decisions by which they stand."),
            "pdca information show %(plan)s",
        ),
    )


def _under_way(desk: Desk, plan: Row, moment: Row) -> tuple[Need, ...]:
    """Ask that no report of the moment was mailed to everybody already, whether that was noted yet or not."""
    there = not_arrived(desk.connection, plan["plan_id"], moment["information_id"])
    return tuple(
        Need(
            "report-mailed",
            N_("Every mail with %(report)s has left; the scheduler records the receipt."),
            {"report": row["report_id"]},
            N_("This shows where it stands."),
            "pdca information report %(report)s",
        )
        for row in all_mailed(desk.connection, plan, there)
    )
