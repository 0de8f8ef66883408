"""Reading is quick: a command that reads loads neither what writes the schema nor what draws on a terminal."""

import sys

import pytest

from tests.unit.cli.running import run_process
from tests.unit.cli.test_main import HEAVY, LIST_IMPORTED

MOST = (230, 17)
"""Modules, Python's own and ours together (SQLAlchemy alone would be as many again), and dataclasses among what is
ours: making one takes as long as loading a small module."""
MOST_OF = {
    "board": (173, 10),
    "plan list": (172, 10),
    "audit log": (166, 14),
    "status": (213, 13),
    "audit verify": (184, 30),
    "doctor": (275, 49),  # it looks into everything, the key of the log and what is decided about informing as well
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
print(len(set(sys.modules) - before), len(made), 'pdca.engine' in sys.modules, file=sys.stderr)
print(*sorted""",
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
    count, made, engine = counted.split()
    assert ran.out
    assert not HEAVY & set(names.split())
    assert engine == "False"
    most, most_made = MOST_OF.get(" ".join(arguments), MOST)
    assert int(count) <= most
    assert int(made) <= most_made


@pytest.mark.usefixtures("zone_at_start")
def test_the_list_of_messages_loads_nothing_that_writes_one() -> None:
    code = LIST_IMPORTED.replace('name.partition(".")[0]', "name")
    ran = run_process("notify", "list", program=[sys.executable, "-c", code])
    assert ran.out
    assert "pdca.report.messages" in ran.err.split()
    assert [name for name in ran.err.split() if name.startswith(("email.", "pdca.notify."))] == []
