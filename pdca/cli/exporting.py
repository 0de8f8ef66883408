"""`pdca audit export`: the whole log as bytes that somebody else can check."""

import csv
import json
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Final

import click

from pdca.audit.event import EXPORTED
from pdca.audit.reader import EventRow
from pdca.cli.consulting import Hashed, note_handed_out, sha256_of
from pdca.cli.context import Context
from pdca.cli.frame import Command, pass_context
from pdca.cli.house import open_house
from pdca.cli.output import emit_object
from pdca.errors import Usage
from pdca.files import whole_file
from pdca.house import House
from pdca.i18n import N_, _
from pdca.logged import unreadable
from pdca.store.verifying import StoredLog

FORMS: Final = ("jsonl", "csv", "sqlite")
NAMES: Final = {".csv": "csv", ".db": "sqlite", ".sqlite": "sqlite"}
"""The form that the end of a name asks for."""

Note = Callable[[int, str], None]
"""Is told how many events went out, and the hash of what was written."""


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
        "handed out. To stdout, unless --out names a file or a folder. A folder, which has to be empty or new, gets "
        "everything: events, signed checkpoints, proofs, public keys, the format, and verify.py, which checks it all "
        "without this program. A new name is that of a folder unless it has an ending, or --format says a form. A file "
        "that ends with .db becomes a database of SQLite with the same, and views to query. That it was exported is "
        "noted in the log."
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
    if asked == "sqlite" and out is None:
        raise Usage(
            "export-to-where",
            _("A database is written to a file."),
            hint=_("Add --out FILE."),
        )
    if out is not None and _names_a_folder(out, asked):
        _export_folder(context, Path(out))
        return
    house = open_house(context)
    form = _form(asked, out or "")
    if out is not None and form == "sqlite":
        _export_database(context, house, Path(out), force=force)
        return
    note = partial(_note, context, house, form)
    with house.reading() as connection, closing(events(StoredLog(connection))) as rows:
        if out is None:
            _write_to_stdout(rows, form, note)
            return
        target = Path(out) / f"pdca-log.{form}" if Path(out).is_dir() else Path(out)
        count = _write_file(target, rows, form, note, force=force)
    view = {"file": str(target), "format": form, "events": count}
    words = _("%(events)s events written to %(file)s.") % view
    emit_object(context, "pdca.export/1", view, human=lambda: [words])


def _names_a_folder(out: str, asked: str | None) -> bool:
    if asked in ("csv", "sqlite"):
        return False
    place = Path(out)
    new_name = asked not in FORMS and not place.suffix and not place.exists()
    return out.endswith("/") or place.is_dir() or new_name


def _export_folder(context: Context, folder: Path) -> None:
    """Write the log with all that is needed to check it; exits with 1 when it does not fit its checkpoints."""
    from pdca.files import whole_folder
    from pdca.log_folder import EVENTS, fill

    house = open_house(context)
    with house.reading() as connection, whole_folder(folder) as new:
        log = StoredLog(connection)

        def write_events(path: Path) -> int:
            with closing(events(log)) as rows, path.open("x", encoding="utf-8", newline="") as file:
                return write(Hashed(file), rows, "jsonl")

        filled = fill(connection, new, write_events)
        _note(context, house, "folder", filled.events, sha256_of(new / EVENTS))
    view = {"file": str(folder), "format": "folder", **asdict(filled), "failed": list(filled.failed)}
    lines = [
        _("%(events)s events written to %(file)s.") % view,
        _("With %(checkpoints)s signed checkpoints and %(dossiers)s dossiers. Anybody checks it: %(command)s")
        % {**view, "command": f"python {folder}/verify.py {folder}"},
    ]
    emit_object(context, "pdca.export/1", view, human=lambda: lines)
    _tell_failed(context, filled.failed)


