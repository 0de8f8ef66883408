"""What is given to a command in words that are kept: in which language they are, and what came of the command."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from pdca import i18n
from pdca.cli.context import Context
from pdca.cli.house import lines as of_needs
from pdca.cli.output import Block, emit_object
from pdca.cli.words import DRY_RUN
from pdca.errors import Place, Usage
from pdca.house import installation
from pdca.i18n import N_, _
from pdca.store.driver import Connection
from pdca.words import need_fields
from workflows.need import Need

if TYPE_CHECKING:
    from pdca.engine import Outcome

Reader = Callable[[Connection, str], Any]
"""Reads the value of a field; raises Usage or NotFound for one that the field cannot have."""


title_option = click.option(
    "--title", "texts", metavar="TEXT", multiple=True, required=True, help=N_("The title; nl=… and fr=… for several.")
)
"""`--title`, in one language or several; the argument is `texts: tuple[str, ...]`, for `titles`."""

fields_argument = click.argument("fields", metavar="FIELD=VALUE...", nargs=-1, required=True)
"""What a command sets; the argument is `fields: tuple[str, ...]`, for `fields_given`."""


def language_given(context: Context, connection: Connection) -> str:
    """Tell in which language texts are that do not say it: the one of `--lang`, otherwise that of the body."""
    return context.options.lang or str(installation(connection)["language"])


def titles(option: str, texts: Iterable[str], language: str) -> dict[str, str]:
    """Read titles, `nl=…` or `fr=…` or one without a language, as {language: text}; raises Usage for two of one."""
    found: dict[str, str] = {}
    for text in texts:
        code, equals, words = text.partition("=")
        which, title = (code, words) if equals and code in i18n.LANGUAGES else (language, text)
        if which in found:
            raise Usage(
                "title-twice",
                _("%(option)s: there are two titles in the language “%(language)s”.")
                % {"option": option, "language": which},
                hint=_("Write one for each language, like nl=… and fr=…."),
            )
        found[which] = title.strip()
    return found


def unusable(option: str, text: str, hint: str) -> Usage:
    """Make the error for a value that an option, or a field, cannot have."""
    message = _("%(option)s: “%(text)s” cannot be used.") % {"option": option, "text": text}
    return Usage("bad-value", message, hint=hint, place=Place(field=option))


def in_one_way(given: str, *localized: str) -> str:
    """Give FIELD.LANGUAGE=TEXT, as `plan set` writes a text of one language, as FIELD=LANGUAGE=TEXT."""
    field, equals, value = given.partition("=")
    name, dot, code = field.partition(".")
    return f"{name}={code}={value}" if equals and dot and name in localized and code in i18n.LANGUAGES else given


def field_given(text: str, fields: Collection[str], *localized: str) -> tuple[str, str]:
    """Read FIELD=VALUE; raises Usage for what is none of the fields.

    Of a field that is `localized` the language stands behind a dot, name.nl=…, or before the text, name=nl=….
    """
    field, equals, value = in_one_way(text, *localized).partition("=")
    if not equals or field not in fields:
        raise Usage(
            "field-unknown",
            _("“%(text)s” sets no field here.") % {"text": text},
            hint=_("Write FIELD=VALUE; the fields are: %(fields)s.") % {"fields": ", ".join(fields)},
        )
    return field, value.strip()


def field_twice(field: str) -> Usage:
    """Make the error of something that is given twice where it can have one value."""
    return Usage("field-twice", _("“%(field)s” is given twice.") % {"field": field}, hint=_("Give each field once."))


def fields_given(texts: Iterable[str], fields: Collection[str], localized: str) -> dict[str, list[str]]:
    """Read FIELD=VALUE as {field: values}; `localized` is the field that may be given once for each language.

    Raises Usage for what is no field, and for one that is given twice.
    """
    found: dict[str, list[str]] = {}
    for given in texts:
        field, value = field_given(given, fields, localized)
        if field in found and field != localized:
            raise field_twice(field)
        found.setdefault(field, []).append(value)
    return found


def values_given(
    context: Context,
    connection: Connection,
    given: Mapping[str, Sequence[str]],
    localized: str,
    readers: Mapping[str, Reader],
) -> dict[str, Any]:
    """Read what `fields_given` found: titles of the field that is `localized`, and of any other by its reader."""
    language = language_given(context, connection)
    return {
        field: titles(field, texts, language) if field == localized else readers[field](connection, texts[0])
        for field, texts in given.items()
    }


def text_or_none(_connection: Connection, text: str) -> str | None:
    """Read a field that is taken away when nothing stands after the =."""
    return text or None


def changed_or_not(outcome: "Outcome", subject: str) -> str:
    """Say in one line whether a command that sets fields changed anything."""
    template = _("%(subject)s is changed.") if outcome.events else _("%(subject)s: nothing was changed.")
    return template % {"subject": subject}


def what_came(outcome: "Outcome", *, dry_run: bool) -> dict[str, Any]:
    """Give the fields that close what every writing command tells: its event, None where there is none."""
    return {"event": outcome.events[-1] if outcome.events and not dry_run else None, "dry_run": dry_run}


def dry_run_told(*, dry_run: bool) -> list[str]:
    """Give the line that closes what a dry run tells people; none otherwise."""
    return [_(DRY_RUN)] if dry_run else []


def emit_done(
    context: Context,
    schema: str,
    outcome: "Outcome",
    lines: Sequence[Block],
    *,
    dry_run: bool,
    more: Mapping[str, Any] | None = None,
    warnings: Sequence[Need] = (),
) -> None:
    """Tell what a command did: `lines` for people, and its summary with the number of the event in JSON.

    `warnings` say what was done all the same and is worth a look.
    """
    warned = [need_fields(need) for need in warnings]
    payload = {
        **outcome.summary,
        **(more or {}),
        **({"warnings": warned} if warned else {}),
        **what_came(outcome, dry_run=dry_run),
    }
    emit_object(context, schema, payload, human=lambda: [*lines, *dry_run_told(dry_run=dry_run)])
    note(context, warned)


def note(context: Context, warnings: Sequence[Mapping[str, Any]]) -> None:
    """Tell people what is worth a look: needs as fields, as JSON has them."""
    if warnings and not context.json:
        context.note(_("Note:") + "".join(of_needs(warnings)))
