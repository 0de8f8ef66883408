"""`pdca schedule`: the moments at which a plan is evaluated, as its project group decides them."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import click

from pdca.cli.cells import MARKS
from pdca.cli.context import Context
from pdca.cli.frame import Command, Group, ListCommand, dry_run_option, pass_context, reason_required
from pdca.cli.given import emit_done, unusable
from pdca.cli.house import check, find_plan, open_house
from pdca.cli.listing import emit_rows
from pdca.cli.naming import shows_table
from pdca.cli.output import Column, Row, emit_list, emit_object
from pdca.cli.words import parse_day, parse_stated_date, title
from pdca.i18n import N_, _, in_a_row
from pdca.words import EVALUATION_KIND, marked
from workflows.moments import ANCHORS
from workflows.rolling import ROLLS

if TYPE_CHECKING:
    from pdca.schedules.working_out import Wish

schedule = Group("schedule", short_help=N_("Decide when a plan is evaluated, and look ahead."))

_TIME_LENGTH: Final = 5

_WISH: Final = {
    "dates": click.option(
        "--date",
        "dates",
        metavar="DATE",
        multiple=True,
        help=N_("A date of its own: 2026-06-30, 2026-06 or 2026. Repeat it for several."),
    ),
    "rules": click.option(
        "--rule",
        "rules",
        metavar="RULE",
        multiple=True,
        help=N_("A rule of RFC 5545, such as FREQ=MONTHLY;INTERVAL=4. Repeat it for several."),
    ),
    "rhythm": click.option("--rhythm", is_flag=True, help=N_("The rhythm that plans have by their method.")),
    "exceptions": click.option(
        "--except",
        "exceptions",
        metavar="DATE",
        multiple=True,
        help=N_("A day on which a rule would fall and does not."),
    ),
    "start": click.option("--from", "start", metavar="DATE", help=N_("Where rules count from; otherwise today.")),
    "until": click.option(
        "--until", metavar="DATE", help=N_("The last day that can be stated; otherwise the end of the plan's period.")
    ),
    "at": click.option("--time", "at", metavar="HH:MM", help=N_("The time of day; otherwise that of the method.")),
    "zone": click.option(
        "--zone", metavar="ZONE", help=N_("The time zone, such as Europe/Brussels; otherwise the plan's.")
    ),
    "anchor": click.option(
        "--anchor",
        type=click.Choice(ANCHORS),
        default=ANCHORS[0],
        show_default=True,
        help=N_("A fixed series, or so long after the last evaluation was recorded."),
    ),
    "roll": click.option(
        "--roll",
        type=click.Choice(ROLLS),
        default="next",
        show_default=True,
        help=N_("Where a date goes on which nobody works: nowhere, or to the next, previous or nearest working day."),
    ),
    "kind": click.option(
        "--kind", type=click.Choice(tuple(EVALUATION_KIND)), help=N_("What kind of evaluation the new ones are.")
    ),
}


def wish_options(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add options of a wish, those named or all; their values are the arguments of `wish_of`."""

    def added(function: Callable[..., None]) -> Callable[..., None]:
        for name in reversed(names or tuple(_WISH)):
            function = _WISH[name](function)
        return function

    return added


