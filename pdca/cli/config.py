"""`pdca config`: what the program is told, and by whom."""

from pdca.cli.context import Context
from pdca.cli.frame import Group, ListCommand, pass_context
from pdca.cli.output import Column, Row, emit_list
from pdca.i18n import N_
from pdca.log import masked
from pdca.settings import Value
from pdca.words import spoken

ORIGINS = {
    "flag": N_("flag"),
    "environment": N_("environment"),
    "file": N_("file"),
    "default": N_("default"),
}

config = Group("config", short_help=N_("Show the settings and where each comes from."))


def _origin(row: Row) -> str:
    return spoken(ORIGINS, row["origin"])


COLUMNS = (
    Column("setting", N_("Setting"), whole=True),
    Column("value", N_("Value")),
    Column("origin", N_("Origin"), show=_origin),
    Column("where", N_("Where")),
)


@config.command(
    "show",
    cls=ListCommand,
    short_help=N_("Show every setting with its value and its origin."),
    help=N_(
        "Show every setting with its value and its origin. The first that says something holds: flag, environment "
        "variable, ./pdca.toml, the user's file, /etc/pdca/config.toml, default. Passwords stand in files of their own "
        "and are not shown."
    ),
)
@pass_context
def show(context: Context) -> None:
    """Show every setting with its value and its origin."""
    emit_list(context, "settings", COLUMNS, [_row(value) for value in context.settings.values])


def _row(value: Value) -> Row:
    shown = masked(value.value) if isinstance(value.value, str) else value.value
    return {"setting": value.name, "value": shown, "origin": value.origin, "where": value.where}
