"""`pdca reminder`: when people are reminded of evaluations, how long a plan may be late, and who is told then."""

from typing import TYPE_CHECKING, Any, Final

import click

from pdca.cli.cells import legend
from pdca.cli.context import Context
from pdca.cli.frame import Command, Group, dry_run_option, pass_context, reason_required
from pdca.cli.given import emit_done, field_twice, unusable
from pdca.cli.house import check, find_plan, open_house
from pdca.cli.output import Block, Column, Heading, Row, Table, emit_object
from pdca.cli.words import parse_day
from pdca.cli.workflow_page import RECIPIENTS
from pdca.errors import Usage
from pdca.i18n import N_, _, in_a_row
from pdca.words import WHAT, marked, spoken
from workflows.method import LadderStep

if TYPE_CHECKING:
    from pdca.plans.reminding import Terms

reminder = Group(
    "reminder",
    short_help=N_("Show and decide when people are reminded, and who is told of what is overdue."),
)

BY_METHOD: Final = {"days": "lead_days", "grace": "grace_days", "ladder": "ladder"}
_NUMBERS: Final = N_("Write whole numbers with commas between, such as 30,7.")
_GRACE: Final = N_("Write what and how many days, such as record=21.")
_RUNG: Final = N_("Write after how many days and who is told, such as 7:group.")
_LONGEST: Final = 5
"""So many digits a number of days has at most."""


