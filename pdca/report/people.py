"""Views of people: who there is, and what one may do."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from pdca import methods
from pdca.actor import READERS, Actor
from pdca.notify.wishes import wishes_of
from pdca.plans.facts import parties_held
from pdca.standing import local_day
from pdca.store.driver import Connection
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations, people, plans


def listed(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    """List the people with the functions they hold on the local day of `now`, and all their appointments."""
    today = local_day(connection, now).isoformat()
    held = defaultdict(list)
    for row in connection.all(people.APPOINTMENTS):
        held[row.pop("person_id")].append(row)
    return [
        {
            **row,
            "assumed": bool(row["assumed"]),
            "wishes": wishes_of(row["wishes"]).view(),
            "invited": row["invited_since"] is not None,
            "functions": [one["party_id"] for one in held[row["person_id"]] if _holds(one, today)],
            "appointments": held[row["person_id"]],
        }
        for row in connection.all(people.PEOPLE)
    ]


def of_actor(connection: Connection, actor: Actor, now: datetime) -> dict[str, Any]:
    """Tell who acts, which functions he or she holds, which plans those lead or work on, and what is allowed."""
    body = connection.one(people.INSTALLATION) or {"zone": "UTC", "name": "{}", "simulated": 0}
    person = next((row for row in connection.all(people.PEOPLE) if row["person_id"] == actor.person_id), None)
    held = parties_held(connection, actor.person_id, now, body["zone"]) if actor.person_id else set()
    names = {row["party_id"]: from_json(row["name"]) for row in connection.all(people.PARTIES)}
    lead = [row["plan_id"] for row in connection.all(plans.PLANS) if row["lead_id"] in held]
    works = {row["plan_id"] for row in connection.all(evaluations.PARTIES_OF_PLANS) if row["party_id"] in held}
    return {
        "login": actor.login,
        "person": actor.person_id,
        "name": person["name"] if person else None,
        "assumed": bool(person and person["assumed"]),
        "access": actor.access or None,
        "functions": [{"party_id": party, "name": names[party]} for party in sorted(held)],
        "leads": lead,
        "in_group_of": sorted(works - set(lead)),
        "may": allowed(actor),
        "installation": from_json(body["name"]),
        "simulated": bool(body["simulated"]),
    }


def allowed(actor: Actor) -> list[str]:
    """Name what an actor may do, as the write path decides it: read, work, administer, schedule."""
    may = ["read"]
    if actor.person_id is not None and actor.access not in READERS:
        may.append("work")
    if actor.access == "administrator":
        may.append("administer")
    if actor.access in ("administrator", "service"):
        may.append("schedule")
    return may


def _holds(appointment: dict[str, Any], today: str) -> bool:
    until = appointment["until_date"]
    return bool(appointment["from_date"] <= today and (until is None or until > today))


def substitutions(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    """List who acts for whom between which days, both inclusive, and whether that is so on the local day of `now`."""
    today = local_day(connection, now).isoformat()
    known = {row["person_id"]: row for row in connection.all(people.PEOPLE)}
    found = []
    for row in connection.all(people.SUBSTITUTIONS):
        absent, substitute = known[row["absent_id"]], known[row["substitute_id"]]
        found.append(
            {
                **row,
                "absent_name": absent["name"],
                "absent_assumed": bool(absent["assumed"]),
                "substitute_name": substitute["name"],
                "substitute_assumed": bool(substitute["assumed"]),
                "assumed": bool(absent["assumed"] or substitute["assumed"]),
                "in_force": row["from_date"] <= today <= row["until_date"],
            }
        )
    return found


def without_holder(connection: Connection, party: str, day: date) -> list[str]:
    """Name the plans at work that a party leads which nobody holds on a local date."""
    held = [row for row in connection.all(people.APPOINTMENTS) if row["party_id"] == party]
    if any(_holds(row, day.isoformat()) for row in held):
        return []
    led = [row for row in connection.all(plans.PLANS) if row["lead_id"] == party]
    return [row["plan_id"] for row in led if not methods.state_of(connection, row).ended]
