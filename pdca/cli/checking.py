"""`pdca audit check`: checkpoints, proofs, dossiers and whole logs that somebody kept, without a database."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, pass_context
from pdca.cli.notes import WITNESSED, not_trusted, read_key, read_small, read_witness_keys
from pdca.cli.output import Block, emit_object
from pdca.errors import Usage
from pdca.i18n import N_, _, ngettext
from workflows.instants import to_the_minute

if TYPE_CHECKING:
    from pdca.audit.event import EventView
    from pdca.audit.kept import Shown
    from pdca.handed_folder import HandedFolder

LARGEST: Final = 1 << 30
"""Bytes of a dossier."""


@click.command(
    "check",
    cls=Command,
    short_help=N_("Check proofs, dossiers, checkpoints and whole exports that were handed over, without a database."),
    help=N_(
        "Check files that somebody was handed: checkpoints, proofs of one event, proofs that the log only grew, and "
        "dossiers. No database is needed, only the public key of the log, which you keep yourself. What is given "
        "together is held against each other, and to the log when a folder that `pdca audit export` wrote is among "
        "it, as is all that lies in that folder. Exits with 1 when something does not fit, and with 3 when what could "
        "be checked fits but not all could be: two checkpoints can be of two logs, because the proof that the log only "
        "grew from one to the other was not given; or no key that you trust vouches for some events or for another "
        "key of the log."
    ),
)
@click.argument("files", nargs=-1, required=True, metavar="FILE|FOLDER…")
@click.option(
    "--key",
    "trusted",
    multiple=True,
    required=True,
    metavar="KEY",
    help=N_("The public key of the log as you keep it, or its file; may be given several times."),
)
@WITNESSED
@pass_context
def check(context: Context, files: tuple[str, ...], trusted: tuple[str, ...], witnessed: tuple[str, ...]) -> None:
    """Check what was kept."""
    from pdca.audit.kept import check_kept

    keys, witnesses = [read_key(one) for one in trusted], read_witness_keys(witnessed)
    folders = [name for name in files if Path(name).is_dir()]
    given = [(name, read_small(name, LARGEST)) for name in files if name not in folders]
    if witnesses and folders and not given:
        raise Usage(
            "key-without-checkpoint",
            _("A key says who may have signed a checkpoint, and none is given."),
            hint=_("Name the checkpoint that the witness cosigned beside the folder."),
        )
    if folders:
        from pdca.handed_folder import check_folder

        checked = [check_folder(Path(name), given, keys, witnesses) for name in folders]
        fits, whole = all(one.fits for one in checked), all(one.whole for one in checked)
        shown = [each for one in checked for each in (*one.given, *one.found)]
        lines = [line for one in checked for line in _folder_told(one)]
    else:
        checked, shown = [], list(check_kept(given, keys, witnesses))
        fits, whole = all(one.error is None for one in shown), all(one.apart is None for one in shown)
        lines = [line for one in shown for line in _told(one)]
    view = {
        "ok": fits and whole,
        "files": [_fields(one) for one in shown],
        "folders": [_folder_fields(one) for one in checked],
    }
    emit_object(context, "pdca.check/1", view, human=lambda: lines)
    if not (fits and whole):
        context.exit(3 if fits else 1)


def _folder_fields(one: "HandedFolder") -> dict[str, Any]:
    return {
        "folder": one.folder,
        "events": one.events,
        "root": one.root,
        "waiting": one.waiting,
        "vouched": one.vouched,
        "untrusted_keys": list(one.untrusted),
        "faults": [{"file": each.where, "code": each.error.code, "message": each.error.message} for each in one.faults],
    }


def _folder_told(one: "HandedFolder") -> Iterator[Block]:
    for each in one.faults:
        yield _does_not_fit(each.where, each.error.message)
    for shown in one.given:
        yield from _told(shown)
    for shown in one.found:
        yield from _told(shown, brief=True)
    yield ngettext(
        "%(folder)s: %(count)s event in the tree, which has the root %(root)s.",
        "%(folder)s: %(count)s events in the tree, which has the root %(root)s.",
        one.events,
    ) % {"folder": one.folder, "count": one.events, "root": one.root}
    yield ngettext(
        "%(count)s event is vouched for by a key that is trusted.",
        "%(count)s events are vouched for by a key that is trusted.",
        one.vouched,
    ) % {"count": one.vouched}
    if not one.events:
        yield _("NOT CHECKED: whose log this is. It has no event that a key could vouch for.")
    if one.events > one.vouched:
        yield ngettext(
            "NOT CHECKED: %(count)s event that no such key vouches for.",
            "NOT CHECKED: %(count)s events that no such key vouches for.",
            one.events - one.vouched,
        ) % {"count": one.events - one.vouched}
    if one.waiting:
        yield ngettext(
            "NOT CHECKED: %(count)s event that has no place in the tree yet.",
            "NOT CHECKED: %(count)s events that have no place in the tree yet.",
            one.waiting,
        ) % {"count": one.waiting}
    yield from map(not_trusted, one.untrusted)


def _does_not_fit(name: str, why: str | None) -> str:
    return _("%(file)s: DOES NOT FIT. %(why)s") % {"file": name, "why": why}


def _fields(one: "Shown") -> dict[str, Any]:
    checkpoint = one.checkpoint
    return {
        "file": one.name,
        "kind": one.kind,
        "ok": one.error is None,
        "code": one.error and one.error.code,
        "message": one.error and one.error.message,
        "origin": checkpoint and checkpoint.origin,
        "size": checkpoint and checkpoint.size,
        "root": checkpoint and checkpoint.root.hex(),
        "old": one.old,
        "apart": one.apart,
        "events": [_event_fields(event, one) for event in one.events],
    }


def _event_fields(event: "EventView", one: "Shown") -> dict[str, Any]:
    return {
        "stream": event.stream,
        "seq": event.seq,
        "at": event.at,
        "kind": event.kind,
        "trigger": event.trigger,
        "from": event.from_state,
        "to": event.to_state,
        "actor": event.actor,
        "refused": event.refused and list(event.refused),
        "reason": _reason(event, one),
    }


def _reason(event: "EventView", one: "Shown") -> str | None:
    import json

    value = event.reason and one.opened.get(event.reason.digest)
    return json.loads(value) if value else None


def _told(one: "Shown", *, brief: bool = False) -> Iterator[Block]:
    if one.error is not None or one.checkpoint is None:
        yield _does_not_fit(one.name, one.error.message if one.error else None)
        return
    yield f"{one.name}: {_verdict(one)}"
    if one.apart is not None:
        sizes = {"file": one.name, "old": one.checkpoint.size, "new": one.apart}
        yield (
            _("%(file)s: NOT CHECKED that the log only grew: give the proof from %(old)s to %(new)s events as well.")
            % sizes
        )
    for event in () if brief else one.events:
        step = f"{event.from_state or '-'} → {event.to_state or '-'}" if event.from_state or event.to_state else ""
        said = (f"{event.stream} #{event.seq}", to_the_minute(event.at), event.kind, step, event.actor)
        yield "  " + "  ".join(part for part in said if part)
        if reason := _reason(event, one):
            yield "    " + _("why: %(reason)s") % {"reason": reason}


def _verdict(one: "Shown") -> str:
    size = one.checkpoint.size if one.checkpoint else 0
    named = {"origin": one.checkpoint and one.checkpoint.origin, "count": size, "old": one.old}
    match one.kind:
        case "inclusion":
            words = ngettext(
                "this event is in the log of %(origin)s, among its first event.",
                "this event is in the log of %(origin)s, among its first %(count)s events.",
                size,
            )
        case "dossier":
            named["stream"] = one.events[0].stream
            words = ngettext(
                "all events of %(stream)s among the first event of %(origin)s; none is missing.",
                "all events of %(stream)s among the first %(count)s events of %(origin)s; none is missing.",
                size,
            )
        case "consistency":
            words = ngettext(
                "the log of %(origin)s with %(count)s event begins with what it had at %(old)s.",
                "the log of %(origin)s with %(count)s events begins with what it had at %(old)s.",
                size,
            )
        case _:
            words = ngettext(
                "%(origin)s signed that its log had %(count)s event.",
                "%(origin)s signed that its log had %(count)s events.",
                size,
            )
    return words % named
