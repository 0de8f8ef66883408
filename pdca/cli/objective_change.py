"""`pdca objective add`, `set` and `remove`: writing the objectives of a programme."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import click

from pdca.cli.context import Context
from pdca.cli.finding import find_objective, find_phenomenon, find_programme
from pdca.cli.frame import Command, dry_run_option, pass_context, reason_option
from pdca.cli.given import (
    Reader,
    changed_or_not,
    emit_done,
    fields_argument,
    fields_given,
    language_given,
    text_or_none,
    title_option,
    titles,
    unusable,
    values_given,
)
from pdca.cli.house import check, open_house
from pdca.cli.objective_under_plan import add_under, remove_under, set_under
from pdca.errors import Usage
from pdca.i18n import N_, _
from pdca.programme import words
from pdca.store.driver import Connection
from pdca.store.reads import plans

_TRUTHS: Final = {"yes": True, "no": False}


@click.command(
    "add",
    cls=Command,
    short_help=N_("Add a candidate objective to a programme."),
    help=N_(
        "Add a candidate objective to a programme, at the top or under another objective; its level follows from "
        "where it stands. With --plan it stands under a plan, where the method has those, and follows that plan. "
        "Whether it is retained is decided with `pdca objective retain`. Without --id it gets the next number beside "
        "it. Done by an administrator, or by whoever heads the body or answers for it."
    ),
)
@title_option
@click.option(
    "--programme", "programme_word", metavar="PROGRAMME", help=N_("The programme; not needed when there is one only.")
)
@click.option("--parent", "parent_word", metavar="OBJECTIVE", help=N_("The objective under which it stands."))
@click.option("--plan", "plan_word", metavar="PLAN", help=N_("The plan under which it stands."))
@click.option("--level", help=N_("The level that it is meant to stand on; another one is refused."))
@click.option("--id", "wanted", metavar="ID", help=N_("What it is called; otherwise the next number."))
@click.option("--phenomenon", "phenomenon_word", metavar="PHENOMENON", help=N_("The phenomenon that it is about."))
@click.option("--internal", is_flag=True, help=N_("It is about the organisation itself."))
@click.option("--note", help=N_("What else is to be known of it."))
@dry_run_option
@pass_context
def add(  # noqa: PLR0913, PLR0917 - one argument per option
    context: Context,
    texts: tuple[str, ...],
    programme_word: str | None,
    parent_word: str | None,
    plan_word: str | None,
    level: str | None,
    wanted: str | None,
    phenomenon_word: str | None,
    internal: bool,  # noqa: FBT001 - a flag of the command line
    note: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Add an objective."""
    if plan_word is not None:
        others = {"--programme": programme_word, "--parent": parent_word, "--level": level}
        _nothing_beside_plan({**others, "--phenomenon": phenomenon_word, "--internal": internal})
        add_under(context, plan_word, texts, wanted, note, dry_run=dry_run)
        return
    from pdca.programme.objective import AddObjective

    house = open_house(context)
    with house.reading() as connection:
        parent = find_objective(connection, parent_word) if parent_word is not None else None
        command = AddObjective(
            programme_id=_programme(connection, programme_word, parent),
            title=titles("--title", texts, language_given(context, connection)),
            parent=parent,
            level=level,
            objective_id=wanted,
            phenomenon=find_phenomenon(connection, phenomenon_word) if phenomenon_word is not None else None,
            internal=internal,
            note=note,
        )
    outcome = house.apply(command, dry_run=dry_run)
    template = (
        _("%(objective)s is added to %(programme)s, under %(parent)s.")
        if parent
        else _("%(objective)s is added to %(programme)s.")
    )
    lines = [template % outcome.summary]
    if parent is None:
        decide = "pdca objective decide %(objective)s --disposition … --motive … --by … --on DATE"
        lines.append(_("It is a candidate. To record what is decided over it:"))
        lines.append("  " + decide % outcome.summary)
    emit_done(context, "pdca.objective-added/1", outcome, lines, dry_run=dry_run)


def _nothing_beside_plan(others: Mapping[str, object]) -> None:
    for option, value in others.items():
        if value:
            raise Usage(
                "options-exclude",
                _("%(part)s and %(other)s do not go together.") % {"part": "--plan", "other": option},
                hint=_("An objective under a plan has a title and a note; the rest follows from its plan."),
            )


