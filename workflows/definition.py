"""Definition files: the methods that are shipped, those of an organisation's own, and every version of each.

`ID.toml` is the newest version of a method; an older one that plans still run on is kept beside it as `ID@N.toml`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from workflows import shelves
from workflows.method import (
    LANGUAGES,
    RECIPIENTS,
    RESUME,
    ROLES,
    Deadline,
    EvaluationDefaults,
    LadderStep,
    Level,
    Localized,
    Rubric,
    State,
    Transition,
    WorkflowDefinition,
    pick,
)
from workflows.need import N_
from workflows.problem import Problem
from workflows.reading import Unreadable, definition_of, table_of

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from workflows.checking import Checked, Finding

__all__ = [
    "LANGUAGES",
    "RECIPIENTS",
    "RESUME",
    "ROLES",
    "Deadline",
    "DefinitionError",
    "EvaluationDefaults",
    "LadderStep",
    "Level",
    "Localized",
    "Problem",
    "Rubric",
    "Source",
    "State",
    "Transition",
    "WorkflowDefinition",
    "available",
    "examine",
    "load",
    "names",
    "parse",
    "parse_again",
    "pick",
    "sources",
]

_SUFFIX: Final = ".toml"
_NEWEST: Final = 1 << 30


class DefinitionError(Exception):
    """A definition that cannot be had: `where` is its file, `findings` everything wrong in it when it was read.

    `code` is `method-unknown` (no such method, or not in this version), `method-unusable` (the file has errors), or
    `method-misplaced` (the file or the method is called what it may not be). `text` and `hint` are English %-templates,
    filled by `params`; with `findings` the first of them has the words.
    """

    def __init__(
        self,
        code: str,
        where: str,
        text: str,
        hint: str,
        params: Mapping[str, str | int] = MappingProxyType({}),
        findings: "Sequence[Finding]" = (),
    ) -> None:
        self.code = code
        self.where = where
        self.findings = tuple(findings)
        self.mark = findings[0].mark if findings else None
        self.path = findings[0].field or "" if findings else ""
        self._problem = findings[0].problem if findings else Problem(code, (), text, hint, params)
        super().__init__(self.said())

    def words(self, translate: Callable[[str], str] = str) -> str:
        """What is wrong; `translate` maps an English template to that of another language."""
        return self._problem.words(translate)

    def advice(self, translate: Callable[[str], str] = str) -> str:
        """What to do about it."""
        return self._problem.advice(translate)

    def said(self, translate: Callable[[str], str] = str) -> str:
        """All of it on one line: where, what is wrong, and what to do about it."""
        place = f"{self.where}:{self.mark.line}:{self.mark.column}" if self.mark else self.where
        return f"{place}: {self.words(translate)} {self.advice(translate)}".rstrip()


class Source(NamedTuple):
    """A definition file: the id and version that its name promises (None: the newest), and whether it is shipped."""

    id: str
    version: int | None
    file: "Traversable"
    shipped: bool

    @property
    def where(self) -> str:
        """What complaints call the file: its name when it is shipped, otherwise its path."""
        return self.file.name if self.shipped else str(self.file)

    def read(self) -> WorkflowDefinition:
        """Read the definition; raises DefinitionError for one with errors, or that is not what its name promises."""
        try:
            content = self.file.read_bytes()
        except OSError as error:
            text, hint = N_("The file cannot be read: %(reason)s."), N_("Correct its rights.")
            params = {"reason": error.strerror or str(error)}
            raise DefinitionError("method-unusable", self.where, text, hint, params) from error
        # Imported here: whoever reads what was checked before loads nothing that checks.
        from workflows.checking import check_bytes

        definition = _sound(check_bytes(content), self.where)
        if definition.id != self.id or self.version not in {None, definition.version}:
            newest, numbered = names(definition)
            raise DefinitionError(
                "method-misplaced",
                self.where,
                N_("The file holds version %(version)s of the method “%(id)s”."),
                N_("Call it %(newest)s or %(numbered)s."),
                {"version": definition.version, "id": definition.id, "newest": newest, "numbered": numbered},
            )
        return definition


def names(definition: WorkflowDefinition) -> tuple[str, str]:
    """What the file of a definition is called: while it is the newest version, and once it is not."""
    return f"{definition.id}{_SUFFIX}", f"{definition.id}@{definition.version}{_SUFFIX}"


def available() -> tuple[str, ...]:
    """The ids of all methods, sorted."""
    return tuple(sorted({source.id for source in sources()}))


def load(id: str, version: int | None = None) -> WorkflowDefinition:  # noqa: A002 - the word of the domain
    """The method with this id, in this version or the newest; read once and then shared.

    Raises DefinitionError when there is no such method or version, or when its file has errors.
    """
    return _load(id, version, shelves.folders())


@lru_cache(maxsize=64)
def _load(name: str, version: int | None, _folders: tuple["Traversable", ...]) -> WorkflowDefinition:
    files = [source for source in sources() if source.id == name]
    if not files:
        text, hint = N_("There is no method “%(name)s”."), N_("Use one of: %(known)s.")
        params = {"name": name, "known": ", ".join(available())}
        raise DefinitionError("method-unknown", name + _SUFFIX, text, hint, params)
    own = [source for source in files if not source.shipped]
    if own and len(own) < len(files):
        text = N_("A method “%(name)s” comes with the program already.")
        hint = N_("Give the method of the organisation another id.")
        raise DefinitionError("method-misplaced", own[0].where, text, hint, {"name": name})
    # A file that names another version need not be read.
    found = [source.read() for source in files if version is None or source.version in {None, version}]
    wanted = [definition for definition in found if version in {None, definition.version}]
    if not wanted:
        newest = f"{name}{_SUFFIX}"
        raise DefinitionError(
            "method-unknown",
            files[0].where,
            N_("Version %(version)s of method “%(name)s” is not there."),
            N_("Put it beside %(newest)s as %(numbered)s."),
            {"version": version or 0, "name": name, "newest": newest, "numbered": f"{name}@{version}{_SUFFIX}"},
        )
    return max(wanted, key=lambda definition: definition.version)


def sources() -> Iterator[Source]:
    """Every definition file, those that are shipped first, by id and from the newest version down."""
    # Imported here: it costs more than all the rest of the room, and only loading a method needs it.
    from importlib.resources import files

    for shipped, folders in ((True, (files("workflows").joinpath("definitions"),)), (False, shelves.folders())):
        there = (file for folder in folders for file in folder.iterdir())
        found = [source for file in there if (source := _source(file, shipped=shipped))]
        yield from sorted(found, key=lambda source: (source.id, -(source.version or _NEWEST)))


def _source(file: "Traversable", *, shipped: bool) -> Source | None:
    name, dot, suffix = file.name.rpartition(".")
    id_, at, version = name.partition("@")
    if not (id_ and dot and dot + suffix == _SUFFIX) or id_.startswith("."):
        return None
    if not at:
        return Source(id_, None, file, shipped)
    return Source(id_, int(version), file, shipped) if version.isdecimal() and version.isascii() else None


def examine(content: bytes, name: str | None) -> "Checked":
    """Check the content of a file called `name` (None when it has none), its name and its id with it."""
    from workflows.checking import check_bytes, remarked

    checked = check_bytes(content)
    definition = checked.definition
    if definition is None:
        return checked
    warnings = []
    if name is not None and name not in names(definition):
        text, hint = N_("The file is called %(name)s, and will not be found by that name."), N_("Call it %(names)s.")
        params = {"name": name, "names": " / ".join(names(definition))}
        warnings.append(Problem("file-name", ("id",), text, hint, params, warning=True))
    shipped = [source for source in sources() if source.shipped and source.id == definition.id]
    if shipped and all(source.file.read_bytes() != content for source in shipped):
        text = N_("A method “%(id)s” comes with the program already, so this one cannot be used beside it.")
        hint = N_("Give the method of the organisation another id.")
        warnings.append(Problem("id-shipped", ("id",), text, hint, {"id": definition.id}, warning=True))
    return remarked(checked, warnings, content)


def parse(text: str, where: str) -> WorkflowDefinition:
    """Read a definition from TOML text; `where` names the file in complaints.

    Raises DefinitionError for one that has errors; `findings` are all of them, the message is about the first.
    """
    from workflows.checking import check

    return _sound(check(text), where)


def parse_again(text: str, where: str) -> WorkflowDefinition:
    """Read a definition from a text that was checked before, without asking again whether it makes sense.

    Raises DefinitionError like `parse` for one whose form is not as it was.
    """
    found: list[Problem] = []
    table = table_of(text)
    if isinstance(table, Unreadable):
        return parse(text, where)
    definition = definition_of(table, found)
    return parse(text, where) if found else replace(definition, text=text)


def _sound(checked: "Checked", where: str) -> WorkflowDefinition:
    if checked.definition is None:
        first = checked.errors[0].problem
        raise DefinitionError("method-unusable", where, first.text, first.hint, first.params, checked.errors)
    return checked.definition
