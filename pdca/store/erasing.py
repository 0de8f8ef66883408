"""The one change that the erasable part of an event allows: entries leave it that an event gave leave to take out.

What stays has to stay as it is. The leave is a row of `erased_value`, which a row of an event has to stand behind: one
that was written past the program is found by the verifier.
"""

from typing import Final

from pdca.store.driver import Dialect

TABLE: Final = "event_private"
NAME: Final = f"{TABLE}_only_erased"
# Compared as sets, because looking up each entry by itself would read the whole text once for every entry.
_BAD: Final = (
    "NEW.event_id <> OLD.event_id "
    "OR EXISTS (SELECT {entry} FROM json_each({new}) EXCEPT SELECT {entry} FROM json_each({old})) "
    "OR EXISTS (SELECT 1 FROM (SELECT {entry} FROM json_each({old}) EXCEPT SELECT {entry} FROM json_each({new})) "
    "AS gone LEFT JOIN erased_value e ON e.digest = gone.key WHERE e.digest IS NULL)"
)
_SQLITE: Final = _BAD.format(entry="key, value", new="NEW.payload", old="OLD.payload")
_POSTGRESQL: Final = _BAD.format(entry="key, value::text", new="NEW.payload::json", old="OLD.payload::json")
_WORDS: Final = f"{TABLE} loses only what was erased"
REFUSAL: Final = f"BEGIN IF {_POSTGRESQL} THEN RAISE EXCEPTION '{_WORDS}'; END IF; RETURN NEW; END"
"""The body of the PostgreSQL function that the trigger calls."""

FUNCTION: Final = f"CREATE FUNCTION refuse_unerased() RETURNS trigger LANGUAGE plpgsql AS $${REFUSAL}$$"


def triggers(dialect: Dialect) -> dict[str, str]:
    """Give the text of the trigger by its name."""
    if dialect == "postgresql":
        doing = "FOR EACH ROW EXECUTE FUNCTION refuse_unerased()"
    else:
        doing = f"WHEN {_SQLITE} BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
    return {NAME: f"CREATE TRIGGER {NAME} BEFORE UPDATE ON {TABLE} {doing}"}
