"""Finding a person by what it is called."""

from pdca.errors import NotFound
from pdca.i18n import _
from pdca.store.driver import Connection, Row, is_unicode
from pdca.store.reads import people


def find_person(connection: Connection, wanted: str, *, erased: bool = False) -> Row:
    """Find a person by id, handle or login; raises NotFound, also for one who was `erased` unless that is allowed."""
    known = connection.all(people.PERSON_CALLED, called=wanted) if is_unicode(wanted) else []
    for column in ("person_id", "handle", "login"):
        for row in known:
            if row[column] != wanted:
                continue
            if row["erased_at"] is not None and not erased:
                raise NotFound(
                    "person-erased",
                    _("%(person)s was erased, and does nothing here any more.") % {"person": row["person_id"]},
                    hint=_("Somebody who came back is added anew with `pdca person add`."),
                )
            return row
    raise NotFound(
        "person-unknown",
        _("There is no person “%(wanted)s”.") % {"wanted": wanted},
        hint=_("`pdca person list` shows them all; a person is named by id, handle or login."),
    )
