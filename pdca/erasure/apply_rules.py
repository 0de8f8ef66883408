"""Erasing what is past its term, by the rules in force, in one transaction.

What is gone is gone from the log, from the rows, and from what was made of it: snapshots, reports and messages that
repeat a text of the plan. An event says by which rules, of how many, how much; when nothing is past its term there is
none.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pdca.engine import Desk, Draft, Outcome, must_administer
from pdca.erasure.common import lock_everything, stream_of
from pdca.erasure.kinds import PEOPLE
from pdca.erasure.message_files import MessageFiles
from pdca.erasure.past_term import Due, due_now, fresh
from pdca.erasure.person import take_person_away, told_of_all
from pdca.erasure.search import Search
from pdca.erasure.taking import GROUND
from pdca.i18n import N_
from pdca.people.find import find_person
from pdca.standing import local_day
from pdca.store.catalogue import INSTALLATION_STREAM
from pdca.store.driver import Connection, Row
from pdca.store.reads import erasing
from pdca.store.rows import Change, insert


@dataclass(frozen=True, slots=True)
class ApplyRules:
    """Erase what is past its term; `files` are the messages that were written as files.

    `search` is what was read of the log before the transaction.
    """

    files: MessageFiles | None = None
    search: Search | None = None

    def having_read(self, connection: Connection, now: datetime) -> "ApplyRules":
        """Give the command with the log read, as it stands in a transaction that sees one state of it."""
        due = due_now(connection, local_day(connection, now))
        search = _search(connection, due)
        return replace(
            self, files=self.files and search.having_read(self.files, connection), search=search.read_before(connection)
        )

    def perform(self, desk: Desk) -> Outcome:
        """Take it away, in events of their own for each person and each stream, and then one that sums it up.

        Raises ReadAnew when what was read before is of no use any more.
        """
        if desk.actor.access != "service":
            must_administer(desk.actor, N_("apply the rules on how long something is kept"))
        lock_everything(desk)
        due = due_now(desk.connection, local_day(desk.connection, desk.uow.now))
        return desk.done(**erase_due(desk, due, self.files, self.search))


def erase_due(
    desk: Desk, due: Sequence[Due], files: MessageFiles | None, search: Search | None = None
) -> dict[str, Any]:
    """Erase all whose term is over, and tell by kind how many and how much. Everything has to be locked."""
    runs = desk.connection.all(erasing.RUNS)
    subjects = {one.rule.kind: fresh(desk.connection, one, runs) for one in due}
    if search is None:
        search = _search(desk.connection, due)
    search.must_be_for(*_wanted(due))
    people = told_of_all(
        [
            take_person_away(desk, find_person(desk.connection, person_id), GROUND, one.rule.name, files, search)
            for one in due
            if one.rule.kind == PEOPLE
            for person_id in one.subjects
        ]
    )
    taking = search.past_term(desk.connection)
    written = files.of_messages(desk.connection, taking.messages) if files else ()
    paths = [*people["files"], *(str(path) for path in written)]
    taking.record(desk)
    erased = taking.count + Counter({PEOPLE: people["values"]})
    rows = list(_runs(desk, due, runs, subjects, erased))
    if rows:
        desk.record(
            stream_of(desk, INSTALLATION_STREAM),
            Draft(kind="retention.applied", changes=rows, reason=", ".join(one.rule.name for one in due)),
        )
    kinds = [
        {
            "kind": one.rule.kind,
            "rule": one.rule.name,
            "up_to": one.up_to.isoformat(),
            "subjects": subjects[one.rule.kind],
            "values": erased[one.rule.kind],
        }
        for one in due
    ]
    return {**people, "kinds": kinds, "values": sum(erased.values()), "files": paths}


def _runs(
    desk: Desk, due: Iterable[Due], runs: Sequence[Row], subjects: Mapping[str, int], erased: Mapping[str, int]
) -> Iterator[Change]:
    for one in due:
        count, number = subjects[one.rule.kind], sum(row["kind"] == one.rule.kind for row in runs) + 1
        if count or erased[one.rule.kind]:
            yield insert(
                "erasure_run",
                {"kind": one.rule.kind, "number": number},
                rule_number=one.rule.number,
                up_to=one.up_to.isoformat(),
                subjects=count,
                erased=erased[one.rule.kind],
                at=desk.uow.now_text,
            )


def _search(connection: Connection, due: Sequence[Due]) -> Search:
    return Search.of(connection, *_wanted(due))


def _wanted(due: Sequence[Due]) -> tuple[list[str], list[Due]]:
    """Give the people who have to go, in their order, and all else that is due."""
    people = [person_id for one in due if one.rule.kind == PEOPLE for person_id in one.subjects]
    return people, [one for one in due if one.rule.kind != PEOPLE]