@schedule.command(
    "set",
    cls=Command,
    short_help=N_("Decide when a plan is evaluated, as its project group."),
    help=N_(
        "Decide when a plan is evaluated, as one of its project group: on dates, by rules, or both. Without either it "
        "is the rhythm that plans have by their method. Each time is another decision; those before stay. Evaluations "
        "to come that the decision does not have are cancelled, and what took place stays. Once a plan has left Plan "
        "a decision can add dates and bring them forward; to move one to a later day takes an extension. Look first "
        "with `pdca schedule preview`."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@wish_options()
@click.option("--on", "on_", metavar="DATE", help=N_("The day on which it was decided; otherwise today."))
@reason_required
@dry_run_option
@pass_context
def set_(
    context: Context,
    /,
    plan_word: str,
    on_: str | None,
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
    **wished: Any,  # noqa: ANN401 - the options of a wish
) -> None:
    """Decide on the moments of a plan."""
    from pdca.cli.schedule_words import EFFECTS, decided, said
    from pdca.report.schedules import decisions
    from pdca.schedules.decide import SetSchedule

    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word)
    command = SetSchedule(plan_id, wish_of(**wished), reason, parse_day("--on", on_))
    with house.performing(command, dry_run=dry_run) as (uow, outcome):
        check(outcome, plan_id, dry_run=dry_run)
        decision = decisions(uow.connection, plan_id)[-1]
    blocks = decided(outcome, said(decision), EFFECTS)
    emit_done(context, "pdca.schedule-set/1", outcome, blocks, more={"decision": decision}, dry_run=dry_run)


@schedule.command(
    "show",
    cls=Command,
    short_help=N_("Show every decision about the evaluations of a plan, and each evaluation."),
    help=N_(
        "Show when a plan is evaluated: the decision in force, those before it with who decided them, when and why, "
        "and every evaluation with why it falls on another day than was stated."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@pass_context
def show(context: Context, plan_word: str) -> None:
    """Show the decisions and the evaluations of a plan."""
    from pdca.cli.schedule_words import page
    from pdca.report.schedules import decisions, moments

    with open_house(context).reading() as connection:
        plan_id = find_plan(connection, plan_word)
        view = {
            "plan": plan_id,
            "decisions": decisions(connection, plan_id),
            "moments": moments(connection, plan_id),
        }
    emit_object(context, "pdca.schedule/1", view, human=lambda: page(view))


@schedule.command(
    "preview",
    cls=ListCommand,
    short_help=N_("Show the next dates of a plan, or those that a decision would give."),
    help=N_(
        "Show the next dates on which a plan is evaluated, and why each one moves off the day that was stated. With "
        "dates or rules it shows those that `pdca schedule set` would give with the same options, and decides nothing; "
        "for a plan without a decision, those of the rhythm that plans have by their method."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@wish_options()
@click.option("--count", type=click.IntRange(min=1), help=N_("Show so many; otherwise all."))
@pass_context
def preview(
    context: Context,
    /,
    plan_word: str,
    count: int | None,
    **wished: Any,  # noqa: ANN401 - the options of a wish
) -> None:
    """Show the dates to come."""
    from pdca.cli.schedule_words import PREVIEW, said
    from pdca.report.schedules import planned, previewed
    from pdca.schedules.preview import look_ahead

    house = open_house(context)
    chosen = any(wished[name] for name in ("dates", "rules", "rhythm"))
    with house.reading() as connection:
        now = house.now(connection)
        ahead = look_ahead(connection, find_plan(connection, plan_word), wish_of(**wished) if chosen else None, now)
        rows = planned(ahead.rows, now) if ahead.number else previewed(ahead.schedule, ahead.found, now, ahead.rows)
    words = in_a_row(said(ahead.words))
    more = {"plan": ahead.plan_id, "decision": ahead.number, "words": words}
    if shows_table(context):
        whence = (
            _("%(plan)s, by decision %(number)s:") % {"plan": ahead.plan_id, "number": ahead.number}
            if ahead.number
            else _("%(plan)s, not decided:") % {"plan": ahead.plan_id}
        )
        context.note(f"{whence} {words}")
    emit_list(context, "moments", PREVIEW, rows[:count], more=more, empty=_("No date is still to come."))


@schedule.command("list", cls=ListCommand, short_help=N_("List by plan the decision that is in force."))
@pass_context
def list_(context: Context) -> None:
    """List the decisions in force."""
    from pdca.cli.schedule_words import day_cell, said
    from pdca.report.schedules import in_force

    columns: tuple[Column, ...] = (
        Column("plan_id", N_("Plan"), whole=True),
        Column("number", N_("Decision"), right=True),
        Column("decided_on", N_("Decided on"), whole=True),
        Column("decided_by_name", N_("Decided by"), show=_decided_by),
        Column("words", N_("When"), show=lambda row: in_a_row(row["words"])),
        Column("next_date", N_("Next"), whole=True, show=day_cell("next_date")),
        Column("plan_title", N_("Title of the plan"), show=lambda row: title({**row, "title": row["plan_title"]})),
    )
    with open_house(context).reading() as connection:
        rows = [{**row, "words": said(row)} for row in in_force(connection)]
    fields = (*columns, Column("decided_by_assumed", "Decided by is assumed"), *MARKS)
    empty = _("No project group has decided when its plan is evaluated.")
    emit_rows(context, "schedules", columns, fields, rows, empty=empty)


def _decided_by(row: Row) -> str:
    return marked(row["decided_by_name"], row["decided_by_assumed"]) if row["decided_by_name"] else ""


def wish_of(  # noqa: PLR0913 - one argument per option
    *,
    dates: tuple[str, ...],
    rules: tuple[str, ...],
    exceptions: tuple[str, ...],
    start: str | None,
    until: str | None,
    at: str | None,
    zone: str | None,
    roll: str,
    rhythm: bool = False,
    anchor: str = ANCHORS[0],
    kind: str | None = None,
) -> "Wish":
    """Read what somebody says of the moments of a plan; raises Usage for what cannot be read."""
    from pdca.schedules.working_out import Wish

    return Wish(
        dates=tuple(parse_stated_date("--date", text) for text in dates),
        rules=rules,
        rhythm=rhythm,
        exceptions=tuple(parse_day("--except", text) for text in exceptions),
        start=parse_day("--from", start),
        until=parse_day("--until", until),
        time=_time(at),
        zone=zone,
        anchor=anchor,
        roll=roll,
        kind=kind,
    )


def _time(text: str | None) -> dt.time | None:
    if text is None:
        return None
    try:
        found = dt.time.fromisoformat(text) if len(text) == _TIME_LENGTH else None
    except ValueError:
        found = None
    if found is None:
        raise unusable("--time", text, _("Write it like 09:30."))
    return found
