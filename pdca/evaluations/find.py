"""Finding the evaluation that somebody names."""

from pdca.errors import NotFound
from pdca.i18n import _
from pdca.store.driver import Connection, Row
from pdca.store.reads import evaluations


def find(connection: Connection, evaluation_id: str) -> Row:
    """Load an evaluation, however its id is cased; raises NotFound."""
    row = connection.one(evaluations.EVALUATION, evaluation_id=evaluation_id.upper())
    if row is None:
        raise NotFound(
            "evaluation-unknown",
            _("There is no evaluation %(evaluation)s.") % {"evaluation": evaluation_id},
            hint=_("`pdca evaluation list` shows them all."),
        )
    return row
