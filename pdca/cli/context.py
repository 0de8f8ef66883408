"""What a command is given: its options, the settings, the clock, the language, and where its words go."""

import os
import sys
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn

import click

from pdca import i18n
from pdca.cli.width import columns
from pdca.clock import Clock, FixedClock, SystemClock
from pdca.errors import Failed, Place, Usage
from pdca.i18n import _
from pdca.settings import Settings, load

if TYPE_CHECKING:
    from pdca.store.driver import Connection

FORMATS: Final = ("table", "tsv", "json", "jsonl", "csv")
_AGREEMENT: Final = frozenset({"y", "yes", "j", "ja", "o", "oui"})


class Options(NamedTuple):
    """The options every command has, as they were given; None for one that was not."""

    format: str | None = None
    database: str | None = None
    lang: str | None = None
    as_person: str | None = None
    on_behalf_of: str | None = None


class Start(NamedTuple):
    """How the process began: with which clock, and when."""

    clock: Clock = SystemClock()
    opened_at: datetime | None = None


class Context:
    """What a command is given. It opens no database and reads the settings only when they are asked for."""

    def __init__(self, options: Options, start: Start, environ: Mapping[str, str] | None = None) -> None:
        self.options = options
        self.environ = os.environ if environ is None else environ
        self.clock = start.clock
        self.opened_at = start.opened_at or start.clock.now()
        """The instant at which the process began."""

        self.opened: list[Connection] = []
        """Connections for reading that were opened to see who reads; the command has them next."""

    @cached_property
    def settings(self) -> Settings:
        """The settings, with the flags of this command over them. `Usage` or `Failed` when they are not understood."""
        flags = {"database": self.options.database, "lang": self.options.lang}
        return load({name: value for name, value in flags.items() if value is not None}, self.environ)

    @property
    def language(self) -> str:
        """The language of the texts for people, one of `pdca.i18n.LANGUAGES`."""
        return i18n.language()

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL of the database."""
        return self.settings.database

    @property
    def as_person(self) -> str | None:
        """The person that `--as` names; whoever opens the database refuses it on one that is not simulated."""
        return self.options.as_person

    @property
    def json(self) -> bool:
        """Whether the answer is to be JSON."""
        return self.options.format == "json"

    @cached_property
    def requested_now(self) -> datetime | None:
        """The instant that `PDCA_NOW` asks to pretend, for a simulated database only; `Usage` when it is not one."""
        text = self.environ.get("PDCA_NOW")
        if not text:
            return None
        try:
            return FixedClock(datetime.fromisoformat(text)).instant
        except (ValueError, OverflowError) as error:
            raise Usage(
                "instant-unknown",
                _("“%(text)s” is not an instant with a time zone.") % {"text": text},
                hint=_("Write it like 2024-10-01T09:00:00Z."),
                place=Place(field="PDCA_NOW"),
            ) from error

    def note(self, text: str) -> None:
        """Tell people something that is not data, on stderr; on a terminal no word of it is broken."""
        if sys.stderr.isatty():
            import textwrap

            width = columns()
            lines = (
                textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) for line in text.split("\n")
            )
            text = "\n".join("\n".join(wrapped) for wrapped in lines)
        click.echo(text, err=True)

    def confirm(self, question: str, *, yes: bool) -> None:
        """Go on only when somebody agrees: by `--yes`, or by an answer on a terminal.

        `Usage` when there is nobody to ask, `Failed` when the answer is no.
        """
        if yes:
            return
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise Usage(
                "confirmation-needed",
                _("This has to be confirmed, and there is nobody to ask."),
                hint=_("Say --yes if it is meant."),
            )
        choice = _("y/N")
        click.echo(f"{question} [{choice}] ", nl=False, err=True)
        if sys.stdin.readline().strip().lower() not in _AGREEMENT:
            raise Failed("not-confirmed", _("Nothing was done."), hint=_("It was not confirmed."))

    def close(self) -> None:
        """Close the connections that the command had no use for."""
        while self.opened:
            self.opened.pop().close()

    def exit(self, status: int) -> NoReturn:
        """End the command with an exit status that is not an error, such as `status --check`."""
        raise click.exceptions.Exit(status)
