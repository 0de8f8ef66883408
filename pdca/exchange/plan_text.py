"""One plan as a text that people edit: its document in YAML, with comments that say what stands where.

The comments are in the language of the reader. Below the end of the document stand the names that may be used in it.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Final

from pdca import methods
from pdca.exchange.exporter import plan_document
from pdca.exchange.known import Known, known_in
from pdca.exchange.wording import Data
from pdca.exchange.writing import entry, json_text
from pdca.i18n import N_, _, localized
from pdca.store.driver import Connection
from pdca.store.jsontext import from_json
from pdca.store.reads import people, plans
from pdca.store.reads.exchange import ROWS
from pdca.unknown import unknown_plan
from workflows.method import WorkflowDefinition

_BASE: Final = re.compile(r"^(?:# pdca-base: |\s*\"pdca-base\": \")([0-9a-f]{12})(?:\",?)?\s*$", re.MULTILINE)
_NAMED_AT_MOST: Final = 200
_WIDTH: Final = 88

_ACTIVITY: Final = """\
activities:
  - id: A1
    title: Evening rounds
    owner: NAME
    start: 2026-03-01
    end: 2026-09-30
    rubric: RUBRIC
    means: [{year: 2026, hours: 64}]"""

# The keys of a plan in their order, what each means, and how one that the plan does not have yet is written.
_KEYS: Final = (
    ("id", N_("What the plan is called in files."), None),
    ("title", N_("The title; in several languages it is {nl: …, fr: …}."), None),
    ("period", N_("The first and the last day, both included."), None),
    ("lead", N_("Who leads the plan: a function or stakeholder."), "lead: NAME"),
    (
        "group",
        N_("The project group besides the leader; a deputy acts when the leader does not."),
        "group: [NAME, {party: NAME, role: deputy, from: 2026-01-31, until: 2026-12-31}]",
    ),
    ("group_by", N_("The day by which the project group has to be set up."), "group_by: 2026-01-31"),
    (
        "mmm",
        N_("Multidisciplinary, multi-phenomenon, micro-local: to start, it then has to be all three."),
        "mmm: true",
    ),
    ("restricted", N_("Partners and the public never see the plan."), "restricted: true"),
    (
        "evaluations_withheld",
        N_("What of its evaluations partners or the public never see: findings, attribution, evidence …"),
        "evaluations_withheld: {findings: [partners, public], lessons: [public]}",
    ),
    ("follows", N_("The plan that this one follows."), "follows: PLAN"),
    ("handovers", N_("To whom the lead passed, and when."), "handovers: [{to: NAME, date: 2026-01-31}]"),
    ("perimeter", N_("Where the plan works: streets, squares, areas."), "perimeter: [Station square, Harbour street]"),
    (
        "phenomena",
        N_("What the plan works on: phenomena by their name, or free words."),
        "phenomena: [{phenomenon: NAME}, litter]",
    ),
    ("axes", N_("The lines of work inside the plan."), "axes: [{id: X1, title: Title, leads: [NAME]}]"),
    ("rubrics", "", None),
    (
        "objectives",
        N_("The objectives under the plan; an activity names the one it serves under “objective”."),
        "objectives: [{id: O1, title: Title}]",
    ),
    (
        "activities",
        N_("The activities, each with its owner, dates, and means for every year (money, fte, hours or headcount)."),
        _ACTIVITY,
    ),
    (
        "indicators",
        N_("By what the plan is measured, and where that stood before, or why nobody knows."),
        "indicators: [{id: NAME, baseline: {value: 88, period: 2025}}]",
    ),
    (
        "prediction",
        N_("What the cycle is expected to bring about; locked once it begins."),
        "prediction: A quarter fewer complaints by June.",
    ),
    ("schedules", N_("What its project group decided about when it is evaluated: `pdca schedule set`."), None),
    ("reminders", N_("What its project group decided about being reminded: `pdca reminder set`."), None),
    (
        "evaluations",
        N_("When the plan is evaluated, as its project group fixed."),
        "evaluations: [{date: 2026-06-30, kind: interim}, {date: 2026-12-31, kind: final}]",
    ),
    (
        "information_schedules",
        N_("What its project group decided about whom it informs, and when: `pdca information set`."),
        None,
    ),
    (
        "information",
        N_("When and how partners and authorities are told of the progress made."),
        "information: [{to: NAME, date: 2026-07-15, method: note}]",
    ),
    (
        "sessions",
        N_("How partners were involved: training, information or consultation. What is on record stays as it is."),
        "sessions: [{id: S1, party: NAME, mode: training, date: 2026-03-15, content: TEXT, attendees: [Zacharie]}]",
    ),
    (
        "reactions",
        N_("What partners said, and what they were answered. What is on record stays; an answer may be added."),
        "reactions: [{id: R1, party: NAME, received: 2026-04-01, text: TEXT, answer: TEXT}]",
    ),
    ("assumed", N_("Nobody published this plan: it was filled in."), None),
    ("basis", N_("From what it was assumed."), None),
    ("source", N_("Whence it comes."), None),
    ("note", N_("A remark."), "note: Remark"),
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A plan as it was when somebody began to edit it.

    `base` stands for what is written about it and the state it is in: another one means that somebody changed it.
    """

    plan_id: str
    version: int
    document: Data
    definition: WorkflowDefinition
    known: Known
    base: str


