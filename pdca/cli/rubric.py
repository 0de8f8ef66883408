"""`pdca plan rubric`: one rubric of a plan, with every revision of its words."""

from typing import Any

import click

from pdca.cli.cells import legend
from pdca.cli.context import Context
from pdca.cli.frame import Command, pass_context
from pdca.cli.house import find_plan, open_house
from pdca.cli.output import Block, Heading, emit_object
from pdca.i18n import N_, _, localized
from pdca.report.plans import View
from pdca.words import AUDIENCES, marked, spoken_list
from workflows.instants import to_the_minute


@click.command(
    "rubric",
    cls=Command,
    short_help=N_("Show what a rubric of a plan says and said, and who does not see it."),
    help=N_(
        "Show the words of a rubric, from whom it is withheld, and every revision with who wrote it and when. RUBRIC "
        "is its id or the beginning of its name."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.argument("rubric_word", metavar="RUBRIC")
@pass_context
def rubric(context: Context, plan_word: str, rubric_word: str) -> None:
    """Show one rubric."""
    from pdca.report.rubric import rubric_of

    with open_house(context).reading() as connection:
        view = rubric_of(connection, find_plan(connection, plan_word), rubric_word)
    emit_object(context, "pdca.rubric/1", view, human=lambda: _page(view))


def _page(view: View) -> list[Block]:
    blocks: list[Block] = [Heading(f"{view['plan']}  {localized(view['label'])}  ({view['rubric']})")]
    blocks += _words(view, marked_as=view["assumed"])
    if view["withheld_from"]:
        blocks.append(_("Withheld from: %(whom)s") % {"whom": spoken_list(AUDIENCES, view["withheld_from"])})
    if view["basis"]:
        blocks.append(_("Assumed from: %(basis)s") % {"basis": view["basis"]})
    if view["note"]:
        blocks.append(_("Note: %(note)s") % {"note": view["note"]})
    if view["revisions"]:
        blocks.append(Heading(_("Revisions")))
    anybody_assumed = False
    for revision in reversed(view["revisions"]):
        anybody_assumed |= bool(revision["by"] and revision["by"]["assumed"])
        blocks.append(
            _("%(number)s, %(at)s, by %(who)s")
            % {"number": revision["revision"], "at": to_the_minute(revision["at"]), "who": _who(revision)}
        )
        blocks += [f"  {line}" for text in _words(revision) for line in text.splitlines()]
    return [*blocks, *legend(view["assumed"] or anybody_assumed)]


def _who(revision: View) -> str:
    by = revision["by"]
    return marked(f"{by['name']} ({by['person_id']})", by["assumed"]) if by else _("nobody")


def _words(said: Any, *, marked_as: bool = False) -> list[str]:  # noqa: ANN401 - a rubric or one of its revisions
    if said["not_applicable"]:
        return [marked(_("Does not apply: %(why)s") % {"why": _in_all(said["not_applicable"])}, marked_as)]
    return [marked(_in_all(said["text"]), marked_as) if said["text"] else _("(empty)")]


def _in_all(texts: View) -> str:
    """Give a text alone in its one language, or every language with its code before it."""
    if len(texts) == 1:
        return localized(texts)
    return "\n".join(f"[{language}] {text}" for language, text in texts.items())
