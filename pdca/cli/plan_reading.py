"""`pdca plan list`, `show`, `next` and `history`: looking at action plans."""

from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from pdca import methods
from pdca.actor import Actor
from pdca.cli.cells import MARKS
from pdca.cli.context import Context
from pdca.cli.event_words import KINDS
from pdca.cli.frame import Command, ListCommand, pass_context
from pdca.cli.house import find_plan, open_house
from pdca.cli.listing import emit_rows
from pdca.cli.output import Block, Column, Row, emit_object
from pdca.cli.words import BEHALF, TAKEN_UP, behalf, by_when, day, parse_day, state, taken_up, title, what
from pdca.errors import Usage
from pdca.i18n import N_, _, localized
from pdca.plans.roles import local_date
from pdca.report import plans as views
from pdca.store.driver import Connection
from pdca.store.reads import plans as statements
from pdca.words import marked, need_fields, spoken
from workflows.instants import to_the_minute
from workflows.method import Localized

if TYPE_CHECKING:
    from pdca.indicators.series import Series

LIST_COLUMNS = (
    Column("plan_id", N_("Plan"), whole=True),
    Column("slug", N_("Slug"), whole=True),
    Column("state", N_("State"), show=state),
    Column("cycle", N_("Cycle"), right=True),
    Column("lead_id", N_("Lead")),
    Column("next_due_at", N_("Next evaluation"), whole=True, show=lambda row: day(row["next_due_at"], row["zone"])),
    Column("overdue_since", N_("Overdue since"), whole=True, show=lambda row: day(row["overdue_since"], row["zone"])),
    Column("title", N_("Title"), show=title),
)
LIST_FIELDS = (*LIST_COLUMNS, Column("extensions", "Extensions"), *MARKS)


@click.command("list", cls=ListCommand, short_help=N_("List every plan with its state and its next evaluation."))
@click.option("--state", "wanted", metavar="STATE", help=N_("Only plans in this state."))
@pass_context
def list_(context: Context, wanted: str | None) -> None:
    """List every plan."""
    with open_house(context).reading() as connection:
        every = views.listed(connection)
        if wanted is not None:
            _check_state(connection, every, wanted)
    rows = [row for row in every if wanted in (None, row["state"])]
    emit_rows(
        context,
        "plans",
        LIST_COLUMNS,
        LIST_FIELDS,
        rows,
        empty=_("There are no plans yet. Make one with `pdca plan new`, or take some in with `pdca import`."),
    )


def _check_state(connection: Connection, listed: list[views.View], wanted: str) -> None:
    """Refuse a state that no method of a plan or a programme has: an empty list would say that no plan is in it."""
    worked_by = [*listed, *connection.all(statements.PROGRAMMES)]
    states = dict.fromkeys(state for row in worked_by for state in methods.of_plan(connection, row).state_by_id)
    if wanted not in states:
        raise Usage(
            "state-unknown",
            _("“%(state)s” is no state of any plan here.") % {"state": wanted},
            hint=_("The states are: %(states)s.") % {"states": ", ".join(states)} if states else None,
        )


@click.command("show", cls=Command, short_help=N_("Show one plan with all that belongs to it."))
@click.argument("plan_word", metavar="PLAN")
@click.option("--as-of", metavar="DATE", help=N_("As it was at the end of this day, as the log has it."))
@pass_context
def show(context: Context, plan_word: str, as_of: str | None) -> None:
    """Show one plan."""
    from pdca.cli.plan_page import page
    from pdca.cli.series_shape import shape

    day_asked = parse_day("--as-of", as_of)
    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word)
        now, actor = house.now(connection), house.actor(connection)
        view, series = (
            _view(connection, plan_id, now, actor)
            if day_asked is None
            else _then(connection, plan_id, day_asked, now, actor)
        )
    told: list[Block] = [_("As it was at the end of %(day)s:") % {"day": as_of}] if as_of else []
    emit_object(
        context,
        "pdca.plan/1",
        {**view, "as_of": as_of},
        human=lambda: [
            *told,
            *page(
                {
                    **view,
                    "indicators": [{**row, "shape": shape(series[row["indicator_id"]])} for row in view["indicators"]],
                }
            ),
        ],
    )


def _view(
    connection: Connection, plan_id: str, now: datetime, actor: Actor, log: Connection | None = None
) -> tuple[views.View, dict[str, "Series"]]:
    """Give the plan, whether it may call itself MMM, the hash of what an approval would be bound to, and those given;
    and beside it the series of its indicators.

    `log` holds the events when `connection` does not.
    """
    from pdca.content import content_hash
    from pdca.indicators.find import find_row
    from pdca.report.approvals import approvals_of
    from pdca.report.cycles import standing as cycle_standing
    from pdca.report.mmm import standing
    from pdca.report.readings import aimed_at, recorded_of

    row = connection.one(statements.PLAN, plan_id=plan_id) or {}
    found, lacking = standing(connection, row, now, actor)
    found["needs"] = [need_fields(need) for need in lacking]
    digest = content_hash(connection, plan_id) if methods.purposes(methods.of_plan(connection, row)) else None
    view = views.whole(connection, plan_id, now)
    series = {}
    for one in view["indicators"]:
        recorded = recorded_of(connection, find_row(connection, one["indicator_id"]), now)
        one["target"] = aimed_at(connection, recorded, now, local_date(now, view["zone"]))
        series[one["indicator_id"]] = recorded.series
    return {
        **view,
        **cycle_standing(connection, row),
        "mmm_standing": found,
        "content_sha256": digest,
        "approvals": approvals_of(connection, row, now, log),
    }, series


