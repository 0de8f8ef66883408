"""`pdca audit verify`: whether the log and everything stored fit together."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, pass_context
from pdca.cli.house import open_house
from pdca.cli.notes import WITNESSED, not_trusted, read_checkpoint, read_key, read_witness_keys
from pdca.cli.output import Block, Heading, emit_object
from pdca.errors import Usage
from pdca.i18n import N_, _, ngettext
from pdca.store.database import Database
from pdca.store.driver import Connection
from pdca.store.reads import log as statements

if TYPE_CHECKING:
    from pdca.audit.checked import Held
    from pdca.audit.findings import Finding, Report
    from pdca.audit.part import Parts
    from pdca.store.verifying import StoredLog

FINDINGS_SHOWN: Final = 50


@click.command(
    "verify",
    cls=Command,
    short_help=N_("Check that the log and everything stored fit together."),
    help=N_(
        "Compute every hash of the log anew and compare: each event, the tree over all of them, the order of the "
        "events of each plan, every stored row with what the log says of it, and every checkpoint. Names what does not "
        "fit, and exits with 1. What was rewritten from beginning to end, or cut off together with everything that "
        "speaks of it, shows only against a checkpoint that was kept elsewhere: give it with --checkpoint. Exits with 3"
        " when all fits, and the key given with --key does not vouch for another key of the log."
    ),
)
@click.option(
    "--checkpoint",
    "kept",
    multiple=True,
    metavar="FILE",
    help=N_("A checkpoint that was kept outside the house; may be given several times. - reads from stdin."),
)
@click.option(
    "--key",
    "trusted",
    multiple=True,
    metavar="KEY",
    help=N_("The public key of the log as you keep it, or its file: no other may have signed what you kept."),
)
@WITNESSED
@pass_context
def verify(context: Context, kept: tuple[str, ...], trusted: tuple[str, ...], witnessed: tuple[str, ...]) -> None:
    """Verify the log."""
    from dataclasses import asdict

    from pdca.audit.verify import verify as verified
    from pdca.erasure.scrubbing import unscrubbed

    # Not `reading`: that looks into the installation's row, which may have been tampered with like any other.
    house = open_house(context)
    held = _held(kept, trusted, witnessed)
    with _opened(context, house.database) as (connection, log, parts), _progress(connection) as progress:
        report = verified(log, progress, held=held, parts=parts)
        left = unscrubbed(connection)
    whole = not (trusted and report.untrusted_keys)
    view = {"ok": report.ok and whole, **asdict(report), "findings": [asdict(one) for one in report.findings]}
    view["unscrubbed"] = left
    emit_object(context, "pdca.verify/1", view, human=lambda: _verdict(report, whole=whole))
    if left is not None and not context.json:
        from pdca.report.terms import unscrubbed_hint, unscrubbed_in_words

        context.note(f"{unscrubbed_in_words(left)} {unscrubbed_hint()}")
    if not (report.ok and whole):
        context.exit(3 if report.ok else 1)


def _held(kept: tuple[str, ...], trusted: tuple[str, ...], witnessed: tuple[str, ...]) -> "list[Held]":
    from pdca.audit.checked import Held

    if (trusted or witnessed) and not kept:
        raise Usage(
            "key-without-checkpoint",
            _("A key says who may have signed a checkpoint, and none is given."),
            hint=_("Give the checkpoint that you kept with --checkpoint FILE."),
        )
    keys = tuple(read_key(one) for one in trusted)
    witnesses = read_witness_keys(witnessed)
    return [Held(name, read_checkpoint(name), keys, witnesses) for name in kept]


@contextmanager
def _opened(context: Context, database: Database) -> "Iterator[tuple[Connection, StoredLog, Parts]]":
    """Open the log, and say who looks at its stretches: one that is long is shared with helpers."""
    from pdca.audit.part import PartOf, one_after_the_other
    from pdca.audit.stretch import LONG
    from pdca.store.verifying import StoredLog

    with database.connect() as connection:
        if connection.value(statements.LEAVES_UP_TO, most=LONG) < LONG:
            yield connection, StoredLog(connection), one_after_the_other
            return
    # Loaded for a long log only: it is forty modules.
    from pdca.auditing import Helpers, helpers_here

    # Helpers begin while no connection is open, not that of who reads either, and before the thread that shows how far
    # they are.
    context.close()
    with Helpers(database, helpers_here(), PartOf) as helpers, database.connect() as connection:
        yield connection, helpers.open(connection), helpers.parts


@contextmanager
def _progress(connection: Connection) -> Iterator[Callable[[int], None] | None]:
    import sys

    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    total = (connection.one(statements.COUNTS) or {"events": 0})["events"]
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(_("Verifying"), total=max(total, 1))
        yield lambda read: bar.update(task, completed=read)


def _verdict(report: "Report", *, whole: bool) -> Iterator[Block]:
    counts = {"events": report.events, "leaves": report.leaves, "unsealed": report.unsealed}
    yield _("%(events)s events read, %(leaves)s in the tree, %(unsealed)s waiting for a place in it.") % counts
    yield _("Root of the tree: %(root)s") % {"root": report.root or _("none, for leaves are missing")}
    if report.erased:
        words = ngettext(
            "%(count)s value is gone because it was erased; an event says so.",
            "%(count)s values are gone because they were erased; an event says so of each.",
            report.erased,
        )
        yield words % {"count": report.erased}
    if report.ok and whole:
        yield Heading(_("Everything fits: every event, the tree, every sequence and every stored row."))
    if report.proven is not None:
        yield from _proven(report)
    yield from map(not_trusted, report.untrusted_keys)
    if report.ok:
        return
    words = ngettext("%(count)s thing does not fit:", "%(count)s things do not fit:", report.total)
    yield Heading(words % {"count": report.total})
    for finding in report.findings[:FINDINGS_SHOWN]:
        yield from _finding(finding)
    more = report.total - FINDINGS_SHOWN
    if more > 0:
        yield _("… and %(count)s more; --json names up to 1000.") % {"count": more}


def _proven(report: "Report") -> Iterator[Block]:
    proven = report.proven or 0
    if proven:
        words = ngettext(
            "The checkpoint that was kept outside vouches for the first event.",
            "The checkpoint that was kept outside vouches for the first %(count)s events.",
            proven,
        )
        yield words % {"count": proven}
    else:
        yield _("No checkpoint that was kept outside vouches for anything here.")
    if report.events > proven:
        yield _("For those after it only the signature of the house itself speaks: %(count)s.") % {
            "count": report.events - proven
        }


def _finding(finding: "Finding") -> Iterator[Block]:
    about = f" (#{finding.event_id})" if finding.event_id is not None else ""
    yield f"  - [{finding.code}] {finding.where}{about}: {finding.message}"
    if finding.expected is not None:
        yield "    " + _("the log says: %(value)s") % {"value": finding.expected}
        yield "    " + _("stored is: %(value)s") % {"value": finding.found}
