"""`pdca completion`: the script that lets a shell complete commands and options."""

from typing import Final

import click

from pdca.cli.context import Context
from pdca.cli.frame import COMPLETION_VARIABLE, Command, pass_context
from pdca.cli.output import emit_object
from pdca.i18n import N_

SHELLS: Final = ("bash", "zsh", "fish")


@click.command(
    "completion",
    cls=Command,
    short_help=N_("Print the completion script for a shell."),
    help=N_('Print the completion script for a shell. For bash: eval "$(pdca completion bash)" in ~/.bashrc.'),
)
@click.argument("shell", type=click.Choice(SHELLS))
@pass_context
def completion(context: Context, shell: str) -> None:
    """Print the completion script for a shell."""
    script = script_for(shell, click.get_current_context().find_root().command)
    if context.json:
        emit_object(context, "pdca.completion/1", {"shell": shell, "script": script})
    else:
        click.echo(script, nl=False)


def script_for(shell: str, root: click.Command) -> str:
    """Give the script that click makes for one of `SHELLS`."""
    from click.shell_completion import ShellComplete, get_completion_class

    maker = get_completion_class(shell)
    if maker is None:
        raise ValueError(shell)
    # bash's own source() starts a bash to look at its version, which takes longer than all the rest.
    return ShellComplete.source(maker(root, {}, "pdca", COMPLETION_VARIABLE))
