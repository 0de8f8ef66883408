"""A lead who decides about reminders, and the reminders that are written then."""

from datetime import date, datetime, timedelta
from typing import Final

from pdca.engine import Outcome
from pdca.evaluations.decide_reminding import DecideReminding
from pdca.plans.reminding import Terms
from pdca.store.driver import Row, Statement
from tests.contract.world import MOMENTS, MOTIVE, PLAN, World, morning

OUTBOX: Final = Statement(
    "reminders_sent",
    "SELECT n.*, r.handle FROM notification n JOIN person r ON r.person_id = n.person_id "
    "WHERE n.kind = 'evaluation.reminded' ORDER BY n.created_at, n.stream, n.notification_id",
)


def before(days: int, moment: date = MOMENTS[0]) -> datetime:
    """Nine o'clock so many days before an evaluation."""
    return morning(moment - timedelta(days=days))


def decide(world: World, *lead_days: int, **terms: object) -> Outcome:
    """Let the lead decide."""
    given = Terms(lead_days or None, **terms)  # type: ignore[arg-type]
    outcome = world.by("sofie", DecideReminding(PLAN, MOTIVE, given))
    assert outcome.refusal == ()
    return outcome


def sent(world: World) -> list[Row]:
    return world.rows(OUTBOX)
