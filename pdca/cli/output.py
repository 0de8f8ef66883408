"""The answer of a command, on stdout: a list or one object, in the form that was asked for.

On a terminal a list is a table; elsewhere tab-separated lines with a heading, uncoloured and uncut. JSON keys and the
headings of TSV and CSV are English always, for they are read by programs; headings of a table are translated.
"""

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pdca.cli.cells import Column, Row, compact, escaped, flat
from pdca.cli.context import Context
from pdca.cli.table import Block, Heading, Screen, Table, Typed, show

__all__ = ["Block", "Column", "Heading", "Row", "Table", "Typed", "emit_list", "emit_object"]


def emit_list(
    context: Context,
    noun: str,
    columns: tuple[Column, ...],
    rows: Iterable[Row],
    *,
    more: Mapping[str, Any] | None = None,
    empty: str | None = None,
    version: int = 1,
) -> None:
    """Write a list. `noun` is the plural that names it in JSON: `{"schema": "pdca.plans/1", "plans": [rows]}`.

    A row is a mapping of JSON values; the columns choose what of it is shown, the first being the id. `more` are other
    fields of the JSON object. `empty` is said on stderr to a person whose list is empty.
    """
    screen = Screen.of_stdout(context.environ)
    form = context.options.format or ("table" if screen.terminal else "tsv")
    if form == "json":
        _json_list(f"pdca.{noun}/{version}", noun, rows, more or {})
    elif form == "jsonl":
        for row in rows:
            _line(compact(dict(row)))
    elif form == "csv":
        _csv(columns, rows)
    elif form == "tsv":
        _line("\t".join(column.key for column in columns))
        for row in rows:
            _line("\t".join(escaped(flat(row.get(column.key))) for column in columns))
    else:
        table = Table(columns, list(rows))
        if table.rows:
            show([table], screen)
        elif empty and screen.terminal:
            context.note(empty)


def emit_object(
    context: Context, schema: str, payload: Mapping[str, Any], human: Callable[[], Iterable[Block]] | None = None
) -> None:
    """Write one object: with `--json` `{"schema": schema, **payload}`, otherwise the blocks that `human` gives.

    A block is a line of text, a `Heading`, or a `Table`. Without `human` the fields are shown one under the other.
    """
    if context.json:
        _line(json.dumps({"schema": schema, **payload}, ensure_ascii=False, allow_nan=False, indent=2))
        return
    blocks = human() if human else (f"{key}: {flat(value)}" for key, value in payload.items())
    show(blocks, Screen.of_stdout(context.environ))


def _json_list(schema: str, noun: str, rows: Iterable[Row], more: Mapping[str, Any]) -> None:
    # One row a line, written as it comes: a list may be longer than the memory.
    head = compact({"schema": schema, **more})
    sys.stdout.write(f"{head[:-1]}, {compact(noun)}: [")
    separator = "\n"
    for row in rows:
        sys.stdout.write(separator + compact(dict(row)))
        separator = ",\n"
    _line("]}" if separator == "\n" else "\n]}")


def _csv(columns: tuple[Column, ...], rows: Iterable[Row]) -> None:
    import csv

    writer = csv.writer(sys.stdout)
    writer.writerow([column.key for column in columns])
    for row in rows:
        writer.writerow([flat(row.get(column.key)) for column in columns])


def _line(text: str) -> None:
    sys.stdout.write(text + "\n")
