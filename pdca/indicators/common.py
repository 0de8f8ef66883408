"""What every change to an indicator has in common: it is found, and the right to change it is checked."""

from pdca.engine import Desk
from pdca.exchange.import_indicators import Held
from pdca.store.driver import Connection, Row
from pdca.store.reads import indicators, plans
from pdca.unknown import unknown_indicator


def find_row(connection: Connection, indicator_id: str) -> Row:
    """Load an indicator; raises NotFound."""
    row = connection.one(indicators.INDICATOR, indicator_id=indicator_id)
    if row is None:
        raise unknown_indicator(indicator_id)
    return row


def held_of(desk: Desk, indicator_id: str) -> Held:
    """Read what there is of an indicator."""
    statements = (indicators.TARGETS, plans.MEASUREMENTS, indicators.CHOICES, indicators.BREAKS)
    return Held(*(desk.connection.all(one, indicator_id=indicator_id) for one in statements))
