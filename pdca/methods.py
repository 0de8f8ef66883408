"""The methods an installation works by: their definitions stand in its database, as they were when it took them over.

A plan keeps the version of the definition it started on, so a definition file that is edited, moved or lost afterwards
changes nothing for it; and because the text stands in the log, an auditor can see by which rules each step was judged.
"""

import hashlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

from pdca.audit.canonical import nfc
from pdca.i18n import N_
from pdca.store.driver import Connection, Row
from pdca.store.reads import plans
from workflows.definition import DefinitionError, State, WorkflowDefinition, load, parse_again
from workflows.method import Transition

_KNOWN: Final[WeakKeyDictionary[Connection, dict[tuple[str, int], WorkflowDefinition]]] = WeakKeyDictionary()
"""What was read over a connection already: a definition that was taken over never changes."""


def of_plan(connection: Connection, plan: Row) -> WorkflowDefinition:
    """Give the definition that a plan runs on, or a programme (its columns `definition` and `definition_version`).

    Raises DefinitionError when the installation does not have it or it was changed, which no command of this program
    brings about.
    """
    return taken_over(connection, plan["definition"], plan["definition_version"])


def state_of(connection: Connection, plan: Row) -> State:
    """Give the state a plan is in; one that its method does not have, in a database tampered with, by its bare name."""
    known = of_plan(connection, plan).state_by_id.get(plan["state"])
    return known or State(plan["state"], {"en": plan["state"]}, "")


def onward(definition: WorkflowDefinition, state: str) -> list[Transition]:
    """List the steps of the project leader from a state; to suspend the plan is not one of them."""
    ways = definition.routes.get(state, {}).values()
    return [way for way in ways if "lead" in way.who and "hold_deadlines" not in way.effects]


def advancing(plan_id: str, ways: Sequence[Transition]) -> str:
    """Give the command that takes the one step there is; where there is a choice, the one that shows all."""
    if len(ways) != 1:
        return f"pdca plan why-not {plan_id}"
    motive = " --reason …" if "motive" in ways[0].guards else ""
    return f"pdca plan advance {plan_id} --trigger {ways[0].trigger}{motive}"


def purposes(definition: WorkflowDefinition) -> list[str]:
    """Name the triggers that a method lets nobody take without approval."""
    return list(dict.fromkeys(way.trigger for way in definition.transitions if "approved" in way.guards))


def taken_over(connection: Connection, name: str, version: int) -> WorkflowDefinition:
    """Give a definition that the installation took over; raises DefinitionError when it has none such, unchanged."""
    known = _KNOWN.setdefault(connection, {})
    if (name, version) not in known:
        row = connection.one(plans.DEFINITION, definition_id=name, version=version)
        if row is None:
            raise DefinitionError(
                "method-unknown",
                name,
                N_("This installation has no version %(version)s of a method “%(name)s”."),
                N_("`pdca audit verify` says whether it was taken away."),
                {"version": version, "name": name},
            )
        if hashlib.sha256(row["text"].encode()).hexdigest() != row["sha256"]:
            raise _damaged(name, version)
        try:
            known[name, version] = parsed(row["text"])
        except DefinitionError as error:
            raise _damaged(name, version) from error
    return known[name, version]


class TakenOver(NamedTuple):
    """A version of a method that the installation works by; `file` is what its file is: same, other, or none."""

    id: str
    version: int
    file: str


def every_taken_over(connection: Connection) -> Iterator[TakenOver]:
    """Give every version that was taken over, by id and from the newest down, each beside its file."""
    for row in connection.all(plans.DEFINITIONS):
        name, version = row["definition_id"], row["version"]
        try:
            there = load(name, version)
        except DefinitionError:
            yield TakenOver(name, version, "none")
        else:
            yield TakenOver(name, version, "same" if row["sha256"] == digest(there) else "other")


def differs_from_taken_over(connection: Connection, definition: WorkflowDefinition) -> bool:
    """Tell whether this version was taken over with another text."""
    row = connection.one(plans.DEFINITION, definition_id=definition.id, version=definition.version)
    return row is not None and row["sha256"] != digest(definition)


def without_file(connection: Connection, name: str, version: int | None) -> WorkflowDefinition | None:
    """Give a version that was taken over, or the newest of its method; None when there is none such."""
    for row in connection.all(plans.DEFINITIONS):
        if row["definition_id"] == name and version in {None, row["version"]}:
            return taken_over(connection, name, row["version"])
    return None


def digest(definition: WorkflowDefinition) -> str:
    """Give the SHA-256 of a definition's text as it is kept."""
    return hashlib.sha256(nfc(definition.text).encode()).hexdigest()


def wanted(connection: Connection, name: str, version: int | None) -> WorkflowDefinition:
    """Give the version of a method that is asked for, also one that was taken over and lost its file, or the newest.

    Raises DefinitionError when there is none such.
    """
    if version is not None and connection.one(plans.DEFINITION, definition_id=name, version=version):
        return taken_over(connection, name, version)
    return load(name, version)


def _damaged(name: str, version: int) -> DefinitionError:
    called = f"{name}@{version}"
    text = N_("The definition %(name)s is not the one that this installation took over.")
    hint = N_("`pdca audit verify` says what was changed.")
    return DefinitionError("method-damaged", called, text, hint, {"name": called})


@lru_cache(maxsize=32)
def parsed(text: str) -> WorkflowDefinition:
    """Give the definition that a text taken over holds; one shared definition for one text.

    It was checked when it was taken over; `taken_over` holds it to its digest, and who only words a message does not.
    """
    return parse_again(text, "definition")
