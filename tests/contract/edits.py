"""Editing a plan in a test: the rows that a project group's change of its document writes, in one event."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pdca import methods
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.exchange.editing import EditPlan
from pdca.exchange.exporter import plan_document
from pdca.exchange.known import known_in
from pdca.exchange.plan_file import plan_of
from pdca.plans.advance import lock_plan
from pdca.programme.evaluation import AddEvaluation, RecordProgrammeEvaluation
from pdca.programme.theme import SetTheme
from pdca.store.jsontext import to_json
from pdca.store.rows import Change, insert, update
from tests.contract.world import MOTIVE, PLAN, World

TITLE: Final = '{"en":"Street crime, again"}'
"""Another title for the plan."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Write rows that belong to a plan, as `plan edit` does."""

    changes: Sequence[Change]
    plan_id: str = PLAN
    kind: str = "plan.edited"

    def perform(self, desk: Desk) -> Outcome:
        desk.record(Stream.of_plan(lock_plan(desk, self.plan_id)), Draft(kind=self.kind, changes=self.changes))
        return desk.done()


def edit(world: World, by: str, change: Callable[[dict[str, Any]], object], plan_id: str = PLAN) -> Outcome:
    """Change the document of a plan, as `plan edit` does."""
    data = plan_document(world.reading, plan_id)
    change(data["plan"])
    definition = methods.of_plan(world.reading, world.plan(plan_id))
    return world.by(by, EditPlan(plan_id, plan_of(data, known_in(world.reading), definition), reason=MOTIVE))


def evaluated(world: World, programme_id: str = "zvp-test", objective: str = "SD1") -> str:
    """Hold and record the final evaluation of a programme; it says of its one objective that it goes on."""
    evaluation = str(world.by_administrator(AddEvaluation(programme_id, "final")).summary["evaluation"])
    said = {"finding": "Minder diefstal.", "attribution": "Het programma.", "evidence": "De cijfers."}
    texts = {name: {"nl": text} for name, text in said.items()}
    for command in (
        SetTheme(evaluation, objective, decision="continue", texts=texts),
        RecordProgrammeEvaluation(evaluation, "2023-12", "council"),
    ):
        assert world.by_administrator(command).refusal == ()
    return evaluation


def plan(plan_id: str = PLAN, **values: object) -> Edit:
    """Change columns of the plan itself."""
    return Edit([update("plan", {"plan_id": plan_id}, **values)], plan_id)


def member(party: str, plan_id: str = PLAN, **values: Any) -> Edit:  # noqa: ANN401 - any column
    """Add a member to the project group."""
    key = {"plan_id": plan_id, "party_id": party}
    return Edit([insert("group_member", key, **{"position": 5, "role": "member", **values})], plan_id)


def complete_baseline(plan_id: str = PLAN) -> Edit:
    """Say what period the seeded baseline is about, which a document has to."""
    return Edit(
        [update("plan_indicator", {"plan_id": plan_id, "indicator_id": "thefts"}, baseline_period="2023")], plan_id
    )


def without_member(party: str, plan_id: str = PLAN) -> Edit:
    """Take a member out of the project group."""
    return Edit([Change("delete", "group_member", {"plan_id": plan_id, "party_id": party})], plan_id)


def rubric(rubric_id: str, plan_id: str = PLAN, **values: object) -> Edit:
    """Fill a rubric that is not there yet."""
    columns = {"text": None, "not_applicable": None, "revision": 1, "assumed": 0, **values}
    return Edit([insert("rubric", {"plan_id": plan_id, "rubric_id": rubric_id}, **columns)], plan_id)


def activity(number: int, owner: str | None, plan_id: str = PLAN, **values: object) -> Edit:
    """Add an activity."""
    columns = {
        "plan_id": plan_id,
        "position": number,
        "title": to_json({"en": f"Activity {number}"}),
        "owner_id": owner,
        "start_date": "2024-02-01",
        "end_date": "2024-12-31",
        "status": "planned",
        "assumed": 0,
        **values,
    }
    return Edit([insert("activity", {"activity_id": f"{plan_id}/A{number}"}, **columns)], plan_id)


def means(activity_id: str, kind: str = "hours", year: int = 2024, **values: object) -> Edit:
    """Plan or state means of an activity."""
    plan_id = activity_id.partition("/")[0]
    key = {"activity_id": activity_id, "year": year, "kind": kind}
    return Edit([insert("means", key, assumed=0, **values)], plan_id)
