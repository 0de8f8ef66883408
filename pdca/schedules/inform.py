"""Deciding when and by what method a party is informed of the progress of a plan (clauses 14 and 21-23).

Each is another decision; those before stay. It is the project group that decides, as for evaluations.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from pdca import methods
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Usage
from pdca.i18n import _
from pdca.not_arrived import all_mailed, let_go, not_arrived
from pdca.notify.outbox import Notice
from pdca.numbers import Numbers
from pdca.partners.common import find_partner
from pdca.people.commands import lock_installation
from pdca.plans import rights
from pdca.plans.advance import lock_plan
from pdca.plans.roles import present
from pdca.restricted import kept_from
from pdca.schedules.decide import check_ahead, decided_on, says_the_same
from pdca.schedules.information_moments import InformationMoments, decided_to_inform
from pdca.schedules.manner import Manner, audience_of, restricted
from pdca.schedules.reconcile import Effect, Reconciled
from pdca.schedules.stored import columns
from pdca.schedules.working_out import Wish, worked_out
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from pdca.store.reads import information
from pdca.store.rows import insert
from pdca.working_days import working_calendar
from workflows.guards import Need, given_motive
from workflows.method import WorkflowDefinition
from workflows.moments import Schedule


@dataclass(frozen=True, slots=True)
class SetInformation:
    """Decide when and how a party is informed of a plan; without either it is not informed any more.

    `decided_on` is the local day of the decision, today when None.
    """

    plan_id: str
    party_id: str
    manner: Manner | None
    wish: Wish | None
    reason: str
    decided_on: dt.date | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Keep the decision and bring the moments of the party to it, or log the refusal.

        Raises NotFound for no such plan or party, Usage for a party of the body itself and a schedule that cannot be
        worked out. A decision that is in force already changes nothing.
        """
        # Closing days that change at the same time would miss a decision that is not there yet.
        lock_installation(desk)
        plan = lock_plan(desk, self.plan_id)
        party = find_partner(desk, self.party_id)
        definition = methods.of_plan(desk.connection, plan)
        now = desk.uow.now
        earlier = desk.connection.all(information.DECISIONS, plan_id=self.plan_id)
        before = next((row for row in reversed(earlier) if row["party_id"] == self.party_id), None)
        manner = self._manner(before)
        schedule = self._schedule(desk, plan, definition)
        moments = InformationMoments(desk.connection, plan, self.party_id, manner.method, definition, now)
        found = worked_out(schedule, now, None) if schedule else ()
        if schedule:
            check_ahead(schedule, found, moments, now)
        day = decided_on(plan, self.decided_on, now)
        values = {"party_id": self.party_id, **manner.columns(), **_when(schedule, before or {})}
        number = len(earlier) + 1
        decision = insert(
            "information_schedule",
            {"plan_id": self.plan_id, "number": number},
            decided_on=day.isoformat(),
            decided_by=desk.actor.person_id,
            recorded_at=desk.uow.now_text,
            reason=self.reason,
            **values,
        )
        decided = decided_to_inform(number, self.party_id, manner.method, schedule)
        result = moments.reconciled(decided, found, partial(Numbers(desk.connection).next_id, "information_moment"))
        if schedule is None:
            _let_go(desk, plan, moments, result)
        start_given = self.wish is not None and self.wish.start is not None
        if (
            before
            and says_the_same(before, values, start_given=start_given)
            and all(effect.what == "kept" for effect in result.effects)
        ):
            return desk.done(plan=self.plan_id, party=self.party_id, number=before["number"], moments=[])
        stands = present(desk.connection, plan, desk.actor, now)
        needs = (
            *rights.ended(plan, definition),
            *rights.editing(plan, stands, [decision]),
            *given_motive(self.reason),
            *self._withheld(plan, party, manner),
        )
        if needs:
            draft = Draft(kind="information.refused", trigger="information", reason=self.reason)
            return desk.refuse(Stream.of_plan(plan), draft, needs)
        desk.act_for(rights.acting([decision], stands))
        desk.record(
            Stream.of_plan(plan),
            Draft(
                kind="information.set",
                changes=[decision, *result.changes],
                notices=[self._notice(desk, plan, party, result)],
                reason=self.reason,
            ),
        )
        told = [effect.told("information_id") for effect in result.effects]
        return desk.done(plan=self.plan_id, party=self.party_id, number=number, moments=told)

    def _schedule(self, desk: Desk, plan: Row, definition: WorkflowDefinition) -> Schedule | None:
        if self.wish is None:
            return None
        if not self.wish.dates and not self.wish.rules:
            raise Usage(
                "no-moment",
                _("It is not said when %(party)s is informed.") % {"party": self.party_id},
                hint=_("Give dates (--date) or a rule (--rule)."),
            )
        return self.wish.of_plan(plan, definition, working_calendar(desk.connection), desk.uow.now)

    def _manner(self, before: Row | None) -> Manner:
        """Give how the party is informed; a decision that it is so no longer leaves that as it was."""
        if self.manner is not None:
            return self.manner
        if before is None:
            raise Usage(
                "not-informed",
                _("No decision says when %(party)s is informed of %(plan)s.")
                % {"party": self.party_id, "plan": self.plan_id},
                hint=_("`pdca information show %(plan)s` shows who is.") % {"plan": self.plan_id},
            )
        truths = {name: bool(before[name]) for name in ("by_itself", "although_restricted")}
        return Manner(before["method"], **truths, grace_days=before["grace_days"])

    def _withheld(self, plan: Row, party: Row, manner: Manner) -> tuple[Need, ...]:
        if self.wish is None or not kept_from(
            plan, audience_of(party, manner.method), decided=manner.although_restricted
        ):
            return ()
        return (restricted(plan),)

    def _notice(self, desk: Desk, plan: Row, party: Row, result: Reconciled) -> Notice:
        ahead = min((effect.date for effect in result.effects if effect.what != "cancelled"), default=None)
        parameters = {
            "plan": plan["plan_id"],
            "title": from_json(plan["title"]),
            "party": from_json(party["name"]),
            "reason": self.reason,
            **({"due": ahead} if ahead else {"because": "ended"}),
        }
        return Notice("information.set", ("lead", "group"), parameters, leave_out=desk.actor.person_id)


def _let_go(desk: Desk, plan: Row, moments: InformationMoments, result: Reconciled) -> None:
    """Cancel the moments that have come and whose report has not arrived, and that report with them.

    One of which every mail has left is as good as received.
    """
    ahead = {row["information_id"] for row in moments.ahead}
    for row in moments.rows:
        there = not_arrived(desk.connection, plan["plan_id"], row["information_id"])
        waits = row["status"] in ("planned", "prepared") and row["information_id"] not in ahead
        if waits and not all_mailed(desk.connection, plan, there):
            result.changes += [*let_go(desk, plan, there, "cancelled"), *moments.changed(row, {"status": "cancelled"})]
            result.effects.append(
                Effect("cancelled", row["information_id"], row["stated_date"], row["due_date"], row["due_date"])
            )


def _when(schedule: Schedule | None, before: Mapping[str, Any]) -> dict[str, Any]:
    """Give the columns that say when; those of a decision not to inform any more name no moment."""
    if schedule is None:
        kept = {name: before[name] for name in ("start", "until", "time", "zone", "roll")}
        return {**kept, "dates": None, "rules": None, "exceptions": None}
    said = columns(schedule)
    del said["anchor"]
    return said
