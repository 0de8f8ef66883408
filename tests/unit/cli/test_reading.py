"""Reading is quick: a command that reads loads neither what writes the schema nor what draws on a terminal."""

import sys

import pytest

from tests.unit.cli.running import run_on_terminal, run_process
from tests.unit.cli.test_main import HEAVY, LIST_IMPORTED

MOST = (200, 11, 1)
"""Modules, Python's own and ours together (SQLAlchemy alone would be as many again), dataclasses among what is ours
(making one takes as long as loading a small module), and connections: who reads is seen over the one there is."""
MOST_OF = {
    "board": (157, 4, 1),
    "plan list": (156, 4, 1),
    "plan show": (193, 7, 1),
    "audit log": (149, 4, 1),
    "status": (170, 4, 1),
    "audit verify": (183, 25, 2),
    "doctor": (275, 43, 20),  # it looks into everything, the key of the log and what is decided about informing as well
}

COUNTING = LIST_IMPORTED.replace(
    "print(*sorted",
    """made = {
    kind
    for name, module in list(sys.modules.items())
    if name.partition(".")[0] in ("pdca", "workflows")
    for kind in vars(module).values()
    if isinstance(kind, type) and "__dataclass_fields__" in vars(kind)
}
print(len(set(sys.modules) - before), len(made), len(opened), 'pdca.engine' in sys.modules, file=sys.stderr)
print(*sorted""",
).replace(
    "from pdca.cli.main",
    """opened = []
sys.addaudithook(lambda name, _: opened.append(name) if name == "sqlite3.connect" else None)
from pdca.cli.main""",
)
READING = (
    ("indicator", "list"),
    ("indicator", "show", "zp_acties"),
    ("status",),
    ("board",),
    ("plan", "list"),
    ("plan", "show", "P-001"),
    ("plan", "next", "P-001"),
    ("plan", "history", "P-001"),
    ("plan", "lifecycle", "P-001"),
    ("programme", "list"),
    ("objective", "list"),
    ("phenomenon", "list"),
    ("completeness",),
    ("means",),
    ("person", "list"),
    ("whoami",),
    ("doctor",),
    ("audit", "log"),
    ("audit", "verify"),
    ("audit", "show", "3"),
    ("notify", "list"),
    ("evaluation", "list"),
    ("schedule", "list"),
    ("schedule", "show", "P-001"),
    ("reminder", "show", "P-001"),
    ("workdays", "show"),
    ("activity", "list"),
    ("partner", "sessions"),
    ("followup", "list"),
)


@pytest.mark.usefixtures("zone_at_start")
@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_a_reading_command_loads_little_nothing_heavy_and_not_the_write_path(arguments: tuple[str, ...]) -> None:
    ran = run_process(*arguments, program=[sys.executable, "-c", COUNTING])
    counted, names = ran.err.splitlines()[-2:]
    count, made, opened, engine = counted.split()
    assert ran.out
    assert not HEAVY & set(names.split())
    assert engine == "False"
    most, most_made, most_opened = MOST_OF.get(" ".join(arguments[:2]), MOST)
    assert int(count) <= most
    assert int(made) <= most_made
    assert int(opened) <= most_opened


def test_garbage_is_not_looked_for_while_a_command_loads_nor_when_it_has_ended() -> None:
    code = """
import gc, sys
from pdca.__main__ import run
before = [one["collections"] for one in gc.get_stats()]
run()
print(before == [one["collections"] for one in gc.get_stats()], gc.get_freeze_count() > 0, file=sys.stderr)
"""
    ran = run_process("--help", program=[sys.executable, "-c", code])
    assert ran.out
    assert ran.err.split() == ["True", "True"]


@pytest.mark.usefixtures("zone_at_start")
@pytest.mark.parametrize("arguments", [("status",), ("board",), ("plan", "list"), ("plan", "show", "P-001")])
@pytest.mark.parametrize("columns", [40, 120])
def test_on_a_terminal_only_what_knows_the_widths_of_characters_is_loaded_besides(
    arguments: tuple[str, ...], columns: int
) -> None:
    code = LIST_IMPORTED.replace('name.partition(".")[0]', "name")
    ran = run_on_terminal(*arguments, columns=columns, program=[sys.executable, "-c", code])
    loaded = set(ran.out.splitlines()[-1].split())
    assert "pdca.cli.table" in loaded
    assert not loaded & {"rich.console", "rich.table", "rich.text", "shutil"}


@pytest.mark.usefixtures("zone_at_start")
def test_what_is_told_of_all_plans_asks_for_no_step_of_one() -> None:
    code = LIST_IMPORTED.replace('name.partition(".")[0]', "name")
    assert "workflows.machine" not in run_process("status", program=[sys.executable, "-c", code]).err.split()
    assert "workflows.machine" in run_process("status", "--json", program=[sys.executable, "-c", code]).err.split()


@pytest.mark.usefixtures("zone_at_start")
def test_the_list_of_messages_loads_nothing_that_writes_one() -> None:
    code = LIST_IMPORTED.replace('name.partition(".")[0]', "name")
    ran = run_process("notify", "list", program=[sys.executable, "-c", code])
    assert ran.out
    assert "pdca.report.messages" in ran.err.split()
    assert [name for name in ran.err.split() if name.startswith(("email.", "pdca.notify."))] == []
