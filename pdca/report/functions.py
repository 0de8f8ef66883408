"""Views of the functions of the body as plain JSON values: who holds each, and in which plans it leads or works."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from pdca.people.words import FUNCTION
from pdca.report.holders import holders_of
from pdca.report.plans import opened
from pdca.standing import local_day
from pdca.store.driver import Connection
from pdca.store.reads import partners, people, plans

View = dict[str, Any]


def listed(connection: Connection, now: datetime) -> list[View]:
    """List the functions, with who holds each on the local day of `now`."""
    held = holders_of(connection, local_day(connection, now).isoformat())
    works: dict[str, list[str]] = defaultdict(list)
    for row in connection.all(partners.IN_PLANS):
        works[row["party_id"]].append(row["plan_id"])
    leads: dict[str, list[str]] = defaultdict(list)
    for row in connection.all(plans.PLANS):
        leads[row["lead_id"]].append(row["plan_id"])
    return [
        {
            **{name: value for name, value in opened(row).items() if name not in ("kind", "details")},
            "holders": held[row["party_id"]],
            "leads": leads[row["party_id"]],
            "plans": works[row["party_id"]],
        }
        for row in connection.all(people.PARTIES)
        if row["kind"] == FUNCTION
    ]
