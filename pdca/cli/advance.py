"""`pdca plan advance` and `pdca plan why-not`: moving a plan on, and what holds it back."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from pdca import methods
from pdca.cli.context import Context
from pdca.cli.frame import Command, dry_run_option, pass_context, reason_option, reason_required
from pdca.cli.given import dry_run_told, what_came
from pdca.cli.house import check, find_plan, open_house
from pdca.cli.output import Block, Row, Typed, emit_object
from pdca.cli.words import parse_day
from pdca.errors import Usage
from pdca.house import House, installation
from pdca.i18n import N_, _, localized
from pdca.store.driver import Connection
from pdca.store.reads import plans as statements
from pdca.words import need_fields, with_name
from workflows.method import Localized, State

if TYPE_CHECKING:
    from pdca.plans.advance import Seen


@click.command(
    "advance",
    cls=Command,
    short_help=N_("Move a plan on: start it, check it, adjust it, end it."),
    help=N_(
        "Move a plan on, by a trigger or to a state. A refusal names everything that is missing, is noted in the log, "
        "and exits with 3. A change by somebody else at the same moment exits with 5."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.option("--trigger", help=N_("The trigger: start, evaluate, conclude, replan, continue, close, embed, …"))
@click.option("--to", "to_state", metavar="STATE", help=N_("The state, when one trigger leads there."))
@reason_option
@click.option("--watch", help=N_("With embed: what is still watched."))
@click.option("--again", metavar="DATE", help=N_("With embed: when it is looked at again."))
@click.option("--by-indicator", metavar="NAME", help=N_("With embed: the indicator by which it is watched."))
@dry_run_option
@pass_context
def advance(  # noqa: PLR0913, PLR0917 - one argument per option
    context: Context,
    plan_word: str,
    trigger: str | None,
    to_state: str | None,
    reason: str | None,
    watch: str | None,
    again: str | None,
    by_indicator: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Move a plan on."""
    from pdca.plans.advance import Advance
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
        labels = methods.of_plan(connection, row).state_by_id
        seen = _seen(context, house, connection, row)
    attempt = Attempt(reason, watch, parse_day("--again", again), by_indicator)
    outcome = house.apply(Advance(plan_id, trigger, to_state, attempt, seen), dry_run=dry_run)
    check(outcome, plan_id, dry_run=dry_run)
    summary = {**outcome.summary, **what_came(outcome, dry_run=dry_run)}
    emit_object(context, "pdca.advance/1", summary, human=lambda: _advanced(labels, summary))


def _seen(context: Context, house: House, connection: Connection, row: Row) -> "Seen":
    """Note what is in view, so that of two who advance a plan at once the second is told of the first."""
    from pdca.plans.advance import Seen

    if installation(connection)["simulated"]:
        return Seen(row["version"], disturbed=house.written_since(context.opened_at))
    return Seen(row["version"], context.opened_at)


def _advanced(labels: Mapping[str, State], summary: Row) -> list[Block]:
    words = _("%(plan)s: %(before)s → %(after)s, cycle %(cycle)s") % {
        "plan": summary["plan"],
        "before": localized(labels[summary["from_state"]].label),
        "after": localized(labels[summary["to_state"]].label),
        "cycle": summary["cycle"],
    }
    return [words, *dry_run_told(dry_run=summary["dry_run"])]


@click.command(
    "approve",
    cls=Command,
    short_help=N_("Approve a step of a plan that somebody else wrote and leads."),
    help=N_(
        "Approve one step of a plan, exactly as the plan is now: a change to what is written about it voids the "
        "approval. Who approves holds a function of the body or represents an authority. Who wrote any of the plan, "
        "leads it or acts for either cannot approve it; nobody is exempt."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.option(
    "--for", "purpose", metavar="TRIGGER", required=True, help=N_("The step that is approved, such as start.")
)
@reason_required
@click.option(
    "--content",
    metavar="HASH",
    help=N_("What you read, as `plan show` names it, at least 8 characters: nothing else is approved."),
)
@dry_run_option
@pass_context
def approve(
    context: Context,
    plan_word: str,
    purpose: str,
    reason: str,
    content: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Approve a step of a plan."""
    from pdca.plans.approve import Approve

    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word)
        row = connection.one(statements.PLAN, plan_id=plan_id) or {}
        definition = methods.of_plan(connection, row)
        seen = _seen(context, house, connection, row)
    outcome = house.apply(Approve(plan_id, purpose, reason, seen, content), dry_run=dry_run)
    check(outcome, plan_id, dry_run=dry_run)
    summary = {**outcome.summary, **what_came(outcome, dry_run=dry_run)}
    emit_object(
        context,
        "pdca.approve/1",
        summary,
        human=lambda: _approved(definition.routes[row["state"]][purpose].label, summary),
    )


def _approved(label: Localized, summary: Row) -> list[Block]:
    return [
        _("%(plan)s: “%(step)s” is approved, for the plan as it is now.")
        % {"plan": summary["plan"], "step": localized(label)},
        _("Approved content: %(content)s") % {"content": summary["content_sha256"]},
        *dry_run_told(dry_run=summary["dry_run"]),
    ]


@click.command(
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
    from pdca.report.cycles import standing

    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word)
        found = considered(connection, plan_id, house.now(connection), house.actor(connection))
        undecided = standing(connection, connection.one(statements.PLAN, plan_id=plan_id) or {})["undecided"]
    triggers = [
        {
            "trigger": one.trigger,
            "to": one.target,
            "possible": not one.needs,
            "needs": [need_fields(n) for n in one.needs],
        }
        for one in found
        if trigger in (None, one.trigger)
    ]
    if trigger is not None and not triggers:
        raise Usage(
            "trigger-not-here",
            _("“%(trigger)s” does not leave the state %(plan)s is in.") % {"trigger": trigger, "plan": plan_id},
            hint=_("Possible here: %(triggers)s.") % {"triggers": ", ".join(one.trigger for one in found)}
            if found
            else None,
        )
    view = {"plan": plan_id, "triggers": triggers, "undecided": undecided}
    emit_object(context, "pdca.why-not/1", view, human=lambda: _why_not(plan_id, triggers))
    if undecided and not context.json:
        context.note(_("Not decided yet: %(activities)s") % {"activities": ", ".join(undecided)})


def _why_not(plan_id: str, triggers: list[dict[str, Any]]) -> list[Block]:
    if not triggers:
        return [_("%(plan)s has come to its end: no trigger is possible.") % {"plan": plan_id}]
    blocks: list[Block] = []
    for one in triggers:
        state = _("can be done now") if one["possible"] else _("%(count)s unmet") % {"count": len(one["needs"])}
        target = f" → {one['to']}" if one["to"] else ""
        blocks.append(with_name(f"{one['trigger']}{target}", state))
        for need in one["needs"]:
            blocks.append(f"  - {need['need']} {need['hint']}".rstrip())
            if need["command"]:
                blocks.append(Typed(f"      {need['command']}"))
    return blocks
