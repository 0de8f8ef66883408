"""One rubric of a plan as plain JSON values: what it says, from whom it is withheld, and all its revisions."""

from pdca import methods
from pdca.errors import NotFound
from pdca.i18n import _
from pdca.report.plans import View, opened
from pdca.store.driver import Connection
from pdca.store.reads import people, plans
from workflows.method import Rubric, WorkflowDefinition


def rubric_of(connection: Connection, plan_id: str, word: str) -> View:
    """Give the rubric of a plan that a word names: its id, or the beginning of its id or name.

    Raises NotFound, naming the rubrics of the method, when it names none or several.
    """
    plan = connection.one(plans.PLAN, plan_id=plan_id) or {}
    rubric = _find(methods.of_plan(connection, plan), word)
    rows = connection.all(plans.RUBRICS, plan_id=plan_id)
    row = next((opened(row) for row in rows if row["rubric_id"] == rubric.id), {})
    people_by_id = {one["person_id"]: one for one in connection.all(people.PEOPLE)}
    revisions = connection.all(plans.RUBRIC_REVISIONS, plan_id=plan_id, rubric_id=rubric.id)
    return {
        "plan": plan_id,
        "rubric": rubric.id,
        "label": dict(rubric.label),
        "text": row.get("text"),
        "not_applicable": row.get("not_applicable"),
        "withheld_from": row.get("withheld_from") or [],
        "assumed": bool(row.get("assumed")),
        "basis": row.get("basis"),
        "source": row.get("source"),
        "note": row.get("note"),
        "revisions": [
            {
                "revision": one["revision"],
                "at": one["revised_at"],
                "by": _by(people_by_id.get(one["revised_by"])),
                **{name: opened(one)[name] for name in ("text", "not_applicable")},
            }
            for one in revisions
        ],
    }


def _by(person: View | None) -> View | None:
    if person is None:
        return None
    return {"person_id": person["person_id"], "name": person["name"], "assumed": bool(person["assumed"])}


def _find(definition: WorkflowDefinition, word: str) -> Rubric:
    wanted = word.casefold()
    exact = [rubric for rubric in definition.rubrics if rubric.id.casefold() == wanted]
    begun = [
        rubric
        for rubric in definition.rubrics
        if any(name.casefold().startswith(wanted) for name in (rubric.id, *rubric.label.values()))
    ]
    found = exact or begun
    if len(found) == 1 and word:
        return found[0]
    known = ", ".join(rubric.id for rubric in (found or definition.rubrics))
    if found and word:
        raise NotFound(
            "rubric-ambiguous",
            _("“%(word)s” names several rubrics: %(rubrics)s.") % {"word": word, "rubrics": known},
            hint=_("Write more of it."),
        )
    raise NotFound(
        "rubric-unknown",
        _("There is no rubric “%(word)s”.") % {"word": word},
        hint=_("The rubrics are: %(rubrics)s.") % {"rubrics": known},
    )
