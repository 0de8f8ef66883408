"""Of every command of the program it is decided whether it shows an auditor something that is noted."""

import socket
from collections.abc import Iterator
from threading import Thread
from typing import Final

import click
import pytest

from pdca.cli.main import COMMANDS, root
from pdca.cli.shown import SHOWN
from tests.unit.cli.running import run

HANDED_OUT: Final = {"audit dossier", "audit export"}
"""Noted each time, with what left the house."""

CHANGING: Final = {"audit checkpoint", "demo", "scheduler run", "scheduler seal", "scheduler sweep"}
"""What changes something and cannot be tried without doing so; everything else that does has --dry-run."""

NEITHER: Final = {
    "people": {"person list", "person substitutions", "whoami"},
    "settings and rules": {"config show", "retention show", "workdays list", "workdays show"},
    "methods and forms": {"completion", "schema", *(f"workflow {verb}" for verb in ("check", "diff", "list", "show"))},
    "how the program runs": {"doctor", "scheduler status"},
    "keys, and files without a database": {
        *("audit check", "audit key list", "audit timestamp check", "audit witness list"),
    },
}
"""What shows nothing of plans or the log, and what it shows."""


def commands(group: click.Group, *before: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, *before, name)
        else:
            yield " ".join([*before, name]), command


def every() -> dict[str, click.Command]:
    """The commands of the program, without those that are made for the tests."""
    return {name: one for name, one in commands(root) if name.partition(" ")[0] in COMMANDS}


def changing() -> set[str]:
    tried = {name for name, one in every().items() if any("--dry-run" in param.opts for param in one.params)}
    # Of a real database it only foretells; a simulated one is no log of anything.
    return tried - {"simulate"}


def test_of_every_command_it_is_decided_whether_it_is_noted_that_an_auditor_used_it() -> None:
    decided = [SHOWN, HANDED_OUT, CHANGING, changing(), *NEITHER.values()]
    counted = {name: sum(name in kind for kind in decided) for name in every()}
    assert {name: count for name, count in counted.items() if count != 1} == {}


def test_no_command_is_decided_upon_that_is_none() -> None:
    named = {*SHOWN, *HANDED_OUT, *CHANGING, *(name for kind in NEITHER.values() for name in kind)}
    assert named - every().keys() == set()


def test_a_command_is_itself_called_as_the_table_calls_it() -> None:
    assert {name: one.name for name, one in every().items() if one.name != name.rpartition(" ")[2]} == {}


def asked_of(server: socket.socket, *command: str) -> int:
    """How often a command knocks at a server that hangs up at once."""
    knocks = 0

    def hang_up() -> None:
        nonlocal knocks
        while True:
            try:
                line, _address = server.accept()
            except OSError:
                return
            knocks += 1
            line.close()

    Thread(target=hang_up, daemon=True).start()
    assert run(*command).status == 75
    return knocks


def test_a_server_that_is_away_is_not_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    knocks = []
    for command in (("person", "list"), ("plan", "list")):
        with socket.create_server(("127.0.0.1", 0)) as server:
            monkeypatch.setenv("PDCA_DATABASE", f"postgresql://pdca@127.0.0.1:{server.getsockname()[1]}/pdca")
            knocks.append(asked_of(server, *command))
    assert knocks[0] == knocks[1] > 0
