"""Finding a report, its moment and its decision; and who may do something with it."""

from collections.abc import Iterable
from dataclasses import dataclass

from pdca.engine import Desk
from pdca.errors import NotFound
from pdca.i18n import N_, _
from pdca.plans.advance import lock_plan
from pdca.plans.rights import GROUP
from pdca.plans.roles import present
from pdca.report.kept_back import party_and_decision, standing
from pdca.store.driver import Connection, Row
from pdca.store.reads import information
from workflows.guards import Need


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


def page_unknown(report_id: str, language: str, languages: Iterable[str]) -> NotFound:
    """Make the error for a language in which a report has no page."""
    return NotFound(
        "page-unknown",
        _("%(report)s has no page in “%(language)s”.") % {"report": report_id, "language": language},
        hint=_("Its pages are in: %(languages)s.") % {"languages": ", ".join(sorted(languages))},
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


def standing_is(matter: Matter, *statuses: str) -> tuple[Need, ...]:
    """Ask that the report is in one of these statuses."""
    return () if matter.report["status"] in statuses else (standing(matter.report),)
