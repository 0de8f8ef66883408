"""`pdca audit witness`: being the witness of another house's log, without a database."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, Group, ListCommand, dry_run_option, pass_context
from pdca.cli.notes import read_key, read_small
from pdca.cli.output import Column, Row, emit_list, emit_object
from pdca.cli.words import DRY_RUN
from pdca.i18n import N_, _, ngettext
from workflows.instants import to_text, to_the_minute

if TYPE_CHECKING:
    from pdca.audit.proofs import ConsistencyProof
    from pdca.witness import Cosigned, Witness

witness = Group(
    "witness",
    short_help=N_("Cosign the log of another house, as a witness."),
    lazy={
        "init": ("pdca.cli.witness:init", N_("Become a witness: make a key, and know the log of a house.")),
        "trust": ("pdca.cli.witness:trust", N_("Know another log, or another key of one that is known.")),
        "list": ("pdca.cli.witness:list_", N_("List the logs that this witness knows, and what it cosigned last.")),
        "sign": ("pdca.cli.witness:sign", N_("Cosign a checkpoint, once it is shown that the log only grew.")),
    },
)


def _at(row: Row) -> str:
    return to_the_minute(row["at"]) if row["at"] else ""


COLUMNS: Final = (
    Column("log", N_("Log")),
    Column("size", N_("Events"), whole=True, right=True),
    Column("at", N_("Cosigned"), whole=True, show=_at),
)
FIELDS: Final = (
    *COLUMNS,
    Column("root", "Root"),
    Column("keys", "Keys"),
    Column("witness", "Witness"),
    Column("vkey", "Its key"),
)


@click.command(
    "init",
    cls=Command,
    short_help=N_("Become a witness: make a key, and know the log of a house."),
    help=N_(
        "Make a folder with a key of your own, and the public key of the log that you are to cosign. Do this on a "
        "machine that the house of that log does not run. Give the public key that is printed to whoever is to trust "
        "you. NAME is yours, such as town.example/witness."
    ),
)
@click.argument("name")
@click.option(
    "--key",
    "trusted",
    multiple=True,
    required=True,
    metavar="KEY",
    help=N_("The public key of a log, or its file, as its house gave it to you; may be given several times."),
)
@dry_run_option
@pass_context
def init(context: Context, name: str, trusted: tuple[str, ...], dry_run: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Make a witness."""
    here = _here(context)
    vkey = here.make(name, [read_key(one) for one in trusted], keep=not dry_run)
    view = {"vkey": None if dry_run else str(vkey), "folder": str(here.folder), "dry_run": dry_run}
    lines = [
        _("The public key of this witness: %(vkey)s") % view,
        _("Its private half and its memory are in %(folder)s. Copy the key, and never put an old memory back.") % view,
    ]
    emit_object(context, "pdca.witness/1", view, human=lambda: [_(DRY_RUN)] if dry_run else lines)


