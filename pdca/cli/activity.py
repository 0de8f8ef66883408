"""`pdca activity`: what is to be done in the plans, by whom, by when and with what."""

from collections.abc import Mapping
from typing import Any, Final

import click

from pdca import methods
from pdca.cli.cells import MARKS, Column, Row, legend
from pdca.cli.context import Context
from pdca.cli.frame import Command, Group, ListCommand, pass_context
from pdca.cli.house import find_plan, open_house
from pdca.cli.listing import emit_rows
from pdca.cli.output import Block, Heading, Table, emit_object
from pdca.cli.party import called, find_party
from pdca.cli.words import title
from pdca.errors import NotFound
from pdca.i18n import N_, _, in_a_row, localized
from pdca.report import activities as views
from pdca.store.driver import Connection
from pdca.store.reads import plans
from pdca.words import ACTIVITY_STATUS, MEANS, amount, marked, spoken

activity = Group(
    "activity",
    short_help=N_("List the activities of plans, and change them."),
    lazy={
        "add": ("pdca.cli.activity_change:add", N_("Add an activity to a plan.")),
        "set": ("pdca.cli.activity_change:set_", N_("Change what is said of an activity.")),
        "decide": (
            "pdca.cli.activity_decide:decide",
            N_("Decide in Adjust what becomes of an activity, and why."),
        ),
        "done": ("pdca.cli.activity_change:done", N_("Say that an activity is done.")),
        "drop": ("pdca.cli.activity_change:drop", N_("Say that an activity is dropped, and why.")),
        "step": ("pdca.cli.activity_change:step", N_("Add a step to an activity, or say that one is done.")),
        "means": ("pdca.cli.activity_change:means", N_("State the means and people planned and deployed in a year.")),
    },
)


def find_activity(connection: Connection, word: str) -> str:
    """Give the id of the activity that a word names, such as P-004/A2 or AP-HOTSPOT/a2; raises NotFound."""
    plan_word, slash, own = word.partition("/")
    if not slash:
        raise NotFound(
            "activity-without-plan",
            _("“%(word)s” does not say of which plan it is an activity.") % {"word": word},
            hint=_("Write it like P-004/A2; `pdca activity list` shows them all."),
        )
    plan_id = find_plan(connection, plan_word)
    for row in connection.all(plans.ACTIVITIES, plan_id=plan_id):
        if row["activity_id"].casefold() == f"{plan_id}/{own}".casefold():
            return str(row["activity_id"])
    raise NotFound(
        "activity-unknown",
        _("There is no activity %(activity)s.") % {"activity": f"{plan_id}/{own}"},
        hint=_("`pdca activity list %(plan)s` shows those of the plan.") % {"plan": plan_id},
    )


def _status(row: Row) -> str:
    words = spoken(ACTIVITY_STATUS, row["status"])
    late = _("late")
    return f"{words} ({late})" if row["late"] else words


COLUMNS: Final = (
    Column("activity_id", N_("Activity"), whole=True),
    Column("start_date", N_("Begins"), whole=True),
    Column("end_date", N_("Ends"), whole=True),
    Column("status", N_("Status"), show=_status),
    Column("owner", N_("Owner"), show=lambda row: called(row["owner"])),
    Column("title", N_("Title"), show=title),
)
FIELDS: Final = (
    Column("activity_id", "Activity"),
    Column("plan_id", "Plan"),
    Column("start_date", "Begins"),
    Column("end_date", "Ends"),
    Column("status", "Status"),
    Column("late", "Late"),
    Column("owner_id", "Owner"),
    Column("rubric_id", "Rubric"),
    Column("title", "Title"),
    *MARKS,
)


