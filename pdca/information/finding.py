"""Finding a report, its moment and its decision; and who may do something with it."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pdca.engine import Desk
from pdca.errors import NotFound
from pdca.i18n import N_, _
from pdca.information.freezing import is_as_frozen
from pdca.notify.outbox import holders
from pdca.plans.advance import lock_plan
from pdca.plans.rights import GROUP
from pdca.plans.roles import present
from pdca.report.audiences import hidden_from, told_of
from pdca.report.plans import opened
from pdca.schedules.inform import Manner, audience_of, kept_from, restricted
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import information, partners, plans
from workflows.guards import Need
from workflows.instants import from_text


@dataclass(frozen=True, slots=True)
class Matter:
    """A report with what it belongs to, under the lock of its plan."""

    plan: Row
    party: Row
    decision: Row
    moment: Row
    report: Row


def find(desk: Desk, report_id: str) -> Matter:
    """Load a report and lock its plan; raises NotFound."""
    report = desk.connection.one(information.REPORT, report_id=report_id)
    if report is None:
        raise report_unknown(report_id)
    plan = lock_plan(desk, report["plan_id"])
    # It may have changed while the plan was waited for.
    report = desk.connection.one(information.REPORT, report_id=report_id) or {}
    moment = find_moment(desk.connection, report["information_id"])
    return Matter(plan, *party_and_decision(desk.connection, plan, moment, report["schedule_number"]), moment, report)


def report_unknown(report_id: str) -> NotFound:
    """Make the error for a report that there is not."""
    return NotFound(
        "report-unknown",
        _("There is no report %(report)s.") % {"report": report_id},
        hint=_("`pdca information reports` lists them all."),
    )


def find_moment(connection: Connection, information_id: str) -> Row:
    """Load a moment of information; raises NotFound."""
    moment = connection.one(information.MOMENT, information_id=information_id)
    if moment is None:
        raise NotFound(
            "moment-unknown",
            _("There is no moment of information %(moment)s.") % {"moment": information_id},
            hint=_("`pdca information show PLAN` shows those of a plan."),
        )
    return moment


def party_and_decision(connection: Connection, plan: Row, moment: Row, number: int | None) -> tuple[Row, Row]:
    """Load who is informed, and by which decision; of a moment that a file states, what holds without one."""
    party = connection.one(partners.PARTY, party_id=moment["party_id"]) or {}
    if number is None:
        return party, _undecided(plan, moment)
    return party, connection.one(information.DECISION, plan_id=moment["plan_id"], number=number) or {}


def _undecided(plan: Row, moment: Row) -> Row:
    if moment["due_at"] is None:
        return {}
    time = from_text(moment["due_at"]).astimezone(ZoneInfo(plan["zone"])).time()
    manner = Manner(from_json(moment["method"]))
    return {"number": None, **manner.columns(), "time": time.isoformat("minutes"), "zone": plan["zone"]}


def of_group(desk: Desk, plan: Row) -> tuple[Need, ...]:
    """Ask that the project group does it, or who acts for one of it."""
    stands = present(desk.connection, plan, desk.actor, desk.uow.now)
    if not stands.roles.isdisjoint(GROUP):
        desk.act_for(stands.in_whose_stead(GROUP))
        return ()
    return (
        Need(
            "not-in-project-group",
            N_("Only the project group of %(plan)s informs others of it."),
            {"plan": plan["plan_id"]},
            N_("Ask the project leader."),
            "pdca group show %(plan)s",
        ),
    )


def withheld(plan: Row, party: Row, decision: Row) -> bool:
    """Tell whether a restricted plan is kept from a party, for which the group decided nothing else."""
    return kept_from(plan, audience_of(party, decision["method"]), decided=bool(decision["although_restricted"]))


def is_withheld(plan: Row, party: Row, decision: Row) -> tuple[Need, ...]:
    """Ask that the plan is not kept from the party; it may have become restricted since that was decided."""
    return (restricted(plan),) if withheld(plan, party, decision) else ()


def kept_back(connection: Connection, report: Row) -> tuple[Need, ...]:
    """Tell why a report that was approved may not leave: it was altered or prepared anew, or tells what is withheld."""
    plan = connection.one(plans.PLAN, plan_id=report["plan_id"]) or {}
    moment = find_moment(connection, report["information_id"])
    party, decision = party_and_decision(connection, plan, moment, report["schedule_number"])
    anew = (_standing(report),) if report["status"] == "replaced" else ()
    return (*anew, *is_withheld(plan, party, decision), *still_fit(connection, plan, report))


def is_altered(report: Row) -> tuple[Need, ...]:
    """Ask that the pages of a report are what was prepared; where somebody's name was erased since, they are not."""
    if is_as_frozen(report):
        return ()
    return (
        Need(
            "report-altered",
            N_("%(report)s is not what was prepared any more."),
            {"report": report["report_id"], "information": report["information_id"]},
            N_("Prepare it anew."),
            "pdca information prepare %(information)s",
        ),
    )


def still_fit(connection: Connection, plan: Row, report: Row) -> tuple[Need, ...]:
    """Ask that a report is what was prepared, and tells nothing that was withheld from its readers since."""
    altered = is_altered(report)
    if altered:
        return altered
    rubrics = map(opened, connection.all(plans.RUBRICS, plan_id=plan["plan_id"]))
    if not told_of(from_json(report["facts"]), hidden_from(report["audience"], opened(plan), rubrics)):
        return ()
    return (
        Need(
            "report-tells-withheld",
            N_("%(report)s tells what has been withheld from its readers since it was prepared."),
            {"report": report["report_id"], "information": report["information_id"]},
            N_("Prepare it anew, without that."),
            "pdca information prepare %(information)s",
        ),
    )


def reaches_nobody(desk: Desk, matter: Matter) -> tuple[Need, ...]:
    """Ask that a mail reaches somebody: whoever represents the party today."""
    if matter.report["method"] != "mail" or holders(desk.connection, matter.party["party_id"], desk.uow.now):
        return ()
    return (
        Need(
            "nobody-represents",
            N_("Nobody represents “%(party)s”, so a mail reaches nobody."),
            {"party": matter.party["party_id"]},
            N_("Say who represents it, or decide on another method."),
            "pdca person appoint PERSON %(party)s",
        ),
    )


def standing_is(matter: Matter, *statuses: str) -> tuple[Need, ...]:
    """Ask that the report is in one of these statuses."""
    return () if matter.report["status"] in statuses else (_standing(matter.report),)


def _standing(report: Row) -> Need:
    texts = {
        "prepared": N_("%(report)s was not approved yet."),
        "approved": N_("%(report)s was approved already."),
        "sent": N_("%(report)s was sent already."),
        "informed": N_("The receipt of %(report)s was recorded already."),
        "replaced": N_("%(report)s was prepared anew since; it is not sent any more."),
    }
    return Need(
        f"report-{report['status']}",
        texts[report["status"]],
        {"report": report["report_id"]},
        N_("This shows where it stands."),
        "pdca information report %(report)s",
    )
