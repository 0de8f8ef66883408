"""What a database holds already, so that a file may refer to it."""

from dataclasses import dataclass

from pdca.store.driver import Connection
from pdca.store.jsontext import from_json
from pdca.store.reads import people, plans
from pdca.store.reads.exchange import ROWS


@dataclass(frozen=True, slots=True)
class Known:
    """Ids that exist besides those of a file. `parties` and `programmes` are None where nobody looked."""

    parties: frozenset[str] | None = None
    programmes: frozenset[str] | None = None
    phenomena: frozenset[str] = frozenset()
    indicators: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    plans: frozenset[str] = frozenset()
    objectives: frozenset[str] = frozenset()
    organisation: str | None = None


NOTHING = Known()


def known_in(connection: Connection) -> Known:
    """Read the ids that a file may refer to."""
    programmes = connection.all(plans.PROGRAMMES)
    installation = connection.one(people.INSTALLATION) or {}
    return Known(
        parties=frozenset(row["party_id"] for row in connection.all(people.PARTIES)),
        programmes=frozenset(row["programme_id"] for row in programmes),
        phenomena=frozenset(row["phenomenon_id"] for row in connection.all(ROWS["phenomenon"])),
        indicators=frozenset(row["indicator_id"] for row in connection.all(plans.INDICATORS)),
        sources=frozenset(key for row in programmes for key in from_json(row["sources"]) or ()),
        plans=frozenset(row["slug"] for row in connection.all(plans.PLAN_NAMES)),
        objectives=frozenset(row["objective_id"] for row in connection.all(plans.OBJECTIVES)),
        organisation=installation.get("organisation_id"),
    )
