"""A file of one plan: what `plan edit` shows and takes back. Everything it refers to is in the database."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

from pydantic import Field
from pydantic_core import PydanticCustomError

from pdca.exchange.crosscheck import cross_check_plan
from pdca.exchange.document import PlacedPlan, checked
from pdca.exchange.fields import Key, Label, Language, Version
from pdca.exchange.known import Known
from pdca.exchange.located import Located, Mark
from pdca.exchange.plan_records import Plan
from pdca.exchange.records import Record
from pdca.exchange.values import language_code
from pdca.exchange.yaml_reader import Source, read
from workflows.method import WorkflowDefinition


class PlanFile(Record):
    """A plan and the objective it serves, if its method has any above it.

    `language` is that of the texts that do not name theirs. `base` says from which state of the plan a file in JSON was
    made; one in YAML says so in a comment.
    """

    pdca: Version
    language: Language
    objective: Key | None = None
    plan: Plan
    base: Label | None = Field(default=None, alias="pdca-base")


def read_plan(source: Source, name: str | None = None, *, known: Known, definition: WorkflowDefinition) -> PlacedPlan:
    """Read and check a file of one plan that is worked by a definition; raises ImportRefused with every problem."""
    return check_plan_file(read(source, name), known, definition)


def plan_of(data: dict[str, Any], known: Known, definition: WorkflowDefinition, name: str = "plan") -> PlacedPlan:
    """Check a plan that was written out and changed by the program; its problems name fields, but no lines."""
    return check_plan_file(Located(data, name, Mark(None, None)), known, definition)


def check_plan_file(located: Located, known: Known, definition: WorkflowDefinition) -> PlacedPlan:
    """Check what was read and give the plan in it; raises ImportRefused."""
    located = replace(located, value=_without_empty_rubrics(located.value))
    faults = list(cross_check_plan(located.value, known, definition))
    stated = located.value.get("language") if isinstance(located.value, dict) else None
    language = "en"
    with suppress(PydanticCustomError):
        language = language_code(stated)
    file = checked(PlanFile, located.value, language, faults, located)
    return PlacedPlan(file.plan, file.objective, ("plan",), located)


def _without_empty_rubrics(value: Any) -> Any:  # noqa: ANN401 - whatever the file holds
    """Leave out the rubrics that stand in the file with nothing after their key: they are still to be written."""
    plan = value.get("plan") if isinstance(value, dict) else None
    rubrics = plan.get("rubrics", {}) if isinstance(plan, dict) else {}
    if rubrics is not None and not isinstance(rubrics, dict):
        return value
    written = {name: rubric for name, rubric in (rubrics or {}).items() if rubric is not None}
    return {**value, "plan": {**plan, "rubrics": written}} if isinstance(plan, dict) and "rubrics" in plan else value
