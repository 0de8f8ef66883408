"""Four eyes, held by the database too: no approval by the author of a plan or by who leads it, whoever writes the row.

The engine looks further (deputies, substitutes, whoever wrote anything, local days); what it lets pass, passes here. A
function counts as held when it is so on the day before and after as well, for the days of the body are not UTC's.
"""

from typing import Final

from pdca.store.driver import Dialect

NAME: Final = "approval_four_eyes"
_SAME_EYES: Final = (
    "EXISTS (SELECT 1 FROM plan p LEFT JOIN appointment a ON a.party_id = p.lead_id AND a.person_id = NEW.approved_by "
    "AND a.from_date < {day} AND (a.until_date IS NULL OR a.until_date > {next_day}) "
    "WHERE p.plan_id = NEW.plan_id AND (p.author_id = NEW.approved_by OR a.person_id IS NOT NULL))"
)
_SQLITE: Final = _SAME_EYES.format(day="substr(NEW.approved_at, 1, 10)", next_day="date(NEW.approved_at, '+1 day')")
_POSTGRESQL: Final = _SAME_EYES.format(
    day="substr(NEW.approved_at, 1, 10)",
    next_day="to_char(substr(NEW.approved_at, 1, 10)::date + 1, 'YYYY-MM-DD')",
)
REFUSAL: Final = f"BEGIN IF {_POSTGRESQL} THEN RAISE EXCEPTION 'an approval needs other eyes'; END IF; RETURN NEW; END"
"""The body of the PostgreSQL function that the trigger calls."""

FUNCTION: Final = f"CREATE FUNCTION refuse_own_approval() RETURNS trigger LANGUAGE plpgsql AS $${REFUSAL}$$"


def triggers(dialect: Dialect) -> dict[str, str]:
    """Give the text of every trigger by its name."""
    if dialect == "postgresql":
        return {
            NAME: f"CREATE TRIGGER {NAME} BEFORE INSERT OR UPDATE OF approved_by, plan_id, approved_at ON approval "
            "FOR EACH ROW EXECUTE FUNCTION refuse_own_approval()"
        }
    refuse = f"WHEN {_SQLITE} BEGIN SELECT RAISE(ABORT, 'an approval needs other eyes'); END"
    return {
        f"{NAME}_{what}": f"CREATE TRIGGER {NAME}_{what} BEFORE {event} ON approval {refuse}"
        for what, event in (("insert", "INSERT"), ("update", "UPDATE OF approved_by, plan_id, approved_at"))
    }
