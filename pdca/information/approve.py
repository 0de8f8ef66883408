"""Approving a report, by somebody of the project group; who prepared it by hand does not approve it (four eyes)."""

from dataclasses import dataclass

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.information.finding import Matter, find, of_group, standing_is
from pdca.information.prepare import handed_over, mailed
from pdca.report.kept_back import may_leave, reaches_nobody
from pdca.store.jsontext import from_json
from pdca.store.rows import update
from workflows.guards import N_, Need


@dataclass(frozen=True, slots=True)
class ApproveReport:
    """Approve a report as it was prepared; a mail then goes, and what goes otherwise is handed over next."""

    report_id: str
    reason: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Approve it, or log the refusal; raises NotFound for no such report."""
        matter = find(desk, self.report_id)
        needs = (
            *of_group(desk, matter.plan),
            *standing_is(matter, "prepared"),
            *_by_another(desk, matter),
            *may_leave(desk.connection, matter.plan, matter.party, matter.decision, matter.report),
            *reaches_nobody(desk.connection, matter.report, matter.party, desk.uow.now),
        )
        stream = Stream.of_plan(matter.plan)
        if needs:
            draft = Draft(kind="information.refused", trigger="approve", reason=self.reason)
            return desk.refuse(stream, draft, needs)
        values = handed_over(desk, matter)
        approved = update(
            "information_report",
            {"report_id": self.report_id},
            approved_by=desk.actor.person_id,
            approved_at=desk.uow.now_text,
            **({"approved_reason": self.reason} if self.reason else {}),
            **values,
        )
        desk.record(
            stream,
            Draft(kind="information.approved", changes=[approved], notices=mailed(matter), reason=self.reason),
        )
        return desk.done(
            plan=matter.plan["plan_id"],
            report=self.report_id,
            method=matter.report["method"],
            status=values["status"],
            hashes=from_json(matter.report["hashes"]),
        )


def _by_another(desk: Desk, matter: Matter) -> tuple[Need, ...]:
    if matter.report["prepared_by"] is None or matter.report["prepared_by"] != desk.actor.person_id:
        return ()
    return (
        Need(
            "prepared-by-self",
            N_("You prepared %(report)s yourself; somebody else of the project group approves it."),
            {"report": matter.report["report_id"], "plan": matter.plan["plan_id"]},
            N_("This shows who belongs to the project group."),
            "pdca group show %(plan)s",
        ),
    )
