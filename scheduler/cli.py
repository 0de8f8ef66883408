"""`pdca scheduler`: run what happens by date, in the background or once."""

import os
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, Group, dry_run_option, pass_context
from pdca.cli.house import open_house
from pdca.cli.output import emit_object
from pdca.cli.words import DRY_RUN
from pdca.errors import PdcaError
from pdca.i18n import N_, _, ngettext
from pdca.log import configure
from pdca.words import spoken
from workflows.instants import to_the_minute

if TYPE_CHECKING:
    from pathlib import Path

    from pdca.house import House
    from scheduler.checkpoints import CheckpointCounts
    from scheduler.erasing import ErasureCounts
    from scheduler.sweep import SweepCounts

scheduler = Group("scheduler", short_help=N_("Run what happens by date, in the background or once."))


@scheduler.command(
    "run",
    cls=Command,
    short_help=N_("Run in the background: enforce dates, deliver notifications, until told to stop."),
    help=N_(
        "Run until SIGTERM or Ctrl-C: enforce what falls due, deliver notifications, seal the log, and once a day "
        "erase what is past its term. Any number of these on one database, and sweeps by hand beside them, enforce "
        "each date exactly once."
    ),
)
@pass_context
def run(context: Context) -> None:
    """Run the daemon."""
    from scheduler import checkpoints
    from scheduler.channels import from_settings
    from scheduler.daemon import Daemon
    from scheduler.erasing import DailyErasure
    from scheduler.supervisor import Supervisor

    settings = context.settings
    configure(settings.log_format)
    house = open_house(context, "scheduler")
    Daemon(
        house,
        lambda name: from_settings(settings, name),
        settings.scheduler_interval_seconds,
        supervisor=Supervisor.of(context.environ, os.getpid()),
        metrics_file=_metrics_file(context),
        signing=partial(checkpoints.run_once, settings=settings.audit),
        information_folder=settings.information_folder,
        erasing=DailyErasure(settings.notify_folder),
    ).run()


@scheduler.command("sweep", cls=Command, short_help=N_("Enforce once whatever is due now."))
@pass_context
def sweep(context: Context) -> None:
    """Sweep once."""
    from scheduler import seal

    configure(context.settings.log_format)
    house = open_house(context, "scheduler")
    swept = _sweep(house, _metrics_file(context))
    counts = asdict(swept) | asdict(seal.run_once(house))
    counts |= asdict(_signed(context, house))
    counts |= asdict(_erased(context, house))
    emit_object(context, "pdca.sweep/1", counts, human=lambda: [_swept(counts), *_gone(counts)])
    _tell_failure(swept)


def _signed(context: Context, house: "House") -> "CheckpointCounts":
    """Sign the log when it is time; what stands in the way of that is told, and keeps no date back."""
    from scheduler import checkpoints

    try:
        return checkpoints.run_once(house, context.settings.audit)
    except PdcaError as error:
        context.note(f"{error.message} {error.hint or ''}".strip())
        return checkpoints.CheckpointCounts(not_signed=error.code)


def _erased(context: Context, house: "House") -> "ErasureCounts":
    """Erase what is past its term; what stands in the way of that is told, and keeps no date back."""
    from scheduler.erasing import DailyErasure, ErasureCounts

    try:
        return DailyErasure(context.settings.notify_folder).run_once(house)
    except PdcaError as error:
        context.note(f"{error.message} {error.hint or ''}".strip())
        return ErasureCounts()


def _metrics_file(context: Context) -> "Path | None":
    path = context.settings.scheduler_metrics_file
    if path is not None:
        from scheduler.metrics import must_be_installed

        must_be_installed()
    return path


def _sweep(house: "House", metrics_file: "Path | None") -> "SweepCounts":
    from pdca.clock import monotonic
    from scheduler import heartbeat, metrics
    from scheduler.sweep import run_once
    from workflows.instants import to_text

    began = monotonic()
    swept = run_once(house)
    took = monotonic() - began
    with house.reading() as connection:
        now = to_text(house.now(connection))
    heartbeat.beat(house, started_at=now, swept=True, stopped=True)
    if metrics_file is not None:
        metrics.write(house, metrics_file, swept, took)
    return swept


def _tell_failure(swept: "SweepCounts") -> None:
    failure = swept.failure()
    if failure is not None:
        raise failure


def _swept(counts: dict[str, Any]) -> str:
    told = _("Calendars were told of evaluations: %(count)s.") % {"count": counts["invited"]}
    if not counts["enforced"] and not counts["set_aside"] and not counts["failed"]:
        return told if counts["invited"] else _("Nothing was due.")
    words = ngettext("%(count)s deadline enforced", "%(count)s deadlines enforced", counts["enforced"]) % {
        "count": counts["enforced"]
    }
    if counts["late"]:
        words += ", " + _("%(count)s of them late") % {"count": counts["late"]}
    if counts["set_aside"]:
        words += ", " + _("%(count)s set aside") % {"count": counts["set_aside"]}
    if counts["failed"]:
        words += ", " + _("%(count)s failed") % {"count": counts["failed"]}
    return f"{words}. {told}" if counts["invited"] else f"{words}."


