"""Changing what a plan itself says: its document is written out, changed, and handed in, all in one event."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pdca.cli.context import Context
from pdca.cli.given import dry_run_told, language_given, note, titles, what_came
from pdca.cli.handing_in import HandedIn, Look, hand_in, told_hidden, told_void
from pdca.cli.house import find_plan
from pdca.cli.output import emit_object
from pdca.errors import Place, Usage
from pdca.house import House
from pdca.i18n import _
from pdca.plans.roles import local_date
from pdca.store.driver import Connection
from pdca.store.reads import plans
from pdca.words import need_fields
from workflows.method import WorkflowDefinition

if TYPE_CHECKING:
    from pdca.exchange.known import Known
    from pdca.exchange.records import Record

Made = TypeVar("Made", bound="Record")


class Written(NamedTuple):
    """A plan as its document says it, to be changed in place; `today` is the local day of the plan.

    `language` is that of the texts in `plan` that do not name theirs.
    """

    plan_id: str
    plan: dict[str, Any]
    language: str
    today: date
    definition: WorkflowDefinition
    known: "Known"
    connection: Connection

    def retitled(self, context: Context, before: str | dict[str, str], texts: Iterable[str]) -> dict[str, str]:
        """Give a title that stands in the plan, changed in the languages of `texts`; the others stay."""
        said = {self.language: before} if isinstance(before, str) else before
        return {**said, **titles("title", texts, language_given(context, self.connection))}


@contextmanager
def on_the_command_line(options: Mapping[str, str] | None = None) -> Iterator[None]:
    """Tell what is wrong with a document that was made from a command line as a mistake of that, and of no file.

    `options` are what stands on the command line for keys of the document.
    """
    from pdca.exchange.problems import ImportRefused

    try:
        yield
    except ImportRefused as refused:
        first = refused.problems[0]
        message = "\n".join(problem.message for problem in refused.problems)
        # Of a text in several languages the field is “title.nl”, of a list “source[0]”.
        key, *_inside = re.split(r"[.\[]", first.place.field or "")
        written = (options or {}).get(key)
        raise Usage(first.code, message, hint=first.hint, place=Place(written) if written else first.place) from refused


def record_given(
    schema: type[Made], data: Mapping[str, Any], language: str, options: Mapping[str, str] | None = None
) -> Made:
    """Make a record of what a command line says; what is None is left out, and `language` is that of plain texts.

    `options` are what stands on the command line for the fields of the record.

    Raises Usage with everything that is wrong with it.
    """
    from pdca.exchange.one_record import record_of

    with on_the_command_line(options):
        given = {name: value for name, value in data.items() if value is not None}
        return record_of(schema, given, language, _("the command"))


def rewrite_plan(
    house: House,
    word: str,
    change: Callable[[Written], None],
    *,
    reason: str | None = None,
    dry_run: bool = False,
    look: Look | None = None,
) -> HandedIn:
    """Write the document of a plan out, let it be changed, and hand it in.

    Raises what `hand_in` does, and Usage when the document does not fit together any more.
    """
    from pdca.exchange.plan_file import plan_of
    from pdca.exchange.plan_text import opened

    with house.reading() as connection:
        # What changes after this is noticed when the document is handed in.
        before = opened(connection, find_plan(connection, word))
        row = connection.one(plans.PLAN, plan_id=before.plan_id) or {}
        data = deepcopy(before.document)
        today = local_date(house.now(connection), row["zone"])
        change(
            Written(before.plan_id, data["plan"], data["language"], today, before.definition, before.known, connection)
        )
    with on_the_command_line():
        placed = plan_of(data, before.known, before.definition, before.plan_id)
    return hand_in(house, before, placed, reason=reason, dry_run=dry_run, look=look)


def emit_rewritten(
    context: Context, schema: str, found: HandedIn, view: dict[str, Any], line: str, *, dry_run: bool
) -> None:
    """Tell what became of a plan: `line` for people, or that everything was so already."""
    outcome = found.outcome
    warnings = [need_fields(need) for need in found.warnings]
    payload = {
        "plan": outcome.summary["plan"],
        **view,
        "voided": list(found.voided),
        **({"warnings": warnings} if warnings else {}),
        **what_came(outcome, dry_run=dry_run),
    }
    words = [line if outcome.events else _("Everything was so already; nothing was changed.")]
    words += [*told_void(found.voided), *told_hidden(hides=found.hides), *dry_run_told(dry_run=dry_run)]
    emit_object(context, schema, payload, human=lambda: words)
    note(context, warnings)
