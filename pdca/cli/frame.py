"""What every command has in common: the shared options, help in the language of the reader, and its `Context`.

A command is made with `@group.command("name", short_help=N_("…"))`, a list with `cls=ListCommand` as well; its
function takes the `Context` first (`@pass_context`). Shared options are understood before and after the name of a
command; the last word holds.
"""

import copy
import inspect
import os
from collections.abc import Sequence
from typing import Any, ClassVar, Final

import click

from pdca import i18n
from pdca.cli.context import FORMATS, Context, Options, Start
from pdca.cli.lazy import LazyGroup, heading
from pdca.cli.shown import SHOWN
from pdca.cli.width import columns
from pdca.errors import PdcaError
from pdca.i18n import N_, _, in_a_row

COMPLETION_VARIABLE: Final = "_PDCA_COMPLETE"
"""The environment variable by which a shell asks for completions."""

_GIVEN: Final = "pdca.options"
_PREFIX: Final = "pdca_"
PAGE: Final = 80
"""The help is so many cells wide at most."""

NARROW: Final = 52
"""Below so many cells a screen is narrow."""

OPTION_CELLS: Final = 30
NARROW_OPTION_CELLS: Final = 4
"""So many cells the names of options take at most, before what they mean."""

PLAIN: Final = 100
"""So many characters are too many nowhere."""

pass_context = click.make_pass_decorator(Context)
"""Give the function of a command its `Context` as first argument."""

dry_run_option = click.option(
    "--dry-run", is_flag=True, help=N_("Show what would happen, and change and send nothing.")
)
"""`--dry-run`, for every command that changes or sends; the argument is `dry_run: bool`."""

reason_option = click.option("--reason", help=N_("Why; a motive that is kept in the log."))
"""`--reason`, for a command that may be given one; the argument is `reason: str | None`."""

reason_required = click.option("--reason", required=True, help=N_("Why; a motive that is kept in the log."))
"""`--reason`, for a command that does nothing without one; the argument is `reason: str`."""

yes_option = click.option("--yes", is_flag=True, help=N_("Do not ask whether it is meant."))
"""`--yes`, for a command that calls `Context.confirm`; the argument is `yes: bool`."""


def _remember(ctx: click.Context, param: click.Parameter, value: Any) -> None:  # noqa: ANN401 - the signature is click's
    if value is not None and value is not False:
        ctx.meta.setdefault(_GIVEN, {})[str(param.name).removeprefix(_PREFIX)] = value


def _shared(formats: Sequence[str]) -> list[click.Parameter]:
    def option(*declarations: str, name: str, **attributes: Any) -> click.Option:  # noqa: ANN401 - handed on to click
        return click.Option([*declarations, _PREFIX + name], expose_value=False, callback=_remember, **attributes)

    return [
        option("--json", name="json", is_flag=True, help=N_("Write JSON, errors too.")),
        option(
            "--format",
            name="format",
            type=click.Choice(formats),
            help=N_("Write a list in this form; a table on a terminal, otherwise tab-separated.")
            if set(FORMATS) <= set(formats)
            else N_("Write words for people, or JSON."),
        ),
        option("--database", name="database", metavar="URL", help=N_("The database: sqlite:///… or postgresql://…")),
        option("--lang", name="lang", type=click.Choice(i18n.LANGUAGES), help=N_("The language of texts for people.")),
        option(
            "--as",
            name="as_person",
            metavar="PERSON",
            help=N_("Act as this person; only a simulated database accepts it."),
        ),
        option(
            "--on-behalf-of",
            name="on_behalf_of",
            metavar="PERSON",
            help=N_("Act for this absent person, when you are the substitute of several."),
        ),
    ]


class _Spoken(click.Command):
    """A command with the shared options, whose help is translated when it is shown."""

    formats: ClassVar[Sequence[str]] = FORMATS

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - handed on to click
        super().__init__(*args, **kwargs)
        self.shared = _shared(self.formats)
        self.params = [*self.params, *self.shared]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Give click's `--help`, with words that are translated."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = N_("Show this help and exit.")
        return option

    def get_short_help_str(self, limit: int = 45) -> str:
        """Give the short help in the language spoken."""
        return _(self.short_help) if self.short_help else super().get_short_help_str(limit)

    def get_help(self, ctx: click.Context) -> str:
        """Give the help, as wide as the screen is and a page at most; click by itself writes 50 cells wide at least."""
        ctx.terminal_width = min(columns(), PAGE) - 2
        return super().get_help(ctx)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how the command is called."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=_("Usage: "))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write the help, or the short help of a command that has no more to say."""
        # click takes the docstring of the function, which speaks to programmers, for want of another help.
        written = self.help if self.help and self.help != inspect.getdoc(self.callback) else None
        text = _(inspect.cleandoc(written)) if written else self.get_short_help_str()
        if text:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(text)

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the arguments, if any of them says something."""
        arguments = [param for param in self.get_params(ctx) if isinstance(param, click.Argument)]
        if any(getattr(argument, "help", None) for argument in arguments):
            self._section(ctx, formatter, _("Arguments"), arguments)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of this command, then those of every command."""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        own = [option for option in options if option not in self.shared and option is not self._help_option]
        self._section(ctx, formatter, _("Options"), own)
        self._section(ctx, formatter, _("Options of every command"), [o for o in options if o not in own])

    def _section(
        self, ctx: click.Context, formatter: click.HelpFormatter, title: str, params: Sequence[click.Parameter]
    ) -> None:
        records = [record for param in params if (record := _translated(param).get_help_record(ctx))]
        if records:
            with formatter.section(heading(title)):
                # On a narrow screen a long name has a line of its own, and what it means has room.
                most = OPTION_CELLS if formatter.width >= NARROW else NARROW_OPTION_CELLS
                formatter.write_dl([(name, _with_remarks(text)) for name, text in records], col_max=most)


