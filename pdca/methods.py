"""The methods an installation works by: their definitions stand in its database, as they were when it took them over.

A plan keeps the version of the definition it started on, so a definition file that is edited, moved or lost afterwards
changes nothing for it; and because the text stands in the log, an auditor can see by which rules each step was judged.
"""

from functools import lru_cache
from typing import Final
from weakref import WeakKeyDictionary

from pdca.store.driver import Connection, Row
from pdca.store.reads import plans
from workflows.definition import DefinitionError, WorkflowDefinition, parse

_KNOWN: Final[WeakKeyDictionary[Connection, dict[tuple[str, int], WorkflowDefinition]]] = WeakKeyDictionary()
"""What was read over a connection already: a definition that was taken over never changes."""


def of_plan(connection: Connection, plan: Row) -> WorkflowDefinition:
    """Give the definition that a plan runs on, or a programme (its columns `definition` and `definition_version`).

    Raises DefinitionError when the installation does not have it, which no command of this program brings about.
    """
    return taken_over(connection, plan["definition"], plan["definition_version"])


def taken_over(connection: Connection, name: str, version: int) -> WorkflowDefinition:
    """Give a definition that the installation took over; raises DefinitionError when it has none such."""
    known = _KNOWN.setdefault(connection, {})
    if (name, version) not in known:
        row = connection.one(plans.DEFINITION, definition_id=name, version=version)
        if row is None:
            message = f"This installation has no version {version} of a method “{name}”."
            raise DefinitionError(
                "method-unknown", name, message, "`pdca audit verify` says whether it was taken away."
            )
        known[name, version] = parsed(row["text"])
    return known[name, version]


@lru_cache(maxsize=32)
def parsed(text: str) -> WorkflowDefinition:
    """Give the definition that a text taken over holds; one shared definition for one text."""
    return parse(text, "definition")
