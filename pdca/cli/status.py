"""`pdca status`: what is due, overdue and held back, and whether everything that should run does."""

from collections.abc import Mapping
from typing import Any, Final

import click

from pdca.cli.cells import legend
from pdca.cli.context import Context
from pdca.cli.frame import Command, pass_context
from pdca.cli.house import open_house
from pdca.cli.output import Block, Column, Heading, Row, Table, emit_object
from pdca.cli.words import by_when, day, taken_up, title, what
from pdca.house import installation
from pdca.i18n import N_, _, localized, ngettext
from pdca.report.scheduling import late_in_words
from pdca.report.status import status as status_of
from pdca.words import REPORT_WAITS, WHAT, marked, spoken
from workflows.instants import to_the_minute

SOMETHING_OVERDUE: Final = 10


def _who(row: Row) -> str:
    if row["plan"] is None:
        return ""
    lead = row["lead"]
    return marked(localized(lead["name"]), lead["assumed"]) if lead else _("nobody")


def _what(row: Row) -> str:
    """Several evaluations of a plan may have been missed; of all else there is one at a time, or its day tells it."""
    return f"{row['subject']}: {what(row)}" if row["what"] == "missed" else what(row)


DATES: Final = (
    Column("plan", N_("Plan"), whole=True, show=lambda row: row["plan"] or row["subject"]),
    Column("by", N_("By when"), whole=True, show=by_when),
    Column("what", N_("What"), show=lambda row: _what(row) + taken_up(row)),
    Column("lead", N_("Lead"), show=_who),
    Column("title", N_("Title"), show=title),
)


@click.command(
    "status",
    cls=Command,
    short_help=N_("Show what is due, overdue and held back."),
    help=N_(
        "Show how many plans are in each state, what is overdue and what comes next and who leads it, and whether the "
        "scheduler, the messages and the log are as they should be."
    ),
)
@click.option("--check", is_flag=True, help=N_("Exit with 10 when something is overdue."))
@pass_context
def status(context: Context, check: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Show how the installation stands."""
    house = open_house(context)
    with house.reading() as connection:
        # What people read names no needs of steps: `pdca plan next` does.
        view = status_of(connection, installation(connection), house.now(connection), needs=context.json)
    emit_object(context, "pdca.status/1", view, human=lambda: _human(view))
    if check and (view["overdue"] or view["follow_ups_overdue"]):
        context.exit(SOMETHING_OVERDUE)


def _human(view: Mapping[str, Any]) -> list[Block]:
    body = view["installation"]
    blocks: list[Block] = []
    if body["simulated"]:
        blocks.append(Heading(_("SIMULATION: nothing in this database is real.")))
    blocks.append(Heading(f"{localized(body['name'])}, {to_the_minute(view['at'])} UTC"))
    blocks.append(_plans(view))
    blocks.append(Heading(_("Overdue: %(count)s") % {"count": len(view["overdue"])}))
    blocks.append(Table(DATES, view["overdue"]) if view["overdue"] else "  " + _("Nothing is overdue."))
    blocks.append(Heading(_("Next")))
    blocks.append(Table(DATES, view["next"]) if view["next"] else "  " + _("Nothing falls due any more."))
    more = view["next_total"] - len(view["next"])
    if more:
        blocks.append("  " + _("%(count)s more: `pdca plan next --all`.") % {"count": more})
    # In a simulation it is `pdca simulate` that lets dates be enforced, and no heartbeat stays behind.
    concerns = _concerns(view) if body["simulated"] else [*_concerns(view), *_scheduler(view["scheduler"])]
    blocks.append(Heading(_("To be looked at") if concerns else _("All else is in order.")))
    blocks += [f"  - {concern}" for concern in concerns]
    return [*blocks, *legend(any(map(_is_marked, (*view["overdue"], *view["next"]))))]


def _is_marked(row: Row) -> bool:
    return bool(row["assumed"] or row["acknowledged_by_assumed"] or (row["lead"] and row["lead"]["assumed"]))


def _plans(view: Mapping[str, Any]) -> str:
    labels = {one["state"]: localized(one["label"]) for one in view["states"]}
    counts = [f"{labels[state]} {count}" for state, count in view["plans"].items() if count]
    total = sum(view["plans"].values())
    if not total:
        return _("There are no plans yet. Make one with `pdca plan new`, or take some in with `pdca import`.")
    words = ngettext("%(count)s plan", "%(count)s plans", total) % {"count": total}
    return _("%(plans)s: %(states)s") % {"plans": words, "states": ", ".join(counts)}


def _concerns(view: Mapping[str, Any]) -> list[str]:
    found = [
        _("Set aside after an error: %(what)s of %(plan)s, due %(date)s: %(error)s")
        % {
            "what": spoken(WHAT, one["what"]),
            "plan": one["plan"] or one["programme"],
            "date": day(one["due_at"], one["zone"]),
            "error": one["error"] or _("[erased]"),
        }
        for one in view["set_aside"]
    ]
    found += [
        _("%(follow_up)s should have been answered by %(date)s: `pdca followup answer %(follow_up)s`.")
        % {"follow_up": one["follow_up_id"], "date": one["due_date"]}
        for one in view["follow_ups_overdue"]
    ]
    dead, pending = (view["notifications"].get(state, 0) for state in ("dead", "pending"))
    if dead:
        found.append(
            ngettext("%(count)s message could not be sent.", "%(count)s messages could not be sent.", dead)
            % {"count": dead}
            + " "
            + _("`pdca notify list --status dead` says why; `pdca notify retry` sends them again.")
        )
    if pending:
        found.append(
            ngettext("%(count)s message waits to be sent.", "%(count)s messages wait to be sent.", pending)
            % {"count": pending}
        )
    found += [
        _("%(report)s of %(plan)s has not gone: %(reasons)s `pdca information report %(report)s` shows what to do.")
        % {**one, "reasons": " ".join(reason["need"] for reason in one["reasons"])}
        for one in view["reports_not_gone"]
    ]
    found += [
        _("Reports: %(count)s (%(what)s). `pdca information reports` lists them.")
        % {"count": count, "what": spoken(REPORT_WAITS, name)}
        for name, count in sorted(view["reports"].items())
    ]
    if view["held"]:
        found.append(
            ngettext(
                "%(count)s date is held while its plan is suspended.",
                "%(count)s dates are held while their plans are suspended.",
                view["held"],
            )
            % {"count": view["held"]}
        )
    unsealed = view["log"]["unsealed"]
    if unsealed:
        found.append(
            ngettext(
                "%(count)s event has no place in the tree of the log yet.",
                "%(count)s events have no place in the tree of the log yet.",
                unsealed,
            )
            % {"count": unsealed}
        )
    return found


def _scheduler(view: Mapping[str, Any]) -> list[str]:
    if view["not_run_since"]:
        return [_("The scheduler has not run since %(at)s UTC.") % {"at": to_the_minute(view["not_run_since"])}]
    if view["last_sweep"] is None and view["next_due"]:
        return [_("The scheduler has never run here; nothing is enforced. Start it with `pdca scheduler run`.")]
    return [late_in_words(view)] if view["late_total"] else []
