"""`pdca audit proof`, `consistency` and `dossier`: what somebody takes along to check elsewhere."""

import hashlib
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from pdca.cli.consulting import note_handed_out
from pdca.cli.context import Context
from pdca.cli.frame import Command, pass_context
from pdca.cli.house import find_plan, open_house
from pdca.cli.notes import read_checkpoint
from pdca.cli.output import emit_object
from pdca.files import whole_file
from pdca.i18n import N_, ngettext
from pdca.store.driver import Connection

OUT = click.option("--out", metavar="FILE|FOLDER", help=N_("Where to; a file there is not replaced. Otherwise stdout."))
HELD = click.option(
    "--checkpoint",
    "kept",
    metavar="FILE",
    help=N_("Prove by this checkpoint, which somebody kept, instead of the one signed last. - reads from stdin."),
)


@click.command(
    "proof",
    cls=Command,
    short_help=N_("Prove that one event is in the log."),
    help=N_(
        "Write a proof (c2sp.org/tlog-proof) that one event is in the log of a signed checkpoint. It carries the event "
        "and the checkpoint, and shows nothing of other events but hashes. `pdca audit check` verifies it anywhere."
    ),
)
@click.argument("event", type=click.IntRange(min=1))
@HELD
@OUT
@pass_context
def proof(context: Context, event: int, kept: str | None, out: str | None) -> None:
    """Prove one event."""
    from pdca.proving import EXTENSIONS, prove_event

    house = open_house(context)
    with house.reading() as connection:
        proven = prove_event(connection, event, _note(connection, kept))
    view = {"kind": "inclusion", "event": event, "index": proven.index, **_of(proven.note)}
    name = f"event-{event}{EXTENSIONS['inclusion']}"
    _hand_out(context, proven.text(), view, out, name)


@click.command(
    "consistency",
    cls=Command,
    short_help=N_("Prove that the log only grew between two checkpoints."),
    help=N_(
        "Write a proof that the log of one checkpoint begins with that of an earlier one: nothing before the earlier "
        "one was changed, taken out or put in. A checkpoint is a file, or the number of events of one that was signed "
        "here; without the second it is the one signed last. `pdca audit check` verifies it, together with the earlier "
        "checkpoint."
    ),
)
@click.argument("old")
@click.argument("new", required=False)
@OUT
@pass_context
def consistency(context: Context, old: str, new: str | None, out: str | None) -> None:
    """Prove the growth of the log."""
    from pdca.proving import EXTENSIONS, prove_growth

    house = open_house(context)
    with house.reading() as connection:
        grown = prove_growth(connection, _named(connection, old), _named(connection, new))
    view = {"kind": "consistency", "old": grown.old, **_of(grown.note)}
    name = f"{grown.old}-{view['size']}{EXTENSIONS['consistency']}"
    _hand_out(context, grown.text(), view, out, name)


@click.command(
    "dossier",
    cls=Command,
    short_help=N_("Take out everything the log has of one plan, with the proof that nothing is missing."),
    help=N_(
        "Write all events of a plan up to a signed checkpoint, each with its proof, and that none is missing. Of other "
        "plans it shows nothing but hashes. Names, reasons and other personal or free texts are in it as commitments "
        "only, unless --open adds them. `pdca audit check` verifies it anywhere."
    ),
)
@click.argument("plan")
@HELD
@OUT
@click.option("--open", "opened", is_flag=True, help=N_("With the personal values and free texts of this plan's log."))
@pass_context
def dossier(
    context: Context,
    plan: str,
    kept: str | None,
    out: str | None,
    opened: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Take out the log of one plan."""
    from pdca.consulted import HandedOut
    from pdca.proving import EXTENSIONS, Dossiers

    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan)
        found = Dossiers(connection, _note(connection, kept)).of(plan_id, opened=opened)
    text, count = found.text(), len(found.entries)
    view = {"kind": "dossier", "plan": plan_id, "events": count, "opened": opened, **_of(found.note)}

    def note() -> None:
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        note_handed_out(context, house, "dossier", HandedOut("dossier", plan_id, opened, count, sha256))

    _hand_out(context, text, view, out, f"{plan_id}{EXTENSIONS['dossier']}", note)


def _note(connection: Connection, kept: str | None) -> str:
    from pdca.proving import latest_note

    return latest_note(connection) if kept is None else read_checkpoint(kept)


def _named(connection: Connection, word: str | None) -> str:
    """Give the checkpoint that a word names: a number of events, or a file."""
    from pdca.proving import note_of_size

    if word is not None and word.isascii() and word.isdigit():
        return note_of_size(connection, int(word))
    return _note(connection, word)


def _of(note: str) -> dict[str, Any]:
    from pdca.audit.checkpoint import Checkpoint
    from pdca.audit.notes import text_of

    checkpoint = Checkpoint.parse(text_of(note))
    return {"origin": checkpoint.origin, "size": checkpoint.size}


def _hand_out(
    context: Context,
    text: str,
    view: Mapping[str, Any],
    out: str | None,
    name: str,
    note: Callable[[], None] = lambda: None,
) -> None:
    """Write a proof to stdout, or to a file and say so; `note` is called when it is about to leave."""
    if out is None:
        note()
        if context.json:
            emit_object(context, "pdca.proof/1", {**view, "out": None, "text": text})
        else:
            # As it is, on a terminal too: not one byte of it may be wrapped.
            sys.stdout.write(text)
        return
    target = Path(out) / name if Path(out).is_dir() else Path(out)
    with whole_file(target) as new:
        new.write_text(text, encoding="utf-8", newline="\n")
        note()
    words = ngettext(
        "Written to %(file)s, by a checkpoint of %(count)s event.",
        "Written to %(file)s, by a checkpoint of %(count)s events.",
        view["size"],
    ) % {"file": target, "count": view["size"]}
    emit_object(context, "pdca.proof/1", {**view, "out": str(target), "text": None}, human=lambda: [words])
