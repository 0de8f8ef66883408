"""In which roles somebody stands to a plan: in his or her own right, and in whose stead."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from pdca.actor import Actor
from pdca.errors import Usage
from pdca.i18n import _
from pdca.store.driver import Connection, Row
from pdca.store.reads import people, plans

NOBODY: Final[frozenset[str]] = frozenset()


class Standing(NamedTuple):
    """The roles somebody has in his or her own right, and those lent by each absent person."""

    own: frozenset[str] = NOBODY
    lent: Mapping[str, frozenset[str]] = MappingProxyType({})

    @property
    def roles(self) -> frozenset[str]:
        """All of them."""
        return self.own.union(*self.lent.values())

    def in_whose_stead(self, roles: Collection[str]) -> str | None:
        """Name the absent person by whom somebody has one of the roles; None when it is in his or her own right.

        Raises Usage when several absent people lend it: then it has to be said for whom.
        """
        if not self.own.isdisjoint(roles):
            return None
        lenders = sorted(person for person, lent in self.lent.items() if not lent.isdisjoint(roles))
        if len(lenders) > 1:
            raise Usage(
                "several-absent",
                _("You act for several people who may do this: %(people)s.") % {"people": ", ".join(lenders)},
                hint=_("Say for whom, with --on-behalf-of PERSON."),
            )
        return lenders[0] if lenders else None


def standing(connection: Connection, plan: Row, group: Sequence[Row], actor: Actor, now: datetime) -> Standing:
    """Say how the actor stands to the plan on the local day of `now`; `group` are the rows of `plans.GROUP`.

    lead, member and administrator; chief and authority, as those who are told of what climbs the ladder; stakeholder
    for who represents a partner or an authority that the plan informs; and scheduler. A deputy stands as the lead does.
    Who says on whose behalf it acts has the roles of that person only.
    """
    if actor.person_id is None:
        return Standing(frozenset({"scheduler"}) if actor.access == "service" else NOBODY)
    today = local_date(now, plan["zone"])
    held = _held(connection, plan, actor, today)
    roles = {person: _roles(plan, group, rows, today) for person, rows in held.items()}
    own = roles.pop(None)
    lent = {person: found for person, found in roles.items() if person is not None and found}
    administers = actor.access == "administrator" and actor.on_behalf_of is None
    return Standing(own | {"administrator"} if administers else own, lent)


def kinds_held(connection: Connection, plan: Row, actor: Actor, now: datetime) -> Standing:
    """Say of which kinds the parties are that the actor stands for on the local day of `now`, and in whose stead.

    What `Standing` calls roles are the kinds here: function, authority, partner, and so on.
    """
    held = _held(connection, plan, actor, local_date(now, plan["zone"]))
    kinds = {person: frozenset(row["kind"] for row in rows) for person, rows in held.items()}
    return Standing(kinds.pop(None), {person: found for person, found in kinds.items() if person is not None})


def present(connection: Connection, plan: Row, actor: Actor, now: datetime) -> Standing:
    """Say how the actor stands to the plan, where nothing else has to be known of it."""
    return standing(connection, plan, connection.all(plans.GROUP, plan_id=plan["plan_id"]), actor, now)


def owns(connection: Connection, plan: Row, person_id: str, at: datetime, group: Sequence[Row] | None = None) -> bool:
    """Tell whether a person leads the plan on the local day of `at`, is deputy of who does, or acts for either.

    `group` are the rows of `plans.GROUP` when they were read already.
    """
    members = connection.all(plans.GROUP, plan_id=plan["plan_id"]) if group is None else group
    return "lead" in standing(connection, plan, members, Actor(person_id, "member", "cli"), at).roles


def in_force(group: Iterable[Row], today: date) -> list[Row]:
    """Pick the members who belong to the project group on a local date: from a date on, until before another."""
    day = today.isoformat()
    return [row for row in group if (row["from_date"] or day) <= day and (row["until_date"] or "9999") > day]


def local_date(now: datetime, zone: str) -> date:
    """Give the local date of an instant in a time zone."""
    return now.astimezone(ZoneInfo(zone)).date()


def _held(connection: Connection, plan: Row, actor: Actor, today: date) -> dict[str | None, list[Row]]:
    # By None what is held in one's own right, by each absent person what he or she lends.
    towards = {"person_id": actor.person_id, "plan_id": plan["plan_id"], "today": today.isoformat()}
    held: dict[str | None, list[Row]] = {None: []}
    for row in connection.all(people.STANDINGS_TOWARDS, **towards):
        held.setdefault(row["absent_id"], []).append(row)
    if actor.on_behalf_of is not None:
        return {None: [], actor.on_behalf_of: held.get(actor.on_behalf_of, [])}
    return held


def _roles(plan: Row, group: Sequence[Row], rows: Sequence[Row], today: date) -> frozenset[str]:
    held = {row["party_id"] for row in rows}
    mine = [row for row in in_force(group, today) if row["party_id"] in held]
    roles = {role for row in rows if (role := _role_beyond(row))} | ({"member"} if mine else set())
    if plan["lead_id"] in held or any(row["role"] == "deputy" for row in mine):
        roles.add("lead")
    return frozenset(roles)


def _role_beyond(row: Row) -> str | None:
    role: str | None = row["role"]
    if role == "stakeholders":
        # The public and the staff are informed as well, and have no say.
        return "stakeholder" if row["kind"] in ("partner", "authority") else None
    return role
