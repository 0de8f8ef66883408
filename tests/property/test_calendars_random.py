"""Whatever happens to plans, calendars have the dates of the tables, ids that stay and sequences that never fall."""

from datetime import date
from typing import Any, Final

import pytest
from hypothesis.stateful import initialize, invariant, precondition

from pdca.calendars.feed import Book
from pdca.calendars.readers import Audience
from pdca.people.invitations import SetInvitations
from pdca.store.jsontext import from_json
from tests import calendars
from tests.calendars import Seen
from tests.property.test_lifecycle_random import Lifecycle, on_two_plans, run
from workflows.instants import from_text

AT: Final = "@pz-test.simulation.pdca"
SHOWN: Final = ("planned", "open", "recorded", "missed", "cancelled")
INVITED: Final = ("sofie", "marc")


class Calendars(Lifecycle):
    """The lifecycle of plans with somebody who looks at the calendar after every step, and people who are invited."""

    def __init__(self) -> None:
        super().__init__()
        self.last: dict[str, Seen] = {}

    @initialize()
    def begin(self) -> None:
        super().begin()
        for handle in INVITED:
            self.world.by(handle, SetInvitations(handle, wanted=True))

    @invariant()
    def the_calendar_has_the_dates_of_the_tables_and_goes_on_from_what_it_was(self) -> None:
        if not hasattr(self, "world"):
            return
        with self.world.house.reading() as connection:
            written = Book.of(connection).written("internal", Audience("internal"), "nl")
        seen = calendars.events(written)
        dump = self.world.dump()
        for row in dump["evaluation"]:
            if row["status"] in SHOWN:
                one = seen[f"{row['evaluation_id']}{AT}"]
                assert one.start == from_text(row["due_at"])
                assert one.cancelled == (row["status"] in ("missed", "cancelled"))
        for row in dump["information_moment"]:
            assert seen[f"{row['information_id']}{AT}"].start == date.fromisoformat(row["due_date"])
        for row in dump["deadline"]:
            if row["kind"] in ("start", "record", "decide", "watch", "group"):
                one = seen[f"{row['deadline_id'].replace('/', '-')}{AT}"]
                assert (one.start, one.cancelled) == (from_text(row["since"]), row["status"] == "void")
        self.goes_on(seen)
        self.last = seen

    def goes_on(self, seen: dict[str, Seen]) -> None:
        assert self.last.keys() <= seen.keys()
        for uid, before in self.last.items():
            after = seen[uid]
            moved = (before.start, before.cancelled) != (after.start, after.cancelled)
            assert after.sequence >= before.sequence + moved
            assert after.changed >= before.changed

    @precondition(lambda self: self.swept)
    @invariant()
    def after_a_sweep_the_calendars_of_those_invited_have_what_is_to_come(self) -> None:
        # What was imported since has nothing that is due, and people who are not invited to it yet.
        assert self.world.sweep().enforced == 0
        now = self.world.clock.now()
        kept = self.as_told()
        for row in self.world.dump()["evaluation"]:
            coming = row["status"] in ("planned", "open") and from_text(row["due_at"]) > now
            over = row["status"] in ("missed", "cancelled")
            for handle in INVITED if coming or over else ():
                at = kept.get((self.world.person_id(handle), row["evaluation_id"]))
                assert at == (row["due_at"] if coming else None), (row, at)

    def as_told(self) -> dict[tuple[str, str], str]:
        """Play the messages into empty calendars: (person, evaluation) -> when it is there."""
        kept: dict[tuple[str, str], str] = {}
        sequences: dict[tuple[str, str], int] = {}
        rows: list[dict[str, Any]] = [
            row for row in self.world.dump()["notification"] if row["kind"].endswith("invited")
        ]
        for row in sorted(rows, key=lambda one: (one["created_at"], one["stream"], one["seq"])):
            told, key = from_json(row["parameters"]), (row["person_id"], row["evaluation_id"])
            assert told["sequence"] == sequences.get(key, -1) + 1
            sequences[key] = told["sequence"]
            if told["what"] == "withdrawn":
                del kept[key]
            else:
                kept[key] = told["due_at"]
        return kept


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> type[Calendars]:
    """The machine, ready to begin."""
    return on_two_plans(Calendars, tmp_path_factory.mktemp("calendars"))


def test_calendars_go_on_from_what_they_were(machine: type[Calendars]) -> None:
    run(machine, 4, 15)


@pytest.mark.soak
def test_calendars_go_on_from_what_they_were_for_long(machine: type[Calendars]) -> None:
    run(machine, 500, 60)