def _gone(counts: dict[str, Any]) -> list[str]:
    from pdca.cli.erasing import names_left

    words = [_("Values erased whose term was over: %(erased)s.") % counts] if counts["erased"] else []
    return [*words, *names_left(counts)]


@scheduler.command("seal", cls=Command, short_help=N_("Give new events their place in the log's tree (PostgreSQL)."))
@pass_context
def seal_(context: Context) -> None:
    """Seal once."""
    from scheduler import seal

    counts = asdict(seal.run_once(open_house(context, "scheduler")))
    emit_object(
        context, "pdca.seal/1", counts, human=lambda: [_("%(count)s events sealed.") % {"count": counts["sealed"]}]
    )


@scheduler.command(
    "retry",
    cls=Command,
    short_help=N_("Take up again what was set aside after an error."),
    help=N_(
        "Try again to enforce the deadlines that were set aside after an error, those named or all, once the cause is "
        "mended. `pdca doctor` lists them with their errors. Exits with 1 when some could not be enforced now either."
    ),
)
@click.argument("deadlines", nargs=-1, metavar="[DEADLINE]...")
@click.option("--reason", required=True, help=N_("What was mended; kept in the log."))
@dry_run_option
@pass_context
def retry(context: Context, deadlines: tuple[str, ...], reason: str, dry_run: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Take up deadlines again."""
    from scheduler.retry import take_up

    configure(context.settings.log_format)
    taken = take_up(open_house(context), deadlines, reason, dry_run=dry_run)
    if dry_run or not taken:
        view = {"deadlines": taken, "dry_run": dry_run}
        emit_object(context, "pdca.retry/1", view, human=lambda: _would_take_up(taken))
        return
    # What is due again is enforced at once: nobody has to wait for the next sweep to see whether it is mended.
    counts = _sweep(open_house(context, "scheduler"), _metrics_file(context))
    view = {"deadlines": taken, "dry_run": False, **asdict(counts)}
    emit_object(context, "pdca.retry/1", view, human=lambda: [_swept(asdict(counts))])
    _tell_failure(counts)


def _would_take_up(taken: list[str]) -> list[str]:
    if not taken:
        return [_("Nothing is set aside.")]
    words = ngettext("%(count)s deadline: %(deadlines)s.", "%(count)s deadlines: %(deadlines)s.", len(taken))
    return [words % {"count": len(taken), "deadlines": ", ".join(taken)}, _(DRY_RUN)]


STATES: Final = {"running": N_("running"), "stopped": N_("stopped"), "silent": N_("silent")}


@scheduler.command("status", cls=Command, short_help=N_("Tell since when the scheduler has run, and what is due next."))
@pass_context
def status(context: Context) -> None:
    """Tell whether the scheduler runs."""
    from pdca.report.messages import held_up
    from pdca.report.scheduling import scheduling

    house = open_house(context)
    with house.reading() as connection:
        view = {**scheduling(connection, house.now(connection)), "held_up": held_up(connection)}
    emit_object(context, "pdca.scheduler/1", view, human=lambda: _status(view))


def _status(view: dict[str, Any]) -> list[str]:
    from pdca.report.messages import held_up_in_words

    last = view["last_sweep"]
    lines = [
        _("The scheduler last swept at %(at)s.") % {"at": _at(last)} if last else _("The scheduler has never run here.")
    ]
    if view["not_run_since"]:
        lines.append(_("It has not run since %(at)s.") % {"at": _at(view["not_run_since"])})
    lines += [
        _("  %(worker)s: %(state)s, last seen %(at)s")
        % {
            "worker": one["worker"],
            "state": spoken(STATES, one["state"]),
            "at": _at(one["beat_at"]),
        }
        for one in view["workers"]
    ]
    lines.append(
        _("Next due: %(at)s.") % {"at": _at(view["next_due"])} if view["next_due"] else _("Nothing falls due any more.")
    )
    if view["due_now"]:
        lines.append(_("Due and not yet enforced: %(count)s.") % {"count": view["due_now"]})
    lines += [
        _("Nothing had run from %(since)s until %(until)s.") % {"since": _at(one["since"]), "until": _at(one["until"])}
        for one in view["silences"]
    ]
    if view["late_total"]:
        lines.append(_("Enforced late in the last 30 days: %(count)s.") % {"count": view["late_total"]})
    lines += map(_late, view["late"])
    if view["set_aside"]:
        lines.append(_("Set aside after an error: %(count)s; see `pdca doctor`.") % {"count": view["set_aside"]})
    return [*lines, *map(held_up_in_words, view["held_up"])]


def _late(one: dict[str, Any]) -> str:
    instants = {"due": _at(one["due_at"]), "done": _at(one["at"])}
    if one["held_until"]:
        words = _("  %(which)s: due %(due)s, held until %(until)s while the plan was at rest, done %(done)s")
        instants["until"] = _at(one["held_until"])
    else:
        words = _("  %(which)s: due %(due)s, done %(done)s")
    return words % {"which": one["evaluation"] or one["plan"], **instants}


def _at(instant: str) -> str:
    return f"{to_the_minute(instant)} UTC"
