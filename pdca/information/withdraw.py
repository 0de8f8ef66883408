"""Taking letters and pages out of their folder again, when they tell what may not be shown any more.

The file goes first and the record after it, as it is written first and recorded after.
"""

from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from pathlib import Path

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.information.finding import find, of_group
from pdca.information.hand_over import files_of
from pdca.report.kept_back import is_altered, kept_back
from pdca.store.driver import Connection, Row
from pdca.store.reads import information
from pdca.store.rows import update


@dataclass(frozen=True, slots=True)
class ToWithdraw:
    """A report whose files lie in the folder and may not, and by which rules."""

    report_id: str
    files: tuple[Path, ...]
    codes: tuple[str, ...]


def to_withdraw(connection: Connection, folder: Path, seen: MutableMapping[str, int]) -> Iterator[ToWithdraw]:
    """Yield what is to be taken out of the folder; of a plan that is as it was `seen`, nothing is looked at.

    `seen` has the version of each plan; one of which nothing is found is noted there.
    """
    rows = [row for row in connection.all(information.WRITTEN) if seen.get(row["plan_id"]) != row["plan_version"]]
    seen.update({row["plan_id"]: row["plan_version"] for row in rows})
    for row in rows:
        files = tuple(path for path in files_of(row, folder) if path.is_file())
        codes = _may_not_lie(connection, row["report_id"]) if files else ()
        if codes:
            # Until the files are gone they are looked at every time.
            seen.pop(row["plan_id"], None)
            yield ToWithdraw(row["report_id"], files, codes)


def _may_not_lie(connection: Connection, report_id: str) -> tuple[str, ...]:
    report: Row = connection.one(information.REPORT, report_id=report_id) or {}
    # A letter that was posted is the copy of what is out; only a name that was erased has to go from it too.
    posted = report["method"] == "letter" and report["status"] == "informed"
    return tuple(need.code for need in (is_altered(report) if posted else kept_back(connection, report)))


@dataclass(frozen=True, slots=True)
class RecordWithdrawn:
    """Record that the files of a report were taken out of the folder."""

    report_id: str

    def perform(self, desk: Desk) -> Outcome:
        """Keep when; raises NotFound for no such report."""
        matter = find(desk, self.report_id)
        stream = Stream.of_plan(matter.plan)
        needs = () if desk.actor.access == "service" else of_group(desk, matter.plan)
        if needs:
            return desk.refuse(stream, Draft(kind="information.refused", trigger="withdraw"), needs)
        changes = [update("information_report", {"report_id": self.report_id}, withdrawn_at=desk.uow.now_text)]
        desk.record(stream, Draft(kind="information.withdrawn", changes=changes))
        return desk.done(plan=matter.plan["plan_id"], report=self.report_id)
