"""Finding an indicator by its id."""

from pdca.store.driver import Connection, Row
from pdca.store.reads import indicators
from pdca.unknown import unknown_indicator


def find_row(connection: Connection, indicator_id: str) -> Row:
    """Load an indicator; raises NotFound."""
    row = connection.one(indicators.INDICATOR, indicator_id=indicator_id)
    if row is None:
        raise unknown_indicator(indicator_id)
    return row
