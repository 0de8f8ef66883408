"""A whole import file: read, checked, and given as plain frozen Python.

`read_document` is the one way in. It names everything that is wrong with a file at once, each with its place.
"""

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar

from pydantic import Field, PrivateAttr, ValidationError
from pydantic_core import PydanticCustomError

from pdca.errors import Place
from pdca.exchange.crosscheck import cross_check
from pdca.exchange.faults import Fault
from pdca.exchange.fields import Key, Language, Many, Version
from pdca.exchange.known import NOTHING, Known
from pdca.exchange.located import Located, Path
from pdca.exchange.plan_records import Objective, Plan
from pdca.exchange.problems import SHOWN_AT_MOST, ImportRefused
from pdca.exchange.programme_records import Function, Organisation, Person, Programme, Stakeholder
from pdca.exchange.records import Base, Indicator, Phenomenon, Record, Source
from pdca.exchange.schema_words import fault_of
from pdca.exchange.values import language_code
from pdca.exchange.yaml_reader import Source as Input
from pdca.exchange.yaml_reader import read
from pdca.i18n import _


class PlacedObjective(NamedTuple):
    """An objective with its parent, depth (0 is the highest), position among its siblings, and path."""

    objective: Objective
    parent: str | None
    depth: int
    position: int
    path: Path


@dataclass(frozen=True, slots=True)
class PlacedPlan:
    """A plan with the objective it serves (None: it stands under the programme), its path, and the file it is in."""

    plan: Plan
    objective: str | None
    path: Path
    located: Located

    def place(self, path: Path) -> Place:
        """Give the place in the file of a path."""
        return self.located.place(path)


class Document(Record):
    """An import file: a whole programme, or with nothing but `people` an addition of people."""

    pdca: Version
    language: Language
    sources: dict[Key, Source] = Field(default_factory=dict)
    organisation: Organisation | None = None
    functions: Many[Function] = ()
    stakeholders: Many[Stakeholder] = ()
    people: Many[Person] = ()
    programme: Programme | None = None
    phenomena: Many[Phenomenon] = ()
    indicators: Many[Indicator] = ()
    objectives: Many[Objective] = ()
    plans: Many[Plan] = ()
    base: dict[Key, Base] = Field(default_factory=dict)

    _located: Located = PrivateAttr()

    @property
    def people_only(self) -> bool:
        """Whether the file adds people and appointments to an installation that exists already."""
        return self.organisation is None

    @property
    def closed(self) -> bool:
        """Whether the file ends with a mark of its end: without one nobody can tell whether it is whole."""
        return self._located.closed

    @property
    def located(self) -> Located:
        """What was read, with the place of each part."""
        return self._located

    @property
    def parties(self) -> tuple[Function | Stakeholder, ...]:
        """Functions and stakeholders, in the order of the file."""
        return (*self.functions, *self.stakeholders)

    def all_objectives(self) -> Iterator[PlacedObjective]:
        """Give every objective, a parent before its children."""
        return _walk(self.objectives, None, 0, ("objectives",))

    def all_plans(self) -> Iterator[PlacedPlan]:
        """Give every plan in the order of the file: its order is the order of the numbers the plans get."""
        for placed in self.all_objectives():
            for index, plan in enumerate(placed.objective.plans):
                yield PlacedPlan(plan, placed.objective.id, (*placed.path, "plans", index), self._located)
        for index, plan in enumerate(self.plans):
            yield PlacedPlan(plan, None, ("plans", index), self._located)

    def place(self, path: Path) -> Place:
        """Give the place in the file of a path such as `("people", 3, "id")`, for what only the database can refuse."""
        return self._located.place(path)


def read_document(
    source: Input, name: str | None = None, *, known: Known = NOTHING, known_parties: Collection[str] | None = None
) -> Document:
    """Read and check an import file.

    `source` is text, bytes, a path or an open binary stream; `name` is what errors call it. `known` are the ids that
    exist in the database already and may be referred to (`known_parties` those of parties alone); where nobody looked
    for parties, a file of people only is not checked for that.

    Raises ImportRefused with every problem found, in the order of the file, at most 50.
    """
    if known_parties is not None:
        known = replace(known, parties=frozenset(known_parties))
    return check_document(read(source, name), known)


def check_document(located: Located, known: Known = NOTHING) -> Document:
    """Check what was read and make the document of it; raises ImportRefused."""
    if isinstance(located.value, dict) and "plan" in located.value and "organisation" not in located.value:
        message = _("This is the text of one plan, and no programme.")
        hint = _("Take it in with `pdca plan edit PLAN --file FILE`.")
        raise _refused([Fault(("plan",), "import-one-plan", message, hint, at_key=True)], located)
    faults = list(cross_check(located.value, known))
    language = _language_of(located.value)
    value = {"language": language, **located.value} if isinstance(located.value, dict) else located.value
    document = checked(Document, value, language, faults, located)
    document._located = located  # noqa: SLF001 - its own private attribute, set once
    return document


File = TypeVar("File", bound=Record)


def checked(schema: type[File], value: object, language: str, faults: list[Fault], located: Located) -> File:
    """Make the record of a whole file, or refuse it with these faults and those that the schema finds."""
    record = None
    try:
        record = schema.model_validate(value, context={"language": language})
    except ValidationError as error:
        faults = faults + [fault_of(detail, schema, value) for detail in error.errors(include_url=False)]
    if faults or record is None:
        raise _refused(faults, located)
    return record


def _refused(faults: list[Fault], located: Located) -> ImportRefused:
    faults.sort(key=lambda fault: fault.order(located))
    shown = [fault.problem(located) for fault in faults[:SHOWN_AT_MOST]]
    return ImportRefused(shown, len(faults))


def _language_of(value: Any) -> str:  # noqa: ANN401 - whatever the file holds
    """Find the language of plain texts before anything is checked; a wrong one is reported by the check."""
    if not isinstance(value, dict):
        return "en"
    stated = value.get("language")
    organisation = value.get("organisation")
    listed = organisation.get("languages") if isinstance(organisation, dict) else None
    first = listed[0] if isinstance(listed, list) and listed else None
    for word in (stated, first):
        with suppress(PydanticCustomError):
            return language_code(word)
    return "en"


def _walk(objectives: tuple[Objective, ...], parent: str | None, depth: int, path: Path) -> Iterator[PlacedObjective]:
    for index, objective in enumerate(objectives):
        here = (*path, index)
        yield PlacedObjective(objective, parent, depth, index, here)
        yield from _walk(objective.objectives, objective.id, depth + 1, (*here, "objectives"))
