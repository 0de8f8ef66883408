"""Taking a method over: from the file of its definition into the installation, where its plans keep it."""

from pdca import methods
from pdca.audit.canonical import nfc
from pdca.errors import Refused
from pdca.i18n import _
from pdca.store.driver import Connection
from pdca.store.reads import plans
from pdca.store.rows import Change, insert
from workflows.method import WorkflowDefinition


def take_over(connection: Connection, definition: WorkflowDefinition) -> list[Change]:
    """List the change that takes a definition over; none when the installation has it already.

    Raises Refused when it has that version with another text: rules do not change under plans that run on them.
    """
    row = as_row(definition)
    present = connection.one(plans.DEFINITION, **row.key)
    if present is None:
        return [row]
    if present["sha256"] == row.set["sha256"]:
        return []
    raise Refused(
        "definition-changed",
        _("The file of method “%(method)s” is not the version %(version)s that this installation works by.")
        % {"method": definition.id, "version": definition.version},
        hint=_("Give what was changed another version number; plans keep the version they started on."),
    )


def as_row(definition: WorkflowDefinition) -> Change:
    """Make the row of a definition: its whole text, and the text's SHA-256."""
    key = {"definition_id": definition.id, "version": definition.version}
    return insert("definition", key, sha256=methods.digest(definition), text=nfc(definition.text))
