"""A group of commands known by strings, so that nothing is imported before it is used."""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from pdca.i18n import _

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Row = tuple[str, str]
"""Where a command is, `module:name`, and its short help."""


def heading(title: str) -> str:
    """Give the heading of a section of the help, to which click adds the colon."""
    return (_("%(title)s:") % {"title": title}).removesuffix(":")


class LazyGroup(click.Group):
    """A group whose `lazy` rows {name: (module:name, short help)} are imported when they are called."""

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - handed on to click
        lazy: Mapping[str, Row] | None = None,
        **kwargs: Any,  # noqa: ANN401 - handed on to click
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lazy: dict[str, Row] = dict(lazy or {})

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """Name the commands in the order they were given, which is the order a day goes."""
        return [*self.lazy, *(name for name in self.commands if name not in self.lazy)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Give a command, imported now if it was not yet; None when there is none of that name."""
        row = self.lazy.get(cmd_name)
        if row is None:
            return super().get_command(ctx, cmd_name)
        module, _colon, name = row[0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def short_helps(self, ctx: click.Context) -> list[tuple[str, str]]:
        """Give (name, short help) of every command in the language spoken, importing none of the lazy ones."""
        helps = []
        for name in self.list_commands(ctx):
            command = None if name in self.lazy else self.commands[name]
            if command is None:
                helps.append((name, _(self.lazy[name][1])))
            elif not command.hidden:
                helps.append((name, command.get_short_help_str()))
        return helps

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands into the help."""
        with formatter.section(heading(_("Commands"))):
            formatter.write_dl(self.short_helps(ctx))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one is an error that knows the nearest names."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            names = self.list_commands(ctx)
            raise click.NoSuchCommand(error.command_name, possibilities=names, ctx=ctx) from None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Complete the name of a command, importing none, or an option."""
        from click.shell_completion import CompletionItem

        names = [CompletionItem(name, help=text) for name, text in self.short_helps(ctx) if name.startswith(incomplete)]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]
