"""`pdca audit`: reading, verifying and exporting the log."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, Final

import click

from pdca.cli.cells import legend
from pdca.cli.context import Context
from pdca.cli.frame import Command, Group, ListCommand, pass_context
from pdca.cli.house import find_plan, open_house
from pdca.cli.notes import WITNESSED, read_checkpoint, read_key, read_witness_keys
from pdca.cli.output import Block, Column, Heading, Row, emit_list, emit_object
from pdca.cli.table import Screen, show
from pdca.cli.words import behalf, parse_day
from pdca.errors import Usage
from pdca.house import installation
from pdca.i18n import N_, _, ngettext
from pdca.report import log as views
from pdca.report.scheduling import SILENCE, is_late, silent_since
from pdca.store.driver import Connection
from pdca.store.reads import log as statements
from pdca.words import marked
from workflows.instants import to_text, to_the_minute
from workflows.schedule import due_instant

if TYPE_CHECKING:
    from pdca.audit.checked import Held
    from pdca.audit.findings import Finding, Report

FINDINGS_SHOWN: Final = 50

audit = Group(
    "audit",
    short_help=N_("Read, verify and export the log."),
    lazy={
        "log": ("pdca.cli.audit:log", N_("Show what happened: who, when, from where to where, and why.")),
        "verify": ("pdca.cli.audit:verify", N_("Check that the log and everything stored fit together.")),
        "checkpoint": (
            "pdca.cli.checkpoint:checkpoint",
            N_("Sign the state of the log, for somebody to keep elsewhere."),
        ),
        "proof": ("pdca.cli.proving:proof", N_("Prove that one event is in the log.")),
        "consistency": (
            "pdca.cli.proving:consistency",
            N_("Prove that the log only grew between two checkpoints."),
        ),
        "dossier": (
            "pdca.cli.proving:dossier",
            N_("Take out everything the log has of one plan, with the proof that nothing is missing."),
        ),
        "check": (
            "pdca.cli.checking:check",
            N_("Check proofs, dossiers and checkpoints that were handed over, without a database."),
        ),
        "key": ("pdca.cli.audit_key:key", N_("The key that signs the log.")),
        "witness": ("pdca.cli.witness:witness", N_("Cosign the log of another house, as a witness.")),
        "timestamp": ("pdca.cli.timestamp:timestamp", N_("Have an authority stamp a checkpoint with the time.")),
        "redact": ("pdca.cli.erasing:redact", N_("Erase a single value of the log.")),
        "export": ("pdca.cli.exporting:export", N_("Write the whole log out, for somebody to check elsewhere.")),
    },
)

COLUMNS: Final = (
    Column("event", N_("Event"), whole=True, right=True),
    Column("at", N_("When"), whole=True),
    Column("plan", N_("Plan"), whole=True),
    Column("kind", N_("What")),
    Column("trigger", N_("Trigger")),
    Column("from", N_("From state")),
    Column("to", N_("To state")),
    Column("actor", N_("Who")),
    Column("actor_name", N_("Name")),
    Column("on_behalf_of", N_("On behalf of")),
    Column("source", N_("By way of")),
    Column("evaluation", N_("Evaluation")),
    Column("refused", N_("Refused")),
    Column("due_at", N_("Due")),
    Column("late_seconds", N_("Seconds late"), right=True),
    Column("reason", N_("Why")),
    Column("actor_assumed", "Who is assumed"),
)


DUE: Final = {
    (False, False): N_("due %(at)s UTC"),
    (False, True): N_("due %(at)s UTC, done %(late)s later"),
    (True, False): N_("nothing had run since %(at)s UTC"),
    (True, True): N_("nothing had run since %(at)s UTC, for %(late)s"),
}
HELD: Final = {
    False: N_("due %(at)s UTC, held until %(until)s UTC while the plan was at rest"),
    True: N_("due %(at)s UTC, held until %(until)s UTC while the plan was at rest, done %(late)s late"),
}


@click.command(
    "log",
    cls=ListCommand,
    short_help=N_("Show what happened: who, when, from where to where, and why."),
    help=N_(
        "Show the log, oldest first: who, when, from which state to which, by what trigger, why, on behalf of whom, "
        "and by which way it came. Refused attempts are in it too. A date means the beginning of that day."
    ),
)
@click.option("--plan", "plan_word", metavar="PLAN", help=N_("Only what happened to this plan."))
@click.option("--since", metavar="DATE", help=N_("Only from this date or instant on."))
@click.option("--until", metavar="DATE", help=N_("Only before this date or instant."))
@click.option("--refused", is_flag=True, help=N_("Only attempts that were refused."))
@click.option("--late", is_flag=True, help=N_("Only what was enforced late, and since when nothing had run."))
@click.option("--kind", metavar="KIND", help=N_("Only this kind of event, such as plan.advanced."))
@click.option("--last", type=click.IntRange(min=1), metavar="NUMBER", help=N_("Only so many, the last ones."))
@pass_context
def log(
    context: Context,
    plan_word: str | None,
    since: str | None,
    until: str | None,
    refused: bool,  # noqa: FBT001 - a flag of the command line
    late: bool,  # noqa: FBT001 - a flag of the command line
    kind: str | None,
    last: int | None,
) -> None:
    """Show the log."""
    house = open_house(context)
    with house.reading() as connection:
        zone = installation(connection)["zone"]
        first, end = _instant("--since", since, zone), _instant("--until", until, zone)
        if first is not None and end is not None and end <= first:
            raise Usage(
                "days-backwards",
                _("%(last)s does not come after %(first)s.") % {"first": since, "last": until},
                hint=_("Give the earlier day to --since."),
            )
        every = (
            views.events_of_plan(connection, find_plan(connection, plan_word))
            if plan_word
            else views.events(connection)
        )
        with closing(every):
            chosen: Iterable[dict[str, Any]] = (
                event
                for event in every
                if (first is None or event["at"] >= first)
                and (end is None or event["at"] < end)
                and (not refused or event["refused"] is not None)
                and (not late or is_late(event))
                and kind in (None, event["kind"])
            )
            _emit(context, chosen if last is None else deque(chosen, maxlen=last))
        if late:
            _tell_silence(context, connection, house.now(connection))


def _emit(context: Context, events: Iterable[dict[str, Any]]) -> None:
    """Write events as they come; on a terminal each as a few lines, for a table would have to know them all."""
    screen = Screen.of_stdout(context.environ)
    form = context.options.format or ("table" if screen.terminal else "tsv")
    if form != "table":
        emit_list(context, "events", COLUMNS, events)
        return
    none, assumed = True, False
    for event in events:
        none, assumed = False, assumed or event["actor_assumed"]
        show(_entry(event), screen)
    show(legend(assumed), screen)
    if none:
        context.note(_("There are no such events."))


def _tell_silence(context: Context, connection: Connection, now: datetime) -> None:
    since = silent_since(connection, now)
    if since is not None:
        context.note(_("The scheduler has not run since %(at)s UTC.") % {"at": to_the_minute(since)})


def _entry(event: Row) -> list[Block]:
    when = event["at"][:19].replace("T", " ")
    subject = " ".join(part for part in (event["plan"], event["evaluation"]) if part)
    heading = "  ".join(part for part in (f"#{event['event']}", f"{when} UTC", subject, event["kind"]) if part)
    lines: list[Block] = [Heading(heading)]
    if event["from"] or event["to"]:
        step = f"{event['from'] or '-'} → {event['to'] or '-'}"
        lines.append(f"  {step} ({event['trigger']})" if event["trigger"] else f"  {step}")
    elif event["trigger"]:
        lines.append(f"  ({event['trigger']})")
    who = marked(event["actor_name"], event["actor_assumed"])
    if event["actor_name"] != event["actor"]:
        who += f" ({event['actor']})"
    who += behalf(event)
    lines.append("  " + _("%(who)s, by way of %(source)s") % {"who": who, "source": event["source"]})
    if event["refused"] is not None:
        lines.append("  " + _("REFUSED: %(codes)s") % {"codes": ", ".join(event["refused"])})
    if event["due_at"]:
        due = {"at": to_the_minute(event["due_at"]), "late": _duration(event["late_seconds"])}
        if event["held_until"]:
            due["until"] = to_the_minute(event["held_until"])
        late = bool(due["late"])
        words = HELD[late] if event["held_until"] else DUE[event["kind"] == SILENCE, late]
        lines.append("  " + _(words) % due)
    if event["reason"]:
        lines.append("  " + _("why: %(reason)s") % {"reason": event["reason"]})
    return lines


def _duration(seconds: int) -> str:
    minutes = seconds // 60
    if minutes < 1:
        return ""
    days, hours = divmod(minutes // 60, 24)
    if days:
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"


def _instant(option: str, text: str | None, zone: str) -> str | None:
    """Read a local date, or an instant with a time zone, as an instant in the text form of the log."""
    if text is None:
        return None
    if "T" not in text and " " not in text.strip():
        return to_text(due_instant(parse_day(option, text), time(0), zone))
    try:
        return to_text(datetime.fromisoformat(text))
    except (ValueError, OverflowError) as error:
        raise Usage(
            "instant-unknown",
            _("“%(text)s” is not an instant with a time zone.") % {"text": text},
            hint=_("Write it like 2024-10-01T09:00:00Z."),
        ) from error


@click.command(
    "verify",
    cls=Command,
    short_help=N_("Check that the log and everything stored fit together."),
    help=N_(
        "Compute every hash of the log anew and compare: each event, the tree over all of them, the order of the "
        "events of each plan, every stored row with what the log says of it, and every checkpoint. Names what does not "
        "fit, and exits with 1. What was rewritten from beginning to end, or cut off together with everything that "
        "speaks of it, shows only against a checkpoint that was kept elsewhere: give it with --checkpoint."
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
    from pdca.report.terms import unscrubbed_hint, unscrubbed_in_words
    from pdca.store.verifying import StoredLog

    # Not `reading`: that looks into the installation's row, which may have been tampered with like any other.
    database = open_house(context).database
    held = _held(kept, trusted, witnessed)
    with database.connect() as connection, _progress(connection) as progress:
        report = verified(StoredLog(connection), progress, held=held)
        left = unscrubbed(connection)
    view = {"ok": report.ok, **asdict(report), "findings": [asdict(one) for one in report.findings]}
    view["unscrubbed"] = left
    emit_object(context, "pdca.verify/1", view, human=lambda: _verdict(report))
    if left is not None and not context.json:
        context.note(f"{unscrubbed_in_words(left)} {unscrubbed_hint()}")
    if not report.ok:
        context.exit(1)


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


def _verdict(report: "Report") -> Iterator[Block]:
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
    if report.ok:
        yield Heading(_("Everything fits: every event, the tree, every sequence and every stored row."))
    if report.proven is not None:
        yield from _proven(report)
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
