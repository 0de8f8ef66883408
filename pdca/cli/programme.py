"""`pdca programme`: programmes, their versions, and what the outside authorities decide about them."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

import click

from pdca.cli.cells import some_of
from pdca.cli.context import Context
from pdca.cli.finding import find_programme
from pdca.cli.frame import Command, Group, ListCommand, dry_run_option, pass_context, reason_required
from pdca.cli.given import emit_done, language_given
from pdca.cli.house import check, open_house
from pdca.cli.listing import emit_rows
from pdca.cli.output import Column, Row, emit_object
from pdca.cli.programme_evaluation import evaluation
from pdca.cli.programme_page import page, period
from pdca.cli.words import parse_day, parse_span_end
from pdca.errors import Usage
from pdca.i18n import N_, _, localized
from pdca.programme import words
from pdca.report.programme import next_step, programmes
from pdca.store.driver import Connection
from pdca.store.jsontext import from_json
from pdca.store.reads import people
from pdca.store.reads import programme as statements
from pdca.words import marked

if TYPE_CHECKING:
    from pdca.programme.submit import AuthorityStep

programme = Group(
    "programme",
    short_help=N_("Show programmes, and record what the authorities decide about them."),
    lazy={
        "new": ("pdca.cli.programme_change:new", N_("Make a programme with a title, a period and a method.")),
        "set": ("pdca.cli.programme_change:set_", N_("Change what of a programme is not fixed yet.")),
    },
)


def _status(row: Row) -> str:
    if row["waits_for"] is None:
        return words.status(row["status"])
    return _("%(status)s, waits for: %(authority)s") % {
        "status": words.status(row["status"]),
        "authority": localized(row["waits_for"]),
    }


COLUMNS: Final = (
    Column("programme_id", N_("Programme"), whole=True),
    Column("period_start", N_("Period"), whole=True, show=period),
    Column("status", N_("Status"), show=_status),
    Column("legal_deadline", N_("Legal deadline"), whole=True),
    Column("title", N_("Title"), show=lambda row: marked(localized(row["title"]), row["assumed"])),
)
FIELDS: Final = (
    *(Column(name, name) for name in ("programme_id", "period_start", "period_end", "status", "legal_deadline")),
    *(Column(name, name) for name in ("submitted_at", "previous_id", "definition", "definition_version")),
    *(Column(name, name) for name in ("waits_for", "title", "assumed")),
)


@programme.command("list", cls=ListCommand, short_help=N_("List the programmes in the order of their periods."))
@pass_context
def list_(context: Context) -> None:
    """List the programmes."""
    with open_house(context).reading() as connection:
        rows = [{**view, "waits_for": (next_step(view) or {}).get("authority")} for view in programmes(connection)]
    empty = _("There are no programmes yet. Make one with `pdca programme new`, or take one in with `pdca import`.")
    emit_rows(context, "programmes", COLUMNS, FIELDS, rows, empty=empty)


@programme.command(
    "show",
    cls=Command,
    short_help=N_("Show a programme with its versions and what the authorities decided."),
    help=N_(
        "Show a programme with its versions and, for each, what the authorities decided in their order. Dates are "
        "shown as they were stated: 2020-03 is a month. Without PROGRAMME: the only one there is."
    ),
)
@click.argument("word", metavar="[PROGRAMME]", required=False)
@pass_context
def show(context: Context, word: str | None) -> None:
    """Show one programme."""
    with open_house(context).reading() as connection:
        wanted = find_programme(connection, word)
        view = next(one for one in programmes(connection) if one["programme_id"] == wanted)
    emit_object(context, "pdca.programme/1", view, human=lambda: page(view))


@programme.command(
    "deadline",
    cls=Command,
    short_help=N_("State by when the authorities must have a programme."),
    help=N_(
        "State the legal deadline: the date by which the authorities must have a programme. A month, 2026-03, stands "
        "for its last day. The one that stands when the programme is submitted counts, and is not changed any more."
    ),
)
@click.argument("word", metavar="PROGRAMME")
@click.argument("text", metavar="DATE")
@dry_run_option
@pass_context
def deadline(context: Context, word: str, text: str, dry_run: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Set the legal deadline."""
    from pdca.programme.submit import SetLegalDeadline

    house = open_house(context)
    day = parse_span_end("DATE", text).date
    with house.reading() as connection:
        wanted = find_programme(connection, word)
    outcome = house.apply(SetLegalDeadline(wanted, day), dry_run=dry_run)
    lines = [_("%(programme)s: the authorities must have it by %(legal_deadline)s.") % outcome.summary]
    emit_done(context, "pdca.programme-deadline/1", outcome, lines, dry_run=dry_run)