def _with_remarks(text: str) -> str:
    """Put what click remarks at the end, as [default: zvp; required], in the language spoken."""
    before, bracket, remarks = text.rpartition("[")
    if not (bracket and remarks.endswith("]")):
        return text
    shown = [
        _("required")
        if remark == "required"
        else _("default: %(value)s") % {"value": remark.removeprefix("default: ")}
        if remark.startswith("default: ")
        else remark
        for remark in remarks[:-1].split("; ")
    ]
    return f"{before}[{in_a_row(shown)}]"


def _translated(param: click.Parameter) -> click.Parameter:
    shown = copy.copy(param)
    text = getattr(shown, "help", None)
    if text:
        shown.help = _(text)
    return shown


class Command(_Spoken):
    """A command that says one thing: words for people, or one object with `--json`."""

    formats: ClassVar[Sequence[str]] = ("table", "json")

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - the signature is click's
        """Run the command with a `Context` made from the options of all levels."""
        options = _options(ctx)
        if options.format is not None and options.format not in self.formats:
            message = _("This command gives one object, which has no form “%(format)s”.") % {"format": options.format}
            raise click.UsageError(message, ctx)
        self._check_texts(ctx)
        start = ctx.find_root().obj
        ctx.obj = Context(options, start if isinstance(start, Start) else Start())
        ctx.call_on_close(ctx.obj.close)
        name = ctx.command_path.removeprefix(f"{ctx.find_root().command_path} ")
        if name in SHOWN:
            from pdca.cli.consulting import note_reading

            note_reading(ctx.obj, name.removeprefix("audit "))
        return super().invoke(ctx)

    def _check_texts(self, ctx: click.Context) -> None:
        for param in self.params:
            given = ctx.params.get(param.name or "")
            name = param.human_readable_name if isinstance(param, click.Argument) else param.opts[-1]
            for text in given if isinstance(given, tuple) else (given,):
                if isinstance(text, str) and not _is_plain(text):
                    # Imported here: it knows much besides, and few commands are given more than a word.
                    from pdca.shapes import check_given

                    check_given(name, text)


def _is_plain(text: str) -> bool:
    """Tell whether a text is short and has only characters that can be printed: nothing of it can be refused."""
    return len(text) <= PLAIN and text.isprintable()


class ListCommand(Command):
    """A command that gives a list, in any of the forms."""

    formats: ClassVar[Sequence[str]] = FORMATS


class Group(_Spoken, LazyGroup):
    """A noun: a group of commands, some of which may be imported only when they are called."""

    command_class = Command
    group_class = type

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, then the options."""
        self.format_commands(ctx, formatter)
        super().format_options(ctx, formatter)


class Root(Group):
    """The command `pdca` itself: it knows the language before anything is said, and prints the exit statuses."""

    def __init__(self, *args: Any, statuses: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:  # noqa: ANN401 - handed on to click
        super().__init__(*args, **kwargs)
        self.statuses = tuple(statuses)

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - handed on to click
    ) -> click.Context:
        """Choose the language, then read the arguments: `--help` and a mistake must speak it already."""
        i18n.use(_early_language(args))
        return super().make_context(info_name, args, parent, **extra)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write the exit statuses."""
        with formatter.section(heading(_("Exit status"))):
            formatter.write_dl([(str(status), _(text)) for status, text in self.statuses])


def wants_json(arguments: Sequence[str]) -> bool:
    """Tell from the bare arguments whether errors are to be JSON, for when they could not be parsed."""
    return "--json" in _before_dashes(arguments) or _value_of(arguments, "--format") in ("json", "jsonl")


def _options(ctx: click.Context) -> Options:
    given: dict[str, Any] = dict(ctx.meta.get(_GIVEN, {}))
    if given.pop("json", False):
        if given.get("format", "json") != "json":
            raise click.UsageError(_("--json and --format %(format)s contradict each other.") % given, ctx)
        given["format"] = "json"
    return Options(**given)


def _before_dashes(arguments: Sequence[str]) -> Sequence[str]:
    return arguments[: arguments.index("--")] if "--" in arguments else arguments


def _value_of(arguments: Sequence[str], option: str) -> str | None:
    known = _before_dashes(arguments)
    value = None
    for position, argument in enumerate(known):
        if argument.startswith(option + "="):
            value = argument.removeprefix(option + "=")
        elif argument == option and position + 1 < len(known):
            value = known[position + 1]
    return value


def _early_language(arguments: Sequence[str]) -> str:
    asked = _value_of(arguments, "--lang") or os.environ.get("PDCA_LANG")
    if asked in i18n.LANGUAGES:
        return str(asked)
    from pdca.settings import load

    try:
        return load({}, os.environ).lang
    except PdcaError:
        # A settings file with a mistake must not keep anybody from the help; the command itself will say what is wrong.
        found = i18n.from_environment(os.environ)
        return found[0] if found else i18n.SOURCE
