"""A plan on its way from one definition to another: what takes the place of what, and what would be lost."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pdca.plans.facts import says
from pdca.store.driver import Connection, Row
from pdca.store.reads import plans
from workflows.guards import N_, Need
from workflows.method import Localized, WorkflowDefinition
from workflows.need import EDIT, Param

COMPARE: Final = "pdca workflow diff %(old)s %(new)s"


class Move:
    """A plan on its way from one definition to another; `states` is what takes the place of a state."""

    def __init__(
        self,
        connection: Connection,
        plan: Row,
        old: WorkflowDefinition,
        new: WorkflowDefinition,
        states: Mapping[str, str],
    ) -> None:
        self._connection = connection
        self._plan = plan
        self._old = old
        self._new = new
        self._states = states
        self.elsewhere = old.id != new.id
        self._which: dict[str, Param] = {
            "plan": plan["plan_id"],
            "old": f"{old.id}@{old.version}",
            "new": f"{new.id}@{new.version}",
            "after": f"{new.id}@{new.version}" if self.elsewhere else new.version,
        }

    def state(self, name: str) -> str:
        """Give the state that takes the place of one."""
        return self._states.get(name, name)

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of the plan that become others."""
        found: dict[str, Any] = {"definition_version": self._new.version}
        if self.elsewhere:
            found["definition"] = self._new.id
        for column in ("state", "resume_state"):
            held = self._plan[column]
            if held is not None and self.state(held) != held:
                found[column] = self.state(held)
        return found

    def losses(self) -> tuple[Need, ...]:
        """Name everything that the plan has and that the definition has no place for."""
        further = (*self._levels(), *self._nobody()) if self.elsewhere else ()
        return (*self._states_lost(), *self._rubrics(), *self._place(), *further)

    def _states_lost(self) -> Iterator[Need]:
        """The state of a plan, and the one it goes back to, has to be there and mean the same: deadlines hang on it."""
        for held in dict.fromkeys(name for name in (self._plan["state"], self._plan["resume_state"]) if name):
            state = self.state(held)
            which = {**self._which, "state": self._old.state_by_id[held].label}
            if state not in self._new.state_by_id:
                yield Need(
                    "state-not-in-version",
                    N_("Version %(after)s has no state “%(state)s”, which the plan is in or goes back to."),
                    which,
                    N_("Move the plan on to a state that both have, or say with --state which takes its place."),
                    COMPARE,
                )
            elif self._new.state_by_id[state].phase != self._old.state_by_id[held].phase:
                yield Need(
                    "state-in-other-phase",
                    N_(
                        "“%(state)s” belongs to another phase in version %(after)s, so the deadlines of the plan would "
                        "not fit."
                    ),
                    which,
                    N_("Move the plan on to a state that means the same in both versions, or choose another version."),
                    COMPARE,
                )

    def _rubrics(self) -> Iterator[Need]:
        there = {rubric.id for rubric in self._new.rubrics}
        labels: dict[str, Localized] = {rubric.id: rubric.label for rubric in self._old.rubrics}
        for row in self._connection.all(plans.RUBRICS, plan_id=self._plan["plan_id"]):
            if row["rubric_id"] not in there and (says(row["text"]) or says(row["not_applicable"])):
                yield Need(
                    "rubric-not-in-version",
                    N_("Rubric “%(rubric)s” is written, and version %(after)s has no place for it."),
                    {**self._which, "rubric": labels.get(row["rubric_id"]) or row["rubric_id"]},
                    N_("Bring its text to another rubric, and take it out of this one."),
                    EDIT,
                )
        for row in self._connection.all(plans.ACTIVITIES, plan_id=self._plan["plan_id"]):
            if row["rubric_id"] is not None and row["rubric_id"] not in there:
                yield Need(
                    "activity-rubric-not-in-version",
                    N_("Activity %(activity)s belongs to rubric “%(rubric)s”, which version %(after)s does not have."),
                    {
                        **self._which,
                        "activity": row["activity_id"],
                        "rubric": labels.get(row["rubric_id"]) or row["rubric_id"],
                    },
                    N_("Bring the activity to another rubric."),
                    EDIT,
                )

    def _place(self) -> Iterator[Need]:
        """A plan keeps its place among the objectives: above it whether there are any, under it those that it has."""
        if bool(self._old.above_plan) != bool(self._new.above_plan):
            yield Need(
                "plan-elsewhere-in-version",
                N_(
                    "Plans do not stand under objectives in both versions, so the plan would have no place in the "
                    "other."
                ),
                self._which,
                N_("Choose a version in which plans stand where they stand now."),
                COMPARE,
            )
        has_objectives = self._connection.all(plans.PLAN_OBJECTIVES, plan_id=self._plan["plan_id"])
        if self._old.under_plan and not self._new.under_plan and has_objectives:
            yield Need(
                "objectives-not-in-version",
                N_("The plan has objectives under it, and version %(after)s has no place for them."),
                self._which,
                N_("Bring what they say to another place, and take them out of the plan."),
                EDIT,
            )

    def _levels(self) -> Iterator[Need]:
        """The objectives above the plan are on levels of the method; those of another one may be others."""
        there = {level.id for level in self._new.levels}
        labels: dict[str, Localized] = {level.id: level.label for level in self._old.levels}
        objective: str | None = self._plan["objective_id"]
        while objective is not None:
            row = self._connection.one(plans.OBJECTIVE, objective_id=objective) or {"level": None, "parent_id": None}
            if row["level"] is not None and row["level"] not in there:
                yield Need(
                    "level-not-in-method",
                    N_("Objective %(objective)s is on the level “%(level)s”, which %(new)s does not have."),
                    {**self._which, "objective": objective, "level": labels.get(row["level"]) or row["level"]},
                    N_("Give the method that level, or choose another method."),
                    COMPARE,
                )
            objective = row["parent_id"]

    def _nobody(self) -> Iterator[Need]:
        """Somebody who can move the plan on now is not to lose that for everybody."""
        roles = _movers(self._new, self.state(self._plan["state"]))
        held = {"scheduler", "administrator"}
        if self._plan["lead_id"] is not None:
            held |= {"lead", "member"}
        elif self._connection.all(plans.GROUP, plan_id=self._plan["plan_id"]):
            held.add("member")
        if roles and roles.isdisjoint(held) and not _movers(self._old, self._plan["state"]).isdisjoint(held):
            yield Need(
                "nobody-to-act",
                N_("By %(new)s nobody could move the plan on: its steps are for %(roles)s, and the plan has none."),
                {**self._which, "roles": ", ".join(sorted(roles))},
                N_("Say who leads the plan."),
                "pdca group show %(plan)s",
            )


def _movers(definition: WorkflowDefinition, state: str) -> set[str]:
    """Name the roles that may take a plan out of a state."""
    return {role for way in definition.transitions if state in way.sources for role in way.who}
