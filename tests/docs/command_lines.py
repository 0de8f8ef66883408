"""What command a line calls that stands in a text, with a word in capitals where something is filled in."""

import shlex

import click

from pdca.cli.frame import Group
from pdca.cli.main import root


def resolved(line: str) -> tuple[click.Command, list[str], list[str]]:
    """The command that a line calls, or the group it is about, the words that follow, and the names it goes by."""
    words = shlex.split(line)
    command: click.Command = root
    names: list[str] = []
    while isinstance(command, Group) and words:
        names.append(words.pop(0))
        found = command.get_command(click.Context(command), names[-1])
        assert found is not None, f"There is no command: pdca {' '.join(names)}"
        command = found
    return command, words, names
