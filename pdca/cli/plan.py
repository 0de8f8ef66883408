"""`pdca plan`: looking at action plans and moving them on."""

from datetime import date
from typing import Any

import click

from pdca.cli.cells import flat, legend, marked
from pdca.cli.context import Context
from pdca.cli.frame import Command, Group, ListCommand, dry_run_option, pass_context
from pdca.cli.house import check, find_plan, lines, need_fields, open_house
from pdca.cli.output import Block, Column, Heading, Row, Table, emit_list, emit_object
from pdca.errors import Usage
from pdca.i18n import N_, _, localized
from pdca.report import plans as views
from pdca.store.reads import plans as statements
from workflows import definition as definitions

plan = Group("plan", short_help=N_("Look at action plans and move them on."))


def _title(row: Row) -> str:
    text = localized(row["title"])
    if row.get("restricted"):
        text += " [" + _("restricted") + "]"
    return marked(text, row.get("assumed"))


def _state(row: Row) -> str:
    definition = definitions.load(row["definition"], row["definition_version"])
    return localized(definition.state_by_id[row["state"]].label)


def _day(text: str | None) -> str:
    return text[:10] if text else ""


LIST_COLUMNS = (
    Column("plan_id", N_("Plan"), whole=True),
    Column("slug", N_("Slug"), whole=True),
    Column("state", N_("State"), show=_state),
    Column("cycle", N_("Cycle"), right=True),
    Column("lead_id", N_("Lead")),
    Column("next_due_at", N_("Next evaluation"), whole=True, show=lambda row: _day(row["next_due_at"])),
    Column("overdue_since", N_("Overdue since"), whole=True, show=lambda row: _day(row["overdue_since"])),
    Column("title", N_("Title"), show=_title),
)


@plan.command("list", cls=ListCommand, short_help=N_("List every plan with its state and its next evaluation."))
@click.option("--state", help=N_("Only plans in this state."))
@pass_context
def list_(context: Context, state: str | None) -> None:
    """List every plan."""
    with open_house(context).reading() as connection:
        rows = [row for row in views.listed(connection) if state in (None, row["state"])]
    emit_list(context, "plans", LIST_COLUMNS, rows, empty=_("There are no plans yet. Take some in with `pdca import`."))
    if not context.options.format and any(row["assumed"] for row in rows):
        _legend_on_terminal(context)


def _legend_on_terminal(context: Context) -> None:
    import sys

    if sys.stdout.isatty():
        context.note(legend(True)[0])


@plan.command("show", cls=Command, short_help=N_("Show one plan with all that belongs to it."))
@click.argument("plan_word", metavar="PLAN")
@pass_context
def show(context: Context, plan_word: str) -> None:
    """Show one plan."""
    with open_house(context).reading() as connection:
        view = views.whole(connection, find_plan(connection, plan_word))
    emit_object(context, "pdca.plan/1", view, human=lambda: _human(view))


def _human(view: views.View) -> list[Block]:
    lead = localized(view["lead"]["name"]) if view["lead"] else _("nobody")
    group = ", ".join(localized(member["name"]) for member in view["group"]) or _("nobody")
    blocks: list[Block] = [
        Heading(f"{view['plan_id']}  {_title(view)}  ({view['slug']})"),
        _("%(state)s, cycle %(cycle)s, since %(since)s")
        % {"state": _state(view), "cycle": view["cycle"], "since": _day(view["state_since"])},
        _("Objective: %(objective)s") % {"objective": _objective(view)},
        _("Period: %(first)s to %(last)s") % {"first": view["period_start"], "last": view["period_end"]},
        _("Project leader: %(lead)s") % {"lead": lead},
        _("Project group: %(group)s") % {"group": group},
    ]
    if view["note"]:
        blocks.append(_("Note: %(note)s") % {"note": view["note"]})
    blocks += _where(view)
    blocks.append(Heading(_("Rubrics")))
    blocks += [_rubric(rubric) for rubric in view["rubrics"]]
    for heading, name, columns in PARTS:
        if view[name]:
            blocks += [Heading(_(heading)), Table(columns, view[name])]
    return [*blocks, *legend(_anything_assumed(view))]


def _objective(view: views.View) -> str:
    objective = view["objective"]
    return f"{objective['objective_id']} {marked(localized(objective['title']), objective['assumed'])}"


def _where(view: views.View) -> list[Block]:
    blocks: list[Block] = []
    perimeter = view["perimeter"] or {}
    places = [*perimeter.get("places", ())]
    places += [f"{area}: {', '.join(names)}" for area, names in perimeter.get("by_area", {}).items()]
    if places:
        blocks.append(_("Perimeter: %(places)s") % {"places": "; ".join(places)})
    if view["phenomena"]:
        names = [marked(localized(one["text"]), one.get("assumed")) for one in view["phenomena"]]
        blocks.append(_("Phenomena: %(phenomena)s") % {"phenomena": ", ".join(names)})
    if view["watch"]:
        blocks.append(
            _("Still watched: %(watch)s, looked at again on %(date)s")
            % {"watch": view["watch"], "date": view["watch_again"]}
        )
    return blocks


