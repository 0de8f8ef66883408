"""`pdca audit log`: what happened, of all of it or of what is asked for."""

from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from typing import Any, Final

import click

from pdca.cli.cells import legend
from pdca.cli.context import Context
from pdca.cli.frame import ListCommand, pass_context
from pdca.cli.house import open_house
from pdca.cli.log_choice import SOURCES, choice, period_options
from pdca.cli.output import Block, Column, Heading, Row, emit_list
from pdca.cli.table import Screen, show
from pdca.cli.words import behalf
from pdca.i18n import N_, _, ngettext
from pdca.report import log as views
from pdca.report.scheduling import SILENCE, is_late, silent_since
from pdca.store.driver import Connection
from pdca.words import marked
from workflows.instants import to_the_minute

COLUMNS: Final = (
    Column("event", N_("Event"), whole=True, right=True),
    Column("at", N_("When"), whole=True),
    Column("plan", N_("Plan"), whole=True),
    Column("kind", N_("What")),
    Column("trigger", N_("Trigger")),
    Column("from", N_("From state")),
    Column("to", N_("To state")),
    Column("actor", N_("Who")),
    Column("actor_name", N_("Name")),
    Column("on_behalf_of", N_("On behalf of")),
    Column("source", N_("By way of")),
    Column("evaluation", N_("Evaluation")),
    Column("refused", N_("Refused")),
    Column("due_at", N_("Due")),
    Column("late_seconds", N_("Seconds late"), right=True),
    Column("reason", N_("Why")),
    Column("actor_assumed", "Who is assumed"),
)


DUE: Final = {
    (False, False): N_("due %(at)s UTC"),
    (False, True): N_("due %(at)s UTC, done %(late)s later"),
    (True, False): N_("nothing had run since %(at)s UTC"),
    (True, True): N_("nothing had run since %(at)s UTC, for %(late)s"),
}
HELD: Final = {
    False: N_("due %(at)s UTC, held until %(until)s UTC while the plan was at rest"),
    True: N_("due %(at)s UTC, held until %(until)s UTC while the plan was at rest, done %(late)s late"),
}


@click.command(
    "log",
    cls=ListCommand,
    short_help=N_("Show what happened: who, when, from where to where, and why."),
    help=N_(
        "Show the log, oldest first: who, when, from which state to which, by what trigger, why, on behalf of whom, "
        "and by which way it came. Refused attempts are in it too. What is asked for has to be true all at once. A "
        "date means the beginning of that day where the body is."
    ),
)
@click.option("--plan", metavar="PLAN", help=N_("Only what happened to this plan."))
@click.option("--person", metavar="PERSON", help=N_("Only what this person did; one who was erased by number."))
@click.option(
    "--behalf",
    metavar="PERSON|any",
    help=N_("Only what was done on behalf of this absent person, or of any."),
)
@period_options
@click.option("--refused", is_flag=True, help=N_("Only attempts that were refused."))
@click.option("--late", is_flag=True, help=N_("Only what was enforced late, and since when nothing had run."))
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    metavar="KIND",
    help=N_(
        "Only this kind of event, such as plan.advanced, or all of its beginning, such as evaluation. May be repeated."
    ),
)
@click.option("--source", type=click.Choice(SOURCES), help=N_("Only what came by this way."))
@click.option("--last", type=click.IntRange(min=1), metavar="NUMBER", help=N_("Only so many, the last ones."))
@pass_context
def log(context: Context, /, late: bool, last: int | None, **asked: Any) -> None:  # noqa: FBT001, ANN401 - click's
    """Show the log."""
    house = open_house(context)
    with house.reading() as connection:
        events = views.chosen(connection, choice(connection, **asked, test=is_late if late else None), last)
        with closing(events):
            _emit(context, events)
        if late:
            _tell_silence(context, connection, house.now(connection))


def _emit(context: Context, events: Iterable[dict[str, Any]]) -> None:
    """Write events as they come; on a terminal each as a few lines, for a table would have to know them all."""
    screen = Screen.of_stdout(context.environ)
    form = context.options.format or ("table" if screen.terminal else "tsv")
    if form != "table":
        emit_list(context, "events", COLUMNS, events)
        return
    none, assumed = True, False
    for event in events:
        none, assumed = False, assumed or event["actor_assumed"]
        show(entry(event), screen)
    show(legend(assumed), screen)
    if none:
        context.note(_("There are no such events."))


def _tell_silence(context: Context, connection: Connection, now: datetime) -> None:
    since = silent_since(connection, now)
    if since is not None:
        context.note(_("The scheduler has not run since %(at)s UTC.") % {"at": to_the_minute(since)})


def entry(event: Row) -> list[Block]:
    """Say on a few lines what happened, when, by whom, and why."""
    when = event["at"][:19].replace("T", " ")
    subject = " ".join(part for part in (event["plan"], event["evaluation"]) if part)
    heading = "  ".join(part for part in (f"#{event['event']}", f"{when} UTC", subject, event["kind"]) if part)
    lines: list[Block] = [Heading(heading)]
    if event["from"] or event["to"]:
        step = f"{event['from'] or '-'} → {event['to'] or '-'}"
        lines.append(f"  {step} ({event['trigger']})" if event["trigger"] else f"  {step}")
    elif event["trigger"]:
        lines.append(f"  ({event['trigger']})")
    who = marked(event["actor_name"], event["actor_assumed"])
    if event["actor_name"] != event["actor"]:
        who += f" ({event['actor']})"
    who += behalf(event)
    lines.append("  " + _("%(who)s, by way of %(source)s") % {"who": who, "source": event["source"]})
    if event["refused"] is not None:
        lines.append("  " + _("REFUSED: %(codes)s") % {"codes": ", ".join(event["refused"])})
    if event["due_at"]:
        due = {"at": to_the_minute(event["due_at"]), "late": _duration(event["late_seconds"])}
        if event["held_until"]:
            due["until"] = to_the_minute(event["held_until"])
        late = bool(due["late"])
        words = HELD[late] if event["held_until"] else DUE[event["kind"] == SILENCE, late]
        lines.append("  " + _(words) % due)
    if event["reason"]:
        lines.append("  " + _("why: %(reason)s") % {"reason": event["reason"]})
    return lines


def _duration(seconds: int) -> str:
    minutes = seconds // 60
    if minutes < 1:
        return ""
    days, hours = divmod(minutes // 60, 24)
    if days:
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"
