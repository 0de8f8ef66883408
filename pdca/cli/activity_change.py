"""`pdca activity add`, `set`, `done`, `drop`, `step` and `means`: each changes the document of its plan."""

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import click

from pdca.cli.activity import find_activity
from pdca.cli.activity_fields import READ, number
from pdca.cli.context import Context
from pdca.cli.frame import Command, dry_run_option, pass_context, reason_option, reason_required
from pdca.cli.given import field_given, fields_argument, language_given, title_option, titles
from pdca.cli.house import find_plan, open_house
from pdca.cli.plan_document import Written, emit_rewritten, rewrite_plan
from pdca.errors import NotFound, Usage
from pdca.i18n import N_, _
from pdca.report.gaps import misdated
from pdca.shapes import check_reason
from pdca.store.driver import Connection
from pdca.words import MEANS
from workflows.need import Need

Activity = dict[str, Any]

_OWN: Final = re.compile(r"[Aa]([0-9]+)")


@click.command(
    "add",
    cls=Command,
    short_help=N_("Add an activity to a plan."),
    help=N_(
        "Add an activity to a plan, as one of its project group. It gets the next number in the plan. A date may be a "
        "month, such as 2024-10."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@title_option
@click.option("--owner", metavar="PARTY", help=N_("Who answers for it: a function or a stakeholder."))
@click.option("--start", metavar="DATE", help=N_("When it begins."))
@click.option("--end", metavar="DATE", help=N_("When it ends."))
@click.option("--rubric", help=N_("The rubric that it belongs to."))
@click.option("--objective", help=N_("The objective under the plan that it serves, where the method has those."))
@click.option("--after", multiple=True, metavar="ACTIVITY", help=N_("An activity of the plan that comes first."))
@click.option("--step", "steps", multiple=True, metavar="TEXT", help=N_("A step; several in their order."))
@dry_run_option
@pass_context
def add(  # noqa: PLR0913, PLR0917 - one argument per option
    context: Context,
    plan_word: str,
    texts: tuple[str, ...],
    owner: str | None,
    start: str | None,
    end: str | None,
    rubric: str | None,
    objective: str | None,
    after: tuple[str, ...],
    steps: tuple[str, ...],
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Add an activity."""
    made: Activity = {}

    def change(written: Written) -> None:
        given = {"owner": owner, "start": start, "end": end, "rubric": rubric, "objective": objective}
        given["after"] = ",".join(after)
        language = language_given(context, written.connection)
        existing = written.plan.setdefault("activities", [])
        made["id"] = (
            f"A{1 + max((int(found[1]) for one in existing if (found := _OWN.fullmatch(one['id']))), default=0)}"
        )
        made["title"] = titles("--title", texts, language)
        for field, value in given.items():
            if value:
                made[field] = READ[field](f"--{field}", value, written)
        if steps:
            made["steps"] = [{"text": {language: text}} for text in steps]
        existing.append(made)

    def look(connection: Connection, _now: datetime) -> list[Need]:
        plan_id = find_plan(connection, plan_word)
        return misdated(connection, f"{plan_id}/{made['id']}")

    found = rewrite_plan(open_house(context), plan_word, change, dry_run=dry_run, look=look)
    identity = f"{found.outcome.summary['plan']}/{made['id']}"
    line = _("%(activity)s is added.") % {"activity": identity}
    emit_rewritten(context, "pdca.activity-added/1", found, {"activity": identity}, line, dry_run=dry_run)


@click.command(
    "set",
    cls=Command,
    short_help=N_("Change what is said of an activity."),
    help=N_(
        "Change what is said of an activity: FIELD=VALUE, and FIELD= to take it away. The fields are title, owner, "
        "start, end, status, rubric, objective, after, indicator, axis, result and note; title=fr=… is the title in "
        "French. Steps and means have commands of their own."
    ),
)
@click.argument("word", metavar="ACTIVITY")
@fields_argument
@reason_option
@dry_run_option
@pass_context
def set_(
    context: Context,
    word: str,
    fields: tuple[str, ...],
    reason: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Change an activity."""
    values = [field_given(text, ("title", *READ), "title") for text in fields]

    def change(found: Activity, written: Written) -> None:
        for field, value in values:
            if field == "title":
                found["title"] = written.retitled(context, found["title"], [value])
            elif value:
                found[field] = READ[field](field, value, written)
            else:
                found.pop(field, None)

    _change(context, word, change, _("%(activity)s is changed."), reason=reason, dry_run=dry_run)


@click.command(
    "done",
    cls=Command,
    short_help=N_("Say that an activity is done."),
)
@click.argument("word", metavar="ACTIVITY")
@click.option("--result", metavar="NUMBER", help=N_("What it brought, as a number."))
@dry_run_option
@pass_context
def done(
    context: Context,
    word: str,
    result: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Say that an activity is done."""
    brought = number("--result", result)

    def change(found: Activity, _written: Written) -> None:
        found["status"] = "done"
        if brought is not None:
            found["result"] = brought

    _change(context, word, change, _("%(activity)s is done."), dry_run=dry_run)


@click.command(
    "drop",
    cls=Command,
    short_help=N_("Say that an activity is dropped, and why."),
    help=N_("Say that an activity is dropped, and why. It stays in the plan as dropped; the reason stands in the log."),
)
@click.argument("word", metavar="ACTIVITY")
@reason_required
@dry_run_option
@pass_context
def drop(
    context: Context,
    word: str,
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Say that an activity is dropped."""
    check_reason(reason)

    def change(found: Activity, _written: Written) -> None:
        found["status"] = "dropped"

    _change(context, word, change, _("%(activity)s is dropped."), reason=reason, dry_run=dry_run)


@click.command(
    "step",
    cls=Command,
    short_help=N_("Add a step to an activity, or say that one is done."),
)
@click.argument("word", metavar="ACTIVITY")
@click.argument("text", required=False)
@click.option("--done", "number", type=click.IntRange(min=1), metavar="NUMBER", help=N_("The step that is done."))
@dry_run_option
@pass_context
def step(
    context: Context,
    word: str,
    text: str | None,
    number: int | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Add a step, or say that one is done."""
    if (text is None) == (number is None):
        raise Usage(
            "step-or-done",
            _("Say either the text of a new step, or --done NUMBER."),
            hint=_("`pdca activity show %(activity)s` numbers them.") % {"activity": word},
        )

    def change(found: Activity, written: Written) -> None:
        steps = found.setdefault("steps", [])
        if number is None:
            steps.append({"text": {language_given(context, written.connection): text}})
        elif number > len(steps):
            raise NotFound(
                "step-unknown",
                _("There is no step %(number)s.") % {"number": number},
                hint=_("`pdca activity show %(activity)s` numbers them.") % {"activity": word},
            )
        else:
            old = steps[number - 1]
            # A step may be its text alone, also in several languages.
            whole = isinstance(old, dict) and "text" in old
            steps[number - 1] = {**(old if whole else {"text": old}), "done": True}

    _change(context, word, change, _("%(activity)s is changed."), dry_run=dry_run)


@click.command(
    "means",
    cls=Command,
    short_help=N_("State the means and people planned and deployed in a year."),
    help=N_(
        "State how much of a kind of means is planned for an activity in a year, and how much was deployed; where less "
        "was deployed than planned, also why. What is not said stays as it is."
    ),
)
@click.argument("word", metavar="ACTIVITY")
@click.option("--kind", required=True, type=click.Choice(tuple(MEANS)), help=N_("Money in EUR, FTE, hours or people."))
@click.option("--year", required=True, type=int, help=N_("The calendar year."))
@click.option("--planned", metavar="NUMBER", help=N_("How much is planned."))
@click.option("--deployed", metavar="NUMBER", help=N_("How much was deployed."))
@click.option("--shortfall", metavar="REASON", help=N_("Why less was deployed than planned."))
@dry_run_option
@pass_context
def means(
    context: Context,
    word: str,
    kind: str,
    year: int,
    planned: str | None,
    deployed: str | None,
    shortfall: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """State the means of an activity."""
    foreseen, used = number("--planned", planned), number("--deployed", deployed)
    if foreseen is None and used is None and shortfall is None:
        raise Usage(
            "means-unstated",
            _("It is not said how much."),
            hint=_("Say --planned NUMBER, --deployed NUMBER or --shortfall REASON."),
        )

    def change(found: Activity, _written: Written) -> None:
        lines = found.setdefault("means", [])
        line = next((one for one in lines if one["year"] == year and kind in one), None)
        if line is None:
            line = {"year": year, kind: None}
            lines.append(line)
        if foreseen is not None:
            line[kind] = foreseen
            # Whoever states it says what the body itself plans.
            line.pop("assumed", None)
        if used is not None:
            line["deployed"] = used
        if shortfall is not None:
            line["shortfall"] = shortfall
        elif not _short(line[kind], line.get("deployed")):
            line.pop("shortfall", None)
        elif "shortfall" not in line:
            raise Usage(
                "shortfall-unexplained",
                _("Less was deployed than planned, and it is not said why."),
                hint=_("Say why with --shortfall."),
            )

    _change(context, word, change, _("The means of %(activity)s are stated."), dry_run=dry_run)


def _short(planned: Decimal | None, deployed: Decimal | None) -> bool:
    return planned is not None and deployed is not None and deployed < planned


def _change(
    context: Context,
    word: str,
    change: Callable[[Activity, Written], None],
    words: str,
    *,
    reason: str | None = None,
    dry_run: bool,
) -> None:
    house = open_house(context)
    with house.reading() as connection:
        identity = find_activity(connection, word)
    plan_id, _slash, own = identity.partition("/")

    def change_it(written: Written) -> None:
        change(next(one for one in written.plan["activities"] if one["id"] == own), written)

    found = rewrite_plan(
        house,
        plan_id,
        change_it,
        reason=reason,
        dry_run=dry_run,
        look=lambda connection, _now: misdated(connection, identity),
    )
    line = words % {"activity": identity}
    emit_rewritten(context, "pdca.activity-changed/1", found, {"activity": identity}, line, dry_run=dry_run)
