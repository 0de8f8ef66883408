"""What the fields of a plan's document are called for people, and how their values are shown, in what tells a change.

Programs read a field by its path in the document, such as `activities.A1.means.2024 money.deployed`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pdca import methods
from pdca.cli.cells import flat
from pdca.i18n import N_, _, in_a_row, localized
from pdca.store.driver import Connection
from pdca.store.jsontext import from_json
from pdca.store.reads import people, plans
from pdca.words import (
    ACTIVITY_STATUS,
    AUDIENCES,
    EVALUATION_KIND,
    EVALUATION_STATUS,
    MEANS,
    MODES,
    VERDICTS,
    amount,
    spoken,
    with_name,
)
from workflows.method import WorkflowDefinition

UNDER: Final = " / "

FIELDS: Final = {
    "activities": N_("Activities"),
    "adjust": N_("What was adjusted"),
    "after": N_("Comes after"),
    "answer": N_("Answer"),
    "assumed": N_("Assumed"),
    "attendees": N_("Attended"),
    "attribution": N_("Attribution"),
    "axes": N_("Axes"),
    "axis": N_("Axis"),
    "baseline": N_("Baseline"),
    "basis": N_("Basis"),
    "by_area": N_("By area"),
    "content": N_("About"),
    "cycle": N_("Cycle"),
    "date": N_("Date"),
    "definition": N_("Method"),
    "definition_version": N_("Version of the method"),
    "deployed": N_("Deployed"),
    "done": N_("Done"),
    "due_date": N_("Date"),
    "end": N_("Ends"),
    "evaluations": N_("Evaluations"),
    "evaluations_withheld": N_("Withheld of evaluations"),
    "evidence": N_("Evidence"),
    "findings": N_("Findings"),
    "follows": N_("Follows the plan"),
    "from": N_("From"),
    "geojson": N_("On the map"),
    "group": N_("Project group"),
    "group_by": N_("Project group by"),
    "handovers": N_("Handovers"),
    "held": N_("Evaluations"),
    "id": N_("Slug"),
    "indicator": N_("Indicator"),
    "indicators": N_("Indicators"),
    "information": N_("Information"),
    "information_schedules": N_("Information schedule"),
    "kind": N_("Kind"),
    "lead": N_("Project leader"),
    "leads": N_("Led by"),
    "lessons": N_("Lessons"),
    "means": N_("Means and capacity"),
    "method": N_("Method"),
    "missing": N_("Why it is missing"),
    "mmm": N_("MMM"),
    "mode": N_("Kind"),
    "not_applicable": N_("Why it does not apply"),
    "note": N_("Note"),
    "objective": N_("Objective"),
    "order": N_("Order"),
    "owner": N_("Owner"),
    "party": N_("Party"),
    "perimeter": N_("Perimeter"),
    "period": N_("Period"),
    "phenomena": N_("Phenomena"),
    "places": N_("Places"),
    "planned": N_("Planned"),
    "reactions": N_("Reactions"),
    "received": N_("Received"),
    "restricted": N_("Restricted"),
    "result": N_("Result"),
    "role": N_("Role"),
    "rubric": N_("Rubric"),
    "rubrics": N_("Rubrics"),
    "sessions": N_("Sessions"),
    "shortfall": N_("Why less"),
    "source": N_("Source"),
    "start": N_("Begins"),
    "state": N_("State"),
    "status": N_("Status"),
    "steps": N_("Steps"),
    "text": N_("Text"),
    "title": N_("Title"),
    "to": N_("To"),
    "until": N_("Until"),
    "value": N_("Figure"),
    "verdict": N_("Verdict"),
    "watch": N_("Still watched"),
    "watch_again": N_("Looked at again"),
    "withheld_from": N_("Withheld from"),
    "year": N_("Year"),
}
_NAMED: Final = frozenset(
    {"activities", "axes", "evaluations", "group", "handovers", "held", "indicators", "information"}
    | {"reactions", "sessions"}
    | {"means", "phenomena", "rubrics", "steps", "by_area"}
)
"""Fields whose parts bear names of their own."""
_CODED: Final[Mapping[str, Mapping[str, str]]] = {
    "kind": EVALUATION_KIND,
    "mode": MODES,
    "role": {"member": N_("member"), "deputy": N_("deputy")},
    "status": {**ACTIVITY_STATUS, **EVALUATION_STATUS},
    "verdict": VERDICTS,
}


_PARTIES: Final = frozenset({"group", "lead", "leads", "owner", "party", "to"})
"""Fields that hold the id of a function or stakeholder."""


def labels_for(connection: Connection, plan_id: str) -> "Labels":
    """Give the names of what a plan is made of."""
    plan = connection.one(plans.PLAN, plan_id=plan_id) or {}
    parties = {row["party_id"]: localized(from_json(row["name"])) for row in connection.all(people.PARTIES)}
    return Labels(methods.of_plan(connection, plan), parties)


class Labels:
    """Names the fields and values of the plans that are worked by a method."""

    def __init__(self, definition: WorkflowDefinition, parties: Mapping[str, str]) -> None:
        self._rubrics = {rubric.id: rubric.label for rubric in definition.rubrics}
        self._states = {state.id: state.label for state in definition.states}
        self._parties = parties

    def field(self, path: str) -> str:
        """Name a field, from the whole down to the part."""
        return UNDER.join(self._names(path.split(".")))

    def value(self, path: str, value: Any) -> str:  # noqa: ANN401 - any JSON value
        """Show a value of a field; a dash for none."""
        *above, field = path.split(".")
        if value is None:
            return "-"
        if isinstance(value, str):
            return self._text(above, field, value)
        if isinstance(value, list):
            records = any(isinstance(part, Mapping) for part in value)
            return (" / " if records else ", ").join(self.value(path, part) for part in value)
        if isinstance(value, Mapping) and flat(value).startswith("{"):
            if field == "means" and "year" in value:
                shown = self.parts(f"{path}.{_of_means(value)}", value)
                return f"{value['year']} " + in_a_row(with_name(name, part) for name, part in shown)
            return in_a_row(with_name(name, part) for name, part in self.parts(path, value))
        return flat(value, words=True)

    def parts(self, path: str, value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Name and show each part of a value that is made of parts, but for what it is known by."""
        *_above, name = path.split(".")
        for key, part in value.items():
            if str(part) == name or (key == "year" and "means" in path.split(".")):
                continue
            yield self._part(key, part), self.value(f"{path}.{key}", part)

    def _part(self, key: str, value: Any) -> str:  # noqa: ANN401 - any JSON value
        if key in MEANS:
            return _("Planned")
        # The end of a period is called so too.
        return _("Recipient") if key == "to" and value in self._parties else self._word(key)

    def _text(self, above: list[str], field: str, text: str) -> str:
        kind = above[-1].rpartition(" ")[2] if "means" in above[:-1] else ""
        if kind in MEANS and field in (*MEANS, "deployed"):
            return f"{amount(text)} {spoken(MEANS, kind)}"
        if field == "state" and text in self._states:
            return localized(self._states[text])
        if field == "rubric" and text in self._rubrics:
            return localized(self._rubrics[text])
        if (field == "withheld_from" or above[-1:] == ["evaluations_withheld"]) and text in AUDIENCES:
            return spoken(AUDIENCES, text)
        if field in _PARTIES or above[-1:] == ["group"]:
            return self._parties.get(text, text)
        words = _CODED.get(field, {})
        return spoken(words, text) if text in words else text

    def _names(self, keys: list[str]) -> Iterator[str]:
        above = ""
        for place, key in enumerate(keys):
            if above == "rubrics" and key in self._rubrics:
                yield localized(self._rubrics[key])
            elif above == "means":
                yield _means(key)
            elif above == "evaluations":
                yield _evaluation(key)
            elif above == "group":
                yield self._parties.get(key, self._word(key))
            elif above in _NAMED and key != "order":
                yield key
            elif place > 1 and keys[place - 2] == "means":
                yield _("Planned") if key in MEANS else self._word(key)
            else:
                yield self._word(key)
            above = key

    def _word(self, key: str) -> str:
        if key in MEANS:
            return spoken(MEANS, key)
        return spoken(FIELDS, key) if key in FIELDS else key


def _of_means(value: Mapping[str, Any]) -> str:
    """What a line of means is known by: its year and its kind."""
    return f"{value['year']} {next((kind for kind in MEANS if kind in value), '')}"


def _evaluation(name: str) -> str:
    day, _space, kind = name.partition(" ")
    return f"{day} {spoken(EVALUATION_KIND, kind)}" if kind in EVALUATION_KIND else name


def _means(name: str) -> str:
    year, _space, kind = name.partition(" ")
    return f"{year} {spoken(MEANS, kind)}" if kind in MEANS else name
