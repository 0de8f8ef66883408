"""`pdca audit timestamp`: a time stamp of a checkpoint, by an authority that has nothing to do with the house."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, Group, pass_context
from pdca.cli.notes import read_checkpoint
from pdca.cli.output import emit_object
from pdca.errors import Failed, NotFound, Place, Usage
from pdca.i18n import N_, _
from workflows.instants import to_text

if TYPE_CHECKING:
    from pdca.audit.timestamps import Roots, Stamp

ENDING: Final = ".tsr"
ROOT: Final = N_("The root certificate of the authority in PEM, as you keep it.")

timestamp = Group(
    "timestamp",
    short_help=N_("Have an authority stamp a checkpoint with the time."),
    lazy={
        "ask": ("scheduler.timestamping:ask", N_("Ask an authority for a time stamp of a checkpoint.")),
        "check": ("pdca.cli.timestamp:check", N_("Check a time stamp of a checkpoint, without a network.")),
    },
)


@click.command(
    "check",
    cls=Command,
    short_help=N_("Check a time stamp of a checkpoint, without a network."),
    help=N_(
        "Check that an authority stamped this checkpoint, byte for byte, and when. No network and no database is "
        "needed, only its root certificate, which you keep yourself. Who signed the checkpoint is checked by "
        "`pdca audit check`. Exits with 1 when it does not fit."
    ),
)
@click.argument("checkpoint")
@click.option("--tsa-root", "root", metavar="PEM", required=True, help=ROOT)
@click.option("--stamp", metavar="FILE", help=N_("The file of the time stamp; otherwise CHECKPOINT.tsr."))
@pass_context
def check(context: Context, checkpoint: str, root: str, stamp: str | None) -> None:
    """Check a time stamp."""
    from pdca.audit.timestamps import LARGEST_ANSWER, verify_answer

    note, roots = read_checkpoint(checkpoint), roots_in(root)
    file = beside(checkpoint, stamp)
    tell(context, checkpoint, verify_answer(_bytes(file, LARGEST_ANSWER), note, roots), file)


def tell(context: Context, checkpoint: str, stamp: "Stamp", file: Path) -> None:
    """Say what a time stamp says."""
    view = {"checkpoint": checkpoint, "at": to_text(stamp.at), "signer": stamp.signer, "stamp": str(file)}
    said = {**view, "at": f"{stamp.at:%Y-%m-%d %H:%M:%S}"}
    lines = [_("%(checkpoint)s was there at %(at)s UTC.") % said]
    lines.append(
        _("Signed by %(signer)s.") % said
        if stamp.signer
        else _("By whom that is signed was not checked: give --tsa-root.")
    )
    emit_object(context, "pdca.timestamp/1", view, human=lambda: lines)


def beside(checkpoint: str, stamp: str | None) -> Path:
    """Say where the time stamp of a checkpoint is; raises Usage for one from stdin, which is nowhere."""
    if stamp is None and checkpoint == "-":
        raise Usage(
            "stamp-nowhere",
            _("A checkpoint from stdin has no file beside it."),
            hint=_("Name the file of the time stamp."),
        )
    return Path(stamp or checkpoint + ENDING)


def roots_in(name: str) -> "Roots":
    """Read the root certificates in a file."""
    from pdca.audit.timestamps import LARGEST_ANSWER, Roots

    return Roots.read(_bytes(Path(name), LARGEST_ANSWER))


def _bytes(path: Path, largest: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(largest)
    except FileNotFoundError as error:
        raise NotFound("file-missing", _("There is no such file."), place=Place(file=str(path))) from error
    except OSError as error:
        raise Failed("file-unreadable", _("It cannot be read: %(reason)s.") % {"reason": error.strerror}) from error