def _then(
    connection: Connection, plan_id: str, asked: date, now: datetime, actor: Actor
) -> tuple[views.View, dict[str, "Series"]]:
    """Give it as the log has it at the end of a day."""
    from pdca.report.then import as_of, end_of_day, not_to_come

    at = end_of_day(connection, plan_id, not_to_come(connection, plan_id, asked, now))
    with as_of(connection, plan_id, at) as then:
        return _view(then, plan_id, at, actor, log=connection)


NEXT_COLUMNS = (
    Column("plan", N_("Plan"), whole=True, show=lambda row: row["plan"] or row["subject"]),
    Column("by", N_("By when"), whole=True, show=by_when),
    Column("what", N_("What"), show=what),
    Column("subject", N_("About"), whole=True),
    Column("late", N_("Overdue"), show=lambda row: _("yes") + taken_up(row) if row["late"] else ""),
    Column("title", N_("Title"), show=title),
    Column("needs", N_("Missing"), right=True, show=lambda row: str(row["needs"] or "")),
    Column("command", N_("Command"), whole=True),
)
NEXT_FIELDS = (
    *NEXT_COLUMNS,
    Column("first_by", "By when at first", whole=True),
    *MARKS,
    *TAKEN_UP,
    Column("waits_for", "Waits for", whole=True),
    Column("not_gone", "Not gone because"),
)


@click.command(
    "next",
    cls=ListCommand,
    short_help=N_("Say what is to be done next and by when, for you or for a plan."),
    help=N_(
        "Say what is to be done first and by when, with the command that does it: deadlines of plans, steps and dates "
        "that wait for your approval, partners who wait for an answer, activities whose end is past, a programme that "
        "the authorities must have. For you, for a plan, or with --all for everybody. What has no date comes last."
    ),
)
@click.argument("plan_word", metavar="PLAN", required=False)
@click.option("--all", "everybody", is_flag=True, help=N_("For everybody, not only for your own plans."))
@pass_context
def next_(context: Context, plan_word: str | None, everybody: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Say what is next."""
    from pdca.report.agenda import agenda

    if everybody and plan_word:
        raise Usage(
            "plan-or-all",
            _("Say either a plan or --all."),
            hint=_("What is next for a plan is the same for everybody."),
        )
    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word) if plan_word else None
        actor = None if everybody or plan_id else house.actor(connection)
        rows = agenda(connection, house.now(connection), actor, plan_id)
    emit_rows(context, "next", NEXT_COLUMNS, NEXT_FIELDS, rows, empty=_("Nothing is waiting for you."))


HISTORY_COLUMNS = (
    Column("event", N_("Event"), whole=True, right=True),
    Column("at", N_("When"), whole=True, show=lambda row: to_the_minute(row["at"])),
    Column("kind", N_("What"), show=lambda row: spoken(KINDS, row["kind"]) if row["kind"] in KINDS else row["kind"]),
    Column("from", N_("From state"), show=lambda row: localized(row["from_label"])),
    Column("to", N_("To state"), show=lambda row: localized(row["to_label"])),
    Column("actor_name", N_("Who"), show=lambda row: _who(row) + behalf(row)),
    Column("reason", N_("Why")),
)
HISTORY_FIELDS = (*HISTORY_COLUMNS, *BEHALF, Column("actor_assumed", "Who is assumed"))


@click.command("history", cls=ListCommand, short_help=N_("Show what happened to a plan, from the log."))
@click.argument("plan_word", metavar="PLAN")
@pass_context
def history(context: Context, plan_word: str) -> None:
    """Show what happened to a plan."""
    from pdca.report.log import events_of_plan

    with open_house(context).reading() as connection:
        plan_id = find_plan(connection, plan_word)
        labels = _labels(connection, plan_id)
        rows = [
            {**event, **{f"{end}_label": labels.get(event[end], {"en": event[end] or ""}) for end in ("from", "to")}}
            for event in events_of_plan(connection, plan_id)
        ]
    emit_rows(context, "events", HISTORY_COLUMNS, HISTORY_FIELDS, rows)


def _who(row: Row) -> str:
    return _("the scheduler") if row["actor"] == "scheduler" else marked(row["actor_name"], row["actor_assumed"])


def _labels(connection: Connection, plan_id: str) -> dict[str, Localized]:
    """Give what the method of a plan calls each state; one of an earlier version may not be among them."""
    row = connection.one(statements.PLAN, plan_id=plan_id) or {}
    return {one.id: one.label for one in methods.of_plan(connection, row).states}
