"""Who holds each function, or represents each stakeholder."""

from collections import defaultdict
from typing import Any

from pdca.store.driver import Connection
from pdca.store.reads import people


def holders_of(connection: Connection, today: str) -> defaultdict[str, list[dict[str, Any]]]:
    """Give who holds each party on a day, by the id of the party."""
    known = {row["person_id"]: row for row in connection.all(people.PEOPLE)}
    held: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in connection.all(people.APPOINTMENTS):
        if row["from_date"] <= today < (row["until_date"] or "9999"):
            person = known[row["person_id"]]
            held[row["party_id"]].append(
                {"person_id": person["person_id"], "name": person["name"], "assumed": bool(person["assumed"])}
            )
    return held
