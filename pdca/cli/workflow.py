"""`pdca workflow`: the methods by which plans are worked, shipped ones and an organisation's own."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from pdca import methods
from pdca.cli.context import Context
from pdca.cli.failure import from_definition
from pdca.cli.frame import Command, Group, ListCommand, pass_context
from pdca.cli.house import open_house, use_methods
from pdca.cli.output import Block, Column, Heading, Row, emit_list, emit_object
from pdca.errors import Failed, PdcaError, Place, Usage
from pdca.i18n import N_, _, gettext, localized, ngettext
from pdca.store.driver import Connection
from pdca.words import spoken
from workflows import definition as definitions
from workflows.method import WorkflowDefinition
from workflows.problem import Problem

if TYPE_CHECKING:
    from workflows.checking import Checked

STDIN: Final = "-"
LARGEST_FILE: Final = 1024 * 1024

workflow = Group(
    "workflow",
    short_help=N_("Show, check and compare the methods by which plans are worked."),
    help=N_(
        "Show, check and compare the methods by which plans are worked. A method is a definition file: states, "
        "triggers, rubrics, levels, deadlines. Those of an organisation's own stand in the folder that the setting "
        "workflow.folder names, as ID.toml; an older version that plans still run on, as ID@VERSION.toml."
    ),
)

STANDS_IN: Final = {
    "file": N_("file"),
    "file-and-database": N_("file, in the database"),
    "file-differs": N_("in the database; the FILE SAYS OTHERWISE"),
    "database": N_("in the database only"),
}
"""Where a version of a method stands; one that was taken over stands in the database."""

LIST_COLUMNS: Final = (
    Column("id", N_("Method"), whole=True),
    Column("version", N_("Version"), right=True),
    Column("title", N_("Title"), show=lambda row: localized(row["title"]) if row["title"] else _problems(row)),
    Column("states", N_("States"), right=True),
    Column("rubrics", N_("Rubrics"), right=True),
    Column("shipped", N_("Shipped")),
    Column("file", N_("File"), show=lambda row: "" if row["shipped"] else str(row["file"] or "")),
    Column("stands_in", N_("Stands in"), show=lambda row: spoken(STANDS_IN, row["stands_in"])),
)


def _problems(row: Row) -> str:
    return _("cannot be used: %(problem)s") % row


@workflow.command("list", cls=ListCommand, short_help=N_("List every method and version there is."))
@pass_context
def list_(context: Context) -> None:
    """List every method."""
    use_methods(context)
    rows = [_listed(source) for source in definitions.sources()]
    with _installation(context) as connection:
        kept = [] if connection is None else list(methods.every_taken_over(connection))
        there = {(row["id"], row["version"]): row for row in rows if row["problem"] is None}
        for one in kept:
            if row := there.get((one.id, one.version)):
                row["stands_in"] = "file-and-database" if one.file == "same" else "file-differs"
            elif connection is not None:
                rows.append(_listed_of_database(connection, one))
    emit_list(context, "workflows", LIST_COLUMNS, rows)


@contextmanager
def _installation(context: Context) -> Iterator[Connection | None]:
    """Open the database for the versions that were taken over; None where there is none: a method needs none."""
    with ExitStack() as opened:
        try:
            connection = opened.enter_context(open_house(context).reading())
        except PdcaError:
            connection = None
        yield connection


def _described(definition: WorkflowDefinition) -> dict[str, Any]:
    return {
        "version": definition.version,
        "title": dict(definition.title),
        "states": len(definition.states),
        "rubrics": len(definition.rubrics),
    }


def _listed_of_database(connection: Connection, one: methods.TakenOver) -> dict[str, Any]:
    row: dict[str, Any] = {"id": one.id, "version": one.version, "title": None, "states": None, "rubrics": None}
    row |= {"shipped": False, "file": None, "problem": None, "stands_in": "database"}
    try:
        return row | _described(methods.taken_over(connection, one.id, one.version))
    except definitions.DefinitionError as error:
        return {**row, "problem": error.said(gettext)}


def _listed(source: definitions.Source) -> dict[str, Any]:
    row: dict[str, Any] = {"id": source.id, "version": source.version, "title": None, "states": None, "rubrics": None}
    row |= {"shipped": source.shipped, "file": source.where, "problem": None, "stands_in": "file"}
    try:
        definition = source.read()
        definitions.load(source.id, definition.version)
    except definitions.DefinitionError as error:
        return {**row, "problem": error.said(gettext)}
    return row | _described(definition)


@workflow.command(
    "show",
    cls=Command,
    short_help=N_("Show a method: its states, triggers, rubrics, levels and deadlines."),
    help=N_(
        "Show a method: its states, triggers, rubrics, levels and deadlines, in words or as a state diagram. METHOD is "
        "the id of one, ID@VERSION, or the path of a definition file."
    ),
)
@click.argument("method", metavar="METHOD")
@click.option("--version", type=click.IntRange(min=1), help=N_("This version, instead of the newest."))
@click.option("--mermaid", "diagram", is_flag=True, help=N_("As a state diagram in the language Mermaid."))
@pass_context
def show(context: Context, method: str, version: int | None, diagram: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Show a method."""
    use_methods(context)
    definition = _named(context, method, version)
    if diagram:
        from workflows.diagram import mermaid

        text = mermaid(definition, context.language)
        if context.json:
            emit_object(context, "pdca.workflow-diagram/1", {"mermaid": text})
        else:
            # Not fitted to the screen: it is read by programs.
            sys.stdout.write(text)
        return
    from pdca.cli.workflow_page import fields, page

    emit_object(context, "pdca.workflow/1", fields(definition), human=lambda: page(definition))