def _rubric(rubric: views.View) -> str:
    text = marked(localized(rubric["text"]), rubric["assumed"]) if rubric["text"] else _("(empty)")
    return f"  {localized(rubric['label'])}: {text}"


def _anything_assumed(view: Any) -> bool:  # noqa: ANN401 - any JSON value
    if isinstance(view, dict):
        return bool(view.get("assumed")) or any(_anything_assumed(value) for value in view.values())
    return isinstance(view, list) and any(_anything_assumed(value) for value in view)


def _owner(row: Row) -> str:
    return localized(row["owner"]["name"]) if row["owner"] else ""


def _last(row: Row) -> str:
    measured = [one for one in row["series"] if one["value"] is not None]
    if not measured:
        return _("not measured")
    last = measured[-1]
    approximate = "≈ " if last["approximate"] else ""
    return f"{approximate}{last['value']} {flat(row['unit'], words=True)} ({last['period']})"


def _evaluation_status(row: Row) -> str:
    return _(EVALUATION_STATUS[row["status"]]) + (f" ({_(OVERDUE)})" if row["overdue_at"] else "")


OVERDUE = N_("overdue")
EVALUATION_STATUS = {
    "planned": N_("planned"),
    "open": N_("open"),
    "recorded": N_("recorded"),
    "missed": N_("missed"),
    "cancelled": N_("cancelled"),
    "before_import": N_("before the import"),
}
ACTIVITY_STATUS = {
    "planned": N_("planned"),
    "running": N_("running"),
    "done": N_("done"),
    "dropped": N_("dropped"),
}

PARTS = (
    (
        N_("Activities"),
        "activities",
        (
            Column("activity_id", N_("Activity"), whole=True),
            Column("title", N_("Title"), show=_title),
            Column("owner", N_("Owner"), show=_owner),
            Column("start_date", N_("From"), whole=True),
            Column("end_date", N_("To"), whole=True),
            Column("status", N_("Status"), show=lambda row: _(ACTIVITY_STATUS[row["status"]])),
        ),
    ),
    (
        N_("Indicators"),
        "indicators",
        (
            Column("indicator_id", N_("Indicator"), whole=True),
            Column("title", N_("Title"), show=_title),
            Column("series", N_("Last figure"), show=_last),
        ),
    ),
    (
        N_("Evaluations"),
        "evaluations",
        (
            Column("evaluation_id", N_("Evaluation"), whole=True),
            Column("due_date", N_("Date"), whole=True, show=lambda row: marked(row["due_date"], row["assumed"])),
            Column("kind", N_("Kind")),
            Column("status", N_("Status"), show=_evaluation_status),
            Column("findings", N_("Findings")),
        ),
    ),
    (
        N_("Information"),
        "information",
        (
            Column("information_id", N_("Moment"), whole=True),
            Column("due_date", N_("Date"), whole=True, show=lambda row: marked(row["due_date"], row["assumed"])),
            Column("party", N_("To"), show=lambda row: localized(row["party"]["name"])),
            Column("method", N_("By")),
        ),
    ),
)