def _programme(connection: Connection, word: str | None, parent: str | None) -> str:
    """Find the programme that is named, otherwise that of the parent, otherwise the only one there is."""
    if word is None and parent is not None:
        return str((connection.one(plans.OBJECTIVE, objective_id=parent) or {})["programme_id"])
    return find_programme(connection, word)


@click.command(
    "set",
    cls=Command,
    short_help=N_("Change what is said of an objective, or where it stands."),
    help=N_(
        "Change what is said of an objective: FIELD=VALUE, and FIELD= to take it away. The fields are title "
        "(title=fr=… is the title in French), parent (without a value: the top), position (the place among those "
        "beside it, from 1), phenomenon, internal (yes or no) and note. Its id stays. When its programme was handed in "
        "for approval, another title or parent needs --reason; what changes the substance goes to the authorities with "
        "`pdca programme addendum`."
    ),
)
@click.argument("word", metavar="OBJECTIVE")
@fields_argument
@reason_option
@dry_run_option
@pass_context
def set_(
    context: Context,
    word: str,
    fields: tuple[str, ...],
    reason: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Change an objective."""
    from pdca.programme.objective import SetObjective

    given = fields_given(fields, ("title", *_READ), "title")
    house = open_house(context)
    with house.reading() as connection:
        wanted = find_objective(connection, word, under_plans=True)
        if "/" in wanted:
            set_under(context, wanted, given, reason, dry_run=dry_run)
            return
        values = values_given(context, connection, given, "title", _READ)
    outcome = check(house.apply(SetObjective(wanted, values, reason), dry_run=dry_run), wanted, dry_run=dry_run)
    lines = [changed_or_not(outcome, wanted), *_of_substance(outcome.summary)]
    emit_done(context, "pdca.objective-changed/1", outcome, lines, dry_run=dry_run)


def _of_substance(summary: Any) -> Sequence[str]:  # noqa: ANN401 - the summary of an outcome
    if summary["programme_status"] not in words.HANDED_IN or not {"title", "parent_id"} & set(summary["changed"]):
        return ()
    told = _("%(programme)s is “%(status)s”. A change of substance is decided by the authorities, as an addendum:")
    told %= {"programme": summary["programme"], "status": words.status(summary["programme_status"])}
    return told, f'  pdca programme addendum {summary["programme"]} --text … --step "AUTHORITY: ACT"'


def _parent(connection: Connection, text: str) -> str | None:
    return find_objective(connection, text) if text else None


def _position(_connection: Connection, text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text):
        raise unusable("position", text, _("Write a place from 1."))
    return int(text)


def _phenomenon(connection: Connection, text: str) -> str | None:
    return find_phenomenon(connection, text) if text else None


def _internal(_connection: Connection, text: str) -> bool:
    if text not in _TRUTHS:
        raise unusable("internal", text, _("Write %(yes)s or %(no)s.") % {"yes": "yes", "no": "no"})
    return _TRUTHS[text]


_READ: Final[dict[str, Reader]] = {
    "parent": _parent,
    "position": _position,
    "phenomenon": _phenomenon,
    "internal": _internal,
    "note": text_or_none,
}


@click.command(
    "remove",
    cls=Command,
    short_help=N_("Remove an objective that was added by mistake."),
    help=N_(
        "Remove an objective that was added by mistake: nothing was decided over it, no objective and no plan stands "
        "under it, and its programme was not handed in for approval. Otherwise it stays listed, and can be dropped "
        "with `pdca objective decide`."
    ),
)
@click.argument("word", metavar="OBJECTIVE")
@reason_option
@dry_run_option
@pass_context
def remove(
    context: Context,
    word: str,
    reason: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Remove an objective."""
    from pdca.programme.objective import RemoveObjective

    house = open_house(context)
    with house.reading() as connection:
        wanted = find_objective(connection, word, under_plans=True)
    if "/" in wanted:
        remove_under(context, wanted, reason, dry_run=dry_run)
        return
    outcome = check(house.apply(RemoveObjective(wanted, reason), dry_run=dry_run), wanted, dry_run=dry_run)
    lines = [_("%(objective)s is removed.") % outcome.summary]
    emit_done(context, "pdca.objective-removed/1", outcome, lines, dry_run=dry_run)