@activity.command(
    "list",
    cls=ListCommand,
    short_help=N_("List the activities of a plan, or of all."),
    help=N_(
        "List the activities of a plan, or of all plans. An activity is late when its end has passed and it is neither "
        "done nor dropped."
    ),
)
@click.argument("plan_word", metavar="PLAN", required=False)
@click.option("--owner", metavar="PARTY", help=N_("Only those of this function or stakeholder."))
@click.option("--status", type=click.Choice(tuple(ACTIVITY_STATUS)), help=N_("Only those with this status."))
@click.option("--late", is_flag=True, help=N_("Only those that are late."))
@pass_context
def list_(
    context: Context,
    plan_word: str | None,
    owner: str | None,
    status: str | None,
    late: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """List the activities."""
    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word) if plan_word else None
        party = find_party(connection, owner)["party_id"] if owner else None
        rows = [
            row
            for row in views.listed(connection, house.now(connection))
            if plan_id in (None, row["plan_id"])
            and party in (None, row["owner_id"])
            and status in (None, row["status"])
            and (row["late"] or not late)
        ]
    emit_rows(context, "activities", COLUMNS, FIELDS, rows, empty=_("There are no such activities."))


@activity.command("show", cls=Command, short_help=N_("Show one activity with its steps and means."))
@click.argument("word", metavar="ACTIVITY")
@pass_context
def show(context: Context, word: str) -> None:
    """Show one activity."""
    house = open_house(context)
    with house.reading() as connection:
        view = views.whole(connection, find_activity(connection, word), house.now(connection)) or {}
        definition = methods.of_plan(connection, connection.one(plans.PLAN, plan_id=view["plan_id"]) or {})
    labels = {rubric.id: rubric.label for rubric in definition.rubrics}
    emit_object(context, "pdca.activity/1", view, human=lambda: _page(view, labels))


def _page(view: dict[str, Any], labels: Mapping[str, Any]) -> list[Block]:
    plan = {"title": view["plan_title"], "restricted": view["restricted"]}
    said = (
        (N_("Plan: %(value)s"), f"{view['plan_id']} {title(plan)}"),
        (N_("Owner: %(value)s"), called(view["owner"]) or _("nobody")),
        (N_("Begins: %(value)s"), view["start_date"]),
        (N_("Ends: %(value)s"), view["end_date"]),
        (N_("Status: %(value)s"), _status(view)),
        (N_("Rubric: %(value)s"), localized(labels[view["rubric_id"]]) if view["rubric_id"] in labels else None),
        (N_("Objective: %(value)s"), view["objective_id"]),
        (N_("Comes after: %(value)s"), _names(view["before_it"])),
        (N_("Comes before: %(value)s"), _names(view["after_it"])),
        (N_("Line of work: %(value)s"), view["axis"]),
        (N_("Indicator: %(value)s"), view["indicator_id"]),
        (N_("Result: %(value)s"), view["result"]),
        (N_("Note: %(value)s"), view["note"]),
    )
    blocks: list[Block] = [
        Heading(f"{view['activity_id']}  {marked(localized(view['title']), view['assumed'])}"),
        *(_(words) % {"value": value} for words, value in said if value),
    ]
    if view["steps"]:
        done = _("done")
        blocks.append(Heading(_("Steps")))
        blocks += [
            f"  {number}. {localized(step['text'])}" + (f" ({done})" if step.get("done") else "")
            for number, step in enumerate(view["steps"], 1)
        ]
    if view["means"]:
        blocks += [Heading(_("Means and capacity")), Table(_MEANS, view["means"])]
    assumed = view["assumed"] or any(row["assumed"] for row in view["means"])
    return [*blocks, *legend(assumed)]


def _names(activities: list[dict[str, Any]]) -> str:
    return in_a_row(f"{one['activity_id']} {localized(one['title'])}" for one in activities)


def _amount(figure: str | None) -> str:
    return "" if figure is None else amount(figure)


_MEANS: Final = (
    Column("year", N_("Year"), whole=True),
    Column("kind", N_("Kind"), show=lambda row: spoken(MEANS, row["kind"])),
    Column(
        "planned", N_("Planned"), right=True, show=lambda row: marked(_amount(row["planned"]) or "-", row["assumed"])
    ),
    Column("deployed", N_("Deployed"), right=True, show=lambda row: _amount(row["deployed"])),
    Column("shortfall_reason", N_("Why less")),
)
