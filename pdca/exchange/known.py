"""What a database holds already, so that a file may refer to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pdca import methods
from pdca.store.driver import Connection
from pdca.store.jsontext import from_json
from pdca.store.reads import people, plans
from pdca.store.reads.exchange import ROWS
from pdca.units import is_rank
from workflows.method import WorkflowDefinition


@dataclass(frozen=True, slots=True)
class Known:
    """Ids that exist besides those of a file. `parties` and `programmes` are None where nobody looked.

    `functions` are those of the parties that stand inside the body, `people` the handles of persons, `ranks` the
    indicators whose figures are places in a list.

    `method_of_programme` and `method_of_plan` have the version of the method by which each is worked, by the id that a
    file names: a file of what is there already is held to that version, whatever the newest is.
    """

    parties: frozenset[str] | None = None
    functions: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    programmes: frozenset[str] | None = None
    phenomena: frozenset[str] = frozenset()
    indicators: frozenset[str] = frozenset()
    ranks: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    plans: frozenset[str] = frozenset()
    objectives: frozenset[str] = frozenset()
    organisation: str | None = None
    method_of_programme: Mapping[str, WorkflowDefinition] = field(default_factory=dict, hash=False)
    method_of_plan: Mapping[str, WorkflowDefinition] = field(default_factory=dict, hash=False)


NOTHING = Known()


def known_in(connection: Connection) -> Known:
    """Read the ids that a file may refer to."""
    programmes = connection.all(plans.PROGRAMMES)
    parties = connection.all(people.PARTIES)
    installation = connection.one(people.INSTALLATION) or {}
    measured = connection.all(plans.INDICATORS)
    return Known(
        parties=frozenset(row["party_id"] for row in parties),
        functions=frozenset(row["party_id"] for row in parties if row["kind"] == "function"),
        people=frozenset(row["handle"] for row in connection.all(people.PEOPLE)),
        programmes=frozenset(row["programme_id"] for row in programmes),
        phenomena=frozenset(row["phenomenon_id"] for row in connection.all(ROWS["phenomenon"])),
        indicators=frozenset(row["indicator_id"] for row in measured),
        ranks=frozenset(row["indicator_id"] for row in measured if is_rank(from_json(row["unit"]))),
        sources=frozenset(key for row in programmes for key in from_json(row["sources"]) or ()),
        plans=frozenset(row["slug"] for row in connection.all(plans.PLAN_NAMES)),
        objectives=frozenset(row["objective_id"] for row in connection.all(plans.OBJECTIVES)),
        organisation=installation.get("organisation_id"),
        method_of_programme={row["programme_id"]: methods.of_plan(connection, row) for row in programmes},
        method_of_plan={row["slug"]: methods.of_plan(connection, row) for row in connection.all(plans.PLANS)},
    )
