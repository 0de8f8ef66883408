"""Importing substitutions: who acts for whom, beside those there are, once all people of the file are there."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pdca.actor import READERS
from pdca.engine import Desk
from pdca.exchange.document import Document
from pdca.exchange.problems import ImportRefused, Problem
from pdca.exchange.programme_records import Substitution
from pdca.exchange.stored import different
from pdca.i18n import _
from pdca.people.substitution import next_substitution_id
from pdca.store.driver import Row
from pdca.store.reads import people
from pdca.store.rows import Change, insert, update

Values = Mapping[str, Any]


def changes(desk: Desk, document: Document, persons: Mapping[str, Row]) -> Iterator[Change]:
    """Give the changes for the substitutions of a document; `persons` are those there are and will be, by handle.

    One from the same day by the same person is the same, and gets the end and the reason that the file says; what a
    file does not repeat stays. One that is over is taken in as it was. Raises ImportRefused for a substitute who may
    only read.
    """
    known = desk.connection.all(people.SUBSTITUTIONS)
    of_absent = defaultdict[str, list[Row]](list)
    for held in known:
        of_absent[held["absent_id"]].append(held)
    added = 0
    for at, person in enumerate(document.people):
        absent_id = persons[person.id]["person_id"]
        wanted = [_values(persons[one.by]["person_id"], one) for one in person.substitutions]
        for index, row in enumerate(_rows(wanted, of_absent[absent_id])):
            if row is None:
                _check_may_write(document, persons[person.substitutions[index].by], (at, index))
                name = next_substitution_id(len(known) + added)
                added += 1
                recorded = {"recorded_by": desk.actor.person_id, "recorded_at": desk.uow.now_text}
                yield insert(
                    "substitution", {"substitution_id": name}, absent_id=absent_id, **wanted[index], **recorded
                )
            elif changed := different(row, wanted[index]):
                yield update("substitution", {"substitution_id": row["substitution_id"]}, **changed)


def _values(substitute_id: str, wanted: Substitution) -> Values:
    return {
        "substitute_id": substitute_id,
        "from_date": wanted.start.text,
        "until_date": wanted.until.text,
        "reason": wanted.reason,
    }


def _rows(wanted: Sequence[Values], held: Sequence[Row]) -> list[Row | None]:
    """Find the row that each is, first those with the same end: several may be from one day on."""
    free = list(held)
    found: list[Row | None] = [None] * len(wanted)
    for alike in (("substitute_id", "from_date", "until_date"), ("substitute_id", "from_date")):
        for index, values in enumerate(wanted):
            row = next((row for row in free if all(row[name] == values[name] for name in alike)), None)
            if found[index] is None and row is not None:
                found[index] = row
                free.remove(row)
    return found


def _check_may_write(document: Document, substitute: Row, at: tuple[int, int]) -> None:
    if substitute["access"] in READERS:
        message = _("%(name)s has the access “%(access)s”, which does not change plans.")
        message %= {"name": substitute["name"], "access": substitute["access"]}
        place = document.place(("people", at[0], "substitutions", at[1], "by"))
        hint = _("Name somebody who works on plans.")
        raise ImportRefused([Problem("substitute-may-not-write", message, place, hint)])
