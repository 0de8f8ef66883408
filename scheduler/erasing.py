"""Erasing by itself, once a local day, what is past its term by the rules in force."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pdca.engine import Outcome, apply
from pdca.erasure.apply_rules import ApplyRules
from pdca.erasure.erase import after_reading, unlink
from pdca.erasure.message_files import MessageFiles
from pdca.erasure.past_term import due_now, fresh
from pdca.erasure.scrubbing import scrub_once_a_day
from pdca.house import House
from pdca.standing import local_day
from pdca.store.driver import Connection
from pdca.store.reads import erasing


@dataclass(frozen=True, slots=True)
class ErasureCounts:
    """How many values were erased, and by how many rules somebody or something was past its term.

    `shared_names` are the people whose name was left in texts because somebody else has it, `in_the_clear` the events
    in which a name stands where it cannot be erased: somebody has to look at those.
    """

    erased: int = 0
    erased_by_rules: int = 0
    shared_names: tuple[str, ...] = ()
    in_the_clear: tuple[int, ...] = ()


@dataclass(slots=True)
class DailyErasure:
    """Erases when the local day is another than when it last did; `folder` holds the messages that are files.

    What was done is in the database. `done_on` only saves looking there: who begins anew looks once more.
    """

    folder: Path
    done_on: date | None = None

    def run_once(self, house: House) -> ErasureCounts:
        """Erase what is past its term, and overwrite what was left by an erasure that was cut off.

        Raises TryAgain or Failed when bytes cannot be overwritten. That is tried again on the next day, however many
        workers there are and however often they are started: the database says when it was tried.
        """
        with house.reading() as connection:
            today = local_day(connection, house.now(connection))
            if today == self.done_on:
                return ErasureCounts()
            rules = _past_term(connection, today)
        counts = replace(self._erase(house), erased_by_rules=len(rules)) if rules else ErasureCounts()
        self.done_on = today
        scrub_once_a_day(house.database, today)
        return counts

    def _erase(self, house: House) -> ErasureCounts:
        def perform(command: ApplyRules) -> Outcome:
            with house.writing() as uow:
                outcome = apply(uow, command, house.scheduler(uow.connection))
                unlink(outcome.summary["files"])
            return outcome

        found = after_reading(house, ApplyRules(MessageFiles(self.folder)), perform).summary
        return ErasureCounts(
            erased=found["values"],
            shared_names=tuple(found["shared_names"]),
            in_the_clear=tuple(found["in_the_clear"]),
        )


def _past_term(connection: Connection, today: date) -> Sequence[str]:
    runs = connection.all(erasing.RUNS)
    return [one.rule.name for one in due_now(connection, today) if fresh(connection, one, runs)]
