"""`pdca audit checkpoint`: the signed state of the log."""

from pathlib import Path

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, pass_context
from pdca.cli.house import open_house
from pdca.cli.output import emit_object
from pdca.errors import Failed
from pdca.i18n import N_, _, ngettext


@click.command(
    "checkpoint",
    cls=Command,
    short_help=N_("Sign the state of the log, for somebody to keep elsewhere."),
    help=N_(
        "Write a signed note (c2sp.org/tlog-checkpoint) of how many events the log has and what they add up to. Who "
        "keeps it outside the house can prove later what was there, with `pdca audit verify --checkpoint FILE`. Where "
        "the key of the log is not, the last note that was signed is written, and how many events came after it."
    ),
)
@click.option("--out", metavar="FILE", help=N_("Write the note to this file, which is not replaced."))
@pass_context
def checkpoint(context: Context, out: str | None) -> None:
    """Sign the state of the log, or give what was signed last."""
    from pdca.audit.checkpoint import Checkpoint
    from pdca.audit.notes import text_of
    from pdca.checkpoints import Signed, latest, sign_state
    from pdca.cli.audit_key import key_file
    from pdca.files import whole_file
    from pdca.store import eventlog

    house = open_house(context)
    with house.reading() as connection:
        file = key_file(context, connection)
        last = latest(connection)
        events = eventlog.tree_size(connection)
    if file is not None and file.path.exists():
        with house.writing() as uow:
            signed = sign_state(uow, file)
        events = signed.checkpoint.size
    elif last is not None:
        signed = Signed(Checkpoint.parse(text_of(last["note"])), last["note"], new=False)
    else:
        raise Failed(
            "nothing-signed",
            _("Nothing was signed yet, and the key of the log is not here."),
            hint=_("The machine that has it signs; `pdca audit key list` says where it is looked for."),
        )
    if out is not None:
        with whole_file(Path(out)) as new:
            new.write_text(signed.note, encoding="utf-8")
    after = events - signed.checkpoint.size
    view = {
        "origin": signed.checkpoint.origin,
        "size": signed.checkpoint.size,
        "root": signed.checkpoint.root.hex(),
        "note": signed.note,
        "signed": signed.new,
        "events_after": after,
        "out": out,
    }
    emit_object(context, "pdca.checkpoint/1", view, human=lambda: _told(signed.note, out))
    if after:
        words = ngettext(
            "%(count)s event came after this checkpoint.", "%(count)s events came after this checkpoint.", after
        )
        context.note(words % {"count": after})


def _told(note: str, out: str | None) -> list[str]:
    return note.rstrip("\n").split("\n") if out is None else [_("Written to %(file)s.") % {"file": out}]