@workflow.command(
    "check",
    cls=Command,
    short_help=N_("Check a definition file: every error and warning, with its place."),
    help=N_(
        "Check a definition file, - being standard input: every error and warning at once, each with its line and "
        "column, what is wrong and what would fit. Exits with 1 when there is an error; a warning is none."
    ),
)
@click.argument("file", metavar="FILE")
@pass_context
def check(context: Context, file: str) -> None:
    """Check a definition file."""
    from pdca.cli.workflow_page import finding_fields

    use_methods(context)
    found = _beside_taken_over(context, *_examined(file))
    name = _("standard input") if file == STDIN else file
    view = {
        "file": name,
        "ok": not found.errors,
        "id": found.definition.id if found.definition else None,
        "version": found.definition.version if found.definition else None,
        "errors": [finding_fields(one) for one in found.errors],
        "warnings": [finding_fields(one) for one in found.warnings],
    }
    emit_object(context, "pdca.workflow-check/1", view, human=lambda: _verdict(name, found))
    if found.errors:
        context.exit(1)


def _verdict(name: str, found: "Checked") -> list[Block]:
    from pdca.cli.workflow_page import finding_lines

    blocks: list[Block] = []
    for finding in (*found.errors, *found.warnings):
        blocks += ["\n".join(finding_lines(name, finding)), ""]
    if found.definition is None:
        count = len(found.errors)
        words = ngettext("%(file)s: %(count)s error.", "%(file)s: %(count)s errors.", count)
        return [*blocks, Heading(words % {"file": name, "count": count})]
    definition = found.definition
    values = {
        "file": name,
        "title": localized(definition.title),
        "id": definition.id,
        "version": definition.version,
        "states": len(definition.states),
        "triggers": len(definition.transitions),
        "rubrics": len(definition.rubrics),
        "warnings": len(found.warnings),
    }
    words = _(
        "%(file)s: %(title)s (%(id)s, version %(version)s) can be used: %(states)s states, %(triggers)s triggers, "
        "%(rubrics)s rubrics; warnings: %(warnings)s."
    )
    return [*blocks, Heading(words % values)]


@workflow.command(
    "diff",
    cls=Command,
    short_help=N_("Show what changed between two versions, methods or files."),
    help=N_(
        "Show what changed from one definition to another: states, triggers with their guards and effects, rubrics, "
        "levels, deadlines, the ladder. Given are a method and two versions, or two of: ID, ID@VERSION, FILE."
    ),
)
@click.argument("words", metavar="METHOD A B | ONE OTHER", nargs=-1, required=True)
@pass_context
def diff(context: Context, words: tuple[str, ...]) -> None:
    """Show what changed."""
    from dataclasses import asdict

    from workflows.difference import differences

    use_methods(context)
    old, new = _both(context, words)
    changes = differences(old, new)
    view = {
        "from": {"id": old.id, "version": old.version},
        "to": {"id": new.id, "version": new.version},
        "same": not changes,
        "changes": [asdict(one) for one in changes],
    }

    def human() -> list[Block]:
        from pdca.cli.workflow_page import difference_lines

        title = f"{old.id} {old.version} → {new.id} {new.version}"
        return [Heading(title), *(difference_lines(changes) if changes else [_("There is no difference.")])]

    emit_object(context, "pdca.workflow-diff/1", view, human=human)


