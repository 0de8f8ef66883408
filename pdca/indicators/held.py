"""What there is of an indicator before something is added."""

from pdca.engine import Desk
from pdca.exchange.import_indicators import Held
from pdca.store.reads import indicators, plans


def held_of(desk: Desk, indicator_id: str) -> Held:
    """Read the targets, figures, choices and breaks of an indicator."""
    statements = (indicators.TARGETS, plans.MEASUREMENTS, indicators.CHOICES, indicators.BREAKS)
    return Held(*(desk.connection.all(one, indicator_id=indicator_id) for one in statements))
