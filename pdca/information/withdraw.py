"""Taking letters and pages out of their folder again, when they tell what may not be shown any more.

The file goes first and the record after it, as it is written first and recorded after.
"""

from dataclasses import dataclass

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.information.finding import find
from pdca.store.rows import update


@dataclass(frozen=True, slots=True)
class RecordWithdrawn:
    """Record that the files of a report were taken out of the folder."""

    report_id: str

    def perform(self, desk: Desk) -> Outcome:
        """Keep when; raises NotFound for no such report."""
        matter = find(desk, self.report_id)
        changes = [update("information_report", {"report_id": self.report_id}, withdrawn_at=desk.uow.now_text)]
        desk.record(Stream.of_plan(matter.plan), Draft(kind="information.withdrawn", changes=changes))
        return desk.done(plan=matter.plan["plan_id"], report=self.report_id)
