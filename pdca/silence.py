"""That no scheduler had run for a while, noted in the log before what fell due meanwhile is enforced late."""

from dataclasses import dataclass

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.people.commands import lock_installation


@dataclass(frozen=True, slots=True)
class NoteSilence:
    """Note that nothing has swept since an instant; of several who notice the same silence one notes it.

    Raises Conflict for the others.
    """

    since: str

    def perform(self, desk: Desk) -> Outcome:
        """Write the event, which has the instant of the last sweep where others have that of what was due."""
        stream = Stream.of_installation(lock_installation(desk))
        desk.record(stream, Draft(kind="scheduler.resumed", key=f"silence/{self.since}", due_at=self.since))
        return desk.done(since=self.since)
