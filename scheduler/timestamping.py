"""`pdca audit timestamp ask`: asking a time-stamping authority over the network, as RFC 3161 section 3.4 has it."""

import ssl
from typing import Final
from urllib.parse import SplitResult

import click

from pdca.audit import timestamps
from pdca.cli.context import Context
from pdca.cli.frame import Command, dry_run_option, pass_context
from pdca.cli.notes import read_checkpoint
from pdca.cli.output import emit_object
from pdca.cli.timestamp import ROOT, beside, roots_in, tell
from pdca.cli.words import DRY_RUN
from pdca.errors import Failed, TryAgain
from pdca.files import whole_file
from pdca.i18n import N_, _
from pdca.settings_groups import Audit
from scheduler.channels.addresses import NotPublic
from scheduler.channels.posting import TIMEOUT_SECONDS, TROUBLE, Poster, parts_of, port_of, words_of

HEADERS: Final = {
    "Content-Type": "application/timestamp-query",
    "Accept": "application/timestamp-reply",
    "User-Agent": "pdca",
}

_WELL: Final = 200
_REFUSED: Final = range(300, 500)
_PASSING: Final = frozenset({408, 425, 429})
"""Refused by their number, yet about the moment and not about the request."""


@click.command(
    "ask",
    cls=Command,
    short_help=N_("Ask an authority for a time stamp of a checkpoint."),
    help=N_(
        "Ask the time-stamping authority of the setting audit.timestamp_url (RFC 3161) to stamp a checkpoint, and keep "
        "its answer beside it. Only a hash leaves the house. With --tsa-root the answer is kept only when that "
        "certificate stands behind who signed it. Exits with 75 when there is no answer now."
    ),
)
@click.argument("checkpoint")
@click.option("--tsa-root", "root", metavar="PEM", help=ROOT)
@click.option("--out", metavar="FILE", help=N_("The file of the time stamp, not replaced; otherwise CHECKPOINT.tsr."))
@dry_run_option
@pass_context
def ask(context: Context, checkpoint: str, root: str | None, out: str | None, dry_run: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Ask for a time stamp."""
    note, file = read_checkpoint(checkpoint), beside(checkpoint, out)
    roots = roots_in(root) if root is not None else None
    url, asked = checked_url(context.settings.audit), timestamps.ask(note)
    with whole_file(file, keep=not dry_run) as new:
        if dry_run:
            view = {"checkpoint": checkpoint, "at": None, "signer": None, "stamp": str(file), "dry_run": True}
            emit_object(context, "pdca.timestamp/1", view, human=lambda: [_(DRY_RUN)])
            return
        answer = answer_to(asked, context.settings.audit, url)
        if roots is None:
            stamp = timestamps.read_answer(answer, note, asked)
        else:
            stamp = timestamps.verify_answer(answer, note, roots, asked)
        new.write_bytes(answer)
    tell(context, checkpoint, stamp, file)


def checked_url(settings: Audit) -> SplitResult:
    """Give the parts of the address of the authority; raises Failed for one that is missing or wrong."""
    if settings.timestamp_url is None:
        raise Failed(
            "timestamp-not-set-up",
            _("No authority is named that stamps: the setting “audit.timestamp_url” is empty."),
            hint=_("Ask one for its address (RFC 3161, by HTTP), such as https://tsa.example/."),
        )
    url = parts_of(settings.timestamp_url)
    if url is None:
        raise Failed(
            "timestamp-url",
            _("The setting “audit.timestamp_url” is not an address that can be asked."),
            hint=_("Write it like https://tsa.example/, without a user or a password."),
        )
    return url


def answer_to(
    asked: timestamps.Asked,
    settings: Audit,
    url: SplitResult,
    *,
    timeout: float = TIMEOUT_SECONDS,
    tls: ssl.SSLContext | None = None,
) -> bytes:
    """Post a request, and give the answer; raises TryAgain when there is none now, Failed when there never will be."""
    poster = Poster(settings.timestamp_addresses == "public", "audit.timestamp_addresses", timeout, tls)
    where = f"{url.hostname}:{port_of(url)}"
    try:
        answered = poster.post(url, asked.content, lambda: HEADERS, largest=timestamps.LARGEST_ANSWER)
    except NotPublic as error:
        raise Failed(
            "timestamp-address",
            _("The authority is not asked: %(why)s") % {"why": error},
            hint=_('audit.timestamp_addresses = "any" is for one inside your own walls.'),
        ) from error
    except TROUBLE as error:
        raise _no_answer(where, words_of(error), later=True) from error
    if answered.status != _WELL:
        passing = answered.status in _PASSING or answered.status not in _REFUSED
        raise _no_answer(where, str(answered.status), later=passing)
    return answered.body


def _no_answer(where: str, why: str, *, later: bool) -> Failed | TryAgain:
    message = _("The authority at %(where)s did not answer: %(why)s.") % {"where": where, "why": why}
    if later:
        return TryAgain("timestamp-unreachable", message, hint=_("Nothing was kept; ask again later."))
    return Failed("timestamp-unreachable", message, hint=_("Look at the setting “audit.timestamp_url”."))
