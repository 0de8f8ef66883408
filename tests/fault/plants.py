"""Faults that are easily made, each as a small change to the program, with the test that has to catch it.

Every one of them was seen in programs of this kind, or was measured while this one was made.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True)
class Edit:
    """A text of a file, which stands there once, and what is put in its place. `file` may be a pattern for one file."""

    file: str
    text: str
    instead: str

    def found(self, root: Path) -> Path:
        """Give the file; an assertion when there is not one, or the text does not stand in it once."""
        [path] = root.glob(self.file)
        times = path.read_text(encoding="utf-8").count(self.text)
        assert times == 1, f"{self.file} has {times} times: {self.text}"
        return path

    def make(self, root: Path) -> None:
        """Change the file."""
        path = self.found(root)
        path.write_text(path.read_text(encoding="utf-8").replace(self.text, self.instead), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Plant:
    """A fault by its name: the edits that make it, and the test that fails by it and passes without."""

    edits: tuple[Edit, ...]
    caught_by: str


PLANTS: Final = {
    "APScheduler's cron instead of our own dates": Plant(
        (
            Edit(
                "scheduler/daemon.py",
                "from apscheduler.triggers.date import DateTrigger\n",
                "from apscheduler.triggers.cron import CronTrigger\n",
            ),
            Edit("scheduler/daemon.py", "DateTrigger(at, timezone=UTC)", "CronTrigger(minute=0, timezone=UTC)"),
        ),
        "tests/fault/test_frozen.py::test_a_daemon_that_was_frozen_over_a_date_enforces_it_as_soon_as_it_wakes",
    ),
    "the date of today instead of what is due and not done": Plant(
        (
            Edit(
                "pdca/store/reads/evaluations.py",
                "FROM deadline WHERE status = 'pending' AND due_at <= :now \"",
                "FROM deadline WHERE status = 'pending' AND substr(due_at, 1, 10) = substr(:now, 1, 10) \"",
            ),
        ),
        "tests/contract/test_enforcement.py::"
        "test_after_a_month_of_downtime_the_ladder_begins_late_and_leaves_everybody_the_time_to_act[sqlite]",
    ),
    "the isolation of sqlite3 as Python has it": Plant(
        (
            Edit(
                "pdca/store/sqlite.py",
                "timeout=_BUSY_SECONDS, isolation_level=None,",
                "timeout=_BUSY_SECONDS,",
            ),
        ),
        "tests/fault/test_isolation.py::test_outside_a_transaction_every_statement_stands_alone",
    ),
    "a transaction that takes its lock late": Plant(
        (Edit("pdca/store/sqlite.py", 'self._command("BEGIN IMMEDIATE")', 'self._command("BEGIN")'),),
        "tests/fault/test_isolation.py::test_who_begins_has_the_lock_before_anything_is_read",
    ),
    "no unique key of what was enforced": Plant(
        (
            Edit(
                "pdca/store/migrations/versions/*_the_first_schema.py",
                '        sa.UniqueConstraint("event_key", name=op.f("uq_event_event_key")),\n',
                "",
            ),
            Edit("pdca/store/append_only.py", ', "event_key = NEW.event_key"', ""),
        ),
        "tests/contract/test_enforcement.py::test_one_key_stands_in_the_log_once_whoever_writes_it[sqlite]",
    ),
    "an enforcement without its key": Plant(
        (Edit("pdca/plans/rungs.py", "return f\"{due['deadline_id']}#{due['step']}\" +", "return None and"),),
        "tests/fault/test_years.py::test_whatever_the_seed_every_date_is_kept_once_and_in_time",
    ),
    "misfire_grace_time as it is by default": Plant(
        (Edit("scheduler/daemon.py", '"misfire_grace_time": None, ', ""),),
        "tests/fault/test_frozen.py::test_a_daemon_that_was_frozen_over_a_date_enforces_it_as_soon_as_it_wakes",
    ),
    "local time taken for UTC": Plant(
        (
            Edit(
                "workflows/schedule.py",
                "instant = wall.replace(tzinfo=info).astimezone(dt.UTC)",
                "return wall.replace(tzinfo=dt.UTC)",
            ),
        ),
        "tests/fault/test_years.py::test_whatever_the_seed_every_date_is_kept_once_and_in_time",
    ),
    "a ladder that ignores an acknowledgement": Plant(
        (Edit("workflows/escalation.py", "if rung is None or word is None:", "if rung is None or word is not None:"),),
        "tests/unit/workflows/test_reminders.py::test_an_acknowledgement_stops_the_ladder",
    ),
    "somebody who took it up, and everybody is told all the same": Plant(
        (
            Edit(
                "pdca/evaluations/acknowledge.py",
                "changes += [made, *_held_up(row, following)]",
                "changes += [made, *_held_up(row, rung)]",
            ),
        ),
        "tests/contract/test_acknowledgement.py::"
        "test_who_was_told_or_works_on_the_plan_stops_the_ladder_for_good[sqlite]",
    ),
    "a sweep that does again what another has done": Plant(
        (
            Edit(
                "pdca/store/reads/evaluations.py",
                "deadline_id = :deadline_id AND status = 'pending' AND due_at <= :now",
                "deadline_id = :deadline_id",
            ),
        ),
        "tests/contract/test_set_aside.py::test_setting_aside_what_is_not_due_any_more_does_nothing[sqlite]",
    ),
    "two who sign as one witness at once": Plant(
        (Edit("pdca/witness.py", "fcntl.flock(descriptor, fcntl.LOCK_EX)", "fcntl.flock(descriptor, fcntl.LOCK_SH)"),),
        "tests/fault/test_witness.py::test_of_two_that_fork_the_log_at_once_one_is_cosigned",
    ),
    "a witness that does not look whether the log only grew": Plant(
        (
            Edit(
                "pdca/witness.py",
                "if not is_consistent(before.size, checkpoint.size, before.root, checkpoint.root, growth.path):",
                "if checkpoint.size < growth.old:",
            ),
        ),
        "tests/property/test_witness.py::test_what_it_cosigned_is_one_history_that_grows",
    ),
    "notes of a plan as they are in the log, where nothing can be erased": Plant(
        (Edit("pdca/store/catalogue.py", 'frozenset({"axes", "basis", ', 'frozenset({"basis", '),),
        "tests/contract/test_erasure.py::"
        "test_a_name_in_what_was_noted_next_to_places_and_in_words_of_any_kind_goes_and_the_rest_stays[sqlite]",
    ),
}