@plan.command(
    "advance",
    cls=Command,
    short_help=N_("Move a plan on: start it, check it, adjust it, end it."),
    help=N_(
        "Move a plan on, by a trigger or to a state. A refusal names everything that is missing, is noted in the log, "
        "and exits with 3. Somebody else’s change at the same moment exits with 5."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.option("--trigger", help=N_("The trigger: start, evaluate, conclude, replan, continue, close, embed, …"))
@click.option("--to", "to_state", metavar="STATE", help=N_("The state, when one trigger leads there."))
@click.option("--reason", help=N_("Why; a motive that is kept in the log."))
@click.option("--watch", help=N_("With embed: what is still watched."))
@click.option("--again", metavar="DATE", help=N_("With embed: when it is looked at again."))
@dry_run_option
@pass_context
def advance(  # noqa: PLR0913 - one argument per option
    context: Context,
    plan_word: str,
    trigger: str | None,
    to_state: str | None,
    reason: str | None,
    watch: str | None,
    again: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Move a plan on."""
    from pdca.plans.advance import Advance, Seen
    from pdca.plans.facts import Attempt

    if (trigger is None) == (to_state is None):
        raise Usage(
            "trigger-or-state",
            _("Say either --trigger or --to."),
            hint=_("`pdca plan why-not PLAN` lists what is possible."),
        )
    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word)
        row = connection.one(statements.PLAN, plan_id=plan_id) or {}
    attempt = Attempt(reason, watch, parse_day("--again", again))
    seen = Seen(row["version"], None if context.requested_now else context.opened_at)
    outcome = check(house.apply(Advance(plan_id, trigger, to_state, attempt, seen), dry_run=dry_run), plan_id)
    summary = {**outcome.summary, "event": outcome.events[-1], "dry_run": dry_run}
    emit_object(context, "pdca.advance/1", summary, human=lambda: _advanced(row, summary))


def parse_day(option: str, text: str | None) -> date | None:
    """Read a date of an option; raises Usage."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Usage(
            "date-unknown", _("%(option)s: “%(text)s” is no date.") % {"option": option, "text": text},
            hint=_("Write it like 2024-10-31."),
        ) from error


def _advanced(row: Row, summary: Row) -> list[Block]:
    labels = definitions.load(row["definition"], row["definition_version"]).state_by_id
    words = _("%(plan)s: %(before)s → %(after)s, cycle %(cycle)s") % {
        "plan": summary["plan"],
        "before": localized(labels[summary["from_state"]].label),
        "after": localized(labels[summary["to_state"]].label),
        "cycle": summary["cycle"],
    }
    blocks: list[Block] = [words]
    if summary["dry_run"]:
        blocks.append(_("Nothing was changed: this was a dry run."))
    return blocks


@plan.command(
    "why-not",
    cls=Command,
    short_help=N_("Say what holds a plan back: every unmet need of every possible trigger."),
)
@click.argument("plan_word", metavar="PLAN")
@click.option("--trigger", help=N_("Only this trigger."))
@pass_context
def why_not(context: Context, plan_word: str, trigger: str | None) -> None:
    """Say what holds a plan back."""
    from pdca.report.considered import considered

    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word)
        found = considered(connection, plan_id, house.now(connection), house.actor(connection))
    triggers = [
        {"trigger": one.trigger, "to": one.target, "possible": not one.needs, "needs": [need_fields(n) for n in one.needs]}
        for one in found
        if trigger in (None, one.trigger)
    ]
    if trigger is not None and not triggers:
        raise Usage(
            "trigger-not-here",
            _("“%(trigger)s” does not leave the state %(plan)s is in.") % {"trigger": trigger, "plan": plan_id},
            hint=_("Possible here: %(triggers)s.") % {"triggers": ", ".join(one.trigger for one in found) or "-"},
        )
    emit_object(context, "pdca.why-not/1", {"plan": plan_id, "triggers": triggers}, human=lambda: _why_not(plan_id, triggers))


def _why_not(plan_id: str, triggers: list[dict[str, Any]]) -> list[Block]:
    if not triggers:
        return [_("%(plan)s has come to its end: no trigger is possible.") % {"plan": plan_id}]
    blocks: list[Block] = []
    for one in triggers:
        state = _("can be done now") if one["possible"] else _("%(count)s unmet") % {"count": len(one["needs"])}
        target = f" → {one['to']}" if one["to"] else ""
        blocks.append(f"{one['trigger']}{target}: {state}" + "".join(lines(one["needs"])))
    return blocks


NEXT_COLUMNS = (
    Column("plan", N_("Plan"), whole=True),
    Column("by", N_("By"), whole=True, show=lambda row: _day(row["by"])),
    Column("what", N_("What"), show=lambda row: _(WHAT[row["what"]])),
    Column("evaluation", N_("Evaluation"), whole=True),
    Column("late", N_("Overdue"), show=lambda row: _("yes") if row["late"] else ""),
    Column("title", N_("Title"), show=_title),
)
WHAT = {
    "start": N_("start the plan"),
    "evaluation": N_("evaluation falls due"),
    "record": N_("record the evaluation"),
    "decide": N_("conclude or decide"),
    "missed": N_("an evaluation was missed: act"),
    "watch": N_("look at it again"),
}


@plan.command("next", cls=ListCommand, short_help=N_("Say what is to be done next and by when, for you or for a plan."))
@click.argument("plan_word", metavar="PLAN", required=False)
@click.option("--all", "everybody", is_flag=True, help=N_("For everybody, not only for your own plans."))
@pass_context
def next_(context: Context, plan_word: str | None, everybody: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Say what is next."""
    from pdca.report.upcoming import upcoming

    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word) if plan_word else None
        actor = None if everybody or plan_id else house.actor(connection)
        rows = upcoming(connection, house.now(connection), actor, plan_id)
    emit_list(context, "next", NEXT_COLUMNS, rows, empty=_("Nothing is waiting for you."))


HISTORY_COLUMNS = (
    Column("event", N_("Event"), whole=True, right=True),
    Column("at", N_("When"), whole=True, show=lambda row: row["at"][:16].replace("T", " ")),
    Column("kind", N_("What")),
    Column("from", N_("From")),
    Column("to", N_("To")),
    Column("actor_name", N_("Who")),
    Column("reason", N_("Why")),
)


@plan.command("history", cls=ListCommand, short_help=N_("Show what happened to a plan, from the log."))
@click.argument("plan_word", metavar="PLAN")
@pass_context
def history(context: Context, plan_word: str) -> None:
    """Show what happened to a plan."""
    from pdca.report.log import events_of_plan

    with open_house(context).reading() as connection:
        rows = list(events_of_plan(connection, find_plan(connection, plan_word)))
    emit_list(context, "events", HISTORY_COLUMNS, rows)