def _export_database(context: Context, house: House, out: Path, *, force: bool) -> None:
    """Write the log as a database that can be queried; exits with 1 when it does not fit its checkpoints."""
    from tempfile import TemporaryDirectory

    from pdca.log_folder import beside_the_events
    from pdca.store.auditors_copy import Contents, write_copy

    target = out / "pdca-log.db" if out.is_dir() else out
    with house.reading() as connection, TemporaryDirectory(prefix="pdca-") as beside, _whole(target, force) as new:
        log = StoredLog(connection)
        files, failed = beside_the_events(connection, Path(beside))
        count = write_copy(
            new, Contents(((row, body) for row, _text, body in _read(log)), log.every_node(), log.checkpoints(), files)
        )
        _note(context, house, "sqlite", count, sha256_of(new))
    view = {"file": str(target), "format": "sqlite", "events": count, "failed": list(failed)}
    emit_object(context, "pdca.export/1", view, human=lambda: [_("%(events)s events written to %(file)s.") % view])
    _tell_failed(context, failed)


def _tell_failed(context: Context, failed: Sequence[str]) -> None:
    if failed:
        context.note(
            _("The log does not fit what was signed, so these could not be made: %(names)s. See `pdca audit verify`.")
            % {"names": ", ".join(failed[:10])}
        )
        context.exit(1)


def _note(context: Context, house: House, form: str, count: int, sha256: str) -> None:
    from pdca.consulted import HandedOut

    note_handed_out(context, house, "export", HandedOut(form, None, opened=False, events=count, sha256=sha256))


def _write_to_stdout(rows: Iterable[dict[str, Any]], form: str, note: Note) -> None:
    """Write to whoever reads; what went out before an error went out too."""
    hashed = Hashed(sys.stdout)
    try:
        write(hashed, rows, form)
    finally:
        if hashed.rows:
            note(hashed.rows, hashed.sha256)


def _form(asked: str | None, out: str) -> str:
    if asked in FORMS:
        return str(asked)
    return NAMES.get(Path(out).suffix.lower(), "jsonl")


def _write_file(target: Path, rows: Iterable[dict[str, Any]], form: str, note: Note, *, force: bool) -> int:
    with _whole(target, force) as new:
        with new.open("x", encoding="utf-8", newline="") as file:
            hashed = Hashed(file)
            count = write(hashed, rows, form)
        note(count, hashed.sha256)
    return count


@contextmanager
def _whole(target: Path, force: bool) -> Iterator[Path]:  # noqa: FBT001 - the flag of the command line
    try:
        with whole_file(target, overwrite=force) as new:
            yield new
    except Usage as error:
        if error.code == "already-exists":
            error.hint = _("Choose another name, or say --force to replace it.")
        raise


def events(log: StoredLog) -> Generator[dict[str, Any], None, None]:
    """Yield every event in the order of the tree, then those without a place in it yet; raises Failed on a bad body."""
    for row, text, body in _read(log):
        leaf = row.leaf_hash.hex() if isinstance(row.leaf_hash, bytes) else None
        place = {"event": row.event_id, "leaf_index": row.leaf_index, "leaf_hash": leaf, "body": text}
        said = {**body, **place}
        yield {name: said.get(name) for name in EXPORTED}


def _read(log: StoredLog) -> Generator[tuple[EventRow, str, dict[str, Any]], None, None]:
    """Yield every event with its body, as text and as it is read; raises Failed for one that is none."""
    for row in log.events():
        try:
            text = bytes(row.body).decode() if isinstance(row.body, bytes) else ""
            body: dict[str, Any] = {**json.loads(text)}
        except (ValueError, TypeError, RecursionError) as error:
            raise unreadable(row.event_id) from error
        yield row, text, body


def write(file: Hashed, rows: Iterable[dict[str, Any]], form: str) -> int:
    """Write rows as JSON Lines or CSV, and count them."""
    writer = csv.DictWriter(file, EXPORTED) if form == "csv" else None
    if writer:
        writer.writeheader()
    for row in rows:
        file.rows += 1
        if writer:
            writer.writerow(row)
        else:
            file.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")
    return file.rows
