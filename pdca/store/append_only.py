"""The triggers that keep the log append-only, whoever writes to the database and however.

On SQLite the guard before INSERT matters: INSERT OR REPLACE deletes every row that is equal in any unique key without
firing a DELETE trigger unless `recursive_triggers` is on, and that is a setting of the connection, not of the file.
`event_private` is append-only but for what is erased (`erasing`). The first migration creates these and the verifier
compares what it finds with them, so both read this one page.
"""

from typing import Final

from pdca.store import erasing, four_eyes
from pdca.store.driver import Dialect

_SAME_KEY: Final = {
    "event": ("event_id = NEW.event_id", "stream = NEW.stream AND seq = NEW.seq", "event_key = NEW.event_key"),
    "event_private": ("event_id = NEW.event_id",),
    "checkpoint": ("number = NEW.number",),
    "tree_leaf": ("leaf_index = NEW.leaf_index", "event_id = NEW.event_id"),
    "tree_node": ("level = NEW.level AND idx = NEW.idx",),
}
"""The unique keys of each table. Each is asked for by itself: asked for all at once, SQLite reads the whole table where
its statistics are from when that was small.
"""
REFUSAL: Final = "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END"
"""The body of the PostgreSQL function that the triggers call."""

FUNCTION: Final = (
    f"CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $${REFUSAL}$$;\n"
    f"{four_eyes.FUNCTION};\n{erasing.FUNCTION}"
)


def triggers(dialect: Dialect) -> dict[str, str]:
    """Give the text of every trigger by its name, those of `four_eyes` and of `erasing` among them."""
    common = _sqlite() if dialect == "sqlite" else _postgresql()
    return {**common, **four_eyes.triggers(dialect), **erasing.triggers(dialect)}


def refusal(trigger: str) -> str:
    """Give the body of the PostgreSQL function that a trigger calls."""
    return {four_eyes.NAME: four_eyes.REFUSAL, erasing.NAME: erasing.REFUSAL}.get(trigger, REFUSAL)


def _sqlite() -> dict[str, str]:
    texts = {}
    for table, keys in _SAME_KEY.items():
        there = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {key})" for key in keys)
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        if table != erasing.TABLE:
            texts[f"{table}_no_update"] = f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}"
        texts[f"{table}_no_delete"] = f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}"
        texts[f"{table}_no_replace"] = (
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refuse}"
        )
    return texts


def _postgresql() -> dict[str, str]:
    texts = {}
    for table in _SAME_KEY:
        changing = "DELETE" if table == erasing.TABLE else "DELETE OR UPDATE"
        texts[f"{table}_no_change"] = (
            f"CREATE TRIGGER {table}_no_change BEFORE {changing} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        texts[f"{table}_no_truncate"] = (
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    return texts
