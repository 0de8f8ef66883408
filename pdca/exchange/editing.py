"""Editing one plan: its document, changed, is what the plan is brought to, in one event.

The document is the unit of editing: `plan edit`, `plan set` and the commands of activities and of the group write the
plan out, change that, and hand it to `EditPlan`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pdca import methods
from pdca.actor import Actor
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import NoRight, Usage
from pdca.exchange.document import PlacedPlan
from pdca.exchange.import_plan import PlanImport
from pdca.exchange.importer import Tally
from pdca.exchange.problems import EditRefused, ImportRefused, Problem
from pdca.exchange.stored import Stored
from pdca.i18n import _
from pdca.people.commands import lock_installation
from pdca.plans import rights
from pdca.plans.advance import Seen, check_unchanged, lock_plan
from pdca.plans.roles import standing
from pdca.store.driver import Connection, Row
from pdca.store.reads import people, plans
from pdca.unknown import unknown_objective, unknown_programme
from workflows.guards import Need


@dataclass(frozen=True, slots=True)
class EditPlan:
    """Bring a plan exactly to a document; `seen` is what the actor had in view when the editing began."""

    plan_id: str
    placed: PlacedPlan
    seen: Seen | None = None
    reason: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Write the difference as one event, or log the refusal.

        Raises NotFound for no such plan, Conflict when it changed since it was seen, ImportRefused with the places of
        what cannot or may not be done. Without any difference there is no event.
        """
        plan = lock_plan(desk, self.plan_id)
        check_unchanged(desk.connection, plan, self.seen)
        definition = methods.of_plan(desk.connection, plan)
        self._same_plan(plan)
        stored = Stored(desk.connection, self.plan_id)
        self._same_programme(stored, plan)
        importing = PlanImport(
            desk, stored, definition, plan["programme_id"], plan["zone"], _disciplines(desk), exact=True
        )
        changes = importing.changes(self.placed, plan, _numbers(desk))
        if importing.problems:
            raise EditRefused(importing.problems)
        if not changes:
            return desk.done(plan=self.plan_id, added={}, changed={}, removed={})
        group = desk.connection.all(plans.GROUP, plan_id=self.plan_id)
        stands = standing(desk.connection, plan, group, desk.actor, desk.uow.now)
        if needs := (*rights.ended(plan, definition), *rights.editing(plan, stands, changes)):
            draft = Draft(kind="plan.refused", trigger="edit", from_state=plan["state"], reason=self.reason)
            return desk.refuse(Stream.of_plan(plan), draft, needs)
        desk.act_for(rights.acting(changes, stands))
        tally = Tally()
        tally.count(changes)
        desk.record(Stream.of_plan(plan), Draft(kind="plan.edited", changes=changes, reason=self.reason))
        return desk.done(plan=self.plan_id, added=tally.added, changed=tally.changed, removed=tally.removed)

    def _same_plan(self, plan: Row) -> None:
        if self.placed.plan.id != plan["slug"]:
            message = _("This is the document of %(other)s, and %(plan)s is %(slug)s.")
            message %= {"other": self.placed.plan.id, "plan": self.plan_id, "slug": plan["slug"]}
            place = self.placed.place((*self.placed.path, "id"))
            hint = _("Write “id: %(id)s”.") % {"id": plan["slug"]}
            raise ImportRefused([Problem("edit-other-plan", message, place, hint)])

    def _same_programme(self, stored: Stored, plan: Row) -> None:
        if self.placed.objective is None:
            return
        objective = stored.row("objective", self.placed.objective)
        if objective is None or objective["programme_id"] != plan["programme_id"]:
            message = _("%(objective)s is no objective of the programme %(programme)s.")
            message %= {"objective": self.placed.objective, "programme": plan["programme_id"]}
            place = self.placed.place(("objective",))
            raise EditRefused([Problem("edit-other-programme", message, place, _("A plan stays in its programme."))])


@dataclass(frozen=True, slots=True)
class CreatePlan:
    """Make a new plan of a document, under an objective that is there.

    `programme_id` is that of a plan which stands under the programme itself.
    """

    placed: PlacedPlan
    programme_id: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Write the plan as one event under the next number.

        Raises NotFound for no such objective or programme, Usage for an id that a plan has already, Refused for
        somebody who neither administers the installation nor holds the lead that the document names.
        """
        installation = lock_installation(desk)
        stored = Stored(desk.connection)
        programme = self._programme(stored)
        numbers = _numbers(desk)
        self._check_id(numbers)
        definition = methods.of_plan(desk.connection, programme)
        self._check_right(desk, installation)
        plan_id = stored.next_id("plan")
        importing = PlanImport(
            desk, stored, definition, programme["programme_id"], installation["zone"], _disciplines(desk)
        )
        changes = importing.changes(self.placed, None, {**numbers, self.placed.plan.id: plan_id})
        desk.record(Stream(plan_id, 0, None), Draft(kind="plan.created", changes=changes))
        return desk.done(plan=plan_id, slug=self.placed.plan.id)

    def _programme(self, stored: Stored) -> Row:
        programme_id = self.programme_id
        if self.placed.objective is not None:
            objective = stored.row("objective", self.placed.objective)
            if objective is None:
                raise unknown_objective(self.placed.objective)
            programme_id = objective["programme_id"]
        programme = stored.row("programme", programme_id)
        if programme is None:
            raise unknown_programme(programme_id or "")
        return programme

    def _check_id(self, numbers: Mapping[str, str]) -> None:
        # Ids that differ only in capitals are the same, as in a file.
        same = next((slug for slug in numbers if slug.casefold() == self.placed.plan.id.casefold()), None)
        if same is not None:
            raise Usage(
                "plan-exists",
                _("%(slug)s is %(number)s already.") % {"slug": same, "number": numbers[same]},
                hint=_("Change it with `pdca plan edit %(number)s`.") % {"number": numbers[same]},
                place=self.placed.place((*self.placed.path, "id")),
            )

    def _check_right(self, desk: Desk, installation: Row) -> None:
        if desk.actor.access == "administrator":
            return
        plan = {"plan_id": "", "lead_id": self.placed.plan.lead, "zone": installation["zone"]}
        stands = standing(desk.connection, plan, [], desk.actor, desk.uow.now)
        if self.placed.plan.lead is None or "lead" not in stands.roles:
            raise NoRight(
                "not-the-lead",
                _("A new plan is made by an administrator, or by whoever is going to lead it."),
                hint=_("Name a function that you hold under “lead”, or ask an administrator."),
                actor=desk.actor,
            )
        desk.act_for(stands.in_whose_stead(("lead",)))


def what_forbids(connection: Connection, plan: Row, actor: Actor, now: datetime) -> tuple[Need, ...]:
    """Give what keeps somebody from editing a plan whatever the change is, to say so before the work is done."""
    group = connection.all(plans.GROUP, plan_id=plan["plan_id"])
    stands = standing(connection, plan, group, actor, now)
    return (*rights.ended(plan, methods.of_plan(connection, plan)), *rights.editing(plan, stands, ()))


def _numbers(desk: Desk) -> dict[str, str]:
    return {row["slug"]: row["plan_id"] for row in desk.connection.all(plans.PLAN_NAMES)}


def _disciplines(desk: Desk) -> dict[str, str | None]:
    return {row["party_id"]: row["discipline"] for row in desk.connection.all(people.PARTIES)}
