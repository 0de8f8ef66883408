"""Writing a row past the write path, as nobody but a test does."""

from pdca.store import rows
from pdca.store.driver import Connection
from pdca.store.rows import Change


def write(connection: Connection, change: Change, *, only_version: int | None = None, **derived: object) -> None:
    """Write one change, with columns that follow from the log, and no event."""
    written = rows.writing(change, only_version=only_version, **derived)
    connection.run(written.statement, **written.parameters)