@reminder.command(
    "show",
    cls=Command,
    short_help=N_("Show what holds for a plan, and who decided so, when and why."),
    help=N_(
        "Show when people are reminded of the evaluations of a plan, how many days it has for what it must do, and who "
        "is told of what is overdue; and every decision of its project group on that, when and why."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@pass_context
def show(context: Context, plan_word: str) -> None:
    """Show what holds for a plan."""
    from pdca.report.reminding import reminding_of

    with open_house(context).reading() as connection:
        view = reminding_of(connection, find_plan(connection, plan_word))
    emit_object(context, "pdca.reminding/1", view, human=lambda: _page(view))


@reminder.command(
    "set",
    cls=Command,
    short_help=N_("Decide, as the project group, on reminders, grace and who is told of what is overdue."),
    help=N_(
        "Decide, as one of the project group, how many days before an evaluation people are reminded of it (--days), "
        "how many days the plan has to be started, to record an evaluation and to decide after it (--grace), and who "
        "is told of what is overdue (--to, in the order in which they are told). What is not said stays as it was; "
        "with --by-method the method's own holds again. It holds at once, also for what runs already: what is overdue "
        "stays so, and nobody is reminded twice. Earlier decisions are kept."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.option("--days", metavar="DAYS", help=N_("How many days before an evaluation: 30,14,7,1; or none."))
@click.option(
    "--grace", multiple=True, metavar="WHAT=DAYS", help=N_("The days for start, record or decide: record=21.")
)
@click.option("--to", "rungs", multiple=True, metavar="DAYS:WHO", help=N_("Who is told after so many days: 7:group."))
@click.option(
    "--by-method",
    "by_method",
    multiple=True,
    type=click.Choice(tuple(BY_METHOD)),
    help=N_("What of it is as the method says again."),
)
@click.option("--decided", metavar="DATE", help=N_("The day of the decision; otherwise today."))
@reason_required
@dry_run_option
@pass_context
def set_(  # noqa: PLR0913, PLR0917 - one argument per option
    context: Context,
    plan_word: str,
    days: str | None,
    grace: tuple[str, ...],
    rungs: tuple[str, ...],
    by_method: tuple[str, ...],
    decided: str | None,
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Decide how a plan is reminded."""
    from pdca.evaluations.decide_reminding import DecideReminding

    given = _terms(days, grace, rungs)
    names = tuple(BY_METHOD[name] for name in by_method)
    if not names and given.columns() == dict.fromkeys(BY_METHOD.values()):
        raise Usage(
            "nothing-decided",
            _("This says nothing that is decided."),
            hint=_("Say it with --days, --grace, --to or --by-method."),
        )
    twice = [name for name in by_method if getattr(given, BY_METHOD[name]) is not None]
    if twice:
        raise Usage(
            "decided-twice",
            _("--by-method %(what)s: something else is said of it as well.") % {"what": twice[0]},
            hint=_("Leave one of them out."),
        )
    day = parse_day("--decided", decided)
    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word)
    command = DecideReminding(plan_id, reason, given, names, day)
    outcome = check(house.apply(command, dry_run=dry_run), plan_id, dry_run=dry_run)
    lines = [_("%(plan)s: decision %(decision)s on reminders, grace and ladder holds from now on.") % outcome.summary]
    emit_done(context, "pdca.reminding-decided/1", outcome, lines, dry_run=dry_run)


def _terms(days: str | None, grace: tuple[str, ...], rungs: tuple[str, ...]) -> "Terms":
    from pdca.plans.reminding import Terms

    lead = None if days is None else () if days == "none" else tuple(_number("--days", one) for one in days.split(","))
    told = [one.partition(":") for one in rungs]
    return Terms(
        lead,
        _grace_given(grace) if grace else None,
        tuple(LadderStep(_number("--to", number, _RUNG), to.strip()) for number, _colon, to in told) if rungs else None,
    )


def _grace_given(grace: tuple[str, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for kind, _equals, number in (one.partition("=") for one in grace):
        name = kind.strip()
        if name in found:
            raise field_twice(f"--grace {name}")
        found[name] = _number("--grace", number, _GRACE)
    return found


def _number(option: str, text: str, hint: str = _NUMBERS) -> int:
    number = text.strip()
    if not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST):
        raise unusable(option, text, _(hint))
    return int(number)


def _page(view: dict[str, Any]) -> list[Block]:
    holds = view["holds"]
    days = in_a_row(str(one) for one in holds["lead_days"]["value"])
    blocks: list[Block] = [
        Heading(_("Reminders, grace and ladder of %(plan)s") % view),
        _("People are reminded so many days before an evaluation: %(days)s (%(from)s)")
        % {"days": days or _("none"), "from": spoken(_FROM, holds["lead_days"]["from"])},
    ]
    blocks += [
        _("%(what)s, within %(days)s days (%(from)s)")
        % {"what": spoken(WHAT, kind), "days": one["value"], "from": spoken(_FROM, one["from"])}
        for kind, one in holds["grace_days"].items()
    ]
    ladder = holds["ladder"]
    if ladder["value"]:
        told = _("Who is told of what is overdue (%(from)s)") % {"from": spoken(_FROM, ladder["from"])}
        blocks += [Heading(told), Table(_LADDER, ladder["value"])]
    blocks += [Heading(_("Decisions")), *_decided(view["decisions"])]
    return [*blocks, *legend(any(one.get("assumed") for one in view["decisions"]))]


def _decided(decisions: list[Row]) -> list[Block]:
    if not decisions:
        return ["  " + _("The group has decided nothing: the method's own holds.")]
    return [Table(_DECISIONS, decisions)]


def _said(row: Row) -> str:
    found = []
    if row["lead_days"] is not None:
        found.append(_("reminders: %(days)s") % {"days": in_a_row(str(one) for one in row["lead_days"]) or _("none")})
    found += [
        _("%(what)s: %(days)s days") % {"what": spoken(WHAT, kind), "days": days}
        for kind, days in (row["grace_days"] or {}).items()
    ]
    if row["ladder"] is not None:
        rungs = in_a_row(
            _("%(days)s: %(who)s") % {"days": one["after_days"], "who": spoken(RECIPIENTS, one["to"])}
            for one in row["ladder"]
        )
        found.append(_("ladder: %(rungs)s") % {"rungs": rungs})
    return "; ".join(found) or _("as the method says")


_FROM: Final = {"method": N_("by the method"), "decision": N_("by decision of the group")}
_LADDER: Final = (
    Column("after_days", N_("After days"), right=True),
    Column("to", N_("Who is told"), show=lambda row: spoken(RECIPIENTS, row["to"])),
)
_DECISIONS: Final = (
    Column("number", N_("Nr"), right=True),
    Column("decided_on", N_("Decided on"), whole=True),
    Column("person_name", N_("By"), show=lambda row: marked(row.get("person_name") or "", row.get("assumed"))),
    Column("said", N_("What holds instead"), show=_said),
    Column("reason", N_("Reason")),
)