@programme.command(
    "migrate",
    cls=Command,
    short_help=N_("Let new plans of a programme be worked by another method or version."),
    help=N_(
        "Let a programme name another method, or another version of its method. Plans that join it begin on that. "
        "Those that are there stay as they are: `pdca plan migrate` moves them, one by one. It is refused when the "
        "objectives of the programme are on a level that the method does not have."
    ),
)
@click.argument("word", metavar="PROGRAMME")
@click.option("--to", "method", required=True, metavar="METHOD[@VERSION]", help=N_("The method, such as own or own@2."))
@reason_required
@dry_run_option
@pass_context
def migrate(context: Context, word: str, method: str, reason: str, dry_run: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Let a programme name another method."""
    from pdca.cli.migrate import stated
    from pdca.programme.migrate import MigrateProgramme

    name, version = stated(method)
    house = open_house(context)
    with house.reading() as connection:
        wanted = find_programme(connection, word)
    outcome = house.apply(MigrateProgramme(wanted, name or "", version, reason), dry_run=dry_run)
    view = outcome.summary
    lines = [_("%(programme)s: %(from_method)s@%(from_version)s → %(method)s@%(to_version)s.") % view]
    if view["plans_staying"]:
        lines.append(
            _("These plans stay as they are until `pdca plan migrate`: %(plans)s.")
            % {"plans": some_of(view["plans_staying"])}
        )
    emit_done(context, "pdca.programme-migrate/1", outcome, lines, dry_run=dry_run)


step_option = click.option(
    "--step",
    "step_texts",
    multiple=True,
    required=True,
    metavar="STEP",
    help=N_(
        "Who decides and by what act, “AUTHORITY: ACT”; or “PARTY=ACT” for a party that is known here. Repeat it, in "
        "the order in which they decide."
    ),
)


@programme.command(
    "submit",
    cls=Command,
    short_help=N_("Submit a programme to the authorities, who decide one after the other."),
    help=N_(
        "Submit a programme to the authorities, who decide one after the other in the order of the steps. Its legal "
        "deadline is frozen. A programme that was rejected can be submitted again, to those who had to decide over it, "
        "in the same order; others may come with them. Names and acts are in the language of --lang, otherwise in that "
        "of the organisation."
    ),
)
@click.argument("word", metavar="PROGRAMME")
@step_option
@dry_run_option
@pass_context
def submit(
    context: Context,
    word: str,
    step_texts: tuple[str, ...],
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Submit a programme."""
    from pdca.programme.submit import Submit

    house = open_house(context)
    with house.reading() as connection:
        wanted = find_programme(connection, word)
        steps = _steps(context, connection, step_texts)
    outcome = check(house.apply(Submit(wanted, steps), dry_run=dry_run), wanted, dry_run=dry_run)
    lines = [_("%(programme)s is submitted, as version %(version)s.") % outcome.summary]
    if outcome.summary["late"]:
        lines.append(_("That is late: the legal deadline was %(legal_deadline)s.") % outcome.summary)
    lines += _waiting(wanted, steps)
    emit_done(context, "pdca.programme-submitted/1", outcome, lines, dry_run=dry_run)


@programme.command(
    "decide",
    cls=Command,
    short_help=N_("Record what an authority decided about a programme."),
    help=N_(
        "Record what an authority decided about a programme, or about a later version of it. The decisions are "
        "recorded in their order. Dates are written as they are known: 2020-03-31, 2020-03 or 2020. A decision may "
        "take effect on another day than it was made, also on an earlier one."
    ),
)
@click.argument("word", metavar="PROGRAMME")
@click.option("--step", required=True, type=click.IntRange(min=1), metavar="N", help=N_("Which step, from 1."))
@click.option("--version", type=click.IntRange(min=0), metavar="N", help=N_("Of which version; otherwise the last."))
@click.option("--approve", is_flag=True, help=N_("The authority approved it."))
@click.option("--reject", is_flag=True, help=N_("The authority rejected it."))
@click.option("--on", "decided_on", required=True, metavar="DATE", help=N_("When it was decided."))
@click.option("--effective", metavar="DATE", help=N_("From when it counts."))
@click.option("--note", help=N_("What else is to be known of it."))
@dry_run_option
@pass_context
def decide(  # noqa: PLR0913, PLR0917 - one argument per option
    context: Context,
    word: str,
    step: int,
    version: int | None,
    approve: bool,  # noqa: FBT001 - a flag of the command line
    reject: bool,  # noqa: FBT001 - a flag of the command line
    decided_on: str,
    effective: str | None,
    note: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Record a decision."""
    from pdca.programme.decide import Decide

    if approve == reject:
        raise Usage("approved-or-rejected", _("Say either --approve or --reject."))
    house = open_house(context)
    with house.reading() as connection:
        wanted = find_programme(connection, word)
        if version is None:
            version = max(0, len(connection.all(statements.VERSIONS, programme_id=wanted)) - 1)
    decision = "approved" if approve else "rejected"
    outcome = house.apply(Decide(wanted, version, step, decision, decided_on, effective, note), dry_run=dry_run)
    lines = [
        _("%(programme)s, version %(version)s, step %(step)s: %(decision)s.")
        % {**outcome.summary, "decision": words.decision(decision)},
        _("Status of the programme: %(status)s.") % {"status": words.status(outcome.summary["status"])},
    ]
    emit_done(context, "pdca.programme-decided/1", outcome, lines, dry_run=dry_run)


@programme.command(
    "addendum",
    cls=Command,
    short_help=N_("Propose an addendum to an approved programme."),
    help=N_(
        "Propose an addendum to an approved programme: a version with approvals of its own. Nothing changes until "
        "every authority of its steps has approved it."
    ),
)
@click.argument("word", metavar="PROGRAMME")
@click.option("--text", required=True, help=N_("What changes."))
@step_option
@dry_run_option
@pass_context
def addendum(
    context: Context,
    word: str,
    text: str,
    step_texts: tuple[str, ...],
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Propose an addendum."""
    _propose(context, word, "addendum", text, step_texts, None, dry_run=dry_run)


@programme.command(
    "prolong",
    cls=Command,
    short_help=N_("Propose to prolong an approved programme."),
    help=N_(
        "Propose to prolong an approved programme: a version with approvals of its own. Its last day stays as it is "
        "until every authority of its steps has approved it."
    ),
)
@click.argument("word", metavar="PROGRAMME")
@click.option("--until", required=True, metavar="DATE", help=N_("The last day it is to have."))
@click.option("--text", required=True, help=N_("Why, and what else changes."))
@step_option
@dry_run_option
@pass_context
def prolong(
    context: Context,
    word: str,
    until: str,
    text: str,
    step_texts: tuple[str, ...],
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Propose a prolongation."""
    _propose(context, word, "prolongation", text, step_texts, parse_day("--until", until), dry_run=dry_run)


def _propose(
    context: Context,
    word: str,
    kind: str,
    text: str,
    step_texts: Sequence[str],
    until: date | None,
    *,
    dry_run: bool,
) -> None:
    from pdca.programme.version import ProposeVersion

    house = open_house(context)
    with house.reading() as connection:
        wanted = find_programme(connection, word)
        steps = _steps(context, connection, step_texts)
    outcome = house.apply(ProposeVersion(wanted, kind, text, steps, until), dry_run=dry_run)
    template = (
        _("%(programme)s: the addendum is proposed, as version %(version)s.")
        if kind == "addendum"
        else _("%(programme)s: the prolongation until %(period_end)s is proposed, as version %(version)s.")
    )
    lines = [template % outcome.summary, *_waiting(wanted, steps)]
    emit_done(context, "pdca.programme-version/1", outcome, lines, dry_run=dry_run)


def _waiting(programme_id: str, steps: Sequence["AuthorityStep"]) -> list[str]:
    return [
        _("It waits for the decision of: %(authority)s. To record that:")
        % {"authority": localized(steps[0].authority)},
        f"  pdca programme decide {programme_id} --step 1 --approve --on DATE",
    ]


_PARTY: Final = re.compile(r"\s*(?P<party>[\w.-]+)=(?P<act>.*)", re.DOTALL)


def _steps(context: Context, connection: Connection, texts: Sequence[str]) -> list["AuthorityStep"]:
    names = {row["party_id"]: from_json(row["name"]) for row in connection.all(people.PARTIES)}
    language = language_given(context, connection)
    return [_step(text, names, language) for text in texts]


def _step(text: str, names: Mapping[str, Row], language: str) -> "AuthorityStep":
    from pdca.programme.submit import AuthorityStep

    if found := _PARTY.fullmatch(text):
        party, act = found["party"], found["act"]
        return AuthorityStep(dict(names.get(party, {language: party})), {language: act.strip()}, party)
    authority, colon, act = text.partition(":")
    if not colon:
        raise Usage(
            "step-unreadable",
            _("“%(text)s” does not say by what act an authority decides.") % {"text": text},
            hint=_("Write “AUTHORITY: ACT”, or “PARTY=ACT” for a party that is known here."),
        )
    return AuthorityStep({language: authority.strip()}, {language: act.strip()})


programme.add_command(evaluation)
