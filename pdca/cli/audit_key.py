"""`pdca audit key`: the key that signs the checkpoints of the log."""

from typing import TYPE_CHECKING, Final

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, Group, ListCommand, dry_run_option, pass_context, reason_required
from pdca.cli.house import check, open_house
from pdca.cli.naming import shows_table
from pdca.cli.output import Column, Row, emit_list, emit_object
from pdca.cli.words import DRY_RUN
from pdca.i18n import N_, _
from pdca.store.driver import Connection
from workflows.instants import to_the_minute

if TYPE_CHECKING:
    from pdca.keys import KeyFile

key = Group(
    "key",
    short_help=N_("The key that signs the log."),
    lazy={
        "list": ("pdca.cli.audit_key:list_", N_("List the keys of the log, and where the present one is.")),
        "change": ("pdca.cli.audit_key:change", N_("Let a new key sign from now on.")),
    },
)


def _since(row: Row) -> str:
    return to_the_minute(row["made_at"])


def _until(row: Row) -> str:
    return to_the_minute(row["retired_at"]) if row["retired_at"] else ""


COLUMNS: Final = (
    Column("vkey", N_("Key"), whole=True),
    Column("made_at", N_("Since"), whole=True, show=_since),
    Column("retired_at", N_("Until"), whole=True, show=_until),
    Column("made_by", N_("Made by")),
    Column("reason", N_("Why")),
)
FIELDS: Final = (Column("number", "Number"), *COLUMNS, Column("file", "File"), Column("here", "File is here"))


@click.command(
    "list",
    cls=ListCommand,
    short_help=N_("List the keys of the log, and where the present one is."),
    help=N_(
        "List the public keys that sign or signed checkpoints, as c2sp.org/signed-note writes them. An auditor keeps "
        "them outside the house. The private key is a file on one machine; where it is looked for is said as well."
    ),
)
@pass_context
def list_(context: Context) -> None:
    """List the keys."""
    from pdca.store.reads.checkpoints import KEYS

    with open_house(context).reading() as connection:
        rows = connection.all(KEYS)
        file = key_file(context, connection)
    if not shows_table(context):
        # An older key is nowhere any more.
        places = [*([None] * (len(rows) - 1)), file] if rows else []
        located = [
            {**row, "file": place and str(place.path), "here": bool(place and place.path.exists())}
            for row, place in zip(rows, places, strict=True)
        ]
        emit_list(context, "log_keys", FIELDS, located)
        return
    emit_list(context, "log_keys", COLUMNS, rows, empty=_("This log has no key yet."))
    if file is not None:
        words = N_("The private key is here: %(file)s") if file.path.exists() else N_("It is not here: %(file)s")
        context.note(_(words) % {"file": file.path})


@click.command(
    "change",
    cls=Command,
    short_help=N_("Let a new key sign from now on."),
    help=N_(
        "Make a new key in the place of the present one, or the first one, and note it in the log with the reason. The "
        "next checkpoint is signed by both, where the old one is still there. For when a key was lost or may have been "
        "seen, and to go on after a backup was put back."
    ),
)
@reason_required
@dry_run_option
@pass_context
def change(context: Context, reason: str, dry_run: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Change the key."""
    from pdca.key_change import change_key

    house = open_house(context)
    changed = change_key(house, context.settings.audit.key_file, context.environ, reason, dry_run=dry_run)
    check(changed.outcome, _("The key of the log"), dry_run=dry_run)
    view = {"vkey": changed.vkey, "file": str(changed.file), "dry_run": dry_run}
    lines = [
        _("The key of the log is now: %(vkey)s") % view,
        _(
            "Its private half is in %(file)s. Keep a copy of it apart from the database, and give the line above to "
            "your auditor."
        )
        % view,
    ]
    emit_object(context, "pdca.log-key/1", view, human=lambda: [_(DRY_RUN)] if dry_run else lines)


def key_file(context: Context, connection: Connection) -> "KeyFile | None":
    """Say where the present key of a log is looked for; None for a log that has none."""
    from pdca.audit.notes import VerifierKey
    from pdca.checkpoints import present_key
    from pdca.keys import KeyFile, key_path

    present = present_key(connection)
    if present is None:
        return None
    return KeyFile(key_path(context.settings.audit.key_file, context.environ, VerifierKey.parse(present["vkey"]).name))
