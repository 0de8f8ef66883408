"""What of a plan is approved: everything that its group writes and what that names, and nothing else."""

from typing import Any, Final

import pytest

from pdca.content import content, content_hash, hash_of, touches
from pdca.cycles.predict import Predict
from pdca.report.approvals import approvals_of
from pdca.schedules.decide import SetSchedule
from pdca.schedules.working_out import Wish
from pdca.store.catalogue import FOLDED
from pdca.store.reads.content import COLUMNS, ROWS, USED
from pdca.store.rows import Change, insert, update
from pdca.store.tables import Record
from tests import seed
from tests.contract import edits, informing
from tests.contract.world import MOTIVE, PLAN, World, codes
from workflows.instants import to_text


def sample(world: World, table: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The key of a row of the plan, and the row."""
    [row, *_] = world.rows(ROWS[table], plan_id=PLAN)
    return {name: row[name] for name in FOLDED[table].key}, row


EVERY_COLUMN: Final = [(table, column) for table, columns in COLUMNS.items() for column in columns]
OTHER: Final[dict[str, object]] = {
    "objective_id": "SD1",
    "activity.objective_id": f"{PLAN}/O1",
    "plan_objective.title": '{"nl":"Iets anders"}',
    "lead_id": "chief",
    "owner_id": "chief",
    "party_id": "chief",
    "indicator_id": "thefts",
    "follows_id": "P-001",
    "role": "deputy",
    "status": "running",
    "zone": "Europe/Paris",
    "kind": "final",
    "information_schedule.method": "letter",
    "anchor": "completion",
    "roll": "nearest",
    "title": edits.TITLE,
}
FIXED: Final = {"plan_id", "programme_id", "definition", "definition_version"}
"""What a row cannot change without belonging to something else that is not there."""


def test_every_column_that_a_group_writes_is_part_of_what_is_approved(sqlite_world: World) -> None:
    world = sqlite_world
    objective = {"plan_id": PLAN, "position": 1, "title": edits.TITLE, "assumed": 0}
    world.by_administrator(edits.Edit([insert("plan_objective", {"objective_id": f"{PLAN}/O1"}, **objective)]))
    world.by("sofie", Predict(PLAN, "Een kwart minder."))
    world.by("sofie", SetSchedule(PLAN, Wish(rhythm=True), MOTIVE))
    informing.decided(world, "2024-03-04")
    world.approve("start")
    for table, column in EVERY_COLUMN:
        if column in FIXED:
            continue
        key, row = sample(world, table)
        value = (row[column] or 0) + 1 if isinstance(row[column], int) else f"other {column}"
        value = OTHER.get(f"{table}.{column}", OTHER.get(column, value))
        before = content_hash(world.reading, PLAN)
        world.by_administrator(edits.Edit([update(table, key, **{column: value})]))
        assert content_hash(world.reading, PLAN) != before, f"{table}.{column}"
        assert touches("update", table, [column])
    voided = world.approvals()
    assert [row["voided_at"] is not None for row in voided] == [True, True]


def test_what_is_not_part_of_what_is_approved_is_no_work_of_a_group() -> None:
    left_out = {
        table: {column.name for column in Record.metadata.tables[table].columns}
        - set(COLUMNS[table])
        - set(FOLDED[table].key)
        for table in COLUMNS
    }
    assert {table: names for table, names in left_out.items() if names} == {
        "plan": {
            "author_id",
            "state",
            "state_since",
            "resume_state",
            "cycle",
            "watch",
            "watch_again",
            "watch_indicator_id",
            "version",
            "head",
        },
        "prediction": {"written_at", "written_by"},
        "rubric": {"revision"},
        "evaluation": {
            *("due_date", "due_at", "first_due_at", "status", "missed_because", "cycle", "opened_at", "overdue_at"),
            *("recorded_at", "recorded_by", "verdict", "process_findings", "effect_findings", "attributed_to"),
            *("attribution", "evidence", "deployed", "lessons", "evaluators", "results", "published"),
            *("schedule_number", "moved"),
        },
        "schedule": {"decided_on", "decided_by", "recorded_at", "reason", "kind"},
        "information_schedule": {"decided_on", "decided_by", "recorded_at", "reason", "grace_days"},
        "information_moment": {"due_date", "due_at", "moved", "schedule_number", "status"},
    }


def test_what_is_not_part_of_what_a_plan_names_says_nothing_of_how_it_is_measured_and_by_whom_it_is_worked() -> None:
    left_out = {
        table: {column.name for column in Record.metadata.tables[table].columns} - set(USED[table]) - set(key)
        for table, key in (("indicator", ("indicator_id",)), ("party", ("party_id",)))
    }
    assert left_out == {
        "indicator": set(),
        "party": {"name", "discipline_assumed", "escalation", "details", "assumed", "basis", "note", "source"},
    }


@pytest.mark.parametrize(("table", "column"), [(table, column) for table in USED for column in USED[table]])
def test_what_the_plan_names_is_part_of_what_is_approved(world: World, table: str, column: str) -> None:
    [row, *_] = world.rows(ROWS[table], plan_id=PLAN)
    other = {"kind": "partner" if table == "party" else "subjective", "direction": "up", "assumed": 1}
    other |= {"rhythm": "yearly", "op": "<", "change": "corrected", "replaces": 1}
    change = update(table, {name: row[name] for name in FOLDED[table].key}, **{column: other.get(column, "other")})
    world.by_administrator(seed.Plant([change]))
    assert "not-approved" in codes(world.advance("start"))
    [view] = approvals_of(world.reading, world.plan(), world.clock.now())
    assert (view["status"], view["fits"]) == ("void", False)


def test_a_figure_of_what_measures_the_plan_is_not_part_of_what_is_approved(world: World) -> None:
    key = {"indicator_id": "thefts", "period": "2023", "number": 1}
    then = {"known_at": to_text(seed.START), "recorded_at": to_text(seed.START)}
    figure = insert("measurement", key, value="9", approximate=0, assumed=0, **then)
    world.by_administrator(seed.Plant([figure]))
    world.take("start")


@pytest.mark.parametrize(
    "change",
    [
        insert("rubric", {"plan_id": PLAN, "rubric_id": "extra"}, revision=1, assumed=0),
        Change("delete", "rubric", {"plan_id": PLAN, "rubric_id": "definitie"}),
        Change("delete", "means", {"activity_id": "P-001/A1", "year": 2024, "kind": "hours"}),
        Change("delete", "information_moment", {"information_id": "I-001"}),
    ],
    ids=lambda change: f"{change.op} {change.table}",
)
def test_what_is_added_or_taken_away_voids_the_approval(world: World, change: Change) -> None:
    world.by("marc", edits.Edit([change]))
    assert world.approvals()[-1]["voided_because"] == "plan.edited"


def test_the_hash_does_not_depend_on_the_order_in_which_rows_are_read(sqlite_world: World) -> None:
    sqlite_world.by_administrator(edits.member("chief"))
    rows = content(sqlite_world.reading, PLAN)
    backwards = {table: list(reversed(found)) for table, found in rows.items()}
    assert backwards != rows
    assert hash_of(backwards) == hash_of(rows) == content_hash(sqlite_world.reading, PLAN)
