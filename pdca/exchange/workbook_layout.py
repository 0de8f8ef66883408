"""How the import format is spread over the sheets of a workbook.

The sections follow the records of the format, so that a new field has its column without a word here; what this says
is only how the sheets are called, which sections share one, and what is identified by more than its id.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal, TypeAlias

from pdca.exchange.activity_records import MEANS, Means
from pdca.exchange.document import Document
from pdca.exchange.programme_records import Approval
from pdca.exchange.workbook_kinds import LAST, Field, Kind, Leaf, Nested, Record, fields_of

README = "Read me"
HIDDEN = frozenset({"Base"})
"""Sheets that are for the program alone."""
LIST = "list"
INSIDE = "inside"
AMOUNT_KIND = "kind"
AMOUNT = "planned"
LONGEST_TITLE = 31

Keys: TypeAlias = tuple[str, ...]

_KEY = Leaf(Kind.KEY)
_LABEL = Leaf(Kind.TEXT)
_SINGLE = {("organisation",), ("programme",)}
PLANS = ("objectives", "plans")
UNDER_NOTHING = "plans"
"""The key of the plans that stand under no objective: on the sheet of all plans, with nothing in that column."""
_FIRST = (("id",), (INSIDE,))
_GLOBAL = {PLANS}  # their ids are unique in the file, so nothing above them is repeated
_IDENTIFIED_BY: dict[Keys, Keys] = {
    ("objectives", "plans", "evaluations"): ("date", "kind"),
    ("objectives", "plans", "schedules"): ("number",),
    ("objectives", "plans", "reminders"): ("number",),
    ("objectives", "plans", "information_schedules"): ("number",),
    ("programme", "versions"): ("number",),
    ("organisation", "closing_days"): ("day",),
}
NOUNS: dict[Keys, str] = {
    ("stakeholders",): "party",
    ("people",): "person",
    ("programme", "previous"): "programme",
    ("programme", "versions"): "version",
    ("programme", "previous", "evaluations"): "evaluation",
    ("programme", "evaluations"): "evaluation",
    ("indicators",): "indicator",
    ("objectives",): "objective",
    PLANS: "plan",
    ("objectives", "plans", "activities"): "activity",
    ("objectives", "plans", "evaluations"): "evaluation",
    ("objectives", "plans", "reminders"): "decision",
}
_KEY_COLUMNS: dict[Keys, str] = {("objectives", "plans", "rubrics"): "rubric"}
_DEDUCED = {(Approval, "decision")}  # required of a record, and found from the others where a file leaves it out
_PLAN = "objectives.plans"
_SHEETS = (
    ("Organisation", ("organisation",)),
    ("Organisation lists", ("organisation.areas", "organisation.bodies", "organisation.remarks")),
    ("Closing days", ("organisation.closing_days",)),
    ("Programme", ("programme",)),
    ("Programme lists", ("programme.integrates", "programme.remarks")),
    ("Approvals", ("programme.approvals",)),
    ("Versions", ("programme.versions",)),
    ("Version approvals", ("programme.versions.approvals",)),
    ("Reviews", ("programme.reviews",)),
    ("Previous programmes", ("programme.previous",)),
    ("Programme evaluations", ("programme.evaluations",)),
    ("Themes", ("programme.evaluations.themes",)),
    ("Previous evaluations", ("programme.previous.evaluations",)),
    ("Previous themes", ("programme.previous.evaluations.themes",)),
    ("Phenomena", ("phenomena",)),
    ("Objectives", ("objectives",)),
    ("Earlier dispositions", ("objectives.earlier_dispositions",)),
    ("Plans", (_PLAN,)),
    ("Rubrics", (f"{_PLAN}.rubrics",)),
    ("Group", (f"{_PLAN}.group",)),
    ("Handovers", (f"{_PLAN}.handovers",)),
    ("Places", (f"{_PLAN}.perimeter.by_area",)),
    ("Plan phenomena", (f"{_PLAN}.phenomena",)),
    ("Axes", (f"{_PLAN}.axes",)),
    ("Plan objectives", (f"{_PLAN}.objectives",)),
    ("Activities", (f"{_PLAN}.activities",)),
    ("Steps", (f"{_PLAN}.activities.steps",)),
    ("Means", (f"{_PLAN}.activities.means",)),
    ("Plan indicators", (f"{_PLAN}.indicators",)),
    ("Schedules", (f"{_PLAN}.schedules",)),
    ("Reminders", (f"{_PLAN}.reminders",)),
    ("Ladders", (f"{_PLAN}.reminders.ladder",)),
    ("Evaluations", (f"{_PLAN}.evaluations",)),
    ("Findings", (f"{_PLAN}.evaluations.findings", f"{_PLAN}.evaluations.adjust")),
    ("Information schedules", (f"{_PLAN}.information_schedules",)),
    ("Information", (f"{_PLAN}.information",)),
    ("Sessions", (f"{_PLAN}.sessions",)),
    ("Reactions", (f"{_PLAN}.reactions",)),
    ("Indicators", ("indicators",)),
    ("Targets", ("indicators.targets",)),
    ("Measurements", ("indicators.series",)),
    ("Parties", ("functions", "stakeholders")),
    ("Members", ("stakeholders.members",)),
    ("People", ("people",)),
    ("Appointments", ("people.appointments",)),
    ("Quiet dates", ("people.quiet_dates",)),
    ("Substitutions", ("people.substitutions",)),
    ("Sources", ("sources",)),
    ("Base", ("base",)),
)
# Parties tell their section by their own kind: functions have none but the word for it.
_CHOSEN_BY = {"Parties": ("kind", {"function": ("functions",)}, ("stakeholders",))}


@dataclass(frozen=True, slots=True)
class Column:
    """A field of the records of a section, under its keys from the record; `required` where a row cannot do without."""

    path: Keys
    leaf: Leaf
    required: bool = False

    @property
    def header(self) -> str:
        """What stands above the column, the language left out."""
        return ".".join(self.path)


@dataclass(eq=False, slots=True)
class Section:
    """Records of one kind: `within` are the keys that lead to them from the record above.

    `above` are the columns that name the record above, `own` those of the record itself. `inside` is the key of a
    record in a record of the same kind.
    """

    path: Keys
    shape: Literal["one", "list", "map", "texts", "lists"]
    record: Record | None
    within: Keys
    above: tuple[Column, ...] = ()
    own: tuple[Column, ...] = ()
    inside: str | None = None
    below: list["Section"] = field(default_factory=list)

    @property
    def identity(self) -> tuple[Column, ...]:
        """The own columns that tell one record from another; none where nothing does."""
        names = _IDENTIFIED_BY.get(self.path, ("id",))
        return tuple(column for column in self.own if column.path in [(name,) for name in names])

    @property
    def naming(self) -> tuple[Column, ...]:
        """The columns whose values name a record of this section, in the order of `above` in the sections below."""
        if self.shape == "one":
            return ()
        return self.identity if self.path in _GLOBAL else (*self.above, *self.identity)

    def all(self) -> Iterator["Section"]:
        """Give the section and those below it, what is above first."""
        yield self
        for section in self.below:
            yield from section.all()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its sections, and the column that tells which of them a row belongs to when there are several.

    `words` give the section of a word in that column; `otherwise` is that of a row with any other.
    """

    title: str
    sections: tuple[Section, ...]
    chosen_by: Column | None = None
    words: dict[str, Section] = field(default_factory=dict)
    otherwise: Section | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns in their order: what names the record, the record, and whence it comes."""
        by_header: dict[str, Column] = {}
        everywhere = set.intersection(*({column.header for column in section.own} for section in self.sections))
        for column in (column for section in self.sections for column in section.own):
            required = column.required and column.header in everywhere
            by_header.setdefault(column.header, replace(column, required=required))
        if self.chosen_by is not None:
            by_header[self.chosen_by.header] = self.chosen_by
        own = sorted(by_header.values(), key=self._order)
        return (*self.sections[0].above, *own)

    def _order(self, column: Column) -> int:
        if column.path in _FIRST:
            return _FIRST.index(column.path)
        if self.chosen_by is not None and column.header == self.chosen_by.header:
            return len(_FIRST)
        last = column.path[-1] if len(column.path) == 1 else ""
        return len(_FIRST) + 1 + (LAST.index(last) + 1 if last in LAST else 0)

    def word_of(self, section: Section) -> str | None:
        """Give the word that stands for a section."""
        return next((word for word, chosen in self.words.items() if chosen is section), None)


@cache
def root() -> Section:
    """Give the document as a section: the settings of the file, and all that is below."""
    return _filled(Section((), "one", Document, ()))


@cache
def sheets() -> tuple[Sheet, ...]:
    """Give all sheets but the first, which says what the workbook is and holds the settings of the file."""
    by_path = {section.path: section for section in root().all() if section.path}
    made = []
    for title, names in _SHEETS:
        made.append(_sheet(title, tuple(by_path.pop(tuple(name.split("."))) for name in names)))
    made += [_sheet(" ".join(path).capitalize()[-LONGEST_TITLE:], (section,)) for path, section in by_path.items()]
    return tuple(made)


def _sheet(title: str, sections: tuple[Section, ...]) -> Sheet:
    if len(sections) == 1:
        return Sheet(title, sections)
    by_path = {section.path: section for section in sections}
    if title in _CHOSEN_BY:
        header, words, otherwise = _CHOSEN_BY[title]
        default = by_path[otherwise]
        own = next(column for column in default.own if column.header == header)
        leaf = Leaf(Kind.WORD, (*words, *own.leaf.words))
        chosen = {word: by_path[path] for word, path in words.items()}
        return Sheet(title, sections, Column((header,), leaf, required=True), chosen, default)
    chosen = {section.path[-1]: section for section in sections}
    return Sheet(title, sections, Column((LIST,), Leaf(Kind.WORD, tuple(chosen)), required=True), chosen)


def _filled(section: Section) -> Section:
    """Give a section its columns, and then, for they name it by those, the sections below it."""
    lower: list[Section] = []
    if section.record is not None:
        section.own = tuple(_columns(section, section.record, (), lower))
    section.own = (*_extra_columns(section), *section.own)
    for one in lower:
        one.above = tuple(_named(section, one, column) for column in section.naming)
        section.below.append(_filled(one))
    return section


def _columns(section: Section, record: Record, prefix: Keys, lower: list[Section]) -> Iterator[Column]:
    """Give the columns of a record and of the records in it; what has rows of its own becomes a lower section."""
    for one in fields_of(record):
        within = (*prefix, one.key)
        path = (*section.path, *within)
        if isinstance(one.of, Leaf):
            yield from _leaf_columns(record, one, within)
        elif isinstance(one.of, Nested) and path not in _SINGLE:
            for column in _columns(section, one.of.record, within, lower):
                # A part of a record that may be left out whole may be left empty.
                yield replace(column, required=column.required and one.required)
        elif one.of.record is section.record:
            section.inside = one.key
        elif path == (UNDER_NOTHING,):
            continue
        else:
            shape = "one" if isinstance(one.of, Nested) else one.of.shape
            lower.append(Section(path, shape, one.of.record, within))


def _leaf_columns(record: Record, one: Field, within: Keys) -> Iterator[Column]:
    """Give the column of a field; the kinds of means share two, so that they can be filtered and summed."""
    assert isinstance(one.of, Leaf)  # noqa: S101 - asked by the caller
    if record is not Means or one.key not in MEANS:
        yield Column(within, one.of, one.required and (record, one.key) not in _DEDUCED)
    elif one.key == MEANS[0]:
        yield Column((AMOUNT_KIND,), Leaf(Kind.WORD, MEANS), required=True)
        yield Column((AMOUNT,), one.of)


def _extra_columns(section: Section) -> Iterator[Column]:
    """Give the columns that no field stands for."""
    if section.inside is not None:
        yield Column((INSIDE,), _KEY)
    if section.shape == "map":
        yield Column((_KEY_COLUMNS.get(section.path, "id"),), _KEY, required=True)
    elif section.shape == "texts":
        yield Column(("text",), Leaf(Kind.LOCAL), required=True)
    elif section.shape == "lists":
        yield from (Column((name,), _LABEL, required=True) for name in ("area", "place"))


def _named(section: Section, one: Section, column: Column) -> Column:
    """Give the column by which a section below, `one`, names a record of this one."""
    if column in section.above:
        return column
    noun = NOUNS[section.path]
    path = (noun,) if column.path == ("id",) else (noun, *column.path)
    return Column(path, column.leaf, required=one.path != PLANS)
