"""A definition and what is wrong with one, as JSON fields and as the page that people read."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pdca.cli.method_words import EFFECTS, GUARDS, PHASES, RHYTHMS
from pdca.cli.output import Block, Column, Heading, Row, Table
from pdca.i18n import N_, _, gettext, in_a_row, localized
from pdca.words import WHAT, spoken
from workflows.checking import Finding
from workflows.difference import Difference, Value
from workflows.method import RESUME, Deadline, State, WorkflowDefinition
from workflows.problem import Mark

WIDEST_LINE: Final = 68
"""Of a line of the file, so that with its number it fits on a screen of 80 and the caret stands under its word."""

RECIPIENTS: Final = {
    "lead": N_("whoever leads the plan"),
    "group": N_("the group of the plan"),
    "chief": N_("the head of the organisation"),
    "authority": N_("the authority"),
}
ANCHORED: Final = {
    "period_start": N_("%(what)s, %(days)s days after the period of the plan begins"),
    "entered": N_("%(what)s, within %(days)s days"),
}
KINDS_OF_LEVEL: Final = {"objective": N_("objectives"), "plan": N_("action plans"), "activity": N_("activities")}
SECTIONS: Final = {
    "method": N_("method"),
    "states": N_("state"),
    "transitions": N_("trigger"),
    "rubrics": N_("rubric"),
    "levels": N_("level"),
    "evaluation": N_("evaluation"),
    "group": N_("project group"),
    "ladder": N_("ladder"),
    "roles": N_("role"),
}


def fields(definition: WorkflowDefinition) -> dict[str, Any]:
    """Give a definition as JSON fields, the roles with the names that hold."""
    used = dict.fromkeys(role for way in definition.transitions for role in way.who)
    return {
        "id": definition.id,
        "version": definition.version,
        "title": dict(definition.title),
        "initial": definition.initial,
        "states": [_state_fields(state) for state in definition.states],
        "transitions": [way._asdict() for way in definition.transitions],
        "rubrics": [rubric._asdict() for rubric in definition.rubrics],
        "levels": [level._asdict() for level in definition.levels],
        "evaluation": {
            "time": f"{definition.evaluation.time:%H:%M}",
            "record_days": definition.evaluation.record_days,
            "extension_days": definition.evaluation.extension_days,
            "reminders": list(definition.evaluation.reminders),
        },
        "group": {"days": definition.group_days},
        "ladder": [step._asdict() for step in definition.ladder],
        "roles": {role: dict(definition.role_name(role)) for role in used},
    }


def _state_fields(state: State) -> dict[str, Any]:
    deadline = None if state.deadline is None else state.deadline._asdict()
    return {**state._asdict(), "deadline": deadline, "ended": state.ended}


def page(definition: WorkflowDefinition) -> Iterator[Block]:
    """Write a definition for people."""
    name = {"id": definition.id, "version": definition.version, "title": localized(definition.title)}
    yield Heading(_("%(title)s (%(id)s, version %(version)s)") % name)
    yield Heading(_("States"))
    yield Table(_STATES, [{"state": state, "first": state.id == definition.initial} for state in definition.states])
    yield Heading(_("Triggers"))
    yield Table(_TRIGGERS, [{"way": way, "definition": definition} for way in definition.transitions])
    yield Heading(_("Rubrics"))
    yield Table(_RUBRICS, [{"number": number, "item": item} for number, item in enumerate(definition.rubrics, 1)])
    yield Heading(_("Levels"))
    yield Table(_LEVELS, [{"number": item.order, "item": item} for item in definition.levels])
    yield Heading(_("Evaluations and deadlines"))
    yield "  " + _("An evaluation without a time falls due at %(time)s, and is recorded within %(days)s days.") % {
        "time": f"{definition.evaluation.time:%H:%M}",
        "days": definition.evaluation.record_days,
    }
    if definition.evaluation.extension_days is not None:
        yield "  " + _("It can be moved to at most %(days)s days after its first date.") % {
            "days": definition.evaluation.extension_days
        }
    if definition.evaluation.reminders:
        yield "  " + _("People are reminded of it so many days before: %(days)s.") % {
            "days": ", ".join(str(days) for days in definition.evaluation.reminders)
        }
    if definition.group_days is not None:
        yield "  " + _("The project group is set up within %(days)s days, unless a plan states another day.") % {
            "days": definition.group_days
        }
    if definition.ladder:
        yield Heading(_("Who is told of what is overdue"))
        yield Table(_LADDER, [step._asdict() for step in definition.ladder])


def _deadline(deadline: Deadline | None) -> str:
    if deadline is None:
        return ""
    return spoken(ANCHORED, deadline.anchor) % {"what": spoken(WHAT, deadline.kind), "days": deadline.days}


def _who(row: Row) -> str:
    return ", ".join(localized(row["definition"].role_name(role)) for role in row["way"].who)


def _to(row: Row) -> str:
    target = row["way"].target
    return _("where it was suspended") if target == RESUME else str(target)


def _rhythm(row: Row) -> str:
    rhythm = str(row["item"].rhythm or "")
    return spoken(RHYTHMS, rhythm) if rhythm in RHYTHMS else rhythm


def _item(key: str, heading: str) -> Column:
    return Column(key, heading, show=lambda row: localized(row["item"].label))


_STATES: Final = (
    Column("id", N_("State"), whole=True, show=lambda row: row["state"].id + (" *" if row["first"] else "")),
    Column("label", N_("Called"), show=lambda row: localized(row["state"].label)),
    Column("phase", N_("Phase"), whole=True, show=lambda row: spoken(PHASES, row["state"].phase)),
    Column("deadline", N_("Deadline"), show=lambda row: _deadline(row["state"].deadline)),
)
_TRIGGERS: Final = (
    Column("trigger", N_("Trigger"), whole=True, show=lambda row: row["way"].trigger),
    Column("label", N_("Called"), show=lambda row: localized(row["way"].label)),
    Column("from", N_("From state"), show=lambda row: ", ".join(row["way"].sources)),
    Column("to", N_("To state"), show=_to),
    Column("who", N_("Who"), show=_who),
    Column("guards", N_("Needs"), show=lambda row: in_a_row(spoken(GUARDS, guard) for guard in row["way"].guards)),
    Column(
        "effects", N_("Effects"), show=lambda row: in_a_row(spoken(EFFECTS, effect) for effect in row["way"].effects)
    ),
)
_NUMBER: Final = Column("number", N_("Nr"), right=True)
_ID: Final = Column("id", N_("Id"), whole=True, show=lambda row: row["item"].id)
_RUBRICS: Final = (
    _NUMBER,
    _ID,
    _item("label", N_("Rubric")),
    Column("actions", N_("Filled by"), show=lambda row: _("activities") if row["item"].actions else _("a text")),
)
_LEVELS: Final = (
    _NUMBER,
    _ID,
    _item("label", N_("Level")),
    Column("kind", N_("Of"), show=lambda row: spoken(KINDS_OF_LEVEL, row["item"].kind)),
    Column("rhythm", N_("Rhythm"), show=_rhythm),
)
_LADDER: Final = (
    Column("after_days", N_("After days"), right=True),
    Column("to", N_("Who is told"), show=lambda row: spoken(RECIPIENTS, row["to"])),
)


def finding_fields(finding: Finding) -> dict[str, Any]:
    """Give a finding as JSON fields, its words in the language of the reader."""
    problem, mark = finding.problem, finding.mark
    return {
        "code": problem.code,
        "message": problem.words(gettext),
        "hint": problem.advice(gettext),
        "line": mark.line,
        "column": mark.column,
        "length": mark.length,
        "field": finding.field,
        "source": finding.line,
        "expected": list(problem.known),
        "nearest": problem.nearest,
        "other": None if finding.other is None else {"line": finding.other.line, "column": finding.other.column},
    }


def finding_lines(file: str, finding: Finding) -> Iterator[str]:
    """Write a finding as compilers do: the place, the line with a caret under what is meant, what to do."""
    problem, mark = finding.problem, finding.mark
    kind = _("warning") if problem.warning else _("error")
    yield f"{file}:{mark.line}:{mark.column}: {kind}[{problem.code}]: {problem.words(gettext)}"
    gutter = " " * len(f"  {mark.line}")
    shown, before, length = _cut(finding.line, mark)
    yield f"  {mark.line} | {shown}".rstrip()
    yield f"{gutter} | {' ' * before}{'^' * max(1, length)}"
    if finding.other is not None:
        yield f"{gutter} = " + _("the first stands on line %(line)s") % {"line": finding.other.line}
    yield f"{gutter} = " + problem.advice(gettext)


def _cut(line: str, mark: Mark) -> tuple[str, int, int]:
    """Give the part of a line that fits, how many signs of it stand before the place, and how many are meant."""
    # A sign that cannot be shown would move the caret.
    plain = "".join(sign if sign.isprintable() else " " if sign == "\t" else "\ufffd" for sign in line)
    before = min(mark.column - 1, len(plain))
    start = 0
    if len(plain) > WIDEST_LINE and before > WIDEST_LINE // 2:
        start = min(before - WIDEST_LINE // 2, len(plain) - WIDEST_LINE)
    shown = plain[start : start + WIDEST_LINE]
    if start:
        shown = "…" + shown[1:]
    if len(plain) > start + WIDEST_LINE:
        shown = shown[:-1] + "…"
    return shown, before - start, min(mark.length, WIDEST_LINE - (before - start))


def difference_lines(changes: tuple[Difference, ...]) -> Iterator[str]:
    """Write the differences, one a line: + what is new, - what is gone, ~ what is not as it was."""
    marks = {"added": "+", "removed": "-", "changed": "~"}
    for one in changes:
        what = " ".join(part for part in (spoken(SECTIONS, one.section), one.id) if part)
        detail = "".join(f", {name}: {words}" for name, words in _changed(one)) if one.field else ""
        yield f"{marks[one.change]} {what}{detail}"


def _changed(one: Difference) -> Iterator[tuple[str, str]]:
    before, after = one.before, one.after
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for language in dict.fromkeys((*before, *after)):
            if before.get(language) != after.get(language):
                yield f"{one.field}.{language}", f"{_shown(before.get(language))} → {_shown(after.get(language))}"
    elif isinstance(before, tuple) and isinstance(after, tuple) and set(before) != set(after):
        gone = [f"-{word}" for word in before if word not in after]
        new = [f"+{word}" for word in after if word not in before]
        yield str(one.field), " ".join([*gone, *new])
    else:
        yield str(one.field), f"{_shown(before)} → {_shown(after)}"


def _shown(value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, bool):
        return str(value).lower()
    return "-" if value is None else str(value)