_PAIR: Final = 2


def _both(context: Context, words: tuple[str, ...]) -> tuple[WorkflowDefinition, WorkflowDefinition]:
    if len(words) == _PAIR:
        return _named(context, words[0]), _named(context, words[1])
    if len(words) > _PAIR and all(word.isdecimal() for word in words[1:]) and len(words) == 1 + _PAIR:
        return _named(context, words[0], int(words[1])), _named(context, words[0], int(words[2]))
    raise Usage(
        "diff-unclear",
        _("It is not clear what is to be compared."),
        hint=_("Write `pdca workflow diff ID VERSION VERSION`, or name two methods or files."),
    )


def _named(context: Context, word: str, version: int | None = None) -> WorkflowDefinition:
    """Give the definition that a word names: the path of a file, ID@VERSION or ID, with or without its file."""
    if word == STDIN or "/" in word or word.endswith(".toml"):
        if version is not None:
            raise Usage(
                "version-of-file",
                _("A file holds one version, so --version says nothing about it."),
                hint=_("Leave --version out."),
            )
        found, _content = _examined(word)
        if found.definition is None:
            first = found.errors[0]
            raise Failed(
                "method-unusable",
                first.problem.words(gettext),
                hint=_("`pdca workflow check %(file)s` shows everything that is wrong with it.") % {"file": word},
                place=Place(word, first.mark.line, first.mark.column, first.field),
            )
        return found.definition
    name, at, stated = word.partition("@")
    if at and version is None:
        if not (stated.isdecimal() and stated.isascii()):
            raise Usage(
                "version-unknown",
                _("“%(text)s” is no version.") % {"text": stated},
                hint=_("Write it like zvp@1."),
            )
        version = int(stated)
    try:
        try:
            return definitions.load(name, version)
        except definitions.DefinitionError:
            with _installation(context) as connection:
                kept = None if connection is None else methods.without_file(connection, name, version)
            if kept is None:
                raise
    except definitions.DefinitionError as error:
        raise from_definition(error) from error
    context.note(
        _("%(name)s is shown as it was taken over into the database: there is no file that can be used.")
        % {"name": f"{kept.id}@{kept.version}"}
    )
    return kept


def _beside_taken_over(context: Context, found: "Checked", content: bytes) -> "Checked":
    """Add a warning when a definition says something else than the same version that the installation works by."""
    definition = found.definition
    if definition is None:
        return found
    with _installation(context) as connection:
        if connection is None or not methods.differs_from_taken_over(connection, definition):
            return found
    from workflows.checking import remarked

    text = N_("Version %(version)s of %(id)s was taken over into the database already, and this file says otherwise.")
    hint = N_("Give it a higher version; plans keep the text that was taken over: `pdca workflow list`.")
    params: dict[str, str | int] = {"id": definition.id, "version": definition.version}
    return remarked(found, [Problem("version-taken-over", ("version",), text, hint, params, warning=True)], content)


def _examined(file: str) -> "tuple[Checked, bytes]":
    try:
        if file == STDIN:
            content = sys.stdin.buffer.read(LARGEST_FILE + 1)
        else:
            with Path(file).open("rb") as source:
                content = source.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        raise Failed(
            "file-unreadable",
            _("The file cannot be read: %(reason)s.") % {"reason": getattr(error, "strerror", None) or error},
            hint=_("Correct the name, or the rights of the file."),
            place=Place(file),
        ) from error
    if len(content) > LARGEST_FILE:
        raise Failed(
            "file-too-large",
            _("The file is larger than any definition: more than one megabyte."),
            hint=_("Name the definition file of a method."),
            place=Place(file),
        )
    return definitions.examine(content, None if file == STDIN else Path(file).name), content
