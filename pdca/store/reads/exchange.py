"""Whole tables, for comparing what is stored with what a file asks for and for replaying the log."""

from pdca.store.catalogue import FOLDED
from pdca.store.driver import Statement

ROWS = {
    name: Statement(f"rows_of_{name}", f"SELECT * FROM {name} ORDER BY {', '.join(table.key)}")
    for name, table in FOLDED.items()
}
