"""Letting a programme be worked by another method or version: plans that join it begin on that; those there stay."""

from dataclasses import dataclass

from pdca import methods
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Refused, Usage
from pdca.i18n import N_, _
from pdca.people.commands import lock_installation
from pdca.plans.take_over import take_over
from pdca.programme.common import filled, find_programme, must_be_in_charge
from pdca.store.reads import plans
from pdca.store.rows import update
from workflows.method import WorkflowDefinition


@dataclass(frozen=True, slots=True)
class MigrateProgramme:
    """Let a programme name another definition; its plans go over one by one, by `plan migrate`."""

    programme_id: str
    method: str
    to_version: int | None = None
    reason: str = ""

    def perform(self, desk: Desk) -> Outcome:
        """Write the definition that the plans to come are worked by.

        Raises NotFound for no such programme, Usage for the definition it names already, DefinitionError for none such,
        Refused when its objectives are on a level that the method does not have.
        """
        installation = lock_installation(desk)
        must_be_in_charge(desk, N_("move a programme to another method"))
        row = find_programme(desk.connection, self.programme_id)
        filled("no-motive", N_("The reason"), self.reason)
        old = methods.of_plan(desk.connection, row)
        new = methods.wanted(desk.connection, self.method, self.to_version)
        if (new.id, new.version) == (old.id, old.version):
            raise Usage(
                "version-same",
                _("%(programme)s is worked by version %(version)s of “%(method)s” already.")
                % {"programme": self.programme_id, "version": old.version, "method": old.id},
                hint=_("`pdca workflow list` shows which versions there are."),
            )
        self._check_levels(desk, old, new)
        key = {"programme_id": self.programme_id}
        moved = update("programme", key, definition=new.id, definition_version=new.version)
        desk.record(
            Stream.of_installation(installation),
            Draft(
                kind="programme.migrated", changes=[*take_over(desk.connection, new), moved], reason=self.reason.strip()
            ),
        )
        staying = [
            one["plan_id"]
            for one in desk.connection.all(plans.PLANS)
            if one["programme_id"] == self.programme_id
            and (one["definition"], one["definition_version"]) != (new.id, new.version)
        ]
        return desk.done(
            programme=self.programme_id,
            from_method=old.id,
            from_version=old.version,
            method=new.id,
            to_version=new.version,
            plans_staying=staying,
        )

    def _check_levels(self, desk: Desk, old: WorkflowDefinition, new: WorkflowDefinition) -> None:
        there = {level.id for level in new.levels}
        rows = [row for row in desk.connection.all(plans.OBJECTIVES) if row["programme_id"] == self.programme_id]
        lost = [f"{row['objective_id']} ({row['level']})" for row in rows if row["level"] not in there]
        if lost:
            raise Refused(
                "level-not-in-method",
                _("%(new)s does not have the level of these objectives: %(objectives)s.")
                % {"new": f"{new.id}@{new.version}", "objectives": ", ".join(lost)},
                hint=_("Give the method that level, or choose another method. `%(command)s` shows what differs.")
                % {"command": f"pdca workflow diff {old.id}@{old.version} {new.id}@{new.version}"},
            )