@click.command(
    "trust",
    cls=Command,
    short_help=N_("Know another log, or another key of one that is known."),
    help=N_(
        "Know another log from now on, or another key of one that is known already: a house that changed the key of "
        "its log gives you the new one by a way of its own."
    ),
)
@click.argument("key")
@dry_run_option
@pass_context
def trust(context: Context, key: str, dry_run: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Know a key."""
    trusted = read_key(key)
    new = _here(context).trust(trusted, keep=not dry_run)
    view = {"vkey": str(trusted), "log": trusted.name, "new": new, "dry_run": dry_run}
    words = N_("This key of %(log)s is known from now on.") if new else N_("This key of %(log)s was known already.")
    emit_object(context, "pdca.witness-trust/1", view, human=lambda: [_(DRY_RUN) if dry_run else _(words) % view])


@click.command(
    "list",
    cls=ListCommand,
    short_help=N_("List the logs that this witness knows, and what it cosigned last."),
    help=N_("List the logs that this witness knows, and of each how many events it had when it was cosigned last."),
)
@pass_context
def list_(context: Context) -> None:
    """List the logs."""
    from pdca.cli.naming import shows_table

    here = _here(context)
    mine, known = here.key().verifier, here.logs()
    rows = []
    for log in dict.fromkeys(one.name for one in known):
        last = here.last(log)
        rows.append(
            {
                "log": log,
                "size": last and last.checkpoint.size,
                "at": last and _instant(last),
                "root": last and last.checkpoint.root.hex(),
                "keys": [str(one) for one in known if one.name == log],
                "witness": mine.name,
                "vkey": str(mine),
            }
        )
    table = shows_table(context)
    emit_list(context, "witnessed_logs", COLUMNS if table else FIELDS, rows, empty=_("This witness knows no log."))
    if table:
        context.note(_("The public key of this witness: %(vkey)s") % {"vkey": mine})


@click.command(
    "sign",
    cls=Command,
    short_help=N_("Cosign a checkpoint, once it is shown that the log only grew."),
    help=N_(
        "Check that a log signed a checkpoint and that it only grew since you cosigned it last, remember that, and "
        "write the checkpoint with your signature and its time (c2sp.org/tlog-cosignature). FILE is what the house "
        "makes with `pdca audit consistency`; the first time, and when nothing was added, the checkpoint itself. "
        "Nothing is ever cosigned that goes back or contradicts what was cosigned before."
    ),
)
@click.argument("file")
@click.option("--out", metavar="FILE", help=N_("Write the note to this file, which is not replaced."))
@dry_run_option
@pass_context
def sign(context: Context, file: str, out: str | None, dry_run: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Cosign a checkpoint."""
    from pdca.files import whole_file

    growth = _read_growth(file)
    cosigned = _here(context).sign(growth, int(context.clock.now().timestamp()), keep=not dry_run)
    if out is not None and not dry_run:
        with whole_file(Path(out)) as new:
            new.write_text(cosigned.note, encoding="utf-8", newline="\n")
    if context.json:
        emit_object(context, "pdca.cosigned/1", _view(cosigned, out, dry_run=dry_run))
        return
    if dry_run:
        context.note(_(DRY_RUN))
    elif out is None:
        # As it is, on a terminal too: not one byte of it may be wrapped.
        sys.stdout.write(cosigned.note)
    for line in _told(cosigned, None if dry_run else out):
        context.note(line)


def _here(context: Context) -> "Witness":
    from pdca.witness import Witness, witness_folder

    return Witness(witness_folder(context.settings.audit.witness_folder, context.environ))


def _read_growth(name: str) -> "ConsistencyProof":
    """Read a proof with its checkpoint, or a checkpoint alone, which is one that goes on from nothing."""
    from pdca.audit.copied import note_in
    from pdca.audit.proofs import ConsistencyProof

    text = read_small(name)
    if text.startswith("old "):
        return ConsistencyProof.parse(text)
    return ConsistencyProof(0, (), note_in(text))


def _instant(cosigned: "Cosigned") -> str:
    from datetime import UTC, datetime

    return to_text(datetime.fromtimestamp(cosigned.at, UTC))


def _view(cosigned: "Cosigned", out: str | None, *, dry_run: bool) -> dict[str, object]:
    return {
        "log": cosigned.checkpoint.origin,
        "size": cosigned.checkpoint.size,
        "root": cosigned.checkpoint.root.hex(),
        "at": _instant(cosigned),
        "new": cosigned.new,
        "note": None if dry_run else cosigned.note,
        "out": None if dry_run else out,
        "dry_run": dry_run,
    }


def _told(cosigned: "Cosigned", out: str | None) -> Iterator[str]:
    said = {"log": cosigned.checkpoint.origin, "count": cosigned.checkpoint.size}
    if cosigned.new:
        words = ngettext(
            "%(log)s: cosigned, with %(count)s event.",
            "%(log)s: cosigned, with %(count)s events.",
            cosigned.checkpoint.size,
        )
    else:
        words = ngettext(
            "%(log)s: %(count)s event; cosigned before, and again as it was.",
            "%(log)s: %(count)s events; cosigned before, and again as it was.",
            cosigned.checkpoint.size,
        )
    yield words % said
    if out is not None:
        yield _("Written to %(file)s.") % {"file": out}
