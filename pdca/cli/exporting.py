"""`pdca audit export`: the whole log as bytes that somebody else can check."""

import csv
import json
import sys
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar, Final, TextIO

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, pass_context
from pdca.cli.house import open_house
from pdca.cli.output import emit_object
from pdca.errors import Usage
from pdca.files import whole_file
from pdca.i18n import N_, _
from pdca.logged import unreadable
from pdca.store.verifying import StoredLog

FORMS: Final = ("jsonl", "csv")
FIELDS: Final = (
    "event",
    "leaf_index",
    "leaf_hash",
    "stream",
    "seq",
    "at",
    "kind",
    "plan",
    "trigger",
    "from",
    "to",
    "actor",
    "source",
    "body",
)


class ExportCommand(Command):
    """A command that writes rows as JSON Lines or CSV; with `--json` and `--out` it tells what it wrote."""

    formats: ClassVar[Sequence[str]] = ("json", *FORMS)


@click.command(
    "export",
    cls=ExportCommand,
    short_help=N_("Write the whole log out, for somebody to check elsewhere."),
    help=N_(
        "Write every event with its body as it is hashed, its place in the tree and its leaf hash (SHA-256 of a zero "
        "byte and the body, RFC 6962). Personal values and free texts stand in it as commitments only, so it can be "
        "handed out. To stdout, unless --out names a file or a folder. An empty folder, or a new one whose name ends "
        "with a slash, gets everything: events, signed checkpoints, proofs, public keys, the format, and verify.py, "
        "which checks all of it without this program."
    ),
)
@click.option("--out", metavar="FILE|FOLDER", help=N_("Where to; a file there is not replaced."))
@click.option("--force", is_flag=True, help=N_("Replace a file that is there."))
@pass_context
def export(context: Context, out: str | None, force: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Export the log."""
    asked = context.options.format
    if asked == "json" and out is None:
        raise Usage(
            "export-to-where",
            _("The export itself has the form jsonl or csv; --json tells what was written into a file."),
            hint=_("Say --format jsonl, or add --out FILE."),
        )
    if out is not None and asked != "csv" and (out.endswith("/") or Path(out).is_dir()):
        _export_folder(context, Path(out))
        return
    with open_house(context).reading() as connection, closing(events(StoredLog(connection))) as rows:
        if out is None:
            write(sys.stdout, rows, asked or "jsonl")
            return
        form = _form(asked, out)
        target = Path(out) / f"pdca-log.{form}" if Path(out).is_dir() else Path(out)
        count = _write_file(target, rows, form, force=force)
    view = {"file": str(target), "format": form, "events": count}
    words = _("%(events)s events written to %(file)s.") % view
    emit_object(context, "pdca.export/1", view, human=lambda: [words])


def _export_folder(context: Context, folder: Path) -> None:
    """Write the log with all that is needed to check it; exits with 1 when it does not fit its checkpoints."""
    from pdca.files import whole_folder
    from pdca.log_folder import fill

    with open_house(context).reading() as connection, whole_folder(folder) as new:
        log = StoredLog(connection)

        def write_events(path: Path) -> int:
            with closing(events(log)) as rows, path.open("x", encoding="utf-8", newline="") as file:
                return write(file, rows, "jsonl")

        filled = fill(connection, new, write_events)
    view = {"file": str(folder), "format": "folder", **asdict(filled), "failed": list(filled.failed)}
    lines = [
        _("%(events)s events written to %(file)s.") % view,
        _("With %(checkpoints)s signed checkpoints and %(dossiers)s dossiers. Anybody checks it: %(command)s")
        % {**view, "command": f"python {folder}/verify.py {folder}"},
    ]
    emit_object(context, "pdca.export/1", view, human=lambda: lines)
    if filled.failed:
        context.note(
            _("The log does not fit what was signed, so these could not be made: %(names)s. See `pdca audit verify`.")
            % {"names": ", ".join(filled.failed[:10])}
        )
        context.exit(1)


def _form(asked: str | None, out: str) -> str:
    if asked in FORMS:
        return str(asked)
    return "csv" if out.lower().endswith(".csv") else "jsonl"


def _write_file(target: Path, rows: Iterable[dict[str, Any]], form: str, *, force: bool) -> int:
    try:
        with whole_file(target, overwrite=force) as new, new.open("x", encoding="utf-8", newline="") as file:
            count = write(file, rows, form)
    except Usage as error:
        if error.code == "already-exists":
            error.hint = _("Choose another name, or say --force to replace it.")
        raise
    return count


def events(log: StoredLog) -> Generator[dict[str, Any], None, None]:
    """Yield every event in the order of the tree, then those without a place in it yet; raises Failed on a bad body."""
    for row in log.events():
        try:
            text = bytes(row.body).decode() if isinstance(row.body, bytes) else ""
            body = json.loads(text)
            found = {name: body[name] for name in FIELDS if name in body}
        except (ValueError, TypeError, RecursionError) as error:
            raise unreadable(row.event_id) from error
        leaf = row.leaf_hash.hex() if isinstance(row.leaf_hash, bytes) else None
        place = {"event": row.event_id, "leaf_index": row.leaf_index, "leaf_hash": leaf}
        yield {name: {**found, **place, "body": text}.get(name) for name in FIELDS}


def write(file: TextIO, rows: Iterable[dict[str, Any]], form: str) -> int:
    """Write rows as JSON Lines or CSV, and count them."""
    count = 0
    writer = csv.DictWriter(file, FIELDS) if form == "csv" else None
    if writer:
        writer.writeheader()
    for row in rows:
        count += 1
        if writer:
            writer.writerow(row)
        else:
            file.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")
    return count