def opened(connection: Connection, plan_id: str) -> Opened:
    """Read a plan and what it may refer to; raises NotFound for no such plan."""
    row = connection.one(plans.PLAN, plan_id=plan_id)
    if row is None:
        raise unknown_plan(plan_id)
    document = plan_document(connection, plan_id)
    stands = f"{row['state']} {row['cycle']} {json_text(document)}"
    base = hashlib.sha256(stands.encode()).hexdigest()[:12]
    return Opened(plan_id, row["version"], document, methods.of_plan(connection, row), known_in(connection), base)


def base_of(text: str) -> str | None:
    """Give the `base` of the plan that a text was made from; None when it does not say."""
    found = _BASE.search(text)
    return found[1] if found else None


def plan_text(connection: Connection, plan: Opened) -> str:
    """Write a plan as the text that people edit."""
    document = plan.document
    lines = [
        *_comment(_("%(plan)s: %(title)s") % {"plan": plan.plan_id, "title": localized(_texts(document))}),
        "#",
        *_comment(
            _(
                "The plan is brought exactly to what stands here: what you change is changed, what you take out is "
                "taken away. Without a change nothing happens."
            ),
            _("Take away the # before a key that you want to fill in. docs/import-format.md describes every key."),
            _("By the next line it is seen when somebody else changes the plan meanwhile; leave it as it is."),
        ),
        f"# pdca-base: {plan.base}",
        "---",
        f"pdca: {document['pdca']}",
        *_comment(_("The language of the texts that do not name theirs.")),
        *entry("language", document["language"], 0),
        "",
        *_objective(connection, document),
        "plan:",
    ]
    for key, meaning, example in _KEYS:
        if key == "objectives" and plan.definition.under_plan is None:
            continue
        lines += _rubrics(plan) if key == "rubrics" else _part(document["plan"], key, _(meaning), example)
    return "\n".join([*lines, "...", "", *_names(connection)]) + "\n"


def _objective(connection: Connection, document: Data) -> Iterator[str]:
    """Write which objective the plan serves, if its method has any above it."""
    if "objective" in document:
        row = connection.one(plans.OBJECTIVE, objective_id=document["objective"]) or {}
        title = localized(from_json(row["title"]))
        yield from _comment(_("The objective that the plan serves: %(title)s") % {"title": title})
        yield from entry("objective", document["objective"], 0)
        yield ""


def _texts(document: Mapping[str, Any]) -> Mapping[str, str]:
    title = document["plan"]["title"]
    return title if isinstance(title, Mapping) else {document["language"]: title}


def _part(plan: Data, key: str, meaning: str, example: str | None) -> Iterator[str]:
    if key in plan:
        yield from _comment(meaning, indent=2)
        yield from entry(key, plan[key], 2)
    elif example is not None:
        yield from _comment(meaning, indent=2)
        yield from (f"  # {line}" for line in example.splitlines())
    else:
        return
    yield ""


def _rubrics(plan: Opened) -> Iterator[str]:
    """Write every rubric of the method in its order (clause 8), also the empty ones."""
    written = plan.document["plan"].get("rubrics", {})
    yield from _comment(
        _(
            "The rubrics of the method, in their order. Write the text after the key; or {not_applicable: why}; or "
            "{text: …, withheld_from: [partners, public]}."
        ),
        indent=2,
    )
    yield "  rubrics:"
    for rubric in plan.definition.rubrics:
        label = localized(rubric.label)
        yield from _comment(label if rubric.id in written else _("%(label)s (empty)") % {"label": label}, indent=4)
        yield from entry(rubric.id, written[rubric.id], 4) if rubric.id in written else (f"    {rubric.id}:",)
    yield ""


def _comment(*paragraphs: str, indent: int = 0) -> Iterator[str]:
    margin = " " * indent
    for paragraph in paragraphs:
        # Titles may hold what YAML takes for a line break.
        for line in wrap(
            " ".join(paragraph.split()), _WIDTH - indent - 2, break_long_words=False, break_on_hyphens=False
        ):
            yield f"{margin}# {line}"


def _names(connection: Connection) -> Iterator[str]:
    """Write the names that a plan may use, each with what it stands for."""
    found = (
        (_("Functions and stakeholders"), _titles(connection.all(people.PARTIES), "party_id", "name")),
        (_("Indicators"), _titles(connection.all(plans.INDICATORS), "indicator_id", "title")),
        (_("Phenomena"), _titles(connection.all(ROWS["phenomenon"]), "phenomenon_id", "title")),
    )
    if any(names for _title, names in found):
        yield from _comment(_("The names that can be used above:"))
    for title, names in found:
        if names and len(names) <= _NAMED_AT_MOST:
            width = max(map(len, names))
            yield from ("#", f"# {title}", *(f"#   {name.ljust(width)}  {text}" for name, text in names.items()))


def _titles(rows: Iterable[Mapping[str, Any]], key: str, column: str) -> dict[str, str]:
    return {row[key]: " ".join(localized(from_json(row[column])).split()) for row in rows}
