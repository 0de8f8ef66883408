"""The pages and parts of pages that are made from the program: `.venv/bin/python -m tests.docs.generate` writes them.

A test fails when one of them is not what the program says now.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

import click

from benchmarks.kept import read
from benchmarks.page import figures_as_page, reasons
from pdca import i18n
from pdca.cli.frame import Command, Group
from pdca.cli.main import root
from pdca.cli.method_words import GUARDS
from tests.docs import codes, vectors
from tests.docs.codes import Said
from workflows import definition as definitions
from workflows.method import RESUME, Transition

DOCS: Final = codes.ROOT / "docs"
METHOD: Final = "zvp"

UNSAID: Final = {
    "body-not-an-event": "The bytes are canonical JSON, but no event.",
    "body-unreadable": "The bytes of the event are not canonical JSON.",
    "log-does-not-fit": "What the demo left does not fit together.",
    "not-an-event": "What was to be logged would not be read back as an event.",
    "not-canonical": "A value cannot stand in the log: a number with a fraction or beyond 2^53, a nesting without end.",
    "private-unreadable": "The erasable part is not what the program writes.",
    "unknown-zone": "There is no time zone of that name. Use one of the IANA database, such as Europe/Brussels.",
    "usage": "The command line was not understood; the message says where.",
}
"""What the source does not say in a constant."""


def pages() -> dict[Path, str]:
    """Give every page that holds a part made from the program, as it ought to be."""
    i18n.use("en")
    parts = {
        DOCS / "reference" / "commands.md": {
            "list": command_list(),
            "each": each_command(),
            "shared": shared_options(),
        },
        DOCS / "reference" / "errors.md": {
            "errors": table(codes.errors_said(), with_status=True),
            "schedules": table(codes.schedules_said(), with_status=True),
            "needs": table(codes.needs_said(), with_status=False),
            "findings": table(codes.findings_said(), with_status=False),
        },
        DOCS / "reference" / "log-format.md": {"vectors": vectors.as_page()},
        DOCS / "performance.md": {"figures": figures_as_page(read(DOCS / "performance.json"), reasons())},
        DOCS / "explanation" / "model.md": {"states": states(), "triggers": triggers()},
    }
    return {page: with_parts(page.read_text(encoding="utf-8"), made) for page, made in parts.items()}


def with_parts(page: str, parts: dict[str, str]) -> str:
    """Put parts between the marks `<!-- made: NAME -->` and `<!-- end -->` of a page."""
    for name, part in parts.items():
        before, mark, rest = page.partition(f"<!-- made: {name} -->\n")
        _old, end, after = rest.partition("<!-- end -->")
        if not (mark and end):
            message = f"the page has no place for “{name}”"
            raise ValueError(message)
        page = f"{before}{mark}\n{part.strip()}\n\n{end}{after}"
    return page


# --- Commands -------------------------------------------------------------------------------------------------------


def command_list() -> str:
    """Write the table of all commands."""
    rows = [f"| [`{one.command_path}`](#{one.command_path.replace(' ', '-')}) | {_short(one)} |" for one in _every()]
    return "\n".join(["| command | |", "|---|---|", *rows])


def each_command() -> str:
    """Write a section for each command."""
    return "\n\n".join(_command(one) for one in _every())


def shared_options() -> str:
    """Write the options that every command has."""
    return "\n".join([*_options(_root(), root.shared), "| `-h`, `--help` | Show this help and exit. |"])


def _root() -> click.Context:
    return click.Context(root, info_name="pdca", **root.context_settings)


def _every() -> list[click.Context]:
    return list(_walk(root, _root()))


def _walk(group: Group, context: click.Context) -> Iterator[click.Context]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        inner = click.Context(command, info_name=name, parent=context)
        if isinstance(command, Group):
            yield from _walk(command, inner)
        else:
            yield inner


def _command(context: click.Context) -> str:
    command = context.command
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    lines = [f"## {context.command_path}", "", f"    {usage}", "", _help(context)]
    shared = getattr(command, "shared", [])
    own = [param for param in command.params if isinstance(param, click.Option) and param not in shared]
    if own:
        lines += ["", *_options(context, own)]
    if isinstance(command, Command):
        lines += ["", "Forms: " + ", ".join(f"`{form}`" for form in command.formats) + "."]
    return "\n".join(lines)


def _help(context: click.Context) -> str:
    # A command without a help text of its own has the docstring of its function, which is for who reads the source.
    text = context.command.help or ""
    function = context.command.callback
    return _short(context) if text == (getattr(function, "__doc__", None) or "").strip() else text


def _short(context: click.Context) -> str:
    return context.command.get_short_help_str()


def _options(context: click.Context, options: Iterable[click.Parameter]) -> list[str]:
    rows = ["| option | |", "|---|---|"]
    for option in options:
        record = option.get_help_record(context)
        if record is not None:
            names, text = record
            shown = ", ".join(f"`{name}`" for name in names.split(", "))
            rows.append(f"| {_cell(shown)} | {_cell(text)} |")
    return rows


def _cell(text: str) -> str:
    # Outside of code, a sharp bracket would begin a link or a tag.
    parts = text.replace("|", "\\|").replace("\n", " ").replace("  [required]", " Required.").split("`")
    return "`".join(part if number % 2 else part.replace("<", "\\<") for number, part in enumerate(parts))


# --- Errors ---------------------------------------------------------------------------------------------------------


def table(said: set[Said], *, with_status: bool) -> str:
    """Write codes with what they say; what the page of the import format names is left to that page."""
    elsewhere = (DOCS / "import-format.md").read_text(encoding="utf-8")
    rows = ["| code | exit | |", "|---|---|---|"] if with_status else ["| code | |", "|---|---|"]
    for code, group in groupby(sorted(said, key=lambda one: one.code), key=lambda one: one.code):
        if f"`{code}`" in elsewhere:
            continue
        same = list(group)
        texts = sorted({_sentences(one) for one in same if one.message}) or [
            UNSAID.get(code, "The message says what is wrong.")
        ]
        statuses = "/".join(str(status) for status in sorted({one.status for one in same if one.status is not None}))
        middle = f"{statuses} | " if with_status else ""
        rows.append(f"| `{code}` | {middle}{_cell(' **or** '.join(texts))} |")
    return "\n".join(rows)


def _sentences(one: Said) -> str:
    return f"{one.message} {one.hint}".strip()


# --- The method -----------------------------------------------------------------------------------------------------


def states() -> str:
    """Draw the states of the method and the triggers between them."""
    method = definitions.load(METHOD)
    suspending = [way for way in method.transitions if way.target == RESUME or _suspends(way)]
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {method.initial}"]
    lines += [
        f"    {source} --> {way.target}: {way.trigger}"
        for way in method.transitions
        if way not in suspending
        for source in way.sources
    ]
    lines += ["```", ""]
    lines += [_suspension(way) for way in suspending]
    return "\n".join(lines)


def _suspends(way: Transition) -> bool:
    return "hold_deadlines" in way.effects


def _suspension(way: Transition) -> str:
    sources = ", ".join(f"`{source}`" for source in way.sources)
    target = "the state it was suspended in" if way.target == RESUME else f"`{way.target}`"
    return f"- `{way.trigger}` leads from {sources} to {target}."


def triggers() -> str:
    """Write the table of the triggers with who may use them and what they need."""
    method = definitions.load(METHOD)
    lines = ["| trigger | from → to | who | needs |", "|---|---|---|---|"]
    for way in method.transitions:
        target = "where it was" if way.target == RESUME else f"`{way.target}`"
        sources = ", ".join(f"`{source}`" for source in way.sources)
        needs = "; ".join(GUARDS[guard] for guard in way.guards) or "nothing"
        lines.append(f"| `{way.trigger}` | {sources} → {target} | {', '.join(way.who)} | {needs} |")
    return "\n".join(lines)


def main() -> None:
    """Write the pages."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
